"""The legal notice and the accessibility statement. Texts are settings; one that is not given is said to be missing."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def notice(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/notice.html", {"legal": settings.LEGAL})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"legal": settings.LEGAL})
