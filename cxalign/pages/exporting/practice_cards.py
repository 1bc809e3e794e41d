"""Practices taken away: one as a card, on A4 or slides; all that is listed as a table. In the words of the page."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_safe

from cxalign.exports import csv, pdf, xlsx
from cxalign.exports.naming import file_name
from cxalign.exports.pdf import Report, Section
from cxalign.exports.slides import Block, Deck, Grid, Heading, Paragraph, Run, Slide, cell, line
from cxalign.exports.tables import Column, Row, Table
from cxalign.pages import practices as page
from cxalign.pages.errors import bad_request
from cxalign.pages.exporting import giving, sheets
from cxalign.pages.exporting.edition import LICENCE, colon
from cxalign.pages.exporting.files import Made
from cxalign.pages.filters import Asked
from cxalign.pages.frame import PICKED_PRACTICES, reader_of
from cxalign.pages.practice_facts import Part, citation, facts_of, standing_of, text_of, texts_of
from cxalign.practices.models import Practice
from cxalign.practices.reading import chosen_among, visible_practices, with_places
from cxalign.templatetags.cxalign import full_date, page_language, safe_address

ON_THE_SLIDE = ("problem", "done", "for_whom", "with_whom")
"""The texts that a slide shows; the others are on a second one."""


# --- One practice -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    practice: Any
    """It comes ``with_places``."""

    @property
    def title(self) -> str:
        return text_of(self.practice, "title")[0]

    @property
    def address(self) -> str:
        return settings.BASE_URL + reverse("practice", args=[self.practice.key])

    @property
    def facts(self) -> list[Part]:
        """What is recorded beside the texts, without what ``standing_of`` says."""
        told = standing_of(self.practice)
        return [part for part in facts_of(self.practice) if part.text and not said_by(told, part)]

    @property
    def texts(self) -> list[Part]:
        return [part for part in texts_of(self.practice) if part.text]

    @property
    def lacking(self) -> str:
        parts = [*texts_of(self.practice), *facts_of(self.practice)]
        return ", ".join(part.heading for part in parts if not part.text)

    @property
    def sources(self) -> str:
        return "; ".join(map(citation, self.practice.cited)) or self.practice.attributed_to

    @property
    def standing(self) -> str:
        updated = _("Last changed on %(day)s") % {"day": full_date(timezone.localdate(self.practice.updated_at))}
        return " · ".join([updated, LICENCE])

    @property
    def sticker(self) -> str:
        return "" if self.practice.state == "published" else _("Draft – not published")

    def file(self, ending: str) -> str:
        day = timezone.localdate(self.practice.updated_at).isoformat()
        return file_name("practice", self.practice.key[:80], day, page_language(), ending=ending)


def said_by(told: str, part: Part) -> bool:
    return part.name in ("evidence", "attributed_to") and part.text in told


@require_safe
def export_card(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    reader = reader_of(request)
    record = with_places(visible_practices(reader).filter(key=slug), reader).first()
    if record is None:
        raise Http404
    return giving.given(request, format, CARDS, lambda: Card(record))


def as_pdf(card: Card) -> Made:
    return pdf.write(report_of(card)), card.file("pdf")


def report_of(card: Card) -> Report:
    texts = [Section(part.heading, [_text(part)]) for part in card.texts]
    lacking = [Section(_("Not documented"), [Paragraph(line(card.lacking))])] if card.lacking else []
    return Report(
        title=card.title,
        language=page_language(),
        heading=card.title,
        under=[text_of(card.practice, "summary")[0]],
        opening_title=_("How to read this"),
        opening=[Paragraph(line(standing_of(card.practice)), "lead")],
        tone="none",
        sections=[
            *texts,
            *lacking,
            Section(_("At a glance"), [_glance(card)]),
            Section(_("Sources"), _sources(card)),
        ],
        standing=card.standing,
        address=card.address,
        page_of=_("page {page} of {pages}"),
        sticker=card.sticker,
        keywords=[_("practice"), card.title],
    )


def _text(part: Part, role: str = "body") -> Paragraph:
    return Paragraph(line(Run(part.text, lang=part.language)), "quote" if part.name == "problem" else role)


def _glance(card: Card) -> Grid:
    rows = [[cell(part.heading, heads=True), cell(part.text)] for part in card.facts]
    return Grid("", [Heading(_("What"), 1), Heading(_("Recorded"), 2)], rows)


def _sources(card: Card) -> list[Block]:
    """Each with a link that works; where none is on file, whoever told of it."""
    cited: list[Block] = [
        Paragraph(line(Run(citation(source), link=safe_address(source.url))), "item") for source in card.practice.cited
    ]
    return cited or [Paragraph(line(card.practice.attributed_to or _("No source is on file.")), "item")]


def as_pptx(card: Card) -> Made:
    return giving.presentation(deck_of(card)), card.file("pptx")


def deck_of(card: Card) -> Deck:
    first = [part for part in card.texts if part.name in ON_THE_SLIDE]
    rest = [part for part in card.texts if part.name not in ON_THE_SLIDE]
    summary = Paragraph(line(text_of(card.practice, "summary")[0]), "lead")
    slides = [_slide(card, "practice", card.title, [summary, *_told(first)], [_glance(card)])]
    if rest:
        told = _("What to know before doing it too: %(practice)s") % {"practice": card.title}
        slides.append(_slide(card, "transfer", told, _told(rest)))
    return Deck(
        title=card.title,
        language=page_language(),
        slides=slides,
        standing=card.standing,
        address=card.address,
        sources_word=_("Sources:"),
        sticker=card.sticker,
        subject=standing_of(card.practice),
    )


def _told(parts: Sequence[Part]) -> list[Block]:
    return [block for part in parts for block in (Paragraph(line(part.heading), "heading"), _text(part))]


def _slide(card: Card, code: str, title: str, main: Sequence[Block], aside: Sequence[Block] = ()) -> Slide:
    said = [Paragraph(line(Run(standing_of(card.practice), muted=True)), "small")]
    lacking = [f"{_('Not documented')}{colon()} {card.lacking}"] if card.lacking else []
    links = [f"{citation(source)} {safe_address(source.url)}".strip() for source in card.practice.cited]
    return Slide(code, title, [*main, *said], aside, sources=card.sources, notes=[*lacking, *links])


CARDS: dict[str, Callable[[Card], Made]] = {"pdf": as_pdf, "pptx": as_pptx}


# --- All that is listed -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    found: Asked
    dialect: str

    @property
    def practices(self) -> Any:
        everything = visible_practices(None)
        return with_places(chosen_among(everything, page.chosen(self.found), self.found.query), None)

    def file(self, ending: str) -> str:
        return file_name("practices", timezone.localdate().isoformat(), page_language(), ending=ending)


@require_safe
def export_list(request: HttpRequest, format: str) -> HttpResponse:
    """The published practices that answer to the filters of the library; the same file for everybody."""
    dialect = request.GET.get("dialect", "rfc4180")
    if dialect not in csv.DIALECTS:
        raise Http404
    query = request.GET.copy()
    for name in (*giving.OWN, "page", PICKED_PRACTICES):
        query.pop(name, None)
    if page.asked(query, visible_practices(None)).complaints:
        return bad_request(request)
    return giving.given(request, format, LISTS, lambda: Listed(page.asked(query, visible_practices(None)), dialect))


TEXT = sheets.TEXT
ABOUT_EACH: tuple[sheets.Described, ...] = (
    ("practice", gettext_noop("Practice (code)"), gettext_noop("Part of its address, stable."), TEXT, 28),
    ("title", gettext_noop("Title"), gettext_noop("What was done, a verb first."), TEXT, 40),
    ("summary", gettext_noop("In short"), gettext_noop("What it does."), TEXT, 50),
)
CODES: tuple[sheets.Described, ...] = (
    ("family_code", gettext_noop("Family (code)"), gettext_noop("The same for programs."), TEXT, 10),
    ("category_code", gettext_noop("Category (code)"), gettext_noop("The same for programs."), TEXT, 18),
    ("evidence_code", gettext_noop("Evidence (code)"), gettext_noop("The same for programs."), TEXT, 18),
    ("address", gettext_noop("Address"), gettext_noop("The page of the practice."), TEXT, 40),
    ("sources", gettext_noop("Sources"), gettext_noop("What it rests on, each with its address."), TEXT, 60),
)
CITED: tuple[sheets.Described, ...] = (
    ("practice", gettext_noop("Practice (code)"), gettext_noop("Part of its address, stable."), TEXT, 28),
    ("source", gettext_noop("Source (code)"), gettext_noop("Its key: part of its address, stable."), TEXT, 30),
    ("citation", gettext_noop("Source"), gettext_noop("Author, title, publisher and date."), TEXT, 70),
    ("address", gettext_noop("Address"), gettext_noop("Where it can be read."), TEXT, 60),
)


def practice_table(listed: Listed) -> Table:
    """What the page of a practice says, a column a heading; the codes beside the words."""
    parts = [*facts_of(_blank()), *texts_of(_blank())]
    told = [Column(one.name, one.heading, _("As on the page of the practice."), TEXT, 32) for one in parts]
    columns = [*sheets.columns(ABOUT_EACH), *told, *sheets.columns(CODES)]
    return Table("practices", _("Practices"), columns, _rows(listed))


def _blank() -> Any:
    """A practice of which nothing is recorded: for its headings."""
    blank: Any = Practice(evidence_level="reported", category="care", family="F01")
    blank.stakeholders, blank.shown_brands, blank.cited = (), [], []
    return blank


def _rows(listed: Listed) -> Iterator[Row]:
    for practice in listed.practices:
        card = Card(practice)
        links = [f"{citation(source)} {safe_address(source.url)}".strip() for source in practice.cited]
        yield [
            practice.key,
            card.title,
            text_of(practice, "summary")[0],
            *(part.text for part in [*facts_of(practice), *texts_of(practice)]),
            *(practice.family, practice.category, practice.evidence_level, card.address),
            " | ".join(links) or practice.attributed_to,
        ]


def source_table(listed: Listed) -> Table:
    rows = (
        [practice.key, source.key, citation(source), safe_address(source.url)]
        for practice in listed.practices
        for source in practice.cited
    )
    return Table("sources", _("Sources"), sheets.columns(CITED), rows)


def as_xlsx(listed: Listed) -> Made:
    target = io.BytesIO()
    tables = [practice_table(listed), source_table(listed)]
    xlsx.write(target, sheets.workbook(_("Practices"), about(listed), tables))
    return target.getvalue(), listed.file("xlsx")


def about(listed: Listed) -> list[tuple[str, str]]:
    """Scope, filters and time: what the file is, for whoever opens it far from the page."""
    count = listed.practices.count()
    filters = "; ".join(f"{chip.label}{colon()} {chip.value}" for chip in listed.found.chips)
    told = ngettext("%(count)d practice", "%(count)d practices", count) % {"count": count}
    return [
        (_("Holds"), told),
        (_("Filters"), filters or _("none: everything that is published")),
        (_("To bear in mind"), _("Recorded, not recommended.")),
        (_("Address"), settings.BASE_URL + reverse("practices")),
        (_("Made on"), full_date(timezone.localdate())),
    ]


def as_csv(listed: Listed) -> Made:
    return b"".join(csv.lines(practice_table(listed), listed.dialect)), listed.file("csv")


LISTS: dict[str, Callable[[Listed], Made]] = {"xlsx": as_xlsx, "csv": as_csv}
