"""Brands side by side: what their scorecards say about the same things, and what makes them hard to compare.

Everything is taken from the documents of the verdicts in force; nothing is added up.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from brands.models import Brand, Crisis
from scoring import wording
from scoring.engine.dossier import Group
from scoring.ledger import counts
from scoring.lineage import index, unknown_codes
from scoring.models import Assessment, Publication, Snapshot
from scoring.visibility import visible_brands

STAKEHOLDERS = tuple(group.value for group in Group)
FEWEST, MOST = 2, 5
DAYS_APART = 90
"""Verdicts judged further apart than this do not rest on the same knowledge."""
INDICES = ("delivery", "surpassing", "breadth", "proactivity", "dna", "harm", "evidence", "purpose_washing")
GROUPS = (
    "verdict",
    "robustness",
    "indices",
    "promises",
    "gaps",
    "initiative",
    "rootedness",
    "signals",
    "evidence",
    "as_of",
)

WARNINGS: dict[str, wording.Text] = {
    "crisis_differs": wording.text(
        "These verdicts are about different crises.", "Ces verdicts portent sur des crises différentes."
    ),
    "method_differs": wording.text(
        "These verdicts were reached under different versions of the method.",
        "Ces verdicts ont été rendus selon des versions différentes de la méthode.",
    ),
    "as_of_differs": wording.text(
        f"These verdicts were reached more than {DAYS_APART} days apart.",
        f"Plus de {DAYS_APART} jours séparent ces verdicts.",
    ),
}
"""Why verdicts may not be about the same thing."""

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One brand: its verdict in force with the document behind it, or the state it is in without one."""

    brand: Brand
    publication: Publication | None
    state: str

    @property
    def crisis(self) -> Crisis | None:
        return self.publication.assessment.crisis if self.publication else None

    @property
    def snapshot(self) -> Snapshot | None:
        return self.publication.snapshot if self.publication else None

    @cached_property
    def document(self) -> Document | None:
        return json.loads(self.publication.snapshot.document) if self.publication else None

    @cached_property
    def coverage(self) -> dict[str, Document]:
        return {row["stakeholder"]: row for row in self.document["coverage"]} if self.document else {}


@dataclass(frozen=True)
class Row:
    """The same thing of every brand. ``None`` where the brand has no verdict, or the method defines no value."""

    group: str
    code: str
    values: Sequence[Any]

    def unknown_of(self, column: Column) -> list[str]:
        """What of the brand’s profile is unknown, where that is why the row has no value."""
        return unknown_codes(column.document) if self.code == "dna" and column.document else []

    @property
    def differs(self) -> bool:
        return any(value != self.values[0] for value in self.values[1:])


@dataclass(frozen=True)
class Comparison:
    crisis: Crisis
    """The one asked for, else the one in which most of these brands have a verdict."""
    columns: Sequence[Column]

    @cached_property
    def rows(self) -> list[Row]:
        return [
            Row(group, code, [read(column, code) if column.document else None for column in self.columns])
            if group != "verdict"
            else Row(group, code, [column.state for column in self.columns])
            for group, codes, read in _READ
            for code in codes
        ]

    @property
    def warnings(self) -> list[str]:
        """Why these verdicts may not be about the same thing: codes, in the order of weight."""
        judged = [column for column in self.columns if column.publication]
        crises = {column.crisis for column in judged}
        methods = {column.snapshot.method_version for column in judged if column.snapshot}
        days = sorted(column.snapshot.as_of for column in judged if column.snapshot)
        found = {
            "crisis_differs": len(crises) > 1,
            "method_differs": len(methods) > 1,
            "as_of_differs": bool(days) and (days[-1] - days[0]).days > DAYS_APART,
        }
        return [code for code, holds in found.items() if holds]


# --- One cell ---------------------------------------------------------------------------------------------------------


def _robustness(column: Column, _code: str) -> Any:
    return column.document["robustness"] if column.document else None


def _index(column: Column, code: str) -> Any:
    return index(column.document, code) if column.document else None


def _promises(column: Column, group: str) -> Any:
    """The promises made to a group, central ones first as the scorecard has them."""
    told = ("id", "statement", "weight")
    return [
        {name: promise[name] for name in told}
        for promise in (column.document["promises"] if column.document else ())
        if group in promise["stakeholders"] and counts(promise)
    ]


