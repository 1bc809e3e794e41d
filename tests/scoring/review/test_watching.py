"""What the queue is told about each case, and what that costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from brands.models import Pseudonym
from cxalign.accounts import roles
from cxalign.accounts.models import Team
from scoring import policies, review
from scoring.assigning import AssigningRefused, assign
from scoring.models import Assessment
from scoring.workflow import State, blockers_of, watchers
from tests import factories as make
from tests.accounts.desk import somebody
from tests.scoring.review import making

pytestmark = pytest.mark.django_db


def codes_for(case: Assessment) -> list[str]:
    return [blocker.code for blocker in policies.watch([case.pk]).get(case.pk, [])]


def test_the_queue_asks_the_policies() -> None:
    assert policies.watch in watchers
    case = make.judged(make.a_kept_promise()).assessment
    assert "to_publish" in [blocker.code for blocker in blockers_of([case.pk])[case.pk]]


def test_a_verdict_that_is_public_as_it_stands_waits_for_nobody() -> None:
    brand = make.a_kept_promise()
    case = make.published(brand).assessment
    assert codes_for(case) == []
    brand.actions.update(statement_en="Paid every claim.")
    make.judged(make.touched(brand))
    assert codes_for(case) == ["to_publish"]


def test_under_strict_each_missing_thing_is_a_blocker_with_its_place_and_state(settings: Any) -> None:
    settings.PUBLICATION_POLICY = "strict"
    brand = make.a_kept_promise("Fictia")
    case = make.judged(brand).assessment
    found = {blocker.code: blocker for blocker in policies.watch([case.pk])[case.pk]}
    assert found.keys() == {"coded_once", "harm_not_looked_for"}
    assert found["coded_once"].state == State.CODING
    assert found["harm_not_looked_for"].address == "/en/desk/cases/fictia/covid-19/searches/"
    making.harm_looked_for(case)
    making.doubly_coded(brand)
    make.judged(brand)
    assert codes_for(case) == ["to_publish"]


def test_a_broken_promise_waits_in_the_reply_window(settings: Any) -> None:
    settings.PUBLICATION_POLICY = "strict"
    brand = making.doubly_coded(make.a_breach())
    snapshot = make.judged(brand)
    assert codes_for(snapshot.assessment) == ["to_publish"]
    making.a_notice(snapshot, days_left=3)
    (blocker,) = policies.watch([snapshot.assessment_id])[snapshot.assessment_id]
    assert (blocker.code, blocker.state) == ("reply_window_open", State.REPLY_WINDOW)


def test_with_four_eyes_it_is_the_turn_of_editors_who_neither_coded_nor_are_tied(settings: Any) -> None:
    brand = make.a_kept_promise()
    case = make.judged(brand).assessment
    coder, tied, free = make.an_editor(), make.an_editor(), make.an_editor()
    making.coded_by(coder, brand.actions.get())
    making.a_tie(tied, brand)
    for policy, turn in (("solo", set()), ("four_eyes", {free.pk})):
        settings.PUBLICATION_POLICY = policy
        (blocker,) = policies.watch([case.pk])[case.pk]
        assert blocker.waits_for == turn, policy


@pytest.mark.parametrize("cases", [2, 20])
@pytest.mark.parametrize("policy", ["solo", "strict"])
def test_watching_costs_the_same_queries_for_many_cases(
    cases: int, policy: str, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.PUBLICATION_POLICY = policy
    for _ in range(cases):
        brand = make.a_kept_promise()
        making.coded_by(make.an_analyst(), brand.actions.get())
        making.a_notice(make.judged(brand))
    ids = list(Assessment.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1 if policy == "solo" else 8):
        assert len(policies.watch(ids)) == cases


def test_the_day_of_the_first_offer_is_the_one_that_counts() -> None:
    snapshot = make.judged(make.a_breach())
    assert review.reply_offered_on(snapshot.assessment) is None
    first = making.a_notice(snapshot)
    making.a_notice(snapshot, days_left=9)
    assert review.reply_offered_on(snapshot.assessment) == timezone.localtime(first.sent_at).date()


def test_assigning_a_case_is_logged_and_needs_the_right() -> None:
    case, team = make.judged(make.a_kept_promise()).assessment, Team.objects.create(name="Lyon")
    editor, admin, analyst = (somebody(role) for role in (roles.EDITOR, roles.ADMINISTRATOR, roles.ANALYST))
    assign([case], by=editor, owner=analyst)
    assign([case], by=admin, team=team)
    for person, wanted in ((analyst, {"owner": analyst}), (analyst, {"team": team}), (admin, {"owner": admin})):
        with pytest.raises(AssigningRefused, match="Only an editor"):
            assign([case], by=person, **wanted)
    case.refresh_from_db()
    assert (case.owner, case.team) == (analyst, team)
    lines = case.brand.events.filter(kind="case.assigned").order_by("id")
    person = f"person:{Pseudonym.objects.get(user=analyst).code}"
    assert [line.changes for line in lines] == [{"owner": [None, person]}, {"team": [None, team.pk]}]
