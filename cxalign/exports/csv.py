"""A table as CSV, piece by piece: UTF-8, RFC 4180; or as the French Excel opens it by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cxalign.exports.tables import Table, Value, harmless

PIECE = 64 * 1024


@dataclass(frozen=True)
class Dialect:
    separator: str
    decimal: str
    mark: str
    """What the file begins with, so that its encoding is recognised."""


DIALECTS = {"rfc4180": Dialect(",", ".", ""), "excel-fr": Dialect(";", ",", "\ufeff")}


def lines(table: Table, dialect: str = "rfc4180") -> Iterator[bytes]:
    """The whole file in pieces. The header holds the names for programs: they are the same in every language."""
    way = DIALECTS[dialect]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=way.separator, lineterminator="\r\n")
    buffer.write(way.mark)
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(value, way) for value in row])
        if buffer.tell() > PIECE:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _cell(value: Value, way: Dialect) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", way.decimal)
    return value.isoformat() if isinstance(value, date) else harmless(value)
