"""What holds for every answer: an id to quote, who may come in, and how long it may be kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag

from brands.hiding import LEFT_OUT, REASON
from cxalign.accounts.signing_in_again import may_wait
from cxalign.api.errors import Problem, response_to
from cxalign.logs import request_id
from scoring.blindness import blind_brands, is_among
from scoring.leaving_out import leaving_out

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class RequestId:
    """Give each request an id of ours; a client's own would let it write into our log."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = f"req_{secrets.token_hex(8)}"  # type: ignore[attr-defined]
        token = request_id.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


class PermissionsPolicy:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS
        return response


class LoginOnly:
    """With ``PUBLIC_SITE`` off, nobody reads anything without signing in, except the sign-in page and health checks.


    A program that brings a key goes on to the API, which looks at it.
    """

    SIGN_IN = tuple(f"/{code}/account/login/" for code, _name in settings.LANGUAGES)
    PRIVATE = tuple(
        f"/{code}/{place}/"
        for code, _name in settings.LANGUAGES
        for place in ("notices", "replies", "reports", "plans/shared", "watches")
    )
    """Pages under unguessable addresses, for people who have no account."""
    OPEN = ("/admin/login/", *SIGN_IN, *PRIVATE, "/static/", "/healthz", "/readyz", "/i18n/", "/robots.txt")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PUBLIC_SITE or request.path.startswith(self.OPEN) or request.user.is_authenticated:
            return self.get_response(request)
        if may_wait(request):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            if "Authorization" in request.headers:
                return self.get_response(request)
            return response_to(request, Problem("authentication_required"))
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


class BlindWhileCoding:
    """Whoever codes a brand sees neither its verdict nor its codes, on the public pages as little as at the desk.

    The pages of that brand are closed with the reason; those that show many leave it out. Strangers are not looked up,
    and addresses without a language (badges, feeds for machines) are the same for everybody.
    """

    PAGES = tuple(f"/{code}/" for code, _name in settings.LANGUAGES)
    OWN_RULES = tuple(f"/{code}/{place}/" for code, _name in settings.LANGUAGES for place in ("desk", "account"))
    """The desk tells what is hidden itself, and the pages of an account show no verdict."""
    WHOLE_SETS = ("scorecards-order",)
    """What a worker makes, who is nobody in particular."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.may_be_blind(request):
            return self.get_response(request)
        request.coded_brands = blind_brands(request.user)  # type: ignore[attr-defined]
        if not request.coded_brands or request.method not in ("GET", "HEAD"):  # type: ignore[attr-defined]
            return self.get_response(request)
        with leaving_out(request.coded_brands):  # type: ignore[attr-defined]
            return self.get_response(request)

    def may_be_blind(self, request: HttpRequest) -> bool:
        named = settings.SESSION_COOKIE_NAME in request.COOKIES
        return named and request.path.startswith(self.PAGES) and not request.path.startswith(self.OWN_RULES)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]) -> None:
        coded = getattr(request, "coded_brands", None)
        if not coded:
            return
        place = request.resolver_match
        if place and place.url_name in self.WHOLE_SETS:
            raise PermissionDenied(LEFT_OUT)
        _empty, _language, *rest = request.path.split("/")
        if rest[0] == "brands" and rest[1:2] and is_among(coded, rest[1]):
            raise PermissionDenied(REASON)


class OwnTime:
    """Times are told in the time zone that the account names. Strangers share one answer, in that of the site."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path.startswith(("/api/", "/static/")):
            return self.get_response(request)
        with timezone.override(getattr(request.user, "time_zone", "") or settings.TIME_ZONE):
            return self.get_response(request)


class Compression(GZipMiddleware):
    """Public pages are sent compressed; not the API, whose tags have to stay strong, nor the admin with its secrets."""

    LEFT_ALONE = ("/api/", "/admin/")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith(self.LEFT_ALONE):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed


class Caching:
    """Public answers may be kept for a minute and are not sent twice; those to somebody signed in are never kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        known = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        if known or not settings.PUBLIC_SITE or request.path.startswith("/admin/"):
            response["Cache-Control"] = "no-store, private"
        elif request.method in ("GET", "HEAD") and response.status_code in (200, 304):
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, public=True, max_age=60, stale_while_revalidate=600)
            if "public" in response["Cache-Control"]:
                return unless_known(request, response)
        return response


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 without a body to whoever holds the same answer already."""
    if response.streaming:
        return response
    if not response.has_header("ETag"):
        set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
