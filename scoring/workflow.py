"""Where a case stands between draft and publication, and what holds it there.

Nothing of this is stored, so it cannot be wrong: each part of the work (coding, replies, publishing …) says what it
knows to be open, and the state of a case follows from that. A part adds its answer to ``watchers`` when the
application starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """The states of a case, in the order of the work."""

    DRAFT = "draft", _("Draft")
    CODING = "coding", _("Coding")
    ADJUDICATION = "adjudication", _("Adjudication")
    REPLY_WINDOW = "reply_window", _("Reply window")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@dataclass(frozen=True)
class Blocker:
    """One thing that somebody has to do before the case can go on."""

    code: str
    words: Any
    """What is missing, short, in the reader's language: “second coder missing”."""
    address: str
    """Where it is done."""
    state: State | None = None
    """The state in which the case stays until then; None where it only waits beside others."""
    waits_for: frozenset[int] = frozenset()
    """Ids of the people whose turn it is; empty where it is any editor's."""
    since: datetime | None = None
    due: date | None = None


Watcher = Callable[[Collection[int]], Mapping[int, list[Blocker]]]
"""Ids of assessments → what is open for each of them, in a number of queries that does not grow with the cases."""

watchers: list[Watcher] = []


def blockers_of(case_ids: Collection[int]) -> dict[int, list[Blocker]]:
    """All that is open for each case, as every part of the work tells it."""
    found: dict[int, list[Blocker]] = {pk: [] for pk in case_ids}
    for watcher in watchers:
        for pk, blockers in watcher(case_ids).items():
            found[pk] += blockers
    return found
