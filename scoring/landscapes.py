"""The landscape of a crisis: every public brand in its place, counted, and what the whole says in one sentence.

It is made of what is published and nothing else, the same for everybody, so that an address that somebody shares shows
what they saw. Page, API and exports read it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from brands.models import Brand, Crisis
from scoring import wording
from scoring.engine.dossier import Group
from scoring.models import Assessment, Publication, Snapshot
from scoring.scorecards import position_of
from scoring.visibility import HEAVY, visible_brands

ARCHETYPES = ("broken_promise", "aligned", "exceeds_promise", "dna_proactive")
"""In the order of the screens, which is no ranking."""
UNPLACED = ("insufficient_evidence", "no_promise", "under_review", "not_assessed")
"""Why a brand has no archetype, in the order of the boxes."""
UNJUDGED = ("under_review", "not_assessed")
REACH = (-2, -1, 0, 1, 2)
ROOTEDNESS = ("rooted", "shared", "one_off")
STAKEHOLDERS = tuple(group.value for group in Group)
UNSURE = ("fragile", "contested")

Position = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One brand on the landscape, with its verdict in force or the state it is in without one."""

    brand: Brand
    publication: Publication | None
    position: Position | None
    state: str
    """The outcome, or ``under_review`` or ``not_assessed``."""

    @property
    def snapshot(self) -> Snapshot | None:
        return self.publication.snapshot if self.publication else None

    @property
    def is_judged(self) -> bool:
        return self.state in ARCHETYPES

    @property
    def robustness(self) -> str:
        return self.publication.snapshot.robustness if self.publication else ""

    @property
    def reach(self) -> int | None:
        return self.position["reach"] if self.position else None

    @property
    def rootedness(self) -> str:
        return self.position["rootedness"] if self.position else ""

    @property
    def coverage(self) -> dict[str, Mapping[str, Any]]:
        """What is on file for each stakeholder group."""
        return {row["stakeholder"]: row for row in self.position["coverage"]} if self.position else {}

    @property
    def gaps(self) -> list[Mapping[str, Any]]:
        return self.position["gaps"] if self.position else []

    @property
    def is_on_duty_alone(self) -> bool:
        """Whether the verdict rests on no established act that is read against a promise, only on the duty of care."""
        return wording.is_on_duty_alone(self.state, self.gaps)

    @property
    def weakest(self) -> tuple[list[str], int | None]:
        """The groups that came off worst and how; else those promised something of which nothing is on file.

        Nobody, where all that is documented stands alike and nobody is short.
        """
        return weakest(self.coverage.values())


def weakest(coverage: Iterable[Mapping[str, Any]]) -> tuple[list[str], int | None]:
    rows = [row for row in coverage if row["applicable"]]
    found = {row["stakeholder"]: row["result"] for row in rows if row["result"] is not None}
    silent = [row["stakeholder"] for row in rows if row["promised"] and not row["evidence_items"]]
    least = min(found.values(), default=0)
    if least >= 0 and silent:
        return silent, None
    if least < 0 or least < max(found.values(), default=0):
        return [group for group, result in found.items() if result == least], least
    return [], None


@dataclass(frozen=True)
class Cell:
    """A place of the grid: how far acts went against the promise, and how deeply they are rooted."""

    reach: int
    rootedness: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def is_too_narrow(self) -> bool:
        """Nothing follows from one act that merely keeps a promise."""
        return self.reach == 0 and self.rootedness == "one_off"


