"""Flags beside the verdict. They never change the outcome, and are shown only when raised."""

from __future__ import annotations

from scoring.engine.indices import pairs
from scoring.engine.levels import Levels
from scoring.engine.method import Method
from scoring.engine.reading import GROUPS, Reading
from scoring.engine.verdict import Signal, SignalCode, WashingLevel
from scoring.engine.washing import Washing


def signals_of(reading: Reading, levels: Levels, washing: Washing, method: Method) -> tuple[Signal, ...]:
    raised = (_washing_signal(washing, method), _harm_alert(levels), _divergence(reading, levels, method))
    return tuple(signal for signal in raised if signal is not None)


def _washing_signal(washing: Washing, method: Method) -> Signal | None:
    level = washing.level(method)
    if level not in (WashingLevel.MEDIUM, WashingLevel.HIGH):
        return None
    return Signal(
        SignalCode.PURPOSE_WASHING, level=level, hollow_actions=washing.hollow, contradiction=washing.contradiction
    )


def _harm_alert(levels: Levels) -> Signal | None:
    return Signal(SignalCode.HARM_ALERT, harmed=levels.harmed_groups()) if levels.harmed else None


def _divergence(reading: Reading, levels: Levels, method: Method) -> Signal | None:
    """Established help for one group and established harm to another; harm made good is no harm."""
    helped = {index for index, level in enumerate(levels.kept) if level >= method.cut_level}
    harmed = {
        proof.group
        for action, proof in pairs(reading)
        if not proof.helps and proof.severity and action.evidence >= method.serious_harm.evidence
    }
    if not any(one != other for one in helped for other in harmed):
        return None
    return Signal(
        SignalCode.DIVERGENT_STAKEHOLDERS,
        helped=tuple(GROUPS[index] for index in sorted(helped)),
        harmed=tuple(GROUPS[index] for index in sorted(harmed)),
    )
