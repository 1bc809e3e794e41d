"""How many requests an address has, and what it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from cxalign.api import throttling
from tests.api.conftest import Reader

pytestmark = pytest.mark.django_db


class Clock:
    now = 1_000_000_020.0  # 20 seconds into its minute

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    settings.API_RATE = "3/min"
    cache.clear()
    clock = Clock()
    clock.now -= clock.now % 60 - 20
    monkeypatch.setattr(throttling, "time", clock)
    yield clock
    cache.clear()


def test_each_answer_says_what_is_left(reader: Reader, clock: Clock) -> None:
    answers = [reader.get("brands") for _ in range(3)]
    assert [answer["RateLimit"] for answer in answers] == [f'"default";r={left};t=40' for left in (2, 1, 0)]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"default";q=3;w=60'}


def test_one_request_too_many_is_refused_until_the_minute_is_over(reader: Reader, clock: Clock) -> None:
    for _ in range(3):
        reader.json("brands")
    refused = reader.get("brands")
    assert (refused.status_code, refused["Retry-After"]) == (429, "40")
    assert refused.json()["code"] == "too_many_requests"  # type: ignore[attr-defined]
    assert refused["RateLimit"] == '"default";r=0;t=40'
    clock.now += 40
    reader.json("brands")


def test_refusals_count_too(reader: Reader, clock: Clock) -> None:
    for _ in range(3):
        reader.json("brands?colour=red", 400)
    reader.json("brands", 429)


def test_each_address_has_its_own_share_and_no_header_makes_another(clock: Clock) -> None:
    first, second = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="2001:db8::1")
    for _ in range(3):
        assert first.get("/api/v1/brands").status_code == 200
    claims = {"X-Forwarded-For": "192.0.2.9", "X-Real-IP": "192.0.2.9", "Forwarded": "for=192.0.2.9"}
    assert first.get("/api/v1/brands", headers=claims).status_code == 429
    assert second.get("/api/v1/brands").status_code == 200


def test_a_full_cache_gives_a_fresh_start_and_no_error(
    reader: Reader, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: Any, **_named: Any) -> int:
        raise ValueError("Key not found")

    monkeypatch.setattr(throttling.cache, "incr", gone)
    assert reader.get("brands")["RateLimit"].startswith('"default";r=2')


def test_without_a_rate_nothing_is_counted_or_told(reader: Reader, settings: Any) -> None:
    settings.API_RATE = ""
    answers = [reader.get("brands") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("RateLimit" in answer for answer in answers)


@pytest.mark.parametrize(
    ("rate", "means"), [("60/min", (60, 60)), ("1/sec", (1, 1)), ("5000/hour", (5000, 3600)), ("9/day", (9, 86_400))]
)
def test_a_rate_is_a_number_and_a_time(rate: str, means: tuple[int, int]) -> None:
    assert throttling.parse_rate(rate) == means


@pytest.mark.parametrize("rate", ["60", "0/min", "60/m", "-1/min", "many/min"])
def test_a_rate_that_cannot_be_read_is_named(rate: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(rate)):
        throttling.parse_rate(rate)
