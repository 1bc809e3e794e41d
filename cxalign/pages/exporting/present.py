"""The slides of a scorecard in the browser: arrow keys with a script, a scroll without, a printed page for each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cxalign.accounts.access import account_page
from cxalign.exports import fitting, screen
from cxalign.exports.slides import chosen
from cxalign.pages import cases
from cxalign.pages.exporting.deck import deck_of
from cxalign.pages.exporting.edition import edition_of
from cxalign.pages.exporting.views import back_to


@account_page
@require_safe
@cases.answers_when_withdrawn
def present(
    request: HttpRequest, brand: str, crisis: str, number: int | None = None, draft: bool = False
) -> HttpResponse:
    edition = edition_of(request, brand, crisis, number, draft=draft)
    deck = fitting.fitted(chosen(deck_of(edition), request.GET.getlist("slide")))
    context: dict[str, Any] = {
        "deck": deck,
        "slides": [screen.shown(slide, deck) for slide in deck.slides],
        "standing": edition.standing_versions,
        "back": back_to(edition, brand, crisis, number),
    }
    response = render(request, "exports/present.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
