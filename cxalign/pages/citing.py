"""How to cite a scorecard: a sentence, and the three formats that reference managers read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cxalign.templatetags.cxalign import full_date, here, safe_address, without_citations
from scoring.scorecards import Scorecard

PUBLISHER = "cxalign"


def title(card: Scorecard) -> str:
    document = card.document
    return " ".join(f"{document['brand']['name']} – {here(document['crisis']['name'])}".split())


def address(card: Scorecard, language: str) -> str:
    """The address of this very version, which stays for good."""
    return f"{card.base_url}/{language}{card.path}"


def in_text(card: Scorecard) -> str:
    """The short form for a running text."""
    return f"({PUBLISHER}, {published_on(card).year}, {_short_version(card)})"


def as_text(card: Scorecard, language: str, retrieved: date | None = None) -> str:
    parts = {
        "title": title(card),
        "version": card.publication.version if card.publication else _("draft"),
        "date": full_date(published_on(card)),
        "method": card.document["method_version"],
        "address": address(card, language),
        "publisher": PUBLISHER,
    }
    text = _("“%(title)s”, alignment scorecard, version %(version)s of %(date)s, method %(method)s. %(publisher)s.")
    cited = f"{text % parts} {parts['address']}"
    if retrieved:
        when = _("retrieved on %(date)s") % {"date": full_date(retrieved)}
        cited += f" ({when})"
    return cited


def as_bibtex(card: Scorecard, language: str, retrieved: date | None = None) -> str:
    published = published_on(card)
    fields = {
        "author": f"{{{PUBLISHER}}}",
        "title": f"{{{_plain_tex(title(card))}}}",
        "howpublished": _("Alignment scorecard"),
        "version": _short_version(card),
        "year": str(published.year),
        "month": MONTHS[published.month - 1],
        "note": f"{_('Method')} {card.document['method_version']}",
        "url": address(card, language),
        **({"urldate": retrieved.isoformat()} if retrieved else {}),
    }
    lines = ",\n".join(f"  {name} = {value if name == 'month' else f'{{{value}}}'}" for name, value in fields.items())
    return f"@misc{{{_key(card)},\n{lines}\n}}\n"


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""As every style of BibTeX knows them: names, in no braces."""


def as_ris(card: Scorecard, language: str, retrieved: date | None = None) -> str:
    published = published_on(card)
    lines = [
        ("TY", "ELEC"),
        ("AU", PUBLISHER),
        ("TI", title(card)),
        ("PY", str(published.year)),
        ("DA", published.strftime("%Y/%m/%d")),
        ("ET", _short_version(card)),
        ("PB", PUBLISHER),
        ("LA", language),
        ("UR", address(card, language)),
        *([("Y2", retrieved.strftime("%Y/%m/%d"))] if retrieved else []),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def as_csl(card: Scorecard, language: str, retrieved: date | None = None) -> str:
    published = published_on(card)
    item: dict[str, Any] = {
        "id": _key(card),
        "type": "webpage",
        "title": title(card),
        "genre": _("Alignment scorecard"),
        "author": [{"literal": PUBLISHER}],
        "publisher": PUBLISHER,
        "issued": _date_parts(published),
        **({"accessed": _date_parts(retrieved)} if retrieved else {}),
        "version": _short_version(card),
        "language": language,
        "URL": address(card, language),
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def _date_parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def published_on(card: Scorecard) -> date:
    """The day where this site is, whoever reads: a citation must not depend on it."""
    if card.publication is None:
        return card.snapshot.as_of
    return timezone.localtime(card.publication.published_at, timezone.get_default_timezone()).date()


def _short_version(card: Scorecard) -> str:
    return f"v{card.publication.version}" if card.publication else "draft"


def _key(card: Scorecard) -> str:
    return re.sub(r"[^a-z0-9]+", "_", f"{PUBLISHER} {card.id}".lower()).strip("_")


_TEX = str.maketrans(
    {
        **{letter: f"\\{letter}" for letter in "&%$#_{}"},
        **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    }
)


def _plain_tex(text: str) -> str:
    return text.translate(_TEX)


Format = Callable[[Scorecard, str, date | None], str]
FORMATS: dict[str, tuple[str, str, Format]] = {
    "text": ("text/plain", "txt", as_text),
    "bibtex": ("application/x-bibtex", "bib", as_bibtex),
    "ris": ("application/x-research-info-systems", "ris", as_ris),
    "csl-json": ("application/vnd.citationstyles.csl+json", "json", as_csl),
}
"""Name in the address → media type, ending of the file, and who writes it."""


def structured_data(card: Scorecard, language: str) -> str:
    """schema.org for search engines, safe inside a ``script`` element: no character of it can close one."""
    document = card.document
    told = without_citations(document["explanation"][language])
    us = {"@type": "Organization", "name": PUBLISHER, "url": card.base_url}
    data = {
        "@context": "https://schema.org",
        "@type": ["Dataset", "Review"],
        "name": title(card),
        "description": told,
        "reviewBody": told,
        "itemReviewed": {"@type": "Brand", "name": document["brand"]["name"]},
        "url": address(card, language),
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": "application/json",
            "contentUrl": f"{card.base_url}/api/v1/scorecards/{card.id}",
        },
        "version": _short_version(card),
        "datePublished": published_on(card).isoformat(),
        "inLanguage": language,
        "isAccessibleForFree": True,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "author": us,
        "creator": us,
        "publisher": us,
        "citation": [source["url"] for source in document["sources"] if safe_address(source["url"])],
    }
    escapes = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
    return json.dumps(data, ensure_ascii=False).translate(escapes)
