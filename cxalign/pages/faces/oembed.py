"""oEmbed: whoever is given the address of a scorecard learns here how to frame it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxalign.pages.faces.standing import KEPT_FOR, NOTHING, Face, face_of, for_other_sites
from cxalign.pages.frame import LANGUAGE_CODES
from cxalign.templatetags.cxalign import page_language

MEDIA_TYPE = "application/json+oembed"
HEIGHTS = ((620, 320), (560, 370), (480, 395), (400, 440), (340, 530), (0, 600))
"""From this width on, the height in which the longest of the two sentences stands without a scroll bar."""
WIDTH, WIDEST = 560, 700


@dataclass(frozen=True)
class Asked:
    """A scorecard, in a language, and the room there is for it."""

    face: Face
    language: str
    slugs: tuple[str, str]
    width: int
    height: int


class Refused(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@require_safe
@for_other_sites
def oembed(request: HttpRequest) -> HttpResponse:
    try:
        wanted = asked(request)
        told, status, language = rich(wanted), 200, wanted.language
    except Refused as refusal:
        told, status, language = {"detail": refusal.detail}, refusal.status, page_language()
    response = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Content-Language"] = language
    return response


def asked(request: HttpRequest) -> Asked:
    """What is asked for, or the refusal that the specification has for it."""
    if request.GET.get("format", "json") != "json":
        raise Refused(501, _("The answer exists as JSON only."))
    if not (url := request.GET.get("url", "")):
        raise Refused(400, _("Name the address of a scorecard in “url”."))
    most = {name: _size(request, name) for name in ("maxwidth", "maxheight")}
    language, slugs = case_at(url)
    face = face_of(*slugs) if language else NOTHING
    if face.status == 410:
        raise Refused(410, _("This verdict was taken back."))
    if face.status != 200:
        raise Refused(404, _("There is no scorecard at this address."))
    width, height = size_within(most["maxwidth"], most["maxheight"])
    return Asked(face, language, slugs, width, height)


def _size(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:6]) > 0):
        raise Refused(400, _("“%(name)s” is a number of pixels.") % {"name": name})
    return int(text[:6])


def case_at(url: str) -> tuple[str, tuple[str, str]]:
    """Language, brand and crisis of a scorecard of this site; empty for any other address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ("", "")
    language = parts.path.split("/")[1:2]
    ours = parts.scheme in ("http", "https") and parts.netloc == urlsplit(settings.BASE_URL).netloc
    if not ours or not language or language[0] not in LANGUAGE_CODES:
        return "", ("", "")
    with translation.override(language[0]):
        try:
            place = resolve(parts.path)
        except Resolver404:
            return "", ("", "")
    if place.url_name != "scorecard":
        return "", ("", "")
    return language[0], (place.kwargs["brand"], place.kwargs["crisis"])


def size_within(maxwidth: int | None, maxheight: int | None) -> tuple[int, int]:
    """As wide as a text, as high as it then needs; never more than there is room for."""
    width = min(WIDTH, maxwidth or WIDTH)
    height = height_at(width)
    return width, min(height, maxheight or height)


def height_at(width: int) -> int:
    return next(height for least, height in HEIGHTS if width >= least)


def rich(of: Asked) -> dict[str, Any]:
    with translation.override(of.language):
        title = of.face.subject
        return {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": settings.SITE_NAME,
            "provider_url": settings.BASE_URL,
            "cache_age": KEPT_FOR,
            "width": of.width,
            "height": of.height,
            "html": frame(of.slugs, of.language, title, of.width, of.height),
        }


def frame(slugs: tuple[str, str], language: str, subject: str, width: int, height: int) -> str:
    """The markup that shows a scorecard on another page: nothing of that page is within its reach."""
    address = f"{settings.BASE_URL}{reverse('embed', args=slugs)}?{urlencode({'lang': language})}"
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox" style="border:0;max-width:100%"></iframe>',
        address,
        _("%(case)s, scorecard by %(site)s") % {"case": subject, "site": settings.SITE_NAME},
        width,
        height,
    )


def discovery(page: str) -> str:
    """Where a program that holds the address of a scorecard asks."""
    return f"{settings.BASE_URL}{reverse('oembed')}?{urlencode({'url': page, 'format': 'json'})}"
