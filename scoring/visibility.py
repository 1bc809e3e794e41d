"""The gate for reading: every face of the product starts its queries here.

A brand exists for the public once a verdict about it is in force, or once an editor lists it. Until then it is not
listed, counted or found, and its address answers like one that was never given. Analysts and editors read everything;
a consultant reads, of what is not published, the drafts of the cases that belong to their own teams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from brands.models import Brand
from scoring.blindness import blind_brands
from scoring.models import Assessment, Publication, Snapshot, may_read_drafts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User

Rows = TypeVar("Rows", bound=QuerySet[Any])


def visible_brands(user: User | AnonymousUser | None) -> QuerySet[Brand]:
    """The brands whose identity this reader may know of."""
    if may_read_drafts(user):
        return Brand.objects.all()
    judged = Publication.objects.current().filter(assessment__brand=OuterRef("pk"))
    public = Q(listed=True) | Exists(judged)
    if not _is_somebody(user):
        return Brand.objects.filter(public)
    return Brand.objects.filter(public | Exists(visible_cases(user).filter(brand=OuterRef("pk"))))


def visible_cases(user: User | AnonymousUser | None) -> QuerySet[Assessment]:
    """The cases whose draft this reader may read: all of them for those who work on them, else their teams'."""
    if may_read_drafts(user):
        return Assessment.objects.all()
    if not _is_somebody(user):
        return Assessment.objects.none()
    return Assessment.objects.filter(team__in=teams_of(user))


def visible_snapshots(user: User | AnonymousUser | None) -> QuerySet[Snapshot]:
    """The working verdicts that this reader may read. Whoever codes a brand now is not shown its verdict."""
    seen = Snapshot.objects.exclude(assessment__brand__in=blind_brands(user))
    return seen if may_read_drafts(user) else seen.filter(assessment__in=visible_cases(user))


def of_own_teams(rows: Rows, user: User | AnonymousUser | None, *, team: str = "team", by: str = "by") -> Rows:
    """Of rows that are private to a team, those of this reader's teams; and their own, where there is no team."""
    if not _is_somebody(user):
        return rows.none()
    return rows.filter(Q(**{f"{team}__in": teams_of(user)}) | Q(**{f"{team}__isnull": True, by: user}))


def teams_of(user: Any) -> QuerySet[Any]:
    """Ids only, so that it can stand inside another query."""
    found: QuerySet[Any] = user.teams.order_by().values("pk")
    return found


def _is_somebody(user: User | AnonymousUser | None) -> bool:
    return bool(user and user.is_authenticated and user.is_active)


HEAVY = ("snapshot__facts", "snapshot__verdict", "snapshot__document")
"""The long texts of a snapshot, which lists do not read."""


def visible_publications() -> QuerySet[Publication]:
    """The verdicts in force, each with its case, for lists: without the long texts. They are the same for everybody."""
    return Publication.objects.current().with_case().defer(*HEAVY)
