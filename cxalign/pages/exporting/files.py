"""The formats in which a scorecard can be taken away, and who makes each."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from cxalign.exports import csv, drawings, images, pdf, pptx, xlsx
from cxalign.exports.slides import chosen
from cxalign.pages.exporting import deck, pictures, report, sheets
from cxalign.pages.exporting.edition import Edition
from cxalign.templatetags.cxalign import full_date

Made = tuple[bytes, str]
"""What the file holds, and its name."""
Maker = Callable[[Edition, QueryDict], Made]


def as_pptx(edition: Edition, asked: QueryDict) -> Made:
    target = io.BytesIO()
    pptx.write(target, chosen(deck.deck_of(edition), asked.getlist("slide")))
    return target.getvalue(), edition.file("pptx")


def as_xlsx(edition: Edition, asked: QueryDict) -> Made:
    target = io.BytesIO()
    tables = [sheets.table(name, [edition.card]) for name in sheets.TABLES]
    xlsx.write(target, sheets.workbook(edition.title, about(edition), tables))
    return target.getvalue(), edition.file("xlsx")


def about(edition: Edition) -> list[tuple[str, str]]:
    """What the file is, for whoever opens it far from the page."""
    told = [
        (_("Scorecard"), edition.title),
        (_("As of"), full_date(edition.as_of)),
        (_("Version"), edition.version),
        (_("Method"), str(edition.document["method_version"])),
        (_("Address"), edition.address),
        (_("Made on"), full_date(timezone.localdate())),
    ]
    draft = [(_("State"), edition.watermark or edition.sticker)] if edition.is_draft else []
    return [*draft, *told]


def as_pdf(edition: Edition, asked: QueryDict) -> Made:
    return pdf.write(report.report_of(edition)), edition.file("pdf")


def as_csv(edition: Edition, asked: QueryDict) -> Made:
    name, dialect = asked.get("table", "proofs"), asked.get("dialect", "rfc4180")
    if name not in sheets.TABLES or dialect not in csv.DIALECTS:
        raise Http404
    return b"".join(csv.lines(sheets.table(name, [edition.card]), dialect)), edition.file("csv", name)


def as_json(edition: Edition, asked: QueryDict) -> Made:
    """The document of the API."""
    voice = edition.voice
    replied = voice.last.received_at.date() if voice and voice.spoken else None
    return replace(edition.card, replied_on=replied).as_json(), edition.file("json")


def as_svg(edition: Edition, asked: QueryDict) -> Made:
    chart, drawn = _drawn(edition, asked)
    return drawings.picture_svg(drawn), edition.file("svg", chart)


def as_png(edition: Edition, asked: QueryDict) -> Made:
    chart, drawn = _drawn(edition, asked)
    return images.png(drawn), edition.file("png", chart)


def _drawn(edition: Edition, asked: QueryDict) -> tuple[str, drawings.Picture]:
    chart = asked.get("chart", "timeline")
    drawn = pictures.picture(edition, chart) if chart in pictures.CHARTS else None
    if drawn is None:
        raise Http404
    return chart, drawn


FORMATS: dict[str, Maker] = {
    "pptx": as_pptx,
    "pdf": as_pdf,
    "xlsx": as_xlsx,
    "csv": as_csv,
    "json": as_json,
    "svg": as_svg,
    "png": as_png,
}
HEAVY = ("pptx", "pdf", "xlsx", "png")
"""What costs more than a page: of these a reader gets so many an hour."""
