"""Who coded and who settled, for those who publish: what the records of double coding know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any

from brands.models import Brand
from scoring import review
from scoring.coding.rights import barred_from_case
from scoring.models import CodeDecision, CodingItem, ItemCoding
from scoring.models.coding import SEATS


def register() -> None:
    """Tell the gates of publication what is known here, and let a declared tie bar people from coding."""
    review.coders_of_proof += [coders_in_seat(number) for number in SEATS]
    review.assigned_coders.append(coders_of_cases)
    review.participants.append(settlers_of_cases)
    barred_from_case.append(barred_by_a_tie)


def coders_in_seat(number: int) -> Callable[[Collection[str]], review.Coders]:
    """Proof → who handed in the last coding of its action from this seat of a round."""

    def last_coders(proofs: Collection[str]) -> review.Coders:
        handed_in = ItemCoding.objects.filter(
            seat__number=number,
            seat__coder__isnull=False,
            submitted_at__isnull=False,
            item__action__key__in={proof.split(":")[0] for proof in proofs},
        )
        pairs = handed_in.order_by("item_id").values_list("item__action__key", "seat__coder_id")
        by_action = {key: coder for key, coder in pairs if coder is not None}
        return {proof: by_action[key] for proof in proofs if (key := proof.split(":")[0]) in by_action}

    return last_coders


def coders_of_cases(case_ids: Collection[int]) -> dict[int, set[int]]:
    """Case → everybody who handed in a coding of one of its records."""
    handed_in = ItemCoding.objects.filter(submitted_at__isnull=False, seat__coder__isnull=False)
    return _by_case(handed_in.filter(item__case__in=case_ids), "item__case_id", "seat__coder_id")


def settlers_of_cases(case_ids: Collection[int]) -> dict[int, set[int]]:
    """Case → everybody who settled what two coders disagreed on."""
    decided = CodeDecision.objects.filter(item__case__in=case_ids, decided_by__isnull=False)
    settled = CodingItem.objects.filter(case__in=case_ids, settled_as="adjudicated", settled_by__isnull=False)
    found = _by_case(decided, "item__case_id", "decided_by_id")
    for case, people in _by_case(settled, "case_id", "settled_by_id").items():
        found[case] = found.get(case, set()) | people
    return found


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
