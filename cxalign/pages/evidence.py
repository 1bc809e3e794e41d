"""Everything a verdict rests on, act by act and proof by proof, with every code in words."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cxalign.pages import arranging, cases
from cxalign.pages.sources import links_of
from scoring.scorecards import Scorecard


@cases.answers_when_withdrawn
def evidence(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """The evidence of the public version; without one, that of the draft for those who may read it."""
    card = _card(request, brand, crisis)
    document, address = card.document, reverse("scorecard", args=[brand, crisis])
    context = {
        "card": card,
        "document": document,
        "header": card.header(),
        "numbers": arranging.proof_numbers(document),
        "promises": {promise["id"]: promise for promise in document["promises"]},
        "sources": {source["id"]: source for source in document["sources"]},
        "proof_count": sum(len(action["proofs"]) for action in document["actions"]),
        "links": links_of(document["sources"]),
        "used": arranging.used_in(document, address),
        "address": address,
        "kind": "current" if card.publication else "draft",
        "draft_of_team": None if card.publication else cases.team_of_draft(request, card.snapshot),
        "read_on": timezone.localdate(),
        **(cases.reporting(card.publication) if card.publication else {}),
    }
    return render(request, "pages/evidence.html", context)


def _card(request: HttpRequest, brand: str, crisis: str) -> Scorecard:
    try:
        publication = cases.current(brand, crisis)
    except Http404:
        snapshot = cases.working_verdict(request, brand, crisis)
        if snapshot is None:
            raise
        return Scorecard(snapshot, None, settings.BASE_URL)
    return Scorecard(publication.snapshot, publication, settings.BASE_URL)
