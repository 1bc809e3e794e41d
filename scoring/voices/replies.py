"""A brand replies: received at once, decided in three days, published in full and unedited, or refused in writing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from scoring.models import (
    Assessment,
    DocumentKind,
    Mandate,
    Publication,
    Refusal,
    Reply,
    ReplyDocument,
    ReplyNotice,
    ReplyOutcome,
    ReplyState,
)
from scoring.voices import documents
from scoring.voices.domains import is_of_brand
from scoring.voices.mailing import queue
from scoring.voices.passages import Passage
from scoring.voices.rules import (
    VoiceRefused,
    check_can_decide,
    check_has_reasons,
    check_may_answer,
    fingerprint,
    link,
    record_event,
)

if TYPE_CHECKING:
    from cxalign.accounts.models import User


@dataclass(frozen=True)
class Contested:
    """What a reply speaks about: a published version, or the draft of a notice."""

    assessment: Assessment
    document: dict[str, Any]
    publication: Publication | None = None
    notice: ReplyNotice | None = None


@dataclass(frozen=True)
class Sent:
    """A reply as its form gives it."""

    key: str
    """Of the form that was filled in: the same form sent twice is received once."""
    passages: Sequence[Passage]
    contested_text: str
    text: str
    name: str
    capacity: str
    organisation: str
    email: str
    mandate: str
    sources: str
    language: str
    files: Sequence[documents.Incoming] = ()


@transaction.atomic
def receive(about: Contested, sent: Sent) -> Reply:
    """Keep a reply, acknowledge it, and start the clock. The same one sent again is the same reply."""
    contested = [passage.as_kept() for passage in sent.passages]
    documents.check_together([len(one.body) for one in sent.files])
    once = fingerprint(sent.key, about.assessment.pk, contested, sent.contested_text, sent.text, sent.email)
    reply = Reply(
        once=once,
        assessment=about.assessment,
        publication=about.publication,
        notice=about.notice,
        contested=contested,
        contested_text=sent.contested_text,
        text=sent.text,
        name=sent.name,
        capacity=sent.capacity,
        organisation=sent.organisation,
        email=sent.email,
        mandate=sent.mandate,
        sources=sent.sources,
        language=sent.language,
        domain_matches=is_of_brand(sent.email, about.assessment.brand),
    )
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError:
        return Reply.objects.get(once=once)
    kept = documents.keep(reply, sent.files)
    confirm = link("reply-confirm", reply.token, reply.confirm_token, language=sent.language)
    _tell(reply, "reply_received", confirm=confirm, awaits_letter=awaits_letter(reply))
    changes: dict[str, list[Any]] = {"state": [None, reply.state], **documents.told(kept)}
    record_event("reply.received", reply, brand=about.assessment.brand, changes=changes)
    return reply


def _tell(reply: Reply, kind: str, **more: Any) -> None:
    """A mail to the sender. It repeats nothing that was typed into a form: it is no relay for somebody's text."""
    if not reply.email:
        return
    assessment = reply.assessment
    context = {
        "reply": reply,
        "brand": assessment.brand.name,
        "crisis": {"en": assessment.crisis.name_en, "fr": assessment.crisis.name_fr},
        "status": link("reply-status", reply.token, language=reply.language),
        **more,
    }
    queue(kind, to=reply.email, language=reply.language, about=reply, context=context)


@transaction.atomic
def confirm_mailbox(reply: Reply) -> None:
    """Whoever reads the mailbox has said so. Saying it twice changes nothing."""
    reply = Reply.objects.select_for_update().get(pk=reply.pk)
    if reply.email_confirmed_at or not reply.email:
        return
    reply.email_confirmed_at = timezone.now()
    reply.save(update_fields=["email_confirmed_at"])
    record_event("reply.confirmed", reply, brand=reply.assessment.brand)


# --- The signed letter ------------------------------------------------------------------------------------------------


def letters_of(reply: Reply) -> list[ReplyDocument]:
    return [one for one in documents.documents_of(reply) if one.kind == DocumentKind.LETTER]


def awaits_letter(reply: Reply) -> bool:
    """Whether a signed letter is what is missing to show that the sender speaks for the brand."""
    if reply.is_decided or reply.erased_at or reply.identity_checked or letters_of(reply):
        return False
    return reply.mandate == Mandate.LETTER or not reply.domain_matches


@transaction.atomic
def add_letter(reply: Reply, letter: documents.Incoming) -> Reply:
    """The letter that was promised, sent in afterwards from the reply’s own page. The same one twice is one."""
    reply = _held(reply)
    if reply.is_decided or reply.erased_at:
        raise VoiceRefused(_("This reply is decided on already: a letter can no longer be added."))
    others = [one.size for one in documents.documents_of(reply)]
    documents.check_together([*others, len(letter.body)])
    before = len(others)
    kept = documents.keep(reply, [letter])
    if reply.documents.count() > before:
        record_event("reply.letter_received", reply, brand=reply.assessment.brand, changes=documents.told(kept))
    return reply


# --- Deciding ---------------------------------------------------------------------------------------------------------


def check_can_publish_reply(user: User, reply: Reply, *, identity_checked: bool = False) -> None:
    """Raise ``VoiceRefused`` with the reason unless this reply may be published in the brand's name."""
    check_can_decide(user, reply)
    if not (identity_checked or reply.identity_shown):
        raise VoiceRefused(
            _("Nobody has checked yet that the sender speaks for the brand: check it and tick the box, or refuse.")
        )


