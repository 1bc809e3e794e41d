"""The arithmetic of the trail: what of a line is sealed, and how a line holds on to the one before it.

Plain Python, so that somebody who has nothing but an export of the lines can compute it again. The form never
changes: another one would get another number in ``FORM`` and stand beside it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

BEGINNING = "0" * 64
"""What the first line holds on to."""

FORM = 1


def content(
    *,
    sequence: int,
    kind: str,
    brand: str,
    subject: str,
    actor: str,
    at: datetime,
    changes: dict[str, Any],
    reason: str,
) -> str:
    """Everything that a line says, as one text: the same on every machine and from every database."""
    line = {
        "form": FORM,
        "sequence": sequence,
        "kind": kind,
        "brand": brand,
        "subject": subject,
        "actor": actor,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "changes": changes,
        "reason": reason,
    }
    return json.dumps(line, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(previous: str, content: str) -> str:
    """SHA-256 over the digest of the line before and the content of this one."""
    return hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()


def as_stored(changes: Any) -> Any:
    """Changes as they come back from the database: lists for tuples, text for keys. What JSON cannot hold is refused.

    A number with a fraction becomes text: no two databases agree on all of them.
    """
    return _without_floats(json.loads(json.dumps(changes, allow_nan=False)))


def _without_floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_floats(item) for item in value]
    return repr(value) if isinstance(value, float) else value
