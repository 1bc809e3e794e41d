"""A list or comparison as somebody left it, kept under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brands.models import validate_plain_text

PATH_LENGTH, QUERY_LENGTH = 200, 2000


class SavedView(models.Model):
    """An address below the language: a page and its query. Private, until its owner shares it.

    They do so with whoever has its token, or with a team.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=80, validators=[validate_plain_text])
    path = models.CharField(max_length=PATH_LENGTH, editable=False)
    """Without the language and the slash before it: ``landscape/covid-19/``."""
    query = models.CharField(max_length=QUERY_LENGTH, blank=True, editable=False)
    token = models.CharField(max_length=32, null=True, blank=True, unique=True, editable=False)
    """Who has it may open the view; none while the view is private."""
    team = models.ForeignKey(
        "accounts.Team", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    """Whose members find it among their own; nobody but its owner changes it."""
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("owner", "name", "id")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_named"),
            models.CheckConstraint(condition=~Q(path=""), name="saved_view_leads_somewhere"),
            models.CheckConstraint(condition=Q(token__isnull=True) | ~Q(token=""), name="saved_view_token_or_none"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.token is not None

    def address(self, language: str) -> str:
        path = f"/{language}/{self.path}"
        return f"{path}?{self.query}" if self.query else path
