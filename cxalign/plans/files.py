"""The plan as files for a spreadsheet: text stays text, dates are dates, nothing in them runs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from brands.importing.giving_out import as_csv, lines_in
from cxalign.plans.models import ACTIVE, Plan
from cxalign.plans.reading import GROUPS, Card, PlanView, column_names, gloss_of, in_board_order
from cxalign.plans.telling import in_a_row, label_of, value_of
from cxalign.practices.models import Category

Cell = str | int | date | None

FIELDS = (
    *("title", "description", "category", "stakeholders", "standing", "origin", "horizon", "aside_reason"),
    *("problem", "promise_ref", "expected_gap", "mission_fit", "need", "feasibility", "fits", "owner", "due_on"),
    *("waits_for", "dependencies", "proof", "practice"),
)


def file_name(plan: Plan, ending: str, language: str) -> str:
    day = timezone.localdate().isoformat()
    return f"plan_{slugify(plan.title)[:60] or plan.pk}_{day}_{language}.{ending}"


def header() -> list[str]:
    return [*(label_of(name) for name in FIELDS), _("Why it stands there"), _("To re-check")]


def row_of(card: Card) -> list[Cell]:
    return [*(cell_of(card, name) for name in FIELDS), card.reason.text if card.reason else "", yes(card.item.recheck)]


def cell_of(card: Card, name: str) -> Cell:
    item = card.item
    if name == "promise_ref":
        return f"{card.promise.number}. {card.promise.here}" if card.promise else ""
    if name == "expected_gap":
        return card.gap_words
    if name == "fits":
        return in_a_row(scenario.text for scenario in item.fits.all())
    if name == "waits_for":
        return in_a_row(one.title for one in card.waits_for)
    if name == "practice":
        return str(card.practice or "")
    value = getattr(item, name)
    if value is None or isinstance(value, int | date):
        return value
    if name in ("problem", "title", "description"):
        return str(value)
    return "" if value in ("", ()) else value_of(name, value)


def yes(value: bool) -> str:
    return _("yes") if value else ""


# --- CSV --------------------------------------------------------------------------------------------------------------


def as_csv_file(view: PlanView, language: str) -> bytes:
    """One action a line; French spreadsheets expect semicolons."""
    rows = [[plain(cell) for cell in row_of(card)] for card in in_board_order(view.cards)]
    return as_csv([header(), *rows], ";" if language == "fr" else ",")


def plain(cell: Cell) -> str:
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)


# --- XLSX -------------------------------------------------------------------------------------------------------------


def as_xlsx_file(view: PlanView) -> bytes:
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        styles = {
            "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "head": book.add_format({"bold": True, "num_format": "@", "bottom": 1, "text_wrap": True, "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
            "number": book.add_format({"valign": "top", "align": "left"}),
        }
        for name, rows in sheets(view).items():
            fill(book.add_worksheet(name[:31]), rows, styles)
    return target.getvalue()


def sheets(view: PlanView) -> dict[str, list[Any]]:
    problems = [
        [one.what, one.whom, value_of("basis", one.basis), one.evidence, one.address, one.question]
        for one in view.problems
    ]
    names = ("what", "whom", "basis", "evidence", "address", "question")
    return {
        _("Read me"): about(view),
        pgettext("of a plan", "Actions"): [[*header()], *(row_of(card) for card in in_board_order(view.cards))],
        _("Problems"): [[label_of(name) for name in names], *problems],
        _("Promises"): [
            [_("Number"), _("Promise"), _("Made to"), _("Published")],
            *(
                [one.number, one.here, ", ".join(str(GROUPS[code]) for code in one.stakeholders), yes(one.is_published)]
                for one in view.promises
            ),
        ],
        _("Blind spots"): [[_("Blind spot"), _("Practices")], *([one.text, one.practices] for one in view.blind_spots)],
    }


def about(view: PlanView) -> list[list[Cell]]:
    plan = view.plan
    scenarios = [f"{one.text}{'' if one.retained else ' (' + _('not retained') + ')'}" for one in view.scenarios]
    ours = _("Do Next and Do Later are our reading: the articles announce them without defining them.")
    return [
        [_("Plan"), plan.title],
        [_("Brand"), plan.known_brand.name if plan.known_brand else ""],
        [_("Mission"), plan.mission],
        [_("Scenarios"), in_a_row(scenarios)],
        [_("Starts on"), plan.starts_on],
        *_horizons(view),
        ["", ours],
        [_("Categories"), ", ".join(str(category.label) for category in Category)],
        [_("Written on"), timezone.localtime().strftime("%Y-%m-%d %H:%M %Z")],
    ]


def _horizons(view: PlanView) -> list[list[Cell]]:
    return [[_glossed(code), view.until(code)] for code in ACTIVE]


def _glossed(horizon: str) -> str:
    return " – ".join(filter(None, [column_names()[horizon], gloss_of(horizon)]))


NARROW, WIDE, ROW = 12, 40, 15
"""Columns in characters, and one line of text in points."""


def fill(sheet: Any, rows: Sequence[Sequence[Cell]], styles: dict[str, Any]) -> None:
    widths = [width_of(column) for column in zip_longest(*rows, fillvalue="")]
    for place, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            write(sheet, place, column, cell, styles)
        lines = max((lines_of(cell, widths[column]) for column, cell in enumerate(cells)), default=1)
        sheet.set_row(place, ROW * min(lines, 26))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def write(sheet: Any, place: int, column: int, cell: Cell, styles: dict[str, Any]) -> None:
    if isinstance(cell, date) and not isinstance(cell, datetime):
        sheet.write_datetime(place, column, datetime.combine(cell, datetime.min.time()), styles["day"])
    elif isinstance(cell, int):
        sheet.write_number(place, column, cell, styles["number"])
    elif cell:
        sheet.write_string(place, column, cell, styles["text" if place else "head"])


def width_of(column: Sequence[Cell]) -> int:
    """Wide enough for most of what stands in it: long texts go over several lines."""
    return min(max(NARROW, *(len(plain(cell)) + 2 for cell in column)), WIDE)


def lines_of(cell: Cell, width: int) -> int:
    return lines_in(plain(cell), width)
