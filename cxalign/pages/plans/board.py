"""The board: judge, place, move; and the card with all that is known of an action."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from brands import codes
from brands.models import validate_plain_text
from cxalign.accounts.access import person
from cxalign.pages.plans.access import item_of, plan_page, render_plan
from cxalign.pages.plans.conflicts import conflict
from cxalign.pages.plans.forms import ItemForm, JudgeForm
from cxalign.pages.plans.undoing import back_to, last_of, note_of
from cxalign.plans import editing
from cxalign.plans.models import ACTIVE, Horizon, Item, Plan
from cxalign.plans.reading import Card, PlanView
from cxalign.plans.telling import with_changes
from cxalign.practices.models import Category

LINES = 20


def move_choices() -> list[tuple[str, str]]:
    """Where a card may be laid, as its buttons say it; setting aside asks for a reason, so it is not among them."""
    named: dict[str, str] = {Horizon.DONE: pgettext("button", "Done")}
    return [(code, named.get(code) or str(label)) for code, label in Horizon.choices if code != Horizon.ASIDE]


# --- Looking ----------------------------------------------------------------------------------------------------------


def chosen(request: HttpRequest, view: PlanView) -> dict[str, str]:
    """What the board is narrowed to; a value that means nothing narrows nothing."""
    allowed = {
        "category": set(Category.values),
        "stakeholder": set(codes.Stakeholder.values),
        "owner": {*view.owners, "–"},
    }
    asked = {name: request.GET.get(name, "") for name in allowed}
    return {name: value if value in allowed[name] else "" for name, value in asked.items()}


def fitting(cards: list[Card], asked: dict[str, str]) -> list[Card]:
    def fits(item: Item) -> bool:
        owner = asked["owner"]
        return (
            (not asked["category"] or item.category == asked["category"])
            and (not asked["stakeholder"] or asked["stakeholder"] in item.stakeholders)
            and (not owner or item.owner == ("" if owner == "–" else owner))
        )

    return [card for card in cards if fits(card.item)]


@plan_page
def board(request: HttpRequest, plan: Plan) -> HttpResponse:
    view = PlanView(plan)
    asked = chosen(request, view)
    cards = fitting(view.cards, asked)
    context = {
        "asked": asked,
        "narrowed": any(asked.values()),
        "columns": [view.column(horizon, cards) for horizon in ACTIVE],
        "aside": view.column(Horizon.ASIDE, cards),
        "done": view.column(Horizon.DONE, cards),
        "waiting": [card for card in view.unplaced if card in cards],
        "judging": {card.item.pk: judging(view, card.item) for card in cards if is_to_judge(card.item)},
        "shown": urlencode({name: value for name, value in asked.items() if value}),
        "note": note_of(request, plan),
        "horizons": move_choices(),
        "categories": Category.choices,
        "stakeholders": codes.Stakeholder.choices,
    }
    return render_plan(request, "plans/board.html", view, "board", context)


def is_to_judge(item: Item) -> bool:
    """What nobody has placed yet, or what is to be looked at again."""
    return not item.horizon or item.recheck


def judging(view: PlanView, item: Item, data: Any = None) -> JudgeForm:
    names = ("mission_fit", "need", "feasibility", "fits_none", "revision")
    initial = {name: getattr(item, name) for name in names}
    initial["fits"] = [str(one.pk) for one in item.fits.all()]
    return JudgeForm(view, data, initial=initial, auto_id=f"j{item.pk}_%s")


# --- Doing ------------------------------------------------------------------------------------------------------------


class MoveForm(forms.Form):
    revision = forms.IntegerField()
    to = forms.ChoiceField(choices=[("", ""), *Horizon.choices], required=False)
    reason = forms.CharField(max_length=600, required=False, strip=False, validators=[validate_plain_text])


@plan_page
@require_POST
def move(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    item, form = item_of(plan, number), MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was moved: the form was damaged on its way. Try again."))
        return back_to(request, plan)
    to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
    try:
        editing.move(item, person(request), form.cleaned_data["revision"], to, reason)
    except editing.StaleError as stale:
        mine = {"horizon": to, "aside_reason": reason if to == Horizon.ASIDE else ""}
        return conflict(request, PlanView(plan), stale, mine, reverse("plan-board", args=[plan.pk]))
    except editing.RefusedError as refused:
        messages.error(request, str(refused))
        return back_to(request, plan)
    return back_to(request, plan, last_of(plan, number))


@plan_page
@require_POST
def judge(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    view, item = PlanView(plan), item_of(plan, number)
    form = judging(view, item, request.POST)
    if not form.is_valid():
        return card_page(request, view, item, ItemForm.of(view, item), problems=form.errors)
    fits = form.chosen_scenarios() if view.retained else None
    try:
        editing.change_item(item, person(request), form.seen, form.fields_given(), fits)
    except editing.StaleError as stale:
        return conflict(request, view, stale, with_relations(form), reverse("plan-board", args=[plan.pk]))
    messages.success(request, _("“%(title)s” is judged.") % {"title": item.title})
    return HttpResponseRedirect(f"{reverse('plan-board', args=[plan.pk])}#move-{number}")


@plan_page
@require_POST
def recheck(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    item = item_of(plan, number)
    seen = request.POST.get("revision", "")
    try:
        editing.recheck(item, person(request), int(seen) if seen.isascii() and seen.isdecimal() else 0)
    except editing.StaleError as stale:
        here = reverse("plan-board", args=[plan.pk])
        return conflict(request, PlanView(plan), stale, {"recheck": False}, here)
    return back_to(request, plan, at=item)


@plan_page
@require_POST
def delete(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    item = item_of(plan, number)
    seen = request.POST.get("revision", "")
    try:
        done = editing.delete_item(item, person(request), int(seen) if seen.isascii() and seen.isdecimal() else 0)
    except editing.StaleError as stale:
        return conflict(request, PlanView(plan), stale, {}, reverse("plan-item", args=[plan.pk, number]))
    return back_to(request, plan, done)


# --- One card ---------------------------------------------------------------------------------------------------------


@plan_page
def card(request: HttpRequest, plan: Plan, number: int) -> HttpResponse:
    view, item = PlanView(plan), item_of(plan, number)
    form = ItemForm.of(view, item, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            saved(request, view, item, form)
        except editing.StaleError as stale:
            here = reverse("plan-item", args=[plan.pk, number])
            return conflict(request, view, stale, with_relations(form), here)
        except editing.RefusedError as refused:
            form.add_error("waits_for", str(refused))
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": form.cleaned_data["title"]})
            return HttpResponseRedirect(f"{reverse('plan-board', args=[plan.pk])}#move-{number}")
    return card_page(request, view, item, form)


def saved(request: HttpRequest, view: PlanView, item: Item, form: ItemForm) -> Item:
    fits = form.chosen_scenarios() if view.retained else None
    waits_for = form.cleaned_data.get("waits_for")
    return editing.change_item(item, person(request), form.seen, form.fields_given(), fits, waits_for)


def with_relations(form: JudgeForm) -> dict[str, Any]:
    """What was sent, to hold it against what is on file."""
    related = {name: form.cleaned_data[name] for name in ("waits_for",) if name in form.cleaned_data}
    fits = {"fits": form.chosen_scenarios()} if "fits" in form.fields else {}
    return {**form.fields_given(), **fits, **related}


def card_page(request: HttpRequest, view: PlanView, item: Item, form: ItemForm, problems: Any = None) -> HttpResponse:
    found = next(one for one in view.cards if one.item.pk == item.pk)
    lines = view.plan.activities.filter(item=item).select_related("by")[:LINES]
    context = {
        "card": found,
        "form": form,
        "owners": view.owners,
        "lines": with_changes(lines, view.names),
        "horizons": move_choices(),
        "judging_problems": problems,
    }
    status = 422 if form.errors or problems else 200
    return render_plan(request, "plans/item.html", view, "item", context, status)
