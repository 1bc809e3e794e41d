"""Brands picked on a list for a comparison: they travel in the address, through filters and pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from cxalign.pages.frame import PICKED, picked


def picking(request: HttpRequest, on_page: Iterable[str]) -> dict[str, Any]:
    """What ``parts/tick.html`` and ``parts/pick.html`` need to know. ``on_page`` are the slugs of the rows in sight."""
    picks, in_sight = picked(request), set(on_page)
    others = request.GET.copy()
    others.pop(PICKED, None)
    return {
        "picks": picks,
        "picks_elsewhere": [slug for slug in picks if slug not in in_sight],
        "kept_by_pick": [(name, value) for name, values in others.lists() if name != "page" for value in values],
        "unpicked": f"?{others.urlencode()}",
    }
