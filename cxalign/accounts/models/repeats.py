"""Requests that a program may send twice without doing twice what they ask for."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cxalign.accounts.models.keys import ApiKey

KEPT_FOR = timedelta(hours=48)


class RepeatableRequestQuerySet(models.QuerySet):
    def over(self) -> RepeatableRequestQuerySet:
        return self.filter(created_at__lt=timezone.now() - KEPT_FOR)


class RepeatableRequest(models.Model):
    """A request sent with an ``Idempotency-Key``, and its answer as soon as there is one."""

    api_key = models.ForeignKey(ApiKey, models.CASCADE, related_name="+", verbose_name=_("API key"))
    name = models.CharField(_("name"), max_length=255)
    """What the program calls its request: the value of the header."""
    digest = models.CharField(max_length=64)
    """Of method, address and body: the same name for something else is refused."""
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = RepeatableRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request that may be repeated")
        verbose_name_plural = _("requests that may be repeated")
        ordering = ("-created_at", "-id")
        indexes = [models.Index(fields=["created_at"], name="repeatable_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["api_key", "name"], name="repeatable_once_a_key"),
            models.CheckConstraint(condition=~Q(name=""), name="repeatable_has_name"),
            models.CheckConstraint(
                condition=Q(status=None) | Q(status__gte=200, status__lt=400), name="repeatable_keeps_no_refusal"
            ),
        ]

    def __str__(self) -> str:
        return self.name
