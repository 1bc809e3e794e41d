"""The practice library: recorded, not recommended. Cards with filters, one page per practice, examples in evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from brands import codes
from brands.models import fold
from cxalign.pages import words
from cxalign.pages.brands import page_of
from cxalign.pages.filters import QUERY_LENGTH, Asked, Filter, Option, chips, unknown_value
from cxalign.pages.frame import PICKED_PRACTICES as PICKED
from cxalign.pages.frame import reader_of
from cxalign.pages.picking import picking
from cxalign.pages.practice_facts import texts_of
from cxalign.plans.gate import visible_plans
from cxalign.practices.models import FAMILIES, Category, EvidenceLevel, Practice
from cxalign.practices.reading import (
    chosen_among,
    example_keys,
    example_named,
    examples_of,
    related,
    seen_at,
    visible_practices,
    withdrawn_practices,
)
from cxalign.templatetags.cxalign import page_language
from scoring.scorecards import country_name

PLANS_OFFERED = 50
MOST_ALIKE = 6


def library(request: HttpRequest) -> HttpResponse:
    everything = visible_practices(reader_of(request))
    found = asked(request.GET, everything)
    listed = chosen_among(everything, chosen(found), found.query).select_related("sector")
    page: Any = page_of(listed, request.GET, found)
    context = {**shared(request, found, page), "seen": False, "other": example_keys(chosen(found), found.query).count()}
    return render(request, "practices/library.html", {**context, **picking(request, keys_on(page), PICKED)})


def seen_in_evidence(request: HttpRequest) -> HttpResponse:
    everything = visible_practices(reader_of(request))
    found = asked(request.GET, everything)
    page: Any = page_of(list(example_keys(chosen(found), found.query)), request.GET, found)
    other = chosen_among(everything, chosen(found), found.query).count()
    rows = examples_of(page.object_list)
    context = {**shared(request, found, page), "seen": True, "other": other, "examples": rows}
    return render(request, "practices/library.html", context)


def keys_on(page: Any) -> list[str]:
    return [practice.key for practice in page.object_list]


def shared(request: HttpRequest, found: Asked, page: Any) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "asked": found,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "gap": Paginator.ELLIPSIS,
        "query_string": query.urlencode(),
        "export_query": without_picks(query),
        "total": page.paginator.count,
        "family": families[0] if len(families := chosen(found).get("family", [])) == 1 else "",
    }


def without_picks(query: QueryDict) -> str:
    query = query.copy()
    query.pop(PICKED, None)
    return query.urlencode()


def practice(request: HttpRequest, slug: str) -> HttpResponse:
    reader = reader_of(request)
    record = visible_practices(reader).select_related("sector").filter(key=slug).first()
    if record is None:
        return taken_back(request, slug)
    parts = texts_of(record)
    context = {
        "practice": record,
        "texts": [part for part in parts if part.text],
        "undocumented": [part.heading for part in parts if not part.text],
        "seen_at": seen_at(record, reader),
        "sources": record.sources.filter(withdrawn_at__isnull=True),
        "plans": list(visible_plans(reader)[:PLANS_OFFERED]),
        "related": related(record, reader),
        "examples": examples_of(example_keys({"family": [record.family]})[:6]),
    }
    return render(request, "practices/practice.html", context)


def act(request: HttpRequest, key: str) -> HttpResponse:
    """One act of a published scorecard that belongs to a family, told as a practice."""
    reader, example = reader_of(request), example_named(key)
    if example is None:
        raise Http404
    alike = [one for one in example_keys({"family": [example.family]})[: MOST_ALIKE + 1] if one != example.fact.pk]
    context = {
        "example": example,
        "plans": list(visible_plans(reader)[:PLANS_OFFERED]),
        "related": list(visible_practices(reader).filter(family=example.family)[:MOST_ALIKE]),
        "examples": examples_of(alike[:MOST_ALIKE]),
    }
    return render(request, "practices/act.html", context)


def taken_back(request: HttpRequest, slug: str) -> HttpResponse:
    """A practice that was public and was withdrawn says so at its address; a draft never existed."""
    gone = withdrawn_practices().filter(key=slug).first()
    if gone is None:
        raise Http404
    return render(request, "practices/withdrawn.html", {"practice": gone}, status=410)


# --- Filters ----------------------------------------------------------------------------------------------------------


def asked(parameters: QueryDict, practices: QuerySet[Practice]) -> Asked:
    """Read the query string; what makes no sense is told and left out."""
    found = Asked(query=parameters.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH])
    choosable_now = choosable(practices)
    for name, (label, choices) in choosable_now.items():
        values = parameters.getlist(name)
        options = [Option(code, text, code in values) for code, text in choices.items()]
        found.filters.append(Filter(name, label, options))
        found.complaints += [unknown_value(label, value) for value in values if value and value not in choices]
    for name in parameters:
        if name not in {*choosable_now, "q", "page", PICKED}:
            told = _("“%(name)s” is not a filter of this list: it was left out.")
            found.complaints.append(told % {"name": name[:40]})
    found.chips = chips(found, parameters)
    return found


def chosen(found: Asked) -> dict[str, list[str]]:
    return {one.name: [option.value for option in one.chosen] for one in found.filters}


def choosable(practices: QuerySet[Practice]) -> dict[str, tuple[str, Mapping[str, str]]]:
    """Filter → its name and choices. Sectors and countries are those that the library knows."""
    name = f"sector__name_{page_language()}"
    places = practices.order_by().values_list("sector__slug", name, "country").distinct()
    sectors = {slug: text for slug, text, _country in places if slug}
    countries = {code: country_name(code)[page_language()] for _slug, _text, code in places if code}
    return {
        "family": (_("Family"), {code: words.word(code, "family") for code, _label in FAMILIES}),
        "category": (_("Category"), {code: str(label) for code, label in Category.choices}),
        "stakeholder": (_("For whom"), {code: words.word(code, "stakeholder") for code in codes.Stakeholder.values}),
        "sector": (_("Sector"), _by_label(sectors)),
        "country": (_("Country"), _by_label(countries)),
        "evidence_level": (
            _("Evidence"),
            {code: words.short_word(code, "evidence_level") for code in EvidenceLevel.values},
        ),
    }


def _by_label(choices: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(choices.items(), key=lambda choice: fold(choice[1])))
