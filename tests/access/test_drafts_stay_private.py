"""Drafts stay private: marks planted in everything unpublished turn up in no answer to a stranger or another team,
and draft work changes not a byte of what the public is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from brands.models import Brand, SavedFilter
from cxalign.accounts import roles
from scoring.models import Assessment, ErrorReport, Reply
from scoring.publishing import withdraw
from scoring.rescoring import score_brand
from tests import factories as make
from tests.accounts.desk import desk_of, somebody
from tests.accounts.making import a_key, a_suggestion, a_team, bearer
from tests.brands.sheets import ACTION, sheet, uploaded
from tests.scoring.coding import making as coding
from tests.scoring.review import making as reviews
from tests.scoring.voices import making as voices

pytestmark = pytest.mark.django_db

MARK, ABSENT = "zqxdraft", "zqxabsen-brand"
STARTS = (
    "/en/",
    "/fr/",
    "/en/brands/",
    "/fr/brands/?q=fictia",
    f"/en/brands/?q={MARK}",
    "/en/corrections/",
    "/fr/corrections/",
    "/en/report/",
    "/api/v1/",
    "/robots.txt",
    "/sitemap.xml",
    *(
        face.format(brand)
        for brand in ("fictia", f"{MARK}-brand")
        for face in ("/badge/{}/covid-19.svg", "/badge/{}/covid-19.json", "/embed/{}/covid-19/")
    ),
    f"/oembed?url=http://127.0.0.1:8000/en/brands/{MARK}-brand/covid-19/",
)
RESOURCES = (
    "brands",
    "crises",
    "promises",
    "actions",
    "sources",
    "proofs",
    "scorecards",
    "replies",
    "corrections",
    "outcomes",
)
SAYS_WHEN_IT_WAS_MADE = re.compile(r"/export/|/data/scorecards/")
"""Files to take away carry the time of their making; that they hold no draft is tried with each of them."""
MOST_PAGES = 400
OF_A_CASE = ("", "draft/", "evidence/", "history/", "history/1..2/", "v1/", "replies/", "reply/", "report/", "cite/apa")
_ETAG = re.compile(r"\('ETag', [^)]*\)|\('Content-Length', [^)]*\)")
_LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)|https?://(?:127\.0\.0\.1:\d+|testserver)(/[^"\s<>\\]*)')
_CHANGING = re.compile(r'name="(?:csrfmiddlewaretoken|key)"\s+value="[^"]+"|req_[0-9a-f]{16}')


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
    action = make.an_action(brand, sources=1, key=f"{name}-action", statement_en=MARK, statement_fr=MARK)
    make.a_link(action, source=source)
    make.a_proof(action, promise, rationale_en=MARK, direction="harms", depth="2")
    make.a_judgement(brand, key=f"{name}-judgement", label=MARK, description_en=MARK, source=source)
    score_brand(make.touched(brand))
    voices_and_reviews_of(brand)


def voices_and_reviews_of(brand: Brand) -> None:
    """What is said and noted about a draft: asked of the brand, answered, reported, searched, coded."""
    snapshot = make.judged(brand)
    case = snapshot.assessment
    notice = voices.a_notice(brand, name=MARK, email=f"{MARK}@example.org")
    voices.put_out(voices.a_reply_to(notice, text=MARK, organisation=MARK, capacity=MARK))
    voices.a_reply_to(notice, text=f"{MARK} too")
    public = case.publications.filter(is_current=True).first()
    voices.a_report(public, what=MARK, place=MARK)
    if public:
        voices.a_reply(public, text=MARK)
    reviews.a_search(case, queries=MARK, engine=MARK, note=MARK)
    coders = somebody(roles.ANALYST, username=f"{MARK}-{make.number()}"), somebody(roles.ANALYST)
    coding.a_round(case, *coders, somebody(roles.EDITOR), name=MARK)
    reviews.a_tie(coders[0], brand, text_en=MARK, text_fr=MARK)
    uploaded(
        "actions", sheet({**ACTION, "Marque": brand.name, "Ce qu’elle a fait, en français": MARK}), name=f"{MARK}.csv"
    )
    SavedFilter.objects.create(owner=coders[0], list_label="brands.brand", name=MARK, query=f"q={MARK}")
    Assessment.objects.filter(pk=case.pk).update(owner=coders[0])


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
        body = _CHANGING.sub("", answer.content.decode(errors="replace") if not answer.streaming else "")
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
    endings = ("", *(f"covid-19/{ending}" for ending in OF_A_CASE))
    for language in ("en", "fr"):
        for ending in endings:
            there, absent = (told(client, f"/{language}/brands/{slug}/{ending}") for slug in (f"{MARK}-brand", ABSENT))
            assert there == absent, ending
            assert there[0] == 404


@pytest.mark.parametrize("ending", ["reply/", "report/"])
def test_what_is_sent_about_it_is_answered_alike_and_not_kept(ending: str) -> None:
    a_marked_brand()
    sent = {"key": "one-form", "text": "Untrue.", "what": "Untrue.", "kind": "error", "passages": ["verdict:1"]}
    replies, reports = Reply.objects.count(), ErrorReport.objects.count()
    there, absent = (told(Client(), f"/en/brands/{slug}/covid-19/{ending}", sent) for slug in (f"{MARK}-brand", ABSENT))
    assert there == absent
    assert there[0] == 404
    assert (Reply.objects.count(), ErrorReport.objects.count()) == (replies, reports)


@pytest.mark.parametrize("asked", ["/en/corrections/?brand={}", "/fr/corrections/?brand={}", "/en/brands/?q={}",
                                   "/api/v1/replies?brand={}", "/api/v1/corrections?brand={}",
                                   "/api/v1/scorecards?brand={}", "/api/v1/scorecards/{}:covid-19"])  # fmt: skip
def test_lists_asked_for_it_answer_as_for_a_brand_never_given(fictia: Brand, asked: str) -> None:
    a_marked_brand()
    there, absent = (told(Client(), asked.format(slug), slug=slug) for slug in (f"{MARK}-brand", ABSENT))
    assert there == absent


def told(client: Client, address: str, sent: dict[str, Any] | None = None, slug: str = "") -> tuple[int, str, str]:
    answer = client.post(address, sent) if sent else client.get(address)
    slug = slug or address.split("/")[3]
    body = _CHANGING.sub("", answer.content.decode()).replace(slug, "SLUG")
    kept = _ETAG.sub("", _told(answer).replace(slug, "SLUG"))
    return answer.status_code, kept, body


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
    same = [address for address in before if not SAYS_WHEN_IT_WAS_MADE.search(address)]
    assert len(same) > 40
    assert [address for address in same if before[address] != after[address]] == []


def test_withdrawing_leaves_the_draft_as_private_as_it_was(fictia: Brand) -> None:
    draft_work_on(fictia)
    publication = fictia.assessments.get().publications.get()
    withdraw(publication, by=make.an_editor(), reason_en="A source was misread.")
    assert marked(crawl(Client(), STARTS)) == []
