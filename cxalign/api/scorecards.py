"""Scorecards: the verdicts in force, those of the past, and what became of each version.

The stored document is sent as it is. What was withdrawn answers 410 with its reason, what was never published 404.
"""

from __future__ import annotations

import re
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language

from cxalign.accounts.models import Scope
from cxalign.api import shapes
from cxalign.api.authentication import check_scope
from cxalign.api.brands import ARCHETYPES, piece_of
from cxalign.api.errors import Problem, not_found
from cxalign.api.facts import BRAND, CRISIS
from cxalign.api.parameters import Choice, Day, Moment, Parameter, Query, Token, Whole
from cxalign.api.tags import tag
from cxalign.api.views import DetailView, ListView, Piece, RecordView
from scoring.models import OutcomeChoice, Publication, RobustnessChoice, Snapshot
from scoring.scorecards import Scorecard, bilingual
from scoring.visibility import visible_snapshots
from scoring.voices.showing import last_reply_beside

_ID = re.compile(r"([-a-zA-Z0-9_]+):([-a-zA-Z0-9_]+)(?::v([1-9][0-9]{0,8}))?")

AS_OF = Day("as_of", "As judged on this day: the newest version of each case up to then.")
STATE = Choice("state", "What is published, or the working verdict of the case.", values=("published", "draft"))
_SHOWN = (
    "version", "published_at", "is_current", "ties", "withdrawn_at", "withdrawn_reason_en", "withdrawn_reason_fr",
    "assessment__brand__slug", "assessment__brand__sort_key", "assessment__crisis__slug",
    "snapshot__as_of", "snapshot__method_version", "snapshot__document_digest",
)  # fmt: skip
SIGNALS: dict[str, dict[str, Any]] = {
    "purpose_washing": {"snapshot__washing__in": ("medium", "high")},
    "harm_alert": {"snapshot__harm_alert": True},
    "divergent_stakeholders": {"snapshot__divergent": True},
}


def case_of(identifier: str) -> tuple[QuerySet[Publication], str]:
    """The publications of the case that an id names, and the version it names, if any."""
    match = _ID.fullmatch(identifier)
    if match is None:
        raise not_found()
    brand, crisis, version = match.groups()
    own = Publication.objects.readable().filter(assessment__brand__slug=brand, assessment__crisis__slug=crisis)
    return own, version


class ScorecardView(RecordView):
    shape = shapes.Scorecard

    def light(self, rows: QuerySet[Any]) -> QuerySet[Any] | None:
        return _joined(rows).only(*_SHOWN) if rows.model is Publication else None

    def piece(self, row: Publication | Snapshot) -> Piece:
        if isinstance(row, Snapshot):
            return draft_piece(row)
        snapshot = row.snapshot
        snapshot.assessment = row.assessment
        replied = row.replied_at.date() if row.replied_at else None  # type: ignore[attr-defined]
        own = tag(row.version, row.state, snapshot.document_digest, *([replied] if replied else []))
        head = b'{"etag":' + orjson.dumps(own) + b","
        return Piece(
            own,
            lambda: head + Scorecard(snapshot, row, settings.BASE_URL, replied).as_json()[1:],
            snapshot.method_version,
        )


def draft_piece(snapshot: Snapshot) -> Piece:
    own = tag("draft", snapshot.sequence, snapshot.document_digest)
    head = b'{"etag":' + orjson.dumps(own) + b","
    return Piece(
        own, lambda: head + Scorecard(snapshot, None, settings.BASE_URL).as_json()[1:], snapshot.method_version
    )


