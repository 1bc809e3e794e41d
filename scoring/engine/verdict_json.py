"""A verdict as JSON and back, without loss. Keys and codes are those of the engine; numbers stay numbers."""

from __future__ import annotations

import types
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from scoring.engine.verdict import AlsoMet, MethodAgreement, SwitchEffect, Verdict

FIRST = (
    "outcome", "archetype", "breadth", "reason", "also_meets", "indices", "probabilities", "robustness", "caps",
    "more_probable", "shadow", "harm_alert", "signals", "decisive_proofs", "weakest_group", "method_agreement",
    "counterfactuals",
)  # fmt: skip
"""Keys that a reader looks for first; the others follow, version and digest last."""
LAST = ("method_version", "inputs_sha256")


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain values, ready for JSON.

    Three things are told twice, short and in full: the archetype (the outcome, if it is one), the archetypes also met
    (with their breadth in ``also_meets_breadth``), and the switches that flip the outcome (with what it would be in
    ``flip_outcomes``).
    """
    made = {field.name: _plain(getattr(verdict, field.name)) for field in fields(verdict)}
    made["archetype"] = None if verdict.archetype is None else verdict.archetype.value
    made["also_meets"] = [met.outcome.value for met in verdict.also_meets]
    made["also_meets_breadth"] = [None if met.breadth is None else met.breadth.value for met in verdict.also_meets]
    made["method_agreement"] = _agreement(verdict.method_agreement)
    for plain, finding in zip(made["findings"], verdict.findings, strict=True):
        plain["numbers"] = dict(finding.numbers)
    rest = [key for key in made if key not in FIRST and key not in LAST]
    return {key: made[key] for key in (*FIRST, *rest, *LAST)}


def _agreement(agreement: MethodAgreement) -> dict[str, Any]:
    return {
        "same": agreement.same,
        "of": agreement.of,
        "flips": [effect.switch.value for effect in agreement.flips],
        "flip_outcomes": [_plain(effect) for effect in agreement.flips],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    names = _names(value.__class__)
    return {name: _plain(getattr(value, name)) for name in names} if names else value


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


# --------------------------------------------------------------------------------------------------------------- back


def verdict_from_dict(values: Mapping[str, Any]) -> Verdict:
    """The verdict that ``verdict_to_dict`` was given. Raises ``ValueError`` for anything else.

    A field that the engine got after the verdict was kept takes its default, so that what was published stays readable.
    """
    try:
        kept = dict(values)
        kept["also_meets"] = tuple(
            _made(AlsoMet, {"outcome": outcome, "breadth": breadth})
            for outcome, breadth in zip(kept["also_meets"], kept["also_meets_breadth"], strict=True)
        )
        agreement = kept["method_agreement"]
        flips = tuple(_made(SwitchEffect, effect) for effect in agreement["flip_outcomes"])
        kept["method_agreement"] = MethodAgreement(agreement["same"], agreement["of"], flips)
        kept["findings"] = [{**finding, "numbers": list(finding["numbers"].items())} for finding in kept["findings"]]
        verdict: Verdict = _made(Verdict, kept)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is not a kept verdict: {type(error).__name__}: {error}") from error
    return verdict


def _made(kind: Any, value: Any) -> Any:
    """A value of a type that the verdict is made of, from its plain form."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if value is None else _made(inner, value)
    if origin is tuple:
        return _made_tuple(get_args(kind), value)
    if origin is not None:
        key, item = get_args(kind)
        return {_made(key, name): _made(item, inner) for name, inner in value.items()}
    if is_dataclass(kind) and not isinstance(value, kind):  # type: ignore[arg-type]
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _made(hint, value[name]) for name, hint in hints.items() if name in value})  # type: ignore[operator]
    return kind(value) if isinstance(kind, type) and issubclass(kind, StrEnum) else value


def _made_tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(_made(kinds[0], item) for item in value)
    return tuple(_made(kind, item) for kind, item in zip(kinds, value, strict=True))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
