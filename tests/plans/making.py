"""Teams and plans for tests."""

from __future__ import annotations

from typing import Any

from cxalign.accounts import roles
from cxalign.accounts.models import Team, User
from cxalign.plans import editing
from cxalign.plans.models import Item, Plan
from tests.accounts.desk import somebody
from tests.accounts.making import a_team


def a_planner(**fields: Any) -> User:
    """A consultant in a team."""
    user = somebody(roles.CONSULTANT, **fields)
    a_team(user)
    return user


def team_of(user: User) -> Team:
    team: Team = user.teams.get()
    return team


def a_plan(by: User | None = None, title: str = "Reopen", **fields: Any) -> Plan:
    by = by or a_planner()
    return editing.make_plan(by, team_of(by), title=title, **fields)


def an_item(plan: Plan, title: str = "Open a line", **fields: Any) -> Item:
    """A card of a plan, as its maker wrote it."""
    (item,) = editing.add_items(plan, plan.by, [title])
    fits, horizon = fields.pop("fits", None), fields.pop("horizon", "")
    reason = fields.pop("aside_reason", "")
    if fields or fits is not None:
        item = editing.change_item(item, plan.by, None, fields, fits)
    return editing.move(item, plan.by, None, horizon, reason) if horizon else item


def address(plan: Plan, place: str = "board", language: str = "en") -> str:
    return f"/{language}/plans/{plan.pk}/{place}/"
