"""What belongs to a team, and is nobody else's business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from scoring.visibility import of_own_teams

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models.people import User


class TeamPrivateQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User | AnonymousUser | None) -> TeamPrivateQuerySet:
        """What this person made, and what the teams made that they are in. Every screen starts here."""
        return of_own_teams(self, user)


class TeamPrivate(models.Model):
    """Something a person made for a team; without a team, for themselves alone."""

    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = TeamPrivateQuerySet.as_manager()

    class Meta:
        abstract = True
