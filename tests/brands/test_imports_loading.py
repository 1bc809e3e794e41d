"""What a load writes, what it leaves alone, and what it never does by halves."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brands.changes import record_change
from brands.imports import saving
from brands.models import Action, ActionSource, Brand, BrandProfile, Event, Promise, Proof, Source
from tests import factories as make
from tests.brands.catalogue_files import Folder, fates, problems

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).put_all()


def last_event() -> Event:
    event = Event.objects.first()
    assert event is not None
    return event


def edited(record: Any, brand: Brand, **fields: Any) -> None:
    """A person’s save in the admin."""
    changes = {name: [getattr(record, name), value] for name, value in fields.items()}
    for name, value in fields.items():
        setattr(record, name, value)
    with transaction.atomic():
        record.save()
        record_change("evidence.corrected", brand=brand, subject=record, actor=make.an_analyst(), changes=changes)


# --- New, changed, unchanged ------------------------------------------------------------------------------------------


def test_brands_alone_are_a_catalogue(tmp_path: Path) -> None:
    report = Folder(tmp_path).put("brands").load()
    assert (fates(report), report.exit_code) == ({"brands": {"created": 1}}, 0)


def test_a_file_may_name_what_is_on_file_already(tmp_path: Path, folder: Folder) -> None:
    folder.load()
    (tmp_path / "more").mkdir()
    more = Folder(tmp_path / "more").put("proofs", {"stakeholder": "partners", "yardstick": "fictia--first"})
    assert fates(more.load()) == {"proofs": {"created": 1}}
    assert Proof.objects.count() == 2


def test_each_new_fact_has_its_line_in_the_log(folder: Folder) -> None:
    actor = make.an_analyst()
    folder.load(actor=actor)
    subjects = list(Event.objects.order_by("id").values_list("subject", flat=True))
    profile = BrandProfile.objects.get()
    assert subjects == [
        f"brands.brand:{Brand.objects.get().pk}",
        "brands.source:daily-1",
        "brands.promise:fictia--first",
        "brands.action:fictia--paid",
        "brands.actionsource:fictia--paid:daily-1",
        "brands.proof:fictia--paid:customers:helps",
        f"brands.brandprofile:{profile.pk}",
        "brands.judgement:fictia--daily",
    ]
    for event in Event.objects.all():
        assert (event.kind, event.brand, event.actor) == ("evidence.added", Brand.objects.get(), actor)
        assert event.reason.startswith("catalogue: ")


def test_a_changed_row_updates_the_record_and_logs_before_and_after(folder: Folder) -> None:
    folder.load()
    brand = Brand.objects.get()
    folder.put("actions", {"su": "3", "amount": "12.5", "amount_currency": "EUR", "category": "solidarity|care"})
    report = fates(folder.load())
    assert report.pop("actions") == {"updated": 1}
    assert list(report.values()) == [{"unchanged": 1}] * 7
    action = Action.objects.get()
    assert (action.substance, action.amount, action.categories) == ("3", Decimal("12.50"), ("care", "solidarity"))
    assert action.revision == 2
    event = last_event()
    assert (event.kind, event.subject) == ("evidence.corrected", "brands.action:fictia--paid")
    assert event.changes == {
        "substance": ["2", "3"],
        "amount": [None, "12.50"],
        "amount_currency": ["", "EUR"],
        "categories": [["safety", "care"], ["care", "solidarity"]],
    }
    assert Brand.objects.get().facts_revision == brand.facts_revision + 1
    assert Brand.objects.get().revision == brand.revision


def test_a_changed_identity_raises_the_brand_s_revision(folder: Folder) -> None:
    folder.load()
    folder.put("brands", {"name": "Fictía"}).load()
    brand = Brand.objects.get()
    assert (brand.revision, brand.facts_revision, brand.name, brand.sort_key) == (2, 2, "Fictía", "fictia")
    assert last_event().changes == {"name": ["Fictia", "Fictía"]}


def test_a_changed_proof_raises_its_action_s_revision(folder: Folder) -> None:
    folder.load()
    folder.put("proofs", {"depth": "2"}).load()
    action = Action.objects.get()
    assert (action.revision, action.proofs.get().depth) == (2, "2")
    assert last_event().changes == {"depth": ["1", "2"]}


def test_a_proof_may_move_to_a_promise_of_the_same_load(folder: Folder) -> None:
    folder.load()
    folder.put("promises", {}, {"promise_slug": "fictia--second"}).put("proofs", {"yardstick": "fictia--second"}).load()
    assert Proof.objects.get().promise == Promise.objects.get(key="fictia--second")
    assert last_event().changes == {"promise": ["fictia--first", "fictia--second"]}
    folder.put("proofs", {"yardstick": "duty"}).load()
    assert Proof.objects.get().promise is None


def test_a_changed_source_marks_every_brand_that_rests_on_it(folder: Folder) -> None:
    folder.load()
    brand, other = Brand.objects.get(), make.a_brand("Other")
    make.a_link(make.an_action(other, sources=0), source=Source.objects.get())
    folder.put("sources", {"published_on": "2020-04-03"}).load()
    events = Event.objects.filter(subject="brands.source:daily-1", kind="evidence.corrected")
    assert {event.brand for event in events} == {brand, other}
    assert {str(event.changes) for event in events} == {"{'published_on': ['2020-04-02', '2020-04-03']}"}
    for before in (brand, other):
        assert Brand.objects.get(pk=before.pk).facts_revision == before.facts_revision + 1


def test_a_source_that_nothing_rests_on_has_its_line_in_the_log_too(tmp_path: Path) -> None:
    assert Folder(tmp_path).put("sources").load().written
    assert (last_event().subject, last_event().brand) == ("brands.source:daily-1", None)


def test_sources_of_a_promise_are_replaced_and_logged_by_key(folder: Folder) -> None:
    folder.load()
    folder.put("sources", {}, {"source_slug": "daily-2", "url": ""}).put("promises", {"source_slugs": "daily-2"}).load()
    promise = Promise.objects.get()
    assert [source.key for source in promise.sources.all()] == ["daily-2"]
    assert promise.revision == 2
    changes = Event.objects.filter(subject="brands.promise:fictia--first", kind="evidence.corrected").get().changes
    assert changes == {"sources": [["daily-1"], ["daily-2"]]}


def test_what_the_files_do_not_hold_stays(folder: Folder) -> None:
    folder.put("actions", {}, {"action_slug": "second"}).load()
    assert fates(folder.put("actions", {}).load())["actions"] == {"unchanged": 1}
    assert Action.objects.count() == 2


def test_a_column_that_is_left_out_leaves_the_record_as_it_is(folder: Folder) -> None:
    folder.put("brands", {"perimeter": "The French mutual only.", "aliases": "FCT|Fictia SA"}).load()
    assert fates(folder.put("brands").load())["brands"] == {"unchanged": 1}
    assert Brand.objects.get().alias_list == ["FCT", "Fictia SA"]
    folder.put("brands", {"perimeter": ""}).load()
    assert Brand.objects.get().perimeter == ""


def test_rows_may_come_in_any_order(folder: Folder) -> None:
    rows = [{"action_slug": f"act-{n}", "duplicate_of": f"act-{n + 1}" if n < 5 else ""} for n in range(6)]
    folder.put("actions", *rows, {})
    assert fates(folder.load())["actions"] == {"created": 7}
    assert Action.objects.get(key="act-0").duplicate_of == Action.objects.get(key="act-1")
    before = Event.objects.count()
    assert fates(folder.put("actions", {}, *reversed(rows)).load())["actions"] == {"unchanged": 7}
    assert Event.objects.count() == before


def test_a_duplicate_can_be_pointed_elsewhere(folder: Folder) -> None:
    second, third = {"action_slug": "second", "duplicate_of": "fictia--paid"}, {"action_slug": "third"}
    folder.put("actions", {}, second, third).load()
    folder.put("actions", {}, {**second, "duplicate_of": "third"}, third).load()
    assert Action.objects.get(key="second").duplicate_of == Action.objects.get(key="third")
    folder.put("actions", {}, {**second, "duplicate_of": ""}, third).load()
    assert Action.objects.get(key="second").duplicate_of is None
    assert last_event().changes == {"duplicate_of": ["third", None]}


# --- All or nothing ---------------------------------------------------------------------------------------------------


def everything() -> list[int]:
    return [model._default_manager.count() for model in (Brand, Source, Promise, Action, ActionSource, Proof, Event)]


def test_one_rejected_row_stops_the_whole_load(folder: Folder) -> None:
    folder.load()
    before = everything()
    folder.put("brands", {"name": "Changed"}, {"brand_slug": "second", "name": "Second"})
    report = folder.put("actions", {"su": "3"}, {"action_slug": "second", "su": "x"}).load()
    assert problems(report) == [("actions.csv", 3, "su", "unknown_code")]
    assert fates(report)["brands"] == {"created": 1, "updated": 1}
    assert (report.written, report.exit_code) == (False, 1)
    assert everything() == before
    assert (Brand.objects.get().name, Action.objects.get().substance) == ("Fictia", "2")


def test_valid_rows_only_loads_the_rest_and_still_names_what_was_rejected(folder: Folder) -> None:
    folder.put("brands", {}, {"brand_slug": "second", "country": "UK"})
    folder.put("actions", {}, {"action_slug": "bad", "su": "x"}, {"action_slug": "later", "duplicate_of": "bad"})
    folder.put("proofs", {}, {"action_slug": "bad"}, {"action_slug": "later"})
    report = folder.load(valid_rows_only=True)
    assert problems(report) == [
        ("brands.csv", 3, "country", "unknown_code"),
        ("actions.csv", 3, "su", "unknown_code"),
        ("actions.csv", 4, "duplicate_of", "reference_rejected"),
        ("proofs.csv", 3, "action_slug", "reference_rejected"),
        ("proofs.csv", 4, "action_slug", "reference_rejected"),
    ]
    assert (report.written, report.exit_code) == (True, 1)
    assert [brand.slug for brand in Brand.objects.all()] == ["fictia"]
    assert [action.key for action in Action.objects.all()] == ["fictia--paid"]
    assert Proof.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"su": "x"}, {"brand_slug": "nobody"}])
def test_whatever_follows_a_rejected_action_is_rejected_down_the_line(folder: Folder, wrong: dict[str, str]) -> None:
    acts = [{"action_slug": f"act-{n}", "duplicate_of": f"act-{n + 1}"} for n in range(3)]
    folder.put("actions", {}, *acts, {"action_slug": "act-3", **wrong})
    report = folder.load(valid_rows_only=True)
    assert fates(report)["actions"] == {"created": 1, "rejected": 4}
    assert [action.key for action in Action.objects.all()] == ["fictia--paid"]
    assert fates(folder.put("actions", {}, *acts, {"action_slug": "act-3"}).load())["actions"] == {
        **{"created": 4, "unchanged": 1},
    }


def test_a_rejected_row_leaves_its_record_as_it_was(folder: Folder) -> None:
    folder.load()
    folder.put("promises", {"st": "3", "weight": "heavy"}).put("proofs", {"depth": "2"})
    report = folder.load(valid_rows_only=True)
    assert problems(report)[-1] == ("proofs.csv", 2, "yardstick", "reference_rejected")
    assert (Promise.objects.get().statement_level, Proof.objects.get().depth) == ("2", "1")


def test_a_rehearsal_says_the_same_and_writes_nothing(folder: Folder) -> None:
    before = everything()
    rehearsal = folder.load(dry_run=True)
    assert (rehearsal.written, rehearsal.exit_code, everything()) == (False, 0, before)
    assert fates(folder.load()) == fates(rehearsal)


def test_a_failure_while_writing_leaves_nothing_behind(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything()

    def fail(*args: Any, **named: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(saving, "record_changes", fail)
        with pytest.raises(OSError, match="full"):
            folder.load()
    assert everything() == before
    assert folder.load().written


# --- What people changed ----------------------------------------------------------------------------------------------


def test_what_a_person_changed_since_the_load_is_kept(folder: Folder) -> None:
    folder.load()
    edited(Action.objects.get(), Brand.objects.get(), substance="1")
    assert fates(folder.load())["actions"] == {"kept": 1}
    report = folder.put("actions", {"su": "3"}).load()
    assert fates(report)["actions"] == {"kept": 1}
    assert [(one.file, one.row, one.code) for one in report.kept] == [("actions.csv", 2, "edited")]
    assert (Action.objects.get().substance, report.exit_code) == ("1", 0)


def test_overwrite_takes_the_file_s_version_and_later_loads_follow_the_file(folder: Folder) -> None:
    folder.load()
    edited(Action.objects.get(), Brand.objects.get(), substance="1")
    assert fates(folder.load(overwrite=True))["actions"] == {"updated": 1}
    assert Action.objects.get().substance == "2"
    assert fates(folder.put("actions", {"su": "3"}).load())["actions"] == {"updated": 1}


def test_an_edit_that_says_what_the_file_says_is_no_conflict(folder: Folder) -> None:
    folder.load()
    edited(Action.objects.get(), Brand.objects.get(), substance="1")
    assert fates(folder.put("actions", {"su": "1"}).load())["actions"] == {"unchanged": 1}


def test_an_edit_of_another_record_keeps_nothing(folder: Folder) -> None:
    folder.load()
    edited(Promise.objects.get(), Brand.objects.get(), statement_level="3")
    report = folder.put("actions", {"su": "3"}).put("promises", {"st": "3"}).load()
    assert fates(report)["actions"] == {"updated": 1}
    assert fates(report)["promises"] == {"unchanged": 1}


def test_a_load_in_somebody_s_name_is_not_an_edit(folder: Folder) -> None:
    folder.load(actor=make.an_analyst())
    assert fates(folder.put("actions", {"su": "3"}).load())["actions"] == {"updated": 1}


def test_what_a_program_changed_is_nobody_s(folder: Folder) -> None:
    folder.load()
    action = Action.objects.get()
    Action.objects.update(substance="1")
    record_change("evidence.corrected", brand=action.brand, subject=action, changes={"substance": ["2", "1"]})
    assert fates(folder.load())["actions"] == {"updated": 1}


def test_a_record_that_a_person_made_is_theirs(folder: Folder) -> None:
    brand = make.a_brand("Fictia", country="DE")
    edited(brand, brand, name="Fictia AG")
    report = folder.load()
    assert fates(report)["brands"] == {"kept": 1}
    assert Brand.objects.get().name == "Fictia AG"
    assert Action.objects.get().brand == brand


def test_a_proof_that_somebody_changed_on_its_action_s_screen_is_kept(folder: Folder) -> None:
    folder.load()
    change = {"proofs.customers:helps.depth": ["1", "2"]}
    action, actor = Action.objects.get(), make.an_analyst()
    Proof.objects.update(depth="2")
    record_change("evidence.corrected", brand=action.brand, subject=action, actor=actor, changes=change)
    folder.put("actions", {"su": "3"}).put("action_sources", {"kind": "primary"}).put("proofs", {"depth": "0"})
    report = fates(folder.load())
    assert [report[file] for file in ("actions", "action_sources", "proofs")] == [
        {"updated": 1},
        {"updated": 1},
        {"kept": 1},
    ]
    assert fates(folder.load(overwrite=True))["proofs"] == {"updated": 1}
    assert fates(folder.put("proofs", {"depth": "1"}).load())["proofs"] == {"updated": 1}


def test_an_edit_of_an_action_alone_does_not_keep_its_proofs(folder: Folder) -> None:
    folder.load()
    edited(Action.objects.get(), Brand.objects.get(), reach="1")
    report = fates(folder.put("proofs", {"depth": "0"}).load())
    assert (report["actions"], report["proofs"]) == ({"kept": 1}, {"updated": 1})


def test_a_proof_that_somebody_removed_does_not_come_back(folder: Folder) -> None:
    folder.load()
    proof = Proof.objects.get()
    record_change("evidence.withdrawn", brand=Brand.objects.get(), subject=proof, actor=make.an_analyst())
    proof.delete()
    assert fates(folder.load())["proofs"] == {"kept": 1}
    assert not Proof.objects.exists()
    assert fates(folder.load(overwrite=True))["proofs"] == {"created": 1}


def test_what_was_withdrawn_stays_withdrawn_whatever_the_file_says(folder: Folder) -> None:
    folder.load()
    Action.objects.update(withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="wrong brand")
    report = folder.put("actions", {"su": "3"}).load(overwrite=True)
    assert [one.code for one in report.kept] == ["withdrawn"]
    assert Action.objects.get().substance == "2"


def test_the_address_of_a_withdrawn_source_is_free(folder: Folder) -> None:
    folder.load()
    Source.objects.update(withdrawn_at="2026-01-01T00:00Z", withdrawn_reason="wrong page")
    make.a_source(key="better", url="https://example.org/1")
    report = folder.put("sources", {"title": "Another title"}).load()
    assert (fates(report)["sources"], report.exit_code) == ({"kept": 1}, 0)


# --- Text is data -----------------------------------------------------------------------------------------------------

HOSTILE = [
    "Renée’s “façade” – 100 % œuvre",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷",
    "שלום עולם \u202eevil\u202c مرحبا",
    '=HYPERLINK("https://example.org")',
    "+1-2@x",
    "-1",
    "@SUM(A1)",
    "\tstarts with a tab",
    "ends with a blank ",
    'quotes " "" \' ` and commas, semicolons; pipes | and \\ backslashes',
    "line\nend\r\nand return\r.",
    "</script><script>alert(1)</script>",
    "{{ 7*7 }} {% now %} ${x} %s %(name)s {0}",
    "'; DROP TABLE brands_brand; --",
    "e\u0301 is not é",
    "\u200bzero\u200dwidth\ufeff",
    "x" * 600,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_arrives_exactly_as_typed(folder: Folder, text: str) -> None:
    report = folder.put("actions", {"description_en": text}).put("promises", {"official_quote": text}).load()
    assert (problems(report), report.exit_code) == ([], 0)
    assert (Action.objects.get().statement_en, Promise.objects.get().quote) == (text, text)
    assert fates(folder.load())["actions"] == {"unchanged": 1}


TYPEABLE = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n\r")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(TYPEABLE, min_size=1, max_size=80))
def test_the_text_of_a_cell_goes_round(tmp_path: Path, text: str) -> None:
    report = Folder(tmp_path).put("brands", {"summary_en": text}).load(overwrite=True)
    assert report.exit_code == 0
    assert Brand.objects.get().summary_en == text


# --- Cost -------------------------------------------------------------------------------------------------------------


def many(folder: Folder, rows: int) -> Folder:
    """All files with as many rows as said, each row with a brand of its own."""
    names = [f"brand-{n}" for n in range(rows)]
    folder.put("brands", *({"brand_slug": name, "name": name} for name in names))
    folder.put("sources", *({"source_slug": f"s-{n}", "url": f"https://example.org/{n}"} for n in names))
    folder.put("promises", *({"promise_slug": f"p-{n}", "brand_slug": n, "source_slugs": f"s-{n}"} for n in names))
    folder.put("actions", *({"action_slug": f"a-{n}", "brand_slug": n} for n in names))
    folder.put("action_sources", *({"action_slug": f"a-{n}", "source_slug": f"s-{n}"} for n in names))
    folder.put("proofs", *({"action_slug": f"a-{n}", "yardstick": f"p-{n}"} for n in names))
    folder.put("profiles", *({"brand_slug": n, "source_slugs": f"s-{n}"} for n in names))
    return folder.put(
        "judgements", *({"verdict_slug": f"j-{n}", "brand_slug": n, "source_slug": f"s-{n}"} for n in names)
    )


def queries(folder: Folder, **options: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        report = folder.load(**options)
    assert report.exit_code == 0
    return len(captured)


def first_and_second(folder: Folder, rows: int) -> tuple[int, int]:
    """Queries of a load into an empty database and of a second one, both taken back."""
    many(folder, rows)
    with transaction.atomic():
        counted = queries(folder), queries(folder)
        transaction.set_rollback(True)
    return counted


def test_a_load_costs_as_many_queries_with_ten_rows_a_file_as_with_two(folder: Folder) -> None:
    """More rows than fit into one statement are written in batches; SQLite takes 999 values a statement."""
    folder.load()  # so that both find the crisis and the sector
    assert first_and_second(folder, 2) == first_and_second(folder, 10)


def test_changing_many_rows_costs_no_more_queries_than_changing_one(folder: Folder) -> None:
    many(folder, 20).load()
    slugs = [f"a-brand-{n}" for n in range(20)]
    brands = [{"action_slug": slug, "brand_slug": slug[2:]} for slug in slugs]
    one = queries(folder.put("actions", *({**row, "su": "3" if row is brands[0] else "2"} for row in brands)))
    all_others = queries(folder.put("actions", *({**row, "su": "3"} for row in brands)))
    assert one == all_others
    assert Action.objects.filter(substance="3", revision=2).count() == 20
