"""One case file per brand and crisis, its snapshots, and what is due to be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brands.models import AppendOnlyError, Brand, Crisis

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User

READ_DRAFTS = "scoring.read_drafts"


def may_read_drafts(user: User | AnonymousUser | None) -> bool:
    """Whether this reader sees what is not published. Everybody else gets the answer of a thing that does not exist."""
    return bool(user and user.is_authenticated and user.is_active and user.has_perm(READ_DRAFTS))


class OutcomeChoice(models.TextChoices):
    BROKEN_PROMISE = "broken_promise", _("Broken promise")
    ALIGNED = "aligned", _("Aligned")
    EXCEEDS_PROMISE = "exceeds_promise", _("Exceeds its promise")
    DNA_PROACTIVE = "dna_proactive", _("In its DNA, proactive")
    INSUFFICIENT_EVIDENCE = "insufficient_evidence", _("Insufficient evidence")
    NO_PROMISE = "no_promise", _("No promise on file")


class RobustnessChoice(models.TextChoices):
    ROBUST = "robust", _("Robust")
    PROBABLE = "probable", _("Probable")
    FRAGILE = "fragile", _("Fragile")
    CONTESTED = "contested", _("Contested")


class Assessment(models.Model):
    """The case file of one brand in one crisis."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="assessments", verbose_name=_("brand"))
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="assessments", verbose_name=_("crisis"))
    team = models.ForeignKey(
        "accounts.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        verbose_name=_("team"),
        help_text=_("The consultants of this team may read the draft."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_assessments",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("brand", "crisis")
        constraints = [models.UniqueConstraint(fields=["brand", "crisis"], name="assessment_once")]
        permissions = [
            ("read_drafts", "May read what is not published"),
            ("publish", "May publish and withdraw verdicts"),
            ("organise", "May assign cases and coders"),
            ("code", "May code when assigned"),
            ("adjudicate", "May settle what coders disagree on"),
            ("answer_replies", "May decide on replies of brands and reported errors"),
        ]

    def __str__(self) -> str:
        return f"{self.brand} – {self.crisis}"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def latest_of(self, assessment: Assessment) -> Snapshot | None:
        """The working verdict: the highest sequence number, never the latest clock time."""
        return self.filter(assessment=assessment).order_by("-sequence").first()

    def unfavourable(self) -> SnapshotQuerySet:
        """Those that say something against the brand: see ``Snapshot.is_unfavourable``."""
        return self.filter(Q(outcome=OutcomeChoice.BROKEN_PROMISE) | Q(harm_alert=True) | ~Q(washing=""))


class Snapshot(models.Model):
    """One verdict kept for good, with the facts it was judged on. Written once, never changed.

    ``facts`` is the engine's canonical JSON, ``verdict`` its full answer, ``document`` the scorecard a reader is shown.
    The columns after them repeat what lists filter and sort by.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="snapshots", verbose_name=_("assessment"))
    sequence = models.PositiveIntegerField(_("number"))
    created_at = models.DateTimeField(_("judged at"), auto_now_add=True)
    as_of = models.DateField(_("as of"))
    method_version = models.CharField(_("method"), max_length=20)
    facts_digest = models.CharField(_("facts digest"), max_length=64)
    facts = models.TextField(editable=False)
    verdict = models.TextField(editable=False)
    document = models.TextField(editable=False)
    document_digest = models.CharField(max_length=64, editable=False)

    outcome = models.CharField(_("outcome"), max_length=24, choices=OutcomeChoice.choices)
    breadth = models.CharField(max_length=8, blank=True)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    robustness = models.CharField(_("robustness"), max_length=12, choices=RobustnessChoice.choices, blank=True)
    evidence_items = models.PositiveIntegerField(_("items of evidence"), default=0)
    independent_groups = models.PositiveIntegerField(_("independent sources"), default=0)
    harm_alert = models.BooleanField(_("harm alert"), default=False)
    washing = models.CharField(_("purpose-washing signal"), max_length=8, blank=True)
    divergent = models.BooleanField(_("divergent stakeholders"), default=False)
    groups_documented = models.CharField(max_length=80, blank=True)
    """Groups with at least one proof, as ``|customers|employees|``."""
    review = models.JSONField(null=True, editable=False)
    """What the publication policies ask of the document (``scorecards.review_of``), so that lists need not read it."""
    position = models.JSONField(null=True, editable=False)
    """Where the document places the brand beside others (``scorecards.position_of``), for the same reason."""

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ("assessment", "-sequence")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "sequence"], name="snapshot_sequence_once"),
            models.CheckConstraint(condition=Q(outcome__in=OutcomeChoice.values), name="snapshot_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} #{self.sequence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("snapshots are written once")
        super().save(*args, **kwargs)

    @property
    def is_unfavourable(self) -> bool:
        """Whether it says something against the brand: a broken promise, a harm alert, a purpose-washing signal."""
        return self.outcome == OutcomeChoice.BROKEN_PROMISE or self.harm_alert or bool(self.washing)

    def says_the_same_as(self, other: Snapshot | None) -> bool:
        """Same facts, same method, same scorecard. The day of the judgement is not part of it."""
        return other is not None and (
            self.facts_digest == other.facts_digest
            and self.method_version == other.method_version
            and self.document_digest == other.document_digest
        )

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("snapshots are kept for good")


class ScoringJobQuerySet(models.QuerySet["ScoringJob"]):
    def due(self) -> ScoringJobQuerySet:
        """Brands whose facts have moved since they were scored, and that have not failed too often."""
        return self.filter(brand__facts_revision__gt=F("scored_revision")).exclude(
            attempts__gte=MAX_ATTEMPTS, brand__facts_revision=F("failed_revision")
        )


MAX_ATTEMPTS = 3
"""After as many failures a brand is parked where people see it, until its facts change or somebody asks again."""


class ScoringJob(models.Model):
    """What is due and what is done, one row a brand. The broker only makes it sooner; this row is the truth."""

    brand = models.OneToOneField(Brand, models.CASCADE, related_name="scoring_job", verbose_name=_("brand"))
    scored_revision = models.PositiveIntegerField(_("facts scored up to"), default=0)
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    failed_revision = models.PositiveIntegerField(default=0, editable=False)
    error = models.TextField(_("last error"), blank=True, default="")
    finished_at = models.DateTimeField(_("last scored"), null=True, blank=True)

    objects = ScoringJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("scoring job")
        verbose_name_plural = _("scoring jobs")
        ordering = ("brand",)

    def __str__(self) -> str:
        return str(self.brand)
