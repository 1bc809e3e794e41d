"""Searching everything that is public, in groups; what is not published is not found."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brands.models import Action
from scoring.models import PublishedFact
from scoring.publishing import withdraw
from scoring.publishing.shown_facts import searchable
from tests import factories
from tests.looking import inspector, look
from tests.pages.reading import html_of
from tests.practices.making import a_practice

pytestmark = pytest.mark.django_db


def shown(client: Client, query: str, language: str = "en") -> str:
    answer = client.get(f"/{language}/search/", {"q": query})
    assert answer.status_code == 200
    return html.unescape(html_of(answer)).partition("</form></div>")[2]


@pytest.fixture
def published() -> Any:
    brand = factories.a_breach("Fictia")
    Action.objects.filter(brand=brand).update(statement_fr="A refusé de payer les congés d’été.")
    return factories.published(factories.touched(brand))


@pytest.mark.parametrize(
    ("query", "group", "address"),
    [
        ("fictia", "g-brand", "/en/brands/fictia/"),
        ("fctia", "g-brand", "/en/brands/fictia/"),
        ("customers first", "g-promise", "/evidence/#promise-"),
        ("REFUSED claims", "g-action", "/evidence/#act-"),
        ("conges ETE", "g-action", "/evidence/#act-"),
        ("article", "g-source", "/evidence/#sources"),
    ],
)
def test_each_kind_is_found_in_its_group(client: Client, published: Any, query: str, group: str, address: str) -> None:
    page = shown(client, query)
    assert f'id="{group}"' in page
    assert address in page.partition(f'id="{group}"')[2].partition("</section>")[0]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_found_says_so_and_offers_a_spelling(client: Client, published: Any, language: str) -> None:
    page = shown(client, "ficzzia", language)
    assert ("We found nothing for" if language == "en" else "Nous n’avons rien trouvé pour") in page
    assert "Fictia" in page


def test_every_word_has_to_be_there(client: Client, published: Any) -> None:
    assert 'id="g-action"' not in shown(client, "refused holidays")


@pytest.mark.parametrize("query", ["", "a", "%", "_ %", "é", "x" * 500, "\u202e" * 3, "'; DROP"])
def test_odd_queries_are_answered(client: Client, published: Any, query: str) -> None:
    assert "Refused to pay" not in shown(client, query)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_practice_is_found_by_its_words_and_a_draft_of_one_is_not(client: Client, language: str) -> None:
    practice = a_practice("Open a soup kitchen")
    a_practice("Soup for nobody", is_published=False)
    page = shown(client, "SOUP", language)
    assert f"/{language}/practices/{practice.key}/" in page.partition('id="g-practice"')[2].partition("</section>")[0]
    assert "for nobody" not in page
    client.force_login(factories.an_analyst())
    assert "for nobody" not in shown(client, "soup", language)


def test_the_search_of_the_header_leads_here_and_an_unknown_brand_can_be_suggested(client: Client) -> None:
    header = html_of(client.get("/en/brands/")).partition("</header>")[0]
    assert '<form class="search" role="search" action="/en/search/">' in header
    assert 'href="/en/report/?about=brand&where=nobody%20at%20all"' in shown(client, "nobody at all")


def test_drafts_edits_and_what_was_withdrawn_are_not_found(client: Client, published: Any) -> None:
    factories.judged(factories.a_breach("Secretive"))
    Action.objects.update(statement_en="Whispered something.")
    assert "Secretive" not in shown(client, "secretive")
    assert 'id="g-' not in shown(client, "whispered")
    withdraw(published, by=factories.an_editor(), reason_en="An error of ours.")
    assert 'id="g-action"' not in shown(client, "refused claims")


def test_queries_do_not_grow_with_the_hits(client: Client, published: Any) -> None:
    counts = []
    for number in range(3):
        factories.published(factories.a_breach(f"Fictia {number}"))
        with CaptureQueriesContext(connection) as queries:
            shown(client, "refused")
        counts.append(len(queries))
    assert counts[0] == counts[-1] <= 20


def test_a_word_is_found_by_its_beginning(client: Client, published: Any) -> None:
    assert 'id="g-action"' in shown(client, "refu")
    assert 'id="g-action"' not in shown(client, "efused")


def test_the_index_follows_every_row(published: Any) -> None:
    """On SQLite triggers keep it: rows that come, change and go; none is left behind under the number of another."""
    promise = PublishedFact.objects.get(resource="promise")
    promise.search_text = "nothing but this"
    promise.save()
    assert list(PublishedFact.objects.with_words(["nothin", "this"])) == [promise]
    assert promise not in PublishedFact.objects.with_words(["customers"])
    kept = {field.attname: getattr(promise, field.attname) for field in PublishedFact._meta.concrete_fields}
    promise.delete()
    PublishedFact.objects.create(**{**kept, "search_text": searchable({"title": "d" * 3000})})
    assert not PublishedFact.objects.with_words(["nothing"])
    assert PublishedFact.objects.with_words(["d" * 60]).get().pk == kept["id"]
    assert not PublishedFact.objects.with_words([])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its index itself")
def test_the_index_of_sqlite_is_whole(published: Any) -> None:
    Action.objects.update(statement_en="Refused everything.")
    factories.published(factories.touched(published.assessment.brand))
    withdraw(factories.published(factories.a_breach("Second")), by=factories.an_editor(), reason_en="An error of ours.")
    with connection.cursor() as cursor:
        table = "scoring_publishedfact_words"
        cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")


def test_facts_that_were_public_before_get_their_words_from_the_migration(client: Client, published: Any) -> None:
    from importlib import import_module

    from django.apps import apps

    kept = dict(PublishedFact.objects.values_list("key", "search_text"))
    assert any("refused to pay claims" in text for text in kept.values())
    PublishedFact.objects.update(search_text="")
    assert 'id="g-action"' not in shown(client, "refused claims")
    import_module("scoring.migrations.0011_search_text").fill(apps, None)
    import_module("scoring.migrations.0012_search_by_index").words_only(apps, connection.schema_editor())
    assert dict(PublishedFact.objects.values_list("key", "search_text")) == kept
    assert 'id="g-action"' in shown(client, "refused claims")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing(browser: Any, live_server: Any, published: Any, language: str) -> None:
    page = inspector(browser, live_server)
    for query in ("", "?q=fictia", "?q=refused", "?q=nothing+at+all"):
        assert look(page, f"/{language}/search/{query}") == []
