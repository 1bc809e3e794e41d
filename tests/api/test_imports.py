"""Importing files by API: the same engine as on the desk, with a key, and done once however often it is asked."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from brands.importing import jobs
from brands.importing.kinds import KINDS
from brands.models import Action, Brand, ImportJob
from cxalign.accounts import roles
from cxalign.accounts.models import RepeatableRequest, User
from cxalign.accounts.tasks import forget_repeats
from cxalign.api.imports import SCOPES
from tests import factories as make
from tests.accounts.desk import somebody
from tests.accounts.making import a_key, a_team, bearer
from tests.brands.sheets import ACTION, OTHER_ACT, sheet

pytestmark = pytest.mark.django_db

ALL = ("write:brands", "write:sources", "write:promises", "write:actions")
WRONG = {**ACTION, "Ce qu’elle a fait, en français": "Autre.", "SU": "9"}


class Program:
    """A program with a key of its own, as curl would call."""

    def __init__(self, owner: User | None = None, *scopes: str, language: str = "en") -> None:
        self.owner = owner or somebody(roles.ANALYST)
        self.headers = {**bearer(a_key(self.owner, *(scopes or ALL)).token), "Accept-Language": language}

    def send(self, data: bytes, name: str = "file.csv", headers: dict[str, str] | None = None, **fields: str) -> Any:
        body: dict[str, Any] = {"type": "actions", "file": SimpleUploadedFile(name, data), **fields}
        if body["type"] == "actions":
            body.setdefault("crisis", "covid-19")
        return Client().post("/api/v1/imports", body, headers={**self.headers, **(headers or {})})

    def get(self, path: str) -> Any:
        return Client().get(f"/api/v1/{path}", headers=self.headers)

    def post(self, path: str, body: dict[str, str] | None = None, **headers: str) -> Any:
        said = {**self.headers, **headers}
        return Client().post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=said)

    def delete(self, path: str, tag: str = "") -> Any:
        return Client().delete(f"/api/v1/{path}", headers={**self.headers, **({"If-Match": tag} if tag else {})})


@pytest.fixture(autouse=True)
def brand() -> Brand:
    make.a_crisis()
    return make.a_brand("Fictia")


def worked_off() -> None:
    jobs.work_on_all_due()


# --- The way through --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_file_goes_from_upload_to_report_and_back(language: str) -> None:
    program = Program(language=language)
    sent = program.send(sheet({**ACTION, "SU": "2"}), dry_run="true")
    assert (sent.status_code, sent.json()["state"]) == (202, "checked"), sent.content
    job = sent.json()
    assert sent["Location"] == job["url"]
    assert job["language"] == language
    assert not Action.objects.exists()
    rows = program.get(f"imports/{job['id']}/rows").json()["data"]
    assert [(row["row"], row["state"], row["outcome"]) for row in rows] == [(2, "accepted", "create")]
    assert program.post(f"imports/{job['id']}/confirm").status_code == 202
    worked_off()
    done = program.get(f"jobs/{job['id']}").json()
    assert (done["state"], done["mode"]) == ("done", "all_or_nothing")
    assert Action.objects.get().statement_fr == "A payé les sinistres."
    assert program.get("imports").json()["data"][0]["id"] == job["id"]
    undone = program.post(f"imports/{job['id']}/undo")
    assert (undone.status_code, undone.json()["state"]) == (200, "undone")
    assert not Action.objects.exists()


def test_without_a_dry_run_a_file_without_fault_is_imported_in_one_call() -> None:
    sent = Program().send(sheet(ACTION))
    assert sent.json()["state"] == "queued", sent.content
    worked_off()
    assert Action.objects.count() == 1


def test_a_wrong_row_stops_the_rest_unless_valid_rows_are_enough() -> None:
    program = Program()
    job = program.send(sheet(ACTION, WRONG)).json()
    assert job["state"] == "checked"
    refused = program.post(f"imports/{job['id']}/confirm")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "rows_refused")
    assert program.post(f"imports/{job['id']}/confirm", {"mode": "valid_rows"}).status_code == 202
    worked_off()
    assert Action.objects.count() == 1
    rejected = program.get(f"imports/{job['id']}/rows?outcome=error").json()["data"]
    assert [(row["row"], row["state"], row["messages"][0]["column"]) for row in rejected] == [(3, "rejected", "su")]


@pytest.mark.parametrize(("language", "words"), [("en", "two ways"), ("fr", "deux")])
def test_an_ambiguous_date_is_asked_in_the_language_of_the_request_and_answered_with_the_file(
    language: str, words: str
) -> None:
    program, data = Program(language=language), sheet({**ACTION, "Date": "03/04/2020"})
    asked = program.send(data).json()
    assert (asked["state"], [question["code"] for question in asked["questions"]]) == ("mapped", ["ambiguous_date"])
    assert words in asked["questions"][0]["text"]
    answered = program.send(data, dates="month-first").json()
    assert (answered["id"], answered["state"], answered["questions"]) == (asked["id"], "queued", [])
    worked_off()
    assert Action.objects.get().started == "2020-03-04"


def test_a_mapping_names_columns_and_names_that_nobody_has_are_refused_and_leave_nothing() -> None:
    program, data = Program(), sheet({"Zzz": "Fictia", "Qqq": "A payé.", "Date": "13/04/2020", "Www": "x"})
    refused = program.send(data, mapping='{"Zzz": "brand_sluggish", "None": "date"}')
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [
        ("/mapping/Zzz", "unknown_value"),
        ("/mapping/None", "unknown_column"),
    ]
    assert not ImportJob.objects.exists()
    taken = program.send(data, mapping='{"Zzz": "brand_slug", "Qqq": "description_fr", "Www": null}')
    assert taken.json()["state"] == "queued", taken.content


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_every_kind_of_rows_has_its_scope() -> None:
    assert set(SCOPES) == {kind.name for kind in KINDS}


def test_a_stranger_is_asked_for_a_key() -> None:
    for path in ("imports", f"imports/{'0' * 32}", f"jobs/{'0' * 32}"):
        assert Client().get(f"/api/v1/{path}").json()["code"] in ("key_needed", "not_found")
    assert Client().post("/api/v1/imports").status_code == 401


@pytest.mark.parametrize(
    ("scope", "type", "status"),
    [
        ("write:actions", "proofs", 422),
        ("write:sources", "proofs", 403),
        ("write:brands", "judgements", 422),
        ("write:actions", "brands", 403),
    ],
)
def test_the_kind_of_file_says_which_scope_is_needed(scope: str, type: str, status: int) -> None:
    answer = Program(None, scope).send(b"", type=type)
    assert answer.status_code in ({status} | ({415} if status == 422 else set()))
    if status == 403:
        assert (answer.json()["code"], answer.json()["scope"]) == ("scope_missing", SCOPES[type])
    assert not ImportJob.objects.exists()


def test_a_key_for_reading_sees_no_imports_and_is_told_what_is_missing() -> None:
    answer = Program(None, "read:published").get("imports")
    assert (answer.status_code, answer.json()["scope"]) == (403, " ".join(ALL))


def test_the_import_of_somebody_else_answers_like_one_that_does_not_exist() -> None:
    owner, mate, other = (somebody(roles.ANALYST) for _ in range(3))
    a_team(owner, mate)
    job = Program(owner).send(sheet(ACTION), dry_run="true").json()["id"]
    stranger, absent = Program(other), "00000000-0000-4000-8000-000000000000"
    for ending in ("", "/rows"):
        there, nowhere = (stranger.get(f"imports/{pk}{ending}").json() for pk in (job, absent))
        assert (there["status"], there["detail"]) == (nowhere["status"], nowhere["detail"])
        assert there["status"] == 404
    for step in ("confirm", "undo"):
        assert stranger.post(f"imports/{job}/{step}").status_code == 404
    assert stranger.delete(f"imports/{job}", "*").status_code == 404
    assert stranger.get("imports").json()["data"] == []
    assert [record["id"] for record in Program(mate).get("imports").json()["data"]] == [job]
    assert Program(owner, "write:sources").get(f"imports/{job}").json()["scope"] == "write:actions"


def large_import(program: Program, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an import whose undoing is a worker's."""
    job = program.send(sheet(ACTION, OTHER_ACT)).json()
    worked_off()
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    return f"imports/{job['id']}"


