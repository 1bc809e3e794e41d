"""Partial dates and sets of codes: what is accepted, what is refused, and how both are stored."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from brands.codes import Stakeholder
from brands.fields import CodeSetField, PartialDateField, first_day, parse_partial_date


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2020", "2020"),
        ("2020-04", "2020-04"),
        ("2020-04-13", "2020-04-13"),
        (" 2020-04-13 ", "2020-04-13"),
        ("13/04/2020", "2020-04-13"),
        ("4/2020", "2020-04"),
        ("04/04/2020", "2020-04-04"),
    ],
)
def test_the_usual_ways_to_write_a_date_are_understood(typed: str, stored: str) -> None:
    assert parse_partial_date(typed) == stored


@pytest.mark.parametrize("typed", ["2020-13", "2020-02-30", "April 2020", "20-04-13", "2020-4-1", "٢٠٢٠", "0000"])
def test_what_is_not_a_date_is_refused_by_name(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        parse_partial_date(typed)
    assert typed in refusal.value.messages[0]


def test_a_date_that_could_be_read_two_ways_is_asked_about_and_never_guessed() -> None:
    with pytest.raises(ValidationError) as refusal:
        parse_partial_date("03/04/2020")
    assert refusal.value.code == "ambiguous_date"


@pytest.mark.parametrize(("stored", "first"), [("2020", date(2020, 1, 1)), ("2020-04", date(2020, 4, 1))])
def test_a_partial_date_begins_on_its_first_possible_day(stored: str, first: date) -> None:
    assert first_day(stored) == first


def test_a_model_field_refuses_a_date_that_is_not_in_its_stored_form() -> None:
    field = PartialDateField(blank=True)
    field.run_validators("2020-04")
    with pytest.raises(ValidationError):
        field.run_validators("04/2020")


def test_a_set_of_codes_is_kept_in_the_order_of_its_list() -> None:
    field = CodeSetField(codes=Stakeholder)
    assert field.to_python(["community", "customers"]) == ("customers", "community")
    assert field.get_prep_value(["community", "customers"]) == "|customers|community|"
    assert field.from_db_value("|customers|community|", None, None) == ("customers", "community")
    assert field.get_prep_value(()) == ""


def test_an_unknown_code_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(ValidationError) as refusal:
        CodeSetField(codes=Stakeholder).to_python(["clients"])
    assert "clients" in refusal.value.messages[0]
    assert "customers" in refusal.value.messages[0]
