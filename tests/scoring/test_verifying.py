"""``verify`` finds each way in which what is stored can differ from what the facts and the method say."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from scoring.models import PublishedFact, Snapshot
from scoring.verifying import verify_verdicts
from tests import factories as make

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    return [str(difference) for difference in verify_verdicts()]


def tamper(snapshot: Snapshot, **columns: str) -> None:
    """Change a snapshot as somebody with the database's own rights could: with the guard taken off."""
    on = " ON scoring_snapshot" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER scoring_snapshot_no_update{on}")
        for column, value in columns.items():
            cursor.execute(
                f"UPDATE scoring_snapshot SET {column} = %s WHERE id = %s",
                [value, snapshot.pk],
            )


def test_what_was_judged_and_published_verifies() -> None:
    make.published(make.a_breach())
    make.published(make.a_kept_promise())
    make.judged(make.an_empty_file())
    assert told() == []


def test_a_verdict_that_was_altered_is_found() -> None:
    snapshot = make.judged(make.a_breach())
    tamper(snapshot, verdict=snapshot.verdict.replace('"harm":67', '"harm":0'))
    assert any("indices" in line for line in told())


def test_an_outcome_column_that_was_altered_is_found() -> None:
    snapshot = make.judged(make.a_breach())
    tamper(snapshot, outcome="aligned")
    assert any("columns" in line for line in told())


def test_frozen_facts_that_were_altered_are_found() -> None:
    snapshot = make.judged(make.a_breach())
    facts = json.loads(snapshot.facts)
    facts["actions"][0]["proofs"][0]["depth"] = 1
    tamper(snapshot, facts=json.dumps(facts))
    assert any("digest" in line for line in told())


def test_a_scorecard_that_was_altered_is_found() -> None:
    snapshot = make.judged(make.a_breach())
    tamper(snapshot, document=snapshot.document.replace("Refused", "Agreed"))
    assert any("scorecard" in line for line in told())


def test_facts_that_moved_without_a_new_verdict_are_found() -> None:
    brand = make.a_kept_promise()
    make.judged(brand)
    brand.actions.update(substance="0")
    assert any("older facts" in line for line in told())


def test_a_brand_that_was_never_judged_is_found() -> None:
    make.a_kept_promise()
    assert any("never judged" in line for line in told())


def test_a_fact_missing_from_the_api_is_found() -> None:
    make.published(make.a_kept_promise())
    PublishedFact.objects.filter(resource="proof").delete()
    assert any("API holds" in line for line in told())


def test_the_command_exits_with_an_error_only_when_something_differs() -> None:
    brand = make.a_kept_promise()
    make.judged(brand)
    out = StringIO()
    call_command("verify", "verdicts", stdout=out)
    assert "verdicts: 1 snapshots verified" in out.getvalue()
    assert "0 findings" in out.getvalue()
    brand.actions.update(substance="0")
    with pytest.raises(SystemExit):
        call_command("verify", "verdicts", stdout=StringIO(), stderr=StringIO())


def test_explain_prints_the_reasoning_finding_by_finding() -> None:
    make.judged(make.a_breach("Fictia"))
    out = StringIO()
    call_command("explain", "fictia", "covid-19", stdout=out)
    assert "broken_promise" in out.getvalue()
    assert "An act breaks a stated promise." in out.getvalue()
    out = StringIO()
    call_command("explain", "fictia", "covid-19", language="fr", stdout=out)
    assert "Un acte rompt une promesse énoncée." in out.getvalue()


def test_explain_says_which_slug_it_does_not_know() -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("explain", "nobody", "covid-19")


def test_rescore_judges_one_brand_or_all_and_says_how_many() -> None:
    make.a_breach("Fictia")
    make.a_kept_promise()
    out = StringIO()
    call_command("rescore", brand="fictia", stdout=out)
    assert "1 brands judged, 1 new snapshots." in out.getvalue()
    call_command("rescore", stdout=out)
    assert "2 brands judged, 1 new snapshots." in out.getvalue()
    with pytest.raises(CommandError, match="nobody"):
        call_command("rescore", brand="nobody")
