"""How many files that cost something one reader may have made in an hour."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

HOUR = 3600


def seconds_to_wait(request: HttpRequest) -> int:
    """0 while this reader may have another one. Counted by account or connection: a header could claim anything."""
    quota = settings.EXPORTS_PER_HOUR
    if not quota:
        return 0
    known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    who = f"user-{request.user.pk}" if known else request.META.get("REMOTE_ADDR", "")
    now = time.time()
    key = f"exports-rate:{who}:{now // HOUR:.0f}"
    cache.add(key, 0, HOUR)
    try:
        used = cache.incr(key)
    except ValueError:  # thrown out by a full cache in between: the count starts afresh
        used = 1
    return 0 if used <= quota else HOUR - int(now % HOUR)
