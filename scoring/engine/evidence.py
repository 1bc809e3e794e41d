"""How far a claim is to be believed: its evidence grade, and the independence group that it stands or falls with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scoring.engine.dossier import Source, SourceKind
from scoring.engine.method import Method
from scoring.engine.order import date_key, id_key

Claim = tuple[int, str]
"""Claims with the same key stand or fall together."""


def evidence_grade(sources: Iterable[Source], method: Method, *, disputed: bool = False) -> int:
    """Evidence grade EV, 0 to 3, of a claim from its sources; a denial lowers what no primary source shows."""
    sources = tuple(sources)
    kinds = {source.kind for source in sources}
    grades = [method.evidence_grades[kind] for kind in kinds]
    independent = {source.group for source in sources if source.kind is SourceKind.INDEPENDENT}
    if len(independent) >= method.corroborating_groups:
        grades.append(method.evidence_grades["corroborated"])
    grade = max(grades, default=0)
    if disputed and SourceKind.PRIMARY not in kinds:
        return min(grade, method.disputed_ceiling)
    return grade


def claim_of(action_id: str, sources: Sequence[Source]) -> Claim:
    """The independence group of the earliest-dated source; an action without a source stands alone."""
    if not sources:
        return (1, action_id)
    earliest = min(sources, key=lambda source: (date_key(source.date), id_key(source.id)))
    return (0, earliest.group)
