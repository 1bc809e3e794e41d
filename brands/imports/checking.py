"""A file on its own: header, cells, rows, and keys that occur twice. No database is asked."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from brands.imports.columns import CellError, Column
from brands.imports.reading import Table, UnusableError
from brands.imports.report import Problem, shown
from brands.imports.report import say as _
from brands.imports.rowtypes import Flaw, RowType, Values

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What ``brands.models.validate_plain_text`` refuses. Lone surrogates cannot come out of UTF-8."""

NAMED_AT_MOST = 5


@dataclass(slots=True, eq=False)
class Row:
    """One row: what its cells say, what is wrong with it, and later the record that it describes."""

    type: RowType
    number: int
    values: Values = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    record: Model | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    """The record's fields as the row wants them, with records in place of keys."""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    """What the row changes: field → before and after, as the log keeps it."""
    kept: Problem | None = None

    @property
    def is_right(self) -> bool:
        return not self.problems

    @property
    def is_new(self) -> bool:
        return self.record is None or self.record.pk is None

    @property
    def key(self) -> tuple[str, ...]:
        """The key of the record; a part whose cell cannot be read is empty."""
        return tuple(self.values.get(name, "") for name in self.type.key)

    def keep(self, code: str, message: str) -> None:
        """Leave the record as it is, whatever the row says."""
        self.kept = Problem(self.type.file, self.number, self.type.key[0], code, message)

    def reject(self, column: str, code: str, message: str) -> None:
        self.problems.append(Problem(self.type.file, self.number, column, code, message))


def check_table(row_type: RowType, table: Table) -> list[Row]:
    columns = columns_of(row_type, table)
    rows = [check_row(row_type, columns, number, cells) for number, cells in table.rows]
    for names in (row_type.key, *((name,) for name in row_type.unique)):
        reject_repetitions(rows, names)
    return rows


def columns_of(row_type: RowType, table: Table) -> list[Column]:
    """The columns in the order of the file. A header that does not fit makes the file unusable."""
    flaw = next(header_flaws(row_type, table.header), None)
    if flaw:
        raise UnusableError(table.file, flaw.code, flaw.message, row=1, column=flaw.column)
    known = {column.name: column for column in row_type.columns}
    return [known[name] for name in table.header]


def header_flaws(row_type: RowType, header: tuple[str, ...]) -> Iterator[Flaw]:
    needed = [column.name for column in row_type.columns if not column.optional]
    known = [column.name for column in row_type.columns]
    if missing := [name for name in needed if name not in header]:
        message = _("The header lacks %(missing)s: add what is missing, also if it stays empty.")
        yield Flaw(missing[0], "missing_column", message % {"missing": ", ".join(missing)})
    if unknown := [name for name in header if name not in known]:
        message = _("The header names %(unknown)s, which this file does not have: remove or rename it.")
        yield Flaw(
            shown(unknown[0]),
            "unknown_column",
            message % {"unknown": ", ".join(f"“{shown(name)}”" for name in unknown)},
        )
    if twice := [name for name, times in Counter(header).items() if times > 1]:
        message = _("The header names %(twice)s more than once: remove the copies.")
        yield Flaw(twice[0], "repeated_column", message % {"twice": ", ".join(twice)})


def check_row(row_type: RowType, columns: list[Column], number: int, cells: list[str]) -> Row:
    row = Row(row_type, number)
    if len(cells) != len(columns):
        counts = {"count": len(cells), "needed": len(columns)}
        message = _("The row has %(count)s cells instead of %(needed)s: look for a comma too many or too few.")
        row.reject("", "ragged_row", message % counts)
        return row
    if CONTROL.search("".join(cells)):
        reject_control_characters(row, columns, cells)
    for column, cell in zip(columns, cells, strict=True):
        read_cell(row, column, cell)
    check_beside_one_another(row)
    return row


def check_beside_one_another(row: Row, otherwise: Values | None = None) -> None:
    """The cells of a row together; a column that the file does not have counts as empty, or as said."""
    if row.is_right:
        values = {**row.type.empty_row, **(otherwise or {}), **row.values}
        for flaw in (flaw for check in row.type.checks for flaw in check(values)):
            row.reject(*flaw)


def read_cell(row: Row, column: Column, cell: str) -> None:
    if not cell:
        row.values[column.name] = column.empty
        if column.required:
            row.reject(column.name, "missing_value", _("The cell is empty: fill it in."))
        return
    try:
        row.values[column.name] = column.read(cell)
    except CellError as error:
        row.reject(column.name, error.code, error.message)


def reject_control_characters(row: Row, columns: list[Column], cells: list[str]) -> None:
    for column, cell in zip(columns, cells, strict=True):
        if found := CONTROL.search(cell):
            name = f"U+{ord(found.group()):04X}"
            message = _("The text holds a control character (%(name)s): delete it.") % {"name": name}
            row.reject(column.name, "control_character", message)


def reject_repetitions(rows: list[Row], names: tuple[str, ...]) -> None:
    """All rows that share a key are rejected: which of them was meant is not ours to guess."""
    holders: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        holders[tuple(row.values.get(name, "") for name in names)].append(row)
    for value, sharing in holders.items():
        if len(sharing) > 1 and all(value):
            reject_sharing(sharing, " ".join(value), names[-1])


def reject_sharing(rows: list[Row], value: str, column: str) -> None:
    numbers = ", ".join(str(row.number) for row in rows[:NAMED_AT_MOST])
    more = "…" if len(rows) > NAMED_AT_MOST else ""
    message = _("“%(value)s” stands in several rows (%(numbers)s): keep one of them, or correct the others.")
    for row in rows:
        row.reject(column, "repeated_key", message % {"value": shown(value), "numbers": numbers + more})
