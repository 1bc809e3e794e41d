"""Today, queue and quality in a real browser, in both languages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from brands.models import Event
from cxalign.accounts import roles
from scoring.models import Assessment
from scoring.quality import count_today
from scoring.rescoring import score_all_due
from tests import factories as make
from tests.accounts.desk import somebody
from tests.looking import inspector, look, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOSTILE = "<img src=x onerror=\"document.title='run'\">\"'>"


def a_morning(owner: Any) -> None:
    """A bit of everything: late, newer than public, withdrawn from nobody, single-sourced, untranslated."""
    brand = make.a_kept_promise("Fictia Assurances")
    make.published(brand)
    make.a_proof(make.an_action(brand, statement_en="Refused.", sources=2), direction="harms", depth="3")
    make.touched(brand)
    make.a_breach("Gabarit Hôtels")
    make.published(make.a_breach("Quiet"))
    score_all_due()
    late = timezone.localdate() - timedelta(days=3)
    Assessment.objects.filter(brand=brand).update(owner=owner, due_on=late)
    make.record_change("evidence.corrected", brand=brand, subject=brand.actions.first(), actor=owner)
    score_all_due()
    count_today(timezone.localdate() - timedelta(days=8))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_screen_is_sound(browser: Browser, live_server: Any, language: str) -> None:
    page = inspector(browser, live_server)
    editor = sign_in(page, roles.EDITOR, language=language)
    empty = [line for place in ("", "queue/", "quality/") for line in look(page, f"/{language}/desk/{place}")]
    a_morning(editor)
    places = ("", "queue/", "queue/?state=draft", "queue/?brand=nobody", "quality/", "quality/proof_without_reason/")
    full = [line for place in places for line in look(page, f"/{language}/desk/{place}")]
    page.context.close()
    assert empty + full == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_morning_from_what_waits_to_the_case(page: Page, language: str) -> None:
    a_morning(sign_in(page, roles.EDITOR, language=language))
    page.goto(f"/{language}/desk/")
    expect(page.locator(".waiting li")).to_have_count(3)  # two of one's own case, and one that waits for any editor
    expect(page.locator(".waiting li").first).to_contain_text({"en": "yours", "fr": "à vous"}[language])
    expect(page.locator("main")).to_contain_text({"en": "overdue since", "fr": "en retard depuis le"}[language])
    page.click(".waiting a")
    assert "/admin/scoring/assessment/" in page.url


@pytest.mark.parametrize("language", ["en", "fr"])
def test_cases_are_given_out_by_keyboard(page: Page, language: str) -> None:
    ines = somebody(roles.ANALYST, username="ines")
    a_morning(sign_in(page, roles.EDITOR, language=language))
    page.goto(f"/{language}/desk/queue/")
    for box in page.locator("input[name=case]").all():
        box.focus()
        page.keyboard.press("Space")
    page.focus("#assign_owner")
    page.keyboard.type("ines")
    page.focus("#assign_form button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text({"en": "Assign 2 cases?", "fr": "Attribuer 2 dossiers\u00a0?"}[language])
    page.focus("#assign_reason")
    page.keyboard.type("Before the board.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("2")
    assert Assessment.objects.filter(owner=ines).count() == 2
    assert Event.objects.filter(kind="case.assigned", reason="Before the board.").count() == 2


@pytest.mark.parametrize("language", ["en", "fr"])
def test_from_a_check_to_the_record_it_found(page: Page, language: str) -> None:
    a_morning(sign_in(page, language=language))
    page.goto(f"/{language}/desk/quality/")
    page.click(".checks tbody a >> nth=0")
    page.click("tbody th a >> nth=0")
    assert "/change/" in page.url


def test_all_of_it_works_without_a_script(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    a_morning(sign_in(page, roles.EDITOR))
    page.goto("/en/desk/queue/")
    page.check("input[name=case] >> nth=0")
    page.select_option("#assign_owner", "0")
    page.fill("#assign_due_on", "2026-12-24")
    page.click("#assign_form button")
    page.fill("#assign_reason", "x")
    page.click("#confirm_form button")
    expect(page.locator(".messages")).to_contain_text("1 case assigned.")
    page.goto("/en/desk/quality/")
    assert page.locator(".checks tbody tr").count() >= 10
    context.close()


def test_hostile_text_is_only_text(page: Page) -> None:
    user = sign_in(page, roles.EDITOR)
    brand = make.a_kept_promise(HOSTILE, slug="hostile")
    make.published(brand)
    action = make.an_action(brand, statement_en=HOSTILE)
    make.a_proof(action, direction="harms", depth="3")
    make.record_change("evidence.added", brand=brand, subject=action, actor=user)
    score_all_due()
    Assessment.objects.update(owner=user)
    for place in ("", "queue/", "quality/", "quality/proof_without_reason/"):
        page.goto(f"/en/desk/{place}")
        assert page.title() != "run"
        assert page.query_selector("img[src=x]") is None
    assert HOSTILE in page.inner_text("main")
