"""What stands between a verdict and its publication: the log of searches, and the ties that people declare."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands import codes
from brands.models import AppendOnlyError, Brand, TextColumn, one_of, validate_plain_text
from scoring.models.cases import Assessment


class ReviewRecordQuerySet(models.QuerySet[Any]):
    def standing(self) -> ReviewRecordQuerySet:
        """What was not taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("searches and ties are taken back with a reason, never deleted")


class ReviewRecord(models.Model):
    """Written once; a mistake is taken back with a reason and entered anew."""

    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True, editable=False)
    withdrawn_reason = TextColumn(_("reason"), max_length=1000, editable=False)

    objects = ReviewRecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("searches and ties are taken back with a reason, never deleted")

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def take_back(self, reason: str) -> None:
        self.withdrawn_at, self.withdrawn_reason = timezone.now(), reason
        self.save(update_fields=["withdrawn_at", "withdrawn_reason"])


class EvidenceSearch(ReviewRecord):
    """Somebody looked for help or for harm to one group: where, with which words, when, and how much turned up."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="searches", verbose_name=_("assessment"))
    stakeholder = models.CharField(_("stakeholder group"), max_length=12, choices=codes.Stakeholder.choices)
    looked_for = models.CharField(_("looked for"), max_length=5, choices=codes.Direction.choices)
    queries = TextColumn(_("search words"), max_length=2000, blank=False)
    engine = models.CharField(_("where"), max_length=200, validators=[validate_plain_text])
    searched_on = models.DateField(_("searched on"))
    hits = models.PositiveIntegerField(_("hits looked at"), validators=[MaxValueValidator(1_000_000)])
    note = TextColumn(_("note"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("search for evidence")
        verbose_name_plural = _("searches for evidence")
        ordering = ("assessment", "-searched_on", "-id")
        constraints = [
            one_of("stakeholder", codes.Stakeholder.values, "search_stakeholder_known"),
            one_of("looked_for", codes.Direction.values, "search_direction_known"),
            models.CheckConstraint(condition=~Q(queries="") & ~Q(engine=""), name="search_says_how"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="search_withdrawn_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} – {self.stakeholder} – {self.looked_for} – {self.searched_on}"


class TieKind(models.TextChoices):
    NONE = "none", _("no tie")
    CLIENT = "client", _("the brand is a client")
    EMPLOYER = "employer", _("the brand is an employer")
    SHAREHOLDER = "shareholder", _("shares in the brand")
    SUPPLIER = "supplier", _("the brand is a supplier")
    FAMILY = "family", _("family at the brand")
    OTHER = "other", _("other tie")


class Tie(ReviewRecord):
    """What somebody declares about themselves and one brand: a tie, or that there is none."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ties", verbose_name=_("person"))
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="ties", verbose_name=_("brand"))
    kind = models.CharField(_("kind of tie"), max_length=12, choices=TieKind.choices)
    text_en = TextColumn(_("the tie in English"), max_length=300)
    text_fr = TextColumn(_("the tie in French"), max_length=300)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("declared tie")
        verbose_name_plural = _("declared ties")
        ordering = ("user", "brand", "-id")
        constraints = [
            one_of("kind", TieKind.values, "tie_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="none", text_en="", text_fr="", since__isnull=True, until__isnull=True)
                | (~Q(kind="none") & (~Q(text_en="") | ~Q(text_fr=""))),
                name="tie_is_described",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="tie_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="tie_withdrawn_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.brand} – {self.get_kind_display()}"

    @property
    def is_tie(self) -> bool:
        return self.kind != TieKind.NONE

    def in_force(self, day: datetime.date | None = None) -> bool:
        """Whether it bars its owner on that day."""
        day = day or timezone.localdate()
        begun = self.since is None or self.since <= day
        return self.is_tie and not self.is_withdrawn and begun and (self.until is None or self.until >= day)
