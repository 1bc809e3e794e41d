"""The codebook as readers see it: the very lists that the forms offer, so that neither can drift from the other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from brands import codes

LABEL_SIGNS = (" – ", ":")


def anchor_of(choices: type[TextChoices]) -> str:
    """Where a code stands on the method page."""
    return f"code-{choices.__name__.lower()}"


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its name, whether it can move a verdict, and its levels."""

    name: str
    scores: bool
    choices: type[TextChoices]
    short: str = ""
    note: str = ""

    @property
    def levels(self) -> list[tuple[str, str]]:
        """Level and anchor: “2 – real: a concrete service…” comes apart, a plain word stays whole."""
        return [_parted(str(value), str(label)) for value, label in self.choices.choices]

    @property
    def anchor(self) -> str:
        return anchor_of(self.choices)

    @property
    def plain(self) -> bool:
        """A list of words, told in one line, rather than levels with anchors."""
        return all(not anchor for _level, anchor in self.levels)


def _parted(value: str, label: str) -> tuple[str, str]:
    for sign in LABEL_SIGNS:
        head, found, anchor = label.partition(sign)
        if found and (sign == ":" or value in (head, codes.UNKNOWN)):
            return head.strip(), anchor.strip()
    return label, ""


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    codes: list[Code]


def chapters() -> list[Chapter]:
    return [
        Chapter(_("Promise"), _promise()),
        Chapter(_("Act"), _act()),
        Chapter(_("Proof: one act, one yardstick, one group"), _proof()),
        Chapter(_("Brand profile, from before the crisis"), _profile()),
        Chapter(_("Source, relative to the claim it supports"), [Code(_("Kind"), True, codes.SourceKind)]),
    ]


def _promise() -> list[Code]:
    return [
        Code(_("Statement"), True, codes.Statement, "ST"),
        Code(_("Stakeholders"), True, codes.Stakeholder, note=_("“Everyone” means all core groups.")),
        Code(_("Value type"), False, codes.ValueType),
        Code(_("Specificity"), False, codes.Specificity),
        Code(_("Weight"), False, codes.Weight),
        Code(_("Scope"), False, codes.Scope),
        Code(_("Kind"), False, codes.PromiseKind),
    ]


def _act() -> list[Code]:
    return [
        Code(_("Substance"), True, codes.Substance, "SU"),
        Code(_("Initiative"), True, codes.Initiative, "IN"),
        Code(_("Generosity"), True, codes.Generosity, "GE"),
        Code(_("Reach"), False, codes.Reach, "RE", _("Counts only under the method switch “wide reach required”.")),
        Code(
            _("Duration"), False, codes.Duration, note=_("Withdrawing help while the need lasts is a new, harmful act.")
        ),
        Code(_("Kind"), False, codes.ActionKind),
        Code(_("Category"), False, codes.Category),
        Code(_("Practice family"), False, codes.Family),
    ]


def _proof() -> list[Code]:
    return [
        Code(
            _("Direction"),
            True,
            codes.Direction,
            note=_("An act that serves one group by hurting another has two proofs."),
        ),
        Code(
            _("Depth"),
            True,
            codes.Depth,
            note=_(
                "Read against what a reasonable member of the group would expect from the yardstick on "
                "that day, whatever the small print."
            ),
        ),
        Code(
            _("Remedy"),
            True,
            codes.Remedy,
            note=_("Only a repair to the same people for the same harm, with a source of its own."),
        ),
    ]


def _profile() -> list[Code]:
    return [
        Code(_("Purpose"), True, codes.Purpose, "PU"),
        Code(_("Values heritage"), True, codes.ValuesHeritage, "VH"),
        Code(_("Customer record"), True, codes.CustomerRecord, "CC"),
    ]
