"""The pages of a case in a real browser: nothing clipped, nothing blocked, no finding of axe."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from brands.models import Brand, CrisisPhase
from scoring.models import DocumentKind, PublishedFact
from scoring.voices.documents import examine
from tests import factories as make
from tests.looking import look
from tests.scoring.voices import making
from tests.scoring.voices.files import PDF

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case() -> str:
    """A breach with acts of every kind, two versions and others' judgements: every part of the page is there."""
    brand: Brand = make.a_breach("Fictia", summary_en="An insurer.", summary_fr="Un assureur.")
    make.published(brand)
    crisis = make.a_crisis()
    for starts, ends, name in (
        (date(2020, 3, 11), date(2020, 3, 11), "Pandemic declared (World Health Organization)"),
        (date(2020, 3, 17), date(2020, 5, 11), "First lockdown (France)"),
        (date(2020, 3, 23), date(2020, 7, 4), "First lockdown (United Kingdom)"),
    ):
        CrisisPhase.objects.get_or_create(
            crisis=crisis, name_en=name, starts_on=starts, defaults={"name_fr": name, "ends_on": ends}
        )
    promise = brand.promises.get()
    for month in range(1, 10):
        action = make.an_action(brand, started=f"2020-{month:02d}", statement_en=f"Paid what was due in month {month}.")
        make.a_proof(action, promise, depth="1")
    make.a_proof(make.an_action(brand, started="2020", substance="0"), stakeholder="community", depth="0")
    make.a_promise(brand, quote="Le soin d’abord", quote_language="fr", testable=False)
    make.a_judgement(brand, archetype="aligned")
    make.a_profile(brand, purpose="2", customer_record="3", labels="B Corp")
    publication = make.published(make.touched(brand))
    sent = [examine(DocumentKind.DOCUMENT, "Annex – 2020.pdf", PDF)]
    making.a_published_reply(publication, files=sent, text="We paid every claim that was due.")
    return "/brands/fictia/covid-19/"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("rest", ["", "evidence/", "history/", "history/1..2/"])
def test_axe_finds_nothing(page: Page, case: str, language: str, rest: str) -> None:
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/{language}{case}{rest}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found = Axe().run(page).response["violations"]
        assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("rest", ["", "evidence/", "history/", "history/1..2/", "v1/"])
def test_a_phone_never_scrolls_sideways(page: Page, case: str, rest: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/fr{case}{rest}")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_where_the_timeline_cannot_be_drawn_large_enough_it_is_told_line_by_line(page: Page, case: str) -> None:
    page.goto(f"/en{case}")
    for width, drawn in ((390, False), (1024, False), (1280, True)):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.locator(".tl").is_visible() == drawn, width
        assert page.locator(".moments").is_visible() != drawn, width
        assert page.evaluate("document.querySelector('.times').scrollWidth <= innerWidth"), width
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(media="print")
    assert page.locator(".tl").is_visible()


def test_no_word_of_the_timeline_touches_another(page: Page, case: str) -> None:
    """Measured with the real font, not the estimate that placed them."""
    page.goto(f"/en{case}")
    overlaps = page.evaluate(
        """() => {
            const boxes = [...document.querySelectorAll('.tl text')].map(text => text.getBoundingClientRect());
            return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b =>
                a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4)).length;
        }"""
    )
    assert overlaps == 0


def test_reading_order_is_the_same_on_a_phone(page: Page, case: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/en{case}")
    tops = page.evaluate(
        """() => ['verdict', 'changes', 'indices', 'h-ledger', 'coverage', 'timeline', 'h-voice', 'opinions',
                  'h-history', 'h-sources', 'h-cite', 'errors']
            .map(id => document.getElementById(id).getBoundingClientRect().top)"""
    )
    assert tops == sorted(tops)


def test_first_view_keeps_to_eight_requests(page: Page, case: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"/en{case}", wait_until="networkidle")
    assert len(requests) <= 8, requests
    assert all("127.0.0.1" in address or "localhost" in address for address in requests)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_reader_goes_from_a_sentence_to_its_source_and_back(page: Page, case: str, language: str) -> None:
    page.goto(f"/{language}{case}")
    page.locator("#ledger sup.ref a").first.click()
    number = page.url.rpartition("#source-")[2]
    page.locator(f"#source-{number} .state a").last.click()
    key = PublishedFact.objects.filter(resource="source").values_list("key", flat=True)
    assert page.url.rstrip("/").rpartition("/")[2] in set(key)
    page.locator(".use h3 a").click()
    assert page.url.endswith(f"/{language}{case}#source-{number}")
    source = page.locator(f"#source-{number} .state a").last.get_attribute("href")
    assert source
    assert look(page, source) == []
