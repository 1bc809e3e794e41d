"""The browser of the tests works, and sees what a page does wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_the_browser_reaches_the_test_server(page: Page, live_server: Any) -> None:
    answer = page.goto("/static/no-such-file")
    assert answer is not None
    assert answer.status == 404
    assert page.url.startswith(live_server.url)


def test_the_database_can_be_used_beside_the_browser(page: Page, django_user_model: Any) -> None:
    assert django_user_model.objects.count() == 0
