"""Outcome figures as they were published, of brands whose verdict is in force."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from brands import codes
from cxalign.api import shapes
from cxalign.api.brands import piece_of
from cxalign.api.facts import BRAND, CRISIS
from cxalign.api.parameters import Choice, Query
from cxalign.api.views import DetailView, ListView, Piece, RecordView
from scoring.models import PublishedFigure
from scoring.outcomes import visible_figures

LOOKUPS = {"brand": "brand__slug__in", "crisis": "crisis__slug__in", "kind": "kind__in"}


def figure_record(published: PublishedFigure) -> dict[str, Any]:
    """The copy made at publication, never the record that analysts edit; of that only the key, which stays."""
    key = published.figure.key
    return {
        "id": key,
        "url": f"{settings.BASE_URL}/api/v1/outcomes/{key}",
        "html_url": f"{settings.BASE_URL}/en/after/{published.crisis.slug}/",
        "brand": published.brand.slug,
        "crisis": published.crisis.slug,
        "kind": published.kind,
        "series": published.series,
        "value": str(published.value),
        "unit": published.unit,
        "measured_on": published.measured_on,
        "note": {"en": published.note_en, "fr": published.note_fr},
        "source": {
            "title": published.source_title,
            "publisher": published.source_publisher,
            "url": published.source_url,
        },
        "published_at": published.published_at,
    }


class OutcomeView(RecordView):
    shape = shapes.OutcomeFigure

    def published(self) -> QuerySet[PublishedFigure]:
        return visible_figures().select_related("brand", "crisis", "figure")

    def piece(self, row: PublishedFigure) -> Piece:
        return piece_of(figure_record(row))


class OutcomeList(OutcomeView, ListView):
    """List the published outcome figures."""

    filters = (BRAND, CRISIS, Choice("kind", "What was measured.", many=True, values=tuple(codes.FigureKind.values)))
    sorts = {"id": ("figure__key",), "-id": ("figure__key",)}

    def rows(self, query: Query, **place: Any) -> QuerySet[PublishedFigure]:
        return self.published().filter(**{LOOKUPS[name]: query[name] for name in LOOKUPS if name in query})


class OutcomeDetail(OutcomeView, DetailView):
    """Get an outcome figure."""

    places = ("id",)

    def rows(self, query: Query, **place: Any) -> QuerySet[PublishedFigure]:
        return self.published().filter(figure__key=place["id"])
