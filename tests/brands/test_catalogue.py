"""The shipped catalogue: it loads whole, loading it again changes nothing, and its folder stands for itself."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brands.changes import many_changed
from brands.imports.catalogue import load_catalogue
from brands.imports.report import COUNTS, Report
from brands.imports.rowtypes import OUTCOMES, ROW_TYPES
from brands.models import (
    Action,
    ActionSource,
    Brand,
    BrandProfile,
    Crisis,
    CrisisPhase,
    Event,
    Judgement,
    Promise,
    Proof,
    Sector,
    Source,
)

pytestmark = pytest.mark.django_db

CATALOGUE = Path(__file__).resolve().parent.parent.parent / "brands" / "catalogue"
ROWS = {
    "brands.csv": (Brand, 67),
    "sources.csv": (Source, 373),
    "promises.csv": (Promise, 78),
    "actions.csv": (Action, 195),
    "action_sources.csv": (ActionSource, 321),
    "proofs.csv": (Proof, 236),
    "profiles.csv": (BrandProfile, 67),
    "judgements.csv": (Judgement, 35),
}
reference_data = import_module("brands.migrations.0002_reference_data")


@pytest.fixture
def crisis() -> Crisis:
    reference_data.add_reference_data(apps, None)  # a test that empties tables may have run before
    return Crisis.objects.get(slug="covid-19")


def counts(report: Report) -> dict[str, dict[str, int]]:
    return {one.file: {name: getattr(one, name) for name in COUNTS if getattr(one, name)} for one in report.files}


def test_the_shipped_catalogue_loads_whole(crisis: Crisis) -> None:
    report = load_catalogue(CATALOGUE, crisis)
    assert (report.exit_code, report.written) == (0, True)
    assert counts(report) == {file: {"created": rows} for file, (_, rows) in ROWS.items()}
    assert {file: model._default_manager.count() for file, (model, _) in ROWS.items()} == {
        file: rows for file, (_, rows) in ROWS.items()
    }
    assert set(Event.objects.values_list("kind", flat=True)) == {"evidence.added"}
    assert Event.objects.values("subject").distinct().count() == sum(rows for _, rows in ROWS.values())


def test_loading_it_again_changes_nothing(crisis: Crisis) -> None:
    load_catalogue(CATALOGUE, crisis)
    before = list(Event.objects.values_list("pk")), list(Brand.objects.values_list("pk", "facts_revision", "revision"))
    revisions = list(Action.objects.values_list("pk", "revision", "updated_at"))
    report = load_catalogue(CATALOGUE, crisis)
    assert counts(report) == {file: {"unchanged": rows} for file, (_, rows) in ROWS.items()}
    assert before == (
        list(Event.objects.values_list("pk")),
        list(Brand.objects.values_list("pk", "facts_revision", "revision")),
    )
    assert revisions == list(Action.objects.values_list("pk", "revision", "updated_at"))


def test_every_brand_is_marked_as_due_once_and_woken_once(
    crisis: Crisis, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Any]]]
) -> None:
    woken: list[int] = []

    def listen(brand_ids: list[int], **_: Any) -> None:
        woken.extend(brand_ids)

    others, many_changed.receivers = many_changed.receivers, []
    many_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            load_catalogue(CATALOGUE, crisis)
    finally:
        many_changed.receivers = others
        many_changed.sender_receivers_cache.clear()
    assert sorted(woken) == sorted(Brand.objects.values_list("pk", flat=True))
    assert set(Brand.objects.values_list("facts_revision", flat=True)) == {1}


def test_every_cell_of_the_files_arrives(crisis: Crisis) -> None:
    load_catalogue(CATALOGUE, crisis)
    action = Action.objects.get(key="3m--ford-partnership")
    assert (action.brand.name, action.crisis, action.started, action.country) == ("3M", crisis, "2020-03-24", "US")
    assert (action.substance, action.reach, action.initiative, action.generosity) == ("2", "u", "3", "u")
    assert (action.categories, action.family, action.duration) == (("safety", "new_offer"), "F08", "2")
    assert (action.coding, action.in_founding_article, action.appraisal) == ("adjudicated", True, False)
    proof = action.proofs.get()
    assert (proof.promise, proof.stakeholder, proof.direction, proof.depth, proof.remedy) == (
        *(None, "community", "helps", "0", "0"),
    )
    assert (proof.coding, proof.settlement) == (
        "adjudicated",
        "More output from a respirator maker was to be expected.",
    )
    promise = Promise.objects.get(key="3m--protect-workers")
    assert (promise.stated_on, promise.since, promise.testable) == ("2020-04-13", "2020-04-13", False)
    assert promise.sources.count() == 2
    assert Judgement.objects.get(key="air-france--ufc").source.key.startswith("liberation--")
    assert Action.objects.exclude(duplicate_of=None).count() == 14
    assert ActionSource.objects.get(action=action, independence_group="fox-2-detroit").kind == "independent"


def test_the_codings_mean_what_the_files_say(crisis: Crisis) -> None:
    load_catalogue(CATALOGUE, crisis)
    in_file = [row["settled"] for row in rows_of("proofs.csv")]
    for word, coding in (("agreed", "agreed"), ("adjudicated", "adjudicated"), ("rule_2_7", "reading_rule")):
        assert Proof.objects.filter(coding=coding).count() == in_file.count(word) > 0
    assert set(BrandProfile.objects.values_list("coding", flat=True)) == {"single"}


def test_labels_stand_one_a_line(crisis: Crisis) -> None:
    load_catalogue(CATALOGUE, crisis)
    assert ["mutual", "cooperative"] in [profile.label_list for profile in BrandProfile.objects.all()]


def test_brands_can_be_searched_as_if_they_had_been_saved_one_by_one(crisis: Crisis) -> None:
    load_catalogue(CATALOGUE, crisis)
    for brand in Brand.objects.all():
        loaded = brand.search_text, brand.sort_key
        brand.save()
        assert loaded == (brand.search_text, brand.sort_key)


def test_loading_takes_less_than_ten_seconds_and_a_second_load_less_than_two(crisis: Crisis) -> None:
    start = time.monotonic()
    load_catalogue(CATALOGUE, crisis)
    middle = time.monotonic()
    load_catalogue(CATALOGUE, crisis)
    assert middle - start < 10
    assert time.monotonic() - middle < 2


def test_a_second_load_costs_a_handful_of_queries(crisis: Crisis) -> None:
    load_catalogue(CATALOGUE, crisis)
    with CaptureQueriesContext(connection) as queries:
        load_catalogue(CATALOGUE, crisis)
    assert len(queries) <= 20


def rows_of(file: str) -> list[dict[str, str]]:
    with (CATALOGUE / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_folder_holds_every_file_that_its_description_names() -> None:
    description = (CATALOGUE / "README.md").read_text(encoding="utf-8")
    for row_type in ROW_TYPES:
        if row_type is OUTCOMES:
            continue  # how customers answered is not in the starter catalogue: an installation imports its own
        assert f"`{row_type.file}`" in description
        assert (CATALOGUE / row_type.file).is_file()
        for column in row_type.columns:
            assert column.name in description, f"{row_type.file}: the description does not name {column.name}"


def test_both_codings_have_the_keys_of_what_was_settled() -> None:
    for coder in "ab":
        for name, key in (("actions", "action_slug"), ("promises", "promise_slug")):
            coded = {row[key] for row in rows_of(f"codings/coder_{coder}_{name}.csv")}
            assert coded == {row[key] for row in rows_of(f"{name}.csv")}


# --- Reference data ---------------------------------------------------------------------------------------------------


def test_an_installation_starts_with_the_crisis_its_phases_and_the_sectors(crisis: Crisis) -> None:
    assert (crisis.starts_on.isoformat(), str(crisis.ends_on)) == ("2020-03-01", "2023-05-05")
    for phase in crisis.phases.all():
        assert crisis.starts_on <= phase.starts_on <= phase.ends_on
        assert phase.name_en != phase.name_fr
    assert {row["sector"] for row in rows_of("brands.csv")} == {slug for slug, _, _ in reference_data.SECTORS}
    assert Sector.objects.filter(slug__in=[slug for slug, _, _ in reference_data.SECTORS]).count() == 24


def test_the_reference_data_can_be_taken_back_and_put_back(crisis: Crisis) -> None:
    reference_data.remove_unused_reference_data(apps, None)
    assert not Crisis.objects.filter(slug="covid-19").exists()
    assert not CrisisPhase.objects.exists()
    assert not Sector.objects.filter(slug="insurance").exists()
    reference_data.add_reference_data(apps, None)
    assert Crisis.objects.get(slug="covid-19").phases.count() == len(reference_data.PHASES)
    assert Sector.objects.filter(slug="insurance").exists()


def test_reference_data_in_use_stays_when_the_migration_is_undone(crisis: Crisis) -> None:
    load_catalogue(CATALOGUE, crisis)
    reference_data.remove_unused_reference_data(apps, None)
    assert Crisis.objects.filter(slug="covid-19").exists()
    assert Sector.objects.filter(slug="insurance").exists()


def test_the_migration_leaves_a_sector_that_somebody_renamed(crisis: Crisis) -> None:
    Sector.objects.filter(slug="luxury").update(name_en="Luxury goods")
    reference_data.add_reference_data(apps, None)
    assert Sector.objects.get(slug="luxury").name_en == "Luxury goods"
    assert crisis.phases.count() == len(reference_data.PHASES)
