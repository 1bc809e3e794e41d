"""Who calls: the key in the ``Authorization`` header, and nothing else. A session counts for nothing here.

A key that stands in an address is refused before anything is read: addresses are kept in logs and histories.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from cxalign.accounts import keys
from cxalign.accounts.models import ApiKey, User
from cxalign.api.errors import Problem

NAMES = frozenset({"key", "api_key", "apikey", "token", "access_token", "authorization", "bearer"})
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="cxalign"'}


class KeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer ppk_<id>_<secret>``. A wrong key is refused, also where none is needed."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        refuse_key_in_address(request)
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _space, token = header.partition(" ")
        address = request.META.get("REMOTE_ADDR", "")
        key = keys.recognise(token.strip(), address) if scheme.lower() == "bearer" else None
        if key is None:
            raise Problem("invalid_key", headers=CHALLENGE)
        request._request.api_key = key  # type: ignore[attr-defined]
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE["WWW-Authenticate"]


def refuse_key_in_address(request: Request) -> None:
    parameters = request._request.GET
    named = {name for name in parameters if name.lower() in NAMES}
    if named or any(value.startswith(keys.PREFIX) for _name, values in parameters.lists() for value in values):
        raise Problem("key_in_address")


def key_of(request: Request) -> ApiKey | None:
    """The key that this request brought, recognised; None for a stranger."""
    return getattr(request._request, "api_key", None)


def check_key(request: Request, scope: str = "") -> ApiKey:
    """The key that this request brought; refuses a stranger."""
    key = key_of(request)
    if key is None:
        detail = _("Send a key with the scope %(scope)s.") % {"scope": scope} if scope else ""
        raise Problem("key_needed", detail, headers=CHALLENGE)
    return key


def check_scope(request: Request, scope: str) -> User:
    """The owner of the key, provided that the key has the scope and the owner still has the right behind it."""
    key = check_key(request, scope)
    if scope not in key.scopes:
        raise lacking(scope, _("This key lacks the scope %(scope)s.") % {"scope": scope})
    if not keys.owner_may(key.owner, scope):
        detail = _("The owner of this key no longer has the right that the scope %(scope)s stands for.")
        raise lacking(scope, detail % {"scope": scope})
    return key.owner


def lacking(scope: str, detail: str) -> Problem:
    header = {"WWW-Authenticate": f'{CHALLENGE["WWW-Authenticate"]}, error="insufficient_scope", scope="{scope}"'}
    return Problem("scope_missing", detail, headers=header, more={"scope": scope})


class KeyScheme(OpenApiAuthenticationExtension):
    """How the description of the API tells of keys."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "ppk_<id>_<secret>",
            "description": "A key made on the page of your account. What is published needs none.",
        }
