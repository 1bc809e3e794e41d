"""The files that somebody asked for: how far each is, the file while it is kept, and a way to stop it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cxalign.accounts.access import account_page, person
from cxalign.exports import jobs
from cxalign.exports.answers import attachment
from cxalign.exports.models import ExportFile, ExportJob

SHOWN = 50


def own(request: HttpRequest, pk: UUID) -> ExportJob:
    """One of this person's; anybody else's does not exist."""
    found = ExportJob.objects.of(person(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@account_page
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    asked_for = ExportJob.objects.of(person(request))[:SHOWN]
    return render(request, "account/exports.html", {"jobs": list(asked_for), "place": "exports"})


@account_page
@require_safe
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = own(request, pk)
    return render(request, "account/export.html", {"job": found, "rate": round(jobs.rate(found)), "place": "exports"})


@account_page
@require_safe
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For the script that keeps the page fresh."""
    found = own(request, pk)
    told = ngettext("%(done)s of %(total)s scorecard", "%(done)s of %(total)s scorecards", found.total)
    known = {"done": found.progress, "total": found.total}
    return JsonResponse({"at_work": found.is_at_work, **known, "told": told % known})


@account_page
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = own(request, pk)
    if jobs.cancel(found):
        messages.success(request, _("Cancelled: nothing is kept of it."))
    else:
        messages.error(request, _("It was finished already: there is nothing to cancel."))
    return redirect("account-exports")


@account_page
@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = own(request, pk)
    kept = ExportFile.objects.filter(job=found).first()
    if kept is None:
        raise Http404
    return attachment(bytes(kept.data), found.file_name)
