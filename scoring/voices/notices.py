"""Before an unfavourable verdict is published: the brand is shown the draft and asked for its reply, once, with a
deadline and one reminder.

The page of a notice shows one snapshot. It ends with the deadline, with a publication of the case, or when an editor
revokes it; from then on its address answers like one that was never given.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.ledger import ledger
from scoring.models import Assessment, BrandContact, Publication, Reply, ReplyNotice, Snapshot
from scoring.voices.mailing import queue, written
from scoring.voices.rules import VoiceRefused, check_may_answer, link, record_event, working_days_after

if TYPE_CHECKING:
    from cxalign.accounts.models import User

WORKING_DAYS = 10
REMIND_BEFORE = timedelta(days=3)


def usual_deadline(today: date) -> date:
    return working_days_after(today, WORKING_DAYS)


# --- Reading ----------------------------------------------------------------------------------------------------------


def open_notices() -> QuerySet[ReplyNotice]:
    """Those whose page can be read now."""
    later = Publication.objects.filter(assessment=OuterRef("assessment"), published_at__gte=OuterRef("sent_at"))
    return ReplyNotice.objects.filter(
        ~Exists(later), revoked_at__isnull=True, deadline__gte=timezone.localdate()
    ).select_related("assessment__brand", "assessment__crisis")


def open_among(notices: Iterable[ReplyNotice]) -> list[ReplyNotice]:
    """The same of notices that were read for something else (``review.notices_of``)."""
    today = timezone.localdate()
    return [
        one
        for one in notices
        if not one.published_since and not one.revoked_at and one.deadline >= today  # type: ignore[attr-defined]
    ]


def open_notice(assessment: Assessment) -> ReplyNotice | None:
    return open_notices().filter(assessment=assessment).first()


def notice_at(token: str) -> ReplyNotice | None:
    """The notice whose private page this is, with its draft."""
    return open_notices().select_related("snapshot").filter(token=token).first()


def last_notice(assessment: Assessment) -> ReplyNotice | None:
    """The newest one that was not taken back."""
    return ReplyNotice.objects.filter(assessment=assessment, revoked_at__isnull=True).order_by("-id").first()


def offered_on(assessment: Assessment) -> date | None:
    """The day on which the brand was last asked for its reply."""
    notice = last_notice(assessment)
    return timezone.localtime(notice.sent_at).date() if notice else None


def was_heard(assessment: Assessment) -> bool:
    """Whether the brand was asked, and has replied or let its time pass: what a strict policy asks for."""
    notice = last_notice(assessment)
    if notice is None:
        return False
    return notice.deadline < timezone.localdate() or Reply.objects.filter(notice=notice).exists()


# --- Sending ----------------------------------------------------------------------------------------------------------


def check_can_send(user: User, snapshot: Snapshot) -> None:
    """Raise ``VoiceRefused`` with the reason unless this draft may be sent to the brand now."""
    check_may_answer(user)
    if Publication.objects.filter(snapshot=snapshot, withdrawn_at__isnull=True).exists():
        raise VoiceRefused(_("This verdict is published already: the brand replies on its page."))
    if Snapshot.objects.filter(assessment=snapshot.assessment, sequence__gt=snapshot.sequence).exists():
        raise VoiceRefused(_("The facts have changed since: reload the page to send the newer draft."))
    if not snapshot.is_unfavourable:
        raise VoiceRefused(
            _(
                "This draft says nothing against the brand: no broken promise, no harm alert, no purpose-washing "
                "signal. A notice is for unfavourable drafts; after publication the brand can reply to any verdict."
            )
        )
    if open_notice(snapshot.assessment):
        raise VoiceRefused(_("The brand has been asked and its time still runs: revoke that notice first."))


def can_send(user: User, snapshot: Snapshot) -> bool:
    try:
        check_can_send(user, snapshot)
    except VoiceRefused:
        return False
    return True


@transaction.atomic
def send_notice(snapshot: Snapshot, contact: BrandContact, *, deadline: date, by: User, note: str = "") -> ReplyNotice:
    """Ask the brand for its reply to this draft."""
    assessment = Assessment.objects.select_for_update().get(pk=snapshot.assessment_id)
    check_can_send(by, snapshot)
    if contact.brand_id != assessment.brand_id or contact.retired_at:
        raise VoiceRefused(_("This contact is not one of the brand’s in use: choose another."))
    _check_deadline(deadline)
    notice = ReplyNotice.objects.create(
        assessment=assessment,
        snapshot=snapshot,
        contact=contact,
        sent_to=contact.email,
        language=contact.language,
        deadline=deadline,
        sent_by=by,
        note=note,
    )
    queue("notice", to=contact.email, language=notice.language, about=notice, context=_context(notice))
    record_event("notice.sent", notice, brand=assessment.brand, by=by, changes=_told(notice))
    return notice


def _check_deadline(deadline: date) -> None:
    if deadline <= timezone.localdate():
        raise VoiceRefused(_("The deadline has to lie in the future."))


def _told(notice: ReplyNotice) -> dict[str, list[Any]]:
    """What the log keeps: no name, no address."""
    return {"deadline": [None, notice.deadline.isoformat()], "snapshot": [None, notice.snapshot.sequence]}


def _context(notice: ReplyNotice, address: str = "") -> dict[str, Any]:
    document = json.loads(notice.snapshot.document)
    return {
        "notice": notice,
        "brand": document["brand"]["name"],
        "crisis": document["crisis"]["name"],
        "ledger": ledger(document),
        "sources": document["sources"],
        "numbers": {source["id"]: source["n"] for source in document["sources"]},
        "address": address or link("notice", notice.token, language=notice.language),
    }


def preview(snapshot: Snapshot, contact: BrandContact, *, deadline: date, note: str) -> tuple[str, str]:
    """The mail as it would be sent, in the brand's language. Its private address is only made when it is."""
    notice = ReplyNotice(
        assessment=snapshot.assessment, snapshot=snapshot, language=contact.language, deadline=deadline, note=note
    )
    address = link("notice", "…", language=contact.language).replace("%E2%80%A6", "…")
    return written("notice", contact.language, _context(notice, address))


