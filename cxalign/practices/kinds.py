"""The lines of the trail about practices, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from brands import trail

KINDS: dict[str, Any] = {
    "practice.added": _("Practice added"),
    "practice.corrected": _("Practice corrected"),
    "practice.published": _("Practice published"),
    "practice.unpublished": _("Practice taken back to draft"),
}

BROUGHT = "Named in a founding article; brought along by the product, unverified."
"""Why the first practices are on file. Sealed in English, like every reason that no person wrote."""


def register() -> None:
    trail.KINDS.update(KINDS)
    trail.SYSTEM_REASONS[BROUGHT] = _("Named in a founding article; brought along by the product, unverified.")
