"""What is coded of a record: names of codes, their choices, their scales, and where each stands in the facts.

A coding is a plain mapping of names to values. A plain code has its own name (``substance``). The codes of a source of
an action are ``source.<key>.kind`` and ``source.<key>.group``; those of a proof ``proof.<group>.<direction>`` (``yes``
where the act bears on the group that way) with ``.yardstick``, ``.depth`` and ``.remedy`` below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from brands import codes as lists
from brands.models import Action, BrandProfile, Promise
from scoring.engine.dossier import DUTY
from scoring.models import CodingItem

Codes = dict[str, str]
UNKNOWN = lists.UNKNOWN
YES, NO = "yes", "no"
LEVELS = ("0", "1", "2", "3")
DEPTHS = {"helps": ("0", "1", "2"), "harms": ("1", "2", "3")}
REMEDIES = ("0", "1", "2")
WEIGHTS = ("context", "supporting", "central")
SEPARATOR = "|"

Choice = tuple[str, Any]
CANNOT_TELL: Choice = (UNKNOWN, _("unknown – looked at, cannot tell"))
YES_OR_NO: tuple[Choice, ...] = ((YES, _("yes")), (NO, _("no")))


@dataclass(frozen=True)
class Code:
    """One code of a sheet."""

    name: str
    label: Any
    choices: tuple[Choice, ...]
    measure: str
    """Under which name agreement on it is counted."""
    scale: tuple[str, ...] = ()
    """Its levels in order; empty where the values are names."""
    decides: bool = False
    """Whether a verdict can move with it. The others are optional, and a difference in them can be talked over."""
    many: bool = False
    free: bool = False
    """Typed, not chosen."""
    keeps_unknown: bool = True
    """Whether the facts can hold “unknown” for it. Where they cannot, two coders who cannot tell have not agreed: an
    adjudicator decides. If nobody can tell, what is on file stays, as one person's code."""
    hint: Any = ""

    @property
    def is_ordinal(self) -> bool:
        return bool(self.scale)


@dataclass(frozen=True)
class Part:
    """Codes that belong together on the screen: those of one source, or of one group and direction."""

    title: Any
    codes: tuple[Code, ...]
    switch: Code | None = None
    """The question that decides whether the others are asked at all."""


@dataclass(frozen=True)
class Sheet:
    """All that is coded of one record."""

    own: tuple[Code, ...]
    sources: tuple[Part, ...] = ()
    proofs: tuple[Part, ...] = ()

    @property
    def all(self) -> dict[str, Code]:
        parts = [*self.sources, *self.proofs]
        switches = [part.switch for part in parts if part.switch]
        return {code.name: code for code in [*self.own, *switches, *(code for part in parts for code in part.codes)]}


def _level(name: str, label: Any, choices: Any, measure: str, *, decides: bool, hint: Any = "") -> Code:
    return Code(name, label, tuple(choices.choices), measure, LEVELS, decides, hint=hint)


ACTION_CODES: tuple[Code, ...] = (
    _level("substance", _("SU – substance"), lists.Substance, "su", decides=True),
    _level("reach", _("RE – reach"), lists.Reach, "re", decides=True),
    _level("initiative", _("IN – initiative"), lists.Initiative, "in", decides=True),
    _level("generosity", _("GE – generosity"), lists.Generosity, "ge", decides=True),
    Code(
        "appraisal",
        _("appraisal"),
        (*YES_OR_NO, CANNOT_TELL),
        "appraisal",
        decides=True,
        keeps_unknown=False,
        hint=_("The source gives an overall judgement without describing any act."),
    ),
    Code("kind", _("kind"), (*lists.ActionKind.choices, CANNOT_TELL), "kind"),
    Code("categories", _("categories"), tuple(lists.Category.choices), "categories", many=True),
    Code("family", _("practice family"), (*lists.Family.choices, CANNOT_TELL), "family"),
    _level("duration", _("duration"), lists.Duration, "duration", decides=False),
)
PROMISE_CODES: tuple[Code, ...] = (
    _level("statement_level", _("ST – statement level"), lists.Statement, "st", decides=True),
    _level("specificity", _("specificity"), lists.Specificity, "specificity", decides=False),
    _level("scope", _("scope"), lists.Scope, "scope", decides=False),
    Code(
        "weight",
        _("weight"),
        (*lists.Weight.choices, CANNOT_TELL),
        "weight",
        scale=WEIGHTS,
        keeps_unknown=False,
    ),
    Code("value_type", _("value type"), (*lists.ValueType.choices, CANNOT_TELL), "value_type"),
    Code(
        "testable",
        _("testable"),
        (*YES_OR_NO, CANNOT_TELL),
        "testable",
        keeps_unknown=False,
        hint=_("Yes if an act could be shown to keep or break it: a beneficiary and something given can be named."),
    ),
)
PROFILE_CODES: tuple[Code, ...] = (
    _level("purpose", _("PU – purpose"), lists.Purpose, "pu", decides=True),
    _level("values_heritage", _("VH – values heritage"), lists.ValuesHeritage, "vh", decides=True),
    _level("customer_record", _("CC – customer record"), lists.CustomerRecord, "cc", decides=True),
)
FLAGS = {"appraisal", "testable"}
"""Codes that the facts keep as true or false."""
LEFT_EMPTY = {"kind", "family", "value_type"}
"""Codes that are empty in the facts where they are unknown."""


