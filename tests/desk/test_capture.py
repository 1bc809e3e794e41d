"""Quick capture without a browser: what is kept, what is refused, and that nothing typed is lost."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brands.models import Action, Event, Promise, Source
from cxalign.accounts import roles
from scoring.models import Snapshot
from scoring.rescoring import score_all_due
from tests import factories as make
from tests.accounts.desk import FilledForm, desk_of, signed_in, somebody
from tests.desk import capturing as do

pytestmark = pytest.mark.django_db


# --- The door ---------------------------------------------------------------------------------------------------------


def test_those_who_write_evidence_come_in() -> None:
    assert signed_in(roles.ANALYST).get(do.SHEET).status_code == 200
    assert signed_in(roles.CONSULTANT).get(do.SHEET).status_code == 403
    assert Client().get(do.SHEET).status_code == 302


def test_the_right_to_add_sources_alone_is_not_enough() -> None:
    desk = desk_of(make.a_user("scoring.read_drafts", "brands.add_source"))
    assert desk.get(do.SHEET).status_code == 403


@pytest.mark.parametrize(
    ("lacking", "kind"), [("brands.add_promise", "promise"), ("brands.add_proof", "act"), ("brands.add_action", "act")]
)
def test_capture_is_no_way_around_a_right_that_the_admin_asks_for(lacking: str, kind: str) -> None:
    brand, models = make.a_brand("Fictia"), ("source", "action", "actionsource", "proof", "promise")
    rights = {"scoring.read_drafts", *(f"brands.add_{model}" for model in models)}
    fill = do.sheet if kind == "act" else do.promise_sheet
    form = fill(signed_in(), brand)
    assert do.press(desk_of(make.a_user(*(rights - {lacking}))), form).status_code == 403
    assert (Action.objects.count(), Promise.objects.count(), Source.objects.count()) == (0, 0, 0)
    assert do.press(desk_of(make.a_user(*rights)), form).status_code == 302


@pytest.mark.parametrize("fragment", ["on-file/", "brands/", "brand/?brand=Fictia"])
def test_the_fragments_have_the_same_door(fragment: str) -> None:
    make.a_brand("Fictia")
    assert signed_in(roles.ANALYST).get(f"{do.SHEET}{fragment}").status_code == 200
    assert signed_in(roles.CONSULTANT).get(f"{do.SHEET}{fragment}").status_code == 403


# --- Keeping ----------------------------------------------------------------------------------------------------------


def test_one_form_keeps_a_source_an_act_and_its_proof() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    promise = make.a_promise(brand)
    answer = do.press(desk, do.sheet(desk, brand, **{"proofs-0-promise": str(promise.pk)}))
    assert answer.status_code == 302, do.complaints(answer)
    action = Action.objects.get()
    link, proof = action.source_links.get(), action.proofs.get()
    assert (link.kind, link.independence_group) == ("independent", "the-daily")
    assert (link.source.published_on, link.source.language) == ("2020-04-13", "en")
    assert (proof.promise, proof.direction, proof.depth) == (promise, "helps", "1")
    assert (action.substance, action.initiative, action.generosity, action.reach) == ("2", "3", "2", "")
    assert {event.kind for event in Event.objects.all()} == {"evidence.added"}


def test_a_promise_is_kept_with_its_source() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    answer = do.press(desk, do.promise_sheet(desk, brand))
    assert answer.status_code == 302, do.complaints(answer)
    promise = Promise.objects.get()
    assert (promise.since, promise.statement_level, promise.stakeholders) == ("2018", "3", ("customers",))
    assert promise.sources.get().title == do.SOURCE["source-title"]


def test_add_another_keeps_brand_crisis_and_source() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    answer = do.press(desk, do.sheet(desk, brand), "_another")
    page = desk.get(answer["Location"])
    sheet = page.context["sheet"]
    assert (sheet.brand, sheet.crisis.slug, sheet.on_file) == (brand, "covid-19", Source.objects.get())
    assert "Saved, with its source and its proofs" in page.content.decode()


def test_the_address_is_filled_in_from_the_query() -> None:
    page = signed_in().get(f"{do.SHEET}?url=https://daily.example/a&brand=nobody&source=999999999999")
    assert 'value="https://daily.example/a"' in page.content.decode()


# --- Twice ------------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_keeps_one_act() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    form = do.sheet(desk, brand)
    first, second = do.press(desk, form), do.press(desk, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert (Action.objects.count(), Source.objects.count(), Event.objects.count()) == (1, 1, 2)
    assert "nothing was saved twice" in desk.get(second["Location"]).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_keeps_one_act() -> None:
    make.a_crisis()
    brand, analyst = make.a_brand("Fictia"), somebody(roles.ANALYST)
    form = do.sheet(desk_of(analyst), brand)
    desks, answers = [desk_of(analyst), desk_of(analyst)], []

    def send(desk: Client) -> None:
        try:
            answers.append(do.press(desk, form).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Action.objects.count(), Source.objects.count()) == (1, 1)
    assert answers == [302, 302]


# --- What is on file already ------------------------------------------------------------------------------------------


def test_an_address_on_file_is_refused_and_offered() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    source = make.a_source(url=do.SOURCE["source-url"])
    form = do.sheet(desk, brand, **{"source-url": f"{do.SOURCE['source-url']}#comments"})
    answer = do.press(desk, form)
    assert answer.status_code == 422
    assert any("This address is on file" in text for text in do.complaints(answer))
    assert source.title in answer.content.decode()
    assert Action.objects.count() == 0
    assert do.press(desk, form, "_link").status_code == 302
    assert Action.objects.get().source_links.get().source == source
    assert Source.objects.count() == 1


def test_another_variant_of_an_address_on_file_has_to_be_compared() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    make.a_source(url="https://m.daily.example/2020/04/claims")
    form = do.sheet(desk, brand)
    assert do.press(desk, form).status_code == 422
    assert do.press(desk, {**form, "another": "on"}).status_code == 302
    assert Source.objects.count() == 2


def test_using_the_source_on_file_keeps_what_was_typed() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    source = make.a_source()
    page = do.press(desk, do.sheet(desk, brand), "_use", str(source.pk))
    sheet = page.context["sheet"]
    assert (sheet.on_file, sheet.action["statement_en"].value()) == (source, "Paid claims at once.")
    assert not sheet.complaints


def test_a_likely_duplicate_act_is_kept_only_after_comparing() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    other = make.an_action(brand, statement_en="Settled claims early.", started="2020-04-05", family="F09")
    make.a_proof(other)
    form = do.sheet(desk, brand)
    answer = do.press(desk, form)
    assert answer.status_code == 422
    assert "Settled claims early." in answer.content.decode()
    assert Action.objects.count() == 1
    assert do.press(desk, {**form, "another": "on"}).status_code == 302
    assert Action.objects.count() == 2


def test_the_source_can_be_put_behind_the_act_on_file_instead() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    other = make.an_action(brand, statement_en="Settled claims early.", started="2020-04-05", family="F09")
    answer = do.press(desk, do.sheet(desk, brand), "_link_act", str(other.pk))
    assert answer.status_code == 302, do.complaints(answer)
    assert other.source_links.count() == 2
    assert Action.objects.count() == 1


def test_a_public_verdict_asks_why_a_source_is_added() -> None:
    brand = make.a_kept_promise("Fictia")
    make.published(brand)
    action, desk = brand.actions.get(), signed_in()
    form = do.sheet(desk, brand)
    answer = do.press(desk, form, "_link_act", str(action.pk))
    assert answer.status_code == 422
    assert "Why – Say why: a verdict on this brand is public." in do.complaints(answer)
    assert do.press(desk, {**form, "why": "It confirms."}, "_link_act", str(action.pk)).status_code == 302
    assert Event.objects.filter(reason="It confirms.").exists()


def test_an_act_of_another_brand_gets_no_source_from_here() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    foreign = make.an_action(make.a_brand("Other"))
    assert do.press(desk, do.sheet(desk, brand), "_link_act", str(foreign.pk)).status_code == 403
    assert foreign.source_links.count() == 1


def test_while_typing_the_script_learns_what_is_on_file() -> None:
    source = make.a_source(url="https://www.daily.example/claims", title="Insurer pays every claim at once")
    brand, desk = make.a_brand("Fictia"), signed_in()
    make.a_promise(brand, quote="We put our customers first.")
    ask = f"{do.SHEET}on-file/"
    assert desk.get(ask, {"url": "https://www.daily.example/claims#a"}).json()["exact"][0]["id"] == source.pk
    assert desk.get(ask, {"url": "https://m.daily.example/claims"}).json()["near"][0]["id"] == source.pk
    assert desk.get(ask, {"title": "Insurer pays every claim at once!"}).json()["near"][0]["id"] == source.pk
    promises = desk.get(ask, {"brand": "fictia", "quote": "We put our customers first"}).json()["promises"]
    assert promises[0]["text"] == "We put our customers first."
    assert desk.get(ask, {"url": "https://elsewhere.example/"}).json() == {"exact": [], "near": [], "promises": []}


# --- Refusals ---------------------------------------------------------------------------------------------------------


def test_an_empty_sheet_names_each_field_that_is_missing_and_saves_nothing() -> None:
    desk = signed_in()
    answer = do.press(desk, {**do.form_on(desk, do.SHEET)})
    assert answer.status_code == 422
    anchors = {one.anchor for one in answer.context["sheet"].complaints}
    assert {"id_source-title", "id_brand", "id_act-statement_en", "id_link-kind", "id_proofs-0-stakeholder"} <= anchors
    for anchor in anchors - {""}:
        assert f'id="{anchor}"' in answer.content.decode()
    assert Event.objects.count() == 0


def test_what_was_typed_is_still_there_after_a_refusal() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    form = do.sheet(desk, brand, **{"act-started": "04/05/2020"})
    answer = do.press(desk, form)
    assert answer.status_code == 422
    assert any("could be day first or month first" in text for text in do.complaints(answer))
    kept = FilledForm(answer.content.decode()).fields
    typed = {name: value for name, value in form.items() if not name.startswith("csrf") and "__prefix__" not in name}
    assert {name: kept.get(name) for name in typed} == typed


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"brand": "Ficti"}, "Did you mean: Fictia?"),
        ({"brand": "Qzxw"}, "No brand on file has this name"),
        ({"source-url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"source-language": "english"}, "is not a language"),
        ({"source-title": "a\x00b"}, "Null characters are not allowed."),
        ({"act-statement_en": "bell \x07"}, "control character"),
        ({"act-statement_en": "x" * 601}, "at most 600 characters"),
        ({"act-started": "2020-04-10", "act-ended": "2020-04-01"}, "It ends before it starts"),
        ({"act-substance": "7"}, "Select a valid choice"),
        ({"proofs-0-effect": "helps:3"}, "Select a valid choice"),
        ({"proofs-0-remedy": "2"}, "Only a harm can be remedied"),
        ({"proofs-0-promise": "999"}, "not one of the brand’s"),
        ({"act-country": "XX1"}, "at most 2 characters"),
    ],
)
def test_what_a_record_may_not_hold_is_refused_with_its_reason(change: dict[str, str], complaint: str) -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    answer = do.press(desk, {**do.sheet(desk, brand), **change})
    assert answer.status_code == 422
    assert any(complaint in text for text in do.complaints(answer)), do.complaints(answer)
    assert (Action.objects.count(), Source.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_a_yardstick_has_to_address_the_group_and_be_the_brands_own() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    own = make.a_promise(brand, stakeholders=("employees",))
    foreign = make.a_promise(make.a_brand())
    answer = do.press(desk, do.sheet(desk, brand, **{"proofs-0-promise": str(own.pk)}))
    assert any("does not address that group" in text for text in do.complaints(answer))
    answer = do.press(desk, do.sheet(desk, brand, **{"proofs-0-promise": str(foreign.pk)}))
    assert any("not one of the brand’s" in text for text in do.complaints(answer))


def test_one_group_has_one_row_for_each_direction() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    form = do.sheet(desk, brand, **{"proofs-TOTAL_FORMS": "2", "proofs-1-stakeholder": "customers"})
    answer = do.press(desk, {**form, "proofs-1-effect": "helps:0"})
    assert any("has a row with the same direction already" in text for text in do.complaints(answer))
    assert do.press(desk, {**form, "proofs-1-effect": "harms:2"}).status_code == 302
    assert Action.objects.get().proofs.count() == 2


def test_an_empty_second_row_is_left_out() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    form = do.sheet(desk, brand, **{"proofs-TOTAL_FORMS": "2", "proofs-1-remedy": "0"})
    assert do.press(desk, form).status_code == 302
    assert Action.objects.get().proofs.count() == 1


def test_a_namesake_is_never_chosen_by_itself() -> None:
    one = make.a_brand("Orange", slug="orange")
    make.a_brand("Orange Belgium", aliases="Orange", slug="orange-belgium")
    desk = signed_in()
    assert do.press(desk, do.sheet(desk, one)).status_code == 302
    assert Action.objects.get().brand == one


# --- Without a script -------------------------------------------------------------------------------------------------


def test_a_button_adds_a_row_and_keeps_the_rest() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    page = do.press(desk, do.sheet(desk, brand), "_more")
    assert page.status_code == 200
    sheet = page.context["sheet"]
    assert len(sheet.proofs.forms) == 2
    assert sheet.source["title"].value() == do.SOURCE["source-title"]
    assert not sheet.complaints
    assert Action.objects.count() == 0


def test_a_button_shows_the_promises_of_the_brand() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    make.a_promise(brand, statement_en="Answers within a day.", quote="")
    page = do.press(desk, {**do.form_on(desk, do.SHEET), "brand": "fictia"}, "_brand")
    assert "Answers within a day." in page.content.decode()
    assert 'class="error"' not in page.content.decode()


# --- The verdict beside it --------------------------------------------------------------------------------------------


def test_a_preview_judges_and_writes_nothing() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    promise = make.a_promise(brand)
    make.a_profile(brand, purpose="2")
    make.judged(make.touched(brand))
    before = (Event.objects.count(), Snapshot.objects.count(), Source.objects.count())
    form = do.sheet(desk, brand, **{"proofs-0-promise": str(promise.pk), "proofs-0-effect": "harms:2"})
    form["link-kind"] = "primary"
    page = do.press(desk, form, "_preview")
    foreseen = page.context["foreseen"]
    assert (foreseen.before, foreseen.outcome) == ("insufficient_evidence", "broken_promise")
    assert "With this, the verdict would be" in page.content.decode()
    assert (Event.objects.count(), Snapshot.objects.count(), Source.objects.count()) == before
    brand.refresh_from_db()
    assert brand.facts_revision == 1
    assert do.press(desk, form).status_code == 302
    score_all_due()
    assert Snapshot.objects.order_by("-sequence")[0].outcome == foreseen.outcome


def test_the_panel_alone_tells_where_the_verdict_stands() -> None:
    brand = make.a_kept_promise("Fictia")
    make.judged(brand)
    score_all_due()
    address = f"/en/desk/verdict/{brand.pk}/?crisis=covid-19&here=/en/desk/capture/"
    text = signed_in().get(address).content.decode()
    assert "Aligned" in text
    assert "data-again" not in text
    make.touched(brand)
    text = signed_in().get(address).content.decode()
    assert "data-again" in text
    assert 'href="/en/desk/capture/"' in text
    assert signed_in(roles.CONSULTANT).get(address).status_code == 403
    assert signed_in().get("/en/desk/verdict/0/").status_code == 404


@pytest.mark.parametrize("here", ["//evil.example", "https://evil.example", "javascript:alert(1)"])
def test_the_refresh_link_leads_nowhere_else(here: str) -> None:
    brand = make.a_kept_promise("Fictia")
    text = signed_in().get(f"/en/desk/verdict/{brand.pk}/", {"here": here}).content.decode()
    assert f'href="{here}' not in text


# --- Scale and safety -------------------------------------------------------------------------------------------------


def test_the_sheet_costs_as_many_queries_with_twenty_promises_as_with_two() -> None:
    brand, desk = make.a_brand("Fictia"), signed_in()
    counts = []
    for number in (2, 18):
        for _ in range(number):
            make.a_promise(brand)
            make.an_action(brand)
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"{do.SHEET}?brand=fictia")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_hostile_text_is_only_text() -> None:
    hostile = "<script>alert(1)</script>\"'><img src=x>"
    brand, desk = make.a_brand("Fictia"), signed_in()
    form = do.sheet(desk, brand, **{"source-title": hostile, "act-statement_en": hostile})
    answer = do.press(desk, form)
    page = desk.get(answer["Location"]).content.decode()
    assert hostile not in page
    assert "&lt;script&gt;alert(1)" in page
    again = do.press(desk, do.sheet(desk, brand, **{"source-url": "", "source-title": hostile})).content.decode()
    assert "<img src=x>" not in again


def test_a_brand_that_is_not_on_file_can_be_added_without_losing_the_sheet() -> None:
    desk = signed_in(roles.ANALYST)
    form = {**do.sheet(desk, make.a_brand("Fictia")), "brand": "Lumora & Fils"}
    page = do.press(desk, form).content.decode()
    assert 'href="/admin/brands/brand/add/?name=Lumora%20%26%20Fils"' in page
    assert "opens in a new tab" in page
    found = do.press(desk, {**form, "brand": "Fictia", "act-started": ""}).content.decode()
    assert "/admin/brands/brand/add/" not in found


def test_a_group_typed_as_a_name_is_kept_as_a_key() -> None:
    desk, brand = signed_in(roles.ANALYST), make.a_brand("Fictia")
    assert do.press(desk, do.sheet(desk, brand, **{"link-independence_group": "Le Monde"})).status_code == 302
    assert Action.objects.get().source_links.get().independence_group == "le-monde"


def test_what_was_saved_is_named_in_the_language_of_the_page() -> None:
    desk, brand = signed_in(roles.ANALYST), make.a_brand("Fictia")
    form = do.sheet(desk, brand, **{"act-statement_fr": "A payé les sinistres sans attendre."})
    saved = desk.post("/fr/desk/capture/", {**form, "_save": "1"}, follow=True).content.decode()
    assert "ses preuves\N{NO-BREAK SPACE}: <a" in saved
    assert ">A payé les sinistres sans attendre.</a>" in saved
