"""An import from upload to report. Each step is a function that a page, a command or the API calls.

The row in the database is the truth: a worker claims it for a while, saves what it did in the same transaction as the
rows that it did, and whoever dies in between is followed by another. Messages to workers only make it sooner.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from brands.claiming import Crew, Superseded
from brands.importing import columns
from brands.importing.covering import refuse_covered
from brands.importing.dates import Evidence, Order
from brands.importing.examining import Answers, Examined, date_questions, examine
from brands.importing.files import Reading, Upload, read_upload
from brands.importing.kinds import Kind, kind_named, plain
from brands.importing.rights import check_can_import, refuse_changes
from brands.imports.planning import IMPORTED, in_portions
from brands.imports.reading import Table
from brands.imports.report import say, stored, told
from brands.imports.saving import save
from brands.models import Crisis, ImportJob, ImportRow, ImportState, Outcome, SavedMapping
from brands.models.importing import FINISHED, OPEN, REFUSED_ROWS, UNFINISHED, WRITES

logger = logging.getLogger(__name__)

import_due = Signal()
"""Sent with ``job_id`` after the job is safely in the database."""

PORTION = 500
"""Rows in one transaction where valid rows go in alone: other writers wait no longer than that takes."""
BREATH = 0.12
"""Seconds between two portions in which others may begin to write."""
AT_ONCE = 1_000
"""As many rows are checked or taken back while the person waits; more of them are a worker's."""
KEPT_FOR = timedelta(days=90)
ABANDONED_AFTER = timedelta(days=14)
ALL, VALID = "all", "valid"
CONFIRMED = (ImportState.QUEUED, ImportState.RUNNING, ImportState.DONE)


