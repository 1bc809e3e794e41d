"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from cxalign.pages import frame
from scoring.leaving_out import left_out


def site(request: HttpRequest) -> dict[str, Any]:
    """The admin has a frame of its own: it needs the names only."""
    names = {"site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
    own_frame = request.path.startswith("/admin/") and not getattr(request, "in_public_frame", False)
    return names if own_frame else {**names, **public_frame(request)}


def public_frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of the public pages shows; the error pages stand in it everywhere."""
    return {
        "reader": frame.reader_of(request),
        "languages": frame.languages(request),
        "any_language": frame.path_in_none(request.path),
        "navigation": frame.navigation(request),
        "tray": frame.tray(request),
        "report_address": frame.report_address(),
        "brands_are_left_out": bool(left_out()),
    }
