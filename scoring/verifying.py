"""The checks of an installation on itself: verdicts follow the evidence, the trail is whole, the store is in order.

Nothing is repaired and nothing is changed; every finding is named. ``run`` makes one check and ``keep`` stores what it
found, which is what the nightly task does.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.storage import Storage
from django.db.models import Count, Exists, FileField, Model, OuterRef, Q, UniqueConstraint
from django.utils import timezone

from brands import archiving
from brands.archiving import damaged_copies
from brands.folding import verify_facts
from brands.models import Brand, Event, TrailHead, VerificationRun
from brands.trail import Finding, Head, verify_chain
from scoring.engine.canonical import as_reproduced, canonical, digest
from scoring.engine.dossier_json import rebuild
from scoring.engine.judge import judge
from scoring.engine.method import get, method_in_force
from scoring.engine.verdict_json import verdict_from_dict, verdict_to_dict
from scoring.gather import gather
from scoring.models import Assessment, Publication, PublishedFact, Snapshot
from scoring.recorded import verify_publications

Difference = Finding
"""One place where what is stored is not what the facts and the method say."""


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


# --- The trail --------------------------------------------------------------------------------------------------------


def verify_trail(heads: Iterable[Head | Finding] | None = None) -> Iterator[Finding]:
    """The chain is whole and meets the kept heads; what it tells of every fact and version is what is on file."""
    yield from verify_chain(heads)
    yield from verify_facts()
    yield from verify_publications()


# --- The store --------------------------------------------------------------------------------------------------------

OURS = ("accounts", "brands", "scoring")
"""Apps whose tables hold what people entered, decided or were told."""

KEPT_FOR_GOOD = ("brands.event", "scoring.snapshot", "scoring.publication")
"""Tables in which rows are only ever added."""

store_checks: list[Callable[[], Iterator[Finding]]] = [damaged_copies]
"""Whoever stores something outside its tables (archived copies, exports) adds its check when the application starts."""


def verify_store() -> Iterator[Finding]:
    """No reference leads nowhere, no natural key occurs twice, files are what they were, nothing has become fewer."""
    models = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    for model in models:
        yield from _orphans(model)
        yield from _doubles(model)
        yield from _files(model)
    yield from _fewer()
    yield from _published_copies()
    for check in store_checks:
        yield from check()


def _orphans(model: type[Model]) -> Iterator[Finding]:
    fields: list[Any] = list(model._meta.concrete_fields)
    for one in fields:
        if not one.is_relation:
            continue
        others: Any = one.related_model
        there = others._base_manager.filter(**{one.target_field.name: OuterRef(one.attname)})
        rows = model._base_manager.filter(~Exists(there), **{f"{one.attname}__isnull": False}).order_by("pk")
        for pk, value in rows.values_list("pk", one.attname):
            yield Finding(f"{model._meta.label_lower}:{pk}", f"its {one.name} is {value}, which is not on file")


def _doubles(model: type[Model]) -> Iterator[Finding]:
    """The database holds these as constraints; that it does is what is checked."""
    for names, condition in _natural_keys(model):
        rows = model._base_manager.filter(condition).order_by().values_list(*names)
        for values in rows.annotate(times=Count("pk")).filter(times__gt=1):
            key = ", ".join(f"{name} {value}" for name, value in zip(names, values[:-1], strict=True))
            yield Finding(model._meta.label_lower, f"{values[-1]} rows have the same key ({key})")


def _natural_keys(model: type[Model]) -> Iterator[tuple[list[str], Q]]:
    for one in model._meta.concrete_fields:
        if one.unique and not one.primary_key:
            yield [one.attname], Q(**{f"{one.attname}__isnull": False})
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            names = [model._meta.get_field(name).attname for name in constraint.fields]  # type: ignore[union-attr]
            filled = Q(**{f"{name}__isnull": False for name in names})
            yield names, filled & (constraint.condition or Q())
    for together in model._meta.unique_together:
        yield [model._meta.get_field(name).attname for name in together], Q()  # type: ignore[union-attr]


def _files(model: type[Model]) -> Iterator[Finding]:
    """Files that a row names are there, and match the digest beside them where there is one."""
    for one in model._meta.concrete_fields:
        if isinstance(one, FileField):
            beside = digest_field(model, one.name)
            for row in model._base_manager.exclude(**{one.name: ""}).order_by("pk").iterator(chunk_size=200):
                expected = getattr(row, beside) if beside else ""
                if wrong := _wrong_file(one.storage, getattr(row, one.name).name, expected):
                    yield Finding(f"{model._meta.label_lower}:{row.pk}", wrong)


def digest_field(model: type[Model], name: str) -> str:
    """Where the digest of a file stands: in a field of its name, or in the only one of that kind."""
    names = {one.name for one in model._meta.concrete_fields}
    return next((found for found in (f"{name}_sha256", "sha256", "archive_sha256") if found in names), "")


def _wrong_file(storage: Storage, name: str, expected: str) -> str:
    if not storage.exists(name):
        return f"its file {name} is gone"
    with storage.open(name) as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return f"its file {name} is not the one that was stored" if expected and found != expected else ""


def _published_copies() -> Iterator[Finding]:
    """A digest that a published version shows is that of a copy we hold, whatever happened to its source since."""
    there = archiving.STORE.there()
    for publication in Publication.objects.select_related("assessment__brand", "assessment__crisis", "snapshot"):
        for source in json.loads(publication.snapshot.document)["sources"]:
            digest = (source["archive"] or {}).get("sha256")
            if digest and digest not in there:
                yield Finding(str(publication), f"the copy {digest} of its source {source['id']} is not on file")


def _fewer() -> Iterator[Finding]:
    last = VerificationRun.objects.filter(what="store").first()
    for label, now in counts().items():
        before = last.counts.get(label, 0) if last else 0
        if now < before:
            yield Finding(label, f"{now} rows, but {before} when it was checked last: rows of it are never deleted")


def counts() -> dict[str, int]:
    return {label: apps.get_model(label)._base_manager.count() for label in KEPT_FOR_GOOD}


# --- Running them -----------------------------------------------------------------------------------------------------

CHECKS: dict[str, Callable[[], Iterator[Finding]]] = {
    "verdicts": verify_verdicts,
    "trail": verify_trail,
    "store": verify_store,
}
SHOWN = 20
"""So many findings are kept with a run; the command names them all."""


@dataclass
class Result:
    """What one check found."""

    what: str
    checked: int = 0
    seconds: float = 0.0
    up_to: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def run(what: str, heads: Iterable[Head | Finding] | None = None) -> Result:
    """Make one check. Nothing is changed."""
    result = Result(what, up_to=TrailHead.objects.values_list("sequence", flat=True).first() or 0)
    started = time.monotonic()
    result.findings = list(verify_trail(heads) if what == "trail" else CHECKS[what]())
    result.seconds = time.monotonic() - started
    result.counts = counts()
    result.checked = {
        "verdicts": result.counts["scoring.snapshot"],
        "trail": Event.objects.count(),
        "store": sum(result.counts.values()),
    }[what]
    return result


def keep(result: Result) -> VerificationRun:
    """Store what a check found, for the people who look after the installation."""
    return VerificationRun.objects.create(
        what=result.what,
        seconds=round(result.seconds, 3),
        checked=result.checked,
        findings=len(result.findings),
        first_findings=[str(finding) for finding in itertools.islice(result.findings, SHOWN)],
        up_to=result.up_to,
        counts=result.counts,
    )


EVERY = timedelta(hours=23)
"""A night's run that begins a little earlier than the last one still counts as the next."""


def run_what_is_due() -> list[VerificationRun]:
    """The nightly checks: those that have not run for a day. Asked more often, it does nothing more."""
    since = timezone.now() - EVERY
    fresh = set(VerificationRun.objects.filter(at__gt=since).values_list("what", flat=True))
    return [keep(run(what)) for what in CHECKS if what not in fresh]
