"""The brands of the two founding articles, judged by the method in force while the reader waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from scoring import lineage, wording
from scoring.engine.cases import Case, load_cases
from scoring.engine.judge import judge
from scoring.engine.method import FOLDER, get
from scoring.engine.verdict import FindingCode, Outcome, Verdict

ARTICLES = FOLDER / "articles.toml"

DECIDING = {
    Outcome.BROKEN_PROMISE: (
        FindingCode.BREACH_OF_PROMISE,
        FindingCode.SERIOUS_HARM_UNDER_DUTY,
        FindingCode.UNANSWERED_SHORTFALL,
    ),
    Outcome.ALIGNED: (FindingCode.GROUP_KEPT,),
    Outcome.EXCEEDS_PROMISE: (FindingCode.SURPASSED,),
    Outcome.DNA_PROACTIVE: (FindingCode.LINEAGE, FindingCode.PROACTIVE_FOR_CUSTOMERS),
    Outcome.NO_PROMISE: (FindingCode.NO_PROMISE_ON_FILE, FindingCode.SHADOW_BROKEN),
    Outcome.INSUFFICIENT_EVIDENCE: (FindingCode.HARM_BARS_ARCHETYPES, FindingCode.REASON_FOR_NONE),
}
"""The findings that make an outcome what it is; a verdict has others beside them."""


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """What an article told of a brand, what it made of it, and what the method makes of the same facts."""

    case: Case
    verdict: Verdict

    def index(self, code: str) -> int | None:
        """``None`` where the method defines none, or where what is unknown of the brand keeps it from being told."""
        profile = self.case.dossier.profile
        levels = {name: None if (level := getattr(profile, name)) is None else str(level) for name in lineage.CODES}
        found = {name: getattr(self.verdict.indices, name) for name in (code, "dna")}
        return lineage.index({"indices": found, "profile": levels, "findings": []}, code)

    @property
    def same(self) -> bool | None:
        """Whether both come to one archetype; ``None`` where the article gives none."""
        return None if self.case.article_case is None else self.case.article_case == self.verdict.outcome

    @property
    def probability(self) -> float | None:
        """That the outcome would come out this way again, once every claim had been checked and coded anew."""
        return (self.verdict.probabilities or {}).get(self.verdict.outcome)

    @property
    def why(self) -> list[wording.Text]:
        """The reasons that decide, in the words of the scorecards, each once."""
        found = {finding.code for finding in self.verdict.findings}
        return [_sentence(code, self.verdict) for code in DECIDING[self.verdict.outcome] if code in found]

    @property
    def caps(self) -> list[wording.Text]:
        return [wording.CAPS[cap] for cap in self.verdict.caps]

    @property
    def flips(self) -> list[wording.Text]:
        return [wording.method_choice(effect) for effect in self.verdict.method_agreement.flips]


def _sentence(code: FindingCode, verdict: Verdict) -> wording.Text:
    if code == FindingCode.REASON_FOR_NONE and verdict.reason:
        reason = wording.REASONS[verdict.reason]
        return {language: f"{phrase[:1].upper()}{phrase[1:]}." for language, phrase in reason.items()}
    return wording.FINDINGS[code]


@dataclass(frozen=True, slots=True)
class Example:
    """A level of a code as a brand of the articles has it: the first one of the file."""

    code: str
    level: int
    case: Case
    what: wording.Text


VOCABULARIES = {
    "st": "statement_level",
    "su": "substance",
    "re": "reach",
    "in_": "initiative",
    "ge": "generosity",
    "pu": "purpose",
    "vh": "values_heritage",
    "cc": "customer_record",
}
"""Code of the engine → the list of words that the screens use for its levels."""


@cache
def examples() -> tuple[Example, ...]:
    """Code by code, level by level. What no article shows has no example."""
    found: dict[tuple[str, int], Example] = {}
    for case in load_cases(ARTICLES):
        for code, level, what in _levels_of(case):
            if level is not None:
                found.setdefault((code, level), Example(VOCABULARIES[code], level, case, dict(what)))
    order = list(VOCABULARIES)
    return tuple(found[key] for key in sorted(found, key=lambda key: (order.index(key[0]), key[1])))


def _levels_of(case: Case) -> Iterator[tuple[str, int | None, Mapping[str, str]]]:
    for promise in case.dossier.promises:
        if case.texts.promise:
            yield "st", promise.st, case.texts.promise
    for action, what in zip(case.dossier.actions, case.texts.acts, strict=True):
        for code in ("su", "re", "in_", "ge"):
            yield code, getattr(action, code), what
    for code in ("pu", "vh", "cc"):
        yield code, getattr(case.dossier.profile, code), {"en": "", "fr": ""}


@cache
def worked_cases(version: str) -> tuple[WorkedCase, ...]:
    """Judged once per process and method version."""
    return tuple(WorkedCase(case, judge(case.dossier, get(version))) for case in load_cases(ARTICLES))
