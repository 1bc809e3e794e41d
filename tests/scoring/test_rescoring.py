"""A verdict is kept only when something differs, whatever happens on the way to it."""

from __future__ import annotations

import json

import pytest

from brands.changes import record_change
from brands.models import Brand
from scoring import rescoring
from scoring.models import Assessment, ScoringJob, Snapshot
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_scoring_twice_changes_nothing() -> None:
    brand = make.a_kept_promise()
    assert len(rescoring.score_brand(brand)) == 1
    assert rescoring.score_brand(brand) == []
    assert Snapshot.objects.count() == 1


def test_a_changed_code_leads_to_a_new_snapshot_beside_the_old_one() -> None:
    brand = make.a_kept_promise()
    before = make.judged(brand)
    brand.actions.update(substance="0")
    after = make.judged(brand)

    assert (before.outcome, before.sequence) == ("aligned", 1)
    assert (after.outcome, after.reason, after.sequence) == ("insufficient_evidence", "token", 2)
    assert Snapshot.objects.get(pk=before.pk).facts == before.facts


def test_a_changed_word_is_a_new_scorecard_on_the_same_facts() -> None:
    brand = make.a_kept_promise()
    before = make.judged(brand)
    brand.actions.update(statement_en="Paid every claim.")
    after = make.judged(brand)
    assert after.pk != before.pk
    assert after.facts_digest == before.facts_digest


def test_going_back_to_earlier_facts_is_a_third_snapshot_and_not_the_first_again() -> None:
    brand = make.a_kept_promise()
    make.judged(brand)
    for substance in ("0", "2"):
        brand.actions.update(substance=substance)
        make.judged(brand)
    assert list(Snapshot.objects.order_by("sequence").values_list("outcome", flat=True)) == [
        "aligned",
        "insufficient_evidence",
        "aligned",
    ]


def test_the_columns_repeat_what_the_document_says() -> None:
    snapshot = make.judged(make.a_breach())
    document = json.loads(snapshot.document)
    assert (snapshot.outcome, snapshot.robustness) == (document["outcome"], document["robustness"])
    assert snapshot.harm_alert is bool(document["harm_alert"]) is True
    assert snapshot.evidence_items == document["evidence"]["proofs"] == 1
    assert snapshot.groups_documented == "|customers|"


def test_a_brand_is_due_from_the_change_until_it_is_scored() -> None:
    brand = make.a_kept_promise()
    assert rescoring.score_all_due() == 1
    assert rescoring.score_all_due() == 0
    record_change("evidence.corrected", brand=brand, subject=brand)
    assert rescoring.score_all_due() == 1


def test_a_brand_without_facts_is_never_due_and_opens_no_case() -> None:
    make.a_brand()
    assert rescoring.score_all_due() == 0
    rescoring.score_everything()
    assert not Assessment.objects.exists()


def test_a_failure_is_counted_and_after_three_the_brand_is_parked(monkeypatch: pytest.MonkeyPatch) -> None:
    brand = make.a_kept_promise()
    other = make.a_kept_promise()
    score = rescoring.score_brand

    def fail(which: Brand) -> list[Snapshot]:
        if which == brand:
            raise RuntimeError("the disk is on fire")
        return score(which)

    monkeypatch.setattr(rescoring, "score_brand", fail)
    taken = [rescoring.score_all_due() for _ in range(5)]

    assert taken == [2, 1, 1, 0, 0]
    job = ScoringJob.objects.get(brand=brand)
    assert (job.attempts, job.error) == (3, "RuntimeError: the disk is on fire")
    assert ScoringJob.objects.get(brand=other).error == ""

    monkeypatch.setattr(rescoring, "score_brand", score)
    record_change("evidence.corrected", brand=brand, subject=brand)
    assert rescoring.score_all_due() == 1
    job.refresh_from_db()
    assert (job.attempts, job.error) == (0, "")


def test_scoring_one_brand_leaves_the_others_alone() -> None:
    brand, other = make.a_kept_promise(), make.a_kept_promise()
    rescoring.score_if_due(brand.pk)
    assert Snapshot.objects.filter(assessment__brand=other).count() == 0


def test_a_brand_that_is_gone_is_no_error() -> None:
    rescoring.score_if_due(10**9)


def test_the_walk_over_everything_tells_how_far_it_is() -> None:
    make.a_kept_promise()
    make.a_breach()
    told: list[tuple[int, int]] = []
    assert rescoring.score_everything(lambda done, total: told.append((done, total))) == 2
    assert told == [(1, 2), (2, 2)]
