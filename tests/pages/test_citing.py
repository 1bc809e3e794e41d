"""Citations as reference managers read them, what search engines are told, and the picture beside a link.

The grammars below are those of the published formats; the files were also read with pybtex, bibtexparser, rispy and
citeproc-py when they were made.
"""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from scoring.models import Publication
from tests import factories as make
from tests.pages.reading import html_of

pytestmark = pytest.mark.django_db
CASE = "brands/fictia/covid-19/"
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])

CSL = {
    **dict.fromkeys(("id", "type", "title", "genre", "publisher", "version", "language", "URL"), str),
    "author": list,
    **dict.fromkeys(("issued", "accessed"), dict),
}
"""Of the variables of csl-data.json, those that are used; it allows no others than its own."""

_WORK = {
    *("name", "description", "url", "author", "creator", "publisher", "datePublished", "inLanguage", "version"),
    *("isAccessibleForFree", "license", "citation"),
}
SCHEMA_ORG = {
    "Dataset": {*_WORK, "distribution"},
    "Review": {*_WORK, "itemReviewed", "reviewBody"},
    "DataDownload": {*_WORK, "encodingFormat", "contentUrl"},
    "Organization": {"name", "url"},
    "Brand": {"name", "url"},
}
"""Type → the properties that the vocabulary has for it, of those that are used here."""


@pytest.fixture(autouse=True)
def published() -> Publication:
    """At a moment that is another day in Paris than in Greenwich; a name with letters that formats stumble over."""
    publication = make.published(make.a_breach("Fic & tia ~50% {x} \\ ^", slug="fictia"))
    Publication.objects.update(published_at=datetime(2020, 6, 11, 22, 30, tzinfo=UTC))
    return publication


def cited(language: str, style: str) -> str:
    return Client().get(f"/{language}/{CASE}cite/{style}").content.decode()


@LANGUAGES
def test_bibtex_is_one_entry_of_balanced_fields(language: str) -> None:
    text = cited(language, "bibtex")
    entry = re.fullmatch(r"@misc\{([a-z0-9_]+),\n((?:  [a-z]+ = .+,?\n)+)\}\n", text)
    assert entry
    fields = dict(re.findall(r"  ([a-z]+) = (.+?),?\n", entry[2]))
    assert fields.pop("month") == "jun"  # a name that every style knows
    for value in fields.values():
        depth = 0
        for place, letter in enumerate(plain := re.sub(r"\\[&%$#_{}]", "", value)):
            depth += (letter == "{") - (letter == "}")
            assert depth > 0 or place == len(plain) - 1
        assert depth == 0
        assert not re.search(r"(?<!\\)[&%$#_^~]", value.removeprefix("{http"))
    assert r"Fic \& tia \textasciitilde{}50\% \{x\} \textbackslash{} \textasciicircum{} – Covid-19" in fields["title"]
    assert (fields["year"], fields["version"]) == ("{2020}", "{v1}")
    assert re.fullmatch(r"\{\d{4}-\d\d-\d\d\}", fields["urldate"])


@LANGUAGES
def test_ris_is_one_reference_of_tagged_lines(language: str) -> None:
    lines = cited(language, "ris").split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    tags = dict(line.split("  - ", 1) for line in lines)
    assert (lines[0], lines[-1]) == ("TY  - ELEC", "ER  - ")
    assert (tags["PY"], tags["DA"], tags["LA"]) == ("2020", "2020/06/12", language)
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", tags["Y2"])


@LANGUAGES
def test_csl_json_holds_what_its_schema_has(language: str) -> None:
    (item,) = json.loads(cited(language, "csl-json"))
    assert {name: type(value) for name, value in item.items()} == CSL
    assert item["type"] == "webpage"
    assert item["author"] == [{"literal": "cxalign"}]
    assert item["issued"] == {"date-parts": [[2020, 6, 12]]}
    assert [len(item["accessed"]["date-parts"][0]), set(item["accessed"])] == [3, {"date-parts"}]


@LANGUAGES
def test_the_text_and_the_tags_of_the_page_name_the_same_day(language: str) -> None:
    """The day is that of the site, whoever reads."""
    assert ("12 June 2020" if language == "en" else "12 juin 2020") in cited(language, "text").replace("\u00a0", " ")
    tags = meta(language)
    assert tags["citation_publication_date"] == "2020/06/12"
    assert tags["citation_title"] == "Fic & tia ~50% {x} \\ ^ – Covid-19"
    assert tags["citation_language"] == language
    assert tags["citation_author"] == tags["citation_publisher"] == "cxalign"
    assert tags["citation_public_url"].endswith(f"/{language}/{CASE}")


def meta(language: str) -> dict[str, str]:
    page = html_of(Client().get(f"/{language}/{CASE}"))  # type: ignore[arg-type]
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in found}


@LANGUAGES
def test_structured_data_speaks_the_vocabulary_of_schema_org(language: str) -> None:
    page = html_of(Client().get(f"/{language}/{CASE}"))  # type: ignore[arg-type]
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(data)
    assert told.pop("@context") == "https://schema.org"
    _check_properties(told)
    assert (told["inLanguage"], told["datePublished"], told["version"]) == (language, "2020-06-12", "v1")
    assert told["url"].endswith(f"/{language}/{CASE}v1/")
    assert 50 <= len(told["description"]) <= 5000
    assert not re.search(r"\[\d+\]", told["description"])
    assert not re.search(r"\[\d+\]", meta(language)["description"])


def _check_properties(told: dict[str, Any]) -> None:
    kinds = told.pop("@type")
    known = set[str]().union(*(SCHEMA_ORG[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)))
    assert set(told) <= known, set(told) - known
    for value in told.values():
        if isinstance(value, dict):
            _check_properties(dict(value))


@LANGUAGES
def test_a_link_is_shown_with_a_picture_of_the_verdict(language: str, settings: Any) -> None:
    tags = meta(language)
    assert tags["og:title"].endswith("Broken promise" if language == "en" else "Promesse rompue")
    assert tags["og:url"] == tags["citation_public_url"]
    assert tags["twitter:card"] == "summary_large_image"
    picture = tags["og:image"].removeprefix(settings.BASE_URL)
    answer = Client().get(picture)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "public, max-age=3600")
    size = (int(tags["og:image:width"]), int(tags["og:image:height"]))
    assert Image.open(io.BytesIO(answer.content)).size == size
    settings.EMBEDDING = False
    assert "og:image" not in meta(language)
    assert Client().get(picture).status_code == 404


def test_only_a_verdict_in_force_has_a_picture() -> None:
    make.a_brand("Listed", listed=True)
    make.judged(make.a_breach("Hidden"))
    assert [Client().get(f"/picture/{slug}/covid-19.png").status_code for slug in ("listed", "hidden", "fictia")] == [
        404,
        404,
        200,
    ]
