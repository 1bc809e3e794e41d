"""The note after a move, with the way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cxalign.accounts.access import person
from cxalign.pages.plans.access import plan_page
from cxalign.plans import editing
from cxalign.plans.models import Activity, Plan

PLACES = {name: f"plan-{name}" for name in ("inventory", "categories", "problems", "board", "table")}
"""Where a step may lead back to."""


def back_to(request: HttpRequest, plan: Plan, activity: Activity | None = None) -> HttpResponse:
    """The page that the step was taken on, with what was done if it can be undone."""
    address = reverse(PLACES.get(request.POST.get("back", ""), "plan-board"), args=[plan.pk])
    return HttpResponseRedirect(f"{address}?done={activity.pk}" if activity else address)


def last_of(plan: Plan, number: int) -> Activity | None:
    return plan.activities.filter(item=number).first()


def note_of(request: HttpRequest, plan: Plan) -> Activity | None:
    """What was just done to a card, as long as it can be undone."""
    asked = request.GET.get("done", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
        return None
    found = plan.activities.select_related("item").filter(pk=int(asked), kind__in=editing.UNDOABLE).first()
    return found if found and found.item and found.item.revision == found.revision else None


@plan_page
@require_POST
def undo(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    activity = plan.activities.select_related("plan").filter(pk=number, item__isnull=False).first()
    if activity is None:
        raise Http404
    try:
        item = editing.undo(activity, person(request))
    except editing.RefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("“%(title)s” is back where it was.") % {"title": item.title})
    return back_to(request, plan)
