"""Who coded and who settled, for those who publish: what the records of double coding know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from brands.models import Brand
from scoring import review
from scoring.coding.rights import barred_from_case
from scoring.models import CodeDecision, ItemCoding


def register() -> None:
    """Tell the gates of publication what is known here, and let a declared tie bar people from coding."""
    review.coders_of_proof.append(last_coders)
    review.assigned_coders.append(coders_of_cases)
    review.participants.append(settlers_of_cases)
    barred_from_case.append(barred_by_a_tie)


def last_coders(proofs: Collection[str]) -> review.Coders:
    """Proof → who handed in the codings of its action in the last round that had it."""
    handed_in = ItemCoding.objects.filter(
        seat__coder__isnull=False,
        submitted_at__isnull=False,
        item__action__key__in={proof.split(":")[0] for proof in proofs},
    )
    last: dict[str, tuple[int, set[int]]] = {}
    for key, item, coder in handed_in.order_by("item_id").values_list("item__action__key", "item_id", "seat__coder_id"):
        if coder is not None:
            people = last[key][1] if key in last and last[key][0] == item else set()
            last[key] = (item, people | {coder})
    return {proof: last[key][1] for proof in proofs if (key := proof.split(":")[0]) in last}


def coders_of_cases(case_ids: Collection[int]) -> dict[int, set[int]]:
    """Case → everybody who handed in a coding of one of its records."""
    handed_in = ItemCoding.objects.filter(submitted_at__isnull=False, seat__coder__isnull=False)
    return _by_case(handed_in.filter(item__case__in=case_ids), "item__case_id", "seat__coder_id")


def settlers_of_cases(case_ids: Collection[int]) -> dict[int, set[int]]:
    """Case → everybody who settled what two coders disagreed on."""
    decided = CodeDecision.objects.filter(item__case__in=case_ids, decided_by__isnull=False)
    return _by_case(decided, "item__case_id", "decided_by_id")


def _by_case(rows: Any, case: str, person: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for pk, who in rows.order_by().values_list(case, person).distinct():
        found[pk].add(who)
    return dict(found)


def barred_by_a_tie(user: Any, brand: Brand) -> str | None:
    """Why a declared tie keeps this person from coding or settling a case of the brand."""
    try:
        review.check_has_no_tie(user, brand)
    except review.ReviewRefused as refused:
        return str(refused)
    return None
