"""What a person changes by hand: the state before and after, the brands it touches, and taking back.

The screens of the admin save as Django does. What they need to know about a record beyond that stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from brands import codes
from brands.changes import Change, record_changes, subject_of
from brands.imports.planning import described
from brands.models import (
    Action,
    Brand,
    BrandProfile,
    Crisis,
    Event,
    Fact,
    Judgement,
    OutcomeFigure,
    Promise,
    Proof,
    Source,
    Tag,
    fold,
)
from brands.trail import without_follow_ups

State = dict[str, Any]
"""Field → value as the log keeps it. A part comes before its field: ``proofs.customers:harms.depth``."""

PARTS: dict[type[models.Model], tuple[str, ...]] = {Action: ("source_links", "proofs"), Crisis: ("phases",)}
"""Records that belong to another one, are edited on its screen, and count as its own text."""

CODED_FIELDS: dict[type[models.Model], frozenset[str]] = {
    Action: frozenset({"substance", "reach", "initiative", "generosity", "appraisal", "disputed"}),
    Proof: frozenset({"stakeholder", "promise", "direction", "depth", "remedy"}),
    BrandProfile: frozenset({"purpose", "values_heritage", "customer_record"}),
}
"""What two coders agree on. One hand that changes it makes the record single-coded again."""

BOOKKEEPING = {"id", "revision", "created_at", "updated_at", "facts_revision", "search_text", "sort_key", "folded"}
BOOKKEEPING |= {"link_status", "link_checked_at"}

public_now: list[Callable[[list[Brand]], bool]] = []
"""Whoever publishes adds its answer to "is a verdict on one of these brands public?". Facts themselves do not know."""

kept_beside: set[type[models.Model]] = set()
"""Tables of what the installation notes about a record for itself: their rows go when the record goes."""


# --- What a save changes ----------------------------------------------------------------------------------------------


def state_of(record: models.Model) -> State:
    """Everything that a person can change about a record, with the records that belong to it."""
    state = {field.name: logged(getattr(record, field.name)) for field in own_fields(record)}
    for many in record._meta.many_to_many:
        if many.name not in shown_as_parts(record):
            state[many.name] = logged(tuple(getattr(record, many.name).all()))
    for accessor, part in parts_of(record):
        state.update(state_of_part(accessor, part, record))
    return state


def with_state(model: type[models.Model]) -> models.QuerySet[Any]:
    """Records with everything that ``state_of`` asks for, in a number of queries that does not grow with them."""
    related: list[Any] = [many.name for many in model._meta.many_to_many if many.name not in shown_as_parts(model())]
    for accessor in PARTS.get(model, ()):
        part: Any = model._meta.get_field(accessor).related_model
        related.append(models.Prefetch(accessor, part._base_manager.select_related(*_singles(part))))
    return model._base_manager.select_related(*_singles(model)).prefetch_related(*related)


def _singles(model: Any) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.many_to_one and field.name not in BOOKKEEPING]


def parts_of(record: models.Model) -> list[tuple[str, models.Model]]:
    return [(accessor, part) for accessor in PARTS.get(type(record), ()) for part in getattr(record, accessor).all()]


def shown_as_parts(record: models.Model) -> tuple[str, ...]:
    """Relations that are part of the record's own screen, link by link."""
    return ("sources",) if isinstance(record, Action) else ()


def own_fields(record: models.Model) -> list[Any]:
    return [field for field in record._meta.concrete_fields if field.name not in BOOKKEEPING]


def state_of_part(accessor: str, part: models.Model, whole: models.Model) -> State:
    """The fields of a part, without the one that says whose part it is."""
    fields = [field for field in own_fields(part) if field.related_model is not type(whole)]
    return {f"{accessor}.{part_name(part)}.{field.name}": logged(getattr(part, field.name)) for field in fields}


def part_name(part: Any) -> str:
    """How people tell the parts of one record apart."""
    if isinstance(part, Proof):
        return f"{part.stakeholder}:{part.direction}"
    return part.source.key if hasattr(part, "source") else str(part)


