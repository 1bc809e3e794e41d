"""What a reader would have recorded: evidence in their words, for an analyst to check."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from brands.models import TextColumn, one_of
from cxalign.accounts.models.teamwork import TeamPrivate, TeamPrivateQuerySet
from scoring.models import may_read_drafts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models.people import User


class SuggestionQuerySet(TeamPrivateQuerySet):
    def visible_to(self, user: User | AnonymousUser | None) -> SuggestionQuerySet:
        """A team's own; and all of them for those who check them."""
        return self.all() if may_read_drafts(user) else super().visible_to(user)  # type: ignore[return-value]

    def open(self) -> SuggestionQuerySet:
        return self.filter(state=Suggestion.State.OPEN)


class Suggestion(TeamPrivate):
    """One suggestion: open until an analyst takes it or declines it with a reason."""

    class Kind(models.TextChoices):
        SOURCE = "source", _("A source")
        PROMISE = "promise", _("A promise")
        ACTION = "action", _("An act")
        BRAND = "brand", _("A brand to add")

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        TAKEN = "taken", _("Taken up")
        DECLINED = "declined", _("Declined")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """Travels with the form, so that a form sent twice is one suggestion."""
    kind = models.CharField(_("what it is"), max_length=8, choices=Kind.choices)
    brand = models.ForeignKey(
        "brands.Brand", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brand")
    )
    text = TextColumn(_("in your words"), max_length=4000, blank=False)
    address = models.URLField(_("address of the source"), max_length=2000, blank=True, default="")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    reason = TextColumn(_("reason"), max_length=1000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects: ClassVar[Any] = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ("-created_at", "-id")
        constraints = [
            one_of("kind", ("source", "promise", "action", "brand"), "suggestion_kind_known"),
            one_of("state", ("open", "taken", "declined"), "suggestion_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | Q(~Q(state="open"), decided_at__isnull=False),
                name="suggestion_decided_or_open",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="suggestion_declined_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {Truncator(self.text).chars(60)}"
