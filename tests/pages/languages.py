"""Which language each text of a page says it is in, and whether it is set as that language asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from cxalign.exports.slides import ENGLISH_TERMS

EMPTY = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
NOT_READ = frozenset({"script", "style", "template"})
NO_MARKS_INSIDE = frozenset({"title", "option", "textarea"})
"""What holds plain text only: a part of it cannot say its language."""
AS_TYPED = frozenset({"code", "pre", "kbd", "samp", "textarea", "q", "blockquote", "cite"})
"""Programs and the words of others: set as they are."""
READ_OUT = ("aria-label", "title", "alt", "placeholder", "data-label")


class Text(NamedTuple):
    words: str
    language: str
    within: tuple[str, ...]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.texts: list[Text] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in EMPTY:
            given = dict(attrs)
            above = self.open[-1][1] if self.open else ""
            self.open.append((tag, given.get("lang") or given.get("xml:lang") or above))
        self._attributes(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, dict(attrs))

    def _attributes(self, tag: str, given: dict[str, str | None]) -> None:
        """Texts too, which hold no marks, like a title."""
        language = self.open[-1][1] if self.open else ""
        self.texts += [Text(given[name] or "", language, (tag, "title")) for name in READ_OUT if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        within = tuple(tag for tag, _language in self.open)
        if data.strip() and self.open and not NOT_READ & set(within):
            self.texts.append(Text(data, self.open[-1][1], within))


def texts_of(page: str) -> list[Text]:
    reader = _Reader()
    reader.feed(page)
    return reader.texts


GLOSSES = {
    "do now": "à faire maintenant",
    "do next": "à faire ensuite",
    "do later": "à faire plus tard",
    "purpose washing": "valeurs affichées sans actes à l’appui",
}
GLOSS_WITHIN = 12
"""Characters between a term and what it means."""


def complaints_about_language(language: str, page: str) -> Iterator[str]:
    texts = texts_of(page)
    if language == "fr":
        yield from unmarked_terms(texts)
        yield from unexplained_terms(texts)
        yield from ill_set_french(texts)


def unmarked_terms(texts: list[Text]) -> Iterator[str]:
    for text in texts:
        if text.language != "en" and not NO_MARKS_INSIDE & set(text.within) and ENGLISH_TERMS.search(text.words):
            yield f"an English term not marked as such: {text.words.strip()!r}"


def unexplained_terms(texts: list[Text]) -> Iterator[str]:
    told = " ".join(text.words for text in texts if not NO_MARKS_INSIDE & set(text.within))
    told = re.sub(r"\s+", " ", told)
    met = set()
    for found in ENGLISH_TERMS.finditer(told):
        name = found[0].lower().replace("-", " ")
        if name not in met and GLOSSES[name] not in told[found.end() : found.end() + len(GLOSSES[name]) + GLOSS_WITHIN]:
            yield f"{found[0]} is not explained where it is first said"
        met.add(name)


ILL_SET = re.compile(
    r"\w'\w|[^\s\d«(/:][;!?»](?=\s|$)|\w:(?=\s|$)|[ ][:;!?%»]|«[^\xa0]|\d%|\bEtat|\bEvalu|\bEcri|\bA (?:la|partir|ce) "
)
"""A straight apostrophe, a mark without its non-breaking space, a capital without its accent."""


def ill_set_french(texts: list[Text]) -> Iterator[str]:
    for text in texts:
        if text.language == "fr" and not AS_TYPED & set(text.within) and (found := ILL_SET.search(text.words)):
            start = max(found.start() - 30, 0)
            yield f"not set as French is: {text.words[start : found.end() + 10]!r}"
