"""The page of a source: what publications in force say of it, and nothing that is not published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from brands import archiving
from brands.models import Brand, Source
from cxalign.accounts import roles
from scoring.models import Publication
from scoring.publishing import withdraw
from tests import factories as make
from tests.accounts.desk import desk_of, signed_in, somebody
from tests.pages.reading import html_of
from tests.pages.test_scorecard import case, cost, text_of

pytestmark = pytest.mark.django_db

ELSEWHERE = "https://web.archive.org/web/20200401000000/https://example.org/1"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def source() -> Source:
    return make.a_source(title="The ruling", publisher="A court", passage="They paid.", language="en")


def naming(source: Source, name: str = "Fictia", **fields: Any) -> Brand:
    """A case in which an act and a promise rest on the source."""
    brand = make.a_brand(name, **fields)
    promise = make.a_promise(brand, sourced=False, statement_en="Pays every claim.")
    promise.sources.add(source)
    action = make.an_action(brand, sources=0, statement_en="Paid the claims.")
    make.a_link(action, source=source)
    make.a_proof(action, promise)
    return make.touched(brand)


def page_of(source: Source, language: str = "en") -> str:
    return f"/{language}/sources/{source.key}/"


def test_it_is_cited_quoted_and_leads_to_what_rests_on_it(client: Client, source: Source) -> None:
    brand = naming(source)
    make.published(brand)
    text, html = text_of(client.get(page_of(source))), html_of(client.get(page_of(source)))
    for words in (
        "The ruling",
        "A court",
        "They paid.",
        "Where it is used (1)",
        "Fictia – Covid-19",
        "Pays every claim",
    ):
        assert words in text, words
    evidence = client.get(case(brand, "evidence/")).content.decode()
    for kind, record in (("promise", brand.promises.get()), ("act", brand.actions.get())):
        assert f'href="{case(brand, "evidence/")}#{kind}-{record.key}"' in html
        assert f'id="{kind}-{record.key}"' in evidence


def test_the_profile_and_others_judgements_are_uses_too(client: Client, source: Source) -> None:
    brand = make.a_kept_promise("Fictia")
    make.a_profile(brand, purpose="2", values_heritage="u").sources.add(source)
    make.a_judgement(brand, source=source, description_en="Praised.")
    make.published(make.touched(brand))
    text = text_of(client.get(page_of(source)))
    assert "brand profile, from before the crisis" in text
    assert "Praised" in text


def test_what_no_publication_names_does_not_exist(client: Client, source: Source) -> None:
    brand = naming(source)
    make.judged(brand)
    assert client.get(page_of(source)).status_code == 404
    assert desk_of(somebody(roles.EDITOR)).get(page_of(source)).status_code == 404
    publication = make.published(brand)
    assert client.get(page_of(source)).status_code == 200
    withdraw(publication, by=make.an_editor(), reason_en="Wrong.")
    assert client.get(page_of(source)).status_code == 404
    assert client.get("/en/sources/never-given/").status_code == 404


def test_a_draft_that_names_it_too_is_not_told_nor_is_an_edit(client: Client, source: Source) -> None:
    make.published(naming(source))
    before = html_of(client.get(page_of(source)))
    make.judged(naming(source, "Hidden"))
    Source.objects.filter(pk=source.pk).update(title="An unpublished title", passage="Not published.")
    assert html_of(client.get(page_of(source))) == before


def test_every_published_case_that_names_it_is_listed_in_two_queries(client: Client, source: Source) -> None:
    make.published(naming(source, "Beta"))
    with_one = cost(client, page_of(source))
    for name in ("Alpha", "Gamma", "Delta"):
        make.published(naming(source, name))
    text = text_of(client.get(page_of(source)))
    places = [text.index(f"{name} – Covid-19") for name in ("Alpha", "Beta", "Delta", "Gamma")]
    assert places == sorted(places)
    assert cost(client, page_of(source)) == with_one <= 5


@pytest.mark.parametrize(
    ("status", "english", "french"),
    [
        ("ok", "link answers", "lien actif"),
        ("dead", "link is dead", "lien mort"),
        ("moved", "link leads elsewhere now", "lien redirigé ailleurs"),
        ("unreachable", "link could not be reached", "lien injoignable"),
        ("", "link not visited yet", "lien pas encore vérifié"),
    ],
)
def test_the_state_of_its_link_is_told_here_and_on_the_scorecard(
    client: Client, source: Source, status: str, english: str, french: str
) -> None:
    brand = naming(source)
    make.published(brand)
    visited = datetime(2026, 11, 3, 12, tzinfo=UTC) if status else None
    Source.objects.filter(pk=source.pk).update(link_status=status, link_checked_at=visited)
    for address in (page_of(source), case(brand), case(brand, "evidence/")):
        assert english in text_of(client.get(address)), address
        assert french in text_of(client.get(address.replace("/en/", "/fr/"))), address


def test_a_frozen_version_and_an_address_that_changed_tell_nothing_of_a_link(client: Client, source: Source) -> None:
    brand = naming(source)
    publication = make.published(brand)
    Source.objects.filter(pk=source.pk).update(link_status="dead")
    assert "link is dead" not in text_of(client.get(case(brand, f"v{publication.version}/")))
    assert "link is dead" in text_of(client.get(case(brand)))
    Source.objects.filter(pk=source.pk).update(url="https://example.org/unpublished")
    assert "link is dead" not in text_of(client.get(case(brand)))
    assert "unpublished" not in html_of(client.get(case(brand)))


def test_our_copy_is_told_to_all_and_given_to_those_who_work_on_facts(client: Client, source: Source) -> None:
    Source.objects.filter(pk=source.pk).update(archive_url=ELSEWHERE)
    source.refresh_from_db()
    body, by = b"%PDF-1.7 the ruling", make.an_analyst()
    source = archiving.keep_by_hand(source, body, "application/pdf", by=by, reason="Before it goes.")
    make.published(naming(source))
    download = f"/admin/brands/source/{source.pk}/copy/"
    public = html_of(client.get(page_of(source)))
    assert (source.archive_sha256 in public, ELSEWHERE in public, download in public) == (True, True, False)
    assert "not shown here" in public
    desk = signed_in(roles.ANALYST)
    assert download in html_of(desk.get(page_of(source)))
    assert desk.get(download).content == body


def test_the_scorecard_leads_to_it_and_back_to_what_rests_on_it(client: Client, source: Source) -> None:
    brand = naming(source)
    publication = make.published(brand)
    html = client.get(case(brand)).content.decode()
    assert f'href="{page_of(source)}"' in html
    assert "no archived copy" in html
    evidence = case(brand, "evidence/")
    for place, words in (
        (f"promise-{brand.promises.get().key}", "promise 1"),
        (f"act-{brand.actions.get().key}", "act 1"),
    ):
        assert f'<a href="{evidence}#{place}">{words}</a>' in html
    assert page_of(source) not in client.get(case(brand, f"v{publication.version}/")).content.decode()


def test_a_title_that_somebody_typed_is_escaped_and_a_bad_address_is_no_link(client: Client) -> None:
    odd = make.a_source(title="<script>alert(1)</script>", passage="<b>bold</b>")
    Source.objects.filter(pk=odd.pk).update(url="javascript:alert(1)", archive_url="javascript:alert(2)")
    make.published(naming(Source.objects.get(pk=odd.pk)))
    html = client.get(page_of(odd)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert 'href="javascript' not in html


def test_versions_of_one_case_name_it_once(client: Client, source: Source) -> None:
    brand = naming(source)
    make.published(brand)
    brand.actions.update(statement_en="Paid all claims.")
    make.published(make.touched(brand))
    assert Publication.objects.count() == 2
    assert "Where it is used (1)" in text_of(client.get(page_of(source)))