def _joined(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    rows = rows.select_related("snapshot", "assessment__brand", "assessment__crisis")
    return rows.annotate(replied_at=last_reply_beside())


def _with_text(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    return _joined(rows).only(*_SHOWN, "snapshot__document")


class ScorecardList(ScorecardView, ListView):
    """List scorecards."""

    filters = (
        BRAND,
        CRISIS,
        Choice("outcome", many=True, values=tuple(OutcomeChoice.values)),
        Choice("robustness", many=True, values=tuple(RobustnessChoice.values)),
        Choice("signal", "Verdicts with this flag beside them.", many=True, values=tuple(SIGNALS)),
        Token("sector", "Slug of a sector.", many=True),
        Token("country", "ISO 3166-1, two letters; ZZ for several countries.", many=True, pattern="^[A-Z]{2}$"),
        AS_OF,
        Moment("updated_at__gte", "Published since."),
    )
    sorts = {
        "brand": ("assessment__brand__sort_key", "assessment__brand__slug", "assessment__crisis__slug"),
        "-brand": ("assessment__brand__sort_key", "assessment__brand__slug", "assessment__crisis__slug"),
        "published_at": ("published_at", "assessment__brand__slug", "assessment__crisis__slug"),
        "-published_at": ("published_at", "assessment__brand__slug", "assessment__crisis__slug"),
    }
    lookups = {
        "brand": "assessment__brand__slug__in",
        "crisis": "assessment__crisis__slug__in",
        "outcome": "snapshot__outcome__in",
        "robustness": "snapshot__robustness__in",
        "sector": "assessment__brand__sector__slug__in",
        "country": "assessment__brand__country__in",
        "updated_at__gte": "published_at__gte",
    }

    def rows(self, query: Query, **place: Any) -> QuerySet[Publication]:
        rows = in_force_on(query["as_of"]) if "as_of" in query else Publication.objects.current()
        for name, lookup in self.lookups.items():
            if name in query:
                rows = rows.filter(**{lookup: query[name]})
        return _with_text(_signalled(rows, query["signal"]) if "signal" in query else rows)


def in_force_on(day: Any) -> QuerySet[Publication]:
    """The newest version of each case judged up to that day; where that one was withdrawn, none."""
    until = Publication.objects.readable().filter(snapshot__as_of__lte=day)
    newer = until.filter(assessment=OuterRef("assessment"), version__gt=OuterRef("version"))
    return until.filter(~Exists(newer), withdrawn_at__isnull=True)


def _signalled(rows: QuerySet[Publication], signals: list[str]) -> QuerySet[Publication]:
    wanted = Publication.objects.none()
    for signal in signals:
        wanted = wanted | Publication.objects.filter(**SIGNALS[signal])
    return rows.filter(pk__in=wanted.values("pk"))


class ScorecardDetail(ScorecardView, DetailView):
    """Get a scorecard: the version in force, or the one named. A key with read:drafts may ask for the working one."""

    places = ("id",)
    problems = (403, 410)

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (AS_OF, Whole("version", "The version with this number."), STATE, *super().parameters())

    def rows(self, query: Query, **place: Any) -> QuerySet[Any]:
        if query.get("state") == "draft":
            return self.drafts(query, place["id"])
        rows, version = case_of(place["id"])
        for number in filter(None, (version, query.get("version"))):
            rows = rows.filter(version=number)
        if "as_of" in query:
            rows = rows.filter(snapshot__as_of__lte=query["as_of"])
        return _with_text(rows.order_by("-version"))

    def drafts(self, query: Query, identifier: str) -> QuerySet[Snapshot]:
        """The newest working verdict, of a case whose draft the owner of the key may read."""
        owner = check_scope(self.request, Scope.READ_DRAFTS)
        match = _ID.fullmatch(identifier)
        if match is None or match[3] or "version" in query or "as_of" in query:
            raise not_found()
        own = visible_snapshots(owner).filter(assessment__brand__slug=match[1], assessment__crisis__slug=match[2])
        return (
            own.select_related("assessment__brand", "assessment__crisis")
            .defer("facts", "verdict")
            .order_by("-sequence")
        )

    def find(self, rows: QuerySet[Any]) -> Any:
        found = super().find(rows)
        if isinstance(found, Publication) and found.withdrawn_at:
            raise withdrawn(found)
        return found


def withdrawn(publication: Publication) -> Problem:
    reason = bilingual(publication, "withdrawn_reason")
    return Problem(
        "withdrawn",
        reason["fr" if get_language() == "fr" else "en"],
        more={"reason": reason, "withdrawn_at": publication.withdrawn_at},
    )


class ScorecardVersions(ListView):
    """List the versions of a scorecard, the newest first."""

    shape = shapes.ScorecardVersion
    places = ("id",)
    sorts = {"-version": ("version",), "version": ("version",)}

    def rows(self, query: Query, **place: Any) -> QuerySet[Publication]:
        rows, _version = case_of(place["id"])
        if not rows.exists():
            raise not_found()
        return _joined(rows).defer("snapshot__facts", "snapshot__verdict", "snapshot__document")

    def piece(self, row: Publication) -> Piece:
        return piece_of(version_record(row))


def version_record(publication: Publication) -> dict[str, Any]:
    """What is said of a version in a list; of a withdrawn one, the reason and no longer the verdict."""
    snapshot, gone = publication.snapshot, publication.withdrawn_at
    snapshot.assessment = publication.assessment
    scorecard = Scorecard(snapshot, publication, settings.BASE_URL)
    header = scorecard.header()
    told = ("id", "url", "html_url", "version", "as_of", "published_at", "state")
    return {
        **{name: header[name] for name in told},
        "cause": publication.cause,
        "note": bilingual(publication, "note"),
        "requests": [{"kind": entry["kind"], "on": entry["on"]} for entry in publication.requests],
        "method_version": snapshot.method_version,
        "outcome": None if gone else snapshot.outcome,
        "archetype": snapshot.outcome if snapshot.outcome in ARCHETYPES and not gone else None,
        "breadth": None if gone else snapshot.breadth or None,
        "robustness": None if gone else snapshot.robustness or None,
        "withdrawn_at": gone,
        "withdrawn_reason": bilingual(publication, "withdrawn_reason") if gone else None,
    }
