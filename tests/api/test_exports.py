"""Ordering the published set by API: the files of the page, with a key, made once however often they are asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cxalign.accounts import roles
from cxalign.accounts.models import User
from cxalign.exports import jobs
from cxalign.exports.models import ExportFile, ExportJob
from tests import factories as make
from tests.accounts.desk import desk_of, somebody
from tests.accounts.making import a_key, bearer
from tests.exports.files import rows_of, workbook_of

pytestmark = pytest.mark.django_db
ABSENT = "00000000-0000-4000-8000-000000000000"


class Program:
    """A program with a key of its own."""

    def __init__(self, owner: User | None = None, *scopes: str, language: str = "en") -> None:
        self.owner = owner or somebody(roles.CONSULTANT)
        key = a_key(self.owner, *(scopes or ("export:bulk",)))
        self.headers = {**bearer(key.token), "Accept-Language": language}

    def order(self, headers: dict[str, str] | None = None, **body: Any) -> Any:
        said = {**self.headers, **(headers or {})}
        return Client().post("/api/v1/exports", {"format": "csv", **body}, "application/json", headers=said)

    def get(self, path: str, **headers: str) -> Any:
        return Client().get(f"/api/v1/{path}", headers={**self.headers, **headers})

    def delete(self, path: str, tag: str = "") -> Any:
        return Client().delete(f"/api/v1/{path}", headers={**self.headers, **({"If-Match": tag} if tag else {})})


@pytest.fixture(autouse=True)
def three() -> None:
    """Two published brands and one that is not."""
    make.published(make.a_breach("Fictia"))
    make.published(make.a_kept_promise("Bonne Maison", sector=make.a_sector("housing")))
    make.judged(make.a_breach("Secret"))


# --- The way through --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("en", "Broken promise"), ("fr", "Promesse rompue")])
def test_a_file_goes_from_order_to_download(language: str, word: str) -> None:
    program = Program(language=language)
    ordered = program.order(outcome=["broken_promise"], dialect="excel-fr")
    assert ordered.status_code == 202, ordered.content
    job = ordered.json()
    assert ordered["Location"] == job["url"]
    assert (job["state"], job["download_url"], job["expires_at"]) == ("queued", None, None)
    assert (job["filters"], job["dialect"]) == ({"outcome": ["broken_promise"]}, "excel-fr")
    assert job["progress"] == {"done": 0, "of": 1, "records_per_second": 0.0}
    assert program.get(f"exports/{job['id']}/file").status_code == 404
    jobs.work_on_all_due()
    done = program.get(f"exports/{job['id']}").json()
    assert (done["state"], done["language"], done["progress"]["done"]) == ("done", language, 1)
    assert done["expires_at"] > done["finished_at"]
    file = program.get(done["download_url"].partition("/api/v1/")[2], Accept="text/csv")
    assert file["Content-Disposition"] == f'attachment; filename="{done["file"]}"'
    assert file["ETag"] == f'"{done["sha256"]}"'
    assert program.get(f"exports/{job['id']}/file", **{"If-None-Match": file["ETag"]}).status_code == 304
    rows = rows_of(file.content, ";")
    assert [(row["brand"], row["verdict"]) for row in rows] == [("fictia", word)]


def test_the_workbook_holds_what_is_published_and_what_its_owner_sees_on_the_page() -> None:
    program = Program()
    job = program.order(format="xlsx").json()
    jobs.work_on_all_due()
    book = workbook_of(program.get(f"exports/{job['id']}/file").content)
    assert [row[0].value for row in book["Scorecards"].iter_rows(min_row=2)] == ["bonne-maison", "fictia"]
    assert job["file"] in desk_of(program.owner).get("/en/account/exports/").content.decode()


def test_each_table_can_be_asked_for() -> None:
    program = Program()
    for table in ("scorecards", "promises", "acts"):
        job = program.order(table=table).json()
        jobs.work_on_all_due()
        assert f"_{table}_" in job["file"]
        found = {row["brand"] for row in rows_of(program.get(f"exports/{job['id']}/file").content)}
        assert found == {"bonne-maison", "fictia"}


def test_a_job_is_an_import_or_an_export() -> None:
    program = Program()
    ordered = program.order().json()
    answer = program.get(f"jobs/{ordered['id']}")
    assert (answer.json(), answer["ETag"]) == (ordered, ordered["etag"])
    assert program.get(f"jobs/{ordered['id']}?fields=state").json() == {"id": ordered["id"], "state": "queued"}
    assert program.get(f"jobs/{ABSENT}").status_code == 404
    assert program.delete(f"jobs/{ordered['id']}").status_code == 428
    assert program.delete(f"jobs/{ordered['id']}", ordered["etag"]).json()["state"] == "cancelled"


def test_the_list_shows_ones_own_the_newest_first_and_by_state() -> None:
    program = Program()
    first = program.order().json()
    jobs.work_on_all_due()
    second = program.order(table="acts").json()
    assert [job["id"] for job in program.get("exports").json()["data"]] == [second["id"], first["id"]]
    assert [job["id"] for job in program.get("exports?state=done").json()["data"]] == [first["id"]]
    listed = program.get("exports")
    assert program.get("exports", **{"If-None-Match": listed["ETag"]}).status_code == 304


# --- Cancelling, removing ---------------------------------------------------------------------------------------------


def test_what_is_in_the_making_is_cancelled_and_what_is_finished_is_removed() -> None:
    program = Program()
    job = program.order().json()
    assert program.delete(f"exports/{job['id']}").status_code == 428
    stale = program.delete(f"exports/{job['id']}", '"old"')
    assert (stale.status_code, stale["ETag"]) == (412, job["etag"])
    cancelled = program.delete(f"exports/{job['id']}", job["etag"])
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    made = program.order().json()
    jobs.work_on_all_due()
    assert ExportFile.objects.exists()
    removed = program.delete(f"exports/{made['id']}", "*")
    assert (removed.status_code, removed.json()["state"]) == (200, "done")
    assert not ExportFile.objects.exists()
    assert program.get(f"exports/{made['id']}").status_code == 404


def test_an_export_is_gone_when_it_expires() -> None:
    program = Program()
    job = program.order().json()
    jobs.work_on_all_due()
    assert program.get(f"exports/{job['id']}/file").status_code == 200
    ExportJob.objects.update(finished_at=timezone.now() - timedelta(days=8))
    jobs.purge()
    assert {program.get(f"exports/{job['id']}{rest}").status_code for rest in ("", "/file")} == {404}


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_a_stranger_is_asked_for_a_key_and_another_key_for_the_scope() -> None:
    job = Program().order().json()["id"]
    for path in ("exports", f"exports/{job}", f"exports/{job}/file"):
        assert Client().get(f"/api/v1/{path}").status_code == 401
        assert Client().get(f"/api/v1/{path}?key=x").status_code in (400, 401)
    assert Client().post("/api/v1/exports").status_code == 401
    reader = Program(None, "read:published")
    for answer in (reader.get("exports"), reader.order(), reader.get(f"exports/{job}")):
        assert (answer.status_code, answer.json()["scope"]) == (403, "export:bulk")
        assert 'scope="export:bulk"' in answer["WWW-Authenticate"]


def test_the_export_of_somebody_else_answers_like_one_that_does_not_exist() -> None:
    owner, stranger = Program(), Program(somebody(roles.ADMINISTRATOR))
    job = owner.order().json()["id"]
    jobs.work_on_all_due()
    for place in ("exports/{}", "exports/{}/file", "jobs/{}"):
        there, nowhere = (stranger.get(place.format(pk)).json() for pk in (job, ABSENT))
        assert (there["status"], there["detail"]) == (nowhere["status"], nowhere["detail"])
        assert there["status"] == 404
        assert stranger.delete(place.format(job), "*").status_code in (404, 405)
        assert owner.get(place.format(job)).status_code == 200
    assert stranger.get("exports").json()["data"] == []
    lesser = Program(owner.owner, "read:published").get(f"jobs/{job}")
    assert (lesser.status_code, lesser.json()["scope"]) == (403, "export:bulk")


# --- What is refused --------------------------------------------------------------------------------------------------


REFUSED: list[tuple[dict[str, Any], str, str, int]] = [
    ({"colour": "blue"}, "/colour", "unknown_parameter", 400),
    ({"format": "docx"}, "/format", "unknown_value", 400),
    ({"outcome": ["betrayal"]}, "/outcome", "unknown_value", 400),
    ({"sector": ["absent"]}, "/sector", "unknown_value", 400),
    ({"since": "yesterday"}, "/since", "invalid_value", 400),
    ({"q": ["a", "b"]}, "/q", "invalid_value", 400),
    ({"crisis": [5]}, "/crisis", "invalid_value", 400),
    ({"format": "xlsx", "table": "acts"}, "/table", "not_applicable", 422),
    ({"language": "de"}, "/language", "unknown_value", 400),
]


def test_what_means_nothing_is_refused_by_name_and_what_means_something_is_taken() -> None:
    program = Program()
    for body, pointer, code, status in REFUSED:
        answer = program.order(**body)
        assert answer.status_code == status, (body, answer.content)
        assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
        assert answer["Content-Type"] == "application/problem+json"
    assert not ExportJob.objects.exists()
    right = {
        "outcome": "broken_promise",
        "sector": ["housing"],
        "since": "2020-01-01",
        "q": "a",
        "crisis": ["covid-19"],
    }
    assert program.order(**right, language="fr").status_code == 202


def test_a_format_has_to_be_named_and_parameters_to_be_known() -> None:
    program = Program()
    empty = Client().post("/api/v1/exports", {}, "application/json", headers=program.headers)
    assert (empty.status_code, empty.json()["errors"][0]["pointer"]) == (422, "/format")
    for wrong in ("[]", '"x"', "{", "[1]"):
        answer = Client().post("/api/v1/exports", wrong, "application/json", headers=program.headers)
        assert answer.status_code == 400
    assert program.get("exports?colour=blue").json()["errors"][0]["parameter"] == "colour"
    assert program.get("exports?state=lost").status_code == 400


def test_so_many_files_at_a_time_and_no_more() -> None:
    program = Program(language="fr")
    for table in ("scorecards", "promises", "acts"):
        assert program.order(table=table).status_code == 202
    refused = program.order(table="sources")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert int(refused["Retry-After"]) > 0
    assert "3 fichiers en préparation" in refused.json()["detail"]
    jobs.work_on_all_due()
    assert program.order(table="sources").status_code == 202


# --- Sent twice, done once --------------------------------------------------------------------------------------------


def test_a_request_that_is_sent_again_is_answered_again_and_done_once() -> None:
    program, name = Program(), {"Idempotency-Key": "nightly-1"}
    first = program.order(name)
    jobs.work_on_all_due()
    again = program.order(name)
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (202, first.content, "true")
    assert again["Location"] == first["Location"]
    assert ExportJob.objects.count() == 1
    other = program.order(name, table="acts")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert program.order({"Idempotency-Key": "nightly-2"}).json()["id"] != first.json()["id"]
