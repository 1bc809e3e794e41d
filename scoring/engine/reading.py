"""From a dossier to what counts: dated in time, counted once, graded, each proof against the yardstick it may use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple, TypeVar

from scoring.engine.dossier import DUTY, Action, Direction, Dossier, Group, PartialDate, Profile, Promise, Proof, Source
from scoring.engine.evidence import Claim, claim_of, evidence_grade
from scoring.engine.method import Method
from scoring.engine.order import id_key
from scoring.engine.reliability import Reliability, reliability_of, trusted_action, trusted_profile

Record = TypeVar("Record", Promise, Action, Source)

GROUPS = tuple(Group)
HARM_DEPTHS = (1, 3)
HELP_DEPTHS = (0, 2)
"""Lowest and highest depth of a harm and of a help."""
INDEX = {group: index for index, group in enumerate(GROUPS)}


@dataclass(frozen=True, slots=True)
class Later:
    """Ids of what is dated after the day of the judgement, and therefore left out."""

    promises: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class ReadProof(NamedTuple):
    """A proof as the rule uses it. ``promise`` is ``None`` for the duty of care; an unknown depth stays ``None``."""

    id: str
    group: int
    promise: str | None
    helps: bool
    depth: int | None
    remedy: int

    @property
    def severity(self) -> int:
        """What is left of a harm after its remedy, 0 to 3; an unknown depth is no harm yet."""
        return max(0, (self.depth or 0) - self.remedy)


@dataclass(frozen=True, slots=True)
class ReadAction:
    """An action with its grade and its claim. Unknown codes stay ``None`` here; formulas read them as 0."""

    id: str
    action: Action
    evidence: int
    claim: Claim
    proofs: tuple[ReadProof, ...]
    strength: int
    """min(evidence, substance) of every helping proof of the action."""

    @property
    def helps(self) -> bool:
        return any(proof.helps for proof in self.proofs)


class Downgrade(NamedTuple):
    """A proof that named a promise and is read against the duty of care instead."""

    action: str
    proof: str
    promise: str
    group: Group


@dataclass(frozen=True, slots=True)
class Reading:
    """What counts in a dossier. ``core`` holds the applicable core groups, ``promised`` those with a promise."""

    dossier: Dossier
    profile: Profile
    promises: tuple[Promise, ...]
    """Promises that can be a yardstick: sourced, and addressed to somebody."""
    promised: frozenset[Group]
    core: tuple[Group, ...]
    actions: tuple[ReadAction, ...]
    reliability: Reliability
    duplicates: tuple[tuple[ReadAction, str], ...] = ()
    """Actions that repeat another one, each with the id of the one that is counted."""
    downgrades: tuple[Downgrade, ...] = ()
    later: Later = field(default_factory=Later)


# ---------------------------------------------------------------------------------------- what the day lets through


def in_time(dossier: Dossier) -> tuple[Dossier, Later]:
    """Leave out what cannot have happened by the day of the judgement; sort the rest, so that order of entry is gone.

    A proof that names a promise that is not there is read against the duty of care, and a duplicate of something that
    is not there counts for itself.
    """
    promises, late_promises = _split(dossier.promises, dossier.as_of, lambda promise: promise.since)
    actions, late_actions = _split(dossier.actions, dossier.as_of, lambda action: action.started)
    yardsticks = {promise.id for promise in promises}
    names = {action.id for action in actions}
    late_sources: list[str] = []
    kept = tuple(_action_in_time(action, dossier.as_of, yardsticks, names, late_sources) for action in actions)
    later = Later(
        tuple(promise.id for promise in late_promises),
        tuple(action.id for action in late_actions),
        tuple(sorted(set(late_sources))),
    )
    return replace(dossier, promises=promises, actions=kept), later


def _split(
    records: Iterable[Record], day: date, dated: Callable[[Record], PartialDate | None]
) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
    """Records by id, apart: those that may have happened by the day, and those that cannot have."""
    on_time: list[Record] = []
    late: list[Record] = []
    for record in sorted(records, key=lambda record: record.id):
        (late if _is_after(dated(record), day) else on_time).append(record)
    return tuple(on_time), tuple(late)


def _is_after(when: PartialDate | None, day: date) -> bool:
    return when is not None and _first(when) > (day.year, day.month, day.day)


def _first(when: PartialDate) -> tuple[int, int, int]:
    return when.year, when.month or 1, when.day or 1


def _last(when: PartialDate) -> tuple[int, int, int]:
    """Never before the last day it can mean; only good for comparing."""
    return when.year, when.month or 12, when.day or 31


def _action_in_time(
    action: Action, day: date, yardsticks: set[str], names: set[str], late_sources: list[str]
) -> Action:
    sources, late = _split(action.sources, day, lambda source: source.date)
    late_sources.extend(source.id for source in late)
    return replace(
        action,
        sources=sources,
        proofs=tuple(_proof_in_time(proof, yardsticks) for proof in sorted(action.proofs, key=lambda proof: proof.id)),
        duplicate_of=action.duplicate_of if action.duplicate_of in names else None,
    )


def _proof_in_time(proof: Proof, yardsticks: set[str]) -> Proof:
    if proof.yardstick == DUTY or proof.yardstick in yardsticks:
        return proof
    return replace(proof, yardstick=DUTY)


# ------------------------------------------------------------------------------------------------------ what counts


def read(dossier: Dossier, method: Method) -> Reading:
    """Grade, hold against the right yardstick, and count once, everything that the day lets through."""
    dossier, later = in_time(dossier)
    promises = tuple(
        promise for promise in dossier.promises if (promise.st or 0) >= method.promise_statement and promise.groups
    )
    by_id = {promise.id: promise for promise in promises}
    downgrades: list[Downgrade] = []
    reliability = reliability_of(dossier, method)
    trusted = [trusted_action(action, reliability) for action in dossier.actions]
    graded = [_read_action(action, by_id, method, downgrades) for action in trusted]
    counted, duplicates = _count_once(graded)
    return Reading(
        dossier=dossier,
        profile=trusted_profile(dossier.profile, reliability),
        promises=promises,
        promised=frozenset().union(*(promise.groups for promise in promises)),
        core=tuple(group for group in method.core_groups if group not in dossier.profile.not_applicable),
        actions=counted,
        reliability=reliability,
        duplicates=duplicates,
        downgrades=tuple(downgrades),
        later=later,
    )


def _read_action(
    action: Action, promises: Mapping[str, Promise], method: Method, downgrades: list[Downgrade]
) -> ReadAction:
    evidence = evidence_grade(action.sources, method, disputed=action.disputed)
    proofs = []
    for proof in action.proofs:
        promise = None if proof.yardstick == DUTY else proof.yardstick
        if promise is not None and not _may_use(promises.get(promise), proof, action):
            downgrades.append(Downgrade(action.id, proof.id, promise, proof.group))
            promise = None
        helps = proof.direction is Direction.HELPS
        proofs.append(ReadProof(proof.id, INDEX[proof.group], promise, helps, proof.depth, proof.remedy))
    return ReadAction(
        id=action.id,
        action=action,
        evidence=evidence,
        claim=claim_of(action.id, action.sources),
        proofs=tuple(proofs),
        strength=min(evidence, action.su or 0),
    )


def _may_use(promise: Promise | None, proof: Proof, action: Action) -> bool:
    """Whether the promise addresses the group and was made by the time of the act, as far as the two dates tell."""
    if promise is None or proof.group not in promise.groups:
        return False
    if promise.since is None or action.started is None:
        return True
    return _first(promise.since) <= _last(action.started)


# -------------------------------------------------------------------------------------------------- counted only once


def _count_once(actions: list[ReadAction]) -> tuple[tuple[ReadAction, ...], tuple[tuple[ReadAction, str], ...]]:
    """Set aside declared duplicates, then exact ones, each with the id of the action that stands for both."""
    by_id = {action.id: action for action in actions}
    originals: list[ReadAction] = []
    duplicates: list[tuple[ReadAction, str]] = []
    for action in actions:
        original = _original(action, by_id)
        if original == action.id:
            originals.append(action)
        else:
            duplicates.append((action, original))
    counted: dict[object, ReadAction] = {}
    # Of two exact duplicates the double-coded one is the better reading; then the smaller id stands for both.
    for action in sorted(originals, key=lambda action: (not action.action.double_coded, id_key(action.id))):
        first = counted.setdefault(_likeness(action), action)
        if first is not action:
            duplicates.append((action, first.id))
    duplicates.sort(key=lambda pair: id_key(pair[0].id))
    return tuple(sorted(counted.values(), key=lambda action: id_key(action.id))), tuple(duplicates)


def _original(action: ReadAction, by_id: Mapping[str, ReadAction]) -> str:
    """Follow the declarations to the action that repeats no other; in a circle the smallest id is the original."""
    path: list[str] = []
    current = action.id
    while current not in path:
        path.append(current)
        following = by_id[current].action.duplicate_of
        if following is None:
            return current
        current = following
    return min(path[path.index(current) :], key=id_key)


def _likeness(action: ReadAction) -> object:
    """Equal for actions that say the same: groups of sources, start, all codes, all proof rows."""
    facts = action.action
    return (
        frozenset(source.group for source in facts.sources),
        facts.started,
        (facts.su, facts.re, facts.in_, facts.ge, facts.appraisal, action.evidence),
        tuple(sorted((proof[1:] for proof in action.proofs), key=repr)),
    )
