"""Short functions that make dossiers, with the facts of the case visible in the test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from scoring.engine.cases import SOURCES, case_dossier
from scoring.engine.dossier import (
    DUTY,
    Action,
    Direction,
    Dossier,
    Group,
    PartialDate,
    Profile,
    Promise,
    Proof,
    Source,
    SourceKind,
)
from scoring.engine.judge import judge
from scoring.engine.method import Method, get
from scoring.engine.verdict import Verdict

CUSTOMERS, EMPLOYEES, PARTNERS, COMMUNITY, ENVIRONMENT = Group
CORE = (CUSTOMERS, EMPLOYEES, PARTNERS, COMMUNITY)
AS_OF = date(2020, 12, 31)


@cache
def method() -> Method:
    return get("1.0.0")


def verdict_of(dossier: Dossier) -> Verdict:
    return judge(dossier, method())


def day(text: str | None) -> PartialDate | None:
    return None if text is None else PartialDate.parse(text)


def source(kind: str, group: str = "paper", *, id: str = "s1", date: str | None = None) -> Source:
    return Source(id, SourceKind(kind), group, day(date))


def sources_of_grade(evidence: int, voice: str) -> tuple[Source, ...]:
    return tuple(
        Source(f"{voice}-{number}", SourceKind(kind), voice + suffix)
        for number, (kind, suffix) in enumerate(SOURCES[evidence])
    )


def promise(id: str = "p1", *groups: Group, st: int | None = 2, since: str | None = None, **more: Any) -> Promise:
    return Promise(id, st, frozenset(groups or (CUSTOMERS,)), day(since), **more)


def helps(group: Group = CUSTOMERS, depth: int | None = 0, *, on: str = DUTY, id: str = "") -> Proof:
    return Proof(id, group, on, Direction.HELPS, depth)


def harms(group: Group = CUSTOMERS, depth: int | None = 2, *, on: str = DUTY, remedy: int = 0, id: str = "") -> Proof:
    return Proof(id, group, on, Direction.HARMS, depth, remedy)


def action(
    id: str,
    *proofs: Proof,
    evidence: int = 2,
    voice: str | None = None,
    started: str | None = None,
    initiative: int | None = None,
    **more: Any,
) -> Action:
    """An action whose sources make the evidence grade; proofs get ids of their own."""
    more.setdefault("sources", sources_of_grade(evidence, voice or f"voice-{id}"))
    named = tuple(replace(proof, id=proof.id or f"{id}.{number}") for number, proof in enumerate(proofs, start=1))
    return Action(id, day(started), in_=initiative, proofs=named, **more)


def dossier(*actions: Action, promises: tuple[Promise, ...] = (), as_of: date = AS_OF, **profile: Any) -> Dossier:
    return Dossier(PartialDate(2020, 3), as_of, promises, Profile(**profile), tuple(actions))


def from_table(record: dict[str, Any]) -> Dossier:
    """A dossier from the short form of the tables in ``cases/``."""
    return case_dossier(record, "2020-03", "2020-12-31", record.get("name", "case"))
