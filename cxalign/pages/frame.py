"""What stands around every page: who reads it, where one can go from it, and the same page in the other language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cxalign.plans.gate import can_plan

if TYPE_CHECKING:
    from cxalign.accounts.models import User

LANGUAGE_CODES = tuple(code for code, _name in settings.LANGUAGES)


def reader_of(request: HttpRequest) -> User | AnonymousUser:
    """Who reads. Without a session cookie nobody looks for a session, so that strangers share one cached answer.

    A request refused early has no user yet; its error page is a stranger's.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return AnonymousUser()
    return getattr(request, "user", AnonymousUser())


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    path: str
    address: str
    """With the query string, so that a filtered list stays filtered."""

    @property
    def short(self) -> str:
        return self.code.upper()


def languages(request: HttpRequest) -> list[Language]:
    query = request.META.get("QUERY_STRING", "")
    found = []
    for code, name in settings.LANGUAGES:
        path = path_in(code, request.path)
        found.append(Language(code, name, path, f"{path}?{query}" if query else path))
    return found


def path_in(code: str, path: str) -> str:
    """The same page in another language; an address without a language has none, so its reader lands at home."""
    _empty, first, *rest = path.split("/", 2)
    return f"/{code}/{rest[0]}" if first in LANGUAGE_CODES and rest else f"/{code}/"


@dataclass(frozen=True, slots=True)
class NavigationItem:
    name: str
    path: str
    current: str
    """What ``aria-current`` says: ``page`` on the page itself, ``true`` below it, else nothing."""


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """Only what exists: a link that leads nowhere is worse than none."""
    plans = [(_("Plans"), reverse("plans"))] if can_plan(reader_of(request)) else []
    places = [
        (_("Brands"), reverse("brands")),
        (_("Practices"), reverse("practices")),
        *plans,
        (_("Method"), reverse("method")),
    ]
    return [NavigationItem(name, path, _current(path, request.path)) for name, path in places]


def _current(path: str, here: str) -> str:
    if here == path:
        return "page"
    return "true" if here.startswith(path) else ""


def report_address() -> str:
    """Where an error is reported; the pages of a case put an address of their own in its place."""
    return reverse("report")
