"""What stands around every page: who reads it, where one can go from it, and the same page in the other language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

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


def path_in_none(path: str) -> str:
    """The address that leads to the page in the language of the browser."""
    _empty, first, *rest = path.split("/", 2)
    return f"/{rest[0]}" if first in LANGUAGE_CODES and rest else "/"


@dataclass(frozen=True, slots=True)
class NavigationItem:
    name: str
    path: str
    current: str
    """What ``aria-current`` says: ``page`` on the page itself, ``true`` below it, else nothing."""


def navigation(request: HttpRequest) -> list[NavigationItem]:
    """Only what exists: a link that leads nowhere is worse than none."""
    plans = [(_("Plans"), reverse("plans"))] if reader_of(request).is_authenticated else []
    places = [
        (_("Brands"), reverse("brands")),
        (_("Landscape"), reverse("landscapes")),
        (_("Compare"), reverse("compare")),
        (_("Practices"), reverse("practices")),
        *plans,
        (_("Method"), reverse("method")),
    ]
    return [NavigationItem(name, path, _current(path, request.path)) for name, path in places]


def _current(path: str, here: str) -> str:
    if here == path:
        return "page"
    return "true" if here.startswith(path) else ""


# --- The compare tray -------------------------------------------------------------------------------------------------

PICKED = "b"
"""The parameter that carries the brands picked for a comparison, from list to list and to the comparison itself."""
PICKED_PRACTICES = "p"
"""The same for practices, from the library to their comparison."""
MOST_PICKED = 20
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,200}")


@dataclass(frozen=True, slots=True)
class Tray:
    """The brands picked so far. It lives in the address and nowhere else."""

    slugs: tuple[str, ...]
    address: str

    @property
    def count(self) -> int:
        return len(self.slugs)


def picked(request: HttpRequest) -> tuple[str, ...]:
    return slugs_in(request.GET)


def slugs_in(query: QueryDict, name: str = PICKED) -> tuple[str, ...]:
    """The slugs picked, each once; whether there are such records is asked where they are shown."""
    slugs = (slug for slug in query.getlist(name) if _SLUG.fullmatch(slug))
    return tuple(dict.fromkeys(slugs))[:MOST_PICKED]


def tray(request: HttpRequest) -> Tray | None:
    """Nothing on the comparison itself, which shows them, and nothing before the first brand is picked."""
    slugs, comparison = picked(request), reverse("compare")
    if not slugs or request.path == comparison:
        return None
    query = [*((PICKED, slug) for slug in slugs), *(("crisis", slug) for slug in _crisis_of(request))]
    return Tray(slugs, f"{comparison}?{urlencode(query)}")


def _crisis_of(request: HttpRequest) -> list[str]:
    """The crisis that the page is about: that of its address, or the only one that its list is filtered by."""
    place = request.resolver_match
    if place and "crisis" in place.kwargs:
        return [place.kwargs["crisis"]]
    asked = request.GET.getlist("crisis")
    return asked if len(asked) == 1 else []


def report_address() -> str:
    """Where an error is reported; the pages of a case put an address of their own in its place."""
    return reverse("report")
