"""Who reaches a portfolio: the members of its team, whatever their role; for everybody else it does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cxalign.plans.gate import CannotPlan
from cxalign.portfolios.models import Portfolio

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User


class CannotKeepPortfolios(CannotPlan):
    """Why somebody cannot keep portfolios; the text is what the screen shows."""


def check_can_keep_portfolios(user: User) -> None:
    if not user.teams.exists():
        raise CannotKeepPortfolios(
            _("Portfolios belong to teams, and you are in none yet: an administrator can put you in one.")
        )


def visible_portfolios(user: User | AnonymousUser | None) -> QuerySet[Portfolio]:
    """The gate: every screen, watch and feed starts here."""
    found: QuerySet[Portfolio] = Portfolio.objects.visible_to(user)
    return found


def removed_portfolios(user: User | AnonymousUser | None) -> QuerySet[Portfolio]:
    """What was removed from this person's teams, for the way back."""
    found: QuerySet[Portfolio] = Portfolio.objects.removed_from(user)
    return found
