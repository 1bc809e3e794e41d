"""How much room texts take, and what goes on to the next slide.

Lengths are those of a slide of 1280 × 720. Widths are measured in our own typefaces, which run a little wider than
those of the presentation, so that what fits here fits there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cxalign.exports.slides import Block, Cell, Deck, Drawing, Grid, Line, Paragraph, Placed, Plots, Slide, plain
from scoring.charts import shortened

WIDTH, HEIGHT = 1280, 720
MARGIN = 56
TITLE_TOP, TITLE_WIDTH, STICKER_WIDTH = 40, 1168, 190
BOTTOM = 630
"""Where the footer begins."""
ASIDE_WIDTH, ASIDE_GAP = 326, 44
LEADING = 1.24
CELL_PAD_X, CELL_PAD_Y = 10, 8
MARK = 20
SCALE_HEIGHT, BAR_WIDTH = 32, 150
GRID_SIZE, HEAD_SIZE, CAPTION_SIZE, LINE_GAP = 15.5, 13.5, 14.0, 4.0
"""In units of the slide: a point is 4/3 of them."""


@dataclass(frozen=True)
class Style:
    size: float
    serif: bool = False
    strong: bool = False
    before: float = 0.0
    """Room above it, unless it is the first."""
    indent: float = 0.0


STYLES = {
    "verdict": Style(27, serif=True, strong=True, before=4, indent=40),
    "heading": Style(19, serif=True, strong=True, before=18),
    "kicker": Style(13.5, strong=True, before=14),
    "lead": Style(21, before=8),
    "large": Style(20, before=16, indent=30),
    "body": Style(16.5, before=7),
    "small": Style(14.5, before=6),
    "quote": Style(21, serif=True, before=10),
    "item": Style(16.5, before=10, indent=28),
}
TITLE_SIZES = (30.0, 26.0, 23.0, 20.0)


# --- Measuring --------------------------------------------------------------------------------------------------------


def font_folder(package: str) -> Path:
    """Where a package of ours keeps its typefaces."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / "files"


@cache
def _font(serif: bool, strong: bool) -> Any:
    from PIL import ImageFont

    name = "SourceSerif4[opsz,wght].ttf" if serif else "SourceSans3[wght].ttf"
    folder = font_folder("fontpkg_source_serif_4" if serif else "fontpkg_source_sans_3")
    font = ImageFont.truetype(str(folder / name), 100, layout_engine=ImageFont.Layout.BASIC)
    weight = 700 if strong else 400
    font.set_variation_by_axes([36, weight] if serif else [weight])
    return font


SERIF_IS_WIDER = 1.15
"""The serif typeface of the presentation against ours."""


@lru_cache(maxsize=20_000)
def _length(word: str, serif: bool, strong: bool) -> float:
    return float(_font(serif, strong).getlength(word)) / 100 * (SERIF_IS_WIDER if serif else 1)


def length(text: str, style: Style) -> float:
    return _length(text, style.serif, style.strong) * style.size


_BREAK = re.compile(r"[ \n\t]+")


