"""The small functions under the screens: what a change is, whom it touches, what may vanish, how a value reads."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from brands import editing
from brands.changes import record_change
from brands.forms import PlainTextarea, promises_for, shown
from brands.models import Brand, Crisis, Event, Promise, Source
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import somebody

# --- What a change is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": "1"}, {"a": "2"}, {"a": ["1", "2"]}),
        ({"a": "1"}, {"a": "1"}, {}),
        ({}, {"a": "1", "b": "", "c": None, "d": []}, {"a": [None, "1"]}),
        ({"a": "1"}, {}, {"a": ["1", None]}),
        ({"a": ""}, {"a": None}, {}),
        ({"a": False}, {"a": True}, {"a": [False, True]}),
        ({"a": "0"}, {"a": ""}, {"a": ["0", ""]}),
    ],
)
def test_a_difference_names_before_and_after_and_absence_is_no_change(before: Any, after: Any, found: Any) -> None:
    assert editing.differences(before, after) == found


@pytest.mark.django_db
def test_a_state_holds_what_people_edit_and_no_bookkeeping() -> None:
    promise = make.a_promise(make.a_brand(), stakeholders=("customers", "partners"))
    state = editing.state_of(promise)
    assert state["stakeholders"] == ["customers", "partners"]
    assert state["sources"] == [promise.sources.get().key]
    assert state["brand"] == promise.brand.slug
    assert not editing.BOOKKEEPING & set(state)


@pytest.mark.django_db
def test_the_state_of_an_action_holds_its_sources_and_proofs_under_readable_names() -> None:
    action = make.an_action(make.a_brand(), sources=0, amount=Decimal("1500000"))
    make.a_link(action, source=make.a_source(key="daily"), independence_group="daily-group")
    make.a_proof(action, direction="harms", depth="2")
    state = editing.state_of(action)
    assert state["source_links.daily.independence_group"] == "daily-group"
    assert state["proofs.customers:harms.depth"] == "2"
    assert "proofs.customers:harms.action" not in state
    assert float(state["amount"]) == 1_500_000


@pytest.mark.django_db
def test_dates_are_logged_as_they_are_written() -> None:
    state = editing.state_of(Crisis.objects.get(slug="covid-19"))
    assert state["starts_on"] == "2020-03-01"
    assert state["phases.First lockdown (France).ends_on"] == "2020-05-11"


# --- Whom it touches --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_source_touches_every_brand_that_rests_on_it_in_any_way_and_each_once() -> None:
    source, brands = make.a_source(), [make.a_brand() for _ in range(5)]
    make.a_link(make.an_action(brands[0], sources=0), source=source)
    make.a_link(make.an_action(brands[0], sources=0), source=source)
    make.a_promise(brands[1], sourced=False).sources.add(source)
    make.a_profile(brands[2]).sources.add(source)
    make.a_judgement(brands[3], source=source)
    assert editing.brands_of(source) == brands[:4]


@pytest.mark.django_db
def test_a_fact_touches_its_brand_a_brand_itself_and_a_sector_nobody() -> None:
    brand = make.a_brand()
    assert editing.brands_of(make.a_promise(brand)) == [brand]
    assert editing.brands_of(brand) == [brand]
    assert editing.brands_of(make.a_sector()) == []


@pytest.mark.django_db
def test_a_reason_is_due_once_a_verdict_is_public_and_no_longer_after_its_withdrawal() -> None:
    brand = make.a_kept_promise()
    promise, source = brand.promises.get(), Source.objects.filter(promises__brand=brand).get()
    assert not editing.needs_reason(promise)
    publication = make.published(brand)
    assert editing.needs_reason(promise)
    assert editing.needs_reason(source)
    assert not editing.needs_reason(make.a_source())
    publication.is_current = False
    publication.save()
    assert not editing.needs_reason(promise)


@pytest.mark.django_db
def test_a_line_by_hand_marks_each_brand_as_due_once() -> None:
    source, analyst = make.a_source(), somebody(roles.ANALYST)
    brands = [make.a_brand(), make.a_brand()]
    for brand in brands:
        make.a_promise(brand, sourced=False).sources.add(source)
    editing.record_by_hand("evidence.corrected", source, actor=analyst, changes={"title": ["a", "b"]}, reason="Why.")
    assert [Brand.objects.get(pk=brand.pk).facts_revision for brand in brands] == [1, 1]
    assert [(event.actor, event.reason) for event in Event.objects.all()] == [(analyst, "Why.")] * 2
    last = editing.last_change(source)
    assert last is not None
    assert last.actor == analyst


# --- Taking back ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_withdrawing_counts_only_what_was_in_use() -> None:
    analyst, brand = somebody(roles.ANALYST), make.a_brand()
    promises: list[Promise] = [make.a_promise(brand) for _ in range(3)]
    assert editing.withdraw(promises[:2], by=analyst, reason="Wrong.") == 2
    assert editing.withdraw(promises, by=analyst, reason="Wrong.") == 1
    assert editing.restore(promises, by=analyst, reason="Right.") == 3
    assert editing.restore(promises, by=analyst, reason="Right.") == 0


@pytest.mark.django_db
def test_a_draft_is_unused_until_something_rests_on_it_or_changes_it() -> None:
    brand = make.a_brand()
    rested_on, changed, fresh = (make.a_promise(brand) for _ in range(3))
    make.a_proof(make.an_action(brand), rested_on)
    for kind in ("evidence.added", "evidence.corrected"):
        record_change(kind, brand=brand, subject=changed)
    record_change("evidence.added", brand=brand, subject=fresh)
    assert [editing.is_unused_draft(promise) for promise in (rested_on, changed, fresh)] == [False, False, True]


@pytest.mark.django_db
@pytest.mark.parametrize(("changed", "is_alone"), [({"depth"}, True), ({"rationale_en"}, False), (set(), False)])
def test_only_a_changed_code_takes_the_second_coder_away(changed: set[str], is_alone: bool) -> None:
    proof = make.a_proof(make.an_action(make.a_brand()), coding="agreed")
    assert editing.code_alone(proof, changed) is is_alone
    assert proof.coding == ("single" if is_alone else "agreed")


# --- How a value reads ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (forms.CharField(), "as typed", "as typed"),
        (forms.CharField(), None, ""),
        (forms.BooleanField(), True, "yes"),
        (forms.BooleanField(), None, "no"),
        (forms.ChoiceField(choices=[("1", "one"), ("u", "unknown")]), "u", "unknown"),
        (forms.ChoiceField(choices=[("Group", [("1", "one")])]), "1", "one"),
        (forms.ChoiceField(choices=[("1", "one")]), "9", "9"),
        (forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")]), ["a", "b"], "A, B"),
        (forms.SplitDateTimeField(), ["2020-04-02", "10:00"], "2020-04-02, 10:00"),
    ],
)
def test_a_value_in_the_comparison_reads_in_words(field: Any, value: Any, words: str) -> None:
    assert shown(field, value) == words


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["{pk}", ["{pk}"], "nobody’s", "", None])
def test_a_record_in_the_comparison_reads_by_its_name(value: Any) -> None:
    sector = make.a_sector()
    field: Any = forms.ModelChoiceField(type(sector).objects.all())
    given = [sector.pk] if isinstance(value, list) else str(sector.pk) if value == "{pk}" else value
    assert shown(field, given) == (str(sector) if value in ("{pk}", ["{pk}"]) else "")


@pytest.mark.parametrize(("sent", "kept"), [("a\r\nb", "a\nb"), ("a\nb", "a\nb"), ("a", "a")])
def test_line_ends_of_a_browser_are_those_of_a_file(sent: str, kept: str) -> None:
    data = QueryDict(mutable=True)
    data["text"] = sent
    assert PlainTextarea().value_from_datadict(data, {}, "text") == kept
    assert PlainTextarea().value_from_datadict(QueryDict(), {}, "text") is None


@pytest.mark.django_db
@pytest.mark.parametrize("brand_id", ["", "abc", "-1", "999999"])
def test_without_a_brand_no_promise_is_offered(brand_id: str) -> None:
    promise = make.a_promise(make.a_brand())
    assert list(promises_for(None, brand_id)) == []
    assert list(promises_for(None, str(promise.brand_id))) == [promise]
