"""Questions that several parts of a page ask of the database alike, asked once.

Nothing is remembered beyond a ``remembering`` block, and a block is opened only where nothing is written meanwhile: a
page that is read, or the standings of some cases.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_known: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside, the same question has one answer. A block in a block is the outer one."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def remembered(ask: Callable[[Collection[int]], Answer]) -> Callable[[Collection[int]], Answer]:
    """A question about records by their ids. Its answer is shared: whoever asks does not change it."""

    @wraps(ask)
    def asked(ids: Collection[int]) -> Answer:
        answers, question = _known.get(), (ask, frozenset(ids))
        if answers is None:
            return ask(ids)
        if question not in answers:
            answers[question] = ask(ids)
        found: Answer = answers[question]
        return found

    return asked


def remember(ask: Callable[..., Any], ids: Collection[int], answer: Any) -> None:
    """An answer that somebody came to on another way."""
    answers = _known.get()
    if answers is not None:
        answers[ask.__wrapped__, frozenset(ids)] = answer  # type: ignore[attr-defined]
