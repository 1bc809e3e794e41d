"""What waits for an editor: replies and reports to decide, notices whose time runs; by what is due first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from brands.hiding import brands_hidden_from
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from scoring.models import (
    Assessment,
    ErrorReport,
    MailState,
    OutgoingMail,
    Publication,
    Reply,
    ReplyNotice,
    ReplyState,
    ReportState,
    Snapshot,
)
from scoring.voices.notices import open_notices
from scoring.voices.passages import gone_from
from scoring.voices.rules import ANSWER

KINDS = {
    "notice": gettext_lazy("Notices"),
    "reply": gettext_lazy("Replies"),
    "report": gettext_lazy("Reported errors"),
}
Hidden = Collection[int]
"""Ids of brands that the reader is coding now."""
AT_MOST = 100
"""So many of each kind are shown; the filter by brand finds the others."""


@dataclass(frozen=True)
class Item:
    """One line of the list."""

    kind: str
    word: Any
    title: str
    about: str
    address: str
    due: date
    state: Any
    is_open: bool
    remark: str = ""

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due < timezone.localdate()


@desk_page(ANSWER)
def listing(request: HttpRequest) -> HttpResponse:
    """Open ones first, by what is due; then those decided last."""
    kind, brand = request.GET.get("kind", ""), request.GET.get("brand", "").strip()
    hidden = brands_hidden_from(person(request))
    items = [item for name, made in _MAKERS.items() if kind in ("", name) for item in made(brand, hidden)]
    waiting = sorted((item for item in items if item.is_open), key=lambda item: item.due)
    done = sorted((item for item in items if not item.is_open), key=lambda item: item.due, reverse=True)
    context = {
        "waiting": waiting,
        "done": done,
        "kinds": KINDS,
        "kind": kind if kind in KINDS else "",
        "brand": brand,
        "late": sum(item.is_late for item in waiting),
        "to_ask": _could_be_asked(brand, hidden),
        "mail_is_filed": settings.MAIL_IS_FILED,
        "unsent": OutgoingMail.objects.exclude(state=MailState.SENT).count(),
    }
    return render_desk(request, "desk/replies/listing.html", context)


def _of_brand(records: QuerySet[Any], brand: str) -> QuerySet[Any]:
    return records.filter(assessment__brand__name__icontains=brand) if brand else records


def _replies(brand: str, hidden: Hidden) -> Iterable[Item]:
    """Undecided ones all, then as many of the others as fit. One to a draft waits while its brand is being coded."""
    rows = _of_brand(Reply.objects.select_related("assessment__brand", "assessment__crisis"), brand)
    rows = rows.exclude(notice__isnull=False, assessment__brand__in=hidden)
    documents = _current_documents(rows)
    for row in _open_first(rows, state=ReplyState.RECEIVED):
        yield Item(
            kind="reply",
            word=_("Brand’s reply"),
            title=row.reference,
            about=str(row.assessment),
            address=reverse("desk-reply", args=[row.reference]),
            due=timezone.localtime(row.due_at).date(),
            state=row.get_state_display(),
            is_open=not row.is_decided,
            remark=_remark(row, documents),
        )


def _remark(reply: Reply, documents: dict[int, Any]) -> str:
    """What an editor should know before opening it."""
    document = documents.get(reply.assessment_id)
    if reply.state == ReplyState.PUBLISHED and document and gone_from(reply.contested, document):
        return _("the passage contested no longer stands")
    if reply.is_decided or reply.identity_shown:
        return ""
    return _("mailbox not confirmed") if reply.domain_matches else _("not at the brand’s domain")


def _current_documents(rows: QuerySet[Reply]) -> dict[int, Any]:
    """What is in force for the cases with a published reply, read once."""
    published = rows.filter(state=ReplyState.PUBLISHED).values("assessment")
    current = Snapshot.objects.filter(publication__is_current=True, assessment__in=published)
    return {pk: json.loads(text) for pk, text in current.values_list("assessment", "document")[:AT_MOST]}


def _reports(brand: str, hidden: Hidden) -> Iterable[Item]:
    rows = _of_brand(ErrorReport.objects.select_related("assessment__brand", "assessment__crisis"), brand)
    for row in _open_first(rows, state=ReportState.RECEIVED):
        yield Item(
            kind="report",
            word=_("Reported error"),
            title=row.reference,
            about=str(row.assessment) if row.assessment else _("This site"),
            address=reverse("desk-report", args=[row.reference]),
            due=timezone.localtime(row.due_at).date(),
            state=row.get_state_display(),
            is_open=not row.is_decided,
        )


def _open_first(rows: QuerySet[Any], *, state: str) -> list[Any]:
    waiting = list(rows.filter(state=state).order_by("received_at", "id")[:AT_MOST])
    decided = list(rows.exclude(state=state).order_by("-decided_at", "-id")[:AT_MOST])
    return waiting + decided


def _notices(brand: str, hidden: Hidden) -> Iterable[Item]:
    rows = _of_brand(ReplyNotice.objects.select_related("assessment__brand", "assessment__crisis"), brand)
    rows = rows.exclude(assessment__brand__in=hidden)
    answered = Reply.objects.filter(notice=OuterRef("pk"))
    rows = rows.annotate(still_open=Exists(open_notices().filter(pk=OuterRef("pk"))), answered=Exists(answered))
    for row in rows.order_by("-still_open", "-sent_at", "id")[:AT_MOST]:
        yield Item(
            kind="notice",
            word=_("Notice"),
            title=_("Reply asked for"),
            about=str(row.assessment),
            address=reverse("desk-notice", args=[row.pk]),
            due=row.deadline,
            state=_state_of(row),
            is_open=row.still_open,
            remark=_("reply received") if row.answered else "",
        )


def _state_of(notice: Any) -> str:
    if notice.revoked_at:
        return _("Revoked")
    return pgettext("the state of something", "Open") if notice.still_open else _("Closed")


_MAKERS = {"reply": _replies, "report": _reports, "notice": _notices}


def _could_be_asked(brand: str, hidden: Hidden) -> list[Assessment]:
    """Cases with an unfavourable draft newer than what is public and no open notice: those that can be sent."""
    newer = Snapshot.objects.filter(assessment=OuterRef("assessment"), sequence__gt=OuterRef("sequence"))
    public = Publication.objects.filter(snapshot=OuterRef("pk"), withdrawn_at__isnull=True)
    unpublished = Snapshot.objects.unfavourable().filter(~Exists(newer), ~Exists(public), assessment=OuterRef("pk"))
    cases = Assessment.objects.filter(Exists(unpublished), ~Exists(open_notices().filter(assessment=OuterRef("pk"))))
    cases = cases.exclude(brand__in=hidden).select_related("brand", "crisis")
    if brand:
        cases = cases.filter(brand__name__icontains=brand)
    return list(cases.order_by("brand__sort_key", "crisis__slug")[:20])
