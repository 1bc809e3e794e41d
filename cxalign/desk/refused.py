"""A form of the desk that came too late: why, what it had held, and where to go on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from cxalign.accounts.written import written
from cxalign.desk.rendering import render_desk


def refused_page(request: HttpRequest, reason: str, *, onward: str, words: str) -> HttpResponse:
    """``onward`` is the address of the next step and ``words`` say what it is."""
    context = {"reason": reason, "written": written(request), "onward": onward, "words": words}
    return render_desk(request, "desk/refused.html", context, 409)
