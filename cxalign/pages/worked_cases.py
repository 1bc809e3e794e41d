"""The brands of the two founding articles, judged by the method in force while the reader waits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scoring import wording
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


@cache
def worked_cases(version: str) -> tuple[WorkedCase, ...]:
    """Judged once per process and method version."""
    return tuple(WorkedCase(case, judge(case.dossier, get(version))) for case in load_cases(ARTICLES))
