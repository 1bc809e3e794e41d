"""Many writers at once, and one that dies: no gap, no fork, no line without its change, no change without a line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction

from brands.changes import Change, record_change, record_changes, record_decision
from brands.models import ActionSource, Brand, Event, Promise, Source, TrailHead
from brands.trail import verify_chain
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import somebody

pytestmark = pytest.mark.django_db(transaction=True)

SAVERS = 20


def together(act: Any, count: int = SAVERS) -> None:
    """Run ``act(0) … act(count - 1)`` at once, each with a connection of its own; the first error is raised."""

    def alone(number: int) -> None:
        try:
            act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(alone, number) for number in range(count)]:
            done.result()


def whole() -> list[str]:
    return [str(finding) for finding in verify_chain([])]


def test_twenty_savers_write_twenty_lines_of_one_chain() -> None:
    brands = [make.a_brand() for _ in range(4)]
    promises = [make.a_promise(brands[number % 4], sourced=False) for number in range(SAVERS)]
    people = [somebody(roles.ANALYST) for _ in range(3)]

    def save(number: int) -> None:
        with transaction.atomic():
            promise = promises[number]
            Promise.objects.filter(pk=promise.pk).update(quote=f"Quote {number}.")
            pair = {"quote": ["", f"Quote {number}."]}
            user = people[number % 3]
            record_change("evidence.corrected", brand=promise.brand, subject=promise, actor=user, changes=pair)

    together(save)
    assert list(Event.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, SAVERS + 1))
    assert Event.objects.values("subject").distinct().count() == SAVERS
    assert TrailHead.objects.get().sequence == SAVERS
    assert whole() == []


def test_single_lines_and_many_at_once_do_not_mix_up_their_numbers() -> None:
    brand = make.a_brand()
    promise = make.a_promise(brand, sourced=False)

    def write(number: int) -> None:
        change = Change("evidence.corrected", promise, frozenset({brand.pk}), {"quote": ["", f"{number}"]})
        if number % 2:
            record_decision("case.assigned", subject="scoring.assessment:1", brand=brand)
        else:
            record_changes([change] * 5)

    together(write, 10)
    assert list(Event.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 31))
    assert whole() == []


def test_those_who_link_a_source_and_those_who_edit_it_do_not_wait_for_one_another_for_ever() -> None:
    """The links wait at their commit for the source; its editors hold it and wait for the head of the trail."""
    source = make.a_source()
    brands = [make.a_brand() for _ in range(4)]
    actions = [make.an_action(brands[number % 4], sources=0) for number in range(SAVERS)]
    make.a_link(make.an_action(brands[0], sources=0), source=source)

    def work(number: int) -> None:
        with transaction.atomic():
            if number % 2:
                Brand.objects.select_for_update().get(pk=brands[0].pk)
                Source.objects.select_for_update().get(pk=source.pk)  # stronger than our own lock(): others may do so
                Source.objects.filter(pk=source.pk).update(title=f"Title {number}")
                brand, subject = brands[0], source
            else:
                action = actions[number]
                subject = ActionSource.objects.create(  # type: ignore[assignment]
                    action=action, source=source, kind="independent", independence_group="g"
                )
                brand = action.brand
            record_change("evidence.corrected", brand=brand, subject=subject)

    together(work)
    assert Event.objects.count() == SAVERS
    assert whole() == []


DYING = """
import django, os, signal
django.setup()
from django.db import transaction
from brands.changes import record_change
from brands.models import Promise
promise = Promise.objects.select_related("brand").get(key="the-promise")
with transaction.atomic():
    Promise.objects.filter(pk=promise.pk).update(quote="Never.")
    record_change("evidence.corrected", brand=promise.brand, subject=promise, changes={"quote": ["", "Never."]})
    print("written", flush=True)
    if os.environ["DIES"] == "yes":
        os.kill(os.getpid(), signal.SIGKILL)
"""


def another_process(dies: str) -> subprocess.CompletedProcess[str]:
    """The application once more, on the database of this test."""
    surroundings = {**os.environ, "DATABASE_URL": address_of_database(), "DIES": dies}
    command = [sys.executable, "-c", DYING]
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={**surroundings, "DJANGO_SETTINGS_MODULE": "cxalign.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def address_of_database() -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def test_a_process_that_dies_between_save_and_commit_leaves_neither_change_nor_line() -> None:
    make.a_promise(make.a_brand(), sourced=False, key="the-promise")
    dead = another_process("yes")
    assert (dead.returncode, dead.stdout) == (-signal.SIGKILL, "written\n"), dead.stderr
    assert Promise.objects.get().quote == ""
    assert not Event.objects.exists()
    alive = another_process("no")
    assert alive.returncode == 0, alive.stderr
    assert Promise.objects.get().quote == "Never."
    assert Event.objects.get().sequence == 1
    assert whole() == []
    assert Brand.objects.get().facts_revision == 1
