"""Events and snapshots are written once: the database itself refuses to change or delete them.

A later migration that rebuilds one of these tables on SQLite drops its triggers; ``tests/scoring/test_written_once.py``
notices, and that migration then runs ``write_once`` again.
"""

from django.db import migrations

TABLES = ("brands_event", "scoring_snapshot")
ACTS = ("UPDATE", "DELETE")

SQLITE = """
CREATE TRIGGER {table}_no_{act_lower} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is written once'); END;
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
"""
POSTGRESQL = """
CREATE TRIGGER {table}_no_{act_lower} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_written_once();
"""


def write_once(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION, params=None)  # no parameters: % is its own
    template = POSTGRESQL if vendor == "postgresql" else SQLITE
    for table in TABLES:
        for act in ACTS:
            schema_editor.execute(template.format(table=table, act=act, act_lower=act.lower()), params=None)


def write_again(apps, schema_editor):
    suffix = " ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    for table in TABLES:
        for act in ACTS:
            schema_editor.execute(f"DROP TRIGGER {table}_no_{act.lower()}{suffix.format(table=table)}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION refuse_written_once()")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial"), ("brands", "0001_initial")]
    operations = [migrations.RunPython(write_once, write_again)]
