"""Files that we give out: templates to fill in, and the rows that were refused, to be corrected and sent again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from brands.importing.covering import as_shown
from brands.importing.files import FORMULA, SEPARATORS
from brands.importing.kinds import Kind
from brands.imports.report import told
from brands.models import ImportJob, ImportRow
from brands.models.importing import REFUSED_ROWS

Rows = list[list[str]]


def harmless(cell: str) -> str:
    """A text that a spreadsheet program will not run when it opens a CSV file."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def lines_in(text: str, width: int) -> int:
    """How many lines a text takes in a cell: programs that open the file do not all work it out themselves."""
    return sum(1 + len(line) // width for line in text.split("\n"))


# --- Templates --------------------------------------------------------------------------------------------------------


def template_csv(kind: Kind, language: str) -> bytes:
    """UTF-8 with its mark, so that spreadsheet programs show the accents; the separator that they expect there."""
    return as_csv(template_rows(kind, language), ";" if language == "fr" else ",")


def template_xlsx(kind: Kind, language: str) -> bytes:
    with translation.override(language):
        guide = [[_("Column"), _("What it holds")], *([kind.label(one), kind.hint(one)] for one in kind.offered)]
        sheets = {_("Rows"): template_rows(kind, language), _("Guide"): guide}
    return as_xlsx(sheets)


def template_rows(kind: Kind, language: str) -> Rows:
    with translation.override(language):
        header = [kind.label(column) for column in kind.offered]
    return [header, [kind.example_cell(column, language) for column in kind.offered]]


# --- Refused rows -----------------------------------------------------------------------------------------------------


def refused_rows(job: ImportJob, reader: Any = None) -> Rows:
    """Without what this reader must not see."""
    rows: Iterable[ImportRow] = ImportRow.objects.filter(job=job, outcome__in=REFUSED_ROWS).order_by("number")
    if reader is not None:
        rows = as_shown(job, rows, reader)
    width = len(job.header)
    header = [*job.header, _("Row"), _("Reason")]
    return [header, *([*padded(row.cells, width), str(row.number), reason(row)] for row in rows)]


def padded(cells: list[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def reason(row: ImportRow) -> str:
    return " ".join(text for _column, _code, text in told(row.messages))


def refused_file(job: ImportJob, reader: Any = None) -> tuple[bytes, str]:
    """The rows in the format in which they came, and the ending of its name."""
    if job.reading.get("format") == "xlsx":
        return as_xlsx({_("Rows"): refused_rows(job, reader)}), "xlsx"
    separator = job.reading.get("separator", ",")
    return as_csv(refused_rows(job, reader), separator if separator in SEPARATORS else ","), "csv"


# --- Writing ----------------------------------------------------------------------------------------------------------


def as_csv(rows: Iterable[list[str]], separator: str) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=separator)
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: dict[str, Rows]) -> bytes:
    """Cells typed as text: nothing in them is a formula, a link or a number that loses its zeros."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        text = workbook.add_format({"num_format": "@"})
        bold = workbook.add_format({"bold": True, "num_format": "@", "bottom": 1})
        for name, rows in sheets.items():
            fill(workbook.add_worksheet(name[:31]), rows, text, bold)
    return target.getvalue()


def fill(sheet: Any, rows: Rows, text: Any, bold: Any) -> None:
    for place, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write_string(place, column, cell, text if place else bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(rows[0]) - 1, 0), 22, text)
