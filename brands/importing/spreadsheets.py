"""The guard of workbooks: counted while they are unpacked, then read; nothing in them is ever run.

A workbook is a zip of XML. Neither its declared sizes nor its declared dimensions are believed: a small file may
unpack to gigabytes, and a cell in the last corner makes a reader reserve a matrix of billions. So every member is
unpacked under a counter, every sheet is walked through cell by cell, and only what stays within the limits is handed
to the reader.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from brands.imports.reading import MAX_COLUMNS, MAX_ROWS, Table, UnusableError, check_limits

ZIP = b"PK\x03\x04"
MAX_UNPACKED = 50 * 1024 * 1024
MAX_MEMBERS = 200
MAX_ELEMENTS = 2_000_000
"""Of XML, in all sheets together. Cells cost time even when they are empty."""
MAX_TEXT = 50 * 1024 * 1024
"""Characters in all cells together: one long text may stand in many cells and takes its room in each."""
CHUNK = 256 * 1024
NEEDED = ("[Content_Types].xml", "xl/workbook.xml")
NO_RESULT = "#CALC!"
"""What stands in for a formula that no program has worked out yet: empty is not what it says."""
Place = tuple[int, int]
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)


class Refused(Exception):
    """Code and message of what is wrong with the workbook."""


def read_workbook(name: str, data: bytes) -> tuple[Table, str]:
    """The first sheet that is shown and holds anything, and its name."""
    try:
        return read_first_sheet(name, data, guard(data))
    except Refused as refusal:
        code, message = refusal.args
        raise UnusableError(name, code, message) from refusal
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, expat.ExpatError) as error:
        raise UnusableError(name, "broken_workbook", broken()) from error
    except (CalamineError, ValueError, OverflowError) as error:
        raise UnusableError(name, "broken_workbook", broken()) from error


def broken() -> str:
    return _("The workbook cannot be read: open it in your spreadsheet program and save it again as .xlsx.")


# --- The guard --------------------------------------------------------------------------------------------------------


def guard(data: bytes) -> dict[str, dict[Place, str]]:
    """Refuse what may not be read. Name of a sheet → its cells without a value, and what stands in them."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        members = packed.infolist()
        check_members(members)
        counter = Counter()
        shared = SharedStrings()
        sheets: list[SheetWalk] = []
        names, parts = Elements("sheet"), Elements("Relationship")
        special = {"xl/workbook.xml": names, "xl/_rels/workbook.xml.rels": parts}
        for member in sorted(members, key=lambda member: "sharedStrings" not in member.filename):
            if member.filename.lower().endswith("sharedstrings.xml"):
                parse(counter.unpack(packed, member), shared)
            elif member.filename.lower().startswith("xl/worksheets/") and member.filename.lower().endswith(".xml"):
                sheets.append(SheetWalk(shared, sheets, member.filename))
                parse(counter.unpack(packed, member), sheets[-1])
            elif member.filename.lower().endswith((".xml", ".rels")):
                parse(counter.unpack(packed, member), special.get(member.filename, Plain()))
            else:
                for _chunk in counter.unpack(packed, member):
                    pass
    failed = {sheet.part: sheet.failed for sheet in sheets}
    return {name: failed.get(part, {}) for name, part in sheet_parts(names, parts)}


def sheet_parts(names: Elements, parts: Elements) -> Iterator[tuple[str, str]]:
    """Name of each sheet, and the part of the workbook in which its cells stand."""
    targets = {found.get("Id", ""): found.get("Target", "") for found in parts.found}
    for found in names.found:
        own = next((value for name, value in found.items() if name.endswith(":id")), "")
        target = targets.get(own, "")
        yield found.get("name", ""), target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(names) > MAX_MEMBERS:
        message = _("The workbook has over %(limit)s parts: save the sheet alone in a new workbook.")
        raise Refused("too_many_parts", message % {"limit": MAX_MEMBERS})
    if len(set(names)) != len(names) or any(needed not in names for needed in NEEDED):
        raise Refused("wrong_content", broken())
    lowered = [name.lower() for name in names]
    if any("vbaproject" in name or name.startswith("xl/macrosheets") for name in lowered):
        raise Refused("macros", _("The workbook holds macros: save it as .xlsx without them."))
    if any(name.startswith("xl/externallinks") for name in lowered):
        message = _("The workbook draws on other workbooks: copy its values into a new one.")
        raise Refused("external_links", message)


