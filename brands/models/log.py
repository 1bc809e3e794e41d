"""The log of changes: one line for each, written once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models.base import TextColumn
from brands.models.facts import Brand


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete a line of the log."""


class EventQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError("events are written once")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("events are written once")


class Event(models.Model):
    """One line of the change log: what changed, for which brand, by whom, from what to what, and why."""

    kind = models.CharField(_("kind"), max_length=40)
    brand = models.ForeignKey(
        Brand, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("brand")
    )
    subject = models.CharField(_("subject"), max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    reason = TextColumn(_("reason"), max_length=2000)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-id",)
        indexes = [models.Index(fields=["subject"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("events are written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("events are written once")
