"""Promises, actions, sources and proofs: what was published, found by what it is about."""

from __future__ import annotations

import json
from typing import Any

import pytest

from brands.models import Action, Brand, Source
from scoring.models import PublishedFact
from scoring.publishing import withdraw
from tests import factories as make
from tests.api.conftest import Reader

pytestmark = pytest.mark.django_db

RESOURCES = ("promises", "actions", "sources", "proofs")


def a_file_of_two() -> Brand:
    """A kept promise to customers, and in April an act for employees that nobody had promised."""
    brand = make.a_brand("Fictia")
    promise = make.a_promise(brand, key="promised", weight="central", since="2018")
    kept = make.an_action(brand, key="kept", started="2020-04-15", initiative="3", categories=("care",))
    make.a_proof(kept, promise)
    other = make.an_action(brand, key="other", started="2020-05", initiative="1", family="F01")
    make.a_proof(other, stakeholder="employees", direction="harms", depth="1")
    return make.touched(brand)


@pytest.mark.parametrize("collection", RESOURCES)
def test_a_record_is_the_same_in_its_list_and_at_its_own_address(reader: Reader, collection: str) -> None:
    make.published(a_file_of_two())
    records = reader.json(collection)["data"]
    assert records
    for record in records:
        own = reader.get(record["api_url" if collection == "sources" else "url"])
        assert own.json() == record  # type: ignore[attr-defined]
        assert own["ETag"] == record["etag"]


@pytest.mark.parametrize("collection", RESOURCES)
def test_the_stored_text_is_sent_as_it_is(reader: Reader, collection: str) -> None:
    make.published(a_file_of_two())
    for fact in PublishedFact.objects.filter(resource=collection[:-1]):
        sent = reader.get(f"{collection}/{fact.key}").content.decode()
        assert sent.endswith(fact.document[1:])
        assert json.loads(sent).items() >= json.loads(fact.document).items()


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("promises?brand=fictia", ["promised"]),
        ("promises?brand=nobody", []),
        ("promises?stakeholder=customers", ["promised"]),
        ("promises?stakeholder=partners", []),
        ("promises?weight=central&testable=true", ["promised"]),
        ("promises?testable=false", []),
        ("promises?since__lte=2018", ["promised"]),
        ("promises?since__gte=2018-02", []),
        ("actions?brand=fictia&crisis=covid-19", ["kept", "other"]),
        ("actions?crisis=flood", []),
        ("actions?stakeholder=employees", ["other"]),
        ("actions?stakeholder=employees&stakeholder=customers", ["kept", "other"]),
        ("actions?direction=helps", ["kept"]),
        ("actions?initiative=3", ["kept"]),
        ("actions?category=care", ["kept"]),
        ("actions?family=F01", ["other"]),
        ("proofs?direction=harms", ["other:employees:harms"]),
        ("proofs?yardstick=duty", ["other:employees:harms"]),
        ("proofs?action=kept", ["kept:customers:helps"]),
        ("proofs?promise=promised&brand=fictia", ["kept:customers:helps"]),
    ],
)
def test_filters_find_what_they_name_and_nothing_else(reader: Reader, question: str, found: list[str]) -> None:
    make.published(a_file_of_two())
    assert reader.ids(question) == found


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ("occurred_on__gte=2020-04-15", ["kept", "other"]),
        ("occurred_on__gte=2020-04-16", ["other"]),
        ("occurred_on__gte=2020-05", ["other"]),
        ("occurred_on__gte=2020-05-01", ["other"]),
        ("occurred_on__gte=2020-05-02", []),
        ("occurred_on__gte=2021", []),
        ("occurred_on__lte=2020-04-14", []),
        ("occurred_on__lte=2020-04-15", ["kept"]),
        ("occurred_on__lte=2020-04", ["kept"]),
        ("occurred_on__lte=2020-04-30", ["kept"]),
        ("occurred_on__lte=2020-05-01", ["kept", "other"]),
        ("occurred_on__lte=2020", ["kept", "other"]),
        ("occurred_on__lte=2020-12-31", ["kept", "other"]),
        ("occurred_on__lte=9999", ["kept", "other"]),
        ("occurred_on__gte=2020-04&occurred_on__lte=2020-04", ["kept"]),
        ("occurred_on__gte=15/04/2020", ["kept", "other"]),
    ],
)
def test_a_date_counts_by_the_first_day_that_it_can_mean(reader: Reader, bounds: str, found: list[str]) -> None:
    make.published(a_file_of_two())
    assert reader.ids(f"actions?{bounds}") == found


