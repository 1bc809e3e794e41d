"""The way in: what there is, and the description of all of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from cxalign.api import shapes, tags
from cxalign.api.errors import not_found
from cxalign.api.parameters import read_query
from cxalign.api.views import ApiView, answer, not_modified

RESOURCES = (
    *("brands", "crises", "promises", "actions", "sources", "proofs", "scorecards", "practices"),
    *("outcomes", "replies", "corrections"),
)
DESCRIPTION = Path(settings.BASE_DIR) / "docs" / "openapi.json"


class FixedView(ApiView):
    """An answer that is the same until the next release."""

    def body(self) -> bytes:
        raise NotImplementedError

    def get(self, request: Request) -> HttpResponse:
        read_query(request._request, ())
        body = self.body()
        tag = tags.tag_of_bytes(body)
        known = tags.is_known(tag, tags.wanted_tags(request._request))
        return not_modified(tag) if known else answer(body, tag)


class Index(FixedView):
    """List the resources."""

    shape = shapes.Index

    def body(self) -> bytes:
        base = f"{settings.BASE_URL}/api/v1"
        return orjson.dumps(
            {
                "resources": {name: f"{base}/{name}" for name in RESOURCES},
                "openapi": f"{base}/openapi.json",
                "documentation": f"{settings.BASE_URL}/developers/",
            }
        )


@cache
def description() -> bytes:
    return DESCRIPTION.read_bytes()


class Description(FixedView):
    """Get this description."""

    schema = None

    def body(self) -> bytes:
        return description()


class Nothing(ApiView):
    """Any other address below this one: a problem, as a program expects, and no page."""

    schema = None

    def get(self, request: Request, **place: Any) -> HttpResponse:
        raise not_found()
