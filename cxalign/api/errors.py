"""The gate for refusals: what is not the thing asked for is a problem (RFC 9457), with a code that never changes.

``detail`` speaks the reader's language; the ``type`` address explains the code in both.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
STORE_AWAY_SECONDS = 5


@dataclass(frozen=True)
class ProblemKind:
    """What a code means, and what to do about it: the text of its page."""

    status: int
    title: str | LazyText
    meaning: str | LazyText
    remedy: str | LazyText


KINDS = {
    "bad_parameters": ProblemKind(
        400,
        gettext_lazy("Parameters not valid"),
        gettext_lazy("The address holds a parameter, a value or a field that this resource does not have."),
        gettext_lazy("Each entry of “errors” names one parameter and says what it accepts: correct it and ask again."),
    ),
    "malformed": ProblemKind(
        400,
        gettext_lazy("Request malformed"),
        gettext_lazy("The request cannot be read."),
        gettext_lazy("Check how your program builds the address and the headers."),
    ),
    "key_in_address": ProblemKind(
        400,
        gettext_lazy("Key in the address"),
        gettext_lazy(
            "A key stands in the address. Addresses are kept in logs and histories, so none is accepted there."
        ),
        gettext_lazy(
            "Send it in the “Authorization” header, after the word Bearer. If this was a real key, revoke it and make "
            "another."
        ),
    ),
    "invalid_key": ProblemKind(
        401,
        gettext_lazy("Key not valid"),
        gettext_lazy(
            "This key opens nothing: it is mistyped, expired or revoked, is used from an address that it was not made "
            "for, or its owner’s account is closed."
        ),
        gettext_lazy("Look at the keys of your account. What is published can be read without a key."),
    ),
    "key_needed": ProblemKind(
        401,
        gettext_lazy("Key needed"),
        gettext_lazy("This needs a key with the scope that the answer names."),
        gettext_lazy(
            "Make one on the page of your account, and send it in the “Authorization” header, after the word Bearer."
        ),
    ),
    "scope_missing": ProblemKind(
        403,
        gettext_lazy("Scope missing"),
        gettext_lazy("The key does not do this: it lacks the scope, or its owner lacks the right behind it."),
        gettext_lazy("The answer names the scope. Make a key that has it; an administrator can give you the right."),
    ),
    "authentication_required": ProblemKind(
        401,
        gettext_lazy("Authentication required"),
        gettext_lazy("This installation shows nothing to anyone who has not signed in."),
        gettext_lazy("Sign in first, or ask whoever runs this installation for an account."),
    ),
    "not_found": ProblemKind(
        404,
        gettext_lazy("Not found"),
        gettext_lazy("Nothing is published at this address."),
        gettext_lazy("Check the identifier. The list of the resource shows all that is published."),
    ),
    "method_not_allowed": ProblemKind(
        405,
        gettext_lazy("Method not allowed"),
        gettext_lazy("This address does not answer this method."),
        gettext_lazy("Use one of the methods that the “Allow” header names."),
    ),
    "not_acceptable": ProblemKind(
        406,
        gettext_lazy("Not acceptable"),
        gettext_lazy("The answer exists as JSON only, and the request accepts none."),
        gettext_lazy("Send “Accept: application/json”, or no such header."),
    ),
    "withdrawn": ProblemKind(
        410,
        gettext_lazy("Withdrawn"),
        gettext_lazy("This verdict was published, then taken back for the reason that the answer gives."),
        gettext_lazy("Ask for the versions of the case to see what else was published."),
    ),
    "wrong_state": ProblemKind(
        409,
        gettext_lazy("Not possible at this stage"),
        gettext_lazy("The import is not where this step could be taken, or its rows stand against it."),
        gettext_lazy("Get the import again: its state, its questions and its rows say what can be done."),
    ),
    "still_running": ProblemKind(
        409,
        gettext_lazy("Still running"),
        gettext_lazy("The first request with this Idempotency-Key has no answer yet."),
        gettext_lazy("Wait as many seconds as the “Retry-After” header says, then send the same request again."),
    ),
    "precondition_failed": ProblemKind(
        412,
        gettext_lazy("Changed meanwhile"),
        gettext_lazy("What stands here is no longer what the “If-Match” header names."),
        gettext_lazy("Get it again, and decide again. The answer gives its present tag."),
    ),
    "too_large": ProblemKind(
        413,
        gettext_lazy("Too large"),
        gettext_lazy("The body of the request is larger than this address takes."),
        gettext_lazy("A file may have 10 MB, any other body 2 MB: split it."),
    ),
    "file_not_supported": ProblemKind(
        415,
        gettext_lazy("File not supported"),
        gettext_lazy("The file is neither CSV nor XLSX, or is not what its name says."),
        gettext_lazy("Save it again as “CSV UTF-8” or as .xlsx, and give its name that ending."),
    ),
    "validation": ProblemKind(
        422,
        gettext_lazy("Validation failed"),
        gettext_lazy("The request can be read, but what it says cannot be done."),
        gettext_lazy("Each entry of “errors” points to a part of the body and says what is wrong: correct it."),
    ),
    "idempotency_key_reused": ProblemKind(
        422,
        gettext_lazy("Idempotency-Key used before"),
        gettext_lazy("Another request was sent with this Idempotency-Key in the last 48 hours."),
        gettext_lazy("Send each new request with a key of its own; repeat a request with its own body only."),
    ),
    "precondition_required": ProblemKind(
        428,
        gettext_lazy("If-Match needed"),
        gettext_lazy("This changes something, and the request does not say which version of it."),
        gettext_lazy("Send the tag that you were given in the “If-Match” header; “*” means any."),
    ),
    "unsupported_media_type": ProblemKind(
        415,
        gettext_lazy("Media type not supported"),
        gettext_lazy("The body of the request is in a format that is not read here."),
        gettext_lazy("Send JSON, with “Content-Type: application/json”; a file, as “multipart/form-data”."),
    ),
    "too_many_requests": ProblemKind(
        429,
        gettext_lazy("Too many requests"),
        gettext_lazy("Your key or your address has used up its requests for the moment."),
        gettext_lazy("Wait as many seconds as the “Retry-After” header says."),
    ),
    "internal_error": ProblemKind(
        500,
        gettext_lazy("Error on our side"),
        gettext_lazy("Something failed here that should not have."),
        gettext_lazy("Try again later. If it happens again, tell us the request identifier."),
    ),
    "unavailable": ProblemKind(
        503,
        gettext_lazy("Not available for the moment"),
        gettext_lazy("The database cannot be reached."),
        gettext_lazy("Wait as many seconds as the “Retry-After” header says, then ask again."),
    ),
}


class Problem(Exception):
    """A refusal, with what the caller needs to mend it."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Iterable[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or code)
        self.code, self.detail, self.errors = code, detail, list(errors)
        self.headers, self.more = headers or {}, more or {}


