"""The two codings of the starter catalogue: loaded once, counted as published, judged as before."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from brands.models import Action, Event
from scoring.coding import measuring
from scoring.models import CodeDecision, CoderSeat, CodingItem, ItemCoding, ItemState, Measurement, Snapshot
from scoring.rescoring import score_everything
from scoring.verifying import CHECKS

pytestmark = pytest.mark.django_db
CATALOGUE = Path(settings.BASE_DIR) / "brands" / "catalogue"


def load() -> None:
    call_command("load_catalogue", CATALOGUE, verbosity=0)
    call_command("load_codings", CATALOGUE, adopt=True, verbosity=0)


def published_figures() -> dict[str, tuple[int, float, float]]:
    with (CATALOGUE / "codings" / "agreement.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            row["code"]: (int(row["n"]), float(row["percent_agreement"]), float(row["krippendorff_alpha"]))
            for row in csv.DictReader(file)
        }


def test_the_codings_are_loaded_once_counted_as_published_and_move_no_verdict() -> None:
    call_command("load_catalogue", CATALOGUE, verbosity=0)
    score_everything()
    before = {snapshot.assessment_id: snapshot for snapshot in Snapshot.objects.all()}
    call_command("load_codings", CATALOGUE, adopt=True, verbosity=0)

    # every figure that the catalogue publishes, to the last decimal
    found = {row.measure.code: row.agreement for row in measuring.report(measuring.handed_in())}
    figures = {code: (found[code].n, found[code].percent, found[code].alpha) for code in published_figures()}
    assert figures == published_figures()
    assert all(one.low <= one.alpha <= one.high for one in found.values() if one.alpha is not None)  # type: ignore[operator]

    # the round is finished, its coders are nobody who could sign in, and every difference has its decision
    assert Counter(CodingItem.objects.values_list("state", flat=True)) == {ItemState.SETTLED: 195 + 78}
    assert set(CoderSeat.objects.values_list("coder", "pseudonym")) == {(None, "A"), (None, "B")}
    assert CodeDecision.objects.filter(item__settled_as="agreed").count() == 0
    assert CodingItem.objects.filter(settled_as="adjudicated", decisions__isnull=True).count() == 0

    # it is in force, and moves none of the 67 brands: all their actions were coded twice
    measurement = Measurement.objects.in_force()
    assert measurement is not None
    assert dict(measurement.reliability)["depth_helps"] == 0.791  # type: ignore[index]
    assert Event.objects.get(kind="method.measurement_adopted").changes["alpha.su"] == [None, "0.868"]
    preview = measuring.preview(measurement.figures)
    assert (preview.cases, preview.touched, preview.moves) == (67, 0, [])
    score_everything()
    after = {snapshot.assessment_id: snapshot for snapshot in Snapshot.objects.all()}
    assert len(after) == 67
    assert {pk: one.facts_digest for pk, one in after.items()} == {pk: one.facts_digest for pk, one in before.items()}
    assert Snapshot.objects.count() == 67
    assert [str(found) for check in CHECKS.values() for found in check()] == []

    # a second time changes nothing
    counts = [model.objects.count() for model in (CodingItem, ItemCoding, CodeDecision, Measurement, Event)]
    load()
    assert counts == [model.objects.count() for model in (CodingItem, ItemCoding, CodeDecision, Measurement, Event)]


def test_a_record_that_was_edited_before_its_codings_came_is_not_called_settled() -> None:
    call_command("load_catalogue", CATALOGUE, verbosity=0)
    edited = Action.objects.filter(substance="2").first()
    assert edited is not None
    Action.objects.filter(pk=edited.pk).update(substance="1")
    call_command("load_codings", CATALOGUE, verbosity=0)
    assert CodingItem.objects.get(action=edited).state == ItemState.LAPSED
    assert CodingItem.objects.filter(state=ItemState.LAPSED).count() == 1
