"""Taking an import back, as long as nobody has touched what it wrote.

A few rows are taken back at once, in one transaction. Many are a worker's: it looks at all of them first and refuses
like the other way, then takes them back in portions, each with its lines in the trail and its progress in one
transaction, so that nobody else who writes waits for thousands of rows and a follower goes on where it stopped. What
somebody touches between the look and its portion stays, and is told like the rest of a partial undoing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from brands import editing
from brands.changes import Change, record_changes, record_decision
from brands.editing import State
from brands.importing import jobs
from brands.importing.jobs import StepError, lock_crises, standing
from brands.importing.kinds import Kind, kind_named
from brands.importing.rights import check_can_import
from brands.imports.checking import Row
from brands.imports.planning import described, fetch, in_portions
from brands.imports.report import Message, shown, stored, told, untranslated
from brands.imports.report import say as _
from brands.imports.saving import NO_BRAND, brands_of, brands_using, raise_revisions, save
from brands.models import (
    ActionSource,
    Brand,
    Crisis,
    Event,
    Fact,
    ImportJob,
    ImportRow,
    ImportState,
    Outcome,
    Proof,
    Sector,
    Source,
)
from brands.models.importing import UNDO_FOR

UNDONE = "import undone: "
STAYS = "stays"
"""The code of what is said about a row that was not taken back."""
TOLD = 500
"""So many rows that stand against an undoing are told with their reasons; more of them nobody reads."""


Stays = list[tuple[ImportRow, str]]
"""Rows that cannot be taken back, and why."""


class TouchedError(StepError):
    """Somebody went on working with what the import wrote."""

    def __init__(self, rows: Stays, others: int) -> None:
        super().__init__(
            "touched",
            gettext(
                "Rows of this import were changed or used since, so it cannot be undone as a whole: see them below."
            ),
        )
        self.rows = rows
        self.count = len(rows)
        self.others = others
        """How many rows can be taken back all the same."""


@dataclass(slots=True)
class Written:
    """What an import wrote, as it stands now."""

    updated: list[tuple[ImportRow, Any]] = field(default_factory=list)
    created: list[tuple[ImportRow, Any]] = field(default_factory=list)
    touched: Stays = field(default_factory=list)

    @property
    def untouched(self) -> list[ImportRow]:
        return [row for row, _record in (*self.updated, *self.created)]

    def stands_against(self, rest: bool) -> bool:
        return bool(self.touched) and not (rest and self.untouched)


def check_can_undo(job: ImportJob, by: AbstractBaseUser | None) -> None:
    if by is not None:
        check_can_import(by, kind_named(job.type))
    if job.state not in (ImportState.DONE, ImportState.CANCELLED) or job.finished_at is None:
        raise StepError("wrong_state", gettext("Only an import that is finished can be undone."))
    if timezone.now() > job.finished_at + UNDO_FOR:
        raise StepError("too_late", gettext("An import can be undone for 24 hours; they are over."))
    if not standing(job).exists():
        raise StepError("nothing_to_do", gettext("This import wrote nothing: there is nothing to undo."))


def can_undo(job: ImportJob, by: AbstractBaseUser | None) -> bool:
    try:
        check_can_undo(job, by)
    except StepError:
        return False
    return True


def undo(job: ImportJob, by: AbstractBaseUser | None, *, rest: bool = False) -> int | None:
    """Give updated records their former values, and take created ones back; how many records, None where a worker does.

    A record that was changed or used since stops it, and is named; with ``rest`` those stay and all others are undone.
    """
    if standing(job).count() <= jobs.AT_ONCE:
        return undo_at_once(job, by, rest)
    ask_for_undoing(job, by, rest)
    return None


@transaction.atomic
def undo_at_once(job: ImportJob, by: AbstractBaseUser | None, rest: bool) -> int:
    held = to_be_undone(job, by)
    lock_crises()
    kind = kind_named(held.type)
    found = look_at(held, kind, list(standing(held)))
    if found.stands_against(rest):
        raise TouchedError(found.touched, len(found.untouched))
    give_back(held, kind, found, by)
    decide(held, by)  # last: the trail is the last lock of a writer, and those before it may want more
    held.undone_by_id = by.pk if by else None
    jobs.end_undoing(held)
    return len(found.untouched)


def to_be_undone(job: ImportJob, by: AbstractBaseUser | None) -> ImportJob:
    """The import, held until the end of the transaction, with a note of where it stood."""
    held = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    check_can_undo(held, by)
    held.undoing = {"since": held.state}
    return held


def decide(held: ImportJob, by: AbstractBaseUser | None) -> None:
    """The line in the trail that says who wanted it: before those of the records where a worker writes them."""
    changes = {"state": [held.undoing["since"], ImportState.UNDOING.value]}
    record_decision("import.undone", subject=held, actor=by, changes=changes)


def give_back(job: ImportJob, kind: Kind, found: Written, by: AbstractBaseUser | None) -> None:
    reason = f"{UNDONE}{job.file_name}"
    restore(kind, found.updated, by, reason)
    take_back(kind, [record for _row, record in found.created], by, reason)
    note(found)


# --- By a worker ------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_undoing(job: ImportJob, by: AbstractBaseUser | None, rest: bool) -> None:
    """Leave it to a worker: from now on the import is being undone, and the trail says who wanted it."""
    held = to_be_undone(job, by)
    held.undoing |= {"rest": rest, "of": standing(held).count(), "asked_at": timezone.now().isoformat()}
    held.undone_by_id = by.pk if by else None
    held.state, held.error = ImportState.UNDOING, ""
    held.progress, held.attempt, held.lease_until, held.cancel_asked = 0, 0, None, False
    held.save()
    decide(held, by)
    jobs.crew.wake_after_commit(held.pk)


def run_undoing(job: ImportJob) -> None:
    if job.undoing.get("looked") or may_begin(job):
        while undo_portion(job):
            pass


jobs.undertaken[ImportState.UNDOING] = run_undoing


def may_begin(job: ImportJob) -> bool:
    """Look at every row, without a lock, before the first is taken back."""
    with jobs.alive(job):
        found = look_at(job, kind_named(job.type), list(standing(job)), locking=False)
    with transaction.atomic():
        held = jobs.hold(job, ImportState.UNDOING)
        if held.cancel_asked:
            jobs.end_undoing(held, jobs.UNDOING_CANCELLED)
            return False
        if found.stands_against(held.undoing["rest"]):
            refuse(held, found)
            return False
        held.undoing["looked"] = True
        held.lease_until = jobs.crew.until()
        held.save(update_fields=["undoing", "lease_until", "touched_at"])
        return True


def refuse(held: ImportJob, found: Written) -> None:
    some = found.touched[:TOLD]
    note(Written(touched=some))
    numbers = [row.number for row, _why in some]
    held.undoing |= {"touched": numbers, "count": len(found.touched), "others": len(found.untouched)}
    jobs.end_undoing(held, jobs.UNDOING_REFUSED)


def refused_for(job: ImportJob) -> TouchedError | None:
    """What the worker found that stands against the undoing, as the other way raises it."""
    if job.error != jobs.UNDOING_REFUSED:
        return None
    rows = ImportRow.objects.filter(job=job, number__in=job.undoing["touched"]).order_by("number")
    error = TouchedError([(row, why_it_stays(row)) for row in rows], job.undoing["others"])
    error.count = job.undoing["count"]
    return error


def undo_portion(job: ImportJob) -> bool:
    """Take the next rows back; whether there may be more."""
    jobs.let_others_write()
    with transaction.atomic():
        held = jobs.hold(job, ImportState.UNDOING)
        rows = list(not_reached(held)[: jobs.PORTION])
        if held.cancel_asked or not rows:
            jobs.end_undoing(held, jobs.UNDOING_CANCELLED if held.cancel_asked else "")
            return False
        lock_crises()
        kind = kind_named(held.type)
        give_back(held, kind, look_at(held, kind, rows), held.undone_by)
        held.undoing["reached"] = [rows[-1].turn, rows[-1].number]
        held.progress += len(rows)
        held.lease_until = jobs.crew.until()
        held.save(update_fields=["undoing", "progress", "lease_until", "touched_at"])
    return True


def not_reached(job: ImportJob) -> QuerySet[ImportRow]:
    """From the last written to the first: duplicates are gone before their originals are looked at."""
    rows = standing(job).order_by("-turn", "-number")
    if reached := job.undoing.get("reached"):
        turn, number = reached
        rows = rows.filter(Q(turn__lt=turn) | Q(turn=turn, number__lt=number))
    return rows


# --- What is noted ----------------------------------------------------------------------------------------------------


def note(found: Written) -> None:
    """Which rows were taken back, and why the others stay."""
    for some in in_portions(row.pk for row in found.untouched):
        ImportRow.objects.filter(pk__in=some).update(undone=True)
    why = {row.pk: [stored("", STAYS, reason)] for row, reason in found.touched}
    told_about = [*(row for row, _why in found.touched), *filter(stayed, found.untouched)]
    for row in told_about:
        row.messages = [*(said for said in row.messages if said[1] != STAYS), *why.get(row.pk, ())]
    ImportRow.objects.bulk_update(told_about, ["messages"], batch_size=500)


def why_it_stays(row: ImportRow) -> str:
    """The reason that the last undoing gave, in the reader’s language."""
    return " ".join(text for _column, code, text in told(row.messages) if code == STAYS)


def stayed(row: ImportRow) -> bool:
    """Whether an earlier undoing left the row as it was."""
    return any(said[1] == STAYS for said in row.messages)


# --- Looking ----------------------------------------------------------------------------------------------------------


def look_at(job: ImportJob, kind: Kind, rows: list[ImportRow], *, locking: bool = True) -> Written:
    records = records_of(job, kind, rows, locking=locking)
    updates = [row for row in rows if row.outcome != Outcome.CREATE]
    look_up, taken = former_records(kind, updates), addresses_taken(kind, updates)
    found = Written()
    for row in rows:
        record = records.get(row.key)
        complaint = complaint_about(kind, row, record)
        if row.outcome != Outcome.CREATE:
            complaint = complaint or what_former_values_lack(kind, row, look_up, taken)
        if complaint:
            found.touched.append((row, complaint))
        elif row.outcome == Outcome.CREATE:
            found.created.append((row, record))
        else:
            found.updated.append((row, record))
    if locking:
        hold(kind, {record.pk for _row, record in found.created})
    resting = used_since(job, kind, found)
    found.touched += [(row, resting[record.pk]) for row, record in found.created if record.pk in resting]
    found.created = [(row, record) for row, record in found.created if record.pk not in resting]
    found.touched.sort(key=lambda pair: pair[0].number)
    return found


def records_of(job: ImportJob, kind: Kind, rows: list[ImportRow], *, locking: bool) -> dict[str, Any]:
    """The records by their keys, held until the end of the transaction; their brands first, as every writer does."""
    row_type = kind.row_type
    keys = {row.key.split(" ")[0] for row in rows}
    if locking:
        found = fetch(row_type, keys, job.crisis, locking=False)
        hold_brands({brand.pk for record in found for brand in brand_of(kind, record)})
    records = fetch(row_type, keys, job.crisis, locking=locking)
    return {" ".join(map(str, row_type.key_of(record))): record for record in records}


def hold_brands(brands: set[int]) -> None:
    for some in in_portions(sorted(brands)):
        list(Brand.objects.filter(pk__in=some).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def complaint_about(kind: Kind, row: ImportRow, record: Any) -> str:
    if record is None or getattr(record, "is_withdrawn", False):
        return _("The record is no longer in use.")
    expected = 1 if row.outcome == Outcome.CREATE else (row.revision or 0) + 1
    if hasattr(record, "revision") and record.revision != expected:
        return _("The record was changed since.")
    if any(now(kind, record, name) != pair[1] for name, pair in row.changes.items()):
        return _("The record was changed since.")
    return ""


def now(kind: Kind, record: Any, name: str) -> Any:
    value = getattr(record, name)
    return described(tuple(value.all()) if name in kind.row_type.many else value)


Former = dict[tuple[str, str], Any]
"""Field and key → a record that former values name."""


def what_former_values_lack(kind: Kind, row: ImportRow, look_up: Former, taken: dict[str, str]) -> str:
    """Why a record cannot have its former values again: what they name is gone, or belongs to another record."""
    for name, keys in keys_before(kind, row).items():
        if gone := [key for key in keys if (name, key) not in look_up]:
            return _("What it named before is no longer on file: %(key)s.") % {"key": shown(gone[0])}
    holder = taken.get(row.changes["url"][0]) if "url" in row.changes else None
    if holder and holder != row.key:
        return _("Its former address belongs to the source “%(key)s” by now.") % {"key": shown(holder)}
    return ""


def addresses_taken(kind: Kind, rows: list[ImportRow]) -> dict[str, str]:
    """Former addresses of sources, and which source has them now: one address is one source."""
    if kind.model is not Source:
        return {}
    former = {row.changes["url"][0] for row in rows if "url" in row.changes} - {"", None}
    holders: dict[str, str] = {}
    for some in in_portions(sorted(former)):
        holders.update(Source.objects.in_use().filter(url__in=some).values_list("url", "key"))
    return holders


def used_since(job: ImportJob, kind: Kind, found: Written) -> dict[int, str]:
    """Created records on which something rests that stays, and what that is."""
    created = {record.pk for _row, record in found.created}
    resting: dict[int, str] = {}
    same: dict[int, set[int]] = defaultdict(set)
    for relation in editing.relations_to(kind.model):
        for pk, other in naming(relation, created):
            if relation.related_model is kind.model:
                same[pk].add(other)
            else:
                resting[pk] = what_rests(relation.related_model)
    own = kind.row_type.refers_to_itself
    leaving = {record.pk for row, record in found.updated if own and own.field in row.changes}
    leaving |= created - resting.keys() | gone_before(job, kind, set().union(*same.values()))
    while staying := {pk for pk in leaving & same.keys() if same[pk] - leaving}:
        leaving -= staying  # a duplicate that the same file made goes with its original, unless it stays itself
        resting.update(dict.fromkeys(staying, what_rests(kind.model)))
    return resting


def gone_before(job: ImportJob, kind: Kind, naming: set[int]) -> set[int]:
    """Those of the records that an earlier portion withdrew: they still name what they named."""
    gone: set[int] = set()
    for some in in_portions(sorted(naming)):
        keys = dict(kind.model._base_manager.filter(pk__in=some).values_list("key", "pk"))
        undone = ImportRow.objects.filter(job=job, undone=True, key__in=keys)
        gone |= {keys[key] for key in undone.values_list("key", flat=True)}
    return gone


def hold(kind: Kind, created: set[int]) -> None:
    """Nobody begins to rest anything on these records from now on."""
    for some in in_portions(sorted(created)):
        list(kind.model._base_manager.filter(pk__in=some).order_by("pk").select_for_update().values_list("pk"))


def naming(relation: Any, created: set[int]) -> Iterator[tuple[int, int]]:
    """Pairs of a created record and a record that names it."""
    name = relation.field.name
    for some in in_portions(sorted(created)):
        yield from relation.related_model._base_manager.filter(**{f"{name}__in": some}).values_list(name, "pk")


def what_rests(model: Any) -> str:
    if model is Event:
        return _("Something else was recorded about it since, and the trail of changes keeps it.")
    return _("Something rests on it by now: %(what)s.") % {"what": Message(untranslated(model._meta.verbose_name))}


# --- Giving back ------------------------------------------------------------------------------------------------------


def restore(kind: Kind, updated: list[tuple[ImportRow, Any]], by: AbstractBaseUser | None, reason: str) -> None:
    look_up = former_records(kind, [row for row, _record in updated])
    rows = [as_row(kind, row, record, look_up) for row, record in updated]
    save({kind.row_type: rows}, by, reason)


def as_row(kind: Kind, staged: ImportRow, record: Any, look_up: Former) -> Row:
    """The change turned round, for the same writing that made it."""
    row = Row(kind.row_type, staged.number, record=record)
    own = kind.row_type.refers_to_itself
    for name, (before, after) in staged.changes.items():
        row.fields[name] = value_of(kind, name, before, look_up)
        row.changes[name] = [after, before]
        if name not in kind.row_type.many and not (own and own.field == name):
            setattr(record, name, row.fields[name])
    if kind.row_type.part:
        row.fields["action"] = record.action
    return row


def value_of(kind: Kind, name: str, before: Any, look_up: Former) -> Any:
    """A value as the record holds it, from how the log described it."""
    field_: Any = kind.model._meta.get_field(name)
    if name in kind.row_type.many:
        return tuple(look_up[name, key] for key in before or ())
    if field_.is_relation:
        return look_up[name, before] if before else None
    if isinstance(before, list):
        return tuple(before)
    if before is not None and field_.get_internal_type() == "DecimalField":
        return Decimal(before)
    return before


def keys_before(kind: Kind, row: ImportRow) -> dict[str, list[str]]:
    """The records that the former values of a row name: field → keys."""
    named = {name: before for name, (before, _after) in row.changes.items() if before}
    related = {name: before for name, before in named.items() if kind.model._meta.get_field(name).is_relation}
    return {name: [before] if isinstance(before, str) else before for name, before in related.items()}


def former_records(kind: Kind, rows: list[ImportRow]) -> Former:
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name, keys in keys_before(kind, row).items():
            wanted[name].update(keys)
    found = {}
    for name, named in wanted.items():
        model: Any = kind.model._meta.get_field(name).related_model
        by = "slug" if issubclass(model, Brand | Crisis | Sector) else "key"
        for some in in_portions(sorted(named)):
            for record in model._base_manager.filter(**{f"{by}__in": some}):
                found[name, getattr(record, by)] = record
    return found


# --- Taking back ------------------------------------------------------------------------------------------------------


def take_back(kind: Kind, created: list[Any], by: AbstractBaseUser | None, reason: str) -> None:
    """Unused drafts vanish; what a public verdict may rest on is withdrawn and stays readable."""
    created = with_their_state(kind, created)
    public = public_brands(kind, created)
    shown = {record for record in created if isinstance(record, Fact) and brand_ids(kind, record) & public}
    drafts = [record for record in created if record not in shown]
    using = brands_using([record.pk for record in created if isinstance(record, Source)])
    places = [NO_BRAND if kind.model is Brand else brands_of(row_of(kind, record), using) for record in created]
    before = [state_of(record) for record in created]
    withdraw(kind, shown, reason)
    lines = [
        Change("evidence.withdrawn", record, brands, taken_out(record, held, record in shown), reason)
        for record, held, ids in zip(created, before, places, strict=True)
        for brands in ids
    ]
    remove(kind, drafts)
    record_changes(lines, actor=by)


def with_their_state(kind: Kind, created: list[Any]) -> list[Any]:
    """The same records, with all that the trail tells of one when it goes."""
    if kind.row_type.part:
        return created
    return [
        record
        for some in in_portions(record.pk for record in created)
        for record in editing.with_state(kind.model).filter(pk__in=some).order_by("pk")
    ]


def row_of(kind: Kind, record: Any) -> Row:
    return Row(kind.row_type, 0, record=record)


def state_of(record: Any) -> State:
    """What the trail has told of a record; a part is taken out by its name alone."""
    return {} if isinstance(record, ActionSource | Proof) else editing.state_of(record)


def taken_out(record: Any, held: State, stays: bool) -> State:
    """What became of each field: of a record that stays withdrawn those two, of a deleted one all."""
    return editing.differences(held, state_of(record) if stays else {})


def brand_of(kind: Kind, record: Any) -> list[Brand]:
    brand = kind.row_type.brand_of(record)
    return [brand] if brand else []


def brand_ids(kind: Kind, record: Any) -> set[int]:
    return {brand.pk for brand in brand_of(kind, record)}


def public_brands(kind: Kind, created: Iterable[Any]) -> set[int]:
    brands = {brand.pk: brand for record in created for brand in brand_of(kind, record)}
    return public_among(list(brands.values()))


def public_among(brands: list[Brand]) -> set[int]:
    """Halved until each is found: few are public, and asking for each of thousands would take too long."""
    if not brands or not any(public(brands) for public in editing.public_now):
        return set()
    if len(brands) == 1:
        return {brands[0].pk}
    middle = len(brands) // 2
    return public_among(brands[:middle]) | public_among(brands[middle:])


def withdraw(kind: Kind, records: Iterable[Any], reason: str) -> None:
    at, model = timezone.now(), kind.model
    for record in records:
        record.withdrawn_at, record.withdrawn_reason = at, reason
    for some in in_portions(record.pk for record in records):
        model._base_manager.filter(pk__in=some).update(
            withdrawn_at=at, withdrawn_reason=reason, revision=F("revision") + 1, updated_at=at
        )


def remove(kind: Kind, records: list[Any]) -> None:
    own = kind.row_type.refers_to_itself
    model: Any = kind.model
    if kind.row_type.part:
        parts = [Row(kind.row_type, 0, record=record, fields={"action": record.action}) for record in records]
        raise_revisions({kind.row_type: parts})
    for some in in_portions(record.pk for record in records):
        if own:
            model._base_manager.filter(pk__in=some).update(**{own.field: None})
        model._base_manager.filter(pk__in=some).delete()