# --- The sheet of a record --------------------------------------------------------------------------------------------


def sheet_of(item: CodingItem) -> Sheet:
    if item.kind == "promise":
        return Sheet(PROMISE_CODES)
    if item.kind == "profile":
        return Sheet(PROFILE_CODES)
    return _action_sheet(item.subject)


def _action_sheet(action: Action) -> Sheet:
    links = [link for link in action.source_links.all() if not link.source.is_withdrawn]
    promises = [promise for promise in action.brand.promises.all() if not promise.is_withdrawn]
    proofs = [_proof_part(group, direction, promises) for group in lists.Stakeholder for direction in lists.Direction]
    return Sheet(ACTION_CODES, tuple(_source_part(link.source) for link in links), tuple(proofs))


def _source_part(source: Any) -> Part:
    stem = f"source.{source.key}"
    return Part(
        source.title,
        (
            Code(
                f"{stem}.kind",
                _("kind, relative to the claim"),
                (*lists.SourceKind.choices, CANNOT_TELL),
                "source_kind",
                decides=True,
                keeps_unknown=False,
            ),
            Code(
                f"{stem}.group",
                _("independence group"),
                (),
                "source_group",
                free=True,
                keeps_unknown=False,
                hint=_(
                    "Sources that repeat one another share a group; a relayed press release has the brand as its group."
                ),
            ),
        ),
    )


def _proof_part(group: lists.Stakeholder, direction: lists.Direction, promises: Iterable[Promise]) -> Part:
    stem = f"proof.{group.value}.{direction.value}"
    yardsticks = [(promise.key, str(promise)) for promise in promises if group.value in promise.stakeholders]
    depths = DEPTHS[direction.value]
    words = DEPTH_WORDS[direction.value]
    codes = [
        Code(
            f"{stem}.yardstick",
            _("yardstick"),
            ((DUTY, _("duty of care")), *yardsticks, CANNOT_TELL),
            "yardstick",
            decides=True,
            keeps_unknown=False,
        ),
        Code(f"{stem}.depth", _("depth"), (*words, CANNOT_TELL), f"depth_{direction.value}", depths, True),
    ]
    if direction is lists.Direction.HARMS:
        remedies = (*lists.Remedy.choices, CANNOT_TELL)
        codes.append(Code(f"{stem}.remedy", _("remedy"), remedies, "remedy", REMEDIES, True, keeps_unknown=False))
    title = TITLES[direction.value]
    return Part((group.label, title), tuple(codes), Code(stem, title, YES_OR_NO, "stakeholder_set", decides=True))


TITLES: dict[str, Any] = {"helps": _("helps them"), "harms": _("harms them")}
DEPTH_WORDS: dict[str, tuple[Choice, ...]] = {
    "helps": (
        ("0", _("0 – keeps: does what was to be expected, in crisis conditions")),
        ("1", _("1 – beyond: gives something that nothing led them to expect")),
        ("2", _("2 – far beyond: open-ended or unconditional")),
    ),
    "harms": (
        ("1", _("1 – falls short: late, partial, unannounced conditions")),
        ("2", _("2 – breaks: refuses, withholds or does the opposite when it matters")),
        ("3", _("3 – endangers: health, livelihood or dignity put at risk")),
    ),
}


def label_of(code: Code, value: str) -> str:
    """A value in the reader's language."""
    if code.many:
        return ", ".join(_word(code, part) for part in value.split(SEPARATOR) if part) or "–"
    return _word(code, value) if value else "–"


def _word(code: Code, value: str) -> str:
    words: Mapping[str, str | LazyText] = dict(code.choices)
    return str(words.get(value, value))


# --- What is on file, as a coding -------------------------------------------------------------------------------------


def codes_on_file(item: CodingItem) -> Codes:
    """The codes of the record as they stand in the facts. Never shown to a coder of an open item."""
    if item.kind == "promise":
        return _own_codes(item.subject, PROMISE_CODES)
    if item.kind == "profile":
        return _own_codes(item.subject, PROFILE_CODES)
    action = item.subject
    found = _own_codes(action, ACTION_CODES)
    for link in action.source_links.all():
        found[f"source.{link.source.key}.kind"] = link.kind
        found[f"source.{link.source.key}.group"] = link.independence_group
    for proof in action.proofs.all():
        found |= proof_codes(proof)
    return {name: value for name, value in found.items() if value}


def proof_codes(proof: Any) -> Codes:
    stem = f"proof.{proof.stakeholder}.{proof.direction}"
    codes = {stem: YES, f"{stem}.yardstick": proof.promise.key if proof.promise else DUTY, f"{stem}.depth": proof.depth}
    return codes | ({f"{stem}.remedy": proof.remedy} if proof.direction == "harms" else {})


def _own_codes(record: Action | Promise | BrandProfile, codes: Iterable[Code]) -> Codes:
    return {code.name: as_text(getattr(record, code.name)) for code in codes}


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    return str(value or "")


def stem_of(name: str) -> str:
    """The proof or source that a code belongs to; the code itself where it belongs to the record."""
    parts = name.split(".")
    return ".".join(parts[:3]) if parts[0] == "proof" else ".".join(parts[:-1]) if parts[0] == "source" else name
