"""Promises, actions, sources and proofs, as the publications in force show them.

Only copies made at publication are read here, never the tables that analysts edit. A copy is text and stays text.
"""

from __future__ import annotations

from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from brands import codes
from cxalign.api import shapes
from cxalign.api.parameters import Choice, FromDay, Parameter, Query, Text, Token, UntilDay
from cxalign.api.tags import tag
from cxalign.api.views import DetailView, ListView, Piece, RecordView
from scoring.models import PublishedFacet, PublishedFact

BRAND = Token("brand", "Slug of a brand.", many=True)
CRISIS = Token("crisis", "Slug of a crisis.", many=True)
STAKEHOLDER = Choice("stakeholder", "Stakeholder group.", many=True, values=tuple(codes.Stakeholder.values))
DIRECTION = Choice("direction", "Whether it helps or harms.", many=True, values=tuple(codes.Direction.values))


class FactView(RecordView):
    resource: ClassVar[str]
    collection: ClassVar[str]
    url_field: ClassVar[str] = "url"

    def published(self) -> QuerySet[PublishedFact]:
        return PublishedFact.objects.shown(self.resource).only("key", "revision", "document")

    def light(self, rows: QuerySet[PublishedFact]) -> QuerySet[PublishedFact]:
        return rows.only("key", "revision")

    def piece(self, row: PublishedFact) -> Piece:
        own = tag(row.revision)
        return Piece(own, lambda: self._body(row, own))

    def _body(self, row: PublishedFact, own: str) -> bytes:
        head = {"etag": own, self.url_field: f"{settings.BASE_URL}/api/v1/{self.collection}/{row.key}"}
        return orjson.dumps(head)[:-1] + b"," + row.document[1:].encode()


class FactList(FactView, ListView):
    sorts = {"id": ("key",), "-id": ("key",)}
    dated_by: ClassVar[str] = ""
    """The facet that the two bounds ``…__gte`` and ``…__lte`` look at."""

    def rows(self, query: Query, **place: Any) -> QuerySet[PublishedFact]:
        rows = self.published()
        for parameter in self.filters:
            if parameter.name in query:
                rows = rows.filter(Exists(self._facets(parameter, query[parameter.name])))
        return rows

    def _facets(self, parameter: Parameter, wanted: Any) -> QuerySet[PublishedFacet]:
        facets = PublishedFacet.objects.filter(fact=OuterRef("pk"))
        if isinstance(parameter, FromDay):
            return facets.filter(name=self.dated_by, value__gte=wanted)
        if isinstance(parameter, UntilDay):
            return facets.filter(name=self.dated_by, value__lt=wanted).exclude(value="")
        return facets.filter(name=parameter.name, value__in=wanted)


class FactDetail(FactView, DetailView):
    places = ("id",)

    def rows(self, query: Query, **place: Any) -> QuerySet[PublishedFact]:
        return self.published().filter(key=place["id"])


class Promises(FactView):
    resource, collection, shape = "promise", "promises", shapes.Promise


class PromiseList(Promises, FactList):
    """List promises."""

    dated_by = "since"
    filters = (
        BRAND,
        STAKEHOLDER,
        Choice("weight", "How much it counts.", many=True, values=tuple(codes.Weight.values)),
        Choice(
            "testable",
            "Whether an act could be shown to keep or break it; descriptive, no verdict depends on it.",
            many=True,
            values=("true", "false"),
        ),
        FromDay("since__gte", "On file since this day or later."),
        UntilDay("since__lte", "On file since this day or earlier."),
    )


class PromiseDetail(Promises, FactDetail):
    """Get a promise."""


class Actions(FactView):
    resource, collection, shape = "action", "actions", shapes.Action


class ActionList(Actions, FactList):
    """List actions."""

    dated_by = "occurred_on"
    filters = (
        BRAND,
        CRISIS,
        STAKEHOLDER,
        DIRECTION,
        Choice("initiative", "What moved the brand to act.", many=True, values=tuple(codes.Initiative.values)),
        Choice("category", "What the act is about.", many=True, values=tuple(codes.Category.values)),
        Choice("family", "Practice family.", many=True, values=tuple(codes.Family.values)),
        FromDay("occurred_on__gte", "Started on this day or later."),
        UntilDay("occurred_on__lte", "Started on this day or earlier."),
    )


class ActionDetail(Actions, FactDetail):
    """Get an action."""


class Sources(FactView):
    resource, collection, shape = "source", "sources", shapes.Source
    url_field = "api_url"


class SourceList(Sources, FactList):
    """List sources."""

    filters = (
        Choice("type", "What kind of publisher it has.", many=True, values=tuple(codes.SourceType.values)),
        Text("publisher", "The publisher’s name, as written.", many=True),
        Text("url", "The address of the document.", many=True, max_length=1000),
    )


class SourceDetail(Sources, FactDetail):
    """Get a source."""


class Proofs(FactView):
    resource, collection, shape = "proof", "proofs", shapes.Proof


class ProofList(Proofs, FactList):
    """List proofs."""

    filters = (
        BRAND,
        CRISIS,
        Token("action", "Id of an action.", many=True),
        Token("promise", "Id of a promise.", many=True),
        STAKEHOLDER,
        Choice("yardstick", "A promise, or the duty of care.", many=True, values=("promise", "duty")),
        DIRECTION,
    )


class ProofDetail(Proofs, FactDetail):
    """Get a proof."""
