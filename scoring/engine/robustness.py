"""How firm a verdict is: a word from the probability of its outcome, and what keeps it from being called more."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.engine.flags import Flagger
from scoring.engine.indices import kept_groups
from scoring.engine.levels import Levels
from scoring.engine.method import Method
from scoring.engine.reading import Reading
from scoring.engine.rule import Choices, Decision, Standing, decide
from scoring.engine.verdict import Breadth, Cap, Outcome, Robustness


def word_for(chance: float, method: Method) -> Robustness:
    """The word for a published probability."""
    for word, bound in method.label_bounds.items():
        if chance >= bound:
            return word
    return Robustness.CONTESTED


def robustness_of(
    decision: Decision, chances: Mapping[Outcome, float] | None, caps: tuple[Cap, ...], method: Method
) -> Robustness | None:
    """The word, lowered to fragile under a cap; none where there was nothing to measure against."""
    if chances is None:
        return None
    word = word_for(chances[decision.outcome], method)
    return Robustness.FRAGILE if caps and word in (Robustness.ROBUST, Robustness.PROBABLE) else word


def caps_of(
    reading: Reading, levels: Levels, decision: Decision, standing: Standing, flagger: Flagger, method: Method
) -> tuple[Cap, ...]:
    """Every cap that holds, whether or not it binds. Too little evidence and no promise have none."""
    if not decision.outcome.is_archetype:
        return ()
    holds = {
        Cap.PROMISE_ONLY_ATTRIBUTED: all((promise.st or 0) <= method.cap_statement for promise in reading.promises),
        Cap.RESTS_ON_APPRAISALS: _without_appraisals(reading, standing, flagger, method) != decision.outcome,
        Cap.SINGLE_GROUP: decision.breadth is Breadth.PROMISED
        and len(kept_groups(reading, levels, method)) < method.cap_groups,
    }
    return tuple(cap for cap in Cap if holds[cap])


def _without_appraisals(reading: Reading, standing: Standing, flagger: Flagger, method: Method) -> Outcome:
    flags = 0
    for action in reading.actions:
        if not action.action.appraisal:
            flags |= flagger.of(action.action, action.evidence, action.proofs)
    return decide(flags, standing, Choices(method.precedence)).outcome


def more_probable(decision: Decision, chances: Mapping[Outcome, float] | None) -> Outcome | None:
    """Another outcome that is more probable than the assigned one; the rule follows the burden of proof."""
    if chances is None:
        return None
    best = max(chances, key=lambda outcome: chances[outcome])
    return best if chances[best] > chances[decision.outcome] else None
