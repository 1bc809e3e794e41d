"""Proof that verdicts follow the evidence: everything stored is computed again and compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from brands.models import Brand
from scoring.engine.canonical import as_reproduced, canonical, digest
from scoring.engine.dossier_json import rebuild
from scoring.engine.judge import judge
from scoring.engine.method import get, method_in_force
from scoring.engine.verdict_json import verdict_from_dict, verdict_to_dict
from scoring.gather import gather
from scoring.models import Assessment, Publication, PublishedFact, Snapshot


@dataclass(frozen=True)
class Difference:
    """One place where what is stored is not what the facts and the method say."""

    subject: str
    what: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"


def verify_verdicts() -> Iterator[Difference]:
    """Every snapshot against its own frozen facts, every working verdict against the facts on file."""
    for snapshot in Snapshot.objects.select_related("assessment__brand", "assessment__crisis").iterator(chunk_size=200):
        yield from _against_frozen_facts(snapshot)
    yield from _against_facts_on_file()
    yield from _public_facts_match()


def _against_frozen_facts(snapshot: Snapshot) -> Iterator[Difference]:
    if digest(snapshot.facts) != snapshot.facts_digest:
        yield Difference(str(snapshot), "its frozen facts do not match their digest")
        return
    if digest(snapshot.document) != snapshot.document_digest:
        yield Difference(str(snapshot), "its scorecard does not match its digest")
    verdict = judge(rebuild(snapshot.facts, snapshot.as_of), get(snapshot.method_version))
    kept = as_reproduced(verdict_from_dict(json.loads(snapshot.verdict)))
    fresh, stored = verdict_to_dict(verdict), verdict_to_dict(kept)
    for key in sorted(fresh.keys() | stored.keys()):
        if fresh.get(key) != stored.get(key):
            yield Difference(str(snapshot), f"{key} is {stored.get(key)!r}, judged again it is {fresh.get(key)!r}")
    if snapshot.outcome != verdict.outcome or snapshot.robustness != (verdict.robustness or ""):
        yield Difference(str(snapshot), f"its columns say {snapshot.outcome}, judged again it is {verdict.outcome}")


def _against_facts_on_file() -> Iterator[Difference]:
    today = timezone.localdate()
    for assessment in Assessment.objects.select_related("brand", "crisis").iterator(chunk_size=200):
        latest = Snapshot.objects.latest_of(assessment)
        facts_digest = digest(canonical(gather(assessment, as_of=today)))
        if latest is None:
            yield Difference(str(assessment), "has facts but no verdict: run manage.py rescore")
        elif latest.facts_digest != facts_digest:
            yield Difference(str(assessment), "its latest verdict rests on older facts: run manage.py rescore")
        elif latest.method_version != method_in_force(today).version:
            yield Difference(str(assessment), "its latest verdict rests on an older method: run manage.py rescore")
    for brand in Brand.objects.filter(assessments__isnull=True, actions__isnull=False).distinct():
        yield Difference(str(brand), "has actions but was never judged: run manage.py rescore")


def _public_facts_match() -> Iterator[Difference]:
    """The API shows the facts of current publications, all of them and no others."""
    for publication in Publication.objects.current().select_related(
        "assessment__brand", "assessment__crisis", "snapshot"
    ):
        document = json.loads(publication.snapshot.document)
        expected = len(document["promises"]) + len(document["actions"]) + len(document["sources"])
        expected += sum(len(action["proofs"]) for action in document["actions"])
        shown = PublishedFact.objects.filter(assessment=publication.assessment).count()
        if shown != expected:
            yield Difference(str(publication), f"the API holds {shown} of its {expected} facts: publish it again")
    hidden = PublishedFact.objects.exclude(assessment__publications__is_current=True)
    for key in hidden.values_list("key", flat=True):
        yield Difference(key, "is shown by the API although its case is not published")
