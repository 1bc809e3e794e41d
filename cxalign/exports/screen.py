"""Slides for the browser: what the template needs to know beside the blocks themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cxalign.exports import fitting
from cxalign.exports.slides import Block, Deck, Grid, Line, Paragraph, Run, Slide, by_language
from scoring.charts import gap_position


@dataclass(frozen=True)
class Shown:
    slide: Slide
    main: list[Any]
    aside: list[Any]
    small_title: bool


@dataclass(frozen=True)
class ShownCell:
    lines: list[SafeString]
    cell: Any
    position: int | None
    """Where the mark stands on the scale."""
    label: str = ""
    """What its column is called, should it fill one only: on a phone each cell stands on a line of its own."""


@dataclass(frozen=True)
class ShownBlock:
    kind: str
    block: Block
    words: str = ""
    rows: tuple[tuple[ShownCell, ...], ...] = ()
    shares: tuple[int, ...] = ()
    """Width of each column in twentieths: the style sheet has a class for each."""


def shown(slide: Slide, deck: Deck) -> Shown:
    style = fitting.title_style(slide.numbered_title, fitting.title_width(deck))
    return Shown(
        slide,
        [_block(one) for one in slide.main],
        [_block(one) for one in slide.aside],
        style.size < fitting.TITLE_SIZES[0],
    )


def _block(block: Block) -> ShownBlock:
    if isinstance(block, Paragraph):
        return ShownBlock("paragraph", block, _words(block.line))
    if isinstance(block, Grid):
        rows = tuple(tuple(_cells(row, block)) for row in block.rows)
        return ShownBlock("grid", block, rows=rows, shares=_shares(block))
    return ShownBlock("drawing", block)


def _cells(row: Sequence[Any], grid: Grid) -> Iterator[ShownCell]:
    column = 0
    for cell in row:
        yield _cell(cell, str(grid.columns[column].title) if cell.span == 1 else "")
        column += cell.span


def _cell(cell: Any, label: str) -> ShownCell:
    position = gap_position(cell.gap.value) if cell.gap and cell.gap.value is not None else None
    return ShownCell([_words(line) for line in cell.lines], cell, position, label)


def _words(line: Line) -> SafeString:
    return format_html_join("", "{}", ((_run(run),) for run in by_language(line)))


def _run(run: Run) -> SafeString:
    """Every text is escaped; what stands around it is ours."""
    said: Any = run.text
    if run.lang:
        said = format_html('<span lang="{}">{}</span>', run.lang, said)
    if run.link:
        said = format_html('<a href="{}" rel="noopener nofollow external">{}</a>', run.link, said)
    if run.raised:
        said = format_html("<sup>{}</sup>", said)
    if run.strong:
        said = format_html("<b>{}</b>", said)
    if run.tone:
        said = format_html('<span class="toned a-{}">{}</span>', run.tone, said)
    return format_html('<span class="muted">{}</span>', said) if run.muted else format_html("{}", said)


def _shares(grid: Grid) -> tuple[int, ...]:
    return tuple(max(round(width), 1) for width in fitting.grid_widths(grid, 20))
