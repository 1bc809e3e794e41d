"""What stands beside a verdict: its signals, and the choices of method that it depends on."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.engine.dossier import MeasuredCode
from scoring.engine.verdict import Signal, SignalCode, SwitchEffect, WashingLevel
from scoring.wording.grammar import LANGUAGES, Text, groups_listed, listed, sentence, text, to_groups
from scoring.wording.lexicon import CODE_NAMES, MEASURED_CODES, OUTCOMES, SWITCHES, WASHING


def signal(item: Signal) -> Text:
    if item.code == SignalCode.HARM_ALERT:
        return _harm_alert(item)
    if item.code == SignalCode.DIVERGENT_STAKEHOLDERS:
        return _divergent(item)
    return _washing(item)


def _harm_alert(item: Signal) -> Text:
    return text(
        f"A serious harm to {groups_listed(item.harmed, 'en')} is established. It is shown whatever the verdict.",
        f"Un tort grave envers {groups_listed(item.harmed, 'fr')} est établi. Il est signalé quel que soit le verdict.",
    )


def _divergent(item: Signal) -> Text:
    return text(
        f"An established act helps {groups_listed(item.helped, 'en')}; another harms"
        f" {groups_listed(item.harmed, 'en')}. Neither cancels the other.",
        f"Un acte établi aide {groups_listed(item.helped, 'fr')} ; un autre nuit {to_groups(item.harmed, 'fr')}."
        " L'un n'efface pas l'autre.",
    )


def _washing(item: Signal) -> Text:
    level = WASHING[item.level or WashingLevel.LOW]
    reasons = [reason for reason in (_hollow(len(item.hollow_actions)), _contradiction(item.contradiction)) if reason]
    return text(
        f"Risk {level['en']}: {'; '.join(reason['en'] for reason in reasons)}."
        " An indication to discuss, not an intention attributed to the brand.",
        f"Risque {level['fr']} : {' ; '.join(reason['fr'] for reason in reasons)}."
        " Un indice à discuter, pas une intention prêtée à la marque.",
    )


def _hollow(count: int) -> Text | None:
    if not count:
        return None
    if count == 1:
        return text("one act reads as hollow", "un acte paraît creux")
    return text(f"{count} acts read as hollow", f"{count} actes paraissent creux")


def _contradiction(raised: bool) -> Text | None:
    if not raised:
        return None
    return text(
        "help, a purpose or a label is on show while a serious harm is established",
        "une aide, une raison d'être ou un label s'affiche alors qu'un tort grave est établi",
    )


_PROFILE = 3
"""So many codes has a profile of lineage."""


def untold(codes: Sequence[str]) -> Text:
    """Why the index of lineage cannot be told: what of the profile is unknown."""
    if len(codes) == _PROFILE:
        return text("cannot be told: profile not documented", "impossible à dire : profil non documenté")
    names = {language: listed([CODE_NAMES[code][language] for code in codes], language) for language in LANGUAGES}
    return text(f"cannot be told: {names['en']} unknown", f"impossible à dire : on ignore {names['fr']}")


def provisional(codes: tuple[MeasuredCode, ...]) -> Text | None:
    """Why a verdict is provisional, in words; nothing where it is not."""
    if not codes:
        return None
    names = {language: listed([MEASURED_CODES[code][language] for code in codes], language) for language in LANGUAGES}
    return text(
        f"Provisional: one coder alone read the {names['en']}, where coders agree too little. A second coding would"
        " settle it.",
        f"Provisoire : un seul codeur a lu {names['fr']}, où les codeurs s'accordent trop peu. Un second codage"
        " trancherait.",
    )


def method_choice(effect: SwitchEffect) -> Text:
    outcome, choice = OUTCOMES[effect.outcome], SWITCHES[effect.switch]
    return text(
        f"{sentence(choice['en'])}, the verdict would be “{outcome['en']}”.",
        f"{sentence(choice['fr'])}, le verdict serait « {outcome['fr']} ».",
    )
