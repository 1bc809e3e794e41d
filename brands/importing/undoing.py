"""Taking an import back, as long as nobody has touched what it wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brands import editing
from brands.changes import Change, record_changes
from brands.editing import State
from brands.importing.jobs import StepError, lock_crises
from brands.importing.kinds import Kind, kind_named
from brands.importing.rights import check_can_import
from brands.imports.checking import Row
from brands.imports.planning import described, fetch, in_portions
from brands.imports.saving import brands_of, brands_using, raise_revisions, save
from brands.models import (
    ActionSource,
    Brand,
    Crisis,
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


class TouchedError(StepError):
    """Somebody went on working with what the import wrote."""

    def __init__(self, rows: list[tuple[ImportRow, str]]) -> None:
        super().__init__(
            "touched",
            _("Rows of this import were changed or used since, so it cannot be undone as a whole: see them below."),
        )
        self.rows = rows


@dataclass(slots=True)
class Written:
    """What an import wrote, as it stands now."""

    updated: list[tuple[ImportRow, Any]] = field(default_factory=list)
    created: list[tuple[ImportRow, Any]] = field(default_factory=list)
    touched: list[tuple[ImportRow, str]] = field(default_factory=list)


def check_can_undo(job: ImportJob, by: AbstractBaseUser | None) -> None:
    if by is not None:
        check_can_import(by, kind_named(job.type))
    if job.state not in (ImportState.DONE, ImportState.CANCELLED) or job.finished_at is None:
        raise StepError("wrong_state", _("Only an import that is finished can be undone."))
    if timezone.now() > job.finished_at + UNDO_FOR:
        raise StepError("too_late", _("An import can be undone for 24 hours; they are over."))
    if not ImportRow.objects.filter(job=job, written=True).exists():
        raise StepError("nothing_to_do", _("This import wrote nothing: there is nothing to undo."))


def can_undo(job: ImportJob, by: AbstractBaseUser | None) -> bool:
    try:
        check_can_undo(job, by)
    except StepError:
        return False
    return True


@transaction.atomic
def undo(job: ImportJob, by: AbstractBaseUser | None) -> int:
    """Give updated records their former values, and take created ones back; how many records.

    All or nothing: a record that was changed or used since stops it, and is named.
    """
    job = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    check_can_undo(job, by)
    lock_crises()
    kind = kind_named(job.type)
    found = look_at(job, kind)
    if found.touched:
        raise TouchedError(found.touched)
    reason = f"{UNDONE}{job.file_name}"
    restore(kind, found.updated, by, reason)
    take_back(kind, [record for _row, record in found.created], by, reason)
    job.state = ImportState.UNDONE
    job.save(update_fields=["state", "touched_at"])
    return len(found.updated) + len(found.created)


# --- Looking ----------------------------------------------------------------------------------------------------------


def look_at(job: ImportJob, kind: Kind) -> Written:
    rows = list(ImportRow.objects.filter(job=job, written=True))
    records = records_of(job, kind, rows)
    found = Written()
    for row in rows:
        record = records.get(row.key)
        if complaint := complaint_about(kind, row, record):
            found.touched.append((row, complaint))
        elif row.outcome == Outcome.CREATE:
            found.created.append((row, record))
        else:
            found.updated.append((row, record))
    found.touched += used_since(kind, found.created)
    return found


def records_of(job: ImportJob, kind: Kind, rows: list[ImportRow]) -> dict[str, Any]:
    row_type = kind.row_type
    crisis = job.crisis
    keys = {row.key.split(" ")[0] for row in rows}
    return {" ".join(map(str, row_type.key_of(record))): record for record in fetch(row_type, keys, crisis)}


def complaint_about(kind: Kind, row: ImportRow, record: Any) -> str:
    if record is None or getattr(record, "is_withdrawn", False):
        return _("The record is no longer in use.")
    expected = 1 if row.outcome == Outcome.CREATE else (row.revision or 0) + 1
    if hasattr(record, "revision") and record.revision != expected:
        return _("The record was changed since.")
    if any(now(kind, record, name) != pair[1] for name, pair in row.changes.items()):
        return _("The record was changed since.")
    if isinstance(record, Brand) and row.outcome == Outcome.CREATE:
        return _("A brand that was created stays: the log of changes names it for good.")
    return ""


def now(kind: Kind, record: Any, name: str) -> Any:
    value = getattr(record, name)
    return described(tuple(value.all()) if name in kind.row_type.many else value)


def used_since(kind: Kind, created: list[tuple[ImportRow, Any]]) -> list[tuple[ImportRow, str]]:
    """Created records on which something rests that the import did not make."""
    rows = {record.pk: row for row, record in created}
    resting: dict[int, str] = {}
    for relation in kind.model._meta.related_objects:
        name = relation.field.name
        model: Any = relation.related_model
        for some in in_portions(rows):
            found = model._base_manager.filter(**{f"{name}__in": some})
            for own, pk in found.values_list("pk", name):
                if model is not kind.model or own not in rows:  # a duplicate that the same file made goes with it
                    resting[pk] = str(model._meta.verbose_name)
    message = _("Something rests on it by now: %(what)s.")
    return [(rows[pk], message % {"what": what}) for pk, what in resting.items() if pk in rows]


# --- Giving back ------------------------------------------------------------------------------------------------------


def restore(kind: Kind, updated: list[tuple[ImportRow, Any]], by: AbstractBaseUser | None, reason: str) -> None:
    look_up = former_records(kind, [row for row, _record in updated])
    rows = [as_row(kind, row, record, look_up) for row, record in updated]
    save({kind.row_type: rows}, by, reason)


def as_row(kind: Kind, staged: ImportRow, record: Any, look_up: dict[tuple[str, str], Any]) -> Row:
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


def value_of(kind: Kind, name: str, before: Any, look_up: dict[tuple[str, str], Any]) -> Any:
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


def former_records(kind: Kind, rows: list[ImportRow]) -> dict[tuple[str, str], Any]:
    """The records that former values name, by field and key."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        for name, (before, _after) in row.changes.items():
            if kind.model._meta.get_field(name).is_relation and before:
                wanted.setdefault(name, set()).update([before] if isinstance(before, str) else before)
    found = {}
    for name, keys in wanted.items():
        model: Any = kind.model._meta.get_field(name).related_model
        by = "slug" if issubclass(model, Brand | Crisis | Sector) else "key"
        for some in in_portions(sorted(keys)):
            for record in model._base_manager.filter(**{f"{by}__in": some}):
                found[name, getattr(record, by)] = record
    return found


