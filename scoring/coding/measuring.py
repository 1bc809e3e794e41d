"""How far coders agreed, code by code, and adopting it: from then on it sets the noise of what one coder read alone.

Only what each coder chose without sight of the other is counted. Levels are compared where both gave one: “unknown”
is not a level. Proofs are matched by action, group and direction; the direction itself by action and group.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.changes import mark_as_due, record_decision
from scoring.agreement import FEWEST, Agreement, Level, agreement
from scoring.coding.rights import CodingRefused, check_can_organise
from scoring.coding.sheets import (
    ACTION_CODES,
    DEPTHS,
    LEVELS,
    NO,
    PROFILE_CODES,
    PROMISE_CODES,
    REMEDIES,
    UNKNOWN,
    WEIGHTS,
    YES,
)
from scoring.engine.dossier import DUTY, MeasuredCode
from scoring.engine.judge import judge
from scoring.engine.method import Method, method_in_force
from scoring.engine.reliability import band_of
from scoring.gather import load_facts, to_dossier
from scoring.models import Assessment, CodingItem, ItemCoding, Measurement, OutcomeChoice

if TYPE_CHECKING:
    from cxalign.accounts.models import User


@dataclass(frozen=True)
class Measure:
    """One code whose agreement is counted. ``decides`` where a verdict can move with it."""

    code: str
    label: Any
    level: Level
    scale: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        return self.code in DECIDING


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        Measure("su", gettext_lazy("SU – substance"), "ordinal", LEVELS),
        Measure("re", gettext_lazy("RE – reach"), "ordinal", LEVELS),
        Measure("in", gettext_lazy("IN – initiative"), "ordinal", LEVELS),
        Measure("ge", gettext_lazy("GE – generosity"), "ordinal", LEVELS),
        Measure("depth_helps", gettext_lazy("depth of help"), "ordinal", DEPTHS["helps"]),
        Measure("depth_harms", gettext_lazy("depth of harm"), "ordinal", DEPTHS["harms"]),
        Measure("remedy", gettext_lazy("remedy"), "ordinal", REMEDIES),
        Measure("direction", gettext_lazy("direction"), "nominal", ("helps", "harms", "both")),
        Measure("yardstick", gettext_lazy("yardstick"), "nominal", ("promise", DUTY)),
        Measure("stakeholder_set", gettext_lazy("stakeholder set"), "nominal"),
        Measure("source_kind", gettext_lazy("kind of source"), "nominal"),
        Measure("appraisal", gettext_lazy("appraisal"), "nominal", (YES, NO)),
        Measure("pu", gettext_lazy("PU – purpose"), "ordinal", LEVELS),
        Measure("vh", gettext_lazy("VH – values heritage"), "ordinal", LEVELS),
        Measure("cc", gettext_lazy("CC – customer record"), "ordinal", LEVELS),
        Measure("st", gettext_lazy("ST – statement level"), "ordinal", LEVELS),
        Measure("specificity", gettext_lazy("specificity"), "ordinal", LEVELS),
        Measure("scope", gettext_lazy("scope"), "ordinal", LEVELS),
        Measure("weight", gettext_lazy("weight"), "ordinal", WEIGHTS),
        Measure("value_type", gettext_lazy("value type"), "nominal"),
        Measure("testable", gettext_lazy("testable"), "nominal", (YES, NO)),
        Measure("kind", gettext_lazy("kind of act"), "nominal"),
        Measure("family", gettext_lazy("practice family"), "nominal"),
        Measure("duration", gettext_lazy("duration"), "ordinal", LEVELS),
    )
}
DECIDING = {*MeasuredCode, "remedy", "direction", "yardstick", "stakeholder_set", "source_kind", "appraisal", "st"}
OWN = {code.name: code.measure for code in (*ACTION_CODES, *PROMISE_CODES, *PROFILE_CODES)}


# --- Pairs ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """What two coders chose for one code of one item."""

    item: int
    name: str
    pair: tuple[str, str]

    @property
    def differs(self) -> bool:
        return self.pair[0] != self.pair[1]


def pairs_of(items: Iterable[CodingItem]) -> dict[str, list[Compared]]:
    """Measure → what was compared, over items that both coders have handed in."""
    found: dict[str, list[Compared]] = defaultdict(list)
    for item in items:
        both = [coding.blind_codes for coding in item.codings.all() if coding.blind_codes is not None]
        if len(both) == 2:
            for measure, name, pair in _compared(item.kind, both[0], both[1]):
                found[measure].append(Compared(item.pk, name, pair))
    return found


Found = tuple[str, str, tuple[str, str]]


def _compared(kind: str, first: Mapping[str, str], second: Mapping[str, str]) -> Iterator[Found]:
    for name in first.keys() & second.keys():
        measure = OWN.get(name) or ("source_kind" if name.startswith("source.") and name.endswith(".kind") else "")
        if measure in MEASURES and UNKNOWN not in (first[name], second[name]):
            yield measure, name, (first[name], second[name])
    if kind == "action":
        yield from _proofs(first, second)


def _proofs(first: Mapping[str, str], second: Mapping[str, str]) -> Iterator[Found]:
    mine, theirs = _directions(first), _directions(second)
    yield "stakeholder_set", "proof", (_set(mine), _set(theirs))
    for group in mine.keys() & theirs.keys():
        yield "direction", f"proof.{group}", (_direction(mine[group]), _direction(theirs[group]))
        for direction in mine[group] & theirs[group]:
            yield from _proof(f"proof.{group}.{direction}", direction, first, second)


def _proof(stem: str, direction: str, first: Mapping[str, str], second: Mapping[str, str]) -> Iterator[Found]:
    for part, measure in (("depth", f"depth_{direction}"), ("remedy", "remedy"), ("yardstick", "yardstick")):
        name = f"{stem}.{part}"
        values = (first.get(name, ""), second.get(name, ""))
        if all(values) and UNKNOWN not in values:
            yield measure, name, (_yardstick(values[0]), _yardstick(values[1])) if part == "yardstick" else values


def _yardstick(value: str) -> str:
    return value if value == DUTY else "promise"


def _directions(codes: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, value in codes.items():
        parts = name.split(".")
        if parts[0] == "proof" and len(parts) == 3 and value == YES:
            found[parts[1]].add(parts[2])
    return found


def _direction(directions: set[str]) -> str:
    return "both" if len(directions) > 1 else next(iter(directions))


def _set(groups: Mapping[str, Any]) -> str:
    return " + ".join(sorted(groups)) or "–"


# --- The report -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One line of the report."""

    measure: Measure
    agreement: Agreement
    compared: list[Compared]

    @property
    def disagreements(self) -> list[Compared]:
        return [one for one in self.compared if one.differs]

    @property
    def scale(self) -> tuple[str, ...]:
        return self.measure.scale or tuple(sorted({value for one in self.compared for value in one.pair}))


