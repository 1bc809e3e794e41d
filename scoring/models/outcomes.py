"""What the public is shown of outcome figures: copies, so that an edit shows only once an editor publishes it again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brands import codes
from brands.models import Brand, Crisis, OutcomeFigure


class PublishedFigure(models.Model):
    """One reading as it was published. It counts while it is current, its record in use, and the verdict in force."""

    figure = models.ForeignKey(OutcomeFigure, models.PROTECT, related_name="publications")
    revision = models.PositiveIntegerField()
    """Of the record, when it was published."""
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="+")
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=codes.FigureKind.choices)
    series = models.CharField(max_length=120)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    unit = models.CharField(max_length=24)
    measured_on = models.CharField(max_length=10)
    source_title = models.TextField()
    source_publisher = models.TextField(blank=True, default="")
    source_url = models.TextField(blank=True, default="")
    note_en = models.TextField(blank=True, default="")
    note_fr = models.TextField(blank=True, default="")
    published_at = models.DateTimeField(_("published at"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("published outcome figure")
        verbose_name_plural = _("published outcome figures")
        ordering = ("brand", "kind", "measured_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["figure"], condition=Q(is_current=True), name="published_figure_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} r{self.revision}"
