"""Rules and numbers of a method version: read from a file, checked, frozen.

A method version is one TOML file in ``scoring/methods``. Every parameter in it carries its value, its unit, why it is
what it is, and where the method page explains it. Anything unknown, missing or out of range is a ``MethodError`` that
names file and key: a method that is half understood must not judge anybody.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scoring.engine.dossier import Group
from scoring.engine.verdict import Robustness, Switch

FOLDER = Path(__file__).resolve().parent.parent / "methods"
METHOD_FILES = "[0-9]*.toml"
REGISTER = "published.toml"
ARCHETYPE_RULES = ("aligned_all", "exceeds_promise", "dna_proactive", "aligned_promised")
EVIDENCE_KEYS = ("anonymous", "interested", "independent", "corroborated", "against_interest", "primary")
RULES = ("v1",)
LEVEL_MAX = 3


class MethodError(Exception):
    """A method file that cannot be used; the message names file and key."""


class Bar(NamedTuple):
    """What a harm has to reach: severity after remedy (0–3) and evidence grade (0–3)."""

    severity: int
    evidence: int


class DutyBar(NamedTuple):
    """Like ``Bar``, and one of the two upper bars as well."""

    severity: int
    evidence: int
    grave_severity: int
    sure_evidence: int


class Surpassing(NamedTuple):
    """What going beyond a promise takes: two depths, the ceiling of the lower one, the lowest generosity."""

    far_depth: int
    beyond_depth: int
    beyond_ceiling: int
    generosity: int


class Hollow(NamedTuple):
    """How many marks make an act hollow, and the highest levels that are a mark."""

    marks: int
    generosity: int
    initiative: int
    evidence: int


class Contradiction(NamedTuple):
    """The lowest risk index (0–100) under a contradiction, and the purpose level that makes one of a serious harm."""

    floor: int
    purpose: int


class Bands(NamedTuple):
    """The risk index (0–100) from which the risk is medium, and high."""

    medium: int
    high: int


class Appraisal(NamedTuple):
    """Credence of an overall judgement without a described act, at one evidence grade."""

    evidence: int
    probability: float


class Treated(NamedTuple):
    """An evidence grade and the one it is treated as."""

    evidence: int
    as_: int


class ErrorBand(NamedTuple):
    """From this alpha on: the noise of what one coder read alone, and whether the verdict is called provisional."""

    alpha: float
    delta: float
    provisional: bool


class Found(NamedTuple):
    """The level an unknown code is tried at; initiative has its own."""

    level: int
    initiative: int


class KeptProof(NamedTuple):
    """Codes of the one proof that is tried for a group without any."""

    evidence: int
    substance: int
    initiative: int
    generosity: int
    depth: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """One line of the method as it is published: plain value, unit, reason and reference."""

    name: str
    value: Any
    unit: str
    why: str
    reference: str


@dataclass(frozen=True, slots=True)
class Method:
    """One version of the rules and numbers. Units and reasons are in ``parameters``, for the method page."""

    version: str
    label: Mapping[str, str]
    in_force: date
    rules: str
    sha256: str
    parameters: tuple[Parameter, ...]
    cut_level: int
    promise_statement: int
    core_groups: tuple[Group, ...]
    minimum_applicable_groups: int
    proactive_group: Group
    evidence_grades: Mapping[str, int]
    corroborating_groups: int
    disputed_ceiling: int
    breach_of_promise: Bar
    breach_of_duty: DutyBar
    shortfall: Bar
    serious_harm: Bar
    surpassing: Surpassing
    proactive_initiative: int
    precedence: tuple[str, ...]
    precedence_dna_first: tuple[str, ...]
    washing_hollow: Hollow
    washing_assessable_share: float
    washing_contradiction: Contradiction
    washing_bands: Bands
    credence: tuple[float, ...]
    credence_appraisal: Appraisal
    delta_single: float
    delta_double: float
    probability_decimals: int
    label_bounds: Mapping[Robustness, float]
    cap_statement: int
    cap_groups: int
    shared_groups: int
    switches: tuple[Switch, ...]
    two_sources_treated: Treated
    edit_found: Found
    edit_kept_proof: KeptProof
    edit_first_promise: int
    coder_error: tuple[ErrorBand, ...]
    """What a measured alpha makes of the noise, best band first. Empty: this version knows no measurement."""


# -------------------------------------------------------------------------------------------- checks of single values

Check = Callable[[object], Any]


def _whole(low: int, high: int) -> Check:
    def check(value: object) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"{value!r} is not a whole number from {low} to {high}")
        return value

    return check


def _probability(value: object) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 1:  # type: ignore[operator]
        raise ValueError(f"{value!r} is not a probability from 0 to 1")
    return float(value)  # type: ignore[arg-type]


_level = _whole(0, LEVEL_MAX)
_depth = _whole(0, 2)
_percent = _whole(0, 100)
_count = _whole(1, 100)


def _credences(value: object) -> tuple[float, ...]:
    numbers = tuple(_probability(item) for item in _list(value))
    if len(numbers) != LEVEL_MAX + 1 or list(numbers) != sorted(numbers):
        raise ValueError(f"{value!r} is not four probabilities, one for each evidence grade, that never fall")
    return numbers


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is not a list")
    return value


def _group(value: object) -> Group:
    try:
        return Group(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not a stakeholder group ({', '.join(Group)})") from None


def _groups(value: object) -> tuple[Group, ...]:
    groups = tuple(_group(item) for item in _list(value))
    if not groups or list(groups) != [group for group in Group if group in groups]:
        raise ValueError("the groups are not listed once each, in the order of the code book")
    return groups


def _permutation(members: tuple[str, ...]) -> Check:
    def check(value: object) -> tuple[str, ...]:
        items = tuple(str(item) for item in _list(value))
        if sorted(items) != sorted(members):
            raise ValueError(f"{value!r} does not hold each of {', '.join(members)} once")
        return items

    return check


def _switches(value: object) -> tuple[Switch, ...]:
    names: tuple[str, ...] = _permutation(tuple(Switch))(value)
    return tuple(Switch(name) for name in names)


def _table(checks: Mapping[str, Check], make: Callable[[dict[str, Any]], Any]) -> Check:
    def check(value: object) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"{value!r} is not a table")
        if wrong := sorted(set(value) ^ set(checks)):
            raise ValueError(f"its keys have to be {', '.join(checks)}; see {', '.join(wrong)}")
        return make({key: _inside(key, checks[key], value[key]) for key in checks})

    return check


def _inside(key: str, check: Check, value: object) -> Any:
    try:
        return check(value)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from error


def _record(kind: Any, **checks: Check) -> Check:
    return _table(checks, lambda values: kind(**values))


def _bounds(values: dict[str, Any]) -> dict[Robustness, float]:
    bounds = {Robustness(name): number for name, number in values.items()}
    if list(bounds.values()) != sorted(bounds.values(), reverse=True):
        raise ValueError("the bounds do not fall from robust to fragile")
    return bounds


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is not true or false")
    return value


def _error_bands(value: object) -> tuple[ErrorBand, ...]:
    read = _record(ErrorBand, alpha=_probability, delta=_probability, provisional=_flag)
    bands = tuple(read(item) for item in _list(value))
    alphas, deltas = [band.alpha for band in bands], [band.delta for band in bands]
    if not bands or alphas != sorted(set(alphas), reverse=True) or deltas != sorted(deltas):
        raise ValueError("the bands do not fall in alpha while they rise in noise")
    return bands


def _treated(values: dict[str, Any]) -> Treated:
    return Treated(values["evidence"], values["as"])


CHECKS: Mapping[str, Check] = {
    "cut_level": _whole(1, LEVEL_MAX),
    "promise_statement": _whole(1, LEVEL_MAX),
    "core_groups": _groups,
    "minimum_applicable_groups": _whole(1, len(Group)),
    "proactive_group": _group,
    "evidence_grades": _table(dict.fromkeys(EVIDENCE_KEYS, _level), dict),
    "corroborating_groups": _whole(2, 10),
    "disputed_ceiling": _level,
    "breach_of_promise": _record(Bar, severity=_level, evidence=_level),
    "breach_of_duty": _record(DutyBar, severity=_level, evidence=_level, grave_severity=_level, sure_evidence=_level),
    "shortfall": _record(Bar, severity=_level, evidence=_level),
    "serious_harm": _record(Bar, severity=_level, evidence=_level),
    "surpassing": _record(Surpassing, far_depth=_depth, beyond_depth=_depth, beyond_ceiling=_level, generosity=_level),
    "proactive_initiative": _level,
    "precedence": _permutation(ARCHETYPE_RULES),
    "precedence_dna_first": _permutation(ARCHETYPE_RULES),
    "washing_hollow": _record(Hollow, marks=_whole(1, 3), generosity=_level, initiative=_level, evidence=_level),
    "washing_assessable_share": _probability,
    "washing_contradiction": _record(Contradiction, floor=_percent, purpose=_level),
    "washing_bands": _record(Bands, medium=_percent, high=_percent),
    "credence": _credences,
    "credence_appraisal": _record(Appraisal, evidence=_level, probability=_probability),
    "delta_single": _probability,
    "delta_double": _probability,
    "probability_decimals": _whole(1, 6),
    "label_bounds": _table(dict.fromkeys(("robust", "probable", "fragile"), _probability), _bounds),
    "cap_statement": _level,
    "cap_groups": _count,
    "shared_groups": _count,
    "switches": _switches,
    "two_sources_treated": _table({"evidence": _level, "as": _level}, _treated),
    "edit_found": _record(Found, level=_level, initiative=_level),
    "edit_kept_proof": _record(
        KeptProof, evidence=_level, substance=_level, initiative=_level, generosity=_level, depth=_depth
    ),
    "edit_first_promise": _whole(1, LEVEL_MAX),
    "coder_error": _error_bands,
}
ADDED: Mapping[str, Any] = {"coder_error": ()}
"""Parameters that came with a later version, and what a file without them means. Published files never get them."""
HEAD = ("version", "label", "in_force", "rules")
PARTS = ("value", "unit", "why", "reference")


# -------------------------------------------------------------------------------------------------------- one file


def load(path: Path | str) -> Method:
    """Read and check one method file. Raises ``MethodError``, naming file and key, for anything it does not know."""
    path = Path(path)
    content = _read(path)
    table = _parse(path, content)
    for key in table:
        if key not in CHECKS and key not in HEAD:
            raise MethodError(f"{path.name}: {key}: unknown key")
    for key in (*HEAD, *CHECKS):
        if key not in table and key not in ADDED:
            raise MethodError(f"{path.name}: {key}: missing")
    given = [key for key in CHECKS if key in table]
    values = {**ADDED, **{key: _parameter_value(path, key, table[key]) for key in given}}
    return Method(
        **_head(path, table),
        sha256=hashlib.sha256(content).hexdigest(),
        parameters=tuple(Parameter(name=key, **table[key]) for key in given),
        **values,
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MethodError(f"{path.name}: cannot be read: {error.strerror}") from error


def _parse(path: Path, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MethodError(f"{path.name}: is not TOML in UTF-8: {error}") from error


def _parameter_value(path: Path, key: str, table: object) -> Any:
    """Check one parameter whole: no part missing, none unknown, texts not empty, value of its type and range."""
    if not isinstance(table, dict):
        raise MethodError(f"{path.name}: {key}: is not a table with {', '.join(PARTS)}")
    for part in table:
        if part not in PARTS:
            raise MethodError(f"{path.name}: {key}.{part}: unknown key")
    for part in PARTS:
        if part not in table:
            raise MethodError(f"{path.name}: {key}.{part}: missing")
        if part != "value" and not (isinstance(table[part], str) and table[part].strip()):
            raise MethodError(f"{path.name}: {key}.{part}: is not a text")
    try:
        return CHECKS[key](table["value"])
    except ValueError as error:
        raise MethodError(f"{path.name}: {key}.value: {error}") from error


def _head(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    version, label, in_force, rules = (table[key] for key in HEAD)
    if not (isinstance(version, str) and re.fullmatch(r"\d+\.\d+\.\d+", version, re.ASCII)):
        raise MethodError(f"{path.name}: version: {version!r} is not a version such as 1.0.0")
    if not (isinstance(label, dict) and sorted(label) == ["en", "fr"] and all(map(_is_text, label.values()))):
        raise MethodError(f"{path.name}: label: needs a text in fr and one in en")
    if not isinstance(in_force, date) or isinstance(in_force, datetime):
        raise MethodError(f"{path.name}: in_force: {in_force!r} is not a date")
    if rules not in RULES:
        raise MethodError(f"{path.name}: rules: {rules!r} is not one of {', '.join(RULES)}")
    return {"version": version, "label": label, "in_force": in_force, "rules": rules}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


# ----------------------------------------------------------------------------------------------------- the folder


@cache
def available(folder: Path = FOLDER) -> tuple[Method, ...]:
    """Every method version of the folder, by the day it came into force. Read once per process."""
    methods = [load(path) for path in sorted(folder.glob(METHOD_FILES))]
    if not methods:
        raise MethodError(f"{folder}: holds no method")
    versions = [method.version for method in methods]
    if len(set(versions)) < len(versions):
        raise MethodError(f"{folder}: holds one version twice: {', '.join(sorted(versions))}")
    return tuple(sorted(methods, key=lambda method: (method.in_force, _numbers(method.version))))


def method_in_force(on: date, folder: Path = FOLDER) -> Method:
    """The newest method in force on a day; before the first one was, the first one, for there is no other."""
    methods = available(folder)
    return next((method for method in reversed(methods) if method.in_force <= on), methods[0])


def get(version: str, folder: Path = FOLDER) -> Method:
    """One version by its number, ``1.0.0`` or short ``1.0``. Raises ``MethodError`` with the versions there are."""
    for method in reversed(available(folder)):
        if version in (method.version, method.version.rpartition(".")[0]):
            return method
    known = ", ".join(method.version for method in available(folder))
    raise MethodError(f"there is no method {version!r}; there is {known}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def check_published(folder: Path = FOLDER) -> None:
    """Raise ``MethodError`` if a method file is not registered, gone, or no longer as it was published."""
    register = _parse(folder / REGISTER, _read(folder / REGISTER))
    methods = {method.version: method for method in available(folder)}
    for version in sorted(set(register) | set(methods)):
        if version not in methods:
            raise MethodError(f"{REGISTER}: {version}: its file is gone; a published method stays")
        if version not in register:
            raise MethodError(f"{REGISTER}: {version}: is not registered; add its digest {methods[version].sha256}")
        if register[version] != methods[version].sha256:
            raise MethodError(f"{REGISTER}: {version}: the file has changed since it was published")
