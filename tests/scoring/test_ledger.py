"""The ledger: which act stands beside which promise, and what is shown first."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.engine.method import available
from scoring.ledger import STATED_FROM, ledger


def a_promise(key: str = "p1", *groups: str, gaps: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    groups = groups or ("customers",)
    gaps = gaps if gaps is not None else [{"stakeholder": group, "gap": None, "actions": []} for group in groups]
    return {"id": key, "stakeholders": list(groups), "gaps": gaps, "statement_level": "2", **fields}


def a_gap(gap: int | None, *actions: str, stakeholder: str = "customers") -> dict[str, Any]:
    return {"stakeholder": stakeholder, "gap": gap, "actions": list(actions)}


def a_proof(promise: str | None = "p1", stakeholder: str = "customers", direction: str = "helps") -> dict[str, Any]:
    return {"promise": promise, "stakeholder": stakeholder, "direction": direction, "coding": "agreed"}


def an_action(key: str = "a1", *proofs: dict[str, Any], counted: bool = True) -> dict[str, Any]:
    return {"id": key, "proofs": list(proofs), "counted": counted}


def a_document(promises: list[dict[str, Any]], actions: list[dict[str, Any]]) -> dict[str, Any]:
    groups = ("customers", "employees", "partners", "community", "environment")
    promised = {code for promise in promises for code in promise["stakeholders"]}
    coverage = [{"stakeholder": group, "promised": group in promised or None} for group in groups]
    return {"promises": promises, "actions": actions, "coverage": coverage}


def kept() -> dict[str, Any]:
    return a_document([a_promise(gaps=[a_gap(0, "a1")])], [an_action("a1", a_proof())])


def test_an_act_stands_beside_the_promise_it_was_read_against() -> None:
    row = ledger(kept()).rows[0]
    assert [act.action["id"] for act in row.acts] == ["a1"]
    assert row.acts[0].sign == "+"


def test_an_act_that_no_promise_covers_stands_under_the_duty_of_care() -> None:
    made = ledger(a_document([a_promise()], [an_action("a1", a_proof(None, direction="harms"))]))
    assert made.duty is not None
    assert made.duty.acts[0].sign == "−"
    assert made.rows[0].acts == []
    assert ledger(kept()).duty is None


def test_an_act_that_the_dates_moved_to_the_duty_of_care_stands_there() -> None:
    """The proof names the promise, but the engine did not read the act against it."""
    made = ledger(a_document([a_promise(gaps=[a_gap(None)])], [an_action("a1", a_proof("p1"))]))
    assert made.rows[0].acts == []
    assert made.duty is not None


def test_an_act_that_helps_some_and_harms_others_says_so() -> None:
    proofs = (a_proof(None), a_proof(None, "employees", "harms"))
    made = ledger(a_document([], [an_action("a1", *proofs)]))
    assert made.duty is not None
    assert made.duty.acts[0].sign == "±"
    assert made.duty.acts[0].stakeholders == ["customers", "employees"]


def test_an_act_that_does_not_count_has_a_sign_of_its_own() -> None:
    made = ledger(a_document([], [an_action("a1", a_proof(None), counted=False)]))
    assert made.duty is not None
    assert made.duty.acts[0].sign == "·"


@pytest.mark.parametrize(("acts", "shown", "folded"), [(1, 1, 0), (6, 6, 0), (7, 4, 3), (20, 4, 16)])
def test_beyond_six_acts_the_first_four_are_shown(acts: int, shown: int, folded: int) -> None:
    row = ledger(a_document([], [an_action(f"a{n}", a_proof(None)) for n in range(acts)])).duty
    assert row is not None
    assert (len(row.shown), len(row.folded)) == (shown, folded)


def test_groups_at_the_same_distance_share_a_step_and_the_worst_comes_first() -> None:
    gaps = [
        a_gap(1, "a1", stakeholder="customers"),
        a_gap(-2, "a2", stakeholder="employees"),
        a_gap(1, "a1", stakeholder="partners"),
        a_gap(None, stakeholder="community"),
    ]
    steps = ledger(a_document([a_promise("p1", "customers", gaps=gaps)], [])).rows[0].steps
    assert [(step.gap, list(step.stakeholders)) for step in steps] == [
        (-2, ["employees"]),
        (1, ["customers", "partners"]),
        (None, ["community"]),
    ]


def test_nothing_established_is_not_the_same_as_undocumented() -> None:
    gaps = [a_gap(None, "a1"), a_gap(None, stakeholder="partners")]
    found, nothing = ledger(a_document([a_promise("p1", "customers", "partners", gaps=gaps)], [])).rows[0].steps
    assert (found.acts_found, nothing.acts_found) == (True, False)


def test_promises_outside_the_verdict_stand_apart() -> None:
    promises = [
        a_promise("p1", testable=False, outside_verdict=True),  # as older documents say of it
        a_promise("unstated", statement_level="0"),
        a_promise("unknown", statement_level="u"),
        a_promise("uncoded", statement_level=None),
        a_promise("later", gaps=[]),
    ]
    made = ledger(a_document(promises, []))
    assert [row.promise["id"] for row in made.rows if row.promise] == ["p1"]
    assert [row.promise["id"] for row in made.outside if row.promise] == ["unstated", "unknown", "uncoded", "later"]


def test_every_method_counts_promises_from_the_same_statement_level() -> None:
    assert {method.promise_statement for method in available()} == {STATED_FROM}


def test_of_the_duty_of_care_only_those_without_a_promise_are_said_to_have_none() -> None:
    document = a_document(
        [a_promise("p1", "customers")],
        [an_action("a1", a_proof(None, "customers"), a_proof(None, "employees", "harms"))],
    )
    made = ledger(document)
    assert (made.promised_nothing, made.promised_otherwise) == (["employees"], ["customers"])


def test_a_filter_keeps_the_promises_acts_and_steps_of_one_group() -> None:
    gaps = [a_gap(0, "a1"), a_gap(-1, "a2", stakeholder="employees")]
    document = a_document(
        [a_promise("p1", "customers", "employees", gaps=gaps), a_promise("p2", "partners")],
        [an_action("a1", a_proof()), an_action("a2", a_proof("p1", "employees", "harms"), a_proof(None))],
    )
    made = ledger(document, "employees")
    assert [row.promise["id"] for row in made.rows if row.promise] == ["p1"]
    assert [act.action["id"] for act in made.rows[0].acts] == ["a2"]
    assert [step.gap for step in made.rows[0].steps] == [-1]
    assert made.duty is None
    assert len(ledger(document).rows) == 2


def test_it_can_be_filtered_by_every_group_that_it_names() -> None:
    document = a_document([a_promise("p1", "partners")], [an_action("a1", a_proof(None, "environment"))])
    assert ledger(document).stakeholders == ["partners", "environment"]


def test_an_act_in_two_rows_is_counted_once() -> None:
    document = kept()
    document["actions"][0]["proofs"].append(a_proof(None, "employees"))
    assert ledger(document).acts == 1


def test_a_row_tells_how_its_proofs_were_coded() -> None:
    assert ledger(kept()).rows[0].codings == {"agreed"}


def test_promises_outside_the_verdict_are_counted_with_the_others() -> None:
    assert ledger(a_document([a_promise("p1"), a_promise("p2", statement_level="0")], [])).promises == 2
