"""A comparison taken away: one slide, one sheet, or a picture, in the words of its page."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_safe

from cxalign.exports import drawings, xlsx
from cxalign.exports.naming import file_name
from cxalign.exports.slides import (
    Block,
    Cell,
    Deck,
    Gap,
    Grid,
    Heading,
    Line,
    Paragraph,
    Placed,
    Plots,
    Run,
    Slide,
    cell,
    line,
    plain,
)
from cxalign.exports.tables import Column as SheetColumn
from cxalign.exports.tables import Table, Value
from cxalign.pages import comparison as page
from cxalign.pages import words
from cxalign.pages.errors import bad_request
from cxalign.pages.exporting import giving, sheets
from cxalign.pages.exporting import sentences as say
from cxalign.pages.exporting.deck import definitions
from cxalign.pages.exporting.edition import colon
from cxalign.pages.exporting.files import Made
from cxalign.pages.frame import slugs_in
from cxalign.templatetags.cxalign import full_date, here, in_a_row, named, page_language, territory
from scoring.charts import Standing
from scoring.comparisons import FEWEST, MOST, STAKEHOLDERS, WARNINGS, Column, Comparison, Row, comparison
from scoring.landscapes import crises_on_view

FIRST_ON_THE_SLIDE = (
    *("verdict", "robustness", "gaps", "as_of", "evidence", "rootedness", "signals", "initiative", "indices"),
    "promises",
)
"""Which groups of rows stay on the slide while there is room; the others are in its notes."""


@dataclass(frozen=True)
class Sight:
    """Which brands stand side by side, and which rows of theirs are asked for."""

    found: Comparison
    only: bool
    crisis: str
    """The one named in the address, if any."""

    @cached_property
    def groups(self) -> list[page.Group]:
        return page.groups_of(self.found, only=self.only)

    @property
    def columns(self) -> Sequence[Column]:
        return self.found.columns

    @property
    def names(self) -> str:
        return ", ".join(column.brand.name for column in self.columns)

    @property
    def days(self) -> list[date]:
        return [column.snapshot.as_of for column in self.columns if column.snapshot]

    @property
    def standing(self) -> str:
        return giving.standing(self.days, [one.snapshot.method_version for one in self.columns if one.snapshot])

    @property
    def address(self) -> str:
        more = {"only": page.DIFFERENCES} if self.only else {}
        return settings.BASE_URL + page.address([one.brand.slug for one in self.columns], self.crisis, **more)

    @property
    def under(self) -> str:
        """The sentence below the heading of the page."""
        told = ngettext(
            "%(count)s brand side by side, %(crisis)s. Nothing is added up, and no order is a ranking.",
            "%(count)s brands side by side, %(crisis)s. Nothing is added up, and no order is a ranking.",
            len(self.columns),
        )
        return told % {"count": len(self.columns), "crisis": named(self.found.crisis)}

    @property
    def warnings(self) -> list[str]:
        return [here(WARNINGS[code]) for code in self.found.warnings]

    @property
    def sources(self) -> str:
        judged = [(one.brand.name, one.publication, one.snapshot) for one in self.columns]
        told = [
            f"{name} v{publication.version} ({full_date(snapshot.as_of)})"
            for name, publication, snapshot in judged
            if publication and snapshot
        ]
        return giving.published_by_us(", ".join(told))

    def file(self, ending: str) -> str:
        slugs = "-".join(one.brand.slug for one in self.columns)[:80]
        day = max(self.days, default=timezone.localdate()).isoformat()
        return file_name("compare", slugs, self.found.crisis.slug, day, page_language(), ending=ending)


@require_safe
def export(request: HttpRequest, format: str) -> HttpResponse:
    """The comparison of the same query string. A brand that is not public is one that does not exist."""
    query = request.GET.copy()
    for name in giving.OWN:
        query.pop(name, None)
    slugs = slugs_in(query)[:MOST]
    crises = {one.slug: one for one in crises_on_view()}
    found = comparison(slugs, crises.get(query.get("crisis", "")))
    if found is None or len(found.columns) < max(FEWEST, len(slugs)):
        raise Http404
    if _not_understood(query, crises):
        return bad_request(request)
    sight = Sight(found, query.get("only") == page.DIFFERENCES, query.get("crisis", ""))
    return giving.given(request, format, FORMATS, lambda: sight)


def _not_understood(query: QueryDict, crises: dict[str, Any]) -> bool:
    known = {"crisis": {"", *crises}, "only": {"", page.DIFFERENCES}}
    wrong = [value for name, values in known.items() for value in query.getlist(name) if value not in values]
    return bool(wrong) or any(name not in page.OWN for name in query)


# --- The slide --------------------------------------------------------------------------------------------------------


def as_pptx(sight: Sight) -> Made:
    return giving.presentation(deck_of(sight)), sight.file("pptx")


def deck_of(sight: Sight) -> Deck:
    empty = giving.deck(sight, f"{_('Compare')}{colon()} {sight.names}")
    return replace(empty, slides=[_slide(sight, empty)])


def _slide(sight: Sight, deck: Deck) -> Slide:
    """The dot plots, and as many groups of rows as one slide holds, those that matter most first."""
    drawn = giving.fits(_with(sight, ["verdict"], drawn=True), deck)
    kept: list[str] = ["verdict"]
    for code in FIRST_ON_THE_SLIDE[1:]:
        if not (drawn and code == "gaps") and giving.fits(_with(sight, [*kept, code], drawn=drawn), deck):
            kept.append(code)
    return _with(sight, kept, drawn=drawn)


def _with(sight: Sight, codes: Sequence[str], *, drawn: bool) -> Slide:
    shown = [group for group in sight.groups if group.code in codes]
    left_out = [group for group in sight.groups if group.code not in codes]
    main: list[Block] = [Paragraph(line(Run(sight.under, muted=True)), "small")]
    main += [Paragraph(line(Run(text, strong=True)), "small") for text in sight.warnings]
    main += [grid(sight, shown), *([plots(sight)] if drawn else [])]
    if left_out:
        titles = ", ".join(group.title for group in left_out)
        told = _("In the notes of this slide: %(rows)s.") % {"rows": titles}
        main.append(Paragraph(line(Run(told, muted=True)), "small"))
    notes = [*_said(sight, left_out), *_defined(sight), *_sources_in_full(sight)]
    return Slide("compare", title_of(sight), main, sources=sight.sources, notes=notes)


def title_of(sight: Sight) -> str:
    states = {column.state for column in sight.columns}
    names = {"brands": sight.names}
    if not all(column.publication for column in sight.columns):
        return _("Not every one of these brands has a verdict: %(brands)s") % names
    if len(states) == 1:
        return _("These brands come to the same verdict, “%(verdict)s”: %(brands)s") % {
            **names,
            "verdict": words.word(states.pop(), "outcome"),
        }
    return _("These brands come to different verdicts: %(brands)s") % names


def grid(sight: Sight, groups: Sequence[page.Group]) -> Grid:
    columns = [Heading(named(sight.found.crisis), 1.5), *(Heading(column.brand.name, 1.4) for column in sight.columns)]
    rows: list[list[Cell]] = []
    for group in groups:
        if not group.is_single:
            rows.append([cell(Run(group.title, strong=True, muted=True), heads=True, span=len(columns))])
        rows += [_row(sight, group, label, row) for label, row in group.rows]
    if not rows:
        same = _("These scorecards say the same in every row.")
        rows.append([cell(same, span=len(columns))])
    return Grid("", columns, rows)


def _row(sight: Sight, group: page.Group, label: str, row: Row) -> list[Cell]:
    pairs = zip(sight.columns, row.values, strict=True)
    return [cell(label, heads=True), *(_cell(column, group, row, value) for column, value in pairs)]


def _cell(column: Column, group: page.Group, row: Row, value: Any) -> Cell:
    if group.code == "verdict":
        word = words.word(value, "outcome" if column.publication else "state")
        return cell(Run(word, strong=True, tone=words.tone(value)), mark=words.tone(value))
    if not column.publication:
        return cell(Run("–", muted=True))
    if group.code == "promises":
        return cell(*_promises(value))
    told = said(column, group, row, value)
    if group.code == "gaps":
        established = value["applicable"] and value["result"] is not None
        mark = words.gap_tone(value["result"]) if established else ""
        return cell(told, mark=mark, hatched=value["applicable"] and value["status"] == "undocumented")
    return cell(told, hatched=bool(row.unknown_of(column)))


def _promises(value: Sequence[Any]) -> list[Line]:
    """All of them: where the page leads on to the scorecard, a file cannot."""
    central = _("central")
    return [
        line(say.typed(one["statement"]), Run(f" ({central})", muted=True) if one["weight"] == "central" else "")
        for one in value
    ] or [line(Run(_("We found none"), muted=True))]


def said(column: Column, group: page.Group, row: Row, value: Any) -> str:
    """What the cell of the page says."""
    template = "compare/result.html" if group.code == "gaps" else "compare/value.html"
    return say.shown_by(template, column=column, group=group, row=row, value=value)


def _said(sight: Sight, groups: Sequence[page.Group]) -> list[str]:
    """Rows that the slide has no room for, a line each."""
    told = []
    for group in groups:
        for label, row in group.rows:
            cells = _row(sight, group, label, row)[1:]
            of_each = [
                f"{column.brand.name} – {', '.join(plain(one) for one in each.lines)}"
                for column, each in zip(sight.columns, cells, strict=True)
            ]
            told.append(f"{group.title}, {label}{colon()} {in_a_row(of_each)}")
    return told


def _defined(sight: Sight) -> list[str]:
    documents = [column.document for column in sight.columns if column.document]
    told = [one for document in documents for one in definitions("verdict", document)]
    return [*dict.fromkeys(told), _("“Undocumented” means that we found nothing, not that the brand did nothing.")]


def _sources_in_full(sight: Sight) -> list[str]:
    """Of each brand, what its verdict cites."""
    told = []
    for column in sight.columns:
        if column.document:
            numbers = say.cited_in(here(column.document["explanation"]))
            found = say.sources_in_full(column.document, numbers)
            told += [f"{column.brand.name}{colon()} {here(column.document['explanation'])}", *found]
    return told


# --- The picture ------------------------------------------------------------------------------------------------------


def picture(sight: Sight) -> drawings.Picture:
    under = " ".join([sight.under, *sight.warnings])
    return giving.picture(sight, title_of(sight), under, grid(sight, sight.groups), plots(sight))


def plots(sight: Sight) -> Plots:
    """The dot plots of the page."""
    drawn = [page.plot_of(code, sight.columns) for code in STAKEHOLDERS]
    return Plots(
        [(words.word(one.stakeholder, "stakeholder"), [_placed(row) for row in one.standings]) for one in drawn]
    )


def _placed(standing: Standing) -> Placed:
    if not standing.known:
        return Placed(standing.name, None, standing.word)
    name = f"{standing.name}{colon()} {standing.word}"
    return Placed(standing.name, Gap(standing.gap, words.gap_tone(standing.gap), name), standing.word)


# --- The sheet --------------------------------------------------------------------------------------------------------

TEXT, NUMBER = sheets.TEXT, sheets.NUMBER
ROWS: tuple[sheets.Described, ...] = (
    ("group", gettext_noop("Group of rows"), gettext_noop("The heading that the row stands under."), TEXT, 28),
    ("row", gettext_noop("Row"), gettext_noop("What is compared."), TEXT, 28),
    ("code", gettext_noop("Row (code)"), gettext_noop("The same for programs."), TEXT, 20),
)
TYPED = ("proofs", "independent_groups", "version")
"""Rows whose values are numbers and nothing else."""


def table(sight: Sight) -> Table:
    meaning = _("What the scorecard of this brand says.")
    columns = [
        *sheets.columns(ROWS),
        *(SheetColumn(one.brand.slug, one.brand.name, meaning, TEXT, 32) for one in sight.columns),
    ]
    rows = [
        [group.title, label, f"{group.code}.{row.code}", *_values(sight, group, label, row)]
        for group in sight.groups
        for label, row in group.rows
    ]
    return Table("compare", _("Compare"), columns, rows)


def _values(sight: Sight, group: page.Group, label: str, row: Row) -> list[Value]:
    cells = _row(sight, group, label, row)[1:]
    return [
        _value(column, row, value, "\n".join(plain(one) for one in each.lines))
        for column, value, each in zip(sight.columns, row.values, cells, strict=True)
    ]


def _value(column: Column, row: Row, value: Any, told: str) -> Value:
    """Numbers and days as such, all else in the words of the page; empty where there is no verdict to say it."""
    if not column.publication and row.group != "verdict":
        return None
    if row.code in TYPED:
        return int(value)
    return date.fromisoformat(value) if row.code == "as_of" else told


def as_xlsx(sight: Sight) -> Made:
    target = io.BytesIO()
    title = f"{_('Compare')}{colon()} {sight.names}"
    xlsx.write(target, sheets.workbook(title, about(sight), [table(sight)]))
    return target.getvalue(), sight.file("xlsx")


def about(sight: Sight) -> list[tuple[str, str]]:
    """What the file is, for whoever opens it far from the page."""
    homes = in_a_row(
        f"{one.brand.name} ({named(one.brand.sector)}, {territory(one.brand.country)})" for one in sight.columns
    )
    return [
        (_("Brands"), homes),
        (_("Crisis"), named(sight.found.crisis)),
        (_("Rows"), _("Differences only") if sight.only else _("All")),
        *((_("To bear in mind"), text) for text in sight.warnings),
        (_("Sources"), sight.sources),
        (_("As of, method, licence"), sight.standing),
        (_("Address"), sight.address),
        (_("Made on"), full_date(timezone.localdate())),
    ]


FORMATS: dict[str, Callable[[Sight], Made]] = {"pptx": as_pptx, "xlsx": as_xlsx, **giving.pictures(picture)}
