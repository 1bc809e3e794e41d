"""What was measured about a brand before and after a crisis, by whoever measures such things."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands import codes
from brands.fields import PartialDateField
from brands.models.base import Fact, TextColumn, one_of, validate_plain_text
from brands.models.facts import Brand, Crisis, Source


class OutcomeFigure(Fact):
    """One reading of one measure, with its source. Readings of one series can be set beside one another."""

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="outcome_figures", verbose_name=_("brand"))
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="outcome_figures", verbose_name=_("crisis"))
    kind = models.CharField(_("what was measured"), max_length=20, choices=codes.FigureKind.choices)
    series = models.CharField(
        _("series"),
        max_length=120,
        validators=[validate_plain_text],
        help_text=_("Who measures, and how: only readings of one series are compared."),
    )
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    unit = models.CharField(
        _("unit"), max_length=24, validators=[validate_plain_text], help_text=_("Points, %, index 2019 = 100, EUR…")
    )
    measured_on = PartialDateField(_("measured on"), help_text=_("The day, month or year that the reading is for."))
    source = models.ForeignKey(Source, models.PROTECT, related_name="outcome_figures", verbose_name=_("source"))
    note_en = TextColumn(_("note in English"), max_length=600)
    note_fr = TextColumn(_("note in French"), max_length=600)

    class Meta:
        verbose_name = _("outcome figure")
        verbose_name_plural = _("outcome figures")
        ordering = ("brand", "kind", "measured_on", "key")
        constraints = [
            one_of("kind", codes.FigureKind.values, "outcome_figure_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(series="") & ~models.Q(unit="") & ~models.Q(measured_on=""),
                name="outcome_figure_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value} {self.unit} – {self.series}, {self.measured_on}"

    def key_text(self) -> str:
        return f"{self.brand.slug} {self.kind} {self.series} {self.measured_on}"