def handed_in(**scope: Any) -> QuerySet[CodingItem]:
    """Items that both have handed in, with their codings; ``scope`` narrows them (``round=…``, ``round__crisis=…``)."""
    open_ = ItemCoding.objects.filter(blind_codes__isnull=True).values("item")
    codings = ItemCoding.objects.order_by("seat__number").only("item", "seat", "blind_codes")
    return CodingItem.objects.filter(**scope).exclude(pk__in=open_).prefetch_related(Prefetch("codings", codings))


def report(items: Iterable[CodingItem]) -> list[Row]:
    """Every code that was compared at all, in the order of the code book."""
    pairs = pairs_of(items)
    return [_row(measure, pairs[code]) for code, measure in MEASURES.items() if pairs.get(code)]


def _row(measure: Measure, compared: list[Compared]) -> Row:
    pairs, items = [one.pair for one in compared], [one.item for one in compared]
    found = agreement(pairs, measure.level, measure.scale, items)
    return Row(measure, found, sorted(compared, key=lambda one: one.item))


def figures_of(rows: Iterable[Row]) -> dict[str, dict[str, Any]]:
    """What of a report can be adopted: codes with enough pairs and an alpha."""
    return {
        row.measure.code: {
            "n": row.agreement.n,
            "percent": row.agreement.percent,
            "alpha": row.agreement.alpha,
            "low": row.agreement.low,
            "high": row.agreement.high,
        }
        for row in rows
        if row.agreement.alpha is not None
    }


# --- What adopting it would do ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """What a figure makes of one code, under the method in force."""

    label: Any

    code: MeasuredCode
    alpha: float
    noise: float | None
    """``None`` where the code is switched off."""
    provisional: bool


def effects_of(figures: Mapping[str, Any], method: Method) -> list[Effect]:
    found = []
    for code in MeasuredCode:
        if code in figures and method.coder_error:
            band = band_of(figures[code]["alpha"], method)
            found.append(
                Effect(
                    MEASURES[code].label,
                    code,
                    figures[code]["alpha"],
                    band.delta if band else None,
                    bool(band and band.provisional),
                )
            )
    return found


@dataclass(frozen=True)
class Weak:
    """A code on which coders agree too little, though nothing switches it off."""

    code: str
    label: Any
    alpha: float


def lowest_alpha(method: Method) -> float | None:
    """Below it the method trusts no code that one coder gave alone."""
    return min((band.alpha for band in method.coder_error), default=None)


