"""What brands and readers say about a verdict, what they were told, and the mails that told them.

Names and addresses are personal data: they stand in columns of their own, never in the log or on a public page, and
can be emptied while the text that was published stays.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, TextColumn, one_of, validate_plain_text
from scoring.models.cases import Assessment, Snapshot
from scoring.models.public import Publication

DECIDE_WITHIN = timedelta(days=3)
"""The legal clock: a reply is decided on within three days."""

LANGUAGES = [("fr", _("French")), ("en", _("English"))]
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without the letters and figures that are taken for one another when a reference is read out."""


def new_token() -> str:
    """What makes an address unguessable: 192 bits."""
    return secrets.token_urlsafe(24)


def new_reference(letter: str) -> str:
    return f"{letter}-{''.join(secrets.choice(_ALPHABET) for _ in range(8))}"


def reply_reference() -> str:
    return new_reference("R")


def report_reference() -> str:
    return new_reference("E")


def correction_reference() -> str:
    return new_reference("C")


class Line(models.CharField):
    """A short text on one line, typed by a person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 160, "blank": True, "default": "", **kwargs})
        if validate_plain_text not in self.validators:
            self.validators = [*self.validators, validate_plain_text]


class Language(models.CharField):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 2, "choices": LANGUAGES, "default": "fr", **kwargs})


# --- Before publication -----------------------------------------------------------------------------------------------


class BrandContact(models.Model):
    """Whom we write to at a brand. Private: it is shown to editors only."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="contacts", verbose_name=_("brand"))
    name = Line(_("name"), help_text=_("A person or a department."))
    capacity = Line(_("capacity"), help_text=_("Such as: head of communication, press office."))
    email = models.EmailField(_("e-mail"), blank=True)
    language = Language(_("language"), help_text=_("The language in which we write to them."))
    source = TextColumn(
        _("where the address comes from"),
        max_length=600,
        help_text=_("The page or document that gives it, or who told us and when."),
    )
    created_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"), null=True, blank=True
    )
    retired_at = models.DateTimeField(_("no longer used since"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact of a brand")
        verbose_name_plural = _("contacts of brands")
        ordering = ("brand", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "email"], condition=Q(retired_at__isnull=True), name="contact_once_in_use"
            ),
            models.CheckConstraint(condition=Q(retired_at__isnull=False) | ~Q(email=""), name="contact_has_email"),
            one_of("language", ["fr", "en"], "contact_language_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.capacity or self.email


class ReplyNotice(models.Model):
    """The brand was shown a draft and asked for its reply, until a deadline."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="reply_notices", verbose_name=_("assessment")
    )
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="reply_notices", verbose_name=_("verdict"))
    contact = models.ForeignKey(
        BrandContact, models.PROTECT, related_name="notices", verbose_name=_("contact"), null=True, blank=True
    )
    sent_to = models.EmailField(_("sent to"), blank=True)
    language = Language(_("language"))
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    """The private page of this notice. Whoever has it reads this one draft, until the deadline or the publication."""
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"), null=True, blank=True
    )
    deadline = models.DateField(_("reply by"))
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    note = TextColumn(_("message to the brand"), max_length=1000)

    class Meta:
        verbose_name = _("notice to a brand")
        verbose_name_plural = _("notices to brands")
        ordering = ("-sent_at", "id")
        constraints = [one_of("language", ["fr", "en"], "notice_language_known")]

    def __str__(self) -> str:
        return f"{self.assessment} – {self.sent_at:%Y-%m-%d}"

    def is_open(self, today: date) -> bool:
        """Whether the brand's time still runs. Publication ends it too: see ``notices.open_notices``."""
        return self.revoked_at is None and self.deadline >= today


# --- What comes in ----------------------------------------------------------------------------------------------------


class Submission(models.Model):
    """What every text sent in from outside has: a reference to quote, a private page, a sender, a decision."""

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    once = models.CharField(max_length=64, unique=True, editable=False)
    """The same form sent twice has the same one: it is received once."""
    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="+", verbose_name=_("version"), null=True, blank=True
    )
    """The version that was on screen."""
    language = Language(_("language"))
    name = Line(_("name"))
    email = models.EmailField(_("e-mail"), blank=True)
    confirm_token = models.CharField(max_length=64, default=new_token, editable=False)
    email_confirmed_at = models.DateTimeField(_("mailbox confirmed"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by"), null=True, blank=True
    )
    reason_en = TextColumn(_("our reasons in English"), max_length=2000)
    reason_fr = TextColumn(_("our reasons in French"), max_length=2000)
    erased_at = models.DateTimeField(_("personal data erased"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None

    @property
    def due_at(self) -> datetime:
        return self.received_at + DECIDE_WITHIN

    @property
    def is_overdue(self) -> bool:
        return not self.is_decided and timezone.now() > self.due_at


class ReplyState(models.TextChoices):
    RECEIVED = "received", _("To be decided")
    PUBLISHED = "published", _("Published")
    REFUSED = "refused", _("Refused")
    RETIRED = "retired", _("No longer beside the verdict")


class Mandate(models.TextChoices):
    """How the sender shows that they speak for the brand."""

    EMAIL = "email", _("By this e-mail address, at the brand’s domain")
    LETTER = "letter", _("By a signed letter that I send you")


class ReplyOutcome(models.TextChoices):
    """What a published reply led to."""

    EXAMINED = "examined", _("Published; the points raised are being checked")
    MAINTAINED = "maintained", _("Evidence and verdict maintained")
    CORRECTED = "corrected", _("Evidence corrected, verdict maintained")
    CHANGED = "changed", _("Verdict changed")


class Refusal(models.TextChoices):
    """Why a reply is not published. The list is closed: what is not on it is no reason."""

    NOT_IDENTIFIED = "not_identified", _("The sender could not be shown to speak for the brand")
    UNRELATED = "unrelated", _("The text does not answer the passage contested")
    UNLAWFUL = "unlawful", _("The text is against the law or insulting")
    THIRD_PARTY = "third_party", _("The text accuses somebody else than us")
    REPEATED = "repeated", _("The same reply is already published")


class Reply(Submission):
    """A brand's reply. Its text is published in full and never edited, or refused in writing."""

    reference = models.CharField(_("reference"), max_length=16, unique=True, default=reply_reference, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="replies", verbose_name=_("assessment"))
    notice = models.ForeignKey(
        ReplyNotice, models.PROTECT, related_name="replies", verbose_name=_("notice"), null=True, blank=True
    )
    """The notice that it answers, where it came before publication."""
    contested: models.JSONField[Any, Any] = models.JSONField(_("contested passages"), default=list, blank=True)
    """``[{"code": …, "text": {"en": …, "fr": …}}]``, as they stood on the page."""
    contested_text = TextColumn(_("contested passage, in your words"), max_length=2000)
    text = TextColumn(_("reply"), max_length=20_000)
    capacity = Line(_("capacity"))
    organisation = Line(_("organisation"))
    mandate = models.CharField(_("proof of mandate"), max_length=8, choices=Mandate.choices, default=Mandate.EMAIL)
    domain_matches = models.BooleanField(_("domain matches"), default=False)
    identity_checked = models.BooleanField(_("identity checked"), default=False)
    sources = TextColumn(_("documents"), max_length=4000)
    """Addresses, one a line."""
    state = models.CharField(_("state"), max_length=10, choices=ReplyState.choices, default=ReplyState.RECEIVED)
    outcome = models.CharField(_("outcome"), max_length=12, choices=ReplyOutcome.choices, blank=True, default="")
    refusal = models.CharField(_("reason"), max_length=16, choices=Refusal.choices, blank=True, default="")
    retired_at = models.DateTimeField(_("taken from beside the verdict"), null=True, blank=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ("received_at", "id")
        constraints = [
            one_of("language", ["fr", "en"], "reply_language_known"),
            one_of("state", ReplyState.values, "reply_state_known"),
            one_of("mandate", Mandate.values, "reply_mandate_known"),
            one_of("outcome", ["", *ReplyOutcome.values], "reply_outcome_known"),
            one_of("refusal", ["", *Refusal.values], "reply_refusal_known"),
            models.CheckConstraint(condition=~Q(text=""), name="reply_has_text"),
            models.CheckConstraint(
                condition=Q(state="received", decided_at__isnull=True) | Q(decided_at__isnull=False),
                name="reply_decided_with_date",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(refusal=""), name="reply_refused_with_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "retired"]) | ~Q(outcome=""), name="reply_published_with_outcome"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_public(self) -> bool:
        return self.state in (ReplyState.PUBLISHED, ReplyState.RETIRED)

    @property
    def source_addresses(self) -> Sequence[str]:
        return self.sources.split()

    @property
    def identity_shown(self) -> bool:
        """Whether the sender may be taken for the brand: a mailbox of its own that answered, or checked by hand."""
        return self.identity_checked or (self.domain_matches and self.email_confirmed_at is not None)


class DocumentKind(models.TextChoices):
    DOCUMENT = "document", _("Document")
    LETTER = "letter", _("Signed letter")


class ReplyDocument(models.Model):
    """A file that came with a reply, kept under its digest outside the web root.

    Documents are public once the reply is; a letter shows who may speak for the brand and never is.
    """

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="documents", verbose_name=_("reply"))
    kind = models.CharField(_("kind"), max_length=8, choices=DocumentKind.choices, default=DocumentKind.DOCUMENT)
    name = Line(_("name of the file"), max_length=120)
    """As the sender called it: a label, never a path."""
    media_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    added_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("document of a reply")
        verbose_name_plural = _("documents of replies")
        ordering = ("reply", "id")
        constraints = [
            one_of("kind", DocumentKind.values, "reply_document_kind_known"),
            models.UniqueConstraint(fields=["reply", "kind", "sha256"], name="reply_document_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="reply_document_holds_something"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(kind="letter", name=""),
                name="reply_document_only_letters_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reply} – {self.get_kind_display()}"

    @property
    def ending(self) -> str:
        return ENDINGS_OF_DOCUMENTS.get(self.media_type, "bin")


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
DOCUMENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "odt": f"{_OPEN}.text",
    "ods": f"{_OPEN}.spreadsheet",
    "odp": f"{_OPEN}.presentation",
}
"""Ending of a name → what such a file is. The list is closed."""
ENDINGS_OF_DOCUMENTS = {media_type: ending for ending, media_type in reversed(DOCUMENT_TYPES.items())}


class ReportState(models.TextChoices):
    RECEIVED = "received", _("To be decided")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Not accepted")


class ReportKind(models.TextChoices):
    ERROR = "error", _("Something on a page is wrong")
    SOURCE = "source", _("A source is missing")
    BRAND = "brand", _("A brand is missing")
    ACCESS = "access", _("Something cannot be used")


class Declined(models.TextChoices):
    """Why a report leads to no correction. The list is closed."""

    CORRECT = "correct", _("We checked: what the page says agrees with its sources")
    UNSOURCED = "unsourced", _("We found no source that bears it out")
    OPINION = "opinion", _("It concerns our judgement, not a fact; the method says how it is reached")
    UNRELATED = "unrelated", _("It does not concern what this site publishes")
    KNOWN = "known", _("It is already known, and dealt with under another reference")


class ErrorReport(Submission):
    """Somebody says that something published is wrong or missing. Anyone may."""

    reference = models.CharField(_("reference"), max_length=16, unique=True, default=report_reference, editable=False)
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="error_reports", verbose_name=_("assessment"), null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ReportKind.choices, default=ReportKind.ERROR)
    what = TextColumn(_("what is wrong"), max_length=4000)
    place = Line(_("where"), max_length=400)
    source = Line(_("source"), max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.RECEIVED)
    declined = models.CharField(_("reason"), max_length=12, choices=Declined.choices, blank=True, default="")

    class Meta:
        verbose_name = _("reported error")
        verbose_name_plural = _("reported errors")
        ordering = ("received_at", "id")
        constraints = [
            one_of("language", ["fr", "en"], "report_language_known"),
            one_of("kind", ReportKind.values, "report_kind_known"),
            one_of("state", ReportState.values, "report_state_known"),
            one_of("declined", ["", *Declined.values], "report_declined_known"),
            models.CheckConstraint(condition=~Q(what=""), name="report_says_what"),
            models.CheckConstraint(
                condition=Q(state="received", decided_at__isnull=True) | Q(decided_at__isnull=False),
                name="report_decided_with_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(declined=""), name="report_declined_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


# --- What follows -----------------------------------------------------------------------------------------------------


class Correction(models.Model):
    """One line of the public log of corrections: what was wrong, since when, and what it changed."""

    reference = models.CharField(
        _("reference"), max_length=16, unique=True, default=correction_reference, editable=False
    )
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="corrections", verbose_name=_("assessment"), null=True, blank=True
    )
    report = models.OneToOneField(
        ErrorReport, models.PROTECT, related_name="correction", verbose_name=_("report"), null=True, blank=True
    )
    wrong_en = TextColumn(_("what was wrong, in English"), max_length=2000)
    wrong_fr = TextColumn(_("what was wrong, in French"), max_length=2000)
    since = models.ForeignKey(
        Publication, models.PROTECT, related_name="+", verbose_name=_("wrong since"), null=True, blank=True
    )
    corrected_in = models.ForeignKey(
        Publication, models.PROTECT, related_name="corrections", verbose_name=_("corrected in"), null=True, blank=True
    )
    changed_en = TextColumn(_("what it changed, in English"), max_length=2000)
    changed_fr = TextColumn(_("what it changed, in French"), max_length=2000)
    published_at = models.DateTimeField(_("logged at"), default=timezone.now, editable=False)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("logged by"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-published_at", "-id")
        constraints = [
            models.CheckConstraint(condition=~Q(wrong_en="") & ~Q(wrong_fr=""), name="correction_says_what"),
            models.CheckConstraint(
                condition=Q(corrected_in__isnull=True) | (~Q(changed_en="") & ~Q(changed_fr="")),
                name="correction_says_what_changed",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_done(self) -> bool:
        """A correction of a case is done with the version that holds it; any other as soon as it is logged."""
        return self.corrected_in_id is not None or self.assessment_id is None


class TakenIntoAccount(models.Model):
    """A published version took a reply or a report into account."""

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="requests_taken", verbose_name=_("version")
    )
    reply = models.ForeignKey(
        Reply, models.PROTECT, related_name="taken_in", verbose_name=_("reply"), null=True, blank=True
    )
    report = models.ForeignKey(
        ErrorReport, models.PROTECT, related_name="taken_in", verbose_name=_("report"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("request taken into account")
        verbose_name_plural = _("requests taken into account")
        ordering = ("publication", "id")
        constraints = [
            models.UniqueConstraint(fields=["publication", "reply"], name="reply_taken_once"),
            models.UniqueConstraint(fields=["publication", "report"], name="report_taken_once"),
            models.CheckConstraint(
                condition=Q(reply__isnull=True, report__isnull=False) | Q(reply__isnull=False, report__isnull=True),
                name="taken_is_one_request",
            ),
        ]

    def __str__(self) -> str:
        return str(self.reply or self.report)


# --- Mails ------------------------------------------------------------------------------------------------------------


class MailState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class OutgoingMail(models.Model):
    """A mail to be sent, or sent. Written with what it tells of, so that neither is ever there without the other."""

    kind = models.CharField(_("kind"), max_length=24)
    to = models.EmailField(_("to"), blank=True)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    language = Language(_("language"))
    about = models.CharField(_("about"), max_length=200)
    """What it tells of, named as the log names it."""
    unsubscribe = models.CharField(max_length=300, blank=True, default="", editable=False)
    """Where its reader ends mails of this kind by one press, without signing in."""
    state = models.CharField(_("state"), max_length=8, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    error = TextColumn(_("last error"), max_length=500)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("-id",)
        constraints = [
            one_of("state", MailState.values, "mail_state_known"),
            one_of("language", ["fr", "en"], "mail_language_known"),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"], name="mail_due"), models.Index(fields=["about"])]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


def end_of(day: date) -> datetime:
    """The first moment after a day, where the house is."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
