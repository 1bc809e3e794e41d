"""Numbers → shapes. What a drawing needs is computed here; the files of ``templates/charts/`` only draw it.

Lengths are in the units of the drawing's view box. Texts come in ready-made, in the reader's language.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

# --- The five-step scale of a gap -------------------------------------------------------------------------------------

STEPS = (10, 49, 88, 127, 166)
"""Where −2 … +2 stand on a drawing 176 wide; “meets” in the middle."""


def gap_position(gap: int) -> int:
    return STEPS[gap + 2]


# --- Dots on that scale -----------------------------------------------------------------------------------------------

DOT, DOTS_SIDE_BY_SIDE = 9, 4


@dataclass(frozen=True)
class Heap:
    """More dots on one step than stand side by side: one large dot with their number."""

    x: float
    count: int


@dataclass(frozen=True)
class Strip:
    """A dot for each distance on the five-step scale, those of one step side by side."""

    dots: list[float]
    heaps: list[Heap]


def strip(gaps: Sequence[int]) -> Strip:
    dots: list[float] = []
    heaps = []
    for gap in sorted(set(gaps)):
        count, x = gaps.count(gap), gap_position(gap)
        if count > DOTS_SIDE_BY_SIDE:
            heaps.append(Heap(x, count))
        else:
            dots += [x + (place - (count - 1) / 2) * DOT for place in range(count)]
    return Strip(dots, heaps)


# --- The dot plot: several brands on that scale -----------------------------------------------------------------------

PLOT_ROW, PLOT_TOP, PLOT_SCALE, PLOT_STEP = 28, 6, 134, 36
NAME_LETTERS = 17


@dataclass(frozen=True)
class Standing:
    """One brand of a dot plot: its name, how far it stands, and that in a word."""

    name: str
    gap: int | None
    word: str
    known: bool = True
    """False where nobody looked: then there is not even a hatched scale."""


@dataclass(frozen=True)
class PlotRow:
    standing: Standing
    label: str
    y: float

    @property
    def x(self) -> float:
        """Where its mark stands; only asked of a brand that has one."""
        return PLOT_SCALE + PLOT_STEP * ((self.standing.gap or 0) + 2)

    @property
    def text_y(self) -> float:
        return self.y + 5


@dataclass(frozen=True)
class DotPlot:
    rows: list[PlotRow]
    height: float

    @property
    def middle(self) -> float:
        return PLOT_SCALE + 2 * PLOT_STEP


def dot_plot(standings: Sequence[Standing]) -> DotPlot:
    """One row a brand, so that brands at the same distance do not hide one another."""
    rows = [
        PlotRow(standing, shortened(standing.name, NAME_LETTERS), PLOT_TOP + PLOT_ROW * (index + 0.5))
        for index, standing in enumerate(standings)
    ]
    return DotPlot(rows, 2 * PLOT_TOP + PLOT_ROW * len(rows))


# --- Bars -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A horizontal bar on a drawing 100 wide. ``zero`` is where 0 stands."""

    x: float
    width: float
    zero: float


MIN_BAR = 1.5
"""Zero is a fact and gets a hairline; what is not defined gets no bar at all."""


def bar(value: int | None, *, signed: bool = False) -> Bar | None:
    if value is None:
        return None
    zero, unit = (50.0, 0.5) if signed else (0.0, 1.0)
    width = max(abs(value) * unit, MIN_BAR)
    x = zero - width if value < 0 else zero
    return Bar(round(x, 1), round(width, 1), zero)


# --- The timeline -----------------------------------------------------------------------------------------------------

WIDTH, LEFT, RIGHT = 830, 96, 822
ROW, LANE_PAD = 23, 9
PHASE_ROW, PHASE_ROWS = 15, 4
"""The names of phases stand in rows above the lanes."""
LETTER = 6.4
"""Average width of a letter at the size of the labels; generous, so that labels never touch."""
LABELS = (64, 48, 36, 26)
"""Letters of a label, from the longest: the first that fits the drawing is taken, shorter ones where acts are many."""
MAX_ROWS = 7
BREAK = 26
"""Room for the cut in the axis between what happened and when we published."""
LATER = timedelta(days=62)
MAX_SEGMENTS = 6


