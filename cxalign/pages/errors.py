"""Refusals, told in the frame of the site: what happened, what still works, and the number to quote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cxalign.accounts.signing_in_again import keep_for_another_try
from cxalign.accounts.written import written
from cxalign.pages.context import public_frame


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return refusal(
        request,
        400,
        _("This request cannot be read"),
        _("Something in the address or in what was sent is not as it should be. Nothing was changed."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The reason is the one that the rule gave, where it gave one."""
    reason = str(exception) if exception and exception.args else ""
    usual = _("Your account lacks the right for it. An administrator of this site can give it to you.")
    return refusal(request, 403, _("You may not do this"), reason or usual, written(request))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refusal(
        request,
        404,
        _("There is nothing at this address"),
        _("The address may be mistyped, or what stood here may never have been published."),
        written(request),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The page is drawn without the database, which may be what failed."""
    return refusal(
        request,
        500,
        _("This page could not be made"),
        _("Something failed on our side, and it has been written down. What you had saved is safe; try again shortly."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return keep_for_another_try(request) or refusal(
        request,
        403,
        _("This form is too old to be sent"),
        _("Nothing was saved. Go back, reload the page and send the form again; cookies have to be allowed for that."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    return refusal(
        request,
        413,
        _("This is too much to be sent at once"),
        _("Nothing was saved. Send less text, or smaller files; your browser still has what you typed: go back."),
    )


def refusal(
    request: HttpRequest, status: int, title: str, what_happened: str, texts: Sequence[str] = ()
) -> HttpResponse:
    """A stranger's page whoever asks: finding out who reads may be what failed. ``texts`` are what they had written."""
    context: dict[str, Any] = {
        **public_frame(request),
        "status": status,
        "error_title": title,
        "what_happened": what_happened,
        "written": texts,
        "request_id": getattr(request, "id", ""),
        "reader": AnonymousUser(),
    }
    response = render(request, "pages/error.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
