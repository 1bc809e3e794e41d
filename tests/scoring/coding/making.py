"""Rounds, coders and codings for tests, in a line each."""

from __future__ import annotations

from typing import Any

from brands.models import Action, Brand
from cxalign.accounts import roles
from cxalign.accounts.models import User
from scoring.coding import flow
from scoring.coding.digests import text_digest
from scoring.coding.rounds import items_of_cases, open_round
from scoring.models import Assessment, CodingItem, CodingRound, ItemCoding
from tests import factories as make
from tests.accounts.desk import somebody

WHY = "The press report says so in plain words."


def a_case(name: str = "", **fields: Any) -> Assessment:
    """A brand with one kept promise, judged: aligned as promised."""
    brand = make.a_kept_promise(name, **fields)
    make.judged(brand)
    return Assessment.objects.select_related("brand", "crisis").get(brand=brand)


def three_people() -> tuple[User, User, User]:
    """Two analysts who code and an editor who organises."""
    return somebody(roles.ANALYST), somebody(roles.ANALYST), somebody(roles.EDITOR)


def a_round(case: Assessment, first: User, second: User, editor: User, **fields: Any) -> CodingRound:
    return open_round(
        by=editor,
        coders=(first, second),
        crisis=case.crisis,
        name=fields.pop("name", "A round"),
        due_on=fields.pop("due_on", None),
        items=fields.pop("items", None) or items_of_cases([case]),
    )


def action_of(case: Assessment) -> Action:
    return Action.objects.get(brand=case.brand)


def item_of(case: Assessment, kind: str = "action") -> CodingItem:
    return CodingItem.objects.with_subject().get(case=case, **{f"{kind}__isnull": False})


def codes_for(case: Assessment, **changes: str | None) -> dict[str, str]:
    """What the facts of ``a_case`` say, as a coder would choose it; ``__`` in a name stands for a dot."""
    action = action_of(case)
    link = action.source_links.get()
    promise = case.brand.promises.get()
    stem = f"source.{link.source.key}"
    codes: dict[str, str | None] = {
        "substance": "2",
        "reach": "2",
        "initiative": "2",
        "generosity": "1",
        "appraisal": "no",
        f"{stem}.kind": "independent",
        f"{stem}.group": link.independence_group,
        "proof.customers.helps": "yes",
        "proof.customers.helps.yardstick": promise.key,
        "proof.customers.helps.depth": "0",
    }
    codes |= {name.replace("__", "."): value for name, value in changes.items()}
    return {name: value for name, value in codes.items() if value is not None}


def coding_of(item: CodingItem, user: User) -> ItemCoding:
    return ItemCoding.objects.select_related("seat__coder", "item__case__brand").get(item=item, seat__coder=user)


def hands_in(user: User, item: CodingItem, codes: dict[str, str], rationale: str = WHY) -> CodingItem:
    coding = coding_of(item, user)
    coding.item = CodingItem.objects.with_subject().get(pk=item.pk)
    return flow.hand_in(
        coding, by=user, codes=codes, rationale=rationale, revision=coding.revision, text=text_digest(coding.item)
    )


def both_in(case: Assessment, coders: tuple[User, User], first: dict[str, str], second: dict[str, str]) -> CodingItem:
    """Both coders hand in the action of a case; the item as it then stands."""
    item = item_of(case)
    hands_in(coders[0], item, first)
    hands_in(coders[1], item, second)
    item.refresh_from_db()
    return item


def touch(brand: Brand) -> None:
    make.touched(brand)


def coded_forty_times(people: tuple[User, User, User]) -> CodingRound:
    """Forty actions, on the substance of eight of which the coders differ by one."""
    case = a_case("Crowd")
    for _ in range(39):
        make.a_proof(make.an_action(case.brand))
    opened = a_round(case, *people, items=[item for item in items_of_cases([case]) if item.action_id])
    for number, item in enumerate(opened.items.order_by("pk")):
        level = str(number % 4)
        codes = {"substance": level, "initiative": "2", "generosity": str(number % 3), "reach": "u", "appraisal": "no"}
        other = {**codes, "substance": str((number + 1) % 4) if number % 5 == 0 else level}
        for seat, chosen in zip(opened.seats.all(), (codes, other), strict=True):
            item.codings.filter(seat=seat).update(codes=chosen, blind_codes=chosen)
    return opened
