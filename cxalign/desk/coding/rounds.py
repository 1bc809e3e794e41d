"""Rounds: opening one, seeing how far it is, going on with it, closing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brands.models import Crisis
from brands.models.base import fold
from cxalign.desk.access import desk_page
from cxalign.desk.coding.assignments import progress_of
from cxalign.desk.coding.forms import CASES, ReasonForm, RoundForm
from cxalign.desk.rendering import person, render_desk
from scoring.coding.rights import CODE, ORGANISE, CodingRefused, can_organise
from scoring.coding.rounds import close_round, in_order, items_of_actions, items_of_cases, open_round, sample
from scoring.models import Assessment, CodingItem, CodingRound, ItemCoding, ItemState

CASES_SHOWN = 30
SAMPLE_SEED = 1


# --- Opening ----------------------------------------------------------------------------------------------------------


@desk_page(ORGANISE)
def new(request: HttpRequest) -> HttpResponse:
    """Choose what is coded and by whom. The list of cases is searched without losing what was entered."""
    crisis = _crisis(request)
    searching = "find" in request.POST
    data = request.POST if request.method == "POST" else None
    ticked = [int(pk) for pk in (request.POST or request.GET).getlist("cases") if pk.isdigit()]
    form = RoundForm(data if data and not searching else None, initial=_initial(request, crisis, ticked))
    if data and not searching and form.is_valid() and (opened := _open(request, form)):
        return redirect("desk-coding-round", opened)
    query = (request.POST or request.GET).get("q", "").strip()
    drawn = sample(crisis, SAMPLE_SEED)
    context = {"form": form, "cases": _cases(crisis, query, ticked), "ticked": ticked, "q": query, "sample": drawn}
    return render_desk(request, "desk/coding/new.html", {**context, "crisis": crisis}, 422 if form.errors else 200)


def _crisis(request: HttpRequest) -> Crisis:
    chosen = (request.POST or request.GET).get("crisis", "")
    found = Crisis.objects.filter(pk=int(chosen)).first() if chosen.isdigit() else None
    if found := found or Crisis.objects.first():
        return found
    raise Http404


def _initial(request: HttpRequest, crisis: Crisis, ticked: list[int]) -> dict[str, Any]:
    kept = {
        name: request.POST[name] for name in ("first_coder", "second_coder", "due_on", "name") if name in request.POST
    }
    return {"crisis": crisis, "what": request.POST.get("what", CASES), "cases": ticked, **kept}


def _cases(crisis: Crisis, query: str, ticked: list[int]) -> list[Assessment]:
    """Cases whose brand matches, those ticked before them first."""
    every = Assessment.objects.filter(crisis=crisis).select_related("brand")
    found = every.filter(brand__search_text__contains=fold(query)).exclude(pk__in=ticked).order_by("brand__sort_key")
    return [*every.filter(pk__in=ticked).order_by("brand__sort_key"), *found[:CASES_SHOWN]]


def _open(request: HttpRequest, form: RoundForm) -> int | None:
    entered = form.cleaned_data
    try:
        opened = open_round(
            by=person(request),
            coders=(entered["first_coder"], entered["second_coder"]),
            crisis=entered["crisis"],
            name=entered["name"] or _name(entered),
            due_on=entered["due_on"],
            items=_items(entered),
        )
    except CodingRefused as refused:
        form.add_error(None, str(refused))
        return None
    count = opened.items.count()
    words = ngettext(
        "The round is open: %(count)d item for each coder.", "The round is open: %(count)d items for each coder.", count
    )
    messages.success(request, words % {"count": count})
    return opened.pk


def _name(entered: dict[str, Any]) -> str:
    if entered["what"] != CASES:
        return _("Sample, %(crisis)s") % {"crisis": entered["crisis"]}
    names = ", ".join(case.brand.name for case in entered["cases"][:3])
    return f"{names}{' …' if len(entered['cases']) > 3 else ''} – {entered['crisis']}"[:120]


def _items(entered: dict[str, Any]) -> list[CodingItem]:
    if entered["what"] == CASES:
        return items_of_cases(list(entered["cases"]))
    return items_of_actions(entered["crisis"], sample(entered["crisis"], SAMPLE_SEED).actions)


# --- One round --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownItem:
    """One item as an organiser sees it: how far it is, never what was chosen."""

    item: CodingItem
    progress: list[str]


@desk_page(CODE, ORGANISE)
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """A coder sees their own row of items in their own order; an organiser sees where every item stands."""
    user = person(request)
    opened = get_object_or_404(CodingRound.objects.select_related("crisis", "opened_by"), pk=pk)
    seats = list(opened.seats.select_related("coder"))
    mine = next((seat for seat in seats if seat.coder_id == user.pk), None)
    organises = can_organise(user)
    if mine is None and not organises:
        raise PermissionDenied(_("This round is not yours: ask the editor who opened it."))
    progress_of([opened])
    context: dict[str, Any] = {
        "round": opened,
        "seats": seats,
        "organises": organises,
        "mine": None,
        "close": ReasonForm(),
    }
    if mine:
        context["mine"] = in_order(_codings(opened).filter(seat=mine), opened.seed)
    if organises:
        context["items"] = _items_shown(opened)
    return render_desk(request, "desk/coding/round.html", context)


def _codings(opened: CodingRound) -> QuerySet[ItemCoding]:
    related = ("item__case__brand", "item__action", "item__promise", "item__profile__brand", "item__profile__crisis")
    return ItemCoding.objects.filter(item__round=opened).select_related(*related).defer("blind_codes")


def _items_shown(opened: CodingRound) -> list[ShownItem]:
    found: dict[int, ShownItem] = {}
    for coding in _codings(opened).order_by("item__state", "item_id", "seat__number"):
        shown_item = found.setdefault(coding.item_id, ShownItem(coding.item, []))
        shown_item.progress.append(progress_word(coding))
    order = list(ItemState.values)
    return sorted(found.values(), key=lambda one: (order.index(one.item.state), one.item.pk))


def progress_word(coding: ItemCoding) -> str:
    if coding.submitted_at:
        return _("handed in")
    return _("draft") if coding.codes or coding.rationale else _("not begun")


@desk_page(CODE)
def next_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Where this coder goes on: the next item in their order, else what there is to compare, else the round."""
    codings = in_order(
        ItemCoding.objects.filter(seat__coder=person(request), item__round=pk).select_related("item__round"), _seed(pk)
    )
    to_do = [one for one in codings if one.item.state == ItemState.CODING and not one.submitted_at]
    if to_do:
        return redirect("desk-coding-item", to_do[0].pk)
    compare = [one for one in codings if one.item.state == ItemState.CONVERGING and not one.confirmed_at]
    if compare:
        return redirect("desk-coding-compare", compare[0].pk)
    return redirect("desk-coding-round", pk) if codings else redirect("desk-coding")


def _seed(pk: int) -> int:
    return get_object_or_404(CodingRound, pk=pk).seed


@desk_page(ORGANISE)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    opened = get_object_or_404(CodingRound, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write why the round is closed."))
        return redirect("desk-coding-round", pk)
    try:
        left = close_round(opened, by=person(request), reason=form.cleaned_data["reason"])
    except CodingRefused as refused:
        messages.error(request, str(refused))
    else:
        words = ngettext(
            "The round is closed; %(count)d item was left without result.",
            "The round is closed; %(count)d items were left without result.",
            left,
        )
        messages.success(request, words % {"count": left})
    return redirect("desk-coding-round", pk)
