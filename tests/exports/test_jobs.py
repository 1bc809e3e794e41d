"""Files that take long: asked for once, made by whoever claims them, seen by whoever asked for them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cxalign.accounts import roles
from cxalign.accounts.models import User
from cxalign.exports import jobs
from cxalign.exports.models import ExportFile, ExportJob, ExportState
from cxalign.pages.exporting import many_views
from tests import factories as make
from tests.accounts.desk import desk_of, somebody
from tests.exports.files import rows_of, workbook_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultant() -> User:
    return somebody(roles.CONSULTANT)


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A kind whose writer writes what the test tells it to."""
    done: list[str] = []

    def write(job: ExportJob, path: Path, told: jobs.Told) -> None:
        done.append(job.language)
        path.write_bytes(b"a file")

    monkeypatch.setitem(jobs._writers, "test", write)
    return done


def ordered(by: User, **query: Any) -> ExportJob:
    return jobs.order("test", "csv", query, name="test.csv", total=5, by=by)


def test_a_file_is_made_kept_and_given_to_whoever_asked(consultant: User, writer: list[str]) -> None:
    with translation.override("fr"):
        job = ordered(consultant)
    jobs.work_on(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, job.size) == ("done", 5, 6)
    assert writer == ["fr"], "in the language it was asked for in"
    client = desk_of(consultant)
    answer = client.get(f"/fr/account/exports/{job.pk}/file/")
    assert answer.content == b"a file"
    assert answer["Content-Disposition"] == 'attachment; filename="test.csv"'
    assert answer["Cache-Control"] == "no-store, private"
    page = client.get(f"/fr/account/exports/{job.pk}/").content.decode()
    assert "Le fichier est prêt" in page
    assert job.digest in page


def test_nobody_else_sees_a_job(consultant: User, writer: list[str]) -> None:
    job = ordered(consultant)
    jobs.work_on(job.pk)
    other, own = desk_of(somebody(roles.ADMINISTRATOR)), desk_of(consultant)
    for rest in ("", "state/", "file/"):
        assert other.get(f"/en/account/exports/{job.pk}/{rest}").status_code == 404
        assert own.get(f"/en/account/exports/{job.pk}/{rest}").status_code == 200
    assert other.post(f"/en/account/exports/{job.pk}/cancel/").status_code == 404
    assert "test.csv" not in other.get("/en/account/exports/").content.decode()
    assert "test.csv" in own.get("/en/account/exports/").content.decode()


def test_the_same_file_asked_for_twice_is_one_job(consultant: User, writer: list[str]) -> None:
    first = ordered(consultant, sector=["retail"])
    assert ordered(consultant, sector=["retail"]) == first
    assert ordered(consultant, sector=["energy"]) != first
    jobs.work_on(first.pk)
    assert ordered(consultant, sector=["retail"]) != first, "a finished one is old news"


def test_a_person_has_so_many_files_in_the_making(consultant: User, writer: list[str]) -> None:
    for number in range(jobs.OPEN_AT_ONCE):
        ordered(consultant, q=[str(number)])
    with pytest.raises(jobs.TooManyError):
        ordered(consultant, q=["more"])
    ordered(somebody(roles.CONSULTANT))