@dataclass(frozen=True)
class Act:
    """One act with its earliest and latest day: the same day if it is known."""

    id: str
    first: date
    last: date
    label: str
    harms: bool


@dataclass(frozen=True)
class Phase:
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Version:
    number: int
    published_on: date
    label: str
    tone: str


@dataclass(frozen=True)
class Reply:
    """Something that the brand said, or the day on which it was asked."""

    on: date
    label: str


@dataclass(frozen=True)
class Said:
    """A reply on the drawing: a stroke down to the verdict, and its label."""

    x: float
    y: float
    label: str
    label_x: float
    anchor: str


@dataclass(frozen=True)
class Voices:
    """The lane of what the brand said. Without anything in it, it says so."""

    label: str
    y: float
    bottom: float
    said: list[Said]
    nothing: str

    @property
    def middle(self) -> float:
        return (self.y + self.bottom) / 2 + 4.5


@dataclass(frozen=True)
class Point:
    """An act on the drawing: a dot, or a bar over the month or year it is dated to; and where its label stands."""

    id: str
    x: float
    width: float
    y: float
    label: str
    label_x: float
    anchor: str
    harms: bool
    over: bool = False
    """A bar so long that its label stands on top of it."""

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def bar_y(self) -> float:
        return self.y + 3 if self.over else self.y - 3.5

    @property
    def text_y(self) -> float:
        return self.y - 1 if self.over else self.y + 4.5


@dataclass(frozen=True)
class Box:
    """A stretch of the drawing with its label: a phase, or a version of the verdict."""

    x: float
    width: float
    label: str
    tone: str = ""
    label_y: float = 0
    label_x: float = 0
    anchor: str = "start"

    @property
    def inside(self) -> float:
        return self.x + 8


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Lane:
    label: str
    y: float
    bottom: float
    points: list[Point] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return (self.y + self.bottom) / 2 + 4.5


@dataclass(frozen=True)
class Timeline:
    height: float
    top: float
    lanes: list[Lane]
    phases: list[Box]
    ticks: list[Tick]
    segments: list[Box]
    verdict_y: float
    axis_end: float
    cut: float | None
    """Where the axis is cut, if versions were published long after the acts."""
    since: str
    """When the first version was published: under the cut axis."""
    voices: Voices | None

    @property
    def axis_y(self) -> float:
        return self.verdict_y + 42

    @property
    def phase_height(self) -> float:
        return self.axis_y - self.top + 6


@dataclass(frozen=True)
class Replies:
    """What stands in the lane of replies."""

    name: str
    said: Sequence[Reply]
    nothing: str
    """What the lane says when nothing was said."""


Label = Callable[[date, bool], str]
"""The text of a tick: the month, with its year where that changes."""


def timeline(
    acts: Sequence[Act],
    phases: Sequence[Phase],
    versions: Sequence[Version],
    lane_names: Sequence[str],
    tick_label: Label,
    replies: Replies | None = None,
    since: str = "",
) -> Timeline | None:
    """Lanes of acts that help, of acts that harm and of replies, above the versions of the verdict; ``None`` without a
    dated act."""
    if not acts:
        return None
    apart = bool(versions) and versions[0].published_on > max(act.last for act in acts) + LATER
    segments_width = _segments_width(versions, since) if apart else 0
    end = RIGHT - segments_width - (BREAK if apart else 0)
    scale = _scale(acts, [] if apart else versions, end)
    shaded = _phases(phases, scale)
    top = max([box.label_y for box in shaded], default=0) + 10
    lanes, y = [], top
    for name, harms in zip(lane_names, (False, True), strict=True):
        lane = _lane(name, [act for act in acts if act.harms == harms], scale, y)
        lanes.append(lane)
        y = lane.bottom
    segments = _apart(versions, end + BREAK) if apart else _to_scale(versions, scale)
    voices = None
    if replies is not None:
        voices = _voices(replies, y, partial(_beside, versions, segments) if apart else scale.x)
        y = voices.bottom
    return Timeline(
        height=y + 88,
        lanes=lanes,
        top=top,
        phases=shaded,
        ticks=_ticks(scale, tick_label),
        segments=segments,
        verdict_y=y + 14,
        axis_end=end,
        cut=end + BREAK / 2 if apart else None,
        since=since,
        voices=voices,
    )


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    end: float

    def x(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + min(max(share, 0), 1) * (self.end - LEFT), 1)


