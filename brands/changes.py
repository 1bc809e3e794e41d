"""The gate for changes: the trail, and waking whoever listens.

Admin, import, capture and API all end here, so that nothing changes without a line in the trail and no fact goes
unscored. Changes to facts end with ``record_change`` or ``record_changes``, everything else that people decide
(publications, assignments, codings, replies, rights) with ``record_decision``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models, transaction
from django.db.models import F
from django.dispatch import Signal

from brands.models import Brand, Event, Pseudonym

brand_changed = Signal()
"""Sent with ``brand_id`` after the change is safely in the database."""

many_changed = Signal()
"""Sent with ``brand_ids`` in the place of one signal for each brand, where a file changed more than ``ONE_BY_ONE``."""
ONE_BY_ONE = 50


@transaction.atomic(savepoint=False)
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
    mark_as_due([brand.pk])
    return _line(kind, subject, brand, actor, changes or {}, reason)


@transaction.atomic(savepoint=False)
def record_decision(
    kind: str,
    *,
    subject: models.Model | str,
    brand: Brand | None = None,
    actor: AbstractBaseUser | None = None,
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Write down what somebody decided. It changes no fact, so nothing becomes due for scoring.

    Call it inside the transaction that carries the decision out, after every other lock. ``changes`` maps a field to
    ``[before, after]``; records, people, days and sums may stand in it as they are. A person is kept by their
    pseudonym, never by their name.
    """
    kept = {name: [as_logged(value) for value in pair] for name, pair in (changes or {}).items()}
    return _line(kind, subject, brand, actor, kept, reason)


def _line(
    kind: str,
    subject: models.Model | str,
    brand: Brand | None,
    actor: AbstractBaseUser | None,
    changes: dict[str, Any],
    reason: str,
) -> Event:
    name = subject if isinstance(subject, str) else subject_of(subject)
    line = Event(
        kind=kind,
        brand=brand,
        subject=name,
        actor_id=actor.pk if actor else None,
        changes=changes,
        reason=reason,
    )
    return Event.objects.append([line])[0]


@dataclass(frozen=True, slots=True)
class Change:
    """One change among many that are recorded together."""

    kind: str
    subject: models.Model
    brands: frozenset[int]
    """Ids of the brands whose facts it touches: one, or several where they share a source."""
    changes: dict[str, Any]
    reason: str = ""


@transaction.atomic(savepoint=False)
def record_changes(changes: Iterable[Change], *, actor: AbstractBaseUser | None = None) -> None:
    """``record_change`` for many: an event each, every brand marked as due once and woken once.

    Call it inside the transaction that changes the facts. An event names its brand when there is only one.
    """
    changes = list(changes)
    mark_as_due(set().union(*(change.brands for change in changes)))
    Event.objects.append(
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


def mark_as_due(brands: Iterable[int]) -> None:
    """Say that brands are to be judged anew, before the trail is written: its head is the last lock of a writer."""
    brand_ids = sorted(brands)
    rows = Brand.objects.filter(pk__in=brand_ids)
    if connection.features.has_select_for_update:  # an UPDATE alone locks in any order
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    rows.update(facts_revision=F("facts_revision") + 1)
    if len(brand_ids) > ONE_BY_ONE:
        wake_many_after_commit(brand_ids)
        return
    for brand_id in brand_ids:
        wake_after_commit(brand_id)


PERSON = "person:"
"""Before a pseudonym that stands in the trail as a value, such as the owner of a case."""


def as_logged(value: Any) -> Any:
    """A value as the trail keeps it: records by their keys, people by their pseudonyms, days and sums as text."""
    if isinstance(value, AbstractBaseUser):
        return f"{PERSON}{Pseudonym.objects.codes_of([value.pk])[value.pk]}"
    if isinstance(value, models.Model):
        return getattr(value, "key", None) or getattr(value, "slug", None) or value.pk
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, list | tuple | set | frozenset):
        kept = [as_logged(item) for item in value]
        return sorted(kept, key=str) if isinstance(value, set | frozenset) else kept
    return value


def subject_of(record: models.Model) -> str:
    """How the log names a record: by its key, which outlives the row, where it has one."""
    return f"{record._meta.label_lower}:{getattr(record, 'key', None) or record.pk}"


def wake_after_commit(brand_id: int) -> None:
    def wake() -> None:  # a plain function: on_commit logs its name when it fails
        brand_changed.send(sender=Brand, brand_id=brand_id)

    transaction.on_commit(wake, robust=True)


def wake_many_after_commit(brand_ids: list[int]) -> None:
    def wake() -> None:
        many_changed.send(sender=Brand, brand_ids=brand_ids)

    transaction.on_commit(wake, robust=True)
