"""Steps 6 and 7: how far it is, the report, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from brands.importing import jobs, undoing
from brands.importing.kinds import kind_named
from brands.models import ImportJob, ImportState
from brands.models.importing import REFUSED_ROWS
from cxalign.desk.imports.access import STEPS, job_page, on_to
from cxalign.desk.imports.checking import rows_context
from cxalign.desk.rendering import person, render_desk

TOUCHED_SHOWN = 50


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
    return {"job": job, "kind": kind_named(job.type), "done": done, "total": total, "rate": round(jobs.rate(job))}


def report(request: HttpRequest, job: ImportJob, touched: list[Any] | None = None, status: int = 200) -> HttpResponse:
    context = {
        **rows_context(request, job),
        "written": jobs.written(job),
        "refused": sum(job.counts.get(outcome, 0) for outcome in REFUSED_ROWS),
        "can_undo": undoing.can_undo(job, person(request)),
        "touched": (touched or [])[:TOUCHED_SHOWN],
        "touched_count": len(touched or []),
    }
    return render_desk(request, "desk/imports/report.html", context, status=status)


@job_page
@require_safe
def state(request: HttpRequest, job: ImportJob) -> HttpResponse:
    """For the script that keeps the progress page fresh."""
    done, total = job.progress, jobs.to_do(job)
    told = ngettext("%(done)s of %(total)s row", "%(done)s of %(total)s rows", total) % {"done": done, "total": total}
    return JsonResponse({"at_work": job.is_at_work, "done": done, "total": total, "told": told})


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
        count = undoing.undo(job, person(request))
    except undoing.TouchedError as error:
        messages.error(request, error.message)
        return report(request, job, touched=error.rows, status=409)
    except jobs.StepError as error:
        messages.error(request, error.message)
    else:
        told = ngettext("Undone: %(count)s record.", "Undone: %(count)s records.", count)
        messages.success(request, told % {"count": count} if count else _("Undone."))
    return redirect("desk-imports-job", pk=job.pk)
