"""The blind coding screen: what is to be read on the left, the code book on the right, nobody else's choice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cxalign.desk.access import desk_page
from cxalign.desk.coding.reading import load_reading
from cxalign.desk.coding.sheetform import codes_in, sheet_form, title_of
from cxalign.desk.refused import refused_page
from cxalign.desk.rendering import person, render_desk
from scoring.coding.comparing import folded
from scoring.coding.digests import text_digest
from scoring.coding.flow import Incomplete, StaleCoding, hand_in, save_draft
from scoring.coding.rights import CODE, CodingRefused, check_can_code, check_can_see
from scoring.coding.rounds import in_order
from scoring.coding.sheets import UNKNOWN, Codes, Sheet, label_of, sheet_of
from scoring.models import CodingItem, ItemCoding, ItemState
from scoring.models.coding import SHORTEST_RATIONALE


def own_coding(request: HttpRequest, pk: int) -> ItemCoding:
    """The coding, if it is this person's; for everybody else it does not exist. Who is barred from it is told why."""
    codings = ItemCoding.objects.select_related("seat__coder", "item__round__crisis", "item__case__brand")
    coding = codings.filter(pk=pk).first()
    if coding is None:
        raise Http404
    coding.item = CodingItem.objects.with_subject().get(pk=coding.item_id)
    try:
        check_can_see(person(request), coding)
    except CodingRefused as refused:
        if coding.seat.coder_id == request.user.pk:
            raise PermissionDenied(str(refused)) from refused
        raise Http404 from refused
    return coding


@desk_page(CODE)
def code(request: HttpRequest, pk: int) -> HttpResponse:
    coding = own_coding(request, pk)
    try:
        check_can_code(person(request), coding)
    except CodingRefused as refused:
        if coding.item.state == ItemState.CONVERGING:
            return redirect("desk-coding-compare", coding.pk)
        if request.method == "POST" and not _sent_twice(request, coding):
            return _too_late(request, coding, refused)
        messages.info(request, str(refused))
        return redirect("desk-coding-next", coding.item.round_id)
    if request.method == "POST":
        return _save(request, coding)
    return _page(request, coding, coding.codes, coding.rationale)


def _sent_twice(request: HttpRequest, coding: ItemCoding) -> bool:
    """Whether this is what was handed in before: a double click loses nothing."""
    return coding.submitted_at is not None and request.POST.get("rationale", "") == coding.rationale


def _too_late(request: HttpRequest, coding: ItemCoding, refused: CodingRefused) -> HttpResponse:
    onward = reverse("desk-coding-round", args=[coding.item.round_id])
    return refused_page(request, str(refused), onward=onward, words=_("Your items of this round"))


def _save(request: HttpRequest, coding: ItemCoding) -> HttpResponse:
    load_reading(coding.item)
    codes, rationale = codes_in(request.POST, sheet_of(coding.item)), request.POST.get("rationale", "")[:3000]
    revision = request.POST.get("revision", "")
    sent: dict[str, Any] = {
        "by": person(request),
        "codes": codes,
        "rationale": rationale,
        "revision": int(revision) if revision.isdigit() else -1,
    }
    try:
        if "draft" in request.POST:
            save_draft(coding, **sent)
            messages.success(request, _("Your draft is kept. Nobody else sees it."))
            return redirect("desk-coding-round", coding.item.round_id)
        item = hand_in(coding, **sent, text=request.POST.get("text", ""))
    except Incomplete as incomplete:
        return _page(request, coding, codes, rationale, problems=incomplete.problems, status=422)
    except StaleCoding as stale:
        return _page(request, own_coding(request, coding.pk), codes, rationale, stale=stale, status=409)
    except CodingRefused as refused:
        return _too_late(request, coding, refused)
    messages.success(request, _handed_in(item))
    return redirect("desk-coding-next", item.round_id)


def _handed_in(item: CodingItem) -> str:
    if item.state == ItemState.CODING:
        return _("Handed in. The other coder has not finished this item yet.")
    if item.state == ItemState.SETTLED:
        return _("Handed in. You both chose the same: the item is settled.")
    if item.state == ItemState.CONVERGING:
        return _("Handed in. You are one step apart: compare your reasons with the other coder’s.")
    return _("Handed in. You differ from the other coder: somebody else will decide.")


def _page(
    request: HttpRequest,
    coding: ItemCoding,
    codes: Codes,
    rationale: str,
    *,
    problems: dict[str, str] | None = None,
    stale: StaleCoding | None = None,
    status: int = 200,
) -> HttpResponse:
    item = coding.item
    reading = load_reading(item)
    sheet = sheet_of(item)
    context = {
        "coding": coding,
        "item": item,
        "reading": reading,
        "form": sheet_form(item, sheet, codes, rationale, problems, _named_before(coding)),
        "text": text_digest(item),
        "shortest": SHORTEST_RATIONALE,
        "stale": stale,
        "stored": _stored(sheet, coding.codes, codes) if stale else [],
        **_progress(coding),
    }
    return render_desk(request, "desk/coding/item.html", context, status)


def _named_before(coding: ItemCoding) -> set[str]:
    """Independence groups that this coder has named in other acts of the brand, so that a voice keeps its name."""
    if not coding.item.action_id:
        return set()
    own = ItemCoding.objects.filter(seat__coder=coding.seat.coder_id, item__case__brand=coding.item.case.brand_id)
    others = own.filter(item__action__isnull=False).exclude(pk=coding.pk).values_list("codes", flat=True)
    named = {value for codes in others for name, value in codes.items() if name.endswith(".group")}
    return {folded(value) for value in named if value != UNKNOWN}


def _stored(sheet: Sheet, stored: Codes, typed: Codes) -> list[tuple[str, str, str]]:
    """Code, what is kept, what was just chosen, where they differ."""
    return [
        (title_of(sheet, one), label_of(one, stored.get(name, "")), label_of(one, typed.get(name, "")))
        for name, one in sheet.all.items()
        if stored.get(name, "") != typed.get(name, "")
    ]


def _progress(coding: ItemCoding) -> dict[str, int]:
    """Where this item stands in the coder's own row."""
    row = in_order(
        ItemCoding.objects.filter(seat=coding.seat_id).only("pk", "seat", "item", "submitted_at"),
        coding.item.round.seed,
    )
    place = next(number for number, one in enumerate(row, start=1) if one.pk == coding.pk)
    return {"place": place, "of": len(row), "done": sum(one.submitted_at is not None for one in row)}
