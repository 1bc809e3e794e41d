"""Copies of sources: fetched from the public web, kept under their digest, never overwritten; and whether links live.

A copy that was asked for is a row (``ArchiveJob``); whoever works takes the next one that is due. Nothing is fetched
inside a transaction, and each finished job is saved in the transaction that changes its source.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from celery import current_app
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from brands import editing, fetching
from brands.fetching import Answer, Unreachable
from brands.models import ArchiveJob, ArchiveOrder, JobState, LinkStatus, Source
from brands.models.archives import OPEN
from brands.stores import DamagedFile, Store
from brands.trail import Finding

logger = logging.getLogger(__name__)

ATTEMPTS = 3
LEFT_BEHIND = timedelta(minutes=2)
"""A job that runs longer than any exchange may last was left behind by a process that died."""
PAUSE = timedelta(seconds=2)
"""Between two calls to one machine."""
AT_ONCE = 5
"""Copies a task makes before it lets other work pass."""
CHECK_AGAIN = timedelta(days=30)
LINKS_AT_ONCE = 15

FIRST_BYTES: dict[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/webp": (b"RIFF",),
}
"""How a file of each kind begins. A page of text begins as it likes, but holds no NUL."""
SUFFIXES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
}


DamagedCopy = DamagedFile

# --- On disk ----------------------------------------------------------------------------------------------------------

STORE = Store("archive")
folder, keep, check = STORE.folder, STORE.keep, STORE.read


def damaged_copies() -> Iterator[Finding]:
    """Copies that sources name and that are gone or altered; files that are not what their name says."""
    named = Source.objects.exclude(archive_sha256="").exclude(archive_type="").order_by("pk")
    there, altered = STORE.there(), STORE.altered()
    for key, digest in named.values_list("key", "archive_sha256").iterator():
        if digest not in there:
            yield Finding(f"brands.source:{key}", f"its archived copy {digest} is gone")
        elif digest in altered:
            yield Finding(f"brands.source:{key}", f"its archived copy {digest} is not what was archived")
    for name in sorted(altered):
        yield Finding(f"archive/{name}", "its content does not match its name: altered, or put in by hand")


def looks_like(kind: str, body: bytes) -> bool:
    """Whether the first bytes are those of such a file."""
    begins = FIRST_BYTES.get(kind)
    return body.startswith(begins) if begins else bool(body) and b"\0" not in body[:4096]


# --- One source -------------------------------------------------------------------------------------------------------


def archive(source: Source, by: AbstractBaseUser, reason: str = "") -> Source:
    """Fetch the page a source names, keep it, and write down that it was kept.

    Raises ``Unreachable``, which says no more than that: the page did not answer, or holds nothing that is kept.
    """
    answer = kept_page(source.url)
    return record_copy(source, answer, by=by, reason=reason)


def kept_page(address: str) -> Answer:
    answer = fetching.fetch(address)
    if not answer.is_success or not looks_like(answer.media_type, answer.body):
        raise Unreachable
    keep(answer.body)
    return answer


def keep_by_hand(source: Source, body: bytes, kind: str, *, by: AbstractBaseUser, reason: str) -> Source:
    """Keep a copy that somebody brought, of a page that no machine may read."""
    keep(body)
    return record_copy(source, Answer(200, source.url, kind, body=body), by=by, reason=reason)


@transaction.atomic
def record_copy(source: Source, answer: Answer, *, by: AbstractBaseUser, reason: str) -> Source:
    """Note on the source what was kept. Its revision stays: nobody types these fields, so nobody overwrites them,
    and whoever has the form open meanwhile is not turned away."""
    editing.lock(source)
    on_file = Source.objects.get(pk=source.pk)
    before = editing.state_of(on_file)
    on_file.archived_at = timezone.now()
    on_file.archive_sha256, on_file.archive_size = answer.sha256, len(answer.body)
    on_file.archive_type, on_file.archive_address = answer.media_type, answer.address[:2000]
    on_file.save(
        update_fields=["archived_at", "archive_sha256", "archive_size", "archive_type", "archive_address", "updated_at"]
    )
    changes = editing.differences(before, editing.state_of(on_file))
    editing.record_by_hand("evidence.archived", on_file, actor=by, changes=changes, reason=reason)
    return on_file


# --- Many, in the background ------------------------------------------------------------------------------------------


@transaction.atomic
def order_copies(sources: Iterable[Source], *, by: AbstractBaseUser, reason: str) -> ArchiveOrder:
    """Ask for a copy of each source that has an address and waits for none yet."""
    order = ArchiveOrder.objects.create(asked_by_id=by.pk, reason=reason)
    for source in sources:
        if source.url:
            _queue(order, source)
    transaction.on_commit(_wake, robust=True)
    return order


def _queue(order: ArchiveOrder, source: Source) -> None:
    try:
        with transaction.atomic():
            ArchiveJob.objects.create(order=order, source=source, host=host_key(source.url))
    except IntegrityError:
        """It waits for its copy already: one is enough."""


def _wake() -> None:
    current_app.send_task("brands.tasks.archive_copies")


def host_key(address: str) -> str:
    return (fetching.host_of(address) or urlsplit(address).netloc)[:253]


def work_off(limit: int = AT_ONCE) -> int:
    """Make the next copies that are due; how many jobs wait after that."""
    take_back_left_behind()
    for _step in range(limit):
        job = claim()
        if job is None:
            break
        run(job)
    return ArchiveJob.objects.filter(state=JobState.QUEUED).count()


def is_under_way() -> bool:
    """Whether somebody is at it: a clock that ticks meanwhile must not start a second walk beside the first."""
    just_now = timezone.now() - timedelta(seconds=2 * fetching.SECONDS)
    return ArchiveJob.objects.filter(claimed_at__gt=just_now).exists()


def take_back_left_behind() -> None:
    stale = ArchiveJob.objects.filter(state=JobState.RUNNING, claimed_at__lt=timezone.now() - LEFT_BEHIND)
    stale.filter(attempts__gte=ATTEMPTS).update(state=JobState.FAILED, reason="given_up", finished_at=timezone.now())
    stale.filter(attempts__lt=ATTEMPTS).update(state=JobState.QUEUED)


def claim() -> ArchiveJob | None:
    """The oldest job whose machine was left in peace for a moment; taken by one worker alone."""
    recent = ArchiveJob.objects.filter(host=OuterRef("host"), claimed_at__gt=timezone.now() - PAUSE)
    due = ArchiveJob.objects.filter(state=JobState.QUEUED).exclude(Exists(recent)).order_by("id")
    for pk in due.values_list("pk", flat=True)[:20]:
        taken = ArchiveJob.objects.filter(pk=pk, state=JobState.QUEUED).update(
            state=JobState.RUNNING, claimed_at=timezone.now(), attempts=F("attempts") + 1
        )
        if taken:
            return ArchiveJob.objects.select_related("source", "order__asked_by").get(pk=pk)
    return None


def run(job: ArchiveJob) -> None:
    """Make one copy. Its end is saved together with what it changed."""
    try:
        answer = kept_page(job.source.url)
    except Unreachable:
        finish(job, JobState.FAILED, "unreachable")
        return
    except (OSError, DamagedCopy):
        logger.exception("A copy could not be stored")
        finish(job, JobState.FAILED, "not_stored")
        return
    with transaction.atomic():
        finish(job, JobState.DONE)
        record_copy(job.source, answer, by=job.order.asked_by, reason=job.order.reason)


def finish(job: ArchiveJob, state: JobState, reason: str = "") -> None:
    ArchiveJob.objects.filter(pk=job.pk).update(state=state, reason=reason, finished_at=timezone.now())


@dataclass(frozen=True)
class Progress:
    """How far an order is."""

    total: int
    done: int
    waiting: int
    jobs: list[ArchiveJob]
    """Those that failed first, then the latest; no more than a page holds."""

    @property
    def finished(self) -> int:
        return self.total - self.waiting

    @property
    def failed(self) -> int:
        return self.finished - self.done


def progress_of(order_id: int) -> Progress:
    jobs = ArchiveJob.objects.filter(order=order_id)
    counts = dict(jobs.order_by().values_list("state").annotate(Count("pk")))
    shown = jobs.select_related("source").order_by(
        Case(When(state=JobState.FAILED, then=0), default=1), F("finished_at").desc(nulls_last=True), "id"
    )
    waiting = sum(counts.get(state, 0) for state in OPEN)
    return Progress(sum(counts.values()), counts.get(JobState.DONE, 0), waiting, list(shown[:200]))


# --- Links ------------------------------------------------------------------------------------------------------------


def check_links(limit: int = LINKS_AT_ONCE) -> int:
    """Visit the addresses that nobody looked at for longest, no machine twice in one round; how many were visited."""
    visited: set[str] = set()
    for source in links_due()[: limit * 4]:
        host = host_key(source.url)
        if host in visited or len(visited) == limit:
            continue
        visited.add(host)
        status = link_status(source.url)
        Source.objects.filter(pk=source.pk, url=source.url).update(link_status=status, link_checked_at=timezone.now())
    return len(visited)


def links_due() -> QuerySet[Any]:
    long_ago = timezone.now() - CHECK_AGAIN
    due = Source.objects.in_use().exclude(url="").filter(Q(link_checked_at=None) | Q(link_checked_at__lt=long_ago))
    return due.order_by(F("link_checked_at").asc(nulls_first=True), "id")


def link_status(address: str) -> str:
    """What a visitor finds at an address. A machine that wants no robots is not dead: it could not be reached."""
    try:
        answer = fetching.fetch(address, read=False)
    except Unreachable:
        return LinkStatus.UNREACHABLE
    if answer.status in (404, 410):
        return LinkStatus.DEAD
    if not answer.is_success:
        return LinkStatus.UNREACHABLE
    return LinkStatus.OK if _same_place(address, answer.address) else LinkStatus.MOVED


def _same_place(asked: str, answered: str) -> bool:
    """From http to https, to www, or with a stroke at the end: nobody calls that a move."""
    return _bare(asked) == _bare(answered)


def _bare(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    return fetching.host_of(address).removeprefix("www.") or parts.netloc, parts.path.rstrip("/"), parts.query
