"""Pages in a real browser: nothing that axe finds, nothing wider than a phone, nothing without style or shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = ("", "brands/", "brands/?q=zaposs", "brands/?sector=nowhere", "brands/specimen/", "brands/listed/", "method/")
PLAIN_PATHS = ("legal/notice/", "legal/accessibility/", "nowhere/")
REQUESTS = 8


@pytest.fixture
def site(page: Page) -> Page:
    factories.published(factories.a_breach("Specimen", parent_group="Holding"))
    factories.published(factories.a_kept_promise("Zappos", parent_group="Holding"))
    factories.a_brand("Listed", listed=True)
    return page


@pytest.mark.parametrize(("language", "scheme"), [("fr", "light"), ("en", "dark")])
def test_axe_finds_nothing(site: Page, language: str, scheme: Literal["light", "dark"]) -> None:
    """Words differ by language and colours by scheme; both pairs together show each of them once."""
    from axe_playwright_python.sync_playwright import Axe

    site.emulate_media(color_scheme=scheme)
    for path in (*PATHS, *PLAIN_PATHS):
        site.goto(f"/{language}/{path}")
        found = Axe().run(site).response["violations"]
        assert found == [], f"{path}: {[(one['id'], one['nodes'][0]['html']) for one in found]}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_is_wider_than_the_screen(site: Page, language: str) -> None:
    for path in (*PATHS, *PLAIN_PATHS):
        site.goto(f"/{language}/{path}")
        for width in (1280, 768, 390, 320):
            site.set_viewport_size({"width": width, "height": 844})
            assert site.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}"


def test_a_page_takes_eight_requests_at_most_and_none_elsewhere(site: Page) -> None:
    for path in PATHS:
        asked: list[str] = []
        site.on("request", lambda request, asked=asked: asked.append(request.url))
        site.goto(f"/en/{path}", wait_until="networkidle")
        assert len(asked) <= REQUESTS, asked
        assert {url.split("/")[2] for url in asked} == {site.url.split("/")[2]}


def test_marks_are_drawn_and_take_no_room_of_their_own(site: Page) -> None:
    site.goto("/en/brands/specimen/")
    box = site.locator(".case .g").first.bounding_box()
    top = site.locator("header.top").bounding_box()
    assert box is not None
    assert top is not None
    assert (box["width"] > 20, top["y"]) == (True, 0)


def test_a_keyboard_reaches_the_content_first(site: Page) -> None:
    site.goto("/en/brands/")
    site.keyboard.press("Tab")
    assert site.evaluate("document.activeElement.className") == "skip"
    site.keyboard.press("Enter")
    expect(site.locator("#content")).to_be_focused()


def test_the_list_is_filtered_without_a_script(site: Page) -> None:
    site.route("**/*.js", lambda route: route.abort())
    site.goto("/en/brands/")
    site.get_by_text("Verdict", exact=True).first.click()
    site.get_by_label("Broken promise").check()
    site.get_by_role("button", name="Apply").click()
    assert "outcome=broken_promise" in site.url
    assert site.get_by_role("rowheader").all_inner_texts() == ["Specimen"]
    site.get_by_role("link", name="Verdict Broken promise").click()
    assert site.get_by_role("rowheader").count() == 3


def test_on_a_phone_the_way_to_the_other_pages_is_in_sight(site: Page) -> None:
    site.set_viewport_size({"width": 390, "height": 844})
    site.goto("/fr/")
    for place in ("/fr/brands/", "/fr/method/"):
        assert site.locator(f'nav a[href="{place}"]').is_visible()
    assert site.locator(".search input").is_visible()
    places = site.locator(".main-nav a").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(set(places)) == 1
