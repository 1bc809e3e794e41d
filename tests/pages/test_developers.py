"""The guide to the API: each example of it is a call that is made here, and what it lists is what there is."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from cxalign.accounts import keys
from cxalign.api.errors import KINDS
from tests import factories as make
from tests.accounts.making import a_key, a_team
from tests.looking import findings, inspector, is_too_wide
from tests.pages.reading import html_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BASE = "https://cxalign.example.org"
LANGUAGES = pytest.mark.parametrize("language", ["en", "fr"])
PUBLIC = {
    "list": "data", "one": "explanation", "fields": "robustness", "acts": "data", "page": "has_more", "since": "data",
    "oembed": "html", "badge": "schemaVersion",
}  # fmt: skip
"""Example → a name that its answer has."""


@pytest.fixture
def guide(settings: Any) -> Any:
    """Language → example → what is typed, as the page shows it."""
    settings.BASE_URL = BASE
    make.published(make.a_breach("Fictia"))

    def read(language: str) -> dict[str, str]:
        page = Client().get(f"/{language}/developers/").content.decode()
        shown = re.findall(r'data-call="(\w+)"><code>(.*?)</code>', page, re.DOTALL)
        return {code: unescape(typed) for code, typed in shown}

    return read


def curl(typed: str, **variables: str) -> Any:
    """What the command would do: the few options that the guide uses, and no others."""
    reader = argparse.ArgumentParser(exit_on_error=False)
    reader.add_argument("-H", action="append", default=[])
    for flag in ("-s", "-i", "-I", "-O", "-J"):
        reader.add_argument(flag, action="store_true")
    reader.add_argument("address")
    for name, value in variables.items():
        typed = typed.replace(f"${name}", value.replace('"', '\\"'))
    command, *words = shlex.split(typed)
    assert command == "curl"
    given = reader.parse_args(words)
    assert given.address.startswith(BASE)
    parts = urlsplit(given.address)
    headers = dict(line.split(": ", 1) for line in given.H)
    ask = Client().head if given.I else Client().get
    return ask(f"{parts.path}?{parts.query}", headers=headers)


@pytest.mark.django_db
@LANGUAGES
def test_every_example_works_as_it_stands(guide: Any, language: str) -> None:
    typed = guide(language)
    assert set(typed) == {*PUBLIC, "tag", "known", "error", "language", "key", "csv", "workbook"}
    for code, name in PUBLIC.items():
        answer = curl(typed[code])
        assert answer.status_code == 200, code
        assert name in json.loads(answer.content), code
    assert set(json.loads(curl(typed["fields"]).content)) >= {"outcome", "robustness", "explanation"}
    assert isinstance(json.loads(curl(typed["fields"]).content)["explanation"], str)
    first = json.loads(curl(typed["page"]).content)
    assert first["has_more"]
    last = json.loads(curl(f'curl "{first["next"]}"').content)
    while last["has_more"]:
        last = json.loads(curl(f'curl "{last["next"]}"').content)
    assert last["next"] is None
    tag = curl(typed["tag"])["ETag"]
    assert (curl(typed["known"], ETAG=tag).status_code, curl(typed["known"], ETAG='"old"').status_code) == (304, 200)
    assert curl(typed["csv"])["Content-Type"].startswith("text/csv")
    assert "spreadsheetml" in curl(typed["workbook"])["Content-Type"]


@pytest.mark.django_db
def test_the_examples_of_refusals_are_refused(guide: Any) -> None:
    typed = guide("en")
    for code, language in (("error", "en"), ("language", "fr")):
        answer = curl(typed[code])
        told = json.loads(answer.content)
        assert (answer.status_code, told["code"]) == (400, "bad_parameters")
        assert "colour" in json.dumps(told["errors"])
        assert told["request_id"].startswith("req_")
        assert answer["Content-Language"] == language


@pytest.mark.django_db
def test_the_example_with_a_key_needs_one(guide: Any) -> None:
    typed = guide("en")["key"]
    owner = make.a_user(username="planner")
    a_team(owner)
    key = a_key(owner, "read:plans").token
    assert curl(typed, KEY=key).status_code == 200
    assert curl(typed, KEY="ppk_wrong_one").status_code == 401


@pytest.mark.django_db
@LANGUAGES
def test_the_guide_lists_what_there_is(guide: Any, language: str, settings: Any) -> None:
    settings.API_RATE = "45/min"
    page = html_of(Client().get(f"/{language}/developers/"))  # type: ignore[arg-type]
    for scope in keys.OFFERED:
        assert f"<code>{scope}</code>" in page
    for code in KINDS:
        assert f'href="{reverse("problem", args=[code]).replace("/en/", f"/{language}/")}"' in page
    assert "GET /scorecards/{id}/versions" in page
    assert "DELETE /plans/{id}" in page
    assert ("45 requests a minute" if language == "en" else "45 requêtes par minute") in page
    untold = re.findall(r'<span lang="en">', page)
    assert untold == [], "Say in both languages what the new resource holds."


@pytest.mark.django_db
def test_the_guide_speaks_of_no_badges_where_there_are_none(guide: Any, settings: Any) -> None:
    assert "badge" in guide("en")
    settings.EMBEDDING = False
    assert not {"badge", "oembed"} & set(guide("en"))
    assert 'href="#faces"' not in Client().get("/en/developers/").content.decode()


@pytest.mark.django_db
def test_an_empty_site_has_a_guide_too() -> None:
    page = Client().get("/en/developers/").content.decode()
    assert "fictia:covid-19" in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@LANGUAGES
def test_the_guide_looks_right(browser: Browser, live_server: Any, language: str) -> None:
    make.published(make.a_breach("Fictia"))
    tab = inspector(browser, live_server)
    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(f"/{language}/developers/")
        assert findings(tab) == []
        assert not is_too_wide(tab)
    tab.context.close()