def too_weak(figures: Mapping[str, Any], method: Method) -> list[Weak]:
    """Codes that can move a verdict and fall below every band, but for which the formulas know no unknown.

    See docs/adr/0007: they are told wherever they matter, since they cannot be switched off.
    """
    bound = lowest_alpha(method)
    return [
        Weak(code, measure.label, figures[code]["alpha"])
        for code, measure in MEASURES.items()
        if code in DECIDING - set(MeasuredCode) and code in figures and bound and figures[code]["alpha"] < bound
    ]


def weak_in_force() -> list[str]:
    """The same of the measurement in force, in words with their alpha."""
    measurement = Measurement.objects.in_force()
    if measurement is None:
        return []
    found = too_weak(measurement.figures, method_in_force(timezone.localdate()))
    return [f"{one.label} ({number_format(one.alpha, 3)})" for one in found]


@dataclass(frozen=True)
class Move:
    """One case whose verdict would differ."""

    case: Assessment
    before: str
    after: str
    robustness: tuple[str, str]
    provisional: bool

    @property
    def outcome_moves(self) -> bool:
        return self.before != self.after

    @property
    def before_word(self) -> Any:
        return OutcomeChoice(self.before).label

    @property
    def after_word(self) -> Any:
        return OutcomeChoice(self.after).label


@dataclass(frozen=True)
class Preview:
    cases: int
    touched: int
    moves: list[Move]

    @property
    def outcomes(self) -> int:
        return sum(move.outcome_moves for move in self.moves)


def touched_cases() -> QuerySet[Assessment]:
    """Cases in which one coder read something alone: no other verdict can depend on a measurement."""
    single_action = Q(
        brand__actions__coding="single",
        brand__actions__withdrawn_at__isnull=True,
        brand__actions__crisis=F("crisis"),
    )
    single_profile = Q(brand__profiles__coding="single", brand__profiles__crisis=F("crisis"))
    found = Assessment.objects.filter(single_action | single_profile).values("pk")
    return Assessment.objects.filter(pk__in=found).select_related("brand__sector", "crisis").order_by("pk")


def preview(figures: Mapping[str, Any]) -> Preview:
    """Judge every case that could be touched, with and without; nothing is kept."""
    today = timezone.localdate()
    method = method_in_force(today)
    candidate = Measurement(figures=dict(figures))
    moves, touched = [], 0
    for case in touched_cases().iterator(chunk_size=100):
        facts = load_facts(case)
        before, after = to_dossier(facts, today), to_dossier(replace(facts, measurement=candidate), today)
        if before.reliability == after.reliability:
            continue
        touched += 1
        old, new = judge(before, method), judge(after, method)
        told = [(verdict.outcome, verdict.breadth, verdict.robustness, verdict.provisional) for verdict in (old, new)]
        if told[0] != told[1]:
            robustness = (old.robustness or "", new.robustness or "")
            moves.append(Move(case, old.outcome, new.outcome, robustness, bool(new.provisional)))
    return Preview(Assessment.objects.count(), touched, moves)


# --- Adopting ---------------------------------------------------------------------------------------------------------


def check_can_adopt(user: User) -> None:
    check_can_organise(user)


def can_adopt(user: User) -> bool:
    try:
        check_can_adopt(user)
    except CodingRefused:
        return False
    return True


def fingerprint(figures: Mapping[str, Any]) -> str:
    """By which an adoption knows that it adopts what was on the screen."""
    return hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def adopt(*, by: User | None, scope: str, figures: dict[str, Any], reason: str) -> Measurement:
    """Put a measurement in force, with its reason, and mark what it touches as due. ``by`` is nobody for a command."""
    if by is not None:
        check_can_adopt(by)
    if not figures:
        raise CodingRefused(
            _("There is nothing to adopt: no code has been coded twice %(count)d times.") % {"count": FEWEST}
        )
    if not reason.strip():
        raise CodingRefused(_("Write why this measurement is to be adopted."))
    earlier = Measurement.objects.in_force()
    adopted = Measurement.objects.create(scope=scope, figures=figures, reason=reason.strip(), adopted_by=by)
    before = {code.value: alpha for code, alpha in earlier.reliability} if earlier else {}
    mark_as_due(set(touched_cases().values_list("brand_id", flat=True)))
    record_decision(
        "method.measurement_adopted",
        subject=adopted,
        actor=by,
        changes={
            f"alpha.{code}": [before.get(code), alpha]
            for code, alpha in adopted.reliability
            if before.get(code) != alpha
        },
        reason=adopted.reason,
    )
    return adopted
