"""What the account holds: changed, taken away, forgotten. And the page of one's teams."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brands.models import Event
from cxalign.accounts import roles
from cxalign.accounts.models import ApiKey, User
from tests.accounts.desk import desk_of, somebody
from tests.accounts.making import a_draft, a_key, a_suggestion, a_team, bearer

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"
PROFILE, GOODBYE = "/en/account/profile/", "/en/account/delete/"
FIELDS = {"first_name": "Claire", "last_name": "D’Été", "email": "c@example.org", "language": "fr", "time_zone": ""}


def a_person(role: str = roles.CONSULTANT, **fields: Any) -> User:
    person = somebody(role, **fields)
    person.set_password(PASSWORD)
    person.save()
    return User.objects.get(pk=person.pk)


def test_a_profile_is_saved_as_typed_and_answered_in_its_new_language() -> None:
    person = a_person()
    answer = desk_of(person).post(PROFILE, {**FIELDS, "time_zone": "Asia/Tokyo"})
    assert answer["Location"] == "/fr/account/profile/"
    person.refresh_from_db()
    assert (person.first_name, person.last_name, person.language, person.time_zone) == (
        "Claire",
        "D’Été",
        "fr",
        "Asia/Tokyo",
    )
    event = Event.objects.get(kind="access.profile_changed")
    assert "Claire" not in str(event.changes)


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"time_zone": "Mars/Base"}, {"language": "de"}, {"first_name": "a\x07b"}]
)
def test_what_is_not_right_is_named(wrong: dict[str, str]) -> None:
    person = a_person()
    answer = desk_of(person).post(PROFILE, {**FIELDS, **wrong})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(wrong)
    assert not User.objects.filter(first_name="Claire").exists()


def test_nobody_gives_themselves_rights_on_their_profile() -> None:
    person = a_person()
    desk_of(person).post(PROFILE, {**FIELDS, "is_staff": "on", "is_superuser": "on", "username": "root", "groups": "1"})
    person.refresh_from_db()
    assert (person.first_name, person.is_staff, person.is_superuser) == ("Claire", False, False)
    assert person.username != "root"


def test_ones_data_comes_as_a_file_with_everything_but_secrets() -> None:
    person = a_person(first_name="Claire")
    a_team(person, name="Nord")
    made = a_key(person)
    a_suggestion(person)
    a_suggestion(somebody(roles.CONSULTANT), text="Somebody else’s.")
    answer = desk_of(person).get("/en/account/data/")
    held = answer.json()
    assert answer["Content-Disposition"] == 'attachment; filename="account.json"'
    assert held["account"]["first_name"] == "Claire"
    assert (held["roles"], held["teams"]) == ([roles.CONSULTANT], ["Nord"])
    assert held["keys"][0]["identifier"] == made.key.identifier
    assert [one["text"] for one in held["suggestions"]] == ["It paid its suppliers in a week."]
    assert {change["kind"] for change in held["changes_made"]} == {"access.key_made", "suggestion.made"}
    text = answer.content.decode()
    assert person.password not in text
    assert made.key.secret_hash not in text


# --- Being forgotten --------------------------------------------------------------------------------------------------


def leave(client: Client, **fields: str) -> Any:
    return client.post(GOODBYE, {"password": PASSWORD, "sure": "on", **fields})


def test_an_account_goes_with_all_that_tells_who_it_was_and_its_work_stays() -> None:
    person = a_person(roles.ANALYST, username="ines.moreau", first_name="Inès", email="ines@example.org")
    made, suggestion, client = a_key(person), a_suggestion(person), desk_of(person)
    team = a_team(person)
    assert leave(client)["Location"] == "/en/account/login/?gone=1"
    gone = User.objects.get(pk=person.pk)
    assert gone.username == f"erased-{person.pseudonym.code}"
    assert (gone.first_name, gone.email, gone.is_active, gone.is_staff) == ("", "", False, False)
    assert (gone.groups.count(), team.members.count(), gone.last_login) == (0, 0, None)
    suggestion.refresh_from_db()
    assert suggestion.by == gone
    assert Event.objects.filter(actor=gone).exists()
    assert client.get(PROFILE).status_code == 302
    assert Client().get("/api/v1/brands", headers=bearer(made.token)).status_code == 401
    for model in (User, Event, ApiKey):
        assert "Moreau" not in str(list(model._default_manager.values()))
        assert "ines" not in str(list(model._default_manager.values())).lower()
    door = Client().post("/en/account/login/", {"username": gone.username, "password": PASSWORD})
    assert door.status_code == 200


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"sure": ""}, {"password": ""}])
def test_nothing_goes_without_the_password_and_a_clear_word(wrong: dict[str, str]) -> None:
    person = a_person()
    assert leave(desk_of(person), **wrong).status_code == 422
    assert User.objects.get(pk=person.pk).is_active
    assert leave(desk_of(person)).status_code == 302


def test_the_last_administrator_stays() -> None:
    first = a_person(roles.ADMINISTRATOR)
    answer = leave(desk_of(first))
    assert "only administrator" in answer.content.decode()
    assert User.objects.get(pk=first.pk).is_active
    somebody(roles.ADMINISTRATOR)
    assert leave(desk_of(first)).status_code == 302


# --- Teams ------------------------------------------------------------------------------------------------------------


def test_one_sees_ones_teams_with_members_and_drafts_and_no_others() -> None:
    claire, james = somebody(roles.CONSULTANT, first_name="Claire"), somebody(roles.CONSULTANT, first_name="James")
    a_draft("Fictia", a_team(claire, james, name="Nord"))
    a_draft("Autre", a_team(somebody(roles.CONSULTANT), name="Sud"))
    page = desk_of(claire).get("/en/account/team/").content.decode()
    for shown in ("Nord", "James", "Fictia"):
        assert shown in page
    for hidden in ("Sud", "Autre"):
        assert hidden not in page


def test_without_a_team_the_page_says_who_can_add_one() -> None:
    assert (
        "An administrator can add you" in desk_of(somebody(roles.CONSULTANT)).get("/en/account/team/").content.decode()
    )


def test_the_page_of_teams_costs_the_same_whatever_their_number(django_assert_num_queries: Any) -> None:
    claire = somebody(roles.CONSULTANT)
    desk = desk_of(claire)
    for number in range(2):
        a_draft(f"Brand {number}", a_team(claire, somebody(roles.CONSULTANT)))
    with django_assert_num_queries(7, exact=False) as few:
        desk.get("/en/account/team/")
    for number in range(2, 7):
        a_draft(f"Brand {number}", a_team(claire, *(somebody(roles.CONSULTANT) for _ in range(3))))
    with django_assert_num_queries(len(few)):
        desk.get("/en/account/team/")
