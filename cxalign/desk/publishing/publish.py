"""Making a verdict public and taking a version back: a form, then a page that says what will happen, then the act."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cxalign.accounts.written import written
from cxalign.desk.access import desk_page
from cxalign.desk.fresh import CONFIRMED, fresh_sign_in_required
from cxalign.desk.publishing.case import moved_since, refusal
from cxalign.desk.publishing.finding import case_at, case_for, working_verdict
from cxalign.desk.publishing.forms import ConfirmForm, PublishForm, WithdrawForm
from cxalign.desk.rendering import person, render_desk
from scoring import policies, publishing, review
from scoring.models import Assessment, Publication, Snapshot
from scoring.publishing import PublishingRefused

logger = logging.getLogger(__name__)

Fields = list[tuple[str, str]]


@desk_page(publishing.PUBLISH)
@fresh_sign_in_required
def publish(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """Ask, show what will happen, then publish the verdict that was on screen."""
    found = case_for(person(request), brand, crisis)
    snapshot = working_verdict(found)
    if snapshot is None:
        messages.error(request, str(refusal(person(request), None, [])))
        return redirect("desk-case", brand, crisis)
    form = publish_form(found, snapshot, request)
    if not form.is_valid():
        return publish_page(request, found, snapshot, form, status=409 if form.is_bound else 200)
    if request.POST.get(CONFIRMED) != "yes":
        return publish_page(request, found, snapshot, form, confirm=not moved_on(form, snapshot))
    return make_public(request, found, snapshot, form)


def publish_form(found: Assessment, snapshot: Snapshot, request: HttpRequest) -> PublishForm:
    said = review.requests_of([found.pk])[found.pk]
    is_first = not found.publications.exists()
    initial = {
        "snapshot": snapshot.pk,
        "cause": "first_entry" if is_first else likely_cause(found, snapshot),
        "requests": [entry.reference for entry in said],
    }
    gone = withdrawn_as(snapshot)
    return PublishForm(request.POST or None, initial=initial, is_first=is_first, said=said, was_withdrawn=bool(gone))


def withdrawn_as(snapshot: Snapshot) -> Publication | None:
    """The version that took this very verdict back, if there is one."""
    return Publication.objects.filter(snapshot=snapshot, withdrawn_at__isnull=False).first()


def likely_cause(found: Assessment, snapshot: Snapshot) -> str:
    """What the difference to the newest version suggests; the editor has the last word."""
    before = found.publications.select_related("snapshot").order_by("-version").first()
    if before is None or before.withdrawn_at:
        return "error_of_ours" if before else "first_entry"
    if before.snapshot.method_version != snapshot.method_version:
        return "method_change"
    moved = moved_since(before, snapshot)
    added = moved is not None and any(section.added for section in moved.sections)
    return "evidence_added" if added else "evidence_corrected"


def moved_on(form: PublishForm, snapshot: Snapshot) -> bool:
    """Whether another verdict has taken the place of the one that was on screen; then the form says so."""
    if form.cleaned_data["snapshot"] == snapshot.pk:
        return False
    form.add_error(None, _("The facts have changed since: reload the page to see the newer verdict."))
    return True


def make_public(request: HttpRequest, found: Assessment, snapshot: Snapshot, form: PublishForm) -> HttpResponse:
    values = dict(form.cleaned_data)
    seen = get_object_or_404(Snapshot.objects.defer("facts", "verdict"), pk=values.pop("snapshot"))
    try:
        publication = publishing.publish(
            found, by=person(request), snapshot=seen, requests=values.pop("requests", []), **values
        )
    except PublishingRefused as refused:
        log_refusal("publication", found, refused)
        form.add_error(None, str(refused))
        return publish_page(request, found, snapshot, form, status=409)
    messages.success(request, _("Published as version %d.") % publication.version)
    return redirect("desk-case", found.brand.slug, found.crisis.slug)


def log_refusal(act: str, found: Assessment, refused: PublishingRefused) -> None:
    """Numbers and codes only: what is not published yet does not belong in a log file."""
    codes = [finding.gate.code for finding in refused.findings]
    logger.warning("A %s of case %d was refused: %s", act, found.pk, ", ".join(codes) or "not now")


def publish_page(
    request: HttpRequest,
    found: Assessment,
    snapshot: Snapshot,
    form: PublishForm,
    *,
    confirm: bool = False,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    findings = publishing.findings_for(user, snapshot)
    refused = refusal(user, snapshot, findings)
    context = {
        "case": found,
        "snapshot": snapshot,
        "form": form,
        "refused": refused,
        "gone": withdrawn_as(snapshot),
        "warnings": [one for one in findings if one.state == "warns"],
        "next_version": (found.publications.order_by("-version").values_list("version", flat=True).first() or 0) + 1,
        "confirm": confirm and refused is None,
        "kept": kept(request) if confirm else [],
        "policy": policies.policy_in_force(),
        "written": written(request) if refused else [],
        "chosen": chosen_words(form) if confirm else {},
    }
    return render_desk(request, "desk/publishing/publish.html", context, status=status)


def chosen_words(form: PublishForm) -> dict[str, Any]:
    """What was filled in, in words, for the page that asks once more."""
    values = form.cleaned_data
    said = dict(form.fields["requests"].choices) if "requests" in form.fields else {}  # type: ignore[attr-defined]
    return {
        "cause": dict(form.fields["cause"].choices)[values["cause"]],  # type: ignore[attr-defined]
        "note_en": values["note_en"],
        "note_fr": values["note_fr"],
        "requests": [said[reference] for reference in values.get("requests", [])],
    }


def kept(request: HttpRequest) -> Fields:
    """What the form held, to go on with the confirmation."""
    left_out = {"csrfmiddlewaretoken", "password_again", CONFIRMED}
    return [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]


# --- Still standing ---------------------------------------------------------------------------------------------------


@desk_page(publishing.PUBLISH)
@require_POST
def confirm(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """Say that a verdict of long ago was looked at and still stands."""
    found = case_for(person(request), brand, crisis)
    form = ConfirmForm(request.POST)
    try:
        if not form.is_valid():
            raise PublishingRefused(" ".join(str(told) for told in form.errors.get("reason", [])))
        publishing.confirm(found, by=person(request), reason=form.cleaned_data["reason"])
    except PublishingRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Kept: the verdict was reviewed and still stands."))
    return redirect("desk-case", brand, crisis)


# --- Taking back ------------------------------------------------------------------------------------------------------


@desk_page(publishing.PUBLISH)
@fresh_sign_in_required
def withdraw(request: HttpRequest, brand: str, crisis: str, version: int) -> HttpResponse:
    """Ask for the public reason, show what will happen, then take the version back."""
    found = case_at(brand, crisis)
    publication = get_object_or_404(
        Publication.objects.with_case().defer("snapshot__facts", "snapshot__verdict", "snapshot__document"),
        assessment=found,
        version=version,
    )
    form = WithdrawForm(request.POST or None)
    status = 200
    if form.is_valid() and request.POST.get(CONFIRMED) == "yes":
        try:
            publishing.withdraw(publication, by=person(request), **form.cleaned_data)
        except PublishingRefused as refused:
            log_refusal("withdrawal", found, refused)
            form.add_error(None, str(refused))
            status = 409
        else:
            messages.success(request, _("Version %d is withdrawn; its address now tells the reason.") % version)
            return redirect("desk-case", brand, crisis)
    confirm = form.is_bound and form.is_valid()
    context = {
        "case": found,
        "publication": publication,
        "form": form,
        "confirm": confirm,
        "kept": kept(request) if confirm else [],
    }
    return render_desk(request, "desk/publishing/withdraw.html", context, status=status)
