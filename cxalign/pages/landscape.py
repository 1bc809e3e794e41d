"""The landscape of a crisis: all its brands or those asked for, counted, placed and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from brands.models import Brand, Crisis
from cxalign.pages import words
from cxalign.pages.brands import page_of, placed, search_among
from cxalign.pages.filters import UNJUDGED, Asked, Choosable, asked, choosable, unknown_value
from cxalign.pages.frame import PICKED
from cxalign.pages.picking import picking
from cxalign.templatetags.cxalign import page_language
from scoring import charts
from scoring.landscapes import (
    ARCHETYPES,
    REACH,
    ROOTEDNESS,
    STAKEHOLDERS,
    UNPLACED,
    Cell,
    Entry,
    Landscape,
    crises_on_view,
)
from scoring.landscapes import landscape as read
from scoring.scorecards import country_name
from scoring.visibility import visible_brands

if TYPE_CHECKING:
    from cxalign.accounts.models import User

CHIPS = 8
"""So many brands stand in a cell; of more, one less is named and the others are counted."""
NAMED = 24
"""So many brands are named in a box below the grid."""
PLACED_AT_MOST = 300
"""Of more brands the grid shows counts only."""
UNMEASURED = "none"
"""The gap, as the address asks for it, of brands whose verdict comes with none."""
COUNTRIES_NAMED = 3
VIEWS = ("table", "heat", "sectors")
ABOUT_OUTCOMES = ("outcome", "robustness", "signal", "reach", "rootedness")
"""Filters by what verdicts say: whoever uses them knows already what the title would tell."""
OWN = ("view", "sort", "crisis")
"""Parameters of this page that are no filters."""


def landscapes(request: HttpRequest) -> HttpResponse:
    """The newest crisis, or the one asked for, with whatever else was asked."""
    crises = crises_on_view()
    found = crises.filter(slug=request.GET.get("crisis", "").replace("\x00", "")).first() or crises.first()
    if found is None:
        return render(request, "pages/landscape_empty.html", {"crisis": Crisis.objects.order_by("-starts_on").first()})
    return _to(found, request.GET)


def _to(crisis: Crisis, parameters: QueryDict) -> HttpResponseRedirect:
    left = parameters.copy()
    left.pop("crisis", None)
    path = reverse("landscape", args=[crisis.slug])
    return HttpResponseRedirect(f"{path}?{left.urlencode()}" if left else path)


def landscape(request: HttpRequest, crisis: str) -> HttpResponse:
    during = get_object_or_404(Crisis, slug=crisis)
    crises = list(crises_on_view())
    if during not in crises:
        return _nothing_yet(request, during)
    other = next((one for one in crises if one.slug == request.GET.get("crisis", crisis)), during)
    if other != during:
        return _to(other, request.GET)
    read_so = screen_of(during, request.GET)
    read_so.found.complaints += misunderstood(request.GET, crises)
    screen = read_so.context()
    in_sight = [entry.brand.slug for entry in screen["page"].object_list]
    return render(request, "pages/landscape.html", {**screen, **picking(request, in_sight), "crises": crises})


def screen_of(crisis: Crisis, parameters: QueryDict, here: str = "") -> Screen:
    """The landscape that an address asks for: as a page, as a part of another one, or as a file."""
    everything = visible_brands(None)
    found = asked(parameters, choices(everything), OWN, among=everything)
    return Screen(parameters, found, _shown(crisis, everything, found), here)


def complaints_about(query: QueryDict, reader: User, crisis: str) -> list[str]:
    """What the landscape of this crisis does not understand of a query. It is the same for every reader."""
    crises = list(crises_on_view())
    unknown = [] if crisis in {one.slug for one in crises} else [unknown_value(_("Crisis"), crisis)]
    everything = visible_brands(None)
    found = asked(query, choices(everything), OWN, among=everything)
    return [*unknown, *found.complaints, *misunderstood(query, crises)]


def misunderstood(parameters: QueryDict, crises: Iterable[Crisis]) -> list[str]:
    """Values of this page's own parameters that it does not know."""
    known = {
        "view": (_("View"), set(VIEWS)),
        "sort": (_("Order"), {*SORTS, *(f"-{code}" for code in SORTS)}),
        "crisis": (_("Crisis"), {crisis.slug for crisis in crises}),
    }
    return [
        unknown_value(label, value)
        for name, (label, values) in known.items()
        for value in parameters.getlist(name)
        if value and value not in values
    ]


