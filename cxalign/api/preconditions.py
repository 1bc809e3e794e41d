"""``If-Match``: nobody changes what they have not seen."""

from __future__ import annotations

from django.utils.http import parse_etags
from rest_framework.request import Request

from cxalign.api import tags
from cxalign.api.errors import Problem


def check_match(request: Request, own: str, *others: str) -> None:
    """The tag must be the present one, or that of the same state in another language, or ``*``."""
    wanted = parse_etags(request.headers.get("If-Match", ""))
    if not wanted:
        raise Problem("precondition_required")
    if not any(tags.is_known(tag, wanted) for tag in (own, *others)):
        raise Problem("precondition_failed", headers={"ETag": own}, more={"etag": own})
