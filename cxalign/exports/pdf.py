"""A report on A4: tagged, with bookmarks, in its language, with links that work; set by ``setting`` from data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from cxalign.exports import drawings, fitting, palette
from cxalign.exports.setting import set_
from cxalign.exports.slides import Block, Cell, Drawing, Grid, Line, Paragraph, Plots, by_language


@dataclass(frozen=True)
class Section:
    title: str
    blocks: Sequence[Block]
    lead: str = ""


@dataclass(frozen=True)
class Report:
    title: str
    language: str
    heading: str
    """In the largest letters: whom it is about."""
    under: Sequence[str]
    """Below it: what, where, of when."""
    opening_title: str
    opening: Sequence[Block]
    """Before the first section, in a frame of its own colour."""
    tone: str
    sections: Sequence[Section]
    standing: str
    address: str
    page_of: str
    """“page {page} of {pages}”, in the language of the report."""
    sticker: str = ""
    made_at: datetime | None = None
    keywords: Sequence[str] = field(default_factory=tuple)


def write(report: Report) -> bytes:
    return set_("report.typ", as_data(report), format="pdf", made_at=report.made_at)


def as_data(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "language": report.language,
        "heading": report.heading,
        "under": list(report.under),
        "tone": {"mark": palette.TONES[report.tone], "ink": palette.TONE_INKS[report.tone], "code": report.tone},
        "opening_title": report.opening_title,
        "opening": [_block(block) for block in report.opening],
        "sections": [
            {"title": one.title, "lead": one.lead, "blocks": [_block(block) for block in one.blocks]}
            for one in report.sections
        ],
        "standing": report.standing,
        "address": report.address,
        "page_of": report.page_of,
        "sticker": report.sticker,
        "keywords": list(report.keywords),
        "marks": {tone: drawings.as_data(drawings.mark(tone, 0, 0, 20)) for tone in palette.TONES},
        "inks": palette.TONE_INKS,
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        more = {"role": block.role, "mark": block.mark, "meter": block.meter}
        return {"kind": "paragraph", "runs": _runs(block.line), **more}
    if isinstance(block, Drawing):
        return _drawing(block.name, fitting.DRAWING_WIDTH, *drawings.timeline(block))
    if isinstance(block, Plots):
        name = ", ".join(title for title, _rows in block.plots)
        return _drawing(name, fitting.DRAWING_WIDTH, *drawings.plots(block, fitting.DRAWING_WIDTH))
    return _grid(block)


def _drawing(name: str, width: float, shapes: drawings.Shapes, height: float) -> dict[str, Any]:
    data = drawings.as_data(shapes)
    return {"kind": "drawing", "name": name, "width": width, "height": height, "shapes": data}


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "kind": "grid",
        "caption": grid.caption,
        "columns": [{"title": column.title, "share": column.share} for column in grid.columns],
        "rows": [[_cell(cell) for cell in row] for row in grid.rows],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    drawn: drawings.Shapes = []
    if cell.gap and cell.gap.value is not None:
        drawn = drawings.scale(cell.gap.value, cell.gap.tone, 0, 0)
    elif cell.gap:
        drawn = drawings.hatch(0, 6, 150, 14)
    bar = drawings.bar(cell.bar, 0, 3) if cell.bar else []
    return {
        "lines": [_runs(line) for line in cell.lines],
        "mark": cell.mark,
        "scale": drawings.as_data(drawn),
        "bar": drawings.as_data(bar),
        "hatched": cell.hatched,
        "heads": cell.heads,
        "span": cell.span,
        "quoted": cell.quoted,
    }


def _runs(line: Line) -> list[dict[str, Any]]:
    return [{name: value for name, value in asdict(run).items() if value} for run in by_language(line)]
