"""The gate for suggestions: made by readers, taken up or declined by those who record evidence."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brands.changes import record_decision
from cxalign.accounts.models import Suggestion, User

RECORD = "brands.add_source"
MOST_OPEN = 100


class SuggestionRefused(Exception):
    """Why this cannot be suggested or decided; the text is what the screen shows."""


def check_can_suggest(user: User) -> None:
    if Suggestion.objects.open().filter(by=user).count() >= MOST_OPEN:
        raise SuggestionRefused(
            _("You have %(number)d suggestions waiting: let us catch up first.") % {"number": MOST_OPEN}
        )


@transaction.atomic
def suggest(by: User, **fields: Any) -> Suggestion:
    """Keep a suggestion. The same form sent again gives the one that it gave before."""
    User.objects.select_for_update().get(pk=by.pk)
    earlier = Suggestion.objects.filter(token=fields["token"]).first() if fields.get("token") else None
    if earlier:
        if earlier.by_id != by.pk:
            raise SuggestionRefused(_("This form belongs to somebody else: open it again."))
        return earlier
    check_can_suggest(by)
    suggestion = Suggestion(by=by, **fields)
    suggestion.full_clean()
    suggestion.save()
    record_decision("suggestion.made", subject=suggestion, actor=by, brand=suggestion.brand)
    return suggestion


def check_can_decide(user: User, suggestion: Suggestion) -> None:
    if not user.has_perm(RECORD):
        raise SuggestionRefused(_("Only those who record evidence decide on suggestions."))
    if suggestion.state != Suggestion.State.OPEN:
        raise SuggestionRefused(_("This suggestion has been decided already."))


def can_decide(user: User, suggestion: Suggestion) -> bool:
    try:
        check_can_decide(user, suggestion)
    except SuggestionRefused:
        return False
    return True


def held_if_open(suggestion: Suggestion | None, *, by: User) -> Suggestion | None:
    """The suggestion, held for the rest of the transaction, if this person may still decide on it."""
    held = Suggestion.objects.select_for_update().filter(pk=suggestion.pk).first() if suggestion else None
    return held if held and can_decide(by, held) else None


def take(suggestion: Suggestion, *, by: User) -> Suggestion:
    """It is recorded now. The capture page calls this once what was suggested is saved."""
    return _decide(suggestion, Suggestion.State.TAKEN, by, "")


def decline(suggestion: Suggestion, *, by: User, reason: str) -> Suggestion:
    if not reason.strip():
        raise SuggestionRefused(_("Write the reason: the one who suggested it will read it."))
    return _decide(suggestion, Suggestion.State.DECLINED, by, reason)


@transaction.atomic
def _decide(suggestion: Suggestion, state: Suggestion.State, by: User, reason: str) -> Suggestion:
    held = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    check_can_decide(by, held)
    held.state, held.reason, held.decided_by, held.decided_at = state, reason, by, timezone.now()
    held.full_clean(exclude=["team", "by", "brand"])
    held.save()
    record_decision(
        f"suggestion.{state}",
        subject=held,
        actor=by,
        brand=held.brand,
        changes={"state": [Suggestion.State.OPEN.value, state.value]},
        reason=reason,
    )
    return held
