"""What stands around every page of the desk: its places, those that this person may enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from cxalign.pages.frame import NavigationItem

if TYPE_CHECKING:
    from cxalign.accounts.models import User

PLACES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("desk", _("Today"), ()),
    ("desk-capture", _("Capture"), ("brands.add_source",)),
    ("desk-suggestions", _("Suggestions"), ("brands.add_source",)),
    ("desk-imports", _("Imports"), ("brands.add_source",)),
    ("desk-coding", _("Coding"), ("scoring.code", "scoring.organise")),
    ("desk-adjudication", _("Adjudication"), ("scoring.adjudicate",)),
    ("desk-queue", _("Queue"), ()),
    ("desk-quality", _("Quality"), ()),
    ("desk-replies", _("Replies"), ("scoring.answer_replies",)),
    ("desk-trail", _("Trail"), ()),
    ("desk-ties", _("My ties"), ()),
    ("admin:index", _("Admin"), ()),
)
"""Name of the address, word, and the rights of which one is needed."""


def places(request: HttpRequest, user: User) -> list[NavigationItem]:
    found = []
    for name, word, rights in PLACES:
        if rights and not any(map(user.has_perm, rights)):
            continue
        try:
            path = reverse(name)
        except NoReverseMatch:
            continue
        found.append(NavigationItem(word, path, _current(path, request.path, exact=name == "desk")))
    return found


def _current(path: str, here: str, *, exact: bool) -> str:
    if here == path:
        return "page"
    return "true" if here.startswith(path) and not exact else ""
