"""Outcome figures: as published, while the verdict stands, and never as they are being edited."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brands import editing
from brands.models import Brand, OutcomeFigure
from scoring.models import Publication
from scoring.outcomes import publish_figure
from scoring.publishing import withdraw
from tests import factories as make
from tests.api.conftest import Reader
from tests.scoring.figures import a_change, a_figure, an_ended_crisis

pytestmark = pytest.mark.django_db


@pytest.fixture
def verdict() -> Publication:
    an_ended_crisis()
    return make.published(make.a_breach("Specimen"))


@pytest.fixture
def brand(verdict: Publication) -> Brand:
    return verdict.assessment.brand


def test_a_figure_is_there_once_it_is_published(reader: Reader, brand: Brand) -> None:
    figure = a_figure(brand, "12.5")
    assert reader.ids("outcomes") == []
    reader.json(f"outcomes/{figure.key}", 404)
    publish_figure(figure, by=make.an_editor())
    [record] = reader.json("outcomes")["data"]
    assert (record["id"], record["brand"], record["crisis"]) == (figure.key, "specimen", "covid-19")
    assert (record["kind"], record["value"], record["unit"], record["measured_on"]) == (
        "nps",
        "12.50",
        "points",
        "2019-12",
    )
    assert record["source"]["url"] == figure.source.url
    assert reader.json(f"outcomes/{figure.key}") == record
    assert reader.get(record["html_url"].partition("/en/")[2].join(("/en/", ""))).status_code == 200


def test_an_edit_is_not_told_before_it_is_published_again(reader: Reader, brand: Brand) -> None:
    before, _after = a_change(brand, "1", "2")
    OutcomeFigure.objects.filter(pk=before.pk).update(value="-73.25", series="Secret", revision=2)
    assert b"-73.25" not in reader.get(f"outcomes/{before.key}").content
    assert b"Secret" not in reader.get("outcomes").content
    publish_figure(before, by=make.an_editor())
    assert reader.json(f"outcomes/{before.key}")["value"] == "-73.25"


@pytest.mark.parametrize("gone", ["figure", "source", "verdict"])
def test_what_is_withdrawn_is_gone(reader: Reader, brand: Brand, verdict: Publication, gone: str) -> None:
    figure, editor = a_figure(brand, "1"), make.an_editor()
    publish_figure(figure, by=editor)
    assert reader.ids("outcomes") == [figure.key]
    if gone == "verdict":
        withdraw(verdict, by=editor, reason_en="Misread.", reason_fr="Mal lu.")
    else:
        editing.withdraw([figure if gone == "figure" else figure.source], by=editor, reason="Printed in error.")
    assert reader.ids("outcomes") == []
    reader.json(f"outcomes/{figure.key}", 404)


def test_figures_are_filtered_by_brand_crisis_and_kind_and_nothing_else(reader: Reader, brand: Brand) -> None:
    mine = {figure.key for figure in a_change(brand, "1", "2")}
    other = make.published(make.a_breach("Other")).assessment.brand
    theirs = {figure.key for figure in a_change(other, "1", "2", kind="churn")}
    assert set(reader.ids("outcomes?brand=specimen")) == mine
    assert set(reader.ids("outcomes?kind=churn")) == theirs
    assert set(reader.ids("outcomes?kind=churn&kind=nps&crisis=covid-19")) == mine | theirs
    assert reader.ids("outcomes?crisis=elsewhere") == []
    assert reader.json("outcomes?kind=happiness", 400)["errors"]
    reader.json("outcomes?published_by=1", 400)


@pytest.mark.parametrize("sort", ["id", "-id"])
def test_the_pages_together_are_the_list(reader: Reader, brand: Brand, sort: str) -> None:
    for number in range(2):
        a_change(brand, str(number), "2", series=f"Series {number}")
    whole = reader.ids(f"outcomes?sort={sort}")
    assert len(whole) == len(set(whole)) == 4
    assert reader.walk(f"outcomes?sort={sort}&limit=1") == whole


def test_a_known_list_is_not_sent_twice_and_a_new_figure_changes_its_tag(reader: Reader, brand: Brand) -> None:
    a_change(brand, "1", "2")
    before = reader.get("outcomes")["ETag"]
    assert reader.get("outcomes", If_None_Match=before).status_code == 304
    a_change(brand, "3", "4", series="Another")
    assert reader.get("outcomes", If_None_Match=before).status_code == 200


def test_fields_and_language_shape_the_answer(reader: Reader, brand: Brand) -> None:
    a_change(brand, "1", "2", note_en="By phone.", note_fr="Par téléphone.")
    [record, _other] = reader.json("outcomes?fields=note,value&lang=fr")["data"]
    assert (record.keys(), record["note"]) == ({"id", "note", "value"}, "Par téléphone.")


def test_a_list_costs_the_same_whatever_its_length(reader: Reader, brand: Brand) -> None:
    counts: list[Any] = []
    for number in range(3):
        a_change(brand, "1", "2", series=f"Series {number}")
        with CaptureQueriesContext(connection) as queries:
            reader.json("outcomes")
        counts.append(len(queries))
    assert counts[0] == counts[-1] <= 3
