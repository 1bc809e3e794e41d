"""What can be contested, how long a reply may be, and whether a passage still stands."""

from __future__ import annotations

import json

import pytest

from scoring.voices.passages import ALWAYS_ALLOWED, Part, Passage, gone_from, longest_allowed, passages
from tests import factories as make

SENTENCES = {
    "en": "It promised care [1]. It refused to pay [2][3]. Nothing else.",
    "fr": "Elle promettait du soin [1]. Elle a refusé de payer [2][3]. Rien d’autre.",
}


def document(**fields: object) -> dict[str, object]:
    return {"explanation": SENTENCES, "signals": [], "promises": [], "actions": [], **fields}


def test_the_verdicts_sentences_are_contested_one_by_one_without_their_numbers() -> None:
    found = passages(document())
    assert [passage.text["en"] for passage in found] == ["It promised care.", "It refused to pay.", "Nothing else."]
    assert found[1].text["fr"] == "Elle a refusé de payer."


def test_sentences_that_part_differently_in_the_two_languages_stay_together() -> None:
    one = passages(document(explanation={"en": "One. Two.", "fr": "Une seule"}))
    assert [passage.text for passage in one] == [{"en": "One. Two.", "fr": "Une seule"}]


@pytest.mark.django_db
def test_each_promise_and_act_of_a_real_scorecard_can_be_picked() -> None:
    snapshot = make.judged(make.a_breach("Specimen"))
    parts = {passage.part for passage in passages(json.loads(snapshot.document))}
    assert {Part.VERDICT, Part.PROMISE, Part.ACT} <= parts


def test_fifteen_hundred_characters_are_always_allowed_and_more_against_longer_passages() -> None:
    short = Passage("promise:a", Part.PROMISE, {"en": "Short.", "fr": "Court."})
    long = Passage("promise:b", Part.PROMISE, {"en": "x" * 1400, "fr": "y" * 1700})
    assert longest_allowed([short]) == ALWAYS_ALLOWED
    assert longest_allowed([short, long]) == 6 + 1700
    assert longest_allowed([long], "z" * 300) == 2000


def test_a_passage_is_gone_when_one_word_of_it_moved() -> None:
    kept = [passage.as_kept() for passage in passages(document())]
    assert gone_from(kept, document()) == []
    moved = document(explanation={**SENTENCES, "en": SENTENCES["en"].replace("refused", "declined")})
    assert [one["code"] for one in gone_from(kept, moved)] == ["verdict:2"]
