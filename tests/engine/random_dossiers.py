"""Strategies for dossiers of every kind, and their translation for the oracle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from hypothesis import strategies as st

from scoring.engine.dossier import (
    DUTY,
    Action,
    Direction,
    Dossier,
    Group,
    PartialDate,
    Profile,
    Promise,
    Proof,
    Source,
    SourceKind,
)
from scoring.engine.reading import GROUPS, read
from tests.engine import oracle
from tests.engine.build import AS_OF, method

T = TypeVar("T")

LEVELS = (3, None, 0, 1, 2, 2, 3, 3)
DATES = (None, *map(PartialDate.parse, ("2018", "2020", "2020-03", "2020-04-13", "2020-05")))
PROMISES = ("p1", "p2", "p3")
YARDSTICKS = (DUTY, "p1", "p1", "p2", "p3")
KINDS = (*SourceKind, *[SourceKind.INDEPENDENT] * 5)
VOICES = ("a", "b", "c", "d")
NOT_APPLICABLE = (frozenset[Group](), frozenset[Group](), frozenset({Group.PARTNERS}), frozenset(GROUPS[:2]))
HELP_OR_HARM = (True, True, False)
NUMBERS = st.binary(min_size=14, max_size=14).map(int.from_bytes)
"""Large numbers of even spread; drawn integers would nearly all be small."""


class Digits:
    """One large number, spent choice by choice: far quicker to draw than each choice, and it still shrinks."""

    def __init__(self, number: int) -> None:
        self.number = number

    def pick(self, items: Sequence[T]) -> T:
        self.number, index = divmod(self.number, len(items))
        return items[index]

    def some(self, most: int) -> range:
        return range(self.pick(range(most + 1)))


def action_of(number: int, id: str, directions: Sequence[bool] = HELP_OR_HARM) -> Action:
    """One action; its rows help or harm, as allowed. Three of the flags are mostly down."""
    digits = Digits(number)
    su, re, in_, ge = (digits.pick(LEVELS) for _ in range(4))
    marks = digits.pick(range(16))
    rows = [_row(digits, digits.pick(directions), f"{id}.{place}") for place in digits.some(3)]
    return Action(
        id,
        digits.pick(DATES),
        su,
        re,
        in_,
        ge,
        appraisal=marks in (1, 2, 3),
        double_coded=marks in (3, 4, 5),
        disputed=marks in (6, 7),
        sources=tuple(
            Source(f"{id}s{place}", digits.pick(KINDS), digits.pick(VOICES), digits.pick(DATES))
            for place in digits.some(3)
        ),
        proofs=tuple(rows),
    )


def _row(digits: Digits, helps: bool, id: str) -> Proof:
    group, yardstick = digits.pick((Group.CUSTOMERS, *GROUPS)), digits.pick(YARDSTICKS)
    depth, remedy = digits.pick((None, 0, 1, 2, 2, 3)), digits.pick((0, 0, 0, 1, 2))
    if helps:
        return Proof(id, group, yardstick, Direction.HELPS, None if depth is None else min(depth, 2))
    return Proof(id, group, yardstick, Direction.HARMS, None if depth is None else max(depth, 1), remedy)


def _promises(digits: Digits) -> tuple[Promise, ...]:
    """Mostly one or two that count, so that the archetypes are within reach."""
    names = PROMISES[: digits.pick((1, 0, 1, 1, 2, 2, 3))]
    return tuple(
        Promise(
            name,
            digits.pick((2, None, 0, 1, 2, 2, 3, 3)),
            frozenset(digits.pick(GROUPS) for _ in range(digits.pick((1, 2, 4)))),
            digits.pick(DATES),
        )
        for name in names
    )


def _profile(digits: Digits) -> Profile:
    pu, vh, cc = (digits.pick(LEVELS) for _ in range(3))
    labels = digits.pick(((), ("B Corp",)))
    return Profile(pu, vh, cc, labels, digits.pick(NOT_APPLICABLE), digits.pick((False, True)))


def actions(id: str, directions: Sequence[bool] = HELP_OR_HARM) -> st.SearchStrategy[Action]:
    return NUMBERS.map(lambda number: action_of(number, id, directions))


def dossiers(most: int = 5, as_of: date = AS_OF) -> st.SearchStrategy[Dossier]:
    """Dossiers of every kind: sparse and rich, all outcomes within reach."""

    def made(head: int, acts: list[int]) -> Dossier:
        digits = Digits(head)
        directions = digits.pick((HELP_OR_HARM, (True,)))
        made_actions = tuple(action_of(number, f"a{place}", directions) for place, number in enumerate(acts))
        return Dossier(PartialDate(2020, 3), as_of, _promises(digits), _profile(digits), made_actions)

    return st.builds(made, NUMBERS, st.lists(NUMBERS, max_size=most))


def file_of(dossier: Dossier) -> oracle.File:
    """What the oracle needs of a dossier, after the engine has read dates, duplicates and sources."""
    reading = read(dossier, method())
    profile = reading.profile
    return oracle.File(
        promises=tuple((promise.id, frozenset(map(str, promise.groups))) for promise in reading.promises),
        pu=profile.pu,
        vh=profile.vh,
        cc=profile.cc,
        double=profile.double_coded,
        not_applicable=frozenset(map(str, profile.not_applicable)),
        acts=tuple(
            oracle.Act(
                act.id,
                act.evidence,
                act.claim,
                act.action.su,
                act.action.re,
                act.action.in_,
                act.action.ge,
                act.action.appraisal,
                act.action.double_coded,
                tuple(
                    oracle.Row(
                        proof.id, str(GROUPS[proof.group]), proof.promise, proof.helps, proof.depth, proof.remedy
                    )
                    for proof in act.proofs
                ),
            )
            for act in reading.actions
        ),
    )
