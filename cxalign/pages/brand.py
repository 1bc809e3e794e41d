"""One brand across crises: who it is, its verdicts, its promises and what others said of it, all as published."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from brands.models import Brand
from cxalign.pages.cases import withdrawn_page
from cxalign.pages.frame import reader_of
from scoring.models import Assessment, Publication
from scoring.scorecards import country_name
from scoring.visibility import visible_brands, visible_cases


def brand(request: HttpRequest, slug: str) -> HttpResponse:
    reader = reader_of(request)
    record = visible_brands(reader).select_related("sector").filter(slug=slug).first()
    if record is None:
        return taken_back(request, slug)
    cases = published_cases(record)
    context = {
        "brand": record,
        "country": country_name(record.country),
        "cases": cases,
        "summary": cases[0]["document"]["brand"]["summary"] if cases else {},
        "promises": merged(cases, "promises"),
        "judgements": merged(cases, "judgements"),
        "withdrawn": withdrawn_of(record),
        "unpublished": unpublished(record),
        "drafts": unpublished(record, visible_cases(reader)),
        "siblings": siblings(visible_brands(reader), record),
    }
    return render(request, "pages/brand.html", context)


def taken_back(request: HttpRequest, slug: str) -> HttpResponse:
    """A brand whose only verdict was withdrawn had an address once: it says when and why. Others never existed."""
    gone = Publication.objects.filter(assessment__brand__slug=slug, withdrawn_at__isnull=False).with_case()
    newest = gone.order_by("-withdrawn_at").first()
    if newest is None:
        raise Http404
    return withdrawn_page(request, newest)


def published_cases(record: Brand) -> list[dict[str, Any]]:
    """The verdict in force of each crisis, newest crisis first, with the document that readers are shown."""
    current = Publication.objects.current().filter(assessment__brand=record)
    with_texts = current.select_related("snapshot", "assessment__crisis").defer("snapshot__facts", "snapshot__verdict")
    return [
        {"publication": publication, "document": json.loads(publication.snapshot.document)}
        for publication in with_texts.order_by("-assessment__crisis__starts_on")
    ]


def merged(cases: Iterable[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Records of all cases, each once: the newest crisis tells them last. Each brings the sources it names."""
    found: dict[str, dict[str, Any]] = {}
    for case in cases:
        sources = {source["id"]: source for source in case["document"]["sources"]}
        for record in case["document"][kind]:
            named = record["sources"] if kind == "promises" else [record["source"]]
            crisis = case["publication"].assessment.crisis
            found.setdefault(record["id"], {**record, "crisis": crisis, "cited": [sources[key] for key in named]})
    return list(found.values())


def withdrawn_of(record: Brand) -> list[Publication]:
    """Cases whose newest version was taken back and not replaced."""
    versions = Publication.objects.filter(assessment__brand=record).select_related("assessment__crisis")
    newest: dict[int, Publication] = {}
    for publication in versions.order_by("version"):
        newest[publication.assessment_id] = publication
    return [publication for publication in newest.values() if publication.withdrawn_at]


def unpublished(record: Brand, among: QuerySet[Assessment] | None = None) -> list[Assessment]:
    """Cases that were judged and are not public. Strangers learn that there are some, and nothing of them; a link to
    the draft is for those who may read it."""
    cases = record.assessments.all() if among is None else among.filter(brand=record)
    judged = cases.filter(snapshots__isnull=False).exclude(publications__is_current=True)
    return list(judged.select_related("crisis").distinct())


def siblings(brands: QuerySet[Brand], record: Brand) -> list[Brand]:
    """Other brands of the same owner, among those that the reader may know of."""
    if not record.parent_group:
        return []
    return list(brands.filter(parent_group=record.parent_group).exclude(pk=record.pk)[:20])
