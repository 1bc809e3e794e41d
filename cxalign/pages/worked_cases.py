"""The brands of the two founding articles, judged by the method in force while the reader waits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scoring import wording
from scoring.engine.cases import Case, load_cases
from scoring.engine.judge import judge
from scoring.engine.method import FOLDER, Method
from scoring.engine.verdict import FindingCode, Verdict

ARTICLES = FOLDER / "articles.toml"


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
        """The reasons, in the words of the scorecards, each once."""
        sentences = [_sentence(finding.code, self.verdict) for finding in self.verdict.findings]
        return list({text["en"]: text for text in sentences}.values())

    @property
    def caps(self) -> list[wording.Text]:
        return [wording.CAPS[cap] for cap in self.verdict.caps]

    @property
    def flips(self) -> list[wording.Text]:
        return [wording.method_choice(effect) for effect in self.verdict.method_agreement.flips]


def _sentence(code: FindingCode, verdict: Verdict) -> wording.Text:
    if code == FindingCode.REASON_FOR_NONE and verdict.reason:
        return {language: f"{words[:1].upper()}{words[1:]}." for language, words in wording.REASONS[verdict.reason].items()}
    return wording.FINDINGS[code]


@cache
def worked_cases(method: Method) -> tuple[WorkedCase, ...]:
    """Judged once per process and method."""
    return tuple(WorkedCase(case, judge(case.dossier, method)) for case in load_cases(ARTICLES))