def test_an_undated_act_is_within_no_bounds(reader: Reader) -> None:
    brand = make.a_brand()
    make.a_proof(make.an_action(brand, key="undated", started=""), make.a_promise(brand))
    make.published(make.touched(brand))
    assert reader.ids("actions") == ["undated"]
    assert reader.ids("actions?occurred_on__lte=2030") == []
    assert reader.ids("actions?occurred_on__gte=1000") == []


def test_sources_are_found_by_type_publisher_and_address(reader: Reader) -> None:
    brand = make.a_brand()
    source = make.a_source(
        key="leading", publisher="Le Monde", source_type="press", url="https://example.org/a?b=c&d=é"
    )
    action = make.an_action(brand, sources=0)
    make.a_link(action, source=source)
    make.a_proof(action, make.a_promise(brand, sourced=False))
    make.published(make.touched(brand))
    assert reader.ids("sources?type=press&publisher=Le+Monde") == ["leading"]
    assert reader.ids("sources?url=https%3A%2F%2Fexample.org%2Fa%3Fb%3Dc%26d%3D%C3%A9") == ["leading"]
    assert reader.ids("sources?type=court") == []


def test_the_address_of_a_source_is_that_of_the_document(reader: Reader) -> None:
    make.published(a_file_of_two())
    source = reader.json("sources?limit=1")["data"][0]
    assert source["url"] == Source.objects.get(key=source["id"]).url
    assert source["api_url"].endswith(f"/api/v1/sources/{source['id']}")


def test_an_edit_shows_only_after_it_is_published(reader: Reader) -> None:
    brand = a_file_of_two()
    make.published(brand)
    before = reader.get("actions/kept")
    Action.objects.filter(key="kept").update(statement_en="Paid nobody.", categories="|solidarity|")
    make.judged(make.touched(brand))
    unchanged = reader.get("actions/kept")
    assert (unchanged.content, unchanged["ETag"]) == (before.content, before["ETag"])
    assert reader.ids("actions?category=solidarity") == []
    make.published(make.touched(brand))
    assert reader.json("actions/kept")["statement"]["en"] == "Paid nobody."
    assert reader.ids("actions?category=solidarity") == ["kept"]
    assert reader.get("actions/kept")["ETag"] != before["ETag"]


@pytest.mark.parametrize("collection", RESOURCES)
def test_facts_of_a_withdrawn_verdict_are_gone(reader: Reader, collection: str) -> None:
    publication = make.published(a_file_of_two())
    [first, *_others] = reader.ids(collection)
    withdraw(publication, by=make.an_editor(), reason_en="A source was forged.")
    assert reader.ids(collection) == []
    reader.json(f"{collection}/{first}", 404)


@pytest.mark.parametrize("collection", RESOURCES)
def test_a_list_costs_one_statement_whatever_its_length(
    reader: Reader, collection: str, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        make.published(make.a_breach())
    with django_assert_num_queries(1):
        assert len(reader.ids(collection)) < 20
    for _ in range(18):
        make.published(make.a_breach())
    with django_assert_num_queries(1):
        assert len(reader.ids(collection)) >= 20
    with django_assert_num_queries(2):
        reader.json(f"{collection}?count=exact")


@pytest.mark.parametrize("collection", RESOURCES)
def test_a_record_costs_one_statement(reader: Reader, collection: str, django_assert_num_queries: Any) -> None:
    make.published(a_file_of_two())
    [first, *_others] = reader.ids(collection)
    with django_assert_num_queries(1):
        reader.json(f"{collection}/{first}")
