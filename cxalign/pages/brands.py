"""The list of brands: searched, filtered and paged, in the same number of queries whatever its length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from brands.models import Brand, Crisis
from cxalign.pages.filters import Asked, asked, choosable
from cxalign.pages.finding import Found, closest, find
from cxalign.pages.frame import PICKED, picked, reader_of
from cxalign.pages.picking import picking
from scoring.models import Assessment, Publication, Snapshot
from scoring.scorecards import country_name
from scoring.visibility import visible_brands, visible_publications

if TYPE_CHECKING:
    from cxalign.accounts.models import User

PAGE_SIZE = 50
NONE_YET: list[Publication | None] = [None]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: a brand and one of its verdicts, or what there is instead of a verdict."""

    brand: Brand
    publication: Publication | None
    country: dict[str, str]

    under_way: bool

    @property
    def snapshot(self) -> Snapshot | None:
        return self.publication.snapshot if self.publication else None

    @property
    def crisis(self) -> Crisis | None:
        return self.publication.assessment.crisis if self.publication else None


def brands(request: HttpRequest) -> HttpResponse:
    everything = visible_brands(reader_of(request))
    found = asked(request.GET, choosable(everything), among=everything)
    listed, answers = filtered(everything, found)
    page = page_of(listed, request.GET, found)
    shown = rows(list(page.object_list), found)
    context: dict[str, Any] = {
        **picking(request, (row.brand.slug for row in shown)),
        "here_address": reverse("brands"),
        "clear": address_of(picked(request)),
        "kept": [(PICKED, slug) for slug in picked(request)],
        "asked": found,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "gap": Paginator.ELLIPSIS,
        "query_string": _without_page(request.GET),
        "rows": shown,
        "several_crises": len(found.filters[0].options) > 1,
        "total": page.paginator.count,
        "closest": [] if page.paginator.count else answers,
    }
    return render(request, "pages/brands.html", context)


def complaints_about(query: QueryDict, reader: User) -> list[str]:
    """What this list does not understand of a query."""
    everything = visible_brands(reader)
    return asked(query, choosable(everything), among=everything).complaints


def address_of(picks: Iterable[str]) -> str:
    """The whole list, with nothing but the brands picked so far."""
    query = urlencode([(PICKED, slug) for slug in picks])
    return f"{reverse('brands')}?{query}" if query else reverse("brands")


def filtered(everything: QuerySet[Brand], found: Asked) -> tuple[QuerySet[Brand], list[str]]:
    """The brands that answer to every filter, and the closest spellings where a name leaves none."""
    return search(everything.filter(placed(found)), everything, found)


def placed(found: Asked) -> Q:
    condition = Q()
    if sectors := found.values("sector"):
        condition &= Q(sector__slug__in=sectors)
    if countries := found.values("country"):
        condition &= Q(country__in=countries)
    if found.brands:
        condition &= Q(slug__in=found.brands)
    return condition


def search(listed: QuerySet[Brand], everything: QuerySet[Brand], found: Asked) -> tuple[QuerySet[Brand], list[str]]:
    """The brands asked for, by name; and the closest spellings, should there be none."""
    listed = with_verdicts(listed, found).select_related("sector").annotate(under_way=Exists(cases_begun()))
    if not found.query:
        return listed.order_by("sort_key", "id"), []
    names = list(everything.values_list("pk", "search_text", "name"))
    hits = find(found.query, ((key, text) for key, text, _name in names))
    offered = [] if hits.all else closest(found.query, [name for _key, _text, name in names])
    return best_first(listed, hits), offered


def search_among(listed: QuerySet[Brand], everything: QuerySet[Brand], found: Asked) -> QuerySet[Brand]:
    """The brands asked for by name, in no order; all of them if no name was asked for."""
    if not found.query:
        return listed
    return listed.filter(pk__in=find(found.query, everything.values_list("pk", "search_text")).all)


def best_first(listed: QuerySet[Brand], hits: Found) -> QuerySet[Brand]:
    place = Case(When(pk__in=hits.best, then=Value(0)), default=Value(1), output_field=IntegerField())
    return listed.filter(pk__in=hits.all).order_by(place, "sort_key", "id")


def with_verdicts(listed: QuerySet[Brand], found: Asked) -> QuerySet[Brand]:
    """Brands that have a verdict as asked; and, if asked for, those that have none yet."""
    wanted = found.about_verdicts()
    if not wanted and not found.unjudged:
        return listed
    either = Q()
    if found.unjudged:
        either |= _unjudged(found) & ~Q(Exists(_verdicts()))
    if found.outcomes or not found.unjudged:
        either |= Q(Exists(_verdicts().filter(wanted)))
    return listed.filter(either)


def _unjudged(found: Asked) -> Q:
    states = {"under_review": Q(Exists(cases_begun())), "not_assessed": ~Q(Exists(cases_begun()))}
    either = Q()
    for state in found.unjudged:
        either |= states[state]
    return either


def _verdicts() -> QuerySet[Publication]:
    return Publication.objects.current().filter(assessment__brand=OuterRef("pk"))


def cases_begun() -> QuerySet[Assessment]:
    """Cases somebody has begun to judge."""
    return Assessment.objects.filter(brand=OuterRef("pk"), snapshots__isnull=False)


def page_of(listed: Any, parameters: QueryDict, found: Asked) -> Page[Any]:
    """The page asked for; a number that does not exist is told and leads to the nearest one."""
    paginator = Paginator(listed, PAGE_SIZE)
    wanted = parameters.get("page") or 1
    try:
        return paginator.page(wanted)
    except PageNotAnInteger:
        nearest = 1
    except EmptyPage:
        nearest = paginator.num_pages
    found.complaints.append(_("There is no such page: this is page %(number)s.") % {"number": nearest})
    return paginator.page(nearest)


def rows(listed: list[Brand], found: Asked) -> list[Row]:
    """Each brand with its verdicts in force that fit what was asked, newest crisis first."""
    verdicts: dict[int, list[Publication | None]] = defaultdict(list)
    fitting = visible_publications().filter(found.about_verdicts(), assessment__brand__in=[one.pk for one in listed])
    for publication in fitting.order_by("-assessment__crisis__starts_on"):
        verdicts[publication.assessment.brand_id].append(publication)
    return [
        Row(brand, publication, country_name(brand.country), under_way=brand.under_way)  # type: ignore[attr-defined]
        for brand in listed
        for publication in verdicts[brand.pk] or NONE_YET
    ]


def _without_page(parameters: QueryDict) -> str:
    left = parameters.copy()
    left.pop("page", None)
    return left.urlencode()
