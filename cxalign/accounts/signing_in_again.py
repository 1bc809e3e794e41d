"""What somebody sent from a desk after their session had ended waits for their password, and then goes on.

Nobody may lose an hour's writing because they had lunch. Nothing is stored meanwhile: the page that asks for the
password carries what was sent, and sends it again. Whoever signed in again in another tab is asked for one more press
instead: the form that they had open carries the token of the session before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables

from cxalign.accounts.signing_in import SignInForm
from cxalign.accounts.written import sent_from_here, without_secrets

DESKS = ("/admin/", *(f"/{code}/desk/" for code, _name in settings.LANGUAGES))
PREFIX = "again"
"""The fields of the sign-in stand beside those that were sent, under names of their own."""


def may_wait(request: HttpRequest) -> bool:
    """Whether this is a form of a desk, sent by a browser from a page of this site by somebody no longer signed in."""
    return (
        request.method == "POST"
        and not request.user.is_authenticated
        and request.path.startswith(DESKS)
        and not request.path.startswith("/admin/login/")
        and sent_from_here(request)
    )


def may_be_sent_again(request: HttpRequest) -> bool:
    """Whether nothing but the token is wrong with a form: its sender has signed in anew since it was opened."""
    return (
        request.method == "POST"
        and request.user.is_authenticated
        and sent_from_here(request)
        and "csrfmiddlewaretoken" in request.POST
        and not any(f"/{door}/" in request.path for door in ("login", "logout"))
    )


def keep_for_another_try(request: HttpRequest) -> HttpResponse | None:
    """The answer to a form whose token is not that of the session: a page that carries what it held, where it may."""
    if may_be_sent_again(request):
        return carry(request, None)
    if may_wait(request) and "csrfmiddlewaretoken" in request.POST:
        return carry(request, SignInForm(request, prefix=PREFIX))
    return None


class SignInAgain:
    """Comes after the check against forged requests, so what waits was sent from a page of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    @sensitive_variables("form")
    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _arguments: Any, _named: Any
    ) -> HttpResponse | None:
        if getattr(view, "csrf_exempt", False) or not may_wait(request):
            return None
        request.in_public_frame = True  # type: ignore[attr-defined]  # also where the address is one of the admin
        given = f"{PREFIX}-password" in request.POST
        form = SignInForm(request, request.POST if given else None, prefix=PREFIX)
        if not form.is_valid():
            return carry(request, form)
        login(request, form.get_user())
        request.POST = kept(request)
        request.in_public_frame = False  # type: ignore[attr-defined]
        return None


def kept(request: HttpRequest) -> Any:
    """What was sent, without the sign-in."""
    sent = request.POST.copy()
    for name in [name for name in sent if name.startswith(f"{PREFIX}-")]:
        del sent[name]
    return sent


def carry(request: HttpRequest, form: SignInForm | None) -> HttpResponse:
    """A page that holds what was sent; ``form`` is the sign-in, for people who are not signed in."""
    request.in_public_frame = True  # type: ignore[attr-defined]  # also where the address is one of the admin
    sent = without_secrets(kept(request))
    context = {
        "form": form,
        "kept": [(name, value) for name, values in sent.lists() for value in values],
        "had_files": bool(request.FILES),
        "site_name": settings.SITE_NAME,
    }
    response = render(request, "account/sign_in_again.html", context, status=403)
    response["Cache-Control"] = "no-store, private"
    return response
