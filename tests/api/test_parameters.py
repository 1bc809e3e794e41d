"""What may be asked, and how what may not is named."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import URLPattern

from cxalign.api import parameters, urls
from cxalign.api.parameters import BadValue
from cxalign.api.views import ListView, ResourceView
from tests import factories as make
from tests.api.conftest import Reader

VIEWS = [
    pattern.callback.cls  # type: ignore[attr-defined]
    for pattern in urls.urlpatterns
    if isinstance(pattern, URLPattern) and issubclass(pattern.callback.cls, ResourceView)  # type: ignore[attr-defined]
]
COLLECTIONS = ("brands", "crises", "promises", "actions", "sources", "proofs", "scorecards")


def errors(problem: Any) -> list[tuple[str, str]]:
    return [(error["parameter"], error["code"]) for error in problem["errors"]]


@pytest.mark.parametrize("view", VIEWS)
def test_no_two_parameters_of_a_view_share_a_name(view: type[ResourceView]) -> None:
    names = [parameter.name for parameter in view.parameters()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_that_is_read_offers_fields_and_a_language_and_every_list_its_paging(
    view: type[ResourceView],
) -> None:
    if "get" not in view.http_method_names or getattr(view, "is_a_file", False):
        return
    names = {parameter.name for parameter in view.parameters()}
    assert names >= {"fields", "lang"}
    assert issubclass(view, ListView) == (names >= {"limit", "cursor", "sort", "count"})


@pytest.mark.django_db
@pytest.mark.parametrize("collection", [*COLLECTIONS, "brands/fictia", "scorecards/fictia:covid-19", ""])
def test_an_unknown_parameter_is_named_and_the_known_ones_are_listed(reader: Reader, collection: str) -> None:
    make.published(make.a_breach("Fictia"))
    reader.json(collection)
    problem = reader.json(f"{collection}?colour=red", 400)
    assert (problem["code"], errors(problem)) == ("bad_parameters", [("colour", "unknown_parameter")])
    assert "“colour”" in problem["detail"]
    if collection:
        assert "fields, lang" in problem["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "code", "named"),
    [
        ("scorecards?outcome=bad", "unknown_value", "broken_promise"),
        ("scorecards?sort=outcome", "unknown_value", "published_at"),
        ("scorecards?signal=", "unknown_value", "harm_alert"),
        ("scorecards?as_of=2020-02-30", "invalid_value", "2020-02-30"),
        ("scorecards?as_of=2020-W10-1", "invalid_value", "2020-W10-1"),
        ("scorecards?updated_at__gte=yesterday", "invalid_value", "yesterday"),
        ("scorecards?fields=outcome,colour", "unknown_field", "“colour”"),
        ("scorecards?limit=ten", "invalid_value", "200"),
        ("scorecards?limit=１０", "invalid_value", "200"),
        ("scorecards?limit=1&limit=2", "repeated", "“limit”"),
        ("scorecards?lang=de", "unknown_value", "en, fr"),
        ("scorecards?country=fr", "invalid_value", "“fr”"),
        ("brands?q=", "invalid_value", "100"),
        ("brands?q=a%00b", "invalid_value", "control"),
        ("brands?slug=a%00b", "invalid_value", "identifier"),
        ("actions?initiative=4", "unknown_value", "0, 1, 2, 3, u"),
        ("actions?occurred_on__gte=04/05/2020", "invalid_value", "month first"),
        ("promises?testable=yes", "unknown_value", "true, false"),
        ("proofs?format=json", "unknown_parameter", "“format”"),
        ("sources?link_status=dead", "unknown_parameter", "“link_status”"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_do(reader: Reader, question: str, code: str, named: str) -> None:
    problem = reader.json(question, 400)
    assert [error["code"] for error in problem["errors"]] == [code]
    assert named in problem["detail"] == problem["errors"][0]["detail"]
    reader.json(question.split("?")[0])


@pytest.mark.django_db
def test_all_wrong_parameters_are_told_at_once_in_the_readers_language(reader: Reader) -> None:
    problem = reader.json("actions?colour=red&limit=x&stakeholder=customers&stakeholder=dogs", 400)
    assert errors(problem) == [
        ("colour", "unknown_parameter"),
        ("limit", "invalid_value"),
        ("stakeholder", "unknown_value"),
    ]
    assert problem["detail"] == "3 parameters are not valid."


@pytest.mark.django_db
def test_a_thousand_parameters_are_too_many_and_no_error_of_ours(reader: Reader) -> None:
    assert reader.json("brands?" + "&".join(f"slug=s{n}" for n in range(900)))["data"] == []
    assert reader.json("brands?" + "&".join(f"slug=s{n}" for n in range(1200)), 400)["code"] == "malformed"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-04-13T09:30:00Z", datetime(2020, 4, 13, 9, 30, tzinfo=UTC)),
        ("2020-04-13T09:30:00+02:00", datetime(2020, 4, 13, 7, 30, tzinfo=UTC)),
        ("2020-04-13T09:30:00", datetime(2020, 4, 13, 9, 30, tzinfo=UTC)),
        ("2020-04-13", datetime(2020, 4, 13, tzinfo=UTC)),
        ("0001-01-01T00:00:00+02:00", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59-02:00", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_point_in_time_is_read_in_utc(text: str, moment: datetime) -> None:
    assert parameters.Moment("at").read(text) == moment


def test_a_day_is_read_in_one_form_only() -> None:
    assert parameters.Day("on").read("2020-04-13") == date(2020, 4, 13)
    for text in ("13/04/2020", "20200413", "2020-4-13", "2020-04-31", ""):
        with pytest.raises(BadValue):
            parameters.Day("on").read(text)


@pytest.mark.parametrize(
    ("given", "least", "after"),
    [
        ("2020", "2020", "2021"),
        ("2020-01-01", "2020", "2020-01-02"),
        ("2020-04", "2020-04", "2020-05"),
        ("2020-12", "2020-12", "2021"),
        ("2020-04-01", "2020-04", "2020-04-02"),
        ("2020-04-30", "2020-04-30", "2020-05"),
        ("2020-12-31", "2020-12-31", "2021"),
        ("9999-12-31", "9999-12-31", "9999-99"),
    ],
)
def test_bounds_for_partial_dates_compare_as_text(given: str, least: str, after: str) -> None:
    assert parameters.FromDay("since__gte").read(given) == least
    assert parameters.UntilDay("since__lte").read(given) == after
