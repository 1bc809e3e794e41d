"""Many scorecards at once: the published set, or what the filters of the brand list leave of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxalign.exports import csv, jobs, xlsx
from cxalign.exports.jobs import Query
from cxalign.exports.models import ExportJob
from cxalign.exports.naming import file_name
from cxalign.pages import brands
from cxalign.pages.cases import with_case
from cxalign.pages.exporting import sheets
from cxalign.pages.exporting.edition import colon
from cxalign.pages.filters import BRAND, Asked, asked, choosable, choosable_names, unknown_value
from cxalign.templatetags.cxalign import full_date, in_a_row, page_language
from scoring.models import Publication
from scoring.scorecards import Scorecard
from scoring.visibility import visible_brands

KIND = "scorecards"
FILTERS = (*choosable_names(), "q", "since", BRAND)
FORM = ("table", "dialect", "language", "page")
"""What asks for a form of the file, and filters nothing."""
DEFAULTS = {"table": "scorecards", "dialect": "rfc4180"}
CHUNK = 100


def query_of(parameters: QueryDict) -> Query:
    """The filters of an address, without what asks for a format."""
    return {name: parameters.getlist(name) for name in parameters if name not in FORM}


def as_parameters(query: Query) -> QueryDict:
    return QueryDict(urlencode(query, doseq=True))


def understood(query: Query) -> Asked:
    """What the filters mean; with a complaint for each that means nothing. Everybody is given the same set."""
    everything = visible_brands(None)
    filters = {name: values for name, values in query.items() if name not in FORM}
    return asked(as_parameters(filters), choosable(everything), among=everything)


def publications(found: Asked) -> QuerySet[Publication]:
    """The verdicts in force that fit, with the documents that lists leave out."""
    everything = visible_brands(None)
    listed, _closest = brands.filtered(everything, found)
    fitting = Publication.objects.current().with_case().filter(found.about_verdicts())
    fitting = fitting.filter(assessment__brand__in=listed.order_by().values("pk"))
    return fitting.defer("snapshot__facts", "snapshot__verdict").order_by(
        "assessment__brand__sort_key", "assessment__brand__slug", "assessment__crisis__slug"
    )


def cards(found: QuerySet[Publication]) -> Iterator[Scorecard]:
    """One after the other: however many there are, few are in memory."""
    for publication in found.iterator(chunk_size=CHUNK):
        yield Scorecard(with_case(publication).snapshot, publication, settings.BASE_URL)


def as_csv(found: QuerySet[Publication], table: str, dialect: str) -> Iterator[bytes]:
    return csv.lines(sheets.table(table, cards(found)), dialect)


def workbook(found: QuerySet[Publication], asked_for: Asked, count: int, told: jobs.Told = lambda done: None) -> Any:
    """Every sheet over the whole set. ``told`` hears how many scorecards are done."""
    passed = Passed(told, len(sheets.TABLES))
    tables = [sheets.table(name, passed.counting(cards(found))) for name in sheets.TABLES]
    title = _("Published scorecards")
    return sheets.workbook(title, about(asked_for, count), tables)


class Passed:
    """Counts scorecards as they pass; each passes once a sheet."""

    def __init__(self, told: jobs.Told, sheets: int) -> None:
        self.told, self.sheets, self.count = told, sheets, 0

    def counting(self, passing: Iterable[Scorecard]) -> Iterator[Scorecard]:
        for card in passing:
            yield card
            self.count += 1
            self.told(self.count // self.sheets)


def about(asked_for: Asked, count: int) -> list[tuple[str, str]]:
    """Scope, filters and time: what the file is, for whoever opens it far from the page."""
    filters = in_a_row(f"{chip.label}{colon()} {chip.value}" for chip in asked_for.chips)
    told = ngettext("%(count)d scorecard", "%(count)d scorecards", count) % {"count": count}
    return [
        (_("Holds"), told),
        (_("Filters"), filters or _("none: everything that is published")),
        (_("Made on"), full_date(timezone.localdate())),
        (_("Address"), settings.BASE_URL),
    ]


def name_of(ending: str, table: str = "") -> str:
    return file_name("scorecards", table, timezone.localdate().isoformat(), page_language(), ending=ending)


def measure(format: str, query: Query) -> jobs.Measured:
    """What a program asks for: the same set and the same names as on the page."""
    found = understood(query)
    if found.complaints:
        raise jobs.WishError(wrong_in(found, query))
    table = first(query, "table") if format == "csv" else ""
    return jobs.Measured(name_of(format, table), publications(found).count())


def wrong_in(found: Asked, query: Query) -> list[tuple[str, str]]:
    """Which filter has which value that nothing has."""
    known = {one.name: {option.value for option in one.options} for one in found.filters}
    labels = {one.name: one.label for one in found.filters}
    return [
        (name, unknown_value(labels[name], value))
        for name, values in query.items()
        for value in values
        if name in known and value not in known[name]
    ] or [("", complaint) for complaint in found.complaints]


def first(query: Query, name: str) -> str:
    return next(iter(query.get(name, ())), DEFAULTS[name])


def write(job: ExportJob, path: Path, told: jobs.Told) -> None:
    """What a worker does for an ordered file."""
    found = understood(job.query)
    chosen = publications(found)
    if job.format == "xlsx":
        xlsx.write(path, workbook(chosen, found, job.total, told))
        return
    passing = Passed(told, 1).counting(cards(chosen))
    with path.open("wb") as file:
        file.writelines(csv.lines(sheets.table(first(job.query, "table"), passing), first(job.query, "dialect")))


jobs.register(KIND, write, measure)
