"""The public log of corrections: what was wrong, since when, and what putting it right changed."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from scoring.voices.showing import visible_corrections

PAGE = 50


def corrections(request: HttpRequest) -> HttpResponse:
    """Newest first; those of one brand where the address names it."""
    found = visible_corrections()
    brand = request.GET.get("brand", "")
    if brand:
        found = found.filter(assessment__brand__slug=brand)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "brand": brand, "numbers": page.paginator.get_elided_page_range(page.number)}
    return render(request, "pages/corrections.html", context)
