"""The gate for reading: every face of the product starts its queries here.

A brand exists for the public once a verdict about it is in force, or once an editor lists it. Until then it is not
listed, counted or found, and its address answers like one that was never given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from brands.models import Brand
from scoring.models import Publication, may_read_drafts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User


def visible_brands(user: User | AnonymousUser | None) -> QuerySet[Brand]:
    """The brands whose identity this reader may know of."""
    if may_read_drafts(user):
        return Brand.objects.all()
    judged = Publication.objects.current().filter(assessment__brand=OuterRef("pk"))
    return Brand.objects.filter(Q(listed=True) | Exists(judged))


HEAVY = ("snapshot__facts", "snapshot__verdict", "snapshot__document")
"""The long texts of a snapshot, which lists do not read."""


def visible_publications() -> QuerySet[Publication]:
    """The verdicts in force, each with its case, for lists: without the long texts. They are the same for everybody."""
    return Publication.objects.current().with_case().defer(*HEAVY)
