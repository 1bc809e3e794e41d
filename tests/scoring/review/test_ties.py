"""Declared ties: who is barred, who has declared nothing, what can be ended and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from brands.changes import record_change
from brands.models import Event, Proof
from cxalign.accounts import roles
from scoring import quality, review
from scoring.models import Assessment, CodeDecision, Tie, TieKind
from scoring.rescoring import score_brand
from scoring.review import ReviewRefused
from tests import factories as make
from tests.accounts.desk import somebody
from tests.scoring.coding import making as coding
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


def test_publishers_coders_and_whom_the_records_name_are_found_until_they_declare() -> None:
    brand = make.a_kept_promise("Fictia")
    coder, editor = make.an_analyst(username="coder"), make.an_editor(username="editor")
    settler = make.an_editor(username="settler")
    making.coded_by(coder, brand.actions.get())
    case = make.published(brand, editor).assessment
    item = coding.a_round(case, somebody(roles.ANALYST), somebody(roles.ANALYST), somebody(roles.EDITOR)).items.all()[0]
    CodeDecision.objects.create(item=item, code="substance", value="2", reason="Plain.", decided_by=settler)
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
    with django_assert_num_queries(4):
        assert len(review.ties_undeclared()) == 2 * cases
    with django_assert_num_queries(2):
        assert len(review.silent_parts()) == 2 * cases


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"statement_en": ["Paid.", 'Paid "substance": all.']}, False),
        ({"started": ["2020", "2020-04"], "tags": [[], ["To look at"]]}, False),
        ({"withdrawn_at": [None, "2020-05-01"]}, False),
        ({"substance": ["", "2"]}, True),
        ({"proofs.customers:helps.depth": ["0", "1"]}, True),
        ({"source_links.daily.kind": ["interested", "independent"]}, True),
        ({"source_links.daily.locator": ["", "p. 7"]}, False),
    ],
)
def test_who_corrects_a_statement_has_not_coded(changes: dict[str, Any], counts: bool) -> None:
    brand = make.a_kept_promise("Fictia")
    make.judged(brand)
    editor = make.an_analyst(username="hand")
    making.coded_by(editor, brand.actions.get(), changes)
    assert undeclared() == ({("Fictia", "hand")} if counts else set())
    found = quality.checks["tie_undeclared"].rows()
    assert [case.brand.name for case in found[0:9]] == (["Fictia"] if counts else [])


def test_a_proof_a_profile_and_a_promise_are_coded_too() -> None:
    brand = make.a_kept_promise("Fictia")
    records = [Proof.objects.get(), make.a_profile(brand), brand.promises.get()]
    changes = [{"depth": ["0", "1"]}, {"purpose": ["", "2"]}, {"statement_level": ["1", "2"]}]
    make.judged(brand)
    for number, (record, changed) in enumerate(zip(records, changes, strict=True)):
        who = make.an_analyst(username=f"hand-{number}")
        record_change("evidence.corrected", brand=brand, subject=record, actor=who, changes=changed)
    assert undeclared() == {("Fictia", f"hand-{number}") for number in range(3)}


def test_whoever_coded_one_crisis_of_a_round_answers_for_that_case_alone() -> None:
    brand, coder = make.a_kept_promise("Fictia"), somebody(roles.ANALYST, username="coder")
    make.a_proof(make.an_action(brand, make.a_crisis("floods")))
    score_brand(make.touched(brand))
    case = Assessment.objects.get(brand=brand, crisis__slug="covid-19")
    opened = coding.a_round(case, coder, somebody(roles.ANALYST), somebody(roles.EDITOR))
    own = opened.items.get(action__isnull=False).codings.filter(seat__coder=coder)
    own.update(submitted_at=timezone.now(), blind_codes={})
    assert [(one.assessment, one.person) for one in review.ties_undeclared()] == [(case, coder)]


def test_for_several_brands_at_once_there_is_none_but_where_one_is_in_force() -> None:
    user, tied = make.an_editor(), make.a_brand("Tied")
    making.a_tie(user, tied)
    free = [make.a_brand(name) for name in ("One", "Two")]
    taken, refused = review.declare_no_ties(user, [*free, tied])
    assert ({brand.name for brand in taken}, refused) == ({"One", "Two"}, [tied])
    assert Tie.objects.standing().filter(user=user, kind=TieKind.NONE).count() == 2
    assert Event.objects.filter(kind="tie.declared", actor=user, brand__in=free).count() == 2
