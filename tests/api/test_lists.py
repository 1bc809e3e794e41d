"""Lists page by page: cursors that nobody invents, counts on request, and an end."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import override_settings

from cxalign.api import cursors, views
from cxalign.api.index import RESOURCES
from tests import factories as make
from tests.api.conftest import Reader

pytestmark = pytest.mark.django_db

SORTS = {
    "brands": ("name", "-name", "updated_at", "-updated_at"),
    "promises": ("id", "-id"),
    "scorecards": ("brand", "-brand", "published_at", "-published_at"),
}


def five_brands() -> None:
    """Two of them with the same name, so that the order needs the identifier too."""
    for slug, name in (("d", "Same"), ("b", "Same"), ("a", "First"), ("e", "Zeal"), ("c", "Élan")):
        make.published(make.a_breach(name, slug=slug))


def cursor_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["cursor"][0]


@pytest.mark.parametrize(("collection", "sort"), [(name, sort) for name, sorts in SORTS.items() for sort in sorts])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_the_pages_together_are_the_list(reader: Reader, collection: str, sort: str, limit: int) -> None:
    five_brands()
    whole = reader.ids(f"{collection}?sort={sort}")
    assert len(whole) == len(set(whole)) == 5
    assert reader.walk(f"{collection}?sort={sort}&limit={limit}") == whole


def test_down_is_the_reverse_of_up(reader: Reader) -> None:
    five_brands()
    assert reader.walk("brands?sort=-name&limit=2") == reader.walk("brands?sort=name&limit=2")[::-1]


@pytest.mark.parametrize("collection", RESOURCES)
def test_an_empty_list_is_a_list(reader: Reader, collection: str) -> None:
    assert reader.json(collection) == {"data": [], "has_more": False, "next": None}
    assert reader.json(f"{collection}?count=exact")["count"] == {"value": 0, "precision": "exact"}


def test_the_next_page_is_linked_in_the_header_with_all_that_was_asked(reader: Reader) -> None:
    five_brands()
    answer = reader.get("scorecards?limit=2&brand=a&brand=b&brand=c&outcome=broken_promise")
    address = answer.json()["next"]  # type: ignore[attr-defined]
    assert answer["Link"] == f'<{address}>; rel="next"'
    asked = parse_qs(urlsplit(address).query)
    assert (asked["brand"], asked["outcome"], asked["limit"]) == (["a", "b", "c"], ["broken_promise"], ["2"])
    assert len(reader.json(address)["data"]) == 1
    assert "Link" not in reader.get(address)


def test_a_row_that_appears_meanwhile_moves_no_other(reader: Reader) -> None:
    five_brands()
    first = reader.json("brands?limit=2")
    make.published(make.a_breach("Aaa", slug="aaa"))
    assert [brand["id"] for brand in reader.json(first["next"])["data"]] == ["b", "d"]


def test_a_cursor_that_was_altered_is_refused_and_the_original_is_not(reader: Reader) -> None:
    five_brands()
    address = reader.json("brands?limit=2")["next"]
    reader.json(address)
    payload, _dot, seal = cursor_of(address).rpartition(".")
    for altered in ("", "x", f"{payload}A.{seal}", f"{payload}.{seal[::-1]}", "%00", "é"):
        problem = reader.json(f"brands?limit=2&cursor={altered}", 400)
        assert [(error["parameter"], error["code"]) for error in problem["errors"]] == [("cursor", "invalid_cursor")]


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("brands?limit=3", True),
        ("brands?limit=2&fields=slug&lang=fr", True),
        ("brands?limit=2&sort=name", True),
        ("brands?limit=2&sort=-name", False),
        ("brands?limit=2&country=FR", False),
        ("scorecards?limit=2", False),
    ],
)
def test_a_cursor_belongs_to_one_question(reader: Reader, question: str, fits: bool) -> None:
    five_brands()
    cursor = cursor_of(reader.json("brands?limit=2")["next"])
    answer = reader.json(f"{question}&cursor={cursor}", 200 if fits else 400)
    assert fits or answer["errors"][0]["code"] == "invalid_cursor"


def test_a_cursor_lives_for_a_week(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    five_brands()
    address = reader.json("brands?limit=2")["next"]
    now = time.time()
    monkeypatch.setattr(cursors.time, "time", lambda: now + 7 * 86_400)
    reader.json(address)
    monkeypatch.setattr(cursors.time, "time", lambda: now + 8 * 86_400)
    assert reader.json(address, 400)["errors"][0]["code"] == "expired_cursor"


def test_a_cursor_survives_a_change_of_the_secret_while_the_old_one_is_kept(reader: Reader, settings: Any) -> None:
    five_brands()
    address = reader.json("brands?limit=2")["next"]
    old = settings.SECRET_KEY
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[old]):
        reader.json(address)
    with override_settings(SECRET_KEY="another"):
        reader.json(address, 400)


def test_a_cursor_names_public_values_only(reader: Reader) -> None:
    five_brands()
    held = cursors._signer().unsign_object(cursor_of(reader.json("brands?limit=2")["next"]))
    assert held["after"] == ["first", "a"] or held["after"][1] in "abcde"
    assert all(isinstance(value, str) for value in held["after"])


def test_all_that_match_are_counted_on_request_only(reader: Reader) -> None:
    five_brands()
    assert "count" not in reader.json("brands?limit=2")
    page = reader.json("brands?limit=2&count=exact&country=FR")
    assert page["count"] == {"value": 5, "precision": "exact"}
    assert reader.json(page["next"])["count"] == page["count"]


def test_an_estimate_stops_counting_and_says_so(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    five_brands()
    monkeypatch.setattr(views, "COUNTED_AT_MOST", 5)
    assert reader.json("brands?count=estimate")["count"] == {"value": 5, "precision": "exact"}
    monkeypatch.setattr(views, "COUNTED_AT_MOST", 4)
    assert reader.json("brands?count=estimate")["count"] == {"value": 4, "precision": "at_least"}


def test_fifty_come_unless_asked_otherwise_and_never_more_than_two_hundred(reader: Reader) -> None:
    for number in range(51):
        make.a_brand(f"Brand {number:03}", listed=True)
    page = reader.json("brands")
    assert (len(page["data"]), page["has_more"]) == (50, True)
    assert len(reader.json("brands?limit=200")["data"]) == 51
    reader.json("brands?limit=201", 400)
    reader.json("brands?limit=0", 400)
