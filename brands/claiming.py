"""Work that one worker at a time does: claimed for a while, with signs of life, taken up by another when that one dies.

A job is a row with ``language``, ``state``, ``attempt``, ``lease_until`` and ``touched_at``. The row is the truth: a
message to a worker only makes it sooner, and every job may be taken up twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import OperationalError, models, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone, translation

logger = logging.getLogger(__name__)


class Superseded(Exception):
    """Cancelled, or taken over by another worker: what this one did must not stay."""


class DueQuerySet(models.QuerySet):
    at_work: ClassVar[tuple[str, ...]]
    """The states that are a worker's turn."""

    def due(self) -> Any:
        """Work that nobody does at present: not begun, or left by a worker that no longer gives signs of life."""
        waiting = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
        return self.filter(waiting, state__in=self.at_work)


@dataclass
class Crew:
    """The workers of one kind of jobs."""

    model: type[Any]
    wanted: Signal
    """Sent with ``job_id`` after the job is safely in the database."""
    do: Callable[[Any], None]
    begin: Callable[[Any], list[str]]
    """Sets what else changes when a job is claimed, and names those fields."""
    park: Callable[[Any], None]
    """Puts a job away that stopped at its last attempt, where people see it."""
    lease: timedelta
    """How long a worker may stay silent before another takes over."""
    attempts: int = 3

    def wake_after_commit(self, pk: UUID) -> None:
        def wake() -> None:  # a plain function: on_commit logs its name when it fails
            self.wanted.send(sender=self.model, job_id=str(pk))

        transaction.on_commit(wake, robust=True)

    def work_on_all_due(self) -> int:
        """Everything that waits, and everything that a dead worker left; how many jobs were taken."""
        due = list(self.model.objects.due().order_by("touched_at").values_list("pk", flat=True))
        for pk in due:
            self.work_on(pk)
        return len(due)

    def work_on(self, pk: UUID | str) -> None:
        """Do what a job is due for. Safe to call twice: only one caller gets the job."""
        try:
            job = self.claim(pk)
        except OperationalError:  # SQLite: whoever works on it holds the whole database; the next tick looks again
            logger.info("%s %s cannot be claimed at present", self.model.__name__, pk)
            return
        if job is None:
            return
        with translation.override(job.language):
            try:
                self.do(job)
            except Superseded:
                logger.warning("%s %s is no longer wanted, or another worker's", self.model.__name__, job.pk)
            except Exception as error:
                logger.exception("%s %s stopped", self.model.__name__, job.pk)
                self.put_back(job, error)

    @transaction.atomic
    def claim(self, pk: UUID | str) -> Any:
        """The job, for as long as the lease lasts; None where somebody else has it, or nobody should any more."""
        job = self.model.objects.due().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if job is None:
            return None
        if job.attempt >= self.attempts:
            self.park(job)
            return None
        job.attempt += 1
        job.lease_until = self.until()
        job.save(update_fields=["attempt", "lease_until", "touched_at", *self.begin(job)])
        return job

    def put_back(self, job: Any, error: Exception) -> None:
        """Let another attempt begin soon, or park the job after the last one."""
        wait = timedelta(seconds=5) if isinstance(error, OperationalError) else timedelta(0)
        self.mine(job).update(lease_until=timezone.now() + wait)
        if job.attempt >= self.attempts:
            self.claim(job.pk)

    def hold(self, job: Any, state: str) -> Any:
        """The job, locked until the end of the transaction, as long as it is still this worker's."""
        held = self.model.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if (held.attempt, held.state) != (job.attempt, state):
            raise Superseded
        return held

    def beat(self, job: Any, **fields: Any) -> None:
        """A sign of life between two pieces of work."""
        if not self.mine(job).update(lease_until=self.until(), touched_at=timezone.now(), **fields):
            raise Superseded

    def mine(self, job: Any) -> Any:
        return self.model.objects.filter(pk=job.pk, attempt=job.attempt, state=job.state)

    def until(self) -> datetime:
        return timezone.now() + self.lease
