"""The gate for changes to facts: the event log, and waking whoever listens.

Admin, import, capture and API all end here, so that no fact changes without a line in the log and none goes unscored.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import F
from django.dispatch import Signal

from brands.models import Brand, Event

brand_changed = Signal()
"""Sent with ``brand_id`` after the change is safely in the database."""


def record_change(
    kind: str,
    *,
    brand: Brand,
    subject: models.Model,
    actor: AbstractBaseUser | None = None,
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Write down what changed, mark the brand as due for scoring, and wake whoever listens after the commit.

    Call it inside the transaction that changes the fact. ``changes`` maps a field to ``[before, after]``.
    """
    event = Event.objects.create(
        kind=kind,
        brand=brand,
        subject=f"{subject._meta.label_lower}:{getattr(subject, 'key', None) or subject.pk}",
        actor=actor,
        changes=changes or {},
        reason=reason,
    )
    Brand.objects.filter(pk=brand.pk).update(facts_revision=F("facts_revision") + 1)
    wake_after_commit(brand.pk)
    return event


def wake_after_commit(brand_id: int) -> None:
    def wake() -> None:  # a plain function: on_commit logs its name when it fails
        brand_changed.send(sender=Brand, brand_id=brand_id)

    transaction.on_commit(wake, robust=True)
