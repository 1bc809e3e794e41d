"""Who coded and who settled, for those who publish: what the records of double coding know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import CharField, QuerySet, Value

from brands.models import Brand
from scoring import review
from scoring.coding.measuring import weak_in_force
from scoring.coding.rights import barred_from_case
from scoring.models import CodeDecision, ItemCoding
from scoring.remembering import remembered


def register() -> None:
    """Tell the gates of publication what is known here, and let a declared tie bar people from coding."""
    review.coders_of_proof.append(last_coders)
    review.assigned_coders.append(coders_of_cases)
    review.participants.append(settlers_of_cases)
    review.parts += [coders, settlers]
    review.weakly_agreed.append(weak_in_force)
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
    return _by_case(case_ids, CODED)


def settlers_of_cases(case_ids: Collection[int]) -> dict[int, set[int]]:
    """Case → everybody who settled what two coders disagreed on."""
    return _by_case(case_ids, SETTLED)


def coders() -> QuerySet[Any, Any]:
    """Case, brand and person of every coding that was handed in."""
    handed_in = ItemCoding.objects.filter(submitted_at__isnull=False, seat__coder__isnull=False).order_by()
    return handed_in.values_list("item__case_id", "item__case__brand_id", "seat__coder_id").distinct()


def settlers() -> QuerySet[Any, Any]:
    """The same of every decision between two coders."""
    decided = CodeDecision.objects.filter(decided_by__isnull=False).order_by()
    return decided.values_list("item__case_id", "item__case__brand_id", "decided_by_id").distinct()


CODED, SETTLED = "coded", "settled"


def _by_case(case_ids: Collection[int], wanted: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for part, pk, who in parts_in(case_ids):
        if part == wanted:
            found[pk].add(who)
    return dict(found)


@remembered
def parts_in(case_ids: Collection[int]) -> list[tuple[str, int, int]]:
    """Who coded and who settled records of which case: part, case, person."""
    handed_in = ItemCoding.objects.filter(submitted_at__isnull=False, seat__coder__isnull=False)
    decided = CodeDecision.objects.filter(decided_by__isnull=False)
    rows = [
        of_these.filter(item__case__in=case_ids)
        .order_by()
        .annotate(part=Value(part, CharField()))
        .values_list("part", "item__case_id", person)
        for part, of_these, person in ((CODED, handed_in, "seat__coder_id"), (SETTLED, decided, "decided_by_id"))
    ]
    return list(rows[0].union(rows[1]))


def barred_by_a_tie(user: Any, brand: Brand) -> str | None:
    """Why a declared tie keeps this person from coding or settling a case of the brand."""
    try:
        review.check_has_no_tie(user, brand)
    except review.ReviewRefused as refused:
        return str(refused)
    return None
