"""Every public page in both languages: one heading, a title that says where one is, the way back, nothing foreign."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from brands.models import Brand
from cxalign.plans import editing
from cxalign.plans.models import Plan
from cxalign.watches.following import subscriber_of
from scoring.models import Publication
from tests import factories as make
from tests.access.addresses import PUBLIC
from tests.pages.languages import complaints_about_language, texts_of
from tests.pages.reading import html_of
from tests.plans.making import a_plan
from tests.practices.making import a_practice
from tests.scoring.figures import a_change, an_ended_crisis
from tests.scoring.voices import making as voices

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "fr")
NO_PAGE = frozenset(
    [
        *("cite", "scorecard-export", "frozen-export", "draft-export", "scorecards-csv", "scorecards-xlsx"),
        *("compare-export", "landscape-export", "practices-export", "practice-export"),
        *("badge", "badge-endpoint", "embed", "oembed", "portrait"),
        *("robots", "sitemap", "sitemap-section"),
        *("changes-atom", "watch-feed", "reply-document", "healthz", "readyz", "logout"),
    ]
)
"""Files and answers to machines."""
LEADS_ON = frozenset(["landscapes", "after-newest", "shared-view"])
NOT_FOR_STRANGERS = frozenset(["draft", "draft-exports"])
CASE = "brands/specimen/covid-19/"
ONLY_IN_ENGLISH = "Paid for the hotels of its nurses."
NAMES_OF_CASE = {"en": ("Specimen", "Covid-19"), "fr": ("Specimen", "Covid-19")}


@pytest.fixture
def pages() -> dict[str, str]:
    """Name of an address → a page there, without the language at its front."""
    an_ended_crisis()
    brand = make.a_breach("Specimen")
    make.a_profile(brand, purpose="3")  # beside the breach: purpose washing
    make.a_judgement(brand)
    first = make.published(make.touched(brand))
    reply = voices.a_published_reply(first, sources="https://example.org/a")
    make.a_proof(make.an_action(brand, sources=2, statement_en=ONLY_IN_ENGLISH, statement_fr=""))
    make.published(make.touched(brand))
    a_change(brand, "1", "2")
    return {**_fixed(), **_of_a_case(brand, first), **_by_token(reply, first)}


def _fixed() -> dict[str, str]:
    return {
        "home": "",
        "brands": "brands/?q=spec",
        "scorecards-export": "data/scorecards/",
        "landscape": "landscape/covid-19/",
        "compare": "compare/?b=specimen",
        "practices": "practices/",
        "practices-seen": "practices/seen-in-our-evidence/",
        "practice": f"practices/{a_practice().key}/",
        "practices-compare": f"practices/compare/?p={a_practice().key}&p={a_practice().key}",
        "method": "method/",
        "method-try": "method/try/",
        "method-changes": "method/changes/",
        "method-version": "method/1.0.0/",
        "data": "data/",
        "developers": "developers/",
        "search": "search/?q=spec",
        "changes": "changes/",
        "after": "after/covid-19/",
        "corrections": "corrections/",
        "report": "report/",
        "legal-notice": "legal/notice/",
        "legal-terms": "legal/terms/",
        "legal-privacy": "legal/privacy/",
        "legal-accessibility": "legal/accessibility/",
        "problem": "problems/validation/",
        "login": "account/login/",
    }


def _of_a_case(brand: Brand, first: Publication) -> dict[str, str]:
    return {
        "brand": "brands/specimen/",
        "scorecard": CASE,
        "frozen": f"{CASE}v1/",
        "evidence": f"{CASE}evidence/",
        "history": f"{CASE}history/",
        "difference": f"{CASE}history/1..2/",
        "replies": f"{CASE}replies/",
        "reply": f"{CASE}reply/",
        "report-case": f"{CASE}report/",
        "scorecard-exports": f"{CASE}export/",
        "frozen-exports": f"{CASE}v1/export/",
        "practice-act": f"practices/seen-in-our-evidence/{brand.actions.order_by('pk')[1].key}/",
        "source": f"sources/{brand.actions.order_by('pk')[0].sources.all()[0].key}/",
    }


def _by_token(reply: Any, publication: Publication) -> dict[str, str]:
    notice = voices.a_notice(make.a_breach("Asked"))
    plan: Plan = a_plan()
    link = editing.share(plan, plan.by, "The client", timezone.now() + timedelta(days=3))
    return {
        "reply-status": f"replies/{reply.token}/",
        "report-status": f"reports/{voices.a_report(publication).token}/",
        "notice": f"notices/{notice.token}/",
        "notice-reply": f"notices/{notice.token}/reply/",
        "plan-shared": f"plans/shared/{link.token}/",
        "watch-stop": f"watches/{subscriber_of(plan.by).stop_token}/stop/",
    }


LEFT_OUT = {
    "reply-confirm": "answers to a token of a mail; its page is driven by the tests of replies",
}


def of_each(client: Client, pages: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for name, path in pages.items():
        for language in LANGUAGES:
            answer = client.get(f"/{language}/{path}")
            assert answer.status_code == 200, (name, path, answer.status_code)
            yield name, language, html_of(answer)  # type: ignore[arg-type]


def test_the_walk_leaves_no_public_page_out(pages: dict[str, str]) -> None:
    assert set(PUBLIC) == set(pages) | NO_PAGE | LEADS_ON | NOT_FOR_STRANGERS | set(LEFT_OUT)


def test_every_page_is_whole(client: Client, pages: dict[str, str]) -> None:
    found = [
        f"{language} {name}: {complaint}"
        for name, language, page in of_each(client, pages)
        for complaint in complaints(name, language, pages[name], page)
    ]
    assert found == []


def complaints(name: str, language: str, path: str, page: str) -> Iterator[str]:
    yield from _about_its_head(name, language, path, page)
    yield from _about_its_place(name, page)
    yield from _about_what_it_loads(page)
    yield from complaints_about_language(language, page)


def _about_its_head(name: str, language: str, path: str, page: str) -> Iterator[str]:
    if f'<html lang="{language}">' not in page:
        yield "the language is not named"
    if (count := len(re.findall(r"<h1[ >]", page))) != 1:
        yield f"{count} first headings"
    title = title_of(page)
    if not re.fullmatch(rf"\S.* – {settings.SITE_NAME}", title):
        yield f"title {title!r}"
    if path.startswith(CASE):
        wanted = r" – ".join((r"\S.*", *map(re.escape, NAMES_OF_CASE[language]), ".*"))
        if not re.fullmatch(wanted.replace(r" – .*", r"( – .*)?"), title):
            yield f"title without brand and crisis: {title!r}"
    if 'content="noindex' not in page:
        twins = re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', page)
        if twins != [(code, f"{settings.BASE_URL}/{code}/{urlsplit(path).path}") for code in ("fr", "en")]:
            yield f"hreflang {twins}"


def title_of(page: str) -> str:
    [title] = re.findall(r"<title>(.*?)</title>", page)
    return re.sub(r"\s+", " ", html.unescape(title)).strip()


def _about_its_place(name: str, page: str) -> Iterator[str]:
    crumbs = re.findall(r'<nav class="crumbs.*?</nav>', page)
    if len(crumbs) != (name != "home"):
        yield f"{len(crumbs)} breadcrumbs"
    for crumb in crumbs:
        steps = re.findall(r"<li\b.*?</li>", crumb)
        if len(steps) < 2 or 'aria-current="page"' not in steps[-1]:
            yield "the breadcrumb does not say where one is"
        if any("<a " not in step for step in steps[:-1]):
            yield "a step of the breadcrumb leads nowhere"


def _about_what_it_loads(page: str) -> Iterator[str]:
    if re.search(r"<style|<script(?![^>]*(?:\ssrc=|application/ld\+json))|<[^>]*\sstyle=|<[^>]*\son[a-z]+=\"", page):
        yield "a style or script of its own"
    loaded = re.findall(r'<(?:script|img|iframe|source|form|input)\b[^>]*\s(?:src|srcset|action)="([^"]*)"', page)
    loaded += [
        address
        for relation, address in re.findall(r'<link rel="([^"]+)"[^>]*\shref="([^"]+)"', page)
        if relation not in ("canonical", "alternate")
    ]
    for address in loaded:
        if urlsplit(address).netloc not in ("", urlsplit(settings.BASE_URL).netloc):
            yield f"a third party: {address}"


def test_what_nobody_wrote_in_french_is_read_out_in_its_own_language(client: Client, pages: dict[str, str]) -> None:
    for name in ("scorecard", "evidence", "difference"):
        page = html_of(client.get(f"/fr/{pages[name]}"))  # type: ignore[arg-type]
        said = [text for text in texts_of(page) if ONLY_IN_ENGLISH[:-1] in text.words and "title" not in text.within]
        assert {text.language for text in said} == {"en"}, (name, said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('Signal de <i lang="en">purpose washing</i> (valeurs affichées sans actes à l’appui).', ""),
        ("Signal de purpose washing (valeurs affichées sans actes à l’appui).", "not marked"),
        ('<span lang="en">Do Now</span> puis <span lang="en">Do Later</span>', "Do Now is not explained"),
        ("<p>L'acte</p>", "not set"),
        ("Pourquoi ?", "not set"),
        ("Pourquoi\u00a0?", ""),
        ("«\u00a0Oui »", "not set"),
        ("<img alt='Sûr à 30 %'>", "not set"),
        ("<code>a ? b : c</code> <q lang='en'>Why?</q>", ""),
    ],
)
def test_the_walk_hears_what_is_said_in_the_wrong_language(said: str, told: str) -> None:
    assert told in "; ".join(complaints_about_language("fr", f'<html lang="fr"><p>{said}</p></html>'))
    assert bool(list(complaints_about_language("fr", f'<html lang="fr"><p>{said}</p></html>'))) == bool(told)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (("<h1", "<h2"), "0 first headings"),
        (("Scorecard – Specimen", "Scorecard"), "title without brand and crisis"),
        (('hreflang="fr" href', 'hreflang="fr" title="" href'), "hreflang"),
        (('aria-current="page">Covid', ">Covid"), "does not say where one is"),
        (("</main>", "<b style=''></b></main>"), "of its own"),
        (("</main>", '<img src="https://elsewhere.example/a.png"></main>'), "a third party"),
    ],
)
def test_the_walk_sees_what_is_broken(
    client: Client, pages: dict[str, str], broken: tuple[str, str], told: str
) -> None:
    page = html_of(client.get(f"/en/{CASE}"))
    assert list(complaints("scorecard", "en", CASE, page)) == []
    assert broken[0] in page
    assert told in "; ".join(complaints("scorecard", "en", CASE, page.replace(*broken)))
