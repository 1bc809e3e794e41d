"""Crises in which at least one verdict is published."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from brands.models import Crisis
from cxalign.api import shapes
from cxalign.api.brands import piece_of
from cxalign.api.parameters import Query
from cxalign.api.views import DetailView, ListView, Piece, RecordView
from scoring.models import Publication


def public_crises() -> QuerySet[Crisis]:
    """A crisis that somebody is only preparing does not exist for readers yet."""
    judged = Publication.objects.current().filter(assessment__crisis=OuterRef("pk"))
    return Crisis.objects.filter(Exists(judged)).prefetch_related("phases")


def crisis_record(crisis: Crisis) -> dict[str, Any]:
    return {
        "id": crisis.slug,
        "url": f"{settings.BASE_URL}/api/v1/crises/{crisis.slug}",
        "created_at": crisis.created_at,
        "updated_at": crisis.updated_at,
        "slug": crisis.slug,
        "name": {"en": crisis.name_en, "fr": crisis.name_fr},
        "starts_on": crisis.starts_on,
        "ends_on": crisis.ends_on,
        "phases": [
            {
                "name": {"en": phase.name_en, "fr": phase.name_fr},
                "starts_on": phase.starts_on,
                "ends_on": phase.ends_on,
            }
            for phase in crisis.phases.all()
        ],
    }


class CrisisView(RecordView):
    shape = shapes.Crisis

    def piece(self, row: Crisis) -> Piece:
        return piece_of(crisis_record(row))


class CrisisList(CrisisView, ListView):
    """List crises."""

    sorts = {"-starts_on": ("starts_on", "slug"), "starts_on": ("starts_on", "slug"), "slug": ("slug",)}

    def rows(self, query: Query, **place: Any) -> QuerySet[Crisis]:
        return public_crises()


class CrisisDetail(CrisisView, DetailView):
    """Get a crisis."""

    places = ("slug",)

    def rows(self, query: Query, **place: Any) -> QuerySet[Crisis]:
        return public_crises().filter(slug=place["slug"])
