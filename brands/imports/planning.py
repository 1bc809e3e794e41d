"""Rows beside one another and beside the database: what they name, what they change, and what a person has changed.

Nothing is written here. Records are read once a file, under the locks that the writing needs.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet

from brands.changes import subject_of
from brands.imports.checking import Row
from brands.imports.columns import Column
from brands.imports.report import Named, shown
from brands.imports.report import say as _
from brands.imports.rowtypes import SECTORS, RowType, in_order
from brands.models import Action, Crisis, Event, Sector, Source

IMPORTED = "import: "
"""The same for a file that somebody sent in. To a catalogue it is a person's work, which it leaves alone."""
LOADED = "catalogue: "
"""The reason of an event begins with this when a file made the change; after it comes the file's name."""

VALUES_A_QUERY = 10_000

Plan = dict[RowType, list[Row]]


@dataclass
class World:
    """The records that rows may name: those on file, and those that the files are about to make."""

    crisis: Crisis | None
    locking: bool = True
    records: dict[str, dict[str, Model]] = field(default_factory=lambda: defaultdict(dict))
    rejected: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def make_plan(
    plan: Plan,
    crisis: Crisis | None,
    *,
    overwrite: bool,
    locking: bool = True,
    files_of: tuple[str, ...] = (LOADED,),
) -> None:
    """Find out for each row whether it may be saved, and what it would change.

    ``locking`` is for those who write what they planned; a mere look holds nobody up. ``files_of`` are the reasons by
    which the log tells the files that this one follows from what people did.
    """
    world = World(crisis, locking)
    world.records[SECTORS] = {sector.slug: sector for sector in Sector.objects.all()}
    for row_type in in_order(plan):
        rows = plan.get(row_type, [])
        find_records(world, row_type, rows, wanted_keys(row_type, plan))
        for row in right(rows):
            resolve(world, row)
        for row in right(rows):
            relate(row)
        compare(list(right(rows)), overwrite=overwrite, files_of=files_of)
        check_together(row_type, rows)
        world.rejected[row_type.file].update(row.key[0] for row in rows if not row.is_right)
        for row in taken(rows):
            apply(row)


def right(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row.is_right)


