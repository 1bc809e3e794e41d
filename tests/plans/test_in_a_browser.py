"""A plan in a real browser: by keyboard, without a script, with one; looked at in both languages and both schemes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

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


WORDS = {
    "en": {
        "sorted": "Every action is sorted.",
        "told": "“Free rooms” is in Do Now now.",
        "back": "“Free rooms” is back where it was.",
        "undo": "Undo",
        "reason": "Set aside",
        "delete": "Delete – No cash",
        "problem": "Problem",
    },
    "fr": {
        "sorted": "Toutes les actions sont classées.",
        "told": "«\u00a0Free rooms\u00a0» est maintenant dans Do Now.",
        "back": "«\u00a0Free rooms\u00a0» est revenue à sa place.",
        "undo": "Annuler",
        "reason": "Écarter",
        "delete": "Supprimer – No cash",
        "problem": "Problème",
    },
}


class Keyboard:
    """Somebody who works without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str, most: int = 120) -> None:
        """Tab on until the wanted element is in focus."""
        for _step in range(most):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached by the Tab key")

    @property
    def at(self) -> str:
        """What the element in focus says."""
        return " ".join(str(self.page.evaluate("document.activeElement.innerText")).split())

    def is_at(self, selector: str) -> None:
        """Wait until that is in focus."""
        self.page.wait_for_function("wanted => document.activeElement.matches(wanted)", arg=selector)

    def hears(self, words: str) -> None:
        """Wait until that is read out."""
        heard = "words => document.querySelector('[data-told]').textContent.startsWith(words)"
        self.page.wait_for_function(heard, arg=words)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def follow(self, selector: str, leads: str) -> None:
        self.to(selector)
        self.press("Enter")
        self.page.wait_for_url(leads)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_plan_from_the_first_line_to_the_shared_link_by_keyboard_alone(
    page: Page, planner: User, language: str
) -> None:
    words, keys = WORDS[language], Keyboard(page)
    enter(page, planner)
    page.goto(f"/{language}/plans/new/")
    keys.to("#id_title")
    keys.write("Reopen")
    keys.press("Enter")
    page.wait_for_url("**/inventory/")
    plan = Plan.objects.get()

    # Inventory: the field is in focus.
    for title in ("Free rooms", "Vouchers"):
        keys.is_at("#id_title")
        keys.write(title)
        keys.press("Enter")
        page.wait_for_selector(f".inventory th:has-text('{title}')")
    keys.to("details.more:not(.whole-line) > summary")
    keys.press("Enter", "Tab")
    keys.write("- An advert")
    keys.to("form:has(textarea[name=lines]) [type=submit]")
    keys.press("Enter")
    page.wait_for_selector(".inventory th:has-text('An advert')")

    # Categorise: a figure each, then on.
    keys.follow(".plan-steps li:nth-child(2) a", "**/categories/")
    for digit in ("2", "5", "4"):
        waiting = page.locator("#h-sort").inner_text()
        keys.is_at("[data-sorting] [name=category]")
        keys.press(digit, "Tab", "1", "Enter")
        page.wait_for_function("before => document.querySelector('#h-sort')?.innerText !== before", arg=waiting)
        page.wait_for_load_state()  # the keys listen once the page is whole
    assert page.get_by_text(words["sorted"]).is_visible()
    assert sorted(plan.items.values_list("category", flat=True)) == ["care", "continuity", "information"]
    assert {item.stakeholders for item in plan.items.all()} == {("customers",)}

    # Problematise: state one for an action, delete it, take that back.
    keys.follow(".plan-steps li:nth-child(3) a", "**/problems/")
    keys.follow(".plain-list a", "**/problems/?item=*")
    keys.to("#id_what")
    keys.write("No cash")
    keys.to("#state [type=submit]")
    keys.press("Enter")
    page.wait_for_selector(".problem")
    keys.to(".problem button")
    assert keys.at == words["delete"]
    keys.press("Enter")
    keys.page.wait_for_url("**done=**")
    assert not plan.items.filter(problem__isnull=False).exists()
    keys.to(".undo button")
    keys.press("Enter")
    page.wait_for_selector(".problem")
    assert plan.items.get(problem__isnull=False).title == "Free rooms"

    # Prioritise: judge on the card; the menu; the arrows; undo; aside with its reason.
    keys.follow(".plan-steps li:nth-child(4) a", "**/board/")
    card = f"#item-{plan.items.get(title='Free rooms').pk}"
    keys.to(f"{card} .judge > summary")
    keys.press("Enter")
    for level in ("5", "4", "3"):
        keys.press("Tab", level)
    keys.to(f"{card} .judge [type=submit]")
    keys.press("Enter")
    page.wait_for_selector(f"{card} .bars")
    keys.is_at(f"{card} summary[data-move]")
    keys.to(f"{card} summary[data-move]")
    keys.press("Enter", "Tab", "Enter")  # the first button: Do Now
    page.wait_for_selector(f"[data-column=now] {card}")
    page.wait_for_function(
        "told => document.querySelector('[data-told]').textContent.trim().startsWith(told)", arg=words["told"]
    )
    keys.is_at(f"{card} summary[data-move]")
    keys.press("ArrowRight")
    page.wait_for_selector(f"[data-column=next] {card}")
    keys.press("Shift+Tab")
    assert keys.at == words["undo"]
    keys.press("Enter")
    page.wait_for_selector(f"[data-column=now] {card}")
    keys.hears(words["back"])
    advert = f"#item-{plan.items.get(title='An advert').pk}"
    page.goto(address(plan, "board", language))
    keys.to(f"{advert} summary[data-move]")
    keys.press("Enter")
    keys.to(f"{advert} textarea")
    keys.write("Words without a service.")
    keys.press("Tab")
    assert keys.at == words["reason"]
    keys.press("Enter")
    page.wait_for_selector(f"[data-column=aside] {advert}")
    keys.is_at(f"{advert} summary[data-move]")

    # The card with its owner; the table; a link for the client, to read.
    keys.press("Escape")
    page.goto(address(plan, "board", language))
    keys.follow(f"{card} h3 a", "**/items/*/")
    keys.to("#id_owner")
    keys.write("N. Roche")
    keys.press("Enter")
    page.wait_for_url("**/board/**")
    keys.follow(".to-table", "**/table/")
    assert page.get_by_role("cell", name="N. Roche").is_visible()
    keys.follow("a[href$='/share/']", "**/share/")
    keys.to("#id_label")
    keys.write("The client")
    keys.press("Enter")
    page.wait_for_selector(".links")
    keys.to(".links a")
    page.goto(urlsplit(page.locator(".links a").get_attribute("href") or "").path)
    assert page.get_by_text("Free rooms").is_visible()
    assert page.locator("main form[method=post]").count() == 0
    settled = {item.title: (item.horizon, item.aside_reason, item.owner) for item in plan.items.all()}
    assert settled == {
        "Free rooms": ("now", "", "N. Roche"),
        "Vouchers": ("", "", ""),
        "An advert": ("aside", "Words without a service.", ""),
    }


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
    page.set_viewport_size({"width": 1280, "height": 1600})  # the whole board, so that nothing scrolls under the drag
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
