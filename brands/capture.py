"""The gate for quick capture: what is already on file, and a source with its act or promise kept in one go.

Either everything is kept, with its lines in the log, or nothing is. A form that is sent twice keeps its act once: the
key is made from the form, and a key exists once.
"""

from __future__ import annotations

import calendar
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.text import slugify
from rapidfuzz import fuzz

from brands import codes, editing
from brands.addresses import comparable, host_of
from brands.fields import first_day
from brands.models import Action, ActionSource, Brand, Fact, Promise, Proof, Source, fold

NEAR = 92
"""How alike, of 100, two texts have to be to be taken for one."""
SAME_ACT_WITHIN = timedelta(days=14)
LOOKED_AT = 400
"""Records with a rare word in common that are compared letter by letter."""
SHORTEST = 12
"""Shorter texts resemble too many others."""


# --- What is already on file ------------------------------------------------------------------------------------------


def sources_at(address: str) -> list[Source]:
    """The sources in use at this address, whatever variant of it was typed."""
    wanted, host = comparable(address), host_of(address)
    if not wanted:
        return []
    at_host = Source.objects.in_use().filter(url__icontains=host).values_list("pk", "url")
    found = [pk for pk, url in at_host.iterator() if comparable(url) == wanted]
    return list(Source.objects.filter(pk__in=found).order_by("pk"))


def sources_titled(title: str) -> list[Source]:
    """Sources in use whose title is nearly this one."""
    words = [word for word in title.split() if word.isascii()]
    if len(title.strip()) < SHORTEST or not words:
        return []
    rarest = max(words, key=len)
    candidates = Source.objects.in_use().filter(title__icontains=rarest).order_by("-pk")[:LOOKED_AT]
    return [source for source in candidates if alike(source.title, title)]


def promises_quoted(brand: Brand, quote: str) -> list[Promise]:
    """Promises in use of this brand whose quotation is nearly this one."""
    if len(quote.strip()) < SHORTEST:
        return []
    return [promise for promise in brand.promises.in_use() if promise.quote and alike(promise.quote, quote)]


def alike(one: str, other: str) -> bool:
    return fuzz.ratio(plain(one), plain(other)) >= NEAR


def plain(text: str) -> str:
    """A text as comparing sees it: letters and digits only, without accents or case."""
    return " ".join("".join(char if char.isalnum() else " " for char in fold(text)).split())


def likely_duplicates(action: Action, groups: Collection[str]) -> list[Action]:
    """Acts on file that may be this one: same brand, crisis and family, a group in common, begun within 14 days.

    An act without a family may belong to any. The same words are enough by themselves.
    """
    others = Action.objects.in_use().filter(brand=action.brand, crisis=action.crisis).exclude(pk=action.pk)
    candidates = others.prefetch_related("proofs").order_by("started", "pk")
    return [other for other in candidates if _says_the_same(action, other) or _may_be(action, groups, other)]


def _says_the_same(action: Action, other: Action) -> bool:
    pairs = [(action.statement_en, other.statement_en), (action.statement_fr, other.statement_fr)]
    return any(alike(one, two) for one, two in pairs if one and two)


def _may_be(action: Action, groups: Collection[str], other: Action) -> bool:
    same_family = not action.family or not other.family or action.family == other.family
    shared = {proof.stakeholder for proof in other.proofs.all()} & set(groups)
    return bool(same_family and shared and begin_together(action.started, other.started))


def begin_together(one: str, other: str) -> bool:
    """Whether two partial dates can lie within 14 days of each other; an unknown one cannot be compared."""
    if not one or not other:
        return False
    apart = max(first_day(one) - last_day(other), first_day(other) - last_day(one))
    return apart <= SAME_ACT_WITHIN


