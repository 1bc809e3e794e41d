"""The page of one brand: what of it is public, and in which state."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from brands.models import Brand, Promise
from scoring.publishing import withdraw
from tests import factories
from tests.pages.reading import html_of

pytestmark = pytest.mark.django_db


def page(client: Client, slug: str = "specimen", language: str = "en") -> str:
    answer = client.get(f"/{language}/brands/{slug}/")
    assert answer.status_code == 200
    return html_of(answer)


def test_a_published_brand_shows_its_verdict_in_two_sentences(client: Client) -> None:
    publication = factories.published(factories.a_breach("Specimen"))
    html = page(client)
    assert "Broken promise" in html
    assert 'href="/en/brands/specimen/covid-19/"' in html
    assert "version 1" in html
    assert "[1]" not in html
    assert publication.snapshot.outcome == "broken_promise"


def test_it_speaks_french(client: Client) -> None:
    factories.published(factories.a_breach("Specimen"))
    html = page(client, language="fr")
    assert "Assurance" in html
    assert "Fait passer ses clients d’abord." in html


def test_an_unknown_brand_and_a_hidden_one_answer_alike(client: Client) -> None:
    factories.judged(factories.a_breach("Specimen"))
    hidden, unknown = client.get("/en/brands/specimen/"), client.get("/en/brands/nobody/")
    assert hidden.status_code == unknown.status_code == 404
    hidden_page = html_of(hidden).replace(hidden["X-Request-Id"], "").replace("specimen", "nobody")
    assert hidden_page == html_of(unknown).replace(unknown["X-Request-Id"], "")


def test_an_analyst_sees_the_hidden_brand_and_the_way_to_its_draft(client: Client) -> None:
    factories.judged(factories.a_breach("Specimen"))
    client.force_login(factories.an_analyst())
    html = page(client)
    assert "Draft – not published" in html
    assert 'href="/en/brands/specimen/covid-19/draft/"' in html


@pytest.mark.parametrize(
    ("judged", "state"),
    [
        (False, "Nobody has researched this brand yet; this says nothing about what it did."),
        (True, "Assessment under way"),
    ],
)
def test_a_listed_brand_without_a_verdict_shows_no_archetype_nor_fact(client: Client, judged: bool, state: str) -> None:
    brand = factories.a_breach("Specimen", listed=True)
    if judged:
        factories.judged(brand)
    html = page(client)
    content = html[html.index("<main") :]
    assert state in content
    assert "Broken promise" not in content
    assert "Puts its customers first." not in content
    assert "draft/" not in content


def test_promises_stand_as_published_whatever_was_edited_since(client: Client) -> None:
    brand = factories.a_breach("Specimen")
    factories.published(brand)
    Promise.objects.filter(brand=brand).update(statement_en="An unpublished edit.")
    factories.a_promise(brand, statement_en="An unpublished promise.")
    html = page(client)
    assert "Puts its customers first." in html
    assert "unpublished" not in html


def test_a_promise_is_quoted_in_its_own_language_and_the_marks_of_the_page_with_its_source(client: Client) -> None:
    brand = factories.a_brand("Specimen")
    promise = factories.a_promise(brand, quote="Toujours là pour vous", quote_language="fr")
    factories.a_proof(factories.an_action(brand), promise)
    factories.published(factories.touched(brand))
    html = page(client)
    assert '<blockquote lang="fr">“Toujours là pour vous”</blockquote>' in html
    assert f'href="{promise.sources.get().url}"' in html
    assert "date: 2018" in html


def test_an_address_that_is_no_web_page_is_not_linked(client: Client) -> None:
    brand = factories.a_brand("Specimen", website="https://example.org/specimen")
    promise = factories.a_promise(brand, sourced=False)
    promise.sources.add(factories.a_source(url="javascript:alert(1)", publisher="Odd Press"))
    factories.a_proof(factories.an_action(brand), promise)
    factories.published(factories.touched(brand))
    html = page(client)
    assert "Odd Press" in html
    assert "javascript:" not in html
    assert 'href="https://example.org/specimen"' in html


def test_what_others_said_is_attributed(client: Client) -> None:
    brand = factories.a_breach("Specimen")
    source = factories.a_source(author="Ada Critic", publisher="The Paper")
    factories.a_judgement(brand, label="could do better", source=source, archetype="aligned")
    factories.published(factories.touched(brand))
    html = page(client)
    assert "“could do better”" in html
    assert "The Paper" in html
    assert "Ada Critic" in html
    assert "Aligned" in html


def test_without_judgements_nothing_stands_in_their_place(client: Client) -> None:
    factories.published(factories.a_breach("Specimen"))
    assert "What others said" not in page(client)


def test_the_owner_group_leads_to_its_other_visible_brands(client: Client) -> None:
    factories.published(factories.a_breach("Specimen", parent_group="Holding"))
    factories.a_brand("Sister", parent_group="Holding", listed=True)
    factories.a_brand("Secret", parent_group="Holding")
    factories.a_brand("Stranger", parent_group="Another", listed=True)
    html = page(client)
    assert "Other brands of Holding" in html
    assert 'href="/en/brands/sister/"' in html
    assert "Secret" not in html
    assert "Stranger" not in html


def test_identity_is_escaped(client: Client) -> None:
    factories.a_brand("Specimen", aliases="<i>Spec</i>\nSpecimen & Sons", listed=True)
    html = page(client)
    assert "&lt;i&gt;Spec&lt;/i&gt;, Specimen &amp; Sons" in html


def withdrawn(brand: Brand) -> None:
    publication = factories.published(brand)
    withdraw(publication, by=factories.an_editor(), reason_en="We mixed up two firms.", reason_fr="Confusion.")


def test_a_brand_whose_only_verdict_was_withdrawn_says_when_and_why(client: Client) -> None:
    withdrawn(factories.a_breach("Specimen"))
    answer = client.get("/en/brands/specimen/")
    assert answer.status_code == 410
    assert "We mixed up two firms." in html_of(answer)
    assert "Broken promise" not in re.sub(r"<title>.*?</title>", "", html_of(answer))


def test_a_listed_brand_with_a_withdrawn_verdict_keeps_its_page(client: Client) -> None:
    withdrawn(factories.a_breach("Specimen", listed=True))
    html = page(client)
    assert "the verdict was withdrawn on" in html
    assert "Nobody has researched" not in html


def test_a_new_version_takes_the_place_of_a_withdrawn_one(client: Client) -> None:
    brand = factories.a_breach("Specimen")
    withdrawn(brand)
    factories.a_link(brand.actions.get())
    factories.published(factories.touched(brand))
    html = page(client)
    assert "withdrawn" not in html
    assert "version 2" in html


def test_the_page_costs_the_same_whatever_is_on_file(client: Client, django_assert_max_num_queries: Any) -> None:
    brand = factories.a_breach("Specimen", parent_group="Holding")
    for _number in range(12):
        factories.a_proof(factories.an_action(brand), factories.a_promise(brand))
        factories.a_judgement(brand)
    factories.published(factories.touched(brand))
    with django_assert_max_num_queries(6):
        page(client)
