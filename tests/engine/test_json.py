"""JSON in and out: strict about what comes in, without loss both ways."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from scoring.engine.canonical import as_reproduced, canonical, digest
from scoring.engine.dossier import Dossier, Group, PartialDate
from scoring.engine.jsonio import InputError, parse, rebuild, verdict_from_dict, verdict_to_dict
from scoring.engine.judge import judge
from scoring.engine.verdict import FindingCode
from tests.engine.build import (
    CUSTOMERS,
    EMPLOYEES,
    action,
    dossier,
    harms,
    helps,
    method,
    promise,
    source,
    verdict_of,
)
from tests.engine.random_dossiers import dossiers

EXAMPLE: dict[str, Any] = {
    "crisis_start": "2020-03-01",
    "as_of": "2020-12-31",
    "promises": [{"id": "p1", "st": 2, "groups": ["customers"], "since": "2018"}],
    "profile": {"pu": None, "vh": 2, "cc": 2, "labels": [], "not_applicable": []},
    "actions": [
        {
            "id": "a1",
            "started": "2020-04-01",
            "su": 2,
            "re": 2,
            "in": 3,
            "ge": 2,
            "appraisal": False,
            "double_coded": False,
            "disputed": False,
            "sources": [{"id": "s1", "kind": "independent", "group": "le-monde", "date": "2020-04-02"}],
            "proofs": [
                {"group": "customers", "yardstick": "p1", "direction": "helps", "depth": 1, "remedy": 0},
                {"group": "employees", "yardstick": "duty", "direction": "harms", "depth": 1},
            ],
        }
    ],
}
MISSING = object()


def example(path: str = "", value: Any = None) -> dict[str, Any]:
    """The example with one place changed: ``actions.0.su``; ``MISSING`` takes the key away."""
    made = copy.deepcopy(EXAMPLE)
    if not path:
        return made
    *steps, last = path.split(".")
    place: Any = made
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is MISSING:
        del place[last]
    elif last == "+":
        place.append(value)
    else:
        place[int(last) if last.isdigit() else last] = value
    return made


# --------------------------------------------------------------------------------------------------------------- in


def test_the_example_of_the_documentation_is_read_whole() -> None:
    facts = parse(json.dumps(EXAMPLE))
    assert facts.as_of == date(2020, 12, 31)
    assert facts.promises[0].since == PartialDate(2018)
    (act,) = facts.actions
    assert (act.su, act.re, act.in_, act.ge) == (2, 2, 3, 2)
    assert {proof.id: proof.depth for proof in act.proofs} == {"a1:customers:helps": 1, "a1:employees:harms": 1}


def test_what_may_be_left_out_has_its_default() -> None:
    facts = parse(example())
    assert facts.promises[0].weight == "central"
    assert (facts.profile.double_coded, facts.actions[0].duplicate_of) == (False, None)
    assert all(proof.remedy == 0 for proof in facts.actions[0].proofs)


def test_what_may_be_given_is_read() -> None:
    given = example("promises.0.weight", "context")
    given["profile"]["double_coded"] = True
    given["actions"].append({**given["actions"][0], "id": "a2", "duplicate_of": "a1", "proofs": []})
    given["actions"][0]["proofs"][0]["id"] = "mine"
    facts = parse(given)
    assert (facts.promises[0].weight, facts.profile.double_coded) == ("context", True)
    assert facts.actions[1].duplicate_of == "a1"
    assert "mine" in [proof.id for proof in facts.actions[0].proofs]


def test_proofs_without_a_name_get_one_that_does_not_depend_on_the_order_of_entry() -> None:
    rows = [
        {"group": "customers", "yardstick": yardstick, "direction": "helps", "depth": depth}
        for yardstick, depth in (("p1", 1), ("duty", 0), ("p1", None))
    ]
    there = parse(example("actions.0.proofs", rows))
    back = parse(example("actions.0.proofs", rows[::-1]))
    assert canonical(there) == canonical(back)
    assert [proof.id for proof in there.actions[0].proofs] == [
        "a1:customers:helps", "a1:customers:helps:2", "a1:customers:helps:3",
    ]  # fmt: skip


BAD = {
    "as_of missing": ("as_of", MISSING, "as_of: missing"),
    "a key missing in an action": ("actions.0.su", MISSING, "actions[0].su: missing"),
    "a key missing in a profile": ("profile.labels", MISSING, "profile.labels: missing"),
    "an unknown key": ("colour", "red", "colour: unknown key"),
    "an unknown key deep down": ("actions.0.proofs.0.weight", 1, "actions[0].proofs[0].weight: unknown key"),
    "a level out of range": ("actions.0.su", 4, "actions[0].su: 4 is not a level (0, 1, 2, 3 or null)"),
    "a negative level": ("profile.pu", -1, "profile.pu: -1 is not a level"),
    "a flag for a level": ("actions.0.ge", True, "actions[0].ge: true is not a level"),
    "a fraction for a level": ("actions.0.in", 2.0, "actions[0].in: 2.0 is not a level"),
    "a text for a level": ("promises.0.st", "2", 'promises[0].st: "2" is not a statement level'),
    "a number for a flag": ("actions.0.appraisal", 0, "actions[0].appraisal: 0 is not true or false"),
    "null for a flag": ("actions.0.disputed", None, "actions[0].disputed: null is not true or false"),
    "help too deep": (
        "actions.0.proofs.0.depth",
        7,
        "actions[0].proofs[0].depth: 7 is not a help depth (0, 1, 2 or null)",
    ),
    "help as deep as harm": ("actions.0.proofs.0.depth", 3, "actions[0].proofs[0].depth: 3 is not a help depth"),
    "harm of no depth": (
        "actions.0.proofs.1.depth",
        0,
        "actions[0].proofs[1].depth: 0 is not a harm depth (1, 2, 3 or null)",
    ),
    "a remedy for a help": ("actions.0.proofs.0.remedy", 1, "actions[0].proofs[0].remedy: 1 is given for a help"),
    "a remedy out of range": ("actions.0.proofs.1.remedy", 3, "actions[0].proofs[1].remedy: 3 is not a remedy"),
    "an unknown group": ("actions.0.proofs.0.group", "clients", 'actions[0].proofs[0].group: "clients" is not a'),
    "an unknown direction": ("actions.0.proofs.0.direction", "hurts", "actions[0].proofs[0].direction: "),
    "an unknown kind of source": ("actions.0.sources.0.kind", "press", 'actions[0].sources[0].kind: "press" is not'),
    "an unknown weight": ("promises.0.weight", "heavy", 'promises[0].weight: "heavy" is not a weight'),
    "a list for a code": ("promises.0.groups", [["customers"]], 'promises[0].groups[0]: ["customers"] is not a'),
    "no such day": ("actions.0.started", "2020-02-30", 'actions[0].started: "2020-02-30" is not a date'),
    "a date in another order": ("promises.0.since", "13/04/2020", 'promises[0].since: "13/04/2020" is not a date'),
    "a number for a date": ("actions.0.sources.0.date", 2020, "actions[0].sources[0].date: 2020 is not a date"),
    "a day that is not full": ("as_of", "2020-12", 'as_of: "2020-12" is not a full date'),
    "no crisis": ("crisis_start", None, "crisis_start: null is not a date"),
    "a yardstick without its promise": (
        "actions.0.proofs.0.yardstick",
        "p9",
        'actions[0].proofs[0].yardstick: "p9" names no promise',
    ),
    "a duplicate of nothing": ("actions.0.duplicate_of", "a9", 'actions[0].duplicate_of: "a9" names no other action'),
    "a duplicate of itself": ("actions.0.duplicate_of", "a1", 'actions[0].duplicate_of: "a1" names no other action'),
    "an action twice": ("actions.+", EXAMPLE["actions"][0], 'actions: the id "a1" is there 2 times'),
    "a promise twice": ("promises.+", EXAMPLE["promises"][0], 'promises: the id "p1" is there 2 times'),
    "a source twice": (
        "actions.0.sources.+",
        EXAMPLE["actions"][0]["sources"][0],
        'actions[0].sources: the source "s1" is there 2 times',
    ),
    "a promise called duty": ("promises.0.id", "duty", 'promises[0].id: "duty" is the name of the duty of care'),
    "an empty id": ("actions.0.id", " ", 'actions[0].id: " " is not a text'),
    "a number for an id": ("actions.0.id", 7, "actions[0].id: 7 is not a text"),
    "a control character": (
        "actions.0.sources.0.group",
        "a\nb",
        r'actions[0].sources[0].group: "a\nb" holds a control',
    ),
    "half a character": ("actions.0.id", "\ud800", r'actions[0].id: "\ud800" holds a control character'),
    "an endless id": ("actions.0.id", "x" * 600, "actions[0].id: is longer than"),
    "an object for a list": ("actions", {}, "actions: {} is not a list"),
    "a list for an object": ("profile", [], "profile: [] is not an object"),
    "a text for an object": ("actions.0.proofs.0", "p", 'actions[0].proofs[0]: "p" is not an object'),
    "too many items": ("profile.labels", ["B Corp"] * 10_001, "profile.labels: holds 10001 items"),
}


@pytest.mark.parametrize(("path", "value", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_with_one_line_that_names_the_field(path: str, value: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(example(path, value))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


NO_DOSSIER = {
    "nothing": ("", "the input is not JSON"),
    "half an object": ('{"as_of": ', "the input is not JSON"),
    "a list": ("[]", "the input: [] is not an object"),
    "a number": ("3", "the input: 3 is not an object"),
    "not a number": ('{"as_of": NaN}', "the input holds NaN"),
    "infinity": ('{"as_of": -Infinity}', "the input holds -Infinity"),
    "a number of many digits": ('{"as_of": ' + "9" * 5000 + "}", "the input holds a number of 5000 digits"),
    "a number beyond all": ('{"as_of": 1e999}', "crisis_start: missing"),
    "a key twice": ('{"as_of": 1, "as_of": 2}', "the input holds the key 'as_of' twice"),
    "deep nesting": ("[" * 100_000, "the input is nested too deeply"),
    "nesting that parses": ('{"as_of": ' + "[" * 50 + "]" * 50 + "}", "the input is nested too deeply"),
}


@pytest.mark.parametrize(("text", "message"), NO_DOSSIER.values(), ids=NO_DOSSIER)
def test_what_is_no_dossier_at_all_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert str(caught.value).startswith(message)


# -------------------------------------------------------------------------------------------------------------- out


def test_a_verdict_is_told_in_the_keys_and_codes_of_the_documentation() -> None:
    told = verdict_to_dict(judge(parse(example("actions.0.proofs.1.depth", None)), method()))
    assert {key: told[key] for key in ("outcome", "archetype", "breadth", "reason", "also_meets", "robustness")} == {
        "outcome": "dna_proactive",
        "archetype": "dna_proactive",
        "breadth": None,
        "reason": None,
        "also_meets": ["aligned"],
        "robustness": "fragile",
    }
    assert told["indices"] == {
        "delivery": 67,
        "surpassing": 33,
        "breadth": 25,
        "proactivity": 67,
        "dna": 67,
        "harm": 0,
        "evidence": 33,
        "purpose_washing": 0,
    }
    assert told["probabilities"] == {
        "broken_promise": 0.0,
        "aligned": 0.1256,
        "dna_proactive": 0.5513,
        "exceeds_promise": 0.0356,
        "insufficient_evidence": 0.2875,
    }
    assert told["method_agreement"] == {
        "same": 32,
        "of": 64,
        "flips": ["two_sources_needed"],
        "flip_outcomes": [{"switch": "two_sources_needed", "outcome": "insufficient_evidence", "breadth": None}],
    }
    assert (told["harm_alert"], told["caps"], told["decisive_proofs"]) == ([], [], ["a1:customers:helps"])
    assert told["counterfactuals"][0] == {
        "kind": "check",
        "edit": "claim_disproved",
        "subject": "a1",
        "to": "insufficient_evidence",
        "to_breadth": None,
        "code": None,
        "level_from": None,
        "level_to": None,
        "group": None,
    }
    assert list(told)[-2:] == ["method_version", "inputs_sha256"]


def test_without_a_promise_there_is_no_archetype_and_no_probability() -> None:
    told = verdict_to_dict(verdict_of(dossier(action("a", harms(EMPLOYEES, 3)))))
    assert (told["outcome"], told["archetype"], told["probabilities"]) == ("no_promise", None, None)
    assert (told["shadow"], told["harm_alert"]) == ("broken_promise", ["employees"])


@settings(max_examples=100)
@given(dossiers())
def test_a_verdict_survives_json_and_back(facts: Dossier) -> None:
    verdict = verdict_of(facts)
    assert verdict_from_dict(json.loads(json.dumps(verdict_to_dict(verdict)))) == verdict


@pytest.mark.parametrize("broken", [{}, {"outcome": "aligned"}, {"also_meets": 3}])
def test_what_is_no_kept_verdict_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="kept verdict"):
        verdict_from_dict(broken)


def test_an_unknown_code_in_a_kept_verdict_is_refused() -> None:
    kept = verdict_to_dict(verdict_of(dossier()))
    with pytest.raises(ValueError, match="splendid"):
        verdict_from_dict({**kept, "outcome": "splendid"})


# ------------------------------------------------------------------------------------------------------- canonical


@settings(max_examples=100)
@given(dossiers(as_of=date(2020, 4, 10)))
def test_the_canonical_facts_and_the_day_give_the_same_verdict_again(facts: Dossier) -> None:
    verdict = judge(facts, method())
    again = judge(rebuild(canonical(facts), facts.as_of), method())
    assert again == as_reproduced(verdict)
    assert again.inputs_sha256 == verdict.inputs_sha256


def test_the_canonical_text_is_sorted_and_dense_and_its_digest_is_that_of_the_verdict() -> None:
    facts = parse(example())
    text = canonical(facts)
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
    assert "as_of" not in json.loads(text)
    assert digest(text) == judge(facts, method()).inputs_sha256


def test_the_day_is_no_part_of_the_digest_unless_it_lets_something_else_in() -> None:
    facts = example()
    first = judge(parse(facts), method()).inputs_sha256
    assert judge(parse({**facts, "as_of": "2024-02-29"}), method()).inputs_sha256 == first
    assert (
        judge(parse({**facts, "as_of": "2020-04-01"}), method()).inputs_sha256 != first
    )  # the source came a day later


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("crisis_start", "2020-03-02"),
        ("promises.0.since", "2019"),
        ("promises.0.weight", "supporting"),
        ("profile.labels", ["B Corp"]),
        ("actions.0.re", None),
        ("actions.0.disputed", True),
        ("actions.0.sources.0.group", "reuters"),
        ("actions.0.sources.0.kind", "primary"),
        ("actions.0.proofs.1.remedy", 1),
    ],
)
def test_every_fact_used_shows_in_the_digest(path: str, value: Any) -> None:
    assert digest(canonical(parse(example(path, value)))) != digest(canonical(parse(example())))


def test_only_the_notice_of_what_came_later_is_lost_when_a_verdict_is_reproduced() -> None:
    facts = dossier(
        action("a1", helps(on="p2"), su=2),
        action("a2", helps(), started="2021"),
        promises=(promise(), promise("p2", EMPLOYEES, since="2021")),
    )
    verdict = verdict_of(facts)
    again = judge(rebuild(canonical(facts), facts.as_of), method())
    lost = set(verdict.findings) - set(again.findings)
    assert {finding.code for finding in lost} == {FindingCode.DATED_LATER_IGNORED}


def test_ids_in_any_script_are_kept() -> None:
    facts = dossier(
        action("acte-é-日本", helps(on="p1"), su=2, sources=(source("independent", "l’équipe"),)), promises=(promise(),)
    )
    again = rebuild(canonical(facts), facts.as_of)
    assert again.actions[0].id == "acte-é-日本"
    assert again.actions[0].sources[0].group == "l’équipe"
    assert canonical(facts).isascii()


def test_every_group_can_be_named() -> None:
    for group in Group:
        parse(example("actions.0.proofs.0.group", str(group)))
    assert CUSTOMERS in Group
