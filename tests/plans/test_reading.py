"""The suggested order and the blind spots: worked out live, each with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from cxalign.plans import editing
from cxalign.plans.models import Plan
from cxalign.plans.reading import BlindSpot, PlanView, reason_of, scenario_level
from tests import factories as make
from tests.plans.making import a_plan, an_item
from tests.practices.making import a_practice

pytestmark = pytest.mark.django_db


def read(plan: Plan) -> PlanView:
    return PlanView(Plan.objects.get(pk=plan.pk))


def spots(plan: Plan, code: str) -> list[BlindSpot]:
    return [spot for spot in read(plan).blind_spots if spot.code == code]


# --- The order --------------------------------------------------------------------------------------------------------


def test_the_weakest_point_decides_and_no_judgement_makes_up_for_another() -> None:
    plan = a_plan()
    an_item(plan, "Loved and not needed", mission_fit=5, need=1, feasibility=5)
    an_item(plan, "Middling", mission_fit=3, need=3, feasibility=2)
    an_item(plan, "Middling and easy", mission_fit=3, need=4, feasibility=4)
    an_item(plan, "Not judged", mission_fit=5)
    order = [card.item.title for card in read(plan).unplaced]
    assert order == ["Middling and easy", "Middling", "Loved and not needed", "Not judged"]
    reasons = {card.item.title: card.reason.text if card.reason else "" for card in read(plan).unplaced}
    assert reasons["Loved and not needed"].startswith("Weakest point: attested need (1 of 5).")
    assert reasons["Middling"].startswith("Weakest point: mission fit (3 of 5), attested need (3 of 5).")
    assert "feasibility decides: 4 of 5" in reasons["Middling and easy"]
    assert reasons["Not judged"] == ""


@pytest.mark.parametrize(("chosen", "level"), [((), None), ((0,), 2), ((0, 1), 4), ((0, 1, 2), 5)])
def test_how_many_retained_scenarios_an_action_makes_sense_in_counts_as_a_judgement(
    chosen: tuple[int, ...], level: int | None
) -> None:
    plan = a_plan()
    editing.set_scenarios(plan, plan.by, plan.revision, [(None, text, True) for text in ("June", "Autumn", "Never")])
    scenarios = list(plan.scenarios.all())
    item = an_item(plan, mission_fit=5, need=5, fits=[scenarios[place] for place in chosen])
    assert scenario_level(item, scenarios) == level
    reason = reason_of(item, scenarios)
    assert reason is not None
    assert reason.weakest == (level or 5)
    if level in (2, 4):
        assert f"scenarios (makes sense in {len(chosen)} of 3)" in reason.text


def test_no_scenario_at_all_is_said_and_is_not_the_same_as_unknown() -> None:
    plan = a_plan()
    editing.set_scenarios(plan, plan.by, plan.revision, [(None, "June", True)])
    retained = list(plan.scenarios.all())
    unknown, none = an_item(plan, "Unknown"), an_item(plan, "None", fits_none=True)
    assert scenario_level(unknown, retained) is None
    assert scenario_level(none, retained) == 1
    assert scenario_level(none, []) is None


def test_what_is_not_judged_on_the_scenarios_waits_and_what_fits_only_a_dropped_one_fits_none() -> None:
    plan = a_plan()
    texts = [(None, "June", True), (None, "Autumn", False)]
    editing.set_scenarios(plan, plan.by, plan.revision, texts)
    june, autumn = plan.scenarios.all()
    an_item(plan, "Dropped", mission_fit=5, need=5, fits=[autumn])
    an_item(plan, "Unknown", mission_fit=5, need=5)
    an_item(plan, "All", mission_fit=4, need=4, fits=[june])
    cards = read(plan).unplaced
    assert [card.item.title for card in cards] == ["All", "Dropped", "Unknown"]
    _all, dropped, unknown = (card.reason.text for card in cards if card.reason)
    assert "Weakest point: scenarios (makes sense in 0 of 1)." in dropped
    assert "Not yet judged: in which of the retained scenarios it makes sense." in unknown


def test_a_need_that_is_only_assumed_is_told_with_the_reason() -> None:
    plan = a_plan()
    item = an_item(plan, mission_fit=4, need=4)
    editing.save_problem(plan, plan.by, None, None, {"what": "No cash", "basis": "assumption"}, [item])
    (card,) = read(plan).cards
    assert card.reason is not None
    assert "The need is an assumption so far." in card.reason.text


# --- Blind spots ------------------------------------------------------------------------------------------------------


def with_promise(**fields: Any) -> Plan:
    plan = a_plan(**fields)
    editing.set_promises(plan, plan.by, plan.revision, [(None, "We pay on time", ("partners",))])
    return plan


def test_a_group_that_was_promised_something_must_find_itself_in_do_now() -> None:
    plan = with_promise()
    a_practice(stakeholders=("partners",))
    a_practice(stakeholders=("customers",))
    item = an_item(plan, stakeholders=("partners",), horizon="next")
    (spot,) = spots(plan, "forgotten")
    assert "partners" in spot.text
    assert (spot.practices, spot.query) == (1, "stakeholder=partners")
    editing.move(item, plan.by, None, "now")
    assert spots(plan, "forgotten") == []


def test_published_promises_and_documented_harm_count_too() -> None:
    brand = make.a_breach(listed=True)
    plan = a_plan(brand=brand)
    an_item(plan)
    assert spots(plan, "forgotten") == []
    make.published(brand)
    told = spots(plan, "forgotten")
    assert [spot.text for spot in told] == [
        "Nothing in Do Now is for: customers. The published scorecard shows that they were harmed."
    ]
    assert [promise.is_published for promise in read(plan).promises] == [True]


def test_an_action_in_do_now_needs_an_owner_and_a_date() -> None:
    plan = a_plan()
    an_item(plan, "Bare", horizon="now")
    an_item(plan, "Later", horizon="later")
    (spot,) = spots(plan, "unowned")
    assert [item.title for item in spot.items] == ["Bare"]
    item = spot.items[0]
    editing.change_item(item, plan.by, None, {"owner": "N. Roche"})
    assert spots(plan, "unowned")
    editing.change_item(item, plan.by, None, {"due_on": plan.starts_on})
    assert spots(plan, "unowned") == []


@pytest.mark.parametrize(
    ("gap", "horizon", "found"), [(-2, "later", 1), (-1, "now", 1), (0, "now", 0), (-2, "aside", 0)]
)
def test_an_action_that_would_break_a_promise_is_named(gap: int, horizon: str, found: int) -> None:
    plan = with_promise()
    ref = f"own-{plan.own_promises.get().pk}"
    an_item(plan, "Pay later", promise_ref=ref, expected_gap=gap, horizon=horizon, aside_reason="No.")
    told = spots(plan, "breaking")
    assert len(told) == found
    if found:
        assert "We pay on time" in told[0].text


def test_a_category_with_nothing_is_told_with_the_practices_that_fill_it() -> None:
    plan = a_plan()
    assert read(plan).blind_spots == []
    a_practice(category="safety")
    an_item(plan, category="care")
    bare = spots(plan, "bare")
    assert len(bare) == 6
    safety = next(spot for spot in bare if "safety" in spot.text)
    assert (safety.practices, safety.query) == (1, "category=safety")
    an_item(plan, "Set aside", category="safety", horizon="aside", aside_reason="No.")
    assert any("safety" in spot.text for spot in spots(plan, "bare"))
    an_item(plan, "Kept", category="safety")
    assert not any("safety" in spot.text for spot in spots(plan, "bare"))


def test_an_action_that_waits_for_what_comes_later_is_told() -> None:
    plan = a_plan()
    awaited = an_item(plan, "Find the money", category="continuity", horizon="next")
    waiting = an_item(plan, "Pay early", horizon="now")
    editing.change_item(waiting, plan.by, None, {}, waits_for=[awaited])
    (spot,) = spots(plan, "waiting")
    assert spot.text == "“Pay early” waits for an action that does not come before it: “Find the money”."
    for horizon, found in (("aside", 1), ("", 1), ("now", 0), ("done", 0)):
        editing.move(awaited, plan.by, None, horizon, "Too dear.")
        assert len(spots(plan, "waiting")) == found, horizon
    editing.move(awaited, plan.by, None, "later")
    editing.move(waiting, plan.by, None, "done")
    assert spots(plan, "waiting") == []
