"""Who sees which import: its requester, the requester’s team, and editors. To everybody else it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from brands.importing.kinds import KINDS, kind_named
from brands.importing.rights import check_can_import, right
from brands.models import ImportJob, ImportState
from cxalign.desk.access import desk_page

IMPORTING = tuple(right(kind, "add") for kind in KINDS)

STEPS = {
    ImportState.UPLOADED: "desk-imports-columns",
    ImportState.MAPPED: "desk-imports-columns",
    ImportState.CHECKED: "desk-imports-check",
}
"""Where a person goes on; everything else is told on the page of the import itself."""


def job_page(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """A page about one import, for whoever sees it and may import such rows."""

    def found(request: HttpRequest, pk: UUID, **kwargs: Any) -> HttpResponse:
        jobs = ImportJob.objects.visible_to(request.user).select_related("crisis", "requested_by", "team")
        job = get_object_or_404(jobs.defer("data"), pk=pk)
        check_can_import(request.user, kind_named(job.type))
        return view(request, job, **kwargs)

    return desk_page(*IMPORTING)(found)


def on_to(job: ImportJob) -> HttpResponseRedirect:
    """To the step that the import has come to."""
    return HttpResponseRedirect(reverse(STEPS.get(ImportState(job.state), "desk-imports-job"), args=[job.pk]))
