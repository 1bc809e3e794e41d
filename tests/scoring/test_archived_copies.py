"""The digest that a verdict publishes is that of our own copy, and the store is asked whether it is still there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from brands import archiving
from brands.models import Source
from scoring import scorecards, verifying
from tests import factories as make

pytestmark = pytest.mark.django_db

PAGE = b"<html>As it stood.</html>"
ELSEWHERE = "https://web.archive.org/web/20200401000000/https://example.org/1"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def shown(source: Source) -> Any:
    return scorecards.source_document(source, 1, [])["archive"]


def with_own_copy(**fields: Any) -> Source:
    by = make.an_analyst()
    return archiving.keep_by_hand(make.a_source(**fields), PAGE, "text/html", by=by, reason="Before it goes.")


def test_without_any_copy_nothing_is_said() -> None:
    assert shown(make.a_source()) is None


def test_our_own_copy_is_told_with_its_time_and_its_digest() -> None:
    source = with_own_copy()
    assert source.archived_at
    told = {"url": "", "captured_at": source.archived_at.isoformat(), "sha256": source.archive_sha256}
    assert shown(source) == told


def test_the_digest_of_a_copy_kept_elsewhere_is_never_published() -> None:
    foreign = make.a_source(archive_url=ELSEWHERE, archive_sha256="f" * 64)
    assert shown(foreign) == {"url": ELSEWHERE, "captured_at": None, "sha256": ""}
    assert shown(make.a_source(archive_sha256="f" * 64)) is None


def test_with_both_the_address_is_theirs_and_the_digest_ours() -> None:
    source = with_own_copy(archive_url=ELSEWHERE)
    assert (shown(source)["url"], shown(source)["sha256"]) == (ELSEWHERE, archiving.STORE.keep(PAGE))


def test_verify_finds_a_published_copy_that_is_gone_even_when_its_source_has_a_newer_one() -> None:
    brand = make.a_kept_promise("Specimen")
    source = brand.actions.get().sources.get()
    by = make.an_analyst()
    first = archiving.keep_by_hand(source, PAGE, "text/html", by=by, reason="Before it goes.")
    make.published(make.touched(brand))
    archiving.keep_by_hand(source, PAGE + b"newer", "text/html", by=by, reason="It changed.")
    assert [str(one) for one in verifying.verify_store()] == []
    (archiving.STORE.folder() / first.archive_sha256).unlink()
    [found] = verifying.verify_store()
    assert first.archive_sha256 in str(found)
    assert source.key in str(found)
