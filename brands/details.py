"""What a page says about itself: read from its head with the standard library, nothing of it run."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.exceptions import ValidationError

from brands import fetching
from brands.fields import parse_partial_date

PAGES = frozenset({"text/html", "application/xhtml+xml"})
ENOUGH = 2_000_000
"""Characters of a page that are read. What a page says about itself stands near its beginning."""


@dataclass(frozen=True)
class Details:
    """Proposals for a source's fields; empty where the page does not say."""

    title: str = ""
    publisher: str = ""
    author: str = ""
    published_on: str = ""
    language: str = ""
    canonical: str = ""


def page_details(address: str) -> Details:
    """What the page at a public address says about itself. Raises ``Unreachable``, and says no more than that."""
    answer = fetching.fetch(address, media_types=PAGES)
    if not answer.is_success:
        raise fetching.Unreachable
    return details_in(_decoded(answer), answer.address)


def _decoded(answer: fetching.Answer) -> str:
    declared = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})", answer.body[:4096], re.IGNORECASE)
    for charset in (answer.charset, declared.group(1).decode("ascii", "replace") if declared else "", "utf-8"):
        try:
            return answer.body.decode(charset or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return answer.body.decode("latin-1")


def details_in(page: str, address: str) -> Details:
    head = _Head()
    head.feed(page[:ENOUGH])
    data = list(_linked_data(head.scripts))
    return Details(
        title=_first([*head.all("citation_title", "og:title", "twitter:title", "dc.title"), head.title], 400),
        publisher=_first(
            [
                *head.all("og:site_name", "citation_journal_title", "citation_publisher", "dc.publisher"),
                *_names(data, "publisher"),
            ],
            200,
        ),
        author=_several([*head.all("citation_author"), *head.all("author", "dc.creator"), *_names(data, "author")]),
        published_on=_date(
            [
                *head.all("citation_publication_date", "citation_date", "article:published_time"),
                *(text for item in data for text in [item.get("datePublished")] if isinstance(text, str)),
                *head.all("date", "dc.date", "dcterms.date"),
            ]
        ),
        language=_language([head.language, *head.all("og:locale", "content-language", "citation_language")]),
        canonical=_canonical([head.canonical, *head.all("og:url")], address),
    )


class _Head(HTMLParser):
    """The title, the meta elements, the canonical address, and data written for machines."""

    def __init__(self) -> None:
        super().__init__()
        self.metas: list[tuple[str, str]] = []
        self.title = self.language = self.canonical = ""
        self.scripts: list[str] = []
        self._inside = ""

    def all(self, *names: str) -> list[str]:
        return [content for name in names for given, content in self.metas if given == name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = given.get("property") or given.get("name") or given.get("http-equiv") or ""
            self.metas.append((name.strip().lower(), given.get("content", "")))
        elif tag == "html":
            self.language = self.language or given.get("lang", "") or given.get("xml:lang", "")
        elif tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.canonical = self.canonical or given.get("href", "")
        elif tag == "title" and not self.title:
            self._inside = "title"
        elif tag == "script" and given.get("type", "").strip().lower() == "application/ld+json":
            self._inside = "data"
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("title", "script"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        elif self._inside == "data":
            self.scripts[-1] += data


# --- Data for machines ------------------------------------------------------------------------------------------------


def _linked_data(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Every thing described in the page's JSON-LD: alone, in a list, or in a graph."""
    for script in scripts:
        try:
            found = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for item in found if isinstance(found, list) else [found]:
            if isinstance(item, dict):
                yield item
                graph = item.get("@graph")
                yield from (inner for inner in (graph if isinstance(graph, list) else []) if isinstance(inner, dict))


def _names(data: Iterable[dict[str, Any]], role: str) -> Iterator[str]:
    for item in data:
        value = item.get(role)
        for person in value if isinstance(value, list) else [value]:
            name = person.get("name") if isinstance(person, dict) else person
            if isinstance(name, str):
                yield name


# --- Choosing, and setting right --------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """One line of text without anything that no person typed."""
    kept = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs") or char.isspace())
    return " ".join(kept.split())


def _first(texts: Iterable[str], limit: int) -> str:
    return next((plain[:limit] for plain in map(_plain, texts) if plain), "")


def _several(texts: Iterable[str]) -> str:
    """Every author once, no address among them, as many as the field holds."""
    names: list[str] = []
    for name in map(_plain, texts):
        if name and name not in names and "://" not in name and len(", ".join([*names, name])) <= 200:
            names.append(name)
    return ", ".join(names)


def _date(texts: Iterable[str]) -> str:
    for text in texts:
        try:
            return parse_partial_date(_plain(text).replace("/", "-").partition("T")[0].partition(" ")[0])
        except ValidationError:
            continue
    return ""


def _language(texts: Iterable[str]) -> str:
    for text in texts:
        if found := re.match(r"([a-z]{2})(?:[-_]|$)", _plain(text).lower()):
            return found.group(1)
    return ""


def _canonical(texts: Iterable[str], address: str) -> str:
    """The address under which the page wants to be known, if it is one that a browser may follow."""
    for text in texts:
        try:
            whole = urljoin(address, _plain(text)) if text.strip() else ""
            if urlsplit(whole).scheme in ("http", "https") and fetching.host_of(whole) and len(whole) <= 1000:
                return whole
        except ValueError:
            continue
    return ""
