"""What portfolios hold about a person."""

from __future__ import annotations

from typing import Any

from cxalign.accounts import holdings
from cxalign.accounts.models import User
from cxalign.portfolios.models import Portfolio, Step


def held(user: User) -> dict[str, Any]:
    """The portfolios they made, and what they did in those of their teams."""
    made = Portfolio.objects.filter(by=user).select_related("team").order_by("id")
    steps = Step.objects.filter(by=user).select_related("portfolio", "brand").order_by("id")
    return {
        "made": [{"name": one.name, "note": one.note, "team": one.team.name, "at": one.created_at} for one in made],
        "steps": [
            {
                "portfolio": step.portfolio.name,
                "kind": step.kind,
                "brand": step.brand.slug if step.brand else None,
                "changes": step.changes,
                "at": step.at,
            }
            for step in steps
        ],
    }


def forget(user: User) -> None:
    """A portfolio is its team's: it stays, under a name that the account no longer holds."""


def register() -> None:
    holdings.register("portfolios", held, forget)
