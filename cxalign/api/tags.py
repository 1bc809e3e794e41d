"""Entity tags: made from revisions, so that "nothing has changed" is answered before anything is built."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.http import parse_etags

SHAPE = 1
"""Raised when the same revision is written out differently, so that nobody keeps the old form."""


def tag(*revisions: object) -> str:
    """A strong tag, with its quotes, for these revisions."""
    text = "\n".join([str(SHAPE), *map(str, revisions)])
    return f'"{hashlib.blake2b(text.encode(), digest_size=10).hexdigest()}"'


def tag_of_bytes(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=10).hexdigest()}"'


def wanted_tags(request: HttpRequest) -> list[str]:
    """The tags of ``If-None-Match``; weak ones count too, as it only asks for a copy."""
    return [known.removeprefix("W/") for known in parse_etags(request.headers.get("If-None-Match", ""))]


def is_known(own: str, known: Iterable[str]) -> bool:
    return any(candidate in ("*", own) for candidate in known)
