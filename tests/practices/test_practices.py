"""The practice library: what it refuses, who reads what, what it brings along, and what it never copies."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from brands.models import Brand, Event
from cxalign.accounts import roles
from cxalign.practices.models import CATEGORY_OF_ACT, Practice
from cxalign.practices.starting import load_practices
from scoring.publishing import withdraw
from tests import factories as make
from tests.accounts.desk import change_page, desk_of, edit, form_on, save, signed_in, somebody
from tests.desk.publishing.pages import signed_in_long_ago
from tests.plans.making import a_plan
from tests.practices.making import a_practice

pytestmark = pytest.mark.django_db


# --- The model --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"family": "F99"},
        {"category": "access"},
        {"stakeholders": ()},
        {"evidence_level": "sure"},
        {"time_band": "years"},
        {"effort_band": "none"},
        {"title_en": "", "title_fr": ""},
        {"summary_fr": ""},
        {"evidence_level": "outcome_documented"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_the_database_refuses_what_the_form_refuses(wrong: dict[str, Any]) -> None:
    practice = a_practice()
    for name, value in wrong.items():
        setattr(practice, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        practice.save()
    a_practice(family="F11", category="governance", evidence_level="outcome_documented", outcome_en="It helped.")


def test_a_summary_has_thirty_words_at_most() -> None:
    a_practice(summary_en="word " * 30)
    with pytest.raises(ValidationError, match="30 words"):
        a_practice(summary_en="word " * 31)


def test_every_category_of_an_act_has_its_place_among_the_seven() -> None:
    from brands import codes

    assert set(CATEGORY_OF_ACT) == set(codes.Category.values)


# --- Reading ----------------------------------------------------------------------------------------------------------


def page(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


@pytest.mark.parametrize("face", ["/en/practices/draft/", "/api/v1/practices/draft"])
def test_a_draft_does_not_exist_for_readers(face: str) -> None:
    draft = a_practice("Secret plan", key="draft", is_published=False)
    absent = face.replace("draft", "absent")
    assert Client().get(face).status_code == Client().get(absent).status_code == 404
    assert "Secret plan" not in page("/en/practices/") + page("/api/v1/practices")
    assert desk_of(somebody(roles.CONSULTANT)).get("/en/practices/draft/").status_code == 404
    assert "Secret plan" in page("/en/practices/", signed_in(roles.ANALYST))
    Practice.objects.filter(pk=draft.pk).update(is_published=True)
    assert "Secret plan" in page("/en/practices/")
    assert Client().get(face).status_code == 200


def test_each_entry_says_that_it_is_no_recommendation_and_who_tells_of_it() -> None:
    a_practice(key="open", attributed_to="Somebody, 2020")
    assert "Recorded, not recommended" in page("/en/practices/")
    told = page("/en/practices/open/")
    assert "Recorded, not recommended" in told
    assert "Told by Somebody, 2020; not verified by us." in told
    assert "Pitfalls" in told.partition("Not documented")[2]
    assert "Consignée, non recommandée" in page("/fr/practices/open/")


def test_a_brand_that_is_not_public_is_not_named_as_a_place_where_it_was_seen() -> None:
    hidden, shown = make.a_brand("Hidden brand"), make.a_brand("Shown brand", listed=True)
    a_practice(key="open", seen_at=[hidden, shown])
    told = page("/en/practices/open/") + page("/api/v1/practices/open")
    assert "Shown brand" in told
    assert "Hidden brand" not in told


def test_a_withdrawn_practice_says_so_at_its_address_and_a_withdrawn_draft_never_existed() -> None:
    desk = signed_in(roles.EDITOR)
    shown, draft = a_practice(key="shown"), a_practice(key="draft", is_published=False)
    for practice in (shown, draft):
        address = change_page(practice).replace("/change/", "/withdraw/")
        seen = f"{practice.pk}:{practice.revision}"
        sent = {"confirmed": "yes", "reason": "Told wrongly.", "seen": seen}
        assert desk.post(address, sent).status_code == 302
    answer = Client().get("/en/practices/shown/")
    assert answer.status_code == 410
    assert "Told wrongly." in answer.content.decode()
    assert Client().get("/en/practices/draft/").status_code == 404
    assert Client().get("/api/v1/practices/shown").status_code == 404
    assert "shown" not in page("/api/v1/practices")


FILTERS = {
    "family=F02": {"family": "F02"},
    "category=safety": {"category": "safety"},
    "stakeholder=partners": {"stakeholders": ("partners", "customers")},
    "country=NZ": {"country": "NZ"},
    "evidence_level=corroborated": {"evidence_level": "corroborated"},
    "q=École": {"title_en": "Lend an ecole to nurses"},
}


@pytest.mark.parametrize(("query", "fields"), FILTERS.items(), ids=FILTERS)
def test_each_filter_keeps_what_fits_and_leaves_out_the_rest(query: str, fields: dict[str, Any]) -> None:
    a_practice(key="wanted", **fields)
    a_practice(key="unwanted")
    for face in ("/en/practices/?", "/api/v1/practices?"):
        found = page(face + query)
        assert "practices/wanted" in found
        assert "practices/unwanted" not in found


def test_a_sector_filters_and_an_unknown_value_is_told() -> None:
    a_practice(key="wanted", sector=make.a_sector("insurance"))
    a_practice(key="unwanted")
    found = page("/en/practices/?sector=insurance&family=F77")
    assert "practices/wanted" in found
    assert "practices/unwanted" not in found
    assert "there is no “F77” here" in found
    assert Client().get("/api/v1/practices?family=F77").status_code == 400


def test_an_empty_library_says_what_would_be_here() -> None:
    assert "A practice appears here once an editor has published it." in page("/en/practices/")
    a_practice()
    assert "Nothing here answers to these filters." in page("/en/practices/?q=nothing")


def test_lists_and_pages_cost_the_same_queries_for_few_and_for_many(django_assert_max_num_queries: Any) -> None:
    counts = []
    for many in (2, 18):
        for _number in range(many):
            brand = make.a_brand(listed=True)
            a_practice(seen_at=[brand], sources=[make.a_source()], sector=make.a_sector())
        for address in ("/en/practices/", "/en/practices/seen-in-our-evidence/", "/api/v1/practices"):
            with django_assert_max_num_queries(12) as captured:
                page(address)
            counts.append(len(captured))
    assert counts[:3] == counts[3:]
    with django_assert_max_num_queries(14):
        page(f"/en/practices/{Practice.objects.all()[0].key}/")


# --- Examples in published evidence -----------------------------------------------------------------------------------


def a_published_act(family: str = "F03", **fields: Any) -> Brand:
    brand = make.a_kept_promise(**fields)
    action = brand.actions.get()
    action.family, action.statement_en, action.categories = family, "Opened a dark store.", ("access",)
    action.save()
    make.published(make.touched(brand))
    return brand


def test_helpful_acts_of_published_scorecards_are_examples_of_their_family() -> None:
    a_published_act()
    seen = page("/en/practices/seen-in-our-evidence/")
    assert "Opened a dark store." in seen
    assert "Opened a dark store." in page("/en/practices/seen-in-our-evidence/?family=F03&category=assistance")
    for other in ("family=F04", "category=governance", "country=NZ", "q=boats"):
        a_practice(country="NZ")
        assert "Opened a dark store." not in page(f"/en/practices/seen-in-our-evidence/?{other}")
    a_practice(key="same", family="F03")
    a_practice(key="other", family="F04")
    assert "Opened a dark store." in page("/en/practices/same/")
    assert "Opened a dark store." not in page("/en/practices/other/")


def test_an_act_that_is_not_published_or_of_no_family_is_no_example() -> None:
    draft = make.a_kept_promise()
    draft.actions.update(family="F03", statement_en="Opened a secret store.")
    make.judged(make.touched(draft))
    a_published_act(family="F99")
    seen = page("/en/practices/seen-in-our-evidence/")
    assert "secret store" not in seen
    assert "dark store" not in seen


def test_an_example_goes_with_its_scorecard() -> None:
    brand = a_published_act()
    assert "dark store" in page("/en/practices/seen-in-our-evidence/")
    publication = brand.assessments.get().publications.get()
    withdraw(publication, by=make.an_editor(), reason_en="Wrong.")
    assert "dark store" not in page("/en/practices/seen-in-our-evidence/")


def seen_at_address(brand: Brand, language: str = "en") -> str:
    return f"/{language}/practices/seen-in-our-evidence/{brand.actions.get().key}/"


@pytest.mark.parametrize(("language", "words"), [("en", "Recorded, not recommended."), ("fr", "non recommandée")])
def test_an_act_has_a_page_as_practices_have(client: Client, language: str, words: str) -> None:
    brand = a_published_act()
    a_practice("Other", key="other", family="F03")
    assert f'href="{seen_at_address(brand)}"' in page("/en/practices/seen-in-our-evidence/")
    html = client.get(seen_at_address(brand, language)).content.decode()
    proof = brand.actions.get().proofs.get()
    source = brand.actions.get().sources.get()
    for part in (words, brand.name, source.title, f"/{language}/sources/{source.key}/", "/practices/other/"):
        assert part in html, part
    assert getattr(proof.promise, f"statement_{language}") in html
    assert client.get("/en/practices/seen-in-our-evidence/nowhere/").status_code == 404
    publication = brand.assessments.get().publications.get()
    withdraw(publication, by=make.an_editor(), reason_en="Wrong.")
    assert client.get(seen_at_address(brand)).status_code == 404


def test_an_act_is_added_to_a_plan_once_and_says_where_it_was_seen(client: Client) -> None:
    brand = a_published_act()
    plan = a_plan()
    assert "Add to a plan" not in page(seen_at_address(brand))
    client.force_login(plan.by, backend="django.contrib.auth.backends.ModelBackend")
    assert "Add to a plan" in client.get(seen_at_address(brand)).content.decode()
    address = f"{seen_at_address(brand)}add-to-plan/"
    for told in ("is in the plan", "already"):
        answer = client.post(address, {"plan": plan.pk}, follow=True)
        assert told in answer.content.decode()
    (item,) = plan.items.all()
    assert (item.title, item.origin, item.category) == ("Opened a dark store.", "peer", "assistance")
    assert item.description == f"Seen at {brand.name}: http://127.0.0.1:8000{seen_at_address(brand)}"
    assert client.post(address, {"plan": 0}).status_code == 404
    assert client.post("/en/practices/seen-in-our-evidence/nowhere/add-to-plan/", {"plan": plan.pk}).status_code == 404


# --- What the product brings along ------------------------------------------------------------------------------------


def test_the_cases_of_the_articles_are_reported_attributed_and_loaded_once() -> None:
    brand = make.a_brand("MAIF", slug="maif")
    assert load_practices() == 18
    assert load_practices() == 0
    for practice in Practice.objects.all():
        assert practice.evidence_level == "reported"
        assert practice.attributed_to.startswith("Laurence Body")
        assert practice.problem_en.startswith("How might we")
        assert practice.problem_fr.startswith("Comment pourrions-nous")
        assert practice.state == "published"
    assert {practice.key for practice in brand.practices.all()} == {
        "open-a-neighbour-help-service",
        "return-savings-to-policyholders",
    }
    assert Event.objects.filter(kind="practice.published").count() == 18
    assert {family for (family,) in Practice.objects.values_list("family")} == {
        f"F{number:02}" for number in range(1, 12)
    }


def test_what_somebody_changed_or_withdrew_since_stays(capsys: pytest.CaptureFixture[str]) -> None:
    load_practices()
    Practice.objects.filter(key="lift-usage-caps").update(title_en="Changed")
    call_command("load_practices")
    assert capsys.readouterr().out == "0 practices added.\n"
    assert Practice.objects.get(key="lift-usage-caps").title_en == "Changed"


# --- The screen -------------------------------------------------------------------------------------------------------

NEW = {
    "title_en": "Lend rooms",
    "title_fr": "Prêter des chambres",
    "summary_en": "Lends rooms to nurses.",
    "summary_fr": "Prête des chambres aux soignants.",
    "family": "F01",
    "category": "care",
    "stakeholders": ["community"],
    "evidence_level": "reported",
}


def test_an_analyst_drafts_and_an_editor_publishes_each_with_a_line() -> None:
    analyst, editor = somebody(roles.ANALYST), somebody(roles.EDITOR)
    desk = desk_of(analyst)
    add = "/admin/practices/practice/add/"
    assert save(desk, add, form_on(desk, add), **NEW, is_published="on").status_code == 302
    practice = Practice.objects.get()
    assert practice.state == "draft"
    assert (Event.objects.first().kind, Event.objects.first().actor) == ("practice.added", analyst)  # type: ignore[union-attr]
    assert edit(desk, change_page(practice), country="FR").status_code == 302
    stale = signed_in_long_ago(desk_of(editor))
    assert "Your password, please" in edit(stale, change_page(practice), is_published="on").content.decode()
    assert edit(desk_of(editor), change_page(practice), is_published="on").status_code == 302
    line = Event.objects.first()
    assert line is not None
    assert (line.kind, line.actor, line.changes) == ("practice.published", editor, {"is_published": [False, True]})
    assert desk.post(change_page(practice), {"country": "DE"}).status_code == 403
    withdrawing = {"action": "withdraw_selected", "_selected_action": practice.pk}
    assert desk.post("/admin/practices/practice/", withdrawing).status_code == 403
    assert edit(desk_of(editor), change_page(practice), country="DE").status_code == 302


def test_a_stale_form_is_refused_with_a_comparison() -> None:
    desk = signed_in(roles.EDITOR)
    practice = a_practice()
    mine = form_on(desk, change_page(practice))
    assert edit(desk, change_page(practice), country="FR").status_code == 302
    answer = save(desk, change_page(practice), mine, country="DE")
    assert answer.status_code == 200
    assert "somebody else has saved this record" in answer.content.decode()
    practice.refresh_from_db()
    assert practice.country == "FR"