def _nothing_yet(request: HttpRequest, crisis: Crisis) -> HttpResponse:
    """A crisis that is only being prepared does not exist for readers; the one the product comes with may be named."""
    if crises_on_view().exists():
        raise Http404
    return render(request, "pages/landscape_empty.html", {"crisis": crisis})


def choices(everything: QuerySet[Brand]) -> Choosable:
    """The filters of the list of brands without the crisis, and the two directions of the grid."""
    common = {name: choice for name, choice in choosable(everything).items() if name != "crisis"}
    return {
        **common,
        "reach": (
            _("Gap"),
            {**{str(step): words.word(step, "gap") for step in reversed(REACH)}, UNMEASURED: _("No gap to measure")},
        ),
        "rootedness": (_("Rootedness"), {code: words.word(code, "rootedness") for code in ROOTEDNESS}),
    }


def _shown(crisis: Crisis, everything: QuerySet[Brand], found: Asked) -> Landscape:
    listed = search_among(everything.filter(placed(found)), everything, found)
    about = found.about_verdicts()
    narrowed = bool(about or found.unjudged)
    unjudged: Sequence[str] = found.unjudged if narrowed else UNJUDGED
    if found.unjudged and not found.outcomes:
        shown = read(crisis, listed, unjudged=unjudged)
        return Landscape(crisis, [entry for entry in shown.entries if not entry.publication], selected=True)
    selected = any(found.values(name) for name in ABOUT_OUTCOMES)
    return _in_cells(read(crisis, listed, verdicts=about or None, unjudged=unjudged, selected=selected), found)


def _in_cells(shown: Landscape, found: Asked) -> Landscape:
    """Only the brands that stand in the places asked for."""
    reach, rootedness = set(found.values("reach")), set(found.values("rootedness"))
    if not reach and not rootedness:
        return shown
    return Landscape(
        shown.crisis,
        [
            entry
            for entry in shown.judged
            if (not reach or _step(entry) in reach) and (not rootedness or entry.rootedness in rootedness)
        ],
        selected=True,
    )


def _step(entry: Entry) -> str:
    return UNMEASURED if entry.reach is None else str(entry.reach)


# --- What stands on it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tile:
    code: str
    tone: str
    word: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of the grid as it is drawn."""

    cell: Cell
    chips: Sequence[Entry]
    more: int
    href: str

    @property
    def count(self) -> int:
        return len(self.cell.entries)


@dataclass(frozen=True, slots=True)
class Box:
    """Brands that have no place on the grid, and why."""

    code: str
    title: str
    note: str
    entries: Sequence[Entry]
    count: int
    href: str

    @property
    def more(self) -> int:
        return self.count - len(self.entries)


@dataclass(frozen=True, slots=True)
class Ground:
    """Brands of one verdict that have no gap to their central promise, and what their verdict rests on."""

    code: str
    note: str
    entries: Sequence[Entry]
    count: int
    href: str

    @property
    def more(self) -> int:
        return self.count - len(self.entries)


@dataclass(frozen=True, slots=True)
class Line:
    """A brand as the table shows it."""

    entry: Entry
    strip: charts.Strip | None
    told: str
    """The distances in words, which is all the drawing says."""
    undocumented: int
    on_duty: bool
    """What is established is read against the duty of care, and none of it against a promise."""


@dataclass(frozen=True, slots=True)
class SectorLine:
    name: str
    slug: str
    href: str
    counts: list[tuple[str, int, str]]
    """Outcome or ``none``, how many brands, and where they are listed."""
    total: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that the table can be sorted by."""

    code: str
    word: str
    href: str
    order: str
    """What ``aria-sort`` says; empty where it is not sorted by."""


