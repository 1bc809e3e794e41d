"""What one reader is not shown of what everybody may read.

Whoever codes a brand without sight of its codes must not meet its verdict on the public pages either. Inside a
``leaving_out`` block, what is asked for as public lacks these brands. A block is opened only around a page or an
answer that is read (``cxalign.middleware.BlindWhileCoding``, ``cxalign.api.views``): nothing is written in one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_brands: ContextVar[frozenset[int]] = ContextVar("brands_left_out", default=frozenset())


@contextmanager
def leaving_out(brands: Collection[int]) -> Iterator[None]:
    token = _brands.set(frozenset(brands))
    try:
        yield
    finally:
        _brands.reset(token)


def left_out() -> frozenset[int]:
    """Ids of the brands that this reader is not shown now; none for nearly everybody."""
    return _brands.get()
