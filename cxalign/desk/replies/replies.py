"""One reply: the text beside what it contests, who sends it, and the decision."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from brands.hiding import check_not_hidden
from brands.stores import DamagedFile
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from cxalign.desk.replies.deciding import Button, empty_form, pressed, status_of
from cxalign.desk.replies.forms import OutcomeForm, PublishReplyForm, RefuseReplyForm, WhyForm
from cxalign.pages.posting import attached, private
from scoring.models import Reply, ReplyDocument, ReplyState, Snapshot
from scoring.voices import replies as acts
from scoring.voices.documents import body_of, documents_of
from scoring.voices.erasing import erase_sender
from scoring.voices.mailing import mails_about
from scoring.voices.passages import gone_from
from scoring.voices.rules import ANSWER, can_decide, histories


@desk_page(ANSWER)
def reply(request: HttpRequest, reference: str) -> HttpResponse:
    found = (
        Reply.objects.select_related("assessment__brand", "assessment__crisis", "publication", "notice", "decided_by")
        .filter(reference=reference)
        .first()
    )
    if found is None:
        raise Http404
    if found.notice:  # it answers a draft, and quotes it
        check_not_hidden(person(request), found.assessment.brand_id)
    answer, forms = pressed(request, _buttons(found, person(request)))
    if answer:
        return answer
    context = {
        "reply": found,
        "forms": forms,
        "may_decide": can_decide(person(request), found),
        "gone": _gone(found),
        "events": histories([found]),
        "mails": mails_about(found),
        "taken": list(found.taken_in.select_related("publication")),
        "files": documents_of(found),
        "awaits_letter": acts.awaits_letter(found),
    }
    return render_desk(request, "desk/replies/reply.html", context, status=status_of(forms))


@desk_page(ANSWER)
def document(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """A file that came with a reply, published or not: to be saved, and kept by no cache."""
    found = ReplyDocument.objects.filter(reply__reference=reference, pk=pk, erased_at__isnull=True).first()
    if found is None:
        raise Http404
    try:
        body = body_of(found)
    except DamagedFile:
        messages.error(request, _("The file is damaged or gone: restore it from a backup. Nothing was sent."))
        return redirect("desk-reply", reference)
    name = f"{reference}_{found.kind}_{found.sha256[:12]}.{found.ending}"
    return private(attached(body, media_type=found.media_type, name=name))


def _buttons(found: Reply, by: Any) -> dict[str, Button]:
    buttons: dict[str, Button] = {}
    if not found.is_decided:
        buttons["publish"] = Button(
            PublishReplyForm, lambda data: acts.publish_reply(found, by=by, **data), _("The reply is published.")
        )
        buttons["refuse"] = Button(
            RefuseReplyForm,
            lambda data: acts.refuse_reply(found, by=by, **data),
            _("The reply is refused; the sender is told in writing."),
        )
    if found.is_public:
        initial = {"outcome": found.outcome, "reason_en": found.reason_en, "reason_fr": found.reason_fr}
        initial["seen"] = acts.told_of(found)
        buttons["outcome"] = Button(
            partial(OutcomeForm, initial=initial),
            lambda data: acts.follow_up(found, by=by, **data),
            _("What it led to is told anew."),
        )
    if found.state == ReplyState.PUBLISHED:
        buttons["retire"] = Button(
            WhyForm,
            lambda data: acts.retire_reply(found, by=by, reason=data["why"]),
            _("The reply no longer stands beside the verdict."),
        )
    if not found.erased_at:
        buttons["erase"] = Button(
            empty_form, lambda data: erase_sender(found, by=by), _("Name and address are erased; the text stays.")
        )
    return buttons


def _gone(found: Reply) -> list[Any]:
    """The passages that what is public now no longer holds."""
    current = (
        Snapshot.objects.filter(publication__is_current=True, assessment=found.assessment).only("document").first()
    )
    return list(gone_from(found.contested, json.loads(current.document))) if current else []
