"""Suggesting evidence: private to the team and to those who record, decided once, with an outcome one can read."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from brands.models import Event
from cxalign.accounts import roles
from cxalign.accounts.models import Suggestion, Team, User
from cxalign.accounts.suggestions import MOST_OPEN, SuggestionRefused, decline, suggest, take
from tests import factories as make
from tests.accounts.desk import desk_of, somebody
from tests.accounts.making import a_suggestion, a_team

pytestmark = pytest.mark.django_db

PAGE, DESK = "/en/suggest/", "/en/desk/suggestions/"


def given(**fields: str) -> dict[str, str]:
    return {"token": str(uuid4()), "kind": "action", "brand": "Fictia", "text": "It paid.", "address": "", **fields}


def send(by: User, **fields: str) -> Any:
    return desk_of(by).post(PAGE, given(**fields))


@pytest.fixture(autouse=True)
def _fictia() -> None:
    make.a_brand("Fictia", listed=True, aliases="Fictia Assurances")


# --- Suggesting -------------------------------------------------------------------------------------------------------


def test_a_consultant_suggests_and_finds_it_again() -> None:
    claire = somebody(roles.CONSULTANT)
    assert send(claire, text="  Paid in\na week.  ").status_code == 302
    suggestion = Suggestion.objects.get()
    assert (suggestion.by, suggestion.state, suggestion.text) == (
        claire,
        "open",
        "  Paid in\r\na week.  ".replace("\r", ""),
    )
    assert "Paid in" in desk_of(claire).get(PAGE).content.decode()
    assert Event.objects.get(kind="suggestion.made").actor == claire


@pytest.mark.parametrize("name", ["Fictia", "fictia", "FICTÏA", " fictia assurances "])
def test_a_brand_is_found_by_its_names_however_they_are_written(name: str) -> None:
    assert send(somebody(roles.CONSULTANT), brand=name).status_code == 302
    assert Suggestion.objects.get().brand.name == "Fictia"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"kind": "rumour"}, "kind"),
        ({"brand": ""}, "brand"),
        ({"brand": "Nobody"}, "brand"),
        ({"kind": "source"}, "address"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "ftp://example.org/"}, "address"),
    ],
)
def test_what_is_not_right_is_named_and_kept(wrong: dict[str, str], field: str) -> None:
    answer = send(somebody(roles.CONSULTANT), **wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Suggestion.objects.count() == 0


def test_a_brand_to_add_needs_no_brand_and_a_source_no_more_than_its_address() -> None:
    claire = somebody(roles.CONSULTANT)
    assert send(claire, kind="brand", brand="", text="Add Autre, a bank.").status_code == 302
    assert send(claire, kind="source", address="https://example.org/a").status_code == 302
    assert Suggestion.objects.count() == 2


def test_a_brand_that_is_not_public_is_not_betrayed() -> None:
    make.judged(make.a_breach("Hidden"))
    claire = somebody(roles.CONSULTANT)
    hidden, absent = (send(claire, brand=name).context["form"].errors["brand"] for name in ("Hidden", "Absent"))
    assert str(hidden).replace("Hidden", "Absent") == str(absent)
    assert desk_of(claire).get(PAGE, {"brand": "hidden"}).context["form"].initial["brand"] == ""
    assert desk_of(claire).get(PAGE, {"brand": "fictia"}).context["form"].initial["brand"] == "Fictia"


def test_the_same_form_sent_twice_is_one_suggestion() -> None:
    claire, form = somebody(roles.CONSULTANT), given()
    for _ in range(2):
        assert desk_of(claire).post(PAGE, form).status_code == 302
    assert (Suggestion.objects.count(), Event.objects.filter(kind="suggestion.made").count()) == (1, 1)
    assert desk_of(somebody(roles.CONSULTANT)).post(PAGE, form).status_code == 422
    assert desk_of(claire).post(PAGE, given()).status_code == 302
    assert Suggestion.objects.count() == 2


def test_nobody_buries_the_analysts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_OPEN == 100
    monkeypatch.setattr("cxalign.accounts.suggestions.MOST_OPEN", 1)
    claire = somebody(roles.CONSULTANT)
    first = a_suggestion(claire)
    assert send(claire).status_code == 422
    decline(first, by=somebody(roles.ANALYST), reason="Known.")
    assert send(claire).status_code == 302


def test_with_several_teams_one_says_for_which_and_never_for_anothers() -> None:
    claire = somebody(roles.CONSULTANT)
    north, south, other = a_team(claire), a_team(claire), a_team()
    assert send(claire, team=str(south.pk)).status_code == 302
    assert Suggestion.objects.get().team == south
    assert send(claire, team=str(other.pk)).status_code == 422
    assert north.pk != other.pk


# --- Who sees it ------------------------------------------------------------------------------------------------------


def seen_by(user: Any) -> int:
    return Suggestion.objects.visible_to(user).count()


def test_a_suggestion_is_the_teams_and_the_analysts_and_nobody_elses() -> None:
    claire, james, stranger = (somebody(roles.CONSULTANT) for _ in range(3))
    team = a_team(claire, james)
    a_team(stranger)
    a_suggestion(claire, team=team)
    readers = (claire, james, *(somebody(role) for role in (roles.ANALYST, roles.EDITOR, roles.ADMINISTRATOR)))
    assert [seen_by(reader) for reader in readers] == [1] * 5
    assert [seen_by(reader) for reader in (stranger, None)] == [0, 0]
    assert "It paid its suppliers" in desk_of(james).get(PAGE).content.decode()
    assert "It paid its suppliers" not in desk_of(stranger).get(PAGE).content.decode()
    assert "It paid its suppliers" in desk_of(readers[2]).get(DESK).content.decode()


def test_without_a_team_it_is_ones_own_and_leaving_a_team_leaves_its_suggestions() -> None:
    claire, james = somebody(roles.CONSULTANT), somebody(roles.CONSULTANT)
    a_suggestion(claire, team=None)
    assert (seen_by(claire), seen_by(james)) == (1, 0)
    team = a_team(claire, james)
    a_suggestion(claire, team=team)
    assert (seen_by(claire), seen_by(james)) == (2, 1)
    team.members.remove(claire)
    assert (seen_by(claire), seen_by(james)) == (1, 1)
    User.objects.filter(pk=james.pk).update(is_active=False)
    assert seen_by(User.objects.get(pk=james.pk)) == 0


def test_a_stranger_is_asked_to_sign_in_and_a_consultant_has_no_list_of_others() -> None:
    assert Client().get(PAGE)["Location"] == f"/en/account/login/?next={PAGE}"
    assert desk_of(somebody(roles.CONSULTANT)).get(DESK).status_code == 403


# --- Deciding ---------------------------------------------------------------------------------------------------------


def test_an_analyst_declines_with_a_reason_that_the_suggester_reads() -> None:
    claire, analyst = somebody(roles.CONSULTANT), somebody(roles.ANALYST)
    page = f"{DESK}{a_suggestion(claire).pk}/"
    desk = desk_of(analyst)
    assert desk.post(page, {"decision": "decline", "reason": " "}).status_code == 422
    assert Suggestion.objects.get().state == "open"
    assert desk.post(page, {"decision": "decline", "reason": "It is on file."}).status_code == 302
    suggestion = Suggestion.objects.get()
    assert (suggestion.state, suggestion.decided_by, suggestion.reason) == ("declined", analyst, "It is on file.")
    assert "It is on file." in desk_of(claire).get(PAGE).content.decode()
    event = Event.objects.get(kind="suggestion.declined")
    assert (event.actor, event.changes, event.reason) == (analyst, {"state": ["open", "declined"]}, "It is on file.")


def test_it_is_decided_once() -> None:
    suggestion, analyst = a_suggestion(), somebody(roles.ANALYST)
    take(suggestion, by=analyst)
    for again in (lambda: take(suggestion, by=analyst), lambda: decline(suggestion, by=analyst, reason="No.")):
        with pytest.raises(SuggestionRefused, match="already"):
            again()
    answer = desk_of(analyst).post(f"{DESK}{suggestion.pk}/", {"decision": "take"})
    assert answer.status_code == 422
    assert Event.objects.filter(kind__in=("suggestion.taken", "suggestion.declined")).count() == 1


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_only_those_who_record_evidence_decide(role: str) -> None:
    suggestion, person = a_suggestion(), somebody(role)
    if role == roles.CONSULTANT:
        with pytest.raises(SuggestionRefused):
            take(suggestion, by=person)
    else:
        assert take(suggestion, by=person).state == "taken"


def test_what_does_not_exist_is_not_found() -> None:
    assert desk_of(somebody(roles.ANALYST)).get(f"{DESK}999/").status_code == 404


def test_the_database_keeps_decided_and_open_apart() -> None:
    suggestion = a_suggestion()
    for wrong in ({"state": "taken"}, {"state": "declined", "decided_at": suggestion.created_at}, {"kind": "rumour"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Suggestion.objects.filter(pk=suggestion.pk).update(**wrong)
    with pytest.raises(ValidationError):
        suggest(somebody(roles.CONSULTANT), kind="rumour", text="x")


def test_the_list_costs_the_same_whatever_its_length(django_assert_num_queries: Any) -> None:
    desk = desk_of(somebody(roles.ANALYST))
    for _ in range(2):
        a_suggestion(team=Team.objects.create(name=f"Team {make.number()}"))
    desk.get(DESK)
    counts = []
    for _ in range(2):
        with django_assert_num_queries(7, exact=False) as captured:
            desk.get(DESK)
        counts.append(len(captured))
        for _ in range(18):
            a_suggestion(team=Team.objects.first())
    assert counts[0] == counts[1]
