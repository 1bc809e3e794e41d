"""What the tests of the API share: a reader without a browser, and no limit on how often it may ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client


class Reader:
    """A program that reads the API as a stranger does."""

    def __init__(self) -> None:
        self.client = Client()

    def get(self, path: str, **headers: str) -> HttpResponse:
        address = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: HttpResponse = self.client.get(address, headers=named)  # type: ignore[assignment]
        return answer

    def json(self, path: str, status: int = 200, **headers: str) -> Any:
        answer = self.get(path, **headers)
        assert answer.status_code == status, (path, answer.status_code, answer.content[:500])
        return answer.json()  # type: ignore[attr-defined]

    def ids(self, path: str) -> list[str]:
        return [record["id"] for record in self.json(path)["data"]]

    def walk(self, path: str) -> list[str]:
        """The ids of all pages, followed by ``next``."""
        found: list[str] = []
        address: str | None = path
        while address:
            page = self.json(address)
            found += [record["id"] for record in page["data"]]
            assert page["has_more"] == (page["next"] is not None)
            address = page["next"]
        return found


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture(autouse=True)
def no_limit(settings: Any) -> None:
    settings.API_RATE = ""
