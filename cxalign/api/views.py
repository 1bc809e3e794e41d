"""What every resource shares: a list with cursors, an object by its identifier, tags and headers for both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from cxalign.api import cursors, tags
from cxalign.api.cursors import Cursor
from cxalign.api.errors import Problem, not_found
from cxalign.api.parameters import BadValue, Choice, Parameter, Query, Whole, read_query, shape_parameters
from cxalign.api.shaping import shaped
from cxalign.api.throttling import CallerThrottle
from scoring.blindness import blind_brands
from scoring.leaving_out import leaving_out

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
COUNTED_AT_MOST = 1000
"""How far ``count=estimate`` counts before it says "at least"."""

CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Method-Version, X-Request-Id"
    ),
}
PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True)
class Piece:
    """One object of an answer: its tag, and how its JSON is had if somebody wants it."""

    tag: str
    body: Callable[[], bytes]
    method_version: str = ""


class ApiView(APIView):
    """Without session or cookie; read-only unless a view says more; open to other sites where no key is sent."""

    http_method_names = ["get", "head", "options"]
    throttle_classes = [CallerThrottle]
    largest_body = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods), **PREFLIGHT_HEADERS})

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who calls, what they may, how often; then the size of what they send, before any of it is read."""
        super().initial(request, *args, **kwargs)
        self._leave_out_what_the_owner_codes(request)
        sent = request.META.get("CONTENT_LENGTH") or "0"
        if sent.isdecimal() and int(sent) > self.largest_body:
            raise Problem("too_large")

    def _leave_out_what_the_owner_codes(self, request: Request) -> None:
        """As on the pages: whoever codes a brand is not sent its verdict by the key that they hold."""
        if request.method in ("GET", "HEAD") and request.auth:
            self.block.enter_context(leaving_out(blind_brands(request.user)))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with ExitStack() as self.block:
            return super().dispatch(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """A refused key counts as a stranger's request: nobody tries keys faster than others read."""
        try:
            super().perform_authentication(request)
        except Problem:
            self.check_throttles(request)
            raise

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        standing = getattr(request._request, "api_standing", None)
        shared = {} if "Authorization" in request.headers else CORS_HEADERS
        for name, value in {**shared, **(standing.headers() if standing else {})}.items():
            response[name] = value
        return response


class ResourceView(ApiView):
    """A view on one kind of record. ``shape`` is the documented form; its names are the fields to choose from."""

    shape: ClassVar[Any]

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return shape_parameters(cls.shape._declared_fields)


class RecordView(ResourceView):
    """A view on records that stand in rows."""

    def piece(self, row: Any) -> Piece:
        """The row as an answer shows it."""
        raise NotImplementedError

    def light(self, rows: QuerySet[Any]) -> QuerySet[Any] | None:
        """The same rows without their texts, if that makes asking for tags alone cheaper."""
        return None


class DetailView(RecordView):
    def find(self, rows: QuerySet[Any]) -> Any:
        """The row that this address means; refuses with the reason when there is none to show."""
        row = rows.first()
        if row is None:
            raise not_found()
        return row

    def rows(self, query: Query, **place: Any) -> QuerySet[Any]:
        raise NotImplementedError

    def get(self, request: Request, **place: Any) -> HttpResponse:
        query = read_query(request._request, self.parameters())
        rows = self.rows(query, **place)
        known = tags.wanted_tags(request._request)
        light = self.light(rows) if known else None
        if light is not None:
            piece = self.piece(self.find(light))
            if tags.is_known(piece.tag, known):
                return not_modified(piece.tag, piece.method_version)
        piece = self.piece(self.find(rows))
        if tags.is_known(piece.tag, known):
            return not_modified(piece.tag, piece.method_version)
        return answer(shaped(piece.body(), query), piece.tag, piece.method_version)


@dataclass(frozen=True)
class Page:
    """The rows of one page as pieces, and what an answer says about the rest."""

    pieces: list[Piece]
    next_cursor: str
    count: dict[str, Any] | None

    @property
    def tag(self) -> str:
        return tags.tag(*(piece.tag for piece in self.pieces), self.next_cursor, self.count)

    @property
    def method_version(self) -> str:
        return ", ".join(sorted({piece.method_version for piece in self.pieces} - {""}))


class ListView(RecordView):
    """A list in a closed set of orders. Each order names columns that are never null and together unique."""

    filters: ClassVar[tuple[Parameter, ...]] = ()
    sorts: ClassVar[dict[str, tuple[str, ...]]]
    """The first is the default; a name that starts with ``-`` goes down."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return (
            *cls.filters,
            Choice("sort", "The order; “-” goes down.", values=tuple(cls.sorts)),
            Whole("limit", "How many records at most.", low=1, high=MAX_LIMIT, default=DEFAULT_LIMIT),
            Cursor("cursor", "Where the page starts: use the address given as “next”."),
            Choice("count", "Count all that match: all of them, or the first 1,000.", values=("exact", "estimate")),
            *super().parameters(),
        )

    def rows(self, query: Query, **place: Any) -> QuerySet[Any]:
        """What is visible and matches, in no order yet."""
        raise NotImplementedError

    def get(self, request: Request, **place: Any) -> HttpResponse:
        query = read_query(request._request, self.parameters())
        listing = Listing(self, request._request, query, self.rows(query, **place))
        known = tags.wanted_tags(request._request)
        light = self.light(listing.rows) if known else None
        if light is not None and tags.is_known((page := listing.page(light)).tag, known):
            return not_modified(page.tag, page.method_version)
        page = listing.page(listing.rows)
        if tags.is_known(page.tag, known):
            return not_modified(page.tag, page.method_version)
        return listing.answer(page)


class Listing:
    """One request for a list: the rows asked for, in the order asked for, from the cursor on."""

    def __init__(self, view: ListView, request: HttpRequest, query: Query, rows: QuerySet[Any]) -> None:
        self.view, self.request, self.query, self.rows = view, request, query, rows
        self.sort: str = query.get("sort") or next(iter(view.sorts))
        self.columns = view.sorts[self.sort]
        self.limit: int = query.get("limit", DEFAULT_LIMIT)
        self.question = cursors.digest_of(request.path, self.sort, sorted(self._filters_as_sent()))

    def _filters_as_sent(self) -> Iterable[tuple[str, list[str]]]:
        names = {parameter.name for parameter in self.view.filters}
        return [(name, sorted(values)) for name, values in self.request.GET.lists() if name in names]

    def page(self, rows: QuerySet[Any]) -> Page:
        """One row more than asked for tells whether there are others."""
        found = list(self._from_cursor(rows)[: self.limit + 1])
        shown = found[: self.limit]
        more = len(found) > len(shown)
        values = [attrgetter(column.replace("__", "."))(shown[-1]) for column in self.columns] if more else []
        return Page(
            pieces=[self.view.piece(row) for row in shown],
            next_cursor=cursors.seal(values, self.question) if more else "",
            count=self._count,
        )

    def _from_cursor(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        down = self.sort.startswith("-")
        rows = rows.order_by(*(f"-{column}" if down else column for column in self.columns))
        if "cursor" not in self.query:
            return rows
        return rows.filter(cursors.after(self.columns, self._start(), descending=down))

    def _start(self) -> list[Any]:
        try:
            return cursors.unseal(self.query["cursor"], self.question)
        except BadValue as bad:
            error = {"parameter": "cursor", "code": bad.code, "detail": bad.detail}
            raise Problem("bad_parameters", bad.detail, errors=[error]) from bad

    @cached_property
    def _count(self) -> dict[str, Any] | None:
        wish = self.query.get("count")
        if wish is None:
            return None
        if wish == "exact":
            return {"value": self.rows.count(), "precision": "exact"}
        counted = self.rows.order_by()[: COUNTED_AT_MOST + 1].count()
        return {
            "value": min(counted, COUNTED_AT_MOST),
            "precision": "at_least" if counted > COUNTED_AT_MOST else "exact",
        }

    def answer(self, page: Page) -> HttpResponse:
        data = b",".join(shaped(piece.body(), self.query) for piece in page.pieces)
        address = self._address_of(page.next_cursor) if page.next_cursor else None
        rest: dict[str, Any] = {"has_more": address is not None, "next": address}
        if page.count is not None:
            rest["count"] = page.count
        response = answer(b'{"data":[' + data + b"]," + orjson.dumps(rest)[1:], page.tag, page.method_version)
        if address:
            response["Link"] = f'<{address}>; rel="next"'
        return response

    def _address_of(self, cursor: str) -> str:
        parameters = self.request.GET.copy()
        parameters["cursor"] = cursor
        return f"{settings.BASE_URL}{self.request.path}?{urlencode(list(_flat(parameters.lists())))}"


def _flat(lists: Iterable[tuple[str, list[Any]]]) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name, values in lists for value in values)


def answer(body: bytes, tag: str, method_version: str = "") -> HttpResponse:
    return _tagged(HttpResponse(body, content_type="application/json"), tag, method_version)


def not_modified(tag: str, method_version: str = "") -> HttpResponse:
    return _tagged(HttpResponse(status=304), tag, method_version)


def _tagged(response: HttpResponse, tag: str, method_version: str) -> HttpResponse:
    response["ETag"] = tag
    if method_version:
        response["X-Method-Version"] = method_version
    return response
