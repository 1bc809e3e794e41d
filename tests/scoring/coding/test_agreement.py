"""Alpha against its published worked examples, the figures of the catalogue, and what an interval must do."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agreement import DRAWS, FEWEST, agreement, alpha, alphas_of, confusion, interval

MEG, OWEN = "0100000010", "1110010000"
BEN, GERRY = "aabbdcccedda", "babbbccceddd"
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, np.nan, np.nan, np.nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, np.nan, 3],
    [np.nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, np.nan],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, np.nan],
]
"""Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), sections A to D."""


def test_two_coders_and_two_values_as_published() -> None:
    assert alpha(list(zip(MEG, OWEN, strict=True)), "nominal", "01") == pytest.approx(0.095, abs=5e-4)


def test_two_coders_and_names_as_published() -> None:
    assert alpha(list(zip(BEN, GERRY, strict=True)), "nominal", "abcde") == pytest.approx(0.692, abs=5e-4)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_library_gives_the_published_figures_for_four_coders_and_gaps(level: str, published: float) -> None:
    data = np.array(FOUR, dtype=float)
    assert krippendorff.alpha(data, level_of_measurement=level) == pytest.approx(published, abs=5e-4)


PAIRS = st.lists(st.tuples(st.sampled_from("0123"), st.sampled_from("0123")), min_size=3, max_size=60)


@given(pairs=PAIRS, level=st.sampled_from(["nominal", "ordinal"]))
def test_the_resampled_alpha_is_the_librarys_alpha(pairs: list[tuple[str, str]], level: str) -> None:
    ours = alphas_of(confusion(pairs, "0123")[None], level)[0]  # type: ignore[arg-type]
    theirs = alpha(pairs, level, "0123")  # type: ignore[arg-type]
    assert np.isnan(ours) if theirs is None else ours == pytest.approx(theirs, abs=1e-9)


def mostly_agreed(n: int) -> list[tuple[str, str]]:
    return [(str(i % 4), str(i % 4 if i % 10 else (i + 1) % 4)) for i in range(n)]


def test_the_interval_holds_alpha_is_the_same_each_time_and_narrows_with_more_units() -> None:
    few, many = agreement(mostly_agreed(40), "ordinal", "0123"), agreement(mostly_agreed(400), "ordinal", "0123")
    for found in (few, many):
        assert found.low is not None
        assert found.high is not None
        assert found.alpha is not None
        assert found.low < found.alpha < found.high
    assert many.high - many.low < few.high - few.low  # type: ignore[operator]
    assert agreement(mostly_agreed(40), "ordinal", "0123") == few


def test_the_interval_is_where_resampling_by_hand_puts_it() -> None:
    pairs = mostly_agreed(60)
    chance = np.random.default_rng(7)
    by_hand = [
        alpha([pairs[i] for i in chance.integers(0, len(pairs), len(pairs))], "ordinal", "0123")
        for _ in range(DRAWS // 4)
    ]
    low, high = np.percentile([value for value in by_hand if value is not None], (2.5, 97.5))
    assert interval(pairs, "ordinal", "0123") == pytest.approx((low, high), abs=0.03)


def test_an_item_is_resampled_with_all_its_pairs() -> None:
    once = mostly_agreed(60)
    alone = interval(once, "ordinal", "0123")
    items = [number for number in range(60) for _ in range(3)]
    copied = [pair for pair in once for _ in range(3)]
    together = interval(copied, "ordinal", "0123", items)
    apart = interval(copied, "ordinal", "0123")
    assert together == pytest.approx(alone, abs=0.005)  # saying a thing three times makes it no surer
    assert apart[1] - apart[0] < 0.8 * (together[1] - together[0])
    backwards = interval(copied[::-1], "ordinal", "0123", items[::-1])
    assert backwards == together


def test_under_thirty_pairs_nothing_is_said() -> None:
    assert agreement(mostly_agreed(FEWEST - 1), "ordinal", "0123").alpha is None
    assert not agreement(mostly_agreed(FEWEST - 1), "ordinal", "0123").is_shown
    assert agreement(mostly_agreed(FEWEST), "ordinal", "0123").is_shown


def test_where_nothing_varies_there_is_agreement_and_no_alpha() -> None:
    found = agreement([("2", "2")] * 40, "ordinal", "0123")
    assert (found.percent, found.alpha) == (100.0, None)
