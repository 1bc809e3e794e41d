"""The lines of the trail about people and access, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from brands import trail

KINDS: dict[str, Any] = {
    "access.person_changed": _("Account or its rights changed"),
    "access.group_changed": _("Group changed"),
    "access.team_changed": _("Team changed"),
    "access.password_given": _("New password given"),
    "access.password_changed": _("Own password changed"),
    "access.profile_changed": _("Own profile changed"),
    "access.account_erased": _("Account closed and emptied"),
    "access.key_made": _("Key made"),
    "access.key_revoked": _("Key revoked"),
    "suggestion.made": _("Suggestion made"),
    "suggestion.taken": _("Suggestion taken"),
    "suggestion.declined": _("Suggestion declined"),
}


MADE = "Made when the installation was set up."
"""Why the first accounts exist. Sealed in English, like every reason that no person wrote."""


def register() -> None:
    trail.KINDS.update(KINDS)
    trail.SYSTEM_REASONS[MADE] = _("Made when the installation was set up.")
