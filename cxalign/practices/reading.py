"""What readers see of practices: the published ones, and beside them acts that our published evidence holds.

An act of a scorecard is an example of a practice family, not a practice of its own: it is read from the publication in
force and never copied, so that it changes and vanishes with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import cached_property

from brands.models import Source, fold, words_of
from cxalign.practices.models import CATEGORY_OF_ACT, FAMILIES, EvidenceLevel, Practice
from scoring.models import PublishedFacet, PublishedFact
from scoring.visibility import visible_brands

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cxalign.accounts.models import User

Chosen = Mapping[str, list[str]]
"""Filter → the values chosen; several of one filter are alternatives."""

CORROBORATED_FROM = 3
"""Evidence grade of an act: two independent voices, an official record, or an admission against one’s interest."""
FAMILY_CODES = [code for code, _label in FAMILIES]


def visible_practices(user: User | AnonymousUser | None) -> QuerySet[Practice]:
    """The gate: every face of the practices starts here."""
    found: QuerySet[Practice] = Practice.objects.visible_to(user)
    return found


def with_places(practices: QuerySet[Practice], user: User | AnonymousUser | None) -> QuerySet[Practice]:
    """With the brands that the reader may know of and the sources, in three statements whatever their number."""
    sources = Source.objects.filter(withdrawn_at__isnull=True)
    brands = Prefetch("seen_at", visible_brands(user).select_related("sector"), "shown_brands")
    return practices.select_related("sector").prefetch_related(brands, Prefetch("sources", sources, "cited"))


def withdrawn_practices() -> QuerySet[Practice]:
    """Those that everybody could read and that were taken back since: their address says so."""
    found: QuerySet[Practice] = Practice.objects.filter(is_published=True, withdrawn_at__isnull=False)
    return found


def chosen_among(practices: QuerySet[Practice], chosen: Chosen, words: str = "") -> QuerySet[Practice]:
    """The practices that fit what was chosen."""
    for name in ("family", "category", "country", "evidence_level"):
        if chosen.get(name):
            practices = practices.filter(**{f"{name}__in": chosen[name]})
    if chosen.get("sector"):
        practices = practices.filter(sector__slug__in=chosen["sector"])
    groups = Q()
    for group in chosen.get("stakeholder", ()):
        groups |= Q(stakeholders__contains=f"|{group}|")
    practices = practices.filter(groups)
    for word in fold(words).split():
        practices = practices.filter(search_text__contains=word)
    return practices


@dataclass(frozen=True)
class Example:
    """One helpful act of a published scorecard that belongs to a practice family."""

    fact: PublishedFact

    @cached_property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.fact.document)
        return found

    @property
    def statement(self) -> dict[str, str]:
        text: dict[str, str] = self.document["statement"]
        return text

    @property
    def family(self) -> str:
        return str(self.document["family"])

    @property
    def categories(self) -> list[str]:
        return list(dict.fromkeys(CATEGORY_OF_ACT[code].value for code in self.document["category"]))

    @property
    def stakeholders(self) -> list[str]:
        helped = (proof["stakeholder"] for proof in self.document["proofs"] if proof["direction"] == "helps")
        return list(dict.fromkeys(helped))

    @property
    def date(self) -> str:
        return self.document["occurred_on"] or ""

    @property
    def country(self) -> str:
        return self.document["country"] or self.fact.brand.country

    @property
    def helping(self) -> list[dict[str, Any]]:
        """Its proofs that help: for whom, held against what, how far, and why it was read so."""
        return [proof for proof in self.document["proofs"] if proof["direction"] == "helps"]

    @property
    def evidence_level(self) -> EvidenceLevel:
        """As for practices; an act on file tells what was done, never what came of it."""
        return EvidenceLevel.CORROBORATED if self.document["evidence"] >= CORROBORATED_FROM else EvidenceLevel.REPORTED

    @cached_property
    def promises(self) -> dict[str, dict[str, Any]]:
        """The promises that it was read against, by their keys."""
        return self._beside("promise", [proof["promise"] for proof in self.helping if proof["promise"]])

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """What it rests on, in the order of the scorecard; each with what it is to this claim."""
        links = sorted(self.document["sources"], key=lambda link: link["n"])
        found = self._beside("source", [link["id"] for link in links])
        return [{**found[link["id"]], "relation": link["kind"]} for link in links if link["id"] in found]

    def _beside(self, resource: str, keys: list[str]) -> dict[str, dict[str, Any]]:
        """Published documents, by their keys."""
        facts = PublishedFact.objects.shown(resource).filter(key__in=keys)
        return {fact.key: json.loads(fact.document) for fact in facts}


def example_named(key: str) -> Example | None:
    """The example of that key; nothing if its scorecard is not public, or the act is none."""
    keys = example_keys({}).filter(key=key)[:1]
    return next(iter(examples_of(keys)), None)


def example_keys(chosen: Chosen, words: str = "") -> QuerySet[PublishedFact, int]:
    """Keys of helpful acts of the publications in force that carry a family, by brand.

    Keys only: the acts that will be shown are few, and to sort whole documents takes a hundred times as long.
    """
    fitting = _having("direction", ["helps"])
    fitting = _having("family", chosen.get("family") or FAMILY_CODES, fitting)
    if categories := chosen.get("category"):
        finer = [code for code, category in CATEGORY_OF_ACT.items() if category in categories]
        fitting = _having("category", finer, fitting)
    if groups := chosen.get("stakeholder"):
        fitting = _having("stakeholder", groups, fitting)
    facts = PublishedFact.objects.shown("action").filter(pk__in=fitting)
    if sectors := chosen.get("sector"):
        facts = facts.filter(brand__sector__slug__in=sectors)
    if countries := chosen.get("country"):
        facts = facts.filter(brand__country__in=countries)
    if typed := words_of(words):
        facts = facts.with_words(typed)
    return facts.order_by("brand__sort_key", "key").values_list("pk", flat=True)


def examples_of(keys: Iterable[int]) -> list[Example]:
    """The acts under these keys, in their order."""
    wanted = list(keys)
    facts = PublishedFact.objects.select_related("brand__sector", "assessment__crisis").in_bulk(wanted)
    return [Example(facts[key]) for key in wanted if key in facts]


def _having(name: str, values: Iterable[str], among: QuerySet[Any, Any] | None = None) -> QuerySet[Any, Any]:
    """Keys of facts with one of these values, among those given. One inside the other, each is read from the index."""
    facets = PublishedFacet.objects.filter(name=name, value__in=list(values))
    return (facets if among is None else facets.filter(fact__in=among)).order_by().values("fact")


def seen_at(practice: Practice, user: User | AnonymousUser | None) -> list[Any]:
    """The brands where it was seen, among those that the reader may know of."""
    return list(visible_brands(user).filter(practices=practice).select_related("sector"))


def related(practice: Practice, user: User | AnonymousUser | None, most: int = 4) -> list[Practice]:
    """Others of the same family first, then of the same category."""
    others = visible_practices(user).exclude(pk=practice.pk)
    same = list(others.filter(family=practice.family)[:most])
    rest = others.filter(category=practice.category).exclude(pk__in=[one.pk for one in same])
    return same + list(rest[: most - len(same)])
