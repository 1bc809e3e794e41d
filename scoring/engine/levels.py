"""What the counted proofs come to, in levels 0 to 3: best help, worst harm, never netted against each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from scoring.engine.dossier import Group, Profile
from scoring.engine.method import Method
from scoring.engine.reading import GROUPS, INDEX, ReadAction, Reading, ReadProof


@dataclass(slots=True)
class Levels:
    """Levels by group (lists in the order of ``Group``) and for the whole file; everything starts at nothing shown."""

    kept: list[int] = field(default_factory=lambda: [0] * len(GROUPS))
    """K: strength of the best proof of help."""
    breach: list[int] = field(default_factory=lambda: [0] * len(GROUPS))
    """H: min(evidence, severity) of the worst harm on a promise."""
    seen: list[int] = field(default_factory=lambda: [0] * len(GROUPS))
    """Best evidence of any proof."""
    short: set[int] = field(default_factory=set)
    """Groups with a corroborated shortfall on a promise."""
    harmed: set[int] = field(default_factory=set)
    """Groups with an established serious harm, whatever the yardstick."""
    surpassing: int = 0
    proactivity: int = 0
    harm: int = 0

    def harmed_groups(self) -> tuple[Group, ...]:
        return tuple(GROUPS[index] for index in sorted(self.harmed))


def levels_of(reading: Reading, method: Method) -> Levels:
    """Walk over the counted proofs once."""
    levels = Levels()
    for action in reading.actions:
        for proof in action.proofs:
            levels.seen[proof.group] = max(levels.seen[proof.group], action.evidence)
            if proof.helps:
                _add_help(levels, action, proof, method)
            else:
                _add_harm(levels, action, proof, method)
    return levels


def _add_help(levels: Levels, action: ReadAction, proof: ReadProof, method: Method) -> None:
    levels.kept[proof.group] = max(levels.kept[proof.group], action.strength)
    levels.surpassing = max(levels.surpassing, surpassing_level(action, proof, method))
    levels.proactivity = max(levels.proactivity, proactivity_level(action, proof, method))


def _add_harm(levels: Levels, action: ReadAction, proof: ReadProof, method: Method) -> None:
    severity = proof.severity
    level = min(action.evidence, severity)
    levels.harm = max(levels.harm, level)
    if severity >= method.serious_harm.severity and action.evidence >= method.serious_harm.evidence:
        levels.harmed.add(proof.group)
    if proof.promise is not None:
        levels.breach[proof.group] = max(levels.breach[proof.group], level)
        if is_shortfall(action, proof, method):
            levels.short.add(proof.group)


def surpassing_level(action: ReadAction, proof: ReadProof, method: Method) -> int:
    """How far a helping proof goes beyond a promise, 0 to 3: only the far depth gives more than the ceiling."""
    bar = method.surpassing
    depth = proof.depth or 0
    if not proof.helps or proof.promise is None or depth < bar.beyond_depth or (action.action.ge or 0) < bar.generosity:
        return 0
    return action.strength if depth >= bar.far_depth else min(action.strength, bar.beyond_ceiling)


def proactivity_level(action: ReadAction, proof: ReadProof, method: Method) -> int:
    """How strong and how costly an unprompted act for customers was, 0 to 3."""
    facts = action.action
    if not proof.helps or GROUPS[proof.group] is not method.proactive_group:
        return 0
    if (facts.in_ or 0) < method.proactive_initiative:
        return 0
    return min(action.strength, facts.ge or 0)


def is_shortfall(action: ReadAction, proof: ReadProof, method: Method) -> bool:
    """A corroborated mild shortfall on a promise, which only good conduct to the same group answers."""
    bar = method.shortfall
    return (
        not proof.helps
        and proof.promise is not None
        and proof.severity == bar.severity
        and action.evidence >= bar.evidence
    )


def dna_level(profile: Profile, *, either: bool = False) -> int:
    """Lineage, 0 to 3: values or purpose, and a customer record; under the switch, whichever half is better."""
    roots, record = max(profile.pu or 0, profile.vh or 0), profile.cc or 0
    return max(roots, record) if either else min(roots, record)


def delivery_of(levels: Levels, group: int, method: Method) -> int:
    """What one promised group got, −3 to 3."""
    if levels.breach[group] >= method.breach_of_promise.severity:
        return -levels.breach[group]
    if group in levels.short and levels.kept[group] < method.cut_level:
        return -method.shortfall.severity
    return levels.kept[group]


def delivery_by_group(reading: Reading, levels: Levels, method: Method) -> dict[int, int]:
    """What each promised group got; empty where nobody was promised anything."""
    return {INDEX[group]: delivery_of(levels, INDEX[group], method) for group in GROUPS if group in reading.promised}
