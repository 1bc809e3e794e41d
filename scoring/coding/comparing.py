"""How far two codings lie apart, code by code, and what has to be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from django.utils.text import slugify

from scoring.coding.sheets import NO, UNKNOWN, YES, Code, Codes, Sheet


class Apart(Enum):
    """From nothing to do, to something that only a third person can settle."""

    EQUAL = 0
    A_STEP = 1
    """One level apart, or another name where no verdict depends on it: the coders may converge."""
    FAR = 2
    """Two levels or more, opposite directions, another name where a verdict depends on it, unknown against known, or
    unknown to both where the facts cannot hold it."""


@dataclass(frozen=True)
class Difference:
    """One code on which two coders differ."""

    code: Code
    values: tuple[str, str]
    apart: Apart


def differences(sheet: Sheet, first: Mapping[str, str], second: Mapping[str, str]) -> list[Difference]:
    """Where two codings differ, in the order of the sheet. What one of them left out (optional codes) is no difference.

    Below a group and direction that only one of them chose, nothing is compared: that choice is the difference.
    """
    found = []
    for name, code in sheet.all.items():
        values = _values(name, code, first, second)
        apart = how_far(code, *values) if values else Apart.EQUAL
        if values and apart is not Apart.EQUAL:
            found.append(Difference(code, values, apart))
    return found


def _values(name: str, code: Code, first: Mapping[str, str], second: Mapping[str, str]) -> tuple[str, str] | None:
    if name.startswith("proof."):
        switch = ".".join(name.split(".")[:3])
        if name == switch:
            return _bearing(first, name), _bearing(second, name)
        if _bearing(first, switch) == NO or _bearing(second, switch) == NO:
            return None
    mine, theirs = first.get(name, ""), second.get(name, "")
    if code.many:
        return (mine, theirs) if mine or theirs else None
    return (mine, theirs) if mine and theirs else None


def _bearing(codes: Mapping[str, str], switch: str) -> str:
    return YES if codes.get(switch) == YES else NO


def how_far(code: Code, mine: str, theirs: str) -> Apart:
    if UNKNOWN in (mine, theirs):
        return Apart.EQUAL if mine == theirs and code.keeps_unknown else Apart.FAR
    if alike(code, mine, theirs):
        return Apart.EQUAL
    if code.is_ordinal:
        return Apart.A_STEP if abs(code.scale.index(mine) - code.scale.index(theirs)) == 1 else Apart.FAR
    return Apart.FAR if code.decides else Apart.A_STEP


def alike(code: Code, mine: str, theirs: str) -> bool:
    """Whether two values are the same; what is typed is, whatever its case, accents and blanks."""
    return mine == theirs or (code.free and folded(mine) == folded(theirs))


def folded(group: str) -> str:
    """An independence group as it is kept: the name of a voice without capitals, accents and blanks."""
    return slugify(group)[:80] or group


def widest(found: list[Difference]) -> Apart:
    return max((difference.apart for difference in found), key=lambda apart: apart.value, default=Apart.EQUAL)


def merged(sheet: Sheet, first: Codes, second: Codes) -> Codes:
    """What both agree on: equal codes, and optional ones that only one of them filled in stay as they are on file."""
    differing = {difference.code.name for difference in differences(sheet, first, second)}
    return {
        name: first[name]
        for name, code in sheet.all.items()
        if name in first and alike(code, first[name], second.get(name, "")) and name not in differing
    }
