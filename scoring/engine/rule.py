"""The decision rule: the first archetype met, in order, with harm before everything else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from scoring.engine.flags import BREACH_OF_DUTY, BREACH_OF_PROMISE, HARMED, KEPT, PROACTIVE, SURPASSES, unanswered
from scoring.engine.levels import Levels, dna_level
from scoring.engine.method import Method
from scoring.engine.reading import INDEX, Reading
from scoring.engine.verdict import AlsoMet, Breadth, Outcome, Reason


class Decision(NamedTuple):
    """An outcome, and how far it reaches where it is ``aligned``."""

    outcome: Outcome
    breadth: Breadth | None = None


NO_PROMISE = Decision(Outcome.NO_PROMISE)
BROKEN = Decision(Outcome.BROKEN_PROMISE)
INSUFFICIENT = Decision(Outcome.INSUFFICIENT_EVIDENCE)
DECISIONS = {
    "aligned_all": Decision(Outcome.ALIGNED, Breadth.ALL),
    "exceeds_promise": Decision(Outcome.EXCEEDS_PROMISE),
    "dna_proactive": Decision(Outcome.DNA_PROACTIVE),
    "aligned_promised": Decision(Outcome.ALIGNED, Breadth.PROMISED),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule needs to know beside the flags of the acts: promises, applicable groups, lineage."""

    has_promise: bool
    core: int
    """Bits of the applicable core groups."""
    promised: int
    """Bits of the promised ones among them."""
    wide_enough: bool
    lineage: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """Rule choices that a switch can turn: the order of the archetypes, rule 1(b), rule 5."""

    precedence: tuple[str, ...]
    duty_of_care: bool = True
    promised_is_enough: bool = True


def standing_of(reading: Reading, method: Method) -> Standing:
    return Standing(
        has_promise=bool(reading.promises),
        core=sum(KEPT[INDEX[group]] for group in reading.core),
        promised=sum(KEPT[INDEX[group]] for group in reading.core if group in reading.promised),
        wide_enough=len(reading.core) >= method.minimum_applicable_groups,
        lineage=dna_level(reading.profile) >= method.cut_level,
    )


def with_promises_to(standing: Standing, promised: int, *, has_promise: bool) -> Standing:
    """The same brand with other promises on file; ``promised`` are bits of groups, core or not."""
    return replace(standing, has_promise=has_promise, promised=promised & standing.core)


def is_met(rule: str, flags: int, standing: Standing) -> bool:
    """Whether the conditions of one archetype hold, harm and order aside."""
    if rule == "aligned_all":
        return standing.wide_enough and not standing.core & ~flags
    if rule == "exceeds_promise":
        return bool(flags & SURPASSES)
    if rule == "dna_proactive":
        return standing.lineage and bool(flags & PROACTIVE)
    return bool(standing.promised) and not standing.promised & ~flags


def is_broken(flags: int, *, duty_of_care: bool = True) -> bool:
    """Rule 1: one established breach is enough; only an answered shortfall is none."""
    if flags & BREACH_OF_PROMISE or (duty_of_care and flags & BREACH_OF_DUTY):
        return True
    return bool(unanswered(flags))


def decide(flags: int, standing: Standing, choices: Choices) -> Decision:
    """The outcome: no promise, broken, harm to settle, the first archetype met, or too little evidence."""
    if not standing.has_promise:
        return NO_PROMISE
    if is_broken(flags, duty_of_care=choices.duty_of_care):
        return BROKEN
    if flags & HARMED:
        return INSUFFICIENT
    return first_met(flags, standing, choices)


def first_met(flags: int, standing: Standing, choices: Choices) -> Decision:
    for rule in choices.precedence:
        if rule == "aligned_promised" and not choices.promised_is_enough:
            continue
        if is_met(rule, flags, standing):
            return DECISIONS[rule]
    return INSUFFICIENT


def also_met(decision: Decision, flags: int, standing: Standing, method: Method) -> tuple[AlsoMet, ...]:
    """The other archetypes whose conditions hold, in order. Where harm bars them they are shown, not granted."""
    if not standing.has_promise:
        return ()
    met: dict[Outcome, AlsoMet] = {}
    for rule in method.precedence:
        outcome, breadth = DECISIONS[rule]
        if outcome is not decision.outcome and is_met(rule, flags, standing):
            met.setdefault(outcome, AlsoMet(outcome, breadth))
    return tuple(met.values())


def reason_for_none(reading: Reading, levels: Levels, method: Method) -> Reason:
    """Why there is too little evidence: the first reason that applies."""
    proofs = [(action, proof) for action in reading.actions for proof in action.proofs]
    helping = [action for action, proof in proofs if proof.helps]
    sourced = [action for action in helping if action.evidence >= method.cut_level]
    serious = method.serious_harm.severity
    if any(not proof.helps and proof.severity >= serious for _, proof in proofs):
        return Reason.HARM_TO_SETTLE
    if max(levels.kept) >= method.cut_level:
        return Reason.PARTIAL
    if any(action.action.su is not None for action in sourced):
        return Reason.TOKEN
    if sourced:
        return Reason.UNDESCRIBED
    if helping:
        return Reason.UNVERIFIED
    return Reason.NO_HELPFUL_ACT if proofs else Reason.NO_ACTION
