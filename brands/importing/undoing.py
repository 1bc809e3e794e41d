"""Taking an import back, as long as nobody has touched what it wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from brands import editing
from brands.changes import Change, record_changes
from brands.editing import State
from brands.importing.jobs import StepError, lock_crises
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


def check_can_undo(job: ImportJob, by: AbstractBaseUser | None) -> None:
    if by is not None:
        check_can_import(by, kind_named(job.type))
    if job.state not in (ImportState.DONE, ImportState.CANCELLED) or job.finished_at is None:
        raise StepError("wrong_state", gettext("Only an import that is finished can be undone."))
    if timezone.now() > job.finished_at + UNDO_FOR:
        raise StepError("too_late", gettext("An import can be undone for 24 hours; they are over."))
    if not standing(job).exists():
        raise StepError("nothing_to_do", gettext("This import wrote nothing: there is nothing to undo."))


def standing(job: ImportJob) -> QuerySet[ImportRow]:
    """The rows that were written and not taken back yet."""
    return ImportRow.objects.filter(job=job, written=True, undone=False)


def can_undo(job: ImportJob, by: AbstractBaseUser | None) -> bool:
    try:
        check_can_undo(job, by)
    except StepError:
        return False
    return True


@transaction.atomic
def undo(job: ImportJob, by: AbstractBaseUser | None, *, rest: bool = False) -> int:
    """Give updated records their former values, and take created ones back; how many records.

    A record that was changed or used since stops it, and is named; with ``rest`` those stay and all others are undone.
    """
    job = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    check_can_undo(job, by)
    lock_crises()
    kind = kind_named(job.type)
    found = look_at(job, kind)
    if found.touched and not (rest and found.untouched):
        raise TouchedError(found.touched, len(found.untouched))
    reason = f"{UNDONE}{job.file_name}"
    restore(kind, found.updated, by, reason)
    take_back(kind, [record for _row, record in found.created], by, reason)
    note(job, found)
    return len(found.untouched)


def note(job: ImportJob, found: Written) -> None:
    """Which rows were taken back, and why the others stay. With none left the import as a whole is undone."""
    for some in in_portions(row.pk for row in found.untouched):
        ImportRow.objects.filter(pk__in=some).update(undone=True)
    why = {row.pk: [stored("", STAYS, reason)] for row, reason in found.touched}
    told_about = [*(row for row, _why in found.touched), *filter(stayed, found.untouched)]
    for row in told_about:
        row.messages = [*(said for said in row.messages if said[1] != STAYS), *why.get(row.pk, ())]
    ImportRow.objects.bulk_update(told_about, ["messages"], batch_size=500)
    job.state = job.state if found.touched else ImportState.UNDONE
    job.save(update_fields=["state", "touched_at"])


def why_it_stays(row: ImportRow) -> str:
    """The reason that the last undoing gave, in the reader’s language."""
    return " ".join(text for _column, code, text in told(row.messages) if code == STAYS)


def stayed(row: ImportRow) -> bool:
    """Whether an earlier undoing left the row as it was."""
    return any(said[1] == STAYS for said in row.messages)


# --- Looking ----------------------------------------------------------------------------------------------------------


def look_at(job: ImportJob, kind: Kind) -> Written:
    rows = list(standing(job))
    records = records_of(job, kind, rows)
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
    resting = used_since(kind, found)
    found.touched += [(row, resting[record.pk]) for row, record in found.created if record.pk in resting]
    found.created = [(row, record) for row, record in found.created if record.pk not in resting]
    found.touched.sort(key=lambda pair: pair[0].number)
    return found


def records_of(job: ImportJob, kind: Kind, rows: list[ImportRow]) -> dict[str, Any]:
    """The records by their keys, held until the end of the transaction; their brands first, as every writer does."""
    row_type = kind.row_type
    keys = {row.key.split(" ")[0] for row in rows}
    brands = {
        brand.pk for record in fetch(row_type, keys, job.crisis, locking=False) for brand in brand_of(kind, record)
    }
    for some in in_portions(sorted(brands)):
        list(Brand.objects.filter(pk__in=some).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return {" ".join(map(str, row_type.key_of(record))): record for record in fetch(row_type, keys, job.crisis)}


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


def used_since(kind: Kind, found: Written) -> dict[int, str]:
    """Created records on which something rests that stays, and what that is."""
    created = {record.pk for _row, record in found.created}
    hold(kind, created)
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
    leaving |= created - resting.keys()
    while staying := {pk for pk in leaving & same.keys() if same[pk] - leaving}:
        leaving -= staying  # a duplicate that the same file made goes with its original, unless it stays itself
        resting.update(dict.fromkeys(staying, what_rests(kind.model)))
    return resting


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
