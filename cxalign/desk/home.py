"""The first page of the desk: what waits for this person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from cxalign.desk.access import desk_page
from cxalign.desk.rendering import render_desk


@desk_page()
def home(request: HttpRequest) -> HttpResponse:
    return render_desk(request, "desk/home.html", {})
