"""What people do with their account, in a browser and in both languages: in and out, keys, suggestions, team drafts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cxalign.accounts import roles
from cxalign.accounts.models import ApiKey, Suggestion, User
from scoring.models import Assessment
from tests import factories as make
from tests.accounts.desk import somebody
from tests.accounts.making import a_draft, a_key, a_suggestion, a_team, address_of
from tests.looking import PASSWORD, enter, inspector, look, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("en", "fr")
WORDS = {
    "en": {"in": "Sign in", "out": "Sign out", "gone": "You are signed out.", "wrong": "You are not signed in."},
    "fr": {"in": "Se connecter", "out": "Se déconnecter", "gone": "Vous êtes déconnecté.", "wrong": "pas connecté"},
}


def a_consultant(page: Page, **fields: Any) -> User:
    return sign_in(page, roles.CONSULTANT, **fields)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_consultant_signs_in_where_they_wanted_to_go_and_out_again(page: Page, language: str) -> None:
    words, person = WORDS[language], somebody(roles.CONSULTANT, language=language, first_name="Claire")
    person.set_password(PASSWORD)
    person.save()
    page.goto(f"/{language}/account/team/")
    page.get_by_label("User name" if language == "en" else "Nom d’utilisateur").fill(person.username)
    page.fill("#id_password", "wrong")
    page.keyboard.press("Enter")
    assert words["wrong"] in (page.get_by_role("alert").text_content() or "")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{language}/account/team/")
    page.locator("details.account summary").click()
    page.get_by_role("button", name=words["out"]).click()
    assert words["gone"] in (page.get_by_role("status").text_content() or "")
    page.goto(f"/{language}/account/team/")
    assert "/account/login/" in page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_opens_by_keyboard(page: Page, language: str) -> None:
    a_consultant(page, language=language)
    page.goto(f"/{language}/")
    page.locator("details.account summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() in ("Portfolios", "Portefeuilles")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_is_made_shown_once_and_revoked(page: Page, language: str) -> None:
    person = sign_in(page, roles.ANALYST)
    page.goto(f"/{language}/account/keys/")
    page.fill("#id_name", "Lecture nocturne")
    page.check("input[value='write:sources']")
    page.locator("main form .actions button").click()
    token = page.input_value("#token")
    key = ApiKey.objects.get(owner=person)
    assert token.startswith(f"ppk_{key.identifier}_")
    assert set(key.scopes) == {"read:published", "write:sources"}
    page.goto(f"/{language}/account/keys/")
    assert token not in page.content()
    page.get_by_role("button", name="Revoke" if language == "en" else "Révoquer").click()
    assert "Lecture nocturne" in (page.get_by_role("status").text_content() or "")
    key.refresh_from_db()
    assert key.revoked_at is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_suggestion_goes_from_a_brand_to_an_analyst_and_its_outcome_back(
    page: Page, browser: Browser, live_server: Any, language: str
) -> None:
    make.a_brand("Mère Noël", slug="mere-noel", listed=True)
    consultant = a_consultant(page)
    page.goto(f"/{language}/brands/mere-noel/")
    page.get_by_role("link", name="Suggest a source" if language == "en" else "Suggérer une source").first.click()
    assert page.input_value("#id_brand") == "Mère Noël"
    page.fill("#id_text", "Elle a payé ses fournisseurs sous huit jours.")
    page.locator("main form .actions button").click()
    assert page.locator(".field.wrong #id_address").count() == 1  # a source without its address
    page.fill("#id_address", "https://example.org/paid")
    page.locator("main form .actions button").click()
    assert "Elle a payé" in (page.locator(".suggestions").text_content() or "")
    suggestion = Suggestion.objects.get()
    assert (suggestion.by, suggestion.brand.slug) == (consultant, "mere-noel")  # type: ignore[union-attr]

    desk = browser.new_context(base_url=live_server.url).new_page()
    sign_in(desk, roles.ANALYST)
    desk.goto(f"/{language}/desk/suggestions/")
    desk.locator(".suggestions a[href*='/desk/suggestions/']").click()
    desk.fill("#id_reason", "Déjà au dossier.")
    desk.locator("button[value=decline]").click()
    desk.wait_for_url("**/desk/suggestions/")
    page.goto(f"/{language}/suggest/")
    assert "Déjà au dossier." in (page.locator(".suggestions").text_content() or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_team_reads_the_draft_of_its_case_with_its_name_on_it(page: Page, language: str) -> None:
    consultant = a_consultant(page, first_name="Claire")
    mine, other = a_draft("Fictia", a_team(consultant, name="Nord")), a_draft("Autre")
    page.goto(f"/{language}/account/team/")
    page.get_by_role("link", name="Fictia").click()
    assert page.url.endswith(address_of(mine, language=language))
    assert "Nord" in (page.locator(".banner").text_content() or "")
    assert "Claire" in (page.locator(".watermark").text_content() or "")
    page.emulate_media(media="print")
    assert page.locator(".watermark").evaluate("mark => getComputedStyle(mark).position") == "fixed"
    answer = page.goto(address_of(other, language=language))
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_fit_to_be_looked_at(browser: Browser, live_server: Any, language: str) -> None:
    page = inspector(browser, live_server)
    complaints = screens(page, [f"/{language}/account/login/?next=/{language}/desk/"])
    claire = sign_in(page, roles.CONSULTANT, first_name="Claire", last_name="Dupont", language=language)
    draft = a_draft("Fictia Assurances", a_team(claire, somebody(roles.CONSULTANT), name="Équipe Nord"))
    a_suggestion(claire, brand=draft.assessment.brand, address="https://example.org/a/very/long/address/of/a/source")
    a_key(claire, "read:published", "read:drafts", addresses="192.0.2.0/24")
    addresses = [f"/{language}/account/{place}/" for place in ("profile", "password", "team", "keys", "delete")]
    complaints += screens(
        page, [*addresses, f"/{language}/suggest/?brand=fictia-assurances", address_of(draft, language=language)]
    )
    Assessment.objects.update(team=None)
    complaints += screens(page, [f"/{language}/brands/"])
    analyst = somebody(roles.ANALYST, language=language)
    analyst.set_password(PASSWORD)
    analyst.save()
    page.context.clear_cookies()
    enter(page, analyst)
    suggestion = Suggestion.objects.get()
    complaints += screens(page, [f"/{language}/desk/suggestions/", f"/{language}/desk/suggestions/{suggestion.pk}/"])
    complaints += screens(page, [f"/{language}/desk/suggestions/?state=declined"])
    assert complaints == []


def screens(page: Page, addresses: list[str]) -> list[str]:
    """What is wrong with each; with ``SCREENSHOTS`` set to a folder, a picture of each at both widths too."""
    found = [line for address in addresses for line in look(page, address)]
    if folder := os.environ.get("SCREENSHOTS"):
        for address in addresses:
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(address)
                name = f"{address.split('?')[0].strip('/').replace('/', '-')}-{width}.png"
                page.screenshot(path=Path(folder) / name, full_page=True)
    return found
