"""Events and snapshots are written once: Python refuses first, the database refuses for good."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from brands.models import AppendOnlyError, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return Event.objects.create(kind="evidence.added", subject="brands.action:x")


def test_an_event_can_be_added(event: Event) -> None:
    assert Event.objects.get(pk=event.pk).kind == "evidence.added"


def test_python_refuses_to_change_or_delete_an_event(event: Event) -> None:
    event.kind = "something.else"
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        Event.objects.update(kind="something.else")
    with pytest.raises(AppendOnlyError):
        Event.objects.all().delete()


@pytest.mark.parametrize(
    "table",
    [
        "brands_event",
        "scoring_snapshot",
        "scoring_codingstep",
        "scoring_codedecision",
        "scoring_measurement",
    ],
)
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_holds_a_trigger_for_each_table_and_act(table: str, act: str) -> None:
    catalogue = "pg_trigger WHERE tgname" if connection.vendor == "postgresql" else "sqlite_master WHERE name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalogue} = %s", [f"{table}_no_{act}"])
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("statement", ["UPDATE brands_event SET kind = 'x'", "DELETE FROM brands_event"])
def test_the_database_refuses_what_goes_round_python(event: Event, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.filter(pk=event.pk, kind="evidence.added").exists()