@dataclass(frozen=True)
class Landscape:
    """All entries in order of name; everything else is counted from them."""

    crisis: Crisis
    entries: Sequence[Entry]
    selected: bool = False
    """Whether only brands with certain verdicts were asked for: then the title must not conclude from them."""

    @cached_property
    def judged(self) -> list[Entry]:
        """Those with an archetype."""
        return [entry for entry in self.entries if entry.is_judged]

    @cached_property
    def published(self) -> list[Entry]:
        """Those with a verdict in force, be it that there is too little evidence."""
        return [entry for entry in self.entries if entry.publication]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many brands of each archetype, then of each reason for none."""
        found = Counter(entry.state for entry in self.entries)
        return {state: found[state] for state in (*ARCHETYPES, *UNPLACED)}

    @property
    def without_verdict(self) -> int:
        return len(self.entries) - len(self.judged)

    @cached_property
    def placed(self) -> list[Entry]:
        return [entry for entry in self.judged if entry.reach is not None]

    @cached_property
    def unmeasured(self) -> list[Entry]:
        """An archetype, and no distance: no act is established against any of the promises."""
        return [entry for entry in self.judged if entry.reach is None]

    @cached_property
    def cells(self) -> list[list[Cell]]:
        """Rows by rootedness from the deepest, columns by reach from “well short”."""
        at: dict[tuple[str, int], list[Entry]] = {}
        for entry in self.placed:
            at.setdefault((entry.rootedness, entry.reach or 0), []).append(entry)
        return [[Cell(reach, row, at.get((row, reach), [])) for reach in REACH] for row in ROOTEDNESS]

    def without(self, state: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.state == state]

    @property
    def method_versions(self) -> list[str]:
        return sorted({entry.publication.snapshot.method_version for entry in self.published if entry.publication})

    @property
    def as_of(self) -> Any:
        """The day of the newest judgement, if there is any."""
        return max((entry.publication.snapshot.as_of for entry in self.published if entry.publication), default=None)

    @property
    def countries(self) -> list[str]:
        return sorted({entry.brand.country for entry in self.published})

    @cached_property
    def takeaway(self) -> wording.Text:
        return wording.takeaway(self.tally)

    @property
    def tally(self) -> wording.Tally:
        short = Counter(
            group
            for entry in self.without("broken_promise")
            for group, row in entry.coverage.items()
            if row["result"] is not None and row["result"] < 0
        )
        return wording.Tally(
            recorded=len(self.entries),
            archetypes={state: self.counts[state] for state in ARCHETYPES},
            unsure=sum(entry.robustness in UNSURE for entry in self.judged),
            short_of=dict(short),
            selected=self.selected,
            on_duty_alone=Counter(entry.state for entry in self.judged if entry.is_on_duty_alone),
        )


# --- Reading it -------------------------------------------------------------------------------------------------------


def landscape(
    crisis: Crisis,
    brands: QuerySet[Brand] | None = None,
    *,
    verdicts: Q | None = None,
    unjudged: Collection[str] = UNJUDGED,
    in_force: QuerySet[Publication] | None = None,
    selected: bool = False,
) -> Landscape:
    """The landscape of these brands, else of all public ones.

    ``verdicts`` is what a verdict has to be like to be shown; ``unjudged`` the states in which brands without one are;
    ``in_force`` the publications to read, where not those of today; ``selected`` whether it is about what verdicts say.
    """
    listed = visible_brands(None) if brands is None else brands
    cases = Assessment.objects.filter(brand=OuterRef("pk"), crisis=crisis, snapshots__isnull=False)
    listed = listed.select_related("sector").annotate(begun=Exists(cases)).order_by("sort_key", "id")
    current = Publication.objects.current() if in_force is None else in_force
    of_crisis = current.filter(assessment__crisis=crisis)
    if brands is not None:
        of_crisis = of_crisis.filter(assessment__brand__in=brands.order_by().values("pk"))
    shown = _by_brand(of_crisis.filter(verdicts) if verdicts else of_crisis)
    judged = set(of_crisis.values_list("assessment__brand", flat=True)) if verdicts else set(shown)
    entries = []
    for brand in listed:
        if brand.pk in shown:
            entries.append(_judged(brand, *shown[brand.pk]))
        elif brand.pk not in judged:
            state = "under_review" if brand.begun else "not_assessed"
            if state in unjudged:
                entries.append(Entry(brand, None, None, state))
    return Landscape(crisis, entries, selected)


def _by_brand(publications: QuerySet[Publication]) -> dict[int, tuple[Publication, Position]]:
    rows = list(publications.select_related("snapshot", "assessment").defer(*HEAVY))
    old = _positions_of([row.snapshot_id for row in rows if row.snapshot.position is None])
    return {row.assessment.brand_id: (row, row.snapshot.position or old[row.snapshot_id]) for row in rows}


def _positions_of(snapshots: list[int]) -> dict[int, Position]:
    """Of those that were kept before there was a column for it, read from their documents."""
    if not snapshots:
        return {}
    documents = Snapshot.objects.filter(pk__in=snapshots).values_list("pk", "document")
    return {key: position_of(json.loads(document)) for key, document in documents}


def _judged(brand: Brand, publication: Publication, position: Position) -> Entry:
    publication.assessment.brand = brand
    return Entry(brand, publication, position, publication.snapshot.outcome)


def crises_on_view() -> QuerySet[Crisis]:
    """The crises that have a landscape: in which at least one verdict is public. The newest first."""
    judged = Publication.objects.current().filter(assessment__crisis=OuterRef("pk"))
    return Crisis.objects.filter(Exists(judged)).order_by("-starts_on", "slug")
