"""What may follow the question mark: closed lists of parameters that read, refuse and describe themselves.

Nothing unknown is ignored: a name, value or field that a resource does not have is a problem that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brands.fields import parse_partial_date
from cxalign.api.errors import Problem

Query = dict[str, Any]
"""Parameter → value, or list of values where several are possible; absent ones are left out."""

SLUG = "^[-a-zA-Z0-9_]+$"
NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f]*$"


class BadValue(Exception):
    """A value that a parameter does not take: a code and a sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Parameter:
    name: str
    description: str = ""
    many: bool = False
    """Several values are given by repeating the parameter, and any of them may hold."""
    fewest: int = 1
    most: int = 0
    """How many different values there have to be; 0 is no limit. From two on the parameter cannot be left out."""

    comma_separated = False

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError


@dataclass(frozen=True)
class Choice(Parameter):
    values: tuple[str, ...] = ()

    def read(self, text: str) -> str:
        if text not in self.values:
            raise BadValue(
                "unknown_value",
                _("“%(value)s” is not one of %(known)s.") % {"value": text, "known": ", ".join(self.values)},
            )
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.values)}


@dataclass(frozen=True)
class Token(Parameter):
    """An identifier or a code of an open list: its shape is checked, not whether it exists."""

    pattern: str = SLUG

    def read(self, text: str) -> str:
        if len(text) > 200 or not re.fullmatch(self.pattern, text, re.ASCII):
            raise BadValue("invalid_value", _("“%(value)s” cannot be an identifier.") % {"value": text})
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": self.pattern, "maxLength": 200}


@dataclass(frozen=True)
class Text(Parameter):
    max_length: int = 200

    def read(self, text: str) -> str:
        if not 1 <= len(text) <= self.max_length or not re.fullmatch(NO_CONTROLS, text):
            raise BadValue(
                "invalid_value",
                _("Write 1 to %(max)d characters, without control characters.") % {"max": self.max_length},
            )
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": self.max_length, "pattern": NO_CONTROLS}


@dataclass(frozen=True)
class Whole(Parameter):
    low: int = 1
    high: int = 10**9
    default: int | None = None

    def read(self, text: str) -> int:
        if not re.fullmatch("[0-9]{1,10}", text) or not self.low <= int(text) <= self.high:
            bounds = {"value": text, "low": self.low, "high": self.high}
            raise BadValue("invalid_value", _("“%(value)s” is not a whole number from %(low)d to %(high)d.") % bounds)
        return int(text)

    def schema(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"type": "integer", "minimum": self.low, "maximum": self.high}
        return shape if self.default is None else {**shape, "default": self.default}


