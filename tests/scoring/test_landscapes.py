"""The landscape as data: who is on it, in which place, and what old snapshots still tell."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db.models import Q

from scoring.landscapes import Entry, Landscape, crises_on_view, landscape, weakest
from scoring.models import Publication, Snapshot
from scoring.publishing import withdraw
from scoring.scorecards import position, position_of
from tests import factories as make

pytestmark = pytest.mark.django_db


def seen() -> Landscape:
    return landscape(make.a_crisis())


def entry(name: str) -> Entry:
    return next(one for one in seen().entries if one.brand.name == name)


def states() -> dict[str, str]:
    return {one.brand.name: one.state for one in seen().entries}


def test_every_public_brand_stands_on_it_once_with_its_verdict_or_its_state() -> None:
    make.published(make.a_breach("Ada"))
    make.published(make.a_kept_promise("Bea"))
    make.published(make.an_empty_file("Cid"))
    make.a_brand("Dee", listed=True)
    make.judged(make.a_breach("Eve", listed=True))
    make.judged(make.a_breach("Hidden"))
    assert states() == {
        "Ada": "broken_promise",
        "Bea": "aligned",
        "Cid": "insufficient_evidence",
        "Dee": "not_assessed",
        "Eve": "under_review",
    }
    counts = seen().counts
    assert {state: count for state, count in counts.items() if count} == dict.fromkeys(states().values(), 1)
    assert seen().without_verdict == 3


def test_a_brand_stands_where_its_gap_and_its_rootedness_put_it() -> None:
    make.published(make.a_breach("Ada"))
    make.published(make.a_kept_promise("Bea"))
    places = {(cell.reach, cell.rootedness): cell for row in seen().cells for cell in row}
    assert len(places) == 15
    assert [one.brand.name for one in places[-2, "one_off"].entries] == ["Ada"]
    assert [one.brand.name for one in places[0, "one_off"].entries] == ["Bea"]
    assert [cell for cell in places.values() if cell.is_too_narrow] == [places[0, "one_off"]]


def test_a_verdict_without_a_gap_is_not_placed_and_not_at_zero() -> None:
    brand = make.a_brand("Ada")
    make.a_promise(brand, stakeholders=("employees",))
    make.a_proof(make.an_action(brand, sources=2), direction="harms", depth="3")
    make.published(make.touched(brand))
    assert entry("Ada").is_judged
    assert entry("Ada").reach is None
    assert seen().placed == []
    assert [one.brand.name for one in seen().unmeasured] == ["Ada"]


def test_what_rests_on_the_duty_of_care_alone_is_counted_for_the_title() -> None:
    make.published(make.a_breach("Ada"))
    make.published(make.a_kept_promise("Bea"))
    brand = make.a_brand("Cid")
    make.a_promise(brand, stakeholders=("employees",))
    make.a_proof(make.an_action(brand, sources=2), direction="harms", depth="3")
    make.published(make.touched(brand))
    brand = make.a_brand("Dee")
    make.a_promise(brand, stakeholders=("customers",))
    make.a_proof(make.an_action(brand, sources=2))
    make.published(make.touched(brand))
    assert {one.brand.name: (one.state, one.is_on_duty_alone) for one in seen().entries} == {
        "Ada": ("broken_promise", False),
        "Bea": ("aligned", False),
        "Cid": ("broken_promise", True),
        "Dee": ("aligned", True),
    }
    assert seen().tally.on_duty_alone == {"broken_promise": 1, "aligned": 1}
    told = json.loads(entry("Dee").snapshot.document)["explanation"]["en"]  # type: ignore[union-attr]
    assert "keeps its word" not in told
    assert "stood by its customers, to whom a promise is on file" in told
    assert "The act is read against the duty of care" in told


def test_a_withdrawn_verdict_leaves_no_trace() -> None:
    publication = make.published(make.a_breach("Ada"))
    withdraw(publication, by=make.an_editor(), reason_en="Wrong.", reason_fr="Faux.")
    assert seen().entries == []
    assert list(crises_on_view()) == []


def test_a_new_draft_does_not_move_what_is_published() -> None:
    brand = make.a_breach("Ada")
    make.published(brand)
    brand.actions.get().proofs.update(depth="1")
    make.judged(make.touched(brand))
    assert entry("Ada").reach == -2


def test_a_verdict_in_another_crisis_is_none_in_this_one() -> None:
    make.published(make.a_breach("Ada"))
    flood = make.a_crisis("flood", name_en="Flood", name_fr="Crue", starts_on=date(2024, 1, 1))
    assert [one.state for one in landscape(flood).entries] == ["not_assessed"]
    assert list(crises_on_view()) == [make.a_crisis()]


def test_a_verdict_that_does_not_fit_is_left_out_and_is_no_missing_one() -> None:
    make.published(make.a_breach("Ada"))
    make.published(make.a_kept_promise("Bea"))
    make.a_brand("Dee", listed=True)
    asked = landscape(make.a_crisis(), verdicts=Q(snapshot__outcome="aligned"), unjudged=())
    assert [one.brand.name for one in asked.entries] == ["Bea"]
    asked = landscape(make.a_crisis(), verdicts=Q(snapshot__outcome="aligned"), unjudged=("not_assessed",))
    assert [one.brand.name for one in asked.entries] == ["Bea", "Dee"]


# --- Snapshots of before there was a column ---------------------------------------------------------------------------


def forget_positions() -> None:
    """Snapshots are written once, so an old one is a copy that stands in for the new one."""
    for publication in Publication.objects.all():
        copy = Snapshot.objects.get(pk=publication.snapshot_id)
        copy.pk, copy.position, copy.sequence, copy._state.adding = None, None, copy.sequence + 1, True
        copy.save()
        Publication.objects.filter(pk=publication.pk).update(snapshot=copy)


def test_a_position_is_what_the_document_says() -> None:
    snapshot = make.published(make.a_breach("Ada")).snapshot
    kept = Snapshot.objects.get(pk=snapshot.pk).position
    assert kept == position_of(json.loads(snapshot.document))
    assert [(gap["stakeholder"], gap["gap"], gap["weight"]) for gap in kept["gaps"]] == [("customers", -2, "central")]


def test_old_snapshots_are_read_from_their_documents_in_one_more_query(django_assert_num_queries: Any) -> None:
    for name in ("Ada", "Bea", "Cid"):
        make.published(make.a_breach(name))
    crisis = make.a_crisis()
    before = [(one.brand.name, one.position) for one in seen().entries]
    forget_positions()
    with django_assert_num_queries(3):
        assert [(one.brand.name, one.position) for one in landscape(crisis).entries] == before
    old = Snapshot.objects.filter(position__isnull=True).first()
    assert old is not None
    assert position(old) == before[0][1]


def test_it_costs_the_same_whatever_the_number(django_assert_num_queries: Any) -> None:
    crisis = make.a_crisis()
    for number in range(12):
        make.published(make.a_breach(f"Brand {number}"))
        if number in (1, 11):
            with django_assert_num_queries(2):
                assert len(landscape(crisis).entries) == number + 1


# --- The weakest stakeholder ------------------------------------------------------------------------------------------


def row(stakeholder: str, result: int | None, **fields: Any) -> dict[str, Any]:
    found = {"applicable": True, "promised": None, "evidence_items": 0 if result is None else 1}
    return {"stakeholder": stakeholder, "result": result, **found, **fields}


@pytest.mark.parametrize(
    ("rows", "groups", "gap"),
    [
        ([], [], None),
        ([row("customers", 0)], [], None),
        ([row("customers", 0), row("employees", 0)], [], None),
        ([row("customers", 1), row("employees", 0)], ["employees"], 0),
        ([row("customers", -1)], ["customers"], -1),
        ([row("customers", -2), row("employees", -2), row("partners", -1)], ["customers", "employees"], -2),
        ([row("customers", 1), row("partners", None, promised=True)], ["partners"], None),
        ([row("customers", -1), row("partners", None, promised=True)], ["customers"], -1),
        ([row("customers", 1), row("partners", None)], [], None),
        ([row("customers", 0), row("partners", None, promised=True, applicable=False)], [], None),
        ([row("customers", 0), row("partners", None, promised=True, evidence_items=2)], [], None),
    ],
)
def test_the_weakest_is_who_came_off_worst_or_was_promised_something_in_silence(
    rows: list[dict[str, Any]], groups: list[str], gap: int | None
) -> None:
    assert weakest(rows) == (groups, gap)
