"""The budgets of what a page weighs: bytes as they are sent, requests, nothing from elsewhere, nothing that jumps."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from cxalign.accounts import roles
from tests.accounts.making import a_team
from tests.looking import sign_in
from tests.pages.busy import a_busy_site
from tests.plans.making import a_plan, an_item
from tests.practices.making import a_practice

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATHS = (
    "",
    "brands/",
    "brands/fictia/",
    "brands/fictia/covid-19/",
    "brands/fictia/covid-19/evidence/",
    "landscape/covid-19/",
    "landscape/covid-19/?view=heat",
    "landscape/covid-19/?view=sectors",
    "compare/?b=fictia&b=marque-1&b=marque-2&b=marque-3&b=long",
    "practices/",
    "practices/a-practice/",
    "method/",
    "after/covid-19/",
    "changes/",
    "search/?q=fictia",
)
LIMITS = {"html": 25, "css": 12, "js": 20, "fonts": 45, "all": 100}
"""Kilobytes, compressed, fonts included."""
REQUESTS = 8
JUMPS = 0.02

LINK = re.compile(r'<(?:link|script|img|source|iframe)\b[^>]*?\b(?:href|src)="([^"]+)"[^>]*>')
FETCHED = re.compile(r'rel="(?:stylesheet|icon|preload|modulepreload)"|<script|<img|<source|<iframe')


def fetched_by(html: str) -> set[str]:
    """The addresses that a browser asks for by itself, beside the fonts that the styles name."""
    return {match[1] for match in LINK.finditer(html) if FETCHED.search(match[0])}


def compressed(address: str) -> int:
    """Bytes of a static file as WhiteNoise sends it at worst: not every browser takes Brotli."""
    place = finders.find(address.removeprefix(settings.STATIC_URL))
    assert isinstance(place, str), address
    content = Path(place).read_bytes()
    return len(content) if place.endswith(".woff2") else min(len(content), len(gzip.compress(content, mtime=0)))


def weights(client: Client, path: str) -> tuple[dict[str, float], set[str]]:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, path
    assert answer["Content-Encoding"] == "gzip", path
    files = fetched_by(gzip.decompress(answer.content).decode())
    fonts = {"/static/fonts/source-sans-3-var.woff2", "/static/fonts/source-serif-4-600.woff2"}
    endings = {"css": ".css", "js": ".js", "fonts": ".woff2", "icon": ".svg"}
    kinds = {
        kind: sum(compressed(file) for file in files | fonts if file.endswith(ending)) / 1000
        for kind, ending in endings.items()
    }
    kinds["html"] = len(answer.content) / 1000
    return {**kinds, "all": sum(kinds.values())}, files | fonts


@pytest.mark.django_db
def test_no_page_weighs_or_asks_for_more_than_its_budget(client: Client) -> None:
    a_busy_site()
    a_practice("A practice", key="a-practice")
    for path in PATHS:
        for language in ("fr", "en"):
            weight, files = weights(client, f"/{language}/{path}")
            assert all(file.startswith("/static/") for file in files), (path, files)
            assert 1 + len(files) <= REQUESTS, (path, files)
            over = {kind: weight[kind] for kind, limit in LIMITS.items() if weight[kind] > limit}
            assert not over, (language, path, over)


def test_a_page_that_asks_elsewhere_would_be_noticed() -> None:
    html = '<link rel="stylesheet" href="https://fonts.example/x.css"><a href="/here"></a><script src="/static/a.js">'
    assert fetched_by(html) == {"https://fonts.example/x.css", "/static/a.js"}
    assert fetched_by('<link rel="canonical" href="https://example.org/">') == set()


WATCH = """
window.jumps = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  if (!entry.hadRecentInput) window.jumps += entry.value;
})).observe({type: 'layout-shift', buffered: true});
"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_nothing_jumps_and_nothing_comes_from_elsewhere(page: Page) -> None:
    """Seen on a phone, the second time: what a machine shows before the fonts have come differs by its own fonts."""
    a_busy_site()
    a_practice("A practice", key="a-practice")
    user = sign_in(page, roles.CONSULTANT)
    a_team(user)
    plan = a_plan(user)
    an_item(plan, horizon="now")
    page.add_init_script(WATCH)
    page.set_viewport_size({"width": 390, "height": 844})
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    for path in (*PATHS, f"plans/{plan.pk}/board/"):
        page.goto(f"/fr/{path}", wait_until="networkidle")
        page.goto(f"/fr/{path}", wait_until="networkidle")
        assert page.evaluate("window.jumps") <= JUMPS, path
    assert asked == {page.url.split("/")[2]}