def test_a_large_undoing_is_answered_before_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    address = large_import(program, monkeypatch)
    asked = program.post(f"{address}/undo")
    assert (asked.status_code, asked.json()["state"]) == (202, "undoing"), asked.content
    assert asked["Location"] == asked.json()["url"]
    assert asked.json()["progress"] == {"done": 0, "of": 2, "rows_per_second": 0.0}
    assert program.post(f"{address}/undo").status_code == 409
    assert Action.objects.count() == 2
    worked_off()
    undone = program.get(address).json()
    assert (undone["state"], undone["error"], Action.objects.count()) == ("undone", None, 0)


def test_what_stands_against_a_large_undoing_is_told_with_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    address = large_import(program, monkeypatch)
    make.a_proof(Action.objects.order_by("pk")[0])
    assert program.post(f"{address}/undo").status_code == 202
    worked_off()
    found = program.get(address).json()
    assert (found["state"], Action.objects.count()) == ("done", 2)
    assert "nothing of it was undone" in found["error"]
    told = [row["messages"] for row in program.get(f"{address}/rows").json()["data"]]
    assert [[(said["code"], said["text"]) for said in row] for row in told] == [
        [("stays", "Something rests on it by now: proof.")],
        [],
    ]
    assert program.post(f"{address}/undo", {"mode": "untouched_rows"}).status_code == 202
    worked_off()
    assert Action.objects.count() == 1


