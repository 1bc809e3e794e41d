"""Brands side by side: the rows of the comparison page, from the same documents."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from rest_framework.request import Request

from brands.models import Crisis
from cxalign.api import shapes, tags
from cxalign.api.brands import ARCHETYPES
from cxalign.api.crises import public_crises
from cxalign.api.errors import Problem, not_found
from cxalign.api.parameters import Parameter, Query, Token, read_query
from cxalign.api.shaping import shaped
from cxalign.api.views import ResourceView, answer, not_modified
from scoring.comparisons import FEWEST, MOST, WARNINGS, Column, Comparison, Row, comparison


class ComparisonDetail(ResourceView):
    """Compare two to five brands: aligned rows, and what makes them hard to compare."""

    shape = shapes.Comparison

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (
            Token(
                "brand",
                "Slug of a brand: two to five, in the order of the columns.",
                many=True,
                fewest=FEWEST,
                most=MOST,
            ),
            Token("crisis", "Slug of a crisis; else the one in which most of these brands have a verdict."),
            *super().parameters(),
        )

    def get(self, request: Request) -> HttpResponse:
        query = read_query(request._request, self.parameters())
        found = asked(query)
        own = tag_of(found)
        known = tags.is_known(own, tags.wanted_tags(request._request))
        versions = ", ".join(sorted({one.snapshot.method_version for one in found.columns if one.snapshot}))
        if known:
            return not_modified(own, versions)
        return answer(shaped(orjson.dumps({"etag": own, **record_of(found)}), query), own, versions)


def asked(query: Query) -> Comparison:
    slugs = list(dict.fromkeys(query.get("brand", ())))
    if not FEWEST <= len(slugs) <= MOST:
        told = _("Name %(fewest)d to %(most)d different brands.") % {"fewest": FEWEST, "most": MOST}
        raise Problem("bad_parameters", told, errors=[{"parameter": "brand", "code": "invalid_value", "detail": told}])
    found = comparison(slugs, _crisis(query.get("crisis")))
    known = [column.brand.slug for column in found.columns] if found else []
    if found is None or len(known) < len(slugs):
        raise not_found()
    return found


def _crisis(slug: str | None) -> Crisis | None:
    if slug is None:
        return None
    crisis = public_crises().filter(slug=slug).first()
    if crisis is None:
        raise not_found()
    return crisis


def tag_of(found: Comparison) -> str:
    revisions = (f"{column.brand.slug} {column.brand.revision} {_revision(column)}" for column in found.columns)
    return tags.tag("comparison", found.crisis.slug, *revisions)


def _revision(column: Column) -> str:
    if column.publication is None:
        return column.state
    return f"{column.publication.version} {column.publication.snapshot.document_digest}"


# --- What is answered -------------------------------------------------------------------------------------------------


def record_of(found: Comparison) -> dict[str, Any]:
    crisis, slugs = found.crisis, [column.brand.slug for column in found.columns]
    names = urlencode([*(("brand", slug) for slug in slugs), ("crisis", crisis.slug)])
    shown = urlencode([*(("b", slug) for slug in slugs), ("crisis", crisis.slug)])
    return {
        "id": ":".join([*slugs, crisis.slug]),
        "url": f"{settings.BASE_URL}/api/v1/comparisons?{names}",
        "html_url": f"{settings.BASE_URL}/en/compare/?{shown}",
        "crisis": {"slug": crisis.slug, "name": {"en": crisis.name_en, "fr": crisis.name_fr}},
        "brands": [column_record(column) for column in found.columns],
        "rows": [row_record(row, found) for row in found.rows],
        "warnings": [{"code": code, "text": WARNINGS[code]} for code in found.warnings],
    }


def column_record(column: Column) -> dict[str, Any]:
    publication, crisis, snapshot = column.publication, column.crisis, column.snapshot
    scorecard = f"{column.brand.slug}:{crisis.slug}:v{publication.version}" if publication and crisis else None
    return {
        "slug": column.brand.slug,
        "name": column.brand.name,
        "state": column.state,
        "archetype": column.state if column.state in ARCHETYPES else None,
        "crisis": crisis.slug if crisis else None,
        "version": publication.version if publication else None,
        "as_of": snapshot.as_of if snapshot else None,
        "method_version": snapshot.method_version if snapshot else None,
        "scorecard": scorecard,
        "url": f"{settings.BASE_URL}/api/v1/scorecards/{scorecard}" if scorecard else None,
    }


def row_record(row: Row, found: Comparison) -> dict[str, Any]:
    unknown = [row.unknown_of(column) for column in found.columns]
    return {
        "group": row.group,
        "code": row.code,
        "values": list(row.values),
        "unknown": unknown,
        "differs": row.differs,
    }
