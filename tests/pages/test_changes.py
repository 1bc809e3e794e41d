"""The log of verdicts: every publication and withdrawal, with its reason, and what was taken back not told again."""

from __future__ import annotations

import html
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scoring.models import Publication
from scoring.publishing import withdraw
from tests import factories
from tests.looking import inspector, look
from tests.pages.reading import html_of
from tests.pages.test_method_changes import published_anew

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def shown(client: Client, query: str = "", language: str = "en") -> str:
    answer = client.get(f"/{language}/changes/{query}")
    assert answer.status_code == 200
    return html.unescape(html_of(answer)).partition("<main")[2]


def entries(client: Client, language: str = "en") -> list[dict[str, str]]:
    answer = client.get(f"/{language}/changes.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)  # noqa: S314  our own answer
    return [
        {
            "title": entry.findtext(f"{ATOM}title") or "",
            "id": entry.findtext(f"{ATOM}id") or "",
            "summary": entry.findtext(f"{ATOM}summary") or "",
            "link": entry.find(f"{ATOM}link").get("href", ""),  # type: ignore[union-attr]
        }
        for entry in root.findall(f"{ATOM}entry")
    ]


def taken_back(publication: Publication) -> None:
    withdraw(
        publication, by=factories.an_editor(), reason_en="An error of ours.", reason_fr="Une erreur de notre part."
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_verdict_that_moved_is_told_with_what_it_was(client: Client, language: str) -> None:
    published_anew("Mover", "aligned", cause="evidence_added")
    page = shown(client, language=language)
    assert page.count("Mover") == 2
    assert ("Broken promise" if language == "en" else "Promesse rompue") in page
    title = entries(client, language)[0]["title"]
    assert (
        title
        == {
            "en": "Mover – Covid-19: Broken promise → Aligned",
            "fr": "Mover – Covid-19\u00a0: Promesse rompue → Alignée",
        }[language]
    )


def test_a_withdrawal_is_a_line_of_its_own_with_its_reason_and_the_verdict_is_not_told_again(client: Client) -> None:
    taken_back(factories.published(factories.a_breach("Specimen")))
    page = shown(client)
    assert page.count("Specimen") == 2
    assert "An error of ours." in page
    assert "published, withdrawn since" in page
    assert "Broken promise" not in page
    first, second = entries(client)
    assert (first["title"], second["title"]) == (
        "Specimen – Covid-19: version 1 withdrawn",
        "Specimen – Covid-19: version 1 published, withdrawn since",
    )
    assert first["summary"] == "An error of ours."
    assert first["id"] != second["id"]


def test_drafts_are_no_news(client: Client) -> None:
    factories.judged(factories.a_breach("Secretive"))
    assert "Secretive" not in shown(client)
    assert entries(client) == []


def test_a_withdrawn_version_is_not_what_the_next_one_is_compared_with(client: Client) -> None:
    publication = published_anew("Mover", "aligned")
    Publication.objects.filter(assessment=publication.assessment, version=1).update(
        withdrawn_at=publication.published_at, withdrawn_reason_en="An error of ours."
    )
    assert "became" not in shown(client)


def test_pages_hold_fifty_lines(client: Client) -> None:
    publication = factories.published(factories.a_breach("Specimen"))
    for number in range(2, 53):
        published_again(publication, number)
    assert "?page=2" in shown(client)
    assert shown(client, "?page=2").count('scope="row"') == 2
    assert len(entries(client)) == 50


def published_again(first: Publication, number: int) -> None:
    snapshot = first.snapshot
    fields = {
        field.name: getattr(snapshot, field.name)
        for field in type(snapshot)._meta.concrete_fields
        if field.name not in ("id", "sequence", "created_at")
    }
    fresh = type(snapshot).objects.create(**{**fields, "sequence": number + 100})
    Publication.objects.create(assessment=first.assessment, snapshot=fresh, version=number, is_current=False)


def test_queries_do_not_grow_with_the_lines(client: Client) -> None:
    counts = []
    for number in range(3):
        published_anew(f"Mover {number}", "aligned")
        with CaptureQueriesContext(connection) as queries:
            shown(client)
            client.get("/en/changes.atom")
        counts.append(len(queries))
    assert counts[0] == counts[-1] <= 20


def test_home_tells_why_and_leads_to_the_whole_log(client: Client) -> None:
    publication = factories.published(factories.a_breach("Specimen"))
    Publication.objects.filter(pk=publication.pk).update(note_en="A ruling was added.")
    page = html.unescape(html_of(client.get("/en/")))
    assert "First entry: A ruling was added." in page
    assert 'href="/en/changes/"' in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing(browser: Any, live_server: Any, language: str) -> None:
    published_anew("Mover", "aligned")
    taken_back(factories.published(factories.a_breach("Specimen")))
    assert look(inspector(browser, live_server), f"/{language}/changes/") == []
