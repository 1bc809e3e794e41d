"""How far coders agree beyond chance: Krippendorff's alpha, with an interval that says how well it is known.

Alpha itself comes from the library. The interval is a percentile bootstrap over items: what both have coded is drawn
again with replacement, ``DRAWS`` times from a fixed seed, so that the same codings give the same interval. An item goes
in or stays out with all its pairs (an act has several sources, and whoever misreads one of them tends to misread the
next), so that they are not taken for as many independent readings. Items with the same pairs are drawn as one kind, of
which a resample has so many; alpha follows from the sum of their tables, so a thousand resamples take milliseconds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import krippendorff
import numpy as np

Level = Literal["nominal", "ordinal"]
Pair = tuple[str, str]

FEWEST = 30
"""Below so many pairs an agreement says more about chance than about the code book: it is not shown."""
DRAWS = 2000
SEED = 20201126
TAILS = (2.5, 97.5)
"""Percentiles between which alpha lies in 95 % of the resamples."""


@dataclass(frozen=True)
class Agreement:
    """What one code came to. Without figures where too few pairs were coded, ``alpha`` too where nothing varies."""

    n: int
    percent: float | None = None
    alpha: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_shown(self) -> bool:
        return self.n >= FEWEST


def agreement(
    pairs: Sequence[Pair], level: Level, values: Sequence[str] = (), items: Sequence[Hashable] = ()
) -> Agreement:
    """Agreement of two coders on one code. ``values`` is the scale, in its order, where the level is ordinal.

    ``items`` says of each pair which item it belongs to; left out, each is an item of its own.
    """
    if len(pairs) < FEWEST:
        return Agreement(len(pairs))
    scale = tuple(values) or tuple(sorted({value for pair in pairs for value in pair}))
    percent = 100 * sum(a == b for a, b in pairs) / len(pairs)
    figure = alpha(pairs, level, scale)
    if figure is None:
        return Agreement(len(pairs), round(percent, 1))
    low, high = interval(pairs, level, scale, items)
    return Agreement(len(pairs), round(percent, 1), round(figure, 3), low, high)


def alpha(pairs: Sequence[Pair], level: Level, scale: Sequence[str]) -> float | None:
    """Alpha of two coders. With one value throughout there is no chance to agree by, hence no alpha."""
    if len({value for pair in pairs for value in pair}) < 2:
        return None
    place = {value: index for index, value in enumerate(scale)}
    data = np.array([[place[a] for a, _ in pairs], [place[b] for _, b in pairs]], dtype=float)
    return float(krippendorff.alpha(data, value_domain=list(range(len(scale))), level_of_measurement=level))


def interval(
    pairs: Sequence[Pair], level: Level, scale: Sequence[str], items: Sequence[Hashable] = ()
) -> tuple[float, float]:
    """Where alpha lies in 95 % of the resamples. A resample in which nothing varies counts as full agreement."""
    of_item: dict[Hashable, list[Pair]] = defaultdict(list)
    for pair, item in zip(pairs, items or range(len(pairs)), strict=True):
        of_item[item].append(pair)
    kinds = Counter(tuple(sorted(some)) for some in of_item.values())
    kept = sorted(kinds)
    tables = np.array([confusion(kind, scale).ravel() for kind in kept])
    shares = np.array([kinds[kind] for kind in kept]) / len(of_item)
    draws = np.random.default_rng(SEED).multinomial(len(of_item), shares, size=DRAWS)
    alphas = alphas_of((draws @ tables).reshape(DRAWS, len(scale), len(scale)), level)
    low, high = np.percentile(np.nan_to_num(alphas, nan=1.0), TAILS)
    return round(float(low), 3), round(float(high), 3)


def confusion(pairs: Collection[Pair], scale: Sequence[str]) -> Any:
    """How often the first coder chose the row and the second the column."""
    counted = Counter(pairs)
    return np.array([[counted[row, column] for column in scale] for row in scale], dtype=float)


def alphas_of(tables: Any, level: Level) -> Any:
    """Alpha of each table of pairs, from its coincidences. Not a number where only one value was used."""
    coincidences = tables + np.swapaxes(tables, 1, 2)
    totals = coincidences.sum(axis=2)
    everything = totals.sum(axis=1)
    expected = totals[:, :, None] * totals[:, None, :]
    distance = _ordinal(totals) if level == "ordinal" else 1.0 - np.eye(totals.shape[1])[None]
    observed, by_chance = (coincidences * distance).sum(axis=(1, 2)), (expected * distance).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(by_chance > 0, 1 - (everything - 1) * observed / by_chance, np.nan)


def _ordinal(totals: Any) -> Any:
    """Squared distance of two ranks: all that lies between them, and half of each end."""
    upto = totals.cumsum(axis=1)
    middle = upto - totals / 2
    gap = middle[:, :, None] - middle[:, None, :]
    return gap * gap
