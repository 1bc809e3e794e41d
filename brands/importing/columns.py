"""Which column of a file is which of ours: guessed, shown, and settled by a person."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from brands.importing.kinds import HIDDEN, Kind, plain
from brands.imports.columns import Column

Mapping = list[str | None]
"""For each column of the file: one of ours, "" where it is ignored, None where nobody decided."""

CLOSE = 86
"""From here on two headers differ by a slip of the finger."""
CLEARLY = 3
"""By so much the nearest of our columns must be nearer than the next."""

EITHER: dict[str, tuple[str, ...]] = {
    "promises": ("statement_en", "statement_fr"),
    "actions": ("description_en", "description_fr"),
}
"""Columns of which one at least must be there."""


def guess(kind: Kind, header: Sequence[str], remembered: dict[str, str] | None = None) -> Mapping:
    """The team's own words first, then names, then close spellings; each of our columns once."""
    known = {column.name for column in kind.columns}
    mapping: Mapping = [None] * len(header)
    for place, name in enumerate(header):
        saved = (remembered or {}).get(plain(name))
        if saved is not None and (saved == "" or (saved in known and saved not in mapping)):
            mapping[place] = saved
        elif not name.strip() or plain(name) in map(plain, HIDDEN):
            mapping[place] = ""
    for look in (exactly, nearly):
        for place, name in enumerate(header):
            if mapping[place] is None:
                mapping[place] = look(kind, name, {taken for taken in mapping if taken})
    return mapping


def exactly(kind: Kind, header: str, taken: set[str]) -> str | None:
    """The names in their order of weight: the name itself beats a field, a label, an alias of another column."""
    name = plain(header)
    places = [
        (names.index(name), column) for column, names in kind.names.items() if name in names and column not in taken
    ]
    return min(places)[1] if places else None


def nearly(kind: Kind, header: str, taken: set[str]) -> str | None:
    name = plain(header)
    if len(name) < 4:
        return None
    choices = {(column, alias): alias for column, names in kind.names.items() for alias in names if len(alias) > 3}
    found = process.extract(name, choices, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=5)
    nearest: dict[str, float] = {}
    for _alias, score, (column, _name) in found:
        nearest.setdefault(column, score)
    best, *others = [*nearest.items(), ("", 0.0)]
    clear = bool(best[0]) and (not others or best[1] - others[0][1] > CLEARLY)
    return best[0] if clear and best[0] not in taken else None


def fitting(kind: Kind, header: tuple[str, ...]) -> int:
    """How many cells of a header name one of our columns."""
    names = {name for names in kind.names.values() for name in names}
    return sum(plain(cell) in names for cell in header)


def missing(kind: Kind, mapping: Mapping) -> list[Column]:
    """The columns without which no row can be taken."""
    lacking = [column for column in kind.columns if kind.is_required(column) and column.name not in mapping]
    either = EITHER.get(kind.name, ())
    if either and not any(name in mapping for name in either):
        lacking.append(kind.column(either[0]))
    return lacking


def undecided(mapping: Mapping) -> list[int]:
    return [place for place, name in enumerate(mapping) if name is None]


def repeated(mapping: Mapping) -> list[str]:
    """Our columns that two columns of the file claim."""
    return sorted({name for name in mapping if name and mapping.count(name) > 1})
