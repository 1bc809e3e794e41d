"""What every act of this part shares: who may, the days that count, the line in the log, links that mails carry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from brands.changes import record_decision
from brands.models import Brand, Event
from scoring.models import Correction, ErrorReport, Reply

if TYPE_CHECKING:
    from cxalign.accounts.models import User

ANSWER = "scoring.answer_replies"
SATURDAY = 5

Submission = Reply | ErrorReport


class VoiceRefused(Exception):
    """Why this cannot be done with a notice, a reply or a report; the text is what the screen shows."""


def check_may_answer(user: User) -> None:
    if not user.has_perm(ANSWER):
        raise VoiceRefused(_("Only an editor can decide on replies and reports: ask one to do it."))


def check_can_decide(user: User, submission: Submission) -> None:
    """Raise ``VoiceRefused`` with the reason unless this person may decide on it now."""
    check_may_answer(user)
    if submission.is_decided:
        raise VoiceRefused(_("This has been decided already: reload the page to see how."))


def can_decide(user: User, submission: Submission) -> bool:
    try:
        check_can_decide(user, submission)
    except VoiceRefused:
        return False
    return True


def check_has_reasons(*texts: str) -> None:
    if not all(text.strip() for text in texts):
        raise VoiceRefused(_("Write your reasons in both languages: they are shown in both."))


def working_days_after(start: date, count: int) -> date:
    """The day that is so many working days later. Weekends do not count; public holidays do, as they differ."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def name_of(record: models.Model) -> str:
    """How the log and the mails name a record: by its public reference where it has one."""
    return f"{record._meta.label_lower}:{getattr(record, 'reference', None) or record.pk}"


def record_event(
    kind: str,
    record: models.Model,
    *,
    brand: Brand | None,
    by: User | None = None,
    changes: dict[str, list[Any]] | None = None,
    reason: str = "",
) -> Event:
    """A line in the log. It changes no fact, so nothing becomes due for scoring. Never a name or an address of a
    person from outside."""
    return record_decision(kind, brand=brand, subject=name_of(record), actor=by, changes=changes, reason=reason)


def brand_of(record: Submission | Correction) -> Brand | None:
    return record.assessment.brand if record.assessment else None


def fingerprint(key: str, *content: Any) -> str:
    """The same for the same form sent twice with the same content; an edited one is another."""
    return hashlib.sha256(json.dumps([key, *content], sort_keys=True).encode()).hexdigest()


def link(name: str, *args: Any, language: str) -> str:
    """An absolute address for a mail: on the public address of the installation, never on what a request claims."""
    with translation.override(language):
        return f"{settings.BASE_URL}{reverse(name, args=args)}"


def histories(records: Iterable[models.Model]) -> list[Event]:
    """What the log says of these records, oldest first."""
    names = [name_of(record) for record in records]
    return list(Event.objects.filter(subject__in=names).select_related("actor").order_by("id"))
