"""Versions, and what moved between two of them."""

from __future__ import annotations

import pytest
from django.test import Client

from brands.models import Brand
from cxalign.pages.history import told
from scoring.differences import Change, Difference
from scoring.publishing import withdraw
from tests import factories as make
from tests.pages.test_scorecard import case, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    """Version 1 a breach, version 2 the same act read as a kept promise, with one more act."""
    brand = make.a_breach("Fictia")
    make.published(brand)
    brand.actions.get().proofs.update(direction="helps", depth="0")
    make.a_proof(make.an_action(brand, statement_en="Gave masks."), stakeholder="community")
    make.published(make.touched(brand), cause="evidence_corrected", note_en="A letter came to light.")
    return brand


def test_every_version_is_listed_newest_first_with_its_cause(client: Client, brand: Brand) -> None:
    page = client.get(case(brand, "history/"))
    text = text_of(page)
    assert (
        "Evidence corrected : A letter came to light." in text or "Evidence corrected: A letter came to light." in text
    )
    assert "First entry" in text
    html = page.content.decode()
    assert html.index("covid-19/v2/") < html.index("covid-19/v1/")


def test_there_is_no_history_without_a_version(client: Client, brand: Brand) -> None:
    assert client.get(case(make.a_kept_promise("Nova"), "history/")).status_code == 404
    assert client.get(case(brand, "history/")).status_code == 200


def test_a_withdrawn_version_stays_in_the_history_with_its_reason(client: Client, brand: Brand) -> None:
    publication = brand.assessments.get().publications.get(version=1)
    withdraw(publication, by=make.an_editor(), reason_en="A source was misread.")
    text = text_of(client.get(case(brand, "history/")))
    assert "Withdrawn on" in text
    assert "A source was misread." in text
    assert "since the first version" in text, "a withdrawn version is no turning point"
    assert "went from" not in text


def test_with_every_version_withdrawn_the_history_stays_readable(client: Client, brand: Brand) -> None:
    for publication in brand.assessments.get().publications.all():
        withdraw(publication, by=make.an_editor(), reason_en="Wrong.")
    page = client.get(case(brand, "history/"))
    assert page.status_code == 200
    assert text_of(page).count("Withdrawn on") == 2


def test_the_difference_tells_verdict_indices_and_evidence(client: Client, brand: Brand) -> None:
    text = text_of(client.get(case(brand, "history/1..2/")))
    assert "From version 1 to version 2" in text
    assert "Broken promise Aligned" in text
    assert "Delivery −67 67 (+134)" in text
    assert "Gave masks." in text
    assert "Added" in text


def test_asked_the_wrong_way_round_the_older_version_comes_first(client: Client, brand: Brand) -> None:
    assert "From version 1 to version 2" in text_of(client.get(case(brand, "history/2..1/")))


@pytest.mark.parametrize("pair", ["1..1", "1..9", "8..9"])
def test_a_version_that_is_not_there_has_no_difference(client: Client, brand: Brand, pair: str) -> None:
    assert client.get(case(brand, f"history/{pair}/")).status_code == 404


def test_a_withdrawn_version_is_compared_with_nothing(client: Client, brand: Brand) -> None:
    withdraw(brand.assessments.get().publications.get(version=1), by=make.an_editor(), reason_en="Wrong.")
    assert client.get(case(brand, "history/1..2/")).status_code == 410


def test_versions_that_say_the_same_say_so(client: Client) -> None:
    brand = make.a_kept_promise("Fictia")
    make.published(brand)
    make.a_crisis()
    brand.name = "Fictia Group"  # the scorecard changes, the facts of the case do not
    brand.save()
    make.published(make.touched(brand))
    assert "are the same in both versions" in text_of(client.get(case(brand, "history/1..2/")))


def test_values_are_told_in_words() -> None:
    changes = [
        Change("outcome", "aligned", "no_promise"),
        Change("reason", None, "partial"),
        Change("testable", True, False),
        Change("stakeholders", ["customers"], []),
        Change("since", "2018-04", "2018"),
        Change("statement", {"en": "Paid.", "fr": "A payé."}, {"en": "Gave.", "fr": "A donné."}),
        Change("a_field_of_tomorrow", "x", "y"),
    ]
    lines = told(Difference(changes, [], [])).verdict
    assert [(line.before, line.after) for line in lines] == [
        ("Aligned", "No promise on file"),
        ("–", "in part only"),
        ("yes", "no"),
        ("Customers", "–"),
        ("April 2018", "2018"),
        ("Paid.", "Gave."),
        ("x", "y"),
    ]


def test_an_index_that_is_not_defined_is_told_as_such() -> None:
    (line,) = told(Difference([], [Change("purpose_washing", None, 67)], [])).indices
    assert (line.before, line.after, line.step) == ("not defined", "67", None)


def test_a_difference_across_several_versions_lists_the_cause_of_each() -> None:
    brand = make.a_kept_promise("Fictia")
    make.published(brand)
    for cause, note in (("evidence_corrected", "A date was wrong."), ("error_of_ours", "We misread a source.")):
        brand.actions.update(statement_en=f"Paid {make.number()} claims.")
        make.published(make.touched(brand), cause=cause, note_en=note)
    page = Client().get("/en/brands/fictia/covid-19/history/1..3/").content.decode()
    for words in ("evidence corrected", "A date was wrong.", "error of ours", "We misread a source."):
        assert words in page
    last = Client().get("/en/brands/fictia/covid-19/history/2..3/").content.decode()
    assert "A date was wrong." not in last
    assert "We misread a source." in last
