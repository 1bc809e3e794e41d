"""How many records each check of the quality page found, day by day: what its trend is drawn from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class QualityCount(models.Model):
    """What one check found on one day."""

    check_code = models.SlugField(_("check"), max_length=40)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("count"))

    class Meta:
        verbose_name = _("quality count")
        verbose_name_plural = _("quality counts")
        ordering = ("check_code", "-day")
        constraints = [models.UniqueConstraint(fields=["check_code", "day"], name="quality_count_once")]

    def __str__(self) -> str:
        return f"{self.check_code} {self.day}: {self.count}"
