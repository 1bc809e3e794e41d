"""The case page: what an editor sees before deciding, and who may see it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from brands import codes
from brands.models import Event
from cxalign.accounts import roles
from cxalign.accounts.models import Team
from scoring import quality, review
from scoring.models import Assessment, EvidenceSearch, Tie
from scoring.rescoring import score_all_due
from tests import factories as make
from tests.accounts.desk import FilledForm, desk_of, form_on, signed_in, somebody
from tests.desk.publishing.pages import CASE, a_judged_brand, text
from tests.scoring.review import making

pytestmark = pytest.mark.django_db


def test_the_page_tells_the_working_verdict_what_is_public_and_what_moved() -> None:
    brand, desk = a_judged_brand(), signed_in(roles.EDITOR)
    page = text(desk, CASE)
    assert "Fictia keeps its promise to customers" in page or "customers" in page
    assert "neither the brand nor the case is known to the public" in page
    make.published(brand)
    assert "This verdict, as version 1." in text(desk, CASE)
    brand.actions.get().proofs.update(direction="harms", depth="2")
    make.touched(brand)
    score_all_due()
    moved = text(desk, CASE).partition('id="moved"')[2].partition("</section> </section>")[0]
    assert "From version 1 to the working verdict" in moved
    for words in ("Aligned", "Broken promise", "Delivery", "Customers, harms"):
        assert words in moved


def test_an_analyst_reads_it_without_buttons_and_a_stranger_not_at_all() -> None:
    a_judged_brand()
    page = text(signed_in(roles.ANALYST), CASE)
    assert "Only an editor can publish" in page
    assert "Publish…" not in page
    assert "assign_form" not in page
    assert "Publish…" in text(signed_in(roles.EDITOR), CASE)
    assert Client().get(CASE).status_code == 302
    assert signed_in(roles.CONSULTANT).get(CASE).status_code == 403


def test_a_case_that_does_not_exist_is_not_found() -> None:
    a_judged_brand()
    desk = signed_in(roles.EDITOR)
    for address in ("", "publish/", "searches/", "withdraw/1/", "searches/1/take-back/"):
        assert desk.get(f"/en/desk/cases/nobody/covid-19/{address}").status_code == 404
    assert desk.get(f"{CASE}withdraw/1/").status_code == 404
    assert desk.get(CASE).status_code == 200


def test_gates_stand_gravest_first_with_a_link_each(settings: Any) -> None:
    settings.PUBLICATION_POLICY = "strict"
    a_judged_brand()
    answer = signed_in(roles.EDITOR).get(CASE)
    states = [finding.state for finding in answer.context["findings"]]
    assert states == sorted(states, key=["refuses", "warns", "met"].index)
    assert {"refuses", "warns", "met"} == set(states)
    page = answer.content.decode()
    for finding in answer.context["findings"]:
        assert (f'href="{finding.address}"' in page) or finding.is_met, finding.gate.code


def test_everybody_who_took_part_stands_there_with_what_they_declared() -> None:
    brand, editor = a_judged_brand(), somebody(roles.EDITOR, username="marc")
    coder = somebody(roles.ANALYST, username="ines")
    making.coded_by(coder, brand.actions.get())
    score_all_due()
    making.a_tie(editor, brand)
    page = strip_tags(text(desk_of(editor), CASE).partition('id="h-people">')[2])
    page = " ".join(page.split())
    assert "ines (coding) Has declared nothing yet." in page
    assert "marc (publication) The brand is a client: Advised the brand." in page


def test_an_editor_assigns_a_case_and_an_administrator_only_its_team() -> None:
    a_judged_brand()
    ines, team = somebody(roles.ANALYST, username="ines"), Team.objects.create(name="Lyon")
    desk = signed_in(roles.EDITOR)
    fields = {**form_on(desk, CASE), "owner": ines.pk, "due_on": "2026-12-24", "team": team.pk}
    assert desk.post(f"{CASE}assign/", fields).status_code == 302
    case = Assessment.objects.get()
    assert (case.owner, case.due_on.isoformat(), case.team) == (ines, "2026-12-24", team)
    administrator = signed_in(roles.ADMINISTRATOR)
    assert set(form_on(administrator, CASE)) == {"csrfmiddlewaretoken", "team", "seen"}
    assert administrator.post(f"{CASE}assign/", {"team": "", "owner": ""}).status_code == 302
    case.refresh_from_db()
    assert (case.owner, case.team) == (ines, None)
    assert signed_in(roles.ANALYST).post(f"{CASE}assign/", {"owner": ""}).status_code == 403


def test_a_case_that_somebody_gave_away_meanwhile_is_not_taken_back_unknowingly() -> None:
    a_judged_brand()
    desk, ines = signed_in(roles.EDITOR), somebody(roles.ANALYST)
    opened = form_on(desk, CASE)
    assert desk.post(f"{CASE}assign/", {**opened, "owner": ines.pk}).status_code == 302
    answer = desk.post(f"{CASE}assign/", {**opened, "due_on": "2030-01-01"})
    assert (answer.status_code, "somebody else has changed who has this case" in answer.content.decode()) == (409, True)
    assert Assessment.objects.get().owner == ines
    asked = desk.post("/en/desk/queue/assign/", {"case": Assessment.objects.get().pk, "owner": "0"})
    confirmed = {**FilledForm(asked.content.decode()).fields, "reason": "Left."}
    Assessment.objects.update(owner=None, due_on="2031-01-01")
    stale = desk.post("/en/desk/queue/assign/", confirmed)
    assert (stale.status_code, "somebody else has changed who has" in stale.content.decode()) == (422, True)


def test_a_case_is_assigned_only_to_people_who_may_read_it() -> None:
    a_judged_brand()
    desk = signed_in(roles.EDITOR)
    answer = desk.post(f"{CASE}assign/", {"owner": somebody(roles.CONSULTANT).pk, "due_on": "", "team": ""})
    assert (answer.status_code, Assessment.objects.get().owner) == (422, None)


@pytest.mark.parametrize("policy", ["solo", "four_eyes", "strict"])
def test_the_page_costs_the_same_queries_however_much_there_is(policy: str, settings: Any) -> None:
    brand, desk = a_judged_brand(), signed_in(roles.EDITOR)
    case, counts = Assessment.objects.get(), []
    for many in (1, 5):
        for _ in range(many):
            coder = make.an_analyst()
            making.a_tie(coder, brand)
            making.coded_by(coder, brand.actions.get())
            for group in codes.Stakeholder.values:
                making.a_search(case, group)
            brand.actions.update(statement_en=f"Paid {make.number()} claims.")
            score_all_due()
            make.published(brand)
            making.a_notice(case.snapshots.first())
        brand.actions.update(statement_en=f"Paid {many}.")
        make.touched(brand)
        score_all_due()
        settings.PUBLICATION_POLICY = policy
        desk.get(CASE)
        with CaptureQueriesContext(connection) as queries:
            desk.get(CASE)
        settings.PUBLICATION_POLICY = "solo"  # under which the next ones are published
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


# --- Searches ---------------------------------------------------------------------------------------------------------


def test_several_searches_are_logged_from_the_grid_at_once() -> None:
    a_judged_brand()
    analyst = somebody(roles.ANALYST)
    desk = desk_of(analyst)
    fields = {
        **form_on(desk, f"{CASE}searches/"),
        "engine": "Europresse",
        "searched_on": "2020-06-01",
        "partners-harms-queries": "“Fictia” unpaid\r\ninvoices",
        "partners-harms-hits": "0",
        "customers-helps-queries": "“Fictia” refund",
        "customers-helps-hits": "12",
        "customers-helps-note": "Mostly press releases.",
    }
    assert desk.post(f"{CASE}searches/", fields).status_code == 302
    logged = {(one.stakeholder, one.looked_for): one for one in EvidenceSearch.objects.all()}
    assert logged.keys() == {("partners", "harms"), ("customers", "helps")}
    assert logged["partners", "harms"].queries == "“Fictia” unpaid\ninvoices"
    assert (logged["partners", "harms"].hits, logged["partners", "harms"].by) == (0, analyst)
    assert "1 search, on 1 June 2020" in text(desk, CASE)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"partners-harms-hits": ""}, "how many hits"),
        ({"partners-harms-queries": " "}, "Write the words"),
        ({"searched_on": "2999-01-01"}, "still to come"),
        ({"engine": ""}, "required"),
        ({"partners-harms-queries": "", "partners-harms-hits": ""}, "at least one field"),
        ({"partners-harms-queries": "a\x00b"}, "ontrol character"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_is_logged(wrong: dict[str, str], complaint: str) -> None:
    a_judged_brand()
    desk = signed_in(roles.ANALYST)
    right = {
        "engine": "Europresse",
        "searched_on": "2020-06-01",
        "partners-harms-queries": "strike",
        "partners-harms-hits": "3",
    }
    answer = desk.post(f"{CASE}searches/", {**right, **wrong})
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert "Your entries are still here" in answer.content.decode()
    assert not EvidenceSearch.objects.exists()
    assert desk.post(f"{CASE}searches/", right).status_code == 302


def test_a_search_is_taken_back_with_a_reason_and_stays_on_the_page() -> None:
    a_judged_brand()
    search, desk = making.a_search(Assessment.objects.get()), signed_in(roles.ANALYST)
    address = f"{CASE}searches/{search.pk}/take-back/"
    assert desk.post(address, {"reason": ""}).status_code == 200
    assert EvidenceSearch.objects.standing().exists()
    assert desk.post(address, {"reason": "The wrong brand."}).status_code == 302
    page = text(desk, f"{CASE}searches/")
    assert "The wrong brand." in page
    assert address not in page
    assert "already" in desk.post(address, {"reason": "Again."}).content.decode()


def test_a_search_of_another_case_is_not_found_here() -> None:
    a_judged_brand()
    search = making.a_search(make.judged(make.a_breach("Other")).assessment)
    desk = signed_in(roles.ANALYST)
    assert desk.get(f"{CASE}searches/{search.pk}/take-back/").status_code == 404
    assert desk.get(f"/en/desk/cases/other/covid-19/searches/{search.pk}/take-back/").status_code == 200


# --- Ties -------------------------------------------------------------------------------------------------------------

TIE = {
    "brand": "fictia",
    "kind": "client",
    "text_en": "Advised it.",
    "text_fr": "L’a conseillée.",
    "since": "2019-01-01",
}


def test_a_person_declares_ends_and_takes_back_their_own_tie() -> None:
    a_judged_brand()
    user = somebody(roles.ANALYST)
    desk = desk_of(user)
    assert desk.post("/en/desk/ties/", {**TIE, "until": ""}).status_code == 302
    tie = Tie.objects.get()
    assert (tie.user, tie.text_fr, tie.in_force()) == (user, "L’a conseillée.", True)
    assert "In force: it bars you" in text(desk, "/en/desk/ties/")
    refused = desk.post("/en/desk/ties/none/", {"brand": "fictia"}, follow=True)
    assert "still in force" in refused.content.decode()
    assert desk.post(f"/en/desk/ties/{tie.pk}/end/", {"until": "2020-01-01"}).status_code == 302
    assert "Not in force" in text(desk, "/en/desk/ties/")
    assert desk.post("/en/desk/ties/none/", {"brand": "fictia"}).status_code == 302
    assert desk.post(f"/en/desk/ties/{tie.pk}/take-back/", {"reason": "Never was."}).status_code == 302
    assert "Never was." in text(desk, "/en/desk/ties/")


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"brand": "nobody"}, "No brand has this name"),
        ({"text_en": "", "text_fr": ""}, "Describe the tie"),
        ({"kind": "none"}, "valid choice"),
        ({"until": "2018-01-01"}, "before it began"),
        ({"text_en": "a\x07b"}, "ontrol character"),
    ],
)
def test_a_wrong_declaration_is_named(wrong: dict[str, str], complaint: str) -> None:
    a_judged_brand()
    desk = signed_in(roles.ANALYST)
    answer = desk.post("/en/desk/ties/", {**TIE, **wrong})
    assert (answer.status_code, complaint in answer.content.decode()) == (422, True), answer.content.decode()
    assert not Tie.objects.exists()
    assert desk.post("/en/desk/ties/", {**TIE, "brand": "FICTIA"}).status_code == 302


def test_somebody_elses_tie_does_not_exist_here() -> None:
    brand = a_judged_brand()
    owner = somebody(roles.ANALYST)
    tie = making.a_tie(owner, brand)
    other = signed_in(roles.EDITOR)
    for step in ("end", "take-back"):
        address = f"/en/desk/ties/{tie.pk}/{step}/"
        assert other.get(address).status_code == 404
        assert other.post(address, {"until": "2020-01-01", "reason": "Mine."}).status_code == 404
        assert desk_of(owner).get(address).status_code == 200
    assert "Advised the brand." not in text(other, "/en/desk/ties/")


def test_brands_that_wait_for_a_declaration_are_listed_until_it_is_made() -> None:
    brand, user = a_judged_brand(), somebody(roles.ANALYST)
    making.coded_by(user, brand.actions.get())
    desk = desk_of(user)
    assert "Waiting for your declaration" in text(desk, "/en/desk/ties/")
    desk.post("/en/desk/ties/none/", {"brand": "fictia"})
    assert "No case waits for a declaration of yours." in text(desk, "/en/desk/ties/")
    assert review.ties_undeclared() == []


def test_no_ties_with_several_brands_are_declared_at_once() -> None:
    brands = [a_judged_brand(), make.a_kept_promise("Autre", slug="autre"), make.a_kept_promise("Lien", slug="lien")]
    user = somebody(roles.ANALYST)
    for brand in brands:
        make.judged(brand)
        making.coded_by(user, brand.actions.get())
    making.a_tie(user, brands[2], until=date(2019, 1, 1))
    desk, page = desk_of(user), "/en/desk/ties/"
    assert [text(desk, page).count(f'value="{slug}"') for slug in ("fictia", "autre", "lien")] == [2, 2, 0]
    answer = desk.post(f"{page}none/", {"brand": ["fictia", "autre"]}, follow=True).content.decode()
    assert "no tie with these brands: Autre, Fictia" in answer
    assert Tie.objects.filter(user=user, kind="none").count() == 2
    assert "No case waits for a declaration of yours." in answer


def test_brands_in_hand_come_before_those_worked_on_and_a_search_finds_any_other() -> None:
    worked, owned, other = (a_judged_brand(), *(make.a_kept_promise(name, slug=name.lower()) for name in ("Zoe", "Éo")))
    user = somebody(roles.ANALYST)
    making.coded_by(user, worked.actions.get())
    Assessment.objects.filter(pk=make.judged(owned).assessment_id).update(owner=user)
    desk, page = desk_of(user), "/en/desk/ties/"
    listed = text(desk, page)
    assert listed.index('value="zoe"') < listed.index('value="fictia"')
    assert f'value="{other.slug}"' not in listed
    found = text(desk, f"{page}?q=eo")
    assert [f'name="listed" value="{brand.slug}"' in found for brand in (worked, owned, other)] == [False, False, True]


def test_no_tie_is_declared_with_every_brand_on_screen_and_with_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxalign.desk.publishing.ties.SHOWN_FIRST", 2)
    brands = [a_judged_brand(), make.a_kept_promise("Autre", slug="autre"), make.a_kept_promise("Lien", slug="lien")]
    user = somebody(roles.ANALYST)
    for brand in brands:
        make.judged(brand)
        making.coded_by(user, brand.actions.get())
    desk, page = desk_of(user), "/en/desk/ties/"
    listed = re.findall(r'name="listed" value="(\w+)"', text(desk, page))
    assert listed == ["autre", "fictia"]
    assert "1 more brand is not shown" in text(desk, page)
    assert 'value="lien"' in text(desk, f"{page}?all")
    desk.post(f"{page}none/", {"listed": listed, "brand": "autre", "every": "1"})
    assert set(Tie.objects.filter(user=user).values_list("brand__slug", flat=True)) == {"autre", "fictia"}


def test_one_brand_that_is_tied_does_not_hold_up_the_others() -> None:
    tied, free = a_judged_brand(), make.a_kept_promise("Autre", slug="autre")
    user = somebody(roles.ANALYST)
    making.a_tie(user, tied)
    answer = desk_of(user).post("/en/desk/ties/none/", {"brand": ["fictia", "autre"]}, follow=True).content.decode()
    assert "A tie with Fictia is still in force" in answer
    assert "no tie with Autre" in answer
    assert Tie.objects.filter(user=user, kind="none", brand=free).exists()


def test_nothing_ticked_and_brands_that_are_not_there_declare_nothing() -> None:
    a_judged_brand()
    desk = signed_in(roles.ANALYST)
    assert "No brand was chosen" in desk.post("/en/desk/ties/none/", follow=True).content.decode()
    assert desk.post("/en/desk/ties/none/", {"brand": ["fictia", "nobody"]}).status_code == 404
    assert not Tie.objects.exists()


def test_a_verdict_of_long_ago_is_reviewed_still_stands_and_is_stale_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    past = timezone.localdate() - quality.REVIEWED_WITHIN - timedelta(days=2)
    monkeypatch.setattr(timezone, "localdate", lambda *args: past)
    case = make.published(make.a_kept_promise("Fictia")).assessment
    monkeypatch.undo()
    desk, public = signed_in(roles.EDITOR), "/en/brands/fictia/covid-19/"
    assert "Reviewed, still stands" in text(desk, CASE)
    assert "Reviewed, still stands" not in text(signed_in(), CASE)
    assert signed_in().post(f"{CASE}confirm/", {"reason": "Looked."}).status_code == 403
    desk.post(f"{CASE}confirm/", {"reason": " "})
    assert "Not reviewed since" in text(Client(), public)
    assert list(quality.verdicts_old()[0]) == [case]
    assert desk.post(f"{CASE}confirm/", {"reason": "The press: nothing new."}).status_code == 302
    line = Event.objects.order_by("-sequence")[0]
    assert (line.kind, line.reason) == (quality.CONFIRMED, "The press: nothing new.")
    assert "Not reviewed since" not in text(desk, CASE)
    assert "Not reviewed since" not in text(Client(), public)
    assert list(quality.verdicts_old()[0]) == []
