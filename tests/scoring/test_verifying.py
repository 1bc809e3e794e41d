"""``verify`` finds each way in which what is stored can differ from what the facts and the method say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from brands.changes import record_decision
from brands.models import Source, VerificationRun
from brands.trail import Finding
from cxalign.accounts import roles
from scoring import verifying
from scoring.models import Publication, PublishedFact, Snapshot
from scoring.publishing import withdraw
from scoring.recorded import verify_publications
from scoring.tasks import verify_everything
from scoring.verifying import keep, run, verify_store, verify_verdicts
from tests import factories as make
from tests.accounts.desk import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """No head of another test's trail."""
    settings.DATA_DIR = tmp_path


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


# --- What was decided with a version ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("altered", "finding"),
    [
        ({"published_by": "somebody else"}, "it was published by somebody else"),
        ({"note_en": "Another note."}, "its notes, ties or facts are not those"),
        ({"cause": "brand_reply"}, "its cause is not the one"),
        ({"published_at": timezone.now() - timedelta(days=9)}, "as the trail tells"),
        ({"warnings": []}, "its warnings is not the one"),
        ({"ties": [{"role": "publisher"}]}, "its notes, ties or facts are not those"),
        ({"policy": "strict"}, "its policy is not the one"),
        ({"withdrawn_reason_fr": "Autre raison."}, "the reason of its withdrawal is not the one"),
        ({"withdrawn_at": None}, "the trail tells that it was withdrawn"),
    ],
)
def test_a_version_that_was_altered_by_hand_is_found(altered: dict[str, Any], finding: str) -> None:
    publication = make.published(make.a_breach("Specimen"), note_en="First.", note_fr="Première.")
    withdraw(publication, by=make.an_editor(), reason_en="Misread.", reason_fr="Mal lu.")
    other = make.published(make.a_kept_promise("Other"))
    assert list(verify_publications()) == []
    if "published_by" in altered:
        altered = {"published_by": make.an_editor()}
    Publication.objects.filter(pk=publication.pk).update(**altered)
    found = [str(one) for one in verify_publications()]
    assert len(found) == 1
    assert found[0].startswith(f"{publication}: ")
    assert finding in found[0]
    assert str(other) not in found[0]


def test_a_version_that_no_line_tells_of_is_found() -> None:
    publication = make.published(make.a_breach("Specimen"))
    snapshot = make.judged(make.a_kept_promise("Other"))
    Publication.objects.create(assessment=snapshot.assessment, snapshot=snapshot, version=1)
    Publication.objects.filter(pk=publication.pk).update(
        is_current=False, withdrawn_at=timezone.now(), withdrawn_reason_en="By hand."
    )
    found = " ".join(map(str, verifying.verify_trail()))
    assert "no line of the trail tells that it was published" in found
    assert "no line of the trail tells that it was withdrawn" in found


# --- The store, and the runs that are kept ----------------------------------------------------------------------------


def found_in_store() -> list[str]:
    return [str(finding) for finding in verify_store()]


def without_index(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {name}")


def test_a_store_in_order_is_told_as_such() -> None:
    make.published(make.a_breach())
    assert found_in_store() == []


def test_a_natural_key_that_occurs_twice_is_found() -> None:
    case = make.published(make.a_breach()).assessment
    without_index("publication_one_current")
    other = make.judged(make.a_breach())
    Publication.objects.create(assessment=case, snapshot=other, version=2)
    assert found_in_store() == [f"scoring.publication: 2 rows have the same key (assessment_id {case.pk})"]


def test_an_address_that_two_sources_share_is_found_unless_one_is_withdrawn() -> None:
    first, second = make.a_source(), make.a_source()
    without_index("source_address_once")
    Source.objects.filter(pk=second.pk).update(url=first.url)
    assert [line.partition(":")[0] for line in found_in_store()] == ["brands.source"]
    Source.objects.filter(pk=second.pk).update(withdrawn_at=timezone.now())
    assert found_in_store() == []


def test_a_reference_that_leads_nowhere_is_found() -> None:
    brand = make.a_brand()
    promise = make.a_promise(brand, sourced=False)
    with reference_checks_off(), connection.cursor() as cursor:
        cursor.execute("UPDATE brands_promise SET brand_id = 987654 WHERE id = %s", [promise.pk])
        found = found_in_store()
        cursor.execute("UPDATE brands_promise SET brand_id = %s WHERE id = %s", [brand.pk, promise.pk])
    assert found == [f"brands.promise:{promise.pk}: its brand is 987654, which is not on file"]


@contextmanager
def reference_checks_off() -> Iterator[None]:
    """Until the end of a transaction both databases put up with a reference that leads nowhere."""
    with transaction.atomic():
        yield


def test_a_snapshot_fewer_than_last_time_is_found() -> None:
    make.judged(make.a_breach())
    keep(run("store"))
    assert found_in_store() == []
    VerificationRun.objects.update(counts={"scoring.snapshot": 2})
    assert found_in_store() == [
        "scoring.snapshot: 1 rows, but 2 when it was checked last: rows of it are never deleted"
    ]


def test_what_others_store_is_checked_with_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "store_checks", [lambda: iter([Finding("archive 1", "is gone")])])
    assert found_in_store() == ["archive 1: is gone"]


