"""A line of the trail in words: fields by their labels, codes by their meaning, records and people by their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, DateTimeField, Field, Model
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands import trail
from brands.changes import PERSON
from brands.codes import Coding
from brands.editing import PARTS
from brands.fields import CodeSetField, PartialDateField
from brands.models import Event
from brands.subjects import reason_in_words
from cxalign.desk.trail.marking import Stretch, marked
from cxalign.desk.trail.names import Names, model_of, value_column, whole_of
from cxalign.templatetags.cxalign import full_date, page_language, partial_date
from scoring.models import Assessment, Publication, Snapshot
from scoring.wording.lexicon import MEASURED_CODES

ALSO: dict[type[Model], tuple[type[Model], ...]] = {Publication: (Snapshot, Assessment)}
"""Where the other fields stand that a line about such a record names."""

OTHER_FIELDS = {
    "erased": gettext_lazy("erased"),
    "withdrawn": gettext_lazy("withdrawn"),
    "public_version": gettext_lazy("version that readers see"),
    "public_outcome": gettext_lazy("verdict that readers see"),
    "items": gettext_lazy("records to code"),
    "coders": gettext_lazy("coders"),
    "open items": gettext_lazy("records still to code"),
    "teams": gettext_lazy("teams"),
    "digest": gettext_lazy("seal of what was decided"),
}
"""Names in a line that no column has."""

CODES: dict[str, dict[str, Any]] = {"scoring.CodingItem.settled_as": dict(Coding.choices)}
"""Columns that hold a code of a list without saying so."""


@dataclass(frozen=True, slots=True)
class ChangeInWords:
    """One field: its label, and both values in stretches, of which the differing ones are marked."""

    label: str
    before: list[Stretch]
    after: list[Stretch]


@dataclass(frozen=True, slots=True)
class LineInWords:
    event: Event
    who: str
    what: str
    kind_of_subject: str
    subject: str
    address: str
    """Of the page with all lines about the same record."""
    part: str
    changes: list[ChangeInWords]
    reason: str
    intact: bool

    @property
    def added_only(self) -> bool:
        """Whether every field was empty before: then one column says it all."""
        return all(not change.before for change in self.changes)

    @property
    def is_long(self) -> bool:
        return len(self.changes) > 6


def in_words(events: Iterable[Event]) -> list[LineInWords]:
    """Lines as a page shows them, in a number of queries that does not grow with the lines."""
    events = list(events)
    names = Names()
    for event in events:
        _gather(names, event)
    names.load()
    intact = trail.intact(events)
    return [_line(event, names, intact[event.sequence]) for event in events]


def _gather(names: Names, event: Event) -> None:
    names.want_subject(event.subject)
    names.want_person(event.actor_code)
    for path, pair in event.changes.items():
        field = field_of(event.subject, path)
        for value in (item for side in pair for item in (side if isinstance(side, list) else [side])):
            if isinstance(value, str) and value.startswith(PERSON):
                names.want_person(value)
            elif _is_reference(field) and value not in (None, ""):
                other: Any = field.related_model  # type: ignore[union-attr]
                names.want(other, value_column(other), value)


def _line(event: Event, names: Names, intact: bool) -> LineInWords:
    whole = whole_of(event.subject)
    model, own = model_of(whole), model_of(event.subject)
    hidden = {"withdrawn_reason"} if event.reason else set()
    return LineInWords(
        event=event,
        who=names.person(event.actor_code) if event.actor_code else "",
        what=kind_in_words(event.kind),
        kind_of_subject=capfirst(str(model._meta.verbose_name)) if model else "",
        subject=names.subject(event.subject),
        address=reverse("desk-trail", args=[whole]),
        part=part_in_words(own, event.subject, names) if own is not model else "",
        changes=[
            _change(field_of(event.subject, path), label_of(event.subject, path), pair, names)
            for path, pair in event.changes.items()
            if path not in hidden
        ],
        reason=reason_in_words(event.reason),
        intact=intact,
    )


def kind_in_words(kind: str) -> str:
    return str(trail.KINDS.get(kind, kind))


# --- Fields -----------------------------------------------------------------------------------------------------------


def field_of(subject: str, path: str) -> Field[Any, Any] | Any | None:
    """The field that a name in a line means. In a part of a record: ``proofs.customers:harms.depth``."""
    model: Any = model_of(subject)
    if model is None:
        return None
    accessor, dot, rest = path.partition(".")
    if dot and accessor in PARTS.get(model, ()):
        model, path = model._meta.get_field(accessor).related_model, rest.rpartition(".")[2]
    for candidate in (model, *ALSO.get(model, ())):
        fields = {one.name: one for one in (*candidate._meta.concrete_fields, *candidate._meta.many_to_many)}
        if path in fields:
            return fields[path]
    return None


def measured(code: str) -> str:
    words = {one.value: both for one, both in MEASURED_CODES.items()}
    return words[code][page_language()] if code in words else code


def label_of(subject: str, path: str) -> str:
    field, model = field_of(subject, path), model_of(subject)
    name = path.rpartition(".")[2]
    label = str(field.verbose_name if field is not None else OTHER_FIELDS.get(name, name.replace("_", " ")))
    accessor, dot, rest = path.partition(".")
    if accessor == "alpha":
        return _("Agreement on %(code)s") % {"code": measured(rest)}
    if not (dot and model and accessor in PARTS.get(model, ())):
        return capfirst(label)
    part: Any = model._meta.get_field(accessor).related_model
    return f"{capfirst(part._meta.verbose_name)} ({place_in_words(part, rest.rpartition('.')[0])}) – {label}"


def part_in_words(model: type[Model] | None, subject: str, names: Names) -> str:
    if model is None:
        return ""
    place = subject.partition(":")[2].partition(":")[2]
    return f"{model._meta.verbose_name} ({place_in_words(model, place)})"


def place_in_words(part: Any, place: str) -> str:
    """How people tell parts apart: a proof by group and direction; anything else by the name that it has."""
    fields = {field.name: field for field in part._meta.concrete_fields}
    if "stakeholder" not in fields:
        return place
    group, _colon, direction = place.partition(":")
    return f"{_choice(fields['stakeholder'], group)}, {_choice(fields['direction'], direction)}"


# --- Values -----------------------------------------------------------------------------------------------------------


def _change(field: Any, label: str, pair: list[Any], names: Names) -> ChangeInWords:
    before, after = (value_in_words(field, value, names) for value in pair)
    if before and after and all(isinstance(value, str) for value in pair) and _is_text(field):
        return ChangeInWords(label, *marked(before, after))
    return ChangeInWords(label, _whole(before), _whole(after))


def _whole(text: str) -> list[Stretch]:
    return [Stretch(text, changed=False)] if text else []


def value_in_words(field: Any, value: Any, names: Names) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value_in_words(field, item, names) for item in value)
    if isinstance(value, str) and value.startswith(PERSON):
        return names.person(value)
    if _is_reference(field):
        return names.name(field.related_model, value_column(field.related_model), value)
    return _plain(field, value)


def _plain(field: Any, value: Any) -> str:
    if str(field) in CODES:
        return str(CODES[str(field)].get(value, value))
    if isinstance(field, CodeSetField):
        return str(dict(field.codes.choices).get(value, value))
    if getattr(field, "choices", None):
        return _choice(field, value)
    if isinstance(field, DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(localtime(moment), "DATETIME_FORMAT")
    try:
        if isinstance(field, DateField):
            return full_date(str(value))
        return partial_date(str(value)) if isinstance(field, PartialDateField) else str(value)
    except ValueError:  # what was on file before it was checked
        return str(value)


def _choice(field: Any, value: Any) -> str:
    return str(dict(field.flatchoices).get(value, value))


def _is_reference(field: Any) -> bool:
    return bool(field is not None and field.is_relation and field.related_model)


def _is_text(field: Any) -> bool:
    return field is None or not (field.is_relation or field.choices or isinstance(field, CodeSetField | DateField))


# --- Where the record itself is ---------------------------------------------------------------------------------------


def screen_of(record: Any) -> str:
    """The address of its screen in the admin, where it has one."""
    if record is None:
        return ""
    try:
        return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""


def record_named(subject: str) -> Any:
    """The record that a subject names, or None."""
    names = Names()
    names.want_subject(subject)
    names.load()
    return names.record(subject)
