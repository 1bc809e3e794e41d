"""The rules of the method once more, as literally and as slowly as they are written, for comparison.

Nothing here is shared with the engine but the shape of the facts. It knows no dates, no duplicates and no sources: it
takes the evidence grade and the independence group of each act as given.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

CORE = ("customers", "employees", "partners", "community")
CREDENCE = (0.20, 0.50, 0.75, 0.95)
SWITCHES = (
    "dna_first",
    "reach_required",
    "no_duty_of_care",
    "all_groups_required",
    "dna_either",
    "two_sources_needed",
)


@dataclass(frozen=True)
class Row:
    """One proof row; ``promise`` is the id of its yardstick, or ``None`` for the duty of care."""

    id: str
    group: str
    promise: str | None
    helps: bool
    depth: int | None
    remedy: int = 0


@dataclass(frozen=True)
class Act:
    id: str
    ev: int
    voice: object
    su: int | None = None
    re: int | None = None
    in_: int | None = None
    ge: int | None = None
    appraisal: bool = False
    double: bool = False
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class File:
    promises: tuple[tuple[str, frozenset[str]], ...] = ()
    pu: int | None = None
    vh: int | None = None
    cc: int | None = None
    double: bool = False
    not_applicable: frozenset[str] = frozenset()
    acts: tuple[Act, ...] = ()

    @property
    def core(self) -> list[str]:
        return [group for group in CORE if group not in self.not_applicable]

    @property
    def promised(self) -> set[str]:
        return {group for _, groups in self.promises for group in groups}


def sev(row: Row) -> int:
    return max(0, (row.depth or 0) - row.remedy)


def outcome(file: File, on: frozenset[str] = frozenset()) -> str:
    """Section 5, with any of the six switches on."""

    def ev(act: Act) -> int:
        return 1 if "two_sources_needed" in on and act.ev == 2 else act.ev

    def strength(act: Act) -> int:
        return min(ev(act), act.su or 0, act.re or 0) if "reach_required" in on else min(ev(act), act.su or 0)

    rows = [(act, row) for act in file.acts for row in act.rows]

    def kept(group: str) -> int:
        return max([strength(act) for act, row in rows if row.helps and row.group == group], default=0)

    if not file.promises:
        return "no_promise"
    harmed = False
    for act, row in rows:
        if row.helps:
            continue
        harmed = harmed or (ev(act) >= 2 and sev(row) >= 2)
        if row.promise and sev(row) >= 2 and ev(act) >= 2:
            return "broken_promise"
        duty = not row.promise and "no_duty_of_care" not in on
        if duty and sev(row) >= 2 and ev(act) >= 2 and (sev(row) == 3 or ev(act) == 3):
            return "broken_promise"
        if row.promise and sev(row) == 1 and ev(act) == 3 and kept(row.group) < 2:
            return "broken_promise"
    if harmed:
        return "insufficient_evidence"

    sur = [0]
    pro = [0]
    for act, row in rows:
        if row.helps and row.promise and (row.depth or 0) >= 1 and (act.ge or 0) >= 1:
            sur.append(strength(act) if row.depth == 2 else min(strength(act), 1))
        if row.helps and row.group == "customers" and act.in_ == 3:
            pro.append(min(strength(act), act.ge or 0))
    roots, record = max(file.pu or 0, file.vh or 0), file.cc or 0
    dna = max(roots, record) if "dna_either" in on else min(roots, record)
    rules = {
        "all": len(file.core) >= 3 and all(kept(group) >= 2 for group in file.core),
        "exceeds_promise": max(sur) >= 2,
        "dna_proactive": dna >= 2 and max(pro) >= 2,
        "promised": promised_kept(file, kept) and "all_groups_required" not in on,
    }
    order = ["all", "exceeds_promise", "dna_proactive", "promised"]
    if "dna_first" in on:
        order = ["dna_proactive", "all", "exceeds_promise", "promised"]
    first = next((rule for rule in order if rules[rule]), "insufficient_evidence")
    return "aligned" if first in ("all", "promised") else first


def promised_kept(file: File, kept: Callable[[str], int]) -> bool:
    promised = [group for group in file.core if group in file.promised]
    return bool(promised) and all(kept(group) >= 2 for group in promised)


# ------------------------------------------------------------------------------------------------------ probabilities


def simulate(file: File, draws: int, seed: int) -> dict[str, float]:
    """Section 6 by drawing: truth by group of sources, then another coder's reading of every code."""
    rng = random.Random(seed)

    def read(level: int | None, delta: float, low: int = 0, high: int = 3) -> int:
        if level is None:
            return 0
        dice = rng.random()
        if dice < delta / 2:
            return min(high, level + 1)
        return max(low, level - 1) if dice < delta else level

    def one() -> str:
        luck: dict[object, float] = {}
        kept: set[str] = set()
        short: set[str] = set()
        breach = surpass = proact = False
        for act in file.acts:
            u = luck.setdefault(act.voice, rng.random())
            if u >= (0.60 if act.appraisal and act.ev == 2 else CREDENCE[act.ev]):
                continue
            delta = 0.05 if act.double else 0.10
            su, ge, in_ = read(act.su, delta), read(act.ge, delta), read(act.in_, delta)
            for row in act.rows:
                if row.helps:
                    depth = read(row.depth, delta, 0, 2)
                    if su >= 2:
                        kept.add(row.group)
                        surpass = surpass or bool(row.promise and ge >= 1 and depth == 2)
                        proact = proact or (row.group == "customers" and ge >= 2 and in_ == 3)
                else:
                    severity = max(0, read(row.depth, delta, 1, 3) - row.remedy)
                    breach = breach or severity >= 2
                    if row.promise and severity == 1:
                        short.add(row.group)
        delta = 0.05 if file.double else 0.10
        lineage = min(max(read(file.pu, delta), read(file.vh, delta)), read(file.cc, delta)) >= 2
        promised = [group for group in file.core if group in file.promised]
        if breach or short - kept:
            return "broken_promise"
        if len(file.core) >= 3 and set(file.core) <= kept:
            return "aligned"
        if surpass:
            return "exceeds_promise"
        if proact and lineage:
            return "dna_proactive"
        return "aligned" if promised and set(promised) <= kept else "insufficient_evidence"

    counts = Counter(one() for _ in range(draws))
    return {name: count / draws for name, count in counts.items()}


