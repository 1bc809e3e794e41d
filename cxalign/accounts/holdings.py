"""What other parts of the product hold about a person: each part says what that is, and how it is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cxalign.accounts.models import User


@dataclass(frozen=True)
class Part:
    held: Callable[[User], Any]
    """What the person is given as data."""
    forget: Callable[[User], None]
    """What is emptied when their account is; called inside the transaction that empties it."""


PARTS: dict[str, Part] = {}


def register(name: str, held: Callable[[User], Any], forget: Callable[[User], None]) -> None:
    PARTS[name] = Part(held, forget)
