"""What each version of the method changed: its numbers, read from the files, and the verdicts that it moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cxalign.pages.method import ShownParameter, shown_parameter
from scoring.engine.method import Method, Parameter, available
from scoring.models import Publication
from scoring.visibility import HEAVY

SHOWN = 200
"""Moved verdicts that are named for one version; more are counted."""


@dataclass(frozen=True, slots=True)
class NumberChange:
    """One number of the method that differs; ``before`` or ``after`` is missing where it is new or gone."""

    name: str
    before: ShownParameter | None
    after: ShownParameter | None

    @property
    def why(self) -> str:
        told = self.after or self.before
        return told.why if told else ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A verdict that a version of the method turned into another one."""

    publication: Publication
    before: str
    older: int


@dataclass(frozen=True, slots=True)
class Release:
    """One version beside the one before it. ``judged`` counts the verdicts published anew because of it."""

    method: Method
    previous: Method | None
    numbers: list[NumberChange]
    judged: int = 0
    moved: int = 0
    shown: Sequence[Moved] = ()

    @property
    def more(self) -> int:
        return self.moved - len(self.shown)


def changes(request: HttpRequest) -> HttpResponse:
    """The newest version first."""
    return render(request, "pages/method_changes.html", {"releases": releases()})


def releases() -> list[Release]:
    methods = available()
    effect = effects()
    found = [Release(methods[0], None, [])]
    for before, after in pairwise(methods):
        found.append(_release(before, after, effect.get(after.version, [])))
    return found[::-1]


def _release(before: Method, after: Method, rejudged: list[tuple[int, str, str, int]]) -> Release:
    moved = [row for row in rejudged if row[1] != row[2]]
    keys = [row[0] for row in moved[:SHOWN]]
    publications = Publication.objects.with_case().defer(*HEAVY).in_bulk(keys)
    shown = [Moved(publications[key], was, older) for key, was, _now, older in moved[:SHOWN]]
    return Release(after, before, numbers_changed(before, after), len(rejudged), len(moved), shown)


def numbers_changed(before: Method, after: Method) -> list[NumberChange]:
    older, newer = _by_name(before), _by_name(after)
    return [
        NumberChange(name, _shown(older.get(name)), _shown(newer.get(name)))
        for name in dict.fromkeys((*older, *newer))
        if (older[name].value if name in older else None) != (newer[name].value if name in newer else None)
    ]


def _by_name(method: Method) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in method.parameters}


def _shown(parameter: Parameter | None) -> ShownParameter | None:
    return shown_parameter(parameter) if parameter else None


def effects() -> dict[str, list[tuple[int, str, str, int]]]:
    """Method version → verdicts that were published anew under it: key, outcome before and after, older version.

    Only where the editor named the method as what changed: where evidence moved too, nobody can tell them apart.
    """
    found: dict[str, list[tuple[int, str, str, int]]] = {}
    for key, version, was, now, older in rejudged().values_list(
        "pk", "snapshot__method_version", "outcome_before", "snapshot__outcome", "version"
    ):
        found.setdefault(version, []).append((key, was, now, older - 1))
    return found


def rejudged() -> QuerySet[Any]:
    """Versions published because of the method, each with the outcome before; withdrawn ones are not told."""
    standing = Publication.objects.readable().filter(withdrawn_at__isnull=True)
    previous = standing.filter(assessment=OuterRef("assessment"), version=OuterRef("version") - 1)
    return (
        standing.filter(cause="method_change")
        .annotate(outcome_before=Subquery(previous.values("snapshot__outcome")[:1]))
        .filter(outcome_before__isnull=False)
        .order_by("assessment__brand__name", "pk")
    )
