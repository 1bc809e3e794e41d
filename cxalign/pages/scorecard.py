"""The scorecard of a brand in a crisis: as it stands now, frozen at a version, and as a draft."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from cxalign.pages import arranging, cases, citing
from cxalign.pages.faces.sharing import sharing_of
from cxalign.pages.sources import links_of
from cxalign.templatetags.cxalign import page_language
from scoring.ledger import ledger
from scoring.models import Publication
from scoring.quality import not_reviewed_since
from scoring.scorecards import Scorecard, brand_document
from scoring.voices.notices import open_notice
from scoring.voices.showing import voice_of
from scoring.voices.taken import taken_by

FOREVER = 31_536_000
VERSIONS_SHOWN = 5


@cases.answers_when_withdrawn
def scorecard(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """What is public now. A brand that is only listed shows its identity; all else does not exist."""
    try:
        publication = cases.current(brand, crisis)
    except Http404:
        return _without_version(request, brand, crisis)
    context = {"retrieved_on": timezone.localdate(), "kind": "current"}
    return _page(request, Scorecard(publication.snapshot, publication, settings.BASE_URL), context)


@cases.answers_when_withdrawn
def frozen(request: HttpRequest, brand: str, crisis: str, number: int) -> HttpResponse:
    """One version as it was published: it never changes, so it may be kept for ever. Search engines get the other."""
    publication = cases.version(brand, crisis, number)
    context = {"retrieved_on": None, "kind": "frozen"}
    response = _page(request, Scorecard(publication.snapshot, publication, settings.BASE_URL), context)
    patch_cache_control(response, public=True, max_age=FOREVER, immutable=True)
    response["X-Robots-Tag"] = "noindex"
    return response


def draft(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """The working verdict, for those who work on it without coding it now, and for the consultants of its team."""
    snapshot = cases.working_verdict(request, brand, crisis)
    if snapshot is None:
        raise Http404
    team = cases.team_of_draft(request, snapshot)
    context = {"retrieved_on": None, "kind": "draft", "draft_of_team": team, "read_on": timezone.localdate()}
    response = _page(request, Scorecard(snapshot, None, settings.BASE_URL), context)
    response["X-Robots-Tag"] = "noindex"
    return response


@cases.answers_when_withdrawn
def cite(request: HttpRequest, brand: str, crisis: str, style: str) -> HttpResponse:
    """A citation as a file. It cites the version that is current."""
    if style not in citing.FORMATS:
        raise Http404
    publication = cases.current(brand, crisis)
    card = Scorecard(publication.snapshot, publication, settings.BASE_URL)
    media_type, ending, write = citing.FORMATS[style]
    cited = write(card, page_language(), timezone.localdate())
    response = HttpResponse(cited, content_type=f"{media_type}; charset=utf-8")
    name = f"{brand}_{crisis}_v{publication.version}_{page_language()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- The page ---------------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, card: Scorecard, more: dict[str, Any]) -> HttpResponse:
    document, language = card.document, page_language()
    brand, crisis = document["brand"]["slug"], document["crisis"]["slug"]
    address = reverse("scorecard", args=[brand, crisis])
    versions = _versions_up_to(card, cases.history(brand, crisis))
    standing = arranging.standing(versions)
    chosen = _stakeholder(request, document)
    first, others = arranging.changes(document)
    voices = _voices(card, frozen=more["kind"] == "frozen")
    context = {
        "card": card,
        "document": document,
        "header": card.header(),
        "explanation": arranging.explanation(document),
        "caps": arranging.caps(document),
        "reason": arranging.reason(document),
        "chances": arranging.chances(document),
        "changes": first,
        "other_changes": others,
        "bars": arranging.bars(document),
        "distances": arranging.distances(document),
        "signals": [(signal, arranging.hollow_acts(document, signal)) for signal in document["signals"]],
        "indices": arranging.indices(document),
        "ledger": ledger(document, chosen),
        "chosen_stakeholder": chosen,
        "documented": sum(row["evidence_items"] > 0 for row in document["coverage"]),
        "timeline": arranging.timeline(document, standing, voices["voice"]),
        "timeline_name": _("Timeline of %(brand)s: acts and versions") % {"brand": document["brand"]["name"]},
        "said": arranging.said(voices["voice"]),
        "moments": arranging.moments(document, standing, voices["voice"]),
        "turning_point": arranging.turns_on(document, standing),
        "opinions": (opinions := arranging.opinions(document)),
        "other_opinions": [one for one in opinions if not one.stands_first],
        "versions": versions[:VERSIONS_SHOWN],
        "taken": taken_by(versions[:VERSIONS_SHOWN]),
        "standing": standing,
        "not_reviewed_since": not_reviewed_since(card.snapshot) if more["kind"] == "current" else None,
        "dated_actions": sorted(document["actions"], key=lambda action: action["occurred_on"] or "9999"),
        "sources": {source["id"]: source for source in document["sources"]},
        "promises": {promise["id"]: promise for promise in document["promises"]},
        "links": None if more["kind"] == "frozen" else links_of(document["sources"]),
        "used": arranging.used_in(document, address),
        "address": address,
        "page_address": address if more["kind"] == "current" else _own_address(card),
        **voices,
        "sharing": sharing_of(brand, crisis, citing.title(card)) if more["kind"] == "current" else None,
        "citation": citing.as_text(card, language, more["retrieved_on"]),
        "citation_in_text": citing.in_text(card),
        "citation_title": citing.title(card),
        "citation_date": citing.published_on(card).strftime("%Y/%m/%d"),
        "structured_data": citing.structured_data(card, language),
        "styles": list(citing.FORMATS),
        **more,
    }
    return render(request, "pages/scorecard.html", context)


def _own_address(card: Scorecard) -> str:
    return f"/{page_language()}{card.path}"


def _voices(card: Scorecard, *, frozen: bool) -> dict[str, Any]:
    """The brand's voice beside a version; beside a draft, how long the brand may still reply to it."""
    if card.publication is None:
        return {"voice": None, "window": open_notice(card.snapshot.assessment)}
    case = [card.snapshot.assessment.brand.slug, card.snapshot.assessment.crisis.slug]
    return {
        "voice": voice_of(card.publication, frozen=frozen),
        "window": None,
        "report_address": reverse("report-case", args=case),
    }


def _versions_up_to(card: Scorecard, versions: list[Publication]) -> list[Publication]:
    """A frozen page does not speak of what came later, or it would not be frozen."""
    if card.publication is None:
        return versions
    return [one for one in versions if one.version <= card.publication.version]


def _stakeholder(request: HttpRequest, document: arranging.Document) -> str:
    """The group that the ledger is filtered by; anything else in the address is no filter."""
    chosen = request.GET.get("stakeholder", "")
    return chosen if chosen in {row["stakeholder"] for row in document["coverage"]} else ""


# --- Without a published version --------------------------------------------------------------------------------------


def _without_version(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    listed = cases.listed(brand, crisis)
    readable = cases.working_verdict(request, brand, crisis) is not None
    if listed:
        return _listed_page(request, listed, readable)
    if readable:
        return redirect("draft", brand, crisis)
    raise Http404


def _listed_page(request: HttpRequest, listed: cases.Listed, readable: bool) -> HttpResponse:
    """Identity and nothing else: no archetype, no proof, no evidence. That work is under way is no secret."""
    context = {
        "brand": brand_document(listed.brand),
        "crisis": listed.crisis,
        "crisis_name": {"en": listed.crisis.name_en, "fr": listed.crisis.name_fr},
        "under_review": listed.under_review,
        "may_read_draft": readable,
    }
    response = render(request, "pages/unpublished.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