@dataclass
class Screen:
    parameters: QueryDict
    found: Asked
    shown: Landscape
    here: str = ""
    """The page of the landscape, where another one shows a part of it."""

    def context(self) -> dict[str, Any]:
        page = self.page
        return {
            "landscape": self.shown,
            "crisis": self.shown.crisis,
            "asked": self.found,
            "kept": self.kept,
            "clear": self.cleared,
            "title": self.shown.takeaway,
            "scope": self.scope,
            "tiles": self.tiles,
            "as_counts": len(self.shown.placed) > PLACED_AT_MOST,
            "grid": self.grid,
            "columns": REACH,
            "boxes": self.boxes,
            "grounds": self.grounds,
            "view": self.view,
            "tabs": [(code, _TABS[code](), self.with_("view", code, "sort", "page")) for code in VIEWS],
            "headings": {heading.code: heading for heading in self.headings},
            "stakeholders": STAKEHOLDERS,
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            "gap": Paginator.ELLIPSIS,
            "query_string": self.without("page"),
            "export_query": self.without("page", "view", "crisis", PICKED),
            "lines": [line_of(entry) for entry in page.object_list] if self.view == "table" else [],
            "sectors": self.sectors if self.view == "sectors" else [],
            "sorted_by": self.sorted_by,
        }

    # Addresses

    def without(self, *names: str) -> str:
        left = self.parameters.copy()
        for name in names:
            left.pop(name, None)
        return left.urlencode()

    def with_(self, name: str, value: str, *dropped: str) -> str:
        """This address with one parameter set; what hangs on it is dropped."""
        left = self.parameters.copy()
        for other in (*dropped, "page"):
            left.pop(other, None)
        left[name] = value
        return f"?{left.urlencode()}"

    def listing(self, **values: str) -> str:
        """The list below, narrowed further."""
        left = self.parameters.copy()
        for name in ("page", "view", "sort"):
            left.pop(name, None)
        for name, value in values.items():
            left[name] = value
        return f"{self.here}?{left.urlencode()}#brands"

    def without_verdict(self, **values: str) -> str:
        """The list of those without an archetype, whatever the reason."""
        query = QueryDict(self.listing(**values).partition("?")[2].partition("#")[0], mutable=True)
        query.setlist("outcome", list(UNPLACED))
        return f"{self.here}?{query.urlencode()}#brands"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter form sends on although it is no filter."""
        return [(name, value) for name in ("view", "sort", PICKED) for value in self.parameters.getlist(name)]

    @property
    def cleared(self) -> str:
        return f"?{urlencode(self.kept)}" if self.kept else "?"

    # Scope

    @property
    def scope(self) -> str:
        """Where the assessed brands are at home, if that is quickly said."""
        codes = self.shown.countries
        if not codes or len(codes) > COUNTRIES_NAMED:
            return ""
        return ", ".join(country_name(code)[page_language()] for code in codes)

    # Counts

    @property
    def tiles(self) -> list[Tile]:
        of_each = [
            Tile(
                code, words.tone(code), words.word(code, "outcome"), self.shown.counts[code], self.listing(outcome=code)
            )
            for code in ARCHETYPES
        ]
        none = Tile("none", "none", _("No verdict"), self.shown.without_verdict, self.without_verdict())
        return [*of_each, none]

    # The grid

    @property
    def grid(self) -> list[tuple[str, list[Square]]]:
        return [(row[0].rootedness, [self.square(cell) for cell in row]) for row in self.shown.cells]

    def square(self, cell: Cell) -> Square:
        named = cell.entries if len(cell.entries) <= CHIPS else cell.entries[: CHIPS - 1]
        href = self.listing(reach=str(cell.reach), rootedness=cell.rootedness)
        return Square(cell, named, len(cell.entries) - len(named), href)

    @property
    def boxes(self) -> list[Box]:
        found = [(code, self.shown.without(code)) for code in UNPLACED]
        boxes = [
            Box(code, _TITLES[code](), _NOTES[code](), entries[:NAMED], len(entries), self.listing(outcome=code))
            for code, entries in found
            if entries
        ]
        return boxes

    @property
    def grounds(self) -> list[Ground]:
        """Verdicts without a gap, by archetype: for each it is something else that they rest on."""
        found = [(code, [one for one in self.shown.unmeasured if one.state == code]) for code in ARCHETYPES]
        return [
            Ground(code, _GROUNDS[code](), entries[:NAMED], len(entries), self.listing(reach=UNMEASURED, outcome=code))
            for code, entries in found
            if entries
        ]

    # The list

    @property
    def view(self) -> str:
        wanted = self.parameters.get("view", VIEWS[0])
        return wanted if wanted in VIEWS else VIEWS[0]

    @property
    def sorted_by(self) -> str:
        wanted = self.parameters.get("sort", "")
        return wanted if wanted.removeprefix("-") in SORTS else ("brand" if self.view == "heat" else "-updated")

    @property
    def ordered(self) -> list[Entry]:
        key = SORTS[self.sorted_by.removeprefix("-")]
        return in_order(self.shown.entries, key, down=self.sorted_by.startswith("-"))

    @cached_property
    def page(self) -> Any:
        return page_of(self.ordered, self.parameters, self.found)

    @property
    def headings(self) -> Iterable[Heading]:
        for code in SORTS:
            down_first = code in ("updated", "evidence")
            up, down = code, f"-{code}"
            now = {up: "ascending", down: "descending"}.get(self.sorted_by, "")
            first, second = (down, up) if down_first else (up, down)
            following = second if self.sorted_by == first else first
            yield Heading(code, _heading(code), f"{self.with_('sort', following)}#brands", now)

    # Sectors

    @property
    def sectors(self) -> list[SectorLine]:
        tally: dict[str, Counter[str]] = {}
        names: dict[str, str] = {}
        for entry in self.shown.entries:
            sector = entry.brand.sector
            names[sector.slug] = getattr(sector, f"name_{page_language()}")
            tally.setdefault(sector.slug, Counter())[entry.state if entry.is_judged else "none"] += 1
        ordered = sorted(names, key=lambda slug: (-sum(tally[slug].values()), names[slug].lower()))
        return [self._sector(slug, names[slug], tally[slug]) for slug in ordered]

    def _sector(self, slug: str, name: str, counts: Counter[str]) -> SectorLine:
        cells = [(code, counts[code], self.listing(sector=slug, outcome=code)) for code in ARCHETYPES]
        cells.append(("none", counts["none"], self.without_verdict(sector=slug)))
        return SectorLine(name, slug, self.listing(sector=slug), cells, sum(counts.values()))


_TABS: dict[str, Callable[[], str]] = {
    "table": lambda: _("Table"),
    "heat": lambda: _("By stakeholder"),
    "sectors": lambda: _("By sector"),
}
_TITLES: dict[str, Callable[[], str]] = {
    "insufficient_evidence": lambda: _("Insufficient evidence"),
    "no_promise": lambda: _("No promise on file"),
    "under_review": lambda: _("Assessment under way"),
    "not_assessed": lambda: _("Not yet assessed"),
}
_NOTES: dict[str, Callable[[], str]] = {
    "insufficient_evidence": lambda: _("Researched, and too little can be shown. Each scorecard says what is missing."),
    "no_promise": lambda: _("We found no promise that their acts could be held against."),
    "under_review": lambda: _("Being researched: nothing is public yet."),
    "not_assessed": lambda: _("Recorded, not researched. That says nothing about what they did."),
}


_GROUNDS: dict[str, Callable[[], str]] = {
    "broken_promise": lambda: _(
        "a serious, established harm, against the duty of care or a promise that is not central"
    ),
    "aligned": lambda: _("real help for those to whom a promise is on file; no central promise covers it"),
    "exceeds_promise": lambda: _("help well beyond a promise that is not central"),
    "dna_proactive": lambda: _("help given unasked, by brands that cared for their customers before the crisis"),
}


def _heading(code: str) -> str:
    if code in STAKEHOLDERS:
        return words.word(code, "stakeholder")
    return {"brand": _("Brand"), "updated": _("Updated"), "evidence": _("Evidence")}[code]


# --- Lines and their order --------------------------------------------------------------------------------------------

Key = Callable[[Entry], Any]


def _result(group: str) -> Key:
    def of(entry: Entry) -> Any:
        row = entry.coverage.get(group)
        return row["result"] if row else None

    return of


SORTS: dict[str, Key] = {
    "brand": lambda entry: entry.brand.sort_key,
    "updated": lambda entry: localdate(entry.publication.published_at) if entry.publication else None,
    "evidence": lambda entry: entry.publication.snapshot.evidence_items if entry.publication else None,
    **{group: _result(group) for group in STAKEHOLDERS},
}


def in_order(entries: Sequence[Entry], key: Key, *, down: bool) -> list[Entry]:
    """Sorted, by name within equals; what has no value comes last both ways, as missing is neither least nor most."""
    valued = [(entry, value) for entry in entries if (value := key(entry)) is not None]
    valued.sort(key=lambda pair: pair[1], reverse=down)
    missing = [entry for entry in entries if key(entry) is None]
    return [entry for entry, _value in valued] + missing


def line_of(entry: Entry) -> Line:
    gaps = [gap["gap"] for gap in entry.gaps]
    documented = [gap for gap in gaps if gap is not None]
    told = Counter(gaps)
    parts = [f"{told[step]} × {words.word(step, 'gap').lower()}" for step in (*REACH, None) if told[step]]
    drawn = charts.strip(documented) if documented else None
    on_duty = not documented and any(row["result"] is not None for row in entry.coverage.values())
    return Line(entry, drawn, ", ".join(parts), len(gaps) - len(documented), on_duty)
