"""Files that take long to make: who asked for which, how far it is, and the file itself for a time."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.claiming import DueQuerySet
from brands.models import TextColumn
from brands.models.base import one_of


class ExportState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being made")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


AT_WORK = (ExportState.QUEUED, ExportState.RUNNING)
FINISHED = (ExportState.DONE, ExportState.FAILED, ExportState.CANCELLED)


class ExportJobQuerySet(DueQuerySet):
    at_work = AT_WORK

    def of(self, user: Any) -> ExportJobQuerySet:
        """What this person asked for: nobody else sees it."""
        return self.filter(requested_by=user.pk) if user.is_authenticated else self.none()


class ExportJob(models.Model):
    """One file to be made. The row is the truth; a message to a worker only makes it sooner."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("what it holds"), max_length=20)
    format = models.CharField(_("format"), max_length=10)
    language = models.CharField(_("language"), max_length=2, default="en")
    query: models.JSONField[Any, Any] = models.JSONField(_("filters"), default=dict)
    """Name → chosen values, as in the address of the list."""
    state = models.CharField(_("state"), max_length=10, choices=ExportState.choices, default=ExportState.QUEUED)
    file_name = models.CharField(_("file"), max_length=200)
    total = models.PositiveIntegerField(_("scorecards"), default=0)
    progress = models.PositiveIntegerField(_("done"), default=0)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = TextColumn(_("what went wrong"), max_length=1000)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    digest = models.CharField("SHA-256", max_length=64, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    touched_at = models.DateTimeField(_("last step"), auto_now=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-created_at", "id")
        indexes = [models.Index(fields=["state", "lease_until"], name="export_due")]
        constraints = [one_of("state", ExportState.values, "export_state_known")]

    def __str__(self) -> str:
        return f"{self.kind} – {self.file_name}"

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def is_ready(self) -> bool:
        return self.state == ExportState.DONE

    def kept_until(self) -> datetime | None:
        from cxalign.exports.jobs import KEPT_FOR

        return self.finished_at + KEPT_FOR if self.finished_at else None


class ExportFile(models.Model):
    """The file that came of a job, apart from it, so that lists do not read it."""

    job = models.OneToOneField(ExportJob, models.CASCADE, related_name="file", verbose_name=_("export"))
    data = models.BinaryField(_("file"))

    class Meta:
        verbose_name = _("exported file")
        verbose_name_plural = _("exported files")
        ordering = ("job",)

    def __str__(self) -> str:
        return str(self.job)
