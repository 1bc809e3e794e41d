"""Anyone may say that something is wrong: on a scorecard, or anywhere on the site."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cxalign.pages import cases, posting
from cxalign.pages.voice_forms import ReportForm
from cxalign.templatetags.cxalign import page_language
from scoring.models import ErrorReport, Publication, ReportKind, ReportState
from scoring.voices import reports as acts

FORM = "pages/report.html"


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """About anything on this site."""
    return _report_form(request, None, {"back": "", "document": None})


@require_http_methods(["GET", "HEAD", "POST"])
@cases.answers_when_withdrawn
def report_case(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """About one scorecard."""
    publication = cases.current(brand, crisis)
    assessment = publication.assessment
    context = {
        "back": reverse("scorecard", args=[brand, crisis]),
        "document": {"brand": assessment.brand.name, "crisis": cases.crisis_name(assessment)},
        "reply_address": reverse("reply", args=[brand, crisis]),
    }
    return _report_form(request, publication, context)


def _report_form(request: HttpRequest, publication: Publication | None, more: dict[str, Any]) -> HttpResponse:
    form = ReportForm(request.POST) if request.method == "POST" else ReportForm(initial=_asked_for(request))
    context = {"form": form, "reply_address": "", **more}
    if not form.is_bound or not form.is_valid():
        return posting.form_page(request, FORM, context)
    if wait := posting.seconds_to_wait(request):
        return posting.too_often(request, form, FORM, context, wait)
    return posting.private(redirect("report-status", acts.receive(form.sent(page_language(), publication)).token))


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """What the link that led here was about."""
    about = request.GET.get("about", "")
    kind = about if about in ReportKind.values else ReportKind.ERROR
    return {"kind": kind, "place": request.GET.get("where", "")[:400]}


def status(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a report, for whoever sent it."""
    found = ErrorReport.objects.select_related("assessment__brand", "correction").filter(token=token).first()
    if found is None:
        raise Http404
    context = {
        "report": found,
        "accepted": found.state == ReportState.ACCEPTED,
        "declined": found.state == ReportState.DECLINED,
        "reason": {"en": found.reason_en, "fr": found.reason_fr},
    }
    return posting.private(render(request, "pages/report_status.html", context))
