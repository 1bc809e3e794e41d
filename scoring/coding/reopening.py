"""Somebody edited what two people had coded: it is to be coded again, and no longer counts as coded by two."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from brands import codes as lists
from brands import editing
from brands.changes import Change, record_changes
from brands.models import Action, Brand, Proof
from scoring.coding.digests import codes_digest, is_as_read, text_digest
from scoring.coding.rounds import with_reading
from scoring.models import CodingItem, CodingStep, ItemCoding, ItemState, StepKind
from scoring.models.coding import LIVE, CodingItemQuerySet

WATCHED = (*LIVE, ItemState.SETTLED)
EDITED = gettext_noop("Edited after two people had coded it: it counts as coded by one until it is coded again.")


def reopen_changed(brand_id: int) -> int:
    """Look at every coded item of a brand; how many of them were edited since. Safe to run twice."""
    items = list(_watched().filter(case__brand_id=brand_id).with_subject())
    if not items:
        return 0
    _with_parts(items)
    changed = [item for item in items if _differs(item)]
    return sum(_reopen(item) for item in changed)


def reopen_changed_of(brand_ids: list[int]) -> int:
    """The same for many brands, most of which nobody codes."""
    watched = _watched().filter(case__brand_id__in=brand_ids)
    return sum(map(reopen_changed, watched.order_by().values_list("case__brand_id", flat=True).distinct()))


def _watched() -> CodingItemQuerySet:
    """What is being coded, and the newest settlement of each record: an earlier one says nothing of it any more."""
    return CodingItem.objects.filter(state__in=WATCHED).not_superseded()


def _with_parts(items: list[CodingItem]) -> None:
    """Give each item its record with sources and proofs, in a few queries."""
    for kind in ("action", "promise", "profile"):
        some = [item for item in items if item.kind == kind]
        if some:
            model: Any = type(some[0].subject)
            records = with_reading(model._base_manager.filter(pk__in=[item.subject.pk for item in some]), kind)
            by_pk = {record.pk: record for record in records}
            for item in some:
                setattr(item, kind, by_pk[item.subject.pk])


def _differs(item: CodingItem) -> bool:
    if getattr(item.subject, "is_withdrawn", False) or not is_as_read(item):
        return True
    return item.state == ItemState.SETTLED and codes_digest(item) != item.codes_digest


@transaction.atomic
def _reopen(item: CodingItem) -> bool:
    brand = Brand.objects.select_for_update().get(pk=item.case.brand_id)
    held = _watched().select_for_update(of=("self",)).with_subject().filter(pk=item.pk).first()
    if held is None or not _differs(held):
        return False
    item = held
    was_settled = item.state == ItemState.SETTLED
    handed_in = item.codings.filter(submitted_at__isnull=False).exists()
    item.state = _state_after(item)
    item.text_digest = text_digest(item)
    item.settled_at, item.settled_by, item.settled_as = None, None, ""
    item.save()
    _give_back(list(item.codings.all()))
    if was_settled or handed_in:
        kind = StepKind.REOPENED if item.state == ItemState.CODING else StepKind.LAPSED
        CodingStep.objects.create(item=item, kind=kind, note=gettext("The record was edited after it had been coded."))
    if was_settled:
        _count_as_single(item.subject, brand)
    return True


def _give_back(codings: list[ItemCoding]) -> None:
    """Each coding is a draft again. It stays the one that agreement is measured on only if both were handed in: before
    that neither coder has seen the other's, and the next one is blind as well, of the text as it stands now."""
    seen = all(coding.blind_codes is not None for coding in codings)
    for coding in codings:
        coding.submitted_at = coding.confirmed_at = None
        coding.blind_codes = coding.blind_codes if seen else None
        coding.revision += 1
        coding.save(update_fields=["submitted_at", "confirmed_at", "blind_codes", "revision", "updated_at"])


def _state_after(item: CodingItem) -> ItemState:
    """Back to its coders; to a new round where they are gone or the record is already in one."""
    if getattr(item.subject, "is_withdrawn", False):
        return ItemState.CLOSED
    busy = CodingItem.objects.live().filter(**{item.kind: item.subject}).exclude(pk=item.pk).exists()
    seats = item.round.seats.select_related("coder")
    at_work = all(seat.coder and seat.coder.is_active for seat in seats)
    return ItemState.CODING if at_work and not busy and not item.round.closed_at else ItemState.LAPSED


def _count_as_single(record: Any, brand: Brand) -> None:
    """Take back the double coding of the record and of its proofs, through the gate."""
    editing.lock(record)
    before = editing.state_of(record)
    if getattr(record, "coding", lists.Coding.SINGLE) != lists.Coding.SINGLE:
        record.coding = lists.Coding.SINGLE
        record.save(update_fields=["coding"])
    if isinstance(record, Action):
        Proof.objects.filter(action=record).update(coding=lists.Coding.SINGLE, settlement="")
    on_file = type(record)._base_manager.get(pk=record.pk)
    changes = editing.differences(before, editing.state_of(on_file))
    if changes:
        editing.raise_revision(on_file)
        record_changes([Change("evidence.corrected", on_file, frozenset({brand.pk}), changes, EDITED)])
