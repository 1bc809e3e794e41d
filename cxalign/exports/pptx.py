"""Slides as a presentation of 16:9 in which everything stays editable: real titles, tables, texts and shapes.

Lengths are in units of a slide of 1280 × 720, as in ``fitting``; ``_at`` turns them into those of the format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO, Any

from django.utils.translation import gettext as _
from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from cxalign.exports import fitting, palette
from cxalign.exports.slides import (
    Block,
    Cell,
    Deck,
    Drawing,
    Grid,
    Line,
    Paragraph,
    Placed,
    Plots,
    Run,
    Slide,
    by_language,
)
from scoring.charts import STEPS, Bar, Timeline
from scoring.models import OutcomeChoice

UNIT = 9525
"""Of the format, in one of ours: 914,400 to the inch, 96 of ours."""
SERIF, SANS = "Georgia", "Calibri"
"""On every machine that has a program for presentations."""
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
LANGUAGES = {"en": "en-GB", "fr": "fr-FR"}
TITLE_ONLY = 5
MARK_NAMES = {
    "broken": OutcomeChoice.BROKEN_PROMISE.label,
    "aligned": OutcomeChoice.ALIGNED.label,
    "exceeds": OutcomeChoice.EXCEEDS_PROMISE.label,
    "dna": OutcomeChoice.DNA_PROACTIVE.label,
}


def write(target: IO[bytes], deck: Deck) -> None:
    file = _empty_file()
    file.core_properties.title = deck.title
    file.core_properties.subject = deck.subject
    file.core_properties.author = "cxalign"
    file.core_properties.last_modified_by = "cxalign"
    file.core_properties.language = deck.language
    file.core_properties.created = file.core_properties.modified = datetime.now(UTC)
    for slide in fitting.fitted(deck).slides:
        _Page(file, slide, deck).draw()
    file.save(target)


# --- The file itself --------------------------------------------------------------------------------------------------


def _empty_file() -> Any:
    """A wide file with one layout, whose title stands where ours do, in our typefaces and colours."""
    file = Presentation()
    file.slide_width, file.slide_height = Emu(fitting.WIDTH * UNIT), Emu(fitting.HEIGHT * UNIT)
    kept = file.slide_layouts[TITLE_ONLY]
    for layout in list(file.slide_layouts):
        if layout is not kept:
            file.slide_layouts.remove(layout)
    _set_theme(file.slide_master)
    for sheet in (file.slide_master, kept):
        for shape in list(sheet.placeholders):
            if shape.placeholder_format.type == 1:  # the title
                _place(shape, fitting.MARGIN, fitting.TITLE_TOP, fitting.TITLE_WIDTH, 76)
            else:
                shape._element.getparent().remove(shape._element)
    return file


_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def _set_theme(master: Any) -> None:
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    for place, face in (("majorFont", SERIF), ("minorFont", SANS)):
        theme.find(f".//{_DRAWING}{place}/{_DRAWING}latin").set("typeface", face)
    colours = {"dk2": palette.INK_2, "lt2": palette.PAPER, "hlink": palette.INK, "folHlink": palette.INK_2}
    accents = zip(range(1, 7), [*palette.TONES.values(), palette.WARN_LINE], strict=True)
    for name, colour in {**colours, **{f"accent{number}": tone for number, tone in accents}}.items():
        place = theme.find(f".//{_DRAWING}clrScheme/{_DRAWING}{name}")
        for child in list(place):
            place.remove(child)
        etree.SubElement(place, f"{_DRAWING}srgbClr").set("val", colour.lstrip("#"))
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _at(length: float) -> Emu:
    return Emu(round(length * UNIT))


def _place(shape: Any, x: float, y: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = _at(x), _at(y), _at(width), _at(height)


def _colour(value: str) -> RGBColor:
    return RGBColor.from_string(value.lstrip("#"))


def _points(size: float) -> Pt:
    return Pt(round(size * 0.75 * 2) / 2)


# --- One slide --------------------------------------------------------------------------------------------------------


class _Page:
    def __init__(self, file: Any, slide: Slide, deck: Deck) -> None:
        self.page = file.slides.add_slide(file.slide_layouts[0])
        self.shapes = self.page.shapes
        self.slide, self.deck = slide, deck

    def draw(self) -> None:
        slide, top = self.slide, fitting.content_top(self.slide, self.deck)
        self._title()
        if self.deck.sticker:
            self._sticker()
        width = fitting.main_width(slide)
        self._blocks(slide.main, fitting.MARGIN, top, width)
        if slide.aside:
            x = fitting.WIDTH - fitting.MARGIN - fitting.ASIDE_WIDTH
            self._rule(x, top, x, fitting.BOTTOM - 8, palette.INK, 3)
            self._blocks(slide.aside, x + 24, top, fitting.ASIDE_WIDTH - 24)
        self._footer()
        if slide.notes:
            self.page.notes_slide.notes_text_frame.text = "\n".join(slide.notes)

    # Title, sticker, footer

    def _title(self) -> None:
        title, width = self.shapes.title, fitting.title_width(self.deck)
        text = self.slide.numbered_title
        _place(title, fitting.MARGIN, fitting.TITLE_TOP, width, fitting.title_height(self.slide, self.deck) + 4)
        style = fitting.title_style(text, width)
        _frame(title.text_frame, MSO_ANCHOR.TOP)
        paragraph = title.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.LEFT
        self._write(paragraph, (Run(text, strong=True),), style.size, serif=True)

    def _sticker(self) -> None:
        x = fitting.WIDTH - fitting.MARGIN - fitting.STICKER_WIDTH + 14
        box = self.shapes.add_shape(
            MSO_SHAPE.ROUNDED_RECTANGLE, _at(x), _at(44), _at(fitting.STICKER_WIDTH - 14), _at(28)
        )
        box.name = self.deck.sticker
        _unstyled(box)
        box.fill.background()
        box.line.color.rgb = _colour(palette.WARN_LINE)
        box.line.width = Pt(1.25)
        box.adjustments[0] = 0.5
        _frame(box.text_frame, MSO_ANCHOR.MIDDLE)
        paragraph = box.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER
        self._write(paragraph, (Run(self.deck.sticker),), 14, colour=palette.WARN_INK)

    def _footer(self) -> None:
        self._rule(
            fitting.MARGIN,
            fitting.BOTTOM + 8,
            fitting.WIDTH - fitting.MARGIN,
            fitting.BOTTOM + 8,
            palette.LINE_STRONG,
            1,
        )
        width = fitting.TITLE_WIDTH - 60
        frame = self._box(fitting.MARGIN, fitting.BOTTOM + 14, width, 66)
        deck = self.deck
        paragraphs: list[Line] = []
        if self.slide.sources:
            room = 2 * width * 0.97
            paragraphs.append((Run(f"{deck.sources_word} ", strong=True), Run(_shortened(self.slide.sources, room))))
        paragraphs += [(Run(deck.standing),), (Run(deck.address, link=deck.address),)]
        for number, line in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            self._write(paragraph, line, FOOTER_SIZE, colour=palette.INK_2)
        self._number()

    def _number(self) -> None:
        frame = self._box(fitting.WIDTH - fitting.MARGIN - 50, fitting.BOTTOM + 50, 50, 22)
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        field = etree.SubElement(
            paragraph._p, qn("a:fld"), id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum"
        )
        properties = etree.SubElement(field, qn("a:rPr"), lang=LANGUAGES[self.deck.language], sz="900")
        fill = etree.SubElement(etree.SubElement(properties, qn("a:solidFill")), qn("a:srgbClr"))
        fill.set("val", palette.INK_2.lstrip("#"))
        etree.SubElement(field, qn("a:t")).text = str(len(self.page.part.package.presentation_part.presentation.slides))

    # Blocks

    def _blocks(self, blocks: Sequence[Block], x: float, y: float, width: float) -> None:
        for number, block in enumerate(blocks):
            y += fitting.room_before(block) if number else 0
            if isinstance(block, Paragraph):
                self._paragraph(block, x, y, width)
            elif isinstance(block, Grid):
                self._grid(block, x, y, width)
            elif isinstance(block, Plots):
                self._plots(block, x, y, width)
            else:
                self._drawing(block, x, y, width)
            y += fitting.block_height(block, width)

    def _paragraph(self, block: Paragraph, x: float, y: float, width: float) -> None:
        style, indent = fitting.STYLES[block.role], 0.0
        if block.mark:
            size = 30 if block.role == "verdict" else fitting.MARK
            self._mark(block.mark, x, y + (style.size * fitting.LEADING - size) / 2, size)
            indent = style.indent or fitting.MARK + 8
        if block.meter:
            self._meter(block.meter, x, y + (style.size * fitting.LEADING - 16) / 2)
            indent = 44
        if block.role == "item":
            indent = style.indent
            if not block.mark:
                self._words("–", x, y, indent, style)
        tone = palette.TONE_INKS[block.mark] if block.role == "verdict" and block.mark else None
        colour = tone or (palette.INK_3 if block.role in ("kicker", "small") else palette.INK)
        frame = self._box(x + indent, y, width - indent, fitting.paragraph_height(block, width))
        self._write(
            frame.paragraphs[0], _strong(block.line, style.strong), style.size, serif=style.serif, colour=colour
        )

    def _words(self, text: str, x: float, y: float, width: float, style: fitting.Style) -> None:
        frame = self._box(x, y, width, style.size * fitting.LEADING)
        self._write(frame.paragraphs[0], (Run(text),), style.size)

    # Tables

    def _grid(self, grid: Grid, x: float, y: float, width: float) -> None:
        if grid.caption:
            height = fitting.caption_height(grid, width)
            frame = self._box(x, y, width, height)
            self._write(frame.paragraphs[0], (Run(grid.caption),), fitting.CAPTION_SIZE, colour=palette.INK_3)
            y += height
        widths = fitting.grid_widths(grid, width)
        heights = [fitting.head_height(grid, width), *(fitting.row_height(row, widths) for row in grid.rows)]
        frame = self.shapes.add_table(len(heights), len(widths), _at(x), _at(y), _at(width), _at(sum(heights)))
        frame.name = grid.caption or self.slide.title
        table = frame.table
        _describe(frame, grid.caption or self.slide.title)
        _plain_table(table)
        for column, room in zip(table.columns, widths, strict=True):
            column.width = _at(room)
        for row, height in zip(table.rows, heights, strict=True):
            row.height = _at(height)
        for place, column in enumerate(grid.columns):
            self._head(table.cell(0, place), column.title)
        top = y + heights[0]
        for number, row in enumerate(grid.rows):
            self._row(table, number + 1, row, x, top, widths)
            top += heights[number + 1]

    def _head(self, cell: Any, title: str) -> None:
        _pad(cell)
        _border(cell, palette.LINE_STRONG, 1.5)
        paragraph = cell.text_frame.paragraphs[0]
        if title:
            self._write(paragraph, (Run(title, strong=True),), fitting.HEAD_SIZE, colour=palette.INK_2)
        else:
            _empty(paragraph, fitting.HEAD_SIZE)

    def _row(self, table: Any, number: int, row: Sequence[Cell], x: float, top: float, widths: Sequence[float]) -> None:
        place = 0
        for one in row:
            cell = table.cell(number, place)
            if one.span > 1:
                cell.merge(table.cell(number, place + one.span - 1))
            left = x + sum(widths[:place])
            self._cell(cell, one, left, top)
            self._line_marks(one, left, top, sum(widths[place : place + one.span]))
            place += one.span

    def _line_marks(self, one: Cell, left: float, top: float, width: float) -> None:
        y = top + fitting.CELL_PAD_Y
        for line, tone in zip(one.lines, one.line_marks, strict=False):
            if tone:
                self._mark(tone, left + fitting.CELL_PAD_X, y + 0.5, 17)
            y += fitting.line_height(line, one, width) + fitting.LINE_GAP

    def _cell(self, cell: Any, one: Cell, left: float, top: float) -> None:
        drawn = fitting.SCALE_HEIGHT if one.gap else 0
        _pad(cell, above=drawn, before=fitting.room_beside(one))
        _border(cell, palette.LINE, 0.75)
        if one.hatched:
            _hatch(cell)
        frame = cell.text_frame
        if not one.lines:
            _empty(frame.paragraphs[0], fitting.GRID_SIZE)
        for number, line in enumerate(one.lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            serif = one.quoted and number == 0
            paragraph.space_before = Pt(fitting.LINE_GAP * 0.75 if number else 0)
            self._write(paragraph, _strong(line, one.heads and number == 0), fitting.GRID_SIZE, serif=serif)
        inner = left + fitting.CELL_PAD_X
        if one.gap and one.gap.value is not None:
            self._scale(one.gap.value, one.gap.tone, one.gap.name, inner, top + fitting.CELL_PAD_Y)
        elif one.gap:
            self._hatched(inner, top + fitting.CELL_PAD_Y + 6, 150, 14, one.gap.name)
        if one.bar:
            self._bar(one.bar, inner, top + fitting.CELL_PAD_Y + 5)
        if one.mark:
            self._mark(one.mark, inner, top + fitting.CELL_PAD_Y + drawn + 0.5, 17)

    # Shapes

    def _scale(self, gap: int, tone: str, name: str, x: float, y: float) -> None:
        """Five ticks on a line, the middle one taller, and the mark where it stands."""
        group = self.shapes.add_group_shape()
        group.name = name
        _describe(group, name)
        middle = y + 14
        _line(group.shapes, x + STEPS[0], middle, x + STEPS[-1], middle, palette.LINE_STRONG, 1.5)
        for number, step in enumerate(STEPS):
            tall = 8 if number == 2 else 5
            _line(group.shapes, x + step, middle - tall, x + step, middle + tall, palette.LINE_STRONG, 1.5)
        at = x + STEPS[gap + 2]
        halo = group.shapes.add_shape(MSO_SHAPE.OVAL, _at(at - 12), _at(middle - 12), _at(24), _at(24))
        _fill(halo, palette.WHITE)
        _draw_mark(group.shapes, tone, at - 9, middle - 9, 18)

    def _hatched(self, x: float, y: float, width: float, height: float, name: str) -> None:
        box = self.shapes.add_shape(MSO_SHAPE.RECTANGLE, _at(x), _at(y), _at(width), _at(height))
        _describe(box, name)
        _unstyled(box)
        box.line.fill.background()
        _pattern(box._element.spPr)

    def _bar(self, bar: Bar, x: float, y: float) -> None:
        unit = fitting.BAR_WIDTH / 100
        _filled(self.shapes, x, y, 100 * unit, 9, palette.SUNKEN)
        _filled(self.shapes, x + bar.x * unit, y, bar.width * unit, 9, palette.INK)
        if bar.zero:
            _line(self.shapes, x + bar.zero * unit, y - 2, x + bar.zero * unit, y + 11, palette.LINE_STRONG, 1)

    def _meter(self, level: int, x: float, y: float) -> None:
        """Four bars of rising height, filled up to the level."""
        group = self.shapes.add_group_shape()
        for number in range(4):
            height = 5 + number * 3.6
            bar = group.shapes.add_shape(
                MSO_SHAPE.RECTANGLE, _at(x + number * 9), _at(y + 16 - height), _at(6.5), _at(height)
            )
            _fill(bar, palette.INK if number < level else palette.WHITE)
            bar.line.color.rgb = _colour(palette.INK)
            bar.line.width = Pt(0.75)
        _describe(group, f"{level}/4")

    def _mark(self, tone: str, x: float, y: float, size: float) -> None:
        group = self.shapes.add_group_shape()
        _draw_mark(group.shapes, tone, x, y, size)
        _describe(group, _mark_name(tone))

    def _rule(self, x: float, y: float, x2: float, y2: float, colour: str, width: float) -> None:
        _line(self.shapes, x, y, x2, y2, colour, width * 0.75)

    def _drawing(self, block: Drawing, x: float, y: float, width: float) -> None:
        _TimelineShapes(self, block, x, y, fitting.drawing_scale(block, width, fitting.BOTTOM - y)).draw()

    # Dot plots

    def _plots(self, block: Plots, x: float, y: float, width: float) -> None:
        room = fitting.room_for_names(width)
        for left, top, title, rows in fitting.placed_plots(block, width):
            self._label(Run(title, strong=True), x + left, y + top, fitting.PLOT_WIDTH)
            for number, row in enumerate(rows):
                self._placed(row, x + left, room, y + top + fitting.PLOT_HEAD + number * fitting.PLOT_ROW)

    def _placed(self, row: Placed, x: float, room: float, y: float) -> None:
        left, top = x + room, y + 5
        self._label(Run(fitting.name_that_fits(row.name, room)), x, top, room)
        said, beside = left + fitting.PLOT_WORD, fitting.PLOT_TAIL - fitting.PLOT_WORD
        if row.gap is None:
            self._label(Run(row.word, muted=True), left + STEPS[0], top, fitting.PLOT_TAIL)
        elif row.gap.value is None:
            self._hatched(left + STEPS[0], y + 8, STEPS[-1] - STEPS[0], 12, row.gap.name)
            self._label(Run(row.word, muted=True), said, top, beside)
        else:
            self._scale(row.gap.value, row.gap.tone, row.gap.name, left, y)
            self._label(Run(row.word, strong=True, tone=row.gap.tone), said, top, beside)

    def _label(self, run: Run, x: float, y: float, width: float) -> None:
        """A word or two on one line, with room to spare for wider typefaces."""
        frame = self._box(x, y, width + 12, fitting.PLOT_SIZE * fitting.LEADING)
        self._write(frame.paragraphs[0], (run,), fitting.PLOT_SIZE)

    # Texts

    def _box(self, x: float, y: float, width: float, height: float) -> Any:
        box = self.shapes.add_textbox(_at(x), _at(y), _at(width), _at(height))
        _frame(box.text_frame, MSO_ANCHOR.TOP)
        return box.text_frame

    def _write(
        self, paragraph: Any, line: Line, size: float, *, serif: bool = False, colour: str = palette.INK
    ) -> None:
        paragraph.line_spacing = Pt(size * 0.75 * fitting.LEADING)  # the same in every program
        for run in by_language(line):
            made = paragraph.add_run()
            made.text = run.text
            font = made.font
            font.size, font.bold = _points(size), run.strong
            font.name = SERIF if serif else SANS
            font.color.rgb = _colour(
                palette.TONE_INKS[run.tone] if run.tone else palette.INK_3 if run.muted else colour
            )
            properties = made._r.get_or_add_rPr()
            properties.set("lang", LANGUAGES.get(run.lang, run.lang) or LANGUAGES[self.deck.language])
            if run.raised:
                properties.set("baseline", "30000")
            if run.link:
                made.hyperlink.address = run.link


FOOTER_SIZE = 12.5


def _shortened(text: str, room: float) -> str:
    style = fitting.Style(FOOTER_SIZE)
    if fitting.length(text, style) <= room:
        return text
    words = text.split(" ")
    while words and fitting.length(" ".join(words), style) > room - 20:
        words.pop()
    return " ".join(words).rstrip(" ;,") + " …"


def _strong(line: Line, strong: bool) -> Line:
    return tuple(replace(run, strong=True) for run in line) if strong else line


def _frame(frame: Any, anchor: Any) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = anchor


def _mark_name(tone: str) -> str:
    """What a mark stands for, in the language of the file."""
    return str(MARK_NAMES.get(tone) or _("No verdict"))


def _describe(shape: Any, text: str) -> None:
    """The alternative text of a shape."""
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("descr", text)


def _empty(paragraph: Any, size: float) -> None:
    """A cell without words is no taller than its neighbours: a program would give it a line of 18 points."""
    paragraph._p.get_or_add_endParaRPr().set("sz", str(round(size * 75)))


def _pad(cell: Any, above: float = 0, before: float = 0) -> None:
    cell.margin_left, cell.margin_right = _at(fitting.CELL_PAD_X + before), _at(fitting.CELL_PAD_X)
    cell.margin_top, cell.margin_bottom = _at(fitting.CELL_PAD_Y + above), _at(fitting.CELL_PAD_Y - 2)
    cell.vertical_anchor = MSO_ANCHOR.TOP


def _plain_table(table: Any) -> None:
    """A header row that programs know as such, and no style but ours."""
    properties = table._tbl.tblPr
    table.first_row, table.horz_banding = True, False
    properties.find(qn("a:tableStyleId")).text = NO_STYLE


def _border(cell: Any, colour: str, width: float) -> None:
    """A hairline below; none elsewhere."""
    properties = cell._tc.get_or_add_tcPr()
    for side in ("a:lnL", "a:lnR", "a:lnT"):
        etree.SubElement(etree.SubElement(properties, qn(side), w="0"), qn("a:noFill"))
    below = etree.SubElement(properties, qn("a:lnB"), w=str(Pt(width)))
    fill = etree.SubElement(etree.SubElement(below, qn("a:solidFill")), qn("a:srgbClr"))
    fill.set("val", colour.lstrip("#"))
    etree.SubElement(properties, qn("a:noFill"))


def _hatch(cell: Any) -> None:
    properties = cell._tc.get_or_add_tcPr()
    properties.remove(properties.find(qn("a:noFill")))
    _pattern(properties)


def _pattern(parent: Any) -> None:
    for place in parent.findall(qn("a:solidFill")):
        parent.remove(place)
    pattern = etree.Element(qn("a:pattFill"), prst="ltUpDiag")
    for name, colour in (("a:fgClr", palette.LINE), ("a:bgClr", palette.WHITE)):
        etree.SubElement(etree.SubElement(pattern, qn(name)), qn("a:srgbClr")).set("val", colour.lstrip("#"))
    border = parent.find(qn("a:ln"))
    if border is not None:
        border.addprevious(pattern)
    else:
        parent.append(pattern)


def _fill(shape: Any, colour: str) -> None:
    _unstyled(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = _colour(colour)
    shape.line.fill.background()


def _unstyled(shape: Any) -> None:
    """Without the style that shapes are born with, and its shadow."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)