@dataclass(frozen=True)
class Day(Parameter):
    def read(self, text: str) -> date:
        try:
            if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return date.fromisoformat(text)
        except ValueError:
            pass  # such as 2020-02-30: told like any other that is no day
        raise BadValue("invalid_value", _("“%(value)s” is not a day: write it as 2020-04-13.") % {"value": text})

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Moment(Parameter):
    """A point in time; without an offset it is UTC. A day alone is its first moment."""

    def read(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise BadValue(
                "invalid_value",
                _("“%(value)s” is not a point in time: write it as 2020-04-13T09:30:00Z.") % {"value": text},
            ) from error
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return _in_utc(moment)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


def _in_utc(moment: datetime) -> datetime:
    """The calendar ends where the offset would leave it."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        edge = datetime.min if moment.year == 1 else datetime.max
        return edge.replace(tzinfo=UTC)


@dataclass(frozen=True)
class PartialDay(Parameter):
    """A bound for dates known to the day, the month or the year, which are kept as text.

    A date counts by the first day that it can mean: April 2020 is on or after 2020-04-01, and before 2020-04-02.
    """

    def read(self, text: str) -> str:
        try:
            value = parse_partial_date(text)
        except ValidationError as error:
            raise BadValue("invalid_value", error.messages[0]) from error
        return self.bound(value)

    def bound(self, value: str) -> str:
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        month, year = "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$", "^[1-9][0-9]{3}$"
        return {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "pattern": month},
                {"type": "string", "pattern": year},
            ]
        }


class FromDay(PartialDay):
    def bound(self, value: str) -> str:
        return _least_text_from(value)


class UntilDay(PartialDay):
    """The bound itself is the first day after: a year, a month or a day later."""

    def bound(self, value: str) -> str:
        year, *rest = (int(part) for part in value.split("-"))
        if year == date.max.year:
            return "9999-99"
        if len(rest) == 2:
            return _least_text_from((date(year, *rest) + timedelta(days=1)).isoformat())
        if rest and rest[0] < 12:
            return f"{year:04d}-{rest[0] + 1:02d}"
        return f"{year + 1:04d}"


def _least_text_from(day: str) -> str:
    """2020-04 sorts before 2020-04-01, yet means no day before it."""
    while day.endswith("-01"):
        day = day[:-3]
    return day


@dataclass(frozen=True)
class Fields(Parameter):
    """Names of the fields wanted, with commas between or repeated."""

    names: tuple[str, ...] = ()
    comma_separated = True

    def read(self, text: str) -> list[str]:
        wanted = text.split(",")
        for name in wanted:
            if name not in self.names:
                known = ", ".join(self.names)
                raise BadValue(
                    "unknown_field", _("“%(name)s” is not a field: use %(known)s.") % {"name": name, "known": known}
                )
        return wanted

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.names)}


def shape_parameters(names: Iterable[str]) -> tuple[Parameter, ...]:
    """What every resource understands: fewer fields, or one language."""
    return (
        Fields("fields", "Only these fields, and the id.", many=True, names=tuple(names)),
        Choice("lang", "Texts in one language, instead of one entry per language.", values=("en", "fr")),
    )


# --- Reading them -----------------------------------------------------------------------------------------------------


def read_query(request: HttpRequest, parameters: Iterable[Parameter]) -> Query:
    """The parameters of a request, or one problem that names all those it refuses."""
    return read_values(request.GET.lists(), parameters, lambda name: {"parameter": name})


def in_body(*path: str) -> dict[str, str]:
    """Where a name of the body stands: a JSON Pointer (RFC 6901)."""
    return {"pointer": "".join(f"/{name.replace('~', '~0').replace('/', '~1')}" for name in path)}


def read_body(data: Any, parameters: Iterable[Parameter]) -> Query:
    """A JSON object of texts and lists of texts, read like the parameters of an address."""
    if not isinstance(data, dict):
        raise Problem("malformed")
    known = {parameter.name: parameter for parameter in parameters}
    wrong = [name for name, value in data.items() if name in known and not fits(known[name], value)]
    if wrong:
        detail = _("Write a text here; where several are possible, a list of texts.")
        errors = [{**in_body(name), "code": "invalid_value", "detail": detail} for name in wrong]
        raise Problem("bad_parameters", detail, errors=errors)
    sent = [(name, value if isinstance(value, list) else [str(value)]) for name, value in data.items()]
    return read_values(sent, known.values(), in_body)


def fits(parameter: Parameter, value: object) -> bool:
    if isinstance(value, list):
        return parameter.many and all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def read_values(
    sent: Iterable[tuple[str, list[str]]],
    parameters: Iterable[Parameter],
    place: Callable[[str], dict[str, str]],
) -> Query:
    """Names with their texts, read. ``place`` says where a refused one stands."""
    known = {parameter.name: parameter for parameter in parameters}
    query: Query = {}
    errors = []
    for name, texts in sent:
        try:
            query[name] = _read(known.get(name), name, texts, known)
        except BadValue as bad:
            errors.append({**place(name), "code": bad.code, "detail": bad.detail})
    if errors:
        raise Problem("bad_parameters", _summary(errors), errors=errors)
    return query


def _read(parameter: Parameter | None, name: str, texts: list[str], known: Iterable[str]) -> Any:
    if parameter is None:
        values = {"name": name, "known": ", ".join(known) or "–"}
        raise BadValue("unknown_parameter", _("“%(name)s” is not a parameter here: use %(known)s.") % values)
    if parameter.many:
        return [parameter.read(text) for text in texts]
    if len(texts) > 1:
        raise BadValue("repeated", _("“%(name)s” takes one value.") % {"name": name})
    return parameter.read(texts[0])


def _summary(errors: list[dict[str, str]]) -> str:
    if len(errors) == 1:
        return errors[0]["detail"]
    return ngettext("%(count)d parameter is not valid.", "%(count)d parameters are not valid.", len(errors)) % {
        "count": len(errors)
    }
