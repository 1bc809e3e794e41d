"""Finding a brand by what somebody typed."""

from __future__ import annotations

import pytest

from brands.models import fold
from cxalign.pages.finding import closest, find

NAMES = {
    1: "L’Oréal",
    2: "John Lewis\nJohn Lewis Partnership",
    3: "AXA\nAxa France",
    4: "C’est qui le patron ?!",
    5: "Boohoo\nBoohoo Group",
    6: "Intermarché\nLes Mousquetaires",
    7: "Tom’s",
}


def answers(query: str) -> list[int]:
    return find(query, [(key, fold(names)) for key, names in NAMES.items()]).all


@pytest.mark.parametrize(
    ("query", "brand"),
    [
        ("L’Oréal", 1),
        ("loreal", 1),
        ("L'OREAL", 1),
        ("john lewis", 2),
        ("johnlewis", 2),
        ("lewis", 2),
        ("axa", 3),
        ("ax", 3),
        ("France", 3),
        ("le patron", 4),
        ("mousquetaires", 6),
        ("intermarche", 6),
    ],
)
def test_a_brand_answers_to_any_of_its_names(query: str, brand: int) -> None:
    assert brand in answers(query)


@pytest.mark.parametrize(
    ("query", "brand"), [("bohoo", 5), ("boohooo", 5), ("boohop", 5), ("bohooo", 5), ("jhon", 2), ("intremarché", 6)]
)
def test_one_slip_of_the_finger_is_forgiven(query: str, brand: int) -> None:
    assert answers(query) == [brand]


@pytest.mark.parametrize("query", ["bohop", "xyz", "axe france", "lewis axa", "", "  ", "?!", "…"])
def test_nothing_answers_to_what_is_further_off(query: str) -> None:
    assert answers(query) == []


def test_a_short_word_has_to_be_right() -> None:
    assert answers("axa") == [3]
    assert answers("axe") == []


def test_names_that_begin_with_the_query_come_first() -> None:
    names = [(1, "grand axel"), (2, "axel")]
    found = find("axel", names)
    assert (found.best, found.others) == ([2], [1])


def test_the_closest_spellings_are_offered() -> None:
    assert closest("zapos", ["Zappos", "Axa", "Airbnb"])[0] == "Zappos"
    assert closest("oréale", ["L’Oréal", "Axa"]) == ["L’Oréal"]


def test_nothing_is_offered_that_looks_like_nothing() -> None:
    assert closest("qqqq", ["Zappos", "Axa"]) == []
