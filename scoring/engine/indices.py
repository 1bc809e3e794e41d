"""The eight indices, and the proofs that make each of them what it is.

A level from 0 to 3 is shown as 0, 33, 67 or 100. All rounding is half to even.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from scoring.engine.levels import (
    Levels,
    delivery_by_group,
    dna_level,
    is_shortfall,
    proactivity_level,
    surpassing_level,
)
from scoring.engine.method import LEVEL_MAX, Method
from scoring.engine.reading import INDEX, ReadAction, Reading, ReadProof
from scoring.engine.verdict import IndexBasis, Indices
from scoring.engine.washing import Washing

Pair = tuple[ReadAction, ReadProof]


def shown(level: int) -> int:
    """A level −3 to 3 on the scale of a hundred."""
    return round(100 * level / LEVEL_MAX)


def indices_of(reading: Reading, levels: Levels, washing: Washing, method: Method) -> Indices:
    delivery = delivery_by_group(reading, levels, method)
    return Indices(
        delivery=shown(min(delivery.values())) if delivery else None,
        surpassing=shown(levels.surpassing),
        breadth=_breadth(reading, levels, method),
        proactivity=shown(levels.proactivity),
        dna=shown(dna_level(reading.profile)),
        harm=shown(levels.harm),
        evidence=_evidence(reading, levels),
        purpose_washing=washing.index,
    )


def kept_groups(reading: Reading, levels: Levels, method: Method) -> list[int]:
    """Core groups with an established proof of help."""
    return [INDEX[group] for group in reading.core if levels.kept[INDEX[group]] >= method.cut_level]


def _breadth(reading: Reading, levels: Levels, method: Method) -> int:
    if not reading.core:
        return 0
    unharmed = [group for group in kept_groups(reading, levels, method) if group not in levels.harmed]
    return round(100 * len(unharmed) / len(reading.core))


def _evidence(reading: Reading, levels: Levels) -> int:
    """Mean over the core groups of the best evidence of any proof, groups without any included."""
    if not reading.core:
        return 0
    total = sum(levels.seen[INDEX[group]] for group in reading.core)
    return round(100 * total / (LEVEL_MAX * len(reading.core)))


# -------------------------------------------------------------------------------------------------- what makes them


def pairs(reading: Reading) -> Iterator[Pair]:
    return ((action, proof) for action in reading.actions for proof in action.proofs)


def basis_of(reading: Reading, levels: Levels, washing: Washing, method: Method) -> IndexBasis:
    """Ids of the proofs that an index would fall or rise without; nothing where the index is at its zero."""
    core = {INDEX[group] for group in reading.core}
    everything = list(pairs(reading))
    return IndexBasis(
        delivery=_ids(everything, _delivery_test(reading, levels, method)),
        surpassing=_ids(everything, lambda a, p: 0 < levels.surpassing == surpassing_level(a, p, method)),
        breadth=_ids(everything, _breadth_test(reading, levels, method)),
        proactivity=_ids(everything, lambda a, p: 0 < levels.proactivity == proactivity_level(a, p, method)),
        harm=_ids(everything, lambda a, p: not p.helps and 0 < levels.harm == min(a.evidence, p.severity)),
        evidence=_ids(everything, lambda a, p: p.group in core and 0 < levels.seen[p.group] == a.evidence),
        purpose_washing=washing.basis,
    )


def _ids(everything: Iterable[Pair], makes: Callable[[ReadAction, ReadProof], bool]) -> tuple[str, ...]:
    return tuple(sorted(proof.id for action, proof in everything if makes(action, proof)))


def _breadth_test(reading: Reading, levels: Levels, method: Method) -> Callable[[ReadAction, ReadProof], bool]:
    counted = set(kept_groups(reading, levels, method)) - levels.harmed
    return lambda a, p: p.helps and p.group in counted and a.strength == levels.kept[p.group]


def _delivery_test(reading: Reading, levels: Levels, method: Method) -> Callable[[ReadAction, ReadProof], bool]:
    """The proofs of the groups that got least: their worst breach, their shortfalls, or their best help."""
    delivery = delivery_by_group(reading, levels, method)
    least = min(delivery.values(), default=0)
    weakest = {group for group, level in delivery.items() if level == least and level}

    def makes(action: ReadAction, proof: ReadProof) -> bool:
        if proof.group not in weakest:
            return False
        if least > 0:
            return proof.helps and action.strength == least
        if proof.helps or proof.promise is None:
            return False
        if levels.breach[proof.group] >= method.breach_of_promise.severity:
            return min(action.evidence, proof.severity) == -least
        return is_shortfall(action, proof, method)

    return makes
