"""Finding brands by what somebody typed: without accents or case, by any of their names, forgiving one slip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from brands.models import fold, words_of

SLIP_FROM = 4
"""A shorter word is one slip away from too many others."""
CLOSE = 60
"""How alike, of 100, a name has to be to be offered as a closest spelling."""
OFFERED = 4

Names = Iterable[tuple[int, str]]
"""Key of a brand, and its names in search form, one a line."""


@dataclass(frozen=True, slots=True)
class Found:
    """The brands that answer to a query; ``best`` are those whose name begins with it."""

    best: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)

    @property
    def all(self) -> list[int]:
        return [*self.best, *self.others]


def find(query: str, names: Names) -> Found:
    typed = words_of(query)
    found = Found()
    if not typed:
        return found
    for key, text in names:
        lines = [words_of(line) for line in text.splitlines()]
        # Without blanks or signs “L’Oréal” answers to “loreal”, “John Lewis” to “johnlewis”.
        squeezed = ["".join(line) for line in lines]
        if any(line.startswith("".join(typed)) for line in squeezed):
            found.best.append(key)
        elif all(_answers(word, [*chain.from_iterable(lines), *squeezed]) for word in typed):
            found.others.append(key)
    return found


def _answers(typed: str, words: list[str]) -> bool:
    """Whether one of the words begins with what was typed, or is one slip away from it."""
    if any(word.startswith(typed) for word in words):
        return True
    return len(typed) >= SLIP_FROM and any(_one_slip(typed, word) for word in words)


def _one_slip(typed: str, word: str) -> bool:
    """One letter wrong, missing, too many, or two in the wrong order; the rest of a long word may be untyped."""
    beginning = word[: len(typed)]
    return OSA.distance(typed, word, score_cutoff=1) <= 1 or OSA.distance(typed, beginning, score_cutoff=1) <= 1


def closest(query: str, names: Iterable[str]) -> list[str]:
    """The names that look most like what was typed, for when nothing answers to it."""
    by_spelling = {name: fold(name) for name in names}
    hits = process.extract(fold(query), by_spelling, scorer=fuzz.WRatio, score_cutoff=CLOSE, limit=OFFERED)
    return [name for _spelling, _score, name in hits]
