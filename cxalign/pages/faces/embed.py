"""The verdict as a page that other sites frame: without a script, and the only page that may be framed."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from cxalign.pages import arranging
from cxalign.pages.faces.standing import Face, face_of, for_other_sites, one_of
from scoring.scorecards import Scorecard
from scoring.voices.showing import voice_of

THEMES = ("auto", "light", "dark")


@require_safe
@xframe_options_exempt
@for_other_sites
def embed(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    theme = one_of(request, "theme", THEMES, "auto")
    face = face_of(brand, crisis)

    @csp_replace({"frame-ancestors": list(settings.EMBED_ANCESTORS)})
    def framed(request: HttpRequest) -> HttpResponse:
        return render(request, "faces/embed.html", {"face": face, "theme": theme, **_shown(face)}, status=face.status)

    response: HttpResponse = framed(request)  # type: ignore[assignment]  # the decorator knows less
    return response


def _shown(face: Face) -> dict[str, object]:
    if face.in_force is None:
        return {}
    card = Scorecard(face.in_force.snapshot, face.in_force, settings.BASE_URL)
    return {
        "explanation": arranging.explanation(card.document, face.page),
        "card": card,
        "voice": voice_of(face.in_force, frozen=False),
    }