def _filled(shapes: Any, x: float, y: float, width: float, height: float, colour: str) -> Any:
    box = shapes.add_shape(MSO_SHAPE.RECTANGLE, _at(x), _at(y), _at(width), _at(height))
    _fill(box, colour)
    return box


def _line(shapes: Any, x: float, y: float, x2: float, y2: float, colour: str, width: float) -> Any:
    line = shapes.add_connector(MSO_CONNECTOR.STRAIGHT, _at(x), _at(y), _at(x2), _at(y2))
    _unstyled(line)
    line.line.color.rgb = _colour(colour)
    line.line.width = Pt(width)
    return line


def _draw_mark(shapes: Any, tone: str, x: float, y: float, size: float) -> None:
    """The mark of an outcome, in a square of that size: the same shapes as on the screen."""
    unit, colour = size / 20, palette.TONES[tone]

    def shape(kind: Any, left: float, top: float, width: float, height: float, fill: str) -> Any:
        made = shapes.add_shape(kind, _at(x + left * unit), _at(y + top * unit), _at(width * unit), _at(height * unit))
        _fill(made, fill)
        return made

    if tone == "broken":
        shape(MSO_SHAPE.DIAMOND, 0.8, 0.8, 18.4, 18.4, colour)
        crack = ((11.8, 3.2), (8.6, 8.6), (11.6, 11.0), (8.4, 16.8))
        builder = shapes.build_freeform(*(_at(at + off * unit) for at, off in zip((x, y), crack[0], strict=True)))
        builder.add_line_segments([(_at(x + a * unit), _at(y + b * unit)) for a, b in crack[1:]], close=False)
        made = builder.convert_to_shape()
        _unstyled(made)
        made.fill.background()
        made.line.color.rgb = _colour(palette.WHITE)
        made.line.width = Pt(max(1.5 * unit, 0.75))
    elif tone == "exceeds":
        shape(MSO_SHAPE.ISOSCELES_TRIANGLE, 0.6, 1, 18.8, 17.4, colour)
    elif tone == "aligned":
        shape(MSO_SHAPE.RECTANGLE, 1.5, 2.5, 17, 6, colour)
        shape(MSO_SHAPE.RECTANGLE, 1.5, 11.5, 17, 6, colour)
    elif tone == "dna":
        shape(MSO_SHAPE.OVAL, 1, 1, 18, 18, colour)
        ring = shape(MSO_SHAPE.OVAL, 5.9, 5.9, 8.2, 8.2, colour)
        ring.line.color.rgb = _colour(palette.WHITE)
        ring.line.width = Pt(1.65 * unit)
    else:
        ring = shape(MSO_SHAPE.OVAL, 2, 2, 16, 16, palette.WHITE)
        ring.line.color.rgb = _colour(colour)
        ring.line.width = Pt(1.65 * unit)
        ring.line.dash_style = MSO_LINE.DASH


