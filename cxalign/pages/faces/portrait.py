"""The picture that stands beside a link to a scorecard in messages and networks."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cxalign.exports import drawings, fitting, limits, palette
from cxalign.exports.drawings import Shape, Shapes
from cxalign.exports.setting import set_
from cxalign.exports.slides import Run
from cxalign.pages import words
from cxalign.pages.exporting.views import too_many
from cxalign.pages.faces.badge import BARS
from cxalign.pages.faces.standing import Face, face_of, for_other_sites
from cxalign.templatetags.cxalign import page_language

WIDTH, HEIGHT = 600, 315
"""Twice as many pixels: the size that networks ask for."""
DAY = 86_400


@require_safe
@for_other_sites
def portrait(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """Of a version in force only. It is drawn once, as long as the version and the name of the brand stay."""
    face = face_of(brand, crisis)
    if face.in_force is None or face.brand is None:
        raise Http404
    key = f"portrait:{face.in_force.pk}:{page_language()}:{face.brand.revision}"
    content: bytes | None = cache.get(key)
    if content is None:
        if wait := limits.seconds_to_wait(request):
            return too_many(request, wait)
        content = drawn(face)
        cache.set(key, content, DAY)
    return HttpResponse(content, content_type="image/png")


def drawn(face: Face) -> bytes:
    data = {"width": WIDTH, "height": HEIGHT, "shapes": drawings.as_data(shapes(face)), "language": page_language()}
    return set_("picture.typ", data, format="png", ppi=144)


def shapes(face: Face) -> Shapes:
    """The verdict on its tint: brand, mark and word, how sure, as of when, and whose opinion it is."""
    ink = palette.TONE_INKS[face.tone]
    subject, high = drawings.written((Run(face.subject),), 48, 38, 510, fitting.Style(23, strong=True), palette.INK_2)
    middle = max(112.0, 38 + high + 22)
    word, tall = drawings.written((Run(face.word),), 116, middle, 440, fitting.Style(40, serif=True, strong=True), ink)
    under = middle + max(tall, 52) + 16
    return [
        Shape("box", 0, 0, WIDTH, HEIGHT, fill=palette.LIGHT.tints[face.tone]),
        Shape("box", 0, 0, 14, HEIGHT, fill=palette.TONES[face.tone]),
        *subject,
        *drawings.mark(face.tone, 48, middle, 52),
        *word,
        *_meter(face, under),
        drawings.words(" · ".join(face.details), 92 if face.robustness else 48, under + 15, 19, fill=palette.INK_2),
        drawings.rule(48, 262, WIDTH - 40, 262, palette.LINE_STRONG),
        drawings.words(settings.SITE_NAME, 48, 288, 18, strong=True, serif=True),
    ]


def _meter(face: Face, y: float) -> Shapes:
    level = words.METER.get(face.robustness, 0)
    return [
        Shape("box", 48 + x * 1.1, y + top, 6.6, high, fill=palette.INK if number < level else "", stroke=palette.INK)
        for number, (x, top, high) in enumerate(BARS)
        if level
    ]
