"""What search engines are told: robots.txt, and a list of each public page in each language and nothing else."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client

from cxalign.plans.models import Plan
from scoring.publishing import withdraw
from tests import factories as make
from tests.pages.reading import html_of
from tests.plans.making import a_plan
from tests.practices.making import a_practice

pytestmark = pytest.mark.django_db
BASE = "https://cxalign.example.org"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.BASE_URL = BASE


def read(address: str) -> ElementTree.Element:
    answer = Client().get(urlsplit(address).path + (f"?{query}" if (query := urlsplit(address).query) else ""))
    assert answer.status_code == 200, address
    assert answer["Content-Type"].startswith("application/xml")
    return ElementTree.fromstring(answer.content)  # noqa: S314 – ours


def parts() -> list[str]:
    return [part.findtext(f"{SITEMAP}loc") or "" for part in read("/sitemap.xml").iter(f"{SITEMAP}sitemap")]


def entries() -> dict[str, ElementTree.Element]:
    return {url.findtext(f"{SITEMAP}loc") or "": url for part in parts() for url in read(part).iter(f"{SITEMAP}url")}


def told_twins(entry: ElementTree.Element) -> dict[str, str]:
    return {link.get("hreflang", ""): link.get("href", "") for link in entry.iter(f"{XHTML}link")}


def test_the_list_and_the_pages_say_the_same_of_canonical_address_and_languages() -> None:
    """Each address on the list is a page of its own that may be indexed, and names the twins that the list names."""
    make.published(make.a_breach("Fictia"))
    make.a_brand("Listed", listed=True)
    a_practice()
    found = entries()
    assert len(found) > 40
    for address, entry in found.items():
        assert address.startswith(f"{BASE}/"), address
        answer = Client().get(urlsplit(address).path)
        page = html_of(answer)
        assert answer.status_code == 200, address
        assert "noindex" not in page
        assert "X-Robots-Tag" not in answer
        assert re.findall(r'<link rel="canonical" href="([^"]+)">', page) == [address]
        assert dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page)) == told_twins(entry)
        assert told_twins(entry).keys() == {"fr", "en", "x-default"}


def test_the_list_names_what_is_current_and_nothing_that_is_not_public() -> None:
    publication = make.published(make.a_breach("Fictia"))
    make.judged(make.a_breach("Hidden"))
    gone = make.published(make.a_breach("Gone"))
    withdraw(gone, by=make.an_editor(), reason_en="An error.")
    plan: Plan = a_plan()
    for practice, is_published in (("shown", True), ("kept-back", False)):
        a_practice(key=practice, is_published=is_published)
    found = entries()
    paths = "\n".join(found)
    case = f"{BASE}/fr/brands/fictia/covid-19/"
    for page in ("", "evidence/", "history/"):
        assert f"{case}{page}" in found
        moment = found[f"{case}{page}"].findtext(f"{SITEMAP}lastmod") or ""
        assert datetime.fromisoformat(moment).date() == publication.published_at.date()
    assert f"{BASE}/en/practices/shown/" in found
    assert f"{BASE}/en/landscape/covid-19/" in found
    for absent in ("/v1/", "hidden", "gone", "kept-back", "plans", "desk", "account", "admin", "draft", "embed"):
        assert absent not in paths
    assert plan.title not in paths


def test_the_list_says_when_its_parts_last_changed() -> None:
    publication = make.published(make.a_breach("Fictia"))
    moments = {
        part.findtext(f"{SITEMAP}loc"): part.findtext(f"{SITEMAP}lastmod")
        for part in read("/sitemap.xml").iter(f"{SITEMAP}sitemap")
    }
    assert datetime.fromisoformat(moments[f"{BASE}/sitemap-scorecards.xml"] or "") == publication.published_at
    assert Client().get("/sitemap-absent.xml").status_code == 404


def test_the_list_costs_the_same_queries_whatever_its_length(django_assert_num_queries: Any) -> None:
    make.published(make.a_breach())
    for _more in range(2):
        for part, queries in (("scorecards", 1), ("brands", 1), ("practices", 1)):
            with django_assert_num_queries(queries):
                Client().get(f"/sitemap-{part}.xml")
        make.published(make.a_breach())


def test_an_empty_site_has_a_list_too() -> None:
    assert f"{BASE}/fr/" in entries()


def test_robots_may_read_what_is_public() -> None:
    answer = Client().get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert lines[-1] == f"Sitemap: {BASE}/sitemap.xml"
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    assert {"/admin/", "/fr/desk/", "/en/plans/", "/fr/account/"} <= set(closed)
    make.published(make.a_breach())
    prefixes = tuple(path for path in closed if "*" not in path)
    assert not [address for address in entries() if urlsplit(address).path.startswith(prefixes)]


def test_a_closed_site_asks_not_to_be_read(settings: Any) -> None:
    settings.PUBLIC_SITE = False
    answer = Client().get("/robots.txt")
    assert answer.content.decode().splitlines() == ["User-agent: *", "Disallow: /"]
    assert answer["Cache-Control"] == "no-store, private"
    reader = Client()
    assert reader.get("/sitemap.xml").status_code == 302
    reader.force_login(make.an_analyst())
    assert reader.get("/sitemap.xml").status_code == 404
    assert reader.get("/sitemap-brands.xml").status_code == 404
