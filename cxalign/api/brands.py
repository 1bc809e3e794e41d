"""Brands: the identity of those that are public, and the verdicts published about them."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from brands.models import Brand, fold
from cxalign.api import shapes
from cxalign.api.parameters import Choice, Moment, Query, Text, Token
from cxalign.api.tags import tag_of_bytes
from cxalign.api.views import DetailView, ListView, Piece, RecordView
from scoring.leaving_out import left_out
from scoring.models import Assessment, Publication
from scoring.scorecards import brand_document
from scoring.visibility import visible_brands

ARCHETYPES = ("broken_promise", "aligned", "exceeds_promise", "dna_proactive")


def public_brands() -> QuerySet[Brand]:
    """Brands that anyone may see, with the verdicts in force: two statements, whatever their number."""
    verdicts = (
        Assessment.objects.filter(publications__is_current=True)
        .exclude(brand__in=left_out())
        .annotate(
            crisis_slug=F("crisis__slug"),
            version=F("publications__version"),
            outcome=F("publications__snapshot__outcome"),
            breadth=F("publications__snapshot__breadth"),
            robustness=F("publications__snapshot__robustness"),
            as_of=F("publications__snapshot__as_of"),
        )
        .order_by("crisis_slug")
    )
    return visible_brands(None).select_related("sector").prefetch_related(Prefetch("assessments", verdicts, "verdicts"))


def brand_record(brand: Any) -> dict[str, Any]:
    path = f"{settings.BASE_URL}/api/v1/brands/{brand.slug}"
    return {
        "id": brand.slug,
        "url": path,
        "html_url": f"{settings.BASE_URL}/en/brands/{brand.slug}/",
        "created_at": brand.created_at,
        "updated_at": brand.updated_at,
        "aliases": brand.alias_list,
        "entity_type": brand.entity_type,
        "perimeter": brand.perimeter,
        "website": brand.website,
        "identifiers": {"lei": brand.lei, "siren": brand.siren, "wikidata": brand.wikidata},
        **brand_document(brand),
        "verdicts": [_verdict(brand, verdict) for verdict in brand.verdicts],
    }


def _verdict(brand: Brand, verdict: Any) -> dict[str, Any]:
    scorecard = f"{brand.slug}:{verdict.crisis_slug}:v{verdict.version}"
    return {
        "crisis": verdict.crisis_slug,
        "outcome": verdict.outcome,
        "archetype": verdict.outcome if verdict.outcome in ARCHETYPES else None,
        "breadth": verdict.breadth or None,
        "robustness": verdict.robustness or None,
        "version": verdict.version,
        "as_of": verdict.as_of,
        "scorecard": scorecard,
        "url": f"{settings.BASE_URL}/api/v1/scorecards/{scorecard}",
    }


def piece_of(record: dict[str, Any]) -> Piece:
    """A record made on the spot; it is small, so its tag is made of its text."""
    body = orjson.dumps(record)
    tag = tag_of_bytes(body)
    return Piece(tag, lambda: b'{"etag":' + orjson.dumps(tag) + b"," + body[1:])


class BrandView(RecordView):
    shape = shapes.Brand

    def piece(self, row: Brand) -> Piece:
        return piece_of(brand_record(row))


class BrandList(BrandView, ListView):
    """List brands."""

    filters = (
        Text(
            "q",
            "Words of the name, of other names or of the owner group; accents and case do not matter.",
            max_length=100,
        ),
        Token("slug", many=True),
        Token("sector", "Slug of a sector.", many=True),
        Token("country", "ISO 3166-1, two letters; ZZ for several countries.", many=True, pattern="^[A-Z]{2}$"),
        Choice("archetype", "Brands with this verdict in force, in any crisis.", many=True, values=ARCHETYPES),
        Moment("updated_at__gte", "Changed since."),
    )
    sorts = {
        "name": ("sort_key", "slug"),
        "-name": ("sort_key", "slug"),
        "updated_at": ("updated_at", "slug"),
        "-updated_at": ("updated_at", "slug"),
    }

    def rows(self, query: Query, **place: Any) -> QuerySet[Brand]:
        rows = public_brands()
        for word in fold(query.get("q", "")).split():
            rows = rows.filter(search_text__contains=word)
        lookups = {"slug": "slug__in", "sector": "sector__slug__in", "country": "country__in"}
        for name, lookup in {**lookups, "updated_at__gte": "updated_at__gte"}.items():
            if name in query:
                rows = rows.filter(**{lookup: query[name]})
        return _judged_as(rows, query["archetype"]) if "archetype" in query else rows


def _judged_as(rows: QuerySet[Brand], archetypes: list[str]) -> QuerySet[Brand]:
    verdicts = Publication.objects.current().filter(snapshot__outcome__in=archetypes)
    return rows.filter(Exists(verdicts.filter(assessment__brand=OuterRef("pk"))))


class BrandDetail(BrandView, DetailView):
    """Get a brand."""

    places = ("slug",)

    def rows(self, query: Query, **place: Any) -> QuerySet[Brand]:
        return public_brands().filter(slug=place["slug"])