# --- Taking back ------------------------------------------------------------------------------------------------------


def take_back(kind: Kind, created: list[Any], by: AbstractBaseUser | None, reason: str) -> None:
    """Unused drafts vanish; what a public verdict may rest on is withdrawn and stays readable."""
    public = public_brands(kind, created)
    shown = [record for record in created if isinstance(record, Fact) and brand_ids(kind, record) & public]
    drafts = [record for record in created if record not in set(shown)]
    using = brands_using([record.pk for record in created if isinstance(record, Source)])
    places = [brands_of(Row(kind.row_type, 0, record=record), using) for record in created]
    before = [state_of(record) for record in created]
    withdraw(shown, reason)
    remove(kind, drafts)
    lines = [
        Change("evidence.withdrawn", record, brands, taken_out(record, held, record in set(shown)), reason)
        for record, held, ids in zip(created, before, places, strict=True)
        for brands in ids
    ]
    record_changes(lines, actor=by)


def state_of(record: Any) -> State:
    """What the trail has told of a record; a part is taken out by its name alone."""
    return {} if isinstance(record, ActionSource | Proof) else editing.state_of(record)


def taken_out(record: Any, held: State, stays: bool) -> State:
    """What became of each field: of a record that stays withdrawn those two, of a deleted one all."""
    return editing.differences(held, state_of(record) if stays else {})


def brand_ids(kind: Kind, record: Any) -> set[int]:
    brand = kind.row_type.brand_of(record)
    return {brand.pk} if brand else set()


def public_brands(kind: Kind, created: Iterable[Any]) -> set[int]:
    brands = {brand.pk: brand for record in created if (brand := kind.row_type.brand_of(record))}
    return {pk for pk, brand in brands.items() if any(public([brand]) for public in editing.public_now)}


def withdraw(records: list[Any], reason: str) -> None:
    for record in records:
        record.withdrawn_at, record.withdrawn_reason = timezone.now(), reason
        record.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        editing.raise_revision(record)


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
