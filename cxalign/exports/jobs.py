"""Making a file in the background, from order to download. Pages, API and workers call these functions.

A worker claims a job for a while and gives signs of life; whoever dies is followed by another, who begins afresh:
nothing but the finished file counts. What a job holds is written by the writer registered under its kind.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from brands.claiming import Crew
from cxalign.exports.models import AT_WORK, FINISHED, ExportFile, ExportJob, ExportState

export_due = Signal()
"""Sent with ``job_id`` after the job is safely in the database."""

BEAT_SECONDS = 2.0
OPEN_AT_ONCE = 3
"""As many a person may have waiting or being made."""
KEPT_FOR = timedelta(days=7)
LARGEST = 100 * 1024 * 1024

Told = Callable[[int], None]
"""Hears how many are done; raises where the work is no longer wanted."""
Writer = Callable[[ExportJob, Path, Told], None]
Query = dict[str, list[str]]
"""Name → chosen values, as in the address of the page."""
_writers: dict[str, Writer] = {}
_measures: dict[str, Measure] = {}


def register(kind: str, writer: Writer, measure: Measure | None = None) -> None:
    """``measure`` is for kinds that programs order: it says what a file would hold before it is made."""
    _writers[kind] = writer
    if measure:
        _measures[kind] = measure


@dataclass(frozen=True)
class Measured:
    name: str
    """Of the file."""
    total: int
    """How many records go through it."""


Measure = Callable[[str, Query], Measured]
"""Format and query → what the file would be; raises ``WishError`` where the query means nothing."""


class WishError(Exception):
    """Parts of a query that mean nothing: the name of each and what is wrong with it."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__(errors[0][1])
        self.errors = errors


class TooManyError(Exception):
    """This person has as many files in the making as one may have."""

    def __init__(self) -> None:
        message = _("You have %(count)d files in the making: wait for one of them, or cancel it.")
        super().__init__(message % {"count": OPEN_AT_ONCE})


# --- Ordering, cancelling ---------------------------------------------------------------------------------------------


@transaction.atomic
def order(kind: str, format: str, query: dict[str, Any], *, name: str, total: int, by: Any) -> ExportJob:
    """Put it in the queue. The same file asked for again while it is being made is the same job."""
    get_user_model().objects.select_for_update().get(pk=by.pk)  # one order at a time, so that nobody passes the limit
    language = (translation.get_language() or "en")[:2]
    waiting = ExportJob.objects.of(by).filter(state__in=AT_WORK)
    same = {"kind": kind, "format": format, "language": language}
    for job in waiting.filter(**same):
        if job.query == query:
            return job
    if waiting.count() >= OPEN_AT_ONCE:
        raise TooManyError
    job = ExportJob.objects.create(**same, query=query, file_name=name, total=total, requested_by=by)
    crew.wake_after_commit(job.pk)
    return job


def order_by_name(kind: str, format: str, query: Query, *, by: Any) -> ExportJob:
    """The same for whoever knows the kind by its name alone."""
    measured = _measures[kind](format, query)
    return order(kind, format, query, name=measured.name, total=measured.total, by=by)


def cancel(job: ExportJob) -> bool:
    """Stop it; whether there was anything to stop. The worker notices at its next sign of life."""
    waiting = ExportJob.objects.filter(pk=job.pk, state__in=AT_WORK)
    stopped = waiting.update(state=ExportState.CANCELLED, lease_until=None, finished_at=timezone.now())
    job.refresh_from_db()
    return bool(stopped)


def remove(job: ExportJob) -> bool:
    """Forget a finished one, its file with it; whether it was finished."""
    _count, by_model = ExportJob.objects.filter(pk=job.pk, state__in=FINISHED).delete()
    return bool(by_model.get(ExportJob._meta.label))


# --- The worker -------------------------------------------------------------------------------------------------------


def do(job: ExportJob) -> None:
    with tempfile.TemporaryDirectory() as folder:
        make(job, Path(folder) / "file")


def begin(job: ExportJob) -> list[str]:
    job.state, job.progress, job.started_at = ExportState.RUNNING, 0, timezone.now()
    return ["state", "progress", "started_at"]


def fail(job: ExportJob) -> None:
    with translation.override(job.language):
        message = _("It stopped %(times)s times before its end. Ask for it again, or for fewer scorecards.")
        job.error = message % {"times": job.attempt}
    job.state, job.lease_until, job.finished_at = ExportState.FAILED, None, timezone.now()
    job.save(update_fields=["error", "state", "lease_until", "finished_at", "touched_at"])


crew = Crew(ExportJob, export_due, do, begin, fail, lease=timedelta(seconds=30))
work_on, work_on_all_due, claim = crew.work_on, crew.work_on_all_due, crew.claim


def make(job: ExportJob, path: Path) -> None:
    """Write the file, then keep it: in one transaction with the state that says so."""
    _writers[job.kind](job, path, beats(job))
    size = path.stat().st_size
    if size > LARGEST:
        raise ValueError(f"The file has {size} bytes; the limit is {LARGEST}.")
    data = path.read_bytes()
    with transaction.atomic():
        held = crew.hold(job, ExportState.RUNNING)
        ExportFile.objects.create(job=held, data=data)
        held.state, held.progress, held.lease_until = ExportState.DONE, held.total, None
        held.size, held.digest, held.finished_at = size, hashlib.sha256(data).hexdigest(), timezone.now()
        held.save()


def beats(job: ExportJob) -> Told:
    """A sign of life every few seconds, with how far it is."""
    last = time.monotonic()

    def told(done: int) -> None:
        nonlocal last
        if time.monotonic() - last < BEAT_SECONDS:
            return
        last = time.monotonic()
        crew.beat(job, progress=min(done, job.total))

    return told


def rate(job: ExportJob) -> float:
    """Scorecards a second since the work began."""
    if not job.started_at or not job.progress:
        return 0.0
    seconds = ((job.finished_at or timezone.now()) - job.started_at).total_seconds()
    return job.progress / max(seconds, 0.001)


def purge() -> int:
    """Forget what is older than a week, files included; how many."""
    old = ExportJob.objects.filter(state__in=FINISHED, finished_at__lt=timezone.now() - KEPT_FOR)
    count = old.count()
    old.delete()
    return count
