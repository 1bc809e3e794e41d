"""Step 3: which column is which, how the file was read, and what its dates mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from brands.importing import jobs
from brands.importing.dates import Evidence, Order
from brands.importing.examining import date_questions
from brands.importing.files import ENCODINGS, SEPARATORS
from brands.importing.kinds import Kind, kind_named
from brands.imports.reading import Table, UnusableError
from brands.models import ImportJob
from brands.models.importing import OPEN
from cxalign.desk.imports.access import job_page, on_to
from cxalign.desk.rendering import render_desk

SAMPLES = 3
SAMPLE_LENGTH = 80
PREVIEWED = 4


@dataclass(frozen=True)
class ColumnLine:
    """A column of the file as the page asks about it."""

    place: int
    header: str
    samples: list[str]
    chosen: str | None


@dataclass(frozen=True)
class DateQuestion:
    name: str
    label: str
    evidence: Evidence
    chosen: str


@job_page
def columns(request: HttpRequest, job: ImportJob) -> HttpResponse:
    if job.state not in OPEN:
        return on_to(job)
    if request.method == "POST" and "read" in request.POST:
        return read_again(request, job)
    if request.method == "POST":
        return settle(request, job)
    return page(request, job, jobs.table_of(job))


def read_again(request: HttpRequest, job: ImportJob) -> HttpResponse:
    encoding, separator = request.POST.get("encoding", ""), request.POST.get("separator", "")
    try:
        jobs.read_again(job, known(encoding, ENCODINGS), known(separator, SEPARATORS))
    except UnusableError as error:
        return page(request, job, jobs.table_of(job), complaints=[("", "", str(error.problem))], status=422)
    return on_to(job)


def known(value: str, allowed: dict[str, str]) -> str:
    return value if value in allowed else ""


def settle(request: HttpRequest, job: ImportJob) -> HttpResponse:
    kind = kind_named(job.type)
    table = jobs.table_of(job)
    try:
        jobs.settle_columns(
            job, chosen_mapping(request, kind, job), chosen_orders(request, kind), overwrite="overwrite" in request.POST
        )
        questions = jobs.open_questions(job, table)
        if questions:
            return page(request, job, table, complaints=questions, status=422)
        jobs.check(job)
    except jobs.StepError as error:
        return page(request, job, table, complaints=[("", "", error.message)], status=409)
    return on_to(job)


def chosen_mapping(request: HttpRequest, kind: Kind, job: ImportJob) -> list[str | None]:
    return [chosen(request, kind, place) for place in range(len(job.header))]


def chosen(request: HttpRequest, kind: Kind, place: int) -> str | None:
    if f"ignore-{place}" in request.POST:
        return ""
    name = request.POST.get(f"column-{place}", "")
    return name if name in kind.names else None


def chosen_orders(request: HttpRequest, kind: Kind) -> dict[str, str]:
    said = {name: request.POST.get(f"dates-{name}", "") for name in kind.names}
    return {name: order for name, order in said.items() if order in tuple(Order)}


def page(
    request: HttpRequest,
    job: ImportJob,
    table: Table,
    complaints: list[tuple[str, str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    kind = kind_named(job.type)
    lines = [line(job, table, place) for place in range(len(job.header))]
    context: dict[str, Any] = {
        "job": job,
        "kind": kind,
        "lines": lines,
        "fields": [(column.name, kind.label(column), kind.is_required(column)) for column in kind.columns],
        "complaints": complaints or [],
        "wrong": {column for _code, column, _text in complaints or []},
        "questions": questions(job, kind, table),
        "preview": [cells for _number, cells in telling_rows(table)],
        "encodings": ENCODINGS.items(),
        "separators": [(mark, separator_name(mark)) for mark in SEPARATORS],
        "is_text": job.reading.get("format") == "csv",
    }
    return render_desk(request, "desk/imports/columns.html", context, status=status)


def separator_name(mark: str) -> str:
    names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
    return names[mark]


def telling_rows(table: Table) -> list[tuple[int, list[str]]]:
    """The rows that show how the file was read: those with accents first, in the order of the file."""
    accented = [row for row in table.rows if not "".join(row[1]).isascii()][:PREVIEWED]
    plain = [row for row in table.rows[:PREVIEWED] if row not in accented]
    return sorted([*accented, *plain][:PREVIEWED])


def line(job: ImportJob, table: Table, place: int) -> ColumnLine:
    filled = (cells[place] for _number, cells in table.rows if place < len(cells) and cells[place].strip())
    samples: list[str] = []
    for cell in filled:
        if cell[:SAMPLE_LENGTH] not in samples:
            samples.append(cell[:SAMPLE_LENGTH])
        if len(samples) == SAMPLES:
            break
    return ColumnLine(place, job.header[place], samples, job.mapping[place])


def questions(job: ImportJob, kind: Kind, table: Table) -> list[DateQuestion]:
    answered = job.options.get("dates", {})
    return [
        DateQuestion(name, kind.label(kind.column(name)), found, answered.get(name, ""))
        for name, found in date_questions(kind, table.rows, job.mapping).items()
    ]
