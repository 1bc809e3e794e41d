"""What differs between two versions of a scorecard, typed: verdict, indices, and each piece of evidence.

It is made from the two stored documents alone, by page and API alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]

VERDICT = ("outcome", "breadth", "reason", "robustness", "method_version")
KINDS = ("promises", "actions", "sources", "judgements")
_NOT_EVIDENCE = (
    "n",
    "used_in",
    "gaps",
    "outside_verdict",
    "sources",
    "proofs",
    "evidence",
    "counted",
    "founding_article",
)
"""Numbers of the page and results of the judgement: they move without anybody touching the record."""


@dataclass(frozen=True)
class Change:
    """One value that moved."""

    name: str
    before: Any
    after: Any

    @property
    def step(self) -> int | None:
        """By how much a number moved."""
        both_numbers = isinstance(self.before, int) and isinstance(self.after, int)
        return self.after - self.before if both_numbers else None


@dataclass(frozen=True)
class Edited:
    """One record whose codes or texts moved."""

    record: Document
    changes: list[Change]


@dataclass(frozen=True)
class Evidence:
    """What was added, removed and changed among the records of one kind."""

    kind: str
    added: list[Document]
    removed: list[Document]
    changed: list[Edited]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Difference:
    verdict: list[Change]
    indices: list[Change]
    evidence: list[Evidence]

    def __bool__(self) -> bool:
        return bool(self.verdict or self.indices or self.evidence)


def difference(older: Document, newer: Document) -> Difference:
    kinds = [_records(kind, older[kind], newer[kind]) for kind in KINDS]
    kinds.append(_records("profile", _profile(older), _profile(newer)))
    kinds.insert(2, _records("proofs", _proofs(older), _proofs(newer)))
    return Difference(
        verdict=_moved(older, newer, VERDICT),
        indices=_moved(older["indices"], newer["indices"], tuple(newer["indices"])),
        evidence=[kind for kind in kinds if kind],
    )


def _moved(older: Document, newer: Document, names: tuple[str, ...]) -> list[Change]:
    pairs = [(name, older.get(name), newer.get(name)) for name in names]
    return [Change(name, before, after) for name, before, after in pairs if before != after]


def _proofs(document: Document) -> list[Document]:
    """Proofs with the words of their act: alone they say nothing to a reader."""
    return [
        {**proof, "statement": action["statement"], "decisive": None}
        for action in document["actions"]
        for proof in action["proofs"]
    ]


def _profile(document: Document) -> list[Document]:
    """What was on file from before the crisis, as the one record of its kind."""
    profile = document.get("profile")
    return [{"id": "profile", "profile": True, **profile}] if profile else []


def _records(kind: str, older: list[Document], newer: list[Document]) -> Evidence:
    before = {record["id"]: record for record in older}
    after = {record["id"]: record for record in newer}
    return Evidence(
        kind=kind,
        added=[record for key, record in after.items() if key not in before],
        removed=[record for key, record in before.items() if key not in after],
        changed=[
            Edited(record, changes)
            for key, record in after.items()
            if key in before and (changes := _fields(before[key], record))
        ],
    )


def _fields(before: Document, after: Document) -> list[Change]:
    names = tuple(name for name in after if name not in _NOT_EVIDENCE)
    return [*_moved(before, after, names), *_source_kinds(before, after)]


def _source_kinds(before: Document, after: Document) -> list[Change]:
    """Which sources a record rests on, as ids: their numbers on the page may move."""
    if "sources" not in after:
        return []
    old, new = ([_source_id(source) for source in record.get("sources", [])] for record in (before, after))
    moved = [Change("sources", old, new)] if sorted(old) != sorted(new) else []
    return [*moved, *_regraded(before, after)]


def _regraded(before: Document, after: Document) -> list[Change]:
    """Sources that stayed and now count as another kind: the grade of the act hangs on it."""
    old, new = (
        {source["id"]: source.get("kind") for source in record.get("sources", []) if isinstance(source, Mapping)}
        for record in (before, after)
    )
    both = [key for key in new if key in old and old[key] != new[key]]
    return [Change("source_kind", [old[key] for key in both], [new[key] for key in both])] if both else []


def _source_id(source: Any) -> str:
    return str(source["id"] if isinstance(source, Mapping) else source)
