"""The brand's voice on public pages: replying without an account, following a reply, reading all of them; and the
private page of a notice, which shows one draft to the brand before it is published."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from brands.stores import DamagedFile
from cxalign.pages import cases, posting
from cxalign.pages.voice_forms import LetterForm, ReplyForm
from cxalign.templatetags.cxalign import page_language
from scoring.ledger import ledger
from scoring.models import Refusal, Reply, ReplyNotice, ReplyState
from scoring.voices import replies as acts
from scoring.voices.documents import FileRefused, body_of, documents_of, public_documents
from scoring.voices.notices import notice_at
from scoring.voices.passages import ALWAYS_ALLOWED, ledger_passages, passages
from scoring.voices.replies import Contested
from scoring.voices.rules import VoiceRefused
from scoring.voices.showing import visible_replies, with_documents

logger = logging.getLogger(__name__)

FORM = "pages/reply.html"
STATUS = "pages/reply_status.html"


# --- Replying ---------------------------------------------------------------------------------------------------------


@posting.takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@cases.answers_when_withdrawn
def reply(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """Exercise the right of reply to what is published."""
    publication = cases.current(brand, crisis)
    document = json.loads(publication.snapshot.document)
    about = Contested(publication.assessment, document, publication=publication)
    return _reply_form(request, about, reverse("scorecard", args=[brand, crisis]))


@posting.takes_files
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
        too_large = posting.files_were_too_large(request)
        form = ReplyForm(request.POST, request.FILES, too_large=too_large, **options)
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


@posting.takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a reply, for whoever sent it; and where the signed letter can be added."""
    found = _reply(token)
    form = _letter_form(request, found)
    if form.is_bound and form.is_valid():
        if wait := posting.seconds_to_wait(request):
            return posting.too_often(request, form, STATUS, _status(found) | {"form": form}, wait)
        try:
            acts.add_letter(found, form.cleaned_data["letter"])
        except (VoiceRefused, FileRefused) as refused:
            form.add_error("letter", str(refused))
        else:
            return posting.private(redirect("reply-status", token))
    code = 422 if form.is_bound else 200
    return posting.private(render(request, STATUS, _status(found) | {"form": form}, status=code))


def _letter_form(request: HttpRequest, found: Reply) -> LetterForm:
    if request.method != "POST":
        return LetterForm()
    others = [one.size for one in documents_of(found)]
    too_large = posting.files_were_too_large(request)
    return LetterForm(request.POST, request.FILES, too_large=too_large, others=others)


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
        "sent_files": documents_of(found),
        "awaits_letter": acts.awaits_letter(found),
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
    rows = visible_replies().filter(assessment=assessment).prefetch_related(with_documents())
    found = list(rows.order_by("-received_at", "-id"))
    context = {
        "replies": found,
        "brand": assessment.brand,
        "crisis_name": cases.crisis_name(assessment),
        "address": reverse("scorecard", args=[brand, crisis]),
        "report_address": reverse("report-case", args=[brand, crisis]),
    }
    return render(request, "pages/replies.html", context)


def document(request: HttpRequest, brand: str, crisis: str, reference: str, digest: str) -> HttpResponse:
    """A document of a published reply, to be saved."""
    shown = visible_replies().filter(
        assessment__brand__slug=brand, assessment__crisis__slug=crisis, reference=reference
    )
    found = public_documents().filter(reply__in=shown, sha256=digest).select_related("reply").first()
    if found is None:
        raise Http404
    try:
        body = body_of(found)
    except DamagedFile as damaged:
        logger.exception("A document of reply %s is damaged or gone", reference)
        raise Http404 from damaged
    return posting.attached(body, media_type=found.media_type, name=f"{reference}_{digest[:12]}.{found.ending}")


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
