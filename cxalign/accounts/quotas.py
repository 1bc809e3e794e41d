"""How often somebody may do something in an hour."""

from __future__ import annotations

import time

from django.core.cache import cache

HOUR = 3600


def seconds_to_wait(what: str, who: str, quota: int) -> int:
    """Count this time. 0 while it is within the quota, else seconds until the next hour; a quota of 0 is no limit."""
    if not quota:
        return 0
    now = time.time()
    key = f"{what}-rate:{who}:{now // HOUR:.0f}"
    cache.add(key, 0, HOUR)
    try:
        used = cache.incr(key)
    except ValueError:  # thrown out by a full cache in between: the count starts afresh
        used = 1
    return 0 if used <= quota else HOUR - int(now % HOUR)
