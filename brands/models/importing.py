"""Files that people send in: a job for each, its rows on trial, and how a team calls its columns."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from brands.claiming import DueQuerySet
from brands.models.base import TextColumn, one_of, validate_plain_text
from brands.models.facts import Crisis

SEES_ALL_JOBS = "scoring.publish"
"""The right that makes an editor: editors see everybody's imports."""
UNDO_FOR = timedelta(hours=24)


class ImportState(models.TextChoices):
    """Where an import stands. ``checking``, ``queued``, ``running`` and ``undoing`` are a worker's turn.

    The others are a person's.
    """

    UPLOADED = "uploaded", _("uploaded")
    MAPPED = "mapped", _("columns mapped")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", pgettext_lazy("an import", "done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


COMING_IN = (ImportState.CHECKING, ImportState.QUEUED, ImportState.RUNNING)
AT_WORK = (*COMING_IN, ImportState.UNDOING)
OPEN = (ImportState.UPLOADED, ImportState.MAPPED, ImportState.CHECKED)
FINISHED = (ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED, ImportState.UNDONE)
UNFINISHED = (*OPEN, *COMING_IN)
"""Sending the same file again opens such an import instead of a second one."""


class Outcome(models.TextChoices):
    """What becomes of a row."""

    CREATE = "create", _("create")
    UPDATE = "update", _("update")
    UNCHANGED = "unchanged", _("no change")
    KEPT = "kept", _("kept as it is")
    DUPLICATE = "duplicate", _("possible duplicate")
    ASKED = "asked", _("to be answered")
    ERROR = "error", _("error")


WRITES = (Outcome.CREATE, Outcome.UPDATE)
REFUSED_ROWS = (Outcome.ERROR, Outcome.ASKED, Outcome.DUPLICATE)


class ImportJobQuerySet(DueQuerySet):
    at_work = AT_WORK

    def visible_to(self, user: Any) -> ImportJobQuerySet:
        """A person's own imports and those of their team; all of them for editors."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm(SEES_ALL_JOBS):
            return self
        return self.filter(Q(requested_by=user.pk) | Q(team__in=user.teams.values("pk")))


class ImportJob(models.Model):
    """One file on its way into the database. The row is the truth; a message to a worker only makes it sooner."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.CharField(_("what it holds"), max_length=20)
    crisis = models.ForeignKey(
        Crisis, models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("crisis")
    )
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    file_name = models.CharField(_("file"), max_length=200, validators=[validate_plain_text])
    digest = models.CharField("SHA-256", max_length=64)
    data = models.BinaryField(null=True, editable=False)
    """The file itself, until the import is finished."""
    reading = models.JSONField(default=dict)
    """How the file was read: format, encoding, separator, sheet."""
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    """For each column of the file: a column of ours, "" where it is to be ignored, null where nobody decided."""
    options = models.JSONField(default=dict)
    language = models.CharField(_("language of the messages"), max_length=2, default="en")
    counts = models.JSONField(default=dict)
    total = models.PositiveIntegerField(_("rows"), default=0)
    progress = models.PositiveIntegerField(_("rows done"), default=0)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_asked = models.BooleanField(default=False)
    error = TextColumn(_("what went wrong"), max_length=1000)
    """The code of it; ``brands.importing.jobs.failure`` words it."""
    fingerprint = models.CharField(max_length=64)
    """Who sent which bytes as what: while such an import is open, sending them again opens the same one."""
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    """Who asked for the last undoing."""
    undoing = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), editable=False)
    """How far an undoing by a worker is, or how it ended: see ``brands.importing.undoing``."""
    team = models.ForeignKey(
        "accounts.Team", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    touched_at = models.DateTimeField(_("last step"), auto_now=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "id")
        indexes = [models.Index(fields=["state", "lease_until"], name="import_due")]
        constraints = [
            one_of("state", ImportState.values, "import_state_known"),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(state__in=[*UNFINISHED]), name="import_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} – {self.file_name}"

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def can_be_undone_until(self) -> Any:
        return self.finished_at + UNDO_FOR if self.finished_at else None


class ImportRow(models.Model):
    """One row of a file as it was sent, and what is to become of it."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=list)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    key = models.CharField(_("key"), max_length=300, blank=True)
    """The parts of the record's key, separated by blanks."""
    label = models.CharField(_("record"), max_length=200, blank=True)
    messages = models.JSONField(default=list)
    """Column, code, sentence and values of each thing to say about the row; worded for whoever reads it."""
    changes = models.JSONField(default=dict)
    """Field → before and after."""
    resembles = models.CharField(_("resembles"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(null=True, blank=True)
    """The revision of the record that the check saw: any other one means that somebody was quicker."""
    turn = models.PositiveSmallIntegerField(default=0)
    """Rows that name another row of the file come after it."""
    written = models.BooleanField(_("written"), default=False)
    undone = models.BooleanField(_("taken back"), default=False, db_default=False)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering = ("job", "number")
        indexes = [models.Index(fields=["job", "outcome", "number"], name="import_row_outcome")]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="import_row_once"),
            one_of("outcome", Outcome.values, "import_row_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"


class SavedMapping(models.Model):
    """How a team, or a person without one, calls the columns of its files."""

    type = models.CharField(_("what it holds"), max_length=20)
    team = models.ForeignKey("accounts.Team", models.CASCADE, null=True, blank=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    columns = models.JSONField(default=dict)
    """Folded header → a column of ours, or "" where it is ignored."""
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("saved mapping of columns")
        verbose_name_plural = _("saved mappings of columns")
        ordering = ("type", "id")
        constraints = [
            models.UniqueConstraint(fields=["type", "team"], condition=Q(user=None), name="mapping_once_a_team"),
            models.UniqueConstraint(fields=["type", "user"], condition=Q(team=None), name="mapping_once_a_person"),
            models.CheckConstraint(
                condition=Q(team=None, user__isnull=False) | Q(team__isnull=False, user=None),
                name="mapping_belongs_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} – {self.team or self.user}"
