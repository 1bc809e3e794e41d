"""The record behind a line of the log: what it is called, and what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy

from brands import trail
from brands.importing.undoing import UNDONE
from brands.imports.planning import IMPORTED, LOADED
from brands.models import ActionSource, Event, Proof

BRAND = "brands.brand"

FILES = {
    LOADED: gettext_lazy("Loaded from the file %(file)s."),
    IMPORTED: gettext_lazy("Imported from the file %(file)s."),
    UNDONE: gettext_lazy("The import of the file %(file)s was undone."),
}
"""How the reason of a line begins that an import wrote, and what it says."""


def reason_in_words(reason: str) -> str:
    """Why, in the reader's language where the installation or a file gave the reason."""
    for beginning, words in FILES.items():
        if reason.startswith(beginning):
            return str(words) % {"file": reason.removeprefix(beginning)}
    return str(trail.SYSTEM_REASONS.get(reason, reason))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a change was about, for people."""

    kind: str
    text: str
    address: str
    """Its screen; empty where it has none, or is gone."""


def subjects_of(events: Iterable[Event]) -> dict[int, Subject]:
    """Id of an event → its subject. One query for each kind of record, whatever the number of lines."""
    events = list(events)
    wanted: dict[str, set[str]] = defaultdict(set)
    for event in events:
        label, _colon, name = event.subject.partition(":")
        wanted[label].add(name)
    brands = {str(event.brand_id): event.brand for event in events if "brand" in event._state.fields_cache}
    known = {
        label: brands if label == BRAND and names <= brands.keys() else _records(label, names)
        for label, names in wanted.items()
    }
    return {event.pk: _subject(event.subject, known) for event in events}


def _records(label: str, names: set[str]) -> dict[str, Any]:
    """Name in the log → record. A part of an action is found by the key of its action."""
    model = _model(label)
    if model is None:
        return {}
    if model in (Proof, ActionSource):
        actions = _by_key(apps.get_model("brands.action"), {name.partition(":")[0] for name in names})
        return {name: actions[name.partition(":")[0]] for name in names if name.partition(":")[0] in actions}
    if any(field.name == "key" for field in model._meta.concrete_fields):
        return _by_key(model, names)
    numbers = [int(name) for name in names if name.isdecimal()]
    return {str(record.pk): record for record in model._base_manager.filter(pk__in=numbers)}


def _by_key(model: type[Model], keys: set[str]) -> dict[str, Any]:
    return {record.key: record for record in model._base_manager.filter(key__in=keys)}  # type: ignore[attr-defined]


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _subject(name: str, known: dict[str, dict[str, Any]]) -> Subject:
    label, _colon, key = name.partition(":")
    model, record = _model(label), known.get(label, {}).get(key)
    kind = capfirst(str(model._meta.verbose_name)) if model else label
    if record is None:
        return Subject(kind, key, "")
    return Subject(kind, _called(record), screen(record))


def _called(record: Any) -> str:
    """A promise by its quotation, other statements in the reader’s language."""
    language = "fr" if (get_language() or "").startswith("fr") else "en"
    return str(getattr(record, "quote", "") or getattr(record, f"statement_{language}", "") or record)


def screen(record: Model) -> str:
    options = record._meta
    try:
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""
