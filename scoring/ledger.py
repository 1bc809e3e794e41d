"""The ledger of a scorecard: each promise with the acts that were read against it, then what no promise covers.

It is made from the stored document alone, by page and exports alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Record = Mapping[str, Any]

HELPS, HARMS, BOTH, NOT_COUNTED = "+", "−", "±", "·"
FIRST_ACTS = 4
"""So many are shown at once where there are more than ``ALL_ACTS``."""
ALL_ACTS = 6


STATED_FROM = 1
"""The statement level from which every version of the method counts a promise."""


def counts(promise: Record) -> bool:
    """Whether the rule counted the promise: stated by somebody, to somebody, by the day of the judgement.

    Whether an act could test it on its own is descriptive and no part of that. What an old document stored as
    ``outside_verdict`` heeded it all the same, so it is asked of the promise itself.
    """
    level = promise["statement_level"] or ""
    return bool(promise["gaps"]) and level.isdigit() and int(level) >= STATED_FROM


@dataclass(frozen=True)
class ReadAct:
    """An act as one row of the ledger shows it: with the proofs that belong to that row."""

    action: Record
    proofs: Sequence[Record]

    @property
    def sign(self) -> str:
        directions = {proof["direction"] for proof in self.proofs}
        if not self.action["counted"]:
            return NOT_COUNTED
        return BOTH if len(directions) > 1 else HELPS if "helps" in directions else HARMS

    @property
    def stakeholders(self) -> list[str]:
        return list(dict.fromkeys(proof["stakeholder"] for proof in self.proofs))


@dataclass(frozen=True)
class Step:
    """One distance on the five-step scale and the groups it holds for.

    ``None`` is undocumented or, where acts were found for the groups, not established.
    """

    gap: int | None
    stakeholders: Sequence[str]
    acts_found: bool


@dataclass(frozen=True)
class Row:
    """One promise, or, without one, the duty of care that every brand owes."""

    promise: Record | None
    acts: Sequence[ReadAct]
    steps: Sequence[Step] = field(default_factory=list)

    @property
    def is_outside(self) -> bool:
        """Not counted by the rule, and kept as context."""
        return self.promise is not None and not counts(self.promise)

    @property
    def shown(self) -> Sequence[ReadAct]:
        return self.acts if len(self.acts) <= ALL_ACTS else self.acts[:FIRST_ACTS]

    @property
    def folded(self) -> Sequence[ReadAct]:
        return self.acts[len(self.shown) :]

    @property
    def codings(self) -> set[str]:
        return {proof["coding"] for act in self.acts for proof in act.proofs}


@dataclass(frozen=True)
class Ledger:
    rows: Sequence[Row]
    duty: Row | None
    outside: Sequence[Row]
    stakeholders: Sequence[str]
    """Every group that a promise or an act concerns: what the ledger can be filtered by."""
    promised: Sequence[str] = ()
    """Every group to whom a promise is on file, whatever the filter."""

    @property
    def promises(self) -> int:
        return len(self.rows) + len(self.outside)

    @property
    def promised_nothing(self) -> list[str]:
        """Those of the duty of care for whom we found no promise at all."""
        return [code for code in self._on_duty if code not in self.promised]

    @property
    def promised_otherwise(self) -> list[str]:
        """Those of the duty of care to whom a promise is on file that these acts were not read against."""
        return [code for code in self._on_duty if code in self.promised]

    @property
    def _on_duty(self) -> list[str]:
        acts = self.duty.acts if self.duty else ()
        return list(dict.fromkeys(code for act in acts for code in act.stakeholders))

    @property
    def acts(self) -> int:
        """How many acts there are, one that stands in two rows counted once."""
        rows = [*self.rows, *([self.duty] if self.duty else [])]
        return len({act.action["id"] for row in rows for act in row.acts})


def ledger(document: Record, stakeholder: str = "") -> Ledger:
    """The whole ledger, or what of it concerns one stakeholder group."""
    promises, actions = document["promises"], document["actions"]
    covered = _covered(promises)
    rows = [_row(promise, actions, covered, stakeholder) for promise in promises if _concerns(promise, stakeholder)]
    duty = _duty(actions, covered, stakeholder)
    return Ledger(
        rows=[row for row in rows if not row.is_outside],
        duty=duty if duty.acts else None,
        outside=[row for row in rows if row.is_outside],
        stakeholders=_named(promises, actions, document["coverage"]),
        promised=[row["stakeholder"] for row in document["coverage"] if row["promised"]],
    )


Covered = set[tuple[str, str, str]]


def _covered(promises: Iterable[Record]) -> Covered:
    """Which act the engine read against which promise for which group. Dates may have moved some to the duty."""
    return {
        (promise["id"], gap["stakeholder"], action)
        for promise in promises
        for gap in promise["gaps"]
        for action in gap["actions"]
    }


def _concerns(promise: Record, stakeholder: str) -> bool:
    return not stakeholder or stakeholder in promise["stakeholders"]


def _row(promise: Record, actions: Iterable[Record], covered: Covered, stakeholder: str) -> Row:
    def belongs(action: Record, proof: Record) -> bool:
        return (promise["id"], proof["stakeholder"], action["id"]) in covered and proof["promise"] == promise["id"]

    return Row(promise, _acts(actions, belongs, stakeholder), _steps(promise["gaps"], stakeholder))


def _duty(actions: Iterable[Record], covered: Covered, stakeholder: str) -> Row:
    def belongs(action: Record, proof: Record) -> bool:
        return (proof["promise"], proof["stakeholder"], action["id"]) not in covered

    return Row(None, _acts(actions, belongs, stakeholder))


def _acts(actions: Iterable[Record], belongs: Any, stakeholder: str) -> list[ReadAct]:
    found = []
    for action in actions:
        proofs = [
            proof
            for proof in action["proofs"]
            if belongs(action, proof) and (not stakeholder or proof["stakeholder"] == stakeholder)
        ]
        if proofs:
            found.append(ReadAct(action, proofs))
    return found


def _steps(gaps: Iterable[Record], stakeholder: str) -> list[Step]:
    """Groups that stand at the same distance share a step; the documented ones come first, the worst on top."""
    at: dict[tuple[int | None, bool], list[str]] = {}
    for gap in gaps:
        if not stakeholder or gap["stakeholder"] == stakeholder:
            at.setdefault((gap["gap"], bool(gap["actions"])), []).append(gap["stakeholder"])
    order = sorted(at, key=lambda place: (place[0] is None, place[0] or 0, not place[1]))
    return [Step(gap, at[gap, found], found) for gap, found in order]


def _named(promises: Iterable[Record], actions: Iterable[Record], coverage: Iterable[Record]) -> list[str]:
    named = {code for promise in promises for code in promise["stakeholders"]}
    named |= {proof["stakeholder"] for action in actions for proof in action["proofs"]}
    return [row["stakeholder"] for row in coverage if row["stakeholder"] in named]
