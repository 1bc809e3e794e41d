"""The practice library in a real browser: read, filtered and looked at in both languages and both schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from cxalign.practices.starting import load_practices
from tests import factories as make
from tests.looking import inspector, look
from tests.practices.making import a_practice
from tests.practices.test_practices import a_published_act

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library() -> None:
    make.a_brand("MAIF", slug="maif", listed=True)
    load_practices()
    a_published_act(name="Fictia", slug="fictia")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_to_mend_on_the_pages_of_the_library(
    browser: Browser, live_server: Any, library: None, language: str, scheme: Literal["light", "dark"]
) -> None:
    page = inspector(browser, live_server, scheme)
    a_practice(key="draft-free", title_en="A" * 60)
    complaints = []
    one, two = "open-a-neighbour-help-service", "inform-residents-street-by-street"
    compared = f"compare/?p={one}&p={two}"
    for address in ("", "?family=F02", "?q=zzz", "seen-in-our-evidence/", f"{one}/", "compare/", compared):
        complaints += look(page, f"/{language}/practices/{address}")
    assert complaints == []


def test_a_reader_filters_opens_one_and_comes_back(page: Page, library: None) -> None:
    page.goto("/en/practices/")
    page.click("summary:has-text('Category')")
    page.check("label:has-text('Safety') input")
    page.click("main button:has-text('Apply')")
    page.wait_for_url("**category=safety**")
    titles = page.locator(".practices h2").all_inner_texts()
    assert titles
    page.click(f"text={titles[0]}")
    assert page.locator("h1").inner_text() == titles[0]
    assert page.get_by_text("Recorded, not recommended.").is_visible()


@pytest.mark.parametrize(
    ("language", "compare", "differences", "export"),
    [
        ("en", "Compare the practices picked", "Differences only", "Export"),
        ("fr", "Comparer les pratiques choisies", "Différences seulement", "Exporter"),
    ],
)
def test_a_reader_ticks_two_compares_them_and_takes_one_away(
    page: Page, library: None, language: str, compare: str, differences: str, export: str
) -> None:
    page.goto(f"/{language}/practices/")
    for tick in page.locator(".practices .pick input").all()[:2]:
        tick.check()
    titles = page.locator(".practices h2").all_inner_texts()[:2]
    page.get_by_role("button", name=compare).click()
    page.wait_for_url("**/practices/compare/?p=**")
    assert page.locator(".side-by-side thead th > a:first-child").all_inner_texts() == titles
    rows = page.locator(".side-by-side tbody tr").count()
    page.get_by_role("link", name=differences).click()
    page.wait_for_url("**only=differences")
    assert page.locator(".side-by-side tbody tr").count() < rows
    page.locator(".side-by-side thead th > a").first.click()
    page.locator(f"summary:has-text('{export}')").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith(f"_{language}.pdf")
