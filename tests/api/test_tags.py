"""Entity tags: nothing new is not sent again, and whatever is new is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import override_settings

from brands.models import Brand, Crisis
from cxalign.api import cursors, tags
from cxalign.api.index import RESOURCES
from scoring.publishing import withdraw
from tests import factories as make
from tests.api.conftest import Reader

pytestmark = pytest.mark.django_db

FIXED = ("/api/v1/", "/api/v1/openapi.json")
LISTS = (*RESOURCES, "scorecards/fictia:covid-19/versions")
DETAILS = ("brands/fictia", "crises/covid-19", "scorecards/fictia:covid-19")


@pytest.fixture
def brand() -> Brand:
    brand = make.a_breach("Fictia")
    make.published(brand)
    return brand


@pytest.mark.parametrize("path", [*FIXED, *LISTS, *DETAILS])
def test_every_answer_has_a_tag_and_the_same_tag_brings_no_body(reader: Reader, brand: Brand, path: str) -> None:
    first = reader.get(path)
    again = reader.get(path, If_None_Match=first["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again["ETag"] == first["ETag"]
    assert "max-age=60" in again["Cache-Control"]
    assert reader.get(path).content == first.content


@pytest.mark.parametrize("path", [*FIXED, *LISTS, *DETAILS])
def test_another_tag_brings_the_body(reader: Reader, brand: Brand, path: str) -> None:
    first = reader.get(path)
    again = reader.get(path, If_None_Match='"0123456789abcdef0123"')
    assert (again.status_code, again.content) == (200, first.content)


@pytest.mark.parametrize("form", ["W/{}", '"other", {}', "*"])
def test_a_tag_is_known_in_every_form_that_the_header_allows(reader: Reader, brand: Brand, form: str) -> None:
    tag = reader.get("scorecards")["ETag"]
    assert reader.get("scorecards", If_None_Match=form.format(tag)).status_code == 304


@pytest.mark.parametrize("path", ["promises", "actions", "sources", "proofs", "scorecards"])
def test_nothing_new_is_told_in_one_statement_that_reads_no_text(
    reader: Reader, brand: Brand, path: str, django_assert_num_queries: Any
) -> None:
    tag = reader.get(path)["ETag"]
    with django_assert_num_queries(1) as asked:
        assert reader.get(path, If_None_Match=tag).status_code == 304
    assert '"document"' not in asked.captured_queries[0]["sql"]
    with django_assert_num_queries(2):
        assert reader.get(path, If_None_Match='"old"').status_code == 200


@pytest.mark.parametrize("path", ["scorecards", "scorecards/fictia:covid-19", "actions", "brands", "brands/fictia"])
def test_a_new_version_has_a_new_tag(reader: Reader, brand: Brand, path: str) -> None:
    before = reader.get(path)["ETag"]
    brand.actions.update(statement_en="Refused everybody.")
    make.published(make.touched(brand))
    assert reader.get(path, If_None_Match=before).status_code == 200
    assert reader.get(path)["ETag"] != before


@pytest.mark.parametrize("path", ["scorecards", "actions", "brands", "promises?brand=fictia", "crises"])
def test_a_withdrawal_changes_the_tag_of_each_list(reader: Reader, path: str) -> None:
    publication = make.published(make.a_breach("Fictia"))
    before = reader.get(path)["ETag"]
    withdraw(publication, by=make.an_editor(), reason_en="A source was forged.")
    after = reader.get(path, If_None_Match=before)
    assert (after.status_code, after["ETag"] == before) == (200, False)


def test_an_unpublished_judgement_changes_no_tag(reader: Reader, brand: Brand) -> None:
    before = [reader.get(path)["ETag"] for path in (*LISTS, *DETAILS)]
    brand.actions.update(statement_en="Refused everybody.")
    make.judged(make.touched(brand))
    make.judged(make.a_breach("Hidden"))
    assert [reader.get(path)["ETag"] for path in (*LISTS, *DETAILS)] == before


def test_the_first_version_gets_a_new_tag_once_it_is_superseded(reader: Reader, brand: Brand) -> None:
    before = reader.get("scorecards/fictia:covid-19:v1")["ETag"]
    brand.actions.update(statement_en="Refused everybody.")
    make.published(make.touched(brand))
    assert reader.get("scorecards/fictia:covid-19:v1", If_None_Match=before).status_code == 200


def test_a_renamed_sector_or_crisis_changes_the_tag_of_what_shows_it(reader: Reader, brand: Brand) -> None:
    before = [reader.get(path)["ETag"] for path in ("brands/fictia", "crises/covid-19")]
    make.a_sector().__class__.objects.update(name_en="Cover")
    Crisis.objects.update(ends_on=date(2030, 1, 1))
    after = [reader.get(path)["ETag"] for path in ("brands/fictia", "crises/covid-19")]
    assert not set(before) & set(after)


def test_the_next_page_of_another_day_has_another_cursor_and_so_another_tag(
    reader: Reader, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.published(make.a_breach("Other"))
    first = reader.get("scorecards?limit=1")
    assert reader.get("scorecards?limit=1").content == first.content
    now = cursors.today()
    monkeypatch.setattr(cursors, "today", lambda: now + 1)
    again = reader.get("scorecards?limit=1", If_None_Match=first["ETag"])
    assert (again.status_code, again.content == first.content) == (200, False)


def test_a_count_is_part_of_what_the_tag_stands_for(reader: Reader, brand: Brand) -> None:
    before = reader.get("brands?limit=1&count=exact")["ETag"]
    make.a_brand("Zeal", listed=True)
    make.a_brand("Zero", listed=True)
    two_more = reader.get("brands?limit=1&count=exact")["ETag"]
    make.a_brand("Zulu", listed=True)
    assert len({before, two_more, reader.get("brands?limit=1&count=exact")["ETag"]}) == 3


def test_another_form_of_the_same_revision_has_another_tag(reader: Reader, brand: Brand) -> None:
    before = reader.get("actions")["ETag"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tags, "SHAPE", 2)
        assert reader.get("actions")["ETag"] != before
    assert reader.get("actions")["ETag"] == before


def test_head_answers_as_get_without_the_body(reader: Reader, brand: Brand) -> None:
    for path in (*LISTS, *DETAILS):
        got, head = reader.get(path), reader.client.head(f"/api/v1/{path}")
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])


def test_an_answer_on_a_closed_site_is_kept_by_nobody(reader: Reader, brand: Brand) -> None:
    with override_settings(PUBLIC_SITE=False):
        reader.client.force_login(make.an_analyst())
        assert reader.get("brands")["Cache-Control"] == "no-store, private"
