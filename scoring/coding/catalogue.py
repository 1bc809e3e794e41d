"""Codings that were made elsewhere: two folders' worth of CSV and their settlement become a finished round.

The coders get a seat with a pseudonym and no account. What they differed on is kept as decided, with the reason that
the files give. Loading again adds what is missing and changes nothing else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from brands import codes as lists
from brands.models import Action, Crisis, Promise
from scoring.coding.comparing import differences
from scoring.coding.digests import codes_digest, text_digest
from scoring.coding.rounds import with_reading
from scoring.coding.sheets import SEPARATOR, YES, Codes, codes_on_file, sheet_of
from scoring.models import (
    Assessment,
    CodeDecision,
    CoderSeat,
    CodingItem,
    CodingRound,
    CodingStep,
    ItemCoding,
    ItemState,
    StepKind,
)

ORIGIN = "catalogue"
PSEUDONYMS = ("A", "B")
PREFIXES = ("codings/coder_a_", "codings/coder_b_")
MEASURED = gettext_noop("Agreement of the two blind coders of the starter catalogue, before settlement.")
NO_REASON = "Settled after comparing both codings; the files give no reason of their own."
Keyed = dict[tuple[str, str], Codes]
"""Kind and key of a record → its codes."""

ACTION_COLUMNS = {
    "substance": "su",
    "reach": "re",
    "initiative": "in",
    "generosity": "ge",
    "appraisal": "appraisal",
    "kind": "kind",
    "family": "family",
    "duration": "duration",
}
PROMISE_COLUMNS = {
    "statement_level": "st",
    "specificity": "specificity",
    "scope": "scope",
    "weight": "weight",
    "value_type": "value_type",
    "testable": "testable",
}


class CodingsMissing(Exception):
    """The folder holds no codings."""


@dataclass(frozen=True)
class Codings:
    """What one coder chose, or what was settled, with the reasons given."""

    codes: Keyed
    rationales: dict[tuple[str, str], str]
    reasons: dict[tuple[str, str, str], str]
    """Kind, key and code → why it was settled so."""


# --- Reading ----------------------------------------------------------------------------------------------------------


def rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise CodingsMissing(str(path)) from error


def read_codings(directory: Path, prefix: str) -> Codings:
    """The four files of one coder; without a prefix, those of the settlement, which have the same columns."""
    found = Codings({}, {}, {})
    for row in rows(directory / f"{prefix}actions.csv"):
        place = ("action", row["action_slug"])
        found.codes[place] = _plain(row, ACTION_COLUMNS) | _categories(row)
        found.rationales[place] = row.get("rationale") or row.get("rationale_en") or ""
    for row in rows(directory / f"{prefix}promises.csv"):
        place = ("promise", row["promise_slug"])
        found.codes[place] = _plain(row, PROMISE_COLUMNS)
        found.rationales[place] = row.get("rationale") or row.get("rationale_en") or ""
    for row in rows(directory / f"{prefix}action_sources.csv"):
        stem = f"source.{row['source_slug']}"
        codes = {f"{stem}.kind": row["kind"], f"{stem}.group": row["group"]}
        found.codes.setdefault(("action", row["action_slug"]), {}).update(_filled(codes))
    for row in rows(directory / f"{prefix}proofs.csv"):
        _read_proof(row, found)
    return found


def _read_proof(row: Mapping[str, str], found: Codings) -> None:
    place = ("action", row["action_slug"])
    stem = f"proof.{row['stakeholder']}.{row['direction']}"
    codes = {stem: YES, f"{stem}.yardstick": row["yardstick"], f"{stem}.depth": row["depth"]}
    if row["direction"] == "harms":
        codes[f"{stem}.remedy"] = row["remedy"]
    found.codes.setdefault(place, {}).update(_filled(codes))
    for name in codes:
        found.reasons[(*place, name)] = row.get("reason") or row.get("rationale_en") or ""


def _plain(row: Mapping[str, str], columns: Mapping[str, str]) -> Codes:
    return _filled({name: row[column].strip() for name, column in columns.items()})


def _filled(codes: Codes) -> Codes:
    return {name: value for name, value in codes.items() if value}


def _categories(row: Mapping[str, str]) -> Codes:
    chosen = set(row["category"].split(SEPARATOR))
    return _filled({"categories": SEPARATOR.join(code for code in lists.Category.values if code in chosen)})


# --- Loading ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def load_codings(directory: Path, crisis: Crisis) -> int:
    """Keep the two codings of a catalogue folder as a finished round; how many items are new."""
    coders = [read_codings(directory, prefix) for prefix in PREFIXES]
    settled = read_codings(directory, "")
    opened, _created = CodingRound.objects.get_or_create(
        crisis=crisis, origin=ORIGIN, defaults={"name": f"Catalogue – {crisis}"[:120], "closed_at": timezone.now()}
    )
    seats = [
        CoderSeat.objects.get_or_create(round=opened, number=number, defaults={"pseudonym": pseudonym})[0]
        for number, pseudonym in enumerate(PSEUDONYMS, start=1)
    ]
    wanted = [place for place in settled.codes if all(place in coder.codes for coder in coders)]
    items = _new_items(opened, crisis, wanted)
    _save_items(items, seats, coders, settled)
    return len(items)


def _new_items(opened: CodingRound, crisis: Crisis, wanted: Iterable[tuple[str, str]]) -> list[CodingItem]:
    keys: dict[str, set[str]] = {"action": set(), "promise": set()}
    for kind, key in wanted:
        keys[kind].add(key)
    there: set[Any] = set(opened.items.values_list("action_id", "promise_id", "profile_id"))
    cases = {case.brand_id: case for case in Assessment.objects.filter(crisis=crisis)}
    items = []
    for kind, model in (("action", Action), ("promise", Promise)):
        for record in with_reading(model.objects.in_use().filter(key__in=keys[kind]).order_by("key"), kind):
            place = (record.pk, None, None) if kind == "action" else (None, record.pk, None)
            if place in there:
                continue
            if record.brand_id not in cases:
                cases[record.brand_id] = Assessment.objects.get_or_create(brand=record.brand, crisis=crisis)[0]
            items.append(CodingItem(round=opened, case=cases[record.brand_id], **{kind: record}))
    return items


def _save_items(items: list[CodingItem], seats: list[CoderSeat], coders: list[Codings], settled: Codings) -> None:
    now = timezone.now()
    decisions = {_place(item): _decisions(item, coders, settled) for item in items}
    for item in items:
        _set_state(item, settled, now)
        item.settled_as = (lists.Coding.ADJUDICATED if decisions[_place(item)] else lists.Coding.AGREED).value
    CodingItem.objects.bulk_create(items, batch_size=500)
    codings = [
        ItemCoding(
            item=item,
            seat=seat,
            codes=coder.codes[_place(item)],
            blind_codes=coder.codes[_place(item)],
            rationale=coder.rationales.get(_place(item), ""),
            submitted_at=now,
            revision=1,
        )
        for item in items
        for seat, coder in zip(seats, coders, strict=True)
    ]
    ItemCoding.objects.bulk_create(codings, batch_size=500)
    CodeDecision.objects.bulk_create(
        (decision for item in items for decision in decisions[_place(item)]), batch_size=500
    )
    CodingStep.objects.bulk_create(
        (
            CodingStep(item=item, kind=StepKind.ADJUDICATED if item.settled_as == "adjudicated" else StepKind.AGREED)
            for item in items
        ),
        batch_size=500,
    )


def _set_state(item: CodingItem, settled: Codings, now: Any) -> None:
    """Settled as the files say, unless somebody has edited the record since: then it has to be coded again."""
    on_file, codes = codes_on_file(item), settled.codes[_place(item)]
    same = all(on_file.get(name) == value for name, value in codes.items())
    item.state = ItemState.SETTLED if same else ItemState.LAPSED
    item.settled_at = now
    item.text_digest, item.codes_digest = text_digest(item), codes_digest(item)


def _decisions(item: CodingItem, coders: list[Codings], settled: Codings) -> list[CodeDecision]:
    place = _place(item)
    first, second = (coder.codes[place] for coder in coders)
    found = []
    for difference in differences(sheet_of(item), first, second):
        name = difference.code.name
        reason = settled.reasons.get((*place, name)) or settled.rationales.get(place) or NO_REASON
        value = settled.codes[place].get(name, "no" if name.startswith("proof.") and name.count(".") == 2 else "")
        found.append(CodeDecision(item=item, code=name, value=value, reason=reason[:1000]))
    return found


def _place(item: CodingItem) -> tuple[str, str]:
    return item.kind, item.subject.key
