"""The page of downloads: what there is, what its columns hold, and how it is cited."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from cxalign.pages.exporting import sheets
from tests import factories
from tests.looking import inspector, look
from tests.pages.reading import html_of

pytestmark = pytest.mark.django_db


def data(client: Client, language: str = "en") -> str:
    return html.unescape(html_of(client.get(f"/{language}/data/")))


def test_it_leads_to_files_practices_changes_and_the_api(client: Client) -> None:
    factories.published(factories.a_breach("Specimen"))
    page = data(client).partition("<main")[2]
    for address in ("/en/data/scorecards/", "/en/data/scorecards/csv", "/en/practices/", "/en/changes/"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    for address in ("/en/developers/", "/api/v1/openapi.json", "/api/v1/practices", "/en/changes.atom"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def test_without_a_verdict_it_offers_no_empty_file(client: Client) -> None:
    factories.judged(factories.a_breach("Specimen"))
    page = data(client)
    assert "No scorecard is published yet" in page
    assert "/data/scorecards/csv" not in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_dictionary_is_that_of_the_workbook(client: Client, language: str) -> None:
    page = data(client, language)
    page = re.sub(r'<span class="gloss">.*?</span>|</i>', "", page).replace('<i lang="en">', " ")  # English terms
    told = re.findall(r'scope="row">(.*?)</th><td[^>]*><code>(.*?)</code></td><td[^>]*><span>(.*?)</span>', page)
    with translation.override(language):
        tables = [sheets.table(name, []) for name in sheets.TABLES]
    assert told == [(one.title, one.name, one.meaning) for table in tables for one in table.columns]
    assert len(told) > 80


@pytest.mark.parametrize(
    ("language", "cited", "limits"),
    [
        ("en", "“Published scorecards”, data set, format 1, as of", "take them over only as quotations"),
        (
            "fr",
            "«\u00a0Fiches publiées\u00a0», jeu de données, format 1, état au",
            "ne les reprenez que comme citations",
        ),
    ],
)
def test_it_says_how_to_cite_and_what_the_licence_leaves_out(
    client: Client, language: str, cited: str, limits: str
) -> None:
    page = data(client, language)
    assert cited in page
    assert f"/{language}/data/" in page.partition("<blockquote>")[2].partition("</blockquote>")[0]
    assert limits in page
    assert 'rel="license"' in page.partition("<main")[2].partition("</main>")[0]


def test_it_costs_one_query(client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(2):
        factories.published(factories.a_breach(f"Brand {number}"))
    with django_assert_max_num_queries(1):
        data(client)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing(browser: Any, live_server: Any, language: str) -> None:
    factories.published(factories.a_breach("Specimen"))
    assert look(inspector(browser, live_server), f"/{language}/data/") == []
