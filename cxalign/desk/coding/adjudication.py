"""What two coders could not settle: codes and rationales without names, a decision for each code, then the names."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from brands.models import validate_plain_text
from cxalign.desk.access import desk_page
from cxalign.desk.coding.reading import load_reading
from cxalign.desk.coding.sheetform import Field, as_rows, title_of
from cxalign.desk.refused import refused_page
from cxalign.desk.rendering import person, render_desk
from scoring.blindness import blind_brands, is_blind_to
from scoring.coding import flow
from scoring.coding.comparing import Difference, merged
from scoring.coding.rights import (
    ADJUDICATE,
    CODE,
    ORGANISE,
    CodingRefused,
    can_adjudicate,
    cases_coded_by,
    check_can_adjudicate,
)
from scoring.coding.sheets import UNKNOWN, Code, Sheet, label_of, sheet_of
from scoring.models import CodingItem, CodingStep, ItemCoding, ItemState

ITEMS_A_PAGE = 30
NOTHING = flow.Decision("", "")


@desk_page(ADJUDICATE)
def waiting(request: HttpRequest) -> HttpResponse:
    """What is to adjudicate, and what was settled that way."""
    user = person(request)
    items = CodingItem.objects.with_subject().prefetch_related("codings__seat")
    open_ = list(items.filter(state=ItemState.ADJUDICATION).order_by(F("round__due_on").asc(nulls_last=True), "id"))
    mine = cases_coded_by(user)
    past = items.filter(state=ItemState.SETTLED, settled_as="adjudicated").exclude(case__brand__in=blind_brands(user))
    page = Paginator(past.order_by("-settled_at", "-id"), ITEMS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "open": [item for item in open_ if item.case_id not in mine],
        "own": sum(item.case_id in mine for item in open_),
        "past": page,
    }
    return render_desk(request, "desk/coding/adjudication.html", context)


# --- One item ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dispute:
    """One code to decide."""

    title: str
    field: Field
    sides: list[str]
    """What each of the two chose, in the order in which the two are shown."""
    reason: str = ""
    reason_error: str = ""
    below: tuple[Dispute, ...] = ()
    """What to decide as well where an act bears on a group that only one of the two saw."""

    @property
    def wrong(self) -> list[Dispute]:
        """What is to be corrected of it."""
        own = [self] if self.field.error or self.reason_error else []
        return [*own, *(one for one in self.below if one.field.error)]


@desk_page(ADJUDICATE, ORGANISE, CODE)
def adjudicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on an item, or read how it was settled. A coder who is blind to the brand sees neither."""
    user = person(request)
    item = CodingItem.objects.with_subject().filter(pk=pk).first()
    if item is None or is_blind_to(user, item.brand):
        raise Http404
    late = request.method == "POST" and user.has_perm(ADJUDICATE)
    if item.state in (ItemState.SETTLED, ItemState.LAPSED) and (not late or _sent_twice(request, item)):
        return _settled(request, item)
    try:
        if late:
            flow.check_still_open(item)
        check_can_adjudicate(user, item)
    except CodingRefused as refused:
        if not user.has_perm(ADJUDICATE):
            raise Http404 from refused
        if late:
            return _refused(request, item, refused)
        messages.info(request, str(refused))
        return redirect("desk-adjudication")
    return _decide(request, item) if request.method == "POST" else _page(request, item)


def _decide(request: HttpRequest, item: CodingItem) -> HttpResponse:
    load_reading(item)
    _both, differing = flow.open_differences(item)
    sheet = sheet_of(item)
    asked = [code for one in differing for code in (one.code, *flow.decided_below(sheet, one.code.name))]
    decisions = {code.name: _decision(request, code) for code in asked}
    problems = {f"{name}-reason": error for name, one in decisions.items() if (error := _wrong_text(one.reason))}
    try:
        if problems:
            raise flow.Incomplete(problems)
        flow.adjudicate(item, by=person(request), decisions=decisions)
    except flow.Incomplete as incomplete:
        return _page(request, item, decisions, incomplete.problems, status=422)
    except CodingRefused as refused:
        return _refused(request, item, refused)
    messages.success(request, _("Settled. The codes are on file and the brand is judged again."))
    return redirect("desk-adjudication-item", item.pk)


def _sent_twice(request: HttpRequest, item: CodingItem) -> bool:
    """Whether this person's decisions on file are those sent now: a double click loses nothing."""
    made = dict(item.decisions.filter(decided_by=person(request)).values_list("code", "reason"))
    sent = {name: request.POST[f"{name}-reason"].strip() for name in made if f"{name}-reason" in request.POST}
    return bool(sent) and all(sent[name] == made[name] for name in sent)


