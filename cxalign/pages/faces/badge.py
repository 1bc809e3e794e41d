"""The verdict as a small picture for other sites, and as data for whoever draws badges of their own."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cxalign.exports.palette import DARK, LIGHT
from cxalign.pages import words
from cxalign.pages.faces.standing import KEPT_FOR, Face, face_of, for_other_sites, one_of

THEMES = {"light": LIGHT, "dark": DARK}
WIDTH, HEIGHT = 300, 48
"""The same for every verdict, so that a page does not move when a verdict does."""
BARS = ((0, 11, 5), (8, 7.5, 8.5), (16, 4, 12), (24, 0, 16))
"""Left edge, top and height of each bar of the meter."""


@require_safe
@for_other_sites
def picture(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    theme = one_of(request, "theme", tuple(THEMES), "light")
    face = face_of(brand, crisis)
    return render(request, "faces/badge.svg", drawing(face, theme), content_type="image/svg+xml", status=face.status)


def drawing(face: Face, theme: str) -> dict[str, object]:
    colours, level = THEMES[theme], words.METER.get(face.robustness, 0)
    return {
        "face": face,
        "site_name": settings.SITE_NAME,
        "width": WIDTH,
        "height": HEIGHT,
        "ink": colours.ink,
        "ink_2": colours.ink_2,
        "tone": colours.tones[face.tone],
        "tone_ink": colours.inks[face.tone],
        "tint": colours.tints[face.tone],
        "bars": [(*bar, number < level) for number, bar in enumerate(BARS)] if level else [],
    }


@require_safe
@for_other_sites
def endpoint(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """The form that shields.io reads: label, message and colour."""
    face = face_of(brand, crisis)
    said = {
        "schemaVersion": 1,
        "label": face.subject or settings.SITE_NAME,
        "message": face.said,
        "color": LIGHT.tones[face.tone].removeprefix("#"),
        "isError": face.status != 200,
        "cacheSeconds": KEPT_FOR,
    }
    response = JsonResponse(said, status=face.status, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response
