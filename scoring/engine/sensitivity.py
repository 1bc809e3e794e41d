"""What the outcome owes to the choices of the method: six switches, all their combinations."""

from __future__ import annotations

from itertools import combinations

from scoring.engine.flags import Flagger
from scoring.engine.levels import dna_level
from scoring.engine.method import Method
from scoring.engine.reading import Reading
from scoring.engine.rule import Choices, Decision, Standing, decide
from scoring.engine.verdict import MethodAgreement, Switch, SwitchEffect

Variant = frozenset[Switch]


def variants(method: Method) -> list[Variant]:
    """Every combination of switches, the method itself (none) first, then one at a time."""
    return [
        frozenset(some) for count in range(len(method.switches) + 1) for some in combinations(method.switches, count)
    ]


class Variants:
    """Judges one reading under any combination of switches.

    Only two switches change what an act shows, so four sets of flags serve all combinations; the others are
    conditions on those flags.
    """

    def __init__(self, reading: Reading, standing: Standing, flagger: Flagger, method: Method) -> None:
        self._reading, self._flagger, self._method = reading, flagger, method
        either = dna_level(reading.profile, either=True) >= method.cut_level
        self._standing = {
            False: standing,
            True: Standing(standing.has_promise, standing.core, standing.promised, standing.wide_enough, either),
        }
        self._flags: dict[tuple[bool, bool], int] = {}

    def decide(self, variant: Variant) -> Decision:
        dna_first = Switch.DNA_FIRST in variant
        choices = Choices(
            self._method.precedence_dna_first if dna_first else self._method.precedence,
            duty_of_care=Switch.NO_DUTY_OF_CARE not in variant,
            promised_is_enough=Switch.ALL_GROUPS_REQUIRED not in variant,
        )
        flags = self.flags(Switch.TWO_SOURCES_NEEDED in variant, Switch.REACH_REQUIRED in variant)
        return decide(flags, self._standing[Switch.DNA_EITHER in variant], choices)

    def flags(self, two_sources: bool, reach: bool) -> int:
        mode = (two_sources, reach)
        if mode not in self._flags:
            self._flags[mode] = self._union(two_sources, reach)
        return self._flags[mode]

    def _union(self, two_sources: bool, reach: bool) -> int:
        flags = 0
        treated = self._method.two_sources_treated
        for action in self._reading.actions:
            evidence = action.evidence
            if two_sources and evidence == treated.evidence:
                evidence = treated.as_
            flags |= self._flagger.of(action.action, evidence, action.proofs, reach=reach)
        return flags


def agreement_of(decision: Decision, judged: Variants, method: Method) -> MethodAgreement:
    """How many variants agree on the outcome, and which single switch would turn it, with what it would be then."""
    every = variants(method)
    decisions = {variant: judged.decide(variant) for variant in every}
    flips = [
        SwitchEffect(switch, found.outcome, found.breadth)
        for switch in method.switches
        if (found := decisions[frozenset({switch})]).outcome is not decision.outcome
    ]
    same = sum(found.outcome is decision.outcome for found in decisions.values())
    return MethodAgreement(same, len(every), tuple(flips))
