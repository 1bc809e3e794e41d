"""Does the trail tell everything? What the lines about a record add up to must be the record as it is on file.

A change made behind the gate (raw SQL, a shell, a forgotten path in our own code) leaves a record of which the trail
tells something else. The parts of an action (source links, proofs) are folded into it, whoever wrote them down: files
give a part lines of its own, screens write it under the action.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.text import Truncator

from brands.changes import subject_of
from brands.editing import State, differences, logged, own_fields, state_of, with_state
from brands.models import (
    Action,
    Brand,
    BrandProfile,
    Crisis,
    Event,
    Judgement,
    OutcomeFigure,
    Promise,
    Sector,
    Source,
    Tag,
)
from brands.trail import Finding

FACTS: tuple[type[Model], ...] = (
    Sector,
    Tag,
    Crisis,
    Brand,
    Source,
    Promise,
    Action,
    BrandProfile,
    Judgement,
    OutcomeFigure,
)
"""The records that have lines of their own; phases, source links and proofs belong to one of them."""

PLACES = {"brands.proof": "proofs", "brands.actionsource": "source_links"}
"""What lines of parts are called, and what their action calls them."""

WHOLE = "brands.action"
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of the trail says about a record or about a part of it."""

    sequence: int
    kind: str
    place: str
    """Of the part in the whole, such as ``proofs.customers:harms``; empty for the whole itself."""
    changes: dict[str, Any]


def verify_facts() -> Iterator[Finding]:
    """Every record whose present state is not what the trail says."""
    parts = _part_subjects()
    for model in FACTS:
        on_file: set[str] = set()
        for records in _portions(with_state(model).order_by("pk")):
            on_file.update(subject_of(record) for record in records)
            yield from _compare(records, parts)
        yield from _vanished(model, on_file, parts)


def _compare(records: list[Any], parts: dict[str, set[str]]) -> Iterator[Finding]:
    lines = _lines({subject_of(record) for record in records}, parts)
    for record in records:
        subject = subject_of(record)
        if not lines[subject] and not brought_along(record):
            yield Finding(subject, "is on file, but the trail has no line about it")
            continue
        yield from _differing(subject, told(lines[subject], untouched(record)), state_of(record))


def _differing(subject: str, said: State, is_so: State) -> Iterator[Finding]:
    for field, (trail, file) in differences(said, is_so).items():
        yield Finding(subject, f"{field} is {_short(file)} on file, but {_short(trail)} by the trail")


def _short(value: Any) -> str:
    return Truncator(repr(value)).chars(80)


def _vanished(model: type[Model], on_file: set[str], parts: dict[str, set[str]]) -> Iterator[Finding]:
    """Records of which the trail tells, and which are not there any more without a line that says so."""
    label = model._meta.label_lower
    names = Event.objects.filter(subject__startswith=f"{label}:").order_by().values_list("subject", flat=True)
    known = set(names.distinct()) | (parts.keys() if label == WHOLE else set())
    for some in _portions(sorted(known - on_file)):
        lines = _lines(set(some), parts)
        for subject in some:
            if any(value for value in told(lines[subject], {}).values()):
                yield Finding(subject, "is gone, and no line of the trail says that it was deleted")


# --- What the lines add up to -----------------------------------------------------------------------------------------


def told(lines: Iterable[Line], untouched: State) -> State:
    """The state of a record after all its lines, from what it holds when nobody has said anything."""
    state = dict(untouched)
    for line in lines:
        prefix = f"{line.place}." if line.place else ""
        if prefix and line.kind == "evidence.withdrawn":  # a part that was taken out
            state = {name: value for name, value in state.items() if not name.startswith(prefix)}
        state.update((f"{prefix}{name}", pair[1]) for name, pair in line.changes.items())
    return state


def untouched(record: Model) -> State:
    """What a record holds in fields of which nobody has said anything."""
    fields = (field for field in own_fields(record) if field.has_default())
    return {**{field.name: logged(field.get_default()) for field in fields}, **brought_along(record)}


def brought_along(record: Any) -> State:
    """Crises and sectors that come with the product need no line as long as nobody changes them."""
    shipped = import_module("brands.migrations.0002_reference_data")
    if isinstance(record, Sector):
        names = {slug: {"slug": slug, "name_en": en, "name_fr": fr} for slug, en, fr in shipped.SECTORS}
        return names.get(record.slug, {})
    if not isinstance(record, Crisis) or record.slug != shipped.COVID["slug"]:
        return {}
    state = {name: logged(value) for name, value in shipped.COVID.items()}
    for starts_on, ends_on, en, fr in shipped.PHASES:
        phase = {"name_en": en, "name_fr": fr, "starts_on": logged(starts_on), "ends_on": logged(ends_on)}
        state.update((f"phases.{en}.{name}", value) for name, value in phase.items())
    return state


# --- Reading, in a number of queries that grows with the portions only ------------------------------------------------


def _part_subjects() -> dict[str, set[str]]:
    """Subject of an action → the subjects under which the trail knows its parts, present and past."""
    found: dict[str, set[str]] = defaultdict(set)
    for label in PLACES:
        names = Event.objects.filter(subject__startswith=f"{label}:").order_by().values_list("subject", flat=True)
        for subject in names.distinct():
            found[_whole_of(subject)].add(subject)
    return found


def _whole_of(subject: str) -> str:
    label, _, key = subject.partition(":")
    return f"{WHOLE}:{key.partition(':')[0]}" if label in PLACES else subject


def _place_of(subject: str) -> str:
    label, _, key = subject.partition(":")
    return f"{PLACES[label]}.{key.partition(':')[2]}" if label in PLACES else ""


def _lines(subjects: set[str], parts: dict[str, set[str]]) -> dict[str, list[Line]]:
    """Subject of a whole record → its lines and those of its parts, in their order."""
    wanted = subjects.union(*(parts.get(subject, ()) for subject in subjects))
    lines: dict[str, list[Line]] = defaultdict(list)
    for some in _portions(sorted(wanted)):
        rows = Event.objects.filter(subject__in=some).values_list("sequence", "subject", "kind", "changes")
        for sequence, subject, kind, changes in rows:
            place = _place_of(subject)
            own = {name: pair for name, pair in changes.items() if not (place and name == "action")}
            lines[_whole_of(subject)].append(Line(sequence, kind, place, own))
    for found in lines.values():
        found.sort(key=lambda line: line.sequence)
    return lines


def _portions(items: Any) -> Iterator[list[Any]]:
    portion: list[Any] = []
    source = items.iterator(chunk_size=AT_ONCE) if isinstance(items, QuerySet) else items
    for item in source:
        portion.append(item)
        if len(portion) == AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion
