from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # views name this module while they are loaded
    from rest_framework.views import APIView


class PublicOrSignedIn(BasePermission):
    """Published data needs no key. A closed site answers only who signed in; only then is the session looked at."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return settings.PUBLIC_SITE or get_user(request._request).is_authenticated
