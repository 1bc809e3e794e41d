"""The proofs that a verdict rests on, in the order in which an explanation names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scoring.engine.dossier import Group
from scoring.engine.flags import Flagger
from scoring.engine.indices import Pair, pairs
from scoring.engine.levels import Levels, is_shortfall, proactivity_level, surpassing_level
from scoring.engine.method import Method
from scoring.engine.order import DateKey, IdKey, date_key, id_key
from scoring.engine.reading import GROUPS, INDEX, ReadAction, Reading, ReadProof
from scoring.engine.rule import Decision
from scoring.engine.verdict import Breadth, FindingCode, Outcome

Measure = Callable[[ReadAction, ReadProof], int]


def breaches(reading: Reading, levels: Levels, flagger: Flagger, method: Method) -> list[tuple[FindingCode, Pair]]:
    """The proofs that meet rule 1, each with the way in which it does, gravest and best shown first."""
    found = []
    for action, proof in pairs(reading):
        code = _breach(action, proof, levels, flagger, method)
        if code is not None:
            found.append((code, (action, proof)))
    return sorted(found, key=lambda entry: _rank(entry[1], min(entry[1][0].evidence, entry[1][1].severity)))


def _breach(
    action: ReadAction, proof: ReadProof, levels: Levels, flagger: Flagger, method: Method
) -> FindingCode | None:
    if proof.helps:
        return None
    if proof.promise is None:
        serious = flagger.breaks_duty(proof.severity, action.evidence)
        return FindingCode.SERIOUS_HARM_UNDER_DUTY if serious else None
    bar = method.breach_of_promise
    if proof.severity >= bar.severity and action.evidence >= bar.evidence:
        return FindingCode.BREACH_OF_PROMISE
    if is_shortfall(action, proof, method) and levels.kept[proof.group] < method.cut_level:
        return FindingCode.UNANSWERED_SHORTFALL
    return None


def _rank(pair: Pair, level: int) -> tuple[int, DateKey, IdKey]:
    """Highest level first, then the earliest start, then the smallest id."""
    action, proof = pair
    return -level, date_key(action.action.started), id_key(proof.id)


def best(proofs: Iterable[Pair], measure: Measure) -> Pair | None:
    """The proof with the highest level above 0; ties go to the earliest start, then to the smallest id."""
    measured = [(measure(action, proof), (action, proof)) for action, proof in proofs]
    top = max((level for level, _ in measured), default=0)
    if top <= 0:
        return None
    return min((pair for level, pair in measured if level == top), key=lambda pair: _rank(pair, top))


def best_help(reading: Reading, group: Group) -> Pair | None:
    """The best proof of help for one group."""
    index = INDEX[group]
    return best(pairs(reading), lambda action, proof: action.strength if proof.helps and proof.group == index else 0)


def named_groups(decision: Decision, reading: Reading) -> tuple[Group, ...]:
    """The groups that the rule behind ``aligned`` names."""
    if decision.outcome is not Outcome.ALIGNED:
        return ()
    if decision.breadth is Breadth.ALL:
        return reading.core
    return tuple(group for group in reading.core if group in reading.promised)


def decisive_proofs(
    decision: Decision, reading: Reading, levels: Levels, flagger: Flagger, method: Method
) -> tuple[str, ...]:
    """Ids of the proofs that make the outcome; none where nothing could be shown."""
    if decision.outcome is Outcome.BROKEN_PROMISE:
        return tuple(proof.id for _, (_, proof) in breaches(reading, levels, flagger, method))
    if decision.outcome is Outcome.EXCEEDS_PROMISE:
        found = [best(pairs(reading), lambda a, p: surpassing_level(a, p, method))]
    elif decision.outcome is Outcome.DNA_PROACTIVE:
        found = [best(pairs(reading), lambda a, p: proactivity_level(a, p, method))]
    else:
        found = [best_help(reading, group) for group in named_groups(decision, reading)]
    return tuple(dict.fromkeys(pair[1].id for pair in found if pair is not None))


def weakest_group(decision: Decision, reading: Reading, levels: Levels) -> Group | None:
    """The named group with the lowest best proof; ties go to the first in the order of the code book."""
    groups = named_groups(decision, reading)
    return min(groups, key=lambda group: (levels.kept[INDEX[group]], GROUPS.index(group)), default=None)
