"""The one order in which ties are broken: earliest day first, then smallest id."""

from __future__ import annotations

import re

from scoring.engine.dossier import PartialDate

_DIGITS = re.compile(r"([0-9]+)")

IdKey = tuple[tuple[int, int, str], ...]
"""An id cut into numbers and text, so that ``a9`` comes before ``a10``."""

DateKey = tuple[int, int, int, int, int]


def id_key(text: str) -> IdKey:
    """Order ids as people count: runs of digits by their number, and by the text itself where that ties."""
    parts = [part for part in _DIGITS.split(text) if part]
    return (*((0, int(part), "") if part[0] in "0123456789" else (1, 0, part) for part in parts), (-1, 0, text))


def date_key(day: PartialDate | None) -> DateKey:
    """Earliest possible day first; of two with the same, the better known one; undated last."""
    if day is None:
        return (1, 0, 0, 0, 0)
    return (0, day.year, day.month or 1, day.day or 1, (day.month is None) + (day.day is None))
