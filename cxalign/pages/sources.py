"""One source: how it is cited, what of it is quoted, where it is used, and whether it can still be read.

All that is said of its content comes from publications in force; a source that none of them names does not exist here.
Whether its address still answers is no evidence and no draft: that is what the last visit found.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from brands.models import Source
from cxalign.pages.frame import reader_of
from scoring.models import Publication, PublishedFact

Document = Mapping[str, Any]
CASES_SHOWN = 100


# --- Links ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """What the last visit to an address found."""

    status: str
    checked_at: datetime | None

    @property
    def is_well(self) -> bool:
        return self.status == "ok"


def links_of(sources: Collection[Document]) -> dict[str, Link]:
    """Key → what was found at the published address: one query. An address that has changed since tells nothing."""
    published = {source["id"]: source["url"] for source in sources if source["url"]}
    rows = Source.objects.filter(key__in=published).values_list("key", "url", "link_status", "link_checked_at")
    return {key: Link(status, at) for key, url, status, at in rows if status and url == published[key]}


# --- Where it is used -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Use:
    """One published case that names the source: for what."""

    publication: Publication
    document: Document
    number: int
    promises: list[Document]
    acts: list[Document]
    in_profile: bool
    judgements: list[Document]

    @property
    def address(self) -> str:
        return reverse("scorecard", args=[self.document["brand"]["slug"], self.document["crisis"]["slug"]])


def uses_of(key: str) -> list[Use]:
    """By brand: one query, however many cases name it."""
    naming = PublishedFact.objects.filter(resource="source", key=key).values("assessment")
    publications = Publication.objects.current().filter(assessment__in=naming).select_related("snapshot")
    ordered = publications.defer("snapshot__facts", "snapshot__verdict").order_by("assessment__brand__sort_key", "pk")
    return [_use(publication, key) for publication in ordered[:CASES_SHOWN]]


def _use(publication: Publication, key: str) -> Use:
    document = json.loads(publication.snapshot.document)
    profile = document["profile"] or {"sources": []}
    return Use(
        publication=publication,
        document=document,
        number=next(source["n"] for source in document["sources"] if source["id"] == key),
        promises=[promise for promise in document["promises"] if key in promise["sources"]],
        acts=[act for act in document["actions"] if key in {source["id"] for source in act["sources"]}],
        in_profile=key in profile["sources"],
        judgements=[judgement for judgement in document["judgements"] if judgement["source"] == key],
    )


# --- The page ---------------------------------------------------------------------------------------------------------


def source(request: HttpRequest, key: str) -> HttpResponse:
    """A source that a publication in force names."""
    shown = PublishedFact.objects.filter(resource="source", key=key, shown=True).first()
    if shown is None:
        raise Http404
    record = json.loads(shown.document)
    context = {
        "source": record,
        "uses": uses_of(key),
        "link": links_of([record]).get(key),
        "own_copy": _own_copy(request, record),
        "data_address": f"{settings.BASE_URL}/api/v1/sources/{key}",
    }
    return render(request, "pages/source.html", context)


def _own_copy(request: HttpRequest, record: Document) -> str:
    """Where those who may read the facts fetch our copy; the public sees its time and digest."""
    digest = (record["archive"] or {}).get("sha256")
    reader = reader_of(request)
    if not digest or not reader.is_authenticated or not reader.has_perm("brands.view_source"):
        return ""
    kept = Source.objects.filter(key=record["id"], archive_sha256=digest).values_list("pk", flat=True).first()
    return reverse("admin:brands_source_copy", args=[kept]) if kept else ""