def _gap(column: Column, group: str) -> Any:
    told = ("applicable", "promised", "evidence_items", "result", "status")
    return {name: column.coverage[group][name] for name in told}


def _initiative(column: Column, _code: str) -> Any:
    """How many counted acts of help were required, asked for, or nobody’s idea but the brand’s."""
    acts = (act for act in (column.document["actions"] if column.document else ()) if act["counted"])
    levels = Counter(act["initiative"] or "u" for act in acts if any(p["direction"] == "helps" for p in act["proofs"]))
    return {level: levels[level] for level in ("3", "2", "1", "0", "u") if levels[level]}


def _place(column: Column, code: str) -> Any:
    return column.document[code] if column.document else None


def _signals(column: Column, _code: str) -> Any:
    signals = column.document["signals"] if column.document else ()
    return [{"code": signal["code"], "level": signal.get("level")} for signal in signals]


def _evidence(column: Column, code: str) -> Any:
    return column.document["evidence"][code] if column.document else None


def _dated(column: Column, code: str) -> Any:
    if code == "version":
        return column.publication.version if column.publication else None
    return column.snapshot.as_of.isoformat() if column.snapshot and code == "as_of" else _method(column)


def _method(column: Column) -> str:
    return column.snapshot.method_version if column.snapshot else ""


_READ: tuple[tuple[str, Sequence[str], Any], ...] = (
    ("verdict", ("outcome",), None),
    ("robustness", ("robustness",), _robustness),
    ("indices", INDICES, _index),
    ("promises", STAKEHOLDERS, _promises),
    ("gaps", STAKEHOLDERS, _gap),
    ("initiative", ("initiative",), _initiative),
    ("rootedness", ("rootedness", "reach"), _place),
    ("signals", ("signals",), _signals),
    ("evidence", ("proofs", "independent_groups", "double_coded"), _evidence),
    ("as_of", ("as_of", "version", "method_version"), _dated),
)


# --- Reading them -----------------------------------------------------------------------------------------------------


def comparison(slugs: Sequence[str], crisis: Crisis | None = None) -> Comparison | None:
    """These brands side by side, in this order, as far as they are public; nothing without a crisis to speak of.

    Without a crisis named, it is the one in which most of them have a verdict, and a brand that has none in it is
    shown with its newest one of another crisis.
    """
    found = {brand.slug: brand for brand in visible_brands(None).filter(slug__in=slugs).select_related("sector")}
    brands = [found[slug] for slug in dict.fromkeys(slugs) if slug in found]
    verdicts = _verdicts_of(brands, crisis)
    during = crisis or _most_judged(verdicts) or Crisis.objects.order_by("-starts_on", "slug").first()
    if during is None:
        return None
    begun = set(_begun(brands, during).values_list("pk", flat=True))
    return Comparison(during, [_column(brand, verdicts, during, begun) for brand in brands])


def _verdicts_of(brands: Iterable[Brand], crisis: Crisis | None) -> list[Publication]:
    """The newest crisis first."""
    current = Publication.objects.current().filter(assessment__brand__in=[brand.pk for brand in brands])
    if crisis:
        current = current.filter(assessment__crisis=crisis)
    with_documents = current.select_related("snapshot", "assessment__crisis").defer(
        "snapshot__facts", "snapshot__verdict"
    )
    return list(with_documents.order_by("-assessment__crisis__starts_on", "assessment__crisis__slug"))


def _most_judged(verdicts: Iterable[Publication]) -> Crisis | None:
    counted = Counter(verdict.assessment.crisis for verdict in verdicts)
    return counted.most_common(1)[0][0] if counted else None


def _begun(brands: Iterable[Brand], crisis: Crisis) -> QuerySet[Brand]:
    cases = Assessment.objects.filter(brand=OuterRef("pk"), crisis=crisis, snapshots__isnull=False)
    return Brand.objects.filter(Exists(cases), pk__in=[brand.pk for brand in brands])


def _column(brand: Brand, verdicts: Iterable[Publication], crisis: Crisis, begun: set[int]) -> Column:
    own = [verdict for verdict in verdicts if verdict.assessment.brand_id == brand.pk]
    fitting = next((one for one in own if one.assessment.crisis_id == crisis.pk), own[0] if own else None)
    if fitting is None:
        return Column(brand, None, "under_review" if brand.pk in begun else "not_assessed")
    return Column(brand, fitting, fitting.snapshot.outcome)
