"""What a practice says, part by part, in the reader’s words: for its page, the comparison and the files alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from brands.models import Source
from cxalign.pages import words
from cxalign.practices.models import Practice
from cxalign.templatetags.cxalign import named, page_language, partial_date, territory
from scoring.wording.grammar import printed

PARTS = {
    "problem": lambda: _("The problem"),
    "done": lambda: _("What was done"),
    "for_whom": lambda: _("For whom"),
    "with_whom": lambda: _("With whom"),
    "conditions": lambda: _("Conditions for transfer"),
    "pitfalls": lambda: _("Pitfalls"),
    "again": lambda: _("If it were to be done again"),
    "outcome": lambda: _("Outcome"),
    "outcome_known": lambda: _("How the outcome is known"),
    "promise": lambda: _("The promise it serves"),
}
"""Pairs of texts of a practice, in reading order, and their headings."""


@dataclass(frozen=True)
class Part:
    name: str
    heading: str
    text: str
    """Empty where nothing is recorded."""
    language: str = ""
    """Where the text is not in the language of the page."""


def text_of(practice: Practice, name: str) -> tuple[str, str]:
    """A text in the reader's language, or in the other one where that is all there is, and then its language."""
    here, there = ("fr", "en") if page_language() == "fr" else ("en", "fr")
    own, other = getattr(practice, f"{name}_{here}"), getattr(practice, f"{name}_{there}")
    shown = here if own or not other else there
    return printed(own or other, shown), "" if shown == here else there


def texts_of(practice: Practice) -> list[Part]:
    return [Part(name, heading(), *text_of(practice, name)) for name, heading in PARTS.items()]


def facts_of(practice: Any) -> list[Part]:
    """What stands beside the texts. The practice comes ``with_places``."""
    groups = ", ".join(words.word(group, "stakeholder") for group in practice.stakeholders)
    seen_at = ", ".join(brand.name for brand in practice.shown_brands)
    return [
        Part("category", _("Category"), capfirst(words.word(practice.category, "practice_category"))),
        Part("stakeholders", _("For whom, as groups"), groups),
        Part("family", _("Family"), capfirst(words.word(practice.family, "family"))),
        Part("sector", _("Sector"), named(practice.sector) if practice.sector else ""),
        Part("country", _("Country"), territory(practice.country) if practice.country else ""),
        Part("date", _("Date"), partial_date(practice.started) if practice.started else ""),
        Part("evidence", _("Evidence"), words.short_word(practice.evidence_level, "evidence_level")),
        Part("attributed_to", _("Told by"), practice.attributed_to),
        Part("time", _("Time"), words.word(practice.time_band, "time_band") if practice.time_band else ""),
        Part("effort", _("Effort"), words.word(practice.effort_band, "effort_band") if practice.effort_band else ""),
        Part("seen_at", _("Seen at"), seen_at),
    ]


def citation(source: Source) -> str:
    """A source in a line: author, title, publisher, date."""
    day = partial_date(source.published_on) if source.published_on else ""
    return ", ".join(filter(None, (source.author, source.title, source.publisher, day)))


def standing_of(practice: Practice) -> str:
    """Who vouches for it: the sentence of the note on its page."""
    said = _("Recorded, not recommended.")
    level = f"{_('Evidence:')} {words.short_word(practice.evidence_level, 'evidence_level')}."
    told = ""
    if practice.evidence_level == "reported" and practice.attributed_to:
        told = _("Told by %(author)s; not verified by us.") % {"author": practice.attributed_to}
    return " ".join(filter(None, (said, level, told)))


def titles(practices: Iterable[Practice]) -> list[str]:
    return [text_of(practice, "title")[0] for practice in practices]
