"""What the scripts of the capture screen ask for. Each answer is also on the page itself, one button later."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from brands.capture import promises_quoted
from brands.models import Brand, Crisis, Source
from cxalign.desk.access import desk_page
from cxalign.desk.capture.fields import brands_like, brands_named
from cxalign.desk.capture.forms import promises_of, yardstick_label
from cxalign.desk.capture.sheet import source_twins
from cxalign.templatetags.cxalign import partial_date

LONGEST = 1000
"""What is typed into an address is cut there."""


@desk_page("brands.add_source")
def on_file(request: HttpRequest) -> HttpResponse:
    """Sources and promises on file that may be what is being typed."""
    typed = {name: request.GET.get(name, "")[:LONGEST] for name in ("url", "title", "quote", "brand")}
    exact, near = source_twins(typed["url"], typed["title"])
    named = brands_named(typed["brand"]) if typed["brand"] else []
    promises = promises_quoted(named[0], typed["quote"]) if len(named) == 1 else []
    return JsonResponse(
        {
            "exact": [told_source(source) for source in exact],
            "near": [told_source(source) for source in near],
            "promises": [{"text": str(promise), "edit": edit_page(promise)} for promise in promises],
        }
    )


def told_source(source: Source) -> dict[str, Any]:
    facts = (source.publisher, partial_date(source.published_on))
    return {
        "id": source.pk,
        "title": source.title,
        "told": " · ".join(fact for fact in facts if fact),
        "edit": edit_page(source),
    }


def edit_page(record: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


@desk_page("brands.add_source")
def brands(request: HttpRequest) -> HttpResponse:
    """The brands that answer to what is being typed."""
    found = brands_like(request.GET.get("q", "")[:80])
    return JsonResponse({"brands": [{"name": brand.name, "told": str(brand.sector)} for brand in found]})


@desk_page("brands.add_source")
def brand(request: HttpRequest) -> HttpResponse:
    """What the screen has to know once a brand is chosen: its promises, and where its verdict stands."""
    named = brands_named(request.GET.get("brand", "")[:120]) if request.GET.get("brand") else []
    if len(named) != 1:
        raise Http404
    chosen = named[0]
    promises = [
        {"id": promise.pk, "label": yardstick_label(promise), "groups": promise.stakeholders}
        for promise in promises_of(chosen)
    ]
    address = reverse("desk-verdict", args=[chosen.pk])
    return JsonResponse({"slug": chosen.slug, "name": chosen.name, "promises": promises, "verdict": address})


@desk_page()
def verdict(request: HttpRequest, brand_id: int) -> HttpResponse:
    """The panel with the working verdict, alone."""
    record: Any = Brand.objects.filter(pk=brand_id).first()
    if record is None:
        raise Http404
    crisis = Crisis.objects.filter(slug=request.GET.get("crisis", "")).first()
    here = request.GET.get("here", "")
    context = {"record": record, "crisis": crisis, "back": here if here.startswith("/") and here[1:2] != "/" else ""}
    return render(request, "desk/capture_verdict.html", context)
