"""What goes into a judgement: the facts of one brand in one crisis, as numbers, dates, codes and ids.

A level is an ``int`` from 0 to 3, or ``None`` for unknown. Unknown counts as 0 in every formula and carries no noise;
it is never the same thing as a level of 0 that somebody coded.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import total_ordering

DUTY = "duty"
"""The yardstick of a proof that is read against the duty of care, where no promise covers the act."""


class Group(StrEnum):
    """Stakeholder groups, in the order in which ties are broken."""

    CUSTOMERS = "customers"
    EMPLOYEES = "employees"
    PARTNERS = "partners"
    COMMUNITY = "community"
    ENVIRONMENT = "environment"


class MeasuredCode(StrEnum):
    """Codes whose agreement between coders is measured: those that carry noise, and reach."""

    SUBSTANCE = "su"
    REACH = "re"
    INITIATIVE = "in"
    GENEROSITY = "ge"
    DEPTH_OF_HELP = "depth_helps"
    DEPTH_OF_HARM = "depth_harms"
    PURPOSE = "pu"
    VALUES_HERITAGE = "vh"
    CUSTOMER_RECORD = "cc"


class Direction(StrEnum):
    HELPS = "helps"
    HARMS = "harms"


class SourceKind(StrEnum):
    """What a source is, relative to the claim that it supports."""

    ANONYMOUS = "anonymous"
    INTERESTED = "interested"
    INDEPENDENT = "independent"
    AGAINST_INTEREST = "against_interest"
    PRIMARY = "primary"


class Weight(StrEnum):
    """Standing of a promise among the others. It places the brand on the landscape; it never moves the outcome."""

    CENTRAL = "central"
    SUPPORTING = "supporting"
    CONTEXT = "context"


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, the month or the year: ``2020-04-13``, ``2020-04`` or ``2020``."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``. Anything else, or no such day, is a ValueError."""
        parts = text.split("-")
        widths = [len(part) for part in parts]
        if widths not in ([4], [4, 2], [4, 2, 2]) or not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError(f"{text!r} is not a date such as 2020, 2020-04 or 2020-04-13")
        year, month, day = ([int(part) for part in parts] + [None, None])[:3]
        try:
            date(year or 0, month or 1, day or 1)
        except ValueError as error:
            raise ValueError(f"{text!r} is not a date: {error}") from error
        return cls(year or 0, month, day)

    @property
    def first(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __lt__(self, other: PartialDate) -> bool:
        return (self.first, self.last) < (other.first, other.last)

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Source:
    """One source behind one action, with its kind relative to that claim and its independence group."""

    id: str
    kind: SourceKind
    group: str
    date: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One action read against one yardstick for one stakeholder group.

    ``yardstick`` is a promise id or ``DUTY``. ``depth`` is 0–2 for help, 1–3 for harm; ``remedy`` is 0–2, harms only.
    """

    id: str
    group: Group
    yardstick: str
    direction: Direction
    depth: int | None
    remedy: int = 0


@dataclass(frozen=True, slots=True)
class Action:
    """What the brand was observed doing. ``su re in_ ge`` are substance, reach, initiative and generosity."""

    id: str
    started: PartialDate | None
    su: int | None = None
    re: int | None = None
    in_: int | None = None
    ge: int | None = None
    appraisal: bool = False
    double_coded: bool = False
    disputed: bool = False
    duplicate_of: str | None = None
    sources: tuple[Source, ...] = ()
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """What the brand published. ``st`` is the statement level; an undated promise is taken to predate the crisis."""

    id: str
    st: int | None
    groups: frozenset[Group]
    since: PartialDate | None = None
    weight: Weight = Weight.CENTRAL


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts from before the crisis: purpose, values heritage, customer record, labels held."""

    pu: int | None = None
    vh: int | None = None
    cc: int | None = None
    labels: tuple[str, ...] = ()
    not_applicable: frozenset[Group] = frozenset()
    double_coded: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of it for one brand in one crisis on one day."""

    crisis_start: PartialDate
    as_of: date
    promises: tuple[Promise, ...] = ()
    profile: Profile = field(default_factory=Profile)
    actions: tuple[Action, ...] = ()
    reliability: tuple[tuple[MeasuredCode, float], ...] = ()
    """Alpha of each code as adopted, for what one coder read alone. Empty: no measurement in force."""
