"""A form that is sent after the session ended waits for the password; nobody else's form does."""

from __future__ import annotations

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


def test_it_waits_on_a_site_that_is_for_members_only_too(sent: dict[str, Any], settings: Any) -> None:
    settings.PUBLIC_SITE = False
    assert 'name="slug" value="fictia"' in post(Client(), sent).content.decode()
    assert post(Client(), sent, None).status_code == 302


def test_ten_wrong_tries_close_the_door_here_as_well(sent: dict[str, Any]) -> None:
    user, client = analyst(), Client()
    tries = {**sent, "again-username": user.username, "again-password": "wrong"}
    assert [post(client, tries).status_code for _ in range(11)][-1] == 429
