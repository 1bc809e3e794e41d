"""Quick capture asks the page itself, and takes up what a reader suggested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from brands.models import Action, Event, Source
from cxalign.accounts import roles
from cxalign.accounts.models import Suggestion
from cxalign.accounts.suggestions import decline
from tests import factories as make
from tests.accounts.desk import desk_of, form_on, signed_in, somebody
from tests.accounts.making import a_suggestion
from tests.brands.machines import Site, sends, site, way_to
from tests.desk import capturing as do

pytestmark = pytest.mark.django_db

ASK = f"{do.SHEET}details/"
PAGE = """<!doctype html><html lang="fr"><head><title>Fictia rembourse</title>
<meta property="og:site_name" content="Le Quotidien"><meta name="author" content="Ada Martin">
<meta property="article:published_time" content="2020-04-13T08:00:00+02:00"></head></html>"""
SAID = {
    "title": "Fictia rembourse",
    "publisher": "Le Quotidien",
    "author": "Ada Martin",
    "published_on": "2020-04-13",
    "language": "fr",
}


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with site({"/paid": sends(PAGE.encode()), "/gone": sends(status=410)}) as found:
        way_to(monkeypatch, found.port)
        yield found


def ask(address: str, **typed: str) -> Any:
    make.a_crisis()
    desk = signed_in()
    return desk.post(ASK, {**form_on(desk, do.SHEET), "source-url": address, **typed})


def values(answer: Any) -> dict[str, Any]:
    return {name: answer.context["sheet"].source[name].value() for name in SAID}


# --- What the page says -----------------------------------------------------------------------------------------------


def test_an_empty_form_comes_back_filled_in(news: Site) -> None:
    answer = ask(news.at("/paid"))
    assert (answer.status_code, values(answer)) == (200, SAID)
    page = answer.content.decode()
    assert "Filled in from the page: title, publisher, author, date and language. Check them." in page
    assert answer.context["sheet"].complaints == []
    assert Source.objects.count() == 0


def test_what_was_typed_stays_and_the_page_s_word_is_offered_beside_it(news: Site) -> None:
    typed = {"source-title": "My own title", "source-published_on": "13/04/2020", "act-statement_en": "Paid."}
    answer = ask(news.at("/paid"), **typed)
    assert values(answer) == {**SAID, "title": "My own title", "published_on": "13/04/2020"}
    sheet = answer.context["sheet"]
    assert {name for name, value in sheet.offers.items() if value} == {"title"}
    assert sheet.action["statement_en"].value() == "Paid."
    assert "The page says otherwise than you: title." in answer.content.decode()


def test_an_offer_is_taken_with_its_button_and_only_that_one(news: Site) -> None:
    make.a_crisis()
    desk = signed_in()
    form = {**form_on(desk, do.SHEET), "source-url": news.at("/paid"), "source-title": "Mine", "source-author": "Me"}
    offered = {"offered-title": SAID["title"], "offered-author": SAID["author"]}
    sheet = desk.post(do.SHEET, {**form, **offered, "_accept": "title"}).context["sheet"]
    assert (sheet.source["title"].value(), sheet.source["author"].value()) == (SAID["title"], "Me")
    assert (sheet.offers["title"], sheet.offers["author"]) == ("", SAID["author"])
    sheet = desk.post(do.SHEET, {**form, **offered, "_accept": "brand"}).context["sheet"]
    assert sheet.source["title"].value() == "Mine"


@pytest.mark.parametrize("path", ["/gone", "/nowhere"])
def test_a_page_that_does_not_answer_changes_nothing_and_is_told(news: Site, path: str) -> None:
    answer = ask(news.at(path), **{"source-title": "Mine"})
    assert values(answer) == {**dict.fromkeys(SAID, ""), "title": "Mine"}
    assert "The page could not be read" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "http://10.0.0.1/"]
)
def test_a_private_address_is_refused_like_a_silent_one(news: Site, address: str) -> None:
    assert "The page could not be read" in ask(address).content.decode()
    assert news.asked == []


@pytest.mark.parametrize("address", ["", "daily.example/a", "javascript:alert(1)", "ftp://daily.example/a"])
def test_what_is_no_address_is_not_called(news: Site, address: str) -> None:
    assert "Enter the whole address first" in ask(address).content.decode()
    assert news.asked == []


def test_the_script_gets_only_what_there_is_to_fill_in(news: Site) -> None:
    desk = signed_in()
    typed = {"source-url": news.at("/paid"), "source-title": "Mine"}
    told = desk.post(ASK, typed, headers={"X-Requested-With": "fetch"}).json()
    assert told["filled"] == {name: value for name, value in SAID.items() if name != "title"}
    assert told["offers"] == {"title": SAID["title"]}
    assert told["told"].startswith("Filled in from the page")


def test_details_are_for_those_who_capture_and_never_by_a_mere_link(news: Site) -> None:
    assert signed_in(roles.CONSULTANT).post(ASK, {"source-url": news.at("/paid")}).status_code == 403
    limited = desk_of(make.a_user("scoring.read_drafts", "brands.add_source"))
    assert limited.post(ASK, {"source-url": news.at("/paid")}).status_code == 403
    assert signed_in().get(ASK)["Location"] == do.SHEET
    assert news.asked == []


def test_the_author_is_kept_with_the_source() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    answer = do.press(desk, do.sheet(desk, brand, **{"source-author": "Ada Martin"}))
    assert answer.status_code == 302, do.complaints(answer)
    assert Source.objects.get().author == "Ada Martin"


# --- What a reader suggested ------------------------------------------------------------------------------------------


def suggested(**fields: Any) -> Suggestion:
    make.a_crisis()
    brand = make.a_brand("Fictia", listed=True)
    claire = somebody(roles.CONSULTANT)
    return a_suggestion(claire, brand=brand, address="https://www.daily.example/2020/04/claims", **fields)


def opened(suggestion: Suggestion) -> str:
    return f"{do.SHEET}?suggestion={suggestion.pk}"


def test_a_suggestion_fills_the_sheet_in() -> None:
    suggestion = suggested()
    answer = signed_in().get(opened(suggestion))
    sheet = answer.context["sheet"]
    assert sheet.source["url"].value() == suggestion.address
    assert (sheet.brand, sheet.what) == (suggestion.brand, "act")
    assert sheet.action["statement_en"].value() == suggestion.text
    assert suggestion.by.shown_name in answer.content.decode()


def test_a_suggested_promise_is_a_promise_and_a_long_one_is_only_quoted() -> None:
    suggestion = suggested(kind="promise", text="They said so. " * 60)
    answer = signed_in().get(opened(suggestion))
    sheet = answer.context["sheet"]
    assert (sheet.what, sheet.promise["statement_en"].value()) == ("promise", "")
    assert suggestion.text.strip() in answer.content.decode()


@pytest.mark.parametrize("button", ["_save", "_another"])
def test_saving_marks_it_as_taken_up_once(button: str) -> None:
    suggestion, analyst = suggested(), somebody(roles.ANALYST)
    desk = desk_of(analyst)
    form = {**do.sheet(desk, suggestion.brand), **form_on(desk, opened(suggestion)), **do.SOURCE, **do.ACT}
    answer = do.press(desk, form, button)
    assert answer.status_code == 302, do.complaints(answer)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.decided_by) == ("taken", analyst)
    assert "marked as taken up" in desk.get(answer["Location"]).content.decode()
    assert do.press(desk, form, button).status_code == 302
    assert Event.objects.filter(kind="suggestion.taken").count() == Action.objects.count() == 1


def test_what_is_refused_or_only_previewed_takes_nothing_up() -> None:
    suggestion, desk = suggested(), signed_in()
    form = {**form_on(desk, opened(suggestion)), **do.SOURCE, **do.ACT}
    assert do.press(desk, {**form, "act-started": "soon"}).status_code == 422
    assert do.press(desk, form, "_preview").status_code == 200
    suggestion.refresh_from_db()
    assert suggestion.state == "open"


def test_one_more_source_for_an_act_on_file_takes_it_up_too() -> None:
    suggestion, desk = suggested(), signed_in()
    other = make.an_action(suggestion.brand, statement_en="Settled claims early.", started="2020-04-05", family="F09")
    form = {**form_on(desk, opened(suggestion)), **do.SOURCE, **do.ACT}
    assert do.press(desk, form, "_link_act", str(other.pk)).status_code == 302
    suggestion.refresh_from_db()
    assert suggestion.state == "taken"


def test_what_a_colleague_declined_meanwhile_stays_declined_and_the_act_is_kept() -> None:
    suggestion, desk = suggested(), signed_in()
    form = {**form_on(desk, opened(suggestion)), **do.SOURCE, **do.ACT}
    decline(suggestion, by=somebody(roles.EDITOR), reason="Known.")
    answer = do.press(desk, form)
    assert answer.status_code == 302
    suggestion.refresh_from_db()
    assert (suggestion.state, Action.objects.count()) == ("declined", 1)
    assert "marked as taken up" not in desk.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("number", ["999999", "0", "x", "9" * 30, "-1"])
def test_a_suggestion_that_is_not_there_leaves_an_empty_sheet(number: str) -> None:
    answer = signed_in().get(f"{do.SHEET}?suggestion={number}")
    assert (answer.status_code, answer.context["sheet"].suggestion) == (200, None)


def test_the_desk_leads_from_a_suggestion_to_its_sheet_and_from_a_brand_to_the_admin() -> None:
    suggestion, brand = suggested(), a_suggestion(kind="brand")
    desk = signed_in()
    page = f"/en/desk/suggestions/{suggestion.pk}/"
    assert f'href="{opened(suggestion)}"' in desk.get(page).content.decode()
    assert "/admin/brands/brand/add/" in desk.get(f"/en/desk/suggestions/{brand.pk}/").content.decode()


@pytest.mark.parametrize(("chosen", "field"), [("fr", "statement_fr"), ("", "statement_en")])
def test_its_words_go_where_its_author_s_language_goes(chosen: str, field: str) -> None:
    make.a_crisis()
    claire = somebody(roles.CONSULTANT, language=chosen)
    suggestion = a_suggestion(claire, brand=make.a_brand("Fictia", listed=True))
    sheet = signed_in().get(opened(suggestion)).context["sheet"]
    assert sheet.action[field].value() == suggestion.text
