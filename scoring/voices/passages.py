"""The sentences of a scorecard that can be contested one by one: those of the verdict, each promise, each act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Document = Mapping[str, Any]
Text = dict[str, str]

ALWAYS_ALLOWED = 1500
"""So many characters a reply may always have; more where the passages that it contests are longer."""


class Part(TextChoices):
    VERDICT = "verdict", _("Verdict")
    SIGNAL = "signal", _("Signals")
    PROMISE = "promise", _("Promises")
    ACT = "act", _("Acts observed")


@dataclass(frozen=True)
class Passage:
    """One sentence as it stands on the page, under a name that stays the same from version to version."""

    code: str
    part: Part
    text: Text

    def as_kept(self) -> dict[str, Any]:
        return {"code": self.code, "text": self.text}


def passages(document: Document) -> list[Passage]:
    """In reading order."""
    return [
        *_sentences(document["explanation"]),
        *(Passage(f"signal:{one['code']}", Part.SIGNAL, dict(one["text"])) for one in document["signals"]),
        *(Passage(f"promise:{one['id']}", Part.PROMISE, dict(one["statement"])) for one in document["promises"]),
        *(Passage(f"act:{one['id']}", Part.ACT, dict(one["statement"])) for one in document["actions"]),
    ]


def ledger_passages(document: Document) -> list[Passage]:
    """What of a draft is shown to the brand, and can be contested before publication: no verdict, no signal."""
    return [passage for passage in passages(document) if passage.part in (Part.PROMISE, Part.ACT)]


_CITATION = re.compile(r"\s?\[\d+\]")
_END = re.compile(r"(?<=[.!?…])\s+(?=[A-ZÀ-ÖØ-ÞŒ«“\"])")


def _sentences(explanation: Mapping[str, str]) -> list[Passage]:
    """The verdict's sentences; all of it as one where the two languages do not part alike."""
    parts = {language: _END.split(_CITATION.sub("", text)) for language, text in explanation.items()}
    if len({len(sentences) for sentences in parts.values()}) > 1:
        parts = {language: [" ".join(sentences)] for language, sentences in parts.items()}
    count = len(next(iter(parts.values())))
    return [
        Passage(f"verdict:{n + 1}", Part.VERDICT, {language: sentences[n] for language, sentences in parts.items()})
        for n in range(count)
    ]


def length(text: str) -> int:
    """Characters as a reader counts them: a line end is one, however a browser sends it."""
    return len(text.replace("\r\n", "\n"))


def longest_allowed(contested: Iterable[Passage], in_own_words: str = "") -> int:
    """As long as what is contested, in the language in which that is longer; never less than is always allowed."""
    total = sum(max(map(length, passage.text.values())) for passage in contested)
    return max(ALWAYS_ALLOWED, total + length(in_own_words))


def gone_from(contested: Iterable[Mapping[str, Any]], document: Document) -> list[Mapping[str, Any]]:
    """The contested passages that this scorecard no longer holds word for word."""
    held = {passage.code: passage.text for passage in passages(document)}
    return [one for one in contested if held.get(one["code"]) != one["text"]]
