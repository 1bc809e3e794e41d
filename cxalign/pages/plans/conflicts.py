"""Somebody saved the same thing since it was opened: both versions side by side, and a choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from cxalign.pages.plans.access import render_plan
from cxalign.plans.editing import StaleError, told
from cxalign.plans.models import Activity, ActivityKind, Plan, Problem
from cxalign.plans.reading import PlanView
from cxalign.plans.telling import Names, in_a_row, label_of, named, value_of

LEFT_OUT = frozenset({"csrfmiddlewaretoken", "revision"})


@dataclass(frozen=True)
class Difference:
    label: str
    theirs: str
    mine: str


def conflict(
    request: HttpRequest, view: PlanView, stale: StaleError, mine: Mapping[str, Any], back: str
) -> HttpResponse:
    """Nothing was saved. What was sent comes along, so that it can be sent again over what is on file now."""
    record = stale.record
    last = last_change(view, record)
    context = {
        "record": record,
        "is_gone": bool(getattr(record, "deleted_at", None)),
        "rows": differences(record, mine, view.names),
        "last": last,
        "sent": list(sent_again(request)),
        "back": back,
    }
    return render_plan(request, "plans/conflict.html", view, "", context, status=409)


def differences(record: Any, mine: Mapping[str, Any], names: Names) -> list[Difference]:
    found = []
    for name, value in mine.items():
        theirs, own = in_words(record, name, names), value_of(name, told(value))
        if name in ("problem", "practice", "brand", "crisis"):
            own = str(value or "–")
        elif name == "promise_ref":
            own = named(value, names[name])
        elif name in ("fits", "waits_for"):
            own = in_a_row(str(one) for one in value) or "–"
        if theirs != own:
            found.append(Difference(label_of(name), theirs, own))
    return found


def in_words(record: Any, name: str, names: Names) -> str:
    """What is on file, as people read it."""
    value: Any = getattr(record, name, None)
    if name in ("problem", "practice", "brand", "crisis"):
        return str(value or "–")
    if name == "promise_ref":
        return named(value, names[name])
    if name in ("fits", "waits_for"):
        return in_a_row(str(one) for one in value.all()) or "–"
    rows = {"scenarios": "scenarios", "promises": "own_promises"}.get(name)
    if rows:
        return in_a_row(one.text for one in getattr(record, rows).all()) or "–"
    return value_of(name, told(value))


WHOLE_PLAN = (
    ActivityKind.PLAN_CHANGED,
    ActivityKind.PLAN_REVIEWED,
    ActivityKind.PLAN_DELETED,
    ActivityKind.SCENARIOS_CHANGED,
    ActivityKind.PROMISES_CHANGED,
)


def last_change(view: PlanView, record: Any) -> Activity | None:
    """Who changed this very card, problem or plan last."""
    lines = view.plan.activities.select_related("by")
    if isinstance(record, Plan):
        return lines.filter(kind__in=WHOLE_PLAN).first()
    return lines.filter(**{"problem" if isinstance(record, Problem) else "item": record}).first()


def sent_again(request: HttpRequest) -> Iterable[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in LEFT_OUT:
            yield from ((name, str(value)) for value in values)
