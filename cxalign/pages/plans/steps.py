"""The first three steps: put everything on the list, sort it, and ask what each action is an answer to."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cxalign.accounts.access import person
from cxalign.pages.plans.access import item_of, plan_page, render_plan
from cxalign.pages.plans.conflicts import conflict
from cxalign.pages.plans.forms import PasteForm, ProblemForm, QuickForm, SortForm
from cxalign.pages.plans.undoing import back_to, note_of
from cxalign.plans import editing
from cxalign.plans.models import Item, Plan, Problem
from cxalign.plans.reading import PlanView
from cxalign.practices.models import Category

BULLET = re.compile(r"^\s*(?:[-*•–—·]|\d{1,3}[.)])\s+")


# --- Inventory --------------------------------------------------------------------------------------------------------


@plan_page
def inventory(request: HttpRequest, plan: Plan) -> HttpResponse:
    pasting = "lines" in request.POST
    quick = QuickForm(request.POST if request.method == "POST" and not pasting else None)
    paste = PasteForm(request.POST if pasting else None)
    form = paste if pasting else quick
    if request.method == "POST" and form.is_valid():
        return listed(request, plan, form.cleaned_data)
    context = {"quick": quick, "paste": paste, "form": form, "note": note_of(request, plan)}
    status = 422 if form.errors else 200
    return render_plan(request, "plans/inventory.html", PlanView(plan), "inventory", context, status)


def listed(request: HttpRequest, plan: Plan, given: dict[str, Any]) -> HttpResponse:
    lines = given["lines"].splitlines() if "lines" in given else [given["title"]]
    titles = [BULLET.sub("", line).strip() for line in lines]
    known = ("standing", "origin", "description", "stakeholders")
    fields = {name: given[name] for name in known if given.get(name)}
    try:
        made = editing.add_items(plan, person(request), titles, **fields)
    except editing.RefusedError as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("plan-inventory", args=[plan.pk]))
    told = ngettext("%(count)d action added.", "%(count)d actions added.", len(made)) % {"count": len(made)}
    if len(made) < len([title for title in titles if title]):
        told += " " + _("What was on the list already was left out.")
    messages.success(request, told)
    return HttpResponseRedirect(reverse("plan-inventory", args=[plan.pk]))


# --- Categorise -------------------------------------------------------------------------------------------------------


@plan_page
def categories(request: HttpRequest, plan: Plan) -> HttpResponse:
    """One action at a time, unsorted ones first; below it all of them by category."""
    view = PlanView(plan)
    item = chosen(request, plan, view)
    form = None
    if item is not None:
        initial = {name: getattr(item, name) for name in ("category", "stakeholders", "revision")}
        form = SortForm(request.POST or None, initial=initial)
    if request.method == "POST" and item is not None and form is not None and form.is_valid():
        return sorted_in(request, view, item, form)
    groups = [(category, [one for one in view.items if one.category == category]) for category in Category]
    context = {
        "item": item,
        "form": form,
        "unsorted": unsorted(view),
        "later": following(view, item) if item else None,
        "groups": groups,
    }
    status = 422 if form is not None and form.errors else 200
    return render_plan(request, "plans/categories.html", view, "categories", context, status)


def chosen(request: HttpRequest, plan: Plan, view: PlanView) -> Item | None:
    """The action that was asked for, or the first that waits to be sorted."""
    asked = request.POST.get("item") or request.GET.get("item") or ""
    if asked.isascii() and asked.isdecimal() and len(asked) < 18:
        return item_of(plan, int(asked))
    waiting = unsorted(view)
    return waiting[0] if waiting else None


def unsorted(view: PlanView) -> list[Item]:
    return [one for one in view.items if not (one.category and one.stakeholders)]


def following(view: PlanView, item: Item) -> Item | None:
    """The next one to sort, so that one which is hard to sort holds nobody up; after the last comes the first."""
    waiting = [one for one in unsorted(view) if one.pk != item.pk]
    return next((one for one in waiting if one.pk > item.pk), waiting[0] if waiting else None)


def sorted_in(request: HttpRequest, view: PlanView, item: Item, form: SortForm) -> HttpResponse:
    fields = {**form.fields_given(), "stakeholders": tuple(form.cleaned_data["stakeholders"])}
    here = reverse("plan-categories", args=[view.plan.pk])
    try:
        editing.change_item(item, person(request), form.seen, fields)
    except editing.StaleError as stale:
        return conflict(request, view, stale, fields, here)
    messages.success(request, _("“%(title)s” is sorted.") % {"title": item.title})
    after = following(view, item)
    return HttpResponseRedirect(f"{here}?item={after.pk}" if after else here)


# --- Problematise -----------------------------------------------------------------------------------------------------


@plan_page
def problems(request: HttpRequest, plan: Plan) -> HttpResponse:
    asked = request.GET.getlist("item")
    form = ProblemForm(plan, request.POST or None, initial={"items": [one for one in asked if one.isdecimal()]})
    if request.method == "POST" and form.is_valid():
        return stated(request, PlanView(plan), None, form)
    return problems_page(request, PlanView(plan), form, None)


@plan_page
def problem(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    record = problem_of(plan, number)
    names = ("what", "whom", "basis", "evidence", "address", "question", "revision")
    initial = {name: getattr(record, name) for name in names}
    initial["items"] = list(record.items.in_use())
    form = ProblemForm(plan, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return stated(request, PlanView(plan), record, form)
    return problems_page(request, PlanView(plan), form, record)


def problem_of(plan: Plan, number: int) -> Problem:
    record: Problem | None = plan.problems.in_use().filter(pk=number).first()
    if record is None:
        raise Http404
    return record


def stated(request: HttpRequest, view: PlanView, record: Problem | None, form: ProblemForm) -> HttpResponse:
    fields, seen = form.fields_given(), form.cleaned_data["revision"]
    here = reverse("plan-problems", args=[view.plan.pk])
    try:
        seen = (seen or 0) if record else None
        editing.save_problem(view.plan, person(request), record, seen, fields, form.cleaned_data["items"])
    except editing.StaleError as stale:
        return conflict(request, view, stale, fields, here)
    messages.success(request, _("The problem is stated."))
    return HttpResponseRedirect(here)


@plan_page
@require_POST
def delete_problem(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    """Taken out, and its actions answer to none; the note on the next page takes it back."""
    record, seen = problem_of(plan, number), request.POST.get("revision", "")
    try:
        seen_ = int(seen) if seen.isascii() and seen.isdecimal() else 0
        done = editing.delete_problem(plan, person(request), record, seen_)
    except editing.StaleError as stale:
        return conflict(request, PlanView(plan), stale, {}, reverse("plan-problems", args=[plan.pk]))
    return back_to(request, plan, done)


def problems_page(request: HttpRequest, view: PlanView, form: ProblemForm, record: Problem | None) -> HttpResponse:
    stated_ = [(one, [item for item in view.items if item.problem_id == one.pk]) for one in view.problems]
    context = {
        "form": form,
        "record": record,
        "note": note_of(request, view.plan),
        "stated": stated_,
        "without": [item for item in view.items if item.problem_id is None],
    }
    status = 422 if form.errors else 200
    return render_plan(request, "plans/problems.html", view, "problems", context, status)
