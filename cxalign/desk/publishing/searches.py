"""The log of searches of a case: entered for all groups at once, taken back with a reason, never deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxalign.desk.access import desk_page
from cxalign.desk.publishing.case import coverage_of
from cxalign.desk.publishing.finding import case_at, working_verdict
from cxalign.desk.publishing.forms import ReasonForm, SearchGrid
from cxalign.desk.rendering import person, render_desk
from scoring import review
from scoring.blindness import is_blind_to
from scoring.models import Assessment, EvidenceSearch
from scoring.review import ReviewRefused

LOG = "brands.add_source"
"""Whoever writes evidence also logs where it was looked for."""


@desk_page()
def searches(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """The coverage, the form for those who write evidence, and every search that was logged."""
    found, user = case_at(brand, crisis), person(request)
    may_log = user.has_perm(LOG)
    sent = request.POST if request.method == "POST" and may_log else None
    grid = SearchGrid(sent, initial=usual(found))
    if sent is not None and grid.is_valid():
        if entries := grid.entries():
            review.log_searches(found, entries, by=user)
            told = ngettext("%d search is logged.", "%d searches are logged.", len(entries)) % len(entries)
            messages.success(request, told)
            return redirect("desk-searches", brand, crisis)
        grid.common.add_error(None, _("Fill in at least one field of the grid."))
    snapshot = None if is_blind_to(user, found.brand) else working_verdict(found)
    logged = list(EvidenceSearch.objects.filter(assessment=found).select_related("by"))
    context = {
        "case": found,
        "grid": grid,
        "may_log": may_log,
        "coverage": coverage_of([one for one in logged if not one.is_withdrawn], snapshot),
        "logged": logged,
    }
    status = 422 if sent is not None else 200
    return render_desk(request, "desk/publishing/searches.html", context, status=status)


def usual(found: Assessment) -> dict[str, Any]:
    last = EvidenceSearch.objects.standing().filter(assessment=found).order_by("-pk").first()
    return {"engine": last.engine if last else "", "searched_on": timezone.localdate()}


@desk_page(LOG)
def take_back(request: HttpRequest, brand: str, crisis: str, pk: int) -> HttpResponse:
    found = case_at(brand, crisis)
    search = get_object_or_404(EvidenceSearch.objects.select_related("by"), assessment=found, pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            review.take_back_search(search, by=person(request), reason=form.cleaned_data["reason"])
        except ReviewRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The search is taken back; it stays in the log."))
            return redirect("desk-searches", brand, crisis)
    context = {"case": found, "search": search, "form": form}
    return render_desk(request, "desk/publishing/take_back_search.html", context)
