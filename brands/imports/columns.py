"""One cell: what it may hold, and what becomes of it. A reader takes a cell that is not empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models

from brands.fields import parse_partial_date
from brands.imports.report import Message, shown, untranslated
from brands.imports.report import say as _
from brands.models.base import FIXED_WORDS

SEPARATOR = "|"

_KEY = re.compile(r"[-a-zA-Z0-9_]+", re.ASCII)
_AMOUNT = re.compile(r"\d{1,14}(?:\.\d{1,2})?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,14}(?:\.\d{1,2})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class CellError(Exception):
    """The cell cannot be taken; the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: what its cells hold, and which field of the record they fill."""

    name: str
    read: Reader
    field: str = ""
    """Empty where a check reads the cell beside another one, such as the precision of a date."""
    required: bool = False
    """An empty cell is an error."""
    optional: bool = False
    """The whole column may be left out; records then keep what they have."""
    empty: Any = ""
    """What an empty cell stands for."""
    refers: str = ""
    """The file in which the keys in this column stand."""


def field_of(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def text(model: type[models.Model], name: str) -> Reader:
    """Text exactly as typed, as long as the field allows. Control characters are looked for in the whole row."""
    limit = field_of(model, name).max_length
    return lambda cell: bounded(cell, limit)


def bounded(cell: str, limit: int) -> str:
    if len(cell) > limit:
        counts = {"length": len(cell), "limit": limit}
        raise CellError("too_long", _("The text has %(length)s characters: shorten it to %(limit)s.") % counts)
    return cell


def lines(model: type[models.Model], name: str) -> Lines:
    return Lines(field_of(model, name).max_length)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One code of a closed list. The labels are what people call the codes, for whoever reads their files."""

    known: tuple[str, ...]
    labels: tuple[Any, ...] = ()

    def __call__(self, cell: str) -> str:
        return cell if cell in self.known else refuse_code(cell, self.known)


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Several codes in a cell, each once, in the order of the codebook."""

    one: OneOf

    def __call__(self, cell: str) -> tuple[str, ...]:
        chosen = {self.one(part) for part in cell.split(SEPARATOR)}
        return tuple(known for known in self.one.known if known in chosen)


@dataclass(frozen=True, slots=True)
class Translated:
    """A word of the file format, and what it is called in the database."""

    words: dict[str, Any]

    def __call__(self, cell: str) -> Any:
        return self.words[cell] if cell in self.words else refuse_code(cell, self.words)


@dataclass(frozen=True, slots=True)
class Keys:
    """Several keys in a cell, each once."""

    limit: int

    def __call__(self, cell: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(check_key(part, self.limit) for part in cell.split(SEPARATOR)))


@dataclass(frozen=True, slots=True)
class Lines:
    """Several texts in a cell, kept one a line."""

    limit: int

    def __call__(self, cell: str) -> str:
        return bounded("\n".join(cell.split(SEPARATOR)), self.limit)


def code(allowed: Collection[str]) -> OneOf:
    return OneOf(tuple(allowed))


def refuse_code(cell: str, known: Collection[str]) -> str:
    message = _("“%(value)s” is not one of %(codes)s: correct it.")
    raise CellError("unknown_code", message % {"value": shown(cell), "codes": ", ".join(known)})


def choices(pairs: Collection[tuple[Any, Any]]) -> OneOf:
    named = [(value, label) for value, label in pairs if value]
    return OneOf(tuple(value for value, _label in named), tuple(label for _value, label in named))


def coded(model: type[models.Model], name: str) -> OneOf:
    """A code of the field's own closed list."""
    field = field_of(model, name)
    return choices(field.choices)


def code_set(model: type[models.Model], name: str) -> SomeOf:
    # the enumeration's own property would translate the labels here and now
    known = field_of(model, name).codes
    return SomeOf(OneOf(tuple(known.values), tuple(member._label_ for member in known)))


def translated(words: dict[str, Any]) -> Translated:
    return Translated(words)


yes_no = translated({"yes": True, "no": False})


def key(model: type[models.Model], name: str) -> Reader:
    limit = field_of(model, name).max_length
    return lambda cell: check_key(cell, limit)


def own_key(model: type[models.Model], name: str) -> Reader:
    """The key that the row's own record has or gets, which is its address too."""
    read = key(model, name)

    def free(cell: str) -> str:
        if cell.casefold() in FIXED_WORDS:
            raise CellError("reserved_key", _("A page has this address already: choose another key."))
        return str(read(cell))

    return free


def check_key(cell: str, limit: int) -> str:
    if not _KEY.fullmatch(cell):
        message = _("“%(value)s” is not a key: use letters without accents, digits and hyphens only.")
        raise CellError("invalid_key", message % {"value": shown(cell)})
    return bounded(cell, limit)


def keys(model: type[models.Model], name: str) -> Keys:
    return Keys(field_of(model, name).max_length)


def partial_date(cell: str) -> str:
    try:
        return parse_partial_date(shown(cell))  # what it would cut is no date, and the message repeats the cell
    except ValidationError as error:
        message = Message(untranslated(error.message), error.params)
        raise CellError(error.code or "invalid_date", message) from error


def amount(cell: str) -> Decimal:
    if not _AMOUNT.fullmatch(cell):
        message = _("“%(value)s” is not an amount: write digits with at most two decimals, such as 1500000 or 12.50.")
        raise CellError("invalid_amount", message % {"value": shown(cell)})
    return Decimal(cell)


def number(cell: str) -> Decimal:
    if not _NUMBER.fullmatch(cell):
        message = _("“%(value)s” is not a number: write digits with at most two decimals, such as 42 or -3.50.")
        raise CellError("invalid_number", message % {"value": shown(cell)})
    return Decimal(cell)


def currency(cell: str) -> str:
    if not _CURRENCY.fullmatch(cell):
        message = _("“%(value)s” is not a currency: write three capital letters, such as EUR.")
        raise CellError("unknown_code", message % {"value": shown(cell)})
    return cell


_web_address = URLValidator(schemes=["http", "https"])


def url(model: type[models.Model], name: str) -> Reader:
    limit = field_of(model, name).max_length
    return lambda cell: bounded(check_url(cell), limit)


def check_url(cell: str) -> str:
    try:
        _web_address(cell)
    except ValidationError as error:
        message = _("“%(value)s” is not an address of the web: it must start with https:// or http://.")
        raise CellError("invalid_address", message % {"value": shown(cell)}) from error
    return cell


@cache
def countries() -> frozenset[str]:
    known = map(str, Locale("en").territories)
    return frozenset(code for code in known if len(code) == 2 and code.isalpha())


@cache
def languages() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if code.isalpha())


def country(cell: str) -> str:
    if cell not in countries():
        message = _("“%(value)s” is not a country: write its two letters in ISO 3166-1, such as GB, or ZZ for several.")
        raise CellError("unknown_code", message % {"value": shown(cell)})
    return cell


def language(cell: str) -> str:
    if cell not in languages():
        message = _("“%(value)s” is not a language: write its two letters in ISO 639-1, such as fr.")
        raise CellError("unknown_code", message % {"value": shown(cell)})
    return cell
