"""Words that a team puts on its records to find them again, and lists as somebody set them up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brands.models.base import TextColumn, fold, validate_plain_text


class Tag(models.Model):
    """A word of the team's own. It says nothing about a brand and counts in no verdict."""

    name = models.CharField(_("name"), max_length=60, validators=[validate_plain_text])
    folded = models.CharField(max_length=120, unique=True, editable=False)
    """The name without accents or case: “Grève” and “greve” are one tag."""
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("folded",)
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="tag_is_named")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.name.strip())
        super().save(*args, **kwargs)

    @property
    def key(self) -> str:
        """How the trail knows it, whatever it is called later: a new name is one line, not one for each record."""
        return str(self.pk)


class SavedFilter(models.Model):
    """A list with its search and filters, under a name: for its owner, or for a team."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name=_("owner")
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="saved_filters",
        verbose_name=_("shared with"),
    )
    list_label = models.CharField(_("list"), max_length=80)
    """The model whose list it is, as ``brands.action``."""
    name = models.CharField(_("name"), max_length=60, validators=[validate_plain_text])
    query = TextColumn(_("query"), max_length=1000)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("name", "id")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_label", "name"], name="saved_filter_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_filter_is_whole"),
        ]

    def __str__(self) -> str:
        return self.name
