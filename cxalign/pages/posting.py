"""What every form without an account keeps to: it is not kept by caches, and nobody sends without end."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from cxalign.accounts import quotas
from scoring.voices.documents import MAX_BYTES


def seconds_to_wait(request: HttpRequest, what: str = "voices", quota: int | None = None) -> int:
    """0 while this address may still send; counted by the connection, as a header could claim anything."""
    quota = settings.VOICES_PER_HOUR if quota is None else quota
    return quotas.seconds_to_wait(what, request.META.get("REMOTE_ADDR", ""), quota)


# --- Files ------------------------------------------------------------------------------------------------------------


class Bounded(FileUploadHandler):
    """Lets no more pass than a reply may hold: what comes after is read and dropped, so that no disk is filled. What
    was typed into the form beside it is kept."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.meta = request.META
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > MAX_BYTES:
            self.meta[TOO_LARGE] = "1"
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one make the file."""


TOO_LARGE = "cxalign.files_too_large"


def takes_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A form with files. The check against forged requests reads the body: the bound has to be there before."""
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def bounded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            request.upload_handlers.insert(0, Bounded(request))
        answer: HttpResponse = checked(request, *args, **kwargs)
        return answer

    return bounded


def files_were_too_large(request: HttpRequest) -> bool:
    return bool(request.FILES is not None and TOO_LARGE in request.META)  # known once the body is read


def attached(body: bytes, *, media_type: str, name: str) -> HttpResponse:
    """A file that strangers wrote: to be saved, never shown."""
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def private(response: HttpResponse) -> HttpResponse:
    """A page that is one person's: no cache keeps it and no search engine names it."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def too_often(request: HttpRequest, form: Form, template: str, context: dict[str, Any], wait: int) -> HttpResponse:
    """Refuse for the moment; what was typed is still there."""
    minutes = max(1, round(wait / 60))
    form.add_error(
        None,
        _("Much has been sent from your connection. Nothing is lost: send the form again in %(minutes)d min.")
        % {"minutes": minutes},
    )
    response = private(render(request, template, context, status=429))
    response["Retry-After"] = str(wait)
    return response


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A form, fresh or with its errors. Its key is one screen's: it is never shared."""
    return private(render(request, template, context, status=422 if context["form"].is_bound else 200))
