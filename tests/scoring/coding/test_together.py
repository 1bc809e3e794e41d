"""Two adjudicators decide on one item at the same moment: one decision, and the other person is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from brands.models import Event
from cxalign.accounts import roles
from cxalign.accounts.models import User
from scoring.coding import flow
from scoring.coding.rights import CodingRefused
from scoring.models import CodingItem, CodingStep, ItemState
from tests.accounts.desk import somebody
from tests.scoring.coding import making
from tests.scoring.coding.making import both_in, codes_for


@pytest.mark.django_db(transaction=True)
def test_of_two_adjudicators_at_once_one_wins_and_the_other_is_told() -> None:
    people = making.three_people()
    case = making.a_case()
    making.a_round(case, *people)
    item = both_in(case, people[:2], codes_for(case), codes_for(case, substance="0"))
    editors, start = {"1": people[2], "3": somebody(roles.EDITOR)}, Barrier(2)

    def decide(level: str, by: User) -> str:
        try:
            mine = CodingItem.objects.with_subject().get(pk=item.pk)
            start.wait(timeout=20)
            flow.adjudicate(mine, by=by, decisions={"substance": flow.Decision(level, f"I find it is {level}.")})
        except CodingRefused as refused:
            return str(refused)
        finally:
            connection.close()
        return level

    with ThreadPoolExecutor(2) as pool:
        answers = [one.result(timeout=60) for one in [pool.submit(decide, *pair) for pair in editors.items()]]
    (winner,) = [answer for answer in answers if answer in editors]
    (told,) = [answer for answer in answers if answer not in editors]
    assert told == f"{editors[winner]} has settled this item meanwhile; your decision was not saved."
    item.refresh_from_db()
    assert (item.state, item.settled_by) == (ItemState.SETTLED, editors[winner])
    assert making.action_of(case).substance == winner
    assert [decision.value for decision in item.decisions.all()] == [winner]
    assert CodingStep.objects.filter(item=item, kind="adjudicated").count() == 1
    assert Event.objects.filter(kind="evidence.corrected", subject__startswith="brands.action").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_last_coders_at_once_both_codings_count() -> None:
    people = making.three_people()
    case = making.a_case()
    making.a_round(case, *people)
    item, start, codes = making.item_of(case), Barrier(2), codes_for(case)

    def hand_in(user: User) -> None:
        try:
            start.wait(timeout=20)
            making.hands_in(user, item, codes)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(hand_in, user) for user in people[:2]]:
            one.result(timeout=60)
    item.refresh_from_db()
    assert item.state == ItemState.SETTLED
