"""The case that an address names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from brands.hiding import check_not_hidden
from scoring.models import Assessment, Snapshot

if TYPE_CHECKING:
    from cxalign.accounts.models import User


def case_at(brand: str, crisis: str) -> Assessment:
    cases = Assessment.objects.select_related("brand__sector", "crisis", "owner", "team")
    return get_object_or_404(cases, brand__slug=brand, crisis__slug=crisis)


def case_for(user: User, brand: str, crisis: str) -> Assessment:
    """The case, for a page that shows its working verdict: who codes the brand now is told why it stays closed."""
    found = case_at(brand, crisis)
    check_not_hidden(user, found.brand_id)
    return found


def working_verdict(case: Assessment) -> Snapshot | None:
    """The newest verdict of a case, with its document."""
    newest = Snapshot.objects.filter(assessment=case).defer("facts", "verdict").order_by("-sequence").first()
    if newest:
        newest.assessment = case
    return newest
