"""The lines of the trail that this floor writes, in words: what people decide about cases, beside the facts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from brands import trail
from scoring.coding.catalogue import MEASURED
from scoring.coding.reopening import EDITED
from scoring.coding.settling import AGREED
from scoring.quality import CONFIRMED
from scoring.voices.erasing import EXPIRED

KINDS: dict[str, Any] = {
    "scorecard.published": _("Verdict published"),
    "scorecard.withdrawn": _("Verdict withdrawn"),
    "case.assigned": _("Case assigned"),
    CONFIRMED: _("Verdict reviewed, still stands"),
    "coding.opened": _("Coding round opened"),
    "coding.closed": _("Coding round closed"),
    "coding.settled": _("Coding settled"),
    "method.measurement_adopted": _("Measurement of agreement adopted"),
    "search.logged": _("Search logged"),
    "search.withdrawn": _("Search taken back"),
    "tie.declared": _("Tie declared"),
    "tie.ended": _("Tie ended"),
    "tie.withdrawn": _("Declaration of a tie taken back"),
    "notice.sent": _("Notice sent"),
    "notice.moved": _("Deadline of a notice moved"),
    "notice.revoked": _("Notice revoked"),
    "notice.reminded": _("Reminder of a notice sent"),
    "notice.erased": _("Address of a notice erased"),
    "reply.received": _("Reply received"),
    "reply.letter_received": _("Signed letter of a reply received"),
    "reply.confirmed": _("Mailbox of a reply confirmed"),
    "reply.published": _("Reply published"),
    "reply.refused": _("Reply refused"),
    "reply.followed_up": _("Consequence of a reply stated"),
    "reply.retired": _("Reply retired"),
    "reply.erased": _("Sender of a reply erased"),
    "report.received": _("Error report received"),
    "report.accepted": _("Error report accepted"),
    "report.declined": _("Error report declined"),
    "report.erased": _("Sender of an error report erased"),
    "correction.published": _("Correction published"),
    "correction.completed": _("Correction completed"),
    "outcome.published": _("Outcome figure published"),
    "contact.added": _("Contact of a brand added"),
    "contact.retired": _("Contact of a brand retired"),
}

REASONS = {reason: _(reason) for reason in (AGREED, EDITED, EXPIRED, MEASURED)}


def register() -> None:
    trail.KINDS.update(KINDS)
    trail.SYSTEM_REASONS.update(REASONS)
    trail.FOLLOW_UPS.add(EDITED)
