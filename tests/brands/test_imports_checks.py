"""Each way in which a row can be wrong: named with file, row, column and code, beside the same row when it is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from brands.models import Action, Brand, Event, Promise, Proof, Source
from tests import factories as make
from tests.brands.catalogue_files import Folder, fates, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).put_all()


CELLS = [
    # file, column, a cell that is refused, its code, a cell in its place that is taken
    ("brands", "brand_slug", "", "missing_value", "fictia"),
    ("brands", "brand_slug", "Fictia & Co", "invalid_key", "fictia"),
    ("brands", "name", "", "missing_value", "Fictia"),
    ("brands", "name", "x" * 121, "too_long", "x" * 120),
    ("brands", "name", "Fic\x00tia", "control_character", "Fictia"),
    ("brands", "name", "Fic\x1b[31mtia", "control_character", "Fic[31mtia"),
    ("brands", "entity_type", "company", "unknown_code", "collective"),
    ("brands", "country", "UK", "unknown_code", "GB"),
    ("brands", "country", "fr", "unknown_code", "FR"),
    ("brands", "sector", "finance", "unknown_reference", "insurance"),
    ("brands", "seed_article", "maybe", "unknown_code", "yes"),
    ("sources", "url", "javascript:alert(1)", "invalid_address", "https://example.org/é?q=1"),
    ("sources", "url", "ftp://example.org/x", "invalid_address", "http://example.org/x"),
    ("sources", "url", "https://example.org/" + "x" * 1000, "too_long", "https://example.org/" + "x" * 980),
    ("sources", "published_on", "2020-02-30", "invalid_date", "2020-02-29"),
    ("sources", "published_on", "2020-13-01", "invalid_date", "2020-12-01"),
    ("sources", "published_on", "04/05/2020", "ambiguous_date", "13/05/2020"),
    ("sources", "published_on", "last spring" * 50, "invalid_date", "2020-05-13"),
    ("sources", "published_on_precision", "decade", "unknown_code", "day"),
    ("sources", "source_type", "blog", "unknown_code", "court"),
    ("sources", "language", "english", "unknown_code", "en"),
    ("promises", "st", "4", "unknown_code", "3"),
    ("promises", "st", "-1", "unknown_code", "u"),
    ("promises", "weight", "heavy", "unknown_code", "context"),
    ("promises", "stakeholders", "", "missing_value", "customers"),
    ("promises", "stakeholders", "customers|shareholders", "unknown_code", "environment|customers"),
    ("promises", "promise_slug", "duty", "reserved_key", "fictia--first"),
    ("brands", "brand_slug", "Compare", "reserved_key", "fictia"),
    ("promises", "brand_slug", "nobody", "unknown_reference", "fictia"),
    ("promises", "source_slugs", "daily-1|daily-9", "unknown_reference", "daily-1|daily-1"),
    ("promises", "statement_en", "", "missing_value", "Puts people first."),
    ("promises", "testable", "", "missing_value", "no"),
    ("actions", "su", "2.0", "unknown_code", "2"),
    ("actions", "in", "x", "unknown_code", ""),
    ("actions", "category", "care,safety", "unknown_code", "care"),
    ("actions", "family", "F12", "unknown_code", "F11"),
    ("actions", "duplicate_of", "fictia--paid", "own_duplicate", ""),
    ("actions", "duplicate_of", "fictia--other", "unknown_reference", ""),
    ("actions", "ended", "2020-03-31", "ends_before_start", "2020-04"),
    ("actions", "settled", "settled", "unknown_code", "rule_2_7"),
    ("action_sources", "kind", "official", "unknown_code", "primary"),
    ("action_sources", "group", "Le Monde", "invalid_key", "le-monde"),
    ("action_sources", "source_slug", "daily-9", "unknown_reference", "daily-1"),
    ("proofs", "stakeholder", "clients", "unknown_code", "partners"),
    ("proofs", "yardstick", "fictia--last", "unknown_reference", "duty"),
    ("proofs", "direction", "hurts", "unknown_code", "helps"),
    ("proofs", "depth", "3", "depth", "2"),
    ("proofs", "remedy", "1", "remedy", "0"),
    ("proofs", "remedy", "", "missing_value", "0"),
    ("profiles", "pu", "5", "unknown_code", "0"),
    ("profiles", "labels", "x" * 601, "too_long", "B Corp|mutual"),
    ("judgements", "polarity", "good", "unknown_code", "mixed"),
    ("judgements", "source_slug", "", "missing_value", "daily-1"),
    ("judgements", "judgement", "no_promise", "unknown_code", "aligned"),
]


@pytest.mark.parametrize(("file", "column", "wrong", "code", "right"), CELLS)
def test_a_wrong_cell_is_named_and_a_right_one_is_taken(
    folder: Folder, file: str, column: str, wrong: str, code: str, right: str
) -> None:
    report = folder.put(file, {column: wrong}).load()
    assert (f"{file}.csv", 2, column, code) in problems(report)
    assert (report.exit_code, report.written) == (1, False)
    assert not Brand.objects.exists()
    assert not Event.objects.exists()

    report = folder.put(file, {column: right}).load()
    assert problems(report) == []
    assert report.written
    assert fates(report)[file] == {"created": 1}


ROWS = [
    # file, cells that do not go together, column named, code, cells that do
    (*("sources", {"published_on": "2020-04"}, "published_on_precision", "precision"), {"published_on": "2020-04-02"}),
    (
        *("sources", {"published_on": "", "published_on_precision": "year"}, "published_on_precision", "precision"),
        {"published_on": "", "published_on_precision": "unknown"},
    ),
    (
        *("actions", {"date": "2020-04-01", "date_precision": "month"}, "date_precision", "precision"),
        {"date": "2020-04", "date_precision": "month"},
    ),
    (
        *("promises", {"stated_on": "2018", "stated_on_precision": ""}, "stated_on_precision", "precision"),
        {"stated_on": "2018", "stated_on_precision": "year"},
    ),
    (
        *("actions", {"amount": "100"}, "amount_currency", "amount_and_currency"),
        {"amount": "100", "amount_currency": "EUR"},
    ),
    (
        *("actions", {"amount": "1e9", "amount_currency": "EUR"}, "amount", "invalid_amount"),
        {"amount": "1000000000.50", "amount_currency": "EUR"},
    ),
    (
        *("actions", {"amount": "-5", "amount_currency": "EUR"}, "amount", "invalid_amount"),
        {"amount": "0", "amount_currency": "EUR"},
    ),
    (
        *("actions", {"amount": "5", "amount_currency": "euro"}, "amount_currency", "unknown_code"),
        {"amount": "5", "amount_currency": "EUR"},
    ),
    (
        *("actions", {"description_en": "", "description_fr": ""}, "description_en", "missing_value"),
        {"description_en": "", "description_fr": "A payé."},
    ),
    ("proofs", {"direction": "harms", "depth": "0"}, "depth", "depth", {"direction": "harms", "depth": "3"}),
    ("proofs", {"remedy": "2"}, "remedy", "remedy", {"remedy": "2", "direction": "harms"}),
    ("proofs", {"stakeholder": "employees"}, "yardstick", "group_not_addressed", {"stakeholder": "partners"}),
    (
        *("profiles", {"not_applicable": "partners"}, "not_applicable_reason", "missing_value"),
        {"not_applicable": "partners", "not_applicable_reason": "It buys nothing."},
    ),
]


@pytest.mark.parametrize(("file", "wrong", "column", "code", "right"), ROWS)
def test_cells_that_do_not_go_together_are_named(
    folder: Folder, file: str, wrong: dict[str, str], column: str, code: str, right: dict[str, str]
) -> None:
    report = folder.put(file, wrong).load()
    assert (f"{file}.csv", 2, column, code) in problems(report)
    assert not Brand.objects.exists()
    assert problems(folder.put(file, right).load()) == []
    assert Brand.objects.count() == 1


@pytest.mark.parametrize("file", ["brands", "sources", "actions", "action_sources", "proofs", "profiles", "judgements"])
def test_a_key_that_stands_twice_rejects_both_rows(folder: Folder, file: str) -> None:
    report = folder.put(file, {}, {}).load()
    repeated = {(name, row) for name, row, _, code in problems(report) if code == "repeated_key"}
    assert repeated == {(f"{file}.csv", 2), (f"{file}.csv", 3)}
    assert "rows (2, 3)" in str(report.rejected[0])
    assert folder.put(file).load().written


def test_one_address_under_two_keys_rejects_both_rows(folder: Folder) -> None:
    report = folder.put("sources", {}, {"source_slug": "daily-2"}).load()
    assert problems(report)[:2] == [("sources.csv", row, "url", "repeated_key") for row in (2, 3)]
    folder.put("sources", {}, {"source_slug": "daily-2", "url": "https://example.org/2"})
    assert folder.load().written


def test_sources_without_an_address_may_be_many(folder: Folder) -> None:
    folder.put("sources", {"url": ""}, {"source_slug": "daily-2", "url": ""})
    assert fates(folder.load())["sources"] == {"created": 2}


def test_an_address_on_file_under_another_key_is_refused(folder: Folder) -> None:
    source = make.a_source(key="first", url="https://example.org/1")
    report = folder.load()
    assert problems(report)[0] == ("sources.csv", 2, "url", "address_taken")
    assert "“first”" in report.rejected[0].message
    Source.objects.filter(pk=source.pk).update(url="https://example.org/0")
    assert folder.load().written


def test_a_promise_of_another_brand_is_no_yardstick(folder: Folder) -> None:
    folder.put("brands", {}, {"brand_slug": "other", "name": "Other"})
    folder.put("promises", {}, {"promise_slug": "other--first", "brand_slug": "other"})
    report = folder.put("proofs", {"yardstick": "other--first"}).load()
    assert problems(report) == [("proofs.csv", 2, "yardstick", "other_brand")]
    assert folder.put("proofs").load().written


def test_a_duplicate_belongs_to_the_same_brand(folder: Folder) -> None:
    folder.put("brands", {}, {"brand_slug": "other", "name": "Other"})
    second = {"action_slug": "second", "duplicate_of": "fictia--paid"}
    report = folder.put("actions", {}, {**second, "brand_slug": "other"}).load()
    assert problems(report) == [("actions.csv", 3, "duplicate_of", "other_brand")]
    assert folder.put("actions", {}, second).load().written


def test_duplicates_of_one_another_are_refused(folder: Folder) -> None:
    first, second = {"duplicate_of": "second"}, {"action_slug": "second", "duplicate_of": "third"}
    third = {"action_slug": "third", "duplicate_of": "fictia--paid"}
    report = folder.put("actions", first, second, third).load()
    assert problems(report)[:3] == [("actions.csv", row, "duplicate_of", "duplicate_loop") for row in (2, 3, 4)]
    folder.put("actions", first, second, {"action_slug": "third"})
    assert folder.load().written
    assert Action.objects.get(key="fictia--paid").duplicate_of == Action.objects.get(key="second")


def test_a_loop_through_the_database_is_refused(folder: Folder) -> None:
    folder.put("actions", {}, {"action_slug": "second", "duplicate_of": "fictia--paid"}).load()
    report = folder.put("actions", {"duplicate_of": "second"}).load()
    assert ("actions.csv", 2, "duplicate_of", "duplicate_loop") in problems(report)
    assert Action.objects.get(key="fictia--paid").duplicate_of is None


@pytest.mark.parametrize("cells", [["fictia"], ["fictia"] * 40])
def test_a_ragged_row_is_refused(folder: Folder, cells: list[str]) -> None:
    text = (folder.path / "brands.csv").read_text()
    report = folder.put_text("brands.csv", f"{text}{','.join(cells)}\r\n").load()
    assert ("brands.csv", 3, "", "ragged_row") in problems(report)
    assert not Brand.objects.exists()
    assert folder.put_text("brands.csv", text).load().written


def test_every_problem_of_every_file_is_reported_at_once(folder: Folder) -> None:
    folder.put("brands", {"country": "UK"}, {"brand_slug": "second", "name": "", "sector": ""})
    report = folder.put("judgements", {"polarity": "good"}).load()
    assert problems(report)[:3] == [
        ("brands.csv", 2, "country", "unknown_code"),
        ("brands.csv", 3, "name", "missing_value"),
        ("brands.csv", 3, "sector", "missing_value"),
    ]
    assert problems(report)[-1] == ("judgements.csv", 2, "polarity", "unknown_code")


def test_a_row_that_names_a_rejected_row_is_told_so(folder: Folder) -> None:
    report = folder.put("actions", {"su": "9"}).load()
    assert problems(report) == [
        ("actions.csv", 2, "su", "unknown_code"),
        ("action_sources.csv", 2, "action_slug", "reference_rejected"),
        ("proofs.csv", 2, "action_slug", "reference_rejected"),
    ]


def test_a_key_of_another_brand_is_not_moved(folder: Folder) -> None:
    other = make.a_promise(make.a_brand("Other"), key="fictia--first")
    report = folder.load()
    assert ("promises.csv", 2, "promise_slug", "other_brand") in problems(report)
    assert "“Other”" in report.rejected[0].message
    other.refresh_from_db()
    assert other.brand.name == "Other"
    assert folder.put("promises", {"promise_slug": "second"}).put("proofs", {"yardstick": "second"}).load().written


def test_a_key_of_another_crisis_is_not_moved(folder: Folder) -> None:
    folder.load()
    report = folder.load(make.a_crisis("floods", name_en="Floods"))
    assert ("actions.csv", 2, "action_slug", "other_crisis") in problems(report)
    assert ("judgements.csv", 2, "verdict_slug", "other_crisis") in problems(report)
    assert Action.objects.get().crisis.slug == "covid-19"


def test_a_brand_has_a_profile_for_each_crisis(folder: Folder) -> None:
    folder.load()
    for file in ("actions", "action_sources", "proofs", "judgements"):
        (folder.path / f"{file}.csv").unlink()
    report = folder.load(make.a_crisis("floods", name_en="Floods"))
    assert fates(report) == {
        **{file: {"unchanged": 1} for file in ("brands", "sources", "promises")},
        "profiles": {"created": 1},
    }


def test_a_message_says_what_to_do_in_the_reader_s_language(folder: Folder) -> None:
    folder.put("proofs", {"depth": "3"})
    with translation.override("fr"):
        french = folder.load().rejected[0]
        assert french.message == translation.gettext("Depth 3 is for harm only: help goes from 0 to 2.")
    english = folder.load().rejected[0]
    assert english.message == "Depth 3 is for harm only: help goes from 0 to 2."
    assert str(english) == "proofs.csv, row 2, column depth – Depth 3 is for harm only: help goes from 0 to 2."


def test_a_message_repeats_a_cell_cut_and_without_what_a_terminal_obeys(folder: Folder) -> None:
    report = folder.put("promises", {"st": "\u202e" + "9" * 5000}).load()
    message = report.rejected[0].message
    assert "\\u202e999" in message
    assert "\u202e" not in message
    assert len(message) < 200


def test_unknown_and_empty_are_kept_apart(folder: Folder) -> None:
    folder.put("actions", {"su": "u", "re": "", "ge": "0"}).load()
    action = Action.objects.get()
    assert (action.substance, action.reach, action.generosity) == ("u", "", "0")


def test_the_duty_of_care_is_no_promise(folder: Folder) -> None:
    assert folder.put("proofs", {"yardstick": "duty"}).load().written
    assert Proof.objects.get().promise is None
    assert Promise.objects.count() == 1