def test_a_cancelled_job_leaves_nothing(consultant: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(job: ExportJob, path: Path, told: jobs.Told) -> None:
        path.write_bytes(b"half")
        assert jobs.cancel(job)
        told(3)

    monkeypatch.setitem(jobs._writers, "test", write)
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0)
    job = ordered(consultant)
    jobs.work_on(job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not ExportFile.objects.exists()
    assert not jobs.cancel(job)


def test_cancelling_after_the_last_sign_of_life_leaves_nothing_either(
    consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(job: ExportJob, path: Path, told: jobs.Told) -> None:
        path.write_bytes(b"whole")
        ExportJob.objects.filter(pk=job.pk).update(state=ExportState.CANCELLED)

    monkeypatch.setitem(jobs._writers, "test", write)
    job = ordered(consultant)
    jobs.work_on(job.pk)
    assert not ExportFile.objects.exists()


def test_what_a_dead_worker_left_is_taken_up(consultant: User, writer: list[str]) -> None:
    job = ordered(consultant)
    claimed = jobs.claim(job.pk)
    assert claimed is not None
    assert jobs.claim(job.pk) is None, "somebody works on it"
    ExportJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.work_on_all_due() == 1
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("done", 2)


def test_a_job_that_stops_thrice_is_parked_where_people_see_it(
    consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(job: ExportJob, path: Path, told: jobs.Told) -> None:
        raise ValueError("no")

    monkeypatch.setitem(jobs._writers, "test", write)
    job = ordered(consultant)
    for _ in range(4):
        jobs.work_on(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("failed", 3)
    assert "3 times" in desk_of(consultant).get(f"/en/account/exports/{job.pk}/").content.decode()


def test_progress_is_told_while_it_lasts(consultant: User, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []
    client = desk_of(consultant)

    def write(job: ExportJob, path: Path, told: jobs.Told) -> None:
        told(2)
        seen.append(client.get(f"/en/account/exports/{job.pk}/state/").json())
        seen.append({"page": client.get(f"/en/account/exports/{job.pk}/").content.decode()})
        path.write_bytes(b"")

    monkeypatch.setitem(jobs._writers, "test", write)
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0)
    job = ordered(consultant)
    jobs.work_on(job.pk)
    assert seen[0] == {"at_work": True, "done": 2, "total": 5, "told": "2 of 5 scorecards"}
    assert 'value="2"' in seen[1]["page"]
    assert "Cancel the export" in seen[1]["page"]


def test_files_are_kept_for_a_week(consultant: User, writer: list[str]) -> None:
    job = ordered(consultant)
    jobs.work_on(job.pk)
    assert jobs.purge() == 0
    ExportJob.objects.update(finished_at=timezone.now() - timedelta(days=8))
    assert jobs.purge() == 1
    assert not ExportFile.objects.exists()
    assert desk_of(consultant).get(f"/en/account/exports/{job.pk}/file/").status_code == 404


def test_an_order_wakes_a_worker_once_it_is_safely_stored(
    consultant: User, writer: list[str], django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("cxalign.exports.receivers.work_on_export.delay", woken.append)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        job = ordered(consultant)
        assert woken == []
    assert woken == [str(job.pk)]


# --- Many scorecards --------------------------------------------------------------------------------------------------


@pytest.fixture
def three() -> list[str]:
    """Two published brands and one that is not."""
    make.published(make.a_breach("Fictia"))
    make.published(make.a_kept_promise("Bonne Maison", sector=make.a_sector("housing")))
    make.judged(make.a_breach("Secret"))
    return ["bonne-maison", "fictia"]


def test_the_csv_of_everything_holds_what_is_published_and_nothing_else(client: Client, three: list[str]) -> None:
    client.force_login(make.an_editor())
    answer = client.get("/en/data/scorecards/csv")
    assert answer.streaming
    assert [row["brand"] for row in rows_of(b"".join(answer.streaming_content))] == three
    assert "Secret" not in client.get("/en/data/scorecards/").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["bonne-maison", "fictia"]),
        ("outcome=broken_promise", ["fictia"]),
        ("sector=housing", ["bonne-maison"]),
        ("q=fictia", ["fictia"]),
        ("since=2999-01-01", []),
    ],
)
def test_filters_of_the_list_are_those_of_the_file(
    client: Client, three: list[str], query: str, expected: list[str]
) -> None:
    content = b"".join(client.get(f"/en/data/scorecards/csv?{query}").streaming_content)
    assert [row["brand"] for row in rows_of(content)] == expected
    book = workbook_of(client.get(f"/en/data/scorecards/xlsx?{query}").content)
    assert [row[0].value for row in book["Scorecards"].iter_rows(min_row=2)] == expected


def test_a_filter_that_means_nothing_is_refused_and_never_widens_the_set(client: Client, three: list[str]) -> None:
    for place in ("csv", "xlsx"):
        assert client.get(f"/en/data/scorecards/{place}?sector=absent").status_code == 400
        assert client.get(f"/en/data/scorecards/{place}?colour=red").status_code == 400
    assert "there is no “absent” here" in client.get("/en/data/scorecards/?sector=absent").content.decode()


def test_each_piece_of_a_stream_is_in_its_language(client: Client, three: list[str]) -> None:
    answer = client.get("/en/data/scorecards/csv?language=fr&dialect=excel-fr")
    with translation.override("en"):
        rows = rows_of(b"".join(answer.streaming_content), ";")
        assert translation.get_language() == "en"
    assert {row["verdict"] for row in rows} == {"Promesse rompue", "Alignée"}
    assert "_fr.csv" in answer["Content-Disposition"]


def test_a_stream_costs_few_queries_whatever_its_length(client: Client) -> None:
    counts = []
    for name in ("One", "Two", "Three", "Four"):
        make.published(make.a_breach(name))
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get("/en/data/scorecards/csv?table=sources").streaming_content)
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 8


def test_a_large_set_is_ordered_and_made_by_a_worker(
    three: list[str], consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_views, "AT_ONCE", 1)
    stranger, client = Client(), desk_of(consultant)
    assert "Sign in" in stranger.get("/en/data/scorecards/").content.decode()
    assert stranger.get("/en/data/scorecards/xlsx").status_code == 302
    assert "/login/" in stranger.post("/en/data/scorecards/order/")["Location"]
    assert "Make the workbook" in client.get("/en/data/scorecards/").content.decode()
    answer = client.post("/en/data/scorecards/order/", {"language": "fr"})
    job = ExportJob.objects.get()
    assert answer["Location"] == f"/en/account/exports/{job.pk}/"
    jobs.work_on(job.pk)
    book = workbook_of(client.get(f"/en/account/exports/{job.pk}/file/").content)
    assert book.sheetnames == ["Lisez-moi", "Fiches", "Promesses", "Actes", "Preuves", "Sources", "Dictionnaire"]
    assert [row[0].value for row in book["Fiches"].iter_rows(min_row=2)] == three


def test_the_list_of_brands_leads_to_the_export_of_what_it_shows(client: Client, three: list[str]) -> None:
    page = client.get("/en/brands/?outcome=broken_promise").content.decode()
    assert 'href="/en/data/scorecards/?outcome=broken_promise"' in page
    assert "<strong>1 scorecard</strong>" in client.get("/en/data/scorecards/?outcome=broken_promise").content.decode()


def test_a_large_workbook_says_its_filters(client: Client, three: list[str]) -> None:
    book = workbook_of(client.get("/en/data/scorecards/xlsx?outcome=broken_promise").content)
    told = {row[0].value: row[1].value for row in book["Read me"].iter_rows(min_row=3) if row[0].value}
    assert told["Filters"] == "Verdict: Broken promise"
    assert told["Holds"] == "1 scorecard"
