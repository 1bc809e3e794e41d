"""Keyset cursors: where the next page starts, sealed so that nobody invents one, and good for a week.

A cursor holds public values only (the sort key and the identifier of the last row), never a database key.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.utils.translation import gettext as _

from cxalign.api.parameters import BadValue, Parameter

DAYS_VALID = 7
_DAY = 86_400


def today() -> int:
    """Days, not seconds: within a day the same page has the same cursor, and so the same bytes."""
    return int(time.time() // _DAY)


def _signer() -> Signer:
    return Signer(salt="cxalign.api.cursor", sep=".")


def digest_of(*parts: Any) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def seal(values: Sequence[Any], question: str) -> str:
    """A cursor after the row with these sort values, for this question only."""
    plain = [_plain(value) for value in values]
    return _signer().sign_object({"after": plain, "of": question, "day": today()})


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def unseal(cursor: str, question: str) -> list[Any]:
    try:
        held = _signer().unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        raise BadValue("invalid_cursor", _("This cursor is not one of ours: take the address from “next”.")) from error
    if held["of"] != question:
        raise BadValue("invalid_cursor", _("This cursor belongs to another list: start again without it."))
    if not today() - DAYS_VALID <= held["day"] <= today() + 1:
        raise BadValue("expired_cursor", _("This cursor is older than a week: start again without it."))
    values: list[Any] = held["after"]
    return values


class Cursor(Parameter):
    """Read in two steps: the text here, its seal once the rest of the question is known."""

    def read(self, text: str) -> str:
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "cursor"}


def after(columns: Sequence[str], values: Sequence[Any], *, descending: bool) -> Q:
    """Rows that come after the one with these values, in the order of these columns (none of them nullable)."""
    beyond = "lt" if descending else "gt"
    later = Q()
    for place, column in enumerate(columns):
        same = dict(zip(columns[:place], values[:place], strict=True))
        later |= Q(**same, **{f"{column}__{beyond}": values[place]})
    return Q(**{f"{columns[0]}__{beyond}e": values[0]}) & later  # the bound alone lets an index find the start
