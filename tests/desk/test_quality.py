"""The quality page: a row a check, its trend, and the records behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cxalign.accounts import roles
from cxalign.desk.quality import line_of, words_of
from scoring import quality
from scoring.models import QualityCount
from tests import factories as make
from tests.accounts.desk import change_page, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/en/desk/quality/"


def ago(days: int) -> object:
    return timezone.localdate() - timedelta(days=days)


def test_each_check_tells_what_it_finds_now_and_what_is_amiss_comes_first() -> None:
    make.an_action(make.a_brand())
    rows = signed_in().get(PAGE).context["rows"]
    assert [row.check.code for row in rows if row.count] == ["act_without_group"]
    assert rows[0].check.code == "act_without_group"
    assert {row.check.code for row in rows} == set(quality.checks)


def test_a_check_lists_its_records_each_with_the_way_to_its_screen() -> None:
    brand = make.a_brand("Fictia")
    action = make.an_action(brand, rationale_en="x", rationale_fr="x")
    make.a_proof(action, direction="harms", depth="2")
    page = signed_in().get(f"{PAGE}proof_without_reason/")
    text = page.content.decode()
    assert f'href="{change_page(action)}"' in text
    assert "Paid claims at once. – customers, harms" in text
    assert "Fictia" in text


def test_a_long_list_has_pages() -> None:
    brand = make.a_brand()
    for _ in range(51):
        make.an_action(brand, sources=0)
    desk = signed_in()
    assert len(desk.get(f"{PAGE}act_without_group/").context["records"]) == 50
    second = desk.get(f"{PAGE}act_without_group/?page=2")
    assert len(second.context["records"]) == 1
    assert 'rel="prev"' in second.content.decode()


def test_a_check_that_finds_nothing_says_so() -> None:
    text = signed_in().get(f"{PAGE}act_without_group/").content.decode()
    assert "This check finds nothing to correct." in text
    assert "All checks are in order" in signed_in().get(PAGE).content.decode()


def test_the_trend_is_told_in_words_and_in_a_table_day_by_day() -> None:
    make.an_action(make.a_brand())
    QualityCount.objects.create(check_code="act_without_group", day=ago(10), count=4)
    QualityCount.objects.create(check_code="act_without_group", day=ago(2), count=2)
    text = signed_in().get(PAGE).content.decode()
    assert "−3 in 10 days" in text
    assert '<svg class="trend"' in text
    page = signed_in().get(f"{PAGE}act_without_group/")
    assert [count for _day, count in page.context["series"]] == [1, 2, 4]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([(0, 3)], "counted for the first time today"),
        ([(1, 3), (0, 3)], "the same as 1 day ago"),
        ([(9, 1), (7, 2), (3, 9), (0, 5)], "+3 in 7 days"),
        ([(3, 9), (0, 5)], "−4 in 3 days"),
    ],
)
def test_a_trend_is_against_a_week_ago_or_else_the_first_day(counts: list[tuple[int, int]], words: str) -> None:
    assert words_of([(ago(days), count) for days, count in counts]) == words  # type: ignore[misc]


def test_a_line_runs_from_the_first_day_to_today_with_zero_at_the_bottom() -> None:
    line = line_of([(ago(10), 4), (ago(5), 0), (ago(0), 2)])  # type: ignore[list-item]
    assert line is not None
    assert line.points == "2.0,2.0 59.0,26.0 116.0,14.0"
    assert (line.last_x, line.last_y) == ("116.0", "14.0")
    assert line_of([(ago(0), 3)]) is None  # type: ignore[list-item]


def test_an_unknown_check_does_not_exist_and_strangers_stay_outside() -> None:
    assert signed_in().get(f"{PAGE}nothing/").status_code == 404
    assert signed_in(roles.CONSULTANT).get(PAGE).status_code == 403


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}reason_untranslated/"])
def test_it_costs_as_many_queries_with_twenty_records_as_with_two(address: str) -> None:
    desk, counts = signed_in(), []
    for number in (2, 18):
        for _ in range(number):
            brand = make.a_brand()
            make.a_proof(make.an_action(brand, rationale_en="x"), make.a_promise(brand, rationale_fr="x"))
            make.a_profile(brand, rationale_en="x")
            make.judged(make.touched(brand))
        with CaptureQueriesContext(connection) as queries:
            desk.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20
