"""Which replies and reports a published version took into account.

Whoever publishes asks ``requests_open_for`` what there is, and says with ``take_into_account`` what of it the new
version heeds. Pages ask ``taken_by``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring import review
from scoring.models import (
    Assessment,
    ErrorReport,
    Publication,
    Reply,
    ReplyState,
    ReportState,
    TakenIntoAccount,
)
from scoring.remembering import remembered

MAY_BE_TAKEN = (ReplyState.RECEIVED, ReplyState.PUBLISHED)


@dataclass(frozen=True)
class Request:
    """A reply or a report as a list of requests names it."""

    reference: str
    kind: str
    """``reply`` or ``report``."""
    state: str
    state_word: Any
    received_at: Any


def requests_open_for(assessment: Assessment) -> list[Request]:
    """What a new version of the case could take into account: not refused, and in no version yet."""
    replies = Reply.objects.filter(assessment=assessment, state__in=MAY_BE_TAKEN, taken_in__isnull=True)
    reports = ErrorReport.objects.filter(assessment=assessment, taken_in__isnull=True).exclude(
        state=ReportState.DECLINED
    )
    return [
        *(Request(one.reference, "reply", one.state, one.get_state_display(), one.received_at) for one in replies),
        *(Request(one.reference, "report", one.state, one.get_state_display(), one.received_at) for one in reports),
    ]


HEADS = ("assessment_id", "reference", "received_at", "state")


@remembered
def heads_of(case_ids: Collection[int]) -> list[tuple[Any, ...]]:
    """Replies and reports about these cases that were not refused, without what they say: kind, then ``HEADS``."""
    replies = Reply.objects.filter(assessment__in=case_ids, state__in=MAY_BE_TAKEN)
    reports = ErrorReport.objects.filter(assessment__in=case_ids).exclude(state=ReportState.DECLINED)
    first, second = (
        rows.order_by().annotate(kind_of=Value(kind, CharField())).values_list("kind_of", *HEADS)
        for kind, rows in (("reply", replies), ("report", reports))
    )
    return sorted(first.union(second), key=lambda row: (row[3], row[2]))


def replies_of(case_ids: Collection[int]) -> list[Reply]:
    return [Reply(**dict(zip(HEADS, row, strict=True))) for kind, *row in heads_of(case_ids) if kind == "reply"]


def reports_of(case_ids: Collection[int]) -> list[ErrorReport]:
    return [ErrorReport(**dict(zip(HEADS, row, strict=True))) for kind, *row in heads_of(case_ids) if kind == "report"]


def said_about(case_ids: Collection[int]) -> dict[int, list[review.Request]]:
    """Every reply and report about each case that was not refused, for those who decide what a version heeds."""
    found: dict[int, list[review.Request]] = defaultdict(list)
    words = {"reply": _("Reply of the brand %(reference)s"), "report": _("Reported error %(reference)s")}
    both: list[tuple[str, list[Any]]] = [("reply", replies_of(case_ids)), ("report", reports_of(case_ids))]
    for kind, rows in both:
        for row in rows:
            day = timezone.localtime(row.received_at).date()
            one = review.Request(kind, row.reference, day, words[kind] % {"reference": row.reference})
            found[row.assessment_id or 0].append(one)
    return found


@transaction.atomic
def take_into_account(publication: Publication, references: Collection[str]) -> int:
    """Say that this version heeds these requests; how many of them were new. Others' and unknown ones are left out."""
    case = publication.assessment_id
    replies = Reply.objects.filter(assessment=case, reference__in=references).exclude(state=ReplyState.REFUSED)
    reports = ErrorReport.objects.filter(assessment=case, reference__in=references)
    reports = reports.exclude(state=ReportState.DECLINED)
    made = [TakenIntoAccount.objects.get_or_create(publication=publication, reply=one)[1] for one in replies]
    made += [TakenIntoAccount.objects.get_or_create(publication=publication, report=one)[1] for one in reports]
    return sum(made)


def taken_by(publications: Iterable[Publication]) -> dict[int, list[Request]]:
    """Version id → the requests it takes into account, in one query. Only their references and kinds are public."""
    found: dict[int, list[Request]] = {}
    ids = [one.pk for one in publications]
    if not ids:
        return found
    rows = TakenIntoAccount.objects.filter(publication__in=ids)
    for row in rows.select_related("reply", "report"):
        record = row.reply or row.report
        assert record is not None
        kind = "reply" if row.reply_id else "report"
        request = Request(record.reference, kind, record.state, record.get_state_display(), record.received_at)
        found.setdefault(row.publication_id, []).append(request)
    return found
