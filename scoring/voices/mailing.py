"""The gate for mails: a row first, in the transaction of what it tells of; sent after the commit, and tried again.

A mail may in rare cases go out twice (a process that died between sending and saying so), under the same message id;
it is never lost. Text is data: templates are ours, what people typed only fills them, and a subject is one line.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import F
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from scoring.models import MailState, OutgoingMail
from scoring.voices.rules import VoiceRefused, check_may_answer, name_of

logger = logging.getLogger(__name__)

mail_queued = Signal()
"""Sent after a mail is safely in the database."""

KINDS = (
    "notice",
    "reminder",
    "notice_revoked",
    "reply_received",
    "reply_published",
    "reply_refused",
    "report_received",
    "report_decided",
    "watch",
)
"""Each is a text in both languages, ``templates/mail/<kind>.<language>.txt``, whose first line is the subject."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
"""How long to wait after each failure; after one more the mail is parked where people see it."""
CLAIM = timedelta(minutes=10)
"""For so long a mail belongs to whoever is sending it."""
SUBJECT_LENGTH = 200
LINE_SPACE = re.compile(r"[^\S\u00a0\u202f]+")
"""Every white space but those that hold a French sign to its word."""


def written(kind: str, language: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of a mail."""
    with translation.override(language):
        told = {"site_name": settings.SITE_NAME, "base_url": settings.BASE_URL, **context}
        text = render_to_string(f"mail/{kind}.{language}.txt", told).strip()
    subject, _line_end, body = text.partition("\n")
    return LINE_SPACE.sub(" ", subject).strip()[:SUBJECT_LENGTH], body.strip() + "\n"


def queue(
    kind: str, *, to: str, language: str, about: models.Model, context: dict[str, Any], unsubscribe: str = ""
) -> OutgoingMail:
    """Write a mail down, in the transaction of what it tells of; it goes out after the commit."""
    subject, body = written(kind, language, context)
    mail = OutgoingMail.objects.create(
        kind=kind, to=to, subject=subject, body=body, language=language, about=name_of(about), unsubscribe=unsubscribe
    )
    wake_after_commit()
    return mail


def wake_after_commit() -> None:
    def wake() -> None:  # a plain function: on_commit logs its name when it fails
        mail_queued.send(sender=OutgoingMail)

    transaction.on_commit(wake, robust=True)


def send_due() -> int:
    """Send what is due; how many went out. Safe to run twice, and beside itself."""
    due = OutgoingMail.objects.filter(state=MailState.QUEUED, next_try_at__lte=timezone.now())
    return sum(_send(pk) for pk in due.order_by("id").values_list("pk", flat=True)[:200])


def _send(pk: int) -> bool:
    mail = _claim(pk)
    if mail is None:
        return False
    try:
        _message(mail).send()
    except (OSError, ValueError) as error:  # the server, or an address that no header can hold
        logger.warning("Mail %s could not be sent: %s", mail.pk, type(error).__name__)
        _failed(mail, error)
        return False
    OutgoingMail.objects.filter(pk=pk).update(state=MailState.SENT, sent_at=timezone.now(), error="")
    return True


@transaction.atomic
def _claim(pk: int) -> OutgoingMail | None:
    """The mail, if it is still due: others leave it alone for a while. Should we die, it is due again."""
    due = OutgoingMail.objects.filter(pk=pk, state=MailState.QUEUED, next_try_at__lte=timezone.now())
    if not due.update(attempts=F("attempts") + 1, next_try_at=timezone.now() + CLAIM):
        return None
    return OutgoingMail.objects.get(pk=pk)


def _message(mail: OutgoingMail) -> EmailMessage:
    contact = settings.LEGAL["contact"]
    return EmailMessage(
        mail.subject,
        mail.body,
        to=[mail.to],
        reply_to=[contact] if "@" in contact else None,
        headers={
            "Message-ID": f"<mail-{mail.pk}@{settings.MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
            **leaving(mail),
        },
    )


def leaving(mail: OutgoingMail) -> dict[str, str]:
    """How a mail program ends such mails for its reader, by one request (RFC 8058)."""
    if not mail.unsubscribe:
        return {}
    return {"List-Unsubscribe": f"<{mail.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _failed(mail: OutgoingMail, error: Exception) -> None:
    tried = mail.attempts
    mail.error = f"{type(error).__name__}: {error}"[:500]
    if tried > len(PAUSES):
        mail.state = MailState.FAILED
    else:
        mail.next_try_at = timezone.now() + PAUSES[tried - 1]
    mail.save(update_fields=["error", "state", "next_try_at"])


@transaction.atomic
def try_again(mail: OutgoingMail, *, by: Any) -> None:
    """Put a parked mail back into the queue."""
    check_may_answer(by)
    parked = OutgoingMail.objects.filter(pk=mail.pk, state=MailState.FAILED).exclude(to="")
    if not parked.update(state=MailState.QUEUED, attempts=0, next_try_at=timezone.now()):
        raise VoiceRefused(_("This mail is not waiting for another try: reload the page."))
    wake_after_commit()


def mails_about(record: models.Model) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(about=name_of(record)).order_by("id"))
