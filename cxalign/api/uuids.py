from __future__ import annotations

from uuid import UUID


def number_in(name: str) -> UUID | None:
    """The number of a job; none for a name that no job has, so that it is answered like one that is absent."""
    try:
        return UUID(name)
    except ValueError:
        return None
