"""Rows under named and typed columns: what becomes a CSV file or a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

Value = str | int | float | Decimal | bool | date | None
Row = Sequence[Value]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet program take a text for a formula."""


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TRUTH = "truth"


@dataclass(frozen=True)
class Column:
    """``name`` is for programs and never changes; ``title`` and ``meaning`` are in the reader's language."""

    name: str
    title: str
    meaning: str = ""
    kind: Kind = Kind.TEXT
    width: int = 18
    """In letters."""


@dataclass(frozen=True)
class Table:
    name: str
    """For programs: part of a file's name."""
    title: str
    """For people: the name of the sheet."""
    columns: Sequence[Column]
    rows: Iterable[Row]
    meaning: str = ""


@dataclass(frozen=True)
class Workbook:
    title: str
    about: Sequence[tuple[str, str]]
    """What the file is, how it was made and how it may be used: the first sheet, label and text."""
    about_title: str
    tables: Sequence[Table]
    dictionary_title: str
    dictionary_header: Sequence[str]
    """Sheet, column, name for programs, what it holds."""
    subject: str = ""
    links: Sequence[str] = field(default_factory=tuple)


def harmless(text: str) -> str:
    """A text that no spreadsheet program takes for a formula, even when the file is saved as CSV and opened again."""
    return f"'{text}" if text.startswith(FORMULA) else text
