"""A page of the desk in its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cxalign.desk.frame import places

if TYPE_CHECKING:
    from cxalign.accounts.models import User


def person(request: HttpRequest) -> User:
    """Who is signed in, on a page that nobody else reaches."""
    assert request.user.is_authenticated
    return request.user


def render_desk(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    frame = {"places": places(request, person(request))}
    return render(request, template, {**frame, **context}, status=status)
