"""Who reaches a plan: the members of its team, whatever their role; for everybody else it does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from cxalign.plans.models import Plan, Share
from scoring.visibility import visible_brands

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User


class CannotPlan(Exception):
    """Why somebody cannot plan; the text is what the screen shows."""


def check_can_plan(user: User) -> None:
    if not user.teams.exists():
        raise CannotPlan(_("Plans belong to teams, and you are in none yet: an administrator can put you in one."))


def can_plan(user: User | AnonymousUser) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    try:
        check_can_plan(user)
    except CannotPlan:
        return False
    return True


def visible_plans(user: User | AnonymousUser | None) -> QuerySet[Plan]:
    """The gate: pages, exports and the API start here. Each plan says whether this reader may know of its brand."""
    found: QuerySet[Plan] = Plan.objects.visible_to(user)
    return found.annotate(brand_is_known=_brand_is_known(user))


def deleted_plans(user: User | AnonymousUser | None) -> QuerySet[Plan]:
    """What was deleted from this person's teams, for the way back."""
    found: QuerySet[Plan] = Plan.objects.deleted_from(user)
    return found


def _brand_is_known(user: User | AnonymousUser | None) -> Exists:
    """A team-mate may have begun the plan for a brand that is no more than a draft."""
    return Exists(visible_brands(user).filter(pk=OuterRef("brand_id")))


def shared_plan(token: str) -> Share | None:
    """The plan behind an address that somebody was given; nothing once it ended, was revoked or deleted."""
    share: Share | None = Share.objects.open().filter(token=token).first()
    if share:
        plans = Plan.objects.annotate(brand_is_known=_brand_is_known(None)).select_related("brand")
        share.plan = plans.get(pk=share.plan_id)
    return share