def _scale(acts: Sequence[Act], versions: Sequence[Version], end: float) -> _Scale:
    """Whole months from the first act to the last one, or to the last version."""
    first = min([act.first for act in acts] + [version.published_on for version in versions])
    last = max([act.last for act in acts] + [version.published_on + timedelta(days=30) for version in versions])
    if (last - first).days < 60:  # a few acts of one month need room for their labels
        last = first + timedelta(days=60)
    return _Scale(first.replace(day=1), _month_end(last), end)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _lane(name: str, acts: Sequence[Act], scale: _Scale, top: float) -> Lane:
    """Each act takes the first row in which its label touches no other."""
    taken: list[list[_Span]] = [[] for _ in range(MAX_ROWS)]
    longest = 0 if len(acts) <= 4 else 1 if len(acts) <= 8 else 2
    points = []
    for act in sorted(acts, key=lambda act: (act.first, act.last, act.id)):
        x, right = scale.x(act.first), scale.x(act.last)
        row, place = _free(taken, _places(x, right, act.label, scale.end, LABELS[longest:]))
        if place is None:  # no room left for a word: the mark alone, on the last row; the table has the words
            place = _Place("", x, "start", (x, right))
        taken[row].append(place.span)
        y = top + LANE_PAD + row * ROW + ROW / 2
        width = round(right - x, 1)
        points.append(Point(act.id, x, width, y, place.label, place.x, place.anchor, act.harms, place.over))
    rows = max((index + 1 for index, spans in enumerate(taken) if spans), default=1)
    return Lane(name, top, top + 2 * LANE_PAD + rows * ROW, points)


_Span = tuple[float, float]


@dataclass(frozen=True)
class _Place:
    """A label beside its mark, and the stretch that both take up."""

    label: str
    x: float
    anchor: str
    span: _Span
    over: bool = False


def _places(x: float, right: float, label: str, end: float, lengths: Sequence[int]) -> list[_Place]:
    """Where the label could stand inside the drawing: right of the mark, left of it, on a long bar."""
    found = []
    for length in lengths:
        short = shortened(label, length)
        room = len(short) * LETTER
        if right + 14 + room <= end + 8:
            found.append(_Place(short, round(right + 10, 1), "start", (x - 8, right + 14 + room)))
        if x - 14 - room >= LEFT - 8:
            found.append(_Place(short, round(x - 10, 1), "end", (x - 14 - room, right + 8)))
        if room <= right - x:
            found.append(_Place(short, x, "start", (x - 8, right + 8), over=True))
    return found


def _free(rows: list[list[_Span]], places: Sequence[_Place]) -> tuple[int, _Place | None]:
    """The first row in which a place touches nothing; the last row, without a place, where there is none."""
    for index, row in enumerate(rows):
        for place in places:
            if all(place.span[1] < start or place.span[0] > stop for start, stop in row):
                return index, place
    return len(rows) - 1, None


def shortened(label: str, limit: int) -> str:
    """Whole words, and an ellipsis where some are left out."""
    if len(label) <= limit:
        return label
    head, _space, _rest = label[:limit].rpartition(" ")
    return (head or label[: limit - 1]).rstrip(" ,;:–-(") + "…"


SAID_ROWS = 4


def _voices(replies: Replies, top: float, place: Callable[[date], float]) -> Voices:
    """Each reply takes the first row in which its label touches no other; the oldest of too many have none."""
    taken: list[list[_Span]] = [[] for _ in range(SAID_ROWS)]
    said = []
    for reply in sorted(replies.said, key=lambda reply: reply.on)[-SAID_ROWS:]:
        x = place(reply.on)
        row, spot = _free(taken, _places(x, x, reply.label, RIGHT, LABELS))
        if spot is None:
            spot = _Place("", x, "start", (x, x))
        taken[row].append(spot.span)
        said.append(Said(x, top + LANE_PAD + row * ROW + ROW / 2, spot.label, spot.x, spot.anchor))
    rows = max((index + 1 for index, spans in enumerate(taken) if spans), default=1)
    return Voices(replies.name, top, top + 2 * LANE_PAD + rows * ROW, said, "" if said else replies.nothing)


