"""What people write in a cell → what the strict engine takes: codes for labels, ISO dates, plain numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from babel import Locale
from django.utils import translation

from brands import codes
from brands.importing.dates import Order, read_date
from brands.importing.kinds import LANGUAGES, plain
from brands.imports import columns as cells
from brands.imports.columns import SEPARATOR, CellError, Column
from brands.imports.report import say as _
from brands.imports.report import shown
from brands.imports.rowtypes import DUTY, PRECISIONS

YES = ("yes", "oui", "true", "vrai", "x", "1", "y", "o")
NO = ("no", "non", "false", "faux", "0", "n")
UNKNOWN_WORDS = ("unknown", "inconnu", "inconnue", "?", "ne sait pas", "cannot tell", "impossible à dire")
DUTY_WORDS = (DUTY, "duty of care", "devoir de soin")
PRECISION_WORDS = {
    "day": ("day", "jour"),
    "month": ("month", "mois"),
    "year": ("year", "année", "an"),
    "unknown": ("unknown", "inconnue", "inconnu"),
}
EXTRA_WORDS = {
    "customers": ("client", "customer"),
    "employees": ("salariés", "collaborateurs", "staff", "employee"),
    "partners": ("fournisseurs", "suppliers", "partenaire", "partner"),
    "community": ("habitants", "citoyens", "communauté", "residents", "citizens"),
    "days": ("jours",),
    "weeks": ("semaines",),
    "months": ("mois",),
    "helps": ("helps", "help", "aide", "+"),
    "harms": ("harms", "harm", "nuit", "-"),
}
SEVERAL = re.compile(r"[|;\n]")
SEVERAL_CODES = re.compile(r"[|;,/\n]")
_SPACED = re.compile(r"(?<=\d)[ \u00a0\u202f'’](?=\d{3})")


def word(text: str) -> str:
    """A word as it is compared. Signs count where there are no letters: + and – are words too."""
    return plain(text) or text.strip()


# --- Codes ------------------------------------------------------------------------------------------------------------


@cache
def vocabulary(known: tuple[str, ...], labels: tuple[Any, ...]) -> dict[str, str]:
    """Every word that means one of the codes and none of the others."""
    meanings: dict[str, set[str]] = {}
    for place, code in enumerate(known):
        for name in [code, code.replace("_", " "), *EXTRA_WORDS.get(code, ()), *names_of(labels[place : place + 1])]:
            meanings.setdefault(word(name), set()).add(code)
    if codes.UNKNOWN in known:
        for name in UNKNOWN_WORDS:
            meanings.setdefault(word(name), set()).add(codes.UNKNOWN)
    own = {word(code): {code} for code in known}  # a code always means itself
    return {name: next(iter(means)) for name, means in {**meanings, **own}.items() if name and len(means) == 1}


def names_of(labels: Iterable[Any]) -> set[str]:
    """A label in both languages, whole and without its number and its explanation: “2 – real: a concrete…”, “real”."""
    found = set()
    for label in labels:
        for language in LANGUAGES:
            with translation.override(language):
                whole = str(label)
            without_number = re.sub(r"^[0-9]\s*–\s*", "", whole)
            short = re.split(r"[:–(]", without_number)[0]
            found |= {whole, without_number, short.replace("\u00a0", " ")}
    return found


def read_code(cell: str, read: cells.OneOf) -> str:
    found = vocabulary(read.known, read.labels).get(word(cell))
    if found is None:
        cells.refuse_code(cell.strip(), [*read.known])
    return found or ""


def read_codes(cell: str, read: cells.SomeOf) -> str:
    whole = vocabulary(read.one.known, read.one.labels).get(word(cell))
    parts = [cell] if whole else [part for part in SEVERAL_CODES.split(cell) if part.strip()]
    return SEPARATOR.join(read_code(part, read.one) for part in parts)


def read_yes_no(cell: str) -> str:
    name = plain(cell)
    if name in YES or name in NO:
        return "yes" if name in YES else "no"
    message = _("“%(value)s” is neither yes nor no: write one of them.")
    raise CellError("unknown_code", message % {"value": shown(cell)})


def read_precision(cell: str) -> str:
    found = next((code for code, names in PRECISION_WORDS.items() if plain(cell) in map(plain, names)), "")
    return found or cells.refuse_code(cell, list(PRECISIONS.values()))


# --- Names of countries and languages ---------------------------------------------------------------------------------


@cache
def country_words() -> dict[str, str]:
    found = {"uk": "GB", "usa": "US", "etats unis d amerique": "US", "international": "ZZ", "several": "ZZ"}
    for language in LANGUAGES:
        found.update({plain(name): code for code, name in Locale(language).territories.items() if len(code) == 2})
    return {**found, **{code.lower(): code for code in cells.countries()}, "uk": "GB"}


@cache
def language_words() -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        names = Locale(language).languages.items()
        found.update({plain(name): code for code, name in names if code in cells.languages()})
    return {**found, **{code: code for code in cells.languages()}}


# --- Numbers ----------------------------------------------------------------------------------------------------------


def read_amount(cell: str) -> str:
    """Digits with a point, from French or English notation. One mark before three digits could be either."""
    text = _SPACED.sub("", cell.strip())
    marks = re.findall(r"[.,]", text)
    if len(marks) == 1 and re.fullmatch(r"\d{1,3}[.,]\d{3}", text, re.ASCII):
        message = _("“%(value)s” could be a thousand or a fraction: write it without the mark.")
        raise CellError("ambiguous_amount", message % {"value": shown(cell)})
    if len(marks) > 1 and re.fullmatch(r"\d{1,3}(?:[.,]\d{3})*(?:[.,]\d{1,2})?", text, re.ASCII):
        return grouped(text)
    return text.replace(",", ".")


def read_number(cell: str) -> str:
    """The same with a sign, typed as a hyphen or as a true minus."""
    text = cell.strip().replace("−", "-")
    return f"-{read_amount(text[1:])}" if text.startswith("-") else read_amount(text.removeprefix("+"))


def grouped(text: str) -> str:
    """1.500.000,50 and 1,500,000.50: the last mark is the point if it stands once and the others differ from it."""
    marks = re.findall(r"[.,]", text)
    last = marks[-1]
    if len(set(marks)) == 1:
        return text.replace(last, "")
    if set(marks[:-1]) == {last} or last in marks[:-1]:
        return text  # marks that alternate mean nothing: the strict reader says so
    whole, _mark, rest = text.rpartition(last)
    return f"{re.sub('[.,]', '', whole)}.{rest}"


# --- A cell -----------------------------------------------------------------------------------------------------------

Reader = Callable[[str], str]


def reader_of(column: Column, orders: Mapping[str, Order], names: Mapping[str, Callable[[str], str]]) -> Reader | None:
    """How a cell of this column becomes a strict one; None for text, which stays as it is.

    ``names`` look up keys by what people call the records: brands by name, sources by address.
    """
    read = column.read
    if isinstance(read, cells.OneOf):
        return read_precision if column.name.endswith("_precision") else lambda cell: read_code(cell, read)
    if isinstance(read, cells.SomeOf):
        return lambda cell: read_codes(cell, read)
    if isinstance(read, cells.Translated):
        return read_yes_no
    if isinstance(read, cells.Keys):
        find = named_record(column, names)
        return lambda cell: SEPARATOR.join(find(part) for part in SEVERAL.split(cell) if part.strip())
    if read is cells.partial_date:
        return lambda cell: read_date(cell, orders.get(column.name))
    if read is cells.amount:
        return read_amount
    if read is cells.number:
        return read_number
    return plain_reader(column, names)


def plain_reader(column: Column, names: Mapping[str, Callable[[str], str]]) -> Reader | None:
    if column.read is cells.country:
        return lambda cell: country_words().get(plain(cell), cell.strip())
    if column.read is cells.language:
        return lambda cell: language_words().get(plain(cell), cell.strip())
    if column.read is cells.currency:
        return lambda cell: {"€": "EUR", "$": "USD", "£": "GBP"}.get(cell.strip(), cell.strip().upper())
    if column.name == "yardstick":
        return lambda cell: DUTY if plain(cell) in map(plain, DUTY_WORDS) else cell.strip()
    if column.name == "group":
        return lambda cell: "-".join(plain(cell).split()) if not re.fullmatch(r"[-\w]+", cell, re.ASCII) else cell
    if column.refers:
        return named_record(column, names)
    return str.strip if column.name.endswith(("_slug", "url", "website")) else None


def named_record(column: Column, names: Mapping[str, Callable[[str], str]]) -> Reader:
    """The key of the record that a cell names. What is neither a key nor a known name is said to be unknown."""
    look_up = names.get(column.refers, str.strip)

    def find(cell: str) -> str:
        key = look_up(cell.strip())
        if column.refers in names and not re.fullmatch(r"[-\w]+", key, re.ASCII):
            message = _("“%(value)s” is not on file: add it first, or correct the cell.")
            raise CellError("unknown_reference", message % {"value": shown(cell.strip())})
        return key

    return find
