"""The plans of one's teams, a new one, and what each is about: mission, scenarios, promises, horizons, reviews."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brands.models import Crisis
from cxalign.accounts.access import person
from cxalign.pages.plans.access import plan_page, planning_page, render_plan
from cxalign.pages.plans.conflicts import conflict
from cxalign.pages.plans.forms import NewPlanForm, ReviewForm, SettingsForm, group_choices
from cxalign.plans import editing, sample
from cxalign.plans.gate import deleted_plans, visible_plans
from cxalign.plans.models import SUGGESTED_NEXT, Plan
from cxalign.plans.reading import PlanView
from cxalign.plans.telling import with_changes
from cxalign.templatetags.cxalign import page_language

SHOWN, LINES = 100, 50
SPARE_ROWS = 2


@planning_page
def plans(request: HttpRequest) -> HttpResponse:
    items = Q(items__deleted_at__isnull=True)
    rows = visible_plans(person(request)).select_related("brand", "team", "by")
    rows = rows.annotate(many=Count("items", items), placed=Count("items", items & ~Q(items__horizon="")))
    today = timezone.localdate()
    context = {"plans": list(rows.order_by("-updated_at")[:SHOWN]), "today": today, "deleted": just_deleted(request)}
    return render(request, "plans/list.html", context)


def just_deleted(request: HttpRequest) -> Plan | None:
    """The plan that the address names, as long as nobody has brought it back."""
    asked = request.GET.get("deleted", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
        return None
    return deleted_plans(person(request)).filter(pk=int(asked)).first()


@planning_page
def new(request: HttpRequest) -> HttpResponse:
    by = person(request)
    initial = {"starts_on": timezone.localdate(), "next_until": SUGGESTED_NEXT, "content": "blank"}
    form = NewPlanForm(by, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        plan = made(by, form.cleaned_data)
        return HttpResponseRedirect(reverse("plan-inventory", args=[plan.pk]))
    return render(request, "plans/new.html", {"form": form}, status=422 if form.errors else 200)


def made(by: Any, given: dict[str, Any]) -> Plan:
    team, content = given.pop("team"), given.pop("content")
    if content == "sample":
        return sample.make_sample(by, team, page_language())
    return editing.make_plan(by, team, **given)


@plan_page
def plan(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Where a plan is gone on with: the board, once there is something to lay on it."""
    has_items = plan.items.in_use().exists()
    return HttpResponseRedirect(reverse("plan-board" if has_items else "plan-inventory", args=[plan.pk]))


# --- What it is about -------------------------------------------------------------------------------------------------


@plan_page
def settings(request: HttpRequest, plan: Plan) -> HttpResponse:
    by = person(request)
    form = SettingsForm.of(by, plan, request.POST or None)
    view = PlanView(plan)
    if request.method == "POST" and form.is_valid():
        try:
            editing.change_plan(plan, by, form.seen, form.fields_given())
        except editing.StaleError as stale:
            return conflict(request, view, stale, form.fields_given(), reverse("plan-settings", args=[plan.pk]))
        messages.success(request, _("The plan is saved."))
        return HttpResponseRedirect(reverse("plan-settings", args=[plan.pk]))
    return settings_page(request, view, form)


def settings_page(request: HttpRequest, view: PlanView, form: SettingsForm) -> HttpResponse:
    context = {
        "form": form,
        "scenario_rows": [*view.scenarios, *[None] * SPARE_ROWS],
        "promise_rows": [*view.plan.own_promises.all(), *[None] * SPARE_ROWS],
        "published": [promise for promise in view.promises if promise.is_published],
        "groups": group_choices(),
        "review": ReviewForm(),
        "crises": Crisis.objects.count(),
    }
    return render_plan(request, "plans/settings.html", view, "settings", context, status=422 if form.errors else 200)


@plan_page
@require_POST
def scenarios(request: HttpRequest, plan: Plan) -> HttpResponse:
    """Every row of the form: its number, its text, whether it is retained. An emptied text takes the row out."""
    wanted = [
        (number, text, f"retained-{place}" in request.POST) for place, number, text in rows_of(request, "scenario", 200)
    ]
    mine = {"scenarios": [text for _number, text, _retained in wanted if text.strip()]}
    return saved_rows(request, plan, mine, lambda by, seen: editing.set_scenarios(plan, by, seen, wanted))


