"""The log of searches: written once, taken back with a reason, never deleted."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from brands.models import AppendOnlyError, Event
from scoring import review
from scoring.models import Assessment, EvidenceSearch
from scoring.review import ReviewRefused, SearchEntry
from tests import factories as make
from tests.scoring.review import making

pytestmark = pytest.mark.django_db


def a_case() -> Assessment:
    return make.judged(make.a_kept_promise()).assessment


def an_entry(**fields: object) -> SearchEntry:
    values = {"stakeholder": "partners", "looked_for": "harms", "queries": "unpaid invoices", "engine": "Europresse"}
    return SearchEntry(**{**values, "searched_on": date(2020, 6, 1), "hits": 12, **fields})  # type: ignore[arg-type]


def test_searches_are_logged_together_each_with_its_line() -> None:
    case, analyst = a_case(), make.an_analyst()
    review.log_searches(case, [an_entry(), an_entry(looked_for="helps")], by=analyst)
    assert review.searches_of([case.pk])[case.pk] == {("partners", "harms"), ("partners", "helps")}
    lines = Event.objects.filter(kind="search.logged")
    assert {line.actor for line in lines} == {analyst}
    assert lines[0].changes["queries"] == [None, "unpaid invoices"]
    assert lines[0].brand == case.brand


def test_all_are_logged_or_none() -> None:
    case = a_case()
    with pytest.raises(ValidationError):
        review.log_searches(case, [an_entry(), an_entry(queries="")], by=make.an_analyst())
    assert not EvidenceSearch.objects.exists()


def test_a_search_is_no_fact_and_makes_nothing_due() -> None:
    case = a_case()
    before = type(case.brand).objects.get(pk=case.brand_id).facts_revision
    review.log_searches(case, [an_entry()], by=make.an_analyst())
    assert type(case.brand).objects.get(pk=case.brand_id).facts_revision == before


def test_a_search_taken_back_no_longer_counts_and_stays_with_its_reason() -> None:
    case, editor = a_case(), make.an_editor()
    search = making.a_search(case)
    with pytest.raises(ReviewRefused, match="reason"):
        review.take_back_search(search, by=editor, reason="  ")
    assert review.searches_of([case.pk])[case.pk] == {("customers", "harms")}
    review.take_back_search(search, by=editor, reason="The wrong brand.")
    assert review.searches_of([case.pk])[case.pk] == set()
    search.refresh_from_db()
    assert search.withdrawn_reason == "The wrong brand."
    assert Event.objects.get(kind="search.withdrawn").reason == "The wrong brand."


def test_neither_the_program_nor_the_database_deletes_a_search_or_a_tie() -> None:
    search = making.a_search(a_case())
    tie = making.no_tie(make.an_editor(), make.a_brand())
    for record in (search, tie):
        with pytest.raises(AppendOnlyError):
            record.delete()
        with pytest.raises(AppendOnlyError):
            type(record).objects.all().delete()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {record._meta.db_table}")
        assert type(record).objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize("fields", [{"queries": ""}, {"engine": ""}, {"stakeholder": "ghosts"}, {"looked_for": "talk"}])
def test_the_database_knows_what_a_search_must_say(fields: dict[str, str]) -> None:
    case = a_case()
    making.a_search(case)
    with pytest.raises(IntegrityError), transaction.atomic():
        making.a_search(case, **fields)  # type: ignore[arg-type]
