"""In which of our two languages people typed a text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scoring.wording.grammar import french
from scoring.wording.statements import Form, form_of

_SMALL_FR = """
    au aux avec ce ces cette dans de des du elle elles en est et ils la le les leur leurs mais ne par pas plus pour que
    qui sans sauf se ses son sous sur un une y
"""
_SMALL_EN = """
    after all an and as at but by for from has have in into is it its no not of on or only than that the their them
    then they this to under was were which who with without
"""
_FRENCH_WORDS, _ENGLISH_WORDS = frozenset(_SMALL_FR.split()), frozenset(_SMALL_EN.split())
_WORDS = re.compile(r"[a-zà-öø-ÿœ]+")


def language_of(sentence: str) -> str:
    """Which of our two languages a typed sentence is in, by its small words; empty where they do not tell."""
    words, both = _WORDS.findall(sentence.lower()), {"en": sentence, "fr": sentence}
    french = sum(word in _FRENCH_WORDS or not word.isascii() for word in words) + (form_of(both, "fr") == Form.VERB)
    english = sum(word in _ENGLISH_WORDS for word in words) + (form_of({**both, "fr": ""}, "en") == Form.VERB)
    return "" if french == english else "fr" if french > english else "en"


def language_standing_in(typed: Mapping[str, str]) -> str:
    """The language of a text that was written in one only, and so stands for both; empty where each has its own."""
    return language_of(typed["en"]) if french(typed["en"]) == typed["fr"] else ""
