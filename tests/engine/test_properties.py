"""What must hold for every dossier: nothing is bought back, nothing is gained by copying, order does not matter."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.engine.canonical import canonical
from scoring.engine.dossier import Action, Dossier
from scoring.engine.judge import judge
from scoring.engine.probability import chances_of
from scoring.engine.reading import read
from scoring.engine.rule import standing_of
from scoring.engine.verdict import Outcome, Verdict
from tests.engine.build import (
    COMMUNITY,
    CUSTOMERS,
    action,
    harms,
    helps,
    method,
    promise,
    sources_of_grade,
    verdict_of,
)
from tests.engine.random_dossiers import actions, dossiers

FAST = settings(max_examples=100)
POSITIVE = (Outcome.ALIGNED, Outcome.EXCEEDS_PROMISE, Outcome.DNA_PROACTIVE)
HARMFUL = actions("z", directions=(False,))
HELPFUL = actions("z", directions=(True,))


def with_action(facts: Dossier, *more: Action) -> Dossier:
    return replace(facts, actions=(*facts.actions, *more))


def chances(facts: Dossier) -> dict[Outcome, float]:
    """Unrounded probabilities; empty without a promise."""
    reading = read(facts, method())
    standing = standing_of(reading, method())
    return chances_of(reading, standing, method()) if standing.has_promise else {}


def positive(odds: dict[Outcome, float]) -> float:
    return sum(odds.get(outcome, 0.0) for outcome in POSITIVE)


def broken(odds: dict[Outcome, float]) -> float:
    return odds.get(Outcome.BROKEN_PROMISE, 0.0)


def rules_met(verdict: Verdict) -> set[Outcome]:
    met = {also.outcome for also in verdict.also_meets}
    return met | {verdict.outcome} if verdict.outcome in POSITIVE else met


# ----------------------------------------------------------------------------------------------------- adding harm


@FAST
@given(dossiers(most=4), HARMFUL)
def test_a_harmful_act_never_makes_a_positive_archetype_nor_betters_an_index(facts: Dossier, harm: Action) -> None:
    before, after = verdict_of(facts), verdict_of(with_action(facts, harm))
    assert not (before.outcome not in POSITIVE and after.outcome in POSITIVE)
    assert after.indices.breadth <= before.indices.breadth
    assert after.indices.harm >= before.indices.harm
    if before.indices.delivery is not None and after.indices.delivery is not None:
        assert after.indices.delivery <= before.indices.delivery
    if before.indices.purpose_washing is not None:
        assert after.indices.purpose_washing is not None
        assert after.indices.purpose_washing >= before.indices.purpose_washing


@FAST
@given(dossiers(most=4), HARMFUL)
def test_a_harmful_act_never_makes_a_broken_promise_less_probable(facts: Dossier, harm: Action) -> None:
    before, after = chances(facts), chances(with_action(facts, harm))
    assert broken(after) >= broken(before) - 1e-9
    assert positive(after) <= positive(before) + 1e-9


# ----------------------------------------------------------------------------------------------------- adding help


@FAST
@given(dossiers(most=4), HELPFUL)
def test_a_helpful_act_never_takes_away_a_met_rule(facts: Dossier, help_: Action) -> None:
    before, after = verdict_of(facts), verdict_of(with_action(facts, help_))
    if before.outcome in POSITIVE:
        assert after.outcome in POSITIVE
    assert rules_met(before) <= rules_met(after)
    if after.outcome is Outcome.BROKEN_PROMISE:
        assert before.outcome is Outcome.BROKEN_PROMISE


@FAST
@given(dossiers(most=3), st.sampled_from((("p1", 2, 2), ("p1", 3, 3), ("duty", 3, 2), ("duty", 2, 3))))
def test_five_perfect_gifts_never_buy_back_a_breach(facts: Dossier, breach: tuple[str, int, int]) -> None:
    yardstick, depth, evidence = breach
    breaking = action("breach", harms(CUSTOMERS, depth, on=yardstick), evidence=evidence)
    on_file = replace(facts, promises=(promise("p1", CUSTOMERS), promise("p2"), promise("p3")))
    gifts = [
        action(
            f"gift{number}",
            helps(CUSTOMERS, 2, on="p1"),
            helps(COMMUNITY, 2),
            evidence=3,
            su=3,
            re=3,
            ge=3,
            initiative=3,
            voice=f"gift{number}",
        )
        for number in range(5)
    ]
    assert verdict_of(with_action(on_file, breaking)).outcome is Outcome.BROKEN_PROMISE
    assert verdict_of(with_action(on_file, breaking, *gifts)).outcome is Outcome.BROKEN_PROMISE


# ------------------------------------------------------------------------------------------------- copies and order


def copy_of(original: Action, **changes: object) -> Action:
    return replace(
        original,
        id="zz-copy",
        sources=tuple(replace(source, id=f"copy-{source.id}") for source in original.sources),
        proofs=tuple(replace(proof, id=f"copy-{proof.id}") for proof in original.proofs),
        **changes,  # type: ignore[arg-type]
    )


@FAST
@given(dossiers(most=4), st.integers(0, 3))
def test_an_exact_duplicate_changes_nothing(facts: Dossier, which: int) -> None:
    assume(facts.actions)
    twice = with_action(facts, copy_of(facts.actions[which % len(facts.actions)]))
    before, after = verdict_of(facts), verdict_of(twice)
    assert (after.outcome, after.indices, after.probabilities) == (
        before.outcome,
        before.indices,
        before.probabilities,
    )
    assert after.proofs_counted == before.proofs_counted


@FAST
@given(dossiers(most=4), st.integers(0, 3))
def test_a_declared_duplicate_changes_nothing_whatever_it_says(facts: Dossier, which: int) -> None:
    assume(facts.actions)
    original = facts.actions[which % len(facts.actions)]
    twice = with_action(facts, copy_of(original, su=3, ge=3, in_=3, duplicate_of=original.id))
    assert verdict_of(twice).probabilities == verdict_of(facts).probabilities
    assert verdict_of(twice).outcome is verdict_of(facts).outcome


@FAST
@given(dossiers(most=4), st.integers(0, 3))
def test_a_reworded_duplicate_from_the_same_sources_keeps_the_outcome(facts: Dossier, which: int) -> None:
    assume(facts.actions)
    original = facts.actions[which % len(facts.actions)]
    twice = with_action(facts, copy_of(original, re=3 if original.re != 3 else 2))
    assert verdict_of(twice).outcome is verdict_of(facts).outcome


@FAST
@given(dossiers(most=4), st.integers(0, 2**32))
def test_the_order_of_entry_shows_nowhere_in_the_verdict(facts: Dossier, seed: int) -> None:
    rng = random.Random(seed)

    def shuffled(items: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(rng.sample(items, len(items)))

    mixed = replace(
        facts,
        promises=shuffled(facts.promises),
        actions=shuffled(
            tuple(replace(act, sources=shuffled(act.sources), proofs=shuffled(act.proofs)) for act in facts.actions)
        ),
    )
    assert canonical(mixed) == canonical(facts)
    assert judge(mixed, method()) == judge(facts, method())


# ------------------------------------------------------------------------------------------ better and worse codes


def replaced(facts: Dossier, other: Action) -> Dossier:
    return replace(facts, actions=tuple(other if act.id == other.id else act for act in facts.actions))


@FAST
@given(dossiers(most=3), HELPFUL, st.integers(0, 2))
def test_better_evidence_for_help_never_costs_an_archetype(facts: Dossier, help_: Action, grade: int) -> None:
    low = with_action(facts, replace(help_, sources=sources_of_grade(grade, "v"), disputed=False))
    high = with_action(facts, replace(help_, sources=sources_of_grade(grade + 1, "v"), disputed=False))
    if verdict_of(low).outcome in POSITIVE:
        assert verdict_of(high).outcome in POSITIVE
    assert positive(chances(high)) >= positive(chances(low)) - 1e-9
    assert broken(chances(high)) <= broken(chances(low)) + 1e-9


@FAST
@given(dossiers(most=3), HARMFUL, st.integers(0, 2))
def test_better_evidence_for_harm_never_gains_an_archetype(facts: Dossier, harm: Action, grade: int) -> None:
    low = with_action(facts, replace(harm, sources=sources_of_grade(grade, "v"), disputed=False))
    high = with_action(facts, replace(harm, sources=sources_of_grade(grade + 1, "v"), disputed=False))
    if verdict_of(high).outcome in POSITIVE:
        assert verdict_of(low).outcome in POSITIVE
    assert broken(chances(high)) >= broken(chances(low)) - 1e-9


@FAST
@given(dossiers(most=3), HELPFUL, st.sampled_from(("su", "ge", "in_")), st.integers(0, 2))
def test_a_better_code_of_a_helpful_act_never_costs_an_archetype(
    facts: Dossier, help_: Action, code: str, level: int
) -> None:
    low = with_action(facts, replace(help_, **{code: level}))  # type: ignore[arg-type]
    high = with_action(facts, replace(help_, **{code: level + 1}))  # type: ignore[arg-type]
    if verdict_of(low).outcome in POSITIVE:
        assert verdict_of(high).outcome in POSITIVE


@FAST
@given(dossiers(most=4), st.sampled_from(("pu", "vh", "cc")), st.integers(0, 2))
def test_a_better_profile_never_costs_an_archetype(facts: Dossier, code: str, level: int) -> None:
    low = replace(facts, profile=replace(facts.profile, **{code: level}))  # type: ignore[arg-type]
    high = replace(facts, profile=replace(facts.profile, **{code: level + 1}))  # type: ignore[arg-type]
    if verdict_of(low).outcome in POSITIVE:
        assert verdict_of(high).outcome in POSITIVE
