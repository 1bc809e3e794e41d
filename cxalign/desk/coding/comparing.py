"""One step apart: each coder sees both rationales, and keeps their code or takes the other's."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cxalign.desk.access import desk_page
from cxalign.desk.coding.item import own_coding
from cxalign.desk.coding.reading import load_reading
from cxalign.desk.coding.sheetform import title_of
from cxalign.desk.rendering import person, render_desk
from scoring.coding import flow
from scoring.coding.comparing import Difference
from scoring.coding.rights import CODE, CodingRefused, check_can_compare
from scoring.coding.sheets import label_of, sheet_of
from scoring.models import ItemCoding, ItemState


@dataclass(frozen=True)
class Contrast:
    """A code on which two coders differ, in words, from the side of one of them."""

    name: str
    title: str
    mine: tuple[str, str]
    theirs: tuple[str, str]


@desk_page(CODE)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    coding = own_coding(request, pk)
    try:
        check_can_compare(person(request), coding)
    except CodingRefused as refused:
        messages.info(request, str(refused))
        return redirect("desk-coding-next", coding.item.round_id)
    reading = load_reading(coding.item)
    both, differing = flow.open_differences(coding.item)
    if request.method == "POST":
        return _save(request, coding, differing)
    other = next(one for one in both if one.pk != coding.pk)
    context = {
        "coding": coding,
        "item": coding.item,
        "reading": reading,
        "contrasts": [_contrast(coding, difference) for difference in differing],
        "theirs": other.rationale,
        "revisions": ".".join(str(one.revision) for one in both),
    }
    return render_desk(request, "desk/coding/compare.html", context)


def _contrast(coding: ItemCoding, difference: Difference) -> Contrast:
    code = difference.code
    mine = coding.codes.get(code.name, "")
    theirs = next(value for value in difference.values if value != mine)
    return Contrast(
        code.name, title_of(sheet_of(coding.item), code), (mine, label_of(code, mine)), (theirs, label_of(code, theirs))
    )


def _save(request: HttpRequest, coding: ItemCoding, differing: list[Difference]) -> HttpResponse:
    numbers = [int(part) for part in request.POST.get("revisions", "").split(".") if part.isdigit()]
    choices = {one.code.name: request.POST.get(one.code.name, "") for one in differing}
    try:
        item = flow.compare(
            coding,
            by=person(request),
            choices=choices,
            revisions=(numbers[0], numbers[1]) if len(numbers) == 2 else (-1, -1),
        )
    except flow.StaleCoding as stale:
        messages.warning(request, str(stale))
        return redirect("desk-coding-compare", coding.pk)
    except CodingRefused as refused:
        messages.info(request, str(refused))
        return redirect("desk-coding-next", coding.item.round_id)
    messages.success(request, _told(item.state))
    return redirect("desk-coding-next", item.round_id)


def _told(state: str) -> str:
    if state == ItemState.SETTLED:
        return _("You now agree: the item is settled.")
    if state == ItemState.ADJUDICATION:
        return _("You still differ: somebody else will decide.")
    return _("Saved. The other coder has still to compare.")
