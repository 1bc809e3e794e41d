"""Practices side by side and taken away: the words of the page, with what is not recorded told as such."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cxalign.accounts import roles
from cxalign.pages.exporting import practice_cards
from cxalign.pages.practice_facts import facts_of, texts_of
from cxalign.practices.models import Practice
from cxalign.practices.reading import visible_practices, with_places
from tests import factories as make
from tests.accounts.desk import signed_in
from tests.exports.files import rows_of, text_of_pdf, text_of_pptx, workbook_of
from tests.practices.making import a_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Practice:
    return a_practice(
        "Open a shop",
        key="shop",
        sources=[make.a_source(title="How they did it", publisher="Daily", url="https://daily.example/shop")],
        seen_at=[make.a_brand("Fictia", listed=True), make.a_brand("Secret")],
        problem_en="How might we stay open?",
        problem_fr="Comment pourrions-nous rester ouverts ?",
        pitfalls_en="It costs.",
        attributed_to="L. Body",
        started="2020-04",
    )


@pytest.fixture
def bus() -> Practice:
    return a_practice("Send a bus", key="bus", category="safety", outcome_en="=2+2 people came.")


# --- Side by side -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Open a shop", "Not recorded", "How they did it", "2 practices side by side")),
        ("fr", ("Open a shop (fr)", "Non consigné", "How they did it", "2 pratiques côte à côte")),
    ],
)
def test_two_practices_stand_side_by_side(
    client: Client, shop: Practice, bus: Practice, language: str, words: tuple[str, ...]
) -> None:
    page = client.get(f"/{language}/practices/compare/?p=shop&p=bus").content.decode()
    assert [word for word in words if word not in page] == []
    assert 'class="hatch"' in page
    assert 'href="https://daily.example/shop"' in page
    assert "Secret" not in page


def test_differences_alone_leave_out_what_is_the_same(client: Client, shop: Practice, bus: Practice) -> None:
    whole = client.get("/en/practices/compare/?p=shop&p=bus").content.decode()
    only = client.get("/en/practices/compare/?p=shop&p=bus&only=differences").content.decode()
    assert ">Family</th>" in whole
    assert ">Family</th>" not in only
    assert ">Category</th>" in only


def test_fewer_than_two_lead_to_the_library_and_a_sixth_is_explained(client: Client, shop: Practice) -> None:
    assert "No practice is picked yet." in client.get("/en/practices/compare/").content.decode()
    one = client.get("/en/practices/compare/?p=shop").content.decode()
    assert "One practice is picked" in one
    assert 'href="/en/practices/?p=shop"' in one
    others = [a_practice(f"Plant tree {number}").key for number in range(5)]
    query = "&".join(f"p={key}" for key in ("shop", *others))
    page = client.get(f"/en/practices/compare/?{query}").content.decode()
    assert "Five practices at most" in page
    assert "5 practices side by side" in page
    assert "Plant tree 4</a>." in page.replace("\n", "")


def test_a_draft_is_one_that_does_not_exist_for_others(client: Client, shop: Practice) -> None:
    a_practice("Hide it", key="draft", is_published=False)
    told = client.get("/en/practices/compare/?p=shop&p=draft").content.decode()
    absent = client.get("/en/practices/compare/?p=shop&p=absent").content.decode()
    assert "Hide it" not in told
    assert told.replace("draft", "absent") == absent
    analyst = signed_in(roles.ANALYST).get("/en/practices/compare/?p=shop&p=draft").content.decode()
    assert "Hide it" in analyst
    assert "Draft – not published" in analyst


def test_the_library_sends_its_picks_and_keeps_its_filters(client: Client, shop: Practice, bus: Practice) -> None:
    page = client.get("/en/practices/?p=bus&category=care").content.decode()
    assert '<input type="hidden" name="p" value="bus">' in page
    assert 'value="shop"' in page
    sent = client.get("/en/practices/compare/?p=bus&p=shop&category=care&q=")
    assert sent["Location"] == "/en/practices/compare/?p=bus&p=shop"


def test_only_brands_are_picked_for_a_portfolio(shop: Practice) -> None:
    desk = signed_in(roles.CONSULTANT)
    there = [b"/portfolios/add/" in desk.get(address).content for address in ("/en/practices/", "/en/brands/")]
    assert there == [False, True]


def test_queries_do_not_grow_with_the_practices(client: Client) -> None:
    counts = []
    for count in (2, 5):
        keys = [a_practice(sources=[make.a_source()], seen_at=[make.a_brand(listed=True)]).key for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/practices/compare/?" + "&".join(f"p={key}" for key in keys))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


# --- Taken away -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_card_says_what_the_page_says(client: Client, shop: Practice, language: str) -> None:
    page = client.get(f"/{language}/practices/shop/").content.decode()
    with translation.override(language):
        record = with_places(visible_practices(None), None).get(key="shop")
        said = [part.text for part in [*facts_of(record), *texts_of(record)] if part.text]
    for format, read in (("pdf", text_of_pdf), ("pptx", text_of_pptx)):
        answer = client.get(f"/{language}/practices/shop/export/{format}")
        assert f"_{language}.{format}" in answer["Content-Disposition"]
        text = " ".join(read(answer.content).split())
        for part in [*said, "How they did it"]:
            assert " ".join(part.split()) in text, (format, part)
        assert "Secret" not in text
        assert "/practices/shop/" in text
    assert said[-1] in page


def test_a_draft_is_marked_and_given_to_those_who_may_read_it(client: Client) -> None:
    a_practice("Hide it", key="draft", is_published=False)
    for format in ("pdf", "pptx"):
        assert client.get(f"/en/practices/draft/export/{format}").status_code == 404
    assert client.get("/en/practices/absent/export/pdf").status_code == 404
    answer = signed_in(roles.ANALYST).get("/en/practices/draft/export/pptx")
    assert "Draft – not published" in text_of_pptx(answer.content)


@pytest.mark.parametrize(("language", "care"), [("en", "Care"), ("fr", "Soin")])
def test_the_list_is_what_the_filters_leave(
    client: Client, shop: Practice, bus: Practice, language: str, care: str
) -> None:
    a_practice("Hide it", key="draft", is_published=False)
    rows = rows_of(client.get(f"/{language}/practices/export/csv").content)
    assert {row["practice"] for row in rows} == {"bus", "shop"}
    filtered = client.get(f"/{language}/practices/export/csv?category=care&dialect=excel-fr")
    (row,) = rows_of(filtered.content, ";")
    assert (row["practice"], row["category"], row["category_code"], row["seen_at"]) == ("shop", care, "care", "Fictia")
    assert "https://daily.example/shop" in row["sources"]
    bus_row = next(row for row in rows if row["practice"] == "bus")
    assert bus_row["outcome"].startswith("'=")
    book = workbook_of(client.get(f"/{language}/practices/export/xlsx?category=care").content)
    second, third = book.worksheets[1:3]
    assert [cells[0].value for cells in second.iter_rows(min_row=2)] == ["shop"]
    assert [cells[3].value for cells in third.iter_rows(min_row=2)] == ["https://daily.example/shop"]


def test_a_filter_that_means_nothing_is_refused(client: Client, shop: Practice) -> None:
    assert client.get("/en/practices/export/csv?category=absent").status_code == 400
    assert client.get("/en/practices/export/xlsx?colour=red").status_code == 400
    assert client.get("/en/practices/export/pdf").status_code == 404
    assert client.get("/en/practices/shop/export/csv").status_code == 404


def test_the_headings_of_a_table_are_those_of_its_rows(shop: Practice) -> None:
    listed: Any = practice_cards.Listed(practice_cards.page.asked(make_query(), visible_practices(None)), "rfc4180")
    table = practice_cards.practice_table(listed)
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len({column.name for column in table.columns}) == len(table.columns)


def make_query() -> Any:
    from django.http import QueryDict

    return QueryDict("")
