"""What can be taken away, what its columns hold, under which licence, and how it is cited."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cxalign.exports.tables import Column
from cxalign.pages.citing import PUBLISHER
from cxalign.pages.exporting import sheets
from cxalign.templatetags.cxalign import full_date
from scoring.models import Publication


@dataclass(frozen=True, slots=True)
class Described:
    """A table as the dictionary tells it: the texts of the workbook’s own sheet."""

    name: str
    title: str
    columns: list[Column]


def dictionary() -> list[Described]:
    titles = sheets.titles()
    return [
        Described(name, titles[name], sheets.columns(described))
        for name, (_title, described, _maker) in sheets.TABLES.items()
    ]


def citation() -> str:
    """Of the whole set, as it is today; a single verdict has a version and a citation of its own."""
    text = _("“Published scorecards”, data set, format %(format)s, as of %(date)s. %(publisher)s.")
    parts = {"format": sheets.FORMAT, "date": full_date(timezone.localdate()), "publisher": PUBLISHER}
    return f"{text % parts} {settings.BASE_URL}{reverse('data')}"


def data(request: HttpRequest) -> HttpResponse:
    context = {
        "published": Publication.objects.current().count(),
        "dictionary": dictionary(),
        "remarks": sheets.common_remarks(),
        "citation": citation(),
        "api_base": f"{settings.BASE_URL}{reverse('api')}",
    }
    return render(request, "pages/data.html", context)
