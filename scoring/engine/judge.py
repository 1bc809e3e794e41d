"""The judgement: facts in, explained verdict out. No database, no clock, no language, no random numbers.

The order of work is the order of the method: read the file, take the levels, decide, then say how firm the outcome is,
what it owes to the rules, what would change it, and what it rests on.
"""

from __future__ import annotations

from scoring.engine.canonical import canonical_of_used, digest
from scoring.engine.counterfactuals import smallest_changes
from scoring.engine.decisive import decisive_proofs, weakest_group
from scoring.engine.dossier import Dossier, SourceKind
from scoring.engine.findings import findings_of, weakly_agreed
from scoring.engine.flags import BREACH_OF_DUTY, Flagger
from scoring.engine.indices import basis_of, indices_of
from scoring.engine.levels import levels_of
from scoring.engine.method import Method
from scoring.engine.positions import coverage_of, gaps_of, reach_of, rootedness_of
from scoring.engine.probability import chances_of, published
from scoring.engine.reading import ReadAction, Reading, read
from scoring.engine.robustness import caps_of, more_probable, robustness_of
from scoring.engine.rule import also_met, reason_for_none, standing_of
from scoring.engine.sensitivity import Variants, agreement_of
from scoring.engine.signals import signals_of
from scoring.engine.unmet import unmet_of
from scoring.engine.verdict import ActionGrade, Outcome, Verdict
from scoring.engine.washing import washing_of

VOICES = (SourceKind.INDEPENDENT, SourceKind.AGAINST_INTEREST, SourceKind.PRIMARY)
"""Kinds of source that make an independent group; a party to the claim and nobody in particular do not."""


def judge(dossier: Dossier, method: Method) -> Verdict:
    """Judge one brand in one crisis on one day. Same facts, day and method: same verdict, to the last digit."""
    reading = read(dossier, method)
    levels = levels_of(reading, method)
    flagger = Flagger(method)
    standing = standing_of(reading, method)
    variants = Variants(reading, standing, flagger, method)
    flags = variants.flags(two_sources=False, reach=False)
    decision = variants.decide(frozenset())
    outcome = decision.outcome

    none = outcome is Outcome.INSUFFICIENT_EVIDENCE
    reason = reason_for_none(reading, levels, method) if none else None
    shadow = Outcome.BROKEN_PROMISE if outcome is Outcome.NO_PROMISE and flags & BREACH_OF_DUTY else None
    chances = None if outcome is Outcome.NO_PROMISE else published(chances_of(reading, standing, method), method)
    caps = caps_of(reading, levels, decision, standing, flagger, method)
    likelier = more_probable(decision, chances)
    washing = washing_of(reading, levels, method)
    indices = indices_of(reading, levels, washing, method)
    decisive = decisive_proofs(decision, reading, levels, flagger, method)
    gaps = gaps_of(reading, method)
    return Verdict(
        outcome=outcome,
        breadth=decision.breadth,
        reason=reason,
        also_meets=also_met(decision, flags, standing, method),
        indices=indices,
        index_basis=basis_of(reading, levels, washing, method),
        probabilities=chances,
        robustness=robustness_of(decision, chances, caps, method),
        caps=caps,
        more_probable=likelier,
        harm_alert=levels.harmed_groups(),
        shadow=shadow,
        signals=signals_of(reading, levels, washing, method),
        decisive_proofs=decisive,
        weakest_group=weakest_group(decision, reading, levels),
        method_agreement=agreement_of(decision, variants, method),
        counterfactuals=smallest_changes(reading, standing, decision, decisive, flagger, method),
        unmet=unmet_of(reading, levels, decision, flags, standing, method),
        gaps=gaps,
        reach=reach_of(reading, gaps),
        rootedness=rootedness_of(reading, levels, indices.breadth, method),
        coverage=coverage_of(reading, method),
        grades=_grades(reading),
        findings=findings_of(reading, levels, decision, reason, shadow, chances, likelier, flagger, method),
        proofs_counted=sum(len(action.proofs) for action in reading.actions),
        independent_groups=_independent_groups(reading),
        method_version=method.version,
        inputs_sha256=digest(canonical_of_used(reading.dossier)),
        provisional=weakly_agreed(reading),
    )


def _grades(reading: Reading) -> tuple[ActionGrade, ...]:
    """Every action on file on that day, duplicates included, by id."""
    aside = [action for action, _ in reading.duplicates]
    grades = [_grade(action, True) for action in reading.actions] + [_grade(action, False) for action in aside]
    return tuple(sorted(grades, key=lambda grade: grade.action))


def _grade(action: ReadAction, counted: bool) -> ActionGrade:
    return ActionGrade(action.id, action.evidence, counted, action.strength)


def _independent_groups(reading: Reading) -> int:
    groups = {source.group for action in reading.actions for source in action.action.sources if source.kind in VOICES}
    return len(groups)
