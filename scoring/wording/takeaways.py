"""What a landscape says in one sentence: an ordered list of rules with thresholds; the first that holds is the title.

The counts decide, never a wish: the same sentence stands whichever archetype is ahead, and where few verdicts are on
file, or most of them are unsure, that is the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scoring.engine.dossier import Group
from scoring.engine.verdict import Outcome
from scoring.wording.grammar import NBSP, Text, text

FEWEST_VERDICTS = 5
"""Under so many verdicts nothing can be said of the whole: the title is neutral."""
UNSURE_SHARE = 1 / 2
"""From this share of fragile or contested verdicts on, that is what there is to say."""
LEADING_SHARE = 1 / 3
"""An archetype leads from this share on, if it stands strictly before all others."""
BESIDE_SHARE = 1 / 4
"""The archetype that comes second is named too from this share on."""
MOSTLY_SHARE = 1 / 2
"""“Mostly towards …”: more than this share of the brands that fell short did so towards the group."""


@dataclass(frozen=True)
class Tally:
    """The numbers that the title is made of."""

    recorded: int
    archetypes: Mapping[str, int]
    unsure: int = 0
    """Fragile or contested verdicts, of those with an archetype."""
    short_of: Mapping[str, int] | None = None
    """Group → how many of the brands that broke their promise fell short towards it."""
    on_duty_alone: Mapping[str, int] = field(default_factory=dict)
    """Archetype → in how many of its verdicts no established act is read against a promise, only the duty of care."""
    selected: bool = False
    """Whether these brands were selected by what their verdicts say: then their verdicts say nothing new."""

    @property
    def verdicts(self) -> int:
        return sum(self.archetypes.values())

    @property
    def ranked(self) -> list[tuple[str, int]]:
        return sorted(self.archetypes.items(), key=lambda item: -item[1])


def takeaway(tally: Tally) -> Text:
    return next(said for rule in RULES if (said := rule(tally)))


def _selected(tally: Tally) -> Text | None:
    """“All nine brands kept their commitments” would be true of any list of those that did."""
    if not tally.selected or not tally.recorded:
        return None
    if tally.recorded == 1:
        return text("One brand, selected by its verdict", "Une marque, retenue selon son verdict")
    count = _number(tally.recorded, tally.recorded)
    return text(
        _capital(f"{count['en']} brands, selected by their verdicts"),
        _capital(f"{count['fr']} marques, retenues selon leur verdict"),
    )


def _too_few(tally: Tally) -> Text | None:
    if tally.verdicts >= FEWEST_VERDICTS:
        return None
    if not tally.recorded:
        return text("No brand recorded", "Aucune marque enregistrée")
    if tally.recorded == 1:
        return text("One brand recorded", "Une marque enregistrée")
    count = _number(tally.recorded, tally.recorded)
    return text(_capital(f"{count['en']} brands recorded"), _capital(f"{count['fr']} marques enregistrées"))


def _mostly_unsure(tally: Tally) -> Text | None:
    if tally.unsure < UNSURE_SHARE * tally.verdicts:
        return None
    share = _share(tally.unsure, tally.verdicts, text("verdicts", "verdicts"))
    return text(f"{share['en']} are fragile or contested", f"{share['fr']} sont fragiles ou contestés")


def _one_leads(tally: Tally) -> Text | None:
    (first, most), (second, next_most) = tally.ranked[:2]
    if most < LEADING_SHARE * tally.verdicts or most == next_most:
        return None
    share, said = _share(most, tally.verdicts, _BRANDS), _said(tally, Outcome(first))
    group = _mostly(tally, most) if first == Outcome.BROKEN_PROMISE else None
    if group:
        rest = text(f", mostly towards {_TOWARDS[group]['en']}", f", surtout envers {_TOWARDS[group]['fr']}")
    elif next_most >= BESIDE_SHARE * tally.verdicts:
        rest = _beside(tally, said, Outcome(second), next_most)
    else:
        rest = text("", "")
    return text(f"{share['en']} {said['en']}{rest['en']}", f"{share['fr']} {said['fr']}{rest['fr']}")


def _none_leads(tally: Tally) -> Text | None:
    count = _number(tally.verdicts, tally.verdicts)
    return text(
        f"No verdict prevails among {count['en']} brands", f"Aucun verdict ne domine parmi {count['fr']} marques"
    )


Rule = Callable[[Tally], Text | None]
RULES: tuple[Rule, ...] = (_selected, _too_few, _mostly_unsure, _one_leads, _none_leads)


def _mostly(tally: Tally, broken: int) -> Group | None:
    """The group towards which most of them fell short, if there is one before all others."""
    ranked = sorted((tally.short_of or {}).items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] <= MOSTLY_SHARE * broken:
        return None
    return None if len(ranked) > 1 and ranked[1][1] == ranked[0][1] else Group(ranked[0][0])


_TOWARDS: dict[Group, Text] = {
    Group.CUSTOMERS: text("customers", "les clients"),
    Group.EMPLOYEES: text("employees", "les collaborateurs"),
    Group.PARTNERS: text("partners", "les partenaires"),
    Group.COMMUNITY: text("the community", "les habitants et citoyens"),
    Group.ENVIRONMENT: text("the environment", "l'environnement"),
}

_SAID: dict[Outcome, Text] = {
    Outcome.BROKEN_PROMISE: text("fell short of their promise", "sont restées en deçà de leur promesse"),
    Outcome.ALIGNED: text("kept their commitments", "ont tenu leurs engagements"),
    Outcome.EXCEEDS_PROMISE: text("went beyond their promise", "sont allées au-delà de leur promesse"),
    Outcome.DNA_PROACTIVE: text("acted before being asked", "ont agi sans qu'on le leur demande"),
}
_FAILED_ALL_ON_DUTY = text("failed in their duty of care", "ont manqué à leur devoir de soin")
_FAILED_SOME_ON_DUTY = text(
    "fell short of their promise or their duty of care", "ont manqué à leur promesse ou à leur devoir de soin"
)
_STOOD_BY = text("stood by those to whom a promise is on file", "ont agi pour ceux que vise une promesse au dossier")


def _said(tally: Tally, outcome: Outcome) -> Text:
    """What these brands did. Of a promise nothing is said that rests on the duty of care alone."""
    on_duty = tally.on_duty_alone.get(outcome, 0)
    if on_duty and outcome == Outcome.ALIGNED:
        return _STOOD_BY
    if on_duty and outcome == Outcome.BROKEN_PROMISE:
        return _FAILED_ALL_ON_DUTY if on_duty == tally.archetypes[outcome] else _FAILED_SOME_ON_DUTY
    return _SAID[outcome]


def _beside(tally: Tally, before: Text, outcome: Outcome, count: int) -> Text:
    """What stands after the semicolon; “their promise” is “theirs” where it has just been said before it."""
    number, said = _number(count, tally.verdicts), _said(tally, outcome)
    en, fr = said["en"], said["fr"]
    if before["en"].endswith("their promise"):
        en = re.sub("their promise$", "theirs", en)
        fr = re.sub("leur promesse$", "la leur", fr)
    return text(f"; {number['en']} {en}", f" ; {number['fr']} {fr}")


# --- Numbers in words -------------------------------------------------------------------------------------------------

_WORDS_EN = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_WORDS_FR = (
    "aucune", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt",
)  # fmt: skip
_BRANDS = text("brands", "marques")


def _number(count: int, whole: int) -> Text:
    """In words up to twenty; in figures as soon as one number of the sentence is larger."""
    if whole < len(_WORDS_EN):
        return text(_WORDS_EN[count], _WORDS_FR[count])
    return text(f"{count:,}", f"{count:,}".replace(",", NBSP))


def _share(part: int, whole: int, noun: Text) -> Text:
    """“Five of fourteen brands”, and “All nine brands” where nobody is left out."""
    some, total = _number(part, whole), _number(whole, whole)
    if part == whole:
        return text(f"All {total['en']} {noun['en']}", f"Les {total['fr']} {noun['fr']}")
    return text(
        _capital(f"{some['en']} of {total['en']} {noun['en']}"),
        _capital(f"{some['fr']} {noun['fr']} sur {total['fr']}"),
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
