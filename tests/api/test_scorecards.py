"""Scorecards: in force, of the past, withdrawn; and their versions."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from brands.models import Brand
from scoring.models import Publication, Snapshot
from scoring.publishing import withdraw
from scoring.scorecards import Scorecard
from tests import factories as make
from tests.api.conftest import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Judge as if it were another day."""

    def set_day(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda: day)

    return set_day


def published_again(brand: Brand, **fields: Any) -> Publication:
    brand.actions.update(statement_en=f"Act {make.number()}.", **fields)
    return make.published(make.touched(brand))


def test_a_scorecard_is_the_stored_document_behind_its_header(reader: Reader) -> None:
    publication = make.published(make.a_breach("Fictia"))
    sent = reader.get("scorecards/fictia:covid-19:v1")
    card = Scorecard(publication.snapshot, publication, "http://127.0.0.1:8000")
    assert sent.content.endswith(card.as_json()[1:])
    record = json.loads(sent.content)
    assert record["etag"] == sent["ETag"]
    assert record["outcome"] == "broken_promise"
    assert sent["X-Method-Version"] == record["method_version"]


def test_a_case_without_a_version_is_the_one_in_force(reader: Reader) -> None:
    brand = make.a_breach("Fictia")
    make.published(brand)
    published_again(brand)
    current, first = reader.json("scorecards/fictia:covid-19"), reader.json("scorecards/fictia:covid-19:v1")
    assert (current["id"], current["state"]) == ("fictia:covid-19:v2", "published")
    assert (first["id"], first["state"]) == ("fictia:covid-19:v1", "superseded")
    assert reader.json("scorecards/fictia:covid-19?version=1") == first


@pytest.mark.parametrize(
    "identifier",
    [
        "fictia",
        "fictia:flood",
        "fictia:covid-19:v2",
        "fictia:covid-19:v0",
        "fictia:covid-19:draft",
        "a:b:c:d",
        ":",
        "v1",
    ],
)
def test_what_was_never_published_is_not_found(reader: Reader, identifier: str) -> None:
    make.published(make.a_breach("Fictia"))
    assert reader.json(f"scorecards/{identifier}", 404)["code"] == "not_found"
    reader.json(f"scorecards/{identifier}/versions", 200 if identifier == "fictia:covid-19:v2" else 404)


def test_the_past_is_asked_for_by_a_day(reader: Reader, on: Any) -> None:
    brand = make.a_breach("Fictia")
    on(date(2021, 1, 10))
    make.published(brand)
    on(date(2021, 3, 1))
    published_again(brand)
    assert reader.json("scorecards/fictia:covid-19?as_of=2021-02-28")["version"] == 1
    assert reader.json("scorecards/fictia:covid-19?as_of=2021-03-01")["version"] == 2
    assert reader.ids("scorecards?as_of=2021-01-10") == ["fictia:covid-19:v1"]
    assert reader.ids("scorecards?as_of=2030-01-01") == ["fictia:covid-19:v2"]
    reader.json("scorecards/fictia:covid-19?as_of=2021-01-09", 404)
    assert reader.ids("scorecards?as_of=2021-01-09") == []


def test_a_withdrawn_version_is_gone_and_says_why(reader: Reader) -> None:
    publication = make.published(make.a_breach("Fictia"))
    withdraw(publication, by=make.an_editor(), reason_en="A source was forged.", reason_fr="Une source était fausse.")
    for identifier in ("fictia:covid-19:v1", "fictia:covid-19"):
        problem = reader.json(f"scorecards/{identifier}", 410)
        assert (problem["code"], problem["detail"]) == ("withdrawn", "A source was forged.")
        assert problem["reason"] == {"en": "A source was forged.", "fr": "Une source était fausse."}
    assert reader.json("scorecards/fictia:covid-19", 410, Accept_Language="fr")["detail"] == "Une source était fausse."
    assert reader.ids("scorecards") == []


def test_the_version_before_a_withdrawn_one_stays_at_its_address_only(reader: Reader) -> None:
    brand = make.a_breach("Fictia")
    make.published(brand)
    withdraw(published_again(brand), by=make.an_editor(), reason_en="A source was forged.")
    assert reader.json("scorecards/fictia:covid-19:v1")["state"] == "superseded"
    reader.json("scorecards/fictia:covid-19", 410)
    assert reader.ids("scorecards") == reader.ids("scorecards?as_of=2100-01-01") == []


