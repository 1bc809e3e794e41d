"""The eight indices, the proofs that make them, the purpose-washing risk and the other signals."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import pytest

from scoring.engine.verdict import HollowReason, Signal, SignalCode, WashingLevel
from tests.engine.build import (
    COMMUNITY,
    CORE,
    CUSTOMERS,
    EMPLOYEES,
    PARTNERS,
    action,
    dossier,
    harms,
    helps,
    promise,
    verdict_of,
)


def test_delivery_is_that_of_the_promised_group_that_got_least() -> None:
    facts = dossier(
        action("a", helps(CUSTOMERS), su=3, evidence=3),
        action("b", helps(EMPLOYEES), su=1),
        promises=(promise("p1", CUSTOMERS, EMPLOYEES),),
    )
    verdict = verdict_of(facts)
    assert (verdict.indices.delivery, verdict.index_basis.delivery) == (33, ("b.1",))


@pytest.mark.parametrize(
    ("depth", "evidence", "delivery"), [(3, 3, -100), (3, 2, -67), (2, 3, -67), (1, 3, -33), (1, 2, 0), (3, 1, 0)]
)
def test_delivery_falls_below_zero_only_for_what_is_established(depth: int, evidence: int, delivery: int) -> None:
    verdict = verdict_of(dossier(action("a", harms(depth=depth, on="p1"), evidence=evidence), promises=(promise(),)))
    assert verdict.indices.delivery == delivery
    assert verdict.index_basis.delivery == (("a.1",) if delivery else ())


def test_a_brand_without_a_promise_has_no_delivery() -> None:
    assert verdict_of(dossier(action("a", helps(), su=3))).indices.delivery is None


def test_breadth_leaves_out_a_group_that_was_also_harmed() -> None:
    facts = dossier(
        action("a", helps(CUSTOMERS), helps(EMPLOYEES), su=2),
        action("b", harms(EMPLOYEES, 2)),
        promises=(promise(),),
    )
    verdict = verdict_of(facts)
    assert (verdict.indices.breadth, verdict.index_basis.breadth) == (25, ("a.1",))


def test_breadth_and_evidence_are_shares_of_the_groups_that_apply() -> None:
    facts = dossier(action("a", helps(), su=2, evidence=3), not_applicable=frozenset({PARTNERS}))
    assert (verdict_of(facts).indices.breadth, verdict_of(facts).indices.evidence) == (33, 33)


def test_a_brand_to_which_no_core_group_applies_has_indices_all_the_same() -> None:
    verdict = verdict_of(dossier(action("a", helps(), su=3), promises=(promise(),), not_applicable=frozenset(CORE)))
    assert astuple(verdict.indices) == (67, 0, 0, 0, 0, 0, 0, None)


def test_proactivity_and_surpassing_name_the_proofs_that_reach_them() -> None:
    facts = dossier(
        action("a", helps(depth=2, on="p1"), su=2, ge=3, initiative=3, evidence=3),
        action("b", helps(depth=1, on="p1"), su=3, ge=3, initiative=3, evidence=3),
        promises=(promise(),),
    )
    verdict = verdict_of(facts)
    assert (verdict.indices.surpassing, verdict.index_basis.surpassing) == (67, ("a.1",))
    assert (verdict.indices.proactivity, verdict.index_basis.proactivity) == (100, ("b.1",))
    assert verdict.index_basis.evidence == ("a.1", "b.1")


def test_nothing_makes_an_index_that_is_at_its_zero() -> None:
    verdict = verdict_of(dossier(action("a", helps(), evidence=0), promises=(promise(),)))
    assert set(astuple(verdict.index_basis)) == {()}


# ------------------------------------------------------------------------------------------------- purpose-washing

HONEST: dict[str, Any] = {"su": 2, "ge": 2, "initiative": 2}


@pytest.mark.parametrize(
    ("codes", "reasons"),
    [
        ({"su": 0}, ("words_only",)),
        ({"su": 0, "ge": 0, "evidence": 1}, ("words_only", "self_serving", "unverified")),
        ({"ge": 0, "initiative": 1}, ("self_serving", "compelled")),
        ({"ge": 0, "evidence": 1}, ("self_serving", "unverified")),
        ({"initiative": 0, "evidence": 0}, ("compelled", "unverified")),
        ({"ge": 0}, ()),
        ({"evidence": 1}, ()),
        ({"ge": None, "initiative": 0, "evidence": 0}, None),
    ],
    ids=str,
)
def test_an_act_is_hollow_for_words_alone_or_for_two_marks(
    codes: dict[str, Any], reasons: tuple[str, ...] | None
) -> None:
    """``None``: the act cannot be assessed, for an unknown code is no mark."""
    verdict = verdict_of(dossier(action("a", helps(), **{**HONEST, **codes})))
    expected = None if reasons is None else 100 if reasons else 0
    assert verdict.indices.purpose_washing == expected
    hollow = [one for signal in verdict.signals for one in signal.hollow_actions]
    assert [one.reasons for one in hollow] == ([tuple(map(HollowReason, reasons))] if reasons else [])


def washing(*acts: object, **profile: object) -> tuple[int | None, WashingLevel | None]:
    verdict = verdict_of(dossier(*acts, **profile))  # type: ignore[arg-type]
    raised = [signal.level for signal in verdict.signals if signal.code is SignalCode.PURPOSE_WASHING]
    return verdict.indices.purpose_washing, raised[0] if raised else None


def test_the_risk_is_the_share_of_hollow_acts_and_shown_from_medium() -> None:
    def acts(hollow: int, honest: int) -> list[object]:
        words = [action(f"w{number}", helps(), su=0) for number in range(hollow)]
        return [*words, *(action(f"h{number}", helps(), **HONEST) for number in range(honest))]

    assert washing(*acts(1, 7)) == (12, None)  # 12.5, half to even
    assert washing(*acts(1, 3)) == (25, WashingLevel.MEDIUM)
    assert washing(*acts(1, 1)) == (50, WashingLevel.HIGH)


def test_the_risk_needs_half_of_the_helpful_acts_to_be_assessable() -> None:
    unknown = [action(f"u{number}", helps(), su=2) for number in range(2)]
    words = [action(f"w{number}", helps(), su=0) for number in range(2)]
    assert washing(*unknown, words[0])[0] is None
    assert washing(*unknown, *words)[0] == 100


@pytest.mark.parametrize(
    ("profile", "beside", "index"),
    [
        ({}, (), None),
        ({"pu": 1}, (), None),
        ({"pu": 2}, (), 67),
        ({"labels": ("B Corp",)}, (), 67),
        ({}, (action("h", helps()),), 67),
    ],
    ids=["harm alone", "a slogan", "a purpose", "a label", "a good deed"],
)
def test_serious_harm_contradicts_good_deeds_a_purpose_or_a_label(
    profile: dict[str, object], beside: tuple[object, ...], index: int | None
) -> None:
    assert washing(action("a", harms(EMPLOYEES, 2)), *beside, **profile)[0] == index


def test_the_risk_never_moves_the_outcome() -> None:
    facts = dossier(action("a", helps(on="p1"), su=2, ge=0, initiative=0), promises=(promise(),))
    verdict = verdict_of(facts)
    assert (verdict.outcome, verdict.indices.purpose_washing) == ("aligned", 100)


# ---------------------------------------------------------------------------------------------------- other signals


def divergent(*acts: object) -> list[Signal]:
    verdict = verdict_of(dossier(*acts))  # type: ignore[arg-type]
    return [signal for signal in verdict.signals if signal.code is SignalCode.DIVERGENT_STAKEHOLDERS]


def test_help_for_one_group_and_harm_to_another_is_told() -> None:
    helped = action("a", helps(CUSTOMERS), su=2)
    (signal,) = divergent(helped, action("b", harms(EMPLOYEES, 1)))
    assert (signal.helped, signal.harmed) == ((CUSTOMERS,), (EMPLOYEES,))
    assert not divergent(helped, action("b", harms(CUSTOMERS, 3)))
    assert not divergent(helped, action("b", harms(EMPLOYEES, 2, remedy=2)))
    assert not divergent(helped, action("b", harms(EMPLOYEES, 3), evidence=1))
    assert not divergent(action("a", helps(CUSTOMERS), su=1), action("b", harms(EMPLOYEES, 3)))


def test_the_harm_alert_is_raised_in_every_state() -> None:
    for promises in ((), (promise("p1", COMMUNITY),)):
        verdict = verdict_of(dossier(action("a", harms(EMPLOYEES, 2)), promises=promises))
        assert verdict.harm_alert == (EMPLOYEES,)
        assert Signal(SignalCode.HARM_ALERT, harmed=(EMPLOYEES,)) in verdict.signals
