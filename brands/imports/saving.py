"""The writing: records, then relations, then the log, all in the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F, ManyToManyField
from django.utils import timezone

from brands.changes import Change, record_changes
from brands.imports.checking import Row
from brands.imports.planning import IMPORTED, LOADED, Plan, in_portions, taken
from brands.imports.rowtypes import ACTIONS, RowType, in_order
from brands.models import Action, ActionSource, Brand, BrandProfile, Judgement, OutcomeFigure, Promise, Source

BATCH = 500


def save(plan: Plan, actor: AbstractBaseUser | None, reason: str = "") -> None:
    """Write the changes of all rows that are right and not kept, in the order in which records need one another."""
    changed = {row_type: [row for row in taken(plan.get(row_type, ())) if row.changes] for row_type in in_order(plan)}
    news = {row for rows in changed.values() for row in rows if row.is_new}
    for row_type, rows in changed.items():
        create(row_type, [row for row in rows if row in news])
        update(row_type, [row for row in rows if row not in news])
        for name in row_type.many:
            relate_to_many(row_type, name, [row for row in rows if name in row.changes])
        relate_to_own_kind(row_type, [row for row in rows if own_field(row_type) in row.changes])
    raise_revisions(changed)
    record([row for rows in changed.values() for row in rows], news, actor, reason)


def create(row_type: RowType, rows: list[Row]) -> None:
    derive(row_type, rows)
    row_type.model._default_manager.bulk_create(records(rows), batch_size=BATCH)


def update(row_type: RowType, rows: list[Row]) -> None:
    later = {*row_type.many, own_field(row_type)}
    names = {name for row in rows for name in row.changes if name not in later} | set(row_type.derived)
    if row_type.with_revision:
        names |= {"revision", "updated_at"}
        for record in records(rows):
            record.revision, record.updated_at = record.revision + 1, timezone.now()
    derive(row_type, rows)
    if rows and names:
        row_type.model._default_manager.bulk_update(records(rows), sorted(names), batch_size=BATCH)


def records(rows: Iterable[Row]) -> list[Any]:
    return [row.record for row in rows]


def derive(row_type: RowType, rows: list[Row]) -> None:
    if row_type.derive:
        for record in records(rows):
            row_type.derive(record)


def relate_to_many(row_type: RowType, name: str, rows: list[Row]) -> None:
    relation = row_type.model._meta.get_field(name)
    assert isinstance(relation, ManyToManyField)
    through: Any = relation.remote_field.through
    here, there = relation.m2m_column_name(), relation.m2m_reverse_name()
    for some in in_portions(row.record.pk for row in rows if row.record):
        through.objects.filter(**{f"{here}__in": some}).delete()
    links = [{here: row.record.pk, there: other.pk} for row in rows if row.record for other in row.fields[name]]
    through.objects.bulk_create((through(**link) for link in links), batch_size=BATCH)


def own_field(row_type: RowType) -> str:
    own = row_type.refers_to_itself
    return own.field if own else ""


def relate_to_own_kind(row_type: RowType, rows: list[Row]) -> None:
    """Last, when every record of the file is saved, so that the order of its rows does not matter."""
    name = own_field(row_type)
    for row in rows:
        setattr(row.record, name, row.fields[name])
    if rows:
        row_type.model._default_manager.bulk_update(records(rows), [name], batch_size=BATCH)


def raise_revisions(changed: Plan) -> None:
    """A record whose parts changed has changed: whoever has it open is told when they save."""
    done = {row.record.pk for row in changed.get(ACTIONS, ()) if row.record}
    parts = [row for row_type, rows in changed.items() if row_type.part for row in rows]
    wholes: set[int] = {row.fields["action"].pk for row in parts} - done
    for some in in_portions(sorted(wholes)):
        Action.objects.filter(pk__in=some).update(revision=F("revision") + 1, updated_at=timezone.now())


# --- The log ----------------------------------------------------------------------------------------------------------


def record(rows: list[Row], news: set[Row], actor: AbstractBaseUser | None, reason: str) -> None:
    using = brands_using([row.record.pk for row in rows if isinstance(row.record, Source)])
    lines = [
        Change(
            kind=f"{row.type.told_as}.{'added' if row in news else 'corrected'}",
            subject=row.record,
            brands=brands,
            changes=row.changes,
            reason=reason or f"{LOADED}{row.type.file}",
        )
        for row in rows
        for brands in (NO_BRAND if goes_by_itself(row, news, reason) else brands_of(row, using))
        if row.record
    ]
    record_changes(lines, actor=actor)


NO_BRAND: list[frozenset[int]] = [frozenset()]


def goes_by_itself(row: Row, news: set[Row], reason: str) -> bool:
    """A brand that a sheet of somebody’s creates is named by its line alone: one that refers to it keeps it for good,

    and such an import can be undone. There is nothing to judge yet.
    """
    return row in news and isinstance(row.record, Brand) and reason.startswith(IMPORTED)


def brands_of(row: Row, using: dict[int, set[int]]) -> list[frozenset[int]]:
    """A line in the log for each brand that the record is part of; one without a brand where there is none yet."""
    brand = row.type.brand_of(row.record)
    ids = {brand.pk} if brand else using[row.record.pk] if row.record else set()
    return [frozenset({brand_id}) for brand_id in sorted(ids)] or NO_BRAND


def brands_using(sources: list[int]) -> dict[int, set[int]]:
    """Source → the brands whose facts rest on it."""
    paths = (
        (ActionSource, "source", "action__brand"),
        (Judgement, "source", "brand"),
        (OutcomeFigure, "source", "brand"),
        (Promise, "sources", "brand"),
        (BrandProfile, "sources", "brand"),
    )
    using: dict[int, set[int]] = defaultdict(set)
    for some in in_portions(sources):
        for model, source, brand in paths:
            for source_id, brand_id in model._default_manager.filter(**{f"{source}__in": some}).values_list(
                source, brand
            ):
                using[source_id].add(brand_id)
    return using
