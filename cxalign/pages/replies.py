"""The brand's voice on public pages: replying without an account, following a reply, reading all of them; and the
private page of a notice, which shows one draft to the brand before it is published."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cxalign.pages import cases, posting
from cxalign.pages.voice_forms import ReplyForm
from cxalign.templatetags.cxalign import page_language
from scoring.ledger import ledger
from scoring.models import Refusal, Reply, ReplyNotice, ReplyState
from scoring.voices import replies as acts
from scoring.voices.notices import notice_at
from scoring.voices.passages import ALWAYS_ALLOWED, ledger_passages, passages
from scoring.voices.replies import Contested
from scoring.voices.showing import visible_replies

FORM = "pages/reply.html"


# --- Replying ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@cases.answers_when_withdrawn
def reply(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """Exercise the right of reply to what is published."""
    publication = cases.current(brand, crisis)
    document = json.loads(publication.snapshot.document)
    about = Contested(publication.assessment, document, publication=publication)
    return _reply_form(request, about, reverse("scorecard", args=[brand, crisis]))


@require_http_methods(["GET", "HEAD", "POST"])
def reply_to_notice(request: HttpRequest, token: str) -> HttpResponse:
    """Reply to a draft, from the private page of its notice."""
    notice = _notice(token)
    about = Contested(notice.assessment, json.loads(notice.snapshot.document), notice=notice)
    return _reply_form(request, about, reverse("notice", args=[token]))


def _reply_form(request: HttpRequest, about: Contested, back: str) -> HttpResponse:
    offered = ledger_passages(about.document) if about.notice else passages(about.document)
    options: dict[str, Any] = {"passages": offered, "language": page_language()}
    if request.method == "POST":
        form = ReplyForm(request.POST, **options)
    else:
        form = ReplyForm(initial={"passages": request.GET.getlist("passage")}, **options)
    context = {
        "form": form,
        "document": about.document,
        "notice": about.notice,
        "back": back,
        "always_allowed": ALWAYS_ALLOWED,
        "refusals": Refusal.labels,
    }
    if not form.is_bound or not form.is_valid():
        return posting.form_page(request, FORM, context)
    if wait := posting.seconds_to_wait(request):
        return posting.too_often(request, form, FORM, context, wait)
    return posting.private(redirect("reply-status", acts.receive(about, form.sent()).token))


# --- Following it -----------------------------------------------------------------------------------------------------


def status(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a reply, for whoever sent it."""
    return posting.private(render(request, "pages/reply_status.html", _status(_reply(token))))


def _reply(token: str) -> Reply:
    cases_with = Reply.objects.select_related("assessment__brand", "assessment__crisis")
    found = cases_with.filter(token=token).first()
    if found is None:
        raise Http404
    return found


def _status(found: Reply) -> dict[str, Any]:
    return {
        "reply": found,
        "brand_name": found.assessment.brand.name,
        "crisis_name": cases.crisis_name(found.assessment),
        "is_out": found.is_public and visible_replies().filter(pk=found.pk).exists(),
        "refused": found.state == ReplyState.REFUSED,
        "reason": {"en": found.reason_en, "fr": found.reason_fr},
    }


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str, confirm_token: str) -> HttpResponse:
    """The mailbox answers. A button, because programs that read mails follow links."""
    found = _reply(token)
    if found.confirm_token != confirm_token or not found.email:
        raise Http404
    if request.method == "POST":
        acts.confirm_mailbox(found)
        return posting.private(redirect("reply-status", token))
    return posting.private(render(request, "pages/reply_confirm.html", _status(found)))


# --- Reading them -----------------------------------------------------------------------------------------------------


@cases.answers_when_withdrawn
def replies(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """Every published reply of a case, in full."""
    publication = cases.current(brand, crisis)
    assessment = publication.assessment
    found = list(visible_replies().filter(assessment=assessment).order_by("-received_at", "-id"))
    context = {
        "replies": found,
        "brand": assessment.brand,
        "crisis_name": cases.crisis_name(assessment),
        "address": reverse("scorecard", args=[brand, crisis]),
        "report_address": reverse("report-case", args=[brand, crisis]),
    }
    return render(request, "pages/replies.html", context)


# --- A notice ---------------------------------------------------------------------------------------------------------


def _notice(token: str) -> ReplyNotice:
    found = notice_at(token)
    if found is None:
        raise Http404
    return found


def notice(request: HttpRequest, token: str) -> HttpResponse:
    """One draft, for the brand that it is about: promises, acts, gaps and sources, and no verdict."""
    found = _notice(token)
    document = json.loads(found.snapshot.document)
    context = {
        "notice": found,
        "document": document,
        "ledger": ledger(document),
        "sources": {source["id"]: source for source in document["sources"]},
        "sent_replies": Reply.objects.filter(notice=found).order_by("id"),
        "reply_address": reverse("notice-reply", args=[token]),
    }
    return posting.private(render(request, "pages/notice_to_brand.html", context))
