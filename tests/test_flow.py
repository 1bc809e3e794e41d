"""The path of a fact, end to end and once: from a saved action to what a stranger reads.

Three promises hold it together: rescoring twice changes nothing, a missed wake-up heals, and one real change leaves
one line in the log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from brands.changes import record_change
from brands.models import Brand, Event
from cxalign.celery import app
from scoring.models import ScoringJob, Snapshot
from scoring.publishing import publish
from scoring.tasks import rescore_due
from tests import factories as make

pytestmark = pytest.mark.django_db
Captured = Callable[..., AbstractContextManager[list[Any]]]


@pytest.fixture(autouse=True)
def tasks_run_at_once() -> Iterator[None]:
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def save(brand: Brand, **codes: str) -> None:
    """An analyst's save, as every gate for facts makes it."""
    with transaction.atomic():
        action = brand.actions.get()
        before = {name: getattr(action, name) for name in codes}
        for name, value in codes.items():
            setattr(action, name, value)
        action.save()
        changes = {name: [before[name], value] for name, value in codes.items()}
        record_change("evidence.corrected", brand=brand, subject=action, changes=changes)


def outcomes() -> list[str]:
    return list(Snapshot.objects.order_by("sequence").values_list("outcome", flat=True))


def test_a_saved_fact_becomes_a_verdict_and_then_a_page(
    client: Client, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        brand = make.a_kept_promise("Fictia")
    assert outcomes() == ["aligned"]
    assert client.get("/en/brands/fictia/covid-19/").status_code == 404
    assert client.get("/api/v1/scorecards/fictia:covid-19").status_code == 404

    publish(brand.assessments.get(), by=make.an_editor())
    page = client.get("/fr/brands/fictia/covid-19/")
    answer = client.get("/api/v1/scorecards/fictia:covid-19")
    assert page.status_code == answer.status_code == 200
    sentence = json.loads(answer.content)["explanation"]["fr"].split(" : ")[0].split("\u00a0:")[0]
    assert sentence in page.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        save(brand, substance="0")
    assert outcomes() == ["aligned", "insufficient_evidence"]
    assert json.loads(client.get("/api/v1/scorecards/fictia:covid-19").content)["outcome"] == "aligned"


def test_rescoring_twice_changes_nothing(django_capture_on_commit_callbacks: Captured) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make.a_kept_promise()
    for _ in range(3):
        rescore_due.delay()
    assert outcomes() == ["aligned"]


def test_a_missed_wake_up_heals() -> None:
    make.a_kept_promise()  # nobody runs what waits for the commit: the bell is never rung
    assert outcomes() == []
    rescore_due.delay()
    assert outcomes() == ["aligned"]


def test_a_listener_that_fails_does_not_undo_the_save(
    django_capture_on_commit_callbacks: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("no broker")

    brand = make.a_kept_promise()
    monkeypatch.setattr("scoring.receivers.rescore_brand.delay", broken)
    with django_capture_on_commit_callbacks(execute=True):
        save(brand, substance="3")
    assert brand.actions.get().substance == "3"
    rescore_due.delay()
    assert ScoringJob.objects.get(brand=brand).error == ""
    assert len(outcomes()) == 1


def test_one_real_change_leaves_one_line_in_the_log(django_capture_on_commit_callbacks: Captured) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        brand = make.a_kept_promise()
    lines = Event.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        save(brand, substance="3")
    rescore_due.delay()
    (line,) = Event.objects.all()[: Event.objects.count() - lines]
    assert line.changes == {"substance": ["2", "3"]}