# --- The timeline -----------------------------------------------------------------------------------------------------


class _TimelineShapes:
    """The timeline of ``scoring.charts``, as shapes: units of its drawing, times ``scale``."""

    def __init__(self, page: _Page, block: Drawing, x: float, y: float, scale: float) -> None:
        self.page, self.block, self.timeline = page, block, block.timeline
        self.x, self.y, self.scale = x, y, scale
        self.group = page.shapes.add_group_shape()
        self.group.name = block.name
        _describe(self.group, block.name)

    def draw(self) -> None:
        timeline = self.timeline
        for phase in timeline.phases:
            self.box(phase.x, timeline.top, phase.width, timeline.phase_height, palette.SUNKEN)
            self.words(phase.label, phase.x, phase.label_y, muted=True)
        for lane in timeline.lanes:
            self.words(lane.label, 0, lane.middle, strong=True)
            self.rule(96, lane.bottom, timeline.axis_end, lane.bottom)
            for point in lane.points:
                self.point(point)
        self.words(self.block.verdict, 0, timeline.verdict_y + 20, strong=True)
        for box in timeline.segments:
            self.segment(box, timeline)
        self.axis(timeline)

    def point(self, point: Any) -> None:
        if point.width > 12:
            mark = self.group.shapes.add_shape(
                MSO_SHAPE.ROUNDED_RECTANGLE, *self.at(point.x, point.bar_y, point.width, 7)
            )
            mark.adjustments[0] = 0.5
        else:
            mark = self.group.shapes.add_shape(MSO_SHAPE.OVAL, *self.at(point.middle - 5.5, point.y - 5.5, 11, 11))
        _fill(mark, palette.INK if point.harms else palette.WHITE)
        mark.line.color.rgb = _colour(palette.INK)
        mark.line.width = Pt(1.5)
        if point.label:
            self.words(point.label, point.label_x, point.text_y, anchor=point.anchor)

    def segment(self, box: Any, timeline: Timeline) -> None:
        shape = self.group.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self.at(box.x, timeline.verdict_y, box.width, 30))
        drawn = box.tone != "none"
        _fill(shape, palette.TONES[box.tone] if drawn else palette.WHITE)
        if not drawn:
            shape.line.color.rgb = _colour(palette.TONES["none"])
            shape.line.dash_style = MSO_LINE.DASH
        if box.label:
            colour = palette.WHITE if drawn else palette.TONE_INKS["none"]
            self.words(box.label, box.inside, timeline.verdict_y + 19.5, colour=colour, strong=True)

    def axis(self, timeline: Timeline) -> None:
        y = timeline.axis_y
        self.rule(96, y, timeline.axis_end, y)
        for tick in timeline.ticks:
            self.rule(tick.x, y, tick.x, y + 6)
            self.words(tick.label, tick.x, y + 21, muted=True)
        if timeline.cut:
            for shift in (-6, 0):
                self.rule(timeline.cut + shift, y + 6, timeline.cut + shift + 6, y - 6, palette.INK_2)
            self.words(self.block.published, timeline.segments[0].x, y + 21, muted=True)

    def at(self, x: float, y: float, width: float, height: float) -> list[Emu]:
        scale = self.scale
        return [_at(self.x + x * scale), _at(self.y + y * scale), _at(width * scale), _at(height * scale)]

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        _fill(self.group.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self.at(x, y, width, height)), colour)

    def rule(self, x: float, y: float, x2: float, y2: float, colour: str = palette.LINE) -> None:
        ends = (self.x + x * self.scale, self.y + y * self.scale, self.x + x2 * self.scale, self.y + y2 * self.scale)
        _line(self.group.shapes, *ends, colour, 0.75)

    def words(
        self,
        text: str,
        x: float,
        baseline: float,
        *,
        anchor: str = "start",
        muted: bool = False,
        strong: bool = False,
        colour: str = palette.INK,
    ) -> None:
        """A label whose baseline stands there, as on the drawing; its box is wide enough for any typeface."""
        if not text:
            return
        size = 12.5
        width = fitting.length(text, fitting.Style(size, strong=strong)) * 1.1 + 6
        left = min(self.x + x * self.scale - (width if anchor == "end" else 0), fitting.WIDTH - fitting.MARGIN - width)
        top = self.y + baseline * self.scale - size * 1.02
        box = self.group.shapes.add_textbox(_at(left), _at(top), _at(width), _at(size * fitting.LEADING))
        _frame(box.text_frame, MSO_ANCHOR.TOP)
        box.text_frame.word_wrap = False
        paragraph = box.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if anchor == "end" else PP_ALIGN.LEFT
        self.page._write(paragraph, (Run(text, strong=strong, muted=muted),), size, colour=colour)