def test_versions_are_listed_newest_first_with_what_became_of_them(reader: Reader) -> None:
    brand = make.a_breach("Fictia")
    make.published(brand, note_en="First entry.")
    withdraw(published_again(brand), by=make.an_editor(), reason_en="A source was forged.")
    published_again(brand)
    versions = reader.json("scorecards/fictia:covid-19/versions")["data"]
    assert [(item["version"], item["state"]) for item in versions] == [
        (3, "published"),
        (2, "withdrawn"),
        (1, "superseded"),
    ]
    assert versions[1]["withdrawn_reason"]["en"] == "A source was forged."
    assert versions[1]["outcome"] is None
    assert versions[2]["note"] == {"en": "First entry.", "fr": "First entry."}
    assert versions[2]["outcome"] == "broken_promise"
    assert reader.walk("scorecards/fictia:covid-19:v1/versions?limit=1&sort=version") == [
        f"fictia:covid-19:v{number}" for number in (1, 2, 3)
    ]


def test_a_case_that_was_only_judged_has_no_versions(reader: Reader) -> None:
    make.judged(make.a_breach("Fictia"))
    assert Snapshot.objects.count() == 1
    reader.json("scorecards/fictia:covid-19/versions", 404)
    reader.json("scorecards/fictia:covid-19", 404)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", ["breach", "empty", "kept"]),
        ("brand=kept", ["kept"]),
        ("brand=kept&brand=breach", ["breach", "kept"]),
        ("brand=nobody", []),
        ("crisis=covid-19", ["breach", "empty", "kept"]),
        ("crisis=flood", []),
        ("outcome=aligned", ["kept"]),
        ("outcome=insufficient_evidence&outcome=broken_promise", ["breach", "empty"]),
        ("signal=harm_alert", ["breach"]),
        ("signal=harm_alert&signal=purpose_washing", ["breach"]),
        ("signal=divergent_stakeholders", []),
        ("country=US", ["kept"]),
        ("sector=retail", ["kept"]),
        ("outcome=aligned&country=FR", []),
        ("updated_at__gte=2000-01-01", ["breach", "empty", "kept"]),
        ("updated_at__gte=2100-01-01", []),
        ("sort=-brand", ["kept", "empty", "breach"]),
        ("sort=published_at", ["breach", "kept", "empty"]),
        ("sort=-published_at", ["empty", "kept", "breach"]),
    ],
)
def test_lists_hold_what_their_filters_say(reader: Reader, question: str, found: list[str]) -> None:
    make.published(make.a_breach("Breach"))
    make.published(make.a_kept_promise("Kept", country="US", sector=make.a_sector("retail")))
    make.published(make.an_empty_file("Empty"))
    assert reader.ids(f"scorecards?{question}") == [f"{slug}:covid-19:v1" for slug in found]


def test_scorecards_are_filtered_by_robustness(reader: Reader) -> None:
    card = make.published(make.a_breach("Breach")).snapshot
    other = "fragile" if card.robustness != "fragile" else "robust"
    assert reader.ids(f"scorecards?robustness={card.robustness}") == ["breach:covid-19:v1"]
    assert reader.ids(f"scorecards?robustness={other}") == []


def test_a_list_costs_one_statement_whatever_its_length(reader: Reader, django_assert_num_queries: Any) -> None:
    for _ in range(2):
        make.published(make.a_breach())
    with django_assert_num_queries(1):
        assert len(reader.ids("scorecards")) == 2
    for _ in range(18):
        make.published(make.a_breach())
    with django_assert_num_queries(1):
        assert len(reader.ids("scorecards")) == 20
    with django_assert_num_queries(1):
        reader.json("scorecards?outcome=broken_promise&signal=harm_alert&as_of=2100-01-01")


def test_a_scorecard_costs_one_statement_and_its_versions_two(reader: Reader, django_assert_num_queries: Any) -> None:
    brand = make.a_breach("Fictia")
    make.published(brand)
    published_again(brand)
    with django_assert_num_queries(1):
        reader.json("scorecards/fictia:covid-19")
    with django_assert_num_queries(2):
        reader.json("scorecards/fictia:covid-19/versions")
