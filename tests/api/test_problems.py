"""Refusals: one form, stable codes, the reader's language, and nothing told that was not asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory, override_settings
from rest_framework import exceptions

from cxalign import refusals
from cxalign.api import brands
from cxalign.api.errors import KINDS, MEDIA_TYPE, STORE_AWAY_SECONDS, Problem
from tests import factories as make
from tests.api.conftest import Reader

pytestmark = pytest.mark.django_db

MEMBERS = {"type", "title", "status", "code", "detail", "instance", "request_id"}


def test_a_problem_has_the_members_of_the_standard_and_the_id_of_the_request(reader: Reader) -> None:
    answer = reader.get("brands/nobody")
    problem = answer.json()  # type: ignore[attr-defined]
    assert answer["Content-Type"] == MEDIA_TYPE
    assert problem.keys() == MEMBERS
    assert (problem["status"], problem["code"], problem["instance"]) == (404, "not_found", "/api/v1/brands/nobody")
    assert problem["request_id"] == answer["X-Request-Id"]
    assert problem["type"] == "http://127.0.0.1:8000/problems/not_found/"


def test_the_detail_follows_the_language_asked_for_and_the_code_never(reader: Reader) -> None:
    english = reader.json("brands/nobody", 404, Accept_Language="en-GB,en;q=0.9")
    french = reader.json("brands/nobody", 404, Accept_Language="fr-CA,fr;q=0.9,en;q=0.1")
    assert english["code"] == french["code"]
    assert english["detail"] == "Nothing is published at this address."
    assert reader.get("brands/nobody", Accept_Language="fr")["Content-Language"] == "fr"


@pytest.mark.parametrize("collection", ["brands", "crises", "promises", "actions", "sources", "proofs", "scorecards"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_written(reader: Reader, collection: str, method: str) -> None:
    answer = getattr(reader.client, method)(f"/api/v1/{collection}")
    assert (answer.status_code, answer["Content-Type"]) == (405, MEDIA_TYPE)
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer.json()["detail"] == f"{method.upper()} is not possible here."
    reader.json(collection)


@pytest.mark.parametrize("accepted", ["application/json", "*/*", "application/*", "text/html, */*;q=0.1"])
def test_json_is_sent_to_whoever_accepts_it(reader: Reader, accepted: str) -> None:
    assert reader.get("brands", Accept=accepted)["Content-Type"] == "application/json"


@pytest.mark.parametrize("accepted", ["text/html", "application/xml", "image/*"])
def test_who_accepts_no_json_is_told(reader: Reader, accepted: str) -> None:
    assert reader.json("brands", 406, Accept=accepted)["code"] == "not_acceptable"


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v1/brands/", "/api/v1/brands/a/b", "/api/v1/brands/é", "/api/v1/actions/a%00"]
)
def test_an_unknown_address_is_a_problem_and_no_page(reader: Reader, path: str) -> None:
    assert reader.json(path, 404)["code"] == "not_found"
    assert reader.client.post(path).status_code == 405


def test_the_base_address_leads_to_the_index(reader: Reader) -> None:
    assert reader.get("/api/v1")["Location"] == "/api/v1/"
    index = reader.json("/api/v1/")
    for address in (*index["resources"].values(), index["openapi"]):
        reader.json(address)


def test_a_preflight_is_answered_for_any_site(reader: Reader) -> None:
    headers = {"Origin": "https://else.example", "Access-Control-Request-Method": "GET"}
    answer = reader.client.options("/api/v1/brands", headers=headers)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    assert "GET" in answer["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("path", ["brands", "brands/nobody", "brands?x=1"])
def test_any_site_may_read_answers_and_problems_and_no_cookie_is_set(reader: Reader, path: str) -> None:
    answer = reader.get(path, Origin="https://else.example")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "Set-Cookie" not in answer
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (OperationalError("server closed the connection"), 503, "unavailable"),
        (InterfaceError("connection already closed"), 503, "unavailable"),
        (SuspiciousOperation("odd"), 400, "malformed"),
        (exceptions.ParseError("odd"), 400, "malformed"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (Problem("withdrawn", "Because."), 410, "withdrawn"),
    ],
)
def test_a_failure_has_a_code_of_its_own_and_hides_what_failed(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, raised: Exception, status: int, code: str
) -> None:
    def fail(*_args: Any) -> None:
        raise raised

    monkeypatch.setattr(brands, "public_brands", fail)
    answer = reader.get("brands")
    assert (answer.status_code, answer.json()["code"]) == (status, code)  # type: ignore[attr-defined]
    assert str(raised).encode() not in answer.content or code == "withdrawn"
    assert answer.get("Retry-After") == (str(STORE_AWAY_SECONDS) if status == 503 else None)


def test_an_error_of_ours_is_logged_and_told_without_its_cause(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_args: Any) -> None:
        raise ZeroDivisionError("secret of ours")

    monkeypatch.setattr(brands, "public_brands", fail)
    answer = Client(raise_request_exception=False).get("/api/v1/brands")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert b"secret" not in answer.content
    assert "secret of ours" in caplog.text


def test_a_closed_site_answers_only_who_signed_in(reader: Reader) -> None:
    make.published(make.a_breach("Fictia"))
    with override_settings(PUBLIC_SITE=False):
        for path in ("brands", "brands/fictia", "brands/nobody", "openapi.json"):
            problem = reader.json(path, 401)
            assert (problem["code"], problem.keys()) == ("authentication_required", MEMBERS)
        reader.client.force_login(make.an_analyst())
        assert reader.ids("brands") == ["fictia"]


def test_every_code_has_a_status_a_title_a_meaning_and_a_remedy() -> None:
    for code, kind in KINDS.items():
        assert code.isascii()
        assert 400 <= kind.status < 600
        assert all(str(text).strip() for text in (kind.title, kind.meaning, kind.remedy))


def test_what_is_refused_before_any_view_is_a_problem_too(reader: Reader) -> None:
    refused = reader.get("brands", Host="elsewhere.example")
    assert (refused.status_code, refused["Content-Type"]) == (400, MEDIA_TYPE)
    assert refused.json()["code"] == "malformed"  # type: ignore[attr-defined]


def test_what_fails_outside_of_any_view_is_a_problem_too(rf: RequestFactory) -> None:
    failed = refusals.server_error(rf.get("/api/v1/brands"))
    assert (failed.status_code, failed["Content-Type"]) == (500, MEDIA_TYPE)
