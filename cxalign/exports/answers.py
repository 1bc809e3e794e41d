"""A file as the answer to a request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

MEDIA_TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "json": "application/json",
}


def attachment(content: bytes, name: str) -> HttpResponse:
    """The file under its name; no search engine lists it."""
    response = HttpResponse(content, content_type=media_type_of(name))
    response["Content-Length"] = str(len(content))
    return named(response, name)


def stream(pieces: Iterable[bytes], name: str) -> StreamingHttpResponse:
    """The same for what is made piece by piece while it is sent."""
    return named(StreamingHttpResponse(pieces, content_type=media_type_of(name)), name)


def media_type_of(name: str) -> str:
    return MEDIA_TYPES[name.rpartition(".")[2]]


Response = TypeVar("Response", bound=HttpResponseBase)


def named(response: Response, name: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response
