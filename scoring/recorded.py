"""What the trail keeps of a version, and whether the version is still what it tells.

A line of the chain cannot be altered unseen, a row can. So the line of a publication carries a digest of all that was
decided with it, and the line of a withdrawal one of its public reason; the checks compare them.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from brands.models import Event, Pseudonym
from brands.trail import Finding
from scoring.models import Publication

PUBLISHED, WITHDRAWN = "scorecard.published", "scorecard.withdrawn"
AS_ONE = timedelta(hours=1)
"""A version and its line are written in one transaction: further apart, one of the two days is not the real one."""


def decided(publication: Publication) -> str:
    """A digest of what was decided when a version was published."""
    told = ("version", "cause", "note_en", "note_fr", "policy", "warnings", "ties", "requests")
    values = {name: getattr(publication, name) for name in told}
    values |= {"case": publication.assessment_id, "document": publication.snapshot.document_digest}
    return _digest(values)


def taken_back(publication: Publication) -> str:
    """A digest of what readers are told of a withdrawal."""
    return _digest({name: getattr(publication, f"withdrawn_reason_{name}") for name in ("en", "fr")})


def _digest(values: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def verify_publications() -> Iterator[Finding]:
    """Each version beside its lines of the trail: nothing that was decided was altered, and nothing lacks a line."""
    lines: dict[str, dict[str, Event]] = defaultdict(dict)
    for line in Event.objects.filter(kind__in=(PUBLISHED, WITHDRAWN)).order_by("sequence").iterator(chunk_size=500):
        lines[line.subject][line.kind] = line
    codes = dict(Pseudonym.objects.values_list("user", "code"))
    rows = Publication.objects.select_related("assessment__brand", "assessment__crisis", "snapshot")
    for publication in rows.defer("snapshot__facts", "snapshot__verdict", "snapshot__document").iterator(
        chunk_size=200
    ):
        own = lines[f"scoring.publication:{publication.pk}"]
        found = [*_published(publication, own.get(PUBLISHED), codes), *_withdrawn(publication, own.get(WITHDRAWN))]
        yield from (Finding(str(publication), what) for what in found)


def _published(publication: Publication, line: Event | None, codes: dict[int, str]) -> Iterator[str]:
    if line is None:
        yield "no line of the trail tells that it was published"
        return
    yield from _as_told(publication, line.changes)
    if "digest" not in line.changes and line.reason != (publication.note_en or publication.note_fr):
        yield "its note is not the one that the trail tells"
    if line.actor_code != codes.get(publication.published_by_id or 0, ""):
        yield "it was published by somebody else than the trail tells"
    if abs(publication.published_at - line.at) > AS_ONE:
        yield f"it was published on {line.at.isoformat()}, as the trail tells"


def _as_told(publication: Publication, changes: dict[str, Any]) -> Iterator[str]:
    """Field by field as far as the line tells them, so that a finding names what was altered; then all at once."""
    now: dict[str, Any] = {
        "version": publication.version,
        "outcome": publication.snapshot.outcome,
        "policy": publication.policy,
        "cause": publication.cause,
        "warnings": publication.warnings,
        "requests": [entry.get("reference") for entry in publication.requests],
    }
    differing = [name for name, value in now.items() if (changes.get(name) or [None, None])[1] != (value or None)]
    yield from (f"its {name} is not the one that the trail tells" for name in differing)
    if not differing and "digest" in changes and changes["digest"][1] != decided(publication):
        yield "its notes, ties or facts are not those that the trail tells"


def _withdrawn(publication: Publication, line: Event | None) -> Iterator[str]:
    if publication.withdrawn_at is None:
        if line is not None:
            yield "the trail tells that it was withdrawn"
        return
    if line is None:
        yield "no line of the trail tells that it was withdrawn"
        return
    told = publication.withdrawn_reason_en or publication.withdrawn_reason_fr
    kept = line.changes.get("digest")
    if line.reason.strip() != told if kept is None else kept[1] != taken_back(publication):
        yield "the reason of its withdrawal is not the one that the trail tells"
    if abs(publication.withdrawn_at - line.at) > AS_ONE:
        yield f"it was withdrawn on {line.at.isoformat()}, as the trail tells"
