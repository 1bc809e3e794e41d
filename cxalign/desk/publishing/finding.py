"""The case that an address names."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from scoring.models import Assessment, Snapshot


def case_at(brand: str, crisis: str) -> Assessment:
    cases = Assessment.objects.select_related("brand__sector", "crisis", "owner", "team")
    return get_object_or_404(cases, brand__slug=brand, crisis__slug=crisis)


def working_verdict(case: Assessment) -> Snapshot | None:
    """The newest verdict of a case, with its document."""
    newest = Snapshot.objects.filter(assessment=case).defer("facts", "verdict").order_by("-sequence").first()
    if newest:
        newest.assessment = case
    return newest
