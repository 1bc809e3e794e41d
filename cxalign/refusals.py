"""Who is told of what Django refuses before any view is asked: a program as a problem, a person as a page."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from cxalign.api.errors import Problem, response_to
from cxalign.pages import errors

PROGRAMS = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith(PROGRAMS):
        return response_to(request, Problem("too_large" if isinstance(exception, RequestDataTooBig) else "malformed"))
    return errors.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(PROGRAMS):
        return response_to(request, Problem("internal_error"))
    return errors.server_error(request)
