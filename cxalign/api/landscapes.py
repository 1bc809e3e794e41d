"""The landscape of a crisis: who stands where, counted, and what the whole says in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from rest_framework.request import Request

from brands.models import Brand, Crisis
from cxalign.api import shapes, tags
from cxalign.api.brands import ARCHETYPES
from cxalign.api.crises import public_crises
from cxalign.api.errors import not_found
from cxalign.api.facts import BRAND
from cxalign.api.parameters import Choice, Day, Moment, Parameter, Query, Token, read_query
from cxalign.api.scorecards import SIGNALS, in_force_on
from cxalign.api.shaping import shaped
from cxalign.api.views import ResourceView, answer, not_modified
from scoring.landscapes import UNJUDGED, UNPLACED, Entry, Landscape, landscape
from scoring.models import OutcomeChoice, Publication, RobustnessChoice
from scoring.scorecards import country_name
from scoring.visibility import visible_brands

STATES = (*OutcomeChoice.values, *UNJUDGED)


class LandscapeDetail(ResourceView):
    """Get the landscape of a crisis: all public brands, or those that match."""

    shape = shapes.Landscape
    places = ("slug",)
    filters: tuple[Parameter, ...] = (
        BRAND,
        Choice("outcome", "Verdicts, or the state of a brand without one.", many=True, values=STATES),
        Choice("robustness", many=True, values=tuple(RobustnessChoice.values)),
        Choice("signal", "Verdicts with this flag beside them.", many=True, values=tuple(SIGNALS)),
        Token("sector", "Slug of a sector.", many=True),
        Token("country", "ISO 3166-1, two letters; ZZ for several countries.", many=True, pattern="^[A-Z]{2}$"),
        Day("as_of", "As judged on this day: the newest version of each case up to then."),
        Moment("updated_at__gte", "Published since."),
    )

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (*cls.filters, *super().parameters())

    def get(self, request: Request, slug: str) -> HttpResponse:
        query = read_query(request._request, self.parameters())
        crisis = public_crises().filter(slug=slug).first()
        if crisis is None:
            raise not_found()
        shown = asked(crisis, query)
        own = tag_of(shown, query)
        versions = ", ".join(shown.method_versions)
        if tags.is_known(own, tags.wanted_tags(request._request)):
            return not_modified(own, versions)
        return answer(shaped(orjson.dumps({"etag": own, **record_of(shown)}), query), own, versions)


# --- What is asked ----------------------------------------------------------------------------------------------------


def asked(crisis: Crisis, query: Query) -> Landscape:
    brands, verdicts = _brands(query), _verdicts(query)
    states = set(query.get("outcome", ()))
    unjudged = [state for state in UNJUDGED if state in states] if states or verdicts else UNJUDGED
    if states:
        verdicts &= Q(snapshot__outcome__in=states)
    in_force = in_force_on(query["as_of"]) if "as_of" in query else None
    selected = any(name in query for name in ("outcome", "robustness", "signal"))
    return landscape(crisis, brands, verdicts=verdicts or None, unjudged=unjudged, in_force=in_force, selected=selected)


def _brands(query: Query) -> QuerySet[Brand]:
    lookups = {"brand": "slug__in", "sector": "sector__slug__in", "country": "country__in"}
    return visible_brands(None).filter(**{lookup: query[name] for name, lookup in lookups.items() if name in query})


def _verdicts(query: Query) -> Q:
    condition = Q()
    if "robustness" in query:
        condition &= Q(snapshot__robustness__in=query["robustness"])
    if "updated_at__gte" in query:
        condition &= Q(published_at__gte=query["updated_at__gte"])
    flagged = Q()
    for signal in query.get("signal", ()):
        flagged |= Q(**SIGNALS[signal])
    return condition & flagged


def tag_of(shown: Landscape, query: Query) -> str:
    """Made from the revisions of what stands on it; nothing is written out for it."""
    revisions = (f"{entry.brand.slug} {entry.brand.revision} {_revision(entry)}" for entry in shown.entries)
    return tags.tag("landscape", shown.crisis.slug, shown.crisis.updated_at, sorted(query.items(), key=str), *revisions)


def _revision(entry: Entry) -> str:
    publication = entry.publication
    return f"{publication.version} {publication.snapshot.document_digest}" if publication else entry.state


# --- What is answered -------------------------------------------------------------------------------------------------


def record_of(shown: Landscape) -> dict[str, Any]:
    crisis = shown.crisis
    return {
        "id": crisis.slug,
        "url": f"{settings.BASE_URL}/api/v1/landscapes/{crisis.slug}",
        "html_url": f"{settings.BASE_URL}/en/landscape/{crisis.slug}/",
        "crisis": {"slug": crisis.slug, "name": {"en": crisis.name_en, "fr": crisis.name_fr}},
        "as_of": shown.as_of,
        "method_versions": shown.method_versions,
        "takeaway": shown.takeaway,
        "recorded": len(shown.entries),
        "assessed": len(shown.judged),
        "counts": shown.counts,
        "cells": [
            {
                "reach": cell.reach,
                "rootedness": cell.rootedness,
                "too_narrow": cell.is_too_narrow,
                "brands": slugs(cell.entries),
            }
            for row in shown.cells
            for cell in row
        ],
        "not_placed": [
            {"reason": "no_gap", "brands": slugs(shown.unmeasured)},
            *({"reason": state, "brands": slugs(shown.without(state))} for state in UNPLACED),
        ],
        "brands": [entry_record(entry, crisis) for entry in shown.entries],
    }


def slugs(entries: Iterable[Entry]) -> list[str]:
    return [entry.brand.slug for entry in entries]


def entry_record(entry: Entry, crisis: Crisis) -> dict[str, Any]:
    brand, groups = entry.brand, entry.weakest
    return {
        "slug": brand.slug,
        "name": brand.name,
        "sector": {"slug": brand.sector.slug, "name": {"en": brand.sector.name_en, "fr": brand.sector.name_fr}},
        "country": brand.country,
        "country_name": country_name(brand.country),
        "state": entry.state,
        "archetype": entry.state if entry.state in ARCHETYPES else None,
        "robustness": entry.robustness or None,
        "reach": entry.reach,
        "rootedness": entry.rootedness or None,
        "weakest": {"stakeholders": groups[0], "gap": groups[1]} if groups[0] else None,
        "coverage": list(entry.coverage.values()),
        "gaps": list(entry.gaps),
        **_about_verdict(entry.publication, f"{brand.slug}:{crisis.slug}"),
    }


def _about_verdict(publication: Publication | None, case: str) -> dict[str, Any]:
    """The same names for every brand; without a verdict there is nothing behind them."""
    if publication is None:
        return dict.fromkeys(_VERDICT)
    snapshot = publication.snapshot
    flags = {
        "purpose_washing": bool(snapshot.washing),
        "harm_alert": snapshot.harm_alert,
        "divergent_stakeholders": snapshot.divergent,
    }
    scorecard = f"{case}:v{publication.version}"
    found = (
        {"proofs": snapshot.evidence_items, "independent_groups": snapshot.independent_groups},
        [code for code, raised in flags.items() if raised],
        publication.version,
        snapshot.as_of,
        publication.published_at,
        snapshot.method_version,
        scorecard,
        f"{settings.BASE_URL}/api/v1/scorecards/{scorecard}",
    )
    return dict(zip(_VERDICT, found, strict=True))


_VERDICT = ("evidence", "signals", "version", "as_of", "published_at", "method_version", "scorecard", "url")