def test_a_file_is_compared_with_the_digest_beside_it(tmp_path: Path) -> None:
    storage = FileSystemStorage(tmp_path)
    (tmp_path / "copy.pdf").write_bytes(b"as it was stored")
    right = hashlib.sha256(b"as it was stored").hexdigest()
    assert verifying._wrong_file(storage, "copy.pdf", right) == ""
    (tmp_path / "copy.pdf").write_bytes(b"altered")
    assert "not the one that was stored" in verifying._wrong_file(storage, "copy.pdf", right)
    assert "is gone" in verifying._wrong_file(storage, "other.pdf", right)


def test_all_is_the_default_each_finding_is_a_line_and_nothing_is_changed() -> None:
    make.judged(make.a_breach())
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert [line.partition(":")[0] for line in out.getvalue().splitlines()] == ["verdicts", "trail", "store"]
    assert all(line.startswith("trail: ") for line in err.getvalue().splitlines())
    assert not VerificationRun.objects.exists()


def test_json_tells_the_same() -> None:
    make.a_source(key="smuggled")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", "trail", json=True, stdout=out)
    (finding,) = json.loads(out.getvalue())["trail"]["findings"]
    assert finding == {"subject": "brands.source:smuggled", "what": "is on file, but the trail has no line about it"}


def decisions(count: int) -> None:
    for number in range(count):
        record_decision("case.assigned", subject=f"scoring.assessment:{number}")


def test_heads_kept_elsewhere_are_met_or_named(tmp_path: Path) -> None:
    decisions(3)
    file = tmp_path / "mailed"
    call_command("trail_head", str(file), stdout=StringIO())
    call_command("verify", "trail", heads=[file], stdout=StringIO())
    file.write_text(file.read_text().replace('"digest":"', '"digest":"0'))
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", "trail", heads=[file], stdout=StringIO(), stderr=err)
    assert err.getvalue().startswith("trail: line 3: this line or one before it was altered since ")
    with pytest.raises(CommandError, match="not a file"):
        call_command("verify", "trail", heads=[tmp_path / "nowhere"])


def test_the_nightly_run_keeps_what_it_found_and_runs_once_a_night() -> None:
    decisions(2)
    make.a_source(key="smuggled")
    assert verify_everything() == 3
    assert verify_everything() == 0
    kept = VerificationRun.objects.get(what="trail")
    assert (kept.findings, kept.up_to, kept.checked) == (1, 2, 2)
    assert kept.first_findings == ["brands.source:smuggled: is on file, but the trail has no line about it"]
    VerificationRun.objects.update(at=timezone.now() - timedelta(hours=24))
    assert verify_everything() == 3


def test_the_admin_shows_the_runs_to_those_who_read_the_trail_and_lets_nobody_write() -> None:
    make.a_source(key="smuggled")
    verify_everything()
    page = "/admin/brands/verificationrun/"
    desk = signed_in(roles.ANALYST)
    assert "the trail of changes is whole" in desk.get(page).content.decode()
    trail = VerificationRun.objects.get(what="trail")
    assert "brands.source:smuggled" in desk.get(f"{page}{trail.pk}/change/").content.decode()
    assert desk.post(f"{page}{trail.pk}/change/", {}).status_code == 403
    assert desk.get(f"{page}add/").status_code == 403
    index = desk.get("/admin/").content.decode()
    assert "Verifications" in index
    assert signed_in(roles.CONSULTANT).get(page).status_code == 302


def test_readiness_tells_whether_the_nightly_checks_found_anything() -> None:
    def told() -> str:
        return str(Client().get("/readyz").json()["last_verification"])

    assert told() == "missing"
    verify_everything()
    assert told() == "ok"
    VerificationRun.objects.create(what="trail", findings=1)
    assert told() == "findings"
    VerificationRun.objects.update(at=timezone.now() - timedelta(hours=51))
    assert told() == "missing"
