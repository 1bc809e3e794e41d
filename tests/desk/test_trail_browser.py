"""The history of a record in a real browser, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from brands.models import VerificationRun
from brands.trail import head
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, somebody
from tests.brands.trail_makers import alter
from tests.looking import PASSWORD, enter, inspector, look, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "field": "Statement in English",
        "intact": "The chain is intact",
        "apply": "Apply",
        "none": "No line answers",
    },
    "fr": {
        "field": "Énoncé en anglais",
        "intact": "La chaîne est intacte",
        "apply": "Appliquer",
        "none": "Aucune ligne",
    },
}


def a_history() -> Any:
    brand = make.a_brand("Fictia")
    promise = make.a_promise(brand, key="fictia--care", statement_en="Puts its customers first, always. " * 8)
    desk = desk_of(somebody(roles.EDITOR, first_name="Marc", last_name="Aubry"))
    edit(
        desk,
        change_page(promise),
        statement_en="Puts its clients first, always. " * 8,
        statement_level="3",
        why="A slip.",
    )
    edit(desk, change_page(promise), stakeholders=["customers", "employees"], weight="supporting", testable="")
    VerificationRun.objects.create(what="trail", up_to=head().sequence)
    return promise


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_comes_from_the_record_reads_filters_and_goes_on_to_the_brand(page: Page, language: str) -> None:
    promise, words = a_history(), WORDS[language]
    sign_in(page, roles.ANALYST, language=language)
    page.goto(change_page(promise))
    page.click(".historylink")
    page.wait_for_url(f"**/{language}/desk/trail/brands.promise:fictia--care/")
    assert page.locator(".trail > li").count() == 2
    assert words["intact"] in page.inner_text(".chain")
    assert words["field"].casefold() in page.inner_text(".trail").casefold()
    assert page.locator(".trail > li:last-child del").first.inner_text().strip() == "customers"
    assert page.locator(".trail > li:last-child ins").first.inner_text().strip() == "clients"
    page.select_option("#trail-kind", "scorecard.published")
    page.click(f".filter-bar button:has-text('{words['apply']}')")
    assert words["none"] in page.inner_text(".empty")
    page.click(".links a[href*='brand=fictia']")
    assert page.locator(".trail > li").count() == 2


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pages_read_well_at_both_widths(browser: Browser, live_server: Any, language: str) -> None:
    promise = a_history()
    page = inspector(browser, live_server)
    sign_in(page, roles.ANALYST, language=language)
    addresses = (
        f"/{language}/desk/trail/brands.promise:fictia--care/",
        f"/{language}/desk/trail/?brand=fictia",
        f"/{language}/desk/trail/",
        f"/{language}/desk/trail/?brand=fictia&since=2031-01-01",
    )
    complaints = [line for address in addresses for line in look(page, address)]
    alter(promise.brand.events.order_by("sequence")[0], reason="Never happened.")
    complaints += look(page, addresses[0])
    page.context.close()
    assert complaints == []


def test_the_page_works_in_the_dark_and_without_scripts(browser: Browser, live_server: Any) -> None:
    a_history()
    user = somebody(roles.ANALYST)
    user.set_password(PASSWORD)
    user.save()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    enter(page, user)
    page.goto("/en/desk/trail/?brand=fictia&kind=evidence.corrected")
    assert page.locator(".trail > li").count() == 2
    context.close()
