"""When a digest is due: by the clock of whoever reads it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from cxalign.watches.models import Rhythm, Subscriber

if TYPE_CHECKING:
    from cxalign.accounts.models import User


def zone_of(user: User) -> ZoneInfo:
    return ZoneInfo(user.time_zone or settings.TIME_ZONE)


def last_moment(user: User, rhythm: str, now: datetime, of: Subscriber | None = None) -> date:
    """The day of the newest moment at which such a digest was due, now included."""
    of = of or Subscriber()
    hour, weekday = of.hour, of.weekday
    local = now.astimezone(zone_of(user))
    day = local.date() if local.hour >= hour else local.date() - timedelta(days=1)
    return day if rhythm == Rhythm.DAILY else day - timedelta(days=(day.weekday() - weekday) % 7)


def rhythms_due(subscriber: Subscriber, now: datetime) -> dict[str, date]:
    """Which digests are due now, each with the day that it is for."""
    done = {Rhythm.DAILY: subscriber.daily_done_on, Rhythm.WEEKLY: subscriber.weekly_done_on}
    moments = {rhythm: last_moment(subscriber.user, rhythm, now, subscriber) for rhythm in done}
    return {rhythm: day for rhythm, day in moments.items() if (before := done[rhythm]) is None or before < day}
