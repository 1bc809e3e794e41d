"""Quick capture in a real browser: by keyboard alone, in both languages, with and without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from brands.models import Action, Brand, Event, Promise, Source
from cxalign.accounts.roles import CONSULTANT
from scoring.rescoring import score_all_due
from tests import factories as make
from tests.accounts.desk import somebody
from tests.accounts.making import a_suggestion
from tests.brands.machines import sends, site, way_to
from tests.desk.test_capture_details import PAGE as TOLD
from tests.looking import PASSWORD, inspector, look, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECONDS_A_KEY = 0.28
SECONDS_A_FIELD = 1.35
"""The keystroke-level model: a key of an average typist, and the thought before each field."""


@dataclass
class Keyboard:
    """Nothing but keys, each one counted; and the fields one stops at to think."""

    page: Page
    keys: int = 0
    fields: int = 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += key.count("+") + 1 if len(key) > 1 else 1

    def type(self, text: str) -> None:
        self.fields += 1
        for letter in text:
            self.page.keyboard.press(letter) if letter.isascii() else self.page.keyboard.insert_text(letter)
            self.keys += 1

    def choose(self, key: str) -> None:
        self.fields += 1
        self.press(key)

    def on_to(self, name: str) -> None:
        """Tab until the field has the focus."""
        for _ in range(12):
            self.press("Tab")
            if self.page.evaluate("document.activeElement.name") == name:
                return
        raise AssertionError(f"Tab does not lead to {name}, but to {self.here()}")

    def here(self) -> str:
        return str(self.page.evaluate("document.activeElement.outerHTML.slice(0, 160)"))

    @property
    def seconds(self) -> float:
        return self.keys * SECONDS_A_KEY + self.fields * SECONDS_A_FIELD


TEXTS = {
    "en": {
        "title": "Fictia pays at once",
        "passage": "It paid within two days.",
        "statement": "Paid claims within two days.",
        "rationale": "Sooner than the contract.",
    },
    "fr": {
        "title": "Fictia paie sans attendre",
        "passage": "Elle a payé sous deux jours.",
        "statement": "A payé les sinistres sous deux jours.",
        "rationale": "Plus tôt que le contrat.",
    },
}


def case_on_file() -> Brand:
    brand = make.a_brand("Fictia")
    make.a_promise(brand, statement_en="Puts its customers first.", quote="")
    make.a_promise(brand, statement_en="Protects its staff.", quote="", stakeholders=("employees",))
    make.touched(brand)
    return brand


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_sourced_act_with_its_proof_takes_ninety_seconds_at_most_without_a_mouse(page: Page, language: str) -> None:
    """From the address of a source (prefilled, as from a bookmark) to a saved act with its source and its proof.

    Only key presses: letters, Tab, digits, an arrow, Enter. The time of a person is estimated with the keystroke-level
    model: 0.28 s for each key actually pressed, and 1.35 s of thought for each of the fields filled in. The reading of
    the source itself is not part of it. Counted: 160 keys and 18 fields in English, 69 s; 178 keys in French, 74 s.
    """
    case_on_file()
    sign_in(page, language=language)
    page.goto(f"/{language}/desk/capture/?url=https://www.daily.example/2020/04/claims?utm_source=x")
    page.wait_for_function("document.documentElement.classList.contains('scripted')")
    words, keyboard = TEXTS[language], Keyboard(page)
    assert page.evaluate("document.activeElement.name") == "source-title", keyboard.here()
    keyboard.type(words["title"])
    keyboard.on_to("source-publisher")
    keyboard.type("Daily")
    keyboard.on_to("source-source_type")
    keyboard.type("p")  # press, presse
    keyboard.on_to("source-published_on")
    keyboard.type("13/04/2020")
    keyboard.on_to("source-language")
    keyboard.type(language)
    keyboard.on_to("source-passage")
    keyboard.type(words["passage"])
    keyboard.on_to("brand")
    keyboard.type("fic")
    page.wait_for_selector("[role=option]")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    keyboard.on_to("crisis")
    keyboard.on_to("what")
    keyboard.on_to(f"act-statement_{language}")
    keyboard.type(words["statement"])
    keyboard.on_to("act-started")
    keyboard.type("04/2020")
    for name, key in (("substance", "2"), ("reach", "u"), ("initiative", "3"), ("generosity", "2")):
        keyboard.on_to(f"act-{name}")
        keyboard.choose(key)
    keyboard.on_to("link-kind")
    keyboard.choose("3")
    keyboard.on_to("proofs-0-stakeholder")
    keyboard.choose("1")
    keyboard.on_to("proofs-0-promise")
    offered = page.locator("select[name='proofs-0-promise'] option")
    expect(offered).to_have_count(2)  # the brand’s promises come while one types on
    assert [text for text in offered.all_inner_texts() if "Protects its staff" in text] == []  # not to customers
    keyboard.choose("ArrowDown")
    keyboard.on_to("proofs-0-effect")
    keyboard.choose("1")
    keyboard.on_to(f"proofs-0-rationale_{language}")
    keyboard.type(words["rationale"])
    keyboard.press("Control+Enter")
    page.wait_for_selector(".messages .note")
    action = Action.objects.get()
    proof, link = action.proofs.get(), action.source_links.get()
    assert getattr(action, f"statement_{language}") == words["statement"]
    assert (action.started, action.substance, action.reach) == ("2020-04", "2", "u")
    assert (action.initiative, action.generosity) == ("3", "2")
    assert (link.kind, link.independence_group) == ("independent", "daily")
    assert link.source.url == "https://www.daily.example/2020/04/claims"
    assert (link.source.source_type, link.source.published_on) == ("press", "2020-04-13")
    assert (link.source.language, link.source.passage) == (language, words["passage"])
    assert (proof.stakeholder, proof.direction, proof.depth) == ("customers", "helps", "1")
    assert str(proof.promise) == "Puts its customers first."
    assert getattr(proof, f"rationale_{language}") == words["rationale"]
    assert Event.objects.filter(kind="evidence.added").count() == 3  # the promise’s brand before; source and act now
    print(f"{language}: {keyboard.keys} keys, {keyboard.fields} fields, {keyboard.seconds:.0f} s")
    assert keyboard.seconds <= 90


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_verdict_beside_the_form_moves_by_itself_after_a_save(page: Page, language: str) -> None:
    brand = make.an_empty_file("Fictia")
    make.judged(brand)
    score_all_due()
    sign_in(page, language=language)
    page.goto(f"/{language}/desk/capture/?brand=fictia")
    panel = page.locator(".verdict-panel")
    expect(panel).to_contain_text({"en": "Insufficient evidence", "fr": "Preuves insuffisantes"}[language])
    fill_act(page)
    page.click(".actions [name=_save]")
    expect(page.locator(".messages .note")).to_be_visible()
    expect(panel).to_contain_text({"en": "Being recalculated", "fr": "Recalcul en cours"}[language])
    score_all_due()
    expect(panel).to_contain_text({"en": "Aligned", "fr": "Alignée"}[language], timeout=15_000)
    expect(panel).to_contain_text({"en": "Before the last change", "fr": "Avant le dernier changement"}[language])
    expect(panel).to_contain_text("Paid claims at once.")
    assert panel.locator(".moves li").count() >= 1


def test_the_panel_in_the_admin_refreshes_itself_too(page: Page) -> None:
    brand = make.a_kept_promise("Fictia")
    sign_in(page)
    page.goto(f"/admin/brands/brand/{brand.pk}/change/")
    panel = page.locator(".verdict-panel")
    expect(panel).to_contain_text("Being recalculated")
    score_all_due()
    expect(panel).to_contain_text("Aligned", timeout=15_000)
    expect(panel).not_to_contain_text("Being recalculated")


def fill_act(page: Page, **more: str) -> None:
    """The act of a source, quickly: this is not the test of the keyboard."""
    page.fill("[name=source-title]", more.get("title", "Insurer pays at once"))
    page.select_option("[name=source-source_type]", "press")
    page.fill("[name=source-publisher]", more.get("publisher", "The Daily"))
    page.fill("[name=act-statement_en]", more.get("statement", "Paid claims at once."))
    page.fill("[name=act-started]", "2020-04-01")
    for name, value in (("act-substance", "2"), ("act-initiative", "2"), ("act-generosity", "1")):
        page.check(f"input[name='{name}'][value='{value}']")
    page.check("input[name='link-kind'][value='independent']")
    page.check("input[name='proofs-0-stakeholder'][value='customers']")
    page.select_option("[name=proofs-0-promise]", index=1)
    page.check("input[name='proofs-0-effect'][value='helps:0']")
    page.fill("[name=proofs-0-rationale_en]", "As promised.")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_promise_is_captured_in_the_same_place(page: Page, language: str) -> None:
    case_on_file()
    sign_in(page, language=language)
    page.goto(f"/{language}/desk/capture/?brand=fictia")
    page.check("input[name=what][value=promise]")
    expect(page.locator("[data-what=act]")).to_be_hidden()
    page.fill("[name=source-title]", "Our purpose")
    page.select_option("[name=source-source_type]", "brand_owned")
    page.fill("[name=promise-quote]", "We answer within a day.")
    page.fill("[name=promise-quote_language]", "en")
    page.fill("[name=promise-statement_en]", "Answers within a day.")
    page.fill("[name=promise-since]", "2018")
    page.check("input[name=promise-stakeholders][value=customers]")
    page.select_option("[name=promise-kind]", "customer_commitment")
    page.check("input[name=promise-statement_level][value='3']")
    page.click(".actions [name=_another]")
    expect(page.locator(".chosen")).to_contain_text("Our purpose")
    promise = Promise.objects.get(quote="We answer within a day.")
    assert promise.sources.get().title == "Our purpose"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_source_on_file_is_told_while_one_types_and_linked(page: Page, language: str) -> None:
    case_on_file()
    source = make.a_source(url="https://www.daily.example/claims", title="On file since Monday")
    sign_in(page, language=language)
    page.goto(f"/{language}/desk/capture/?brand=fictia")
    expect(page.locator(".actions [name=_link]")).to_be_hidden()
    page.fill("[name=source-url]", "https://www.daily.example/claims?utm_medium=mail")
    expect(page.locator("#twins-source")).to_contain_text("On file since Monday")
    expect(page.locator(".actions [name=_link]")).to_be_visible()
    page.locator("#twins-source").get_by_role("button").click()
    expect(page.locator(".chosen")).to_contain_text("On file since Monday")
    page.fill("[name=act-statement_en]", "Paid claims at once.")
    page.check("input[name='link-kind'][value='independent']")
    page.check("input[name='proofs-0-stakeholder'][value='customers']")
    page.check("input[name='proofs-0-effect'][value='harms:2']")
    expect(page.locator(".remedy")).to_be_visible()
    page.click(".actions [name=_save]")
    expect(page.locator(".messages .note")).to_be_visible()
    assert Action.objects.get().source_links.get().source == source


@pytest.mark.parametrize("language", ["en", "fr"])
def test_errors_lead_to_their_fields_and_a_second_group_is_added(page: Page, language: str) -> None:
    case_on_file()
    sign_in(page, language=language)
    page.goto(f"/{language}/desk/capture/?brand=fictia")
    fill_act(page, title=" ")
    page.click("#add-proof")
    page.check("input[name='proofs-1-stakeholder'][value='employees']")
    page.check("input[name='proofs-1-effect'][value='harms:1']")
    page.click(".actions [name=_save]")
    complaints = page.locator("#complaints")
    expect(complaints).to_be_focused()
    complaints.get_by_role("link").first.click()
    assert page.url.endswith("#id_source-title")
    page.fill("[name=source-title]", "Insurer pays at once")
    page.click(".actions [name=_save]")
    expect(page.locator(".messages .note")).to_be_visible()
    assert Action.objects.get().proofs.count() == 2


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_session_that_ended_loses_nothing_that_was_written(page: Page, language: str) -> None:
    case_on_file()
    user = sign_in(page, language=language)
    page.goto(f"/{language}/desk/capture/?brand=fictia")
    fill_act(page, statement="Written over\n a long lunch.")
    Session.objects.all().delete()
    page.click(".actions [name=_save]")
    page.fill("#id_again-username", user.username)
    page.fill("#id_again-password", "wrong")
    page.press("#id_again-password", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert not Action.objects.exists()
    page.fill("#id_again-password", PASSWORD)
    page.press("#id_again-password", "Enter")
    expect(page.locator(".messages .note")).to_be_visible()
    action = Action.objects.get()
    assert (action.statement_en.split(), action.proofs.count()) == (["Written", "over", "a", "long", "lunch."], 1)
    assert Event.objects.filter(kind="evidence.added", actor=user).count() == 2


def test_two_quick_presses_keep_one_act(page: Page) -> None:
    case_on_file()
    sign_in(page)
    page.goto("/en/desk/capture/?brand=fictia")
    fill_act(page)
    page.dblclick(".actions [name=_save]")
    expect(page.locator(".messages .note")).to_be_visible()
    assert (Action.objects.count(), Source.objects.filter(title="Insurer pays at once").count()) == (1, 1)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_all_of_it_works_without_a_script(browser: Browser, live_server: Any, language: str) -> None:
    case_on_file()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    user = sign_in(page, language=language)
    assert user.check_password(PASSWORD)
    page.goto(f"/{language}/desk/capture/?url=https://daily.example/a")
    page.fill("[name=brand]", "fictia")
    page.click("[name=_brand]")
    page.click("[name=_more]")
    fill_act(page)
    page.check("input[name='proofs-1-stakeholder'][value='community']")
    page.check("input[name='proofs-1-effect'][value='helps:2']")
    page.press("[name=act-started]", "Enter")
    expect(page.locator(".messages .note")).to_be_visible()
    assert Action.objects.get().proofs.count() == 2
    expect(page.locator(".verdict-panel").get_by_role("link").first).to_be_visible()
    context.close()


FILLED_IN = {"en": "Filled in from the page", "fr": "Repris de la page"}
TAKEN_UP = {"en": "marked as taken up", "fr": "marquée comme retenue"}


@pytest.mark.parametrize("scripted", [True, False])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_suggestion_is_captured_with_the_details_of_its_page(
    browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch, language: str, scripted: bool
) -> None:
    with site({"/paid": sends(TOLD.encode())}) as news:
        way_to(monkeypatch, news.port)
        suggestion = a_suggestion(somebody(CONSULTANT), brand=case_on_file(), address=news.at("/paid"))
        context = browser.new_context(base_url=live_server.url, java_script_enabled=scripted)
        page = context.new_page()
        sign_in(page, language=language)
        page.goto(f"/{language}/desk/suggestions/{suggestion.pk}/")
        page.locator(f"a[href*='suggestion={suggestion.pk}']").click()
        page.fill("[name=source-publisher]", "My daily")
        page.click("#fetch-details")
        expect(page.locator("#details-told")).to_contain_text(FILLED_IN[language])
        expect(page.locator("[name=source-title]")).to_have_value("Fictia rembourse")
        expect(page.locator("[name=source-publisher]")).to_have_value("My daily")
        expect(page.locator("[name=source-published_on]")).to_have_value("2020-04-13")
        page.click("[name=_accept][value=publisher]")
        expect(page.locator("[name=source-publisher]")).to_have_value("Le Quotidien")
        expect(page.locator("[data-offer=publisher]")).to_be_hidden()
        fill_act(page, title="Fictia rembourse", publisher="Le Quotidien")
        page.click(".actions [name=_save]")
        expect(page.locator(".messages")).to_contain_text(TAKEN_UP[language])
        context.close()
    source = Action.objects.get().source_links.get().source
    assert (source.publisher, source.author, source.language) == ("Le Quotidien", "Ada Martin", "fr")
    suggestion.refresh_from_db()
    assert suggestion.state == "taken"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_offers_and_a_suggestion_are_sound_to_look_at(
    browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    with site({"/paid": sends(TOLD.encode())}) as news:
        way_to(monkeypatch, news.port)
        long_address = news.at("/paid?") + "x" * 200
        news.pages[f"/paid?{'x' * 200}"] = news.pages["/paid"]
        suggestion = a_suggestion(somebody(CONSULTANT), brand=case_on_file(), address=long_address)
        page = inspector(browser, live_server)
        sign_in(page, language=language)
        found = look(page, address := f"/{language}/desk/capture/?suggestion={suggestion.pk}")
        page.goto(address)
        page.fill("[name=source-title]", "Another title")
        page.click("#fetch-details")
        expect(page.locator("[data-offer=title]")).to_be_visible()
        found += look_here(page)
        found += look(page, f"/{language}/desk/suggestions/")
        page.context.close()
    assert found == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_screen_is_sound_in_all_its_states(browser: Browser, live_server: Any, language: str) -> None:
    page = inspector(browser, live_server)
    brand = make.a_kept_promise("Fictia")
    make.published(brand)
    source = make.a_source()
    sign_in(page, language=language)
    base = f"/{language}/desk/capture/"
    found = [
        line
        for query in ("", f"?brand=fictia&source={source.pk}", "?what=promise")
        for line in look(page, base + query)
    ]
    page.goto(base)
    page.click(".actions [name=_save]")
    page.wait_for_selector("#complaints")
    found += look_here(page)
    page.context.close()
    assert found == []


def look_here(page: Page) -> list[str]:
    from tests.looking import findings, is_too_wide

    return [*findings(page), *(["too wide"] if is_too_wide(page) else [])]


def test_hostile_text_is_only_text_in_every_corner(page: Page) -> None:
    hostile = "<img src=x onerror=\"document.title='run'\">\"'>"
    brand = make.a_brand(hostile, slug="hostile")
    make.a_promise(brand, statement_en=hostile, quote=hostile)
    make.a_source(title=f"{hostile} of the insurer", url="https://daily.example/a", publisher=hostile)
    make.touched(brand)
    score_all_due()
    sign_in(page)
    page.goto("/en/desk/capture/?url=https://daily.example/a")
    expect(page.locator("#twins-source")).to_contain_text("onerror")
    page.fill("[name=brand]", "img src")
    page.wait_for_selector("[role=option]")
    page.press("[name=brand]", "ArrowDown")
    page.press("[name=brand]", "Enter")
    expect(page.locator(".verdict-panel h2")).to_contain_text("onerror")
    page.check("input[name='proofs-0-stakeholder'][value='customers']")
    expect(page.locator("select[name='proofs-0-promise'] option")).to_have_count(2)
    page.check("input[name=what][value=promise]")
    page.fill("[name=promise-quote]", hostile)
    expect(page.locator("#twins-quote")).to_contain_text("onerror")
    page.click(".actions [name=_save]")
    page.wait_for_selector("#complaints")
    assert page.title() != "run"
    assert page.query_selector("img[src=x]") is None