def taken(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows whose word counts."""
    return (row for row in rows if row.is_right and row.kept is None)


# --- Finding ----------------------------------------------------------------------------------------------------------


def wanted_keys(row_type: RowType, plan: Plan) -> set[str]:
    """The keys of the file's own rows, and those by which other files name its records."""
    wanted = {row.key[0] for row in plan.get(row_type, [])}
    for other, rows in plan.items():
        for column in other.columns:
            if column.refers == row_type.file:
                wanted.update(key for row in rows for key in named_in(row, column))
    return wanted - {""}


def named_in(row: Row, column: Column) -> tuple[str, ...]:
    value = row.values.get(column.name) or ()
    return (value,) if isinstance(value, str) else value


def find_records(world: World, row_type: RowType, rows: list[Row], keys: set[str]) -> None:
    """Give each row the record that it describes, and make all records of the file known by their keys."""
    on_file = {row_type.key_of(record): record for record in fetch(row_type, keys, world.crisis, locking=world.locking)}
    if not row_type.part:
        world.records[row_type.file] = {key[0]: record for key, record in on_file.items()}
    for row in rows:
        if row.is_right:
            row.record = on_file.get(row.key) or row_type.model()
            world.records[row_type.file][row.key[0]] = row.record
        else:
            world.rejected[row_type.file].add(row.key[0])


def fetch(row_type: RowType, keys: set[str], crisis: Crisis | None, *, locking: bool = True) -> Iterator[Any]:
    records = row_type.model._default_manager.select_related(*row_type.select_related).prefetch_related(*row_type.many)
    if row_type.in_crisis and "crisis" not in row_type.fixed:
        records = records.filter(crisis=crisis)
    for some in in_portions(sorted(keys)):
        found = records.filter(**{f"{row_type.match}__in": some})
        yield from locked(found) if locking else found.order_by("pk")


def locked(records: QuerySet[Any]) -> QuerySet[Any]:
    """Nobody changes these records between the comparison and the writing."""
    return records.order_by("pk").select_for_update(of=("self",), no_key=True)


def in_portions(values: Iterable[Any]) -> Iterator[list[Any]]:
    """As many values as one query may carry."""
    rest = iter(values)
    while portion := list(islice(rest, VALUES_A_QUERY)):
        yield portion


# --- Relating ---------------------------------------------------------------------------------------------------------


def resolve(world: World, row: Row) -> None:
    for column in row.type.columns:
        if column.field and column.name in row.values:
            value = row.values[column.name]
            row.fields[column.field] = look_up(world, row, column) if column.refers else value
    if row.type.in_crisis:
        row.fields["crisis"] = world.crisis
    for name in {"key", *row.type.fixed} & row.fields.keys() if row.is_new and row.is_right else ():
        setattr(row.record, name, row.fields[name])  # other rows of the file may ask for these


def look_up(world: World, row: Row, column: Column) -> Any:
    """The record or records that a cell names, or None."""
    found = [find(world, row, column, key) for key in named_in(row, column)]
    if column.field in row.type.many:
        return tuple(found)
    return found[0] if found else None


def find(world: World, row: Row, column: Column, key: str) -> Model | None:
    record = world.records[column.refers].get(key)
    if key in world.rejected[column.refers]:
        message = _("“%(key)s” was rejected in %(file)s: correct it there first.")
        row.reject(column.name, "reference_rejected", message % {"key": shown(key), "file": column.refers})
    elif record is None and column.refers == SECTORS:
        message = _("“%(key)s” is not a sector: choose one of %(sectors)s, or add it to the sectors first.")
        sectors = ", ".join(sorted(world.records[SECTORS]))
        row.reject(column.name, "unknown_reference", message % {"key": shown(key), "sectors": sectors})
    elif record is None:
        message = _("“%(key)s” stands neither in %(file)s nor in the database: add it there, or correct the key.")
        row.reject(column.name, "unknown_reference", message % {"key": shown(key), "file": column.refers})
    return record


def relate(row: Row) -> None:
    """Reject a row whose relations do not hold."""
    check_what_stays(row)
    for flaw in (flaw for check in row.type.checks_on_records for flaw in check(row.fields)):
        row.reject(*flaw)


def check_what_stays(row: Row) -> None:
    """A record keeps its brand and its crisis: a row that says otherwise means another record."""
    for name in row.type.fixed if not row.is_new else ():
        before = getattr(row.record, name)
        if before.pk != row.fields[name].pk:
            message = _("The key “%(key)s” belongs to a record of “%(other)s”: choose another key.")
            row.reject(row.type.key[0], f"other_{name}", message % {"key": row.key[0], "other": named(before)})


def named(record: Any) -> Named | str:
    """What people call a record, in both languages where it has a name in each."""
    return Named(record.name_en, record.name_fr) if hasattr(record, "name_fr") else str(record)


def check_together(row_type: RowType, rows: list[Row]) -> None:
    """What holds for all rows of a file and the database together."""
    if row_type.model is Source:
        reject_taken_addresses([row for row in taken(rows) if "url" in row.changes])
    if own := row_type.refers_to_itself:
        reject_loops(list(taken(rows)), own)
        reject_followers(rows, own)


def reject_taken_addresses(rows: list[Row]) -> None:
    """One address is one source; the database says so too."""
    holders: dict[str, str] = {}
    for addresses in in_portions(filter(None, (row.values["url"] for row in rows))):
        holders.update(Source.objects.in_use().filter(url__in=addresses).values_list("url", "key"))
    for row in rows:
        holder = holders.get(row.values["url"])
        if holder and holder != row.key[0]:
            message = _("This address is on file as the source “%(key)s”: use that key.")
            row.reject("url", "address_taken", message % {"key": holder})


def reject_loops(rows: list[Row], own: Column) -> None:
    """Duplicates of one another would all be left out of the count, and the act with them."""
    if not any(row.values.get(own.name) for row in rows):
        return
    duplicates = Action.objects.exclude(duplicate_of=None)
    originals = dict(duplicates.values_list("key", "duplicate_of__key"))
    originals.update({row.key[0]: row.values.get(own.name, "") for row in rows})
    looping = loops(originals)
    for row in rows:
        if row.key[0] in looping:
            message = _("Following the duplicates leads back to this act: leave one of them without an original.")
            row.reject(own.name, "duplicate_loop", message)


def loops(originals: dict[str, str]) -> set[str]:
    """The keys that lie on a circle, each key walked over once."""
    done: set[str] = set()
    looping: set[str] = set()
    for start in originals:
        path: dict[str, int] = {}
        here = start
        while here in originals and here not in done and here not in path:
            path[here] = len(path)
            here = originals[here]
        if here in path:
            looping.update(list(path)[path[here] :])
        done.update(path)
    return looping


def reject_followers(rows: list[Row], own: Column) -> None:
    """A row that names a rejected row of its own file is rejected too, and so on down the line."""
    following: dict[str, list[Row]] = defaultdict(list)
    for row in taken(rows):
        following[row.values.get(own.name, "")].append(row)
    fallen = deque(row.key[0] for row in rows if not row.is_right)
    while fallen:
        key = fallen.popleft()
        for row in following.pop(key, []) if key else []:
            message = _("“%(key)s” was rejected in %(file)s: correct it there first.")
            row.reject(own.name, "reference_rejected", message % {"key": shown(key), "file": own.refers})
            fallen.append(row.key[0])


# --- Comparing --------------------------------------------------------------------------------------------------------


def compare(rows: list[Row], *, overwrite: bool, files_of: tuple[str, ...]) -> None:
    for row in rows:
        row.changes = differences(row)
    keep_what_people_changed([row for row in rows if row.changes], overwrite=overwrite, files_of=files_of)


def differences(row: Row) -> dict[str, list[Any]]:
    """Field → before and after, for the fields in which the row and its record differ."""
    changes = {}
    for name, wanted in row.fields.items():
        before = None if row.is_new else described(current(row, name))
        after = described(wanted)
        if before != after and not (row.is_new and after in (None, "", [])):
            changes[name] = [before, after]
    return changes


def current(row: Row, name: str) -> Any:
    value = getattr(row.record, name)
    return tuple(value.all()) if name in row.type.many else value


def described(value: Any) -> Any:
    """A value as the log keeps it: records by their keys, numbers as text."""
    if isinstance(value, Model):
        return getattr(value, "key", None) or getattr(value, "slug", None)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, tuple):
        parts = [described(part) for part in value]
        return sorted(parts) if value and isinstance(value[0], Model) else parts
    return value


