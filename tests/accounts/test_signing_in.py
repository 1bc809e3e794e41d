"""Signing in and out, for every role; sessions that end; what a wrong password gets."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from brands.models import Event
from cxalign.accounts import roles, sessions
from cxalign.accounts.models import User
from tests.accounts.desk import desk_of, somebody

pytestmark = pytest.mark.django_db

PASSWORD, OTHER = "correct-horse-battery", "another-staple-entirely"
DOOR = "/en/account/login/"


def a_person(role: str = roles.CONSULTANT, **fields: Any) -> User:
    person = somebody(role, **fields)
    person.set_password(PASSWORD)
    person.save()
    return person


def try_door(client: Client, name: str, password: str = PASSWORD, door: str = DOOR, **more: str) -> Any:
    return client.post(door, {"username": name, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/en/account/profile/").status_code == 200


# --- Coming in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("role", list(roles.ROLES))
def test_every_role_signs_in_and_lands_at_its_own_place(role: str, language: str) -> None:
    client, person = Client(), a_person(role, language="")
    answer = try_door(client, person.username, door=f"/{language}/account/login/")
    place = "account" if role == roles.CONSULTANT else "desk"
    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/{place}/")
    assert client.get(answer["Location"], follow=True).status_code == 200


def test_the_language_of_the_account_decides_where_one_lands() -> None:
    person = a_person(roles.ANALYST, language="fr")
    assert try_door(Client(), person.username)["Location"] == "/fr/desk/"


def test_one_comes_back_to_the_page_that_was_asked_for() -> None:
    client, person = Client(), a_person(roles.ANALYST)
    asked = client.get("/fr/desk/?state=open")
    assert asked["Location"] == "/fr/account/login/?next=/fr/desk/%3Fstate%3Dopen"
    page = client.get(asked["Location"])
    assert 'name="next" value="/fr/desk/?state=open"' in page.content.decode()
    answer = try_door(client, person.username, next="/fr/desk/?state=open")
    assert answer["Location"] == "/fr/desk/?state=open"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        DOOR,
    ],
)
def test_no_address_of_another_site_is_gone_to(elsewhere: str) -> None:
    person = a_person()
    assert try_door(Client(), person.username, next=elsewhere)["Location"] == "/en/account/"
    assert desk_of(person).get(DOOR, {"next": elsewhere})["Location"] == "/en/account/"


def test_the_admin_sends_people_to_the_same_door_and_back() -> None:
    client, person = Client(), a_person(roles.EDITOR)
    asked = client.get("/admin/brands/brand/", follow=True)
    assert asked.redirect_chain[-1][0] == "/en/account/login/?next=/admin/brands/brand/"
    assert try_door(client, person.username, next="/admin/brands/brand/")["Location"] == "/admin/brands/brand/"
    assert client.get("/admin/brands/brand/").status_code == 200


def test_a_consultant_at_the_admin_is_told_who_can_help_and_goes_in_no_circle() -> None:
    answer = desk_of(a_person()).get("/admin/brands/brand/", follow=True)
    assert answer.status_code == 403
    assert "an administrator can give you another" in answer.content.decode()


def test_a_sign_in_gets_a_session_of_its_own_and_a_wrong_one_keeps_none() -> None:
    client, person = Client(), a_person()
    first = client.session
    first["planted"] = True
    first.save()
    client.cookies["session"] = first.session_key
    try_door(client, person.username)
    assert client.cookies["session"].value != first.session_key
    assert not Session.objects.filter(pk=first.session_key).exists()


def test_the_page_is_kept_by_nobody() -> None:
    assert "no-store" in Client().get(DOOR)["Cache-Control"]
    assert "no-store" in desk_of(a_person()).get("/en/account/profile/")["Cache-Control"]


def test_a_closed_site_still_has_its_door(settings: Any) -> None:
    settings.PUBLIC_SITE = False
    for language in ("en", "fr"):
        assert Client().get(f"/{language}/account/login/").status_code == 200
    assert Client().get("/en/brands/")["Location"] == "/en/account/login/?next=/en/brands/"
    assert Client().get("/en/account/profile/").status_code == 302


# --- A wrong password -------------------------------------------------------------------------------------------------


def told(answer: Any, name: str) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers, without what differs from one request to the next."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(name, "NAME")
    body = body.replace(answer.get("X-Request-Id", "none"), "REQUEST")
    return answer.status_code, body, {k: v for k, v in answer.headers.items() if k not in ("X-Request-Id", "Expires")}


def test_known_unknown_and_closed_accounts_get_the_same_answer() -> None:
    known, closed = a_person(username="claire-dupont"), a_person(username="james-martin-", is_active=False)
    wrong = told(try_door(Client(), known.username, "wrong"), known.username)
    assert wrong == told(try_door(Client(), "nobody-at-all", "wrong"), "nobody-at-all")
    assert wrong == told(try_door(Client(), closed.username), closed.username)
    assert wrong[0] == 200
    assert "You are not signed in" in wrong[1]


def test_after_ten_wrong_tries_the_account_is_shut_for_a_while_wherever_they_come_from() -> None:
    person = a_person()
    for number in range(10):
        try_door(Client(REMOTE_ADDR=f"192.0.2.{number}"), person.username, "wrong")
    shut = try_door(Client(), person.username)
    assert shut.status_code == 429
    assert shut["Retry-After"] == "900"
    assert "Too many tries" in shut.content.decode()
    assert try_door(Client(), a_person().username).status_code == 302  # others come in


def test_an_unknown_account_is_shut_with_the_same_words() -> None:
    person = a_person(username="claire-dupont")  # as long as the other: the page repeats what was typed
    for _ in range(10):
        try_door(Client(), person.username, "wrong")
        try_door(Client(), "nobody-at-all", "wrong")
    assert told(try_door(Client(), person.username), person.username) == told(
        try_door(Client(), "nobody-at-all"), "nobody-at-all"
    )


def test_whoever_is_signed_in_stays_so_while_others_try() -> None:
    client, person = Client(), a_person()
    try_door(client, person.username)
    for _ in range(11):
        try_door(Client(), person.username, "wrong")
    assert is_in(client)


def test_a_form_without_its_token_is_refused() -> None:
    client, person = Client(enforce_csrf_checks=True), a_person()
    assert try_door(client, person.username).status_code == 403


# --- Going out, and sessions that end ---------------------------------------------------------------------------------


def test_signing_out_ends_the_session_on_the_server() -> None:
    client, person = Client(), a_person()
    try_door(client, person.username)
    key = client.cookies["session"].value
    answer = client.post("/fr/account/logout/")
    assert answer["Location"] == "/fr/account/login/?out=1"
    assert not Session.objects.filter(pk=key).exists()
    client.cookies["session"] = key
    assert not is_in(client)


def test_a_link_signs_nobody_out() -> None:
    client = desk_of(a_person())
    assert client.get("/en/account/logout/").status_code == 405
    assert is_in(client)


def test_a_new_password_ends_every_other_session() -> None:
    person = a_person()
    here, there = Client(), Client()
    try_door(here, person.username)
    try_door(there, person.username)
    fields = {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER}
    wrong = here.post("/en/account/password/", {**fields, "old_password": "wrong"})
    assert "alert" in wrong.content.decode()
    assert is_in(there)
    assert here.post("/en/account/password/", fields).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert try_door(Client(), person.username, OTHER).status_code == 302
    assert Event.objects.filter(kind="access.password_changed", actor=person).count() == 1


def test_closing_an_account_ends_its_sessions_for_good() -> None:
    client, person = Client(), a_person(roles.ANALYST)
    try_door(client, person.username)
    person.refresh_from_db()
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert not is_in(client)
    person.is_active = True
    person.save()
    assert not is_in(client)
    assert try_door(Client(), person.username).status_code == 302


def age(client: Client, **seconds: int) -> None:
    """Let time pass for a session: since it began, since it was last used."""
    session = client.session
    for name, past in seconds.items():
        session[name] -= past
    session.save()


HOUR = 3600


@pytest.mark.parametrize("role", [roles.CONSULTANT, roles.ANALYST])
def test_a_session_lasts_twelve_hours_however_busy(role: str) -> None:
    client = Client()
    try_door(client, a_person(role).username)
    key = client.cookies["session"].value
    age(client, began_at=12 * HOUR - 60)
    assert is_in(client)
    age(client, began_at=120)
    assert not is_in(client)
    try_door(Client(), a_person().username)  # whoever comes in next sweeps
    assert not Session.objects.filter(pk=key).exists()


@pytest.mark.parametrize(("role", "stays"), [(roles.ANALYST, False), (roles.EDITOR, False), (roles.CONSULTANT, True)])
def test_two_idle_hours_end_a_session_that_has_a_desk(role: str, stays: bool) -> None:
    client = Client()
    try_door(client, a_person(role).username)
    age(client, used_at=2 * HOUR - 60)
    assert is_in(client)  # which counts as use
    age(client, used_at=2 * HOUR - 60)
    assert is_in(client)
    key = client.cookies["session"].value
    age(client, used_at=2 * HOUR + 60)
    assert is_in(client) is stays
    assert Session.objects.filter(pk=key).exists() is stays


def test_being_used_does_not_make_a_session_live_longer() -> None:
    client = Client()
    try_door(client, a_person(roles.ANALYST).username)
    began = Session.objects.get(pk=client.cookies["session"].value).expire_date
    age(client, began_at=HOUR, used_at=HOUR)
    assert is_in(client)
    ended = Session.objects.get(pk=client.cookies["session"].value).expire_date
    assert (began - ended).total_seconds() == pytest.approx(HOUR, abs=5)


def test_a_session_is_not_written_at_every_request(django_assert_num_queries: Any) -> None:
    client = Client()
    try_door(client, a_person(roles.ANALYST).username)
    assert sessions.NOTED_EVERY >= 60
    client.get("/en/account/password/")
    with django_assert_num_queries(2):  # the session, the person
        client.get("/en/account/password/")


# --- The frame --------------------------------------------------------------------------------------------------------


def test_the_header_says_who_is_signed_in_and_where_they_can_go() -> None:
    person = a_person(roles.ANALYST, first_name="Inès", last_name="Moreau")
    page = desk_of(person).get("/en/").content.decode()
    assert "Inès Moreau" in page
    for address in ("/en/desk/", "/en/account/", "/en/suggest/", "/en/account/logout/"):
        assert f'"{address}"' in page


def test_a_consultant_is_shown_no_desk_and_a_stranger_only_the_door() -> None:
    page = desk_of(a_person()).get("/en/").content.decode()
    assert '"/en/desk/"' not in page
    assert '"/en/account/"' in page
    stranger = Client().get("/en/")
    assert '"/en/account/login/"' in stranger.content.decode()
    assert '"/en/account/logout/"' not in stranger.content.decode()
    assert not stranger.cookies


def test_times_are_told_in_the_zone_of_the_account() -> None:
    person = a_person(time_zone="Asia/Tokyo")
    from tests.accounts.making import a_key

    key = a_key(person).key
    type(key).objects.filter(pk=key.pk).update(last_used_at="2026-01-01T22:30:00Z")
    assert "2 January 2026" in desk_of(person).get("/en/account/keys/").content.decode()
    User.objects.filter(pk=person.pk).update(time_zone="")
    assert "1 January 2026" in desk_of(person).get("/en/account/keys/").content.decode()
