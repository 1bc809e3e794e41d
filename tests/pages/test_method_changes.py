"""What each version of the method changed: the numbers, and the published verdicts that moved because of it."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cxalign.pages.method_changes import numbers_changed, releases
from scoring.engine.method import available
from scoring.models import Publication, Snapshot
from tests import factories
from tests.looking import inspector, look
from tests.pages.reading import html_of

pytestmark = pytest.mark.django_db


def shown(client: Client, language: str = "en") -> str:
    answer = client.get(f"/{language}/method/changes/")
    assert answer.status_code == 200
    return html.unescape(html_of(answer))


def published_anew(name: str, outcome: str, cause: str = "method_change") -> Publication:
    """A case published under the first method, then again under the second one, with this outcome."""
    first = factories.published(factories.a_breach(name))
    Publication.objects.filter(pk=first.pk).update(is_current=False)
    old = first.snapshot
    fields = {
        field.name: getattr(old, field.name)
        for field in Snapshot._meta.concrete_fields
        if field.name not in ("id", "sequence", "created_at")
    }
    new = Snapshot.objects.create(**{**fields, "sequence": old.sequence + 1, "outcome": outcome})
    return Publication.objects.create(assessment=first.assessment, snapshot=new, version=2, cause=cause)


def test_the_numbers_that_differ_are_read_from_the_files() -> None:
    first, second = available()[:2]
    changed = numbers_changed(first, second)
    assert [one.name for one in changed] == ["coder_error"]
    assert changed[0].before is None
    assert changed[0].after is not None
    assert numbers_changed(first, first) == []


def test_a_new_number_stands_on_the_page_with_its_reason(client: Client) -> None:
    page = shown(client)
    assert "<code>coder_error</code>" in page
    assert "what coders agree on less is told with less certainty" in page


def test_without_a_verdict_judged_again_the_page_says_so(client: Client) -> None:
    assert "No published verdict was judged again because of this version." in shown(client)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_brands_that_moved_are_counted_and_listed(client: Client, language: str) -> None:
    published_anew("Mover", "aligned")
    published_anew("Keeper", "broken_promise")
    newest = releases()[0]
    assert (newest.judged, newest.moved) == (2, 1)
    page = shown(client, language)
    assert "Mover" in page
    assert "Keeper" not in page
    assert f"/{language}/brands/mover/covid-19/history/1..2/" in page
    assert ("1 brand changed archetype" if language == "en" else "1 marque a changé d’archétype") in page


def test_a_verdict_that_moved_with_its_evidence_is_not_put_down_to_the_method() -> None:
    published_anew("Mover", "aligned", cause="evidence_added")
    assert (releases()[0].judged, releases()[0].moved) == (0, 0)


def test_a_withdrawn_version_is_not_told(client: Client) -> None:
    publication = published_anew("Mover", "aligned")
    Publication.objects.filter(pk=publication.pk).update(
        is_current=False, withdrawn_at=publication.published_at, withdrawn_reason_en="An error of ours."
    )
    assert "Mover" not in shown(client)


def test_queries_do_not_grow_with_the_verdicts(client: Client) -> None:
    counts = []
    for number in range(3):
        published_anew(f"Mover {number}", "aligned")
        with CaptureQueriesContext(connection) as queries:
            shown(client)
        counts.append(len(queries))
    assert counts[0] == counts[-1] <= 20


def test_the_method_page_cites_its_version_and_states_ties(client: Client, settings: Any) -> None:
    page = html.unescape(html_of(client.get("/en/method/1.0.0/")))
    assert f"SHA-256 {available()[0].sha256}" in page
    assert "/en/method/1.0.0/" in page.partition("To cite this version:")[2]
    assert "This installation has not stated how it is funded" in page
    settings.LEGAL = {**settings.LEGAL, "funding": "Paid for by its readers."}
    assert "Paid for by its readers." in html_of(client.get("/en/method/"))


def test_levels_have_examples_from_the_articles(client: Client) -> None:
    page = html.unescape(html_of(client.get("/en/method/"))).partition('id="examples"')[2].partition("</section>")[0]
    assert "3 – major" in page
    assert "Tom’s" in page or "Tom's" in page
    assert "3 – founding values" in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_axe_finds_nothing(browser: Any, live_server: Any, language: str) -> None:
    published_anew("Mover", "aligned")
    page = inspector(browser, live_server)
    assert look(page, f"/{language}/method/changes/") == []