def logged(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else described(value)


def differences(before: State, after: State) -> dict[str, list[Any]]:
    """Field → before and after, where they differ. Nothing, no text and no choice are the same absence."""
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: [before.get(name), after.get(name)] for name in names}
    return {name: pair for name, pair in pairs.items() if (pair[0] or None) != (pair[1] or None)}


# --- Whom it touches --------------------------------------------------------------------------------------------------


def brands_of(record: Any) -> list[Brand]:
    """The brands whose facts a record is part of, in the order in which they are locked."""
    if isinstance(record, Brand):
        return [record]
    if isinstance(record, Source):
        resting = [(Action, "sources"), (Promise, "sources"), (BrandProfile, "sources")]
        resting += [(Judgement, "source"), (OutcomeFigure, "source")]
    elif isinstance(record, Crisis):
        resting = [(Action, "crisis"), (BrandProfile, "crisis"), (Judgement, "crisis"), (OutcomeFigure, "crisis")]
    else:
        return [record.brand] if getattr(record, "brand_id", None) else []
    found = Q()
    for model, field in resting:
        found |= Q(pk__in=model._base_manager.filter(**{field: record}).values("brand"))
    return list(Brand.objects.filter(found).order_by("pk"))


def needs_reason(record: models.Model) -> bool:
    """Whether a change must say why: readers were already told something that rests on it."""
    brands = brands_of(record)
    return bool(brands) and any(public(brands) for public in public_now)


def lock(*records: models.Model) -> None:
    """Hold records until the end of the transaction; their brands first, the order that every writer keeps."""
    brand_ids = {brand.pk for record in records for brand in brands_of(record)}
    list(Brand.objects.filter(pk__in=brand_ids).order_by("pk").select_for_update(no_key=True))
    for record in sorted(records, key=lambda record: (record._meta.label, record.pk)):
        type(record)._base_manager.select_for_update(no_key=True).get(pk=record.pk)


# --- Writing it down --------------------------------------------------------------------------------------------------


def record_by_hand(
    kind: str, record: models.Model, *, actor: AbstractBaseUser, changes: dict[str, Any], reason: str
) -> None:
    """One line in the log for each brand that the record is part of; one without a brand where there is none yet."""
    brands: Iterable[frozenset[int]] = [frozenset({brand.pk}) for brand in brands_of(record)] or [frozenset()]
    record_changes((Change(kind, record, ids, changes, reason) for ids in brands), actor=actor)


def record_parts_removed(
    record: models.Model, gone: Iterable[models.Model], *, actor: AbstractBaseUser, reason: str
) -> None:
    """A part that was taken out gets a line under its own name, so that no file brings it back."""
    ids = frozenset(brand.pk for brand in brands_of(record))
    record_changes((Change("evidence.withdrawn", part, ids, {}, reason) for part in gone), actor=actor)


def raise_revision(record: Any) -> None:
    """Say that the record is no longer the one that others may have open."""
    type(record)._base_manager.filter(pk=record.pk).update(revision=F("revision") + 1, updated_at=timezone.now())
    record.refresh_from_db(fields=["revision", "updated_at"])


def last_change(record: models.Model) -> Event | None:
    """Who saved last, as the log tells it."""
    lines = without_follow_ups(Event.objects.filter(subject=subject_of(record)))
    return lines.select_related("actor").order_by("-id").first()


def last_line(record: models.Model) -> int:
    """The number of the log's last line about a record; 0 where there is none yet."""
    return Event.objects.filter(subject=subject_of(record)).aggregate(last=Max("id"))["last"] or 0


def changes_since(record: models.Model, line: int | None) -> State:
    """What was changed about a record since a line of the log: each field with its value from before."""
    before: State = {}
    if line is not None:
        for event in Event.objects.filter(subject=subject_of(record), id__gt=line).order_by("id"):
            for name, pair in event.changes.items():
                before.setdefault(name, pair[0] if isinstance(pair, list) and pair else None)
    return before


