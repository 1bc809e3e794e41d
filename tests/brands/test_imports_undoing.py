"""Taking imports back: brands too, and the rest where some rows were touched; the trail stays whole."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brands import editing
from brands.importing import jobs, undoing
from brands.models import Action, Brand, Event, ImportJob, ImportRow, Promise, Source
from cxalign.accounts.models import Suggestion
from scoring.models import ScoringJob
from scoring.rescoring import score_all_due
from scoring.verifying import verify_trail
from tests import factories as make
from tests.accounts.desk import change_page, form_on, signed_in
from tests.brands.sheets import ACTION, OTHER_ACT, analyst, imported, sheet

pytestmark = pytest.mark.django_db

BRANDS = [{"name": name, "country": "France", "sector": "insurance"} for name in ("Alba", "Borea", "Calma")]


@pytest.fixture(autouse=True)
def sector() -> None:
    make.a_sector()
    make.a_crisis()


def an_act(**cells: str) -> dict[str, str]:
    return {**ACTION, **cells}


def refused(job: ImportJob) -> dict[int, str]:
    """Row → why it stands against the undoing."""
    with pytest.raises(undoing.TouchedError) as caught:
        undoing.undo(job, job.requested_by)
    return {row.number: str(why) for row, why in caught.value.rows}


def assert_all_is_whole() -> None:
    score_all_due()
    call_command("verify", "all")  # exits with 1 on a finding


@pytest.mark.django_db(transaction=True)
def test_of_an_undoing_and_an_edit_at_once_one_counts_and_the_other_is_told() -> None:
    imported("brands", sheet({**BRANDS[0], "name": "Fictia"}))
    job = imported("actions", sheet(an_act(), OTHER_ACT))
    action, desk, start = Action.objects.order_by("started")[0], signed_in(), Barrier(2)
    opened = {**form_on(desk, change_page(action)), "statement_en": "Paid every claim at once."}

    def undo() -> Any:
        return undoing.undo(job, job.requested_by)

    def save() -> Any:
        return desk.post(change_page(action), opened, headers={"Origin": "http://testserver"})

    def at_once(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=20)
            return act()
        except undoing.TouchedError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        undone, saved = pool.map(at_once, (undo, save))
    if saved.status_code == 302:
        assert [row.number for row, _why in undone.rows] == [2]
        assert Action.objects.get(pk=action.pk).statement_en == "Paid every claim at once."
    else:
        assert (undone, saved.status_code, Action.objects.count()) == (2, 404, 0)
        assert "Paid every claim at once." in saved.content.decode()
    assert_all_is_whole()


# --- Brands -----------------------------------------------------------------------------------------------------------


def test_brands_that_nobody_touched_vanish_and_the_trail_tells_it() -> None:
    job = imported("brands", sheet(*BRANDS))
    score_all_due()  # which opens a job of scoring for each brand: that is no fact
    assert ScoringJob.objects.count() == 3
    assert undoing.undo(job, job.requested_by) == 3
    assert not Brand.objects.exists()
    lines = Event.objects.filter(subject__startswith="brands.brand:").order_by("sequence")
    assert [line.kind for line in lines] == ["evidence.added"] * 3 + ["evidence.withdrawn"] * 3
    assert lines[3].changes["name"] == ["Alba", None]
    assert_all_is_whole()


def test_the_same_brands_can_be_imported_after_an_undoing() -> None:
    job = imported("brands", sheet(*BRANDS))
    undoing.undo(job, job.requested_by)
    again = imported("brands", sheet(*BRANDS), by=job.requested_by)
    assert (again.state, Brand.objects.count()) == ("done", 3)
    make.an_action(Brand.objects.get(slug="alba"))
    assert Event.objects.filter(brand=None, subject__startswith="brands.brand:").count() == 9


def use(brand: Brand, how: str) -> None:
    if how == "promised":
        make.a_promise(brand)
    elif how == "tagged":
        editing.tag([brand], by=make.an_editor(), reason="sorted", new="north")
    elif how == "changed":
        Brand.objects.filter(pk=brand.pk).update(name="Other")
    else:
        Suggestion.objects.create(kind="promise", brand=brand, text="Look", suggested_by=analyst())


@pytest.mark.parametrize("how", ["promised", "tagged", "changed"])
def test_a_brand_that_was_used_stands_against_it_and_the_rest_is_undone(how: str) -> None:
    job = imported("brands", sheet(*BRANDS))
    use(Brand.objects.get(slug="borea"), how)
    assert list(refused(job)) == [3]
    assert Brand.objects.count() == 3
    assert undoing.undo(job, job.requested_by, rest=True) == 2
    assert [brand.slug for brand in Brand.objects.all()] == ["borea"]
    job.refresh_from_db()
    undone = dict(ImportRow.objects.filter(job=job).values_list("number", "undone"))
    assert (job.state, undone) == ("done", {2: True, 3: False, 4: True})
    stays = ImportRow.objects.get(job=job, number=3)
    assert undoing.why_it_stays(stays) == refused(job)[3]
    subjects = set(Event.objects.values_list("subject", flat=True))
    found = [str(one) for one in verify_trail() if one.subject in subjects]
    assert found == ([] if how != "changed" else found[:1])  # that one was changed behind the gate


def test_what_no_screen_leads_back_to_keeps_a_brand_as_well() -> None:
    relations = {relation.related_model for relation in editing.relations_to(Brand)}
    assert Suggestion in relations  # it names a brand that cannot name it
    assert ScoringJob not in relations


# --- The rest ---------------------------------------------------------------------------------------------------------


def test_the_rest_of_an_import_of_acts_is_undone_and_told() -> None:
    imported("brands", sheet({**BRANDS[0], "name": "Fictia"}))
    days = [f"{day}/04/2020" for day in (13, 14, 15)]
    job = imported("actions", sheet(*(an_act(Clé=f"a{n}", Date=day) for n, day in enumerate(days))))
    make.a_proof(Action.objects.get(key="a1"))
    assert refused(job) == {3: "Something rests on it by now: proof."}
    assert undoing.undo(job, job.requested_by, rest=True) == 2
    assert [action.key for action in Action.objects.all()] == ["a1"]
    Action.objects.get(key="a1").proofs.all().delete()
    assert undoing.undo(job, job.requested_by) == 1  # what stood against it is gone: so is the rest
    job.refresh_from_db()
    assert (job.state, Action.objects.count()) == ("undone", 0)
    assert undoing.why_it_stays(ImportRow.objects.get(job=job, number=3)) == ""
    assert_all_is_whole()


def test_where_every_row_was_touched_there_is_no_rest() -> None:
    make.a_brand("Fictia")
    job = imported("actions", sheet(an_act()))
    make.a_proof(Action.objects.get())
    with pytest.raises(undoing.TouchedError) as caught:
        undoing.undo(job, job.requested_by, rest=True)
    assert caught.value.others == 0


def test_an_original_stays_with_its_duplicate() -> None:
    make.a_brand("Fictia")
    rows = [
        an_act(Clé="copy", **{"duplicate of": "original"}),
        an_act(Clé="original", Date="2021"),
        an_act(Clé="c", Date="2022"),
    ]
    job = imported("actions", sheet(*rows))
    make.a_proof(Action.objects.get(key="copy"))
    assert list(refused(job)) == [2, 3]
    undoing.undo(job, job.requested_by, rest=True)
    assert sorted(Action.objects.values_list("key", flat=True)) == ["copy", "original"]


def test_former_values_that_are_gone_stand_against_it() -> None:
    brand = make.a_brand("Fictia")
    old, _new = make.a_source(key="old"), make.a_source(key="new")
    promise = make.a_promise(brand, key="p", sourced=False, stakeholders=("customers",))
    promise.sources.add(old)
    row = {"key": "p", "brand": "Fictia", "statement": "Cares.", "type": "mission", "addressed to": "customers"}
    job = imported("promises", sheet({**row, "testable": "yes", "sources": "new"}))
    assert [source.key for source in Promise.objects.get().sources.all()] == ["new"]
    old.delete()
    assert refused(job) == {2: "What it named before is no longer on file: old."}


def test_a_former_address_that_another_source_has_stands_against_it() -> None:
    make.a_source(key="s", url="https://one.example/", title="One", source_type="press")
    job = imported("sources", sheet({"key": "s", "title": "One", "type": "press", "url": "https://two.example/"}))
    assert Source.objects.get(key="s").url == "https://two.example/"
    make.a_source(key="t", url="https://one.example/")
    assert refused(job) == {2: "Its former address belongs to the source “t” by now."}


def test_what_a_public_verdict_may_rest_on_is_withdrawn_with_its_line() -> None:
    make.published(make.a_breach("Public"))
    make.a_brand("Fictia")
    job = imported("actions", sheet(an_act(Marque="Public", Clé="kept"), an_act(Clé="gone")))
    undoing.undo(job, job.requested_by)
    kept = Action.objects.get(key="kept")
    assert (kept.is_withdrawn, kept.revision, Action.objects.filter(key="gone").exists()) == (True, 2, False)
    line = Event.objects.filter(subject="brands.action:kept").order_by("-sequence")[0]
    assert (line.kind, line.changes["withdrawn_reason"]) == ("evidence.withdrawn", ["", "import undone: file.csv"])


# --- Cost -------------------------------------------------------------------------------------------------------------


def queries_of(work: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_undoing_costs_as_many_queries_with_thirty_rows_as_with_three() -> None:
    counts = []
    for rows in (3, 30):
        job = imported("brands", sheet(*({**BRANDS[0], "name": f"Marque {rows} {n}"} for n in range(rows))))
        counts.append(queries_of(lambda: undoing.undo(job, job.requested_by)))  # noqa: B023
    assert counts[0] == counts[1]


def test_checking_and_writing_cost_as_many_queries_with_twenty_rows_as_with_three() -> None:
    make.a_brand("Fictia")
    make.a_source(key="src")
    counts: dict[str, list[tuple[int, int]]] = {}
    for rows in (3, 20):
        for type, lines in sheets_of(rows).items():
            job = jobs.create_job(type, "f.csv", sheet(*lines), make.a_crisis(), analyst())
            jobs.settle_columns(job, job.mapping, {})
            checking = queries_of(lambda: jobs.check(job))  # noqa: B023
            assert job.state == "checked", job.error
            assert job.counts["create"] == rows, (type, ImportRow.objects.filter(job=job)[0].messages)
            jobs.confirm(job, job.requested_by)
            writing = queries_of(lambda: jobs.work_on(job.pk))  # noqa: B023
            counts.setdefault(type, []).append((checking, writing))
    assert {type: len(set(pairs)) for type, pairs in counts.items()} == dict.fromkeys(counts, 1), counts


def sheets_of(rows: int) -> dict[str, list[dict[str, str]]]:
    """Rows of every kind that a file can hold many of for one brand."""
    mark = [f"{rows}-{n}" for n in range(rows)]
    promise = {"brand": "Fictia", "type": "mission", "addressed to": "customers", "testable": "yes"}
    proof = {"stakeholder": "customers", "yardstick": "duty", "direction": "helps", "depth": "1"}
    return {
        "brands": [{**BRANDS[0], "name": f"Marque {n}"} for n in mark],
        "sources": [
            {"key": f"s-{n}", "title": f"Article {n}", "type": "press", "url": f"https://e.org/{n}"} for n in mark
        ],
        "promises": [{**promise, "key": f"p-{n}", "statement": f"Cares {n}.", "sources": "src"} for n in mark],
        "actions": [{**ACTION, "key": f"a-{n}", "Ce qu’elle a fait, en français": f"Acte {n}."} for n in mark],
        "action_sources": [{"action": f"a-{n}", "source": "src", "kind": "independent", "group": "g"} for n in mark],
        "proofs": [{**proof, "action": f"a-{n}"} for n in mark],
        "profiles": [{"brand": f"marque-{n}", "PU": "2", "sources": "src"} for n in mark],
        "judgements": [
            {"brand": "Fictia", "label": f"good {n}", "polarity": "favourable", "source": "src"} for n in mark
        ],
    }
