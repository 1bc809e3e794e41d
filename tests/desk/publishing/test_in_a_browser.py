"""A case from its searches to its withdrawal in a real browser, in both languages; and a look at every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from brands.models import Brand
from cxalign.accounts import roles
from cxalign.desk.fresh import SIGNED_IN_AT
from scoring.models import EvidenceSearch, Publication, Tie
from scoring.rescoring import score_all_due, score_everything
from tests import factories as make
from tests.desk.publishing.pages import CASE
from tests.looking import PASSWORD, WIDTHS, findings, inspector, is_too_wide, look, sign_in
from tests.scoring.review import making

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "refuses": "Refuses",
        "no_tie": "No ties with the brands ticked",
        "publish": "Publish…",
        "published": "Published as version 1.",
        "withdraw": "Withdraw…",
        "withdrawn": "Version 1 is withdrawn; its address now tells the reason.",
        "client": "the brand is a client",
        "ties": "Declared ties",
    },
    "fr": {
        "refuses": "Refuse",
        "no_tie": "Aucun lien avec les marques cochées",
        "publish": "Publier…",
        "published": "Publié comme version 1.",
        "withdraw": "Retirer…",
        "withdrawn": "La version 1 est retirée",
        "client": "la marque est cliente",
        "ties": "Liens déclarés",
    },
}


def a_case_for_strict(name: str = "Fictia") -> Brand:
    """Doubly coded by others, two sources; nobody has searched or declared anything yet."""
    brand = make.a_kept_promise(name)
    make.a_link(brand.actions.get())
    making.doubly_coded(brand)
    score_all_due()
    return brand


def log_harm_searches(page: Page) -> None:
    page.fill("#id_engine", "Europresse")
    for group in making.CORE:
        page.fill(f"#id_{group}-harms-queries", f"“Fictia” {group}")
        page.fill(f"#id_{group}-harms-hits", "25")
    page.click("#searches_form button[type=submit]")
    page.wait_for_selector(".messages")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_under_strict_a_case_is_searched_declared_published_and_withdrawn(
    page: Page, language: str, settings: Any
) -> None:
    settings.PUBLICATION_POLICY = "strict"
    words, case = WORDS[language], f"/{language}/desk/cases/fictia/covid-19/"
    brand = a_case_for_strict()
    sign_in(page, roles.EDITOR, language=language)
    page.goto(case)
    expect(page.locator(".gate.refuses")).to_have_count(2)
    page.click(".gate.refuses a[href*='searches']")
    log_harm_searches(page)
    assert EvidenceSearch.objects.count() == len(making.CORE)
    page.goto(case)
    page.click(".gate.refuses a[href*='ties']")
    page.check("#no_tie_form [name=brand][value=fictia]")
    page.click(f"button:has-text('{words['no_tie']}')")
    page.wait_for_selector(".messages")
    page.goto(case)
    expect(page.locator(".gate.refuses")).to_have_count(0)
    page.click(f"a:has-text('{words['publish']}')")
    page.fill("#id_note_fr", "Première version.")
    page.press("#id_note_fr", "Tab")
    page.click("#publish_form button")
    assert not Publication.objects.exists()
    page.click("#confirm_form button")
    page.wait_for_selector(f".messages:has-text('{words['published']}')")
    page.click(f"a:has-text('{words['withdraw']}')")
    page.fill("#id_reason_en", "A source was misread.")
    page.fill("#id_reason_fr", "Une source a été mal lue.")
    page.click("#withdraw_form button")
    page.wait_for_selector("#confirm_form")
    assert Publication.objects.get().is_current
    page.click("#confirm_form button")
    page.wait_for_selector(f".messages:has-text('{words['withdrawn']}')")
    page.goto(f"/{language}/brands/fictia/covid-19/")
    assert ("mal lue" if language == "fr" else "misread") in page.inner_text("main")
    assert brand.assessments.get().publications.get().state == "withdrawn"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_declared_tie_bars_the_editor_and_stands_on_the_scorecard_of_a_solo_installation(
    page: Page, language: str, settings: Any
) -> None:
    settings.PUBLICATION_POLICY = "strict"
    words, case = WORDS[language], f"/{language}/desk/cases/fictia/covid-19/"
    brand = a_case_for_strict()
    sign_in(page, roles.EDITOR, language=language)
    page.goto(f"/{language}/desk/ties/?brand=fictia")
    page.select_option("#id_kind", "client")
    page.fill("#id_text_en", "Advised the brand in 2019.")
    page.fill("#id_text_fr", "A conseillé la marque en 2019.")
    page.fill("#id_since", "2019-03-01")
    page.click("#tie_form button")
    page.wait_for_selector(".messages")
    assert Tie.objects.get().brand == brand
    page.goto(case)
    expect(page.locator(f".gate.refuses:has-text('{words['client']}')")).to_be_visible()
    expect(page.locator(f"a:has-text('{words['publish']}')")).to_have_count(0)
    settings.PUBLICATION_POLICY = "solo"
    page.goto(f"{case}publish/")
    page.click("#publish_form button")
    page.click("#confirm_form button")
    page.wait_for_selector(".messages")
    page.goto(f"/{language}/brands/fictia/covid-19/")
    tie = page.inner_text("#ties")
    assert words["ties"] in tie
    assert words["client"] in tie
    assert ("A conseillé la marque en 2019." if language == "fr" else "Advised the brand in 2019.") in tie


def test_enter_never_publishes_and_the_password_is_asked_in_between(page: Page) -> None:
    a_case_for_strict()
    sign_in(page, roles.EDITOR)
    page.goto(f"{CASE}publish/")
    age_the_session(page)
    page.focus("#id_cause")
    page.click("#publish_form button")
    page.fill("#id_password_again", PASSWORD)
    page.press("#id_password_again", "Enter")
    page.wait_for_selector("#confirm_form")
    page.press("body", "Enter")
    assert not Publication.objects.exists()
    page.click("#confirm_form button")
    page.wait_for_selector(".messages")
    assert Publication.objects.exists()


def age_the_session(page: Page) -> None:
    name = django_settings.SESSION_COOKIE_NAME
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == name)
    session = SessionStore(key)
    session[SIGNED_IN_AT] -= 3600
    session.save()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_screen_holds_at_both_widths_and_nothing_complains(
    browser: Browser, live_server: Any, language: str, settings: Any
) -> None:
    page = inspector(browser, live_server)
    editor = sign_in(page, roles.EDITOR, language=language)
    settings.PUBLICATION_POLICY = "solo"
    brand = a_case_for_strict("Fictia")
    making.a_tie(editor, brand)
    make.published(brand, editor)
    brand.actions.get().proofs.update(direction="harms", depth="2")
    make.touched(brand)
    score_everything()
    case_file = brand.assessments.get()
    making.coded_by(editor, brand.actions.get())
    score_everything()
    search, tie = making.a_search(case_file), editor.ties.get()
    making.a_notice(case_file.snapshots.first(), days_left=3)
    case = f"/{language}/desk/cases/fictia/covid-19/"
    addresses = [
        *(case, f"{case}publish/", f"{case}withdraw/1/", f"{case}searches/", f"{case}searches/{search.pk}/take-back/"),
        *(f"/{language}/desk/ties/?brand=fictia", f"/{language}/desk/ties/{tie.pk}/end/"),
        *(f"/{language}/desk/ties/{tie.pk}/take-back/", f"/{language}/brands/fictia/covid-19/"),
        f"/{language}/brands/fictia/covid-19/history/",
    ]
    complaints = [complaint for address in addresses for complaint in look(page, address)]
    settings.PUBLICATION_POLICY = "strict"
    complaints += [complaint for address in (case, f"{case}publish/") for complaint in look(page, address)]
    page.context.close()
    assert complaints == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pages_between_two_steps_hold_as_well(browser: Browser, live_server: Any, language: str) -> None:
    page = inspector(browser, live_server)
    sign_in(page, roles.EDITOR, language=language)
    a_case_for_strict()
    complaints = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/{language}/desk/cases/fictia/covid-19/publish/")
        page.click("#publish_form button")
        page.wait_for_selector("#confirm_form")
        complaints += [*findings(page), *(["too wide"] if is_too_wide(page) else [])]
        age_the_session(page)
        page.click("#confirm_form button")
        page.wait_for_selector("#password_form")
        complaints += [*findings(page), *(["too wide"] if is_too_wide(page) else [])]
        page.fill("#id_password_again", PASSWORD)
        page.press("#id_password_again", "Enter")
        page.wait_for_selector("#confirm_form")
        page.goto(f"/{language}/desk/cases/fictia/covid-19/searches/")
        page.click("#searches_form button[type=submit]")
        page.wait_for_selector("[role=alert]")
        complaints += [*findings(page), *(["too wide"] if is_too_wide(page) else [])]
    page.context.close()
    assert complaints == []
