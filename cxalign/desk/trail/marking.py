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
    if len(old) * len(new) > COMPARED:
        steps = [("replace", 0, len(old), 0, len(new))]
    else:
        steps = list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
    last = len(steps) - 1
    left = [_stretch(old[a:b], tag, n == 0, n == last) for n, (tag, a, b, _c, _d) in enumerate(steps)]
    right = [_stretch(new[c:d], tag, n == 0, n == last) for n, (tag, _a, _b, c, d) in enumerate(steps)]
    return [one for one in left if one.text], [one for one in right if one.text]


def _stretch(words: list[str], tag: str, first: bool, last: bool) -> Stretch:
    text = "".join(words)
    return Stretch(text, changed=True) if tag != "equal" else Stretch(_shortened(text, first, last), changed=False)


def _shortened(text: str, first: bool, last: bool) -> str:
    """What did not change, without its middle; the first stretch without its beginning, the last without its end."""
    head, tail = (0 if first else KEPT), (0 if last else KEPT)
    if len(text) <= head + tail + KEPT:
        return text
    return f"{text[:head]}{LEFT_OUT}{text[len(text) - tail :] if tail else ''}".strip(" " if first else "")
