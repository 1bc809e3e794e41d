"""The judgement: one case file per brand and crisis, its snapshots, and what of them is public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from brands.models import AppendOnlyError, Brand, Crisis, TextColumn

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
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ("brand", "crisis")
        constraints = [models.UniqueConstraint(fields=["brand", "crisis"], name="assessment_once")]
        permissions = [
            ("read_drafts", "May read what is not published"),
            ("publish", "May publish and withdraw verdicts"),
        ]

    def __str__(self) -> str:
        return f"{self.brand} – {self.crisis}"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def latest_of(self, assessment: Assessment) -> Snapshot | None:
        """The working verdict: the highest sequence number, never the latest clock time."""
        return self.filter(assessment=assessment).order_by("-sequence").first()


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

    def says_the_same_as(self, other: Snapshot | None) -> bool:
        """Same facts, same method, same scorecard. The day of the judgement is not part of it."""
        return other is not None and (
            self.facts_digest == other.facts_digest
            and self.method_version == other.method_version
            and self.document_digest == other.document_digest
        )

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("snapshots are kept for good")


class PublicationQuerySet(models.QuerySet["Publication"]):
    def current(self) -> PublicationQuerySet:
        """What the public is shown now: the newest version of each case, unless it was withdrawn."""
        return self.filter(is_current=True)

    def with_case(self) -> PublicationQuerySet:
        return self.select_related("snapshot", "assessment__brand__sector", "assessment__crisis")


class Publication(models.Model):
    """A snapshot made public under a version number. Its address stays for good, also after a withdrawal."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="publications", verbose_name=_("assessment")
    )
    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="publication", verbose_name=_("snapshot"))
    version = models.PositiveIntegerField(_("version"))
    cause = models.CharField(
        _("what changed"),
        max_length=20,
        choices=[
            ("first_entry", _("first entry")),
            ("evidence_added", _("evidence added")),
            ("evidence_corrected", _("evidence corrected")),
            ("brand_reply", _("brand reply")),
            ("method_change", _("method change")),
            ("error_of_ours", _("error of ours")),
        ],
        default="first_entry",
    )
    note_en = TextColumn(_("note in English"), max_length=600)
    note_fr = TextColumn(_("note in French"), max_length=600)
    policy = models.CharField(_("policy"), max_length=12, default="solo")
    warnings = models.JSONField(_("warnings at publication"), default=list, blank=True)
    published_at = models.DateTimeField(_("published at"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    is_current = models.BooleanField(_("current"), default=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason_en = TextColumn(_("public reason in English"), max_length=1000)
    withdrawn_reason_fr = TextColumn(_("public reason in French"), max_length=1000)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ("assessment", "-version")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "version"], name="publication_version_once"),
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(is_current=True), name="publication_one_current"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(is_current=False), name="publication_withdrawn_not_current"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason_en="") | ~Q(withdrawn_reason_fr=""),
                name="publication_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} v{self.version}"

    @property
    def state(self) -> str:
        if self.withdrawn_at:
            return "withdrawn"
        return "published" if self.is_current else "superseded"


class PublishedFact(models.Model):
    """One fact as the current publication of a case shows it: what the public API reads, and nothing else.

    Rewritten whenever the case is published or withdrawn, so that an unpublished edit cannot leak through it.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="published_facts")
    resource = models.CharField(max_length=12)
    key = models.CharField(max_length=200)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="+")
    revision = models.CharField(max_length=64)
    """Changes whenever the document does: the entity tag."""
    document = models.TextField()
    shown = models.BooleanField(default=True)
    """False where another case shows a newer text of the same fact (a source that several brands share)."""

    class Meta:
        ordering = ("resource", "key")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "resource", "key"], name="published_fact_once"),
            models.UniqueConstraint(
                fields=["resource", "key"], condition=Q(shown=True), name="published_fact_shown_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.key}"


class PublishedFacet(models.Model):
    """A value by which published facts are filtered, such as ``stakeholder = customers``."""

    fact = models.ForeignKey(PublishedFact, models.CASCADE, related_name="facets")
    name = models.CharField(max_length=24)
    value = models.CharField(max_length=1000)

    class Meta:
        indexes = [models.Index(fields=["name", "value", "fact"], name="facet_lookup")]
        ordering = ("fact", "name", "value")

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


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
