"""The gate for changes to facts: the event log, and waking whoever listens.

Admin, import, capture and API all end here, so that no fact changes without a line in the log and none goes unscored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
        subject=subject_of(subject),
        actor_id=actor.pk if actor else None,
        changes=changes or {},
        reason=reason,
    )
    Brand.objects.filter(pk=brand.pk).update(facts_revision=F("facts_revision") + 1)
    wake_after_commit(brand.pk)
    return event


@dataclass(frozen=True, slots=True)
class Change:
    """One change among many that are recorded together."""

    kind: str
    subject: models.Model
    brands: frozenset[int]
    """Ids of the brands whose facts it touches: one, or several where they share a source."""
    changes: dict[str, Any]
    reason: str = ""


def record_changes(changes: Iterable[Change], *, actor: AbstractBaseUser | None = None) -> None:
    """``record_change`` for many: an event each, every brand marked as due once and woken once.

    Call it inside the transaction that changes the facts. An event names its brand when there is only one.
    """
    changes = list(changes)
    Event.objects.bulk_create(
        Event(
            kind=change.kind,
            brand_id=next(iter(change.brands)) if len(change.brands) == 1 else None,
            subject=subject_of(change.subject),
            actor_id=actor.pk if actor else None,
            changes=change.changes,
            reason=change.reason,
        )
        for change in changes
    )
    brand_ids = sorted(set().union(*(change.brands for change in changes)))
    Brand.objects.filter(pk__in=brand_ids).update(facts_revision=F("facts_revision") + 1)
    for brand_id in brand_ids:
        wake_after_commit(brand_id)


def subject_of(record: models.Model) -> str:
    """How the log names a record: by its key, which outlives the row, where it has one."""
    return f"{record._meta.label_lower}:{getattr(record, 'key', None) or record.pk}"


def wake_after_commit(brand_id: int) -> None:
    def wake() -> None:  # a plain function: on_commit logs its name when it fails
        brand_changed.send(sender=Brand, brand_id=brand_id)

    transaction.on_commit(wake, robust=True)
