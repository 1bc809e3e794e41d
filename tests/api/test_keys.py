"""The API with a key: its share of requests, its scopes, working scorecards, and a closed site."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.http import JsonResponse
from django.test import Client, override_settings
from django.urls import path
from rest_framework.request import Request

from cxalign.accounts import roles
from cxalign.accounts.models import Scope
from cxalign.api import throttling
from cxalign.api.authentication import check_scope
from cxalign.api.permissions import HasScope
from cxalign.api.views import ApiView
from tests import factories as make
from tests.accounts.desk import desk_of, somebody
from tests.accounts.making import a_draft, a_key, a_team, bearer, brand_of

pytestmark = pytest.mark.django_db


def get(path: str, token: str = "", **more: str) -> Any:
    return Client().get(path, headers={**(bearer(token) if token else {}), **more})


# --- Scopes -----------------------------------------------------------------------------------------------------------


class Sources(ApiView):
    """An address that writes, as others will be."""

    http_method_names = ["post", "options"]
    permission_classes = [HasScope("write:sources")]

    def post(self, request: Request) -> JsonResponse:
        return JsonResponse({"by": check_scope(request, Scope.WRITE_SOURCES).username}, status=201)


urlpatterns = [path("api/v1/written", Sources.as_view())]


def write(token: str = "") -> Any:
    with override_settings(ROOT_URLCONF=__name__):
        return Client().post("/api/v1/written", headers=bearer(token) if token else {})


def test_an_address_asks_for_its_scope_and_names_it_to_whoever_lacks_it() -> None:
    owner = somebody(roles.ANALYST)
    assert write(a_key(owner, "write:sources").token).json() == {"by": owner.username}
    for lacking in ("read:published", "write:promises"):
        refused = write(a_key(owner, lacking).token)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        assert refused.json()["scope"] == "write:sources"
        assert "write:sources" in refused.json()["detail"]
        assert 'scope="write:sources"' in refused["WWW-Authenticate"]
    stranger = write()
    assert (stranger.status_code, stranger.json()["code"]) == (401, "key_needed")


def test_a_session_writes_nothing_through_the_api() -> None:
    with override_settings(ROOT_URLCONF=__name__):
        assert desk_of(somebody(roles.EDITOR)).post("/api/v1/written").status_code == 401


def test_a_scope_that_is_not_of_the_list_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="write:everything"):
        HasScope("write:everything")


# --- Working scorecards -----------------------------------------------------------------------------------------------


def test_a_key_reads_the_working_verdict_that_the_public_does_not_see() -> None:
    draft = a_draft("Fictia")
    address = "/api/v1/scorecards/fictia:covid-19"
    token = a_key(somebody(roles.ANALYST), "read:drafts").token
    answer = get(f"{address}?state=draft", token)
    assert answer.status_code == 200
    assert answer.json()["outcome"] == draft.outcome
    assert answer.json()["state"] == "draft"
    assert answer.json()["version"] is None
    assert answer["Cache-Control"] == "no-store, private"
    assert get(address, token).status_code == 404
    assert get(address).status_code == 404
    again = get(f"{address}?state=draft", token, **{"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_without_the_scope_nobody_learns_whether_there_is_a_draft() -> None:
    a_draft("Fictia")
    token = a_key(somebody(roles.ANALYST), "read:published").token
    for who, status in (("", 401), (token, 403)):
        there, absent = (get(f"/api/v1/scorecards/{slug}:covid-19?state=draft", who) for slug in ("fictia", "absent"))
        assert there.status_code == absent.status_code == status
        assert {**there.json(), "instance": "", "request_id": ""} == {**absent.json(), "instance": "", "request_id": ""}


def test_a_consultants_key_reads_the_drafts_of_their_team_and_no_other() -> None:
    owner = somebody(roles.CONSULTANT)
    a_draft("Mine", a_team(owner))
    a_draft("Other", a_team(somebody(roles.CONSULTANT)))
    token = a_key(owner, "read:drafts").token
    assert get("/api/v1/scorecards/mine:covid-19?state=draft", token).status_code == 200
    other, absent = (get(f"/api/v1/scorecards/{slug}:covid-19?state=draft", token) for slug in ("other", "absent"))
    assert other.status_code == absent.status_code == 404
    assert {**other.json(), "instance": "", "request_id": ""} == {**absent.json(), "instance": "", "request_id": ""}


@pytest.mark.parametrize("question", ["state=draft&version=1", "state=draft&as_of=2026-01-01", "state=secret"])
def test_a_draft_has_no_versions_and_no_other_name(question: str) -> None:
    a_draft("Fictia")
    token = a_key(somebody(roles.ANALYST), "read:drafts").token
    assert get(f"/api/v1/scorecards/fictia:covid-19?{question}", token).status_code in (400, 404)


def test_lists_show_what_is_published_whatever_the_key() -> None:
    draft = a_draft("Fictia")
    token = a_key(somebody(roles.ANALYST), "read:drafts", "read:published").token
    for resource in ("brands", "scorecards", "promises", "actions", "sources", "proofs"):
        assert get(f"/api/v1/{resource}", token).json()["data"] == []
    make.published(brand_of(draft))
    assert get("/api/v1/scorecards", token).json()["data"] != []


# --- A closed site ----------------------------------------------------------------------------------------------------


def test_a_closed_site_answers_keys_made_for_reading(settings: Any) -> None:
    settings.PUBLIC_SITE = False
    owner = somebody(roles.ANALYST)
    assert get("/api/v1/brands").status_code == 401
    assert get("/api/v1/brands", "ppk_wrong").status_code == 401
    assert get("/api/v1/brands", a_key(owner, "read:published").token).status_code == 200
    refused = get("/api/v1/brands", a_key(owner, "read:drafts").token)
    assert (refused.status_code, refused.json()["scope"]) == (403, "read:published")


# --- Caches, other sites, and the share -------------------------------------------------------------------------------


def test_an_answer_to_a_key_is_kept_by_nobody_and_read_by_no_other_site() -> None:
    with_key, without = get("/api/v1/brands", a_key().token), get("/api/v1/brands")
    assert with_key["Cache-Control"] == "no-store, private"
    assert "Access-Control-Allow-Origin" not in with_key
    assert without["Access-Control-Allow-Origin"] == "*"
    assert "public" in without["Cache-Control"]


class Clock:
    """The beginning of a minute, so that no test runs into the next."""

    now = 1_000_000_020.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def shares(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.API_RATE, settings.API_KEY_RATE = "2/min", "4/min"
    monkeypatch.setattr(throttling, "time", Clock())
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("shares")
def test_a_key_has_a_larger_share_of_its_own() -> None:
    first, second = a_key().token, a_key().token
    answers = [get("/api/v1/brands", first) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert answers[0]["RateLimit-Policy"] == '"default";q=4;w=60'
    assert answers[0]["RateLimit"].startswith('"default";r=3;t=')
    assert "Retry-After" in answers[4]
    assert get("/api/v1/brands", second).status_code == 200
    assert get("/api/v1/brands")["RateLimit-Policy"] == '"default";q=2;w=60'


@pytest.mark.usefixtures("shares")
def test_wrong_keys_use_up_the_share_of_the_address() -> None:
    assert [get("/api/v1/brands", "ppk_wrong").status_code for _ in range(3)] == [401, 401, 429]
    assert get("/api/v1/brands").status_code == 429
    assert get("/api/v1/brands", a_key().token).status_code == 200


def test_the_shares_of_an_installation_are_sixty_and_six_hundred() -> None:
    from django.conf import settings as real

    assert real.API_KEY_RATE == "600/min"


def test_a_request_with_a_key_costs_three_queries_more(django_assert_num_queries: Any) -> None:
    token = a_key().token
    get("/api/v1/brands", token)
    with django_assert_num_queries(1):
        get("/api/v1/brands")
    with django_assert_num_queries(3):  # the key with its owner, and the brands that the owner codes
        get("/api/v1/brands", token)
