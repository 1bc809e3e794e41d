"""Making a file in the background, from order to download. Pages, API and workers call these functions.

A worker claims a job for a while and gives signs of life; whoever dies is followed by another, who begins afresh:
nothing but the finished file counts. What a job holds is written by the writer registered under its kind.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import OperationalError, transaction
from django.dispatch import Signal
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cxalign.exports.models import AT_WORK, FINISHED, ExportFile, ExportJob, ExportState

logger = logging.getLogger(__name__)

export_due = Signal()
"""Sent with ``job_id`` after the job is safely in the database."""

LEASE = timedelta(seconds=30)
BEAT_SECONDS = 2.0
ATTEMPTS = 3
OPEN_AT_ONCE = 3
"""As many a person may have waiting or being made."""
KEPT_FOR = timedelta(days=7)
LARGEST = 100 * 1024 * 1024

Told = Callable[[int], None]
"""Hears how many are done; raises where the work is no longer wanted."""
Writer = Callable[[ExportJob, Path, Told], None]
_writers: dict[str, Writer] = {}


def register(kind: str, writer: Writer) -> None:
    _writers[kind] = writer


class Superseded(Exception):
    """Cancelled, or taken over by another worker: what this one made does not count."""


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
    wake_after_commit(job.pk)
    return job


def wake_after_commit(job_id: UUID) -> None:
    def wake() -> None:  # a plain function: on_commit logs its name when it fails
        export_due.send(sender=ExportJob, job_id=str(job_id))

    transaction.on_commit(wake, robust=True)


def cancel(job: ExportJob) -> bool:
    """Stop it; whether there was anything to stop. The worker notices at its next sign of life."""
    waiting = ExportJob.objects.filter(pk=job.pk, state__in=AT_WORK)
    stopped = waiting.update(state=ExportState.CANCELLED, lease_until=None, finished_at=timezone.now())
    job.refresh_from_db()
    return bool(stopped)


# --- The worker -------------------------------------------------------------------------------------------------------


def work_on_all_due() -> int:
    """Everything that waits, and everything that a dead worker left; how many jobs were taken."""
    due = list(ExportJob.objects.due().order_by("created_at").values_list("pk", flat=True))
    for pk in due:
        work_on(pk)
    return len(due)


def work_on(pk: UUID | str) -> None:
    """Make the file of a job that is due. Safe to call twice: only one caller gets the job."""
    try:
        job = claim(pk)
    except OperationalError:  # SQLite: somebody writes; the next tick looks again
        logger.info("The export %s cannot be claimed at present", pk)
        return
    if job is None:
        return
    with translation.override(job.language), tempfile.TemporaryDirectory() as folder:
        try:
            make(job, Path(folder) / "file")
        except Superseded:
            logger.info("The export %s is no longer wanted", job.pk)
        except Exception as error:
            logger.exception("The export %s stopped", job.pk)
            put_back(job, error)


@transaction.atomic
def claim(pk: UUID | str) -> ExportJob | None:
    job = ExportJob.objects.due().select_for_update(skip_locked=True).filter(pk=pk).first()
    if job is None:
        return None
    if job.attempt >= ATTEMPTS:
        fail(job)
        return None
    job.attempt += 1
    job.state, job.progress, job.lease_until = ExportState.RUNNING, 0, timezone.now() + LEASE
    job.started_at = timezone.now()
    job.save(update_fields=["attempt", "state", "progress", "lease_until", "started_at", "touched_at"])
    return job


def fail(job: ExportJob) -> None:
    with translation.override(job.language):
        message = _("It stopped %(times)s times before its end. Ask for it again, or for fewer scorecards.")
        job.error = message % {"times": job.attempt}
    job.state, job.lease_until, job.finished_at = ExportState.FAILED, None, timezone.now()
    job.save(update_fields=["error", "state", "lease_until", "finished_at", "touched_at"])


def put_back(job: ExportJob, error: Exception) -> None:
    """Let another attempt begin soon, or park the job after the last one."""
    wait = timedelta(seconds=5) if isinstance(error, OperationalError) else timedelta(0)
    mine = ExportJob.objects.filter(pk=job.pk, attempt=job.attempt, state=ExportState.RUNNING)
    mine.update(lease_until=timezone.now() + wait)
    if job.attempt >= ATTEMPTS:
        claim(job.pk)


def make(job: ExportJob, path: Path) -> None:
    """Write the file, then keep it: in one transaction with the state that says so."""
    _writers[job.kind](job, path, beats(job))
    size = path.stat().st_size
    if size > LARGEST:
        raise ValueError(f"The file has {size} bytes; the limit is {LARGEST}.")
    data = path.read_bytes()
    with transaction.atomic():
        held = ExportJob.objects.select_for_update().get(pk=job.pk)
        if (held.attempt, held.state) != (job.attempt, ExportState.RUNNING):
            raise Superseded
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
        mine = ExportJob.objects.filter(pk=job.pk, attempt=job.attempt, state=ExportState.RUNNING)
        now = timezone.now()
        if not mine.update(progress=min(done, job.total), lease_until=now + LEASE, touched_at=now):
            raise Superseded

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