# -------------------------------------------------------------------------------------------------- smallest changes


Put = Callable[[Act], File]


def steps(level: int | None, found: int, low: int = 0, high: int = 3) -> list[int]:
    if level is None:
        return [found]
    return [other for other in (level + 1, level - 1) if low <= other <= high]


def edits(file: File) -> list[tuple[tuple[object, ...], File]]:
    """Section 7.2: every single edit, with a name for it, as a whole new file."""
    found: list[tuple[tuple[object, ...], File]] = []
    for index, act in enumerate(file.acts):
        if not act.rows:
            continue

        def put(other: Act, index: int = index) -> File:
            return replace(file, acts=(*file.acts[:index], other, *file.acts[index + 1 :]))

        found.append((("claim_disproved", act.id), replace(file, acts=(*file.acts[:index], *file.acts[index + 1 :]))))
        found += [(("ev", act.id, ev), put(replace(act, ev=ev))) for ev in steps(act.ev, 0)]
        found += [(("su", act.id, level), put(replace(act, su=level))) for level in steps(act.su, 2)]
        found += [(("in", act.id, level), put(replace(act, in_=level))) for level in steps(act.in_, 3)]
        found += [(("ge", act.id, level), put(replace(act, ge=level))) for level in steps(act.ge, 2)]
        for place, row in enumerate(act.rows):

            def put_row(other: Row, place: int = place, act: Act = act, put: Put = put) -> File:
                return put(replace(act, rows=(*act.rows[:place], other, *act.rows[place + 1 :])))

            low, high = (0, 2) if row.helps else (1, 3)
            found += [
                (("depth", row.id, depth), put_row(replace(row, depth=depth)))
                for depth in steps(row.depth, 2, low, high)
            ]
            if not row.helps and row.remedy < 2:
                found.append((("remedy", row.id, row.remedy + 1), put_row(replace(row, remedy=row.remedy + 1))))
    for name, _ in file.promises:
        found.append((("promise_withdrawn", name), without_promise(file, name)))
    for code in ("pu", "vh", "cc"):
        for level in steps(getattr(file, code), 2):
            changed: dict[str, Any] = {code: level}
            found.append(((code, "profile", level), replace(file, **changed)))
    for group in file.core:
        proof = Row(f"new-{group}", group, None, True, 0)
        kept = Act(f"new-{group}", 2, f"new-{group}", su=2, in_=2, ge=1, rows=(proof,))
        if not any(
            row.helps and row.group == group and min(act.ev, act.su or 0) >= 2 for act in file.acts for row in act.rows
        ):
            found.append((("kept_proof", group), replace(file, acts=(*file.acts, kept))))
        if not file.promises:
            found.append((("first_promise", group), replace(file, promises=(("new", frozenset({group})),))))
    return found


def without_promise(file: File, name: str) -> File:
    acts = tuple(
        replace(act, rows=tuple(replace(row, promise=None) if row.promise == name else row for row in act.rows))
        for act in file.acts
    )
    return replace(file, promises=tuple(promise for promise in file.promises if promise[0] != name), acts=acts)
