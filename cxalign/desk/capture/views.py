"""Quick capture: from the address of a source to a coded act or a promise, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from brands.capture import Kept
from brands.hiding import REASON, is_hidden_from
from brands.models import Action
from cxalign.desk.access import desk_page
from cxalign.desk.capture.details import Told, accepted, filled_in, told_by_page
from cxalign.desk.capture.forms import ACT, PROMISE, PROOFS_AT_MOST
from cxalign.desk.capture.fragments import edit_page
from cxalign.desk.capture.preview import Preview, preview
from cxalign.desk.capture.sheet import Sheet
from cxalign.desk.rendering import person, render_desk
from cxalign.desk.trail.names import title_of

if TYPE_CHECKING:
    from cxalign.accounts.models import User

STAYS = frozenset({"_more", "_brand", "_use", "_other_source", "_accept"})
"""Buttons that change the sheet and save nothing."""
NEEDED = ("brands.add_source", "brands.add_action")
TO_KEEP = {
    ACT: ("brands.add_action", "brands.add_actionsource", "brands.add_proof"),
    PROMISE: ("brands.add_promise",),
}
"""What each kind of record needs beside the right to add sources: the same rights as its screen in the admin."""
TO_LINK = ("brands.change_action", "brands.add_actionsource")


@desk_page(*NEEDED)
def capture(request: HttpRequest) -> HttpResponse:
    user = capturer(request)
    if request.method != "POST":
        return show(request, Sheet(user, start=request.GET))
    return answer(request, Sheet(user, data=asked_for(request.POST)))


def capturer(request: HttpRequest) -> User:
    user = person(request)
    if not user.has_perms(NEEDED):
        raise PermissionDenied(_("To capture you need the right to add sources and acts: an administrator gives it."))
    return user


@desk_page(*NEEDED)
def details(request: HttpRequest) -> HttpResponse:
    """The form, filled in with what the page says about itself; for the script, only what there is to fill in."""
    user = capturer(request)
    if request.method != "POST":  # the address was opened again, or in the other language
        return HttpResponseRedirect(reverse("desk-capture"))
    told = told_by_page(request.POST)
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"told": told.sentence, "filled": told.filled, "offers": told.offers})
    return show(request, Sheet(user, data=filled_in(request.POST, told)), told=told)


def answer(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Which button was pressed."""
    pressed = sheet.asked
    if not STAYS.isdisjoint(pressed):
        return show(request, sheet)
    if "_link_act" in pressed:
        return link(request, sheet)
    if not person(request).has_perms(TO_KEEP.get(sheet.what, ())):
        raise PermissionDenied(_("Your role does not include adding this: an administrator can give you another."))
    if not sheet.is_valid():
        return show(request, sheet, status=422)
    if "_preview" in pressed and sheet.brand and is_hidden_from(person(request), sheet.brand.pk):
        messages.warning(request, REASON)
        return show(request, sheet)
    if "_preview" in pressed:
        return show(request, sheet, foreseen=preview(sheet))
    kept = sheet.try_to_keep()
    if kept is None:
        return show(request, sheet, status=422)
    tell(request, kept)
    tell_of_suggestion(request, sheet)
    return HttpResponseRedirect(next_sheet(sheet, kept, another="_another" in pressed))


def asked_for(data: QueryDict) -> QueryDict:
    """The form as sent, after what the buttons that stay on the sheet do to it."""
    if STAYS.isdisjoint(data):
        return data
    changed = data.copy()
    if "_more" in data:
        rows = data.get("proofs-TOTAL_FORMS", "1")
        changed["proofs-TOTAL_FORMS"] = str(min(int(rows[:2]) + 1 if rows.isdecimal() else 1, PROOFS_AT_MOST))
    if "_use" in data:
        changed["on_file"] = data.get("_use", "")
    if "_other_source" in data:
        changed["on_file"] = ""
    return accepted(changed, data.get("_accept", ""))


def link(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    action = sheet.act_to_link()
    if action is None or not person(request).has_perms(TO_LINK):
        raise PermissionDenied(_("This act cannot be given one more source from here."))
    kept = sheet.link_act(action) if sheet.can_link(action) else None
    if kept is None:
        return show(request, sheet, status=422)
    address = edit_page(kept.record)
    text = _("The source now stands behind this act: %s") if kept.is_new else _("It stood behind this act already: %s")
    messages.success(request, format_html(text.replace("%s", "{}"), link_to(address, title_of(kept.record))))
    tell_of_suggestion(request, sheet)
    return HttpResponseRedirect(next_sheet(sheet, kept, another=False))


def link_to(address: str, name: str) -> str:
    return format_html('<a href="{}">{}</a>', address, name)


def tell(request: HttpRequest, kept: Kept[Any]) -> None:
    if not kept.is_new:
        text = _("This form had been saved already; nothing was saved twice: {}")
    elif isinstance(kept.record, Action):
        text = _("Saved, with its source and its proofs: {}")
    else:
        text = _("Saved, with its source: {}")
    messages.success(request, format_html(text, link_to(edit_page(kept.record), title_of(kept.record))))


def tell_of_suggestion(request: HttpRequest, sheet: Sheet) -> None:
    if sheet.took_up:
        messages.success(request, _("The suggestion is marked as taken up: the one who made it sees that."))


def next_sheet(sheet: Sheet, kept: Kept[Any], *, another: bool) -> str:
    """An empty sheet about the same case; with the same source where another record follows from it."""
    query = QueryDict(mutable=True)
    query["brand"] = kept.record.brand.slug
    if sheet.crisis:
        query["crisis"] = sheet.crisis.slug
    query["what"] = sheet.what
    if another:
        query["source"] = str(kept.source.pk)
    return f"{reverse('desk-capture')}?{query.urlencode()}"


def missing_brand(request: HttpRequest, sheet: Sheet) -> str:
    """The name that no brand on file has, for those who may add one."""
    unknown = sheet.case.has_error("brand", "unknown_brand")
    return str(sheet.case["brand"].value()) if unknown and person(request).has_perm("brands.add_brand") else ""


def show(
    request: HttpRequest,
    sheet: Sheet,
    *,
    foreseen: Preview | None = None,
    told: Told | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "sheet": sheet,
        "told": told,
        "foreseen": foreseen,
        "is_act": sheet.what == ACT,
        "back": request.get_full_path(),
        "missing_brand": missing_brand(request, sheet),
        "can_link": person(request).has_perms(TO_LINK),
        "most_rows": PROOFS_AT_MOST,
    }
    return render_desk(request, "desk/capture.html", context, status=status)
