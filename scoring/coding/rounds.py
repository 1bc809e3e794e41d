"""Opening a round: what is to be coded, by whom, and in which order each of them gets it."""

from __future__ import annotations

import hashlib
import json
import math
import random
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from brands.changes import record_decision
from brands.models import Action, ActionSource, BrandProfile, Crisis, Promise
from scoring.coding.digests import text_digest
from scoring.coding.rights import CodingRefused, check_can_be_coder, check_can_organise
from scoring.models import (
    Assessment,
    CoderSeat,
    CodingItem,
    CodingRound,
    CodingStep,
    ItemCoding,
    ItemState,
    Publication,
    StepKind,
)
from scoring.models.coding import LIVE

if TYPE_CHECKING:
    from cxalign.accounts.models import User

SHARE, FEWEST = 0.20, 30
"""The protocol: a fifth of the actions, thirty at least, and every action that decides a published class."""


# --- What to code -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """Actions that the protocol still asks to have coded twice."""

    total: int
    double_coded: int
    wanted: int
    deciding: frozenset[int]
    drawn: frozenset[int]

    @property
    def actions(self) -> frozenset[int]:
        return self.deciding | self.drawn


def sample(crisis: Crisis, seed: int) -> Sample:
    """Every single-coded action that decides a published class, and as many others as the share still lacks."""
    actions = list(Action.objects.in_use().filter(crisis=crisis).order_by("pk").values_list("pk", "key", "coding"))
    alone = {key: pk for pk, key, coding in actions if coding == "single"}
    busy = set(CodingItem.objects.live().filter(action__isnull=False).values_list("action_id", flat=True))
    double = len(actions) - len(alone) + len(busy & set(alone.values()))
    wanted = min(len(actions), max(FEWEST, math.ceil(SHARE * len(actions))))
    deciding = {alone[key] for key in deciding_actions(crisis) if key in alone} - busy
    left = sorted(set(alone.values()) - deciding - busy)
    missing = max(0, wanted - double - len(deciding))
    drawn = random.Random(seed).sample(left, min(missing, len(left)))
    return Sample(len(actions), double, wanted, frozenset(deciding), frozenset(drawn))


def deciding_actions(crisis: Crisis) -> set[str]:
    """Keys of the actions whose proofs decide a verdict that is public now."""

    found: set[str] = set()
    documents = Publication.objects.current().filter(assessment__crisis=crisis)
    for document in documents.values_list("snapshot__document", flat=True).iterator(chunk_size=50):
        found |= {proof.rsplit(":", 2)[0] for proof in json.loads(document)["decisive_proofs"]}
    return found


def subjects_of(case: Assessment) -> dict[str, list[Any]]:
    """All that can be coded of a case: its actions, the brand's promises, its profile."""
    return {
        "action": list(case.brand.actions.in_use().filter(crisis=case.crisis).order_by("key")),
        "promise": list(case.brand.promises.in_use().order_by("key")),
        "profile": list(case.brand.profiles.filter(crisis=case.crisis)),
    }


# --- Opening ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_round(
    *, by: User, coders: tuple[User, User], crisis: Crisis, name: str, due_on: date | None, items: list[CodingItem]
) -> CodingRound:
    """Open a round on unsaved items (see ``items_of_cases``, ``items_of_actions``) for two people."""
    check_can_organise(by)
    if coders[0].pk == coders[1].pk:
        raise CodingRefused(_("Two different people have to code."))
    if not items:
        raise CodingRefused(_("There is nothing to code: every record chosen is already in an open round."))
    for case in {item.case_id: item.case for item in items}.values():
        for coder in coders:
            check_can_be_coder(coder, case)
    opened = CodingRound.objects.create(
        crisis=crisis, name=name, seed=secrets.randbelow(2**31), opened_by=by, due_on=due_on
    )
    seats = [CoderSeat.objects.create(round=opened, number=n, coder=coder) for n, coder in enumerate(coders, start=1)]
    fill(opened, seats, items)
    changes = {"items": [None, len(items)], "coders": [None, list(coders)]}
    record_decision("coding.opened", subject=opened, actor=by, changes=changes)
    return opened


def fill(opened: CodingRound, seats: Iterable[CoderSeat], items: list[CodingItem]) -> None:
    for item in items:
        item.round = opened
    CodingItem.objects.bulk_create(items)
    ItemCoding.objects.bulk_create(ItemCoding(item=item, seat=seat) for item in items for seat in seats)


