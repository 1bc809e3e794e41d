"""Steps 6 and 7: how far it is, the report, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from brands.importing import jobs, undoing
from brands.importing.kinds import Kind, kind_named
from brands.importing.undoing import TouchedError
from brands.models import ImportJob, ImportRow, ImportState
from brands.models.importing import REFUSED_ROWS
from cxalign.desk.imports.access import STEPS, job_page, on_to
from cxalign.desk.imports.checking import rows_context
from cxalign.desk.imports.naming import Name, names_of
from cxalign.desk.rendering import person, render_desk
from cxalign.templatetags.cxalign import grouped

TOUCHED_SHOWN = 50
REST = "rest"
"""Undo what can be undone, and leave the other rows as they are."""


@job_page
@require_safe
def job(request: HttpRequest, job: ImportJob) -> HttpResponse:
    if job.is_at_work:
        return render_desk(request, "desk/imports/progress.html", progress_context(job))
    if ImportState(job.state) in STEPS:
        return on_to(job)
    return report(request, job)


def progress_context(job: ImportJob) -> dict[str, Any]:
    done, total = job.progress, jobs.to_do(job)
    known = {"job": job, "kind": kind_named(job.type), "done": done, "total": total}
    return {**known, "told": told(done, total), "rate": round(jobs.rate(job))}


def told(done: int, total: int) -> str:
    return _("Rows done: %(done)s of %(total)s") % {"done": grouped(done), "total": grouped(total)}


def report(
    request: HttpRequest, job: ImportJob, refused: TouchedError | None = None, status: int = 200
) -> HttpResponse:
    kind = kind_named(job.type)
    refused = refused or undoing.refused_for(job)
    touched = refused.rows if refused else []
    undone = ImportRow.objects.filter(job=job, undone=True).count()
    context = {
        **rows_context(request, job),
        "failure": jobs.failure(job),
        "written": jobs.written(job),
        "undone": undone,
        "staying": staying(kind, job) if undone and not job.error and job.state != ImportState.UNDONE else None,
        "refused": sum(job.counts.get(outcome, 0) for outcome in REFUSED_ROWS),
        "can_undo": undoing.can_undo(job, person(request)),
        "touched": with_names(kind, job, touched[:TOUCHED_SHOWN]),
        "touched_count": refused.count if refused else 0,
        "others": refused.others if refused else 0,
    }
    return render_desk(request, "desk/imports/report.html", context, status=status)


def with_names(kind: Kind, job: ImportJob, rows: undoing.Stays) -> list[tuple[ImportRow, Name, str]]:
    names = names_of(kind, job, [row for row, _why in rows])
    return [(row, names[row.pk], why) for row, why in rows]


def staying(kind: Kind, job: ImportJob) -> dict[str, Any]:
    """What an undoing of the rest left as it was."""
    rows = jobs.standing(job).order_by("number")
    shown = [(row, undoing.why_it_stays(row)) for row in rows[:TOUCHED_SHOWN]]
    return {"count": rows.count(), "rows": with_names(kind, job, shown)}


@job_page
@require_safe
def state(request: HttpRequest, job: ImportJob) -> HttpResponse:
    """For the script that keeps the progress page fresh."""
    done, total = job.progress, jobs.to_do(job)
    return JsonResponse({"at_work": job.is_at_work, "done": done, "total": total, "told": told(done, total)})


@job_page
@require_POST
def cancel(request: HttpRequest, job: ImportJob) -> HttpResponse:
    try:
        jobs.cancel(job, person(request))
    except jobs.StepError as error:
        messages.error(request, error.message)
    return redirect("desk-imports-job", pk=job.pk)


@job_page
@require_POST
def undo(request: HttpRequest, job: ImportJob) -> HttpResponse:
    try:
        count = undoing.undo(job, person(request), rest=request.POST.get("mode") == REST)
    except undoing.TouchedError as error:
        messages.error(request, error.message)
        return report(request, job, refused=error, status=409)
    except jobs.StepError as error:
        messages.error(request, error.message)
    except OperationalError:  # SQLite: somebody else has been writing all the while
        messages.error(request, _("The database is busy with other work: nothing was undone. Try again in a moment."))
    else:
        if count is not None:
            tell_undone(request, count)
    return redirect("desk-imports-job", pk=job.pk)


def tell_undone(request: HttpRequest, count: int) -> None:
    words = ngettext("Undone: %(count)s record.", "Undone: %(count)s records.", count)
    messages.success(request, words % {"count": grouped(count)})
