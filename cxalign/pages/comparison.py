"""Two to five brands side by side. Who stands here, and how, is all in the address, so that it can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from brands.models import Brand, Crisis
from cxalign.pages import words
from cxalign.pages.arranging import as_of
from cxalign.pages.filters import unknown_value
from cxalign.pages.finding import find
from cxalign.pages.frame import PICKED, picked, slugs_in
from cxalign.templatetags.cxalign import in_a_row
from scoring import charts
from scoring.comparisons import FEWEST, GROUPS, MOST, STAKEHOLDERS, WARNINGS, Column, Comparison, Row, comparison
from scoring.landscapes import crises_on_view
from scoring.models import Publication
from scoring.visibility import visible_brands

if TYPE_CHECKING:
    from cxalign.accounts.models import User

OFFERED = 24
"""So many brands are offered at once in the picker."""
DIFFERENCES = "differences"
OWN = (PICKED, "crisis", "only", "show", "add")
SHOWN_ON_A_PHONE = 2


def compare(request: HttpRequest) -> HttpResponse:
    slugs = picked(request)
    if from_a_list(request):
        return HttpResponseRedirect(address(slugs, _only_crisis(request)))
    crises = list(crises_on_view())
    crisis = next((one for one in crises if one.slug == request.GET.get("crisis")), None)
    found = comparison(slugs[:MOST], crisis)
    known = [column.brand.slug for column in found.columns] if found else []
    complaints = _complaints(request.GET, slugs[:MOST], known, crises)
    asked = Asked(
        slugs=known,
        crisis=crisis.slug if crisis else "",
        only=request.GET.get("only") == DIFFERENCES,
        show=[slug for slug in request.GET.getlist("show") if slug in known],
        query=request.GET.get("add", "").replace("\x00", "").strip()[:80],
    )
    context: dict[str, Any] = {
        "asked": asked,
        "complaints": complaints,
        "crises": crises,
        "crisis_links": [(one, asked.during(one.slug)) for one in crises],
        "crisis": found.crisis if found else None,
        "left_out": _names(slugs[MOST:]),
        "most": MOST,
        "comparison": found,
        "enough": len(known) >= FEWEST,
        "picker": picker(asked, found),
        **(shown(asked, found) if found and len(known) >= FEWEST else {}),
    }
    return render(request, "pages/compare.html", context)


def from_a_list(request: HttpRequest) -> bool:
    """The form of a list sends its filters along; a comparison has no use for them, nor has its address."""
    return any(name not in OWN for name in request.GET)


def _only_crisis(request: HttpRequest) -> str:
    asked = list(dict.fromkeys(request.GET.getlist("crisis")))
    return asked[0] if len(asked) == 1 else ""


def address(slugs: Iterable[str], crisis: str = "", **more: str) -> str:
    query = [*((PICKED, slug) for slug in slugs), *([("crisis", crisis)] if crisis else []), *more.items()]
    return f"{reverse('compare')}?{urlencode(query)}" if query else reverse("compare")


def complaints_about(query: QueryDict, reader: User) -> list[str]:
    """What a comparison does not understand of a query. It is the same for every reader."""
    slugs, crises = slugs_in(query)[:MOST], list(crises_on_view())
    public = set(visible_brands(None).filter(slug__in=slugs).values_list("slug", flat=True))
    unknown = [unknown_value(_("Filter"), name) for name in query if name not in OWN]
    return [*unknown, *_complaints(query, slugs, sorted(public), crises)]


def _complaints(query: QueryDict, asked: Sequence[str], known: Sequence[str], crises: Iterable[Crisis]) -> list[str]:
    """What of the address made no sense. A brand that is not public is one that does not exist."""
    complaints = [unknown_value(_("Brand"), slug) for slug in asked if slug not in known]
    values = {"crisis": (_("Crisis"), {one.slug for one in crises}), "only": (_("Rows"), {DIFFERENCES})}
    for name, (label, choices) in values.items():
        complaints += [unknown_value(label, value) for value in query.getlist(name) if value and value not in choices]
    return complaints


def _names(slugs: Sequence[str]) -> list[str]:
    return list(visible_brands(None).filter(slug__in=slugs).values_list("name", flat=True)) if slugs else []


# --- What is asked ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    slugs: list[str]
    crisis: str
    only: bool
    show: list[str]
    """The columns in sight on a phone."""
    query: str

    @property
    def query_string(self) -> str:
        """What the files of this comparison are asked with."""
        return address(self.slugs, self.crisis, **self._kept).partition("?")[2]

    @property
    def toggled(self) -> str:
        return address(self.slugs, self.crisis, **({} if self.only else {"only": DIFFERENCES}))

    def without(self, slug: str) -> str:
        return address([one for one in self.slugs if one != slug], self.crisis, **self._kept)

    def with_(self, slug: str) -> str:
        return address([*self.slugs, slug], self.crisis, **self._kept)

    def during(self, crisis: str) -> str:
        return address(self.slugs, crisis, **self._kept)

    @property
    def _kept(self) -> dict[str, str]:
        return {"only": DIFFERENCES} if self.only else {}

    @property
    def in_sight(self) -> list[str]:
        shown = list(dict.fromkeys([*self.show, *self.slugs]))
        return shown[:SHOWN_ON_A_PHONE]


# --- The picker -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picker:
    """Brands that can be added, with the address at which they are."""

    offered: list[tuple[Brand, str]]
    more: int
    query: str


def picker(asked: Asked, found: Comparison | None) -> Picker | None:
    """Brands with a verdict: those whose name was typed, else those of the sectors at hand first."""
    if len(asked.slugs) >= MOST:
        return None
    judged = _judged(found.crisis if found else None).exclude(slug__in=asked.slugs)
    if asked.query:
        hits = find(asked.query, judged.values_list("pk", "search_text"))
        brands = list(judged.filter(pk__in=hits.all).order_by("sort_key")[: OFFERED + 1])
        total = len(hits.all)
    else:
        sectors = {column.brand.sector_id for column in found.columns} if found else set()
        near = list(judged.filter(sector__in=sectors).order_by("sort_key")[:OFFERED]) if sectors else []
        far = judged.exclude(pk__in=[brand.pk for brand in near]).order_by("sort_key")[: OFFERED - len(near)]
        brands, total = [*near, *far], judged.count()
    offered = [(brand, asked.with_(brand.slug)) for brand in brands[:OFFERED]]
    return Picker(offered, total - len(offered), asked.query)


def _judged(crisis: Crisis | None) -> QuerySet[Brand]:
    current = Publication.objects.current().filter(assessment__brand=OuterRef("pk"))
    if crisis:
        current = current.filter(assessment__crisis=crisis)
    return visible_brands(None).filter(Exists(current))


# --- What is shown ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    code: str
    title: str
    rows: list[tuple[str, Row]]

    @property
    def is_single(self) -> bool:
        """A thing with one row needs no heading above it."""
        return self.code in ("verdict", "robustness", "initiative", "signals")


@dataclass(frozen=True)
class Plot:
    """One stakeholder: where each brand stands, drawn, and in a sentence."""

    stakeholder: str
    told: str
    drawing: charts.DotPlot
    standings: list[charts.Standing]


def groups_of(found: Comparison, *, only: bool) -> list[Group]:
    """The rows under their headings; ``only`` those in which brands differ."""
    rows = [row for row in found.rows if row.differs or not only]
    groups = [
        Group(code, _TITLES[code](), [(_label(row), row) for row in rows if row.group == code]) for code in GROUPS
    ]
    return [group for group in groups if group.rows]


def shown(asked: Asked, found: Comparison) -> dict[str, Any]:
    return {
        "groups": groups_of(found, only=asked.only),
        "same": sum(not row.differs for row in found.rows),
        "plots": [plot_of(code, found.columns) for code in STAKEHOLDERS],
        "columns": [
            (column, asked.without(column.brand.slug), column.brand.slug in asked.in_sight) for column in found.columns
        ],
        "others": len(found.columns) > SHOWN_ON_A_PHONE,
        "as_of": as_of([column.snapshot.as_of for column in found.columns if column.snapshot]),
        "warnings": [(code, WARNINGS[code]) for code in found.warnings],
        "in_sight": asked.in_sight,
    }


def plot_of(stakeholder: str, columns: Iterable[Column]) -> Plot:
    standings = [_standing(column, stakeholder) for column in columns]
    told = in_a_row(f"{one.name} – {one.word.lower()}" for one in standings)
    return Plot(stakeholder, f"{words.word(stakeholder, 'stakeholder')}: {told}", charts.dot_plot(standings), standings)


def _standing(column: Column, stakeholder: str) -> charts.Standing:
    if not column.document:
        return charts.Standing(column.brand.name, None, words.word(column.state, "state"), known=False)
    row = column.coverage[stakeholder]
    if not row["applicable"]:
        return charts.Standing(column.brand.name, None, _("Does not apply"), known=False)
    if row["result"] is None and row["evidence_items"]:
        return charts.Standing(column.brand.name, None, _("Nothing established"), known=False)
    return charts.Standing(column.brand.name, row["result"], words.word(row["result"], "gap"))


def _label(row: Row) -> str:
    if row.group == "indices":
        return words.word(row.code, "index")
    if row.group in ("promises", "gaps"):
        return words.word(row.code, "stakeholder")
    return _LABELS[row.code]()


_TITLES = {
    "verdict": lambda: _("Verdict"),
    "robustness": lambda: _("Robustness"),
    "indices": lambda: _("Indices"),
    "promises": lambda: _("Promises by stakeholder"),
    "gaps": lambda: _("Result by stakeholder"),
    "initiative": lambda: _("Initiative"),
    "rootedness": lambda: _("Rootedness"),
    "signals": lambda: _("Signals"),
    "evidence": lambda: _("Evidence"),
    "as_of": lambda: _("As of"),
}
_LABELS = {
    "outcome": lambda: _("Verdict"),
    "robustness": lambda: _("Robustness"),
    "initiative": lambda: _("Acts of help"),
    "rootedness": lambda: _("Rootedness"),
    "reach": lambda: _("Lowest gap over the central promises"),
    "signals": lambda: _("Signals"),
    "proofs": lambda: _("Items of evidence"),
    "independent_groups": lambda: _("Independent sources"),
    "double_coded": lambda: _("Read by two coders"),
    "as_of": lambda: _("As of"),
    "version": lambda: _("Version"),
    "method_version": lambda: _("Method"),
}
