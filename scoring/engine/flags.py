"""The evidence as one bit a statement, for everything that asks 'and if one thing were different?'.

The rule only asks whether something is shown at all, so the whole file is the union of what each action shows. That
makes a changed action cheap to judge: take its bits out, put the new ones in.
"""

from __future__ import annotations

from collections.abc import Iterable

from scoring.engine.dossier import Action
from scoring.engine.method import Method
from scoring.engine.reading import GROUPS, INDEX, ReadProof

KEPT = tuple(1 << index for index in range(len(GROUPS)))
SHORT_SHIFT = len(GROUPS)
SHORT = tuple(1 << (SHORT_SHIFT + index) for index in range(len(GROUPS)))
KEPT_MASK = (1 << len(GROUPS)) - 1
BREACH_OF_PROMISE = 1 << (2 * len(GROUPS))
BREACH_OF_DUTY = BREACH_OF_PROMISE << 1
HARMED = BREACH_OF_PROMISE << 2
SURPASSES = BREACH_OF_PROMISE << 3
PROACTIVE = BREACH_OF_PROMISE << 4


def unanswered(flags: int) -> int:
    """Bits of the groups whose shortfall no kept proof answers."""
    return (flags >> SHORT_SHIFT) & ~flags & KEPT_MASK


class Flagger:
    """Turns the codes of an action into bits, with the bars of one method."""

    def __init__(self, method: Method) -> None:
        self.cut = method.cut_level
        self.generosity = method.surpassing.generosity
        self.far_depth = method.surpassing.far_depth
        self.beyond_depth = method.surpassing.beyond_depth
        self.beyond_ceiling = method.surpassing.beyond_ceiling
        self.initiative = method.proactive_initiative
        self.proactive_group = INDEX[method.proactive_group]
        self.promise_bar = method.breach_of_promise
        self.duty_bar = method.breach_of_duty
        self.short_bar = method.shortfall
        self.serious_bar = method.serious_harm

    def of(self, action: Action, evidence: int, proofs: Iterable[ReadProof], *, reach: bool = False) -> int:
        """Bits of a recorded action at an evidence grade; under the switch its reach limits its strength."""
        strength = min(evidence, action.su or 0)
        if reach:
            strength = min(strength, action.re or 0)
        return self.flags(evidence, strength, action.in_ or 0, action.ge or 0, proofs)

    def flags(self, evidence: int, strength: int, initiative: int, generosity: int, proofs: Iterable[ReadProof]) -> int:
        flags = 0
        for proof in proofs:
            if proof.helps:
                flags |= self._help(proof, strength, initiative, generosity)
            else:
                flags |= self._harm(proof, evidence)
        return flags

    def _help(self, proof: ReadProof, strength: int, initiative: int, generosity: int) -> int:
        if strength < self.cut:
            return 0
        flags = KEPT[proof.group]
        if proof.promise is not None and generosity >= self.generosity:
            depth = proof.depth or 0
            far = depth >= self.far_depth
            if far or (depth >= self.beyond_depth and self.beyond_ceiling >= self.cut):
                flags |= SURPASSES
        if proof.group == self.proactive_group and initiative >= self.initiative and generosity >= self.cut:
            flags |= PROACTIVE
        return flags

    def _harm(self, proof: ReadProof, evidence: int) -> int:
        severity = (proof.depth or 0) - proof.remedy
        flags = 0
        if severity >= self.serious_bar.severity and evidence >= self.serious_bar.evidence:
            flags |= HARMED
        if proof.promise is None:
            return flags | (BREACH_OF_DUTY if self.breaks_duty(severity, evidence) else 0)
        if severity >= self.promise_bar.severity and evidence >= self.promise_bar.evidence:
            flags |= BREACH_OF_PROMISE
        if severity == self.short_bar.severity and evidence >= self.short_bar.evidence:
            flags |= SHORT[proof.group]
        return flags

    def breaks_duty(self, severity: int, evidence: int) -> bool:
        """Where nothing was promised the bar is one notch higher, in gravity or in evidence."""
        bar = self.duty_bar
        if severity < bar.severity or evidence < bar.evidence:
            return False
        return severity >= bar.grave_severity or evidence >= bar.sure_evidence
