"""What differs between two versions, typed."""

from __future__ import annotations

import copy
from typing import Any

from scoring.differences import difference


def a_document() -> dict[str, Any]:
    text = {"en": "Paid.", "fr": "A payé."}
    proof = {
        "id": "a1:customers:helps",
        "direction": "helps",
        "depth": "0",
        "stakeholder": "customers",
        "decisive": True,
    }
    action = {
        "id": "a1",
        "statement": text,
        "substance": "2",
        "evidence": 2,
        "sources": [{"id": "s1", "n": 1, "kind": "independent"}],
        "proofs": [proof],
    }
    return {
        "outcome": "aligned",
        "breadth": "promised",
        "reason": None,
        "robustness": "probable",
        "method_version": "1.0",
        "indices": {"delivery": 67, "harm": 0, "purpose_washing": None},
        "promises": [{"id": "p1", "statement": text, "weight": "central", "gaps": [], "sources": ["s1"]}],
        "actions": [action],
        "sources": [{"id": "s1", "n": 1, "title": "Article", "used_in": ["p1"]}],
        "judgements": [],
    }


def changed(**fields: Any) -> dict[str, Any]:
    return {**copy.deepcopy(a_document()), **fields}


def test_two_equal_versions_do_not_differ() -> None:
    assert not difference(a_document(), a_document())


def test_what_moved_in_the_verdict_is_named_with_both_values() -> None:
    found = difference(a_document(), changed(outcome="broken_promise", breadth=None))
    assert [(change.name, change.before, change.after) for change in found.verdict] == [
        ("outcome", "aligned", "broken_promise"),
        ("breadth", "promised", None),
    ]
    assert found


def test_an_index_says_by_how_much_it_moved() -> None:
    found = difference(a_document(), changed(indices={"delivery": -33, "harm": 0, "purpose_washing": 67}))
    delivery, washing = found.indices
    assert (delivery.name, delivery.step) == ("delivery", -100)
    assert washing.step is None, "from “not defined” there is no distance"


def test_added_and_removed_evidence_is_told_apart() -> None:
    newer = changed(actions=[{**a_document()["actions"][0], "id": "a2", "proofs": []}])
    acts, proofs = difference(a_document(), newer).evidence
    assert [record["id"] for record in acts.added] == ["a2"]
    assert [record["id"] for record in acts.removed] == ["a1"]
    assert (proofs.kind, len(proofs.removed), len(proofs.added)) == ("proofs", 1, 0)


def test_a_changed_code_is_told_with_its_record() -> None:
    newer = a_document()
    newer["actions"][0]["substance"] = "0"
    (acts,) = difference(a_document(), newer).evidence
    (edited,) = acts.changed
    assert edited.record["id"] == "a1"
    assert [(change.name, change.before, change.after) for change in edited.changes] == [("substance", "2", "0")]


def test_numbers_of_the_page_and_results_are_no_change_of_evidence() -> None:
    newer = a_document()
    newer["sources"][0].update(n=7, used_in=[])
    newer["actions"][0]["evidence"] = 3
    newer["actions"][0]["sources"][0]["n"] = 7
    newer["actions"][0]["proofs"][0]["decisive"] = False
    newer["promises"][0]["gaps"] = [{"stakeholder": "customers", "gap": 0, "actions": []}]
    assert not difference(a_document(), newer)


def test_another_source_behind_an_act_is_a_change() -> None:
    newer = a_document()
    newer["actions"][0]["sources"].append({"id": "s2", "n": 2, "kind": "primary"})
    newer["promises"][0]["sources"] = ["s2"]
    promises, acts = difference(a_document(), newer).evidence
    assert acts.changed[0].changes[0].after == ["s1", "s2"]
    assert promises.changed[0].changes[0].before == ["s1"]


def test_a_changed_proof_carries_the_words_of_its_act() -> None:
    newer = a_document()
    newer["actions"][0]["proofs"][0]["depth"] = "2"
    (proofs,) = difference(a_document(), newer).evidence
    assert proofs.kind == "proofs"
    assert proofs.changed[0].record["statement"]["en"] == "Paid."


def test_a_field_that_an_old_document_did_not_know_is_told_as_absent_before() -> None:
    newer = a_document()
    newer["actions"][0]["disputed"] = True
    (acts,) = difference(a_document(), newer).evidence
    assert acts.changed[0].changes[0].before is None


def test_what_was_on_file_from_before_the_crisis_is_compared_too() -> None:
    older = changed(profile={"pu": "2", "vh": "u", "cc": None, "sources": ["s1"]})
    newer = changed(profile={"pu": "2", "vh": "3", "cc": None, "sources": ["s1"]})
    (kind,) = difference(older, newer).evidence
    assert kind.kind == "profile"
    assert [(change.name, change.before, change.after) for change in kind.changed[0].changes] == [("vh", "u", "3")]
    assert not difference(older, older)
    (kind,) = difference(changed(profile=None), newer).evidence
    assert (kind.kind, len(kind.added)) == ("profile", 1)


def test_a_source_that_counts_as_another_kind_is_told() -> None:
    newer = changed()
    newer["actions"][0]["sources"][0]["kind"] = "primary"
    (kind,) = difference(a_document(), newer).evidence
    assert [(change.name, change.before, change.after) for change in kind.changed[0].changes] == [
        ("source_kind", ["independent"], ["primary"])
    ]
