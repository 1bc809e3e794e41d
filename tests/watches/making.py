"""People who watch, for tests."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from cxalign.accounts.models import User
from cxalign.pages.watching import telling
from cxalign.watches import following
from cxalign.watches.models import Rhythm, Subscriber
from scoring.models import OutgoingMail
from tests.plans.making import a_planner

PARIS = ZoneInfo("Europe/Paris")


def a_reader(**fields: str) -> User:
    """A consultant in a team, with a mailbox."""
    return a_planner(**{"email": "claire@agency.example", "first_name": "Claire", **fields})


def at(day: str, hour: int = 9, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00").replace(tzinfo=zone)


def mails() -> list[OutgoingMail]:
    """What was written to those who watch, the newest last."""
    return list(OutgoingMail.objects.filter(kind=following.MAIL_KIND).order_by("id"))


def told(now: datetime | None = None) -> list[OutgoingMail]:
    """Let the worker tell; what it wrote."""
    before = {mail.pk for mail in mails()}
    telling.tell_due(now)
    return [mail for mail in mails() if mail.pk not in before]


def subscriber(user: User) -> Subscriber:
    return Subscriber.objects.get(user=user)


__all__ = ["Rhythm"]
