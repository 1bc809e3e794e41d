"""A plan in a real browser: by keyboard, without a script, with one; looked at in both languages and both schemes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cxalign.accounts.models import User
from cxalign.plans import editing
from cxalign.plans.models import Plan
from cxalign.plans.sample import make_sample
from tests.looking import PASSWORD, enter, inspector, look
from tests.plans.making import a_plan, a_planner, address, an_item, team_of
from tests.practices.making import a_practice

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def planner() -> User:
    user = a_planner(first_name="Claire")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_to_mend_on_the_pages_of_a_plan(
    browser: Browser, live_server: Any, planner: User, language: str, scheme: Literal["light", "dark"]
) -> None:
    plan = make_sample(planner, team_of(planner), language)
    a_practice(category="information", stakeholders=("partners",))
    link = editing.share(plan, planner, "Client", timezone.now() + timedelta(days=3))
    item = plan.items.all()[0]
    page = inspector(browser, live_server, scheme)
    enter(page, planner)
    complaints = []
    for place in (
        "inventory",
        "categories",
        "problems",
        "board",
        "table",
        "settings",
        "share",
        "activity",
        f"items/{item.pk}",
    ):
        complaints += look(page, address(plan, place, language))
    for place in ("", "new/", f"shared/{link.token}/"):
        complaints += look(page, f"/{language}/plans/{place}")
    assert complaints == []


def test_the_menus_and_the_conflict_have_nothing_to_mend(browser: Browser, live_server: Any, planner: User) -> None:
    plan = a_plan(planner)
    item = an_item(plan)
    page = inspector(browser, live_server)
    enter(page, planner)
    page.goto(address(plan))
    page.click("summary[data-move]")
    from tests.looking import findings

    assert findings(page) == []
    editing.move(item, planner, item.revision, "next")
    page.click("button:has-text('Do Later')")
    page.wait_for_selector(".conflict")
    assert findings(page) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", {"add": "Add", "sorted": "Every action is sorted.", "undo": "Undo", "aside": "Set aside"}),
        (
            "fr",
            {"add": "Ajouter", "sorted": "Toutes les actions sont classées.", "undo": "Annuler", "aside": "Écartée"},
        ),
    ],
)
def test_a_plan_from_the_inventory_to_the_board_by_keyboard(
    page: Page, planner: User, language: str, words: dict[str, str]
) -> None:
    plan = a_plan(planner)
    enter(page, planner)
    page.goto(address(plan, "inventory", language))
    for title in ("Free rooms", "Vouchers"):  # the field is in focus: type, Enter, type, Enter
        expect(page.locator("[name=title]:focus")).to_be_visible()
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        page.wait_for_selector(f".inventory th:has-text('{title}')")
    assert [item.title for item in plan.items.all()] == ["Free rooms", "Vouchers"]

    page.goto(address(plan, "categories", language))
    for digit in ("2", "5"):
        waiting = page.locator("#h-sort").inner_text()
        page.keyboard.press(digit)
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_function("before => document.querySelector('#h-sort')?.innerText !== before", arg=waiting)
        page.wait_for_load_state()  # the keys listen once the page is whole
    assert page.get_by_text(words["sorted"]).is_visible()
    assert sorted(plan.items.values_list("category", flat=True)) == ["care", "continuity"]
    assert {item.stakeholders for item in plan.items.all()} == {("customers",)}

    page.goto(address(plan, "board", language))
    menu = page.locator("summary[data-move]").first
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first button: Do Now
    page.wait_for_url("**done=**")
    assert plan.items.filter(horizon="now").count() == 1
    page.locator("[data-column=now] summary[data-move]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-column=next] [data-card]")
    assert plan.items.filter(horizon="next").count() == 1
    page.get_by_role("button", name=words["undo"]).click()
    page.wait_for_selector("[data-column=now] [data-card]")
    assert plan.items.filter(horizon="now").count() == 1


def test_a_card_is_dragged_into_another_column(page: Page, planner: User) -> None:
    plan = a_plan(planner)
    item = an_item(plan, horizon="now")
    enter(page, planner)
    page.goto(address(plan))
    page.drag_and_drop(f"#item-{item.pk} h3", "[data-column=later] h2")
    page.wait_for_url("**done=**")
    page.wait_for_selector(f"[data-column=later] #item-{item.pk}")
    item.refresh_from_db()
    assert item.horizon == "later"


def test_a_card_that_is_dragged_aside_asks_for_the_reason(page: Page, planner: User) -> None:
    plan = a_plan(planner)
    item = an_item(plan, horizon="later")
    enter(page, planner)
    page.goto(address(plan))
    page.drag_and_drop(f"#item-{item.pk} h3", "[data-column=aside] > summary")
    page.wait_for_selector("textarea[name=reason]:focus")
    page.keyboard.type("Too late.")
    page.click(f"#item-{item.pk} button:has-text('Set aside')")
    page.wait_for_url("**done=**")
    item.refresh_from_db()
    assert (item.horizon, item.aside_reason) == ("aside", "Too late.")


def test_everything_works_without_a_script(browser: Browser, live_server: Any, planner: User) -> None:
    plan = a_plan(planner)
    item = an_item(plan, "Open a line")
    page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    enter(page, planner)
    page.goto(address(plan, "categories"))
    page.check("label:has-text('Safety') input")
    page.check("label:has-text('Customers') input")
    page.click("text=Save, next action")
    page.goto(address(plan))
    page.click("summary:has-text('Judge')")
    page.select_option("[name=need]", "4")
    page.select_option("[name=mission_fit]", "2")
    page.click(".judge button:has-text('Save')")
    assert page.get_by_text("Weakest point: mission fit (2 of 5).").is_visible()
    page.click("summary[data-move]")
    page.click("button:has-text('Do Now')")
    assert page.locator("[data-column=now]").get_by_role("link", name="Open a line").is_visible()
    page.click(".undo button")
    item.refresh_from_db()
    assert (item.category, item.need, item.horizon) == ("safety", 4, "")


def test_two_people_at_one_card_see_both_versions(
    page: Page, browser: Browser, live_server: Any, planner: User
) -> None:
    plan = a_plan(planner)
    item = an_item(plan)
    enter(page, planner)
    page.goto(address(plan, f"items/{item.pk}"))
    page.fill("[name=owner]", "A. Diallo")
    editing.change_item(item, planner, item.revision, {"owner": "N. Roche"})
    page.click("main button:has-text('Save')")
    assert page.get_by_text("Claire changed “Open a line” since you opened it").is_visible()
    assert page.locator(".conflict td").all_inner_texts() == ["N. Roche", "A. Diallo"]
    page.click("text=Save mine over it")
    page.wait_for_url("**/board/**")
    item.refresh_from_db()
    assert item.owner == "A. Diallo"
    assert Plan.objects.get().activities.count() == 4
