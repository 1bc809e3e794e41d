"""Kinds of rows that a module further up keeps: the same columns, checks, screens and messages as those of facts."""

from __future__ import annotations

from brands.importing import columns, kinds, matching
from brands.importing.kinds import Kind
from brands.importing.matching import Matcher


def add_kind(kind: Kind, matcher: Matcher, *, either: tuple[str, ...] = ()) -> None:
    """Once, while the application starts. ``either`` are columns of which one at least must be there."""
    if kind in kinds.KINDS:
        return
    kinds.KINDS.append(kind)
    kinds.KEYS_MADE.add(kind.name)
    kinds.by_name.cache_clear()
    matching.MATCHERS[kind.name] = matcher
    if either:
        columns.EITHER[kind.name] = either
