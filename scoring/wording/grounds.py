"""What a verdict rests on, a promise or the duty of care alone, and that in one line: a title never says more.

It is read from what every document of a verdict holds, so that titles of scorecards, slides and landscapes agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.engine.dossier import Group
from scoring.engine.verdict import Breadth, FindingCode, Outcome
from scoring.wording.grammar import Text, groups_listed, in_order, text, to_groups

Document = Mapping[str, Any]
Gaps = Iterable[Mapping[str, Any]]
_OF_A_PROMISE = (FindingCode.BREACH_OF_PROMISE, FindingCode.UNANSWERED_SHORTFALL)


@dataclass(frozen=True)
class Grounds:
    """The groups that a verdict names, each once or, where it was harmed twice over, under two heads."""

    promise: tuple[Group, ...] = ()
    """An established act was read against a promise to them: kept, passed or, in a breach, fallen short of."""
    duty: tuple[Group, ...] = ()
    """Established acts for them were read against the duty of care alone."""
    short: tuple[Group, ...] = ()
    """In a favourable verdict: a lesser shortfall of a promise to them is established, which bars nothing."""


def is_on_duty_alone(outcome: str, gaps: Gaps) -> bool:
    """Whether no established act is read against a promise, only against the duty of care."""
    measured = [gap["gap"] for gap in gaps if gap["gap"] is not None]
    if outcome == Outcome.BROKEN_PROMISE:
        return not any(gap < 0 for gap in measured)
    return not measured


def grounds_of(document: Document) -> Grounds:
    if document["outcome"] == Outcome.BROKEN_PROMISE:
        return Grounds(
            _of_findings(document, *_OF_A_PROMISE), _of_findings(document, FindingCode.SERIOUS_HARM_UNDER_DUTY)
        )
    if document["outcome"] == Outcome.EXCEEDS_PROMISE:
        return Grounds(_of_findings(document, FindingCode.SURPASSED))
    if document["outcome"] == Outcome.ALIGNED:
        promised = [Group(row["stakeholder"]) for row in document["coverage"] if row["promised"]]
        return aligned_grounds(_named(document), promised, document["gaps"])
    return Grounds()


def aligned_grounds(groups: Iterable[Group], promised: Iterable[Group], gaps: Gaps) -> Grounds:
    """Towards whom an aligned brand kept a promise, and for whom it acted without an act that tests one."""
    found: dict[Group, list[int]] = {}
    for gap in gaps:
        if gap["gap"] is not None and gap["group"] in promised:
            found.setdefault(Group(gap["group"]), []).append(gap["gap"])
    groups = tuple(in_order(groups))
    short = tuple(group for group in groups if min(found.get(group, [0])) < 0)
    kept = tuple(group for group in groups if group in found and group not in short)
    return Grounds(kept, tuple(group for group in groups if group not in found), short)


def _named(document: Document) -> list[Group]:
    """The core groups that the rule names: all that apply, or those that something is promised to."""
    everyone = document["breadth"] == Breadth.ALL
    return [
        Group(row["stakeholder"])
        for row in document["coverage"]
        if row["applicable"] and row["stakeholder"] != Group.ENVIRONMENT and (everyone or row["promised"])
    ]


def _of_findings(document: Document, *codes: FindingCode) -> tuple[Group, ...]:
    groups = {group for finding in document["findings"] if finding["code"] in codes for group in finding["groups"]}
    return tuple(in_order(Group(group) for group in groups))


# --- In one line ------------------------------------------------------------------------------------------------------


def headline(document: Document) -> Text | None:
    """The verdict as a clause that follows the brand’s name and a colon; nothing without an archetype."""
    write = _HEADLINES.get(document["outcome"])
    return write(grounds_of(document), document) if write else None


def _broken(grounds: Grounds, document: Document) -> Text:
    promise, duty = grounds.promise, grounds.duty
    if not promise:
        return text(
            f"a serious harm to {groups_listed(duty, 'en')} goes against the duty of care; "
            "no promise on file covers it",
            f"un tort grave envers {groups_listed(duty, 'fr')} manque au devoir de soin ; "
            "aucune promesse au dossier ne le couvre",
        )
    en = f"what it did falls short of its promise {to_groups(promise, 'en')}"
    fr = f"ses actes restent en deçà de sa promesse {to_groups(promise, 'fr')}"
    if duty:
        en += f", and of its duty of care {to_groups(duty, 'en')}"
        fr += f", et de son devoir de soin envers {groups_listed(duty, 'fr')}"
    return text(en, fr)


def _aligned(grounds: Grounds, document: Document) -> Text:
    everyone = document["breadth"] == Breadth.ALL
    if grounds.short:
        groups = [*grounds.promise, *grounds.duty, *grounds.short]
        return text(
            f"it stood by {_whom(groups, everyone, 'en')}, "
            f"while falling somewhat short of its promise {to_groups(grounds.short, 'en')}",
            f"elle a agi pour {_whom(groups, everyone, 'fr')}, "
            f"en restant un peu en deçà de sa promesse {to_groups(grounds.short, 'fr')}",
        )
    if not grounds.promise:
        aimed_at = ("", "") if everyone else (", to whom a promise is on file", ", que vise une promesse au dossier")
        en, fr = _whom(grounds.duty, everyone, "en"), _whom(grounds.duty, everyone, "fr")
        return text(
            f"it stood by {en}{aimed_at[0]}; its acts are read against the duty of care",
            f"elle a agi pour {fr}{aimed_at[1]} ; ses actes relèvent du devoir de soin",
        )
    en = f"it kept its word to {groups_listed(grounds.promise, 'en')}"
    fr = f"elle a tenu parole envers {groups_listed(grounds.promise, 'fr')}"
    if grounds.duty:
        en += f"; towards {groups_listed(grounds.duty, 'en')}, its acts are read against the duty of care alone"
        fr += f" ; envers {groups_listed(grounds.duty, 'fr')}, ses actes relèvent du seul devoir de soin"
    return text(en, fr)


def _whom(groups: Sequence[Group], everyone: bool, language: str) -> str:
    if not everyone:
        return groups_listed(groups, language)
    return "every core group of stakeholders" if language == "en" else "chaque groupe essentiel de parties prenantes"


def _exceeds(grounds: Grounds, document: Document) -> Text:
    return text(
        f"it went well beyond its promise {to_groups(grounds.promise, 'en')}",
        f"elle est allée bien au-delà de sa promesse {to_groups(grounds.promise, 'fr')}",
    )


def _dna(grounds: Grounds, document: Document) -> Text:
    return text(
        "caring for its customers predates the crisis, and it helped them before being asked",
        "le soin de ses clients précède la crise, et elle les a aidés sans qu'on le lui demande",
    )


_HEADLINES = {
    Outcome.BROKEN_PROMISE: _broken,
    Outcome.ALIGNED: _aligned,
    Outcome.EXCEEDS_PROMISE: _exceeds,
    Outcome.DNA_PROACTIVE: _dna,
}
