"""Lines of the trail for tests, and a hand that tampers with them as somebody with the database's own rights could."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection

from brands import chain
from brands.changes import record_decision
from brands.models import Brand, Event, TrailHead
from brands.trail import Head, verify_chain

migration = import_module("brands.migrations.0004_trail")


def lines(count: int, *, brand: Brand | None = None, actor: Any = None) -> list[Event]:
    return [
        record_decision(
            "evidence.corrected",
            subject=f"brands.promise:p{number}",
            brand=brand,
            actor=actor,
            changes={"quote": [f"Old {number}.", f"New {number}."]},
            reason=f"Reason {number}.",
        )
        for number in range(1, count + 1)
    ]


class Directly:
    """As much of a schema editor as the guards need; a real one refuses to work inside a test's transaction."""

    connection = connection

    def execute(self, statement: str, params: Any = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


_off: list[bool] = []


@contextmanager
def guards_off() -> Iterator[None]:
    """The log without its guards; inside another such block nothing more happens."""
    if _off:
        yield
        return
    _off.append(True)
    if connection.vendor == "postgresql":
        connection.check_constraints()  # a table with checks outstanding cannot be altered
    migration.step_aside(None, Directly())
    try:
        yield
    finally:
        _off.clear()
        if connection.vendor == "postgresql":
            connection.check_constraints()
        migration.come_back(None, Directly())


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def tamper(statement: str, *values: Any) -> None:
    """Run one statement with the guards of the log taken off, and put them back as if nothing had been."""
    with guards_off():
        sql(statement, *values)


def alter(line: Event, **columns: Any) -> None:
    places = ", ".join(f"{name} = %s" for name in columns)
    tamper(f"UPDATE brands_event SET {places} WHERE id = %s", *columns.values(), line.pk)


def make_anew(first: int = 1) -> None:
    """What a forger with time does: compute every digest from a line on anew, and move the head."""
    digest = chain.BEGINNING
    with guards_off():
        for line in Event.objects.select_related("brand").order_by("sequence"):
            if line.sequence >= first:
                fresh = chain.digest(digest, line.content(line.brand.slug if line.brand else ""))
                sql("UPDATE brands_event SET digest = %s WHERE id = %s", fresh, line.pk)
                line.digest = fresh
            digest = line.digest
        last = Event.objects.order_by("-sequence")[0]
        TrailHead.objects.filter(pk=1).update(sequence=last.sequence, digest=digest)


def told(heads: list[Head] | None = None) -> list[str]:
    """What the check of the chain finds. That the guards are off is known where they are."""
    found = [str(finding) for finding in verify_chain(heads or [])]
    return [line for line in found if not (_off and line.startswith("brands_event_no_"))]
