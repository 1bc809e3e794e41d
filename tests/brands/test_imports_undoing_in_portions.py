"""Many rows are taken back by a worker, in portions: others write in between, and a follower goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from brands.importing import jobs, undoing
from brands.models import Action, Event, ImportJob, ImportRow
from scoring.rescoring import score_all_due
from tests import factories as make
from tests.brands.sheets import ACTION, analyst, imported, sheet

pytestmark = pytest.mark.django_db

ROWS = 7


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    make.a_sector()
    make.a_crisis()
    monkeypatch.setattr(jobs, "BREATH", 0)
    monkeypatch.setattr(jobs, "PORTION", 2)


def a_brand() -> None:
    imported("brands", sheet({"name": "Fictia", "country": "France", "sector": "insurance"}))


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> ImportJob:
    """An import with more rows than are taken back at once."""
    a_brand()
    return large(monkeypatch, *(an_act(n) for n in range(ROWS)))


def large(monkeypatch: pytest.MonkeyPatch, *rows: dict[str, str]) -> ImportJob:
    job = imported("actions", sheet(*rows))
    assert (job.state, jobs.written(job)) == ("done", len(rows))
    monkeypatch.setattr(jobs, "AT_ONCE", len(rows) - 1)
    return job


def an_act(number: int, **cells: str) -> dict[str, str]:
    return {**ACTION, "Clé": f"a{number}", "Date": str(2000 + number), **cells}


def asked(job: ImportJob, **how: Any) -> ImportJob:
    assert undoing.undo(job, job.requested_by, **how) is None
    job.refresh_from_db()
    return job


def worked_off(job: ImportJob) -> ImportJob:
    jobs.work_on(job.pk)
    job.refresh_from_db()
    return job


def meanwhile(monkeypatch: pytest.MonkeyPatch, portion: int, happens: Callable[[], Any]) -> None:
    """Something happens at the end of the so-manieth portion, inside its transaction."""
    note, count = undoing.note, iter(range(1, 1_000))

    def note_and_more(found: Any) -> None:
        note(found)
        if next(count) == portion:
            happens()

    monkeypatch.setattr(undoing, "note", note_and_more)


def die() -> None:
    raise KeyboardInterrupt  # nothing catches it: what a killed worker leaves behind


def killed(job: ImportJob) -> None:
    with pytest.raises(KeyboardInterrupt):
        jobs.work_on(job.pk)
    ImportJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def lines() -> list[str]:
    """The subjects of the lines that tell of acts taken back, in their order."""
    found = Event.objects.filter(kind="evidence.withdrawn").order_by("sequence")
    return [event.subject.removeprefix("brands.action:") for event in found]


def assert_undone(job: ImportJob) -> None:
    """Everything is gone, and each record has one line that tells it."""
    assert (job.state, job.error, job.progress, Action.objects.count()) == ("undone", "", ROWS, 0)
    assert sorted(lines()) == sorted(f"a{n}" for n in range(ROWS))
    assert not jobs.standing(job).exists()
    score_all_due()
    call_command("verify", "all")  # exits with 1 on a finding


# --- The way through --------------------------------------------------------------------------------------------------


def test_a_large_undoing_is_a_worker_s_and_its_decision_comes_first(many: ImportJob) -> None:
    by = analyst()
    assert undoing.undo(many, by) is None
    many.refresh_from_db()
    assert (many.state, many.undone_by, Action.objects.count(), jobs.to_do(many)) == ("undoing", by, ROWS, ROWS)
    decision = Event.objects.get(kind="import.undone")
    assert (decision.actor, decision.subject) == (by, f"brands.importjob:{many.pk}")
    assert_undone(worked_off(many))
    told = Event.objects.filter(kind="evidence.withdrawn")
    assert {event.actor for event in told} == {by}
    assert min(event.sequence for event in told) > decision.sequence


def test_a_small_undoing_is_done_at_once_and_its_decision_is_told() -> None:
    a_brand()
    job = imported("actions", sheet(an_act(1)))
    assert undoing.undo(job, job.requested_by) == 1
    kinds = [event.kind for event in Event.objects.order_by("sequence")]
    assert kinds[1:] == ["evidence.added", "evidence.withdrawn", "import.undone"]


def test_the_bell_rings_for_a_worker(
    many: ImportJob, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(jobs.import_due, "send", lambda sender, job_id: woken.append(job_id))
    with django_capture_on_commit_callbacks(execute=True):
        asked(many)
    assert woken == [str(many.pk)]


def test_each_portion_is_one_transaction_with_its_progress(many: ImportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(
        jobs,
        "let_others_write",
        lambda: seen.append((ImportJob.objects.get(pk=many.pk).progress, Action.objects.count())),
    )
    assert_undone(worked_off(asked(many)))
    assert seen == [(0, 7), (2, 5), (4, 3), (6, 1), (7, 0)]


def test_nobody_asks_twice_and_the_file_can_be_sent_again_meanwhile(many: ImportJob) -> None:
    asked(many)
    with pytest.raises(jobs.StepError) as caught:
        undoing.undo(many, many.requested_by)
    assert caught.value.code == "wrong_state"
    assert Event.objects.filter(kind="import.undone").count() == 1
    rows = sheet(*(an_act(n) for n in range(ROWS)))
    again = jobs.create_job("actions", "file.csv", rows, many.crisis, many.requested_by)
    assert (again.pk != many.pk, again.state) == (True, "uploaded")
    assert_undone(worked_off(many))


# --- Killed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("portion", [1, 2, 4])
def test_a_follower_goes_on_and_nothing_is_doubled_or_lost(
    many: ImportJob, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    asked(many)
    with monkeypatch.context() as patch:
        meanwhile(patch, portion, die)
        killed(many)
    gone = (portion - 1) * 2
    assert (Action.objects.count(), len(lines())) == (ROWS - gone, gone)  # the portion in hand left nothing
    assert ImportJob.objects.get(pk=many.pk).progress == gone
    assert_undone(worked_off(many))


def test_an_undoing_that_dies_again_and_again_is_parked_and_asked_for_anew(
    many: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(many)
    with monkeypatch.context() as patch:
        meanwhile(patch, 2, die)
        killed(many)
        for _attempt in range(2):
            meanwhile(patch, 1, die)
            killed(many)
        worked_off(many)
    assert (many.state, many.error, Action.objects.count()) == ("done", "undoing_stopped", ROWS - 2)
    assert "parked" in jobs.failure(many)
    assert undoing.undo(many, many.requested_by) == ROWS - 2
    many.refresh_from_db()
    assert_undone(many)


def test_a_worker_that_was_overtaken_leaves_nothing(many: ImportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(many)
    others = ImportJob.objects.filter(pk=many.pk)
    monkeypatch.setattr(jobs, "let_others_write", lambda: others.update(attempt=9))
    worked_off(many)
    assert (many.state, many.attempt, Action.objects.count(), lines()) == ("undoing", 9, ROWS, [])


# --- Stopped ----------------------------------------------------------------------------------------------------------


def test_a_stop_comes_between_two_portions_and_the_rest_stands(
    many: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(many)
    with monkeypatch.context() as patch:
        meanwhile(patch, 2, lambda: jobs.cancel(ImportJob.objects.get(pk=many.pk), many.requested_by))
        worked_off(many)
    assert (many.state, many.error, many.cancel_asked) == ("done", "undoing_cancelled", False)
    assert (Action.objects.count(), len(lines()), jobs.standing(many).count()) == (3, 4, 3)
    assert undoing.undo(many, many.requested_by) == 3
    many.refresh_from_db()
    assert_undone(many)


def test_a_stop_before_a_worker_came_is_at_once(many: ImportJob) -> None:
    asked(many)
    jobs.cancel(many, many.requested_by)
    assert (many.state, many.error, Action.objects.count()) == ("done", "undoing_cancelled", ROWS)
    assert not ImportJob.objects.due().exists()


def test_a_cancelled_import_is_cancelled_again_where_its_undoing_is_stopped(many: ImportJob) -> None:
    ImportJob.objects.filter(pk=many.pk).update(state="cancelled")
    jobs.cancel(asked(many), many.requested_by)
    assert many.state == "cancelled"


# --- Touched ----------------------------------------------------------------------------------------------------------


def test_a_touched_row_stops_a_large_undoing_before_the_first_row(many: ImportJob) -> None:
    make.a_proof(Action.objects.get(key="a0"))  # in the last portion
    worked_off(asked(many))
    assert (many.state, many.error, Action.objects.count(), lines()) == ("done", "undoing_refused", ROWS, [])
    refused = undoing.refused_for(many)
    assert refused is not None
    assert [(row.key, why) for row, why in refused.rows] == [("a0", "Something rests on it by now: proof.")]
    assert (refused.count, refused.others) == (1, ROWS - 1)


def test_the_rest_of_a_large_import_is_undone_and_told(many: ImportJob) -> None:
    make.a_proof(Action.objects.get(key="a5"))
    worked_off(asked(many, rest=True))
    assert (many.state, many.error) == ("done", "")
    assert [action.key for action in Action.objects.all()] == ["a5"]
    assert undoing.why_it_stays(ImportRow.objects.get(job=many, key="a5")) == "Something rests on it by now: proof."
    assert ImportRow.objects.filter(job=many, undone=True).count() == ROWS - 1


def test_what_is_touched_after_the_look_stays_and_is_told(many: ImportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(many)
    with monkeypatch.context() as patch:
        meanwhile(patch, 1, lambda: make.a_proof(Action.objects.get(key="a0")))
        worked_off(many)
    assert many.state == "done"
    assert [action.key for action in Action.objects.all()] == ["a0"]
    assert undoing.why_it_stays(ImportRow.objects.get(job=many, key="a0")) == "Something rests on it by now: proof."


# --- Originals and duplicates -----------------------------------------------------------------------------------------


def chain() -> list[dict[str, str]]:
    """Each names the row after it, so that the last one is written first."""
    return [an_act(n, **({"duplicate of": f"a{n + 1}"} if n + 1 < ROWS else {})) for n in range(ROWS)]


def test_duplicates_go_before_their_originals_in_whatever_portion(monkeypatch: pytest.MonkeyPatch) -> None:
    a_brand()
    assert_undone(worked_off(asked(large(monkeypatch, *chain()))))


def test_withdrawn_duplicates_of_an_earlier_portion_hold_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    brand = make.published(make.a_breach("Fictia")).assessment.brand
    before = set(Action.objects.values_list("key", flat=True))
    job = worked_off(asked(large(monkeypatch, *chain())))
    assert (job.state, brand.slug) == ("undone", "fictia")
    stands = Action.objects.exclude(key__in=before)
    assert (stands.count(), stands.filter(withdrawn_at=None).count()) == (ROWS, 0)
    assert sorted(lines()) == sorted(f"a{n}" for n in range(ROWS))


def test_updated_records_have_their_former_values_again(monkeypatch: pytest.MonkeyPatch) -> None:
    a_brand()
    imported("actions", sheet(*(an_act(n, SU="1") for n in range(3))))
    job = imported("actions", sheet(*(an_act(n, SU="3") for n in range(3))), overwrite=True)
    assert set(Action.objects.values_list("substance", flat=True)) == {"3"}
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    worked_off(asked(job))
    assert (job.state, set(Action.objects.values_list("substance", flat=True))) == ("undone", {"1"})
    score_all_due()
    call_command("verify", "all")
