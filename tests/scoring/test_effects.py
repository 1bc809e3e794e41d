"""Effect size and relabelling, against published examples and against slow ways of doing the same."""

from __future__ import annotations

import time
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import effects
from scoring.effects import EXACT_UP_TO, cliffs_delta, effect_of, interval, relabelling

PERMEABILITY = (
    [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    [1.15, 0.88, 0.90, 0.74, 1.21],
)
"""Hollander & Wolfe (1973), page 69, the example of R’s ``wilcox.test``: W = 35, one-sided p = 0.1272."""
ORDINAL = ([10, 10, 20, 20, 20, 30, 30, 30, 40, 50], [10, 20, 30, 40, 40, 50])
"""The example that R’s ``effsize`` documents and tests (github.com/mtorchiano/effsize): delta −0.25, interval
−0.7265846 to 0.3890062. It takes the quantile of Student."""
STUDENT_14 = 2.144786687916927
"""The .975 quantile of Student’s distribution with 14 degrees of freedom."""

DIABETES = ([19, 22, 16, 29, 24], [20, 11, 17, 12])
"""Age at diagnosis, the example of ``scipy.stats.mannwhitneyu``: U = 17, exact two-sided p = 0.1111…"""
CHANGES = ([-12, -8, -8, -5, -3, 0, 2], [-4, 0, 1, 1, 3, 5, 6, 9])
"""Seven brands beside eight, with ties across the groups: what the page compares."""

NUMBERS = st.integers(-3, 3).map(float)


def slow_delta(first: list[float], second: list[float]) -> float:
    pairs = [(one > other) - (one < other) for one in first for other in second]
    return sum(pairs) / len(pairs)


def slow_p(first: list[float], second: list[float]) -> float:
    """Every way of choosing the first group, by its delta."""
    everything = [*first, *second]
    seen = abs(slow_delta(first, second))
    deltas = []
    for chosen in combinations(range(len(everything)), len(first)):
        rest = [everything[place] for place in range(len(everything)) if place not in chosen]
        deltas.append(abs(slow_delta([everything[place] for place in chosen], rest)))
    return sum(delta >= seen - 1e-12 for delta in deltas) / len(deltas)


def test_delta_and_p_of_a_textbook_example() -> None:
    assert cliffs_delta(*PERMEABILITY) == pytest.approx(2 * 35 / 50 - 1)
    p, exact = relabelling(*PERMEABILITY)
    assert exact
    assert p == pytest.approx(2 * 0.1272, abs=0.0001)


def test_delta_and_its_interval_of_a_published_example_with_ties() -> None:
    assert cliffs_delta(*ORDINAL) == pytest.approx(-0.25)
    assert interval(*ORDINAL, quantile=STUDENT_14) == pytest.approx((-0.7265846, 0.3890062), abs=1e-6)


@pytest.mark.parametrize(
    ("groups", "delta", "p"),
    [
        (PERMEABILITY, 0.4, 0.2544122544122544),
        (DIABETES, 2 * 17 / 20 - 1, 0.1111111111111111),
        (ORDINAL, -0.25, 0.45167332667332666),
        (CHANGES, -0.7678571428571429, 0.009945609945609946),
    ],
)
def test_delta_and_p_are_those_of_an_independent_library(
    groups: tuple[list[float], list[float]], delta: float, p: float
) -> None:
    """``scipy.stats.permutation_test`` 1.17.1 over all relabellings of the absolute delta, ``somersd`` for its size."""
    assert cliffs_delta(*groups) == pytest.approx(delta, abs=1e-12)
    assert relabelling(*groups) == (pytest.approx(p, abs=1e-12), True)


def test_groups_that_do_not_overlap_have_the_p_of_the_table() -> None:
    """2 of the 126 ways of choosing 4 out of 9; 2 of 20 of choosing 3 out of 6."""
    assert relabelling([1, 2, 3, 4], [5, 6, 7, 8, 9]) == (pytest.approx(2 / 126), True)
    assert relabelling([1, 2, 3], [4, 5, 6]) == (pytest.approx(0.1), True)


def test_the_interval_without_overlap_rests_on_the_smaller_group() -> None:
    z2 = 1.959963984540054**2
    low, high = interval([6, 7, 8, 9, 10], [1, 2, 3, 4, 5, 5])
    assert (low, high) == (pytest.approx((5 - z2) / (5 + z2)), 1.0)
    assert interval([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == (-1.0, pytest.approx(-low))


@given(st.lists(NUMBERS, min_size=2, max_size=5), st.lists(NUMBERS, min_size=2, max_size=5))
def test_the_quick_way_and_the_slow_way_agree(first: list[float], second: list[float]) -> None:
    assert cliffs_delta(first, second) == pytest.approx(slow_delta(first, second))
    p, exact = relabelling(first, second)
    assert exact
    assert p == pytest.approx(slow_p(first, second))


@given(st.lists(NUMBERS, min_size=5, max_size=12), st.lists(NUMBERS, min_size=5, max_size=12))
def test_exchanging_the_groups_turns_the_sign_and_nothing_else(first: list[float], second: list[float]) -> None:
    one, other = effect_of(first, second), effect_of(second, first)
    assert one is not None
    assert other is not None
    assert one.delta == pytest.approx(-other.delta)
    assert (one.low, one.high) == (pytest.approx(-other.high), pytest.approx(-other.low))
    assert one.p == pytest.approx(other.p)
    assert -1 <= one.low <= one.delta + 1e-9
    assert one.delta - 1e-9 <= one.high <= 1
    assert 0 < one.p <= 1


def test_too_few_numbers_say_nothing() -> None:
    assert effect_of([1, 2, 3, 4], [5, 6, 7, 8, 9, 10, 11]) is None
    assert effect_of([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) is not None


def test_many_numbers_are_drawn_with_a_seed_and_come_near_the_exact_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    first = [float(number % 17) for number in range(40)]
    second = [float(number % 13) + 1 for number in range(40)]
    assert len(first) + len(second) > EXACT_UP_TO
    p, exact = relabelling(first, second)
    assert not exact
    assert relabelling(first, second) == (p, False)
    monkeypatch.setattr(effects, "EXACT_UP_TO", 100)
    counted, exact = relabelling(first, second)
    assert exact
    assert p == pytest.approx(counted, abs=0.01)


def test_the_largest_exact_count_takes_less_than_a_second() -> None:
    first = [float(number) for number in range(EXACT_UP_TO // 2)]
    second = [number + 0.5 for number in first]
    started = time.process_time()
    relabelling(first, second)
    assert time.process_time() - started < 1
