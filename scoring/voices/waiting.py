"""What of this part holds a case, or waits for an editor."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scoring import review
from scoring.models import ErrorReport, Reply, ReplyNotice, ReplyState, ReportState
from scoring.voices.notices import open_among
from scoring.voices.taken import replies_of, reports_of
from scoring.workflow import Blocker, State


def blockers(case_ids: Collection[int]) -> dict[int, list[Blocker]]:
    """Open windows, replies and reports of these cases: three queries."""
    found: dict[int, list[Blocker]] = {}
    waiting: list[tuple[Iterable[Any], Any]] = [
        (open_among(review.notices_of(case_ids)), window),
        ((one for one in replies_of(case_ids) if one.state == ReplyState.RECEIVED), reply_waiting),
        ((one for one in reports_of(case_ids) if one.state == ReportState.RECEIVED), report_waiting),
    ]
    for records, told in waiting:
        for record in records:
            found.setdefault(record.assessment_id, []).append(told(record))
    return found


def window(notice: ReplyNotice) -> Blocker:
    return Blocker(
        code="reply_window",
        words=_("reply window ends %(day)s") % {"day": short_day(notice.deadline)},
        address=reverse("desk-notice", args=[notice.pk]),
        state=State.REPLY_WINDOW,
        since=notice.sent_at,
        due=notice.deadline,
        names_its_day=True,
    )


def reply_waiting(reply: Reply) -> Blocker:
    due = timezone.localtime(reply.due_at).date()
    return Blocker(
        code="reply_to_decide",
        words=_("reply to decide by %(day)s") % {"day": short_day(due)},
        address=reverse("desk-reply", args=[reply.reference]),
        since=reply.received_at,
        due=due,
        names_its_day=True,
    )


def report_waiting(report: ErrorReport) -> Blocker:
    due = timezone.localtime(report.due_at).date()
    return Blocker(
        code="report_to_decide",
        words=_("reported error to decide by %(day)s") % {"day": short_day(due)},
        address=reverse("desk-report", args=[report.reference]),
        since=report.received_at,
        due=due,
        names_its_day=True,
    )


def short_day(day: date) -> str:
    """“4 Dec”, « 4 déc. »: French writes its own short form, small and with its full stop."""
    return date_format(day, "j N" if (get_language() or "").startswith("fr") else "j M")