@plan_page
@require_POST
def promises(request: HttpRequest, plan: Plan) -> HttpResponse:
    known = dict(group_choices())
    wanted = []
    for place, number, text in rows_of(request, "promise", 400):
        groups = tuple(code for code in known if code in request.POST.getlist(f"groups-{place}"))
        if text.strip() and not groups:
            told = _("Nothing was saved: say to whom “%(promise)s” was made.")
            messages.error(request, told % {"promise": text[:80]})
            return HttpResponseRedirect(reverse("plan-settings", args=[plan.pk]))
        wanted.append((number, text, groups))
    mine = {"promises": [text for _number, text, _groups in wanted if text.strip()]}
    return saved_rows(request, plan, mine, lambda by, seen: editing.set_promises(plan, by, seen, wanted))


def rows_of(request: HttpRequest, name: str, longest: int) -> list[tuple[int, int | None, str]]:
    """Place in the form, number on file if it has one, and text."""
    numbers, texts = request.POST.getlist(f"{name}-number"), request.POST.getlist(f"{name}-text")
    pairs = list(zip(numbers, texts, strict=False))[:20]
    return [
        (place, int(number) if number.isascii() and number.isdecimal() else None, text[:longest])
        for place, (number, text) in enumerate(pairs)
    ]


def saved_rows(request: HttpRequest, plan: Plan, mine: dict[str, Any], save: Any) -> HttpResponse:
    seen, back = request.POST.get("revision", ""), reverse("plan-settings", args=[plan.pk])
    try:
        save(person(request), int(seen) if seen.isascii() and seen.isdecimal() else 0)
    except editing.StaleError as stale:
        return conflict(request, PlanView(plan), stale, mine, back)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The plan is saved."))
    return HttpResponseRedirect(back)


@plan_page
@require_POST
def reviewed(request: HttpRequest, plan: Plan) -> HttpResponse:
    form = ReviewForm(request.POST)
    if form.is_valid():
        editing.review(plan, person(request), form.cleaned_data["review_on"])
        messages.success(request, _("The review is noted."))
    return HttpResponseRedirect(reverse("plan-settings", args=[plan.pk]))


@plan_page
@require_POST
def delete(request: HttpRequest, plan: Plan) -> HttpResponse:
    """A plan is taken away only by whoever has just seen it as it is."""
    seen = request.POST.get("revision", "")
    if request.POST.get("confirmed") != "yes":
        messages.error(request, _("Nothing was deleted: tick the box first."))
        return HttpResponseRedirect(reverse("plan-settings", args=[plan.pk]))
    try:
        editing.delete_plan(plan, person(request), int(seen) if seen.isascii() and seen.isdecimal() else 0)
    except editing.StaleError as stale:
        return conflict(request, PlanView(plan), stale, {}, reverse("plan-settings", args=[plan.pk]))
    return HttpResponseRedirect(f"{reverse('plans')}?deleted={plan.pk}")


@planning_page
def bring_back(request: HttpRequest, plan: int) -> HttpResponse:
    """A deleted plan, for everybody in the team again. Pressed twice, it is done once."""
    by = person(request)
    found = deleted_plans(by).filter(pk=plan).first() or visible_plans(by).filter(pk=plan).first()
    if found is None:  # whatever the method: not even that it is one tells a stranger of the plan
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    editing.bring_back(found, by)
    messages.success(request, _("“%(name)s” is back.") % {"name": found.title})
    return HttpResponseRedirect(reverse("plan", args=[plan]))


@plan_page
def activity(request: HttpRequest, plan: Plan) -> HttpResponse:
    lines = plan.activities.select_related("by", "item", "problem")
    page = Paginator(lines, LINES).get_page(request.GET.get("page"))
    view = PlanView(plan)
    context = {"page": page, "lines": with_changes(page.object_list, view.names)}
    return render_plan(request, "plans/activity.html", view, "activity", context)