def can_publish_reply(user: User, reply: Reply, *, identity_checked: bool = False) -> bool:
    try:
        check_can_publish_reply(user, reply, identity_checked=identity_checked)
    except VoiceRefused:
        return False
    return True


@transaction.atomic
def publish_reply(
    reply: Reply, *, by: User, outcome: str, reason_en: str, reason_fr: str, identity_checked: bool = False
) -> Reply:
    """Publish it in full, with what it led to and why."""
    reply = _held(reply)
    check_can_publish_reply(by, reply, identity_checked=identity_checked)
    check_has_reasons(reason_en, reason_fr)
    if outcome not in ReplyOutcome.values:
        raise VoiceRefused(_("Say what the reply led to."))
    reply.state, reply.outcome = ReplyState.PUBLISHED, outcome
    reply.identity_checked = reply.identity_checked or identity_checked
    _decide(reply, by, reason_en, reason_fr)
    assessment = reply.assessment
    page = link("replies", assessment.brand.slug, assessment.crisis.slug, language=reply.language)
    is_out = Publication.objects.current().filter(assessment=assessment).exists() and reply.notice_id is None
    _tell(reply, "reply_published", page=f"{page}#{reply.reference}" if is_out else "")
    changes: dict[str, list[Any]] = {"state": [ReplyState.RECEIVED, reply.state], "outcome": [None, outcome]}
    changes |= {"identity_checked": [False, True]} if identity_checked else {}
    why = reason_en or reason_fr
    record_event("reply.published", reply, brand=assessment.brand, by=by, changes=changes, reason=why)
    return reply


@transaction.atomic
def refuse_reply(reply: Reply, *, by: User, refusal: str, reason_en: str, reason_fr: str) -> Reply:
    """Do not publish it, for a reason of the list, in writing. The text is kept, and stays private."""
    reply = _held(reply)
    check_can_decide(by, reply)
    check_has_reasons(reason_en, reason_fr)
    if refusal not in Refusal.values:
        raise VoiceRefused(_("Choose the reason from the list: there is no other."))
    reply.state, reply.refusal = ReplyState.REFUSED, refusal
    _decide(reply, by, reason_en, reason_fr)
    _tell(reply, "reply_refused", why=Refusal(refusal).label)
    changes: dict[str, list[Any]] = {"state": [ReplyState.RECEIVED, reply.state], "refusal": [None, refusal]}
    why = reason_en or reason_fr
    record_event("reply.refused", reply, brand=reply.assessment.brand, by=by, changes=changes, reason=why)
    return reply


def _held(reply: Reply) -> Reply:
    Assessment.objects.select_for_update().get(pk=reply.assessment_id)
    return (
        Reply.objects.select_for_update(of=("self",))
        .select_related("assessment__brand", "assessment__crisis")
        .get(pk=reply.pk)
    )


def _decide(reply: Reply, by: User, reason_en: str, reason_fr: str) -> None:
    reply.decided_at, reply.decided_by = timezone.now(), by
    reply.reason_en, reply.reason_fr = reason_en, reason_fr
    reply.save()


# --- After publication ------------------------------------------------------------------------------------------------


def told_of(reply: Reply) -> str:
    """What is told of a reply's outcome now, in short: a page carries it, and ``follow_up`` compares it."""
    return hashlib.sha256("\0".join((reply.outcome, reply.reason_en, reply.reason_fr)).encode()).hexdigest()[:16]


@transaction.atomic
def follow_up(
    reply: Reply, *, by: User, outcome: str, reason_en: str, reason_fr: str, seen: str | None = None
) -> Reply:
    """Say anew what a published reply led to. The reply itself is not touched.

    ``seen`` is what the page told of it (``told_of``), where a person decided by a page.
    """
    reply = _held(reply)
    check_may_answer(by)
    if seen is not None and seen != told_of(reply):
        raise VoiceRefused(_("Somebody else has told anew what this led to: reload the page to see it."))
    if not reply.is_public:
        raise VoiceRefused(_("This reply is not published: reload the page."))
    check_has_reasons(reason_en, reason_fr)
    if outcome not in ReplyOutcome.values:
        raise VoiceRefused(_("Say what the reply led to."))
    changes: dict[str, list[Any]] = {"outcome": [reply.outcome, outcome]}
    reply.outcome, reply.reason_en, reply.reason_fr = outcome, reason_en, reason_fr
    reply.save(update_fields=["outcome", "reason_en", "reason_fr"])
    why = reason_en or reason_fr
    record_event("reply.followed_up", reply, brand=reply.assessment.brand, by=by, changes=changes, reason=why)
    return reply


@transaction.atomic
def retire_reply(reply: Reply, *, by: User, reason: str) -> Reply:
    """The passage that it contests no longer stands: it leaves the verdict's side and stays on the page of replies."""
    reply = _held(reply)
    check_may_answer(by)
    if reply.state != ReplyState.PUBLISHED:
        raise VoiceRefused(_("This reply does not stand beside the verdict: reload the page."))
    if not reason.strip():
        raise VoiceRefused(_("Write why: the log keeps it."))
    reply.state, reply.retired_at = ReplyState.RETIRED, timezone.now()
    reply.save(update_fields=["state", "retired_at"])
    record_event(
        "reply.retired",
        reply,
        brand=reply.assessment.brand,
        by=by,
        changes={"state": [ReplyState.PUBLISHED, ReplyState.RETIRED]},
        reason=reason,
    )
    return reply
