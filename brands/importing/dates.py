"""Dates as people write them in French and English. What could be two days is asked, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache

from babel import Locale

from brands.imports.columns import CellError
from brands.imports.report import say as _
from brands.imports.report import shown
from brands.models import fold


class Order(StrEnum):
    """What stands first in 03/04/2020."""

    DAY = "day-first"
    MONTH = "month-first"


class AskedError(CellError):
    """The cell can be taken as soon as somebody answers a question."""


_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_TIME = re.compile(r"(?<=\d)[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?$", re.ASCII)
"""A time of the day, as spreadsheets and programs write it behind a day. Only the day is on file."""
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
_DAY_MONTH = re.compile(r"(?:(\d{1,2})(?:er|st|nd|rd|th)?[ -])?([^\W\d_]+)\.?[ -](\d{4})")
_MONTH_DAY = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


@cache
def months() -> dict[str, int]:
    """Names and short names of the months in both languages, without accents."""
    found = {}
    for language in ("fr", "en"):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(language).months[context][width].items():
                    found[fold(name).strip(".")] = number
    return {**found, "sept": 9, "aout": 8, "fev": 2, "fevr": 2, "juil": 7, "dec": 12, "avr": 4}


@cache
def before_a_day() -> re.Pattern[str]:
    """What may stand before a day without changing it: an article, or its name in the week."""
    names = {fold(name) for language in ("fr", "en") for name in Locale(language).days["format"]["wide"].values()}
    return re.compile(rf"^(?:(?:le|on|the|{'|'.join(sorted(names))}),? )+(?=\w+)")


def bare(cell: str) -> str:
    """The day alone, folded."""
    return _TIME.sub("", before_a_day().sub("", " ".join(fold(cell).split())))


def read_date(cell: str, order: Order | None = None) -> str:
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; with an ``order``, days in numbers are read that way."""
    text = bare(cell)
    if iso := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return dated(cell, *iso.groups())
    if numbers := _NUMBERS.fullmatch(text):
        return read_numbers(cell, *numbers.groups(), order=order)
    if month_year := _MONTH_YEAR.fullmatch(text):
        return dated(cell, month_year[2], month_year[1])
    if (words := _DAY_MONTH.fullmatch(text)) and words[2] in months():
        return dated(cell, words[3], str(months()[words[2]]), words[1])
    if (words := _MONTH_DAY.fullmatch(text)) and words[1] in months():
        return dated(cell, words[3], str(months()[words[1]]), words[2])
    message = _("“%(value)s” is not a date: write 13/04/2020, April 2020, 2020 or 2020-04-13, with all four digits.")
    raise CellError("invalid_date", message % {"value": shown(cell)})


def read_numbers(cell: str, first: str, second: str, year: str, *, order: Order | None) -> str:
    if order is None:
        order = only_order(int(first), int(second))
    if order is None:
        message = _("“%(value)s” could be day first or month first: say which for this column.")
        raise AskedError("ambiguous_date", message % {"value": shown(cell)})
    day, month = (first, second) if order == Order.DAY else (second, first)
    return dated(cell, year, month, day)


def only_order(first: int, second: int) -> Order | None:
    """The order that is the only one possible; either will do where both numbers are the same."""
    if first == second or first > 12:
        return Order.DAY
    return Order.MONTH if second > 12 else None


def dated(cell: str, year: str, month: str | None = None, day: str | None = None) -> str:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        message = _("“%(value)s” is not a day that exists.")
        raise CellError("invalid_date", message % {"value": shown(cell)}) from error
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])


@dataclass(slots=True)
class Evidence:
    """What the cells of a column say about its order: how many fit one only, and examples of each sort."""

    ambiguous: int = 0
    day_first: int = 0
    month_first: int = 0
    unclear_example: str = ""
    day_example: str = ""
    month_example: str = ""
    rows: list[int] = field(default_factory=list)
    """Where the first unclear dates stand."""


def evidence(cells: Iterable[tuple[int, str]]) -> Evidence:
    found = Evidence()
    for number, cell in cells:
        numbers = _NUMBERS.fullmatch(bare(cell))
        if not numbers or numbers[1] == numbers[2]:
            continue
        first, second = int(numbers[1]), int(numbers[2])
        order = only_order(first, second)
        if order is None and first != second:
            found.ambiguous += 1
            found.unclear_example = found.unclear_example or cell.strip()
            found.rows += [number] if len(found.rows) < 5 else []
        elif order == Order.DAY and second <= 12:
            found.day_first += 1
            found.day_example = found.day_example or cell.strip()
        elif order == Order.MONTH:
            found.month_first += 1
            found.month_example = found.month_example or cell.strip()
    return found
