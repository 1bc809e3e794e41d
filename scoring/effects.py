"""How far two groups of numbers lie apart: an effect size with its interval, and a test by relabelling.

No assumption about how the numbers are spread: only their order counts. Cliff’s delta is the share of pairs in which
the first group is higher, less the share in which it is lower. Its interval is Cliff’s (1996), with consistent
variance and the correction that keeps it between −1 and 1. The test asks how often a delta at least as far from 0 comes
up when the labels of the groups are dealt out anew: counted exactly over all ways up to ``EXACT_UP_TO`` numbers, else
by seeded draws, so that the same numbers always give the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist, median

import numpy as np

EXACT_UP_TO = 60
"""Numbers in all, up to which every way of dealing out the labels is counted."""
DRAWS = 20_000
SEED = 2020
CONFIDENCE = 0.95
ENOUGH = 5
"""Numbers in each group below which nothing is said: fewer cannot tell a pattern from an accident."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The first group beside the second one. ``exact`` says whether every relabelling was counted."""

    first: int
    second: int
    median_first: float
    median_second: float
    delta: float
    low: float
    high: float
    p: float
    exact: bool


def effect_of(first: Sequence[float], second: Sequence[float]) -> Effect | None:
    """Nothing where a group is too small to say anything."""
    if min(len(first), len(second)) < ENOUGH:
        return None
    delta = cliffs_delta(first, second)
    low, high = interval(first, second)
    p, exact = relabelling(first, second)
    return Effect(len(first), len(second), median(first), median(second), delta, low, high, p, exact)


# --- The effect size --------------------------------------------------------------------------------------------------


def dominance(first: Sequence[float], second: Sequence[float]) -> np.ndarray:
    """One row for each number of the first group: 1 where it is higher than one of the second, −1 where lower."""
    return np.sign(np.subtract.outer(np.asarray(first, float), np.asarray(second, float)))


def cliffs_delta(first: Sequence[float], second: Sequence[float]) -> float:
    return float(dominance(first, second).mean())


def interval(first: Sequence[float], second: Sequence[float], quantile: float | None = None) -> tuple[float, float]:
    """Cliff’s interval; ``quantile`` is that of the normal distribution unless another one is given."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) if quantile is None else quantile
    matrix = dominance(first, second)
    delta = float(matrix.mean())
    if abs(delta) == 1:
        return _interval_without_overlap(delta, min(matrix.shape), z)
    variance = _variance(matrix, delta)
    middle = delta - delta**3
    half = z * sqrt(variance) * sqrt((1 - delta**2) ** 2 + z**2 * variance)
    under = 1 - delta**2 + z**2 * variance
    return max(-1.0, (middle - half) / under), min(1.0, (middle + half) / under)


def _variance(matrix: np.ndarray, delta: float) -> float:
    n, m = matrix.shape
    rows = float(((matrix.mean(axis=1) - delta) ** 2).sum())
    columns = float(((matrix.mean(axis=0) - delta) ** 2).sum())
    cells = float(((matrix - delta) ** 2).sum())
    found = (m**2 * rows + n**2 * columns - cells) / (n * m * (n - 1) * (m - 1))
    return max(found, (1 - delta**2) / (n * m - 1))


def _interval_without_overlap(delta: float, smaller: int, z: float) -> tuple[float, float]:
    """No number of one group lies among those of the other: the variance says nothing, the smaller group does."""
    bound = (smaller - z**2) / (smaller + z**2)
    return (bound, 1.0) if delta > 0 else (-1.0, -bound)


# --- The test ---------------------------------------------------------------------------------------------------------


def relabelling(first: Sequence[float], second: Sequence[float]) -> tuple[float, bool]:
    """Probability of a delta at least as far from 0 under labels dealt out anew, and whether it is exact.

    Delta is a matter of the rank sum of the first group alone, so that ranks are dealt out instead of pairs counted.
    """
    ranks = doubled_ranks([*first, *second])
    n, m = len(first), len(second)
    centre = n * (n + m + 1)  # the rank sum, doubled, at which delta is 0
    distance = abs(int(ranks[:n].sum()) - centre)
    if n + m <= EXACT_UP_TO:
        return _counted(ranks, n, centre, distance), True
    return _drawn(ranks, n, centre, distance), False


def doubled_ranks(numbers: Sequence[float]) -> np.ndarray:
    """Ranks from 1, equal numbers sharing their mean rank; doubled, so that they stay whole."""
    values = np.asarray(numbers, float)
    below = (values[None, :] < values[:, None]).sum(axis=1)
    same = (values[None, :] == values[:, None]).sum(axis=1)
    doubled: np.ndarray = 2 * below + same + 1
    return doubled


def _counted(ranks: np.ndarray, n: int, centre: int, distance: int) -> float:
    """Ways of choosing ``n`` of the ranks, by their sum; whole numbers of any size, so that none is rounded."""
    ways: list[dict[int, int]] = [{0: 1}, *({} for _ in range(n))]
    for rank in ranks.tolist():
        for chosen in range(n, 0, -1):
            here = ways[chosen]
            for total, count in ways[chosen - 1].items():
                here[total + rank] = here.get(total + rank, 0) + count
    far = sum(count for total, count in ways[n].items() if abs(total - centre) >= distance)
    return far / comb(len(ranks), n)


def _drawn(ranks: np.ndarray, n: int, centre: int, distance: int) -> float:
    """The numbers as they stand count as one of the draws, so that the answer is never 0."""
    random = np.random.default_rng(SEED)
    far = sum(
        abs(int(random.permutation(ranks)[:n].sum()) - centre) >= distance  # one at a time: memory stays small
        for _ in range(DRAWS)
    )
    return (far + 1) / (DRAWS + 1)
