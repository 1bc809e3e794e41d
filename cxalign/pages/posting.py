"""What every form without an account keeps to: it is not kept by caches, and nobody sends without end."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cxalign.pages.voice_forms import OpenForm

HOUR = 3600


def seconds_to_wait(request: HttpRequest, what: str = "voices", quota: int | None = None) -> int:
    """0 while this address may still send; counted by the connection, as a header could claim anything."""
    quota = settings.VOICES_PER_HOUR if quota is None else quota
    if not quota:
        return 0
    now = time.time()
    key = f"{what}-rate:{request.META.get('REMOTE_ADDR', '')}:{now // HOUR:.0f}"
    cache.add(key, 0, HOUR)
    try:
        used = cache.incr(key)
    except ValueError:  # thrown out by a full cache in between: the count starts afresh
        used = 1
    return 0 if used <= quota else HOUR - int(now % HOUR)


def private(response: HttpResponse) -> HttpResponse:
    """A page that is one person's: no cache keeps it and no search engine names it."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def too_often(request: HttpRequest, form: OpenForm, template: str, context: dict[str, Any], wait: int) -> HttpResponse:
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
