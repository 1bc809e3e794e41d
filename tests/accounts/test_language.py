"""The admin speaks the language of the account; until one is chosen, that of the browser."""

from __future__ import annotations

import pytest
from django.test import Client

from cxalign.accounts import roles
from tests.accounts.desk import desk_of, somebody

pytestmark = pytest.mark.django_db


def language_of(desk: Client, **headers: str) -> str:
    answer = desk.get("/admin/", headers=headers)
    assert answer.status_code == 200
    return str(answer["Content-Language"])


@pytest.mark.parametrize(("chosen", "shown"), [("fr", "fr"), ("en", "en"), ("", "fr")])
def test_the_account_decides_and_without_a_choice_the_browser(chosen: str, shown: str) -> None:
    desk = desk_of(somebody(roles.ANALYST, language=chosen))
    assert language_of(desk, accept_language="fr-FR,fr;q=0.9") == shown


def test_a_choice_is_remembered_and_leads_back_to_the_page() -> None:
    person = somebody(roles.ANALYST, language="en")
    desk = desk_of(person)
    answer = desk.post("/admin/language/", {"language": "fr", "next": "/admin/brands/promise/?use=current"})
    assert answer["Location"] == "/admin/brands/promise/?use=current"
    person.refresh_from_db()
    assert person.language == "fr"
    assert language_of(desk) == "fr"


def test_a_choice_never_leads_to_another_site() -> None:
    desk = desk_of(somebody(roles.ANALYST))
    for elsewhere in ("https://evil.example/", "//evil.example/", ""):
        answer = desk.post("/admin/language/", {"language": "fr", "next": elsewhere})
        assert answer["Location"] == "/admin/"


def test_an_unknown_language_and_a_mere_link_change_nothing() -> None:
    person = somebody(roles.ANALYST, language="en")
    desk = desk_of(person)
    assert desk.post("/admin/language/", {"language": "de"}).status_code == 400
    assert desk.get("/admin/language/?language=fr").status_code == 405
    person.refresh_from_db()
    assert person.language == "en"


def test_a_stranger_chooses_nothing() -> None:
    assert Client().post("/admin/language/", {"language": "fr"})["Location"].startswith("/admin/login/")


# --- The frame --------------------------------------------------------------------------------------------------------


def sections(role: str) -> list[str]:
    return [str(section["name"]) for section in desk_of(somebody(role)).get("/admin/").context["app_list"]]


def test_sections_stand_in_the_order_of_work() -> None:
    everything = ["To do", "Evidence", "Assessments", "Practices", "Reference data", "People and access", "System"]
    assert sections(roles.ADMINISTRATOR) == everything
    assert sections(roles.ANALYST) == [name for name in everything if name != "People and access"]


def test_every_link_of_the_front_page_opens() -> None:
    desk = desk_of(somebody(roles.ADMINISTRATOR))
    entries = [entry for section in desk.get("/admin/").context["app_list"] for entry in section["models"]]
    addresses = [entry[kind] for entry in entries for kind in ("admin_url", "add_url") if entry.get(kind)]
    assert len(addresses) > 20
    assert {address: desk.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_no_page_of_the_admin_carries_a_script_or_style_of_its_own() -> None:
    desk = desk_of(somebody(roles.EDITOR))
    for address in ("/admin/", "/admin/brands/action/add/", "/admin/brands/promise/"):
        page = desk.get(address).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
