"""A file to start from, as the rows of the form: the published codes of a brand, or a worked case of the articles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.http import QueryDict

from brands import codes
from cxalign.pages.trying.case import ACTS, PROMISES
from cxalign.pages.trying.forms import MAX_ACTS, MAX_PROMISES, MAX_SOURCES
from cxalign.pages.worked_cases import ARTICLES
from cxalign.templatetags.cxalign import here
from scoring.engine.cases import Case as WorkedCase
from scoring.engine.cases import load_cases
from scoring.engine.dossier import DUTY, Action, Dossier, Group, PartialDate, Promise, Proof, Source, SourceKind
from scoring.engine.dossier_json import rebuild
from scoring.engine.order import date_key, id_key
from scoring.models import Publication


class TooLargeError(Exception):
    """The file has more rows than the form holds."""


@dataclass
class Words:
    """What a file calls its records, by id."""

    brand: str
    said_of_promises: Mapping[str, str] = field(default_factory=dict)
    said_of_acts: Mapping[str, str] = field(default_factory=dict)


def of_publication(publication: Publication) -> QueryDict:
    """The facts that the published verdict was judged on, word for word and code for code."""
    snapshot = publication.snapshot
    document = json.loads(snapshot.document)
    words = Words(
        document["brand"]["name"],
        {promise["id"]: here(promise["statement"]) for promise in document["promises"]},
        {action["id"]: here(action["statement"]) for action in document["actions"]},
    )
    return rows(rebuild(snapshot.facts, snapshot.as_of), words, snapshot.method_version)


def of_worked_case(slug: str, method_version: str) -> QueryDict | None:
    case = worked_case(slug)
    if case is None:
        return None
    promise, acts = case.texts.promise, case.texts.acts
    words = Words(
        case.name,
        {one.id: here(promise) for one in case.dossier.promises if promise},
        {action.id: here(act) for action, act in zip(case.dossier.actions, acts, strict=True)},
    )
    return rows(case.dossier, words, method_version)


def worked_case(slug: str) -> WorkedCase | None:
    return next((case for case in worked_case_files() if case.slug == slug), None)


def worked_case_files() -> tuple[WorkedCase, ...]:
    return load_cases(ARTICLES)


# ------------------------------------------------------------------------------------------------------ dossier → rows


def rows(dossier: Dossier, words: Words, method_version: str) -> QueryDict:
    """The dossier as the form would send it. Raises ``TooLargeError`` where it does not fit."""
    acts = [part for action in dossier.actions if _counts(action) for part in _parts(action)]
    if len(dossier.promises) > MAX_PROMISES or len(acts) > MAX_ACTS:
        raise TooLargeError
    data = QueryDict(mutable=True)
    data.update({PROMISES: str(len(dossier.promises)), ACTS: str(len(acts)), "n": words.brand, "m": method_version})
    _add_profile(data, dossier)
    numbers = {promise.id: number for number, promise in enumerate(dossier.promises, start=1)}
    for promise in dossier.promises:
        _add_promise(data, f"p{numbers[promise.id]}", promise, words)
    voices = _voices(acts)
    for number, action in enumerate(acts, start=1):
        _add_act(data, f"a{number}", action, words)
        _add_sources(data, f"a{number}", action, voices)
        for proof in action.proofs:
            _add_proof(data, f"a{number}", proof, numbers)
    return data


def _counts(action: Action) -> bool:
    """A declared duplicate counts through its original; an act that bears on nobody counts for nothing."""
    return action.duplicate_of is None and bool(action.proofs)


def _parts(action: Action) -> Iterator[Action]:
    """The form has one line a group: an act that both helps and harms one group takes two rows."""
    left = list(action.proofs)
    while left:
        by_group = {proof.group: proof for proof in reversed(left)}
        part = tuple(proof for proof in left if by_group[proof.group] is proof)
        yield _with(action, part)
        left = [proof for proof in left if by_group[proof.group] is not proof]


def _with(action: Action, proofs: tuple[Proof, ...]) -> Action:
    return replace(action, proofs=proofs)


def _level(level: int | None) -> str:
    return codes.UNKNOWN if level is None else str(level)


def _day(day: PartialDate | date | None) -> str:
    return "" if day is None else str(day)


def _add_profile(data: QueryDict, dossier: Dossier) -> None:
    profile = dossier.profile
    data.update({"pu": _level(profile.pu), "vh": _level(profile.vh), "cc": _level(profile.cc)})
    data.setlist("na", sorted(profile.not_applicable - {Group.ENVIRONMENT}))
    _tick(data, "lb", bool(profile.labels))
    _tick(data, "pd", profile.double_coded)


def _tick(data: QueryDict, name: str, is_ticked: bool) -> None:
    if is_ticked:
        data[name] = "on"


def _add_promise(data: QueryDict, row: str, promise: Promise, words: Words) -> None:
    data[f"{row}-w"] = words.said_of_promises.get(promise.id, "")
    data[f"{row}-st"] = _level(promise.st)
    data.setlist(f"{row}-to", sorted(promise.groups))
    data[f"{row}-si"] = _day(promise.since)
    data[f"{row}-wt"] = promise.weight.value


def _add_act(data: QueryDict, row: str, action: Action, words: Words) -> None:
    data[f"{row}-w"] = words.said_of_acts.get(action.id, "")
    data[f"{row}-on"] = _day(action.started)
    for code, level in (("su", action.su), ("re", action.re), ("in", action.in_), ("ge", action.ge)):
        data[f"{row}-{code}"] = _level(level)
    _tick(data, f"{row}-ap", action.appraisal)
    _tick(data, f"{row}-di", action.disputed)
    _tick(data, f"{row}-dc", action.double_coded)


def _add_proof(data: QueryDict, row: str, proof: Proof, numbers: Mapping[str, int]) -> None:
    sign = "h" if proof.direction == "helps" else "x"
    data[f"{row}-e-{proof.group}"] = f"{sign}{_level(proof.depth)}"
    data[f"{row}-y-{proof.group}"] = str(numbers.get(proof.yardstick, DUTY))
    data[f"{row}-r-{proof.group}"] = str(proof.remedy)


# --------------------------------------------------------------------------------------------------------- the sources


def _voices(acts: list[Action]) -> dict[str, int]:
    """Independence groups by number, in the order of the rows."""
    found: dict[str, int] = {}
    for action in acts:
        for source in shown_sources(action):
            found.setdefault(source.group, len(found) + 1)
    return found


def _add_sources(data: QueryDict, row: str, action: Action, voices: Mapping[str, int]) -> None:
    for number, source in enumerate(shown_sources(action), start=1):
        data[f"{row}-k{number}"] = source.kind.value
        data[f"{row}-v{number}"] = str(voices[source.group])


_FIRMEST = (
    SourceKind.PRIMARY,
    SourceKind.AGAINST_INTEREST,
    SourceKind.INDEPENDENT,
    SourceKind.INTERESTED,
    SourceKind.ANONYMOUS,
)


def shown_sources(action: Action) -> list[Source]:
    """The earliest first, with which the claim stands or falls; then the firmest, one of each voice before the rest.

    So many as the form has lines for always give the same evidence grade as all of them.
    """
    if not action.sources:
        return []
    earliest = min(action.sources, key=lambda source: (date_key(source.date), id_key(source.id)))
    others = sorted(
        (source for source in action.sources if source is not earliest),
        key=lambda source: (_FIRMEST.index(source.kind), id_key(source.id)),
    )
    seen = {(earliest.kind, earliest.group)}
    first: list[Source] = []
    rest: list[Source] = []
    for source in others:
        (rest if (source.kind, source.group) in seen else first).append(source)
        seen.add((source.kind, source.group))
    return [earliest, *first, *rest][:MAX_SOURCES]
