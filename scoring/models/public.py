"""What of the judgement is public: versions, and the facts that the API shows."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import connections, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, TextColumn
from scoring.leaving_out import left_out
from scoring.models.cases import Assessment, Snapshot


class PublicationQuerySet(models.QuerySet["Publication"]):
    def current(self) -> PublicationQuerySet:
        """What the public is shown now: the newest version of each case, unless it was withdrawn."""
        return self.readable().filter(is_current=True)

    def readable(self) -> PublicationQuerySet:
        """All that was ever public, without the brands that this reader codes now."""
        brands = left_out()
        return self.exclude(assessment__brand__in=brands) if brands else self.all()

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
    ties = models.JSONField(_("ties declared"), default=list, blank=True)
    """Declared ties of those who took part, as they stood: role, kind, text in both languages, dates. No names."""
    requests = models.JSONField(_("requests taken into account"), default=list, blank=True)
    """Notices, replies and reports that this version takes into account: kind, reference, day."""
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


LONGEST_WORD = 60
"""Letters of a word that searching looks at; PostgreSQL keeps no word of more than 2,046 bytes in its index."""

WITH_WORDS = {
    "sqlite": "SELECT rowid FROM scoring_publishedfact_words WHERE scoring_publishedfact_words MATCH %s",
    # OFFSET 0 is a fence: first the few rows that the index knows, then order and limit.
    "postgresql": "SELECT id FROM scoring_publishedfact WHERE"
    " array_to_tsvector(string_to_array(search_text, ' ')) @@ %s::tsquery OFFSET 0",
}
"""Written as the index of migration 0012 is, or it is not used."""


class PublishedFactQuerySet(models.QuerySet["PublishedFact"]):
    def shown(self, resource: str) -> PublishedFactQuerySet:
        """What the public is shown of one kind, without the brands that this reader codes now."""
        found, brands = self.filter(resource=resource, shown=True), left_out()
        return found.exclude(brand__in=brands) if brands else found

    def with_words(self, words: Sequence[str]) -> PublishedFactQuerySet:
        """Those in which each of these words, as ``words_of`` gives them, begins a word. Answered from an index."""
        if not words:
            return self.none()
        vendor = connections[self.db].vendor
        beginning = {"sqlite": '"{}"*', "postgresql": "'{}':*"}[vendor]
        between = {"sqlite": " AND ", "postgresql": " & "}[vendor]
        wanted = between.join(beginning.format(word[:LONGEST_WORD]) for word in words)
        return self.filter(pk__in=RawSQL(WITH_WORDS[vendor], [wanted]))  # noqa: S611 – words hold letters and digits


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
    search_text = models.TextField(default="", editable=False)
    """What a reader may search for: the words of the document without its codes, folded, with one blank between."""
    shown = models.BooleanField(default=True)
    """False where another case shows a newer text of the same fact (a source that several brands share)."""

    objects = PublishedFactQuerySet.as_manager()

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
