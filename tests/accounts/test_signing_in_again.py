"""A form that is sent after the session ended waits for the password; nobody else's form does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from brands.models import Brand
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import somebody
from tests.looking import PASSWORD

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/brands/brand/add/"
LOGIN = "/en/account/login/"
HERE = "http://testserver"


@pytest.fixture
def sent() -> dict[str, Any]:
    sector = make.a_sector()
    return {
        "name": "Fictia <b>",
        "slug": "fictia",
        "country": "FR",
        "entity_type": "company",
        "sector": str(sector.pk),
        "tags": ["1", "2"],
    }


def post(client: Client, data: dict[str, Any], origin: str | None = HERE, address: str = ADDRESS, **more: Any) -> Any:
    headers = {"Origin": origin} if origin else {}
    return client.post(address, data, headers=headers, **more)


def analyst() -> Any:
    user = somebody(roles.ANALYST)
    user.set_password(PASSWORD)
    user.save()
    return user


def test_what_was_sent_waits_in_the_page_and_is_not_done(sent: dict[str, Any]) -> None:
    answer = post(Client(), sent)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'name="name" value="Fictia &lt;b&gt;"' in page
    assert page.count('name="tags"') == 2
    assert "no-store" in answer["Cache-Control"]
    assert not Brand.objects.exists()


def test_with_the_password_it_goes_on_as_that_person(sent: dict[str, Any]) -> None:
    user, client = analyst(), Client()
    wrong = post(client, {**sent, "again-username": user.username, "again-password": "wrong"})
    assert (wrong.status_code, "again-password" in wrong.content.decode()) == (403, True)
    assert "wrong" not in wrong.content.decode().split("again_form")[1]
    right = post(client, {**sent, "again-username": user.username, "again-password": PASSWORD})
    assert right.status_code in (200, 302)
    assert client.get("/en/desk/").status_code == 200
    assert client.session["_auth_user_id"] == str(user.pk)


def test_somebody_without_the_right_gains_none(sent: dict[str, Any]) -> None:
    user = somebody(roles.CONSULTANT)
    user.set_password(PASSWORD)
    user.save()
    post(Client(), {**sent, "again-username": user.username, "again-password": PASSWORD})
    assert not Brand.objects.exists()


@pytest.mark.parametrize(
    ("origin", "address"),
    [(None, ADDRESS), ("https://evil.example", ADDRESS), ("null", ADDRESS), (HERE, "/en/account/profile/")],
)
def test_what_comes_from_elsewhere_or_is_no_desk_is_asked_to_sign_in_as_before(
    sent: dict[str, Any], origin: str | None, address: str
) -> None:
    answer = post(Client(), sent, origin, address)
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_a_forged_form_never_waits(sent: dict[str, Any]) -> None:
    answer = post(Client(enforce_csrf_checks=True), sent)
    assert answer.status_code == 403
    assert "Fictia" not in answer.content.decode()


def token_in(answer: Any) -> str:
    (token, *_others) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())
    return str(token)


@pytest.fixture
def old_form(sent: dict[str, Any]) -> tuple[Client, dict[str, Any]]:
    """A form that was opened before its reader signed in once more, in another tab of the same browser."""
    user, browser = analyst(), Client(enforce_csrf_checks=True)
    sign_in = {"username": user.username, "password": PASSWORD}
    browser.post(LOGIN, {**sign_in, "csrfmiddlewaretoken": token_in(browser.get(LOGIN))})
    opened = {**sent, "csrfmiddlewaretoken": token_in(browser.get(ADDRESS)), "tags": []}
    browser.post("/en/account/logout/", {"csrfmiddlewaretoken": opened["csrfmiddlewaretoken"]})
    browser.post(LOGIN, {**sign_in, "csrfmiddlewaretoken": token_in(browser.get(LOGIN))})
    return browser, opened


def test_a_form_of_the_session_before_is_one_press_away_from_being_sent(old_form: Any) -> None:
    browser, opened = old_form
    for address in (ADDRESS, "/en/desk/capture/"):
        page = post(browser, {**opened, "old_password": "not for a page"}, address=address)
        assert page.status_code == 403
        assert "no-store" in page["Cache-Control"]
        assert 'name="name" value="Fictia &lt;b&gt;"' in page.content.decode()
        assert "not for a page" not in page.content.decode()
        assert "again-password" not in page.content.decode()
    again = post(browser, {**opened, "csrfmiddlewaretoken": token_in(page)})
    assert again.status_code != 403


@pytest.mark.parametrize(
    ("origin", "changes"),
    [
        (None, {}),
        ("https://evil.example", {}),
        (HERE, {"csrfmiddlewaretoken": None}),
    ],
)
def test_a_forged_form_is_not_carried_for_somebody_signed_in(old_form: Any, origin: str | None, changes: Any) -> None:
    browser, opened = old_form
    form = {name: value for name, value in {**opened, **changes}.items() if value is not None}
    answer = post(browser, form, origin)
    assert answer.status_code == 403
    assert "Fictia" not in answer.content.decode()


def test_a_form_of_a_session_that_ended_twice_waits_for_the_password(old_form: Any) -> None:
    browser, opened = old_form
    del browser.cookies["session"]
    page = post(browser, opened).content.decode()
    assert 'name="name" value="Fictia &lt;b&gt;"' in page
    assert "again-password" in page


def test_it_waits_on_a_site_that_is_for_members_only_too(sent: dict[str, Any], settings: Any) -> None:
    settings.PUBLIC_SITE = False
    assert 'name="slug" value="fictia"' in post(Client(), sent).content.decode()
    assert post(Client(), sent, None).status_code == 302


def test_ten_wrong_tries_close_the_door_here_as_well(sent: dict[str, Any]) -> None:
    user, client = analyst(), Client()
    tries = {**sent, "again-username": user.username, "again-password": "wrong"}
    assert [post(client, tries).status_code for _ in range(11)][-1] == 429
