"""Replies of brands and corrections of ours: what is public of them, and nothing of who sent it but their function."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from cxalign.api import shapes
from cxalign.api.brands import piece_of
from cxalign.api.facts import BRAND, CRISIS
from cxalign.api.parameters import Choice, Query
from cxalign.api.views import DetailView, ListView, Piece, RecordView
from scoring.models import Correction, Publication, Reply
from scoring.voices.showing import SHOWN, visible_corrections, visible_replies, with_documents


def by_case(rows: QuerySet[Any], query: Query) -> QuerySet[Any]:
    for name, lookup in (("brand", "assessment__brand__slug__in"), ("crisis", "assessment__crisis__slug__in")):
        if name in query:
            rows = rows.filter(**{lookup: query[name]})
    return rows


# --- Replies ----------------------------------------------------------------------------------------------------------


def reply_record(reply: Reply) -> dict[str, Any]:
    case = reply.assessment
    page = f"{settings.BASE_URL}/en/brands/{case.brand.slug}/{case.crisis.slug}/replies/"
    return {
        "id": reply.reference,
        "url": f"{settings.BASE_URL}/api/v1/replies/{reply.reference}",
        "html_url": f"{page}#{reply.reference}",
        "brand": case.brand.slug,
        "crisis": case.crisis.slug,
        "version": reply.publication.version if reply.publication else None,
        "state": reply.state,
        "contested": [{"id": one["code"], "text": one["text"]} for one in reply.contested],
        "contested_text": reply.contested_text,
        "text": reply.text,
        "text_lang": reply.language,
        "organisation": reply.organisation,
        "capacity": reply.capacity,
        "sources": reply.source_addresses,
        "documents": [
            {
                "name": one.name,
                "media_type": one.media_type,
                "size": one.size,
                "sha256": one.sha256,
                "url": f"{page}{reply.reference}/{one.sha256}/",
            }
            for one in reply.shown_documents  # type: ignore[attr-defined]
        ],
        "received_on": reply.received_at.date(),
        "published_on": reply.decided_at.date() if reply.decided_at else None,
        "outcome": reply.outcome,
        "reason": {"en": reply.reason_en, "fr": reply.reason_fr},
    }


class ReplyView(RecordView):
    shape = shapes.Reply

    def piece(self, row: Reply) -> Piece:
        return piece_of(reply_record(row))


class ReplyList(ReplyView, ListView):
    """List the published replies of brands."""

    filters = (
        BRAND,
        CRISIS,
        Choice("state", "Beside the verdict, or kept on the page of replies.", many=True, values=tuple(SHOWN)),
    )
    sorts = {"-received_on": ("received_at", "reference"), "received_on": ("received_at", "reference")}

    def rows(self, query: Query, **place: Any) -> QuerySet[Reply]:
        rows = by_case(visible_replies().prefetch_related(with_documents()), query)
        return rows.filter(state__in=query["state"]) if "state" in query else rows


class ReplyDetail(ReplyView, DetailView):
    """Get a reply."""

    places = ("id",)

    def rows(self, query: Query, **place: Any) -> QuerySet[Reply]:
        return visible_replies().prefetch_related(with_documents()).filter(reference=place["id"])


# --- Corrections ------------------------------------------------------------------------------------------------------

OPEN, DONE = "open", "corrected"


def correction_record(correction: Correction) -> dict[str, Any]:
    case, since, fixed = correction.assessment, correction.since, correction.corrected_in
    return {
        "id": correction.reference,
        "url": f"{settings.BASE_URL}/api/v1/corrections/{correction.reference}",
        "html_url": f"{settings.BASE_URL}/en/corrections/#{correction.reference}",
        "brand": case.brand.slug if case else None,
        "crisis": case.crisis.slug if case else None,
        "state": DONE if correction.is_done else OPEN,
        "published_on": correction.published_at.date(),
        "wrong": {"en": correction.wrong_en, "fr": correction.wrong_fr},
        "since_version": since.version if since else None,
        "corrected_in_version": fixed.version if fixed else None,
        "changed": {"en": correction.changed_en, "fr": correction.changed_fr},
        "outcome_before": _outcome(since) if fixed else None,
        "outcome_after": _outcome(fixed),
    }


def _outcome(publication: Publication | None) -> str | None:
    """The verdict of a version; one that was withdrawn tells it no longer."""
    return publication.snapshot.outcome if publication and not publication.withdrawn_at else None


class CorrectionView(RecordView):
    shape = shapes.Correction

    def piece(self, row: Correction) -> Piece:
        return piece_of(correction_record(row))


class CorrectionList(CorrectionView, ListView):
    """List the corrections of what was published."""

    filters = (BRAND, CRISIS, Choice("state", "Whether a version holds it already.", values=(OPEN, DONE)))
    sorts = {"-published_on": ("published_at", "reference"), "published_on": ("published_at", "reference")}

    def rows(self, query: Query, **place: Any) -> QuerySet[Correction]:
        rows = by_case(visible_corrections(), query)
        if "state" not in query:
            return rows
        waiting = {"corrected_in__isnull": True, "assessment__isnull": False}
        return rows.filter(**waiting) if query["state"] == OPEN else rows.exclude(**waiting)


class CorrectionDetail(CorrectionView, DetailView):
    """Get a correction."""

    places = ("id",)

    def rows(self, query: Query, **place: Any) -> QuerySet[Correction]:
        return visible_corrections().filter(reference=place["id"])
