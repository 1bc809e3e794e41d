"""The whole way of a coding in a real browser, by keyboard, in both languages; and a look at every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from brands import editing
from cxalign.accounts import roles
from cxalign.accounts.models import User
from scoring.coding.rounds import items_of_cases
from scoring.models import CodingItem, CodingRound, ItemCoding, ItemState, Measurement
from tests import factories as make
from tests.accounts.desk import somebody
from tests.looking import PASSWORD, enter, inspector, look
from tests.scoring.coding import making
from tests.scoring.coding.making import WHY, both_in, codes_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("en", "fr")
SAYS = {
    "en": {
        "open": "Open the round",
        "hand_in": "Hand in, next item",
        "settle": "Settle",
        "settled": "Settled. The codes are on file",
        "decide": "somebody else will decide",
        "draft": "Keep as a draft",
        "kept": "Your draft is kept",
        "go_on": "Go on coding",
        "agreed": "You both chose the same",
    },
    "fr": {
        "open": "Ouvrir la campagne",
        "hand_in": "Rendre et passer au suivant",
        "settle": "Régler",
        "settled": "Réglé. Les codes sont au dossier",
        "decide": "quelqu’un d’autre tranchera",
        "draft": "Garder en brouillon",
        "kept": "Votre brouillon est conservé",
        "go_on": "Poursuivre le codage",
        "agreed": "Vous avez choisi la même chose",
    },
}


def with_password(role: str, language: str) -> User:
    user = somebody(role, language=language)
    user.set_password(PASSWORD)
    user.save()
    return user


def seated(browser: Browser, live_server: Any, user: User) -> Page:
    """A window of their own for one person, signed in."""
    tab = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}).new_page()
    enter(tab, user)
    return tab


def by_keyboard(tab: Page, keys: str, *, depth: str = "0") -> None:
    """Choose SU, RE, IN, GE and the appraisal by their keys, then the proof and the source, then why."""
    tab.locator("#c-substance input").first.focus()
    for key in keys:
        tab.keyboard.press(key)
    tab.locator("#c-proof-customers-helps").focus()
    tab.keyboard.press("Space")
    tab.locator("#c-proof-customers-helps-yardstick input").nth(1).focus()
    tab.keyboard.press("2")
    tab.keyboard.press(depth)
    tab.locator("fieldset[id$=-kind][id^=c-source] input").first.focus()
    tab.keyboard.press("3")
    tab.keyboard.press("c") if tab.evaluate("document.activeElement.type") != "text" else None
    tab.locator("#id_rationale").fill(WHY)


def leaves(tab: Page, coding: ItemCoding) -> None:
    """Wait until the screen of this coding has given way to another page."""
    tab.wait_for_url(lambda url: f"/items/{coding.pk}/" not in url)


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_code_by_keyboard_a_third_decides_the_verdict_moves_and_an_edit_reopens(
    browser: Browser, live_server: Any, language: str
) -> None:
    case, says = making.a_case("Fictia"), SAYS[language]
    first, second = with_password(roles.ANALYST, language), with_password(roles.ANALYST, language)
    editor = with_password(roles.EDITOR, language)

    # an editor opens a round for two coders
    desk = seated(browser, live_server, editor)
    desk.goto(f"/{language}/desk/coding/new/")
    desk.locator(f"#case-{case.pk}").check()
    desk.select_option("#id_first_coder", str(first.pk))
    desk.select_option("#id_second_coder", str(second.pk))
    desk.get_by_role("button", name=says["open"]).click()
    desk.wait_for_url("**/desk/coding/rounds/*/")
    opened = CodingRound.objects.get()
    item = making.item_of(case)

    # each codes alone, with keys; the first keeps a draft and comes back to it
    mine = seated(browser, live_server, first)
    mine.goto(f"/{language}/desk/coding/items/{making.coding_of(item, first).pk}/")
    by_keyboard(mine, "22212")
    mine.get_by_role("button", name=says["draft"]).click()
    mine.get_by_text(says["kept"]).wait_for()
    mine.goto(f"/{language}/desk/coding/items/{making.coding_of(item, first).pk}/")
    assert mine.locator("#c-substance-2").is_checked()
    mine.locator("#c-substance-2").focus()
    mine.keyboard.press("Enter")
    leaves(mine, making.coding_of(item, first))
    assert making.coding_of(item, first).submitted_at is not None
    other = seated(browser, live_server, second)
    other.goto(f"/{language}/desk/coding/items/{making.coding_of(item, second).pk}/")
    by_keyboard(other, "0u212")
    other.get_by_role("button", name=says["hand_in"]).click()
    other.get_by_text(says["decide"]).wait_for()
    assert CodingItem.objects.get(pk=item.pk).state == ItemState.ADJUDICATION

    # an editor decides on substance and reach, each with a reason
    desk.goto(f"/{language}/desk/adjudication/{item.pk}/")
    assert str(first) not in desk.locator("main").inner_text()
    desk.locator("#c-substance-1").check()
    desk.locator("#c-substance-reason").fill("Small beside the need.")
    desk.locator("#c-reach-2").check()
    desk.locator("#c-reach-reason").fill("Open to all of them.")
    desk.get_by_role("button", name=says["settle"], exact=True).click()
    desk.get_by_text(says["settled"]).wait_for()
    assert str(first) in desk.locator("main").inner_text()
    assert make.judged(case.brand).outcome == "insufficient_evidence"

    # both agree on the promise; then an edit brings the act back to both
    promise = making.item_of(case, "promise")
    for tab, coder in ((mine, first), (other, second)):
        tab.goto(f"/{language}/desk/coding/items/{making.coding_of(promise, coder).pk}/")
        tab.locator("#c-statement_level input").first.focus()
        tab.keyboard.press("2")
        tab.locator("#id_rationale").fill(WHY)
        tab.keyboard.press("Control+Enter")
        leaves(tab, making.coding_of(promise, coder))
    other.get_by_text(says["agreed"]).wait_for()
    act = making.action_of(case)
    act.statement_en = act.statement_fr = "Paid some claims, late."
    act.save()
    editing.record_by_hand("evidence.corrected", act, actor=editor, changes={}, reason="")
    mine.goto(f"/{language}/desk/coding/")
    mine.get_by_role("link", name=says["go_on"]).click()
    mine.wait_for_url(f"**/items/{making.coding_of(item, first).pk}/")
    assert mine.locator("#c-substance-2").is_checked()  # what was chosen is there as a draft
    assert "Paid some claims, late." in mine.locator("main").inner_text()
    assert making.action_of(case).coding == "single"
    assert opened.items.count() == 2
    for tab in (desk, mine, other):
        tab.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_all_works_without_scripts(browser: Browser, live_server: Any, language: str) -> None:
    case = making.a_case("Fictia")
    first, second, editor = with_password(roles.ANALYST, language), *making.three_people()[1:]
    making.a_round(case, first, second, editor)
    tab = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    enter(tab, first)
    tab.goto(f"/{language}/desk/coding/items/{making.coding_of(making.item_of(case), first).pk}/")
    for name, level in {"substance": 2, "reach": 2, "initiative": 2, "generosity": 1}.items():
        tab.locator(f"#c-{name}-{level}").check()
    tab.locator("#c-appraisal-no").check()
    tab.locator("#c-proof-customers-helps").check()
    tab.locator("#c-proof-customers-helps-yardstick-duty").check()
    tab.locator("#c-proof-customers-helps-depth-0").check()
    tab.locator("fieldset[id$=-kind][id^=c-source] input").nth(2).check()
    tab.locator("#id_rationale").fill(WHY)
    tab.get_by_role("button", name=SAYS[language]["hand_in"]).click()
    tab.wait_for_load_state()
    assert making.coding_of(making.item_of(case), first).submitted_at is not None
    tab.context.close()


def everything_there_is(language: str) -> tuple[User, User, dict[str, str]]:
    """One item in each state, a report with figures, a measurement in force; the addresses of the screens."""
    first, second = with_password(roles.ANALYST, language), somebody(roles.ANALYST)
    editor = with_password(roles.EDITOR, language)
    cases = [making.a_case(f"Fictia {letter}") for letter in "ABCD"]
    for case in cases:
        making.a_round(case, first, second, editor)
    both_in(cases[1], (first, second), codes_for(cases[1]), codes_for(cases[1], substance="1"))
    dispute = both_in(cases[2], (first, second), codes_for(cases[2]), codes_for(cases[2], substance="0"))
    settled = both_in(cases[3], (first, second), codes_for(cases[3]), codes_for(cases[3]))
    crowd = making.a_case("Crowd")
    for _ in range(34):
        make.a_proof(make.an_action(crowd.brand))
    items = [item for item in items_of_cases([crowd]) if item.action_id]
    report = making.a_round(crowd, second, somebody(roles.ANALYST), editor, items=items)
    for number, item in enumerate(report.items.all()):
        codes = {"substance": str(number % 4), "initiative": str(number % 3)}
        other = {**codes, "substance": str((number + (number % 4 == 0)) % 4)}
        for seat, chosen in zip(report.seats.all(), (codes, other), strict=True):
            ItemCoding.objects.filter(item=item, seat=seat).update(codes=chosen, blind_codes=chosen)
    Measurement.objects.create(
        scope="A round", figures={"su": {"alpha": 0.7}, "ge": {"alpha": 0.5}, "in": {"alpha": 0.95}}, reason="A start."
    )
    coded, compared = (making.coding_of(making.item_of(case), first).pk for case in cases[:2])
    opened = CodingRound.objects.get(items=making.item_of(cases[0]))
    at = f"/{language}/desk"
    return (
        first,
        editor,
        {
            "assignments": f"{at}/coding/",
            "round": f"{at}/coding/rounds/{opened.pk}/",
            "item": f"{at}/coding/items/{coded}/",
            "compare": f"{at}/coding/items/{compared}/compare/",
            "new": f"{at}/coding/new/",
            "adjudication": f"{at}/adjudication/",
            "adjudicate": f"{at}/adjudication/{dispute.pk}/",
            "settled": f"{at}/adjudication/{settled.pk}/",
            "report": f"{at}/coding/agreement/?round={report.pk}&code=su",
            "adopt": f"{at}/coding/agreement/adopt/?round={report.pk}",
        },
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wrong_on_any_screen(browser: Browser, live_server: Any, language: str) -> None:
    coder, editor, screens = everything_there_is(language)
    complaints: list[str] = []
    for user, names in ((coder, ("assignments", "round", "item", "compare", "report")), (editor, tuple(screens))):
        page = inspector(browser, live_server)
        enter(page, user)
        for name in names:
            if user == editor and name in ("item", "compare"):
                continue
            complaints += look(page, screens[name])
        page.context.close()
    assert not complaints, "\n".join(complaints)
