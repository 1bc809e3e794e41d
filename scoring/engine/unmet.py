"""The distance to each archetype that was not reached: the conditions of its rule that do not hold."""

from __future__ import annotations

from collections.abc import Iterable

from scoring.engine.dossier import Group
from scoring.engine.flags import HARMED, KEPT
from scoring.engine.levels import Levels
from scoring.engine.method import Method
from scoring.engine.reading import INDEX, Reading
from scoring.engine.rule import DECISIONS, Decision, Standing, is_broken
from scoring.engine.verdict import Condition, Outcome, Unmet

RULES = ("aligned_all", "exceeds_promise", "dna_proactive", "aligned_promised")


def unmet_of(
    reading: Reading, levels: Levels, decision: Decision, flags: int, standing: Standing, method: Method
) -> tuple[Unmet, ...]:
    """Archetypes without their outcome, broken promise first; an archetype that only comes later in order has none."""
    barred = _barred(flags, standing)
    found = [_unmet_breach(decision, standing)]
    for rule in RULES:
        target = DECISIONS[rule]
        if target.outcome is decision.outcome and target.breadth is decision.breadth:
            continue
        conditions, groups = _own(rule, reading, levels, standing, method)
        found.append(Unmet(target.outcome, target.breadth, (*barred, *conditions), groups))
    return tuple(unmet for unmet in found if unmet is not None and unmet.conditions)


def _barred(flags: int, standing: Standing) -> tuple[Condition, ...]:
    """What stands before every archetype: a promise to measure against, no breach, no serious harm."""
    holds = (
        (Condition.PROMISE_ON_FILE, standing.has_promise),
        (Condition.NO_BREACH, not (standing.has_promise and is_broken(flags))),
        (Condition.NO_SERIOUS_HARM, not flags & HARMED),
    )
    return tuple(condition for condition, met in holds if not met)


def _unmet_breach(decision: Decision, standing: Standing) -> Unmet | None:
    """Any one of three would do; where there is no promise, that comes first."""
    if decision.outcome is Outcome.BROKEN_PROMISE:
        return None
    first = () if standing.has_promise else (Condition.PROMISE_ON_FILE,)
    conditions = (
        *first,
        Condition.ESTABLISHED_BREACH_OF_PROMISE,
        Condition.ESTABLISHED_SERIOUS_HARM,
        Condition.UNANSWERED_SHORTFALL,
    )
    return Unmet(Outcome.BROKEN_PROMISE, None, conditions)


def _own(
    rule: str, reading: Reading, levels: Levels, standing: Standing, method: Method
) -> tuple[tuple[Condition, ...], tuple[Group, ...]]:
    """The conditions of one rule that do not hold, and the groups that they concern."""
    if rule == "aligned_all":
        missing = _missing(reading.core, levels, method)
        return _not_held(
            (Condition.ENOUGH_APPLICABLE_GROUPS, standing.wide_enough),
            (Condition.KEPT_FOR_EVERY_CORE_GROUP, not missing),
        ), missing
    if rule == "aligned_promised":
        promised = [group for group in reading.core if KEPT[INDEX[group]] & standing.promised]
        missing = _missing(promised, levels, method)
        return _not_held(
            (Condition.CORE_GROUP_PROMISED, bool(promised)), (Condition.KEPT_FOR_EVERY_PROMISED_GROUP, not missing)
        ), missing
    if rule == "exceeds_promise":
        return _not_held((Condition.FAR_BEYOND_A_PROMISE, levels.surpassing >= method.cut_level)), ()
    profile = reading.profile
    proactive = levels.proactivity >= method.cut_level
    return _not_held(
        (Condition.PURPOSE_OR_VALUES, max(profile.pu or 0, profile.vh or 0) >= method.cut_level),
        (Condition.CUSTOMER_RECORD, (profile.cc or 0) >= method.cut_level),
        (Condition.UNPROMPTED_AT_OWN_COST, proactive),
    ), () if proactive else (method.proactive_group,)


def _not_held(*conditions: tuple[Condition, bool]) -> tuple[Condition, ...]:
    return tuple(condition for condition, held in conditions if not held)


def _missing(groups: Iterable[Group], levels: Levels, method: Method) -> tuple[Group, ...]:
    return tuple(group for group in groups if levels.kept[INDEX[group]] < method.cut_level)
