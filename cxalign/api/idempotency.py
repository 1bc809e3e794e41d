"""``Idempotency-Key``: a request that is sent again is answered again, and done once.

The name of a request belongs to the key that sent it. Whoever takes it first does the work; a refusal gives it back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from cxalign.accounts.models import RepeatableRequest
from cxalign.api.authentication import check_key
from cxalign.api.errors import Problem

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
GIVEN_UP_AFTER = timedelta(minutes=5)
"""No request takes as long: whoever began it is dead, and the next one may do the work."""
KEPT_HEADERS = ("Content-Type", "Location", "ETag")


def once(request: Request, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to this request: from ``work``, or the one that an earlier request of the same name was given."""
    name = request.headers.get(HEADER)
    if name is None:
        return work()
    mine, earlier = take(request, checked(name), digest_of(request))
    if mine is None:
        return replayed(earlier)
    try:
        response = work()
    except BaseException:
        mine.delete()
        raise
    return kept(mine, response)


def checked(name: str) -> str:
    if not re.fullmatch("[!-~]{1,255}", name):
        raise Problem("malformed", _("An Idempotency-Key has 1 to 255 visible ASCII characters."))
    return name


def digest_of(request: Request) -> str:
    """What is asked for. A body in parts counts by its parts: the marks between them differ each time."""
    digest = hashlib.sha256()
    for part in (request.method or "", request.get_full_path(), orjson.dumps(described(request)).decode()):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def described(request: Request) -> object:
    if not hasattr(request.data, "lists"):
        return request.data
    return sorted((name, [told(value) for value in values]) for name, values in request.data.lists())


def told(value: object) -> object:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def take(request: Request, name: str, digest: str) -> tuple[RepeatableRequest | None, RepeatableRequest]:
    """The request as ours to do, or the one that has the name already; refuses if that is another, or at work."""
    of_key = RepeatableRequest.objects.filter(api_key=check_key(request), name=name)
    of_key.over().delete()
    of_key.filter(status=None, created_at__lt=timezone.now() - GIVEN_UP_AFTER).delete()
    try:
        with transaction.atomic():
            mine = RepeatableRequest.objects.create(api_key=check_key(request), name=name, digest=digest)
    except IntegrityError:
        return None, answered(of_key.first(), digest)
    return mine, mine


def answered(earlier: RepeatableRequest | None, digest: str) -> RepeatableRequest:
    if earlier is not None and earlier.digest != digest:
        raise Problem("idempotency_key_reused")
    if earlier is None or earlier.status is None:  # none: it was refused in this moment
        raise Problem("still_running", headers={"Retry-After": "1"})
    return earlier


def kept(mine: RepeatableRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400:
        mine.delete()
        return response
    mine.status, mine.body = response.status_code, response.content.decode()
    mine.headers = {header: response[header] for header in KEPT_HEADERS if header in response}
    mine.save(update_fields=["status", "body", "headers"])
    return response


def replayed(earlier: RepeatableRequest) -> HttpResponse:
    return HttpResponse(earlier.body, status=earlier.status, headers={**earlier.headers, REPLAYED: "true"})
