"""Declared ties: who is barred, who has declared nothing, what can be ended and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from brands.models import Event
from scoring import review
from scoring.models import Tie, TieKind
from scoring.review import ReviewRefused
from tests import factories as make
from tests.scoring.review import making

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "until", "bars"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (None, TODAY, True),
        (None, TODAY - DAY, False),
        (date(2015, 1, 1), TODAY + DAY, True),
    ],
)
def test_a_tie_bars_from_its_first_to_its_last_day(since: date | None, until: date | None, bars: bool) -> None:
    user, brand = make.an_editor(), make.a_brand()
    tie = making.a_tie(user, brand, since=since, until=until)
    assert tie.in_force() is bars
    assert bool(review.ties_in_force(user.pk, brand.pk)) is bars


def test_a_barred_person_is_named_and_others_are_not_barred() -> None:
    user, other, brand = make.an_editor(), make.an_editor(), make.a_brand("Fictia")
    making.a_tie(user, brand)
    with pytest.raises(ReviewRefused, match="Fictia"):
        review.check_has_no_tie(user, brand)
    review.check_has_no_tie(other, brand)
    review.check_has_no_tie(user, make.a_brand())


def test_a_tie_that_has_ended_bars_no_longer() -> None:
    user, brand = make.an_editor(), make.a_brand()
    tie = making.a_tie(user, brand, since=date(2018, 1, 1))
    with pytest.raises(ReviewRefused, match="before it began"):
        review.end_tie(tie, on=date(2017, 1, 1))
    review.end_tie(tie, on=date(2019, 12, 31))
    assert review.ties_in_force(user.pk, brand.pk) == []
    assert Event.objects.get(kind="tie.ended").changes == {"until": [None, "2019-12-31"]}
    making.no_tie(user, brand)  # now it can be said


def test_nobody_declares_that_there_is_none_while_one_is_in_force() -> None:
    user, brand = make.an_editor(), make.a_brand()
    tie = making.a_tie(user, brand)
    with pytest.raises(ReviewRefused, match="still in force"):
        making.no_tie(user, brand)
    review.take_back_tie(tie, reason="It was another brand.")
    assert making.no_tie(user, brand) == making.no_tie(user, brand)
    assert Tie.objects.standing().count() == 1


def test_a_declaration_is_taken_back_with_a_reason_and_once() -> None:
    tie = making.a_tie(make.an_editor(), make.a_brand())
    with pytest.raises(ReviewRefused, match="reason"):
        review.take_back_tie(tie, reason="")
    assert not review.take_back_tie(tie, reason="Wrong brand.").in_force()
    with pytest.raises(ReviewRefused, match="already"):
        review.take_back_tie(tie, reason="Again.")


@pytest.mark.parametrize(
    "wrong",
    [{"text_en": "", "text_fr": ""}, {"since": date(2020, 1, 2), "until": date(2020, 1, 1)}, {"kind": "friend"}],
)
def test_a_tie_must_be_described_and_end_after_it_began(wrong: dict[str, Any]) -> None:
    user, brand = make.an_editor(), make.a_brand()
    right: dict[str, Any] = {"kind": TieKind.CLIENT, "text_en": "Advised it.", "text_fr": "L’a conseillée."}
    with pytest.raises(ValidationError):
        review.declare_tie(user, brand, **{**right, **wrong})
    with pytest.raises(IntegrityError), transaction.atomic():
        Tie.objects.create(user=user, brand=brand, **{**right, **wrong})
    assert review.declare_tie(user, brand, **right).in_force()


# --- Tie undeclared ---------------------------------------------------------------------------------------------------


def undeclared() -> set[tuple[str, str]]:
    return {(entry.assessment.brand.name, entry.person.username) for entry in review.ties_undeclared()}


def test_publishers_coders_and_whom_the_records_name_are_found_until_they_declare(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brand = make.a_kept_promise("Fictia")
    coder, editor = make.an_analyst(username="coder"), make.an_editor(username="editor")
    settler = make.an_editor(username="settler")
    making.coded_by(coder, brand.actions.get())
    case = make.published(brand, editor).assessment
    monkeypatch.setattr(review, "participants", [lambda ids: {case.pk: [settler.pk]}])
    assert undeclared() == {("Fictia", "coder"), ("Fictia", "editor"), ("Fictia", "settler")}
    making.no_tie(coder, brand)
    making.a_tie(settler, brand)
    assert undeclared() == {("Fictia", "editor")}
    review.take_back_tie(coder.ties.get(), reason="Too soon.")
    making.no_tie(editor, make.a_brand())
    assert undeclared() == {("Fictia", "editor"), ("Fictia", "coder")}


@pytest.mark.parametrize("cases", [2, 12])
def test_undeclared_ties_cost_the_same_queries_for_many_cases(cases: int, django_assert_num_queries: Any) -> None:
    for _ in range(cases):
        brand = make.a_kept_promise()
        making.coded_by(make.an_analyst(), brand.actions.get())
        make.published(brand)
    with django_assert_num_queries(7):
        assert len(review.ties_undeclared()) == 2 * cases
