"""A day at the desk in a real browser: from an empty brand to a verdict that moves, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from brands.models import Action, Crisis, Promise, Source
from cxalign.accounts import roles
from scoring.rescoring import score_all_due
from tests import factories as make
from tests.accounts.desk import change_page, somebody

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, role: str = roles.ANALYST, **fields: Any) -> None:
    user = somebody(role, **fields)
    user.set_password("a-password-for-one-test")
    user.save()
    page.goto("/admin/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", "a-password-for-one-test")
    page.click("input[type=submit]")
    page.wait_for_selector("#user-tools")


def check(page: Page, **choices: str) -> None:
    for name, value in choices.items():
        page.check(f"input[name='{name.replace('__', '-')}'][value='{value}']")


def save(page: Page) -> None:
    page.click("input[name=_continue]")
    page.wait_for_selector(".messagelist .success")


def enter_source_in_its_window(page: Page, button: str, title: str) -> None:
    """The window that opens from the chooser, and comes back with the new source chosen."""
    with page.expect_popup() as opened:
        page.click(button)
    window = opened.value
    window.fill("#id_title", title)
    window.fill("#id_url", f"https://example.org/{make.number()}")
    window.select_option("#id_source_type", "press")
    window.click("input[name=_save]")
    page.wait_for_selector(f".select2-selection:has-text('{title}')")


def enter_promise(page: Page) -> None:
    enter_source_in_its_window(page, "#add_id_sources", "Purpose statement")
    page.fill("#id_quote", "We put our customers first.")
    page.fill("#id_statement_en", "Puts its customers first.")
    page.fill("#id_since", "2018")
    page.select_option("#id_kind", "mission")
    check(page, stakeholders="customers", value_type="human", statement_level="3")
    save(page)


def enter_action(page: Page) -> None:
    enter_source_in_its_window(page, "#add_id_source_links-0-source", "The Daily on claims")
    page.select_option("#id_source_links-0-kind", "independent")
    page.fill("#id_source_links-0-independence_group", "the-daily")
    page.fill("#id_statement_en", "Paid claims at once.")
    page.fill("#id_started", "2020-04-01")
    check(page, substance="2", reach="2", initiative="2", generosity="1")
    page.select_option("#id_proofs-0-stakeholder", "customers")
    page.select_option("#id_proofs-0-promise", index=1)
    check(page, **{"proofs-0-direction": "helps", "proofs-0-depth": "0"})
    save(page)


def test_an_analyst_enters_a_case_and_sees_the_verdict_move(page: Page) -> None:
    brand = make.a_brand("Fictia")
    sign_in(page)
    page.goto(change_page(brand))
    page.click("nav.files li:nth-child(2) a.addlink")
    enter_promise(page)
    page.goto(change_page(brand))
    page.click("nav.files li:nth-child(3) a.addlink")
    enter_action(page)
    score_all_due()
    page.reload()
    assert "Aligned" in page.inner_text(".verdict")
    check(page, **{"proofs-0-direction": "harms", "proofs-0-depth": "2"})
    save(page)
    assert "Being recalculated" in page.inner_text(".verdict-panel")
    score_all_due()
    page.reload()
    panel = page.inner_text(".verdict-panel")
    assert "Broken promise" in panel
    assert "Before the last change" in panel
    assert (Promise.objects.count(), Action.objects.count(), Source.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_screen_is_wider_than_the_window(page: Page, width: int, language: str) -> None:
    brand = make.a_kept_promise("Fictia")
    make.a_profile(brand)
    publication = make.published(brand)
    records = [
        brand,
        brand.promises.get(),
        brand.actions.get(),
        brand.profiles.get(),
        publication,
        publication.assessment,
    ]
    sign_in(page, roles.EDITOR, language=language)
    page.set_viewport_size({"width": width, "height": 844})
    for address in ["/admin/", "/admin/brands/action/", *map(change_page, records)]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_field_has_a_name_and_every_text_enough_contrast(
    browser: Browser, live_server: Any, scheme: Literal["light", "dark"]
) -> None:
    # The inspector writes styles of its own into the page, which the content policy would refuse.
    page = browser.new_context(base_url=live_server.url, bypass_csp=True, color_scheme=scheme).new_page()
    brand = make.a_kept_promise("Fictia")
    publication = make.published(brand)
    sign_in(page, roles.EDITOR)
    crisis, action = Crisis.objects.get(slug="covid-19"), brand.actions.get()
    screens = [brand, brand.promises.get(), action, crisis, publication.assessment]
    found: dict[str, set[str]] = {}
    for address in ["/admin/", "/admin/brands/action/", "/admin/brands/action/add/", *map(change_page, screens)]:
        page.goto(address)
        expect(page.locator(".select2-selection:not([aria-label])")).to_have_count(0)  # drawn a moment later
        violations = {violation["id"] for violation in Axe().run(page).response["violations"]}
        found[address] = violations - {"empty-table-header"}  # how the stock table of parts begins
    page.context.close()
    assert not any(found.values()), found


def test_hostile_text_is_only_text_in_the_panel_the_comparison_and_the_log(page: Page) -> None:
    hostile = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    brand = make.a_kept_promise(hostile, slug="hostile")
    promise = brand.promises.get()
    score_all_due()
    sign_in(page)
    page.goto(change_page(promise))
    Promise.objects.filter(pk=promise.pk).update(statement_en=hostile, revision=2)
    page.fill("#id_statement_fr", hostile)
    page.click("input[name=_continue]")
    assert hostile in page.inner_text(".conflict")
    assert hostile in page.inner_text(".verdict-panel")
    page.click("input[name=_continue]")
    page.wait_for_selector(".messagelist .success")
    for address in ("/admin/brands/event/", "/admin/brands/promise/", change_page(brand)):
        page.goto(address)
        assert page.title() != "run"
        assert page.query_selector("img[src=x]") is None
