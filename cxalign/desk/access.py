"""Who may open which page of the desk. Every view of the desk carries its rule, and a test looks for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from scoring.models import READ_DRAFTS
from scoring.remembering import remembering

View = Callable[..., HttpResponseBase]


def desk_page(*rights: str) -> Callable[[View], View]:
    """A page for people who read drafts and hold one of these rights; all who read drafts where none is named.

    A stranger is asked to sign in. Somebody without the right is told who can give it: that the desk exists is no
    secret, and what must not be known of a record is the view's to hide with a 404.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not user.has_perm(READ_DRAFTS) or (rights and not any(map(user.has_perm, rights))):
                raise PermissionDenied(
                    _("Your role does not include this page: an administrator can give you another.")
                )
            if request.method in ("GET", "HEAD"):
                with remembering():  # a page that is only read asks each question once
                    return view(request, *args, **kwargs)
            return view(request, *args, **kwargs)

        guarded.access_rule = rights or (READ_DRAFTS,)  # type: ignore[attr-defined]
        return guarded

    return decorate