def code_alone(record: Any, changed: Iterable[str]) -> bool:
    """Take back the double coding of a record whose codes one person has changed; whether that was so."""
    if record.coding == codes.Coding.SINGLE or not CODED_FIELDS[type(record)] & set(changed):
        return False
    record.coding = codes.Coding.SINGLE
    if isinstance(record, Proof):
        record.settlement = ""
    return True


# --- Taking back ------------------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw(facts: Iterable[Fact], *, by: AbstractBaseUser, reason: str) -> int:
    """Take facts out of use, each with a line in the log; how many were in use until now."""
    in_use = [fact for fact in _held(facts) if not fact.is_withdrawn]
    for fact in in_use:
        before = state_of(fact)
        fact.withdrawn_at, fact.withdrawn_reason = timezone.now(), reason
        _save_use(fact, "evidence.withdrawn", before, by, reason)
    return len(in_use)


@transaction.atomic
def restore(facts: Iterable[Fact], *, by: AbstractBaseUser, reason: str) -> int:
    """Take withdrawn facts into use again; none of them when one collides with a fact in use."""
    withdrawn = [fact for fact in _held(facts) if fact.is_withdrawn]
    for fact in withdrawn:
        before = state_of(fact)
        fact.withdrawn_at, fact.withdrawn_reason = None, ""
        fact.validate_constraints()
        _save_use(fact, "evidence.corrected", before, by, reason)
    return len(withdrawn)


@transaction.atomic
def tag(
    records: Iterable[Any],
    *,
    by: AbstractBaseUser,
    reason: str,
    add: Iterable[Tag] = (),
    remove: Iterable[Tag] = (),
    new: str = "",
) -> int:
    """Put tags on records, a new one too, and take others off; how many have other tags than before."""
    made, is_new = Tag.objects.get_or_create(folded=fold(new.strip()), defaults={"name": new}) if new else (None, False)
    add = [*add, made] if made else list(add)
    moved = []
    for record in _held(records):
        before = state_of(record)
        record.tags.add(*add)
        record.tags.remove(*remove)
        if changes := differences(before, state_of(record)):
            raise_revision(record)
            moved.append((record, changes))
    if made and is_new:
        record_by_hand("reference.added", made, actor=by, changes=differences({}, state_of(made)), reason=reason)
    for record, changes in moved:
        record_by_hand("evidence.tagged", record, actor=by, changes=changes, reason=reason)
    return len(moved)


def _held(facts: Iterable[Any]) -> list[Any]:
    held = list(facts)
    lock(*held)
    for fact in held:
        fact.refresh_from_db()
    return held


def _save_use(fact: Fact, kind: str, before: State, by: AbstractBaseUser, reason: str) -> None:
    fact.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    raise_revision(fact)
    record_by_hand(kind, fact, actor=by, changes=differences(before, state_of(fact)), reason=reason)


def is_unused_draft(record: models.Model) -> bool:
    """Whether a record may vanish: never changed since it was made, nothing rests on it, no verdict on it public."""
    if isinstance(record, Brand) or needs_reason(record):
        return False
    if Event.objects.filter(subject=subject_of(record)).count() > 1:
        return False
    return not is_referred_to(record)


def is_referred_to(record: models.Model) -> bool:
    return any(_rests_on(record, relation) for relation in record._meta.related_objects)


def relations_to(model: type[models.Model]) -> list[Any]:
    """Everything by which other records may name one of these, also where it gives them no way back."""
    fields: list[Any] = [field for field in model._meta.get_fields(include_hidden=True) if field.auto_created]
    others = (field for field in fields if not field.concrete and not field.related_model._meta.auto_created)
    return [field for field in others if field.related_model not in kept_beside]


def _rests_on(record: models.Model, relation: Any) -> bool:
    return bool(relation.related_model._base_manager.filter(**{relation.field.name: record}).exists())
