"""The embedded mode for real: a worker thread on the in-memory broker, in this process, with nothing stubbed."""

from __future__ import annotations

import time

import pytest

from cxalign import celery
from scoring.models import Snapshot
from tests import factories as make


@pytest.mark.django_db(transaction=True)
def test_a_saved_fact_is_judged_by_the_worker_thread_without_anybody_asking() -> None:
    celery.start_embedded_worker()
    celery.start_embedded_worker()  # the second call does nothing
    make.a_breach()
    deadline = time.monotonic() + 20
    while not Snapshot.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert Snapshot.objects.get().outcome == "broken_promise"
