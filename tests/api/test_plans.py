"""Plans by API: for the keys of their team, and done once however often it is asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cxalign.accounts.models import User
from cxalign.plans import editing
from cxalign.plans.models import Item, Plan
from tests.accounts.making import a_key, a_team, bearer
from tests.plans.making import a_plan, a_planner, an_item
from tests.practices.making import a_practice

pytestmark = pytest.mark.django_db

BOTH = ("read:plans", "write:plans")


class Program:
    """A program with a key of its own."""

    def __init__(self, owner: User, *scopes: str) -> None:
        self.headers = bearer(a_key(owner, *(scopes or BOTH)).token)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        said = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return getattr(Client(), method)(f"/api/v1/{path}", body, content_type="application/json", headers=said)

    def get(self, path: str) -> Any:
        return Client().get(f"/api/v1/{path}", headers=self.headers)


@pytest.fixture
def plan() -> Plan:
    return a_plan(title="Reopen")


@pytest.fixture
def program(plan: Plan) -> Program:
    return Program(plan.by)


def test_a_plan_is_read_by_the_keys_of_its_team_only(plan: Plan, program: Program) -> None:
    item = an_item(plan, category="care", need=3)
    outsider = Program(a_planner())
    problem = editing.save_problem(plan, plan.by, None, None, {"what": "No cash"}, [item])
    scenario = editing.save_scenario(plan, plan.by, None, None, {"text": "Open in June"})
    parts = ("items", f"items/{item.pk}", "problems", f"problems/{problem.pk}", "scenarios", f"scenarios/{scenario.pk}")
    places = (f"plans/{plan.pk}", *(f"plans/{plan.pk}/{part}" for part in parts))
    for place in places:
        assert program.get(place).status_code == 200, place
        there, absent = outsider.get(place), outsider.get(place.replace(str(plan.pk), "999999", 1))
        assert there.status_code == absent.status_code == 404
        assert there.json()["detail"] == absent.json()["detail"]
        assert Client().get(f"/api/v1/{place}").status_code == 401
        assert Program(plan.by, "read:published").get(place).status_code == 403
    assert [one["title"] for one in program.get("plans").json()["data"]] == ["Reopen"]
    assert outsider.get("plans").json()["data"] == []
    assert Client().get("/api/v1/plans").status_code == 401


def test_whoever_leaves_the_team_loses_its_plans_at_once(plan: Plan, program: Program) -> None:
    plan.team.members.clear()  # type: ignore[union-attr]
    assert program.get(f"plans/{plan.pk}").status_code == 403
    a_team(plan.by)
    assert program.get(f"plans/{plan.pk}").status_code == 404


def test_an_item_says_how_far_it_has_come_and_gives_no_total(plan: Plan, program: Program) -> None:
    item = an_item(plan)
    place = f"plans/{plan.pk}/items/{item.pk}"
    assert program.get(place).json()["step"] == "inventory"
    editing.change_item(item, plan.by, None, {"category": "care", "stakeholders": ("customers",)})
    assert program.get(place).json()["step"] == "categorised"
    editing.save_problem(plan, plan.by, None, None, {"what": "No cash"}, [item])
    assert program.get(place).json()["step"] == "problematised"
    editing.move(item, plan.by, None, "now")
    told = program.get(place).json()
    assert told["step"] == "prioritised"
    assert told["scores"] == {"mission_fit": None, "need": None, "feasibility": None}
    assert "priority" not in told


def test_items_are_filtered(plan: Plan, program: Program) -> None:
    an_item(plan, "Wanted", category="care", owner="N. Roche", horizon="now")
    an_item(plan, "Other")
    for query in ("horizon=now", "category=care", "owner=N.+Roche"):
        found = program.get(f"plans/{plan.pk}/items?{query}").json()["data"]
        assert [one["title"] for one in found] == ["Wanted"]
    assert program.get(f"plans/{plan.pk}/items?horizon=soon").status_code == 400


def test_a_plan_and_its_items_are_made_changed_and_deleted(program: Program, plan: Plan) -> None:
    made = program.ask("post", "plans", {"title": "Second", "starts_on": "2026-04-02"})
    assert made.status_code == 201, made.content
    place = f"plans/{made.json()['id']}"
    assert made["Location"].endswith(place)
    body = {"title": "Pay early", "category": "continuity", "stakeholders": ["partners"], "scores": {"need": 4}}
    item = program.ask("post", f"{place}/items", body)
    assert item.status_code == 201, item.content
    assert (item.json()["scores"]["need"], item.json()["stakeholders"]) == (4, ["partners"])
    here = f"{place}/items/{item.json()['id']}"
    moved = program.ask("patch", here, {"horizon": "now", "owner": "N. Roche"}, If_Match=item["ETag"])
    assert (moved.status_code, moved.json()["horizon"], moved.json()["category"]) == (200, "now", "continuity")
    assert program.ask("delete", here, If_Match=moved["ETag"]).status_code == 200
    assert program.get(here).status_code == 404
    changed = program.ask("patch", place, {"later_until": 200}, If_Match=made["ETag"])
    assert changed.json()["later_until"] == 200
    assert program.ask("delete", place, If_Match="*").status_code == 200
    assert program.get(place).status_code == 404


def test_nobody_changes_what_they_have_not_seen(plan: Plan, program: Program) -> None:
    item = an_item(plan)
    place = f"plans/{plan.pk}/items/{item.pk}"
    seen = program.get(place)["ETag"]
    assert program.ask("patch", place, {"owner": "Me"}).status_code == 428
    editing.change_item(item, plan.by, None, {"owner": "N. Roche"})
    refused = program.ask("patch", place, {"owner": "Me"}, If_Match=seen)
    assert refused.status_code == 412
    now = program.get(place)["ETag"]
    assert refused["ETag"] == refused.json()["etag"] == now
    assert program.ask("delete", place, If_Match=seen).status_code == 412
    assert program.ask("patch", place, {"owner": "Me"}, If_Match=now).status_code == 200


def test_a_request_that_is_sent_twice_is_done_once(plan: Plan, program: Program) -> None:
    sent = [
        program.ask("post", f"plans/{plan.pk}/items", {"title": "Once"}, Idempotency_Key="a-name") for _time in range(2)
    ]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].content == sent[1].content
    assert sent[1]["Idempotency-Replayed"] == "true"
    assert plan.items.count() == 1
    other = program.ask("post", f"plans/{plan.pk}/items", {"title": "Other"}, Idempotency_Key="a-name")
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/title", "required"),
        ({"title": "x", "colour": "red"}, "/colour", "unknown_field"),
        ({"title": "x", "scores": {"total": 9}}, "/scores/total", "unknown_field"),
        ({"title": "x", "scores": {"need": 6}}, "/scores/need", "max_value"),
        ({"title": "x", "category": "access"}, "/category", "invalid_choice"),
        ({"title": "x", "horizon": "aside"}, "/aside_reason", "required"),
        ({"title": "x", "promise": "absent"}, "/promise", "not_found"),
        ({"title": "x", "expected_gap": -1}, "/expected_gap", "invalid"),
        ({"title": "a\u0007b"}, "/title", "control_character"),
        ({"title": "x" * 201}, "/title", "max_length"),
    ],
)
def test_what_cannot_be_is_named(plan: Plan, program: Program, body: dict[str, Any], pointer: str, code: str) -> None:
    answer = program.ask("post", f"plans/{plan.pk}/items", body)
    assert answer.status_code == 422, answer.content
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert not Item.objects.exists()


def test_a_plan_needs_a_team_and_keeps_it(plan: Plan, program: Program) -> None:
    second = a_team(plan.by, name="Second team")
    assert program.ask("post", "plans", {"title": "Which?"}).status_code == 422
    assert program.ask("post", "plans", {"title": "Whose?", "team": "Nobody’s"}).status_code == 422
    made = program.ask("post", "plans", {"title": "Theirs", "team": second.name})
    assert made.json()["team"] == "Second team"
    moved = program.ask("patch", f"plans/{plan.pk}", {"team": "Second team"}, If_Match="*")
    assert moved.status_code == 422
    wrong = {"title": "x", "team": second.name, "next_until": 60, "later_until": 50}
    assert program.ask("post", "plans", wrong).json()["errors"][0]["pointer"] == "/later_until"


def test_reading_alone_writes_nothing(plan: Plan) -> None:
    reader, writer = Program(plan.by, "read:plans"), Program(plan.by, "write:plans")
    assert reader.ask("post", f"plans/{plan.pk}/items", {"title": "x"}).status_code == 403
    assert writer.ask("post", f"plans/{plan.pk}/items", {"title": "x"}).status_code == 201
    assert writer.get(f"plans/{plan.pk}").status_code == 403


def test_a_list_costs_the_same_queries_for_two_and_for_many(
    plan: Plan, program: Program, django_assert_max_num_queries: Any
) -> None:
    program.get("plans")  # the first use of a key is written down
    counts = []
    for many in (2, 20):
        for number in range(many):
            item = an_item(plan, f"{many}-{number}")
            editing.save_problem(plan, plan.by, None, None, {"what": "No cash"}, [item])
            editing.save_scenario(plan, plan.by, None, None, {"text": "One more"}) if number < 9 else None
            editing.change_item(item, plan.by, None, {}, plan.scenarios.all(), list(plan.items.exclude(pk=item.pk))[:2])
            a_plan(plan.by)
        for place in ("plans", *(f"plans/{plan.pk}/{part}" for part in ("items", "problems", "scenarios"))):
            with django_assert_max_num_queries(15) as captured:
                program.get(place)
            counts.append(len(captured))
    assert counts[:4] == counts[4:]


# --- Problems and scenarios -------------------------------------------------------------------------------------------


def test_a_problem_is_stated_changed_and_taken_out_with_what_answers_to_it(plan: Plan, program: Program) -> None:
    first, second = an_item(plan, "Pay early"), an_item(plan, "Lend")
    place = f"plans/{plan.pk}/problems"
    body = {"what": "No cash", "whom": "Small suppliers", "question": "How might we…?", "items": [str(first.pk)]}
    sent = [program.ask("post", place, body, Idempotency_Key="one-problem") for _time in range(2)]
    assert [answer.status_code for answer in sent] == [201, 201], sent[0].content
    assert sent[0].content == sent[1].content
    made, here = sent[0].json(), f"{place}/{sent[0].json()['id']}"
    assert (made["basis"], made["items"]) == ("assumption", [str(first.pk)])
    assert [one["what"] for one in program.get(f"{place}?basis=assumption").json()["data"]] == ["No cash"]
    assert program.get(f"plans/{plan.pk}/items/{first.pk}").json()["problem_id"] == made["id"]

    assert program.ask("patch", here, {"whom": "All"}).status_code == 428
    change = {"basis": "source", "evidence": "Their calls", "items": [str(first.pk), str(second.pk)]}
    changed = program.ask("patch", here, change, If_Match=made["etag"])
    assert (changed.status_code, changed.json()["items"]) == (200, [str(first.pk), str(second.pk)])
    assert changed.json()["whom"] == "Small suppliers"
    assert program.ask("patch", here, {"whom": "All"}, If_Match=made["etag"]).status_code == 412

    gone = program.ask("delete", here, If_Match=changed["ETag"])
    assert (gone.status_code, gone.json()["what"]) == (200, "No cash")
    assert program.get(here).status_code == 404
    assert set(plan.items.values_list("problem", flat=True)) == {None}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/what", "required"),
        ({"what": "No cash", "basis": "source"}, "/evidence", "required"),
        ({"what": "No cash", "basis": "rumour"}, "/basis", "invalid_choice"),
        ({"what": "No cash", "address": "javascript:alert(1)"}, "/address", "invalid"),
        ({"what": "No cash", "items": ["999999"]}, "/items/0", "not_found"),
        ({"what": "No cash", "priority": 3}, "/priority", "unknown_field"),
    ],
)
def test_what_a_problem_cannot_be_is_named(
    plan: Plan, program: Program, body: dict[str, Any], pointer: str, code: str
) -> None:
    answer = program.ask("post", f"plans/{plan.pk}/problems", body)
    assert answer.status_code == 422, answer.content
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert not plan.problems.exists()


def test_a_scenario_that_changes_marks_what_was_judged(plan: Plan, program: Program) -> None:
    item, idle = an_item(plan, "Judged", need=3), an_item(plan, "Not looked at yet")
    place = f"plans/{plan.pk}/scenarios"
    made = program.ask("post", place, {"text": "Open in June"})
    assert (made.status_code, made.json()["retained"]) == (201, True)
    here = f"{place}/{made.json()['id']}"
    marked = {one["title"]: one["recheck"] for one in program.get(f"plans/{plan.pk}/items").json()["data"]}
    assert marked == {item.title: True, idle.title: False}
    assert program.get(f"plans/{plan.pk}").json()["scenarios"][0]["id"] == made.json()["id"]

    assert program.ask("patch", here, {"text": ""}, If_Match=made["ETag"]).status_code == 422
    changed = program.ask("patch", here, {"retained": False}, If_Match=made["ETag"])
    assert (changed.json()["text"], changed.json()["retained"]) == ("Open in June", False)
    assert program.ask("delete", here, If_Match=made["ETag"]).status_code == 412
    assert program.ask("delete", here, If_Match=changed["ETag"]).status_code == 200
    assert program.get(place).json()["data"] == []


def test_an_item_says_where_it_makes_sense_what_comes_before_it_and_whence_it_is(plan: Plan, program: Program) -> None:
    practice, draft = a_practice(), a_practice(is_published=False)
    june = editing.save_scenario(plan, plan.by, None, None, {"text": "Open in June"})
    before, place = an_item(plan, "Before"), f"plans/{plan.pk}/items"
    body = {"title": "After", "fits": [str(june.pk)], "waits_for": [str(before.pk)], "practice": practice.key}
    made = program.ask("post", place, body)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["fits"], told["waits_for"], told["practice"]) == (body["fits"], body["waits_for"], practice.key)

    here = f"{place}/{told['id']}"
    nowhere = program.ask("patch", here, {"fits_none": True}, If_Match=made["ETag"])
    assert (nowhere.json()["fits"], nowhere.json()["fits_none"]) == ([], True)
    assert program.ask("patch", here, {"fits": [str(june.pk)], "fits_none": True}, If_Match="*").status_code == 422
    circle = program.ask("patch", f"{place}/{before.pk}", {"waits_for": [told["id"]]}, If_Match="*")
    assert (circle.status_code, before.waits_for.count()) == (422, 0)
    for wrong in ({"practice": draft.key}, {"fits": ["999999"]}, {"waits_for": [told["id"]]}, {"problem_id": "999999"}):
        refused = program.ask("patch", here, wrong, If_Match="*")
        assert refused.status_code == 422, wrong
        assert refused.json()["errors"][0]["code"] == "not_found"


def test_the_tag_of_an_item_changes_with_what_it_shows_of_others(plan: Plan, program: Program) -> None:
    item = an_item(plan)
    problem = editing.save_problem(plan, plan.by, None, None, {"what": "No cash"}, [item])
    place = f"plans/{plan.pk}/items/{item.pk}"
    before = program.get(place)
    editing.save_problem(plan, plan.by, problem, None, {"what": "No time"}, [item])
    after = program.get(place)
    assert before["ETag"] != after["ETag"]
    assert after.json()["problem"] == "No time"
