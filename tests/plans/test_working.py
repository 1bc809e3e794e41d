"""Working on a plan: four steps without a script, moves that can be undone, and nobody's save lost."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from cxalign.accounts import roles
from cxalign.plans import editing
from cxalign.plans.models import Activity, Item, Plan
from cxalign.plans.reading import PlanView
from cxalign.plans.sample import make_sample
from tests import factories as make
from tests.accounts.desk import desk_of, somebody
from tests.plans.making import a_plan, a_planner, address, an_item, team_of
from tests.practices.making import a_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    return a_plan()


@pytest.fixture
def client(plan: Plan) -> Client:
    return desk_of(plan.by)


def page(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200, answer
    return answer.content.decode()


# --- The four steps ---------------------------------------------------------------------------------------------------


def test_a_new_plan_is_blank_or_a_sample() -> None:
    user = a_planner()
    client = desk_of(user)
    base = {"starts_on": "2026-04-02", "next_until": "90", "team": team_of(user).pk}
    assert client.post("/en/plans/new/", {**base, "content": "blank"}).status_code == 422
    make.published(make.a_breach("Fictia", slug="fictia"))
    slip = client.post("/en/plans/new/", {**base, "content": "blank", "title": "Reopen", "brand": "Fictai"})
    told = slip.content.decode()
    assert "No brand here is called “Fictai”. Close to it: Fictia." in told
    assert '<option value="Fictia">' in told
    assert "Do Next ends on day" in told
    answer = client.post("/en/plans/new/", {**base, "content": "blank", "title": "Reopen"})
    blank = Plan.objects.get(title="Reopen")
    assert answer["Location"] == address(blank, "inventory")
    assert "The inventory is empty." in page(client, answer["Location"])
    assert client.post("/fr/plans/new/", {**base, "content": "sample"}).status_code == 302
    sample = Plan.objects.latest("pk")
    assert "inventé" in sample.title
    assert sample.items.count() == 9


def test_lines_go_into_the_inventory_one_by_one_or_as_a_list(plan: Plan, client: Client) -> None:
    where = address(plan, "inventory")
    assert client.post(where, {"title": "Free rooms", "standing": "under_way"}).status_code == 302
    assert client.post(where, {"title": " "}).status_code == 422
    pasted = "- Vouchers\n2. Call guests\n\n• Free rooms\n3 meals a day\n"
    answer = client.post(where, {"lines": pasted}, follow=True)
    assert "3 actions added." in answer.content.decode()
    assert "What was on the list already was left out." in answer.content.decode()
    assert list(plan.items.values_list("title", flat=True)) == [
        "Free rooms",
        "Vouchers",
        "Call guests",
        "3 meals a day",
    ]
    assert plan.items.get(title="Free rooms").standing == "under_way"


def test_pasting_costs_the_same_queries_for_two_and_for_many(
    plan: Plan, client: Client, django_assert_max_num_queries: Any
) -> None:
    for many in (2, 60):
        with django_assert_max_num_queries(20):
            client.post(address(plan, "inventory"), {"lines": "\n".join(f"Line {many}-{one}" for one in range(many))})
    assert plan.items.count() == 62


def test_a_plan_has_an_end(plan: Plan, client: Client) -> None:
    answer = client.post(address(plan, "inventory"), {"lines": "\n".join(map(str, range(300)))}, follow=True)
    assert "shorten the list" in answer.content.decode()
    assert not plan.items.exists()


def test_unsorted_actions_come_first_until_all_are_sorted(plan: Plan, client: Client) -> None:
    first, second = an_item(plan, "First"), an_item(plan, "Second", category="care", stakeholders=("customers",))
    where = address(plan, "categories")
    assert "1 action waits to be sorted" in page(client, where)
    sent = {"item": first.pk, "revision": first.revision, "category": "safety", "stakeholders": ["employees"]}
    assert client.post(where, {**sent, "category": ""}).status_code == 422
    assert client.post(where, sent).status_code == 302
    first.refresh_from_db()
    assert (first.category, first.stakeholders) == ("safety", ("employees",))
    done = page(client, where)
    assert "Every action is sorted." in done
    assert "2 categories, 2 of 2" in done
    assert second.title in done


def test_a_problem_says_what_for_whom_and_how_it_is_known(plan: Plan, client: Client) -> None:
    one, two = an_item(plan, "One"), an_item(plan, "Two")
    where = address(plan, "problems")
    stated = {"what": "No cash", "whom": "Suppliers", "basis": "source", "items": [one.pk, two.pk]}
    refused = client.post(where, stated)
    assert refused.status_code == 422
    assert "Name the source, or say that it is an assumption." in refused.content.decode()
    assert client.post(where, {**stated, "evidence": "A call", "question": "How might we help?"}).status_code == 302
    problem = plan.problems.get()
    assert {item.title for item in problem.items.all()} == {"One", "Two"}
    again = {**stated, "basis": "assumption", "items": [one.pk], "revision": problem.revision}
    assert client.post(address(plan, f"problems/{problem.pk}"), again).status_code == 302
    told = page(client, where)
    assert "assumption" in told
    assert "1 action answers to no stated problem" in told


def test_a_problem_that_somebody_else_stated_anew_is_not_overwritten(plan: Plan, client: Client) -> None:
    problem = editing.save_problem(plan, plan.by, None, None, {"what": "No cash"}, [])
    editing.save_problem(plan, plan.by, problem, problem.revision, {"what": "No time"}, [])
    answer = client.post(
        address(plan, f"problems/{problem.pk}"), {"what": "Mine", "basis": "assumption", "revision": problem.revision}
    )
    assert answer.status_code == 409
    problem.refresh_from_db()
    assert problem.what == "No time"


def test_a_deleted_problem_leaves_its_actions_and_comes_back_with_those_that_are_free(
    plan: Plan, client: Client
) -> None:
    free, taken = an_item(plan, "Free"), an_item(plan, "Taken")
    problem = editing.save_problem(plan, plan.by, None, None, {"what": "No cash"}, [free, taken])
    where = address(plan, f"problems/{problem.pk}/delete")
    assert client.post(where, {"revision": problem.revision + 1}).status_code == 409
    gone = client.post(where, {"revision": problem.revision, "back": "problems"})
    told = page(client, gone["Location"])
    assert "The problem “No cash” is deleted." in told
    assert "2 actions that answered to it stay, without a problem." in told
    assert set(plan.items.values_list("problem", flat=True)) == {None}
    assert client.get(address(plan, f"problems/{problem.pk}")).status_code == 404

    other = editing.save_problem(plan, plan.by, None, None, {"what": "No time"}, [taken])
    deletion = plan.activities.get(kind="problem.deleted")
    client.post(address(plan, f"undo/{deletion.pk}"), {"back": "problems"})
    assert dict(plan.items.values_list("title", "problem")) == {"Free": problem.pk, "Taken": other.pk}
    again = client.post(address(plan, f"undo/{deletion.pk}"), {"back": "problems"}, follow=True)
    assert "cannot be undone any more" in again.content.decode()
    told = page(client, address(plan, "activity"))
    assert "deleted a problem “No cash”" in told
    assert "Free; Taken" in told


def test_a_line_too_long_for_a_title_is_kept_whole(plan: Plan, client: Client) -> None:
    line = "Open a line for isolated regular guests " * 6
    for _time in range(2):
        client.post(address(plan, "inventory"), {"lines": f"- {line}\nShort"})
    long, short = plan.items.all()
    assert len(long.title) <= 200
    assert long.title.endswith("regular…")
    assert long.description == line.strip()
    assert (short.title, short.description) == ("Short", "")


def test_a_line_may_say_more_at_once(plan: Plan, client: Client) -> None:
    sent = {"title": "Lend", "origin": "peer", "description": "As they do", "stakeholders": ["partners"]}
    client.post(address(plan, "inventory"), sent)
    item = plan.items.get()
    assert (item.origin, item.description, item.stakeholders) == ("peer", "As they do", ("partners",))


def test_an_action_that_is_hard_to_sort_holds_nobody_up(plan: Plan, client: Client) -> None:
    first, second = an_item(plan, "First"), an_item(plan, "Second")
    where = address(plan, "categories")
    assert f"?item={second.pk}" in page(client, where)
    half = client.post(where, {"item": first.pk, "category": "care", "revision": first.revision})
    assert half["Location"] == f"{where}?item={second.pk}"
    done = client.post(where, {"item": second.pk, "category": "care", "stakeholders": "customers", "revision": 1})
    assert done["Location"] == f"{where}?item={first.pk}"


# --- The board --------------------------------------------------------------------------------------------------------


def test_a_card_is_judged_placed_and_comes_back(plan: Plan, client: Client) -> None:
    item = an_item(plan)
    judged = {"mission_fit": "4", "need": "2", "feasibility": "5", "revision": item.revision}
    assert client.post(address(plan, f"items/{item.pk}/judge"), judged).status_code == 302
    told = page(client, address(plan))
    assert "Weakest point: attested need (2 of 5)." in told
    item.refresh_from_db()
    moved = client.post(address(plan, f"items/{item.pk}/move"), {"revision": item.revision, "to": "now"})
    item.refresh_from_db()
    assert item.horizon == "now"
    assert moved["Location"].endswith(f"#move-{item.pk}")
    assert "is in Do Now now." in page(client, moved["Location"])
    undone = client.post(address(plan, f"undo/{plan.activities.first().pk}"))  # type: ignore[union-attr]
    assert undone.status_code == 302
    item.refresh_from_db()
    assert item.horizon == ""


def test_setting_aside_needs_a_reason_and_can_be_undone(plan: Plan, client: Client) -> None:
    item = an_item(plan, horizon="next")
    where = address(plan, f"items/{item.pk}/move")
    answer = client.post(where, {"revision": item.revision, "to": "aside", "reason": " "}, follow=True)
    assert "Say why it is set aside" in answer.content.decode()
    item.refresh_from_db()
    assert item.horizon == "next"
    aside = client.post(where, {"revision": item.revision, "to": "aside", "reason": "Too late."})
    assert "is set aside." in page(client, aside["Location"])
    item.refresh_from_db()
    assert (item.horizon, item.aside_reason) == ("aside", "Too late.")
    client.post(address(plan, f"undo/{plan.activities.first().pk}"))  # type: ignore[union-attr]
    item.refresh_from_db()
    assert (item.horizon, item.aside_reason) == ("next", "")


def test_a_deleted_action_comes_back_unless_somebody_changed_it(plan: Plan, client: Client) -> None:
    item = an_item(plan)
    answer = client.post(address(plan, f"items/{item.pk}/delete"), {"revision": item.revision, "back": "inventory"})
    assert answer["Location"].startswith(address(plan, "inventory"))
    assert "is deleted." in page(client, answer["Location"])
    assert not plan.items.filter(deleted_at__isnull=True).exists()
    deleted = plan.activities.first()
    assert deleted is not None
    client.post(address(plan, f"undo/{deleted.pk}"))
    assert plan.items.filter(deleted_at__isnull=True).count() == 1
    again = client.post(address(plan, f"undo/{deleted.pk}"), follow=True)
    assert "cannot be undone any more" in again.content.decode()


def test_a_deleted_plan_comes_back_for_its_team_alone(plan: Plan, client: Client) -> None:
    gone = client.post(address(plan, "delete"), {"revision": plan.revision, "confirmed": "yes"})
    told = page(client, gone["Location"])
    assert f"The plan “{plan.title}” is deleted." in told
    assert f'action="{address(plan, "bring-back")}"' in told
    stranger = desk_of(a_planner())
    assert "is deleted" not in page(stranger, gone["Location"])
    assert stranger.post(address(plan, "bring-back")).status_code == 404
    assert client.get(address(plan, "inventory")).status_code == 404
    for _press in range(2):
        assert client.post(address(plan, "bring-back")).status_code == 302
    assert plan.title in page(client, address(plan, "activity"))
    assert plan.activities.filter(kind="item.undone").count() == 1
    assert "is deleted" not in page(client, gone["Location"])


def test_a_stale_move_shows_both_versions_and_can_be_made_again(plan: Plan, client: Client) -> None:
    lina = somebody(roles.CONSULTANT, first_name="Lina")
    plan.team.members.add(lina)  # type: ignore[union-attr]
    item = an_item(plan)
    editing.move(item, lina, item.revision, "next")
    sent = {"revision": item.revision, "to": "now"}
    answer = client.post(address(plan, f"items/{item.pk}/move"), sent)
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "Lina changed “Open a line” since you opened it" in told
    assert "Do Next" in told
    assert "Do Now" in told
    item.refresh_from_db()
    assert item.horizon == "next"
    assert client.post(address(plan, f"items/{item.pk}/move"), {**sent, "revision": item.revision}).status_code == 302
    item.refresh_from_db()
    assert item.horizon == "now"


def everything(item: Item, **changes: Any) -> dict[str, Any]:
    fields = {"title": item.title, "standing": "imagined", "origin": "own", "revision": item.revision}
    return {**fields, **changes}


def test_two_people_who_save_one_card_both_keep_their_words(plan: Plan, client: Client) -> None:
    item = an_item(plan)
    mine = everything(item, owner="A. Diallo", description="By telephone")
    assert client.post(address(plan, f"items/{item.pk}"), everything(item, owner="N. Roche")).status_code == 302
    answer = client.post(address(plan, f"items/{item.pk}"), mine)
    told = answer.content.decode()
    assert answer.status_code == 409
    assert "N. Roche" in told
    assert "A. Diallo" in told
    assert 'name="description" value="By telephone"' in told
    item.refresh_from_db()
    assert item.owner == "N. Roche"
    assert client.post(address(plan, f"items/{item.pk}"), {**mine, "revision": item.revision}).status_code == 302
    item.refresh_from_db()
    assert item.owner == "A. Diallo"


def test_what_was_deleted_meanwhile_is_told(plan: Plan, client: Client) -> None:
    item = an_item(plan)
    seen = item.revision
    editing.delete_item(item, plan.by, seen)
    assert client.post(address(plan, f"items/{item.pk}/move"), {"revision": seen, "to": "now"}).status_code == 404


def test_a_gap_needs_its_promise(plan: Plan, client: Client) -> None:
    item = an_item(plan)
    where = address(plan, f"items/{item.pk}")
    assert client.post(where, everything(item, expected_gap="0")).status_code == 422
    editing.set_promises(plan, plan.by, plan.revision, [(None, "We pay", ("partners",))])
    promise = plan.own_promises.get()
    sent = everything(item, expected_gap="0", promise_ref=f"own-{promise.pk}")
    assert client.post(where, sent).status_code == 302
    assert "keeps promise 1" in page(client, address(plan))


def test_the_board_is_narrowed_by_category_group_and_owner(plan: Plan, client: Client) -> None:
    an_item(plan, "Wanted one", category="care", stakeholders=("partners",), owner="N. Roche", horizon="now")
    an_item(plan, "Other one", category="safety", stakeholders=("customers",), horizon="now")
    for query in ("category=care", "stakeholder=partners", "owner=N.+Roche"):
        shown = page(client, f"{address(plan)}?{query}").partition("data-board")[2]
        assert "Wanted one" in shown
        assert "Other one" not in shown
    shown = page(client, f"{address(plan)}?owner=–&category=nonsense").partition("data-board")[2]
    assert "Other one" in shown
    assert "Wanted one" not in shown


def test_the_horizons_are_the_articles_first_and_the_teams_after(plan: Plan, client: Client) -> None:
    an_item(plan)
    told = page(client, address(plan))
    assert "Day 0 to day 30" in told
    assert "Day 31 to day 90" in told
    assert "From day 91 on" in told
    named = "".join(re.split("</?span[^>]*>", told))
    assert "Do Next and Do Later are our reading: the articles announce them without defining them." in named
    sent = {
        "title": "Reopen",
        "starts_on": "2026-04-02",
        "next_until": "60",
        "later_until": "50",
        "revision": plan.revision,
    }
    assert client.post(address(plan, "settings"), sent).status_code == 422
    assert client.post(address(plan, "settings"), {**sent, "later_until": "180"}).status_code == 302
    told = page(client, address(plan))
    assert "Day 31 to day 60" in told
    assert "Day 61 to day 180" in told


def test_french_readers_are_told_what_the_english_names_mean(plan: Plan, client: Client) -> None:
    an_item(plan, horizon="now")
    glosses = ("à faire maintenant", "à faire ensuite", "à faire plus tard")
    told = page(client, address(plan, language="fr"))
    for name, gloss in zip(("Do Now", "Do Next", "Do Later"), glosses, strict=True):
        assert f'<span lang="en">{name}</span> <span class="gloss">{gloss}</span>' in told
    assert 'class="gloss"' not in page(client, address(plan))
    assert "Écartées" in told
    assert ">Écarter<" in told


def test_the_columns_say_their_days_and_which_one_is_today(plan: Plan, client: Client) -> None:
    start = timezone.localdate() - timedelta(days=40)
    Plan.objects.filter(pk=plan.pk).update(starts_on=start)
    an_item(plan, "In time", horizon="now", due_on=start + timedelta(days=15), owner="Lina")
    an_item(plan, "Beyond", horizon="next", due_on=start + timedelta(days=120))
    view = PlanView(Plan.objects.get(pk=plan.pk))
    now, following = view.column("now"), view.column("next")
    assert (now.marks, now.today_at, following.marks) == ([50], None, [])
    assert following.today_at == round(100 * 9 / 59)
    told = page(client, address(plan))
    assert "today is day 40" in told
    assert told.count("(outside this horizon)") == 1
    assert told.count("(late)") == 1


def test_the_board_stays_narrowed_after_a_move(plan: Plan, client: Client) -> None:
    item = an_item(plan, category="care")
    sent = {"revision": item.revision, "to": "now", "shown": "category=care&next=https://elsewhere.example"}
    moved = client.post(address(plan, f"items/{item.pk}/move"), sent)
    done = plan.activities.first()
    assert done is not None
    assert moved["Location"] == f"{address(plan)}?category=care&done={done.pk}#move-{item.pk}"


def test_an_action_waits_for_others_and_never_in_a_circle(plan: Plan, client: Client) -> None:
    first, second, third = (an_item(plan, title) for title in ("First", "Second", "Third"))
    for after, before in ((second, first), (third, second)):
        editing.change_item(after, plan.by, None, {}, waits_for=[before])
    with pytest.raises(editing.RefusedError, match="“Third” waits for this action already"):
        editing.change_item(first, plan.by, None, {}, waits_for=[third])
    sent = {"title": "First", "standing": "imagined", "origin": "own", "waits_for": [third.pk], "revision": 1}
    refused = client.post(address(plan, f"items/{first.pk}"), sent)
    assert refused.status_code == 422
    assert "“Third” waits for this action already." in refused.content.decode()
    told = page(client, address(plan))
    assert "waits for:" in told
    assert "Second" in page(client, address(plan, f"items/{third.pk}")).partition("Its log")[2]
    editing.delete_item(second, plan.by, None)
    assert [card.waits_for for card in PlanView(plan).cards] == [[], []]


# --- Scenarios, promises, reviews -------------------------------------------------------------------------------------


def scenario_rows(*rows: tuple[str, str]) -> dict[str, Any]:
    return {
        "scenario-number": [number for number, _text in rows],
        "scenario-text": [text for _number, text in rows],
        **{f"retained-{place}": "on" for place in range(len(rows))},
    }


def test_a_changed_scenario_marks_what_was_judged_to_be_rechecked(plan: Plan, client: Client) -> None:
    judged, untouched = an_item(plan, "Judged", mission_fit=3), an_item(plan, "Untouched")
    placed, finished = an_item(plan, "Placed", horizon="now"), an_item(plan, "Finished", horizon="done")
    where = address(plan, "scenarios")
    rows = scenario_rows(("", "Open in June"), ("", ""))
    assert client.post(where, {**rows, "revision": plan.revision}).status_code == 302
    marked = {item.title for item in plan.items.filter(recheck=True)}
    assert marked == {judged.title, placed.title}
    assert untouched.title not in marked
    assert finished.title not in marked
    told = page(client, address(plan))
    assert "2 actions are to be re-checked" in told
    assert "Open in June" in told
    placed.refresh_from_db()
    client.post(address(plan, f"items/{placed.pk}/recheck"), {"revision": placed.revision})
    judged.refresh_from_db()
    scenario = plan.scenarios.get()
    sent = {"mission_fit": "3", "need": "3", "fits": [scenario.pk], "revision": judged.revision}
    client.post(address(plan, f"items/{judged.pk}/judge"), sent)
    assert not plan.items.filter(recheck=True).exists()
    plan.refresh_from_db()
    again = scenario_rows((str(scenario.pk), "Open in June"))
    client.post(where, {**again, "revision": plan.revision})
    assert not plan.items.filter(recheck=True).exists()


def test_scenarios_that_somebody_else_changed_are_not_overwritten(plan: Plan, client: Client) -> None:
    seen = plan.revision
    editing.set_scenarios(plan, plan.by, seen, [(None, "Theirs", True)])
    answer = client.post(address(plan, "scenarios"), {**scenario_rows(("", "Mine")), "revision": seen})
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "Theirs" in told
    assert ">Mine</td>" in told
    assert [one.text for one in plan.scenarios.all()] == ["Theirs"]


def test_a_promise_needs_its_group_and_frees_its_cards_when_it_goes(plan: Plan, client: Client) -> None:
    where = address(plan, "promises")
    sent = {"promise-number": [""], "promise-text": ["We pay"], "revision": plan.revision}
    assert "say to whom" in client.post(where, sent, follow=True).content.decode()
    client.post(where, {**sent, "groups-0": ["partners"]})
    promise = plan.own_promises.get()
    item = an_item(plan, promise_ref=f"own-{promise.pk}", expected_gap=-1)
    plan.refresh_from_db()
    client.post(where, {"promise-number": [promise.pk], "promise-text": [""], "revision": plan.revision})
    item.refresh_from_db()
    assert (item.promise_ref, item.expected_gap) == ("", None)
    assert not plan.own_promises.exists()


def test_a_review_that_is_due_is_told_until_it_is_noted(plan: Plan, client: Client) -> None:
    Plan.objects.filter(pk=plan.pk).update(review_on=timezone.localdate())
    assert "This plan was to be reviewed" in page(client, address(plan))
    then = timezone.localdate() + timedelta(days=14)
    client.post(address(plan, "reviewed"), {"review_on": then.isoformat()})
    assert "This plan was to be reviewed" not in page(client, address(plan))
    assert "reviewed the plan" in page(client, address(plan, "activity"))


def test_a_plan_is_deleted_with_care_and_its_addresses_close(plan: Plan, client: Client) -> None:
    client.post(address(plan, "delete"), {"revision": plan.revision})
    assert client.get(address(plan)).status_code == 200
    client.post(address(plan, "delete"), {"revision": plan.revision, "confirmed": "yes"})
    assert client.get(address(plan)).status_code == 404


def test_the_log_says_who_did_what_from_what_to_what(plan: Plan, client: Client) -> None:
    item = an_item(plan, owner="N. Roche")
    editing.change_item(item, plan.by, None, {"owner": "A. Diallo", "need": 4})
    told = page(client, address(plan, "activity"))
    assert "N. Roche → A. Diallo" in told
    assert "Attested need: – → 4" in told
    assert Activity.objects.filter(item=item).count() == 3


# --- From practices, and out as files ---------------------------------------------------------------------------------


def test_a_practice_goes_into_a_plan_once(plan: Plan, client: Client) -> None:
    a_practice("Lend rooms", key="lend", category="care", stakeholders=("community",))
    assert "Add to a plan" in page(client, "/en/practices/lend/")
    assert "Add to a plan" not in page(Client(), "/en/practices/lend/")
    where = "/en/practices/lend/add-to-plan/"
    assert client.post(where, {"plan": plan.pk}).status_code == 302
    assert "has “Lend rooms” already." in client.post(where, {"plan": plan.pk}, follow=True).content.decode()
    item = plan.items.get()
    assert (item.title, item.origin, item.category, item.practice.key) == ("Lend rooms", "practice", "care", "lend")  # type: ignore[union-attr]
    assert client.post(where, {"plan": a_plan().pk}).status_code == 404


def rich(plan: Plan) -> Item:
    editing.set_promises(plan, plan.by, plan.revision, [(None, "We pay", ("partners",))])
    return an_item(
        plan,
        "=Refund",
        **{"category": "care", "stakeholders": ("partners",), "need": 4, "mission_fit": 5, "due_on": date(2026, 4, 12)},
        **{
            "promise_ref": f"own-{plan.own_promises.get().pk}",
            "expected_gap": -2,
            "owner": "N. Roche",
            "horizon": "now",
        },
    )


def test_the_csv_holds_every_field_and_runs_nothing(plan: Plan, client: Client) -> None:
    rich(plan)
    answer = client.get(f"/en/plans/{plan.pk}/table/plan.csv")
    assert "plan_reopen_" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    assert "'=Refund,," in text
    assert "2026-04-12" in text
    assert "would break promise 1" in text
    assert client.get(f"/fr/plans/{plan.pk}/table/plan.csv").content.decode("utf-8-sig").count(";") > 20
    assert plan.activities.filter(kind="plan.exported").count() == 2


def test_the_workbook_has_typed_dates_and_the_blind_spots(plan: Plan, client: Client) -> None:
    rich(plan)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/en/plans/{plan.pk}/table/plan.xlsx").content))
    assert book.sheet_names == ["Read me", "Actions", "Problems", "Promises", "Blind spots"]
    head, row = book.get_sheet_by_name("Actions").to_python()
    told = dict(zip(head, row, strict=True))
    assert told["Title"] == "=Refund"
    assert told["Date"] == date(2026, 4, 12)
    assert told["Attested need"] == 4
    spots = [line[0] for line in book.get_sheet_by_name("Blind spots").to_python()]
    assert any("would break promise 1" in str(line) for line in spots)


def test_every_page_costs_the_same_queries_for_few_and_for_many(
    plan: Plan, client: Client, django_assert_max_num_queries: Any
) -> None:
    brand = make.a_breach(listed=True)
    make.published(brand)
    Plan.objects.filter(pk=plan.pk).update(brand=brand)
    counts = []
    for many in (2, 20):
        for number in range(many):
            item = an_item(plan, f"{many}-{number}", horizon="now", need=3, mission_fit=3, category="care")
            editing.save_problem(plan, plan.by, None, None, {"what": f"Problem {number}"}, [item])
            a_practice(key=f"practice-{many}-{number}")
        for place in ("inventory", "categories", "problems", "board", "table", "settings", "activity"):
            with django_assert_max_num_queries(20) as captured:
                page(client, address(plan, place))
            counts.append((place, len(captured)))
        with django_assert_max_num_queries(20) as captured:
            page(client, "/en/plans/")
        counts.append(("plans", len(captured)))
    assert counts[: len(counts) // 2] == counts[len(counts) // 2 :]


def test_the_sample_shows_what_a_blind_spot_is() -> None:
    user = a_planner()
    for language in ("en", "fr"):
        plan = make_sample(user, team_of(user), language)
        view = PlanView(plan)
        assert {spot.code for spot in view.blind_spots} >= {"forgotten", "breaking", "unowned"}
        assert [len(view.column(horizon).cards) for horizon in ("now", "next", "later", "aside")] == [3, 2, 1, 1]
