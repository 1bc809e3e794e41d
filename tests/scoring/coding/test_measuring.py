"""A measurement in force: what it touches, what it leaves alone, what readers are told; and what the queue sees."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brands.models import Action, Brand, BrandProfile, Event
from cxalign.accounts import roles
from scoring.coding import measuring
from scoring.coding.reopening import reopen_changed
from scoring.coding.rights import CodingRefused
from scoring.coding.rounds import close_round
from scoring.coding.watching import open_codings
from scoring.models import Assessment, CodingItem, Measurement, ScoringJob, Snapshot
from scoring.rescoring import score_all_due
from scoring.verifying import verify_verdicts
from scoring.workflow import State
from tests import factories as make
from tests.accounts.desk import somebody
from tests.scoring.coding import making
from tests.scoring.coding.making import both_in, codes_for

pytestmark = pytest.mark.django_db


def figures(**alphas: float) -> dict[str, Any]:
    return {code: {"n": 40, "percent": 90.0, "alpha": alpha, "low": 0.5, "high": 1.0} for code, alpha in alphas.items()}


def settled_case(name: str) -> Assessment:
    """A case like the others, all of whose records two people have coded."""
    case = making.a_case(name)
    Action.objects.filter(brand=case.brand).update(coding="agreed")
    BrandProfile.objects.filter(brand=case.brand).update(coding="agreed")
    make.judged(case.brand)
    return case


def latest(case: Assessment) -> Snapshot:
    found = Snapshot.objects.latest_of(case)
    assert found is not None
    return found


def test_adopting_moves_what_one_person_coded_alone_and_leaves_the_rest_untouched() -> None:
    alone, settled = making.a_case("Alone"), settled_case("Settled")
    editor = somebody(roles.EDITOR)
    score_all_due()
    before = Brand.objects.get(pk=settled.brand_id).facts_revision, latest(settled).pk

    told = measuring.preview(figures(su=0.7, depth_helps=0.95))
    assert (told.cases, told.touched, told.outcomes) == (2, 1, 0)
    assert [(move.case, move.provisional) for move in told.moves] == [(alone, True)]
    assert not Measurement.objects.exists()

    measuring.adopt(by=editor, scope="A round", figures=figures(su=0.7, depth_helps=0.95), reason="Our first.")
    line = Event.objects.get(kind="method.measurement_adopted")
    assert (line.actor, line.reason, line.changes["alpha.su"]) == (editor, "Our first.", [None, "0.7"])
    assert list(ScoringJob.objects.due().values_list("brand", flat=True)) == [alone.brand_id]
    score_all_due()

    document = json.loads(latest(alone).document)
    assert document["provisional"]["codes"] == ["su"]
    assert document["provisional"]["text"]["en"].startswith("Provisional: one coder alone read the substance")
    assert document["provisional"]["text"]["fr"].startswith("Provisoire\u00a0: un seul codeur a lu la substance")
    assert document["probabilities"]["aligned"] == pytest.approx(0.75 * 0.9)
    assert json.loads(latest(alone).facts)["reliability"] == {"su": 0.7, "depth_helps": 0.95}
    assert (Brand.objects.get(pk=settled.brand_id).facts_revision, latest(settled).pk) == before
    assert json.loads(latest(settled).document)["provisional"] is None
    assert list(verify_verdicts()) == []


def test_a_snapshot_from_before_the_measurement_can_still_be_judged_again() -> None:
    case = making.a_case()
    earlier = latest(case)
    measuring.adopt(by=None, scope="A round", figures=figures(su=0.5), reason="Coders do not agree.")
    score_all_due()
    assert latest(case).outcome == "insufficient_evidence"
    assert latest(case).pk != earlier.pk
    assert list(verify_verdicts()) == []


def test_the_last_measurement_counts_and_each_is_kept() -> None:
    measuring.adopt(by=None, scope="A round", figures=figures(su=0.7), reason="First.")
    second = measuring.adopt(by=None, scope="A round", figures=figures(su=0.9), reason="Second.")
    assert Measurement.objects.in_force() == second
    assert Measurement.objects.count() == 2
    assert Event.objects.filter(kind="method.measurement_adopted").first().changes == {"alpha.su": ["0.7", "0.9"]}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("role", "found", "reason", "told"),
    [
        (roles.ANALYST, figures(su=0.9), "Because.", "Only an editor"),
        (roles.EDITOR, {}, "Because.", "nothing to adopt"),
        (roles.EDITOR, figures(su=0.9), "  ", "Write why"),
    ],
)
def test_a_measurement_needs_an_editor_figures_and_a_reason(role: str, found: Any, reason: str, told: str) -> None:
    with pytest.raises(CodingRefused, match=told):
        measuring.adopt(by=somebody(role), scope="A round", figures=found, reason=reason)
    assert not Measurement.objects.exists()


def test_a_measurement_costs_a_case_one_query() -> None:
    from scoring.gather import load_facts

    case = making.a_case()
    with CaptureQueriesContext(connection) as without:
        load_facts(case)
    measuring.adopt(by=None, scope="A round", figures=figures(su=0.7), reason="First.")
    with CaptureQueriesContext(connection) as with_one:
        load_facts(case)
    assert len(with_one) == len(without)
    assert sum("measurement" in query["sql"] for query in with_one) == 1


# --- Pairs ------------------------------------------------------------------------------------------------------------


def pairs(first: dict[str, str], second: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    people = making.three_people()
    case = making.a_case()
    making.a_round(case, *people)
    item = making.item_of(case)
    for seat, chosen in zip(item.round.seats.all(), (first, second), strict=True):
        item.codings.filter(seat=seat).update(codes=chosen, blind_codes=chosen)
    found = measuring.pairs_of(measuring.handed_in())
    return {measure: [one.pair for one in some] for measure, some in found.items()}


def test_levels_are_compared_where_both_gave_one() -> None:
    found = pairs({"substance": "2", "reach": "u", "initiative": "1"}, {"substance": "3", "reach": "1"})
    assert found["su"] == [("2", "3")]
    assert "re" not in found
    assert "in" not in found


def test_proofs_are_matched_by_group_and_direction() -> None:
    helps = {"proof.customers.helps": "yes", "proof.customers.helps.yardstick": "p1"}
    first = {**helps, "proof.customers.helps.depth": "0", "proof.partners.harms": "yes"}
    second = {**helps, "proof.customers.helps.depth": "1", "proof.customers.helps.yardstick": "duty"}
    found = pairs(first, second)
    assert found["depth_helps"] == [("0", "1")]
    assert found["yardstick"] == [("promise", "duty")]
    assert found["direction"] == [("helps", "helps")]
    assert found["stakeholder_set"] == [("customers + partners", "customers")]
    assert "depth_harms" not in found


def test_one_coding_alone_is_nothing_to_compare() -> None:
    people = making.three_people()
    case = making.a_case()
    making.a_round(case, *people)
    making.hands_in(people[0], making.item_of(case), codes_for(case))
    assert measuring.report(measuring.handed_in()) == []


# --- The queue --------------------------------------------------------------------------------------------------------


def test_the_queue_is_told_who_is_waited_for_and_what_is_to_adjudicate() -> None:
    people = making.three_people()
    case, quiet = making.a_case(), making.a_case()
    making.a_round(case, *people)
    making.hands_in(people[0], making.item_of(case, "promise"), {"statement_level": "2"})
    both_in(case, people[:2], codes_for(case), codes_for(case, substance="0"))
    found = open_codings([case.pk, quiet.pk])
    assert not found.get(quiet.pk)
    waiting, deciding = found[case.pk]
    assert (waiting.state, waiting.waits_for) == (State.CODING, frozenset({people[1].pk}))
    assert str(people[1]) in str(waiting.words)
    assert waiting.address == f"/en/desk/coding/rounds/{making.item_of(case).round_id}/"
    assert (deciding.state, deciding.address) == (State.ADJUDICATION, "/en/desk/adjudication/")


def test_the_queue_is_told_that_a_coder_is_missing() -> None:
    people = making.three_people()
    case = making.a_case()
    making.a_round(case, *people)
    people[1].is_active = False
    people[1].save()
    assert {blocker.code for blocker in open_codings([case.pk])[case.pk]} == {"coding_open", "coder_missing"}


def test_the_queue_is_told_what_was_edited_after_its_round_was_over() -> None:
    people = making.three_people()
    case = making.a_case()
    opened = making.a_round(case, *people)
    item = both_in(case, people[:2], codes_for(case), codes_for(case))
    close_round(opened, by=people[2], reason="Done with.")
    assert not open_codings([case.pk])
    Action.objects.filter(brand=case.brand).update(statement_en="Paid some claims, late.")
    reopen_changed(case.brand_id)
    (blocker,) = open_codings([case.pk])[case.pk]
    assert (blocker.code, blocker.state) == ("coding_lapsed", None)
    assert blocker.address == f"/en/desk/coding/new/?cases={case.pk}"
    again = making.a_round(case, *people, name="Once more")
    assert {one.code for one in open_codings([case.pk])[case.pk]} == {"coding_open"}
    close_round(again, by=people[2], reason="The coders are needed elsewhere.")
    assert [one.code for one in open_codings([case.pk])[case.pk]] == ["coding_lapsed"]
    CodingItem.objects.filter(pk=item.pk).update(state="settled")
    assert not open_codings([case.pk])


def test_two_who_compare_are_both_waited_for() -> None:
    people = making.three_people()
    case = making.a_case()
    making.a_round(case, *people, items=[CodingItem(case=case, action=making.action_of(case), text_digest="x")])
    CodingItem.objects.update(text_digest="")
    both_in(case, people[:2], codes_for(case), codes_for(case, substance="1"))
    (blocker,) = open_codings([case.pk])[case.pk]
    assert blocker.waits_for == {people[0].pk, people[1].pk}


def test_the_queue_costs_one_query_whatever_the_number_of_cases() -> None:
    people = making.three_people()
    cases = [making.a_case() for _ in range(4)]
    for case in cases:
        making.a_round(case, *people)
    for some in (cases[:1], cases):
        with CaptureQueriesContext(connection) as found:
            open_codings([case.pk for case in some])
        assert len(found) == 1
