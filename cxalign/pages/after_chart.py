"""One dot a brand, one row a verdict, on a common scale: numbers → places on the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from statistics import median

WIDTH, LEFT, RIGHT = 760, 210, 735
TOP, ROW, AXIS = 8, 64, 34
DOT = 11
"""Room for one dot; dots closer than that are stacked."""
LETTER = 7.2
MAX_TICKS = 7


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Label:
    """The name of the lowest and of the highest brand, where there is room for it."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Row:
    outcome: str
    count: int
    y: float
    """Of the line on which the dots sit."""
    dots: list[Dot]
    labels: list[Label]
    median: float | None
    median_x: float | None


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    value: float


@dataclass(frozen=True, slots=True)
class Strip:
    rows: list[Row]
    ticks: list[Tick]
    zero: float
    height: int

    @property
    def bottom(self) -> int:
        return self.height - AXIS


@dataclass(frozen=True, slots=True)
class Scale:
    low: float
    high: float

    def __call__(self, value: float) -> float:
        return round(LEFT + (value - self.low) / (self.high - self.low) * (RIGHT - LEFT), 1)


def strip(groups: Sequence[tuple[str, Sequence[tuple[str, float]]]]) -> Strip:
    """``groups`` are outcomes, each with its brands and their changes."""
    values = [value for _outcome, brands in groups for _name, value in brands]
    step = _step(min(0.0, *values), max(0.0, *values))
    low, high = floor(min(0.0, *values) / step) * step, ceil(max(0.0, *values) / step) * step
    scale = Scale(low, high if high > low else low + step)
    rows = [_row(outcome, brands, TOP + ROW * place, scale) for place, (outcome, brands) in enumerate(groups)]
    count = round((scale.high - scale.low) / step)
    ticks = [Tick(scale(low + step * place), round(low + step * place, 6)) for place in range(count + 1)]
    return Strip(rows, ticks, scale(0), TOP + ROW * len(groups) + AXIS)


def _step(low: float, high: float) -> float:
    """1, 2 or 5 times a power of ten, so that few enough ticks span everything."""
    span = max(high - low, 1e-6)
    power: float = 10 ** floor(log10(span))
    return next(size * power for size in (0.1, 0.2, 0.5, 1.0, 2.0) if span / (size * power) <= MAX_TICKS - 1)


def _row(outcome: str, brands: Sequence[tuple[str, float]], top: float, scale: Scale) -> Row:
    y = top + ROW - 22
    ordered = sorted(brands, key=lambda brand: brand[1])
    middle = median(value for _name, value in ordered) if ordered else None
    return Row(
        outcome,
        len(ordered),
        y,
        _stacked(ordered, y, scale),
        _labels(ordered, y, scale),
        middle,
        None if middle is None else scale(middle),
    )


def _stacked(ordered: Sequence[tuple[str, float]], y: float, scale: Scale) -> list[Dot]:
    """Dots that would touch sit on one another, at most three high; beyond, they overlap."""
    dots: list[Dot] = []
    for name, value in ordered:
        x = scale(value)
        level = sum(1 for dot in dots if abs(dot.x - x) < DOT)
        dots.append(Dot(x, y - DOT * min(level, 2), name))
    return dots


def _labels(ordered: Sequence[tuple[str, float]], y: float, scale: Scale) -> list[Label]:
    """Under the line: the lowest from its dot rightwards, the highest from its dot leftwards, if both have room."""
    if not ordered:
        return []
    (first, low), (last, high) = ordered[0], ordered[-1]
    lowest = Label(scale(low), y + 18, first, "start" if scale(low) < (LEFT + RIGHT) / 2 else "end")
    if len(ordered) == 1:
        return [lowest]
    highest = Label(scale(high), y + 18, last, "end" if scale(high) > (LEFT + RIGHT) / 2 else "start")
    return [lowest, highest] if _end(lowest) + 8 < _start(highest) else [highest]


def _start(label: Label) -> float:
    return label.x if label.anchor == "start" else label.x - LETTER * len(label.text)


def _end(label: Label) -> float:
    return label.x if label.anchor == "end" else label.x + LETTER * len(label.text)
