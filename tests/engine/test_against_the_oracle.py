"""The engine beside a second, literal and slow reading of the rules, on random dossiers."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings

from scoring.engine.dossier import Dossier
from scoring.engine.flags import Flagger
from scoring.engine.probability import OUTCOMES, chances_of
from scoring.engine.reading import read
from scoring.engine.rule import standing_of
from scoring.engine.verdict import Counterfactual, EditCode, Outcome
from tests.engine import oracle
from tests.engine.build import (
    COMMUNITY,
    CORE,
    CUSTOMERS,
    EMPLOYEES,
    action,
    dossier,
    harms,
    helps,
    method,
    promise,
    verdict_of,
)
from tests.engine.random_dossiers import dossiers, file_of

FAST = settings(max_examples=100)
SLOWER = settings(max_examples=40)

EVERY_VARIANT = [frozenset(some) for count in range(7) for some in combinations(oracle.SWITCHES, count)]


@FAST
@given(dossiers())
def test_the_outcome_is_the_one_that_the_rules_give_when_read_literally(given_dossier: Dossier) -> None:
    assert verdict_of(given_dossier).outcome == oracle.outcome(file_of(given_dossier))


@SLOWER
@given(dossiers())
def test_all_sixty_four_variants_agree_with_the_rules_read_literally(given_dossier: Dossier) -> None:
    file = file_of(given_dossier)
    outcomes = {on: oracle.outcome(file, on) for on in EVERY_VARIANT}
    agreement = verdict_of(given_dossier).method_agreement
    own = outcomes[frozenset()]
    assert (agreement.same, agreement.of) == (sum(other == own for other in outcomes.values()), 64)
    assert {effect.switch: effect.outcome for effect in agreement.flips} == {
        switch: outcomes[frozenset({switch})] for switch in oracle.SWITCHES if outcomes[frozenset({switch})] != own
    }


# --------------------------------------------------------------------------------------------------- smallest changes


def name_of(change: Counterfactual) -> tuple[object, ...]:
    """The name that the oracle has for an edit."""
    if change.edit in (EditCode.CLAIM_DISPROVED, EditCode.PROMISE_WITHDRAWN):
        return (str(change.edit), change.subject)
    if change.edit in (EditCode.KEPT_PROOF, EditCode.FIRST_PROMISE):
        return (str(change.edit), str(change.group))
    return (change.code, change.subject, change.level_to)


@FAST
@given(dossiers(most=4))
def test_the_smallest_changes_are_those_found_by_judging_every_edited_file_again(given_dossier: Dossier) -> None:
    file = file_of(given_dossier)
    verdict = verdict_of(given_dossier)
    brute = {
        name: after for name, edited in oracle.edits(file) if (after := oracle.outcome(edited)) != oracle.outcome(file)
    }
    fast = {name_of(change): str(change.to) for change in verdict.counterfactuals}
    firsts = {name for name in brute if name[0] == "first_promise"}
    if firsts and ("first_promise", "None") in fast:  # told once where it leads to the same whoever is addressed
        assert {fast.pop(("first_promise", "None"))} == {brute.pop(name) for name in firsts}
    assert fast == brute


# ------------------------------------------------------------------------------------------------------ probabilities

SIMULATED = {
    "shared sources, two credences, an answered shortfall": dossier(
        action("a1", helps(CUSTOMERS, 2, on="p1"), helps(COMMUNITY), su=3, ge=1, initiative=3, evidence=2, voice="x"),
        action("a2", helps(EMPLOYEES), su=1, evidence=3, voice="x"),
        action("a3", harms(CUSTOMERS, 1, on="p1"), evidence=3, voice="y"),
        action("a4", helps(CUSTOMERS, 1, on="p1"), su=2, ge=3, initiative=3, evidence=2, double_coded=True),
        promises=(promise("p1", CUSTOMERS, EMPLOYEES),),
        vh=2,
        pu=1,
        cc=3,
    ),
    "everything at once, for every group": dossier(
        *(action(f"a{group}", helps(group, 1, on="p1"), su=2, ge=2, initiative=2) for group in CORE),
        *(action(f"b{group}", harms(group, 1, on="p1", remedy=1), evidence=1) for group in CORE),
        action("c", helps(CUSTOMERS, 2, on="p1"), su=2, ge=2, initiative=3, appraisal=True),
        promises=(promise("p1", *CORE),),
        vh=2,
        cc=2,
        double_coded=True,
    ),
    "one act that helps one group and harms another": dossier(
        action("a1", helps(CUSTOMERS, 2, on="p1"), harms(EMPLOYEES, 2), su=2, ge=2, initiative=3, evidence=3),
        action("a2", harms(EMPLOYEES, 3, remedy=1), evidence=0, voice="same"),
        action("a3", harms(CUSTOMERS, None, on="p1"), helps(EMPLOYEES, None), su=3, evidence=2, voice="same"),
        promises=(promise("p1", CUSTOMERS),),
        cc=2,
    ),
}


@pytest.mark.parametrize("facts", SIMULATED.values(), ids=SIMULATED)
def test_the_exact_probabilities_agree_with_drawing_many_times(facts: Dossier) -> None:
    drawn = oracle.simulate(file_of(facts), draws=20_000, seed=20200413)
    exact = verdict_of(facts).probabilities
    assert exact is not None
    assert max(abs(exact[outcome] - drawn.get(str(outcome), 0.0)) for outcome in OUTCOMES) < 0.015


@settings(max_examples=15)
@given(dossiers())
def test_the_exact_probabilities_of_random_dossiers_agree_with_drawing(given_dossier: Dossier) -> None:
    exact = verdict_of(given_dossier).probabilities
    if exact is None:
        return
    drawn = oracle.simulate(file_of(given_dossier), draws=3_000, seed=1)
    # Five standard errors of 3,000 draws at worst.
    assert max(abs(exact[outcome] - drawn.get(str(outcome), 0.0)) for outcome in OUTCOMES) < 0.047


@FAST
@given(dossiers())
def test_the_probabilities_sum_to_one_and_none_is_outside_its_range(given_dossier: Dossier) -> None:
    reading = read(given_dossier, method())
    chances = chances_of(reading, standing_of(reading, method()), method())
    assert abs(sum(chances.values()) - 1) < 1e-12
    assert all(0 <= chance <= 1 for chance in chances.values())


@FAST
@given(dossiers())
def test_flags_and_levels_tell_the_same_story(given_dossier: Dossier) -> None:
    """The two ways in which the engine sees an act, bits for what-if and levels for the indices, cannot part."""
    verdict = verdict_of(given_dossier)
    reading = read(given_dossier, method())
    flagger = Flagger(method())
    flags = 0
    for act in reading.actions:
        flags |= flagger.of(act.action, act.evidence, act.proofs)
    shown = {met.outcome for met in verdict.also_meets} | {verdict.outcome}
    if verdict.outcome is not Outcome.NO_PROMISE:
        assert (verdict.indices.surpassing >= 67) == (Outcome.EXCEEDS_PROMISE in shown)
        assert (min(verdict.indices.proactivity, verdict.indices.dna) >= 67) == (Outcome.DNA_PROACTIVE in shown)
    assert (flags.bit_count() == 0) <= (verdict.indices.breadth == 0)
