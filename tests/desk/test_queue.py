"""The queue: which cases it shows to whom, and giving many of them to somebody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brands.models import Event
from cxalign.accounts import roles
from scoring.models import Assessment
from tests import factories as make
from tests.accounts.desk import desk_of, signed_in, somebody

pytestmark = pytest.mark.django_db

QUEUE, ASSIGN = "/en/desk/queue/", "/en/desk/queue/assign/"


def a_case(name: str, **fields: Any) -> Assessment:
    case = make.judged(make.a_kept_promise(name)).assessment
    Assessment.objects.filter(pk=case.pk).update(**fields)
    return case


def shown(desk: Client, query: str = "") -> dict[str, list[str]]:
    """State → the brands in its column, in their order; empty columns left out."""
    context = desk.get(f"{QUEUE}{query}").context
    if context["state"]:
        return {context["state"]: [card.case.brand.name for card in context["page"]]}
    return {
        column.state: [card.case.brand.name for card in column.cards] for column in context["columns"] if column.cards
    }


def yesterday() -> Any:
    return timezone.localdate() - timedelta(days=1)


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_each_case_stands_in_the_column_of_its_state_and_what_is_up_to_date_in_none() -> None:
    a_case("Draft")
    make.published(make.a_kept_promise("Quiet"))
    moved = make.a_kept_promise("Moved")
    make.published(moved)
    make.a_proof(make.an_action(moved, statement_en="More."), moved.promises.get())
    make.judged(make.touched(moved))
    desk = signed_in()
    assert shown(desk) == {"draft": ["Draft"], "published": ["Moved"]}
    assert shown(desk, "?state=current") == {"current": ["Quiet"]}
    assert "working verdict differs from what is public" in desk.get(QUEUE).content.decode()


def test_the_filters_narrow_it_down() -> None:
    ines = somebody(roles.ANALYST, username="ines")
    a_case("Été", owner=ines, due_on=yesterday())
    a_case("Hiver", due_on=timezone.localdate())
    desk = desk_of(ines)
    assert shown(desk, "?owner=me") == {"draft": ["Été"]}
    assert shown(desk, "?owner=none") == {"draft": ["Hiver"]}
    assert shown(desk, f"?owner={ines.pk}") == {"draft": ["Été"]}
    assert shown(desk, "?brand=ete") == {"draft": ["Été"]}
    assert shown(desk, "?overdue=on") == {"draft": ["Été"]}
    assert shown(desk, "?state=coding") == {"coding": []}
    assert shown(desk, "?owner=999999") == shown(desk)  # a choice that does not exist filters nothing


def test_the_overdue_come_first_then_the_next_due() -> None:
    a_case("Never")
    a_case("Later", due_on=timezone.localdate() + timedelta(days=5))
    a_case("Late", due_on=yesterday())
    assert shown(signed_in())["draft"] == ["Late", "Later", "Never"]


def test_a_full_column_shows_the_first_and_leads_to_all() -> None:
    for number in range(10):
        a_case(f"Brand {number}")
    desk = signed_in()
    column = next(column for column in desk.get(QUEUE).context["columns"] if column.state == "draft")
    assert (len(column.cards), column.total) == (8, 10)
    assert len(shown(desk, column.everything.partition("queue/")[2])["draft"]) == 10


def test_an_empty_queue_says_why_and_what_to_do() -> None:
    desk = signed_in()
    assert "A case appears here as soon as" in desk.get(QUEUE).content.decode()
    page = desk.get(f"{QUEUE}?brand=nobody").content.decode()
    assert "No case answers to these filters" in page
    assert "Clear filters" in page


def test_those_who_may_not_read_drafts_are_told_so() -> None:
    assert signed_in(roles.CONSULTANT).get(QUEUE).status_code == 403
    assert Client().get(QUEUE).status_code == 302


@pytest.mark.parametrize("policy", ["solo", "four_eyes", "strict"])
def test_it_costs_as_many_queries_with_fifty_cases_as_with_two(policy: str, settings: Any) -> None:
    settings.PUBLICATION_POLICY = policy
    desk, counts = signed_in(roles.EDITOR), []
    for number in (2, 48):
        for one in range(number):
            a_case(f"Brand {number} {one}")
        with CaptureQueriesContext(connection) as queries:
            desk.get(QUEUE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


# --- Giving cases out -------------------------------------------------------------------------------------------------


def test_many_cases_are_given_to_somebody_after_a_question_that_names_how_many() -> None:
    cases, ines = [a_case("One"), a_case("Two")], somebody(roles.ANALYST, username="ines")
    desk = signed_in(roles.EDITOR)
    wish = {"case": [case.pk for case in cases], "owner": str(ines.pk), "due_on": "2026-12-04", "query": "brand=o"}
    page = desk.post(ASSIGN, wish)
    text = page.content.decode()
    assert "Assign 2 cases?" in text
    assert "ines" in text
    assert "4 December 2026" in text
    assert Assessment.objects.filter(owner=ines).count() == 0
    refused = desk.post(ASSIGN, {**wish, "confirmed": "1", "reason": ""})
    assert refused.status_code == 422
    assert "This field is required" in refused.content.decode()
    assert Event.objects.filter(kind="case.assigned").count() == 0
    done = desk.post(ASSIGN, {**wish, "confirmed": "1", "reason": "Before the board."})
    assert done["Location"] == f"{QUEUE}?brand=o"
    assert set(Assessment.objects.values_list("owner", flat=True)) == {ines.pk}
    assert Event.objects.filter(kind="case.assigned", reason="Before the board.").count() == 2
    assert "2 cases assigned." in desk.get(QUEUE).content.decode()


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"owner": "0"}, "No case was chosen"),
        ({"case": "1"}, "otherwise nothing would change"),
        ({"case": "1", "due_on": "2026-12-04", "no_due": "on"}, "not both"),
        ({"case": "1", "due_on": "soon"}, "Enter a valid date"),
        ({"case": "1", "owner": "99999"}, "Select a valid choice"),
    ],
)
def test_a_wish_that_cannot_be_met_is_told(wish: dict[str, str], told: str) -> None:
    case, desk = a_case("One"), signed_in(roles.EDITOR)
    answer = desk.post(ASSIGN, {**wish, **({"case": str(case.pk)} if "case" in wish else {})}, follow=True)
    assert told in answer.content.decode()
    assert not Event.objects.filter(kind="case.assigned").exists()


def test_an_owner_can_be_taken_away() -> None:
    case, desk = a_case("One", owner=somebody(roles.ANALYST), due_on=yesterday()), signed_in(roles.EDITOR)
    desk.post(ASSIGN, {"case": case.pk, "owner": "0", "no_due": "on", "confirmed": "1", "reason": "Left."})
    case.refresh_from_db()
    assert (case.owner, case.due_on) == (None, None)


def test_an_analyst_sees_no_button_and_is_refused() -> None:
    case, desk = a_case("One"), signed_in(roles.ANALYST)
    page = desk.get(QUEUE).content.decode()
    assert "assign_form" not in page
    assert 'name="case"' not in page
    assert desk.post(ASSIGN, {"case": case.pk, "owner": "0", "confirmed": "1", "reason": "x"}).status_code == 403


def test_the_way_back_leads_to_the_queue_only() -> None:
    desk = signed_in(roles.EDITOR)
    answer = desk.post(ASSIGN, {"query": "//evil.example"})
    assert answer["Location"].startswith(f"{QUEUE}?")
    assert desk.get(ASSIGN)["Location"] == QUEUE
