"""Bytes as office programs write them → cells, within the limits of the strict reader."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from brands.importing.spreadsheets import ZIP, read_workbook
from brands.imports.reading import Table, UnusableError, check_limits, check_size

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO-8859-15",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
}
SEPARATORS = {",": ",", ";": ";", "\t": "tab", "|": "|"}
SINGLE_BYTE = ("cp1252", "iso8859-15", "mac_roman", "cp850")
LIKELY = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆñÑáíóúßåøÅØ’‘“”«»–—…€£°·\u00a0§²³©®")
"""What French and English texts hold beyond ASCII. In a wrong encoding most of it turns into something else."""
SEPARATOR_LINE = re.compile(r"sep=([,;\t|])[,;\t|]*\r?\n", re.IGNORECASE)
"""What some spreadsheet programs write first. It is no row of the table."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet program take a text for a formula."""
SAMPLE_ROWS = 50
SAMPLE_BYTES = 64 * 1024

Fits = Callable[[tuple[str, ...]], int]
"""How many cells of a header name a column that we know."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read. What is empty is found out."""

    format: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was read, and how."""

    table: Table
    reading: Reading


def read_upload(name: str, data: bytes, fits: Fits, reading: Reading = Reading()) -> Upload:
    """The cells of a CSV file or a workbook. Its ending, its first bytes and its structure must say the same."""
    check_size(name, data)
    ending = name.rpartition(".")[2].lower()
    check_ending(name, ending, data)
    if ending == "xlsx":
        table, sheet = read_workbook(name, data)
        return Upload(with_header(table), Reading("xlsx", sheet=sheet))
    return read_text(name, data, fits, replace(reading, format="csv"))


def check_ending(name: str, ending: str, data: bytes) -> None:
    if ending not in ("csv", "txt", "tsv", "xlsx"):
        message = _("The name must end in .csv or .xlsx: save the file as one of these.")
        raise UnusableError(name, "unknown_format", message)
    if (ending == "xlsx") != data.startswith(ZIP):
        message = _("The ending of the name and the content do not agree: save the file again as .csv or .xlsx.")
        raise UnusableError(name, "wrong_content", message)


def with_header(table: Table) -> Table:
    if not any(cell.strip() for cell in table.header):
        message = _("The file has no header: its first row must name the columns.")
        raise UnusableError(table.file, "empty", message, row=1)
    return table


# --- Text -------------------------------------------------------------------------------------------------------------


def read_text(name: str, data: bytes, fits: Fits, reading: Reading) -> Upload:
    encoding = reading.encoding or guess_encoding(data)
    text = decode(name, data, encoding)
    named = SEPARATOR_LINE.match(text)
    separator = reading.separator or (named[1] if named else guess_separator(text, fits))
    return Upload(cut(name, text, separator), replace(reading, encoding=encoding, separator=separator))


def cut(name: str, text: str, separator: str) -> Table:
    """The first row that holds anything names the columns, whatever its number; rows keep those of the file."""
    numbered = [(number, cells) for number, cells in enumerate(records(name, text, separator), 1) if any(cells)]
    if numbered and SEPARATOR_LINE.match(text):
        del numbered[0]
    header = tuple(numbered[0][1]) if numbered else ()
    rows = [(number, [as_written(cell) for cell in cells]) for number, cells in numbered[1:]]
    return with_header(Table(name, header, rows))


def as_written(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet program from running a text: ours, in files that we give out."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def records(name: str, text: str, separator: str) -> Iterator[list[str]]:
    row = 0
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            check_limits(name, row, cells)
            yield cells
    except csv.Error as error:
        message = _("The quotation marks of this row do not match: double those inside a cell, and close each cell.")
        raise UnusableError(name, "broken_quotes", message, row=row + 1) from error


def decode(name: str, data: bytes, encoding: str) -> str:
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        text.encode()  # a lone surrogate is no text
    except UnicodeError as error:
        message = _("The file is not %(encoding)s text: choose another encoding, or save it again as “CSV UTF-8”.")
        named = {"encoding": ENCODINGS.get(encoding, encoding)}
        raise UnusableError(name, "wrong_encoding", message % named) from error
    if "\x00" in text:
        raise UnusableError(name, "wrong_content", _("This is not a text file: save it again as .csv or .xlsx."))
    return text


def guess_encoding(data: bytes) -> str:
    """UTF-8 if it is that; else whichever usual encoding makes the most ordinary text of the bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in data[:SAMPLE_BYTES]:
        return guess_utf16(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return guess_single_byte(unusual(data))
    return "utf-8"


def guess_utf16(data: bytes) -> str:
    """UTF-16 without its mark: every second byte of western text is zero."""
    zeros = data[:SAMPLE_BYTES].count(b"\x00") * 2
    if abs(zeros - min(len(data), SAMPLE_BYTES)) > min(len(data), SAMPLE_BYTES) // 5:
        return "utf-8"
    return "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"


def unusual(data: bytes) -> bytes:
    """The lines that hold more than ASCII, as many as a guess needs."""
    some = islice((line for line in data.splitlines() if not line.isascii()), 2_000)
    return b"\n".join(some)[:SAMPLE_BYTES]


def guess_single_byte(sample: bytes) -> str:
    found = from_bytes(sample, cp_isolation=list(SINGLE_BYTE)).best()
    favourite = found.encoding if found else ""
    return max(SINGLE_BYTE, key=lambda encoding: (plausibility(sample, encoding), encoding == favourite))


def plausibility(sample: bytes, encoding: str) -> int:
    """Ordinary letters count for the encoding, controls and oddities against it."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return -len(sample)
    beyond = [char for char in text if not char.isascii()]
    return sum(2 if char in LIKELY else -3 if "\x80" <= char <= "\x9f" else -1 for char in beyond)


def guess_separator(text: str, fits: Fits) -> str:
    """The separator under which the header names most of our columns, then the one that makes even rows."""

    def merit(mark: str) -> tuple[int, int, int]:
        rows = sample_rows(text, mark)
        widths = [len(cells) for cells in rows if any(cells)]
        if not widths or widths[0] < 2:
            return (fits(tuple(rows[0])) if rows else 0, 0, 0)
        return fits(tuple(rows[0])), sum(width == widths[0] for width in widths), widths[0]

    return max(SEPARATORS, key=merit)


def sample_rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(islice(csv.reader(io.StringIO(text[:SAMPLE_BYTES], newline=""), delimiter=separator), SAMPLE_ROWS))
    except csv.Error:
        return []
