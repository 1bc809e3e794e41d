"""Sessions that end: twelve hours after the sign-in whatever happens, and after two idle hours where there is a desk.

A session says when it began and when it was last used. One that is over is deleted from the database the moment
somebody comes back with it.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as StockSessionStore
from django.utils import timezone

BEGAN, USED, HAS_DESK = "began_at", "used_at", "has_desk"
NOTED_EVERY = 60
"""Seconds: a session is not written at each request."""


def begin(session: Any, *, has_desk: bool) -> None:
    """Start counting. Called at sign-in."""
    now = int(time.time())
    session[BEGAN] = session[USED] = now
    session[HAS_DESK] = has_desk


def is_over(data: dict[str, Any], now: float) -> bool:
    if BEGAN not in data:
        return False
    idle_too_long = data.get(HAS_DESK) and now - data.get(USED, 0) > settings.SESSION_IDLE_AGE
    return bool(now - data[BEGAN] > settings.SESSION_COOKIE_AGE or idle_too_long)


class SessionStore(StockSessionStore):
    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        now = time.time()
        if is_over(data, now):
            self.delete()
            self._session_key = None
            return {}
        if BEGAN in data and now - data.get(USED, 0) > NOTED_EVERY:
            data[USED] = int(now)
            self.modified = True
        return data

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Counted from the sign-in: being used does not make a session live longer."""
        began = self.get(BEGAN)
        if began is None:
            return super().get_expiry_date(**kwargs)
        return datetime.fromtimestamp(began + settings.SESSION_COOKIE_AGE, UTC)

    def get_expiry_age(self, **kwargs: Any) -> int:
        return max(0, int((self.get_expiry_date() - timezone.now()).total_seconds()))
