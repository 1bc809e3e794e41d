"""A landscape taken away: one slide, a picture of the grid, or its brands as rows, under the filters of the page."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_safe

from brands.models import Crisis
from cxalign.exports import csv, drawings, xlsx
from cxalign.exports.naming import file_name
from cxalign.exports.slides import Block, Cell, Deck, Grid, Heading, Line, Paragraph, Run, Slide, cell, line
from cxalign.exports.tables import Row, Table
from cxalign.pages import landscape as page
from cxalign.pages import words
from cxalign.pages.archetypes import archetypes
from cxalign.pages.errors import bad_request
from cxalign.pages.exporting import giving, sheets
from cxalign.pages.exporting import sentences as say
from cxalign.pages.exporting.edition import colon
from cxalign.pages.exporting.files import Made
from cxalign.pages.filters import Asked
from cxalign.pages.frame import PICKED
from cxalign.templatetags.cxalign import full_date, here, in_a_row, named, page_language
from scoring.landscapes import ARCHETYPES, REACH, ROOTEDNESS, STAKEHOLDERS, Entry, Landscape, crises_on_view


@dataclass(frozen=True)
class Sight:
    """The landscape of a crisis, and what was asked of it."""

    screen: page.Screen
    query: str
    dialect: str

    @property
    def shown(self) -> Landscape:
        return self.screen.shown

    @property
    def crisis(self) -> Crisis:
        return self.shown.crisis

    @property
    def found(self) -> Asked:
        return self.screen.found

    @property
    def title(self) -> str:
        return here(self.shown.takeaway) if self.shown.entries else _("No brand for these filters")

    @property
    def filters(self) -> str:
        return in_a_row(f"{chip.label}{colon()} {chip.value}" for chip in self.found.chips)

    @property
    def scope(self) -> str:
        """The line below the title of the page, with the crisis and the filters that a file would not show."""
        told = say.shown_by("landscape/scope.html", landscape=self.shown, scope=self.screen.scope)
        return " · ".join(filter(None, [named(self.crisis), told, self.filters]))

    @property
    def banner(self) -> str:
        """Said where verdicts of different methods stand side by side, as on the page."""
        if len(self.shown.method_versions) < 2:
            return ""
        told = _("These verdicts were reached under different versions of the method:")
        return f"{told} {', '.join(self.shown.method_versions)}."

    @property
    def under(self) -> str:
        return " · ".join(filter(None, [self.scope, self.banner]))

    @property
    def as_counts(self) -> bool:
        return len(self.shown.placed) > page.PLACED_AT_MOST

    @property
    def standing(self) -> str:
        days = [self.shown.as_of] if self.shown.as_of else []
        return giving.standing(days, self.shown.method_versions)

    @property
    def address(self) -> str:
        path = reverse("landscape", args=[self.crisis.slug])
        return f"{settings.BASE_URL}{path}{f'?{self.query}' if self.query else ''}"

    @property
    def sources(self) -> str:
        count = len(self.shown.published)
        told = ngettext("%(count)d scorecard", "%(count)d scorecards", count) % {"count": count}
        return giving.published_by_us(told)

    def file(self, ending: str, part: str = "") -> str:
        day = (self.shown.as_of or timezone.localdate()).isoformat()
        return file_name("landscape", self.crisis.slug, part, day, page_language(), ending=ending)


@require_safe
def export(request: HttpRequest, crisis: str, format: str) -> HttpResponse:
    """The landscape of the same query string."""
    during = next((one for one in crises_on_view() if one.slug == crisis), None)
    dialect = request.GET.get("dialect", "rfc4180")
    if during is None or dialect not in csv.DIALECTS:
        raise Http404
    query = request.GET.copy()
    for name in (*giving.OWN, "crisis", "view", "page", PICKED):
        query.pop(name, None)
    if page.complaints_about(query, request.user, crisis):  # type: ignore[arg-type]
        return bad_request(request)

    def sight() -> Sight:
        screen = page.screen_of(during, query)
        return Sight(screen, query.urlencode(), dialect)

    return giving.given(request, format, FORMATS, sight)


# --- The grid ---------------------------------------------------------------------------------------------------------

Marked = tuple[str, Line]
"""The tone of a mark, if any, and the line that stands behind it."""
Told = Callable[[Sight, page.Square], Sequence[Marked]]


def in_words(sight: Sight, square: page.Square) -> Sequence[Marked]:
    """A line a brand: its mark, name, verdict and robustness, as its chip on the page says."""
    told = [
        (words.tone(entry.state), line(Run(entry.brand.name, strong=True), Run(f" – {_state(entry)}", muted=True)))
        for entry in square.chips
    ]
    return [*told, *_more(square.more)]


def by_name(sight: Sight, square: page.Square) -> Sequence[Marked]:
    """A line an archetype: its mark and word, then its brands by how sure we are of them."""
    told = [_of_outcome(code, [one for one in square.chips if one.state == code]) for code in ARCHETYPES]
    return [*(one for one in told if one), *_more(square.more)]


def by_mark(sight: Sight, square: page.Square) -> Sequence[Marked]:
    """The same without how sure we are of each, which is left to the notes."""
    told = [_of_outcome(code, [one for one in square.chips if one.state == code], sure=False) for code in ARCHETYPES]
    return [*(one for one in told if one), *_more(square.more)]


def _of_outcome(code: str, entries: Sequence[Entry], *, sure: bool = True) -> Marked | None:
    if not entries:
        return None
    head = Run(f"{words.word(code, 'outcome')}{colon()} ", strong=True, tone=words.tone(code))
    named = _by_robustness(entries) if sure else [entry.brand.name for entry in entries]
    return words.tone(code), line(head, ", ".join(named))


def _by_robustness(entries: Sequence[Entry]) -> list[str]:
    of_each: dict[str, list[str]] = {}
    for entry in entries:
        of_each.setdefault(entry.robustness, []).append(entry.brand.name)
    return [f"{', '.join(names)} ({words.word(sure, 'robustness').lower()})" for sure, names in of_each.items()]


def by_count(sight: Sight, square: page.Square) -> Sequence[Marked]:
    if not square.count:
        return []
    return [("", line(ngettext("%(count)s brand", "%(count)s brands", square.count) % {"count": square.count}))]


def _state(entry: Entry) -> str:
    robustness = f", {words.word(entry.robustness, 'robustness').lower()}" if entry.robustness else ""
    return f"{words.word(entry.state, 'outcome')}{robustness}"


def _more(count: int) -> list[Marked]:
    return [("", line(Run(f"+{count}", muted=True)))] if count else []


def grid(sight: Sight, told: Told, *, named_at_most: int = page.NAMED, with_notes: bool = True) -> Grid:
    columns = [Heading(_("Rootedness"), 1.35), *(Heading(_step(step), 1.25) for step in REACH)]
    rows = [
        [_row_head(row, with_notes), *(_square(sight, square, told) for square in squares)]
        for row, squares in _rows(sight)
    ]
    return Grid("", columns, [*rows, *_unplaced(sight, named_at_most, with_notes)])


def _rows(sight: Sight) -> list[tuple[str, list[page.Square]]]:
    return sight.screen.grid


def _step(step: int) -> str:
    return _("Meets the promise") if step == 0 else words.word(step, "gap")


def _row_head(row: str, with_note: bool) -> Cell:
    note = Run(words.word(row, "rootedness_told"), muted=True) if with_note else ""
    return cell(words.word(row, "rootedness"), note, heads=True)


def _square(sight: Sight, square: page.Square, told: Told) -> Cell:
    if not square.count and not square.cell.is_too_narrow:
        return cell(Run("–", muted=True))
    narrow = [("", line(Run(_("Too narrow to conclude"), muted=True)))] if square.cell.is_too_narrow else []
    said = [*narrow, *(by_count if sight.as_counts else told)(sight, square)]
    return Cell([one for _tone, one in said], line_marks=[tone for tone, _one in said])


def _unplaced(sight: Sight, named_at_most: int, with_notes: bool) -> list[list[Cell]]:
    """Who has no place on the grid, and why: a row a reason, below it."""
    rows = [
        [
            cell(f"{box.title} · {box.count}", heads=True),
            cell(_names(box.entries[:named_at_most], box.count), span=len(REACH)),
        ]
        for box in sight.screen.boxes
    ]
    grounds = [_ground(ground, named_at_most, with_notes) for ground in sight.screen.grounds]
    if not grounds:
        return rows
    title = f"{_('A verdict, and no gap to the central promise')} · {len(sight.shown.unmeasured)}"
    return [[cell(title, heads=True), cell(*grounds, span=len(REACH))], *rows]


def _ground(ground: page.Ground, named_at_most: int, with_note: bool) -> Line:
    outcome = Run(words.word(ground.code, "outcome"), strong=True, tone=words.tone(ground.code))
    names = _names(ground.entries[:named_at_most], ground.count)
    note = f" ({ground.note})" if with_note else ""
    return line(outcome, f" · {ground.count}{note}{colon()} {names}")


def _names(entries: Sequence[Entry], count: int) -> str:
    told = ", ".join(entry.brand.name for entry in entries)
    more = count - len(entries)
    if not more:
        return told
    rest = ngettext("and %(more)s more", "and %(more)s more", more) % {"more": more}
    return f"{told} {rest}"


# --- The slide --------------------------------------------------------------------------------------------------------

WAYS: tuple[tuple[Told, int], ...] = (
    (in_words, page.NAMED),
    (by_name, page.NAMED),
    (by_name, 8),
    (by_name, 4),
    (by_mark, 8),
    (by_mark, 4),
    (by_count, 4),
)
"""How much is told of each brand: the first way in which all stands on one slide."""


def as_pptx(sight: Sight) -> Made:
    return giving.presentation(deck_of(sight)), sight.file("pptx")


def deck_of(sight: Sight) -> Deck:
    empty = giving.deck(sight, f"{_('Landscape')}{colon()} {named(sight.crisis)}")
    slides = (_slide(sight, *way) for way in WAYS)
    chosen = next((slide for slide in slides if giving.fits(slide, empty)), _slide(sight, *WAYS[-1]))
    return replace(empty, slides=[chosen])


def _slide(sight: Sight, told: Told, named_at_most: int) -> Slide:
    elsewhere = "" if told in (in_words, by_name) else _("how sure we are of each stands in the notes")
    main: list[Block] = [
        Paragraph(line(Run(" · ".join(filter(None, [sight.scope, elsewhere])), muted=True)), "small"),
        *([Paragraph(line(Run(sight.banner, strong=True)), "small")] if sight.banner else []),
        Paragraph(_counts(sight), "body"),
        grid(sight, told, named_at_most=named_at_most, with_notes=False),
    ]
    return Slide("landscape", sight.title, main, sources=sight.sources, notes=_notes(sight))


def _counts(sight: Sight) -> Line:
    """The tiles of the page in a line."""
    runs: list[Run | str] = []
    for place, tile in enumerate(sight.screen.tiles):
        runs += [" · " if place else "", Run(tile.word, strong=True, tone=tile.tone), f"{colon()} {tile.count}"]
    return line(*runs)


def _notes(sight: Sight) -> list[str]:
    return [
        _(
            "Each brand sits in a cell, not at a point: the method grades in five and three steps, so the position "
            "inside a cell carries no meaning."
        ),
        _("The place follows from the proofs; the verdict alone follows from the rule of the method."),
        *(f"{words.word(one.code, 'outcome')}{colon()} {one.definition}" for one in archetypes()),
        *(f"{words.word(one, 'rootedness')}{colon()} {words.word(one, 'rootedness_told')}." for one in ROOTEDNESS),
        *_grounds_in_words(sight),
        *(
            f"{entry.brand.name}{colon()} {_state(entry)}. {_scorecard(sight, entry)}"
            for entry in sight.shown.published
        ),
    ]


def _grounds_in_words(sight: Sight) -> list[str]:
    lead = _("A verdict, and no gap to the central promise")
    return [f"{lead}, {words.word(one.code, 'outcome')}{colon()} {one.note}." for one in sight.screen.grounds]


def _scorecard(sight: Sight, entry: Entry) -> str:
    return settings.BASE_URL + reverse("scorecard", args=[entry.brand.slug, sight.crisis.slug])


# --- The picture ------------------------------------------------------------------------------------------------------


def picture(sight: Sight) -> drawings.Picture:
    return giving.picture(sight, sight.title, sight.under, grid(sight, in_words))


# --- The rows ---------------------------------------------------------------------------------------------------------

TEXT, NUMBER, DATE = sheets.TEXT, sheets.NUMBER, sheets.DATE
COLUMNS: tuple[sheets.Described, ...] = (
    ("brand", gettext_noop("Brand (code)"), gettext_noop("Its slug: part of its address, stable."), TEXT, 18),
    ("brand_name", gettext_noop("Brand"), gettext_noop("Its name."), TEXT, 24),
    ("sector", gettext_noop("Sector"), gettext_noop("In the language of the file."), TEXT, 20),
    ("country", gettext_noop("Country (code)"), gettext_noop("ISO 3166-1; ZZ for several countries."), TEXT, 10),
    (
        "state",
        gettext_noop("State (code)"),
        gettext_noop("The outcome, or under_review, or not_assessed."),
        TEXT,
        20,
    ),
    ("verdict", gettext_noop("Verdict"), gettext_noop("The same in words."), TEXT, 24),
    ("robustness", gettext_noop("Robustness"), gettext_noop("How sure we are, in words."), TEXT, 14),
    ("reach", gettext_noop("Gap"), gettext_noop("The lowest gap over the central promises, −2 to 2."), NUMBER, 8),
    ("rootedness", gettext_noop("Rootedness (code)"), gettext_noop("rooted, shared or one_off."), TEXT, 16),
    ("gaps", gettext_noop("Gaps of promises"), gettext_noop("How many promises stand at each step."), TEXT, 40),
    ("weakest", gettext_noop("Weakest stakeholder"), gettext_noop("Who came off worst, and how."), TEXT, 32),
    ("evidence", gettext_noop("Items of evidence"), gettext_noop("Counted for the verdict."), NUMBER, 10),
    ("sources", gettext_noop("Independent sources"), gettext_noop("Not the same original told twice."), NUMBER, 10),
    ("updated", gettext_noop("Updated"), gettext_noop("When this version was published."), DATE, 12),
    ("as_of", gettext_noop("As of"), gettext_noop("The day whose knowledge the verdict rests on."), DATE, 12),
    ("version", gettext_noop("Version"), gettext_noop("Of the scorecard; empty for a draft."), NUMBER, 9),
    ("method", gettext_noop("Method"), gettext_noop("Version of the method that judged."), TEXT, 9),
    *(
        (f"gap_{code}", f"gap_{code}", gettext_noop("How this group fared, −2 to 2; empty if unknown."), NUMBER, 10)
        for code in STAKEHOLDERS
    ),
    ("address", gettext_noop("Address"), gettext_noop("Where the scorecard stands."), TEXT, 44),
)


def table(sight: Sight) -> Table:
    columns = [
        replace(one, title=words.word(one.name.removeprefix("gap_"), "stakeholder"))
        if one.name.startswith("gap_")
        else one
        for one in sheets.columns(COLUMNS)
    ]
    return Table("landscape", _("Landscape"), columns, rows(sight))


def rows(sight: Sight) -> Iterator[Row]:
    """In the order of the page."""
    for entry in sight.screen.ordered:
        brand, snapshot, publication = entry.brand, entry.snapshot, entry.publication
        told: Sequence[Any] = [None] * 6
        if snapshot and publication:
            told = [
                snapshot.evidence_items,
                snapshot.independent_groups,
                timezone.localdate(publication.published_at),
                snapshot.as_of,
                publication.version,
                snapshot.method_version,
            ]
        yield [
            brand.slug,
            brand.name,
            named(brand.sector),
            brand.country,
            entry.state,
            words.word(entry.state, "outcome" if publication else "state"),
            words.word(entry.robustness, "robustness") if entry.robustness else "",
            entry.reach,
            entry.rootedness,
            page.line_of(entry).told,
            _weakest(entry),
            *told,
            *(_result(entry, code) for code in STAKEHOLDERS),
            _scorecard(sight, entry),
        ]


def _weakest(entry: Entry) -> str:
    groups, gap = entry.weakest
    if not groups:
        return ""
    return say.shown_by("landscape/weakest.html", groups=groups, gap=gap)


def _result(entry: Entry, code: str) -> int | None:
    row = entry.coverage.get(code)
    return row["result"] if row else None


def as_xlsx(sight: Sight) -> Made:
    target = io.BytesIO()
    title = f"{_('Landscape')}{colon()} {named(sight.crisis)}"
    xlsx.write(target, sheets.workbook(title, about(sight), [table(sight)]))
    return target.getvalue(), sight.file("xlsx")


def about(sight: Sight) -> list[tuple[str, str]]:
    return [
        (_("Holds"), sight.scope),
        *([(_("To bear in mind"), sight.banner)] if sight.banner else []),
        (_("In one sentence"), sight.title),
        (_("Filters"), sight.filters or _("none: everything that is published")),
        (_("Sources"), sight.sources),
        (_("As of, method, licence"), sight.standing),
        (_("Address"), sight.address),
        (_("Made on"), full_date(timezone.localdate())),
    ]


def as_csv(sight: Sight) -> Made:
    return b"".join(csv.lines(table(sight), sight.dialect)), sight.file("csv")


FORMATS: dict[str, Callable[[Sight], Made]] = {
    "pptx": as_pptx,
    "xlsx": as_xlsx,
    "csv": as_csv,
    **giving.pictures(picture),
}
