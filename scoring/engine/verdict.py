"""What comes out of a judgement: a verdict made of closed codes, numbers and ids. Sentences are made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scoring.engine.dossier import Group, MeasuredCode


class Outcome(StrEnum):
    BROKEN_PROMISE = "broken_promise"
    ALIGNED = "aligned"
    EXCEEDS_PROMISE = "exceeds_promise"
    DNA_PROACTIVE = "dna_proactive"
    NO_PROMISE = "no_promise"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"

    @property
    def is_archetype(self) -> bool:
        return self not in (Outcome.NO_PROMISE, Outcome.INSUFFICIENT_EVIDENCE)


class Breadth(StrEnum):
    """How far ``aligned`` reaches: every core group, or the groups that were promised something."""

    ALL = "all"
    PROMISED = "promised"


class Reason(StrEnum):
    """Why there is too little evidence for an archetype."""

    HARM_TO_SETTLE = "harm_to_settle"
    PARTIAL = "partial"
    TOKEN = "token"  # noqa: S105  not a password
    UNDESCRIBED = "undescribed"
    UNVERIFIED = "unverified"
    NO_HELPFUL_ACT = "no_helpful_act"
    NO_ACTION = "no_action"


class Robustness(StrEnum):
    ROBUST = "robust"
    PROBABLE = "probable"
    FRAGILE = "fragile"
    CONTESTED = "contested"


class Cap(StrEnum):
    """Why a verdict may not be called more than fragile."""

    PROMISE_ONLY_ATTRIBUTED = "promise_only_attributed"
    RESTS_ON_APPRAISALS = "rests_on_appraisals"
    SINGLE_GROUP = "single_group"


class Switch(StrEnum):
    """Six rule choices that a reasonable critic could make otherwise."""

    DNA_FIRST = "dna_first"
    REACH_REQUIRED = "reach_required"
    NO_DUTY_OF_CARE = "no_duty_of_care"
    ALL_GROUPS_REQUIRED = "all_groups_required"
    DNA_EITHER = "dna_either"
    TWO_SOURCES_NEEDED = "two_sources_needed"


class SignalCode(StrEnum):
    PURPOSE_WASHING = "purpose_washing"
    HARM_ALERT = "harm_alert"
    DIVERGENT_STAKEHOLDERS = "divergent_stakeholders"


class WashingLevel(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class HollowReason(StrEnum):
    """Why a helpful act is counted as hollow."""

    WORDS_ONLY = "words_only"
    SELF_SERVING = "self_serving"
    COMPELLED = "compelled"
    UNVERIFIED = "unverified"


class EditKind(StrEnum):
    """What has to move: a claim re-checked, a code read otherwise, or something new."""

    CHECK = "check"
    CODE = "code"
    NEW = "new"


class EditCode(StrEnum):
    CLAIM_DISPROVED = "claim_disproved"
    EVIDENCE_UP = "evidence_up"
    EVIDENCE_DOWN = "evidence_down"
    PROMISE_WITHDRAWN = "promise_withdrawn"
    LEVEL_UP = "level_up"
    LEVEL_DOWN = "level_down"
    LEVEL_FOUND = "level_found"
    REMEDY_UP = "remedy_up"
    KEPT_PROOF = "kept_proof"
    FIRST_PROMISE = "first_promise"


class Condition(StrEnum):
    """What an archetype still lacks: the codes of ``Unmet.conditions``."""

    PROMISE_ON_FILE = "promise_on_file"
    """Every archetype: a promise with a statement level of 1 or more."""
    NO_BREACH = "no_breach"
    """Every archetype but broken promise: nothing that breaks a promise."""
    NO_SERIOUS_HARM = "no_serious_harm"
    """Every archetype but broken promise: no established serious harm, whatever the yardstick."""
    ESTABLISHED_BREACH_OF_PROMISE = "established_breach_of_promise"
    """Broken promise, (a). One of (a), (b) and (c) would do."""
    ESTABLISHED_SERIOUS_HARM = "established_serious_harm"
    """Broken promise, (b)."""
    UNANSWERED_SHORTFALL = "unanswered_shortfall"
    """Broken promise, (c)."""
    ENOUGH_APPLICABLE_GROUPS = "enough_applicable_groups"
    """Aligned with all: at least three applicable core groups."""
    KEPT_FOR_EVERY_CORE_GROUP = "kept_for_every_core_group"
    """Aligned with all: an established proof of help for each; ``groups`` are those that lack one."""
    FAR_BEYOND_A_PROMISE = "far_beyond_a_promise"
    """Exceeds: an established act far beyond a promise, not self-serving."""
    PURPOSE_OR_VALUES = "purpose_or_values"
    """In its DNA: purpose or values established before the crisis."""
    CUSTOMER_RECORD = "customer_record"
    """In its DNA: a customer record established before the crisis."""
    UNPROMPTED_AT_OWN_COST = "unprompted_at_own_cost"
    """In its DNA: an established act for customers, unprompted and at the brand's own cost."""
    CORE_GROUP_PROMISED = "core_group_promised"
    """Aligned as promised: a promise to at least one applicable core group."""
    KEPT_FOR_EVERY_PROMISED_GROUP = "kept_for_every_promised_group"
    """Aligned as promised: an established proof of help for each; ``groups`` are those that lack one."""


class Rootedness(StrEnum):
    ROOTED = "rooted"
    SHARED = "shared"
    ONE_OFF = "one_off"