def _beside(versions: Sequence[Version], segments: Sequence[Box], day: date) -> float:
    """Beside the cut there is no scale: a reply stands over the version that was in force, or before the first."""
    shown = versions[-MAX_SEGMENTS:]
    in_force = [box for version, box in zip(shown, segments, strict=True) if version.published_on <= day]
    return round(in_force[-1].x + in_force[-1].width / 2, 1) if in_force else segments[0].x


def _phases(phases: Sequence[Phase], scale: _Scale) -> list[Box]:
    """The phases that fall into the window. Each name takes the first row in which it fits; without room, none."""
    boxes: list[Box] = []
    taken = [0.0] * PHASE_ROWS
    for phase in sorted(phases, key=lambda phase: phase.starts_on):
        if phase.ends_on >= scale.first and phase.starts_on <= scale.last:
            x, right = scale.x(phase.starts_on), scale.x(phase.ends_on)
            row, place = _phase_label(phase.name, x, right, taken)
            taken[row] = max(taken[row], place.span[1])
            width = max(round(right - x, 1), 2)
            boxes.append(Box(x, width, place.label, "", 12 + row * PHASE_ROW, place.x, place.anchor))
    return boxes


def _phase_label(name: str, x: float, right: float, taken: Sequence[float]) -> tuple[int, _Place]:
    """From where the phase begins, or back from where it ends; a name in full before a shortened one."""
    for length in LABELS:
        label = shortened(name, length)
        room = len(label) * LETTER
        places = (
            _Place(label, x, "start", (x, x + room + 10)),
            _Place(label, right, "end", (right - room, right + 10)),
        )
        for row, busy_until in enumerate(taken):
            for place in places:
                if place.span[0] >= max(busy_until, 0) and place.span[1] <= RIGHT + 10:
                    return row, place
    return 0, _Place("", x, "start", (0, 0))


def _ticks(scale: _Scale, label: Label) -> list[Tick]:
    """Every month, quarter or year, whichever keeps the labels apart."""
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month + 1
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 1200) if months / step * 74 <= scale.end - LEFT)
    ticks, year = [], 0
    for index in range(0, months, step):
        month = scale.first.month - 1 + index
        day = date(scale.first.year + month // 12, month % 12 + 1, 1)
        ticks.append(Tick(scale.x(day), label(day, day.year != year)))
        year = day.year
    return ticks


def _segments_width(versions: Sequence[Version], since: str) -> float:
    shown = versions[-MAX_SEGMENTS:]
    room = len(shown[-1].label) * LETTER + 24 + (len(shown) - 1) * 40
    return min(max(len(shown) * 46, room, len(since) * LETTER + 4), 330)


def _apart(versions: Sequence[Version], left: float) -> list[Box]:
    """The last versions side by side, the newest with its full label: their dates are far from those of the acts."""
    shown = versions[-MAX_SEGMENTS:]
    small = 40
    boxes = [
        Box(left + index * small, small - 3, f"v{version.number}", version.tone)
        for index, version in enumerate(shown[:-1])
    ]
    start = left + (len(shown) - 1) * small
    return [*boxes, Box(start, RIGHT - start, shown[-1].label, shown[-1].tone)]


def _to_scale(versions: Sequence[Version], scale: _Scale) -> list[Box]:
    boxes = []
    for index, version in enumerate(versions):
        x = scale.x(version.published_on)
        end = scale.x(versions[index + 1].published_on) if index + 1 < len(versions) else scale.end
        width = max(end - x - 3, 3)
        fits = len(version.label) * LETTER + 14 <= width
        boxes.append(Box(x, width, version.label if fits else f"v{version.number}" if width > 28 else "", version.tone))
    return boxes
