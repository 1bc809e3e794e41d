"""Asking a brand for its reply: choosing whom and until when, reading the mail first, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from brands.hiding import check_not_hidden
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from cxalign.desk.replies.deciding import Button, pressed, status_of
from cxalign.desk.replies.forms import DeadlineForm, NoticeForm, WhyForm
from scoring.models import Assessment, BrandContact, Reply, ReplyNotice, Snapshot
from scoring.voices import notices as acts
from scoring.voices.mailing import mails_about
from scoring.voices.rules import ANSWER, VoiceRefused, histories


@desk_page(ANSWER)
def ask(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """Two steps on one page: "preview" shows the mail as it would go out, "send" sends that one."""
    snapshot = _draft(brand, crisis)
    check_not_hidden(person(request), snapshot.assessment.brand_id)
    contacts = BrandContact.objects.filter(brand=snapshot.assessment.brand, retired_at__isnull=True)
    form = NoticeForm(request.POST if request.method == "POST" else None, contacts=contacts)
    context: dict[str, Any] = {"snapshot": snapshot, "form": form, "contacts": contacts, "mail": None, "why_not": ""}
    context["open_notice"] = acts.open_notice(snapshot.assessment)
    try:
        acts.check_can_send(person(request), snapshot)
    except VoiceRefused as refused:
        context["why_not"] = str(refused)
    if request.method != "POST" or context["why_not"]:
        return render_desk(request, "desk/replies/ask.html", context)
    if not form.is_valid():
        return render_desk(request, "desk/replies/ask.html", context, status=422)
    data = form.cleaned_data
    context["mail"] = acts.preview(snapshot, data["contact"], deadline=data["deadline"], note=data["note"])
    context["language"] = data["contact"].language
    if request.POST.get("act") != "send" or not _same_draft(request, snapshot, form):
        return render_desk(request, "desk/replies/ask.html", context, status=422 if form.errors else 200)
    return _send(request, snapshot, form, context)


def _draft(brand: str, crisis: str) -> Snapshot:
    case = Assessment.objects.filter(brand__slug=brand, crisis__slug=crisis).first()
    newest = (
        Snapshot.objects.select_related("assessment__brand", "assessment__crisis")
        .filter(assessment=case)
        .order_by("-sequence")
        .first()
    )
    if case is None or newest is None:
        raise Http404
    return newest


def _same_draft(request: HttpRequest, snapshot: Snapshot, form: NoticeForm) -> bool:
    """What is sent is what was read: not a draft that has moved since."""
    if request.POST.get("draft") == str(snapshot.sequence):
        return True
    form.add_error(None, _("The facts have changed since: read the mail again before you send it."))
    return False


def _send(request: HttpRequest, snapshot: Snapshot, form: NoticeForm, context: dict[str, Any]) -> HttpResponse:
    try:
        notice = acts.send_notice(snapshot, by=person(request), **form.cleaned_data)
    except VoiceRefused as refused:
        form.add_error(None, str(refused))
        return render_desk(request, "desk/replies/ask.html", context, status=422)
    messages.success(request, _("The brand is asked. The mail goes out at once."))
    return redirect("desk-notice", notice.pk)


@desk_page(ANSWER)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: its time, its mails, what came back."""
    found = (
        ReplyNotice.objects.select_related("assessment__brand", "assessment__crisis", "snapshot", "contact", "sent_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    check_not_hidden(person(request), found.assessment.brand_id)
    is_open = acts.open_notices().filter(pk=pk).exists()
    answer, forms = pressed(request, _buttons(found, person(request)) if is_open else {})
    if answer:
        return answer
    context = {
        "notice": found,
        "is_open": is_open,
        "forms": forms,
        "replies": Reply.objects.filter(notice=found),
        "events": histories([found]),
        "mails": mails_about(found),
    }
    return render_desk(request, "desk/replies/notice.html", context, status=status_of(forms))


def _buttons(found: ReplyNotice, by: Any) -> dict[str, Button]:
    def deadline_form(data: Any) -> DeadlineForm:
        return DeadlineForm(data, initial={"deadline": found.deadline})

    return {
        "move": Button(
            deadline_form,
            lambda data: acts.move_deadline(found, data["deadline"], by=by),
            _("The deadline is moved."),
        ),
        "revoke": Button(
            WhyForm,
            lambda data: acts.revoke(found, by=by, reason=data["why"]),
            _("The notice is revoked; the brand is told."),
        ),
    }
