"""Portfolios: sets of brands that a team keeps together, with what it notes about each.

A portfolio is private to its team. Nothing of it stands in the trail, which the desk reads: it has a log of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, TextColumn, one_of
from cxalign.accounts.models.teamwork import TeamPrivate, TeamPrivateQuerySet
from cxalign.plans.models import Line

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User

NOTE_LENGTH = 2000


class PortfolioQuerySet(TeamPrivateQuerySet):
    def visible_to(self, user: User | AnonymousUser | None) -> PortfolioQuerySet:
        """The portfolios of this person's teams that nobody has removed. Every screen starts here."""
        return super().visible_to(user).filter(deleted_at__isnull=True)  # type: ignore[return-value]

    def removed_from(self, user: User | AnonymousUser | None) -> PortfolioQuerySet:
        """Those that were removed, for whoever could still see them: to bring one back."""
        return super().visible_to(user).filter(deleted_at__isnull=False)  # type: ignore[return-value]


class Portfolio(TeamPrivate):
    """A named set of brands of one team."""

    name = Line(_("name"), max_length=100, blank=False)
    note = TextColumn(_("note"), max_length=NOTE_LENGTH)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar[Any] = PortfolioQuerySet.as_manager()

    class Meta:
        verbose_name = _("portfolio")
        verbose_name_plural = _("portfolios")
        ordering = ("name", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="portfolio_is_named"),
            models.CheckConstraint(condition=Q(team__isnull=False), name="portfolio_has_team"),
            models.UniqueConstraint(
                fields=["team", "name"], condition=Q(deleted_at__isnull=True), name="portfolio_name_once_a_team"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Holding(models.Model):
    """A brand in a portfolio, at its place, with what the team notes about it."""

    portfolio = models.ForeignKey(Portfolio, models.CASCADE, related_name="holdings")
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="+", verbose_name=_("brand"))
    note = TextColumn(_("note"), max_length=NOTE_LENGTH)
    position = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("brand of a portfolio")
        verbose_name_plural = _("brands of a portfolio")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["portfolio", "brand"], name="portfolio_holds_brand_once")]

    def __str__(self) -> str:
        return str(self.brand)


class StepKind(models.TextChoices):
    MADE = "made", _("made the portfolio")
    CHANGED = "changed", _("changed name or note of the portfolio")
    ARCHIVED = "archived", _("archived the portfolio")
    TAKEN_UP = "taken_up", _("took the portfolio up again")
    REMOVED = "removed", _("removed the portfolio")
    BROUGHT_BACK = "brought_back", _("brought the portfolio back")
    BRAND_ADDED = "brand_added", _("added the brand")
    BRAND_NOTED = "brand_noted", _("changed the note about the brand")
    BRAND_MOVED = "brand_moved", _("moved the brand")
    BRAND_REMOVED = "brand_removed", _("took the brand out")
    BRAND_BROUGHT_BACK = "brand_back", _("put the brand back")


class Step(models.Model):
    """One line of a portfolio's log: who did what when, and what it was before."""

    portfolio = models.ForeignKey(Portfolio, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind.choices)
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    changes = models.JSONField(default=dict, blank=True)
    """Field → before and after."""

    class Meta:
        verbose_name = _("step in a portfolio")
        verbose_name_plural = _("steps in portfolios")
        ordering = ("-id",)
        indexes = [models.Index(fields=["portfolio", "-id"], name="step_of_portfolio")]
        constraints = [one_of("kind", StepKind.values, "step_kind_known")]

    def __str__(self) -> str:
        return f"{self.kind} {self.portfolio_id}"
