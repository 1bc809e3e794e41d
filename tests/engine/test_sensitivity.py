"""The six switches one by one, and the smallest changes in the order in which they are told."""

from __future__ import annotations

import pytest

from scoring.engine.dossier import Dossier
from scoring.engine.verdict import EditCode, EditKind, Outcome, Switch
from tests.engine.build import (
    COMMUNITY,
    CORE,
    CUSTOMERS,
    EMPLOYEES,
    action,
    dossier,
    harms,
    helps,
    promise,
    verdict_of,
)

DNA = {"su": 3, "re": 3, "ge": 2, "initiative": 3, "evidence": 3}

FLIPS = {
    Switch.DNA_FIRST: (
        dossier(action("a", *(helps(group) for group in CORE), **DNA), promises=(promise(),), vh=2, cc=2),  # type: ignore[arg-type]
        Outcome.DNA_PROACTIVE,
    ),
    Switch.REACH_REQUIRED: (
        dossier(action("a", helps(on="p1"), su=2, re=1, evidence=3), promises=(promise(),)),
        Outcome.INSUFFICIENT_EVIDENCE,
    ),
    Switch.NO_DUTY_OF_CARE: (
        dossier(action("a", harms(EMPLOYEES, 3), evidence=3), promises=(promise(),)),
        Outcome.INSUFFICIENT_EVIDENCE,
    ),
    Switch.ALL_GROUPS_REQUIRED: (
        dossier(action("a", helps(on="p1"), su=2, re=2, evidence=3), promises=(promise(),)),
        Outcome.INSUFFICIENT_EVIDENCE,
    ),
    Switch.DNA_EITHER: (
        dossier(action("a", helps(), **DNA), promises=(promise("p1", EMPLOYEES),), cc=2),  # type: ignore[arg-type]
        Outcome.DNA_PROACTIVE,
    ),
    Switch.TWO_SOURCES_NEEDED: (
        dossier(action("a", harms(on="p1")), promises=(promise(),)),
        Outcome.INSUFFICIENT_EVIDENCE,
    ),
}


@pytest.mark.parametrize("switch", Switch)
def test_each_switch_can_flip_an_outcome(switch: Switch) -> None:
    facts, outcome = FLIPS[switch]
    flips = {effect.switch: effect.outcome for effect in verdict_of(facts).method_agreement.flips}
    assert flips[switch] is outcome


def test_an_outcome_that_no_switch_touches_is_the_same_in_all_sixty_four_variants() -> None:
    agreement = verdict_of(dossier(promises=(promise(),))).method_agreement
    assert (agreement.same, agreement.of, agreement.flips) == (64, 64, ())


# ------------------------------------------------------------------------------------------------- smallest changes


def told(facts: Dossier) -> list[tuple[str, str, str | None, int | None, str]]:
    return [
        (str(change.edit), change.subject, change.code, change.level_to, str(change.to))
        for change in verdict_of(facts).counterfactuals
    ]


def test_the_changes_that_would_lift_a_broken_promise_in_their_order() -> None:
    facts = dossier(action("a", harms(on="p1"), helps(EMPLOYEES), su=2), promises=(promise(),))
    assert told(facts) == [
        ("claim_disproved", "a", None, None, "insufficient_evidence"),
        ("evidence_down", "a", "ev", 1, "insufficient_evidence"),
        ("promise_withdrawn", "p1", None, None, "no_promise"),
        ("level_down", "a.1", "depth", 1, "insufficient_evidence"),
        ("remedy_up", "a.1", "remedy", 1, "insufficient_evidence"),
    ]


def test_the_kinds_come_as_check_code_new() -> None:
    facts = dossier(action("a", helps(on="p1"), su=1), action("b", harms(EMPLOYEES, 2)), promises=(promise(),), vh=1)
    kinds = [change.kind for change in verdict_of(facts).counterfactuals]
    assert kinds == sorted(kinds, key=tuple(EditKind).index)


def test_what_the_verdict_rests_on_comes_first() -> None:
    facts = dossier(
        action("a1", harms(depth=1, on="p1"), evidence=2),
        action("a2", harms(depth=1, on="p1"), evidence=3),
        promises=(promise(),),
    )
    changes = [change for change in verdict_of(facts).counterfactuals if change.edit is EditCode.CLAIM_DISPROVED]
    assert [change.subject for change in changes] == ["a2"]
    two = dossier(*(action(f"a{n}", helps(EMPLOYEES), su=2) for n in (1, 2)), promises=(promise(),))
    assert [change.subject for change in verdict_of(two).counterfactuals if change.kind is EditKind.CHECK] == ["p1"]


def test_an_unknown_code_is_tried_where_it_starts_to_count() -> None:
    facts = dossier(action("a", helps(on="p1"), su=2, ge=2, evidence=3), promises=(promise(),), vh=2, cc=2)
    assert ("level_found", "a", "in", 3, "dna_proactive") in told(facts)
    described = dossier(action("a", helps(on="p1")), promises=(promise(),))
    assert ("level_found", "a", "su", 2, "aligned") in told(described)
    depth = dossier(action("a", helps(depth=None, on="p1"), su=2, ge=1), promises=(promise(),))
    assert ("level_found", "a.1", "depth", 2, "exceeds_promise") in told(depth)


def test_a_missing_kept_proof_is_tried_for_each_core_group_that_lacks_one() -> None:
    three = [group for group in CORE if group is not COMMUNITY]
    facts = dossier(action("a", *(helps(group) for group in three), su=2), promises=(promise("p1", COMMUNITY),))
    (change,) = [one for one in verdict_of(facts).counterfactuals if one.edit is EditCode.KEPT_PROOF]
    assert (change.group, change.to, change.to_breadth) == (COMMUNITY, Outcome.ALIGNED, "all")


def test_a_first_promise_is_told_once_where_it_leads_to_the_same_whoever_it_addresses() -> None:
    (change,) = verdict_of(dossier(action("a", harms(EMPLOYEES, 3)))).counterfactuals
    assert (change.edit, change.group, change.to) == (EditCode.FIRST_PROMISE, None, Outcome.BROKEN_PROMISE)


def test_first_promises_that_lead_to_an_archetype_come_before_those_that_do_not() -> None:
    changes = verdict_of(dossier(action("a", helps(COMMUNITY), su=2))).counterfactuals
    assert [(change.group, change.to) for change in changes][:2] == [
        (COMMUNITY, Outcome.ALIGNED),
        (CUSTOMERS, Outcome.INSUFFICIENT_EVIDENCE),
    ]


def test_a_change_of_breadth_is_no_change_of_outcome() -> None:
    facts = dossier(action("a", *(helps(group) for group in CORE), su=3, evidence=3), promises=(promise(),))
    assert all(change.to is not Outcome.ALIGNED for change in verdict_of(facts).counterfactuals)


def test_where_no_single_change_would_do_nothing_is_told() -> None:
    acts = [action(f"a{number}", harms(on="p1"), evidence=3) for number in range(2)]
    promises = (promise(), promise("p2", EMPLOYEES))
    assert verdict_of(dossier(*acts, promises=promises)).counterfactuals == ()
