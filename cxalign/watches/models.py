"""Watches: what somebody wants to be told of, how often, and what they have been told."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, one_of
from cxalign.plans.models import new_token
from cxalign.portfolios.models import Portfolio
from cxalign.practices.models import FAMILIES
from scoring.models import OutgoingMail


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", _("by e-mail, at once")
    DAILY = "daily", _("by e-mail, once a day")
    WEEKLY = "weekly", _("by e-mail, once a week")
    FEED = "feed", _("by the private feed only")


BY_MAIL = (Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.WEEKLY)

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class Subscriber(models.Model):
    """How one person is told: when their digests are due, and the secret addresses of their own."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="subscriber", verbose_name=_("person")
    )
    weekday = models.PositiveSmallIntegerField(_("day of the weekly e-mail"), choices=WEEKDAYS, default=0)
    hour = models.PositiveSmallIntegerField(_("hour of the e-mails"), default=8, validators=[MaxValueValidator(23)])
    """On the clock of the person's time zone."""
    daily_done_on = models.DateField(null=True, blank=True, editable=False)
    weekly_done_on = models.DateField(null=True, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=2, default="en", editable=False)
    """Of the page on which something was watched last: for whoever leaves the language to the browser."""
    stop_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    """Ends the mails without signing in."""
    feed_token = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    """Opens the private feed; none while there is none."""
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ("user",)
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="subscriber_weekday_known"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="subscriber_hour_known"),
            models.CheckConstraint(condition=~Q(stop_token=""), name="subscriber_can_stop"),
            one_of("language", ["fr", "en"], "subscriber_language_known"),
            models.CheckConstraint(
                condition=Q(feed_token__isnull=True) | ~Q(feed_token=""), name="subscriber_feed_token_or_none"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Watch(models.Model):
    """One thing that somebody watches: a brand, a portfolio or a family of practices."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="watches")
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brand"))
    portfolio = models.ForeignKey(
        Portfolio, models.CASCADE, null=True, blank=True, related_name="watches", verbose_name=_("portfolio")
    )
    family = models.CharField(_("practice family"), max_length=3, choices=FAMILIES, null=True, blank=True)
    rhythm = models.CharField(_("how"), max_length=8, choices=Rhythm.choices, default=Rhythm.DAILY)
    told_up_to = models.PositiveBigIntegerField(default=0, editable=False)
    """The line of the trail up to which everything has been told, or was there before the watch."""
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ("id",)
        indexes = [models.Index(fields=["rhythm", "told_up_to"], name="watch_behind")]
        constraints = [
            one_of("rhythm", Rhythm.values, "watch_rhythm_known"),
            models.CheckConstraint(
                condition=Q(brand__isnull=False, portfolio__isnull=True, family__isnull=True)
                | Q(brand__isnull=True, portfolio__isnull=False, family__isnull=True)
                | Q(brand__isnull=True, portfolio__isnull=True, family__isnull=False),
                name="watch_is_of_one_thing",
            ),
            models.UniqueConstraint(fields=["subscriber", "brand"], name="watch_brand_once"),
            models.UniqueConstraint(fields=["subscriber", "portfolio"], name="watch_portfolio_once"),
            models.UniqueConstraint(fields=["subscriber", "family"], name="watch_family_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id}: {self.brand or self.portfolio or self.family}"


class Told(models.Model):
    """Somebody was told of one line of the trail: never twice, whatever they watch it by."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="told")
    sequence = models.PositiveBigIntegerField()
    mail = models.ForeignKey(OutgoingMail, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("line told")
        verbose_name_plural = _("lines told")
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["subscriber", "sequence"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.subscriber_id}: {self.sequence}"
