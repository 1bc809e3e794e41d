"""Copies of sources that somebody asked for: one order, one job a source. The database says what is due."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brands.models.base import TextColumn, one_of
from brands.models.facts import Source


class JobState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


FAILURES = {
    "unreachable": _("could not be reached, or holds nothing that is kept as a copy"),
    "not_stored": _("could not be stored: tell whoever runs the installation"),
    "given_up": _("given up after three tries"),
}
"""More is not said of an address that did not answer: the reason would tell what our network looks like."""
OPEN = (JobState.QUEUED, JobState.RUNNING)


class ArchiveOrder(models.Model):
    """“Archive a copy now”: who asked, when and why."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="archive_orders", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    reason = TextColumn(_("reason"), max_length=2000)

    class Meta:
        verbose_name = _("order for copies")
        verbose_name_plural = _("orders for copies")
        ordering = ("-id",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"#{self.pk}"


class ArchiveJob(models.Model):
    """One source of an order: its page is fetched and kept, or it is said that this failed."""

    order = models.ForeignKey(ArchiveOrder, models.PROTECT, related_name="jobs", verbose_name=_("order"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="archive_jobs", verbose_name=_("source"))
    host = models.CharField(max_length=253, editable=False)
    """Whose machine is asked: one at a time, with a pause."""
    state = models.CharField(_("state"), max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    reason = models.CharField(_("why it failed"), max_length=24, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("copy of a source")
        verbose_name_plural = _("copies of sources")
        ordering = ("order", "id")
        default_permissions = ()
        constraints = [
            one_of("state", JobState.values, "archive_job_state_known"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state__in=[state.value for state in OPEN]), name="archive_job_open_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="archive_job_state")]

    def __str__(self) -> str:
        return f"{self.source} – {self.get_state_display()}"

    @property
    def failure(self) -> str:
        return str(FAILURES.get(self.reason, self.reason))
