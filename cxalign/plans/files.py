"""The plan as files for a spreadsheet: text stays text, dates are dates, nothing in them runs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from brands.importing.giving_out import as_csv
from cxalign.plans.models import Plan
from cxalign.plans.reading import GROUPS, Card, PlanView, in_board_order
from cxalign.plans.telling import label_of, value_of
from cxalign.practices.models import Category

Cell = str | int | date | None

FIELDS = (
    *("title", "description", "category", "stakeholders", "standing", "origin", "horizon", "aside_reason"),
    *("problem", "promise_ref", "expected_gap", "mission_fit", "need", "feasibility", "fits", "owner", "due_on"),
    *("dependencies", "proof", "practice"),
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
        return "; ".join(scenario.text for scenario in item.fits.all())
    value = getattr(item, name)
    if value is None or isinstance(value, int | date):
        return value
    if name in ("problem", "practice", "title", "description"):
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
            "head": book.add_format({"bold": True, "num_format": "@", "bottom": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
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
        _("Actions"): [[*header()], *(row_of(card) for card in in_board_order(view.cards))],
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
        [_("Brand"), plan.brand.name if plan.brand else ""],
        [_("Mission"), plan.mission],
        [_("Scenarios"), "; ".join(scenarios)],
        [_("Starts on"), plan.starts_on],
        ["Do Now", view.until("now")],
        ["Do Next", view.until("next")],
        ["Do Later", view.until("later")],
        ["", ours],
        [_("Categories"), ", ".join(str(category.label) for category in Category)],
        [_("Written on"), timezone.localtime().strftime("%Y-%m-%d %H:%M %Z")],
    ]


def fill(sheet: Any, rows: Sequence[Sequence[Cell]], styles: dict[str, Any]) -> None:
    for place, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, date) and not isinstance(cell, datetime):
                sheet.write_datetime(place, column, datetime.combine(cell, datetime.min.time()), styles["day"])
            elif isinstance(cell, int):
                sheet.write_number(place, column, cell)
            elif cell:
                sheet.write_string(place, column, cell, styles["text" if place else "head"])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(rows[0]) - 1, 0), 24)