def _refused(request: HttpRequest, item: CodingItem, refused: CodingRefused) -> HttpResponse:
    """Not saved, with the reasons that were typed; the page of the item says how it stands by now."""
    onward = reverse("desk-adjudication-item", args=[item.pk])
    return refused_page(request, str(refused), onward=onward, words=_("The item as it stands"))


def _decision(request: HttpRequest, code: Code) -> flow.Decision:
    sent = request.POST.getlist(code.name)
    value = "|".join(sent) if code.many else (sent[-1].strip() if sent else "")
    return flow.Decision(value[:200], request.POST.get(f"{code.name}-reason", "")[:1000])


def _wrong_text(reason: str) -> str:
    try:
        validate_plain_text(reason)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _page(
    request: HttpRequest,
    item: CodingItem,
    decisions: dict[str, flow.Decision] | None = None,
    problems: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    reading = load_reading(item)
    both, differing = flow.open_differences(item)
    sheet = sheet_of(item)
    order = [0, 1]
    random.Random(item.pk).shuffle(order)  # the first seat is not always on the left
    sides = [both[place] for place in order]
    disputes = [_dispute(sheet, one, sides, decisions or {}, problems or {}) for one in differing]
    context = {
        "item": item,
        "reading": reading,
        "disputes": disputes,
        "wrong": [wrong for one in disputes for wrong in one.wrong],
        "rationales": [one.rationale for one in sides],
        "agreed": as_rows(sheet, merged(sheet, both[0].codes, both[1].codes)),
    }
    return render_desk(request, "desk/coding/adjudicate.html", context, status)


def _dispute(
    sheet: Sheet,
    difference: Difference,
    sides: list[ItemCoding],
    decisions: dict[str, flow.Decision],
    problems: dict[str, str],
) -> Dispute:
    code = difference.code
    below = tuple(
        Dispute(
            title_of(sheet, one), _field(one, decisions, problems), _chosen(one, sides, _("saw nothing of the kind"))
        )
        for one in flow.decided_below(sheet, code.name)
    )
    return Dispute(
        title_of(sheet, code),
        _field(code, decisions, problems, sides),
        _chosen(code, sides, _("no") if below else "–"),
        decisions.get(code.name, NOTHING).reason,
        problems.get(f"{code.name}-reason", ""),
        below,
    )


def _field(
    code: Code, decisions: dict[str, flow.Decision], problems: dict[str, str], sides: Iterable[ItemCoding] = ()
) -> Field:
    typed = dict.fromkeys(value for one in sides if (value := one.codes.get(code.name, "")) and value != UNKNOWN)
    value = decisions.get(code.name, NOTHING).value
    return Field(code, value, problems.get(code.name, ""), tuple(typed) if code.free else ())


def _chosen(code: Code, sides: list[ItemCoding], nothing: str = "–") -> list[str]:
    """What each of the two chose, in words."""
    return [label_of(code, value) if (value := one.codes.get(code.name, "")) else nothing for one in sides]


def _settled(request: HttpRequest, item: CodingItem) -> HttpResponse:
    """How an item was settled: both codings with their names, the decisions with their reasons, the log."""
    reading = load_reading(item)
    sheet = sheet_of(item)
    both = list(item.codings.select_related("seat__coder").order_by("seat__number"))
    decisions = {one.code: one for one in item.decisions.select_related("decided_by")}
    rows = []
    for name, code in sheet.all.items():
        values = [coding.codes.get(name, "") for coding in both]
        blind = [(coding.blind_codes or {}).get(name, "") for coding in both]
        if any(values) or name in decisions:
            decision = decisions.get(name)
            rows.append(
                {
                    "title": title_of(sheet, code),
                    "values": [label_of(code, value) for value in values],
                    "differ": len(set(values)) > 1,
                    "before": [
                        label_of(code, was) if was != now else "" for was, now in zip(blind, values, strict=True)
                    ],
                    "decision": decision,
                    "decided": label_of(code, decision.value) if decision else "",
                }
            )
    steps = CodingStep.objects.filter(item=item).select_related("actor", "seat__coder")
    context = {
        "item": item,
        "reading": reading,
        "codings": both,
        "rows": rows,
        "decided": bool(decisions),
        "steps": [(step, _in_words(sheet, step)) for step in steps],
        "may_adjudicate": can_adjudicate(person(request), item),
    }
    return render_desk(request, "desk/coding/settled.html", context)


def _in_words(sheet: Sheet, step: CodingStep) -> list[tuple[str, str, str]]:
    """What a step changed: code, before and after. A code that the sheet of today lacks keeps its name."""
    told = []
    for name, (before, after) in step.changes.items():
        code = sheet.all.get(name)
        was, became = (label_of(code, value or "") if code else str(value or "–") for value in (before, after))
        told.append((title_of(sheet, code) if code else name, was, became))
    return told
