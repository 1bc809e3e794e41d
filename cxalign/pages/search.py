"""One search over everything that is public: brands, promises, acts, practices, sources, each in its own group.

Brands forgive one slip; of facts each word typed has to begin one of theirs, whatever its accents and case.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from brands.models import Brand, words_of
from cxalign.pages.brands import best_first
from cxalign.pages.finding import closest, find
from cxalign.pages.frame import reader_of
from cxalign.practices.models import FAMILIES, Practice
from cxalign.practices.reading import chosen_among, visible_practices
from cxalign.templatetags.cxalign import here
from scoring.models import PublishedFact
from scoring.visibility import visible_brands

SHOWN = 10
LONGEST = 80
MOST_WORDS = 8
SHORTEST = 2
"""A shorter word stands in nearly every text."""


@dataclass(frozen=True)
class Hit:
    text: str
    language: str
    """Of the text, where it is not that of the page."""
    about: str
    address: str


@dataclass(frozen=True)
class Group:
    code: str
    hits: list[Hit]
    more: bool


def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:LONGEST]
    words = [word for word in words_of(query) if len(word) >= SHORTEST][:MOST_WORDS]
    everything = visible_brands(reader_of(request))
    groups = [
        _brands(query, everything),
        _facts("promise", words),
        _facts("action", words),
        _practices(words),
        _facts("source", words),
    ]
    found = [group for group in groups if group.hits] if words else []
    names = [] if found or not words else list(everything.values_list("name", flat=True))
    context = {
        "query": query,
        "too_short": bool(query) and not words,
        "groups": found,
        "closest": closest(query, names),
    }
    return render(request, "pages/search.html", context)


def _brands(query: str, everything: QuerySet[Brand]) -> Group:
    names = everything.values_list("pk", "search_text")
    hits = best_first(everything.select_related("sector"), find(query, names))[: SHOWN + 1]
    told = [Hit(brand.name, "", here(_sector(brand)), reverse("brand", args=[brand.slug])) for brand in hits]
    return Group("brand", told[:SHOWN], len(told) > SHOWN)


def _sector(brand: Brand) -> dict[str, str]:
    return {"en": brand.sector.name_en, "fr": brand.sector.name_fr}


def _facts(resource: str, words: list[str]) -> Group:
    """What was published last comes first: with a frequent word, the index need not be read to its end."""
    found = PublishedFact.objects.shown(resource).with_words(words)
    facts = list(found.select_related("assessment__brand", "assessment__crisis").order_by("-pk")[: SHOWN + 1])
    return Group(resource, [_hit(fact) for fact in facts[:SHOWN]], len(facts) > SHOWN)


def _practices(words: list[str]) -> Group:
    """Those that anyone may read, whoever searches: drafts are found at the desk."""
    found = list(chosen_among(visible_practices(None), {}, " ".join(words))[: SHOWN + 1]) if words else []
    families = {code: str(label) for code, label in FAMILIES}
    told = [Hit(here(_title(one)), "", families[one.family], reverse("practice", args=[one.key])) for one in found]
    return Group("practice", told[:SHOWN], len(told) > SHOWN)


def _title(practice: Practice) -> dict[str, str]:
    return {"en": practice.title_en, "fr": practice.title_fr}


PLACES = {"promise": "promise", "action": "act"}
"""Resource → how its place on the evidence page is called."""


def _hit(fact: PublishedFact) -> Hit:
    record: dict[str, Any] = json.loads(fact.document)
    case = fact.assessment
    address = reverse("evidence", args=[case.brand.slug, case.crisis.slug])
    if fact.resource in PLACES:
        place = f"#{PLACES[fact.resource]}-{record['id']}"
        return Hit(here(record["statement"]), "", case.brand.name, f"{address}{place}")
    publisher = record["publisher"] or case.brand.name
    return Hit(record["title"], record["lang"], f"{publisher} – {case.brand.name}", f"{address}#sources")
