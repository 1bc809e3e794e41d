from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from cxalign.accounts.models import Scope

if TYPE_CHECKING:  # views name this module while they are loaded
    from rest_framework.views import APIView


class PublicOrSignedIn(BasePermission):
    """Published data needs no key. A closed site answers who signed in, and keys made for reading.

    Only on a closed site is the session looked at.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        from cxalign.api.authentication import check_scope, key_of

        if settings.PUBLIC_SITE:
            return True
        if key_of(request) is not None:
            return bool(check_scope(request, Scope.READ_PUBLISHED))
        return get_user(request._request).is_authenticated


class WithKey(BasePermission):
    """Whoever calls brings a key; what it has to be made for is known once the thing is."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        from cxalign.api.authentication import check_key

        check_key(request)
        return True


class ScopePermission(BasePermission):
    """Whoever calls brings a key with this scope, whose owner holds the right behind it."""

    scope: str

    def has_permission(self, request: Request, view: APIView) -> bool:
        from cxalign.api.authentication import check_scope

        check_scope(request, self.scope)
        return True


def HasScope(scope: str) -> type[ScopePermission]:
    """``permission_classes = [HasScope("write:sources")]``. Refusals name the scope."""
    return type(f"HasScope_{Scope(scope).name}", (ScopePermission,), {"scope": str(Scope(scope))})
