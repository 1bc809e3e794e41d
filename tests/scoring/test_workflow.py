"""Where a case stands, whose turn it is, and who was given it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brands.models import Brand, Event, Pseudonym
from cxalign.accounts import roles
from scoring import publishing, workflow
from scoring.assigning import AssigningRefused, assign, can_organise
from scoring.models import MAX_ATTEMPTS, Assessment, Publication, ScoringJob
from scoring.rescoring import score_all_due
from scoring.workflow import Blocker, State
from tests import factories as make
from tests.accounts.desk import somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_what_the_verdicts_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other parts of the work have tests of their own."""
    monkeypatch.setattr(workflow, "watchers", [workflow.watch_verdicts, workflow.watch_scoring])


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[Blocker]]:
    """What some other part of the work says to be open; a test fills it in."""
    found: dict[int, list[Blocker]] = {}
    monkeypatch.setattr(workflow, "watchers", [*workflow.watchers, lambda ids: {pk: found.get(pk, []) for pk in ids}])
    return found


def a_case(**fields: Any) -> Assessment:
    snapshot = make.judged(make.a_kept_promise())
    Assessment.objects.filter(pk=snapshot.assessment_id).update(**fields)
    return Assessment.objects.get(pk=snapshot.assessment_id)


def state(case: Assessment) -> State:
    return workflow.state_of([case.pk])[case.pk]


def codes(case: Assessment) -> list[str]:
    return [blocker.code for blocker in workflow.blockers_of([case.pk])[case.pk]]


# --- The state --------------------------------------------------------------------------------------------------------


def test_a_judged_case_that_nobody_published_is_a_draft() -> None:
    assert state(a_case()) == State.DRAFT


def test_a_published_case_is_published_and_nothing_is_open() -> None:
    case = make.published(make.a_kept_promise()).assessment
    assert state(case) == State.PUBLISHED
    assert codes(case) == []


def test_a_withdrawn_case_is_withdrawn_until_something_else_is_public() -> None:
    publication = make.published(make.a_kept_promise())
    publishing.withdraw(publication, by=make.an_editor(), reason_en="A mistake.")
    assert state(publication.assessment) == State.WITHDRAWN
    Publication.objects.filter(pk=publication.pk).update(is_current=False)
    brand = publication.assessment.brand
    make.a_proof(make.an_action(brand, statement_en="More."), brand.promises.get())
    make.touched(brand)
    make.published(brand)
    assert state(publication.assessment) == State.PUBLISHED


def test_nothing_is_ready_to_publish_beside_an_open_step(told: dict[int, list[Blocker]]) -> None:
    case = a_case()
    ready, beside = Blocker("to_publish", "Ready", "/", unhindered=True), Blocker("tie", "Tie", "/")
    told[case.pk] = [ready, beside]
    assert codes(case) == ["to_publish", "tie"]
    told[case.pk] = [Blocker("coding_open", "To code", "/", State.CODING), ready, beside]
    assert codes(case) == ["coding_open", "tie"]


@pytest.mark.parametrize(
    ("open_steps", "expected"),
    [
        ([State.CODING], State.CODING),
        ([State.REPLY_WINDOW, State.CODING], State.CODING),
        ([State.REPLY_WINDOW, State.ADJUDICATION], State.ADJUDICATION),
        ([State.REPLY_WINDOW], State.REPLY_WINDOW),
        ([None], State.DRAFT),
    ],
)
def test_the_first_open_step_is_the_state(
    told: dict[int, list[Blocker]], open_steps: list[State | None], expected: State
) -> None:
    case = a_case()
    told[case.pk] = [Blocker("x", "x", "/", step) for step in open_steps]
    assert state(case) == expected


def test_an_open_step_comes_before_what_is_public(told: dict[int, list[Blocker]]) -> None:
    case = make.published(make.a_kept_promise()).assessment
    told[case.pk] = [Blocker("x", "x", "/", State.CODING)]
    assert state(case) == State.CODING


# --- What is open -----------------------------------------------------------------------------------------------------


def test_a_newer_working_verdict_is_told_from_what_is_public() -> None:
    brand = make.a_kept_promise()
    case = make.published(brand).assessment
    make.a_proof(make.an_action(brand, statement_en="More."), brand.promises.get())
    make.touched(brand)
    make.judged(brand)
    assert codes(case) == ["differs"]
    assert workflow.standings_of([case.pk])[case.pk].verdict.differs
    make.published(brand)
    assert codes(case) == []


def test_a_case_without_a_verdict_says_so() -> None:
    case = Assessment.objects.create(brand=make.a_brand(), crisis=make.a_crisis())
    assert codes(case) == ["not_judged"]
    assert state(case) == State.DRAFT


def test_a_judgement_that_was_given_up_is_told_until_the_facts_change() -> None:
    case = a_case()
    brand = case.brand
    ScoringJob.objects.update_or_create(
        brand=brand, defaults={"attempts": MAX_ATTEMPTS, "failed_revision": brand.facts_revision}
    )
    assert codes(case) == ["scoring_failed"]
    make.touched(brand)
    assert codes(case) == []


