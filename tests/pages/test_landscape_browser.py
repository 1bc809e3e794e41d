"""Landscape, comparison and the way between them in a real browser, in both languages and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.conf import settings

from cxalign.accounts import roles
from cxalign.accounts.models import SavedView
from tests import factories
from tests.looking import inspector, look, sign_in
from tests.pages.landscapes import copies_of, five_brands

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "landscape": "Landscape",
        "heat": "By stakeholder",
        "compare": "Compare the brands picked",
        "others": "Keep them and pick others",
        "differences": "Differences only",
        "all": "Show all rows",
        "save": "Save view",
        "short": "Well short",
        "two": "Show these two",
    },
    "fr": {
        "landscape": "Panorama",
        "heat": "Par partie prenante",
        "compare": "Comparer les marques choisies",
        "others": "Les garder et en choisir d’autres",
        "differences": "Différences seulement",
        "all": "Afficher toutes les lignes",
        "save": "Enregistrer la vue",
        "short": "Très en deçà",
        "two": "Montrer ces deux-là",
    },
}


@pytest.fixture
def brands() -> None:
    five_brands()
    copies_of(factories.published(factories.a_breach("Abel")), 8)


@pytest.mark.parametrize(("language", "scheme"), [("fr", "light"), ("en", "dark")])
@pytest.mark.usefixtures("brands")
def test_nothing_is_wrong_with_any_of_these_screens(
    browser: Browser, live_server: Any, language: str, scheme: Literal["light", "dark"]
) -> None:
    """Words differ by language and colours by scheme; both pairs together show each of them once."""
    page = inspector(browser, live_server, scheme)
    paths = (
        "landscape/covid-19/",
        "landscape/covid-19/?view=heat&country=GB&b=ada",
        "landscape/covid-19/?view=sectors",
        "landscape/covid-19/?q=nothing+like+it&colour=red",
        "brands/?b=ada&b=bea",
        "compare/",
        "compare/?b=ada&b=bea&b=cid&b=dee&b=abe&b=abel",
        "compare/?b=ada&b=bea&only=differences",
    )
    complaints = [line for path in paths for line in look(page, f"/{language}/{path}")]
    assert complaints == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_empty_crisis_is_a_page_too(browser: Browser, live_server: Any, language: str) -> None:
    assert look(inspector(browser, live_server), f"/{language}/landscape/covid-19/") == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.usefixtures("brands")
def test_from_the_landscape_to_a_comparison_without_a_script(page: Page, language: str) -> None:
    said = WORDS[language]
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"/{language}/brands/")
    page.locator(".main-nav").get_by_role("link", name=said["landscape"]).click()
    assert page.url.endswith(f"/{language}/landscape/covid-19/")
    page.get_by_role("link", name=said["heat"]).click()
    page.locator('input[name="b"][value="ada"]').check()
    page.get_by_role("button", name=said["others"]).click()
    assert "view=heat" in page.url
    assert page.locator(".tray .count").inner_text() == "1"
    page.locator('input[name="b"][value="bea"]').check()
    page.get_by_role("button", name=said["compare"]).click()
    assert page.url.endswith(f"/{language}/compare/?b=ada&b=bea&crisis=covid-19")
    assert page.locator(".compare thead th > a:first-child").all_inner_texts() == ["Ada", "Bea"]
    page.get_by_role("link", name=said["differences"]).click()
    assert page.get_by_role("link", name=said["all"]).is_visible()
    page.locator(".compare").get_by_role("link", name=said["short"]).click()
    assert "/brands/ada/covid-19/?stakeholder=customers#ledger" in page.url


@pytest.mark.usefixtures("brands")
def test_the_way_to_all_brands_of_a_full_cell(page: Page) -> None:
    page.goto("/en/landscape/covid-19/")
    cell = page.locator(".grid td", has=page.locator(".more"))
    assert cell.locator("li").count() == 8
    cell.locator(".more").click()
    assert page.locator("#brands tbody tr").count() == 11


@pytest.mark.usefixtures("brands")
def test_on_a_phone_two_columns_are_in_sight_and_others_can_be_asked_for(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/en/compare/?b=ada&b=bea&b=cid")
    heads = page.locator(".compare thead th")
    assert [head.is_visible() for head in heads.all()] == [True, True, False]
    page.locator("#show-1").select_option("cid")
    page.get_by_role("button", name=WORDS["en"]["two"]).click()
    heads = page.locator(".compare thead th")
    assert [head.is_visible() for head in heads.all()] == [False, True, True]
    page.set_viewport_size({"width": 1280, "height": 844})
    assert all(head.is_visible() for head in heads.all())


@pytest.mark.usefixtures("brands")
def test_names_of_brands_stay_in_sight_and_cover_nothing_that_is_focused(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 600})
    page.goto("/en/compare/?b=ada&b=bea")
    page.evaluate("document.querySelector('.compare tbody:last-child').scrollIntoView()")
    head = page.locator(".compare thead th").first.bounding_box()
    assert head is not None
    assert abs(head["y"]) < 2
    link = page.locator('.compare a[href*="stakeholder=customers"]').first
    link.focus()
    box, head = link.bounding_box(), page.locator(".compare thead th").first.bounding_box()
    assert box is not None
    assert head is not None
    assert box["y"] >= head["y"] + head["height"]


@pytest.mark.usefixtures("brands")
def test_in_forced_colours_marks_and_borders_stay(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/en/landscape/covid-19/?view=heat")
    chip = page.locator(".place.robust").first
    assert chip.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
    assert page.locator("td.hatch").first.evaluate("one => getComputedStyle(one).backgroundImage") != "none"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.usefixtures("brands")
def test_a_view_is_kept_and_opened_again_by_its_link(
    page: Page, browser: Browser, live_server: Any, language: str
) -> None:
    said = WORDS[language]
    sign_in(page, roles.CONSULTANT)
    page.goto(f"/{language}/landscape/covid-19/?view=heat&outcome=aligned")
    page.get_by_role("link", name=said["save"]).click()
    page.locator("#id_name").fill("Alignées")
    page.locator("#id_shared").check()
    page.get_by_role("button", name=said["save"]).click()
    assert page.get_by_role("link", name="Alignées", exact=True).is_visible()
    view = SavedView.objects.get()
    looker = inspector(browser, live_server)
    looker.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    paths = ("", "new/?of=/en/brands/", f"{view.pk}/", "new/?of=/nowhere/")
    assert [line for path in paths for line in look(looker, f"/{language}/account/views/{path}")] == []
    assert settings.SESSION_COOKIE_NAME in {cookie["name"] for cookie in looker.context.cookies()}
    stranger = browser.new_context(base_url=live_server.url).new_page()
    stranger.goto(f"/{language}/views/{view.token}/")
    assert stranger.url.endswith(f"/{language}/landscape/covid-19/?view=heat&outcome=aligned")
