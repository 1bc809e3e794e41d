"""What is not published does not exist: not in a list, a count, a filter, a tag or the length of an answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brands.models import Brand
from cxalign.api import exports, imports, jobs, plan_parts, plans, urls
from cxalign.api.authentication import KeyAuthentication
from cxalign.api.permissions import PublicOrSignedIn, WithKey
from cxalign.api.throttling import CallerThrottle
from tests import factories as make
from tests.api.conftest import Reader

pytestmark = pytest.mark.django_db

HIDDEN = (
    "brands/hidden",
    "scorecards/hidden:covid-19",
    "scorecards/hidden:covid-19:v1",
    "scorecards/hidden:covid-19:draft",
    "scorecards/hidden:covid-19/versions",
    "promises/hidden-promise",
    "actions/hidden-action",
    "sources/hidden-source",
    "proofs/hidden-action:customers:harms",
)
ABSENT = tuple(path.replace("hidden", "absent") for path in HIDDEN)


@pytest.fixture
def hidden() -> Brand:
    brand = make.a_brand("Hidden")
    source = make.a_source(key="hidden-source", publisher="Hidden Daily", url="https://hidden.example/")
    action = make.an_action(brand, key="hidden-action", sources=0)
    make.a_link(action, source=source)
    make.a_proof(action, make.a_promise(brand, key="hidden-promise"), direction="harms", depth="2")
    make.judged(make.touched(brand))
    return brand


def answer_to(client: Client, path: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, body and headers, without what differs from one request to the next."""
    answer = client.get(f"/api/v1/{path}")
    body = answer.json()
    body.pop("request_id", None)
    body["instance"] = body.get("instance", "").replace("hidden", "absent")
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    return answer.status_code, body, headers


@pytest.mark.parametrize(("there", "not_there"), list(zip(HIDDEN, ABSENT, strict=True)))
@pytest.mark.parametrize("who", ["stranger", "analyst"])
def test_hidden_and_absent_are_told_apart_by_nothing(hidden: Brand, there: str, not_there: str, who: str) -> None:
    client = Client()
    if who == "analyst":
        client.force_login(make.an_analyst())
    assert answer_to(client, there) == answer_to(client, not_there)
    assert answer_to(client, there)[0] == 404


@pytest.mark.parametrize("path", [path for path in HIDDEN if "draft" not in path])
def test_what_was_hidden_is_there_once_it_is_published(reader: Reader, hidden: Brand, path: str) -> None:
    reader.json(path, 404)
    make.published(hidden)
    reader.json(path)


@pytest.mark.parametrize(
    "question",
    [
        "brands?q=hidden",
        "brands?slug=hidden",
        "brands?archetype=broken_promise",
        "crises",
        "promises?brand=hidden",
        "actions?brand=hidden",
        "sources?publisher=Hidden+Daily",
        "sources?url=https%3A%2F%2Fhidden.example%2F",
        "proofs?action=hidden-action",
        "scorecards?brand=hidden",
        "scorecards?as_of=2100-01-01",
    ],
)
def test_no_filter_or_count_betrays_it_and_each_finds_it_later(reader: Reader, hidden: Brand, question: str) -> None:
    join = "&" if "?" in question else "?"
    before = reader.json(f"{question}{join}count=exact")
    assert (before["data"], before["count"]["value"]) == ([], 0)
    make.published(hidden)
    assert reader.json(f"{question}{join}count=exact")["count"]["value"] == 1


@pytest.mark.parametrize("value", ["{{ 7 }}", "<b>é</b>", "'; DROP TABLE x; --", "=1+1", "%s%n", "\u2028"])
def test_text_is_data_and_comes_back_as_typed(reader: Reader, value: str) -> None:
    brand = make.a_brand(value, slug="fictia")
    make.a_proof(make.an_action(brand, key="act", statement_en=value), make.a_promise(brand))
    make.published(make.touched(brand))
    assert reader.json("brands/fictia")["name"] == value
    assert reader.json("actions/act")["statement"]["en"] == value
    assert reader.json("scorecards/fictia:covid-19")["brand"]["name"] == value


WITH_A_KEY = (
    exports.ExportList,
    exports.ExportDetail,
    exports.ExportedFile,
    jobs.JobDetail,
    imports.ImportList,
    imports.ImportDetail,
    imports.ImportRows,
    imports.ImportConfirm,
    imports.ImportUndo,
    plans.PlanList,
    plans.PlanDetail,
    plans.ItemList,
    plans.ItemDetail,
    plan_parts.ProblemList,
    plan_parts.ProblemDetail,
    plan_parts.ScenarioList,
    plan_parts.ScenarioDetail,
)


@pytest.mark.parametrize("pattern", urls.urlpatterns, ids=lambda pattern: pattern.name)
def test_every_address_has_the_rule_of_who_may_read_and_how_often(pattern: Any) -> None:
    view = pattern.callback.cls
    if view in WITH_A_KEY:
        assert view.permission_classes == [WithKey]
        assert view.throttle_classes == [CallerThrottle]
        assert view.authentication_classes == [KeyAuthentication]
        return
    assert view.permission_classes == [PublicOrSignedIn]
    assert view.throttle_classes == [CallerThrottle]
    assert view.authentication_classes == [KeyAuthentication]
    assert view.http_method_names == ["get", "head", "options"]
