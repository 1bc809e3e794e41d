"""Somebody saved the same thing since it was opened: both versions side by side, and a choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from cxalign.pages.plans.access import render_plan
from cxalign.plans.editing import StaleError, told
from cxalign.plans.models import Activity, Item
from cxalign.plans.reading import PlanView
from cxalign.plans.telling import label_of, value_of

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
        "rows": differences(record, mine),
        "last": last,
        "sent": list(sent_again(request)),
        "back": back,
    }
    return render_plan(request, "plans/conflict.html", view, "", context, status=409)


def differences(record: Any, mine: Mapping[str, Any]) -> list[Difference]:
    found = []
    for name, value in mine.items():
        theirs, own = value_of(name, told(getattr(record, name))), value_of(name, told(value))
        if name in ("problem", "practice", "brand", "crisis"):
            theirs, own = str(getattr(record, name) or "–"), str(value or "–")
        if theirs != own:
            found.append(Difference(label_of(name), theirs, own))
    return found


def last_change(view: PlanView, record: Any) -> Activity | None:
    lines = view.plan.activities.select_related("by")
    return (lines.filter(item=record) if isinstance(record, Item) else lines).first()


def sent_again(request: HttpRequest) -> Iterable[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in LEFT_OUT:
            yield from ((name, str(value)) for value in values)
