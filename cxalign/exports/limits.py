"""How many files that cost something one reader may have made in an hour."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from cxalign.accounts import quotas


def seconds_to_wait(request: HttpRequest) -> int:
    """0 while this reader may have another one. Counted by account or connection: a header could claim anything."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    who = f"user-{request.user.pk}" if known else request.META.get("REMOTE_ADDR", "")
    return quotas.seconds_to_wait("exports", who, settings.EXPORTS_PER_HOUR)
