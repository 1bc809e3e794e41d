"""The log of an installation that exists becomes a chain, and can go back to what it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from brands.folding import verify_facts
from brands.models import Event, Pseudonym
from brands.trail import verify_chain
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import somebody

pytestmark = pytest.mark.django_db(transaction=True)

TRAIL, BEFORE = ("brands", "0004_trail"), ("brands", "0003_import_jobs")


def migrate(target: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


def forward() -> None:
    """On to the newest migrations: facts are read with the columns they have today."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.fixture
def before_the_trail() -> Any:
    brand, user = make.a_brand("Fictia"), somebody(roles.ANALYST)
    promise = make.a_promise(brand, sourced=False, key="fictia--1")
    action = make.an_action(brand, sources=1, key="fictia--2")
    make.a_proof(action, promise)
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    apps = migrate(BEFORE)
    events = apps.get_model("brands", "Event")
    for number in range(3):
        events.objects.create(
            kind="evidence.corrected",
            brand_id=brand.pk,
            subject="brands.promise:fictia--1",
            actor_id=user.pk,
            changes={"quote": [f"Q{number}", f"Q{number + 1}"]},
            reason="Then.",
        )
    yield user
    MigrationExecutor(connection).migrate(leaves)


def triggers() -> int:
    catalogue = "pg_trigger WHERE tgname" if connection.vendor == "postgresql" else "sqlite_master WHERE name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalogue} LIKE 'brands_event_no_%%'")
        return int(cursor.fetchone()[0])


def test_what_exists_is_chained_completed_and_guarded_and_the_way_back_is_open(before_the_trail: Any) -> None:
    user = before_the_trail
    assert triggers() == 2
    migrate(TRAIL)
    assert triggers() == 2
    assert list(verify_chain([])) == []
    old = Event.objects.filter(reason="Then.").order_by("sequence")
    assert [line.sequence for line in old] == [1, 2, 3]
    assert {line.actor_code for line in old} == {Pseudonym.objects.get(user=user).code}
    completed = Event.objects.get(kind="baseline", subject="brands.promise:fictia--1")
    assert completed.changes["quote"] == ["Q3", ""]
    assert "proofs.customers:helps.stakeholder" in Event.objects.get(subject="brands.action:fictia--2").changes

    forward()
    assert list(verify_facts()) == []

    apps = migrate(BEFORE)
    assert triggers() == 2
    left = apps.get_model("brands", "Event").objects.order_by("id")
    assert [event.changes["quote"][1] for event in left] == ["Q1", "Q2", "Q3"]
    migrate(TRAIL)
    assert list(verify_chain([])) == []
    forward()
    assert list(verify_facts()) == []
