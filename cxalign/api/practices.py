"""Published practices: recorded, not recommended."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from brands import codes
from brands.models import Source
from cxalign.api import shapes
from cxalign.api.brands import piece_of
from cxalign.api.parameters import Choice, Moment, Query, Text, Token
from cxalign.api.views import DetailView, ListView, Piece, RecordView
from cxalign.practices.models import FAMILIES, Category, EvidenceLevel, Practice
from cxalign.practices.reading import chosen_among, visible_practices, with_places

TEXTS = (
    *("title", "summary", "problem", "done", "for_whom", "with_whom", "conditions", "pitfalls", "again"),
    *("outcome", "outcome_known", "promise"),
)


def public_practices() -> QuerySet[Practice]:
    """What anyone may read, with the brands that anyone may know of."""
    return with_places(visible_practices(None), None)


def practice_record(practice: Any) -> dict[str, Any]:
    sector = practice.sector
    return {
        "id": practice.key,
        "url": f"{settings.BASE_URL}/api/v1/practices/{practice.key}",
        "html_url": f"{settings.BASE_URL}/en/practices/{practice.key}/",
        "created_at": practice.created_at,
        "updated_at": practice.updated_at,
        **{name: {"en": getattr(practice, f"{name}_en"), "fr": getattr(practice, f"{name}_fr")} for name in TEXTS},
        "family": practice.family,
        "category": practice.category,
        "stakeholders": practice.stakeholders,
        "sector": {"slug": sector.slug, "name": {"en": sector.name_en, "fr": sector.name_fr}} if sector else None,
        "country": practice.country or None,
        "time": practice.time_band or None,
        "effort": practice.effort_band or None,
        "evidence_level": practice.evidence_level,
        "attributed_to": practice.attributed_to,
        "occurred_on": practice.started or None,
        "seen_at": [{"slug": brand.slug, "name": brand.name} for brand in practice.shown_brands],
        "sources": [cited(source) for source in practice.cited],
    }


def cited(source: Source) -> dict[str, Any]:
    return {
        "id": source.key,
        "title": source.title,
        "publisher": source.publisher,
        "author": source.author,
        "published_on": source.published_on or None,
        "url": source.url,
    }


class PracticeView(RecordView):
    shape = shapes.Practice

    def piece(self, row: Practice) -> Piece:
        return piece_of(practice_record(row))


class PracticeList(PracticeView, ListView):
    """List practices."""

    filters = (
        Text("q", "Words of the title or the summary; accents and case do not matter.", max_length=100),
        Choice("family", "Practice family.", many=True, values=tuple(code for code, _label in FAMILIES)),
        Choice("category", "What it is mainly about.", many=True, values=tuple(Category.values)),
        Choice("stakeholder", "Stakeholder group.", many=True, values=tuple(codes.Stakeholder.values)),
        Token("sector", "Slug of a sector.", many=True),
        Token("country", "ISO 3166-1, two letters; ZZ for several countries.", many=True, pattern="^[A-Z]{2}$"),
        Choice("evidence_level", "What is known of it.", many=True, values=tuple(EvidenceLevel.values)),
        Moment("updated_at__gte", "Changed since."),
    )
    sorts = {"id": ("key",), "-id": ("key",), "updated_at": ("updated_at", "key"), "-updated_at": ("updated_at", "key")}

    def rows(self, query: Query, **place: Any) -> QuerySet[Practice]:
        chosen = {name: value for name, value in query.items() if isinstance(value, list)}
        rows = chosen_among(public_practices(), chosen, query.get("q", ""))
        return rows.filter(updated_at__gte=query["updated_at__gte"]) if "updated_at__gte" in query else rows


class PracticeDetail(PracticeView, DetailView):
    """Get a practice."""

    places = ("slug",)

    def rows(self, query: Query, **place: Any) -> QuerySet[Practice]:
        return public_practices().filter(key=place["slug"])
