"""Brands and crises: who is listed, how they are found, what is said of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from brands.models import Crisis, CrisisPhase
from scoring.publishing import withdraw
from tests import factories as make
from tests.api.conftest import Reader

pytestmark = pytest.mark.django_db


def test_a_brand_tells_its_identity_and_the_verdict_in_force(reader: Reader) -> None:
    make.published(make.a_breach("Fictia", aliases="Fictia SA\nLa Fictia", website="https://fictia.example"))
    brand = reader.json("brands/fictia")
    assert (brand["id"], brand["name"], brand["aliases"]) == ("fictia", "Fictia", ["Fictia SA", "La Fictia"])
    assert brand["sector"] == {"slug": "insurance", "name": {"en": "Insurance", "fr": "Assurance"}}
    [verdict] = brand["verdicts"]
    assert (verdict["crisis"], verdict["outcome"], verdict["archetype"]) == (
        "covid-19",
        "broken_promise",
        "broken_promise",
    )
    assert reader.json(verdict["url"])["id"] == verdict["scorecard"] == "fictia:covid-19:v1"


def test_a_verdict_that_is_no_archetype_says_so(reader: Reader) -> None:
    make.published(make.an_empty_file("Fictia"))
    [verdict] = reader.json("brands/fictia")["verdicts"]
    assert verdict["outcome"] == "insufficient_evidence"
    assert verdict["archetype"] is None


def test_a_brand_without_a_published_verdict_is_shown_once_it_is_listed(reader: Reader) -> None:
    make.judged(make.a_breach("Hidden"))
    make.judged(make.a_breach("Announced", listed=True))
    assert reader.ids("brands") == ["announced"]
    assert reader.json("brands/announced")["verdicts"] == []
    reader.json("brands/hidden", 404)


def test_brands_come_in_the_order_of_their_names_either_way(reader: Reader) -> None:
    for name in ("Zèbre", "abeille", "Éclair"):
        make.a_brand(name, slug=name.lower().replace("è", "e").replace("é", "e"), listed=True)
    assert reader.ids("brands") == ["abeille", "eclair", "zebre"]
    assert reader.ids("brands?sort=-name") == ["zebre", "eclair", "abeille"]


@pytest.mark.parametrize("words", ["éclair", "ECLAIR", "lightning", "groupe+foudre", "claire foud".replace(" ", "+")])
def test_a_search_forgives_accents_and_case_and_knows_other_names(reader: Reader, words: str) -> None:
    make.a_brand("Éclaire", slug="eclaire", aliases="Lightning", parent_group="Groupe Foudre", listed=True)
    make.a_brand("Autre", listed=True)
    assert reader.ids(f"brands?q={words}") == ["eclaire"]


def test_a_search_for_what_nobody_is_called_finds_nothing(reader: Reader) -> None:
    make.a_brand("Autre", listed=True)
    assert reader.ids("brands?q=zzz") == []
    assert reader.ids("brands?q=autre%25") == []


def test_brands_are_filtered_by_sector_country_slug_and_archetype(reader: Reader) -> None:
    make.published(make.a_breach("One", country="FR"))
    make.published(make.a_kept_promise("Two", country="US", sector=make.a_sector("retail")))
    assert reader.ids("brands?country=US") == ["two"]
    assert reader.ids("brands?country=US&country=FR") == ["one", "two"]
    assert reader.ids("brands?sector=retail") == ["two"]
    assert reader.ids("brands?slug=one&slug=unknown") == ["one"]
    assert reader.ids("brands?archetype=broken_promise") == ["one"]
    assert reader.ids("brands?archetype=broken_promise&country=US") == []


def test_brands_are_filtered_by_the_day_of_their_last_change(reader: Reader) -> None:
    brand = make.a_brand("One", listed=True)
    assert reader.ids(f"brands?updated_at__gte={brand.updated_at:%Y-%m-%dT%H:%M:%SZ}") == ["one"]
    assert reader.ids("brands?updated_at__gte=2100-01-01T00:00:00%2B02:00") == []


def test_a_withdrawn_verdict_takes_the_brand_away(reader: Reader) -> None:
    publication = make.published(make.a_breach("One"))
    assert reader.ids("brands") == ["one"]
    withdraw(publication, by=make.an_editor(), reason_en="A source was forged.")
    assert reader.ids("brands") == []
    reader.json("brands/one", 404)


def test_a_crisis_is_shown_with_its_phases_once_something_in_it_is_published(reader: Reader) -> None:
    flood = Crisis.objects.create(slug="flood", name_en="Flood", name_fr="Crue", starts_on=date(2024, 1, 1))
    make.published(make.a_breach("One"))
    covid = make.a_crisis()
    thaw = {"name_en": "Thaw", "name_fr": "Dégel", "starts_on": date(2023, 1, 1), "ends_on": date(2023, 2, 1)}
    CrisisPhase.objects.create(crisis=covid, **thaw)
    assert reader.ids("crises") == ["covid-19"]
    reader.json(f"crises/{flood.slug}", 404)
    crisis = reader.json("crises/covid-19")
    assert crisis["starts_on"] == covid.starts_on.isoformat()
    assert crisis["phases"][-1] == {
        "name": {"en": "Thaw", "fr": "Dégel"},
        "starts_on": "2023-01-01",
        "ends_on": "2023-02-01",
    }


@pytest.mark.parametrize("path", ["brands", "brands?count=exact", "crises"])
def test_a_list_costs_as_many_statements_with_twenty_rows_as_with_two(
    reader: Reader, path: str, django_assert_num_queries: Any
) -> None:
    expected = {"brands": 2, "brands?count=exact": 3, "crises": 2}[path]
    for _ in range(2):
        make.published(make.a_breach())
    with django_assert_num_queries(expected):
        reader.json(path)
    for _ in range(18):
        make.published(make.a_breach())
    with django_assert_num_queries(expected):
        reader.json(path)


def test_a_brand_costs_two_statements(reader: Reader, django_assert_num_queries: Any) -> None:
    make.published(make.a_breach("One"))
    with django_assert_num_queries(2):
        reader.json("brands/one")
