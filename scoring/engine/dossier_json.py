"""A dossier from JSON: every key, type, range and reference checked, and the first thing wrong told with its path."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn, TypeVar

from scoring.engine.dossier import (
    DUTY,
    Action,
    Direction,
    Dossier,
    Group,
    MeasuredCode,
    PartialDate,
    Profile,
    Promise,
    Proof,
    Source,
    SourceKind,
    Weight,
)

T = TypeVar("T")
Table = Mapping[str, Any]
Value = Callable[[Any, str], T]

ID_LENGTH = 500
MAX_ITEMS = 10_000
MAX_DEPTH = 32


class InputError(ValueError):
    """Input that is no dossier. The message is one line and names the field."""


def fail(path: str, problem: str) -> NoReturn:
    raise InputError(f"{path}: {problem}" if path else problem)


# --------------------------------------------------------------------------------------------------------- JSON itself


def load_json(text: str) -> Any:
    """Strict JSON: no NaN, no key twice, no absurd number or nesting."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole_number)
    except InputError:
        raise
    except RecursionError:
        fail("", "the input is nested too deeply")
    except ValueError as error:
        fail("", f"the input is not JSON: {error}")
    if _depth(value) > MAX_DEPTH:
        fail("", "the input is nested too deeply")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if repeated:
        fail("", f"the input holds the key {repeated[0]!r} twice in one object")
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    fail("", f"the input holds {name}, which is not a number")


def _whole_number(digits: str) -> int:
    if len(digits) > 20:
        fail("", f"the input holds a number of {len(digits)} digits")
    return int(digits)


def _depth(value: Any) -> int:
    """Levels of nesting, counted without recursion and no further than anybody needs."""
    depth, layer = 0, [value]
    while layer and depth <= MAX_DEPTH:
        inner: list[Any] = []
        for item in layer:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        depth, layer = depth + 1, inner
    return depth


# ------------------------------------------------------------------------------------------------------ single values