# --- Keeping ----------------------------------------------------------------------------------------------------------


def keep_what_people_changed(rows: list[Row], *, overwrite: bool, files_of: tuple[str, ...]) -> None:
    """A file does not undo what somebody did since it was loaded, and never brings back what was withdrawn."""
    for row in rows:
        if getattr(row.record, "withdrawn_at", None):
            row.keep("withdrawn", _("This record was withdrawn: it stays as it is."))
    if overwrite:
        return
    log = Log((name for row in rows for name in names(row)), files_of)
    for row in rows:
        if row.kept is None and log.has_later_hand(*names(row)):
            message = _("Somebody changed this record after it was loaded: it stays, unless “--overwrite” is given.")
            row.keep("edited", message)


def names(row: Row) -> list[str]:
    """What the log calls the record: its own name and, for a part, that of its place in the whole."""
    if row.type.part:
        subject = f"{row.type.model._meta.label_lower}:{':'.join(row.key)}" if row.is_new else subject_of_record(row)
        place = f"{row.type.part}.{':'.join(row.key[1:])}"
        return [subject, f"{subject_of(row.fields['action'])}{PLACE}{place}"]
    return [] if row.is_new else [subject_of_record(row)]


def subject_of_record(row: Row) -> str:
    assert row.record is not None
    return subject_of(row.record)


PLACE = " "
"""Between a record and a part of it. Neither can hold a blank."""


class Log:
    """For each name, the number of the last line that a person wrote about it and of the last one that a file wrote."""

    def __init__(self, names: Iterable[str], files_of: tuple[str, ...] = (LOADED,)) -> None:
        self.people: dict[str, int] = {}
        self.files: dict[str, int] = {}
        for some in in_portions({name.partition(PLACE)[0] for name in names}):
            events = Event.objects.filter(subject__in=some).order_by("id")
            by_file = reduce(or_, (Q(reason__startswith=beginning) for beginning in files_of))
            self.files.update(events.filter(by_file).values_list("subject", "id"))
            by_hand = events.exclude(actor=None)  # a load in somebody’s name is in both, and thus later in neither
            for subject, number, changes in by_hand.values_list("subject", "id", "changes"):
                self.people.update(dict.fromkeys(touched(subject, changes), number))

    def has_later_hand(self, name: str = "", *others: str) -> bool:
        """Whether a person touched the record after a file did last, under its own name or as part of another."""
        return max(self.people.get(each, 0) for each in (name, *others)) > self.files.get(name, 0)


def touched(subject: str, changes: dict[str, Any]) -> set[str]:
    """What a line of the log is about: the record itself, or the parts of it that its fields name."""
    parts = {f"{subject}{PLACE}{field.rpartition('.')[0]}" for field in changes if "." in field}
    return parts | ({subject} if not changes or any("." not in field for field in changes) else set())


def apply(row: Row) -> None:
    """Set the changed fields of a record that is not kept. Relations that need saved records follow at the saving."""
    own = row.type.refers_to_itself
    later = {*row.type.many, own.field if own else ""}
    for name in row.fields:
        if name not in later and (row.is_new or name in row.changes):
            setattr(row.record, name, row.fields[name])