class StepError(Exception):
    """The import is not where this step could be taken, or the step needs something else first."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


# --- Upload -----------------------------------------------------------------------------------------------------------


def create_job(
    type: str,
    name: str,
    data: bytes,
    crisis: Crisis | None,
    by: AbstractBaseUser | None,
    options: dict[str, Any] | None = None,
) -> ImportJob:
    """Take a file in. One that cannot be read is refused with ``UnusableError``, and nothing of it is stored.

    The same bytes sent again by the same person open the import that is still open.
    """
    kind = kind_named(type)
    if by is not None:
        check_can_import(by, kind)
    upload = read_upload(name, data, lambda header: columns.fitting(kind, header))
    team = team_of(by)
    job = ImportJob(
        type=type,
        crisis=crisis if kind.needs_crisis else None,
        file_name=name[-200:],
        digest=hashlib.sha256(data).hexdigest(),
        data=data,
        options=options or {},
        language=(translation.get_language() or "en")[:2],
        requested_by_id=by.pk if by else None,
        team=team,
    )
    job.fingerprint = fingerprint(job)
    take_reading(job, upload, remembered(kind, by, team))
    return stored_once(job)


def fingerprint(job: ImportJob) -> str:
    parts = [job.type, str(job.crisis_id or ""), str(job.requested_by_id or ""), job.digest]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def stored_once(job: ImportJob) -> ImportJob:
    unfinished = ImportJob.objects.filter(state__in=UNFINISHED)
    try:
        with transaction.atomic():
            if earlier := unfinished.filter(fingerprint=job.fingerprint).first():
                return earlier
            job.save(force_insert=True)
    except IntegrityError:
        return unfinished.get(fingerprint=job.fingerprint)
    return job


def take_reading(job: ImportJob, upload: Upload, known: dict[str, str]) -> None:
    job.reading = {
        "format": upload.reading.format,
        "encoding": upload.reading.encoding,
        "separator": upload.reading.separator,
        "sheet": upload.reading.sheet,
    }
    job.header = list(upload.table.header)
    job.total = len(upload.table.rows)
    job.mapping = columns.guess(kind_named(job.type), job.header, known)


def read_again(job: ImportJob, encoding: str, separator: str) -> None:
    """Read the file under another encoding or separator; the columns are guessed anew."""
    kind = kind_named(job.type)
    reading = Reading(encoding=encoding, separator=separator)
    upload = read_upload(job.file_name, bytes(job.data or b""), lambda header: columns.fitting(kind, header), reading)
    take_reading(job, upload, remembered(kind, job.requested_by, job.team))
    step(job, OPEN, ImportState.UPLOADED, ["reading", "header", "total", "mapping"])


def table_of(job: ImportJob) -> Table:
    reading = Reading(encoding=job.reading["encoding"], separator=job.reading["separator"])
    return read_upload(job.file_name, bytes(job.data or b""), lambda header: 0, reading).table


# --- Columns ----------------------------------------------------------------------------------------------------------


def team_of(user: Any) -> Any:
    return user.teams.order_by("name").first() if user is not None else None


def owner(user: Any, team: Any) -> dict[str, Any]:
    return {"team": team, "user": None} if team else {"team": None, "user": user}


def remembered(kind: Kind, user: Any, team: Any) -> dict[str, str]:
    if user is None:
        return {}
    saved = SavedMapping.objects.filter(type=kind.name, **owner(user, team)).first()
    return saved.columns if saved else {}


def settle_columns(
    job: ImportJob, mapping: columns.Mapping, orders: dict[str, str], *, overwrite: bool = False
) -> None:
    """Say which column is which, and remember it for the team unless it stops the import: a slip is not a habit."""
    job.mapping = mapping
    job.options = {**job.options, "dates": orders, "overwrite": overwrite, "duplicates": "", "decisions": {}}
    job.options.update(questions=[], then="")  # what a program sent along counts for its own call only
    step(job, OPEN, ImportState.MAPPED, ["mapping", "options"])
    stops = columns.missing(kind_named(job.type), mapping) or columns.repeated(mapping)
    if job.requested_by_id and not stops:
        said = {plain(name): column for name, column in zip(job.header, mapping, strict=True) if column is not None}
        with transaction.atomic():
            saved, _new = SavedMapping.objects.get_or_create(type=job.type, **owner(job.requested_by, job.team))
            saved.columns = {**saved.columns, **said}
            saved.save()


def open_questions(job: ImportJob, table: Table) -> list[tuple[str, str, str]]:
    """What stands between the columns and the check: a code, the column it is about, and what to do."""
    kind = kind_named(job.type)
    found = [
        *(("missing_column", column.name) for column in columns.missing(kind, job.mapping)),
        *(("unknown_column", str(place)) for place in columns.undecided(job.mapping)),
        *(("repeated_column", name) for name in columns.repeated(job.mapping)),
        *(("ambiguous_date", name) for name in unanswered(job, table)),
    ]
    return [(code, column, question_text(job, code, column)) for code, column in found]


def question_text(job: ImportJob, code: str, column: str) -> str:
    """An open question in the reader’s language."""
    texts = {
        "missing_column": _("“%(name)s” is missing: say which column of the file holds it, or add it."),
        "unknown_column": _("The column “%(name)s” is not known: say what it holds, or tick “ignore”."),
        "repeated_column": _("“%(name)s” is taken from two columns: keep one of them."),
        "ambiguous_date": _("The dates in “%(name)s” can be read in two ways: say which."),
    }
    kind = kind_named(job.type)
    return texts[code] % {"name": job.header[int(column)] if column.isdecimal() else kind.label(kind.column(column))}


def dates_of(job: ImportJob, table: Table) -> dict[str, Evidence]:
    return date_questions(kind_named(job.type), table.rows, job.mapping)


def unanswered(job: ImportJob, table: Table) -> list[str]:
    answered = job.options.get("dates", {})
    return [name for name in dates_of(job, table) if name not in answered]


def answers_of(job: ImportJob) -> Answers:
    options = job.options
    return Answers(
        mapping=job.mapping,
        orders={name: Order(order) for name, order in options.get("dates", {}).items()},
        overwrite=options.get("overwrite", False),
        duplicates=options.get("duplicates", ""),
        decisions={int(number): said for number, said in options.get("decisions", {}).items()},
    )


# --- The check --------------------------------------------------------------------------------------------------------


def check(job: ImportJob) -> None:
    """Check every row: at once where there are few, by a worker where there are many."""
    questions = open_questions(job, table_of(job))
    if questions:
        raise StepError(questions[0][0], questions[0][2])
    job.attempt, job.progress, job.error, job.lease_until = 0, 0, "", None
    job.cancel_asked, job.started_at = False, timezone.now()
    fields = ["attempt", "progress", "error", "lease_until", "cancel_asked", "options", "started_at"]
    step(job, (*OPEN, ImportState.FAILED), ImportState.CHECKING, fields)
    if job.total <= AT_ONCE:
        work_on(job.pk)
        job.refresh_from_db()
    else:
        crew.wake_after_commit(job.pk)


def decide_duplicates(job: ImportJob, all_of_them: str, decisions: dict[int, str]) -> None:
    """Say what happens to rows that look like something on file, and check again."""
    said = {**job.options.get("decisions", {}), **{str(number): what for number, what in decisions.items()}}
    job.options = {**job.options, "duplicates": all_of_them, "decisions": said}
    check(job)


def run_check(job: ImportJob) -> None:
    """Look at every row of the file, and keep what came of it on trial."""
    kind, table = kind_named(job.type), table_of(job)

    def told(done: int) -> None:
        crew.beat(job, progress=done)

    with alive(job):
        examined = examine(kind, table.rows, answers_of(job), job.crisis, progress=told)
        refuse_covered(kind, examined, job.requested_by)
        refuse_changes(kind, examined, job.requested_by)
    put_on_trial(job, kind, examined)
    with transaction.atomic():
        held = hold(job, ImportState.CHECKING)
        held.counts = counted(examined)
        held.state, held.progress, held.lease_until, held.attempt = ImportState.CHECKED, len(examined), None, 0
        held.started_at = None  # of the check, so far; the writing has a start of its own
        then = held.options.get("then")
        held.options = {**held.options, "then": ""}
        held.save()
        if then:
            go_on(held, then)


def put_on_trial(job: ImportJob, kind: Kind, examined: list[Examined]) -> None:
    """Keep what came of the rows, in portions: nobody else who writes waits for thousands of them.

    What a dead worker left half done is cleared away by its follower.
    """
    with transaction.atomic():
        ImportRow.objects.filter(job=hold(job, ImportState.CHECKING)).delete()
    turns = turns_of(kind, examined)
    for some in in_portions_of(examined, PORTION):
        let_others_write()
        with transaction.atomic():
            held = hold(job, ImportState.CHECKING)
            ImportRow.objects.bulk_create([as_row(held, one, turns) for one in some])
            crew.beat(job)


def let_others_write() -> None:
    """SQLite has one writer at a time and no queue: who waits looks every tenth of a second whether it is free."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(BREATH)


