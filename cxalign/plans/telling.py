"""What the log of a plan says, in words: fields by their names, codes by theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from brands import codes
from cxalign.plans.models import Activity, Item, Plan, Problem

SILENT = frozenset({"deleted_at", "fits_none"})
NAMED_BY_NUMBER = frozenset({"problem", "practice", "brand", "crisis", "fits", "waits_for", "items", "promise_ref"})
"""Relations: where nobody can say what a number stands for, it is told only that they changed."""
DAYS = frozenset({"due_on", "starts_on", "review_on", "ends"})
Names = Mapping[str, Mapping[Any, str]]
"""Field → what its numbers stand for."""


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


def label_of(name: str) -> str:
    """The name of a field on screen."""
    models: tuple[Any, ...] = (Item, Plan, Problem)
    for model in models:
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            if field.name == name:
                return str(capfirst(str(field.verbose_name)))
    words = {
        "scenarios": _("Scenarios"),
        "promises": _("Promises"),
        "label": _("For whom"),
        "ends": _("Ends"),
        "items": pgettext("of a plan", "Actions"),
    }
    return words.get(name, name)


def gap_choices() -> list[tuple[int, str]]:
    """What an action may do to a promise."""
    return [
        (-2, _("would break it")),
        (-1, _("would fall short of it")),
        (0, _("keeps it")),
        (1, _("goes beyond it")),
        (2, _("goes far beyond it")),
    ]


def value_of(name: str, value: Any) -> str:
    """A value as people read it; a dash for nothing."""
    if value in (None, "", [], ()):
        return "–"
    if name == "stakeholders":
        groups = dict(codes.Stakeholder.choices)
        return ", ".join(str(groups.get(code, code)) for code in value)
    if name == "expected_gap":
        return dict(gap_choices()).get(value, str(value))
    if name in DAYS:
        return date_format(date.fromisoformat(str(value)[:10]), "DATE_FORMAT")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return in_a_row(one[0] if isinstance(one, list) else str(one) for one in value)
    return str(_choices(name).get(value, value))


def in_a_row(texts: Iterable[str]) -> str:
    """Several things as one text. In French a space stands before the mark, too."""
    return pgettext("between two of several things", "; ").join(texts)


def _choices(name: str) -> dict[Any, Any]:
    for model in (Item, Problem):
        for field in model._meta.concrete_fields:
            if field.name == name and field.choices:
                return dict(field.flatchoices)
    return {}


def changes_of(activity: Activity, names: Names) -> list[Change]:
    """Field by field, what it was and what it became."""
    return [
        Change(label_of(name), *both_named(name, pair, names.get(name)))
        for name, pair in activity.changes.items()
        if name not in SILENT
    ]


def both_named(name: str, pair: list[Any], known: Mapping[Any, str] | None) -> tuple[str, str]:
    if name not in NAMED_BY_NUMBER:
        return value_of(name, pair[0]), value_of(name, pair[1])
    if known is None:
        return "", ""
    return named(pair[0], known), named(pair[1], known)


def named(value: Any, known: Mapping[Any, str]) -> str:
    """What a number stands for, or several do; a dash for nothing."""
    if isinstance(value, list):
        return in_a_row(known.get(one, _("one that is gone")) for one in value) or "–"
    return known.get(value, _("one that is gone")) if value else "–"


def with_changes(activities: Iterable[Activity], names: Names) -> list[tuple[Activity, list[Change]]]:
    return [(activity, changes_of(activity, names)) for activity in activities]
