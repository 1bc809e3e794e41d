"""Brands or practices picked on a list for a comparison: they travel in the address, through filters and pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cxalign.pages.frame import PICKED, PICKED_PRACTICES, slugs_in

LISTS = {
    PICKED: (
        "compare",
        lambda: _("Compare the brands picked"),
        lambda: _("Two to five brands can be compared side by side."),
    ),
    PICKED_PRACTICES: (
        "practices-compare",
        lambda: _("Compare the practices picked"),
        lambda: _("Two to five practices can be compared side by side."),
    ),
}
"""What is picked → where it is compared, and the words around the button."""


def picking(request: HttpRequest, on_page: Iterable[str], name: str = PICKED) -> dict[str, Any]:
    """What ``parts/tick.html`` and ``parts/pick.html`` need to know. ``on_page`` are the slugs of the rows in sight."""
    picks, in_sight = slugs_in(request.GET, name), set(on_page)
    others = request.GET.copy()
    others.pop(name, None)
    comparing, compare_them, how_many = LISTS[name]
    return {
        "comparing": reverse(comparing),
        "compare_them": compare_them(),
        "how_many": how_many(),
        "pick_name": name,
        "are_brands": name == PICKED,
        "picks": picks,
        "picks_elsewhere": [slug for slug in picks if slug not in in_sight],
        "kept_by_pick": [(other, value) for other, values in others.lists() if other != "page" for value in values],
        "unpicked": f"?{others.urlencode()}",
    }