def last_day(value: str) -> date:
    """The latest day that a stored partial date can mean."""
    parts = [int(part) for part in value.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def suggested_group(brand: Brand, *, source_type: str, publisher: str, kind: str) -> str:
    """With whom a source speaks in one voice: its publisher; the brand, where it is its own word or relays it."""
    if source_type == codes.SourceType.BRAND_OWNED or kind == codes.SourceKind.INTERESTED or not slugify(publisher):
        return brand.slug
    return slugify(publisher)[:80].strip("-")


# --- Keeping ----------------------------------------------------------------------------------------------------------


Kind = TypeVar("Kind", Action, Promise)


@dataclass(frozen=True)
class Kept(Generic[Kind]):
    """What a save left on file."""

    record: Kind
    source: Source
    is_new: bool
    """False where the same form had been saved before: nothing was written."""


def key_for(record: Fact, form: Mapping[str, Any], by: AbstractBaseUser) -> str:
    """A readable key that the same form of the same person makes again, and another one does not."""
    told = json.dumps([by.pk, sorted((name, str(value)) for name, value in form.items())])
    start = slugify(record.key_text())[:90].strip("-") or "record"
    return f"{start}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


@transaction.atomic
def keep_act(
    action: Action, proofs: Iterable[Proof], link: ActionSource, source: Source, *, by: AbstractBaseUser, key: str
) -> Kept[Action]:
    """Keep an act with its source and its proofs. Raises ``ValidationError`` where a model refuses."""
    _hold(action.brand, source)
    if on_file := Action.objects.filter(key=key).first():
        return Kept(on_file, _first_source(on_file) or source, is_new=False)
    is_new_source = _keep_source(source)
    action.key = key
    _checked_save(action)
    link.action, link.source = action, source
    _checked_save(link)
    for proof in proofs:
        proof.action = action
        _checked_save(proof)
    if is_new_source:
        _record_added(source, by)
    _record_added(action, by)
    return Kept(action, source, is_new=True)


@transaction.atomic
def keep_promise(promise: Promise, source: Source, *, by: AbstractBaseUser, key: str) -> Kept[Promise]:
    """Keep a promise with its source."""
    _hold(promise.brand, source)
    if on_file := Promise.objects.filter(key=key).first():
        return Kept(on_file, on_file.sources.first() or source, is_new=False)
    is_new_source = _keep_source(source)
    promise.key = key
    _checked_save(promise)
    promise.sources.add(source)
    if is_new_source:
        _record_added(source, by)
    _record_added(promise, by)
    return Kept(promise, source, is_new=True)


@transaction.atomic
def link_to_act(action: Action, link: ActionSource, source: Source, *, by: AbstractBaseUser, why: str) -> Kept[Action]:
    """Put one more source behind an act on file. Where it is behind it already, nothing changes."""
    _hold(action.brand, source)
    action = Action.objects.select_for_update().get(pk=action.pk)
    if source.pk and action.source_links.filter(source=source).exists():
        return Kept(action, source, is_new=False)
    before = editing.state_of(action)
    is_new_source = _keep_source(source)
    link.action, link.source = action, source
    _checked_save(link)
    if is_new_source:
        _record_added(source, by)
    editing.raise_revision(action)
    on_file = Action.objects.get(pk=action.pk)
    changes = editing.differences(before, editing.state_of(on_file))
    editing.record_by_hand("evidence.corrected", on_file, actor=by, changes=changes, reason=why)
    return Kept(on_file, source, is_new=True)


def _hold(brand: Brand, source: Source) -> None:
    """Brand first, then fact: the order that every writer keeps. Whoever sends the same form waits here."""
    Brand.objects.select_for_update().get(pk=brand.pk)
    if source.pk:
        Source.objects.select_for_update().get(pk=source.pk)


def _first_source(action: Action) -> Source | None:
    link = action.source_links.select_related("source").order_by("pk").first()
    return link.source if link else None


def _keep_source(source: Source) -> bool:
    if source.pk:
        return False
    _checked_save(source)
    return True


def _checked_save(record: Any) -> None:
    record.full_clean()
    record.save()


def _record_added(record: Fact, by: AbstractBaseUser) -> None:
    on_file = type(record)._base_manager.get(pk=record.pk)
    changes = editing.differences({}, editing.state_of(on_file))
    editing.record_by_hand("evidence.added", on_file, actor=by, changes=changes, reason="")
