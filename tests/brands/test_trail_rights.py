"""On PostgreSQL the application's own role may add lines and snapshots and do nothing else, triggers or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from brands.models import Event
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import somebody
from tests.brands.trail_makers import guards_off, lines, sql, told

pytestmark = pytest.mark.django_db

GRANTS = (
    "CREATE ROLE cxalign_app LOGIN",
    "GRANT USAGE ON SCHEMA public TO cxalign_app",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO cxalign_app",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO cxalign_app",
    "REVOKE UPDATE, DELETE, TRUNCATE ON brands_event, scoring_snapshot FROM cxalign_app",
    "REVOKE DELETE, TRUNCATE ON brands_trailhead, brands_pseudonym, brands_verificationrun FROM cxalign_app",
)


@contextmanager
def as_the_application() -> Iterator[None]:
    sql("SET ROLE cxalign_app")
    try:
        yield
    finally:
        sql("RESET ROLE")


def test_the_role_of_the_application_writes_lines_and_cannot_change_one() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles.")
    brand, user = make.a_brand(), somebody(roles.ANALYST)
    for statement in GRANTS:
        sql(statement)
    with as_the_application():
        lines(2, brand=brand, actor=user)
        make.judged(make.a_breach())
    with guards_off(), as_the_application():
        for statement in (
            "UPDATE brands_event SET kind = 'x'",
            "DELETE FROM brands_event",
            "DELETE FROM scoring_snapshot",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                sql(statement)
    assert Event.objects.filter(kind="x").count() == 0
    assert told() == []