def go_on(job: ImportJob, mode: str) -> None:
    """Confirm what was sent to be imported without a further word; where rows stand against it, it waits."""
    try:
        confirm(job, job.requested_by, mode)
    except (StepError, PermissionDenied) as error:
        logger.info("The import %s waits for a person: %s", job.pk, error)


def in_portions_of(values: list[Any], size: int) -> Iterable[list[Any]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def counted(examined: Iterable[Examined]) -> dict[str, int]:
    found = Counter(one.outcome.value for one in examined)
    return {outcome: found.get(outcome, 0) for outcome in Outcome.values}


def as_row(job: ImportJob, one: Examined, turns: dict[str, int]) -> ImportRow:
    row = one.row
    return ImportRow(
        job=job,
        number=row.number,
        cells=one.cells,
        outcome=one.outcome,
        key=" ".join(map(str, row.key))[:300],
        label=label_of(one),
        messages=[stored(*said) for said in one.messages],
        changes=row.changes,
        resembles=one.resembles[:300],
        revision=None if row.is_new else getattr(row.record, "revision", None),
        turn=turns.get(row.key[0], 0),
    )


def turns_of(kind: Kind, examined: list[Examined]) -> dict[str, int]:
    """How many rows of the file each row waits for: duplicates come after their originals."""
    own = kind.row_type.refers_to_itself
    if own is None:
        return {}
    originals = {one.row.key[0]: one.row.values.get(own.name) or "" for one in examined}
    turns: dict[str, int] = {}
    for start in originals:
        path = []
        here = start
        while here in originals and here not in turns and here not in path:
            path.append(here)
            here = originals[here]
        base = turns.get(here, -1)
        turns.update({key: base + place for place, key in enumerate(reversed(path), start=1)})
    return turns


def label_of(one: Examined) -> str:
    values = one.row.values
    names = (
        "name",
        "title",
        "title_en",
        "title_fr",
        "statement_en",
        "statement_fr",
        "description_en",
        "description_fr",
        "label",
    )
    said = next((values[name] for name in names if values.get(name)), "") or " – ".join(one.row.key)
    return str(said)[:200]


# --- Confirming, cancelling -------------------------------------------------------------------------------------------


def confirm(job: ImportJob, by: AbstractBaseUser | None, mode: str = ALL) -> None:
    """Put the import in the queue. Doing it twice is doing it once."""
    if by is not None:
        check_can_import(by, kind_named(job.type))
    job.refresh_from_db()
    if job.state in CONFIRMED:
        return
    refused = sum(job.counts.get(outcome, 0) for outcome in REFUSED_ROWS)
    if mode == ALL and refused:
        message = _("Rows are wrong or wait for an answer: correct them, or choose to import the valid rows only.")
        raise StepError("rows_refused", message)
    if not any(job.counts.get(outcome) for outcome in WRITES):
        raise StepError("nothing_to_do", _("No row would create or change anything: there is nothing to import."))
    job.options = {**job.options, "mode": mode}
    job.progress, job.attempt, job.error, job.lease_until = 0, 0, "", None
    job.started_at = timezone.now()
    fields = ["options", "progress", "attempt", "error", "lease_until", "started_at"]
    try:
        step(job, (ImportState.CHECKED,), ImportState.QUEUED, fields)
    except StepError:
        if job.state not in CONFIRMED:
            raise
    crew.wake_after_commit(job.pk)


def cancel(job: ImportJob, by: AbstractBaseUser | None = None) -> None:
    """Stop an import. Before the writing nothing stays; between two portions, what is written can be undone.

    While everything is written in one transaction nobody can step in between: then it is too late, and undoing is the
    way back. An undoing stops between two portions as well; the rows that were not reached stand.
    """
    if by is not None:
        check_can_import(by, kind_named(job.type))
    with transaction.atomic():
        held = held_or_none(job)
        if held is None:
            message = _("The rows are being written in one step: it is too late to stop. You can undo the import.")
            raise StepError("too_late", message)
        if held.state in FINISHED:
            raise StepError("finished", _("This import is finished: there is nothing to cancel."))
        if held.state == ImportState.UNDOING and held.lease_until is None:
            end_undoing(held, UNDOING_CANCELLED)
        elif held.state == ImportState.UNDOING or (held.state == ImportState.RUNNING and held.progress):
            held.cancel_asked = True  # the worker stops after the portion in hand
            held.save(update_fields=["cancel_asked", "touched_at"])
        else:
            finish(held, ImportState.CANCELLED)
    job.refresh_from_db()


def held_or_none(job: ImportJob) -> ImportJob | None:
    """The job, locked; None while a worker holds it in a long transaction. A portion is worth waiting for."""
    in_one_step = job.state != ImportState.UNDOING and job.options.get("mode") != VALID
    return ImportJob.objects.select_for_update(of=("self",), skip_locked=in_one_step).filter(pk=job.pk).first()


def step(job: ImportJob, since: Iterable[str], state: ImportState, fields: list[str]) -> None:
    """Move on, unless somebody else moved the import first."""
    values = {name: getattr(job, name) for name in fields}
    waiting = ImportJob.objects.filter(pk=job.pk, state__in=[*since])
    try:
        with transaction.atomic():
            moved = waiting.update(**values, state=state, touched_at=timezone.now())
    except IntegrityError as error:
        raise StepError("open_twice", _("The same file is already being imported: go on with that import.")) from error
    job.refresh_from_db()
    if not moved:
        message = _("This import is “%(state)s” by now: reload the page.") % {"state": job.get_state_display()}
        raise StepError("wrong_state", message)


# --- The worker -------------------------------------------------------------------------------------------------------


undertaken: dict[str, Callable[[ImportJob], None]] = {}
"""State → the work that a module further up does in it."""


def do(job: ImportJob) -> None:
    own: Callable[[ImportJob], None] = run_check if job.state == ImportState.CHECKING else run_import
    undertaken.get(job.state, own)(job)


def begin(job: ImportJob) -> list[str]:
    if job.state == ImportState.QUEUED:
        job.state = ImportState.RUNNING
    return ["state"]


def park(job: ImportJob) -> None:
    if job.state == ImportState.UNDOING:
        end_undoing(job, UNDOING_STOPPED)
        return
    job.error = STOPPED
    finish(job, ImportState.FAILED)


crew = Crew(ImportJob, import_due, do, begin, park, lease=timedelta(seconds=20))
work_on, work_on_all_due, claim, hold = crew.work_on, crew.work_on_all_due, crew.claim, crew.hold


@contextmanager
def alive(job: ImportJob) -> Iterator[None]:
    """Signs of life from a thread beside long work that holds no lock, however slow the machine."""
    over = threading.Event()

    def go_on() -> None:
        try:
            while not over.wait(crew.lease.total_seconds() / 3 or 1):
                crew.beat(job)
        except (Superseded, DatabaseError):
            logger.info("No more signs of life for the import %s", job.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=go_on, name="import-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def finish(job: ImportJob, state: ImportState) -> None:
    job.state, job.lease_until = state, None
    if state != ImportState.FAILED:
        job.data = None  # a failed one can be checked again
    job.finished_at = timezone.now()
    job.save()


def standing(job: ImportJob) -> QuerySet[ImportRow]:
    """The rows that were written and not taken back yet."""
    return ImportRow.objects.filter(job=job, written=True, undone=False)


def end_undoing(held: ImportJob, error: str = "") -> None:
    """Undone, or as finished as it was before: with rows that stand, and the reason why."""
    held.state = held.undoing["since"] if standing(held).exists() else ImportState.UNDONE
    held.error = error if held.state != ImportState.UNDONE else ""
    held.progress, held.attempt, held.lease_until, held.cancel_asked = written(held), 0, None, False
    held.save()


def run_import(job: ImportJob) -> None:
    if job.options.get("mode") == VALID:
        run_in_portions(job)
    else:
        run_whole(job)


@transaction.atomic
def run_whole(job: ImportJob) -> None:
    """All rows or none, in one transaction: a worker that dies leaves nothing behind, and another begins again."""
    held = hold(job, ImportState.RUNNING)
    rows = list(to_write(held))
    if write(held, rows):
        finish_failed(held)
        return
    held.progress = len(rows)
    finish(held, ImportState.DONE)


def finish_failed(held: ImportJob) -> None:
    held.error = MOVED_ON
    held.attempt = crew.attempts
    finish(held, ImportState.FAILED)


def run_in_portions(job: ImportJob) -> None:
    """The valid rows, each portion with its progress in one transaction: a follower goes on where this one stopped."""
    while True:
        let_others_write()
        with transaction.atomic():
            held = hold(job, ImportState.RUNNING)
            rows = list(to_write(held)[:PORTION])
            if held.cancel_asked or not rows:
                finish(held, ImportState.CANCELLED if held.cancel_asked else ImportState.DONE)
                return
            write(held, rows, leave_out_conflicts=True)
            held.progress += len(rows)
            held.lease_until = crew.until()
            held.save(update_fields=["progress", "lease_until", "counts", "touched_at"])


def to_write(job: ImportJob) -> QuerySet[ImportRow]:
    waiting = ImportRow.objects.filter(job=job, outcome__in=WRITES, written=False)
    return waiting.order_by("turn", "number")


def write(job: ImportJob, rows: list[ImportRow], *, leave_out_conflicts: bool = False) -> list[ImportRow]:
    """Write rows as the check showed them; the rows that would do something else by now.

    Those are left out or stop everything: nobody overwrites what they have not seen.
    """
    lock_crises()
    kind = kind_named(job.type)
    examined = examine(
        kind,
        [(row.number, row.cells) for row in rows],
        answers_of(job),
        job.crisis,
        locking=True,
        keys={row.number: row.key for row in rows},
    )
    pairs = list(zip(rows, examined, strict=True))
    conflicts = [(row, one) for row, one in pairs if differs(row, one)]
    for row, one in conflicts:
        note_conflict(job, row, one)
    if conflicts and not leave_out_conflicts:
        return [row for row, _one in conflicts]
    fallen = {row.number for row, _one in conflicts}
    taken = [(row, one) for row, one in pairs if row.number not in fallen]
    save({kind.row_type: [one.row for _row, one in taken]}, job.requested_by, reason_of(job))
    for some in in_portions(row.pk for row, _one in taken):
        ImportRow.objects.filter(pk__in=some).update(written=True)
    return [row for row, _one in conflicts]


def reason_of(job: ImportJob) -> str:
    return f"{IMPORTED}{job.file_name}"


def lock_crises() -> None:
    """One import writes at a time, and none beside the loading of a catalogue. Others may still add to a crisis."""
    list(Crisis.objects.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def differs(row: ImportRow, one: Examined) -> bool:
    revision = None if one.row.is_new else getattr(one.row.record, "revision", None)
    return one.outcome != row.outcome or one.row.changes != row.changes or revision != row.revision


def note_conflict(job: ImportJob, row: ImportRow, one: Examined) -> None:
    message = say(gettext_noop("What this row rests on was changed since the check: nothing was written for it."))
    job.counts = {
        **job.counts,
        row.outcome: job.counts.get(row.outcome, 1) - 1,
        Outcome.ERROR.value: job.counts.get(Outcome.ERROR.value, 0) + 1,
    }
    said = [*one.messages, ("", "changed_meanwhile", message)]
    row.outcome, row.messages = Outcome.ERROR, [stored(*each) for each in said]
    row.save(update_fields=["outcome", "messages"])


# --- Report -----------------------------------------------------------------------------------------------------------


STOPPED, MOVED_ON = "stopped", "moved_on"
UNDOING_STOPPED, UNDOING_CANCELLED, UNDOING_REFUSED = "undoing_stopped", "undoing_cancelled", "undoing_refused"

FAILURES = {
    STOPPED: gettext_lazy("It stopped %(times)s times before its end, and is parked. Nothing is half written."),
    MOVED_ON: gettext_lazy("Rows are no longer what the check showed, so nothing was written: check again."),
    UNDOING_STOPPED: gettext_lazy(
        "The undoing stopped several times before its end, and is parked. Rows taken back until then are gone with "
        "their lines in the trail, all others stand: undo the remaining rows."
    ),
    UNDOING_CANCELLED: gettext_lazy(
        "The undoing was stopped on demand. Rows taken back until then are gone, all others stand and can still be "
        "undone."
    ),
    UNDOING_REFUSED: gettext_lazy("Rows of this import were changed or used since, so nothing of it was undone."),
}


def failure(job: ImportJob) -> str:
    """Why an import failed, in the reader’s language."""
    words = FAILURES.get(job.error)
    return str(words) % {"times": job.attempt} if words else job.error


def written(job: ImportJob) -> int:
    return ImportRow.objects.filter(job=job, written=True).count()


def rate(job: ImportJob, now: datetime | None = None) -> float:
    """Rows a second since the check, the writing or the undoing began."""
    begun, ended = job.started_at, job.finished_at
    if job.state == ImportState.UNDOING:
        begun, ended = datetime.fromisoformat(job.undoing["asked_at"]), None
    if not begun or not job.progress:
        return 0.0
    seconds = ((ended or now or timezone.now()) - begun).total_seconds()
    return job.progress / max(seconds, 0.001)


def to_do(job: ImportJob) -> int:
    """How many rows the present step goes through."""
    if job.state in (ImportState.UPLOADED, ImportState.MAPPED, ImportState.CHECKING):
        return job.total
    if job.state == ImportState.UNDOING:
        return job.undoing["of"]
    return sum(job.counts.get(outcome, 0) for outcome in WRITES)


def job_document(job: ImportJob) -> dict[str, Any]:
    """The import as a machine is told of it."""
    return {
        "id": str(job.pk),
        "type": job.type,
        "crisis": job.crisis.slug if job.crisis else None,
        "state": job.state,
        "file": job.file_name,
        "sha256": job.digest,
        "rows": job.total,
        "counts": job.counts,
        "progress": {"done": job.progress, "of": to_do(job), "rows_per_second": round(rate(job), 1)},
        "mode": job.options.get("mode"),
        "error": failure(job) or None,
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
    }


def row_document(row: ImportRow | Examined) -> dict[str, Any]:
    """A row as a machine is told of it: taken, refused, or waiting for an answer."""
    number = row.number if isinstance(row, ImportRow) else row.row.number
    said = told(row.messages) if isinstance(row, ImportRow) else row.messages
    state = {Outcome.ERROR: "rejected", Outcome.ASKED: "asked", Outcome.DUPLICATE: "asked"}
    return {
        "row": number,
        "state": state.get(Outcome(row.outcome), "accepted"),
        "outcome": str(row.outcome),
        "messages": [{"column": column, "code": code, "text": text} for column, code, text in said],
    }


def purge() -> int:
    """Forget reports after 90 days and files that nobody went on with; how many."""
    now = timezone.now()
    old = ImportJob.objects.filter(state__in=FINISHED, finished_at__lt=now - KEPT_FOR)
    left = ImportJob.objects.filter(state__in=OPEN, touched_at__lt=now - ABANDONED_AFTER)
    deleted, _by_model = (old | left).delete()
    return deleted