class Counter:
    """Unpacks members and counts what comes out, whatever the headers say."""

    def __init__(self) -> None:
        self.unpacked = 0

    def unpack(self, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
        with packed.open(member) as stream:
            while chunk := stream.read(CHUNK):
                self.unpacked += len(chunk)
                if self.unpacked > MAX_UNPACKED:
                    message = _("The workbook unpacks to over %(limit)s MB: split it.")
                    raise Refused("too_large_unpacked", message % {"limit": MAX_UNPACKED // 1024 // 1024})
                yield chunk


class Plain:
    """Looks at no element; for parts that only must not define entities."""

    def attach(self, parser: Any) -> None:
        return


class Elements(Plain):
    """The attributes of all elements of one name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[dict[str, str]] = []

    def attach(self, parser: Any) -> None:
        parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == self.name:
            self.found.append(attributes)


def parse(chunks: Iterator[bytes], walk: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_definitions
    parser.EntityDeclHandler = refuse_definitions
    walk.attach(parser)
    for chunk in chunks:
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def refuse_definitions(*_about: Any) -> None:
    raise Refused("entities", _("The workbook defines entities of its own: save it again in your spreadsheet program."))


def refuse_elements() -> None:
    raise Refused("too_many_cells", _("The workbook has too many cells: split it."))


def local(name: str) -> str:
    return name.rpartition(":")[2]


class SharedStrings:
    """How long each shared text is."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.length = self.elements = 0

    def attach(self, parser: Any) -> None:
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            refuse_elements()
        if local(name) == "si":
            self.length = 0

    def end(self, name: str) -> None:
        if local(name) == "si":
            self.lengths.append(self.length)

    def text(self, data: str) -> None:
        self.length += len(data)


class SheetWalk:
    """Where the cells of a sheet stand, how much text they hold in all, and which of them failed to get a value."""

    def __init__(self, shared: SharedStrings, earlier: list[SheetWalk], part: str) -> None:
        self.shared, self.part = shared, part
        self.failed: dict[Place, str] = {}
        self.is_error = self.has_formula = self.has_result = False
        self.row = self.column = 0
        self.elements: int = sum(other.elements for other in earlier)
        self.characters: int = sum(other.characters for other in earlier)
        self.is_shared = self.in_value = False
        self.value = ""

    def attach(self, parser: Any) -> None:
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            refuse_elements()
        if ":" in name:
            name = local(name)
        if name == "c":
            self.start_cell(attributes)
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "is"):
            self.check_place()
            self.in_value, self.value = True, ""

    def start_cell(self, attributes: dict[str, str]) -> None:
        self.column += 1
        kind, self.value = attributes.get("t"), ""
        self.is_shared, self.is_error = kind == "s", kind == "e"
        self.has_formula, self.has_result = False, kind == "str"  # an empty text is a result
        if "r" not in attributes:
            return
        reference = _REFERENCE.fullmatch(attributes["r"])
        if reference is None:
            raise Refused("broken_workbook", broken())
        self.column, self.row = column_number(reference[1]), int(reference[2])

    def check_place(self) -> None:
        if self.row > MAX_ROWS + 1:
            message = _("The sheet has over %(limit)s rows: split it.")
            raise Refused("too_many_rows", message % {"limit": MAX_ROWS})
        if self.column > MAX_COLUMNS:
            message = _("The sheet has over %(limit)s columns: remove those that are too many.")
            raise Refused("too_many_columns", message % {"limit": MAX_COLUMNS})

    def text(self, data: str) -> None:
        if self.in_value:
            self.has_result = True
            self.value = self.value + data if self.is_shared or self.is_error else ""
            self.count(len(data))

    def end(self, name: str) -> None:
        if self.is_error or (self.has_formula and not self.has_result):
            self.note_failure(name)
        if self.in_value and local(name) in ("v", "is"):
            if self.is_shared and self.value.strip().isdecimal():
                place = int(self.value)
                self.count(self.shared.lengths[place] if place < len(self.shared.lengths) else 0)
            self.in_value = False

    def note_failure(self, name: str) -> None:
        if local(name) == "c":
            self.check_place()
            self.failed[self.row, self.column] = self.value or NO_RESULT
            self.value = ""

    def count(self, characters: int) -> None:
        self.characters += characters
        if self.characters > MAX_TEXT:
            raise Refused("too_large_unpacked", _("The cells hold too much text: split the file."))


@cache
def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


# --- The reading ------------------------------------------------------------------------------------------------------


def read_first_sheet(name: str, data: bytes, failed: dict[str, dict[Place, str]]) -> tuple[Table, str]:
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        shown = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        for sheet_name in shown:
            rows = workbook.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)
            put_in(rows, failed.get(sheet_name, {}))
            if any(any(cell != "" for cell in cells) for cells in rows):
                return to_table(name, rows), sheet_name
    raise Refused("empty", _("The workbook has no sheet with anything in it."))


def put_in(rows: list[list[Any]], failed: dict[Place, str]) -> None:
    """The reader takes a cell whose formula failed for an empty one, which says something else."""
    for (row, column), text in failed.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = text


def to_table(name: str, rows: list[list[Any]]) -> Table:
    numbered = [(number, [as_text(cell) for cell in cells]) for number, cells in enumerate(rows, start=1)]
    for number, cells in numbered:
        check_limits(name, number, cells)
        if any("\x00" in cell for cell in cells):
            message = _("The text holds a control character (%(name)s): delete it.") % {"name": "U+0000"}
            raise UnusableError(name, "control_character", message, row=number)
    header = numbered[0][1]
    while header and not header[-1]:
        header.pop()
    kept = [(number, without_empty_end(cells, len(header))) for number, cells in numbered[1:] if any(cells)]
    return Table(name, tuple(header), kept)


def without_empty_end(cells: list[str], width: int) -> list[str]:
    """A sheet is as wide as its widest row; what stands beyond the header and is empty is not there."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return cells


def as_text(cell: Any) -> str:
    """A typed cell as a person would have written it. Texts are left alone, so 007 stays 007."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return as_number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | time | timedelta) else ""


def as_number(cell: float) -> str:
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
