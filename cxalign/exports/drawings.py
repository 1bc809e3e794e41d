"""Blocks as drawings: lists of simple shapes that become SVG here, and a picture or part of a report in ``setting``.

Lengths are in units of the drawing. A drawing knows its size; whoever shows it decides how large that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from html import escape
from typing import Any

from cxalign.exports import fitting, palette
from cxalign.exports.slides import Cell, Drawing, Grid, Line, Placed, Plots, Run, by_language
from scoring.charts import STEPS, Bar

PAGE = 960
"""Width of a picture that stands alone."""
EDGE = 40


@dataclass(frozen=True)
class Shape:
    """``kind``: box, disc, path or words. A path is a row of points; words stand on their baseline."""

    kind: str
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    points: Sequence[tuple[float, float]] = field(default_factory=tuple)
    fill: str = ""
    stroke: str = ""
    thick: float = 1
    dashed: bool = False
    round: float = 0
    text: str = ""
    size: float = 0
    strong: bool = False
    serif: bool = False
    anchor: str = "start"
    lang: str = ""


Shapes = list[Shape]


def words(text: str, x: float, y: float, size: float, **more: Any) -> Shape:
    return Shape("words", x, y, text=text, size=size, **{"fill": palette.INK, **more})


def rule(x: float, y: float, x2: float, y2: float, colour: str = palette.LINE, thick: float = 1) -> Shape:
    return Shape("path", points=((x, y), (x2, y2)), stroke=colour, thick=thick)


def moved(shapes: Iterable[Shape], x: float, y: float, scale: float = 1) -> Shapes:
    """The same shapes elsewhere, and larger or smaller; texts keep their size."""

    def one(shape: Shape) -> Shape:
        points = tuple((x + a * scale, y + b * scale) for a, b in shape.points)
        left, top = x + shape.x * scale, y + shape.y * scale
        return replace(shape, x=left, y=top, width=shape.width * scale, height=shape.height * scale, points=points)

    return [one(shape) for shape in shapes]


# --- Marks and scales -------------------------------------------------------------------------------------------------

CRACK = ((11.8, 3.2), (8.6, 8.6), (11.6, 11.0), (8.4, 16.8))


def mark(tone: str, x: float, y: float, size: float) -> Shapes:
    """The mark of an outcome, in a square of that size: the same shapes as on the screen."""
    unit, colour = size / 20, palette.TONES[tone]
    drawn = {
        "broken": [
            Shape("path", points=((10, 0.8), (19.2, 10), (10, 19.2), (0.8, 10), (10, 0.8)), fill=colour),
            Shape("path", points=CRACK, stroke=palette.WHITE, thick=2 * unit),
        ],
        "exceeds": [Shape("path", points=((10, 1), (19.4, 18.4), (0.6, 18.4), (10, 1)), fill=colour)],
        "aligned": [Shape("box", 1.5, top, 17, 6, fill=colour) for top in (2.5, 11.5)],
        "dna": [
            Shape("disc", 1, 1, 18, 18, fill=colour),
            Shape("disc", 5.9, 5.9, 8.2, 8.2, stroke=palette.WHITE, thick=2.2 * unit),
        ],
        "none": [Shape("disc", 2, 2, 16, 16, stroke=colour, thick=2.2 * unit, dashed=True)],
    }[tone]
    return moved(drawn, x, y, unit)


def scale(gap: int, tone: str, x: float, y: float) -> Shapes:
    """Five ticks on a line, the middle one taller, and the mark where it stands: 176 wide, 28 high."""
    middle, at = y + 14, x + STEPS[gap + 2]
    ticks = [
        rule(x + step, middle - tall, x + step, middle + tall, palette.LINE_STRONG, 2)
        for step, tall in zip(STEPS, (5, 5, 9, 5, 5), strict=True)
    ]
    line = rule(x + STEPS[0], middle, x + STEPS[-1], middle, palette.LINE_STRONG, 2)
    halo = Shape("disc", at - 12, middle - 12, 24, 24, fill=palette.WHITE)
    return [line, *ticks, halo, *mark(tone, at - 9, middle - 9, 18)]


def hatch(x: float, y: float, width: float, height: float, gap: float = 8) -> Shapes:
    """Slanting lines: undocumented, and nothing else."""
    lines = []
    at = x - height + gap
    while at < x + width:
        left, right = max(at, x), min(at + height, x + width)
        lines.append(rule(left, y + height - (left - at), right, y + height - (right - at), palette.LINE, 1.2))
        at += gap
    return lines


def bar(value: Bar, x: float, y: float) -> Shapes:
    unit = fitting.BAR_WIDTH / 100
    drawn = [
        Shape("box", x, y, 100 * unit, 9, fill=palette.SUNKEN),
        Shape("box", x + value.x * unit, y, value.width * unit, 9, fill=palette.INK),
    ]
    at = x + value.zero * unit
    return [*drawn, rule(at, y - 2, at, y + 11, palette.LINE_STRONG)] if value.zero else drawn


# --- Texts ------------------------------------------------------------------------------------------------------------


def wrapped(of: Line, style: fitting.Style, width: float) -> list[Line]:
    """A line of text broken into as many as it takes; each stretch keeps its style."""
    rows: list[list[Run]] = [[]]
    used = 0.0
    for run, word, blank in _words_of(of):
        room = _room(word, run, style) + (_room(" ", run, style) if blank and rows[-1] else 0)
        if used + room > width and rows[-1] and blank:
            rows.append([])
            used = 0.0
        said = f" {word}" if blank and rows[-1] else word
        if rows[-1] and replace(rows[-1][-1], text="") == replace(run, text=""):
            said = rows[-1].pop().text + said
        rows[-1].append(replace(run, text=said))
        used += room
    return [tuple(row) for row in rows]


def _words_of(of: Line) -> Iterable[tuple[Run, str, bool]]:
    """Each word, and whether a blank stands before it."""
    blank = False
    for run in of:
        for number, word in enumerate(run.text.replace("\n", " ").split(" ")):
            blank = blank or number > 0
            if word:
                yield run, word, blank
                blank = False


RAISED = 0.68


def _room(text: str, run: Run, style: fitting.Style) -> float:
    size = style.size * (RAISED if run.raised else 1)
    return fitting.length(text, fitting.Style(size, style.serif, style.strong or run.strong))


def written(
    of: Line, x: float, y: float, width: float, style: fitting.Style, colour: str = palette.INK
) -> tuple[Shapes, float]:
    """A text from its top left corner, broken where it has to be; and how high it is."""
    shapes: Shapes = []
    leading = style.size * fitting.LEADING
    rows = wrapped(by_language(of), style, width)
    for number, row in enumerate(rows):
        at, baseline = x, y + number * leading + style.size * 0.98
        for run in row:
            shown = palette.TONE_INKS[run.tone] if run.tone else palette.INK_3 if run.muted else colour
            size = style.size * (RAISED if run.raised else 1)
            lifted = baseline - style.size * 0.32 if run.raised else baseline
            more = {"strong": style.strong or run.strong, "serif": style.serif, "lang": run.lang}
            said = run.text.lstrip(" ")
            at += _room(" ", run, style) * (len(run.text) - len(said))
            shapes.append(words(said, at, lifted, size, fill=shown, **more))
            at += _room(said, run, style)
    return shapes, len(rows) * leading


# --- Grids ------------------------------------------------------------------------------------------------------------


def grid(of: Grid, width: float) -> tuple[Shapes, float]:
    """A table as shapes, as wide as asked; and how high it is."""
    widths = fitting.grid_widths(of, width)
    head = fitting.Style(fitting.HEAD_SIZE, strong=True)
    shapes: Shapes = []
    place, tall = 0.0, 0.0
    for column, room in zip(of.columns, widths, strict=True):
        drawn, high = written(
            (Run(column.title),), place + fitting.CELL_PAD_X, 6, room - 2 * fitting.CELL_PAD_X, head, palette.INK_2
        )
        shapes += drawn
        place, tall = place + room, max(tall, high)
    y = tall + 12
    shapes.append(rule(0, y, width, y, palette.LINE_STRONG, 2))
    for row in of.rows:
        drawn, high = _row(row, widths, y)
        shapes += [*drawn, rule(0, y + high, width, y + high)]
        y += high
    return shapes, y


def _row(row: Sequence[Cell], widths: Sequence[float], top: float) -> tuple[Shapes, float]:
    cells, place, left, tall = [], 0, 0.0, 0.0
    for one in row:
        width = sum(widths[place : place + one.span])
        drawn, high = _cell(one, left, top, width)
        cells.append((one, left, width, drawn))
        place, left, tall = place + one.span, left + width, max(tall, high)
    shapes: Shapes = []
    for one, left, width, drawn in cells:
        shapes += [*(hatch(left, top, width, tall) if one.hatched else []), *drawn]
    return shapes, tall


def _cell(one: Cell, left: float, top: float, width: float) -> tuple[Shapes, float]:
    x, y = left + fitting.CELL_PAD_X, top + fitting.CELL_PAD_Y
    shapes: Shapes = []
    if one.gap:
        shapes += scale(one.gap.value, one.gap.tone, x, y) if one.gap.value is not None else hatch(x, y + 6, 150, 14)
        y += fitting.SCALE_HEIGHT
    if one.bar:
        shapes += bar(one.bar, x, y + 5)
    if one.mark:
        shapes += mark(one.mark, x, y + 1, 17)
    x += fitting.room_beside(one)
    for number, each in enumerate(one.lines):
        serif = one.quoted and number == 0
        style = fitting.Style(fitting.GRID_SIZE, serif, one.heads and number == 0)
        y += fitting.LINE_GAP if number else 0
        if tone := (one.line_marks[number] if number < len(one.line_marks) else ""):
            shapes += mark(tone, left + fitting.CELL_PAD_X, y + 1, 17)
        drawn, high = written(each, x, y, width - (x - left) - fitting.CELL_PAD_X, style)
        shapes += [*(_behind(drawn) if one.hatched else []), *drawn]
        y += high
    return shapes, y - top + fitting.CELL_PAD_Y


def _behind(drawn: Shapes) -> Shapes:
    """White behind words that stand on hatching."""
    if not drawn:
        return []
    left, right = drawn[0].x, drawn[-1].x + _room(drawn[-1].text, Run(""), fitting.Style(drawn[-1].size))
    return [Shape("box", left - 3, drawn[0].y - 14, right - left + 6, 19, fill=palette.WHITE)]


# --- Dot plots --------------------------------------------------------------------------------------------------------


def plots(of: Plots, width: float) -> tuple[Shapes, float]:
    """Small dot plots side by side; and how high they are."""
    shapes: Shapes = []
    room = fitting.room_for_names(width)
    for x, y, title, rows in fitting.placed_plots(of, width):
        shapes.append(words(title, x, y + 15, GRID_HEAD, strong=True))
        for number, row in enumerate(rows):
            shapes += _placed(row, x, room, y + fitting.PLOT_HEAD + number * fitting.PLOT_ROW)
    return shapes, fitting.plots_height(of, width)


GRID_HEAD = 14.5


def _placed(row: Placed, x: float, room: float, y: float) -> Shapes:
    left, baseline = x + room, y + 19
    name = words(fitting.name_that_fits(row.name, room), x, baseline, fitting.PLOT_SIZE)
    quiet = {"fill": palette.INK_3}
    if row.gap is None:
        return [name, words(row.word, left + STEPS[0], baseline, fitting.PLOT_SIZE, **quiet)]
    said_at = left + fitting.PLOT_WORD
    if row.gap.value is None:
        hatched = hatch(left + STEPS[0], y + 8, STEPS[-1] - STEPS[0], 12)
        return [name, *hatched, words(row.word, said_at, baseline, fitting.PLOT_SIZE, **quiet)]
    ink = palette.TONE_INKS[row.gap.tone]
    said = words(row.word, said_at, baseline, fitting.PLOT_SIZE, fill=ink, strong=True)
    return [name, *scale(row.gap.value, row.gap.tone, left, y), said]


# --- The timeline -----------------------------------------------------------------------------------------------------


def timeline(of: Drawing) -> tuple[Shapes, float]:
    """The timeline of the page, as shapes: 830 wide."""
    drawn = of.timeline
    shapes: Shapes = []
    for phase in drawn.phases:
        shapes.append(Shape("box", phase.x, drawn.top, phase.width, drawn.phase_height, fill=palette.SUNKEN))
        shapes += _label(phase.label, phase.x, phase.label_y, fill=palette.INK_3)
    for lane in drawn.lanes:
        shapes += [*_label(lane.label, 0, lane.middle, strong=True), rule(96, lane.bottom, drawn.axis_end, lane.bottom)]
        for point in lane.points:
            shapes += _point(point)
    shapes += _label(of.verdict, 0, drawn.verdict_y + 20, strong=True)
    for box in drawn.segments:
        shapes += _segment(box, drawn.verdict_y)
    return [*shapes, *_axis(of)], drawn.height


LABEL = 13


def _label(text: str, x: float, y: float, **more: Any) -> Shapes:
    return [words(text, x, y, LABEL, **more)] if text else []


def _point(point: Any) -> Shapes:
    look: dict[str, Any] = {"fill": palette.INK if point.harms else palette.WHITE, "stroke": palette.INK, "thick": 2}
    if point.width > 12:
        drawn = Shape("box", point.x, point.bar_y, point.width, 7, round=3.5, **look)
    else:
        drawn = Shape("disc", point.middle - 5.5, point.y - 5.5, 11, 11, **look)
    return [drawn, *_label(point.label, point.label_x, point.text_y, anchor=point.anchor)]


def _segment(box: Any, y: float) -> Shapes:
    if box.tone == "none":
        drawn = Shape("box", box.x, y, box.width, 30, fill=palette.WHITE, stroke=palette.TONES["none"], dashed=True)
        colour = palette.TONE_INKS["none"]
    else:
        drawn, colour = Shape("box", box.x, y, box.width, 30, fill=palette.TONES[box.tone]), palette.WHITE
    return [drawn, *_label(box.label, box.inside, y + 19.5, fill=colour, strong=True)]


def _axis(of: Drawing) -> Shapes:
    drawn, y = of.timeline, of.timeline.axis_y
    shapes = [rule(96, y, drawn.axis_end, y)]
    for tick in drawn.ticks:
        shapes += [rule(tick.x, y, tick.x, y + 6), *_label(tick.label, tick.x, y + 21, fill=palette.INK_3)]
    if drawn.cut:
        shapes += [rule(drawn.cut + by, y + 6, drawn.cut + by + 6, y - 6, palette.INK_2, 1.5) for by in (-6, 0)]
        room = fitting.length(of.published, fitting.Style(LABEL))
        shapes += _label(
            of.published, min(drawn.segments[0].x, fitting.DRAWING_WIDTH - room), y + 21, fill=palette.INK_3
        )
    return shapes


# --- A picture that stands alone --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """A chart with what it shows, of when, from where: for whoever meets it far from its page."""

    title: str
    under: str
    """Scope and day."""
    body: Grid | Drawing
    sources: str
    standing: str
    address: str
    sources_word: str
    language: str
    sticker: str = ""
    above: Plots | None = None
    """Drawn before the body, which is its twin as a table."""

    @property
    def description(self) -> str:
        """In a few words, for whoever cannot see it."""
        return f"{self.title}. {self.under}"


def composed(picture: Picture) -> tuple[Shapes, float]:
    """Title, scope, chart, sources: everything on the drawing, which is ``PAGE`` wide; and how high it is."""
    width = PAGE - 2 * EDGE
    room = width - (170 if picture.sticker else 0)
    title, high = written((Run(picture.title),), EDGE, 32, room, fitting.Style(25, serif=True, strong=True))
    y = 32 + high + 6
    under, high = written((Run(picture.under),), EDGE, y, width, fitting.Style(15), palette.INK_3)
    y += high + 18
    above: Shapes = []
    if picture.above:
        drawn, high = plots(picture.above, width)
        above, y = moved(drawn, EDGE, y), y + high + 22
    body, tall = _body(picture.body, width)
    shapes = [
        *title,
        *under,
        *above,
        *moved(body, EDGE, y, 1 if isinstance(picture.body, Grid) else width / fitting.DRAWING_WIDTH),
    ]
    y += tall + 24
    shapes += [*_sticker(picture.sticker), rule(EDGE, y, PAGE - EDGE, y, palette.LINE_STRONG)]
    foot, high = _foot(picture, y + 8, width)
    return [*shapes, *foot], y + 8 + high + 20


def _body(of: Grid | Drawing, width: float) -> tuple[Shapes, float]:
    if isinstance(of, Grid):
        return grid(of, width)
    shapes, high = timeline(of)
    return shapes, high * width / fitting.DRAWING_WIDTH


def _sticker(text: str) -> Shapes:
    if not text:
        return []
    room = fitting.length(text, fitting.Style(14)) + 24
    left = PAGE - EDGE - room
    box = Shape("box", left, 34, room, 27, fill=palette.WHITE, stroke=palette.WARN_LINE, thick=1.5, round=13)
    return [box, words(text, left + 12, 52, 14, fill=palette.WARN_INK)]


def _foot(picture: Picture, y: float, width: float) -> tuple[Shapes, float]:
    lines: list[Line] = []
    if picture.sources:
        lines.append((Run(f"{picture.sources_word} ", strong=True), Run(picture.sources)))
    lines += [(Run(picture.standing),), (Run(picture.address),)]
    shapes, used = [], 0.0
    for one in lines:
        drawn, high = written(one, EDGE, y + used, width, fitting.Style(12.5), palette.INK_2)
        shapes += drawn
        used += high
    return shapes, used


# --- As SVG -----------------------------------------------------------------------------------------------------------

FACES = {False: "'Source Sans 3', 'Segoe UI', Arial, sans-serif", True: "'Source Serif 4', Georgia, serif"}


def svg(shapes: Iterable[Shape], width: float, height: float, name: str, description: str, language: str) -> str:
    """A whole file, which names nothing outside itself."""
    body = "\n".join(_element(shape) for shape in shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" height="{_n(height)}" role="img" '
        f'viewBox="0 0 {_n(width)} {_n(height)}" xml:lang="{escape(language)}" aria-labelledby="name about">\n'
        f'<title id="name">{escape(name)}</title>\n<desc id="about">{escape(description)}</desc>\n'
        f'<rect width="100%" height="100%" fill="{palette.WHITE}"/>\n{body}\n</svg>\n'
    )


def picture_svg(picture: Picture) -> bytes:
    shapes, height = composed(picture)
    return svg(shapes, PAGE, height, picture.title, picture.description, picture.language).encode()


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _look(shape: Shape) -> str:
    dash = ' stroke-dasharray="4 3"' if shape.dashed else ""
    stroke = f' stroke="{shape.stroke}" stroke-width="{_n(shape.thick)}"{dash}' if shape.stroke else ""
    return f' fill="{shape.fill or "none"}"{stroke}'


def _element(shape: Shape) -> str:
    if shape.kind == "words":
        bold = (
            ' font-weight="700"' if shape.strong and not shape.serif else ' font-weight="600"' if shape.strong else ""
        )
        lang = f' xml:lang="{escape(shape.lang)}"' if shape.lang else ""
        anchor = f' text-anchor="{shape.anchor}"' if shape.anchor != "start" else ""
        return (
            f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" font-family="{FACES[shape.serif]}" font-size="{_n(shape.size)}"'
            f' fill="{shape.fill}"{bold}{anchor}{lang} xml:space="preserve">{escape(shape.text)}</text>'
        )
    if shape.kind == "path":
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
        return f'<polyline points="{points}"{_look(shape)}/>'
    if shape.kind == "disc":
        radius = shape.width / 2
        return f'<circle cx="{_n(shape.x + radius)}" cy="{_n(shape.y + radius)}" r="{_n(radius)}"{_look(shape)}/>'
    corner = f' rx="{_n(shape.round)}"' if shape.round else ""
    return (
        f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
        f"{corner}{_look(shape)}/>"
    )


def as_data(shapes: Iterable[Shape]) -> list[dict[str, Any]]:
    """For the typesetter: only what differs from nothing."""
    return [{name: value for name, value in asdict(shape).items() if value} for shape in shapes]
