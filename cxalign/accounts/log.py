"""The gate for decisions about people and access: each leaves a line in the log, and wakes no judge."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from brands.changes import subject_of
from brands.models import Brand, Event


def record_decision(
    kind: str,
    *,
    subject: models.Model,
    actor: AbstractBaseUser | None,
    brand: Brand | None = None,
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Write down who decided what. Call it inside the transaction that does it.

    ``changes`` maps a field to ``[before, after]`` and never holds a name, an address, a password or a secret: the log
    is kept for good, and a person may ask to be forgotten.
    """
    return Event.objects.create(
        kind=kind,
        brand=brand,
        subject=subject_of(subject),
        actor_id=actor.pk if actor else None,
        changes=changes or {},
        reason=reason,
    )
