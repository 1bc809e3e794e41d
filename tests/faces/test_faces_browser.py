"""A framed scorecard as a visitor of another site sees it, and the code on the page it is copied from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests import factories as make
from tests.looking import findings, inspector

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THEMES = {"light": "rgb(255, 255, 255)", "dark": "rgb(28, 34, 43)"}


@contextmanager
def another_site(body: str) -> Iterator[str]:
    """Its address: another port is another origin, to which frames are refused but for this one page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!DOCTYPE html>{body}".encode())

        def log_message(self, *told: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_scorecard_is_copied_into_another_site_and_read_there(
    page: Page, live_server: Any, settings: Any, language: str
) -> None:
    settings.BASE_URL = live_server.url
    make.published(make.a_breach("Fictia"))
    page.goto(f"/{language}/brands/fictia/covid-19/")
    page.locator("#embed summary").click()
    code = page.locator("#embed-code").input_value()
    page.locator("#badge summary").click()
    picture = page.request.get(page.locator("#badge a").first.get_attribute("href") or "")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/svg+xml")
    with another_site(code) as elsewhere:
        page.goto(elsewhere)
        framed = page.frame_locator("iframe")
        assert framed.locator(".verdict").inner_text(timeout=5000).strip() in ("Broken promise", "Promesse rompue")
        with page.context.expect_page() as opened:
            framed.locator("a.full").click()
        assert opened.value.url.endswith(f"/{language}/brands/fictia/covid-19/")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_framed_page_stands_in_every_width_and_theme(browser: Browser, live_server: Any, language: str) -> None:
    page = inspector(browser, live_server)
    make.published(make.a_breach("Fictia"))
    make.a_brand("Listed", listed=True)
    for slug in ("fictia", "listed", "absent"):
        for theme, ground in THEMES.items():
            page.goto(f"/embed/{slug}/covid-19/?lang={language}&theme={theme}")
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
            for width, height in ((300, 600), (480, 395), (700, 320), (300, 180)):
                page.set_viewport_size({"width": width, "height": height})
                size = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollHeight]")
                assert size[0] <= width, (slug, theme, width)
                assert size[1] <= height, (slug, theme, width, height)
            assert findings(page) == [], (slug, theme)
    page.context.close()
