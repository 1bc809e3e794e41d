"""Fewer fields, or one language: the only answers for which a stored document is parsed at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from cxalign.api.parameters import Query

_LANGUAGES = {"en", "fr"}


def shaped(body: bytes, query: Query) -> bytes:
    """The object as the query wants it."""
    fields, language = query.get("fields"), query.get("lang")
    if fields is None and language is None:
        return body
    record = orjson.loads(body)
    if fields is not None:
        record = _only(record, {"id", *(name for names in fields for name in names)})
    return orjson.dumps(in_one_language(record, language) if language else record)


def _only(record: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name in names}


def in_one_language(value: Any, language: str) -> Any:
    if isinstance(value, dict):
        if value.keys() == _LANGUAGES:
            return value[language]
        return {name: in_one_language(inner, language) for name, inner in value.items()}
    if isinstance(value, list):
        return [in_one_language(inner, language) for inner in value]
    return value
