"""Two versions of a text, word by word: what stayed, what went, what came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|[^\s]+")
COMPARED = 300_000
"""Pairs of words that are compared; a text that was written anew is shown whole instead."""
KEPT = 90
"""Characters that stay in sight before and after a change; more of what did not change is left out."""
LEFT_OUT = " […] "


@dataclass(frozen=True, slots=True)
class Stretch:
    text: str
    changed: bool


Marked = tuple[list[Stretch], list[Stretch]]


def marked(before: str, after: str) -> Marked:
    """Both texts in stretches, those that differ marked; of long stretches that are the same only the ends."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    steps = _steps(old, new)
    last = len(steps) - 1
    left = [_stretch(old[a:b], tag, n == 0, n == last) for n, (tag, a, b, _c, _d) in enumerate(steps)]
    right = [_stretch(new[c:d], tag, n == 0, n == last) for n, (tag, _a, _b, c, d) in enumerate(steps)]
    return [one for one in left if one.text], [one for one in right if one.text]


Step = tuple[str, int, int, int, int]


def _steps(old: list[str], new: list[str]) -> list[Step]:
    """Which words stayed and which were exchanged. What both texts begin and end with is not compared at length."""
    start = _in_common(old, new)
    end = _in_common(old[start:][::-1], new[start:][::-1])
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    if len(left) * len(right) > COMPARED:
        between: list[Step] = [("replace", 0, len(left), 0, len(right))]
    else:
        between = list(SequenceMatcher(None, left, right, autojunk=False).get_opcodes())
    moved: list[Step] = [(tag, a + start, b + start, c + start, d + start) for tag, a, b, c, d in between]
    before: Step = ("equal", 0, start, 0, start)
    after: Step = ("equal", len(old) - end, len(old), len(new) - end, len(new))
    return [*([before] if start else []), *moved, *([after] if end else [])]


def _in_common(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    return next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _stretch(words: list[str], tag: str, first: bool, last: bool) -> Stretch:
    text = "".join(words)
    return Stretch(text, changed=True) if tag != "equal" else Stretch(_shortened(text, first, last), changed=False)


def _shortened(text: str, first: bool, last: bool) -> str:
    """What did not change, without its middle; the first stretch without its beginning, the last without its end."""
    head, tail = (0 if first else KEPT), (0 if last else KEPT)
    if len(text) <= head + tail + KEPT:
        return text
    return f"{text[:head]}{LEFT_OUT}{text[len(text) - tail :] if tail else ''}".strip(" " if first else "")
