"""Who may open which page of an account. Every view there carries its rule, and a test looks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

if TYPE_CHECKING:
    from cxalign.accounts.models import User

View = Callable[..., HttpResponseBase]
SIGNED_IN = ("signed in",)


def account_page(view: View) -> View:
    """A page for everybody who is signed in, about what is their own. It is kept nowhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    guarded.access_rule = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def person(request: HttpRequest) -> User:
    """Who is signed in, on a page that nobody else reaches."""
    assert request.user.is_authenticated
    return request.user