def rows_of(text: str, style: Style, width: float) -> int:
    """How many lines a text takes in that width. A word that is too long for one is broken."""
    rows, used, blank = 1, 0.0, length(" ", style)
    for word in _BREAK.split(text.strip()):
        needs = length(word, style)
        if used and used + blank + needs > width:
            rows, used = rows + 1, 0.0
        broken = int(needs // width)
        rows += broken
        used = needs - broken * width if broken else used + (blank if used else 0) + needs
    return rows


def height_of(text: str, style: Style, width: float) -> float:
    return rows_of(text, style, width) * style.size * LEADING


def title_style(text: str, width: float) -> Style:
    """The largest size at which a title takes no more than two lines."""
    for size in TITLE_SIZES:
        style = Style(size, serif=True, strong=True)
        if rows_of(text, style, width) <= 2:
            return style
    return Style(TITLE_SIZES[-1], serif=True, strong=True)


# --- Blocks -----------------------------------------------------------------------------------------------------------


def paragraph_height(block: Paragraph, width: float) -> float:
    style = STYLES[block.role]
    indent = style.indent if not block.mark or style.indent else MARK + 8
    meter = 44 if block.meter else 0
    return height_of(plain(block.line), style, width - indent - meter)


def grid_widths(grid: Grid, width: float) -> list[float]:
    total = sum(column.share for column in grid.columns)
    return [width * column.share / total for column in grid.columns]


def head_height(grid: Grid, width: float) -> float:
    style = Style(HEAD_SIZE, strong=True)
    widths = grid_widths(grid, width)
    tallest = [
        height_of(column.title, style, room - 2 * CELL_PAD_X) for column, room in zip(grid.columns, widths, strict=True)
    ]
    return max(tallest) + 2 * CELL_PAD_Y - 4


def caption_height(grid: Grid, width: float) -> float:
    return height_of(grid.caption, Style(CAPTION_SIZE), width) + 6 if grid.caption else 0


def cell_height(cell: Cell, width: float) -> float:
    """Room for its drawing, then for its words."""
    drawn = SCALE_HEIGHT if cell.gap else 0
    words = sum(line_height(one, cell, width) for one in cell.lines) + LINE_GAP * max(len(cell.lines) - 1, 0)
    return drawn + words + 2 * CELL_PAD_Y


def line_height(one: Line, cell: Cell, width: float) -> float:
    style = Style(GRID_SIZE, serif=cell.quoted and one is cell.lines[0], strong=cell.heads or mostly_strong(one))
    room = width - 2 * CELL_PAD_X - room_beside(cell)
    return height_of(plain(one), style, room)


def room_beside(cell: Cell) -> float:
    """What a mark or a bar takes up before the words."""
    return (MARK + 4 if cell.mark or any(cell.line_marks) else 0) + (BAR_WIDTH + 12 if cell.bar else 0)


def mostly_strong(one: Line) -> bool:
    strong = sum(len(run.text) for run in one if run.strong)
    return strong * 2 > sum(len(run.text) for run in one)


def row_height(row: Sequence[Cell], widths: Sequence[float]) -> float:
    heights, place = [], 0
    for one in row:
        heights.append(cell_height(one, sum(widths[place : place + one.span])))
        place += one.span
    return max(heights)


def grid_height(grid: Grid, width: float) -> float:
    widths = grid_widths(grid, width)
    rows = sum(row_height(row, widths) for row in grid.rows)
    return caption_height(grid, width) + head_height(grid, width) + rows


def drawing_height(block: Drawing, width: float) -> float:
    return block.timeline.height * width / DRAWING_WIDTH


def drawing_scale(block: Drawing, width: float, room: float) -> float:
    """As wide as there is room for; less, where it would run into the footer."""
    return min(width / DRAWING_WIDTH, room / block.timeline.height)


DRAWING_WIDTH = 830


# --- Dot plots --------------------------------------------------------------------------------------------------------

PLOT_WIDTH, PLOT_HEAD, PLOT_ROW, PLOT_GAP = 385, 26, 28, 16
PLOT_TAIL, PLOT_WORD = 295, 182
"""What the scale and the word behind it take up, and how far from its beginning the word stands."""
PLOT_SIZE = 13.5


def plot_columns(width: float) -> int:
    """As many plots stand side by side as the width holds."""
    return max(1, int(width // PLOT_WIDTH))


def room_for_names(width: float) -> float:
    return width / plot_columns(width) - PLOT_TAIL


def placed_plots(of: Plots, width: float) -> Iterator[tuple[float, float, str, Sequence[Placed]]]:
    """Each plot with its top left corner."""
    columns = plot_columns(width)
    for place, (title, rows) in enumerate(of.plots):
        tall = PLOT_HEAD + PLOT_ROW * len(rows) + PLOT_GAP
        yield place % columns * width / columns, place // columns * tall, title, rows


def plots_height(of: Plots, width: float) -> float:
    return max((y + PLOT_HEAD + PLOT_ROW * len(rows) for _x, y, _title, rows in placed_plots(of, width)), default=0)


def name_that_fits(name: str, room: float) -> str:
    """The name of a brand, cut where it would run into the scale."""
    for letters in range(len(name), 1, -1):
        short = shortened(name, letters)
        if length(short, Style(PLOT_SIZE)) <= room:
            return short
    return name[:1]


def block_height(block: Block, width: float) -> float:
    if isinstance(block, Paragraph):
        return paragraph_height(block, width)
    if isinstance(block, Plots):
        return plots_height(block, width)
    return grid_height(block, width) if isinstance(block, Grid) else drawing_height(block, width)


def room_before(block: Block) -> float:
    return STYLES[block.role].before if isinstance(block, Paragraph) else 14


# --- Slides -----------------------------------------------------------------------------------------------------------


def title_width(deck: Deck) -> float:
    return TITLE_WIDTH - (STICKER_WIDTH if deck.sticker else 0)


def title_height(slide: Slide, deck: Deck) -> float:
    width = title_width(deck)
    return height_of(slide.numbered_title, title_style(slide.numbered_title, width), width)


def content_top(slide: Slide, deck: Deck) -> float:
    return max(TITLE_TOP + title_height(slide, deck) + 22, 126)


def main_width(slide: Slide) -> float:
    return WIDTH - 2 * MARGIN - (ASIDE_WIDTH + ASIDE_GAP if slide.aside else 0)


def fitted(deck: Deck) -> Deck:
    """The deck with every slide that is too full spread over several."""
    spread: list[Slide] = []
    for slide in deck.slides:
        parts = list(_parts(slide, deck))
        if len(parts) == 1:
            spread.append(slide)
        else:
            spread += [replace(one, part=place, parts=len(parts)) for place, one in enumerate(parts, start=1)]
    return replace(deck, slides=spread)


def _parts(slide: Slide, deck: Deck) -> Iterator[Slide]:
    room = BOTTOM - content_top(replace(slide, part=9, parts=9), deck)
    mains = list(_portions(slide.main, main_width(slide), room)) or [[]]
    asides = list(_portions(slide.aside, ASIDE_WIDTH - 26, room)) or [[]]
    for place in range(max(len(mains), len(asides))):
        main = mains[place] if place < len(mains) else []
        aside = asides[place] if place < len(asides) else []
        yield replace(slide, main=main, aside=aside or ([] if not slide.aside else slide.aside[:1]))


def _portions(blocks: Sequence[Block], width: float, room: float) -> Iterator[list[Block]]:
    """Blocks in their order, each portion no taller than the room."""
    portion: list[Block] = []
    used = 0.0
    waiting = list(blocks)
    while waiting:
        block = waiting.pop(0)
        before = room_before(block) if portion else 0
        if used + before + block_height(block, width) <= room:
            portion.append(block)
            used += before + block_height(block, width)
            continue
        first, rest = _cut(block, width, room - used - before)
        if first is None and not portion:  # nothing of it fits an empty slide: it is taken as it is
            first, rest = block, None
        carried = [portion.pop()] if first is None and portion and _leads(portion[-1]) and len(portion) > 1 else []
        if first is not None:
            portion.append(first)
        yield portion
        portion, used = [], 0.0
        waiting = [*carried, *([rest] if first is not None and rest is not None else []), *waiting]
        if first is None:
            waiting.insert(len(carried), block)
    if portion:
        yield portion


def _leads(block: Block) -> bool:
    """A heading does not stand alone at the foot of a slide."""
    return isinstance(block, Paragraph) and block.role in ("heading", "kicker")


def _cut(block: Block, width: float, room: float) -> tuple[Block | None, Block | None]:
    """What of a block fits the room, and what is left. Only grids can be cut."""
    if not isinstance(block, Grid):
        return None, block
    widths = grid_widths(block, width)
    used = caption_height(block, width) + head_height(block, width)
    for place, row in enumerate(block.rows):
        tall = row_height(row, widths)
        if used + tall <= room:
            used += tall
            continue
        head, tail = _cut_row(row, widths, room - used)
        if head is None and place == 0:
            return None, block
        first = [*block.rows[:place], *([head] if head else [])]
        return replace(block, rows=first), replace(block, rows=[tail if head else row, *block.rows[place + 1 :]])
    return block, None


LEAST_ROW = 150
"""A row is cut only where so much of it can stay: else it goes on to the next slide as a whole."""


def _cut_row(row: Sequence[Cell], widths: Sequence[float], room: float) -> tuple[Sequence[Cell] | None, Sequence[Cell]]:
    """The lines of each cell that still fit, and a row of the others; its first cell is said again."""
    if room < LEAST_ROW or all(len(one.lines) <= 1 for one in row[1:]):
        return None, row
    head, tail, place = [], [], 0
    for number, one in enumerate(row):
        width = sum(widths[place : place + one.span])
        place += one.span
        fits = _lines_that_fit(one, width, room)
        head.append(replace(one, lines=one.lines[:fits], line_marks=one.line_marks[:fits]))
        kept = slice(1) if number == 0 else slice(fits, None)
        left = replace(one, lines=one.lines[kept], line_marks=one.line_marks[kept])
        tail.append(replace(left, gap=None, mark="") if number else left)
    if not any(one.lines for one in tail[1:]) or not any(one.lines for one in head[1:]):
        return None, row
    return head, tail


def _lines_that_fit(one: Cell, width: float, room: float) -> int:
    used = cell_height(replace(one, lines=()), width)
    for number, each in enumerate(one.lines):
        used += line_height(each, one, width) + (LINE_GAP if number else 0)
        if used > room:
            return number
    return len(one.lines)
