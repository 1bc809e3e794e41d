"""What the screens derive: gaps of promises, reach, rootedness, coverage, counts."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.engine.dossier import Proof, Weight
from scoring.engine.verdict import Coverage, Rootedness
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
    promise,
    source,
    verdict_of,
)


@pytest.mark.parametrize(
    ("proofs", "codes", "gap"),
    [
        ((helps(depth=0, on="p1"),), {}, 0),
        ((helps(depth=1, on="p1"), helps(depth=2, on="p1")), {}, 2),
        ((helps(depth=None, on="p1"),), {}, 0),
        ((helps(depth=2, on="p1"),), {"su": 1}, None),
        ((helps(depth=2, on="duty"),), {}, None),
        ((helps(depth=2, on="p1"), harms(depth=1, on="p1")), {}, -1),
        ((helps(depth=2, on="p1"), harms(depth=3, on="p1")), {}, -2),
        ((harms(depth=3, on="p1"),), {"evidence": 1}, None),
        ((harms(depth=2, on="p1", remedy=2),), {}, None),
    ],
)
def test_the_gap_is_the_worst_established_harm_or_else_the_deepest_established_help(
    proofs: tuple[Proof, ...], codes: dict[str, Any], gap: int | None
) -> None:
    verdict = verdict_of(dossier(action("a", *proofs, **{"su": 2, **codes}), promises=(promise(),)))
    assert [found.gap for found in verdict.gaps] == [gap]


def test_there_is_one_gap_for_each_promise_and_group_even_of_a_promise_that_does_not_count() -> None:
    facts = dossier(
        action("a", helps(EMPLOYEES, 1, on="p1"), su=2),
        promises=(promise("p10", st=0), promise("p1", EMPLOYEES, CUSTOMERS)),
    )
    gaps = [(gap.promise, gap.group, gap.gap, gap.actions) for gap in verdict_of(facts).gaps]
    assert gaps == [("p1", CUSTOMERS, None, ()), ("p1", EMPLOYEES, 1, ("a",)), ("p10", CUSTOMERS, None, ())]


def test_reach_is_the_lowest_gap_over_the_central_promises() -> None:
    acts = (action("a", helps(depth=2, on="p1"), su=2), action("b", harms(EMPLOYEES, 1, on="p2"), evidence=2))
    central = promise("p1", weight=Weight.CENTRAL)
    for weight, reach in ((Weight.SUPPORTING, 2), (Weight.CENTRAL, -1)):
        facts = dossier(*acts, promises=(central, promise("p2", EMPLOYEES, weight=weight)))
        assert verdict_of(facts).reach == reach
    none_central = tuple(
        promise(id, group, weight=Weight.CONTEXT) for id, group in (("p1", CUSTOMERS), ("p2", EMPLOYEES))
    )
    assert verdict_of(dossier(*acts, promises=none_central)).reach == -1
    assert verdict_of(dossier(promises=(central,))).reach is None


def test_rootedness_follows_breadth_lineage_and_the_number_of_groups() -> None:
    all_kept = action("a", *(helps(group) for group in CORE), su=2)
    assert verdict_of(dossier(all_kept)).rootedness is Rootedness.ROOTED
    assert verdict_of(dossier(vh=2, cc=2)).rootedness is Rootedness.ROOTED
    assert verdict_of(dossier(action("a", helps(CUSTOMERS), helps(PARTNERS), su=2))).rootedness is Rootedness.SHARED
    assert verdict_of(dossier(action("a", helps(CUSTOMERS), su=2))).rootedness is Rootedness.ONE_OFF


def test_coverage_has_a_row_for_every_group_and_undocumented_is_not_zero() -> None:
    facts = dossier(
        action("a", helps(CUSTOMERS, 1), harms(EMPLOYEES, 1), su=2),
        action("b", helps(COMMUNITY, 2), su=1),
        promises=(promise("p1", CUSTOMERS, ENVIRONMENT),),
        not_applicable=frozenset({PARTNERS}),
    )
    assert verdict_of(facts).coverage == (
        Coverage(CUSTOMERS, True, True, 1, 1),
        Coverage(EMPLOYEES, True, False, 1, -1),
        Coverage(PARTNERS, False, False, 0, None),
        Coverage(COMMUNITY, True, False, 1, None),
        Coverage(ENVIRONMENT, True, True, 0, None),
    )


def test_only_voices_that_are_no_party_to_the_claim_are_counted_as_independent() -> None:
    sources = (
        source("independent", "a", id="s1"),
        source("independent", "a", id="s2"),
        source("primary", "b", id="s3"),
        source("interested", "brand", id="s4"),
        source("anonymous", "c", id="s5"),
    )
    verdict = verdict_of(dossier(action("a", helps(), helps(EMPLOYEES), sources=sources)))
    assert (verdict.proofs_counted, verdict.independent_groups) == (2, 2)
