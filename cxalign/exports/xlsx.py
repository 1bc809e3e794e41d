"""Tables as a workbook: typed cells, a frozen header, no formula, no link that a cell could hide, no macro."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from brands.importing.giving_out import lines_in
from cxalign.exports.tables import Column, Kind, Table, Value, Workbook, harmless

OPTIONS = {
    "constant_memory": True,  # a row is on disk before the next one comes, however many there are
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
LONGEST_CELL = 32_767
LONGEST_NAME = 31
ABOUT_WIDTH = 96
LINE, MOST_LINES = 15, 27
"""One line in points; a row cannot be higher than 409."""
FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}

Progress = Callable[[int], None]


def write(target: IO[bytes] | Path, workbook: Workbook, told: Progress = lambda done: None) -> None:
    """Write it all. ``told`` hears after each row how many rows are written."""
    options = {**OPTIONS, "tmpdir": str(target.parent)} if isinstance(target, Path) else OPTIONS
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        book.set_properties({"title": workbook.title, "subject": workbook.subject, "created": _now()})
        formats = _Formats(book)
        _about(book, workbook, formats)
        done = 0
        for table in workbook.tables:
            done = _fill(book, table, formats, done, told)
        _dictionary(book, workbook, formats)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class _Formats:
    def __init__(self, book: Any) -> None:
        self.text = book.add_format({**FONT, "num_format": "@"})
        self.wrapped = book.add_format({**FONT, "num_format": "@", "text_wrap": True})
        self.strong = book.add_format({**FONT, "num_format": "@", "bold": True})
        self.title = book.add_format({**FONT, "num_format": "@", "bold": True, "font_size": 16, "font_name": "Georgia"})
        self.header = book.add_format(
            {**FONT, "num_format": "@", "bold": True, "bottom": 2, "bg_color": "#F3F0E9", "text_wrap": True}
        )
        self.date = book.add_format({**FONT, "num_format": "yyyy-mm-dd", "align": "left"})
        self.number = book.add_format({**FONT, "num_format": "General"})


def _about(book: Any, workbook: Workbook, formats: _Formats) -> None:
    sheet = book.add_worksheet(sheet_name(workbook.about_title))
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, ABOUT_WIDTH)
    sheet.write_string(0, 0, harmless(workbook.title), formats.title)
    for place, (label, text) in enumerate(workbook.about, start=2):
        _make_room(sheet, place, [(text, ABOUT_WIDTH)])
        sheet.write_string(place, 0, harmless(label), formats.strong)
        sheet.write_string(place, 1, harmless(text)[:LONGEST_CELL], formats.wrapped)


def _fill(book: Any, table: Table, formats: _Formats, done: int, told: Progress) -> int:
    sheet = book.add_worksheet(sheet_name(table.title))
    _head(sheet, [column.title for column in table.columns], [column.width for column in table.columns], formats)
    last = 0
    wrapped = [(place, column.width) for place, column in enumerate(table.columns) if _is_long(column)]
    for last, row in enumerate(table.rows, start=1):
        _make_room(sheet, last, [(row[place], width) for place, width in wrapped])
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _write(sheet, last, place, column, value, formats)
        told(done + last)
    sheet.autofilter(0, 0, max(last, 1), len(table.columns) - 1)
    return done + last


def _make_room(sheet: Any, row: int, wrapped: Sequence[tuple[Value, int]]) -> None:
    """As high as its longest text, before anything is written into it."""
    lines = max((lines_in(text, width * 11 // 10) for text, width in wrapped if isinstance(text, str)), default=1)
    if lines > 1:
        sheet.set_row(row, LINE * min(lines, MOST_LINES))


def _head(sheet: Any, titles: Sequence[str], widths: Sequence[int], formats: _Formats) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    for place, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, formats.header)


def _write(sheet: Any, row: int, place: int, column: Column, value: Value, formats: _Formats) -> None:
    """Each value as what it is. A partial date, such as 2020-04, stays text: a cell knows whole days only."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value, formats.number)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, place, float(value) if isinstance(value, Decimal) else value, formats.number)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, formats.date)
    else:
        sheet.write_string(
            row, place, harmless(value)[:LONGEST_CELL], formats.wrapped if _is_long(column) else formats.text
        )


def _is_long(column: Column) -> bool:
    return column.kind is Kind.TEXT and column.width > 30


def _dictionary(book: Any, workbook: Workbook, formats: _Formats) -> None:
    """What every column of every sheet holds."""
    sheet = book.add_worksheet(sheet_name(workbook.dictionary_title))
    _head(sheet, workbook.dictionary_header, (18, 26, 26, 90), formats)
    place = 0
    for table in workbook.tables:
        for column in table.columns:
            place += 1
            for where, text in enumerate((table.title, column.title, column.name, column.meaning)):
                sheet.write_string(place, where, harmless(text), formats.wrapped if where == 3 else formats.text)


_FORBIDDEN = str.maketrans("[]:*?/\\", "-------")


def sheet_name(title: str) -> str:
    return title.translate(_FORBIDDEN).strip("'")[:LONGEST_NAME]
