"""The note after a move, with the way back."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cxalign.accounts.access import person
from cxalign.pages.plans.access import plan_page
from cxalign.plans import editing
from cxalign.plans.models import Activity, Item, Plan, Problem

PLACES = {name: f"plan-{name}" for name in ("inventory", "categories", "problems", "board", "table")}
"""Where a step may lead back to."""
NARROWING = frozenset({"category", "stakeholder", "owner"})
"""What the board was narrowed to, and stays so."""


def back_to(
    request: HttpRequest, plan: Plan, activity: Activity | None = None, at: object | None = None
) -> HttpResponse:
    """The page that the step was taken on, at the button of the card, which the browser then puts in focus; with what
    was done if it can be undone."""
    address = reverse(PLACES.get(request.POST.get("back", ""), "plan-board"), args=[plan.pk])
    query = {name: value for name, value in parse_qsl(request.POST.get("shown", "")) if name in NARROWING}
    if activity is not None:
        query["done"], at = str(activity.pk), activity.subject
    place = f"#move-{at.pk}" if isinstance(at, Item) and not at.deleted_at else ""
    return HttpResponseRedirect(address + (f"?{urlencode(query)}" if query else "") + place)


def last_of(plan: Plan, number: int) -> Activity | None:
    return plan.activities.select_related("item").filter(item=number).first()


def note_of(request: HttpRequest, plan: Plan) -> Activity | None:
    """What was just done to a card or a problem, as long as it can be undone."""
    asked = request.GET.get("done", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
        return None
    done = plan.activities.select_related("item", "problem").filter(pk=int(asked), kind__in=editing.UNDOABLE).first()
    return done if done and done.subject and done.subject.revision == done.revision else None


@plan_page
@require_POST
def undo(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    activity = plan.activities.select_related("plan").filter(pk=number).first()
    if activity is None or activity.kind not in editing.UNDOABLE:
        raise Http404
    try:
        subject = editing.undo(activity, person(request))
    except editing.RefusedError as refused:
        messages.error(request, str(refused))
    else:
        is_problem = isinstance(subject, Problem)
        told = _("The problem “%(title)s” is stated again.") if is_problem else _("“%(title)s” is back where it was.")
        messages.success(request, told % {"title": subject})
        return back_to(request, plan, at=subject)
    return back_to(request, plan)