def test_an_undoing_is_stopped_like_an_import(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program()
    address = large_import(program, monkeypatch)
    tag = program.post(f"{address}/undo")["ETag"]
    stopped = program.delete(address, tag)
    assert (stopped.status_code, stopped.json()["state"]) == (202, "done")
    assert "stopped on demand" in stopped.json()["error"]
    worked_off()
    assert Action.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite is locked as a whole")
@pytest.mark.parametrize("named", [{}, {"Idempotency-Key": "undo-1"}])
def test_an_undoing_that_meets_a_locked_database_is_told_to_come_again(named: dict[str, str]) -> None:
    program = Program()
    job = program.send(sheet(ACTION)).json()
    worked_off()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
    other = sqlite3.connect(connection.settings_dict["NAME"], uri=True, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = program.post(f"imports/{job['id']}/undo", **named)
    other.execute("ROLLBACK")
    other.close()
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert int(refused["Retry-After"]) > 0
    assert Action.objects.count() == 1
    assert program.post(f"imports/{job['id']}/undo", **named).status_code == 200
    assert not Action.objects.exists()


def test_cancelling_needs_the_tag_of_what_was_seen() -> None:
    program = Program()
    job = program.send(sheet(ACTION), dry_run="true").json()
    assert program.delete(f"imports/{job['id']}").status_code == 428
    stale = program.delete(f"imports/{job['id']}", '"old"')
    assert (stale.status_code, stale["ETag"]) == (412, program.get(f"imports/{job['id']}")["ETag"])
    cancelled = program.delete(f"imports/{job['id']}", stale["ETag"])
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert program.delete(f"imports/{job['id']}", "*").status_code == 409


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        (b"MZ\x90\x00" * 50, "virus.exe", 415),
        (b"PK\x03\x04" + b"\x00" * 100, "bomb.xlsx", 422),
        (b"PK\x03\x04" + b"\x00" * 100, "file.csv", 415),
        (b"a,b\n\x00\x01,2\n", "file.xlsx", 415),
        (b'"a,b\n1,2\n', "file.csv", 422),
        (b"", "file.csv", 422),
        (b"x" * (10 * 1024 * 1024 + 1), "file.csv", 413),
        (b"x" * (11 * 1024 * 1024), "file.csv", 413),
    ],
)
def test_a_hostile_file_is_refused_and_nothing_of_it_stays(data: bytes, name: str, status: int) -> None:
    answer = Program().send(data, name=name)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    assert not ImportJob.objects.exists()


def test_other_addresses_take_no_body_over_two_megabytes() -> None:
    program = Program()
    job = program.send(sheet(ACTION), dry_run="true").json()["id"]
    assert program.post(f"imports/{job}/confirm", {"mode": "x" * 3_000_000}).status_code == 413


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"colour": "blue"}, "/colour"),
        ({"mode": "some"}, "/mode"),
        ({"dates": "3"}, "/dates"),
        ({"mapping": "[1]"}, "/mapping"),
    ],
)
def test_what_is_unknown_is_refused_by_name(fields: dict[str, str], pointer: str) -> None:
    answer = Program().send(sheet(ACTION), **fields)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_an_unknown_parameter_or_crisis_is_refused() -> None:
    program = Program()
    assert program.get("imports?colour=blue").status_code == 400
    assert program.send(sheet(ACTION), crisis="flood").json()["errors"][0]["pointer"] == "/crisis"
    assert program.send(b"a", type="brands", crisis="covid-19").json()["errors"][0]["code"] == "not_applicable"


# --- Sent twice, done once --------------------------------------------------------------------------------------------


def test_a_request_that_is_sent_again_is_answered_again_and_done_once() -> None:
    program, name = Program(), {"Idempotency-Key": "nightly-1"}
    first = program.send(sheet(ACTION), headers=name)
    worked_off()
    second = program.send(sheet(ACTION), headers=name)
    assert (second.status_code, second.content, second["Location"]) == (202, first.content, first["Location"])
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert ImportJob.objects.count() == 1
    other = program.send(sheet(WRONG), headers=name)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert "Idempotency-Replayed" not in Program().send(sheet(WRONG), headers=name)


def test_a_refused_request_leaves_no_key_behind_and_a_running_one_keeps_it() -> None:
    program, name = Program(), {"Idempotency-Key": "nightly-1"}
    assert program.send(b"", headers=name).status_code == 422
    assert not RepeatableRequest.objects.exists()
    assert program.send(sheet(ACTION), headers=name).status_code == 202
    RepeatableRequest.objects.update(status=None)
    running = program.send(sheet(ACTION), headers=name)
    assert (running.status_code, running.json()["code"], running["Retry-After"]) == (409, "still_running", "1")
    RepeatableRequest.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert program.send(sheet(ACTION), headers=name).status_code in (202, 409)
    RepeatableRequest.objects.create(
        api_key=program.owner.api_keys.get(),
        name="old",
        digest="x",
        created_at=timezone.now() - timedelta(hours=49),
    )
    assert forget_repeats() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_import() -> None:
    program, start = Program(), Barrier(2)

    def send(_turn: int) -> int:
        start.wait()
        try:
            answer = program.send(sheet(ACTION), headers={"Idempotency-Key": "x"}, dry_run="true")
            return int(answer.status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(send, range(2)))
    assert statuses in ([202, 202], [202, 409])
    assert (ImportJob.objects.count(), RepeatableRequest.objects.count()) == (1, 1)
