"""Bytes → cells: limits before everything else, UTF-8 strictly, RFC 4180."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from brands.imports.report import Problem, shown

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL = 20_000

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OTHER_SEPARATORS = (";", "\t")

# The limit of the csv module is one for the whole process: set here once, never while a file is read. MAX_CELL is the
# smaller one, and its message names the cell.
csv.field_size_limit(MAX_BYTES)


class UnusableError(Exception):
    """A file that cannot be read, so that none of its rows can be checked."""

    def __init__(self, file: str, code: str, message: str, *, row: int = 0, column: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(file, row, column, code, message)


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file. ``rows`` holds each row under the number that a spreadsheet shows."""

    file: str
    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]


def read_file(path: Path) -> bytes:
    """The bytes of a file; one byte over the limit is enough to know that it is too large."""
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        message = _("The file cannot be opened (%(reason)s): check its rights.") % {"reason": error.strerror or error}
        raise UnusableError(path.name, "unreadable", message) from error


def read_table(file: str, data: bytes) -> Table:
    check_size(file, data)
    numbered = [(number, cells) for number, cells in enumerate(records(file, decode(file, data)), start=1)]
    if not numbered or not any(numbered[0][1]):
        raise UnusableError(file, "empty", _("The file has no header: its first row must name the columns."), row=1)
    header = tuple(numbered[0][1])
    check_separator(file, header)
    return Table(file, header, [(number, cells) for number, cells in numbered[1:] if any(cells)])


def check_size(file: str, data: bytes) -> None:
    if len(data) > MAX_BYTES:
        limit = {"limit": MAX_BYTES // 1024 // 1024}
        raise UnusableError(file, "too_large", _("The file is over %(limit)s MB: split it.") % limit)


def decode(file: str, data: bytes) -> str:
    """The text, without the optional byte order mark."""
    data = data.removeprefix(BYTE_ORDER_MARK)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = row_at(data, error.start)
        message = _(
            "Byte %(position)s of the file (hexadecimal %(byte)s) is not UTF-8 text: "
            "save the file again as “CSV UTF-8”."
        ) % {"position": error.start + 1, "byte": f"{data[error.start]:02X}"}
        raise UnusableError(file, "not_utf8", message, row=row) from error


def row_at(data: bytes, position: int) -> int:
    """The row in which a byte stands; line ends inside quotation marks start no row."""
    before = data[:position].decode("utf-8")
    return sum(1 for _cells in csv.reader(io.StringIO(f"{before}x", newline="")))


def records(file: str, text: str) -> Iterator[list[str]]:
    """The records of the file one by one, so that a limit that is passed ends the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            check_limits(file, row, cells)
            yield cells
    except csv.Error as error:
        message = _(
            "The quotation marks of this row do not match: put a cell that holds a comma, a quotation mark "
            "or a line end in quotation marks, and double those inside."
        )
        raise UnusableError(file, "broken_quotes", message, row=row + 1) from error


def check_limits(file: str, row: int, cells: list[str]) -> None:
    if row > MAX_ROWS + 1:
        raise UnusableError(
            file, "too_many_rows", _("The file has over %(limit)s rows: split it.") % {"limit": MAX_ROWS}
        )
    if len(cells) > MAX_COLUMNS:
        message = _("The row has %(count)s cells, and %(limit)s are allowed: remove the columns that are too many.")
        counts = {"count": len(cells), "limit": MAX_COLUMNS}
        raise UnusableError(file, "too_many_columns", message % counts, row=row)
    length = max(map(len, cells), default=0)
    if length > MAX_CELL:
        message = _("Cell %(number)s has %(length)s characters, and %(limit)s are allowed: shorten it.")
        longest = [len(cell) for cell in cells].index(length) + 1
        counts = {"number": longest, "length": length, "limit": MAX_CELL}
        raise UnusableError(file, "cell_too_long", message % counts, row=row)


def check_separator(file: str, header: tuple[str, ...]) -> None:
    """A header that is one long cell was written with another separator; say so instead of "unknown column"."""
    used = next((mark for mark in OTHER_SEPARATORS if len(header) == 1 and mark in header[0]), "")
    if used:
        message = _("The cells are separated by “%(mark)s”: save the file again with commas.") % {"mark": shown(used)}
        raise UnusableError(file, "separator", message, row=1)
