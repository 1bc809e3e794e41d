"""What the page at an address says about itself, offered for the fields of the source. Nothing typed is replaced."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from brands.addresses import cleaned
from brands.details import page_details
from brands.fetching import Unreachable
from brands.models import Source

if TYPE_CHECKING:
    from django.http import QueryDict

OFFERED = ("url", "title", "publisher", "author", "published_on", "language")
"""The fields that a page may have something to say about, in reading order."""


@dataclass
class Told:
    """What was found: what goes into empty fields, what differs from what was typed, and the sentence about both."""

    filled: dict[str, str] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)
    sentence: str = ""
    failed: bool = False


def told_by_page(data: QueryDict) -> Told:
    """Ask the page at the address in the form. Private addresses are refused by the fetcher, like silent ones."""
    address = data.get("source-url", "").strip()
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return Told(sentence=_("Enter the whole address first, with https:// in front."), failed=True)
    try:
        found = page_details(address)
    except Unreachable:
        text = _(
            "The page could not be read: it may be gone, refuse programs, or be no web page. "
            "Fill in the fields yourself; what you typed is still there."
        )
        return Told(sentence=text, failed=True)
    return sorted_out(data, {**{name: getattr(found, name) for name in OFFERED[1:]}, "url": found.canonical})


def sorted_out(data: QueryDict, found: dict[str, str]) -> Told:
    told = Told()
    for name in OFFERED:
        typed, value = data.get(f"source-{name}", "").strip(), found[name]
        if value and not typed:
            told.filled[name] = value
        elif value and not same(name, typed, value):
            told.offers[name] = value
    told.sentence = sentence(told)
    return told


def same(name: str, typed: str, value: str) -> bool:
    """Whether both are stored as the same value: 13/04/2020 and 2020-04-13 are one day."""
    return as_stored(name, typed).casefold() == as_stored(name, value).casefold()


def as_stored(name: str, text: str) -> str:
    column: Any = Source._meta.get_field(name)
    try:
        return cleaned(text) if name == "url" else str(column.formfield().to_python(text))
    except ValidationError:
        return text


def sentence(told: Told) -> str:
    said = []
    if told.filled:
        said.append(_("Filled in from the page: %(fields)s. Check them.") % {"fields": names_of(told.filled)})
    if told.offers:
        text = _("The page says otherwise than you: %(fields)s. What you typed stays until you choose.")
        said.append(text % {"fields": names_of(told.offers)})
    return " ".join(said) or _("The page says nothing that is not in the form already.")


def names_of(values: dict[str, str]) -> str:
    """Which fields, as a list in words."""
    return get_text_list([name_of(name) for name in values], _("and"))


def name_of(name: str) -> str:
    return _("date") if name == "published_on" else str(Source._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


# --- In the form ------------------------------------------------------------------------------------------------------


def filled_in(data: QueryDict, told: Told) -> QueryDict:
    """The form as sent, with what the page says in its empty fields and beside the others."""
    changed = data.copy()
    for name, value in told.filled.items():
        changed[f"source-{name}"] = value
    for name in OFFERED:
        changed[f"offered-{name}"] = told.offers.get(name, "")
    return changed


def accepted(data: QueryDict, name: str) -> QueryDict:
    """The form after one of the offers was taken."""
    changed = data.copy()
    if name in OFFERED and changed.get(f"offered-{name}"):
        changed[f"source-{name}"] = changed.get(f"offered-{name}", "")
        changed[f"offered-{name}"] = ""
    return changed


def offers_in(data: QueryDict | None) -> dict[str, str]:
    """What is still offered: field → value; empty for what is not."""
    return {name: data.get(f"offered-{name}", "")[:1000] if data is not None else "" for name in OFFERED}