class FindingCode(StrEnum):
    """One reason behind a verdict; the wording of each is in ``scoring/wording.py``."""

    NO_PROMISE_ON_FILE = "no_promise_on_file"
    BREACH_OF_PROMISE = "breach_of_promise"
    SERIOUS_HARM_UNDER_DUTY = "serious_harm_under_duty"
    UNANSWERED_SHORTFALL = "unanswered_shortfall"
    HARM_BARS_ARCHETYPES = "harm_bars_archetypes"
    GROUP_KEPT = "group_kept"
    GROUP_MISSING = "group_missing"
    WEAKEST_LINK = "weakest_link"
    SURPASSED = "surpassed"
    LINEAGE = "lineage"
    PROACTIVE_FOR_CUSTOMERS = "proactive_for_customers"
    REASON_FOR_NONE = "reason_for_none"
    SHADOW_BROKEN = "shadow_broken"
    OTHER_MORE_PROBABLE = "other_more_probable"
    YARDSTICK_DOWNGRADED = "yardstick_downgraded"
    PROMISE_UNDATED = "promise_undated"
    DUPLICATE_IGNORED = "duplicate_ignored"
    DATED_LATER_IGNORED = "dated_later_ignored"
    AGREEMENT_WEAK = "agreement_weak"
    """Codes on which coders agree too little for more than a provisional verdict; alphas in thousandths."""
    CODES_SWITCHED_OFF = "codes_switched_off"
    """Codes on which coders agree so little that what one read alone counts as unknown; alphas in thousandths."""


@dataclass(frozen=True, slots=True)
class Indices:
    """Eight indices, −100 to 100 for delivery and 0 to 100 for the others; ``None`` where the method defines none."""

    delivery: int | None
    surpassing: int
    breadth: int
    proactivity: int
    dna: int
    harm: int
    evidence: int
    purpose_washing: int | None


@dataclass(frozen=True, slots=True)
class IndexBasis:
    """The proofs (or, for purpose-washing, the actions) that make each index what it is; ids, sorted."""

    delivery: tuple[str, ...] = ()
    surpassing: tuple[str, ...] = ()
    breadth: tuple[str, ...] = ()
    proactivity: tuple[str, ...] = ()
    harm: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    purpose_washing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HollowAction:
    action: str
    reasons: tuple[HollowReason, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """A flag beside the verdict; it never changes the outcome."""

    code: SignalCode
    level: WashingLevel | None = None
    hollow_actions: tuple[HollowAction, ...] = ()
    contradiction: bool = False
    helped: tuple[Group, ...] = ()
    harmed: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One single edit of the evidence that changes the outcome. ``subject`` is the id of what is edited."""

    kind: EditKind
    edit: EditCode
    subject: str
    to: Outcome
    to_breadth: Breadth | None = None
    code: str | None = None
    """Which code moves: su, in, ge, depth, pu, vh, cc, ev or remedy."""
    level_from: int | None = None
    level_to: int | None = None
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """What still separates the dossier from an archetype: named conditions of the rule, each with its groups."""

    archetype: Outcome
    breadth: Breadth | None
    conditions: tuple[str, ...]
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class SwitchEffect:
    """What the outcome would be with one rule choice made otherwise."""

    switch: Switch
    outcome: Outcome
    breadth: Breadth | None = None


@dataclass(frozen=True, slots=True)
class MethodAgreement:
    """How many of the 64 variants of the rules give the same outcome, and which choices flip it alone."""

    same: int
    of: int
    flips: tuple[SwitchEffect, ...]


@dataclass(frozen=True, slots=True)
class AlsoMet:
    outcome: Outcome
    breadth: Breadth | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason: a code, its numbers, and the ids of the promises, actions, proofs and sources that it rests on."""

    code: FindingCode
    numbers: tuple[tuple[str, int], ...] = ()
    groups: tuple[Group, ...] = ()
    promises: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Five-step distance between one promise and what was done for one group; ``None`` is undocumented."""

    promise: str
    group: Group
    gap: int | None
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is on file for one stakeholder group. ``result`` is −2 to 2 or, without established proof, ``None``."""

    group: Group
    applicable: bool
    promised: bool
    proofs: int
    result: int | None


@dataclass(frozen=True, slots=True)
class ActionGrade:
    """What the engine made of one action: its evidence grade, whether it counts, and how strong its help is."""

    action: str
    evidence: int
    counted: bool
    strength: int
    """min(evidence, substance), for the helping proofs of the action."""


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    breadth: Breadth | None
    reason: Reason | None
    also_meets: tuple[AlsoMet, ...]
    indices: Indices
    index_basis: IndexBasis
    probabilities: Mapping[Outcome, float] | None
    """Outcome → probability, 4 decimals; ``None`` for ``no_promise``."""
    robustness: Robustness | None
    caps: tuple[Cap, ...]
    more_probable: Outcome | None
    harm_alert: tuple[Group, ...]
    shadow: Outcome | None
    """For ``no_promise`` with a harm that would meet rule 1(b): what it would be if any promise were on file."""
    signals: tuple[Signal, ...]
    decisive_proofs: tuple[str, ...]
    weakest_group: Group | None
    method_agreement: MethodAgreement
    counterfactuals: tuple[Counterfactual, ...]
    unmet: tuple[Unmet, ...]
    gaps: tuple[Gap, ...]
    reach: int | None
    rootedness: Rootedness
    coverage: tuple[Coverage, ...]
    grades: tuple[ActionGrade, ...]
    findings: tuple[Finding, ...]
    proofs_counted: int
    independent_groups: int
    method_version: str
    inputs_sha256: str
    provisional: tuple[MeasuredCode, ...] = ()
    """Codes for which the verdict is provisional: one coder read them alone, and coders agree too little on them."""

    @property
    def archetype(self) -> Outcome | None:
        return self.outcome if self.outcome.is_archetype else None
