"""What brands and readers say about a verdict, and what they were told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import TextColumn
from scoring.models.cases import Assessment, Snapshot


class ReplyNotice(models.Model):
    """The brand was shown an unfavourable draft and asked for its reply, until a deadline."""

    assessment = models.ForeignKey(
        Assessment, models.PROTECT, related_name="reply_notices", verbose_name=_("assessment")
    )
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="reply_notices", verbose_name=_("verdict"))
    sent_to = models.EmailField(_("sent to"))
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"), null=True, blank=True
    )
    deadline = models.DateField(_("reply by"))
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    note = TextColumn(_("note"), max_length=1000)

    class Meta:
        verbose_name = _("notice to a brand")
        verbose_name_plural = _("notices to brands")
        ordering = ("-sent_at", "id")

    def __str__(self) -> str:
        return f"{self.assessment} – {self.sent_at:%Y-%m-%d}"
