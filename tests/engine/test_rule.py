"""The decision rule as truth tables, its reasons, what it rests on, and how firm it is."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.engine.dossier import Group
from scoring.engine.robustness import word_for
from scoring.engine.verdict import AlsoMet, Breadth, Cap, Condition, FindingCode, Outcome, Reason, Robustness, Unmet
from tests.engine.build import (
    COMMUNITY,
    CORE,
    CUSTOMERS,
    EMPLOYEES,
    ENVIRONMENT,
    PARTNERS,
    action,
    dossier,
    harms,
    helps,
    method,
    promise,
    verdict_of,
)

BROKEN, NONE = Outcome.BROKEN_PROMISE, Outcome.INSUFFICIENT_EVIDENCE


# -------------------------------------------------------------------------------------------------------- rule 1


@pytest.mark.parametrize("evidence", range(4))
@pytest.mark.parametrize("severity", [1, 2, 3])
def test_rule_1_on_a_promise(severity: int, evidence: int) -> None:
    verdict = verdict_of(dossier(action("a", harms(depth=severity, on="p1"), evidence=evidence), promises=(promise(),)))
    broken = (severity >= 2 and evidence >= 2) or (severity == 1 and evidence == 3)
    assert (verdict.outcome is BROKEN) == broken


@pytest.mark.parametrize("evidence", range(4))
@pytest.mark.parametrize("severity", [1, 2, 3])
def test_rule_1_under_the_duty_of_care(severity: int, evidence: int) -> None:
    facts = dossier(action("a", harms(EMPLOYEES, severity), evidence=evidence), promises=(promise(),))
    broken = (severity == 3 and evidence >= 2) or (severity == 2 and evidence == 3)
    assert (verdict_of(facts).outcome is BROKEN) == broken


@pytest.mark.parametrize(("remedy", "outcome"), [(0, BROKEN), (1, BROKEN), (2, NONE)])
def test_a_remedy_lowers_the_severity(remedy: int, outcome: Outcome) -> None:
    facts = dossier(action("a", harms(depth=2, on="p1", remedy=remedy), evidence=3), promises=(promise(),))
    assert verdict_of(facts).outcome is outcome


@pytest.mark.parametrize(
    ("kept_for", "outcome"), [(CUSTOMERS, Outcome.ALIGNED), (EMPLOYEES, BROKEN)], ids=["same people", "other people"]
)
def test_a_mild_shortfall_is_answered_only_towards_the_same_people(kept_for: Group, outcome: Outcome) -> None:
    facts = dossier(
        action("a", harms(depth=1, on="p1"), evidence=3), action("b", helps(kept_for), su=2), promises=(promise(),)
    )
    assert verdict_of(facts).outcome is outcome


def test_an_unknown_depth_is_no_breach() -> None:
    facts = dossier(action("a", harms(depth=None, on="p1"), evidence=3), promises=(promise(),))
    assert verdict_of(facts).reason is Reason.NO_HELPFUL_ACT


def test_harm_to_the_environment_counts() -> None:
    facts = dossier(action("a", harms(ENVIRONMENT, 3), evidence=3), promises=(promise(),))
    assert verdict_of(facts).outcome is BROKEN


# ---------------------------------------------------------------------------------------------------- rules 2 to 5


def test_help_for_every_core_group_needs_at_least_three_of_them_to_apply() -> None:
    for missing, breadth in (((PARTNERS,), Breadth.ALL), ((PARTNERS, COMMUNITY), Breadth.PROMISED)):
        groups = [group for group in CORE if group not in missing]
        facts = dossier(
            action("a", *(helps(group) for group in groups), su=2),
            promises=(promise(),),
            not_applicable=frozenset(missing),
        )
        assert verdict_of(facts).breadth is breadth


def test_a_promise_to_the_environment_alone_makes_nobody_aligned() -> None:
    facts = dossier(action("a", helps(ENVIRONMENT, on="p1"), su=3), promises=(promise("p1", ENVIRONMENT),))
    assert (verdict_of(facts).outcome, verdict_of(facts).reason) == (NONE, Reason.PARTIAL)


@pytest.mark.parametrize(
    ("codes", "outcome"),
    [
        ({}, Outcome.EXCEEDS_PROMISE),
        ({"ge": 0}, Outcome.ALIGNED),
        ({"ge": None}, Outcome.ALIGNED),
        ({"depth": 1}, Outcome.ALIGNED),
        ({"su": 1}, NONE),
        ({"evidence": 1}, NONE),
        ({"on": "duty"}, Outcome.ALIGNED),
    ],
    ids=str,
)
def test_exceeding_takes_a_far_depth_on_a_promise_at_some_cost(codes: dict[str, Any], outcome: Outcome) -> None:
    given: dict[str, Any] = {"su": 2, "ge": 1, "depth": 2, "on": "p1", "evidence": 2, **codes}
    proof = helps(depth=given.pop("depth"), on=given.pop("on"))
    assert verdict_of(dossier(action("a", proof, **given), promises=(promise(),))).outcome is outcome


@pytest.mark.parametrize(
    ("codes", "met"),
    [
        ({}, True),
        ({"pu": 2, "vh": None}, True),
        ({"vh": 1}, False),
        ({"cc": 1}, False),
        ({"initiative": 2}, False),
        ({"ge": 1}, False),
        ({"group": EMPLOYEES}, False),
    ],
    ids=str,
)
def test_dna_takes_lineage_and_an_unprompted_costly_act_for_customers(codes: dict[str, Any], met: bool) -> None:
    given: dict[str, Any] = {
        "su": 2,
        "ge": 2,
        "initiative": 3,
        "vh": 2,
        "cc": 2,
        "pu": None,
        "group": CUSTOMERS,
        **codes,
    }
    profile = {name: given.pop(name) for name in ("pu", "vh", "cc")}
    act = action("a", helps(given.pop("group")), **given)
    verdict = verdict_of(dossier(act, promises=(promise(),), **profile))
    assert (verdict.outcome is Outcome.DNA_PROACTIVE) == met


def test_serious_harm_bars_every_archetype_and_what_else_is_met_is_still_shown() -> None:
    facts = dossier(
        action("a", *(helps(group, 2, on="p1" if group is CUSTOMERS else "duty") for group in CORE), su=2, ge=2),
        action("b", harms(EMPLOYEES, 2)),
        promises=(promise(),),
    )
    verdict = verdict_of(facts)
    assert (verdict.outcome, verdict.reason) == (NONE, Reason.HARM_TO_SETTLE)
    assert verdict.also_meets == (
        AlsoMet(Outcome.ALIGNED, Breadth.ALL),
        AlsoMet(Outcome.EXCEEDS_PROMISE),
    )
    assert verdict.harm_alert == (EMPLOYEES,)


def test_without_a_promise_nothing_is_also_met() -> None:
    verdict = verdict_of(dossier(action("a", *(helps(group) for group in CORE), su=3)))
    assert (verdict.outcome, verdict.also_meets, verdict.probabilities, verdict.robustness) == (
        Outcome.NO_PROMISE, (), None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (action("a", harms(depth=2), evidence=1), Reason.HARM_TO_SETTLE),
        (action("a", helps(EMPLOYEES), su=2), Reason.PARTIAL),
        (action("a", helps(), su=1), Reason.TOKEN),
        (action("a", helps()), Reason.UNDESCRIBED),
        (action("a", helps(), su=3, evidence=1), Reason.UNVERIFIED),
        (action("a", harms(depth=1)), Reason.NO_HELPFUL_ACT),
        (action("a"), Reason.NO_ACTION),
    ],
    ids=lambda value: value.value if isinstance(value, Reason) else "",
)
def test_too_little_evidence_says_why(act: object, reason: Reason) -> None:
    verdict = verdict_of(dossier(act, promises=(promise(),)))  # type: ignore[arg-type]
    assert (verdict.outcome, verdict.reason) == (NONE, reason)


# --------------------------------------------------------------------------------------------- what it rests on


def test_a_broken_promise_names_its_proofs_gravest_and_best_shown_first() -> None:
    facts = dossier(
        action("a1", harms(depth=2, on="p1"), started="2020-04"),
        action("a2", harms(EMPLOYEES, 3), evidence=3, started="2020-06"),
        action("a3", harms(depth=2, on="p1"), started="2020-03"),
        promises=(promise(),),
    )
    assert verdict_of(facts).decisive_proofs == ("a2.1", "a3.1", "a1.1")


def test_equal_proofs_are_told_apart_by_start_and_then_by_id() -> None:
    later, undated, ninth, tenth = (
        action("a1", helps(on="p1"), su=2, started="2020-05"),
        action("a2", helps(on="p1"), su=2),
        action("a9", helps(on="p1"), su=2, started="2020-04"),
        action("a10", helps(on="p1"), su=2, started="2020-04"),
    )
    assert verdict_of(dossier(tenth, later, undated, ninth, promises=(promise(),))).decisive_proofs == ("a9.1",)


def test_aligned_with_all_names_one_proof_for_each_group_and_its_weakest_link() -> None:
    facts = dossier(
        action("a1", helps(CUSTOMERS), helps(EMPLOYEES), su=3, evidence=3),
        action("a2", helps(PARTNERS), helps(COMMUNITY), helps(CUSTOMERS), su=2),
        promises=(promise(),),
    )
    verdict = verdict_of(facts)
    assert verdict.decisive_proofs == ("a1.1", "a1.2", "a2.1", "a2.2")
    assert verdict.weakest_group is PARTNERS


def test_too_little_evidence_rests_on_no_proof() -> None:
    assert verdict_of(dossier(action("a", helps(), su=1), promises=(promise(),))).decisive_proofs == ()


# --------------------------------------------------------------------------------------------------- robustness


@pytest.mark.parametrize(
    ("chance", "word"),
    [(0.9, "robust"), (0.8999, "probable"), (0.7, "probable"), (0.5, "fragile"), (0.4999, "contested")],
)
def test_the_word_follows_the_probability(chance: float, word: str) -> None:
    assert word_for(chance, method()) == word


def test_a_promise_that_is_only_attributed_keeps_the_verdict_fragile() -> None:
    breach = action("a", harms(on="p1"), evidence=3, double_coded=True)
    assert verdict_of(dossier(breach, promises=(promise(st=2),))).robustness is Robustness.ROBUST
    attributed = verdict_of(dossier(breach, promises=(promise(st=1),)))
    assert (attributed.robustness, attributed.caps) == (Robustness.FRAGILE, (Cap.PROMISE_ONLY_ATTRIBUTED,))


def test_a_verdict_that_rests_on_appraisals_is_fragile() -> None:
    act = action("a", *(helps(group) for group in CORE), su=3, evidence=3, appraisal=True, double_coded=True)
    verdict = verdict_of(dossier(act, promises=(promise(),)))
    assert (verdict.robustness, verdict.caps) == (Robustness.FRAGILE, (Cap.RESTS_ON_APPRAISALS,))


def test_one_group_kept_is_thin_ground_for_being_aligned() -> None:
    one = dossier(action("a", helps(), su=3, evidence=3), promises=(promise(),))
    two = dossier(action("a", helps(), helps(EMPLOYEES), su=3, evidence=3), promises=(promise(),))
    assert (verdict_of(one).robustness, verdict_of(one).caps) == (Robustness.FRAGILE, (Cap.SINGLE_GROUP,))
    assert (verdict_of(two).robustness, verdict_of(two).caps) == (Robustness.ROBUST, ())


def test_caps_do_not_touch_too_little_evidence() -> None:
    verdict = verdict_of(dossier(promises=(promise(st=1),)))
    assert (verdict.robustness, verdict.caps) == (Robustness.ROBUST, ())


def test_another_outcome_that_is_more_probable_is_told() -> None:
    verdict = verdict_of(dossier(action("a", harms(EMPLOYEES, 2)), promises=(promise(),)))
    assert (verdict.outcome, verdict.more_probable) == (NONE, BROKEN)
    (finding,) = [one for one in verdict.findings if one.code is FindingCode.OTHER_MORE_PROBABLE]
    assert finding.numbers == (("chance", 7125),)


# -------------------------------------------------------------------------------------------------- what is missing


def test_the_distance_to_each_archetype_is_its_unmet_conditions() -> None:
    facts = dossier(action("a", helps(EMPLOYEES), su=2), promises=(promise(),), vh=2)
    assert verdict_of(facts).unmet == (
        Unmet(
            BROKEN,
            None,
            (
                Condition.ESTABLISHED_BREACH_OF_PROMISE,
                Condition.ESTABLISHED_SERIOUS_HARM,
                Condition.UNANSWERED_SHORTFALL,
            ),
        ),
        Unmet(
            Outcome.ALIGNED,
            Breadth.ALL,
            (Condition.KEPT_FOR_EVERY_CORE_GROUP,),
            (CUSTOMERS, PARTNERS, COMMUNITY),
        ),
        Unmet(Outcome.EXCEEDS_PROMISE, None, (Condition.FAR_BEYOND_A_PROMISE,)),
        Unmet(Outcome.DNA_PROACTIVE, None, (Condition.CUSTOMER_RECORD, Condition.UNPROMPTED_AT_OWN_COST), (CUSTOMERS,)),
        Unmet(Outcome.ALIGNED, Breadth.PROMISED, (Condition.KEPT_FOR_EVERY_PROMISED_GROUP,), (CUSTOMERS,)),
    )


def test_harm_and_a_missing_promise_stand_before_every_archetype() -> None:
    harmed = verdict_of(dossier(action("a", harms(EMPLOYEES, 3)), promises=(promise(),)))
    assert all(unmet.conditions[:2] == (Condition.NO_BREACH, Condition.NO_SERIOUS_HARM) for unmet in harmed.unmet)
    nothing = verdict_of(dossier())
    assert all(unmet.conditions[0] is Condition.PROMISE_ON_FILE for unmet in nothing.unmet)
    assert Condition.CORE_GROUP_PROMISED in nothing.unmet[-1].conditions


def test_too_few_applicable_groups_is_a_condition_of_its_own() -> None:
    verdict = verdict_of(dossier(promises=(promise(),), not_applicable=frozenset({PARTNERS, COMMUNITY})))
    (unmet,) = [one for one in verdict.unmet if one.breadth is Breadth.ALL]
    assert Condition.ENOUGH_APPLICABLE_GROUPS in unmet.conditions