# --- Afterwards -------------------------------------------------------------------------------------------------------


@transaction.atomic
def move_deadline(notice: ReplyNotice, deadline: date, *, by: User) -> None:
    """Give the brand more time, or set an earlier day before it was ever used."""
    check_may_answer(by)
    notice = _held_open(notice)
    _check_deadline(deadline)
    before, notice.deadline = notice.deadline, deadline
    notice.save(update_fields=["deadline"])
    pair = [before.isoformat(), deadline.isoformat()]
    record_event("notice.moved", notice, brand=notice.assessment.brand, by=by, changes={"deadline": pair})


@transaction.atomic
def revoke(notice: ReplyNotice, *, by: User, reason: str) -> None:
    """Close the private page before its time, and tell the brand so."""
    check_may_answer(by)
    notice = _held_open(notice)
    if not reason.strip():
        raise VoiceRefused(_("Write why the notice is revoked: the log keeps it."))
    notice.revoked_at = timezone.now()
    notice.save(update_fields=["revoked_at"])
    queue("notice_revoked", to=notice.sent_to, language=notice.language, about=notice, context=_context(notice))
    record_event("notice.revoked", notice, brand=notice.assessment.brand, by=by, reason=reason)


def _held_open(notice: ReplyNotice) -> ReplyNotice:
    held = open_notices().select_for_update(of=("self",)).filter(pk=notice.pk).first()
    if held is None:
        raise VoiceRefused(_("This notice is closed: reload the page."))
    return held


def remind_due() -> int:
    """One reminder a notice, a few days before its end, unless a reply has come; how many were sent."""
    answered = Reply.objects.filter(notice=OuterRef("pk"))
    due = open_notices().filter(
        ~Exists(answered),
        reminded_at__isnull=True,
        deadline__lte=timezone.localdate() + REMIND_BEFORE,
        sent_at__lt=timezone.now() - timedelta(days=1),
    )
    return sum(_remind(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int) -> bool:
    notice = ReplyNotice.objects.select_for_update().get(pk=pk)
    if notice.reminded_at or not notice.sent_to:
        return False
    notice.reminded_at = timezone.now()
    notice.save(update_fields=["reminded_at"])
    queue("reminder", to=notice.sent_to, language=notice.language, about=notice, context=_context(notice))
    record_event("notice.reminded", notice, brand=notice.assessment.brand)
    return True


# --- Contacts ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_contact(contact: BrandContact, *, by: User) -> BrandContact:
    check_may_answer(by)
    contact.created_by = by
    contact.save()
    record_event("contact.added", contact, brand=contact.brand, by=by)
    return contact


@transaction.atomic
def retire_contact(contact: BrandContact, *, by: User) -> None:
    """No longer write to this address. Name and address are emptied: they are of no more use."""
    check_may_answer(by)
    contact = BrandContact.objects.select_for_update().get(pk=contact.pk)
    if contact.retired_at:
        return
    contact.retired_at = timezone.now()
    contact.name = contact.email = ""
    contact.save(update_fields=["retired_at", "name", "email"])
    record_event("contact.retired", contact, brand=contact.brand, by=by)
