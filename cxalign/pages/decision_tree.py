"""The decision rule as questions, for the list and for the drawing: both are made of the same steps."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cxalign.pages import words

LINE = 52
"""Letters that fit on a line of a question box."""
BOX_HEIGHT, STEP_HEIGHT, LINE_HEIGHT = 66, 96, 20


@dataclass(frozen=True, slots=True)
class Step:
    """One question. The answer ``leads`` ends the way at an outcome, the other one goes on to the next question."""

    code: str
    """Which question of the rule it is, as the engine names it."""
    question: str
    leads: str
    outcome: str
    qualifier: str = ""

    @property
    def tone(self) -> str:
        return words.tone(self.outcome)

    @property
    def name(self) -> str:
        return words.word(self.outcome, "outcome")


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """A step with its place on the drawing, from the top."""

    step: Step
    top: int
    lines: list[tuple[int, str]]
    continues: str
    taken: str = ""
    """On a way that was taken: “on” where it goes on, “out” where it ends here."""

    @property
    def middle(self) -> int:
        return self.top + BOX_HEIGHT // 2

    @property
    def bottom(self) -> int:
        return self.top + BOX_HEIGHT

    @property
    def next_top(self) -> int:
        return self.top + STEP_HEIGHT


def steps() -> list[Step]:
    yes, no = _("yes"), _("no")
    return [
        Step("promise_on_file", _("Is a promise on file, in its own words or as others report it?"), no, "no_promise"),
        Step(
            "breach",
            _(
                "Is a breach of a promise established, or a harm so grave or so well attested that no "
                "promise is needed?"
            ),
            yes,
            "broken_promise",
        ),
        Step(
            "serious_harm",
            _("Is another serious harm established, short of that bar?"),
            yes,
            "insufficient_evidence",
            _("a harm to settle"),
        ),
        Step("aligned_all", _("Does every core group have an established helpful act?"), yes, "aligned", _("with all")),
        Step(
            "exceeds_promise",
            _("Is an open-ended or unconditional act established, far beyond what was promised?"),
            yes,
            "exceeds_promise",
        ),
        Step(
            "dna_proactive",
            _(
                "Were its purpose or values and its customer record there before the crisis, and did it "
                "help customers unprompted, at its own cost?"
            ),
            yes,
            "dna_proactive",
        ),
        Step(
            "aligned_promised",
            _("Does every group to whom a promise is on file have an established helpful act?"),
            yes,
            "aligned",
            _("as promised"),
        ),
    ]


@dataclass(frozen=True, slots=True)
class Drawing:
    steps: list[DrawnStep]
    height: int
    taken_to_the_end: bool = False

    @property
    def end(self) -> int:
        """Where the last way ends: what is left when no rule is met."""
        return self.height - BOX_HEIGHT - 4


def drawing(end: int | None = None) -> Drawing:
    """``end`` is the number of the question at which a way left the tree; past the last, it left with none met."""
    drawn = [_drawn(step, 4 + index * STEP_HEIGHT, _taken(index, end)) for index, step in enumerate(steps())]
    return Drawing(drawn, drawn[-1].next_top + BOX_HEIGHT + 4, end is not None and end >= len(drawn))


def _taken(index: int, end: int | None) -> str:
    if end is None or index > end:
        return ""
    return "out" if index == end else "on"


def _drawn(step: Step, top: int, taken: str) -> DrawnStep:
    wrapped = textwrap.wrap(step.question, LINE)
    first = top + BOX_HEIGHT // 2 - (len(wrapped) - 1) * LINE_HEIGHT // 2 + 5
    lines = [(first + index * LINE_HEIGHT, line) for index, line in enumerate(wrapped)]
    continues = _("no") if step.leads == _("yes") else _("yes")
    return DrawnStep(step, top, lines, continues, taken)
