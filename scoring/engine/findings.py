"""The reasons behind a verdict as codes, numbers and ids, in the order in which one would tell them.

Numbers are levels 0 to 3 unless named otherwise; ``chance`` is in ten-thousandths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from scoring.engine.decisive import best, best_help, breaches, named_groups, weakest_group
from scoring.engine.dossier import Group, MeasuredCode
from scoring.engine.flags import Flagger
from scoring.engine.indices import Pair, pairs
from scoring.engine.levels import Levels, dna_level, proactivity_level, surpassing_level
from scoring.engine.method import Method
from scoring.engine.reading import GROUPS, INDEX, ReadAction, Reading, ReadProof
from scoring.engine.reliability import read_alone
from scoring.engine.rule import Decision
from scoring.engine.verdict import Finding, FindingCode, Outcome, Reason


def findings_of(
    reading: Reading,
    levels: Levels,
    decision: Decision,
    reason: Reason | None,
    shadow: Outcome | None,
    chances: Mapping[Outcome, float] | None,
    likelier: Outcome | None,
    flagger: Flagger,
    method: Method,
) -> tuple[Finding, ...]:
    """Why the outcome; then what else is shown; then what was set aside and how the file was read."""
    return (
        *_about_harm(reading, levels, decision, shadow, flagger, method),
        *_about_none(reading, reason, method),
        *_about_groups(reading, levels, decision, method),
        *_about_traits(reading, levels, method),
        *_about_odds(chances, likelier),
        *_about_the_file(reading),
        *_about_coders(reading),
    )


def _of_pair(code: FindingCode, pair: Pair, numbers: tuple[tuple[str, int], ...]) -> Finding:
    action, proof = pair
    return Finding(
        code,
        numbers=numbers,
        groups=(GROUPS[proof.group],),
        promises=() if proof.promise is None else (proof.promise,),
        actions=(action.id,),
        proofs=(proof.id,),
        sources=tuple(source.id for source in action.action.sources),
    )


def _of_harm(code: FindingCode, pair: Pair) -> Finding:
    action, proof = pair
    numbers = (
        ("evidence", action.evidence),
        ("depth", proof.depth or 0),
        ("remedy", proof.remedy),
        ("severity", proof.severity),
    )
    return _of_pair(code, pair, numbers)


def _of_help(code: FindingCode, pair: Pair, level: int) -> Finding:
    action, _ = pair
    facts = action.action
    numbers = [("level", level), ("evidence", action.evidence), ("substance", facts.su or 0)]
    if code is not FindingCode.GROUP_KEPT:
        numbers += [("initiative", facts.in_ or 0), ("generosity", facts.ge or 0)]
    return _of_pair(code, pair, tuple(numbers))


def _about_harm(
    reading: Reading, levels: Levels, decision: Decision, shadow: Outcome | None, flagger: Flagger, method: Method
) -> Iterator[Finding]:
    if decision.outcome is Outcome.NO_PROMISE:
        yield Finding(
            FindingCode.NO_PROMISE_ON_FILE, promises=tuple(promise.id for promise in reading.dossier.promises)
        )
    broken = breaches(reading, levels, flagger, method)
    if shadow is not None:
        yield from (_of_harm(FindingCode.SHADOW_BROKEN, pair) for _, pair in broken)
    elif decision.outcome is Outcome.BROKEN_PROMISE:
        yield from (_of_harm(code, pair) for code, pair in broken)
    elif levels.harmed:
        yield from (_of_harm(FindingCode.HARM_BARS_ARCHETYPES, pair) for pair in _serious(reading, method))


def _serious(reading: Reading, method: Method) -> Iterator[Pair]:
    bar = method.serious_harm
    for action, proof in pairs(reading):
        if not proof.helps and proof.severity >= bar.severity and action.evidence >= bar.evidence:
            yield action, proof


def _about_none(reading: Reading, reason: Reason | None, method: Method) -> Iterator[Finding]:
    """Too little evidence: the proofs that come nearest to the reason given."""
    if reason is None:
        return
    tests: dict[Reason, Callable[[ReadAction, ReadProof], bool]] = {
        Reason.HARM_TO_SETTLE: lambda a, p: not p.helps and p.severity >= method.serious_harm.severity,
        Reason.PARTIAL: lambda a, p: p.helps and a.strength >= method.cut_level,
        Reason.TOKEN: lambda a, p: p.helps and a.evidence >= method.cut_level and a.action.su is not None,
        Reason.UNDESCRIBED: lambda a, p: p.helps and a.evidence >= method.cut_level,
        Reason.UNVERIFIED: lambda a, p: p.helps,
        Reason.NO_HELPFUL_ACT: lambda a, p: not p.helps,
        Reason.NO_ACTION: lambda a, p: False,
    }
    found = [(action, proof) for action, proof in pairs(reading) if tests[reason](action, proof)]
    groups = {proof.group for _, proof in found}
    yield Finding(
        FindingCode.REASON_FOR_NONE,
        groups=tuple(GROUPS[index] for index in sorted(groups)),
        actions=tuple(dict.fromkeys(action.id for action, _ in found)),
        proofs=tuple(proof.id for _, proof in found),
        sources=tuple(dict.fromkeys(source.id for action, _ in found for source in action.action.sources)),
    )


def _about_groups(reading: Reading, levels: Levels, decision: Decision, method: Method) -> Iterator[Finding]:
    """Each core or promised group: what is established for it, or that nothing is."""
    missing: list[Group] = []
    for group in (group for group in Group if group in reading.core or group in reading.promised):
        level = levels.kept[INDEX[group]]
        pair = best_help(reading, group)
        if pair is None or level < method.cut_level:
            missing.append(group)
        else:
            yield _of_help(FindingCode.GROUP_KEPT, pair, level)
    if missing:
        yield Finding(FindingCode.GROUP_MISSING, groups=tuple(missing))
    weakest = weakest_group(decision, reading, levels)
    if weakest is not None and len(named_groups(decision, reading)) > 1:
        pair = best_help(reading, weakest)
        if pair is not None:
            yield _of_help(FindingCode.WEAKEST_LINK, pair, levels.kept[INDEX[weakest]])


def _about_traits(reading: Reading, levels: Levels, method: Method) -> Iterator[Finding]:
    """Surpassing, proactivity and lineage, each on its own; the rule decides what they are worth together."""
    proofs = list(pairs(reading))
    surpassing = best(proofs, lambda action, proof: surpassing_level(action, proof, method))
    if surpassing is not None and levels.surpassing >= method.cut_level:
        yield _of_help(FindingCode.SURPASSED, surpassing, levels.surpassing)
    proactive = best(proofs, lambda action, proof: proactivity_level(action, proof, method))
    if proactive is not None and levels.proactivity >= method.cut_level:
        yield _of_help(FindingCode.PROACTIVE_FOR_CUSTOMERS, proactive, levels.proactivity)
    profile = reading.profile
    if dna_level(profile) >= method.cut_level:
        levels_held = (("purpose", profile.pu), ("values", profile.vh), ("record", profile.cc))
        yield Finding(FindingCode.LINEAGE, numbers=tuple((name, level or 0) for name, level in levels_held))


def _about_odds(chances: Mapping[Outcome, float] | None, likelier: Outcome | None) -> Iterator[Finding]:
    if chances is not None and likelier is not None:
        yield Finding(FindingCode.OTHER_MORE_PROBABLE, numbers=(("chance", round(chances[likelier] * 10_000)),))


def _about_the_file(reading: Reading) -> Iterator[Finding]:
    """How the file was read: other yardsticks, missing dates, duplicates, what came later."""
    for downgrade in reading.downgrades:
        yield Finding(
            FindingCode.YARDSTICK_DOWNGRADED,
            groups=(downgrade.group,),
            promises=(downgrade.promise,),
            actions=(downgrade.action,),
            proofs=(downgrade.proof,),
        )
    undated = tuple(promise.id for promise in reading.promises if promise.since is None)
    if undated:
        yield Finding(FindingCode.PROMISE_UNDATED, promises=undated)
    for action, original in reading.duplicates:
        yield Finding(FindingCode.DUPLICATE_IGNORED, actions=(action.id, original))
    yield from _about_later(reading)


def weakly_agreed(reading: Reading) -> tuple[MeasuredCode, ...]:
    """Codes for which the verdict is provisional: a counted record has a level that one coder gave alone."""
    used = read_alone((action.action for action in reading.actions), reading.profile)
    return tuple(code for code in used if reading.reliability.is_provisional(code))


def switched_off(reading: Reading) -> tuple[MeasuredCode, ...]:
    used = read_alone(reading.dossier.actions, reading.dossier.profile)
    return tuple(code for code in used if reading.reliability.is_off(code))


def _about_coders(reading: Reading) -> Iterator[Finding]:
    """What agreement between coders does to this verdict, with the actions that one coder read alone."""
    alone = read_alone(reading.dossier.actions, reading.dossier.profile)
    alphas = dict(reading.dossier.reliability)
    found = {
        FindingCode.AGREEMENT_WEAK: weakly_agreed(reading),
        FindingCode.CODES_SWITCHED_OFF: switched_off(reading),
    }
    for finding, codes in found.items():
        if codes:
            numbers = tuple((code.value, round(alphas[code] * 1000)) for code in codes)
            actions = tuple(sorted({action for code in codes for action in alone[code]}))
            yield Finding(finding, numbers=numbers, actions=actions)


def _about_later(reading: Reading) -> Iterable[Finding]:
    later = reading.later
    if later.promises or later.actions or later.sources:
        yield Finding(
            FindingCode.DATED_LATER_IGNORED, promises=later.promises, actions=later.actions, sources=later.sources
        )