def test_it_takes_as_many_queries_for_forty_cases_as_for_two() -> None:
    counts = []
    for number in (2, 38):
        for _ in range(number):
            a_case()
        ids = list(Assessment.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            assert len(workflow.standings_of(ids)) == len(ids)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


def test_the_states_of_sixty_seven_or_five_hundred_cases_take_the_same_few_queries() -> None:
    crisis, sector = make.a_crisis(), make.a_sector()
    names = [f"brand-{number}" for number in range(500)]
    brands = Brand.objects.bulk_create(Brand(name=name, slug=name, sector=sector, country="FR") for name in names)
    Assessment.objects.bulk_create(Assessment(brand=brand, crisis=crisis) for brand in brands)
    ids = list(Assessment.objects.values_list("pk", flat=True))
    counts = []
    for number in (67, 500):
        with CaptureQueriesContext(connection) as queries:
            assert len(workflow.state_of(ids[:number])) == number
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


# --- Whose turn it is -------------------------------------------------------------------------------------------------


def test_what_waits_for_a_person_by_name_waits_for_nobody_else(told: dict[int, list[Blocker]]) -> None:
    case, ines, marc = a_case(), somebody(roles.ANALYST), somebody(roles.EDITOR)
    told[case.pk] = [Blocker("code", "code", "/", State.CODING, waits_for=frozenset({ines.pk}))]
    assert [work.blocker.code for work in workflow.open_work_for(ines)] == ["code"]
    assert workflow.open_work_for(ines)[0].is_mine
    assert workflow.open_work_for(marc) == []


def test_what_waits_for_any_editor_does_not_wait_for_an_analyst_unless_the_case_is_theirs(
    told: dict[int, list[Blocker]],
) -> None:
    case, ines, marc = a_case(), somebody(roles.ANALYST), somebody(roles.EDITOR)
    told[case.pk] = [Blocker("publish", "publish", "/")]
    assert [work.is_mine for work in workflow.open_work_for(marc)] == [False]
    assert workflow.open_work_for(ines) == []
    Assessment.objects.update(owner=ines)
    assert [work.is_mine for work in workflow.open_work_for(ines)] == [True]


def test_a_consultant_has_no_open_work(told: dict[int, list[Blocker]]) -> None:
    claire = somebody(roles.CONSULTANT)
    case = a_case(owner=claire)
    told[case.pk] = [Blocker("x", "x", "/", waits_for=frozenset({claire.pk}))]
    assert workflow.open_work_for(claire) == []
    assert list(workflow.owned_by(claire)) == []


def test_mine_comes_first_then_what_is_due_then_what_waited_longest(told: dict[int, list[Blocker]]) -> None:
    marc = somebody(roles.EDITOR)
    theirs, mine = a_case(), a_case(owner=marc)
    day, hour = date(2026, 1, 10), timezone.now()
    told[theirs.pk] = [
        Blocker("later", "", "/", due=day + timedelta(1)),
        Blocker("young", "", "/", since=hour),
        Blocker("due", "", "/", due=day),
        Blocker("old", "", "/", since=hour - timedelta(9)),
    ]
    told[mine.pk] = [Blocker("mine", "", "/")]
    assert [work.blocker.code for work in workflow.open_work_for(marc)] == ["mine", "due", "later", "old", "young"]


# --- Assigning --------------------------------------------------------------------------------------------------------


def test_cases_are_given_an_owner_and_a_day_with_a_line_each_in_the_log() -> None:
    cases, editor, ines = [a_case(), a_case()], somebody(roles.EDITOR), somebody(roles.ANALYST, username="ines")
    day = date(2026, 12, 4)
    assert assign(cases, by=editor, reason="Before the board.", owner=ines, due_on=day) == 2
    assert set(Assessment.objects.values_list("owner", "due_on")) == {(ines.pk, day)}
    event = Event.objects.get(subject=f"scoring.assessment:{cases[0].pk}")
    assert (event.kind, event.actor, event.reason) == ("case.assigned", editor, "Before the board.")
    person = f"person:{Pseudonym.objects.get(user=ines).code}"  # no name: those can be erased
    assert event.changes == {"owner": [None, person], "due_on": [None, "2026-12-04"]}
    assert assign(cases, by=editor, reason="Again.", owner=ines) == 0


def test_assigning_changes_no_fact_and_asks_for_no_new_verdict() -> None:
    case, editor = a_case(), somebody(roles.EDITOR)
    score_all_due()
    before = case.brand.facts_revision
    assign([case], by=editor, reason="x", due_on=date(2026, 12, 4))
    case.brand.refresh_from_db()
    assert case.brand.facts_revision == before
    assert not ScoringJob.objects.due().exists()


def test_what_is_not_asked_for_stays() -> None:
    ines = somebody(roles.ANALYST)
    case, editor = a_case(owner=ines, due_on=date(2026, 12, 4)), somebody(roles.EDITOR)
    assign([case], by=editor, reason="x", due_on=None)
    case.refresh_from_db()
    assert (case.owner, case.due_on) == (ines, None)
    assign([case], by=editor, reason="x", owner=None)
    case.refresh_from_db()
    assert case.owner is None


@pytest.mark.parametrize("role", [roles.ANALYST, roles.CONSULTANT, roles.ADMINISTRATOR])
def test_only_an_editor_assigns(role: str) -> None:
    case, user = a_case(), somebody(role)
    assert not can_organise(user)
    with pytest.raises(AssigningRefused, match="Only an editor"):
        assign([case], by=user, reason="x", owner=None)


def test_the_owner_of_a_case_reads_drafts() -> None:
    case, editor = a_case(), somebody(roles.EDITOR)
    with pytest.raises(AssigningRefused, match="read drafts"):
        assign([case], by=editor, reason="x", owner=somebody(roles.CONSULTANT))
    assert not Event.objects.filter(kind="case.assigned").exists()
