"""What stands around every page: languages, caching, navigation, legal pages, refusals."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from cxalign.pages import errors
from cxalign.pages.frame import path_in, reader_of
from tests import factories
from tests.pages.reading import html_of

PAGES = ("", "brands/", "method/", "data/", "legal/notice/", "legal/accessibility/")


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# --- Languages --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("wish", "language"), [("fr-FR,fr;q=0.9", "fr"), ("en-GB", "en"), ("de", "en"), ("", "en")])
def test_the_bare_address_follows_the_browser_and_leaves_no_cookie(client: Client, wish: str, language: str) -> None:
    answer = client.get("/", headers={"accept-language": wish})
    assert answer.status_code == 302
    assert answer["Location"] == f"/{language}/"
    assert "Accept-Language" in answer["Vary"]
    assert not answer.cookies


@pytest.mark.django_db
def test_an_address_without_language_leads_to_the_same_page(client: Client) -> None:
    answer = client.get("/brands/?q=axa", headers={"accept-language": "fr"})
    assert answer["Location"] == "/fr/brands/?q=axa"


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_names_its_language_and_its_twin(client: Client, page: str, language: str) -> None:
    html = html_of(client.get(f"/{language}/{page}"))
    assert f'<html lang="{language}">' in html
    assert f'<link rel="canonical" href="{configured.BASE_URL}/{language}/{page}">' in html
    for other in ("fr", "en"):
        assert f'<link rel="alternate" hreflang="{other}" href="{configured.BASE_URL}/{other}/{page}">' in html


@pytest.mark.django_db
def test_switching_the_language_keeps_the_page_and_its_filters(client: Client) -> None:
    html = html_of(client.get("/en/brands/?outcome=aligned&q=a%26b"))
    assert 'href="/fr/brands/?outcome=aligned&amp;q=a%26b" lang="fr"' in html


@pytest.mark.parametrize(
    ("path", "twin"),
    [("/en/", "/fr/"), ("/en/brands/en/", "/fr/brands/en/"), ("/nowhere/", "/fr/"), ("/", "/fr/"), ("/en", "/fr/")],
)
def test_only_the_language_at_the_front_of_an_address_changes(path: str, twin: str) -> None:
    assert path_in("fr", path) == twin


# --- Readers and caches -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_strangers_share_one_answer(client: Client, page: str) -> None:
    answer = client.get(f"/en/{page}")
    assert answer["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


@pytest.mark.django_db
def test_an_answer_that_is_known_is_not_sent_twice(client: Client) -> None:
    first = client.get("/en/method/")
    again = client.get("/en/method/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/en/method/", headers={"if-none-match": '"something-else"'})
    assert other.status_code == 200


@pytest.mark.django_db
def test_a_changed_page_has_another_tag(client: Client) -> None:
    before = client.get("/en/brands/")["ETag"]
    factories.a_brand("Specimen", listed=True)
    assert client.get("/en/brands/")["ETag"] != before


@pytest.mark.django_db
def test_what_somebody_signed_in_sees_is_never_kept() -> None:
    answer = signed_in(factories.an_analyst()).get("/en/")
    assert answer["Cache-Control"] == "no-store, private"
    assert not answer.has_header("ETag")


@pytest.mark.django_db
def test_pages_are_sent_compressed_and_api_answers_as_they_are(client: Client) -> None:
    packed = {"accept-encoding": "gzip"}
    assert client.get("/en/method/", headers=packed)["Content-Encoding"] == "gzip"
    assert not client.get("/api/v1/openapi.json", headers=packed).has_header("Content-Encoding")


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_keeps_within_its_weight(client: Client, page: str) -> None:
    answer = client.get(f"/fr/{page}", headers={"accept-encoding": "gzip"})
    assert len(answer.content) <= 25_000


def test_nobody_looks_for_a_session_without_its_cookie() -> None:
    """No database here: asking for the user would fail."""
    request = RequestFactory().get("/en/")
    assert isinstance(reader_of(request), AnonymousUser)


@pytest.mark.django_db
def test_with_the_cookie_the_reader_is_known() -> None:
    user = factories.an_analyst()
    request = RequestFactory().get("/en/")
    request.COOKIES[configured.SESSION_COOKIE_NAME] = "any"
    request.user = user
    assert reader_of(request) == user


# --- Navigation -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(client: Client, page: str) -> None:
    factories.published(factories.a_breach("Specimen"))
    html = html_of(client.get(f"/en/{page}"))
    targets = set(re.findall(r'<a[^>]+href="(/[^"#]*)', html))
    assert {"/en/brands/", "/en/method/", "/fr/" + page} <= targets
    for target in targets:
        assert client.get(unquote(target).replace("&amp;", "&")).status_code in (200, 302), target


@pytest.mark.django_db
def test_every_anchor_of_a_page_exists(client: Client) -> None:
    for page in PAGES:
        html = html_of(client.get(f"/en/{page}"))
        ids = set(re.findall(r' id="([^"]+)"', html))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= ids


@pytest.mark.django_db
def test_the_first_thing_on_a_page_is_the_way_past_its_frame(client: Client) -> None:
    html = html_of(client.get("/en/"))
    assert re.search(r"<body>\s*<a class=\"skip\" href=\"#content\">Skip to the content</a>", html)
    assert 'id="content"' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "brands", "method"), [("brands/", "page", None), ("method/1.0.0/", None, "true"), ("", None, None)]
)
def test_the_navigation_says_where_one_is(client: Client, page: str, brands: str | None, method: str | None) -> None:
    html = html_of(client.get(f"/en/{page}"))
    for path, state in (("brands", brands), ("method", method)):
        link = re.search(rf'<li><a href="/en/{path}/"( aria-current="(\w+)")?>', html)
        assert link is not None
        assert link.group(2) == state


@pytest.mark.django_db
def test_a_stranger_may_sign_in_and_staff_goes_to_the_desk(client: Client) -> None:
    assert "Sign in" in html_of(client.get("/en/"))
    html = html_of(signed_in(factories.an_analyst()).get("/en/"))
    assert "Desk" in html
    assert "Sign in" not in html


@pytest.mark.django_db
def test_no_page_carries_style_or_script_of_its_own(client: Client) -> None:
    """The content policy would refuse them."""
    for page in PAGES:
        html = html_of(client.get(f"/en/{page}"))
        assert not re.search(r"<style|<script(?! type=\"application/ld)|\sstyle=|\son\w+=", html)


# --- Legal pages ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_notice_names_who_answers_for_the_site(client: Client, settings: object) -> None:
    legal = {"publisher": "Ada Specimen", "host": "Host & Sons", "contact": "desk@example.org"}
    settings.LEGAL = legal  # type: ignore[attr-defined]
    html = html_of(client.get("/en/legal/notice/"))
    assert "Ada Specimen" in html
    assert "Host &amp; Sons" in html
    assert 'href="mailto:desk@example.org"' in html
    assert "not complete" not in html


@pytest.mark.django_db
def test_a_notice_without_texts_says_that_it_is_not_complete(client: Client, settings: object) -> None:
    settings.LEGAL = {"publisher": "", "host": "", "contact": ""}  # type: ignore[attr-defined]
    html = html_of(client.get("/en/legal/notice/"))
    assert "This notice is not complete." in html
    assert "mailto:" not in html
    assert reverse("legal-notice") in html


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "own"), [("fr", "Droit français."), ("en", "French law applies.")])
def test_the_terms_are_ours_and_those_of_the_installation(
    client: Client, settings: object, language: str, own: str
) -> None:
    words = html_of(client.get(f"/{language}/legal/terms/"))
    assert "CC BY 4.0" in words
    assert own not in words
    settings.LEGAL = {"terms": {"fr": "Droit français.", "en": "French law applies."}}  # type: ignore[attr-defined]
    assert own in html_of(client.get(f"/{language}/legal/terms/"))


@pytest.mark.django_db
def test_the_footer_states_the_accessibility_of_the_site(client: Client) -> None:
    assert "Accessibility: partially conforming" in html_of(client.get("/en/"))
    assert "partially conforming" in html_of(client.get("/en/legal/accessibility/"))


# --- Refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/nowhere/", "/fr/brands/nobody/", "/nowhere", "/en/method/9.9.9/"])
def test_an_address_that_leads_nowhere_says_so_in_the_frame(client: Client, path: str) -> None:
    answer = client.get(path)
    html = html_of(answer)
    assert answer.status_code == 404
    assert 'class="top"' in html
    assert answer["X-Request-Id"] in html
    assert answer["Cache-Control"] == "no-store"
    assert 'content="noindex"' in html


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        *(("bad_request", 400), ("forbidden", 403), ("csrf_failure", 403), ("not_found", 404)),
        *(("too_large", 413), ("server_error", 500)),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_refusals_are_told_without_the_database(answer: str, status: int, language: str) -> None:
    """Even to somebody with a session cookie: the database may be what failed, and this test has none."""
    request = RequestFactory().get(f"/{language}/brands/")
    request.COOKIES[configured.SESSION_COOKIE_NAME] = "any"
    request.id = "req_specimen"  # type: ignore[attr-defined]
    with translation.override(language):
        response = getattr(errors, answer)(request)
    html = html_of(response)
    assert response.status_code == status
    assert "req_specimen" in html
    assert f'<html lang="{language}">' in html


@pytest.mark.django_db
def test_a_failing_view_leads_to_the_page_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("specimen")

    client = Client(raise_request_exception=False)
    assert client.get("/en/").status_code == 200
    monkeypatch.setattr("cxalign.pages.home.latest_changes", fail)
    answer = client.get("/en/")
    assert answer.status_code == 500
    assert answer["X-Request-Id"] in html_of(answer)


@pytest.mark.django_db
def test_a_forbidden_act_leads_to_the_page_for_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise PermissionDenied

    monkeypatch.setattr("cxalign.pages.home.latest_changes", refuse)
    answer = client.get("/en/")
    assert answer.status_code == 403
    assert "An administrator of this site can give it to you" in text_of(html_of(answer))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_too_much_at_once_is_refused_as_such(client: Client, language: str) -> None:
    """A page to a person, a problem to a program."""
    path = f"/{language}/account/login/"
    assert client.post(path, {"username": "a" * 1_000, "password": "b"}).status_code == 200
    answer = client.post(path, {"username": "a" * 3_000_000, "password": "b"})
    assert answer.status_code == 413
    assert answer["X-Request-Id"] in html_of(answer)
    assert ("trop" if language == "fr" else "too much") in text_of(html_of(answer))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_too_often_is_refused_with_the_seconds_to_wait(client: Client, language: str, settings: Any) -> None:
    cache.clear()
    factories.published(factories.a_breach("Specimen"))
    settings.EXPORTS_PER_HOUR = 1
    answers = [client.get(f"/{language}/brands/specimen/covid-19/export/xlsx") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert 0 < int(answers[1]["Retry-After"]) <= 3600
    assert answers[1]["X-Request-Id"] in html_of(answers[1])
