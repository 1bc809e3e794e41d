"""What the screens derive from the proofs: gaps of promises, coverage of groups, place on the landscape."""

from __future__ import annotations

from collections.abc import Iterable

from scoring.engine.dossier import Group, Weight
from scoring.engine.indices import Pair, kept_groups, pairs
from scoring.engine.levels import Levels, dna_level
from scoring.engine.method import Method
from scoring.engine.order import id_key
from scoring.engine.reading import INDEX, Reading
from scoring.engine.verdict import Coverage, Gap, Rootedness


def distance(proofs: Iterable[Pair], method: Method) -> int | None:
    """Five-step scale, −2 to 2: worst established harm, else greatest depth of established help, else ``None``."""
    harm = 0
    help_: int | None = None
    for action, proof in proofs:
        if proof.helps:
            if action.strength >= method.cut_level:
                help_ = max(help_ or 0, proof.depth or 0)
        elif action.evidence >= method.serious_harm.evidence:
            harm = max(harm, proof.severity)
    if harm >= method.serious_harm.severity:
        return -2
    return -1 if harm else help_


def gaps_of(reading: Reading, method: Method) -> tuple[Gap, ...]:
    """One gap per promise on file and group that it addresses, with the acts read against it."""
    by_place: dict[tuple[str, int], list[Pair]] = {}
    for action, proof in pairs(reading):
        if proof.promise is not None:
            by_place.setdefault((proof.promise, proof.group), []).append((action, proof))
    found = []
    for promise in sorted(reading.dossier.promises, key=lambda promise: id_key(promise.id)):
        for group in (group for group in Group if group in promise.groups):
            proofs = by_place.get((promise.id, INDEX[group]), [])
            acts = tuple(dict.fromkeys(action.id for action, _ in proofs))
            found.append(Gap(promise.id, group, distance(proofs, method), acts))
    return tuple(found)


def reach_of(reading: Reading, gaps: Iterable[Gap]) -> int | None:
    """The lowest documented gap over the central promises, or over all promises if none is central."""
    central = {promise.id for promise in reading.promises if promise.weight is Weight.CENTRAL}
    documented = [gap.gap for gap in gaps if gap.gap is not None and (gap.promise in central or not central)]
    return min(documented, default=None)


def rootedness_of(reading: Reading, levels: Levels, breadth: int, method: Method) -> Rootedness:
    """Whether what the brand did is rooted in what it is, shared by several groups, or a one-off."""
    if breadth == 100 or dna_level(reading.profile) >= method.cut_level:
        return Rootedness.ROOTED
    kept = len(kept_groups(reading, levels, method))
    return Rootedness.SHARED if kept >= method.shared_groups else Rootedness.ONE_OFF


def coverage_of(reading: Reading, method: Method) -> tuple[Coverage, ...]:
    """What is on file for each group, whatever the yardstick; a group without established proof has no result."""
    by_group: dict[int, list[Pair]] = {}
    for action, proof in pairs(reading):
        by_group.setdefault(proof.group, []).append((action, proof))
    found = []
    for group in Group:
        proofs = by_group.get(INDEX[group], [])
        found.append(
            Coverage(
                group=group,
                applicable=group not in reading.profile.not_applicable,
                promised=group in reading.promised,
                proofs=len(proofs),
                result=distance(proofs, method),
            )
        )
    return tuple(found)
