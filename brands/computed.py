"""What follows from facts and is shown beside them. Whoever judges adds its answers here: facts do not know them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from brands.models import Action


@dataclass(frozen=True)
class ActionReading:
    """What the judgement makes of an act as it is on file."""

    evidence: int
    why: str
    """Why the evidence grade is what it is, in the reader's language."""
    yardsticks: Mapping[int, str] = field(default_factory=dict)
    """Id of a proof → what it is really held against, and why where that is not what was chosen."""


action_readers: list[Callable[[Action], ActionReading]] = []
case_states: list[Callable[[Collection[int]], Mapping[tuple[int, int], Any]]] = []
"""Ids of brands → the state of each of their cases, by brand and crisis."""


def reading_of(action: Action) -> ActionReading | None:
    """The reading of an act, made once for the object at hand."""
    known = vars(action).get("_reading")
    if known is None and action_readers and action.pk:
        known = vars(action)["_reading"] = action_readers[0](action)
    return known


def states_of(brand_ids: Collection[int]) -> dict[tuple[int, int], Any]:
    found: dict[tuple[int, int], Any] = {}
    for states in case_states:
        found.update(states(brand_ids))
    return found
