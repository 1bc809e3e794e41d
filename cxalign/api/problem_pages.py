"""What the ``type`` of a problem leads to: a page for people that explains the code."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cxalign.api.errors import KINDS


def problem(request: HttpRequest, code: str) -> HttpResponse:
    if code not in KINDS:
        raise Http404
    return render(request, "pages/problem.html", {"code": code, "kind": KINDS[code]})
