"""The purpose-washing risk: a flag to discuss, which never moves the outcome.

Here alone an unknown code is not a 0: an act whose codes are unknown cannot be called hollow, it is left aside.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoring.engine.levels import Levels
from scoring.engine.method import Method
from scoring.engine.order import id_key
from scoring.engine.reading import ReadAction, Reading
from scoring.engine.verdict import HollowAction, HollowReason, WashingLevel


@dataclass(frozen=True, slots=True)
class Washing:
    """The risk, 0 to 100, or ``None`` where too few acts can be assessed; and what it rests on."""

    index: int | None
    hollow: tuple[HollowAction, ...]
    contradiction: bool
    basis: tuple[str, ...]
    """Ids of the hollow acts and, under a contradiction, of the acts that harm."""

    def level(self, method: Method) -> WashingLevel | None:
        if self.index is None:
            return None
        bands = method.washing_bands
        if self.index >= bands.high:
            return WashingLevel.HIGH
        return WashingLevel.MEDIUM if self.index >= bands.medium else WashingLevel.LOW


def washing_of(reading: Reading, levels: Levels, method: Method) -> Washing:
    helping = [action for action in reading.actions if action.helps]
    assessable = [action for action in helping if _is_assessable(action)]
    hollow = [HollowAction(action.id, reasons) for action in assessable if (reasons := hollow_reasons(action, method))]
    contradiction = _contradicts_itself(reading, levels, bool(helping), method)
    risks: list[int] = []
    if assessable and len(assessable) >= method.washing_assessable_share * len(helping):
        risks.append(round(100 * len(hollow) / len(assessable)))
    if contradiction:
        risks.append(method.washing_contradiction.floor)
    harming = _harming(reading, method) if contradiction else []
    return Washing(
        index=max(risks, default=None),
        hollow=tuple(sorted(hollow, key=lambda found: id_key(found.action))),
        contradiction=contradiction,
        basis=tuple(sorted({found.action for found in hollow} | set(harming))),
    )


def _is_assessable(action: ReadAction) -> bool:
    facts = action.action
    return facts.su == 0 or None not in (facts.su, facts.ge, facts.in_)


def hollow_reasons(action: ReadAction, method: Method) -> tuple[HollowReason, ...]:
    """Why an act is hollow: words only, or enough of the marks; empty if it is not. Unknown is never a mark."""
    facts, bar = action.action, method.washing_hollow
    marks = [
        reason
        for reason, level, ceiling in (
            (HollowReason.SELF_SERVING, facts.ge, bar.generosity),
            (HollowReason.COMPELLED, facts.in_, bar.initiative),
            (HollowReason.UNVERIFIED, action.evidence, bar.evidence),
        )
        if level is not None and level <= ceiling
    ]
    if facts.su == 0:
        return (HollowReason.WORDS_ONLY, *marks)
    return tuple(marks) if len(marks) >= bar.marks else ()


def _contradicts_itself(reading: Reading, levels: Levels, helps: bool, method: Method) -> bool:
    """An established serious harm beside good deeds, a published purpose or a label."""
    profile = reading.profile
    claims = helps or (profile.pu or 0) >= method.washing_contradiction.purpose or bool(profile.labels)
    return bool(levels.harmed) and claims


def _harming(reading: Reading, method: Method) -> list[str]:
    bar = method.serious_harm
    return [
        action.id
        for action in reading.actions
        if action.evidence >= bar.evidence
        and any(not proof.helps and proof.severity >= bar.severity for proof in action.proofs)
    ]