def not_found() -> Problem:
    """One answer for what does not exist and for what this reader may not know to exist."""
    return Problem("not_found")


def problem_response(exc: Exception, context: dict[str, Any]) -> HttpResponse:
    """Any exception of a view, as an answer. What nobody foresaw is logged and told apart from what somebody asked."""
    request: HttpRequest = context["request"]._request
    problem = _problem_for(exc, request)
    if problem.code == "internal_error":
        got_request_exception.send(sender=problem_response, request=request)
        logger.error("The API failed at %s", request.path, exc_info=exc)
    return response_to(request, problem)


def _problem_for(exc: Exception, request: HttpRequest) -> Problem:
    if isinstance(exc, Problem):
        return exc
    if isinstance(exc, exceptions.Throttled):
        return Problem("too_many_requests", headers={"Retry-After": str(math.ceil(getattr(exc, "wait", None) or 1))})
    if isinstance(exc, exceptions.MethodNotAllowed):
        return Problem("method_not_allowed", _("%(method)s is not possible here.") % {"method": request.method})
    for kinds, code in _CODES:
        if isinstance(exc, kinds):
            headers = {"Retry-After": str(STORE_AWAY_SECONDS)} if code == "unavailable" else None
            return Problem(code, headers=headers)
    return Problem("internal_error")


_CODES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((Http404, exceptions.NotFound), "not_found"),
    ((exceptions.NotAcceptable,), "not_acceptable"),
    ((exceptions.UnsupportedMediaType,), "unsupported_media_type"),
    ((exceptions.NotAuthenticated, exceptions.PermissionDenied, PermissionDenied), "authentication_required"),
    ((RequestDataTooBig,), "too_large"),
    ((exceptions.ParseError, SuspiciousOperation), "malformed"),
    ((OperationalError, InterfaceError), "unavailable"),
)


def response_to(request: HttpRequest, problem: Problem) -> HttpResponse:
    kind = KINDS[problem.code]
    body: dict[str, Any] = {
        "type": f"{settings.BASE_URL}/problems/{problem.code}/",
        "title": str(kind.title),
        "status": kind.status,
        "code": problem.code,
        "detail": problem.detail or str(kind.meaning),
        "instance": request.path,
        "request_id": getattr(request, "id", ""),
        **problem.more,
    }
    if problem.errors:
        body["errors"] = problem.errors
    return HttpResponse(orjson.dumps(body), status=kind.status, content_type=MEDIA_TYPE, headers=problem.headers)
