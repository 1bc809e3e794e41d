"""A wrong configuration is told at start, with a hint. An installation open to others refuses to start on one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from scoring.policies import Policy

POLICIES = tuple(Policy.values)


@register()
def settings_are_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.PUBLICATION_POLICY not in POLICIES:
        found.append(
            Error(
                f"PUBLICATION_POLICY is {settings.PUBLICATION_POLICY!r}.",
                hint=f"Set it to one of: {', '.join(POLICIES)}.",
                id="cxalign.E001",
            )
        )
    if settings.IS_LOCAL:
        return found
    if len(settings.SECRET_KEY) < 50:
        found.append(
            Error("SECRET_KEY is missing or short.", hint="Set it to at least 50 random characters.", id="cxalign.E002")
        )
    if settings.DEBUG:
        found.append(Error("DEBUG is on while ALLOWED_HOSTS is open.", hint="Leave DEBUG unset.", id="cxalign.E003"))
    if not settings.BASE_URL.startswith("https://"):
        found.append(Error("BASE_URL is not https.", hint="Set it to the public address.", id="cxalign.E004"))
    if settings.MAIL_IS_FILED:
        found.append(
            Warning(
                "EMAIL_URL is not set: mails to brands and readers stay in files and reach nobody.",
                hint="Name a mail server, such as smtp+tls://user:password@mail.example.org:587.",
                id="cxalign.W001",
            )
        )
    if not settings.TRAIL_HEAD_MAIL:
        found.append(
            Warning(
                "TRAIL_HEAD_MAIL is not set: the end of the trail never leaves this machine.",
                hint="Name an address outside of it: only a head kept elsewhere finds a trail that was made anew.",
                id="cxalign.W002",
            )
        )
    return found
