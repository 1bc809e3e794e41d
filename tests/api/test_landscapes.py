"""The landscape and the comparison as programs get them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from scoring.models import Snapshot
from scoring.publishing import publish, withdraw
from scoring.rescoring import score_brand
from tests import factories as make
from tests.api.conftest import Reader
from tests.pages.landscapes import copies_of, five_brands

pytestmark = pytest.mark.django_db

LANDSCAPE = "landscapes/covid-19"


def slugs(record: dict[str, Any]) -> list[str]:
    return [brand["slug"] for brand in record["brands"]]


# --- The landscape ----------------------------------------------------------------------------------------------------


def test_a_landscape_counts_places_and_tells(reader: Reader) -> None:
    five_brands()
    record = reader.json(LANDSCAPE)
    assert (record["id"], record["recorded"], record["assessed"]) == ("covid-19", 5, 3)
    assert record["counts"]["broken_promise"] == 2
    assert record["counts"]["not_assessed"] == 1
    assert record["takeaway"] == {"en": "Five brands recorded", "fr": "Cinq marques enregistrées"}
    assert len(record["cells"]) == 15
    full = {(cell["reach"], cell["rootedness"]): cell["brands"] for cell in record["cells"] if cell["brands"]}
    assert full == {(-2, "one_off"): ["abe", "ada"], (0, "one_off"): ["bea"]}
    assert [cell["too_narrow"] for cell in record["cells"]].count(True) == 1
    unplaced = {group["reason"]: group["brands"] for group in record["not_placed"]}
    assert unplaced == {
        "no_gap": [],
        "insufficient_evidence": ["cid"],
        "no_promise": [],
        "under_review": [],
        "not_assessed": ["dee"],
    }


def test_each_brand_brings_what_places_it(reader: Reader) -> None:
    five_brands()
    brands = {brand["slug"]: brand for brand in reader.json(LANDSCAPE)["brands"]}
    ada, dee = brands["ada"], brands["dee"]
    assert (ada["state"], ada["archetype"], ada["reach"], ada["version"]) == ("broken_promise", "broken_promise", -2, 1)
    assert ada["weakest"] == {"stakeholders": ["customers"], "gap": -2}
    assert ada["signals"] == ["harm_alert"]
    assert ada["scorecard"] == "ada:covid-19:v1"
    results = {row["stakeholder"]: row["result"] for row in ada["coverage"]}
    assert results == {
        "customers": -2,
        "employees": None,
        "partners": None,
        "community": None,
        "environment": None,
    }
    assert dee.keys() == ada.keys()
    assert (dee["state"], dee["archetype"], dee["reach"], dee["evidence"]) == ("not_assessed", None, None, None)


def test_it_says_what_the_scorecards_say(reader: Reader) -> None:
    five_brands()
    for brand in reader.json(LANDSCAPE)["brands"]:
        if brand["scorecard"]:
            card = reader.json(f"scorecards/{brand['scorecard']}")
            assert (brand["reach"], brand["rootedness"]) == (card["reach"], card["rootedness"])
            assert [row["result"] for row in brand["coverage"]] == [row["result"] for row in card["coverage"]]
            assert brand["evidence"]["proofs"] == card["evidence"]["proofs"]


def test_drafts_and_withdrawn_verdicts_are_not_on_it(reader: Reader) -> None:
    make.published(make.a_kept_promise("Bea"))
    make.judged(make.a_breach("Hidden"))
    gone = make.published(make.a_breach("Gone"))
    withdraw(gone, by=make.an_editor(), reason_en="Wrong.", reason_fr="Faux.")
    assert slugs(reader.json(LANDSCAPE)) == ["bea"]


@pytest.mark.parametrize("slug", ["nowhere", "flood"])
def test_a_crisis_without_a_verdict_is_not_found(reader: Reader, slug: str) -> None:
    five_brands()
    make.a_crisis("flood", name_en="Flood", name_fr="Crue", starts_on=date(2024, 1, 1))
    assert reader.json(f"landscapes/{slug}", 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("query", "brands"),
    [
        ("brand=ada&brand=dee", ["ada", "dee"]),
        ("outcome=broken_promise", ["abe", "ada"]),
        ("outcome=not_assessed", ["dee"]),
        ("outcome=not_assessed&outcome=aligned", ["bea", "dee"]),
        ("outcome=under_review", []),
        ("signal=harm_alert", ["abe", "ada"]),
        ("signal=divergent_stakeholders", []),
        ("country=GB", ["ada"]),
        ("sector=banking", []),
        ("updated_at__gte=2999-01-01", []),
        ("as_of=2001-01-01", ["abe", "ada", "bea", "cid", "dee"]),
    ],
)
def test_filters_narrow_it(reader: Reader, query: str, brands: list[str]) -> None:
    five_brands()
    assert slugs(reader.json(f"{LANDSCAPE}?{query}")) == brands


def test_the_past_is_asked_for_by_a_day(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: date(2021, 1, 10))
    brand = make.a_breach("Ada")
    make.published(brand)
    monkeypatch.setattr(timezone, "localdate", lambda: date(2022, 1, 10))
    brand.actions.get().proofs.update(direction="helps", depth="0")
    make.published(make.touched(brand))
    assert reader.json(LANDSCAPE)["brands"][0]["state"] == "aligned"
    assert reader.json(f"{LANDSCAPE}?as_of=2021-06-01")["brands"][0]["state"] == "broken_promise"


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("colour=red", "colour", "unknown_parameter"),
        ("outcome=best", "outcome", "unknown_value"),
        ("signal=loud", "signal", "unknown_value"),
        ("country=france", "country", "invalid_value"),
        ("as_of=yesterday", "as_of", "invalid_value"),
        ("limit=10", "limit", "unknown_parameter"),
        ("fields=colour", "fields", "unknown_field"),
    ],
)
def test_what_it_does_not_know_is_refused_by_name(reader: Reader, query: str, parameter: str, code: str) -> None:
    five_brands()
    problem = reader.json(f"{LANDSCAPE}?{query}", 400)
    assert [(one["parameter"], one["code"]) for one in problem["errors"]] == [(parameter, code)]


def test_it_is_not_sent_twice_and_a_new_version_is(reader: Reader) -> None:
    brand = make.a_breach("Ada")
    make.published(brand)
    first = reader.get(LANDSCAPE)
    assert reader.get(LANDSCAPE, If_None_Match=first["ETag"]).status_code == 304
    assert reader.get(f"{LANDSCAPE}?country=FR", If_None_Match=first["ETag"]).status_code == 200
    brand.actions.update(statement_en="Refused.")
    make.published(make.touched(brand))
    again = reader.get(LANDSCAPE, If_None_Match=first["ETag"])
    assert (again.status_code, again["X-Method-Version"]) == (200, first["X-Method-Version"])


def test_fields_and_language_make_it_smaller(reader: Reader) -> None:
    five_brands()
    record = reader.json(f"{LANDSCAPE}?fields=takeaway,recorded&lang=fr")
    assert record == {"id": "covid-19", "takeaway": "Cinq marques enregistrées", "recorded": 5}


def test_it_costs_the_same_number_of_queries_whatever_its_size(
    reader: Reader, django_assert_max_num_queries: Any
) -> None:
    first = make.published(make.a_breach("Ada"))
    counted = []
    for more in (1, 25):
        copies_of(first, more, f"Copy {more}")
        with django_assert_max_num_queries(6) as queries:
            reader.json(LANDSCAPE)
        counted.append(len(queries))
    assert counted[0] == counted[1]


# --- The comparison ---------------------------------------------------------------------------------------------------


def rows(record: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["group"], row["code"]): row for row in record["rows"]}


def test_brands_stand_side_by_side_in_the_order_asked_for(reader: Reader) -> None:
    five_brands()
    record = reader.json("comparisons?brand=bea&brand=ada&brand=dee")
    assert slugs(record) == ["bea", "ada", "dee"]
    assert record["crisis"]["slug"] == "covid-19"
    found = rows(record)
    assert found["verdict", "outcome"]["values"] == ["aligned", "broken_promise", "not_assessed"]
    assert found["robustness", "robustness"]["values"][2] is None
    assert found["rootedness", "reach"]["values"] == [0, -2, None]
    gaps = found["gaps", "employees"]["values"]
    assert [gap and gap["result"] for gap in gaps] == [None, None, None]
    assert [gap and gap["status"] for gap in gaps] == ["undocumented", "undocumented", None]
    assert record["warnings"] == []


def test_a_row_says_whether_it_differs(reader: Reader) -> None:
    five_brands()
    found = rows(reader.json("comparisons?brand=abe&brand=ada"))
    assert found["verdict", "outcome"]["differs"] is False
    found = rows(reader.json("comparisons?brand=abe&brand=bea"))
    assert found["verdict", "outcome"]["differs"] is True


def test_what_makes_them_hard_to_compare_is_said_in_both_languages(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: date(2021, 1, 10))
    make.published(make.a_breach("Ada"))
    monkeypatch.setattr(timezone, "localdate", lambda: date(2021, 4, 10))
    make.published(make.a_kept_promise("Bea"))
    assert reader.json("comparisons?brand=ada&brand=bea")["warnings"] == []
    monkeypatch.setattr(timezone, "localdate", lambda: date(2021, 4, 11))
    make.published(make.a_kept_promise("Cid"))
    (warning,) = reader.json("comparisons?brand=ada&brand=cid")["warnings"]
    assert warning["code"] == "as_of_differs"
    assert warning["text"]["fr"] == "Plus de 90 jours séparent ces verdicts."


def test_without_a_crisis_it_is_the_one_in_which_most_were_judged(reader: Reader) -> None:
    five_brands()
    wet = make.a_brand("Wet")
    flood = make.a_crisis("flood", name_en="Flood", name_fr="Crue", starts_on=date(2024, 1, 1))
    make.a_proof(make.an_action(wet, flood, started="2024-02-01"), make.a_promise(wet))
    (snapshot,) = score_brand(make.touched(wet))
    publish(snapshot.assessment, by=make.an_editor())
    record = reader.json("comparisons?brand=wet&brand=ada&brand=bea")
    assert record["crisis"]["slug"] == "covid-19"
    assert [brand["crisis"] for brand in record["brands"]] == ["flood", "covid-19", "covid-19"]
    assert [warning["code"] for warning in record["warnings"]] == ["crisis_differs"]
    record = reader.json("comparisons?brand=wet&brand=ada&crisis=covid-19")
    assert [brand["state"] for brand in record["brands"]] == ["not_assessed", "broken_promise"]


@pytest.mark.parametrize("query", ["", "brand=ada", "brand=ada&brand=ada", "&".join(f"brand=b{n}" for n in range(6))])
def test_fewer_than_two_and_more_than_five_are_refused(reader: Reader, query: str) -> None:
    five_brands()
    problem = reader.json(f"comparisons?{query}", 400)
    assert problem["errors"][0]["parameter"] == "brand"


@pytest.mark.parametrize(
    "query", ["brand=ada&brand=hidden", "brand=ada&brand=nobody", "brand=ada&brand=bea&crisis=nowhere"]
)
def test_brands_that_are_not_public_do_not_exist(reader: Reader, query: str) -> None:
    five_brands()
    make.judged(make.a_breach("Hidden"))
    assert reader.json(f"comparisons?{query}", 404)["code"] == "not_found"


def test_an_unknown_parameter_of_a_comparison_is_named(reader: Reader) -> None:
    five_brands()
    problem = reader.json("comparisons?brand=ada&brand=bea&b=x", 400)
    assert problem["errors"][0]["parameter"] == "b"


def test_a_comparison_is_not_sent_twice(reader: Reader) -> None:
    five_brands()
    first = reader.get("comparisons?brand=ada&brand=bea")
    assert reader.get("comparisons?brand=ada&brand=bea", If_None_Match=first["ETag"]).status_code == 304
    assert reader.get("comparisons?brand=bea&brand=ada", If_None_Match=first["ETag"]).status_code == 200


def test_five_cost_as_many_queries_as_two(reader: Reader, django_assert_max_num_queries: Any) -> None:
    copies_of(make.published(make.a_breach("Ada")), 5)
    counted = []
    for count in (2, 5):
        names = "&".join(f"brand=copy-{number:03}" for number in range(count))
        with django_assert_max_num_queries(6) as queries:
            reader.json(f"comparisons?{names}")
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_old_snapshots_are_placed_from_their_documents(reader: Reader) -> None:
    publication = make.published(make.a_breach("Ada"))
    copy = Snapshot.objects.get(pk=publication.snapshot_id)
    copy.pk, copy.position, copy.sequence, copy._state.adding = None, None, 2, True
    copy.save()
    publication.assessment.publications.update(snapshot=copy)
    assert reader.json(LANDSCAPE)["brands"][0]["reach"] == -2
