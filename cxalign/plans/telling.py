"""What the log of a plan says, in words: fields by their names, codes by theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from brands import codes
from cxalign.plans.models import Activity, Item, Plan, Problem

SILENT = frozenset({"deleted_at", "fits_none"})
NAMED_BY_NUMBER = frozenset({"problem", "practice", "brand", "crisis", "fits"})
"""Relations: that they changed is told, their numbers would tell nobody anything."""


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
    words = {"scenarios": _("Scenarios"), "promises": _("Promises"), "label": _("For whom"), "ends": _("Ends")}
    return words.get(name, name)


def value_of(name: str, value: Any) -> str:
    """A value as people read it; a dash for nothing."""
    if value in (None, "", [], ()):
        return "–"
    if name == "stakeholders":
        groups = dict(codes.Stakeholder.choices)
        return ", ".join(str(groups.get(code, code)) for code in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return "; ".join(one[0] if isinstance(one, list) else str(one) for one in value)
    return str(_choices(name).get(value, value))


def _choices(name: str) -> dict[Any, Any]:
    for model in (Item, Problem):
        for field in model._meta.concrete_fields:
            if field.name == name and field.choices:
                return dict(field.flatchoices)
    return {}


def changes_of(activity: Activity) -> list[Change]:
    """Field by field, what it was and what it became."""
    found = []
    for name, pair in activity.changes.items():
        if name in SILENT:
            continue
        hidden = name in NAMED_BY_NUMBER
        before, after = ("", "") if hidden else (value_of(name, pair[0]), value_of(name, pair[1]))
        found.append(Change(label_of(name), before, after))
    return found


def with_changes(activities: Iterable[Activity]) -> list[tuple[Activity, list[Change]]]:
    return [(activity, changes_of(activity)) for activity in activities]
