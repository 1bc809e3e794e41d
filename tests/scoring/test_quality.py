"""What each check of the files finds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brands.models import Action, Brand, Promise
from scoring import quality, tasks
from scoring.models import QualityCount, Snapshot
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(code: str) -> list[Any]:
    return quality.checks[code].rows()[:]


def withdraw(record: Any) -> None:
    type(record).objects.filter(pk=record.pk).update(withdrawn_at=timezone.now())


# --- Promises ---------------------------------------------------------------------------------------------------------


def test_a_testable_promise_without_a_date_is_found() -> None:
    brand = make.a_brand()
    undated = make.a_promise(brand, since="")
    make.a_promise(brand, since="2018")
    make.a_promise(brand, since="", testable=False)
    withdraw(make.a_promise(brand, since=""))
    assert found("promise_undated") == [undated]


@pytest.mark.parametrize(
    ("fields", "is_found"),
    [
        ({"since": "2020-04"}, True),
        ({"since": "2020-03-02"}, True),
        ({"since": "2021"}, True),
        ({"since": "2020-03"}, False),
        ({"since": "2020"}, False),
        ({"since": ""}, False),
        ({"since": "2020-04", "weight": "supporting"}, False),
    ],
)
def test_a_central_promise_dated_after_the_start_is_found(fields: dict[str, str], is_found: bool) -> None:
    brand = make.a_brand()
    promise = make.a_promise(brand, **fields)
    make.a_profile(brand)
    make.judged(make.touched(brand))
    assert found("promise_after_start") == ([promise] if is_found else [])


def test_a_promise_of_a_brand_that_no_crisis_is_about_is_left_alone() -> None:
    make.a_promise(make.a_brand(), since="2021")
    assert found("promise_after_start") == []


def test_nearly_the_same_quotation_is_found_within_a_brand() -> None:
    brand = make.a_brand()
    one = make.a_promise(brand, quote="We put our customers first, always.")
    two = make.a_promise(brand, quote="“We put our customers first – always”")
    make.a_promise(brand, quote="We pay our suppliers within ten days.")
    make.a_promise(make.a_brand(), quote="We put our customers first, always.")
    assert set(found("duplicate_quote")) == {one, two}


# --- Sources ----------------------------------------------------------------------------------------------------------


def test_a_quotation_without_an_archived_copy_is_found() -> None:
    passage = make.a_source(passage="It paid.")
    behind_a_quote = make.a_promise(make.a_brand(), quote="We care.").sources.get()
    make.a_source()
    make.a_source(passage="It paid.", archive_url="https://archive.example/a")
    make.a_source(passage="It paid.", url="")
    make.a_promise(make.a_brand(), quote="")
    assert set(found("quote_unarchived")) == {passage, behind_a_quote}


def test_sources_at_variants_of_one_address_are_found() -> None:
    one = make.a_source(url="https://www.daily.example/a?utm_source=x")
    two = make.a_source(url="http://m.daily.example/a/")
    make.a_source(url="https://www.daily.example/b")
    withdraw(make.a_source(url="https://www.daily.example/b?fbclid=1"))
    assert set(found("duplicate_source")) == {one, two}


def test_only_addresses_that_no_longer_answer_are_dead_links() -> None:
    dead, _moved, _unknown = (make.a_source(link_status=status) for status in ("dead", "moved", ""))
    withdraw(make.a_source(link_status="dead"))
    assert found("link_dead") == [dead]


# --- Acts -------------------------------------------------------------------------------------------------------------


def test_an_act_that_bears_on_nobody_is_found() -> None:
    brand = make.a_brand()
    bare = make.an_action(brand)
    make.a_proof(make.an_action(brand))
    withdraw(make.an_action(brand))
    assert found("act_without_group") == [bare]


@pytest.mark.parametrize(
    ("links", "is_found"),
    [
        ([("interested", "fictia", "press")], True),
        ([("interested", "fictia", "press"), ("interested", "pr", "brand_owned")], True),
        ([("interested", "fictia", "press"), ("independent", "daily", "press")], False),
        ([("interested", "union", "ngo")], False),
        ([("against_interest", "fictia", "brand_owned")], False),
        ([("primary", "fictia", "brand_owned")], False),
        ([], False),
    ],
)
def test_an_act_known_from_the_brand_alone_is_found(links: list[tuple[str, str, str]], is_found: bool) -> None:
    action = make.an_action(make.a_brand("Fictia"), sources=0)
    for kind, group, source_type in links:
        make.a_link(action, kind, make.a_source(source_type=source_type), independence_group=group)
    assert found("brand_sources_only") == ([action] if is_found else [])


def test_a_withdrawn_source_makes_no_act_independent() -> None:
    action = make.an_action(make.a_brand("Fictia"), sources=0)
    make.a_link(action, "interested", independence_group="fictia")
    withdraw(make.a_link(action, "independent").source)
    assert found("brand_sources_only") == [action]


def test_a_proof_without_a_rationale_is_found() -> None:
    brand = make.a_brand()
    bare = make.a_proof(make.an_action(brand))
    make.a_proof(make.an_action(brand), rationale_fr="Parce que.")
    gone = make.an_action(brand)
    make.a_proof(gone)
    withdraw(gone)
    assert found("proof_without_reason") == [bare]


def test_a_rationale_in_one_language_is_found_on_every_kind_of_record() -> None:
    brand = make.a_brand()
    action = make.an_action(brand, rationale_en="Because.")
    proof = make.a_proof(action, rationale_fr="Parce que.")
    promise = make.a_promise(brand, rationale_en="Because.")
    profile = make.a_profile(brand, rationale_fr="Parce que.")
    make.an_action(brand, rationale_en="Because.", rationale_fr="Parce que.")
    make.an_action(brand)
    assert found("reason_untranslated") == [proof, action, promise, profile]


# --- Verdicts ---------------------------------------------------------------------------------------------------------


def test_an_archetype_that_rests_on_one_source_is_found() -> None:
    alone = make.judged(make.a_kept_promise()).assessment
    make.judged(make.a_breach())  # two sources
    make.judged(make.an_empty_file())  # no archetype
    assert found("single_source") == [alone]


def test_a_verdict_that_nobody_touched_for_a_year_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make.judged(make.a_kept_promise()).assessment
    assert found("verdict_old") == []
    later = timezone.localdate() + quality.REVIEWED_WITHIN
    monkeypatch.setattr(timezone, "localdate", lambda: later)
    assert found("verdict_old") == []
    monkeypatch.setattr(timezone, "localdate", lambda: later + timedelta(days=1))
    assert found("verdict_old") == [case]
    assert Snapshot.objects.count() == 1


# --- The list ---------------------------------------------------------------------------------------------------------


def test_records_of_several_kinds_are_cut_into_pages_as_one_list() -> None:
    brand = make.a_brand()
    for number in range(3):
        make.a_promise(brand, statement_en=f"Promise {number}", quote="")
        make.an_action(brand, statement_en=f"Act {number}")
    rows = quality.Rows([Promise.objects.order_by("pk"), Action.objects.order_by("pk")])
    whole = [*Promise.objects.order_by("pk"), *Action.objects.order_by("pk")]
    assert len(rows) == 6
    for start in range(7):
        for stop in range(start, 8):
            assert rows[start:stop] == whole[start:stop]


def test_every_check_says_where_its_records_are_corrected() -> None:
    brand = make.a_brand()
    action = make.an_action(brand, rationale_en="Because.")
    proof = make.a_proof(action)
    assert quality.edited_at(proof) == quality.edited_at(action) == f"/admin/brands/action/{action.pk}/change/"
    assert (quality.brand_of(proof), quality.brand_of(make.a_source())) == (brand, None)


def test_a_part_of_the_product_adds_a_check_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "checks", dict(quality.checks))
    make.a_brand("Fictia")
    quality.register(quality.Check("unlisted", "Unlisted", "", lambda: [Brand.objects.filter(listed=False)]))
    assert list(quality.checks)[-1] == "unlisted"
    assert quality.count_today()["unlisted"] == 1


@pytest.mark.parametrize("make_more", [make.a_kept_promise, make.a_breach], ids=["kept", "breach"])
def test_counting_takes_as_many_queries_whatever_the_number_of_records(make_more: Callable[[], Brand]) -> None:
    counts = []
    for number in (1, 9):
        for _ in range(number):
            make.judged(make_more())
        with CaptureQueriesContext(connection) as queries:
            quality.count_today()
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Day by day -------------------------------------------------------------------------------------------------------


def test_a_day_is_counted_once_and_corrected_by_a_second_count() -> None:
    make.an_action(make.a_brand())
    tasks.count_quality()
    make.an_action(make.a_brand())
    tasks.count_quality()
    counted = QualityCount.objects.get(check_code="act_without_group")
    assert (counted.day, counted.count) == (timezone.localdate(), 2)
    assert quality.last_counts()["act_without_group"] == 2


def test_a_trend_goes_from_the_oldest_day_to_the_newest_and_forgets_what_is_long_past() -> None:
    today = date(2026, 11, 26)
    for days, count in ((0, 3), (30, 5), (400, 9)):
        QualityCount.objects.create(check_code="x", day=today - timedelta(days=days), count=count)
    assert quality.trends(today)["x"] == [(today - timedelta(days=30), 5), (today, 3)]