def shorten(value: Any) -> str:
    """What was found instead, on one line and short enough for it."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def table(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        fail(path or "the input", f"{shorten(value)} is not an object")
    return value


def items(value: Any, path: str, read: Value[T]) -> tuple[T, ...]:
    if not isinstance(value, list):
        fail(path, f"{shorten(value)} is not a list")
    if len(value) > MAX_ITEMS:
        fail(path, f"holds {len(value)} items, more than {MAX_ITEMS}")
    return tuple(read(item, f"{path}[{index}]") for index, item in enumerate(value))


def text(value: Any, path: str) -> str:
    """An id or a name: not empty, bounded, without control characters or broken surrogates."""
    if not isinstance(value, str) or not value.strip():
        fail(path, f"{shorten(value)} is not a text")
    if len(value) > ID_LENGTH:
        fail(path, f"is longer than {ID_LENGTH} characters")
    if any(ord(char) < 32 or ord(char) == 127 or 0xD800 <= ord(char) <= 0xDFFF for char in value):
        fail(path, f"{shorten(value)} holds a control character")
    return value


def flag(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        fail(path, f"{shorten(value)} is not true or false")
    return value


def one_of(codes: type[T], what: str) -> Value[T]:
    """A code of a closed list."""
    known = [str(code) for code in codes]  # type: ignore[attr-defined]

    def read(value: Any, path: str) -> T:
        if not isinstance(value, str) or value not in known:
            fail(path, f"{shorten(value)} is not {what} ({', '.join(known)})")
        return codes(value)  # type: ignore[call-arg]

    return read


def level(what: str, low: int, high: int) -> Value[int | None]:
    """A level inside its range, or ``null`` for unknown. ``true`` is no level, nor is 2.0."""
    range_ = ", ".join(str(number) for number in range(low, high + 1))

    def read(value: Any, path: str) -> int | None:
        if value is None:
            return None
        if type(value) is not int or not low <= value <= high:
            fail(path, f"{shorten(value)} is not {what} ({range_} or null)")
        return value

    return read


def day(value: Any, path: str) -> PartialDate:
    if not isinstance(value, str):
        fail(path, f"{shorten(value)} is not a date such as 2020, 2020-04 or 2020-04-13")
    try:
        return PartialDate.parse(value)
    except ValueError:
        fail(path, f"{shorten(value)} is not a date such as 2020, 2020-04 or 2020-04-13")


def day_or_none(value: Any, path: str) -> PartialDate | None:
    return None if value is None else day(value, path)


def full_day(value: Any, path: str) -> date:
    known = day(value, path)
    if known.month is None or known.day is None:
        fail(path, f"{shorten(value)} is not a full date such as 2020-12-31")
    return known.first


def unique(values: Iterable[str], path: str, what: str) -> None:
    for value, count in Counter(values).items():
        if count > 1:
            fail(path, f"{what} {shorten(value)} is there {count} times")


group = one_of(Group, "a stakeholder group")
direction = one_of(Direction, "a direction")
statement = level("a statement level", 0, 3)
code_level = level("a level", 0, 3)
help_depth = level("a help depth", 0, 2)
harm_depth = level("a harm depth", 1, 3)


def remedy(value: Any, path: str) -> int:
    if type(value) is not int or not 0 <= value <= 2:
        fail(path, f"{shorten(value)} is not a remedy (0, 1 or 2)")
    return value


def keys(value: Table, path: str, required: Iterable[str], optional: Iterable[str] = ()) -> None:
    """Refuse an unknown key before a missing one: a misspelt key is both."""
    required = tuple(required)
    known = {*required, *optional}
    for key in value:
        if key not in known:
            fail(f"{path}.{key}" if path else key, "unknown key")
    for key in required:
        if key not in value:
            fail(f"{path}.{key}" if path else key, "missing")


# ------------------------------------------------------------------------------------------------------------- records


def _source(value: Any, path: str) -> Source:
    record = table(value, path)
    keys(record, path, ("id", "kind", "group", "date"))
    return Source(
        id=text(record["id"], f"{path}.id"),
        kind=one_of(SourceKind, "a kind of source")(record["kind"], f"{path}.kind"),
        group=text(record["group"], f"{path}.group"),
        date=day_or_none(record["date"], f"{path}.date"),
    )


def _proof(value: Any, path: str) -> Proof:
    """One proof row; its id may be left out and is then made from action, group and direction."""
    record = table(value, path)
    keys(record, path, ("group", "yardstick", "direction", "depth"), ("id", "remedy"))
    towards = direction(record["direction"], f"{path}.direction")
    harms = towards is Direction.HARMS
    repaired = remedy(record.get("remedy", 0), f"{path}.remedy")
    if repaired and not harms:
        fail(f"{path}.remedy", f"{repaired} is given for a help; only a harm has a remedy")
    return Proof(
        id=text(record["id"], f"{path}.id") if "id" in record else "",
        group=group(record["group"], f"{path}.group"),
        yardstick=text(record["yardstick"], f"{path}.yardstick"),
        direction=towards,
        depth=(harm_depth if harms else help_depth)(record["depth"], f"{path}.depth"),
        remedy=repaired,
    )


ACTION_KEYS = ("id", "started", "su", "re", "in", "ge", "appraisal", "double_coded", "disputed", "sources", "proofs")


def _action(value: Any, path: str) -> Action:
    record = table(value, path)
    keys(record, path, ACTION_KEYS, ("duplicate_of",))
    su, re, in_, ge = (code_level(record[key], f"{path}.{key}") for key in ("su", "re", "in", "ge"))
    own = text(record["id"], f"{path}.id")
    sources = items(record["sources"], f"{path}.sources", _source)
    unique((source.id for source in sources), f"{path}.sources", "the source")
    original = record.get("duplicate_of")
    return Action(
        id=own,
        started=day_or_none(record["started"], f"{path}.started"),
        su=su,
        re=re,
        in_=in_,
        ge=ge,
        appraisal=flag(record["appraisal"], f"{path}.appraisal"),
        double_coded=flag(record["double_coded"], f"{path}.double_coded"),
        disputed=flag(record["disputed"], f"{path}.disputed"),
        duplicate_of=None if original is None else text(original, f"{path}.duplicate_of"),
        sources=sources,
        proofs=named_proofs(own, items(record["proofs"], f"{path}.proofs", _proof)),
    )


def _promise(value: Any, path: str) -> Promise:
    record = table(value, path)
    keys(record, path, ("id", "st", "groups", "since"), ("weight",))
    own = text(record["id"], f"{path}.id")
    if own == DUTY:
        fail(f"{path}.id", f'"{DUTY}" is the name of the duty of care')
    return Promise(
        id=own,
        st=statement(record["st"], f"{path}.st"),
        groups=frozenset(items(record["groups"], f"{path}.groups", group)),
        since=day_or_none(record["since"], f"{path}.since"),
        weight=one_of(Weight, "a weight")(record.get("weight", Weight.CENTRAL.value), f"{path}.weight"),
    )


def _profile(value: Any, path: str) -> Profile:
    record = table(value, path)
    keys(record, path, ("pu", "vh", "cc", "labels", "not_applicable"), ("double_coded",))
    return Profile(
        pu=code_level(record["pu"], f"{path}.pu"),
        vh=code_level(record["vh"], f"{path}.vh"),
        cc=code_level(record["cc"], f"{path}.cc"),
        labels=items(record["labels"], f"{path}.labels", text),
        not_applicable=frozenset(items(record["not_applicable"], f"{path}.not_applicable", group)),
        double_coded=flag(record.get("double_coded", False), f"{path}.double_coded"),
    )


def _alpha(value: Any, path: str) -> float:
    if type(value) not in (int, float) or not -1 <= value <= 1:
        fail(path, f"{shorten(value)} is not an alpha (-1 to 1)")
    return float(value)


def _reliability(value: Any) -> tuple[tuple[MeasuredCode, float], ...]:
    """Alpha by code, in the order of the code book."""
    record = table(value, "reliability")
    keys(record, "reliability", (), tuple(MeasuredCode))
    return tuple((code, _alpha(record[code], f"reliability.{code}")) for code in MeasuredCode if code in record)


def named_proofs(action: str, proofs: tuple[Proof, ...]) -> tuple[Proof, ...]:
    """Give a name to each proof without one, such that the order of entry cannot show in it."""
    taken = {proof.id for proof in proofs if proof.id}
    named = []
    for proof in sorted(proofs, key=lambda proof: (not proof.id, proof.yardstick, str(proof.depth), proof.remedy)):
        name = stem = proof.id or f"{action}:{proof.group}:{proof.direction}"
        number = 1
        while not proof.id and name in taken:
            number += 1
            name = f"{stem}:{number}"
        taken.add(name)
        named.append(replace(proof, id=name))
    return tuple(named)


# --------------------------------------------------------------------------------------------------------- the whole


def parse(source: str | Table) -> Dossier:
    """A dossier from JSON text, or from the same as Python objects.

    Raises ``InputError`` with one line that names the field, such as
    ``actions[0].proofs[1].depth: 7 is not a help depth (0, 1, 2 or null)``.
    """
    record = table(load_json(source) if isinstance(source, str) else source, "")
    keys(record, "", ("crisis_start", "as_of", "promises", "profile", "actions"), ("reliability",))
    dossier = Dossier(
        crisis_start=day(record["crisis_start"], "crisis_start"),
        as_of=full_day(record["as_of"], "as_of"),
        promises=items(record["promises"], "promises", _promise),
        profile=_profile(record["profile"], "profile"),
        actions=items(record["actions"], "actions", _action),
        reliability=_reliability(record.get("reliability", {})),
    )
    _check_references(dossier, record["actions"])
    return dossier


def rebuild(facts: str, as_of: date) -> Dossier:
    """The dossier of a kept judgement, from its canonical facts and its day."""
    return parse({**table(load_json(facts), ""), "as_of": as_of.isoformat()})


def _check_references(dossier: Dossier, given: list[Table]) -> None:
    """Ids are unique; a yardstick names a promise that is there, a duplicate another action that is there."""
    unique((promise.id for promise in dossier.promises), "promises", "the id")
    unique((action.id for action in dossier.actions), "actions", "the id")
    unique((proof.id for action in dossier.actions for proof in action.proofs), "actions", "the proof id")
    yardsticks = {promise.id for promise in dossier.promises} | {DUTY}
    names = {action.id for action in dossier.actions}
    for index, action in enumerate(given):
        original = action.get("duplicate_of")
        if original is not None and original not in names - {action["id"]}:
            fail(f"actions[{index}].duplicate_of", f"{shorten(original)} names no other action")
        for place, proof in enumerate(action["proofs"]):
            if proof["yardstick"] not in yardsticks:
                path = f"actions[{index}].proofs[{place}].yardstick"
                fail(path, f"{shorten(proof['yardstick'])} names no promise of the input, nor is it {DUTY}")
