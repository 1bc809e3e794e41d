"""The page that the type of a problem leads to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from cxalign.api.errors import KINDS
from tests.api.conftest import Reader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", KINDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_code_is_explained_in_both_languages(client: Client, code: str, language: str) -> None:
    page = client.get(f"/{language}/problems/{code}/")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.content.decode()
    assert f"<code>{code}</code>" in page.content.decode()
    assert str(KINDS[code].status) in page.content.decode()


def test_the_type_of_a_problem_leads_to_its_page_in_the_readers_language(reader: Reader, client: Client) -> None:
    address = urlsplit(reader.json("brands/nobody", 404)["type"])
    for language in ("en", "fr"):
        page: Any = client.get(address.path, headers={"Accept-Language": language}, follow=True)
        assert page.redirect_chain == [(f"/{language}/problems/not_found/", 302)]
        assert page.status_code == 200


def test_a_code_that_we_do_not_use_has_no_page(client: Client) -> None:
    assert client.get("/en/problems/unknown/").status_code == 404
