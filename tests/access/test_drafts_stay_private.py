"""Drafts stay private: marks planted in everything unpublished turn up in no answer to a stranger or another team,
and draft work changes not a byte of what the public is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from brands.models import Brand
from cxalign.accounts import roles
from scoring.models import Assessment
from scoring.publishing import withdraw
from scoring.rescoring import score_brand
from tests import factories as make
from tests.accounts.desk import desk_of, somebody
from tests.accounts.making import a_key, a_suggestion, a_team, bearer

pytestmark = pytest.mark.django_db

MARK, ABSENT = "zqxdraft", "zqxabsen-brand"
STARTS = ("/en/", "/fr/", "/en/brands/", "/fr/brands/?q=fictia", f"/en/brands/?q={MARK}", "/api/v1/", "/robots.txt")
RESOURCES = ("brands", "crises", "promises", "actions", "sources", "proofs", "scorecards")
MOST_PAGES = 400
_LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)|https?://(?:127\.0\.0\.1:\d+|testserver)(/[^"\s<>\\]*)')
_CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|req_[0-9a-f]{16}')


@pytest.fixture(autouse=True)
def _no_limit(settings: Any) -> None:
    settings.API_RATE = settings.API_KEY_RATE = ""
    cache.clear()


@pytest.fixture
def fictia() -> Brand:
    """A brand with a published verdict."""
    brand = make.a_breach("Fictia", listed=True)
    make.published(brand)
    return brand


def draft_work_on(brand: Brand) -> None:
    """Everything that an analyst may record about a published brand, judged and not published."""
    name = f"{MARK}-{brand.pk}"
    address = f"https://{name}.example/"
    source = make.a_source(key=f"{name}-source", title=MARK, publisher=MARK, url=address, author=MARK)
    promise = make.a_promise(
        brand, sourced=False, key=f"{name}-promise", statement_en=MARK, statement_fr=MARK, quote=MARK
    )
    promise.sources.add(source)
    action = make.an_action(brand, sources=0, key=f"{name}-action", statement_en=MARK, statement_fr=MARK)
    make.a_link(action, source=source)
    make.a_proof(action, promise, rationale_en=MARK)
    make.a_judgement(brand, key=f"{name}-judgement", label=MARK, description_en=MARK, source=source)
    score_brand(make.touched(brand))


def a_marked_brand() -> Brand:
    """A brand that nobody outside may know of, with a draft that belongs to a team."""
    brand = make.a_brand(f"{MARK} brand", slug=f"{MARK}-brand", aliases=MARK, parent_group=MARK)
    draft_work_on(brand)
    Assessment.objects.filter(brand=brand).update(team=a_team(somebody(roles.CONSULTANT), name=f"{MARK} team"))
    return brand


def crawl(client: Client, starts: Iterable[str], **headers: str) -> dict[str, str]:
    """Address → answer, with its headers, of everything that links lead to."""
    found: dict[str, str] = {}
    waiting = [*starts, *(f"/api/v1/{resource}?count=exact" for resource in RESOURCES)]
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop(0).replace("&amp;", "&")
        if address in found or address.startswith(("/static/", "/admin/")) or "logout" in address:
            continue
        answer = client.get(address, headers=headers)
        body = _CHANGING.sub("", answer.content.decode() if not answer.streaming else "")
        found[address] = "\n".join([str(answer.status_code), _told(answer), body])
        waiting += ["".join(groups) for groups in _LINK.findall(body)]
    return found


def _told(answer: Any) -> str:
    kept = {
        name: value for name, value in answer.headers.items() if name not in ("X-Request-Id", "Expires", "Set-Cookie")
    }
    return str(sorted(kept.items()))


def marked(answers: dict[str, str]) -> list[str]:
    """Where the mark turns up although nobody asked with it."""
    return [address for address, text in answers.items() if MARK in text.replace(address, "") and MARK not in address]


# --- Nothing turns up -------------------------------------------------------------------------------------------------


def test_no_public_answer_holds_a_word_of_a_draft(fictia: Brand) -> None:
    draft_work_on(fictia)
    a_marked_brand()
    answers = crawl(Client(), STARTS)
    assert len(answers) > 40
    assert {"/en/brands/fictia/covid-19/", "/api/v1/scorecards/fictia:covid-19:v1"} <= set(answers)
    assert marked(answers) == []


def test_no_consultant_of_another_team_is_sent_a_word_of_it(fictia: Brand) -> None:
    draft_work_on(fictia)
    a_marked_brand()
    a_suggestion(somebody(roles.CONSULTANT), text=f"{MARK} suggested")
    outsider = somebody(roles.CONSULTANT)
    a_team(outsider)
    key = a_key(outsider, "read:published", "read:drafts").token
    assert marked(crawl(desk_of(outsider), [*STARTS, "/en/account/team/", "/en/suggest/", "/en/account/data/"])) == []
    assert marked(crawl(Client(), STARTS, **bearer(key))) == []


def test_the_crawl_would_find_it() -> None:
    """Whoever works on drafts is led to the marks by the very same links."""
    a_marked_brand()
    assert marked(crawl(desk_of(somebody(roles.ANALYST)), ["/en/brands/"])) != []


def test_once_published_everybody_finds_it(fictia: Brand) -> None:
    draft_work_on(fictia)
    make.published(fictia)
    assert marked(crawl(Client(), STARTS)) != []


@pytest.mark.parametrize("who", ["stranger", "outsider"])
def test_what_one_may_not_read_answers_like_what_does_not_exist(who: str) -> None:
    a_marked_brand()
    client = Client() if who == "stranger" else desk_of(somebody(roles.CONSULTANT))
    endings = ("", "covid-19/", "covid-19/draft/", "covid-19/evidence/", "covid-19/history/", "covid-19/v1/")
    for language in ("en", "fr"):
        for ending in endings:
            there, absent = (told(client, f"/{language}/brands/{slug}/{ending}") for slug in (f"{MARK}-brand", ABSENT))
            assert there == absent, ending
            assert there[0] == 404


def told(client: Client, address: str) -> tuple[int, str, str]:
    answer = client.get(address)
    slug = address.split("/")[3]
    body = _CHANGING.sub("", answer.content.decode()).replace(slug, "SLUG")
    return answer.status_code, _told(answer), body


# --- Not a byte changes -----------------------------------------------------------------------------------------------


def test_draft_work_changes_not_a_byte_of_what_the_public_is_sent(fictia: Brand) -> None:
    make.published(make.a_kept_promise("Autre"))
    before = crawl(Client(), STARTS)
    draft_work_on(fictia)
    a_marked_brand()
    claire = somebody(roles.CONSULTANT)
    a_suggestion(claire, brand=fictia)
    a_key(claire)
    after = crawl(Client(), STARTS)
    assert list(before) == list(after)
    assert [address for address in before if before[address] != after[address]] == []


def test_withdrawing_leaves_the_draft_as_private_as_it_was(fictia: Brand) -> None:
    draft_work_on(fictia)
    publication = fictia.assessments.get().publications.get()
    withdraw(publication, by=make.an_editor(), reason_en="A source was misread.")
    assert marked(crawl(Client(), STARTS)) == []
