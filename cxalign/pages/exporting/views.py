"""Taking a scorecard away: the form on which slides and language are picked, and the files."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxalign.exports import limits
from cxalign.exports.answers import attachment
from cxalign.pages import cases
from cxalign.pages.errors import refusal
from cxalign.pages.exporting import deck, files, pictures, sheets
from cxalign.pages.exporting.edition import Edition, edition_of
from cxalign.templatetags.cxalign import page_language

FOREVER = 31_536_000
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@require_safe
@cases.answers_when_withdrawn
def export(
    request: HttpRequest, brand: str, crisis: str, format: str, number: int | None = None, draft: bool = False
) -> HttpResponse:
    """One file. Its language is that of the address, unless the form asks for the other one."""
    make = files.FORMATS.get(format)
    language = request.GET.get("language") or page_language()
    if make is None or language not in LANGUAGES:
        raise Http404
    with translation.override(language):
        edition = edition_of(request, brand, crisis, number, draft=draft)
        if format in files.HEAVY and (wait := limits.seconds_to_wait(request)):
            return too_many(request, wait)
        content, name = make(edition, request.GET)
    response = attachment(content, name)
    if edition.kind == "frozen":
        patch_cache_control(response, public=True, max_age=FOREVER, immutable=True)
    return response


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    minutes = max(1, round(wait / 60))
    told = _("Many files were made for you within the hour. Try again in %(minutes)d min.") % {"minutes": minutes}
    response = refusal(request, 429, _("Too many files at once"), told)
    response["Retry-After"] = str(wait)
    return response


@require_safe
@cases.answers_when_withdrawn
def choose(
    request: HttpRequest, brand: str, crisis: str, number: int | None = None, draft: bool = False
) -> HttpResponse:
    """Every format, and the slides to pick from."""
    edition = edition_of(request, brand, crisis, number, draft=draft)
    response = render(request, "pages/export.html", chooser(edition, brand, crisis, number))
    response["X-Robots-Tag"] = "noindex"
    return response


def chooser(edition: Edition, brand: str, crisis: str, number: int | None) -> dict[str, Any]:
    made = deck.deck_of(edition)
    names = deck.names()
    address = back_to(edition, brand, crisis, number)
    return {
        "edition": edition,
        "document": edition.document,
        "header": edition.card.header(),
        "address": address,
        "slides": [(slide.code, names[slide.code], slide.title) for slide in made.slides],
        "tables": sheets.titles(),
        "charts": pictures.offered(edition),
        "chosen_language": page_language(),
        "language_names": settings.LANGUAGES,
    }


def back_to(edition: Edition, brand: str, crisis: str, number: int | None) -> str:
    """The page that a file was taken from."""
    page = "draft" if edition.is_draft else "frozen" if number else "scorecard"
    return reverse(page, args=[brand, crisis, *([number] if number else [])])
