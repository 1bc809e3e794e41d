"""Many scorecards at once: what the set is, the tables as they come, the workbook at once or by a worker."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from cxalign.accounts.access import account_page, person
from cxalign.exports import csv, jobs, limits, xlsx
from cxalign.exports.answers import attachment, stream
from cxalign.pages.errors import bad_request
from cxalign.pages.exporting import many, sheets
from cxalign.pages.exporting.views import LANGUAGES, too_many
from cxalign.pages.filters import BRAND
from cxalign.pages.frame import slugs_in
from cxalign.templatetags.cxalign import page_language

AT_ONCE = 50
"""As many scorecards are written while the reader waits; more of them are a worker's."""


@require_safe
def choose_many(request: HttpRequest) -> HttpResponse:
    """What answers to the filters of the list, or was picked on it, and in which form to take it."""
    if picks := slugs_in(request.GET):
        return redirect(f"{request.path}?{urlencode([(BRAND, slug) for slug in picks])}")
    query = many.query_of(request.GET)
    found = many.understood(query)
    count = many.publications(found).count()
    context = {
        "asked": found,
        "count": count,
        "at_once": count <= AT_ONCE,
        "tables": sheets.titles(),
        "kept": [(name, value) for name, values in query.items() for value in values],
        "query_string": many.as_parameters(query).urlencode(),
        "chosen_language": page_language(),
        "language_names": settings.LANGUAGES,
    }
    response = render(request, "pages/export_many.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def language_of(given: Any) -> str:
    language = given.get("language") or page_language()
    if language not in LANGUAGES:
        raise Http404
    return str(language)


@require_safe
def table(request: HttpRequest) -> HttpResponseBase:
    """One table over the whole set, sent while it is read."""
    name, dialect = request.GET.get("table", "scorecards"), request.GET.get("dialect", "rfc4180")
    language = language_of(request.GET)
    if name not in sheets.TABLES or dialect not in csv.DIALECTS:
        raise Http404
    found = many.understood(many.query_of(request.GET))
    if found.complaints:
        return bad_request(request)
    if wait := limits.seconds_to_wait(request):
        return too_many(request, wait)
    with translation.override(language):
        pieces = many.as_csv(many.publications(found), name, dialect)
        return stream(in_language(pieces, language), many.name_of("csv", name))


def in_language(pieces: Iterable[bytes], language: str) -> Iterator[bytes]:
    """Each piece is made in that language, though the request that asked for it is over by then."""
    coming = iter(pieces)
    while True:
        with translation.override(language):
            piece = next(coming, None)
        if piece is None:
            return
        yield piece


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """The workbook of a small set, at once."""
    language = language_of(request.GET)
    with translation.override(language):
        found = many.understood(many.query_of(request.GET))
        if found.complaints:
            return bad_request(request)
        chosen = many.publications(found)
        count = chosen.count()
        if count > AT_ONCE:
            return redirect(f"{reverse('scorecards-export')}?{request.GET.urlencode()}")
        if wait := limits.seconds_to_wait(request):
            return too_many(request, wait)
        target = io.BytesIO()
        xlsx.write(target, many.workbook(chosen, found, count))
        return attachment(target.getvalue(), many.name_of("xlsx"))


@account_page
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Have the workbook of a large set made in the background."""
    language = language_of(request.POST)
    query = {name: request.POST.getlist(name) for name in many.FILTERS if name in request.POST}
    found = many.understood(query)
    if found.complaints:
        return bad_request(request)
    with translation.override(language):
        count = many.publications(found).count()
        name = many.name_of("xlsx")
        try:
            job = jobs.order(many.KIND, "xlsx", query, name=name, total=count, by=person(request))
        except jobs.TooManyError as error:
            messages.error(request, str(error))
            return redirect("account-exports")
    return redirect("account-export", pk=job.pk)
