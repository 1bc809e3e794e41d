"""Steps 4 and 5: what every row would do, what is wrong with it, and the decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import npgettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from brands.importing import giving_out, jobs
from brands.importing.covering import as_shown
from brands.importing.examining import CREATE_ANYWAY, LEAVE_OUT, POSSIBLE_DUPLICATE, SAME_RECORD
from brands.importing.kinds import Kind, kind_named
from brands.imports.report import told as told_of
from brands.models import ImportJob, ImportRow, ImportState, Outcome
from brands.models.importing import REFUSED_ROWS, WRITES
from cxalign.desk.imports.access import job_page, on_to
from cxalign.desk.imports.naming import (
    SHOWN_LENGTH,
    Name,
    Related,
    in_words,
    likenesses,
    names_of,
    related_names,
)
from cxalign.desk.imports.start import XLSX, attached
from cxalign.desk.rendering import person, render_desk

PAGE_SIZE = 50
DECISIONS = (LEAVE_OUT, SAME_RECORD, CREATE_ANYWAY)


@dataclass(frozen=True)
class Tile:
    outcome: str
    label: str
    count: int
    query: str
    chosen: bool


@dataclass(frozen=True)
class Told:
    """A message about a cell, with the column as people call it."""

    column: str
    text: str
    value: str


@dataclass(frozen=True)
class Changed:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class RowLine:
    row: ImportRow
    outcome: str
    name: Name
    told: list[Told]
    changes: list[Changed]
    alike: Name | None
    """What a possible duplicate looks like."""


@job_page
@require_safe
def check(request: HttpRequest, job: ImportJob) -> HttpResponse:
    if job.state != ImportState.CHECKED:
        return on_to(job)
    return page(request, job)


def page(request: HttpRequest, job: ImportJob, complaint: str = "", status: int = 200) -> HttpResponse:
    refused = sum(job.counts.get(outcome, 0) for outcome in REFUSED_ROWS)
    context = {
        **rows_context(request, job),
        "complaint": complaint,
        "refused": refused,
        "writes": sum(job.counts.get(outcome, 0) for outcome in WRITES),
        "duplicates": job.counts.get(Outcome.DUPLICATE, 0),
    }
    return render_desk(request, "desk/imports/check.html", context, status=status)


def rows_context(request: HttpRequest, job: ImportJob) -> dict[str, Any]:
    """Tiles and the page of rows, for the check and for the report."""
    kind = kind_named(job.type)
    outcome = request.GET.get("outcome", "")
    if outcome and outcome not in Outcome.values:
        raise Http404
    rows = ImportRow.objects.filter(job=job, **({"outcome": outcome} if outcome else {})).order_by("number")
    paged = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "job": job,
        "kind": kind,
        "tiles": tiles(job, outcome),
        "outcome": outcome,
        "paged": paged,
        "pages": [(number, query_of(outcome, number)) for number in near(paged)],
        "lines": lines_of(kind, job, as_shown(job, paged, person(request))),
        "some_changes": Outcome.UPDATE in {row.outcome for row in paged},
    }


def near(paged: Page[ImportRow]) -> list[int]:
    last = paged.paginator.num_pages
    return [number for number in range(1, last + 1) if number in (1, last) or abs(number - paged.number) <= 2]


def query_of(outcome: str, number: int = 1) -> str:
    said = {"outcome": outcome, "page": str(number) if number > 1 else ""}
    return urlencode({name: value for name, value in said.items() if value})


def tiles(job: ImportJob, chosen: str) -> list[Tile]:
    always = (Outcome.CREATE, Outcome.UPDATE, Outcome.UNCHANGED, Outcome.KEPT, Outcome.ERROR)
    return [
        Tile(
            outcome,
            counted_word(outcome, job.state == ImportState.DONE, job.counts.get(outcome, 0)),
            job.counts.get(outcome, 0),
            query_of(outcome),
            chosen == outcome,
        )
        for outcome in Outcome
        if outcome in always or job.counts.get(outcome)
    ]


def lines_of(kind: Kind, job: ImportJob, rows: list[ImportRow]) -> list[RowLine]:
    names, alike, related = names_of(kind, job, rows), likenesses(kind, job, rows), related_names(kind, rows)
    return [line(kind, job, row, names[row.pk], alike.get(row.pk), related) for row in rows]


def line(kind: Kind, job: ImportJob, row: ImportRow, name: Name, alike: Name | None, related: Related) -> RowLine:
    places = {name: place for place, name in enumerate(job.mapping) if name}
    told = [
        Told(label(kind, column), text, value(row, places.get(column), text))
        for column, code, text in told_of(row.messages)
        if not (alike and code == POSSIBLE_DUPLICATE)  # the page shows the two beside one another
    ]
    changes = [
        Changed(field_label(kind, field), in_words(kind, field, before, related), in_words(kind, field, after, related))
        for field, (before, after) in (row.changes.items() if row.outcome == Outcome.UPDATE else ())
    ]
    return RowLine(
        row, became(row), replace(name, day=own_day(kind, job, row)) if alike else name, told, changes, alike
    )


def own_day(kind: Kind, job: ImportJob, row: ImportRow) -> str:
    """The day of an act as its row gives it, to be held against the one that it looks like."""
    if kind.name != "actions" or "date" not in job.mapping:
        return ""
    place = job.mapping.index("date")
    return row.cells[place] if place < len(row.cells) else ""


def became(row: ImportRow) -> str:
    return pgettext("a row", "taken back") if row.undone else outcome_word(row.outcome, row.written)


def counted_word(outcome: str, done: bool, count: int) -> str:
    """What became of so many rows."""
    words = {
        Outcome.KEPT.value: npgettext("rows", "kept as it is", "kept as they are", count),
        Outcome.DUPLICATE.value: npgettext("rows", "possible duplicate", "possible duplicates", count),
        Outcome.ERROR.value: npgettext("rows", "error", "errors", count),
    }
    if done:
        words[Outcome.CREATE.value] = npgettext("rows", "created", "created", count)
        words[Outcome.UPDATE.value] = npgettext("rows", "updated", "updated", count)
    return words.get(outcome) or outcome_word(outcome, done)


def outcome_word(outcome: str, written: bool) -> str:
    """What would become of a row, or what became of it."""
    done = {Outcome.CREATE.value: pgettext("a row", "created"), Outcome.UPDATE.value: pgettext("a row", "updated")}
    return done.get(outcome, "") if written and outcome in done else str(Outcome(outcome).label)


def label(kind: Kind, name: str) -> str:
    return kind.label(kind.column(name)) if name in kind.names else ""


def field_label(kind: Kind, name: str) -> str:
    return str(kind.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def value(row: ImportRow, place: int | None, text: str) -> str:
    """What the cell says, unless the message quotes it anyway."""
    cell = row.cells[place][:SHOWN_LENGTH] if place is not None and place < len(row.cells) else ""
    return "" if cell in text else cell


@job_page
@require_POST
def duplicates(request: HttpRequest, job: ImportJob) -> HttpResponse:
    """What happens to the rows that look like something on file: all of them, and single ones."""
    single = {
        int(name.removeprefix("row-")): said
        for name, said in request.POST.items()
        if name.startswith("row-") and name.removeprefix("row-").isdecimal() and said in DECISIONS
    }
    everything = request.POST.get("all", "")
    try:
        jobs.decide_duplicates(job, everything if everything in DECISIONS else "", single)
    except jobs.StepError as error:
        messages.error(request, error.message)
    return on_to(job)


@job_page
@require_POST
def again(request: HttpRequest, job: ImportJob) -> HttpResponse:
    """Check a file again, also one whose import failed: the database may have moved on."""
    try:
        jobs.check(job)
    except jobs.StepError as error:
        messages.error(request, error.message)
    return on_to(job)


@job_page
@require_POST
def confirm(request: HttpRequest, job: ImportJob) -> HttpResponse:
    mode = jobs.VALID if request.POST.get("mode") == jobs.VALID else jobs.ALL
    try:
        jobs.confirm(job, person(request), mode)
    except jobs.StepError as error:
        if job.state == ImportState.CHECKED:
            return page(request, job, complaint=error.message, status=409)
        messages.error(request, error.message)
    return redirect("desk-imports-job", pk=job.pk)


@job_page
@require_safe
def refused(request: HttpRequest, job: ImportJob) -> HttpResponse:
    """The refused rows with their reasons, in the format in which they came."""
    data, ending = giving_out.refused_file(job, person(request))
    return attached(data, f"{job.type}-refused.{ending}", XLSX if ending == "xlsx" else "text/csv; charset=utf-8")
