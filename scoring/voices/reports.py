"""Somebody reports an error: received, decided with reasons, and what came of it told in the public log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.models import Correction, Declined, ErrorReport, Publication, ReportState
from scoring.voices.mailing import queue
from scoring.voices.rules import (
    VoiceRefused,
    brand_of,
    check_can_decide,
    check_has_reasons,
    check_may_answer,
    fingerprint,
    link,
    record_event,
)

if TYPE_CHECKING:
    from cxalign.accounts.models import User


@dataclass(frozen=True)
class Reported:
    """A report as its form gives it."""

    key: str
    kind: str
    what: str
    place: str
    source: str
    email: str
    language: str
    publication: Publication | None = None


@transaction.atomic
def receive(sent: Reported) -> ErrorReport:
    """Keep a report and acknowledge it. The same one sent again is the same report."""
    publication = sent.publication
    once = fingerprint(
        sent.key, publication.pk if publication else None, sent.kind, sent.what, sent.place, sent.source, sent.email
    )
    report = ErrorReport(
        once=once,
        assessment=publication.assessment if publication else None,
        publication=publication,
        kind=sent.kind,
        what=sent.what,
        place=sent.place,
        source=sent.source,
        email=sent.email,
        language=sent.language,
    )
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError:
        return ErrorReport.objects.get(once=once)
    _tell(report, "report_received")
    record_event("report.received", report, brand=brand_of(report), changes={"state": [None, report.state]})
    return report


def _tell(report: ErrorReport, kind: str, **more: Any) -> None:
    """A mail to whoever left an address. It repeats nothing that was typed into a form."""
    if not report.email:
        return
    context = {
        "report": report,
        "brand": report.assessment.brand.name if report.assessment else "",
        "status": link("report-status", report.token, language=report.language),
        "log": link("corrections", language=report.language),
        **more,
    }
    queue(kind, to=report.email, language=report.language, about=report, context=context)


# --- Deciding ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def accept(
    report: ErrorReport,
    *,
    by: User,
    reason_en: str,
    reason_fr: str,
    wrong_en: str,
    wrong_fr: str,
    since: Publication | None = None,
) -> Correction:
    """The report is right: the public log says what was wrong and since when."""
    report = _held(report)
    check_can_decide(by, report)
    check_has_reasons(reason_en, reason_fr, wrong_en, wrong_fr)
    _check_of_case(report, since)
    report.state = ReportState.ACCEPTED
    _decide(report, by, reason_en, reason_fr)
    correction = Correction.objects.create(
        assessment=report.assessment, report=report, wrong_en=wrong_en, wrong_fr=wrong_fr, since=since, logged_by=by
    )
    _tell(report, "report_decided", accepted=True, why="")
    changes: dict[str, list[Any]] = {"state": [ReportState.RECEIVED, report.state]}
    why = reason_en or reason_fr
    record_event("report.accepted", report, brand=brand_of(report), by=by, changes=changes, reason=why)
    told: dict[str, Any] = {"wrong_en": wrong_en, "wrong_fr": wrong_fr, "since": since.version if since else None}
    logged = {name: [None, value] for name, value in told.items() if value}
    record_event("correction.published", correction, brand=brand_of(correction), by=by, changes=logged, reason=why)
    return correction


@transaction.atomic
def decline(report: ErrorReport, *, by: User, declined: str, reason_en: str, reason_fr: str) -> ErrorReport:
    """No correction follows, for a reason of the list."""
    report = _held(report)
    check_can_decide(by, report)
    check_has_reasons(reason_en, reason_fr)
    if declined not in Declined.values:
        raise VoiceRefused(_("Choose the reason from the list: there is no other."))
    report.state, report.declined = ReportState.DECLINED, declined
    _decide(report, by, reason_en, reason_fr)
    _tell(report, "report_decided", accepted=False, why=Declined(declined).label)
    changes: dict[str, list[Any]] = {"state": [ReportState.RECEIVED, report.state], "declined": [None, declined]}
    why = reason_en or reason_fr
    record_event("report.declined", report, brand=brand_of(report), by=by, changes=changes, reason=why)
    return report


def _held(report: ErrorReport) -> ErrorReport:
    return ErrorReport.objects.select_for_update(of=("self",)).select_related("assessment__brand").get(pk=report.pk)


def _decide(report: ErrorReport, by: User, reason_en: str, reason_fr: str) -> None:
    report.decided_at, report.decided_by = timezone.now(), by
    report.reason_en, report.reason_fr = reason_en, reason_fr
    report.save()


def _check_of_case(record: ErrorReport | Correction, publication: Publication | None) -> None:
    if publication and publication.assessment_id != record.assessment_id:
        raise VoiceRefused(_("This version belongs to another case."))


# --- The correction ---------------------------------------------------------------------------------------------------


@transaction.atomic
def complete(
    correction: Correction, *, by: User, corrected_in: Publication | None, changed_en: str, changed_fr: str
) -> Correction:
    """Say which version corrects it, and what that changed."""
    check_may_answer(by)
    correction = (
        Correction.objects.select_for_update(of=("self",))
        .select_related("assessment__brand", "since")
        .get(pk=correction.pk)
    )
    check_has_reasons(changed_en, changed_fr)
    _check_of_case(correction, corrected_in)
    if correction.assessment_id and corrected_in is None:
        raise VoiceRefused(_("Name the version that holds the correction: publish it first."))
    if correction.since and corrected_in and corrected_in.version <= correction.since.version:
        raise VoiceRefused(_("A version is corrected by a later one."))
    before = correction.corrected_in.version if correction.corrected_in else None
    told = (
        ("changed_en", correction.changed_en, changed_en),
        ("changed_fr", correction.changed_fr, changed_fr),
    )
    correction.corrected_in = corrected_in
    correction.changed_en, correction.changed_fr = changed_en, changed_fr
    correction.save(update_fields=["corrected_in", "changed_en", "changed_fr"])
    changes: dict[str, list[Any]] = {"corrected_in": [before, corrected_in.version if corrected_in else None]}
    changes |= {name: [earlier, now] for name, earlier, now in told if earlier != now}
    record_event("correction.completed", correction, brand=brand_of(correction), by=by, changes=changes)
    return correction
