"""Taking scorecards away in a real browser, in both languages: menu, form, list, job, presentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from brands.models import Brand
from cxalign.accounts import roles
from cxalign.accounts.models import User
from cxalign.exports import jobs
from cxalign.exports.models import ExportJob
from cxalign.pages.exporting import many_views
from tests import factories as make
from tests.accounts.desk import somebody
from tests.exports.files import slides_of, title_of, workbook_of
from tests.looking import PASSWORD, enter, inspector, look, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
WORDS = {
    "en": {"export": "Export", "slides": "Download the slides", "make": "Make the workbook", "ready": "is ready"},
    "fr": {
        "export": "Exporter",
        "slides": "Télécharger les diapositives",
        "make": "Préparer le classeur",
        "ready": "est prêt",
    },
}


@pytest.fixture
def breach() -> Brand:
    brand = make.a_breach("Fictia")
    make.published(brand)
    return brand


@LANGUAGES
def test_a_reader_picks_slides_and_gets_them(page: Page, breach: Brand, language: str) -> None:
    words = WORDS[language]
    page.goto(f"/{language}/brands/fictia/covid-19/")
    page.click("details.export summary")
    assert page.locator("details.export a").count() >= 7
    page.click("details.export li.apart a")
    for code in ("ledger", "coverage", "timeline", "indices", "changes", "reply"):
        page.uncheck(f"input[name=slide][value={code}]")
    with page.expect_download() as coming:
        page.get_by_role("button", name=words["slides"]).click()
    file = coming.value
    assert re.fullmatch(rf"fictia_covid-19_v1_[\d-]+_{language}\.pptx", file.suggested_filename)
    assert len([title_of(slide) for slide in slides_of(file.path().read_bytes())]) == 2


@LANGUAGES
def test_somebody_orders_a_workbook_and_fetches_it(
    page: Page, breach: Brand, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_views, "AT_ONCE", 0)
    monkeypatch.setattr("cxalign.exports.receivers.work_on_export.delay", lambda job_id: None)
    sign_in(page, roles.CONSULTANT, language=language)
    page.goto(f"/{language}/brands/")
    page.get_by_role("link", name=WORDS[language]["export"], exact=True).click()
    page.get_by_role("button", name=WORDS[language]["make"]).click()
    page.wait_for_selector("progress.bar")
    jobs.work_on(ExportJob.objects.get().pk)
    page.get_by_role("heading", name=WORDS[language]["ready"]).wait_for()  # the page looks again by itself
    with page.expect_download() as coming:
        page.click("a.btn.primary")
    assert len(workbook_of(coming.value.path().read_bytes()).sheetnames) == 7


@LANGUAGES
def test_arrow_keys_move_between_slides(page: Page, breach: Brand, language: str) -> None:
    sign_in(page, roles.CONSULTANT, language=language)
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"/{language}/brands/fictia/covid-19/present/")

    def on_screen() -> str:
        return str(page.evaluate("document.activeElement.id"))

    page.keyboard.press("ArrowRight")
    assert on_screen() == "slide-2"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert on_screen() == "slide-2"
    page.keyboard.press("End")
    assert on_screen() == f"slide-{page.locator('.slide').count()}"
    page.keyboard.press("Home")
    assert on_screen() == "slide-1"
    assert page.evaluate("window.scrollY") < 40


@LANGUAGES
def test_no_slide_is_cut_off_on_the_screen(page: Page, language: str) -> None:
    """Of a case with more than fits one slide, every slide shows all it has."""
    brand = make.a_breach("Fictia")
    promise = brand.promises.get()
    for number in range(14):
        words = f"Acted once more in a way that takes a good many words to tell, number {number}."
        make.a_proof(make.an_action(brand, statement_en=words, statement_fr=words), promise)
    for number in range(9):
        make.a_promise(brand, statement_en=f"Promised thing {number}.", statement_fr=f"A promis la chose {number}.")
    make.published(make.touched(brand))
    sign_in(page, roles.CONSULTANT, language=language)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"/{language}/brands/fictia/covid-19/present/")
    page.evaluate("document.fonts.ready")
    assert page.locator(".b-grid td").count() > 60
    cut = page.evaluate(
        """[...document.querySelectorAll('.slide')].filter((slide) => {
             const body = slide.querySelector('.slide-body').getBoundingClientRect();
             const foot = slide.querySelector('.slide-foot').getBoundingClientRect();
             const last = [...slide.querySelectorAll('.slide-main > *, .slide-aside > *')]
               .map((part) => part.getBoundingClientRect().bottom);
             return Math.max(0, ...last) > foot.top + 1 || body.width > slide.clientWidth;
           }).map((slide) => slide.querySelector('h2').textContent)"""
    )
    assert cut == []


def test_printed_there_is_one_slide_a_page(page: Page, breach: Brand, tmp_path: Any) -> None:
    sign_in(page, roles.CONSULTANT)
    page.goto("/en/brands/fictia/covid-19/present/")
    slides = page.locator(".slide").count()
    page.pdf(path=str(tmp_path / "slides.pdf"), prefer_css_page_size=True, print_background=True)
    pages = PdfReader(tmp_path / "slides.pdf").pages
    assert len(pages) == slides
    assert round(float(pages[0].mediabox.width) / float(pages[0].mediabox.height), 2) == 1.78


@LANGUAGES
def test_the_screens_hold_up_to_an_inspector(
    browser: Browser, live_server: Any, breach: Brand, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = inspector(browser, live_server)
    complaints = look(tab, f"/{language}/brands/fictia/covid-19/export/")
    complaints += look(tab, f"/{language}/data/scorecards/")
    user = sign_in(tab, roles.CONSULTANT, language=language)
    monkeypatch.setattr("cxalign.exports.receivers.work_on_export.delay", lambda job_id: None)
    job = jobs.order("scorecards", "xlsx", {}, name="scorecards.xlsx", total=1, by=user)
    complaints += look(tab, f"/{language}/account/exports/{job.pk}/")
    jobs.work_on(job.pk)
    for place in ("account/exports/", f"account/exports/{job.pk}/", "brands/fictia/covid-19/present/"):
        complaints += look(tab, f"/{language}/{place}")
    tab.context.close()
    assert complaints == []


def test_a_menu_opens_without_a_script(browser: Browser, live_server: Any, breach: Brand) -> None:
    tab = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    tab.goto("/en/brands/fictia/covid-19/")
    tab.click("details.export summary")
    assert tab.get_by_role("link", name="PDF, the whole report").is_visible()
    enter(tab, a_consultant())
    tab.goto("/en/brands/fictia/covid-19/present/")
    assert tab.locator(".slide").count() >= 8
    tab.context.close()


def a_consultant() -> User:
    user = somebody(roles.CONSULTANT)
    user.set_password(PASSWORD)
    user.save()
    return user
