"""Personal data has an end: who wrote is forgotten on request, or three years after the decision. What was published
stays: text, capacity and organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from scoring.models import ErrorReport, MailState, OutgoingMail, Reply, ReplyNotice
from scoring.voices.documents import erase_letters
from scoring.voices.rules import Submission, brand_of, check_may_answer, name_of, record_event

if TYPE_CHECKING:
    from cxalign.accounts.models import User

KEPT_FOR = timedelta(days=3 * 365)
"""As long as what was said about a brand can be argued over in court; then nobody needs the address any more."""
EXPIRED = gettext_noop("The time for which personal data is kept is over.")


def erase_sender(submission: Submission, *, by: User) -> None:
    """On request: name and address go, from the mails too, and the letter that shows them."""
    check_may_answer(by)
    _erase(submission, by)


@transaction.atomic
def _erase(submission: Submission, by: User | None) -> None:
    held = type(submission).objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if held.erased_at:
        return
    held.name = held.email = ""
    held.erased_at = timezone.now()
    held.save(update_fields=["name", "email", "erased_at"])
    _empty_mails(name_of(held))
    if isinstance(held, Reply):
        erase_letters(held)
    kind = "reply" if isinstance(held, Reply) else "report"
    record_event(f"{kind}.erased", held, brand=brand_of(held), by=by, reason="" if by else EXPIRED)


def _empty_mails(about: str) -> None:
    mails = OutgoingMail.objects.filter(about=about)
    mails.filter(state=MailState.QUEUED).update(state=MailState.FAILED)
    mails.update(to="", body="")


def erase_old() -> int:
    """What the retention period ends; how many records were emptied."""
    before = timezone.now() - KEPT_FOR
    count = 0
    for model in (Reply, ErrorReport):
        for record in model.objects.filter(decided_at__lt=before, erased_at__isnull=True):
            _erase(record, None)
            count += 1
    for notice in (
        ReplyNotice.objects.filter(deadline__lt=before.date()).exclude(sent_to="").select_related("assessment__brand")
    ):
        with transaction.atomic():
            ReplyNotice.objects.filter(pk=notice.pk).update(sent_to="")
            _empty_mails(name_of(notice))
            record_event("notice.erased", notice, brand=notice.assessment.brand, reason=EXPIRED)
        count += 1
    return count
