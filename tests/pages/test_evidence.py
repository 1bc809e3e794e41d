"""The evidence page: every code in words, every act with its proofs."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from brands.models import Brand
from tests import factories as make
from tests.pages.test_scorecard import case, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    brand = make.a_brand("Fictia")
    promise = make.a_promise(brand, rationale_en="Names who gets what.")
    action = make.an_action(brand, initiative="3", generosity="u", rationale_en="Before anyone asked.", coding="agreed")
    make.a_proof(action, promise, depth="2", rationale_en="Far more than promised.", coding="adjudicated")
    make.a_profile(brand, purpose="2", values_heritage="u", rationale_en="In its statutes.", labels="B Corp")
    make.published(make.touched(brand))
    return brand


def test_every_code_is_told_in_words_with_its_reason(client: Client, brand: Brand) -> None:
    text = text_of(client.get(case(brand, "evidence/")))
    for words in (
        "2 – real: a concrete service",
        "3 – unprompted: before any documented request",
        "unknown – looked at, cannot tell",
        "2 – one independent source",
        "2 – far beyond",
        "two coders, adjudicated",
        "Before anyone asked.",
        "Far more than promised.",
        "Names who gets what.",
        "decides the verdict",
    ):
        assert words in text, words


def test_what_was_on_file_before_the_crisis_is_told_and_a_label_is_no_proof(client: Client, brand: Brand) -> None:
    text = text_of(client.get(case(brand, "evidence/")))
    assert "2 – published purpose" in text
    assert "In its statutes." in text
    assert "B Corp (context, not proof)" in text


def test_a_code_that_nobody_gave_is_not_unknown(client: Client) -> None:
    brand = make.a_brand("Fictia")
    make.a_proof(make.an_action(brand, reach=""), make.a_promise(brand))
    make.published(make.touched(brand))
    assert "Reach not coded" in text_of(client.get(case(brand, "evidence/")))


def test_a_duplicate_is_shown_and_points_to_the_act_it_repeats(client: Client, brand: Brand) -> None:
    first = brand.actions.get()
    make.an_action(brand, duplicate_of=first, statement_en="Paid, again.")
    make.published(make.touched(brand))
    html = client.get(case(brand, "evidence/")).content.decode()
    assert f'it repeats <a href="#act-{first.key}">another act</a>' in html
    assert "bears on no stakeholder group" in html


def test_a_harm_tells_its_depth_and_its_remedy(client: Client) -> None:
    brand = make.a_breach("Fictia")
    brand.actions.get().proofs.update(remedy="1")
    make.published(make.touched(brand))
    text = text_of(client.get(case(brand, "evidence/")))
    assert "2 – breaks: refuses" in text
    assert "Remedy: 1 – partial, late or forced" in text


def test_a_source_tells_where_it_is_used_and_its_archived_copy(client: Client, brand: Brand) -> None:
    source = brand.actions.get().sources.get()
    source.archive_url, source.passage = "https://archive.example.org/1", "They paid."
    source.archive_sha256, source.archive_type = "ab" * 32, "text/html"
    source.save()
    make.published(make.touched(brand))
    html = client.get(case(brand, "evidence/")).content.decode()
    assert 'href="https://archive.example.org/1"' in html
    assert "ab" * 32 in html
    assert "They paid." in html
    assert "used in" in html


def test_no_two_parts_of_the_page_have_the_same_id(client: Client, brand: Brand) -> None:
    for rest in ("", "evidence/", "history/"):
        ids = re.findall(r'\bid="([^"]+)"', client.get(case(brand, rest)).content.decode())
        assert len(ids) == len(set(ids))


def test_the_evidence_of_a_draft_is_for_those_who_may_read_drafts(client: Client) -> None:
    draft = make.a_kept_promise("Fictia")
    make.judged(draft)
    assert client.get(case(draft, "evidence/")).status_code == 404
    client.force_login(make.an_analyst())
    page = client.get(case(draft, "evidence/"))
    assert page.status_code == 200
    assert "Draft – not published" in text_of(page)


def test_an_unpublished_edit_does_not_leak_into_the_public_page(client: Client, brand: Brand) -> None:
    brand.actions.update(statement_en="A draft text.")
    make.judged(make.touched(brand))
    assert "A draft text" not in text_of(client.get(case(brand, "evidence/")))


def test_a_case_without_an_act_says_that_we_found_none(client: Client) -> None:
    empty = make.an_empty_file("Fictia")
    make.published(empty)
    assert "We found no act in this crisis." in text_of(client.get(case(empty, "evidence/")))
