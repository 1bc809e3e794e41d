"""How many requests a key or an address has a minute, and telling it where it stands."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

_SECONDS = {"sec": 1, "min": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True)
class Standing:
    """What an address has left, and how long until it starts afresh."""

    quota: int
    window: int
    used: int
    resets_in: int

    def headers(self) -> dict[str, str]:
        left = max(0, self.quota - self.used)
        return {
            "RateLimit-Policy": f'"default";q={self.quota};w={self.window}',
            "RateLimit": f'"default";r={left};t={self.resets_in}',
        }


@lru_cache
def parse_rate(rate: str) -> tuple[int, int]:
    """``60/min`` → 60 requests in 60 seconds."""
    match = re.fullmatch(r"([1-9][0-9]*)/(sec|min|hour|day)", rate)
    if match is None:
        raise ImproperlyConfigured(f"An API rate is “{rate}”: write it as 60/min, or leave it empty for no limit.")
    return int(match[1]), _SECONDS[match[2]]


class CallerThrottle(BaseThrottle):
    """Counts by the key; without one, by the address of the connection: what a client claims about its address
    counts for nothing, and a wrong key is a stranger's."""

    standing: Standing

    def allow_request(self, request: Request, view: APIView) -> bool:
        caller, rate = caller_and_rate(request)
        if not rate:
            return True
        quota, window = parse_rate(rate)
        now = time.time()
        used = self._count(f"api-rate:{caller}:{now // window:.0f}", window)
        self.standing = Standing(quota, window, used, window - int(now % window))
        request._request.api_standing = self.standing  # type: ignore[attr-defined]
        return used <= quota

    def _count(self, key: str, window: int) -> int:
        cache.add(key, 0, window)
        try:
            return cache.incr(key)
        except ValueError:  # thrown out by a full cache in between: the count starts afresh
            return 1

    def wait(self) -> float:
        return self.standing.resets_in


def caller_and_rate(request: Request) -> tuple[str, str]:
    key = getattr(request._request, "api_key", None)
    if key is not None:
        return f"key:{key.identifier}", settings.API_KEY_RATE
    return request.META.get("REMOTE_ADDR", ""), settings.API_RATE
