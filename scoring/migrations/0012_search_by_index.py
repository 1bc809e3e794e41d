"""Published facts are found by an index of their words: full text of SQLite (FTS5), a GIN index on PostgreSQL.

A later migration that rebuilds the table on SQLite drops its triggers; ``tests/pages/test_search.py`` notices, and that
migration then runs ``index`` again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

from brands.models import words_of

LONGEST_WORD = 60
AT_ONCE = 400

SQLITE = (
    """
CREATE VIRTUAL TABLE scoring_publishedfact_words USING fts5(
    search_text, content='scoring_publishedfact', content_rowid='id', detail=none, columnsize=0,
    tokenize='unicode61 remove_diacritics 0', prefix='2 3'
)""",
    "INSERT INTO scoring_publishedfact_words(scoring_publishedfact_words) VALUES ('rebuild')",
    """
CREATE TRIGGER scoring_publishedfact_words_in AFTER INSERT ON scoring_publishedfact BEGIN
    INSERT INTO scoring_publishedfact_words(rowid, search_text) VALUES (new.id, new.search_text);
END""",
    """
CREATE TRIGGER scoring_publishedfact_words_out AFTER DELETE ON scoring_publishedfact BEGIN
    INSERT INTO scoring_publishedfact_words(scoring_publishedfact_words, rowid, search_text)
    VALUES ('delete', old.id, old.search_text);
END""",
    """
CREATE TRIGGER scoring_publishedfact_words_new AFTER UPDATE OF search_text ON scoring_publishedfact BEGIN
    INSERT INTO scoring_publishedfact_words(scoring_publishedfact_words, rowid, search_text)
    VALUES ('delete', old.id, old.search_text);
    INSERT INTO scoring_publishedfact_words(rowid, search_text) VALUES (new.id, new.search_text);
END""",
)
SQLITE_BACK = (
    *(f"DROP TRIGGER IF EXISTS scoring_publishedfact_words_{name}" for name in ("in", "out", "new")),
    "DROP TABLE IF EXISTS scoring_publishedfact_words",
)
POSTGRESQL = (
    "CREATE INDEX published_fact_words ON scoring_publishedfact"
    " USING gin (array_to_tsvector(string_to_array(search_text, ' ')))",
)
POSTGRESQL_BACK = ("DROP INDEX IF EXISTS published_fact_words",)


def words_only(apps: Any, schema_editor: Any) -> None:
    """What was kept with its signs and line ends becomes words with one blank between."""
    facts = apps.get_model("scoring", "PublishedFact").objects
    keys = list(facts.exclude(search_text="").values_list("pk", flat=True).order_by("pk"))
    with schema_editor.connection.cursor() as cursor:
        for start in range(0, len(keys), AT_ONCE):
            some = facts.filter(pk__in=keys[start : start + AT_ONCE]).values_list("pk", "search_text")
            values = [value for pk, text in some for value in (pk, _words(text))]
            cursor.execute(
                "WITH fresh(id, words) AS (VALUES " + ", ".join(["(%s, %s)"] * len(some)) + ")"  # noqa: S608
                " UPDATE scoring_publishedfact SET search_text = fresh.words FROM fresh"
                " WHERE scoring_publishedfact.id = fresh.id",
                values,
            )


def _words(text: str) -> str:
    return " ".join(dict.fromkeys(word[:LONGEST_WORD] for word in words_of(text)))


def index(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def index_back(apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0011_search_text")]

    operations = [
        migrations.RunPython(words_only, migrations.RunPython.noop),
        migrations.RunPython(index, index_back),
    ]
