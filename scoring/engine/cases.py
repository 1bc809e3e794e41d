"""Worked cases in a short form that people write by hand, from TOML to dossiers.

Evidence is given as a grade and turned into the plainest sources that make it: nothing, an interested party, one
independent source, two of them. Codes that are left out are unknown. ``yardstick = "promise"`` is the first promise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scoring.engine.dossier import DUTY, Dossier
from scoring.engine.dossier_json import InputError, fail, keys, level, one_of, parse, table
from scoring.engine.verdict import Outcome

Text = Mapping[str, str]
"""One text in French and English, under ``fr`` and ``en``."""

outcome = one_of(Outcome, "an outcome")

SOURCES = (
    (),
    (("interested", ""),),
    (("independent", ""),),
    (("independent", ""), ("independent", "-too")),
)
"""Evidence grade → kind of source, and what tells its independence group from the others of the act."""

PROMISE_KEYS = ("id", "st", "groups", "since", "weight")
PROFILE_KEYS = ("pu", "vh", "cc", "labels", "not_applicable", "double_coded")
ACTION_KEYS = (
    "id", "what", "started", "evidence", "source", "su", "re", "in", "ge", "appraisal", "double_coded", "disputed",
    "duplicate_of", "proofs",
)  # fmt: skip
PROOF_KEYS = ("groups", "yardstick", "direction", "depth", "remedy")


@dataclass(frozen=True, slots=True)
class Texts:
    """The facts of a case in words: what was promised, if anything, and one verb phrase for each act."""

    promise: Text | None
    acts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case. ``article_case`` is what the founding article made of it, where it said."""

    slug: str
    name: str
    article_case: Outcome | None
    texts: Texts
    dossier: Dossier


def load_cases(path: Path | str) -> tuple[Case, ...]:
    """Read worked cases, in the order of the file. Raises ``InputError`` naming the case and the field."""
    try:
        content = tomllib.loads(Path(path).read_bytes().decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{Path(path).name}: cannot be read: {error}") from error
    keys(content, "", ("crisis_start", "as_of", "case"))
    cases = tuple(_case(record, content) for record in content["case"])
    slugs = [case.slug for case in cases]
    if len(set(slugs)) < len(slugs):
        fail("case", "two cases have one slug")
    return cases


def _case(record: Any, head: Mapping[str, Any]) -> Case:
    slug = str(table(record, "case").get("slug", "case"))
    keys(record, slug, ("slug", "name", "actions"), ("article_case", "promise", "promises", "profile"))
    judgement = record.get("article_case")
    acts = [_text(action.get("what"), f"{slug}.actions[{index}]") for index, action in enumerate(record["actions"])]
    return Case(
        slug=slug,
        name=str(record["name"]),
        article_case=None if judgement is None else outcome(judgement, f"{slug}.article_case"),
        texts=Texts(_text(record["promise"], slug) if "promise" in record else None, tuple(acts)),
        dossier=case_dossier(record, head["crisis_start"], head["as_of"], slug),
    )


def _text(value: Any, path: str) -> Text:
    if not isinstance(value, dict) or sorted(value) != ["en", "fr"] or not all(value.values()):
        fail(path, "needs a text in fr and one in en")
    return value


def case_dossier(record: Mapping[str, Any], crisis_start: str, as_of: str, path: str = "case") -> Dossier:
    """The dossier of one case: ``promises``, ``profile`` and ``actions`` in their short form."""
    promises = [_promise(promise, index, path) for index, promise in enumerate(record.get("promises", []))]
    actions = [_action(action, index, path) for index, action in enumerate(record.get("actions", []))]
    profile = table(record.get("profile", {}), f"{path}.profile")
    keys(profile, f"{path}.profile", (), PROFILE_KEYS)
    full = {
        "crisis_start": crisis_start,
        "as_of": as_of,
        "promises": promises,
        "profile": {"pu": None, "vh": None, "cc": None, "labels": [], "not_applicable": [], **profile},
        "actions": actions,
    }
    try:
        return parse(full)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _promise(value: Any, index: int, path: str) -> dict[str, Any]:
    place = f"{path}.promises[{index}]"
    keys(table(value, place), place, ("st", "groups"), PROMISE_KEYS)
    return {"id": f"p{index + 1}", "since": None, **value}


def _action(value: Any, index: int, path: str) -> dict[str, Any]:
    place = f"{path}.actions[{index}]"
    record = dict(table(value, place))
    keys(record, place, ("evidence", "proofs"), ACTION_KEYS)
    name = str(record.setdefault("id", f"a{index + 1}"))
    grade = level("an evidence grade", 0, 3)(record.pop("evidence"), f"{place}.evidence") or 0
    voice = record.pop("source", f"source-{name}")
    record.pop("what", None)
    codes = dict.fromkeys(("started", "su", "re", "in", "ge"))
    flags = dict.fromkeys(("appraisal", "double_coded", "disputed"), False)
    rows = [row for proof in record.pop("proofs") for row in _rows(proof, f"{place}.proofs")]
    sources = [
        {"id": f"{name}-s{number}", "kind": kind, "group": f"{voice}{suffix}", "date": None}
        for number, (kind, suffix) in enumerate(SOURCES[grade], start=1)
    ]
    return {**codes, **flags, **record, "sources": sources, "proofs": rows}


def _rows(value: Any, path: str) -> list[dict[str, Any]]:
    """One proof row for each group named."""
    record = dict(table(value, path))
    keys(record, path, ("groups", "yardstick", "direction"), PROOF_KEYS)
    yardstick = record.pop("yardstick")
    named = {"promise": "p1", DUTY: DUTY}.get(yardstick, yardstick)
    groups = record.pop("groups")
    return [{"depth": None, **record, "yardstick": named, "group": group} for group in groups]
