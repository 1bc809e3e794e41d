"""The way through the decision rule: each question in its order, its answer, and the values that gave the answer.

Nothing is decided here: the answers are those of ``rule``, and the values those that it asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from scoring.engine.decisive import best, best_help, breaches
from scoring.engine.dossier import Dossier, Group
from scoring.engine.flags import HARMED, KEPT, Flagger
from scoring.engine.indices import Pair, pairs
from scoring.engine.levels import Levels, levels_of, proactivity_level, surpassing_level
from scoring.engine.method import Method
from scoring.engine.reading import GROUPS, INDEX, ReadAction, Reading, ReadProof, read
from scoring.engine.rule import Choices, Decision, Standing, decide, is_broken, is_met, reason_for_none, standing_of
from scoring.engine.verdict import FindingCode, Outcome, Reason


class Question(StrEnum):
    """The questions of the rule. The last four are asked in the order of precedence of the method."""

    PROMISE_ON_FILE = "promise_on_file"
    BREACH = "breach"
    SERIOUS_HARM = "serious_harm"
    ALIGNED_ALL = "aligned_all"
    EXCEEDS_PROMISE = "exceeds_promise"
    DNA_PROACTIVE = "dna_proactive"
    ALIGNED_PROMISED = "aligned_promised"


class Measure(StrEnum):
    """What a value measures; all but the two counts are levels 0 to 3."""

    STATEMENT = "statement"
    KEPT = "kept"
    APPLICABLE_GROUPS = "applicable_groups"
    PROMISED_GROUPS = "promised_groups"
    SURPASSING = "surpassing"
    PURPOSE_OR_VALUES = "purpose_or_values"
    CUSTOMER_RECORD = "customer_record"
    PROACTIVITY = "proactivity"


@dataclass(frozen=True, slots=True)
class Value:
    """One value beside the bar that it has to reach, and what it comes from."""

    measure: Measure
    level: int
    bar: int
    group: Group | None = None
    action: str | None = None
    promise: str | None = None

    @property
    def reaches(self) -> bool:
        return self.level >= self.bar


@dataclass(frozen=True, slots=True)
class HarmRead:
    """One harm as the rule reads it: what it weighs, how well it is attested, and what it comes to."""

    action: str
    group: Group
    promise: str | None
    evidence: int
    depth: int
    remedy: int
    severity: int
    kept: int
    """Best help for the same group, which answers a mere shortfall."""
    breach: FindingCode | None
    serious: bool
    """Established and serious: it bars every favourable archetype."""


@dataclass(frozen=True, slots=True)
class Step:
    """``holds`` is the answer to the question. ``asked`` is false after the way has ended."""

    question: Question
    holds: bool
    asked: bool
    ends: bool
    outcome: Outcome
    values: tuple[Value, ...] = ()
    harms: tuple[HarmRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    steps: tuple[Step, ...]
    decision: Decision
    reason: Reason | None
    """Why no archetype could be shown, where the way came to its end without one."""


OUTCOMES = {
    Question.PROMISE_ON_FILE: Outcome.NO_PROMISE,
    Question.BREACH: Outcome.BROKEN_PROMISE,
    Question.SERIOUS_HARM: Outcome.INSUFFICIENT_EVIDENCE,
    Question.ALIGNED_ALL: Outcome.ALIGNED,
    Question.EXCEEDS_PROMISE: Outcome.EXCEEDS_PROMISE,
    Question.DNA_PROACTIVE: Outcome.DNA_PROACTIVE,
    Question.ALIGNED_PROMISED: Outcome.ALIGNED,
}
"""Where the way ends if it ends at this question."""


def path_of(dossier: Dossier, method: Method) -> Path:
    """The way that one dossier takes under one method."""
    reading = read(dossier, method)
    levels, standing, flagger = levels_of(reading, method), standing_of(reading, method), Flagger(method)
    flags = _flags(reading, flagger)
    decision = decide(flags, standing, Choices(method.precedence))
    harms = _harms(reading, levels, flagger, method)
    answers: list[tuple[Question, bool, tuple[Value, ...], tuple[HarmRead, ...]]] = [
        (Question.PROMISE_ON_FILE, standing.has_promise, _statements(reading, method), ()),
        (Question.BREACH, is_broken(flags), (), harms),
        (Question.SERIOUS_HARM, bool(flags & HARMED), (), harms),
    ]
    for rule in method.precedence:
        values = _VALUES[rule](reading, levels, standing, method)
        answers.append((Question(rule), is_met(rule, flags, standing), values, ()))
    steps = _steps(answers)
    reason = reason_for_none(reading, levels, method) if decision.outcome is Outcome.INSUFFICIENT_EVIDENCE else None
    return Path(steps, decision, reason)


def _flags(reading: Reading, flagger: Flagger) -> int:
    flags = 0
    for action in reading.actions:
        flags |= flagger.of(action.action, action.evidence, action.proofs)
    return flags


def _steps(answers: Iterable[tuple[Question, bool, tuple[Value, ...], tuple[HarmRead, ...]]]) -> tuple[Step, ...]:
    """The way ends at the first question answered as its outcome needs: the first one with no, the others with yes."""
    steps, ended = [], False
    for question, holds, values, harms in answers:
        ends = not ended and holds is not (question is Question.PROMISE_ON_FILE)
        steps.append(Step(question, holds, not ended, ends, OUTCOMES[question], values, harms))
        ended = ended or ends
    return tuple(steps)


# ------------------------------------------------------------------------------------------------- what was asked for


def _statements(reading: Reading, method: Method) -> tuple[Value, ...]:
    """Every promise on file, with the statement level that makes it count; one that addresses nobody cannot."""
    return tuple(
        Value(
            Measure.STATEMENT,
            (promise.st or 0) if promise.groups else 0,
            method.promise_statement,
            None,
            None,
            promise.id,
        )
        for promise in reading.dossier.promises
    )


def _harms(reading: Reading, levels: Levels, flagger: Flagger, method: Method) -> tuple[HarmRead, ...]:
    """Every harm that counts, those that meet rule 1 first, then the gravest."""
    met = {proof.id: code for code, (_, proof) in breaches(reading, levels, flagger, method)}
    found = [(action, proof) for action, proof in pairs(reading) if not proof.helps]
    found.sort(key=lambda pair: (pair[1].id not in met, -min(pair[0].evidence, pair[1].severity)))
    return tuple(_harm(pair, levels, met.get(pair[1].id), method) for pair in found)


def _harm(pair: Pair, levels: Levels, breach: FindingCode | None, method: Method) -> HarmRead:
    action, proof = pair
    bar = method.serious_harm
    return HarmRead(
        action=action.id,
        group=GROUPS[proof.group],
        promise=proof.promise,
        evidence=action.evidence,
        depth=proof.depth or 0,
        remedy=proof.remedy,
        severity=proof.severity,
        kept=levels.kept[proof.group],
        breach=breach,
        serious=proof.severity >= bar.severity and action.evidence >= bar.evidence,
    )


def _kept(reading: Reading, levels: Levels, groups: Iterable[Group], method: Method) -> tuple[Value, ...]:
    return tuple(_kept_for(reading, levels, group, method) for group in groups)


def _kept_for(reading: Reading, levels: Levels, group: Group, method: Method) -> Value:
    return Value(Measure.KEPT, levels.kept[INDEX[group]], method.cut_level, group, _act(best_help(reading, group)))


def _all(reading: Reading, levels: Levels, standing: Standing, method: Method) -> tuple[Value, ...]:
    enough = Value(Measure.APPLICABLE_GROUPS, len(reading.core), method.minimum_applicable_groups)
    return (enough, *_kept(reading, levels, reading.core, method))


def _promised(reading: Reading, levels: Levels, standing: Standing, method: Method) -> tuple[Value, ...]:
    groups = [group for group in reading.core if standing.promised & KEPT[INDEX[group]]]
    return (Value(Measure.PROMISED_GROUPS, len(groups), 1), *_kept(reading, levels, groups, method))


def _surpassing(reading: Reading, levels: Levels, standing: Standing, method: Method) -> tuple[Value, ...]:
    found = best(pairs(reading), lambda action, proof: surpassing_level(action, proof, method))
    return (_of_best(Measure.SURPASSING, levels.surpassing, found, method),)


def _lineage(reading: Reading, levels: Levels, standing: Standing, method: Method) -> tuple[Value, ...]:
    profile = reading.profile
    roots = Value(Measure.PURPOSE_OR_VALUES, max(profile.pu or 0, profile.vh or 0), method.cut_level)
    record = Value(Measure.CUSTOMER_RECORD, profile.cc or 0, method.cut_level)
    found = best(pairs(reading), lambda action, proof: proactivity_level(action, proof, method))
    return (roots, record, _of_best(Measure.PROACTIVITY, levels.proactivity, found, method))


def _of_best(measure: Measure, level: int, found: tuple[ReadAction, ReadProof] | None, method: Method) -> Value:
    group = None if found is None else GROUPS[found[1].group]
    return Value(measure, level, method.cut_level, group, _act(found))


def _act(found: tuple[ReadAction, ReadProof] | None) -> str | None:
    return None if found is None else found[0].id


_VALUES: dict[str, Callable[[Reading, Levels, Standing, Method], tuple[Value, ...]]] = {
    "aligned_all": _all,
    "exceeds_promise": _surpassing,
    "dna_proactive": _lineage,
    "aligned_promised": _promised,
}
