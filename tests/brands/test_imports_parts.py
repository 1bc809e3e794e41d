"""The small pieces that planning and recording rest on, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brands.changes import Change, record_changes
from brands.imports import planning
from brands.imports.columns import CellError, countries, languages
from brands.imports.planning import described, in_portions, loops, touched
from brands.imports.report import UNUSABLE, FileReport, Problem, Report, shown
from brands.imports.rowtypes import BY_FILE, ROW_TYPES, SECTORS, RowType
from brands.models import Action, ActionSource, Brand, Event, Source
from tests import factories as make
from tests.brands.catalogue_files import RIGHT, Folder, fates, header

# --- The tables of row types ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=lambda row_type: row_type.file)
def test_each_table_fits_its_model(row_type: RowType) -> None:
    columns = {column.name: column for column in row_type.columns}
    fields = {field.name: field for field in row_type.model._meta.get_fields()}
    assert len(columns) == len(row_type.columns)
    assert set(row_type.key) <= set(columns)
    assert {column.field for column in row_type.columns if column.field} <= set(fields)
    assert set(row_type.many) == {name for name in row_type.many if fields[name].many_to_many}
    for column in row_type.columns:
        relation = column.field and fields[column.field].is_relation
        assert bool(column.refers) == bool(relation), f"{row_type.file}: {column.name}"


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=lambda row_type: row_type.file)
def test_what_a_row_names_stands_in_an_earlier_file_or_in_its_own(row_type: RowType) -> None:
    earlier = {SECTORS, *(other.file for other in ROW_TYPES[: ROW_TYPES.index(row_type) + 1])}
    assert {column.refers for column in row_type.columns if column.refers} <= earlier


@pytest.mark.parametrize("file", sorted(RIGHT))
def test_cells_that_may_not_be_empty_are_those_that_the_database_needs(file: str) -> None:
    """A field without a default that cannot be blank must be required, or saving would fail where checking passed."""
    for column in BY_FILE[file].columns:
        field: Any = BY_FILE[file].model._meta.get_field(column.field) if column.field else None
        if field is None or field.blank or field.has_default():
            continue
        assert column.required, f"{file}: {column.name}"


def test_the_right_rows_of_these_tests_name_only_columns_that_exist() -> None:
    for file, row in RIGHT.items():
        assert set(row) <= set(header(file))


# --- Lists of codes ---------------------------------------------------------------------------------------------------


def test_countries_are_those_of_iso_3166_with_zz_for_several() -> None:
    assert {"FR", "GB", "US", "ZA", "ZZ"} <= countries()
    assert not {"UK", "EN", "419", "001"} & countries()


def test_languages_are_known_by_two_or_three_letters() -> None:
    assert {"fr", "en", "da", "gsw"} <= languages()
    assert not {"xx", "FR", "french"} & languages()


def test_each_error_of_a_cell_has_a_code_and_a_message() -> None:
    with pytest.raises(CellError) as caught:
        BY_FILE["proofs.csv"].columns[1].read("clients")
    assert caught.value.code == "unknown_code"
    assert "customers, employees, partners, community, environment" in caught.value.message


# --- Loops and portions -----------------------------------------------------------------------------------------------


def on_a_circle(start: str, originals: dict[str, str]) -> bool:
    """The slow and obvious way: walk as many steps as there are keys, and see whether one comes back."""
    here = originals.get(start)
    for _ in originals:
        if here == start:
            return True
        here = originals.get(here or "")
    return False


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefghxyz")))
def test_loops_are_the_keys_that_lead_back_to_themselves(originals: dict[str, str]) -> None:
    assert loops(originals) == {key for key in originals if on_a_circle(key, originals)}


def test_a_chain_of_twenty_thousand_duplicates_is_walked_once() -> None:
    chain = {str(number): str(number + 1) for number in range(20_000)}
    assert loops(chain) == set()
    assert len(loops({**chain, "20000": "0"})) == 20_001


@given(st.lists(st.integers(), max_size=50))
def test_portions_hold_everything_in_order(values: list[int]) -> None:
    assert [value for portion in in_portions(values) for value in portion] == values


@pytest.mark.django_db
def test_a_load_in_several_portions_is_the_same_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "VALUES_A_QUERY", 2)
    folder = Folder(tmp_path).put_all()
    names = [f"s-{number}" for number in range(7)]
    folder.put("sources", {}, *({"source_slug": name, "url": f"https://example.org/{name}"} for name in names))
    folder.put("promises", {"source_slugs": "|".join(["daily-1", *names])})
    assert fates(folder.load())["sources"] == {"created": 8}
    assert set(map(str, fates(folder.load()).values())) == {"{'unchanged': 1}", "{'unchanged': 8}"}


# --- What the log is about --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"substance": ["1", "2"]}, {"action"}),
        ({}, {"action"}),
        ({"proofs.customers:helps.depth": ["1", "2"]}, {"action proofs.customers:helps"}),
        (
            {"substance": ["1", "2"], "source_links.daily-1.kind": ["primary", "interested"]},
            {"action", "action source_links.daily-1"},
        ),
    ],
)
def test_a_line_of_the_log_is_about_the_record_or_the_parts_that_it_names(
    changes: dict[str, Any], about: set[str]
) -> None:
    assert touched("action", changes) == about


@pytest.mark.django_db
def test_values_are_logged_as_people_name_them() -> None:
    source, brand = make.a_source(key="daily"), make.a_brand("Fictia")
    assert described(brand) == "fictia"
    assert described((make.a_source(key="a-daily"), source)) == ["a-daily", "daily"]
    assert described(Decimal("12.5")) == described(Decimal("12.500")) == "12.50"
    assert described(("safety", "care")) == ["safety", "care"]
    assert [described(value) for value in (None, "", False, "u", ())] == [None, "", False, "u", []]


# --- Recording many changes -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_many_changes_are_recorded_with_the_promises_of_one(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]],
) -> None:
    first, second = make.a_brand(), make.a_brand()
    source, actor = make.a_source(key="daily"), make.an_analyst()
    lines = [
        Change("evidence.corrected", first, frozenset({first.pk}), {"name": ["a", "b"]}, "asked by the brand"),
        Change("evidence.corrected", first, frozenset({first.pk}), {"country": ["FR", "DE"]}),
        Change("evidence.corrected", source, frozenset({first.pk, second.pk}), {"title": ["a", "b"]}),
    ]
    with django_capture_on_commit_callbacks() as wakes:
        record_changes(lines, actor=actor)
    written = list(Event.objects.order_by("id").values_list("kind", "brand", "subject", "actor", "reason"))
    assert written == [
        ("evidence.corrected", first.pk, f"brands.brand:{first.pk}", actor.pk, "asked by the brand"),
        ("evidence.corrected", first.pk, f"brands.brand:{first.pk}", actor.pk, ""),
        ("evidence.corrected", None, "brands.source:daily", actor.pk, ""),
    ]
    assert [Brand.objects.get(pk=brand.pk).facts_revision for brand in (first, second)] == [1, 1]
    assert len(wakes) == 2


@pytest.mark.django_db
def test_recording_nothing_writes_nothing() -> None:
    brand = make.a_brand()
    record_changes([])
    brand.refresh_from_db()
    assert (Event.objects.count(), brand.facts_revision) == (0, 0)


# --- Columns that may be left out -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_columns_that_may_be_left_out_are_taken_where_they_stand(tmp_path: Path) -> None:
    folder = Folder(tmp_path).put_all()
    folder.put("brands", {"website": "https://fictia.example", "aliases": "FCT"})
    folder.put("sources", {"passage": "“We pay,” it said."}).put("actions", {"disputed": "yes"})
    folder.put("action_sources", {"locator": "p. 4"})
    assert folder.load().written
    assert (Brand.objects.get().website, Brand.objects.get().alias_list) == ("https://fictia.example", ["FCT"])
    assert Source.objects.get().passage == "“We pay,” it said."
    assert Action.objects.get().disputed
    assert ActionSource.objects.get().locator == "p. 4"


# --- The report -------------------------------------------------------------------------------------------------------


def test_a_problem_names_only_what_it_knows() -> None:
    assert str(Problem("a.csv", 3, "su", "x", "Mend it.")) == "a.csv, row 3, column su – Mend it."
    assert str(Problem("a.csv", 3, "", "x", "Mend it.")) == "a.csv, row 3 – Mend it."
    assert str(Problem("a.csv", 0, "", "x", "Mend it.")) == "a.csv – Mend it."


def test_an_unusable_file_outweighs_rejected_rows_and_those_outweigh_kept_ones() -> None:
    problem = Problem("a.csv", 3, "su", "x", "Mend it.")
    report = Report("covid-19", files=[FileReport("a.csv", created=2, kept=1)], kept=[problem])
    assert (report.exit_code, report.of("a.csv").rows) == (0, 3)
    report.rejected.append(problem)
    assert report.exit_code == 1
    report.unusable.append(problem)
    assert report.exit_code == UNUSABLE == 2


def test_a_cell_is_shown_cut_and_harmless() -> None:
    assert shown("Renée") == "Renée"
    assert shown("a\tb\x1b[2J") == "a\\u0009b\\u001b[2J"
    assert shown("x" * 61) == "x" * 59 + "…"
