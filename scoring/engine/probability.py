"""Exact class probabilities in closed form.

What is random: whether each claim is true (one draw per independence group, so that copies add nothing), and each
coded level (another trained coder may read it one step off). The outcome depends on a handful of statements that the
acts make true: a group is kept to, a promise is surpassed, and so on.

Rather than follow every combination of statements, the computation asks for each set of statements how probable it is
that *none* of them is made. Independence makes that a plain product over the independence groups, and inclusion and
exclusion turn those products into the probability of every combination, so the work grows with the number of acts and
not with the combinations they make.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from math import fsum
from typing import NamedTuple

from scoring.engine.dossier import MeasuredCode, Profile
from scoring.engine.flags import KEPT, PROACTIVE, SHORT, SURPASSES
from scoring.engine.method import LEVEL_MAX, Method
from scoring.engine.reading import GROUPS, HARM_DEPTHS, HELP_DEPTHS, ReadAction, Reading, ReadProof
from scoring.engine.reliability import Reliability, depth_code
from scoring.engine.rule import Choices, Standing, first_met
from scoring.engine.verdict import Outcome

OUTCOMES = (
    Outcome.BROKEN_PROMISE,
    Outcome.ALIGNED,
    Outcome.DNA_PROACTIVE,
    Outcome.EXCEEDS_PROMISE,
    Outcome.INSUFFICIENT_EVIDENCE,
)

# -------------------------------------------------------------------------------------------------- one coded level


def spread(level: int | None, delta: float, low: int = 0, high: int = LEVEL_MAX) -> dict[int, float]:
    """Level → probability when another coder reads it. Unknown stays unknown, which counts as 0 in every formula."""
    if level is None:
        return {0: 1.0}
    chances: dict[int, float] = defaultdict(float)
    chances[level] += 1 - delta
    chances[min(level + 1, high)] += delta / 2
    chances[max(level - 1, low)] += delta / 2
    return chances


def at_least(level: int | None, cut: int, delta: float, low: int = 0, high: int = LEVEL_MAX) -> float:
    """Probability that another coder reads the level at the cut or above."""
    return fsum(chance for read, chance in spread(level, delta, low, high).items() if read >= cut)


# ------------------------------------------------------------------------------------------------------- one act


class _Act:
    """What one act makes true, given that its claim is true."""

    __slots__ = ("bits", "harms", "helps", "kept", "known", "offers")

    def __init__(self, action: ReadAction, method: Method, reliability: Reliability) -> None:
        noise = _noise_of(action, reliability)
        harm = noise[MeasuredCode.DEPTH_OF_HARM]
        self.harms = [_harm_chances(proof, harm, method) for proof in action.proofs if not proof.helps]
        helping = [proof for proof in action.proofs if proof.helps]
        self.kept = 0
        for proof in helping:
            self.kept |= KEPT[proof.group]
        self.helps = at_least(action.action.su, method.cut_level, noise[MeasuredCode.SUBSTANCE])
        self.offers = _offers(action, helping, noise, method)
        self.bits = self._bits()
        self.known: dict[int, float] = {}

    def _bits(self) -> int:
        """Every statement the act can make; none where its substance cannot be real."""
        bits = 0
        for short_bit, _, short in self.harms:
            bits |= short_bit if short else 0
        if self.helps and self.kept:
            bits |= self.kept | (SURPASSES if self.offers[SURPASSES] < 1 else 0)
            bits |= PROACTIVE if self.offers[PROACTIVE] < 1 else 0
        return bits

    def avoids(self, bits: int) -> float:
        """Probability of no breach and none of the statements, given that the claim is true."""
        seen = bits & self.bits
        chance = self.known.get(seen)
        if chance is None:
            chance = self.known[seen] = self._avoids(seen)
        return chance

    def _avoids(self, bits: int) -> float:
        chance = 1.0
        for short_bit, breach, short in self.harms:
            chance *= 1 - breach - (short if bits & short_bit else 0.0)
        if not self.kept or not self.helps:
            return chance
        silent = 0.0 if bits & self.kept else self.offers[bits & (SURPASSES | PROACTIVE)]
        return chance * (1 - self.helps + self.helps * silent)


def _noise_of(action: ReadAction, reliability: Reliability) -> dict[MeasuredCode, float]:
    return {code: reliability.delta(code, double_coded=action.action.double_coded) for code in MeasuredCode}


def _harm_chances(proof: ReadProof, delta: float, method: Method) -> tuple[int, float, float]:
    """Bit of its shortfall, probability of a breach, probability of a mild shortfall of a promise."""
    breach = short = 0.0
    for depth, chance in spread(proof.depth, delta, *HARM_DEPTHS).items():
        severity = max(0, depth - proof.remedy)
        if severity >= method.serious_harm.severity:
            breach += chance
        elif proof.promise is not None and severity == method.shortfall.severity:
            short += chance
    return SHORT[proof.group], breach, short


def _offers(
    action: ReadAction, helping: list[ReadProof], noise: Mapping[MeasuredCode, float], method: Method
) -> dict[int, float]:
    """Set of {surpasses, proactive} → probability that a real act makes neither of the set.

    Generosity serves both, so the two are not independent: sum over its levels.
    """
    not_far, depth_noise = 1.0, noise[depth_code(helps=True)]
    for proof in helping:
        if proof.promise is not None:
            not_far *= 1 - at_least(proof.depth, method.surpassing.far_depth, depth_noise, *HELP_DEPTHS)
    for_customers = any(GROUPS[proof.group] is method.proactive_group for proof in helping)
    initiative = noise[MeasuredCode.INITIATIVE]
    unprompted = at_least(action.action.in_, method.proactive_initiative, initiative) if for_customers else 0.0
    offers = {0: 1.0, SURPASSES: 0.0, PROACTIVE: 0.0, SURPASSES | PROACTIVE: 0.0}
    for generosity, chance in spread(action.action.ge, noise[MeasuredCode.GENEROSITY]).items():
        no_surpass = not_far if generosity >= method.surpassing.generosity else 1.0
        no_proact = 1 - unprompted if generosity >= method.cut_level else 1.0
        offers[SURPASSES] += chance * no_surpass
        offers[PROACTIVE] += chance * no_proact
        offers[SURPASSES | PROACTIVE] += chance * no_surpass * no_proact
    return offers


# ------------------------------------------------------------------------------------------ one independence group


def credence(action: ReadAction, method: Method) -> float:
    """Probability that the claim behind an act is true."""
    appraisal = method.credence_appraisal
    if action.action.appraisal and action.evidence == appraisal.evidence:
        return appraisal.probability
    return method.credence[action.evidence]


class _Voice:
    """The acts of one independence group: one draw, so the better graded claims hold whenever the weaker ones do."""

    __slots__ = ("bits", "steps")

    def __init__(self, acts: Iterable[tuple[float, _Act]]) -> None:
        by_credence: dict[float, list[_Act]] = defaultdict(list)
        for chance, act in acts:
            by_credence[chance].append(act)
        self.steps = sorted(by_credence.items(), reverse=True)
        self.bits = 0
        for _, some in self.steps:
            for act in some:
                self.bits |= act.bits

    def avoids(self, bits: int) -> float:
        """Mix over the intervals of the common draw, from 'nothing is true' down to 'all of it is'."""
        mixed, above, silent = 0.0, 1.0, 1.0
        for chance, acts in self.steps:
            mixed += (above - chance) * silent
            for act in acts:
                silent *= act.avoids(bits)
            above = chance
        return mixed + above * silent


def _voices(reading: Reading, method: Method) -> list[_Voice]:
    """The independence groups in a fixed order, so that the order of entry cannot show in the last digit."""
    by_claim: dict[tuple[int, str], list[tuple[float, _Act]]] = defaultdict(list)
    for action in reading.actions:
        if action.proofs:
            by_claim[action.claim].append((credence(action, method), _Act(action, method, reading.reliability)))
    return [_Voice(by_claim[claim]) for claim in sorted(by_claim)]


# ------------------------------------------------------------------------------------------------- the whole file


LINEAGE_CODES = (MeasuredCode.PURPOSE, MeasuredCode.VALUES_HERITAGE, MeasuredCode.CUSTOMER_RECORD)


def lineage_chance(profile: Profile, method: Method, reliability: Reliability) -> float:
    """Probability that values or purpose, and the customer record, would be read as established."""
    purpose, values, record = (
        at_least(level, method.cut_level, reliability.delta(code, double_coded=profile.double_coded))
        for code, level in zip(LINEAGE_CODES, (profile.pu, profile.vh, profile.cc), strict=True)
    )
    return (1 - (1 - purpose) * (1 - values)) * record


def chances_of(reading: Reading, standing: Standing, method: Method) -> dict[Outcome, float]:
    """Outcome → probability, unrounded. The five sum to 1."""
    choices = Choices(method.precedence)
    lineage = lineage_chance(reading.profile, method, reading.reliability)
    worlds = [
        (replace(standing, has_promise=True, lineage=has_lineage), weight)
        for has_lineage, weight in ((True, lineage), (False, 1 - lineage))
        if weight
    ]
    terms: dict[Outcome, list[float]] = {outcome: [] for outcome in OUTCOMES}
    states = _states(reading, standing, method)
    for flags, chance in states.items():
        for world, weight in worlds:
            terms[first_met(flags, world, choices).outcome].append(chance * weight)
    terms[Outcome.BROKEN_PROMISE] = [1.0, *(-chance for chance in states.values())]
    return {outcome: min(1.0, max(0.0, fsum(some))) for outcome, some in terms.items()}


class _Statement(NamedTuple):
    """A statement that is followed: its bit, and the bits to avoid, from 'whatever' to 'not made, and no harm done'."""

    bit: int
    avoid: tuple[int, ...]


def _states(reading: Reading, standing: Standing, method: Method) -> dict[int, float]:
    """Statements made → probability that just these are made and no promise is broken."""
    voices = _voices(reading, method)
    possible = 0
    for voice in voices:
        possible |= voice.bits
    statements, always = _followed(possible, standing)
    masks = [always]
    for statement in statements:
        masks = [mask | more for more in statement.avoid for mask in masks]
    return _exactly(statements, _silences(voices, masks))


def _followed(possible: int, standing: Standing) -> tuple[list[_Statement], int]:
    """The statements that the outcome can depend on, and the shortfalls that nothing can answer.

    A group makes a difference if it was promised something, if every core group can still be kept to, or if it may be
    let down. The last has three cases: kept to (the shortfall is answered), let down (broken, not followed further),
    neither.
    """
    everyone = standing.wide_enough and not standing.core & ~possible
    telling = standing.core if everyone else standing.promised
    statements: list[_Statement] = []
    unanswerable = 0
    for group, kept in enumerate(KEPT):
        short = SHORT[group] & possible
        if not kept & possible:
            unanswerable |= short
        elif short:
            statements.append(_Statement(kept, (0, kept, kept | short)))
        elif kept & telling:
            statements.append(_Statement(kept, (0, kept)))
    statements += [_Statement(bit, (0, bit)) for bit in (SURPASSES, PROACTIVE) if bit & possible]
    return statements, unanswerable


class _Silence(dict[int, float]):
    """Statements → probability that one voice makes none of them, worked out when first asked for."""

    def __init__(self, voice: _Voice) -> None:
        super().__init__()
        self._voice = voice

    def __missing__(self, bits: int) -> float:
        chance = self[bits] = self._voice.avoids(bits)
        return chance


def _silences(voices: list[_Voice], masks: list[int]) -> list[float]:
    """For each set of statements, the probability that no voice makes any of them or shows a breach."""
    chances = [1.0] * len(masks)
    for voice in voices:
        silence, bits = _Silence(voice), voice.bits
        chances = [chance * silence[mask & bits] for chance, mask in zip(chances, masks, strict=True)]
    return chances


def _exactly(statements: list[_Statement], silences: list[float]) -> dict[int, float]:
    """Inclusion and exclusion, one statement after the other: made = whatever − not made."""
    if not statements:
        return {0: silences[0]}
    *others, (bit, avoid) = statements
    block = len(silences) // len(avoid)
    made = [whatever - without for whatever, without in zip(silences, silences[block : 2 * block], strict=False)]
    states = _exactly(others, silences[-block:])
    states.update({flags | bit: chance for flags, chance in _exactly(others, made[:block]).items()})
    return states


def published(chances: Mapping[Outcome, float], method: Method) -> dict[Outcome, float]:
    """Rounded half to even, after taking out the noise of the arithmetic that could tip a tie either way."""
    step = Decimal(1).scaleb(-method.probability_decimals)
    return {
        outcome: float(Decimal(f"{chance:.12f}").quantize(step, rounding=ROUND_HALF_EVEN))
        for outcome, chance in chances.items()
    }
