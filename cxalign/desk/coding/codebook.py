"""The reading rules of the code book, each beside the code that it settles."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brands import codes
from cxalign.pages.codebook import anchor_of
from scoring.coding.sheets import ACTION_CODES, PROFILE_CODES, PROMISE_CODES, Code

RULES: dict[str, Any] = {
    "su": _(
        "Not about the kind of gift: a service can be major. Level 3 needs a figure or a fact in the record that shows "
        "it is large; otherwise 2. An announced sum with date and recipient is 2 until the deadline passes unpaid; an "
        "announcement without them is 0."
    ),
    "re": _("Of those concerned by the need, how many the act was open to or reached."),
    "in": _("Unprompted means before any documented request, criticism or obligation."),
    "ge": _("Money owed or required (refunds due, legal sick pay) and sales at cost are 1 at most."),
    "stakeholder_set": _(
        "Whoever works under the brand’s orders is an employee, whatever the contract; firms and shopkeepers it trades "
        "with are partners; taxpayers and the state are community. A gain for the firm alone has no row. An act that "
        "helps and harms one group has both."
    ),
    "yardstick": _(
        "A promise counts only if it addresses the group, covers the subject of the act, and was made before it. A "
        "statement published with the act is no yardstick for it. Otherwise: duty of care."
    ),
    "depth_helps": _("Read against what a reasonable member of the group would expect from the yardstick on that day."),
    "depth_harms": _(
        "Job cuts with notice and pay: 1 if nothing was promised on jobs and the brand says why, else 2. Withheld pay, "
        "cancelled orders, refused refunds that are due: 2. Risk to health, or income stopped without a net: 3. "
        "Withdrawing help while the need lasts: 2 if a promise covers it, else 1."
    ),
    "remedy": _(
        "Only a repair to the same people for the same harm: 2 if within days, complete and unforced; 1 if late, "
        "partial or after pressure. It is not recorded a second time as help."
    ),
    "source_kind": _(
        "Relative to this claim. A page that only repeats the brand’s announcement is interested, with the brand as "
        "its group. Unions and campaigners are interested on claims against their opponent unless they publish "
        "documents."
    ),
    "source_group": _("A list that cites other pages belongs to the group of the page it cites."),
    "st": _("A purpose or a label is no promise until a group and something given to it can be named."),
    "pu": _("From before the crisis only. A label may document a purpose; it counts for nothing else."),
    "vh": _("From before the crisis only."),
    "cc": _("From before the crisis only."),
}


def rule_for(code: Code) -> Any:
    return RULES.get(code.measure) or code.hint


CHAPTERS: dict[str, type[TextChoices]] = {
    "su": codes.Substance,
    "re": codes.Reach,
    "in": codes.Initiative,
    "ge": codes.Generosity,
    "depth_helps": codes.Depth,
    "depth_harms": codes.Depth,
    "remedy": codes.Remedy,
    "direction": codes.Direction,
    "stakeholder_set": codes.Stakeholder,
    "source_kind": codes.SourceKind,
    "pu": codes.Purpose,
    "vh": codes.ValuesHeritage,
    "cc": codes.CustomerRecord,
    "st": codes.Statement,
    "specificity": codes.Specificity,
    "scope": codes.Scope,
    "weight": codes.Weight,
    "value_type": codes.ValueType,
    "kind": codes.ActionKind,
    "family": codes.Family,
    "duration": codes.Duration,
}
HINTS = {code.measure: code.hint for code in (*ACTION_CODES, *PROMISE_CODES, *PROFILE_CODES)}


def rule_of(measure: str) -> Any:
    """The rule by which a code is chosen, in the words that its coders read; empty where its levels are the rule."""
    return RULES.get(measure) or HINTS.get(measure, "")


def address_of(measure: str) -> str:
    """Where the code book has it: its levels, or the whole where it is a mere yes or no."""
    chapter = CHAPTERS.get(measure)
    return f"{reverse('method')}#{anchor_of(chapter) if chapter else 'levels'}"
