"""The sentence above a landscape: which rule speaks, and how it sounds in both languages."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from scoring.wording import Tally, takeaway
from scoring.wording.takeaways import FEWEST_VERDICTS

NBSP = "\u00a0"


def tally(broken: int = 0, aligned: int = 0, exceeds: int = 0, dna: int = 0, **fields: Any) -> Tally:
    archetypes = {
        "broken_promise": broken,
        "aligned": aligned,
        "exceeds_promise": exceeds,
        "dna_proactive": dna,
    }
    return Tally(recorded=fields.pop("recorded", sum(archetypes.values())), archetypes=archetypes, **fields)


@pytest.mark.parametrize(
    ("counted", "en", "fr"),
    [
        (tally(), "No brand recorded", "Aucune marque enregistrée"),
        (tally(recorded=1), "One brand recorded", "Une marque enregistrée"),
        (tally(broken=4), "Four brands recorded", "Quatre marques enregistrées"),
        (tally(broken=4, recorded=31), "31 brands recorded", "31 marques enregistrées"),
        (tally(recorded=1200), "1,200 brands recorded", f"1{NBSP}200 marques enregistrées"),
        (
            tally(broken=5, aligned=4, exceeds=3, dna=2, short_of={"employees": 3, "customers": 2}),
            "Five of fourteen brands fell short of their promise, mostly towards employees",
            "Cinq marques sur quatorze sont restées en deçà de leur promesse, surtout envers les collaborateurs",
        ),
        (
            tally(broken=5, aligned=4, exceeds=3, dna=2, short_of={"employees": 3, "customers": 3}),
            "Five of fourteen brands fell short of their promise; four kept their commitments",
            f"Cinq marques sur quatorze sont restées en deçà de leur promesse{NBSP}; quatre ont tenu leurs engagements",
        ),
        (
            tally(broken=16, aligned=19, exceeds=1, dna=4, unsure=8),
            "19 of 40 brands kept their commitments; 16 fell short of their promise",
            f"19 marques sur 40 ont tenu leurs engagements{NBSP}; 16 sont restées en deçà de leur promesse",
        ),
        (
            tally(broken=16, aligned=19, dna=4, exceeds=1, on_duty_alone={"broken_promise": 10, "aligned": 12}),
            "19 of 40 brands stood by those to whom a promise is on file; "
            "16 fell short of their promise or their duty of care",
            f"19 marques sur 40 ont agi pour ceux que vise une promesse au dossier{NBSP}; "
            "16 ont manqué à leur promesse ou à leur devoir de soin",
        ),
        (
            tally(broken=5, exceeds=4, on_duty_alone={"broken_promise": 5}),
            "Five of nine brands failed in their duty of care; four went beyond their promise",
            f"Cinq marques sur neuf ont manqué à leur devoir de soin{NBSP}; "
            "quatre sont allées au-delà de leur promesse",
        ),
        (
            tally(broken=5, exceeds=4),
            "Five of nine brands fell short of their promise; four went beyond theirs",
            f"Cinq marques sur neuf sont restées en deçà de leur promesse{NBSP}; quatre sont allées au-delà de la leur",
        ),
        (
            tally(exceeds=3, aligned=1, broken=1),
            "Three of five brands went beyond their promise",
            "Trois marques sur cinq sont allées au-delà de leur promesse",
        ),
        (
            tally(dna=4, broken=2),
            "Four of six brands acted before being asked; two fell short of their promise",
            f"Quatre marques sur six ont agi sans qu’on le leur demande{NBSP}; "
            "deux sont restées en deçà de leur promesse",
        ),
        (
            tally(aligned=9),
            "All nine brands kept their commitments",
            "Les neuf marques ont tenu leurs engagements",
        ),
        (
            tally(aligned=3, broken=3, dna=1),
            "No verdict prevails among seven brands",
            "Aucun verdict ne domine parmi sept marques",
        ),
        (
            tally(aligned=8, broken=6, unsure=7),
            "Seven of fourteen verdicts are fragile or contested",
            "Sept verdicts sur quatorze sont fragiles ou contestés",
        ),
    ],
)
def test_the_first_rule_that_holds_speaks(counted: Tally, en: str, fr: str) -> None:
    assert takeaway(counted) == {"en": en, "fr": fr}


@pytest.mark.parametrize(
    ("count", "en", "fr"),
    [
        (1, "One brand, selected by its verdict", "Une marque, retenue selon son verdict"),
        (3, "Three brands, selected by their verdicts", "Trois marques, retenues selon leur verdict"),
        (40, "40 brands, selected by their verdicts", "40 marques, retenues selon leur verdict"),
    ],
)
def test_of_brands_selected_by_their_verdicts_the_title_concludes_nothing(count: int, en: str, fr: str) -> None:
    assert takeaway(tally(aligned=count, selected=True)) == {"en": en, "fr": fr}


def test_under_five_verdicts_the_title_says_nothing_of_them() -> None:
    for archetype in ("broken", "aligned", "exceeds", "dna"):
        few = takeaway(tally(**{archetype: FEWEST_VERDICTS - 1}, recorded=30))
        assert few["en"] == "30 brands recorded"
        assert takeaway(tally(**{archetype: FEWEST_VERDICTS}, recorded=30))["en"] != "30 brands recorded"


@pytest.mark.parametrize(("aligned", "others", "leads"), [(4, 8, True), (4, 9, False)])
def test_an_archetype_leads_from_a_third_on(aligned: int, others: int, leads: bool) -> None:
    spread = tally(aligned=aligned, broken=min(others, 3), exceeds=3, dna=others - 6)
    assert ("kept their commitments" in takeaway(spread)["en"]) is leads


@pytest.mark.parametrize(("second", "named"), [(2, False), (3, True)])
def test_the_second_is_named_from_a_quarter_on(second: int, named: bool) -> None:
    said = takeaway(tally(aligned=7, broken=second, exceeds=10 - 7 - second))["en"] if second < 3 else None
    said = said or takeaway(tally(aligned=7, broken=3))["en"]
    assert ("fell short" in said) is named


@pytest.mark.parametrize(("unsure", "told"), [(4, False), (5, True)])
def test_unsure_verdicts_are_the_message_from_a_half_on(unsure: int, told: bool) -> None:
    assert ("fragile" in takeaway(tally(aligned=10, unsure=unsure))["en"]) is told


@pytest.mark.parametrize(("towards", "told"), [(5, False), (6, True)])
def test_mostly_means_more_than_half(towards: int, told: bool) -> None:
    said = takeaway(tally(broken=10, short_of={"partners": towards}))["en"]
    assert ("mostly towards partners" in said) is told


def test_every_landscape_has_a_sentence_in_both_languages() -> None:
    for broken, aligned, exceeds, dna, unsure in product(range(4), range(4), range(4), range(3), (0, 5)):
        said = takeaway(tally(broken, aligned, exceeds, dna, unsure=unsure))
        assert all(said.values())
        assert "  " not in said["en"] + said["fr"]
