"""The facts of a judgement in one canonical text, and its digest.

Two dossiers have the same text exactly if they hold the same facts on their day: order of entry is gone, what is dated
later is left out. The day itself and the method version are not part of it; they are kept beside it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from scoring.engine.dossier import Action, Dossier, PartialDate, Promise, Proof, Source
from scoring.engine.reading import in_time
from scoring.engine.verdict import FindingCode, Verdict


def canonical(dossier: Dossier) -> str:
    """Canonical JSON of the facts used: sorted keys, no spaces, ASCII; the input format without ``as_of``."""
    return canonical_of_used(in_time(dossier)[0])


def digest(text: str) -> str:
    """SHA-256 of a canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical_of_used(dossier: Dossier) -> str:
    """The same for a dossier from which ``in_time`` has already left out what is dated later."""
    profile = dossier.profile
    facts: dict[str, Any] = {
        "crisis_start": str(dossier.crisis_start),
        "promises": [_promise(promise) for promise in dossier.promises],
        "profile": {
            "pu": profile.pu,
            "vh": profile.vh,
            "cc": profile.cc,
            "labels": sorted(profile.labels),
            "not_applicable": sorted(profile.not_applicable),
            "double_coded": profile.double_coded,
        },
        "actions": [_action(action) for action in dossier.actions],
    }
    if dossier.reliability:  # left out where there is none, so that what was kept before there was any stays as it is
        facts["reliability"] = {code.value: alpha for code, alpha in dossier.reliability}
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), allow_nan=False)


def as_reproduced(verdict: Verdict) -> Verdict:
    """A verdict as its canonical facts give it again.

    Only the notice that something dated later was left out is lost, since what was left out is not among the facts.
    """
    findings = tuple(finding for finding in verdict.findings if finding.code is not FindingCode.DATED_LATER_IGNORED)
    return replace(verdict, findings=findings)


def _day(day: PartialDate | None) -> str | None:
    return None if day is None else str(day)


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.id,
        "st": promise.st,
        "groups": sorted(promise.groups),
        "since": _day(promise.since),
        "weight": promise.weight,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "id": action.id,
        "started": _day(action.started),
        "su": action.su,
        "re": action.re,
        "in": action.in_,
        "ge": action.ge,
        "appraisal": action.appraisal,
        "double_coded": action.double_coded,
        "disputed": action.disputed,
        "duplicate_of": action.duplicate_of,
        "sources": [_source(source) for source in action.sources],
        "proofs": [_proof(proof) for proof in action.proofs],
    }


def _source(source: Source) -> dict[str, Any]:
    return {"id": source.id, "kind": source.kind, "group": source.group, "date": _day(source.date)}


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "id": proof.id,
        "group": proof.group,
        "yardstick": proof.yardstick,
        "direction": proof.direction,
        "depth": proof.depth,
        "remedy": proof.remedy,
    }
