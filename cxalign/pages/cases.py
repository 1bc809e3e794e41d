"""Which verdict a reader gets to see at an address: the gate of scorecard, evidence and history pages.

Public pages read publications and nothing else. What is not published does not exist for those who may not read
drafts; what was withdrawn answers 410 with its date and its reason, for good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from brands.models import Brand, Crisis
from cxalign.pages.frame import reader_of
from scoring.models import Assessment, Publication, Snapshot, may_read_drafts
from scoring.visibility import visible_brands, visible_snapshots

if TYPE_CHECKING:
    from cxalign.accounts.models import Team

View = Callable[..., HttpResponse]


class Withdrawn(Exception):
    """The version asked for, or the newest one of the case, was taken back."""

    def __init__(self, publication: Publication) -> None:
        super().__init__(str(publication))
        self.publication = publication


def answers_when_withdrawn(view: View) -> View:
    """Turn ``Withdrawn`` into the page that says when and why."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Withdrawn as gone:
            return withdrawn_page(request, gone.publication)

    return answer


def withdrawn_page(request: HttpRequest, publication: Publication) -> HttpResponse:
    context = {
        "publication": publication,
        "brand": publication.assessment.brand,
        "crisis_name": crisis_name(publication.assessment),
    }
    return render(request, "pages/withdrawn.html", context, status=410)


def crisis_name(assessment: Assessment) -> dict[str, str]:
    return {"en": assessment.crisis.name_en, "fr": assessment.crisis.name_fr}


def reporting(newest: Publication) -> dict[str, str]:
    """Where an error on a page of this case is reported; a withdrawn one has no form of its own any more."""
    case = newest.assessment
    own = {"report_address": reverse("report-case", args=[case.brand.slug, case.crisis.slug])}
    return {} if newest.withdrawn_at else own


def reads_drafts(request: HttpRequest) -> bool:
    """Whether this reader works on drafts. Without a session cookie nobody asks the database."""
    return may_read_drafts(reader_of(request))


def publications_of(brand: str, crisis: str) -> QuerySet[Publication]:
    """The versions of a case, each with its verdict, newest first."""
    return (
        Publication.objects.filter(assessment__brand__slug=brand, assessment__crisis__slug=crisis)
        .with_case()
        .order_by("-version")
    )


_HEAVY = ("snapshot__facts", "snapshot__verdict")
_ALL_TEXT = (*_HEAVY, "snapshot__document")


def current(brand: str, crisis: str) -> Publication:
    """What is public now. Withdrawn says so; a case without a version is not found."""
    newest = publications_of(brand, crisis).defer(*_HEAVY).first()
    if newest is None:
        raise Http404
    if newest.withdrawn_at:
        raise Withdrawn(newest)
    return with_case(newest)


def version(brand: str, crisis: str, number: int) -> Publication:
    """One version, as it was published."""
    publication = publications_of(brand, crisis).defer(*_HEAVY).filter(version=number).first()
    if publication is None:
        raise Http404
    if publication.withdrawn_at:
        raise Withdrawn(publication)
    return with_case(publication)


def with_case(publication: Publication) -> Publication:
    """Snapshot and publication belong to the same case: no second query for it."""
    publication.snapshot.assessment = publication.assessment
    return publication


def history(brand: str, crisis: str) -> list[Publication]:
    """Every version, newest first, without the texts that lists do not show."""
    return [with_case(publication) for publication in publications_of(brand, crisis).defer(*_ALL_TEXT)]


@dataclass(frozen=True)
class Listed:
    """A case of which nothing but its name is public, and that somebody works on it or not."""

    brand: Brand
    crisis: Crisis
    under_review: bool


def listed(brand: str, crisis: str) -> Listed | None:
    """A case without a version, of a brand that an editor lists; nothing for all others."""
    found = visible_brands(None).select_related("sector").filter(slug=brand, listed=True).first()
    during = Crisis.objects.filter(slug=crisis).first()
    if found is None or during is None:
        return None
    drafted = Snapshot.objects.filter(assessment__brand=found, assessment__crisis=during).exists()
    return Listed(found, during, drafted)


def working_verdict(request: HttpRequest, brand: str, crisis: str) -> Snapshot | None:
    """The newest verdict of a case, published or not, if this reader may read it."""
    cases = visible_snapshots(reader_of(request)).filter(assessment__brand__slug=brand, assessment__crisis__slug=crisis)
    return (
        cases.select_related("assessment__brand__sector", "assessment__crisis", "assessment__team")
        .defer("facts", "verdict")
        .order_by("-sequence")
        .first()
    )


def team_of_draft(request: HttpRequest, snapshot: Snapshot) -> Team | None:
    """The team for which this reader sees the draft, which the page then names; none for those who work on it."""
    return None if reads_drafts(request) else snapshot.assessment.team
