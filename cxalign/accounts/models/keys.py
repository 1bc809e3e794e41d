"""The keys of people's programs. A key never does more than its owner may do at that moment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.fields import CodeSetField
from brands.models import TextColumn, validate_plain_text


class Scope(models.TextChoices):
    """What a key can be made for: the closed list of the API."""

    READ_PUBLISHED = "read:published", _("Read what is published")
    READ_DRAFTS = "read:drafts", _("Read working scorecards")
    WRITE_BRANDS = "write:brands", _("Write brands")
    WRITE_SOURCES = "write:sources", _("Write sources")
    WRITE_PROMISES = "write:promises", _("Write promises")
    WRITE_ACTIONS = "write:actions", _("Write acts")
    WRITE_CODINGS = "write:codings", _("Write codings")
    PUBLISH = "publish", _("Publish")
    READ_PLANS = "read:plans", _("Read plans")
    WRITE_PLANS = "write:plans", _("Write plans")
    MANAGE_WEBHOOKS = "manage:webhooks", _("Manage webhooks")
    EXPORT_BULK = "export:bulk", _("Export in bulk")


class ApiKey(models.Model):
    """One key. Its secret was shown once; what is kept of it only tells whether it is the same."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_keys", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=80, validators=[validate_plain_text])
    identifier = models.CharField(_("identifier"), max_length=16, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = CodeSetField(_("scopes"), codes=Scope, max_length=240, blank=False)
    addresses = TextColumn(
        _("addresses"),
        max_length=1000,
        help_text=_("The key works from these only, one address or network a line. Left empty, from anywhere."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="key_expires_later"),
            models.CheckConstraint(condition=~Q(scopes=""), name="key_has_scopes"),
            models.CheckConstraint(condition=~Q(secret_hash=""), name="key_has_secret"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (ppk_{self.identifier}…)"

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        return "usable" if self.is_usable else "expired"

    @property
    def scope_names(self) -> list[str]:
        return [str(Scope(scope).label) for scope in self.scopes]