def items_of_cases(cases: Collection[Assessment]) -> list[CodingItem]:
    """Everything of these cases that nobody is coding now."""
    busy = _busy()
    found: list[CodingItem] = []
    for case in cases:
        for kind, records in subjects_of(case).items():
            free = [record.pk for record in records if record.pk not in busy[kind]]
            busy[kind] |= set(free)  # a brand's promises belong to each of its cases: code them once
            found += _new_items(case, kind, free)
    return found


def items_of_actions(crisis: Crisis, actions: Collection[int]) -> list[CodingItem]:
    """These actions, each under the case it belongs to."""
    cases = {case.brand_id: case for case in Assessment.objects.filter(crisis=crisis).select_related("brand")}
    wanted = Action.objects.in_use().filter(pk__in=set(actions) - _busy()["action"]).order_by("key")
    found: list[CodingItem] = []
    for action in with_reading(wanted, "action"):
        if action.brand_id not in cases:
            cases[action.brand_id] = Assessment.objects.get_or_create(brand=action.brand, crisis=crisis)[0]
        item = CodingItem(case=cases[action.brand_id], action=action)
        item.text_digest = text_digest(item)
        found.append(item)
    return found


def _busy() -> dict[str, set[int]]:
    live = CodingItem.objects.filter(state__in=LIVE).values_list("action_id", "promise_id", "profile_id")
    columns = list(zip(*live, strict=True)) or [(), (), ()]
    return {kind: {pk for pk in pks if pk} for kind, pks in zip(("action", "promise", "profile"), columns, strict=True)}


def _new_items(case: Assessment, kind: str, pks: list[int]) -> list[CodingItem]:
    model: Any = {"action": Action, "promise": Promise, "profile": BrandProfile}[kind]
    found = []
    for record in with_reading(model._default_manager.filter(pk__in=pks).order_by("pk"), kind):
        item = CodingItem(case=case, **{kind: record})
        item.text_digest = text_digest(item)
        found.append(item)
    return found


def with_reading(records: QuerySet[Any], kind: str) -> QuerySet[Any]:
    """Records with all that a coder reads and chooses from, in a few queries."""
    if kind != "action":
        return records.select_related("brand").prefetch_related("sources")
    return records.select_related("brand", "duplicate_of").prefetch_related(
        Prefetch("source_links", ActionSource.objects.select_related("source").order_by("id")),
        "proofs__promise",
        "brand__promises__sources",
    )


# --- The order of work ------------------------------------------------------------------------------------------------


def order_of(coding: ItemCoding, seed: int) -> str:
    """Where an item stands in a coder's row: drawn anew for each seat, and always the same."""
    return hashlib.sha256(f"{seed}:{coding.seat_id}:{coding.item_id}".encode()).hexdigest()


def in_order(codings: Iterable[ItemCoding], seed: int) -> list[ItemCoding]:
    return sorted(codings, key=lambda coding: order_of(coding, seed))


# --- Closing ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def close_round(opened: CodingRound, *, by: User, reason: str) -> int:
    """Give up what is still open of a round; how many items that was. What was settled stays."""
    check_can_organise(by)
    opened = CodingRound.objects.select_for_update().get(pk=opened.pk)
    if opened.closed_at:
        raise CodingRefused(_("This round is closed already."))
    left = list(CodingItem.objects.select_for_update().filter(round=opened, state__in=LIVE))
    for item in left:
        item.state = ItemState.CLOSED
        item.save(update_fields=["state", "changed_at"])
        CodingStep.objects.create(item=item, kind=StepKind.CLOSED, actor=by, note=reason)
    opened.closed_at, opened.closed_reason = timezone.now(), reason
    opened.save(update_fields=["closed_at", "closed_reason"])
    changes = {"open items": [len(left), 0]}
    record_decision("coding.closed", subject=opened, actor=by, changes=changes, reason=reason)
    return len(left)


def people_who_code() -> QuerySet[Any]:
    """Everybody who can be given a seat, by name."""
    from django.contrib.auth import get_user_model

    model: Any = get_user_model()
    right = Q(groups__permissions__codename="code", groups__permissions__content_type__app_label="scoring")
    own = Q(user_permissions__codename="code", user_permissions__content_type__app_label="scoring")
    return model.objects.filter(right | own | Q(is_superuser=True), is_active=True).distinct().order_by("username")
