"""What the database refuses, whatever form or program it comes from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cxalign.plans.models import Activity, Item, OwnPromise, Plan, Problem, Scenario, Share
from tests.plans.making import a_plan, an_item

pytestmark = pytest.mark.django_db


def refused(record: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"team": None}, {"next_until": 30}, {"later_until": 90}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_plan(wrong: dict[str, Any]) -> None:
    plan = a_plan(later_until=91)
    for name, value in wrong.items():
        setattr(plan, name, value)
    refused(plan)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"standing": "dreamt"},
        {"origin": "stolen"},
        {"category": "access"},
        {"horizon": "never"},
        {"mission_fit": 0},
        {"need": 6},
        {"feasibility": 9},
        {"expected_gap": 3, "promise_ref": "own-1"},
        {"expected_gap": 0},
        {"horizon": "aside"},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_an_item(wrong: dict[str, Any]) -> None:
    item = an_item(a_plan(), category="care", mission_fit=1, need=5, promise_ref="own-1", expected_gap=-2)
    item.promise_ref, item.expected_gap = "", None
    item.save()
    for name, value in wrong.items():
        setattr(item, name, value)
    refused(item)


def test_what_belongs_to_a_plan() -> None:
    plan = a_plan()
    tomorrow = timezone.now() + timedelta(days=1)
    Problem(plan=plan, what="No cash", basis="source", evidence="A call").save()
    Share(plan=plan, by=plan.by, expires_at=tomorrow).save()
    refused(Scenario(plan=plan, text=""))
    refused(OwnPromise(plan=plan, text="We pay", stakeholders=()))
    refused(OwnPromise(plan=plan, text="", stakeholders=("partners",)))
    refused(Problem(plan=plan, what=""))
    refused(Problem(plan=plan, what="No cash", basis="source"))
    refused(Problem(plan=plan, what="No cash", basis="rumour"))
    refused(Share(plan=plan, by=plan.by, expires_at=timezone.now() - timedelta(days=1)))
    refused(Activity(plan=plan, by=plan.by, kind="item.sold"))


def test_everything_says_what_it_is() -> None:
    plan = a_plan(title="Reopen")
    assert str(plan) == "Reopen"
    assert str(an_item(plan, "Open a line")) == "Open a line"
    assert (Plan.objects.count(), Item.objects.count()) == (1, 1)
