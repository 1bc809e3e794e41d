"""Copies of sources: fetched, kept under their digest, never overwritten, in the background; and whether links live."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from brands import archiving
from brands.archiving import DamagedCopy, archive, check_links, keep, order_copies, work_off
from brands.details import Details, details_in, page_details
from brands.fetching import Unreachable
from brands.models import ArchiveJob, Event, Source
from brands.tasks import archive_left_over
from cxalign.accounts import roles
from tests import factories as make
from tests.accounts.desk import somebody
from tests.brands.machines import Site, sends, site, way_to

pytestmark = pytest.mark.django_db

PAGE = b"<!doctype html><title>Refunds</title><p>They paid."


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    pages = {"/paid": sends(PAGE), "/old": sends(status=301, Location="/paid"), "/gone": sends(status=410)}
    pages |= {"/wall": sends(status=403), "/file": sends(b"not a pdf", kind="application/pdf")}
    with site(pages) as found:
        way_to(monkeypatch, found.port)
        yield found


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archiving, "PAUSE", timedelta(0))


# --- On disk ----------------------------------------------------------------------------------------------------------


def test_bytes_are_kept_under_their_digest_for_nobody_else_to_read() -> None:
    digest = keep(PAGE)
    place = Path(settings.DATA_DIR) / "archive"
    assert [file.name for file in place.iterdir()] == [digest] == [hashlib.sha256(PAGE).hexdigest()]
    assert (stat.S_IMODE(place.stat().st_mode), stat.S_IMODE((place / digest).stat().st_mode)) == (0o700, 0o600)
    assert archiving.check(digest) == PAGE


def test_a_copy_that_is_there_is_never_written_again() -> None:
    digest = keep(PAGE)
    file = Path(settings.DATA_DIR) / "archive" / digest
    before = file.stat()
    assert keep(PAGE) == digest
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_altered_or_lost_copy_is_noticed_and_never_passed_off_as_the_copy() -> None:
    digest = keep(PAGE)
    file = Path(settings.DATA_DIR) / "archive" / digest
    file.write_bytes(b"altered")
    for read in (lambda: archiving.check(digest), lambda: keep(PAGE), lambda: archiving.check("0" * 64)):
        with pytest.raises(DamagedCopy):
            read()
    assert file.read_bytes() == b"altered"


# --- One source -------------------------------------------------------------------------------------------------------


def test_a_source_is_archived_and_that_is_written_down(news: Site) -> None:
    analyst, brand, source = somebody(roles.ANALYST), make.a_brand(), make.a_source(url=news.at("/old"))
    make.a_promise(brand, sourced=False).sources.add(source)
    archive(source, analyst, "Before it changes.")
    source.refresh_from_db()
    assert source.archive_sha256 == hashlib.sha256(PAGE).hexdigest()
    assert (source.archive_type, source.archive_size) == ("text/html", len(PAGE))
    assert source.archive_address == news.at("/paid")
    assert source.archived_at is not None
    event = Event.objects.get()
    assert (event.kind, event.brand, event.actor, event.reason) == (
        "evidence.archived",
        brand,
        analyst,
        "Before it changes.",
    )
    assert event.changes["archive_sha256"] == [None, source.archive_sha256] or event.changes["archive_sha256"][0] == ""
    assert archiving.check(source.archive_sha256) == PAGE


@pytest.mark.parametrize("path", ["/gone", "/wall", "/file", "/nowhere"])
def test_what_does_not_answer_or_is_not_what_it_says_leaves_nothing_behind(path: str, news: Site) -> None:
    source = make.a_source(url=news.at(path))
    with pytest.raises(Unreachable):
        archive(source, somebody(roles.ANALYST))
    source.refresh_from_db()
    assert (source.archive_sha256, source.archived_at) == ("", None)
    assert not (Path(settings.DATA_DIR) / "archive").exists()
    assert not Event.objects.exists()


def test_whoever_has_the_form_open_is_not_turned_away_by_a_copy(news: Site) -> None:
    source = make.a_source(url=news.at("/paid"))
    archive(source, somebody(roles.ANALYST))
    assert Source.objects.get().revision == source.revision


# --- Many -------------------------------------------------------------------------------------------------------------


def states() -> list[str]:
    return list(ArchiveJob.objects.order_by("id").values_list("state", flat=True))


def test_an_order_is_worked_off_and_each_end_is_told(news: Site, no_pause: None) -> None:
    analyst = somebody(roles.ANALYST)
    sources = [make.a_source(url=news.at(path)) for path in ("/paid", "/gone")] + [make.a_source(url="")]
    order = order_copies(sources, by=analyst, reason="Kept.")
    assert states() == ["queued", "queued"]
    assert work_off() == 0
    assert states() == ["done", "failed"]
    assert [job.reason for job in order.jobs.all()] == ["", "unreachable"]
    assert Event.objects.get().reason == "Kept."


def test_asking_twice_makes_one_copy(news: Site, no_pause: None) -> None:
    analyst, source = somebody(roles.ANALYST), make.a_source(url=news.at("/paid"))
    first, second = (order_copies([source], by=analyst, reason="Now.") for _ in range(2))
    work_off()
    assert (first.jobs.count(), second.jobs.count(), len(news.asked)) == (1, 0, 1)
    third = order_copies([source], by=analyst, reason="Again.")
    assert third.jobs.count() == 1


def test_one_machine_is_asked_once_in_a_while_and_others_meanwhile(news: Site) -> None:
    analyst = somebody(roles.ANALYST)
    addresses = [news.at("/paid"), news.at("/gone"), news.at("/paid", "other.example")]
    order_copies([make.a_source(url=address) for address in addresses], by=analyst, reason="Now.")
    assert work_off() == 1
    assert states() == ["done", "queued", "done"]


def test_what_a_dying_process_left_behind_is_taken_up_and_given_up_after_three_tries(
    news: Site, no_pause: None
) -> None:
    order_copies([make.a_source(url=news.at("/paid"))], by=somebody(roles.ANALYST), reason="Now.")
    long_ago = timezone.now() - timedelta(minutes=5)
    ArchiveJob.objects.update(state="running", attempts=3, claimed_at=long_ago)
    work_off()
    assert [(job.state, job.reason) for job in ArchiveJob.objects.all()] == [("failed", "given_up")]
    ArchiveJob.objects.update(state="running", attempts=1, claimed_at=long_ago)
    work_off()
    assert states() == ["done"]


def test_a_job_that_is_being_worked_on_is_left_to_its_worker(news: Site) -> None:
    order_copies([make.a_source(url=news.at("/paid"))], by=somebody(roles.ANALYST), reason="Now.")
    first, second = archiving.claim(), archiving.claim()
    assert first is not None
    assert second is None
    work_off()
    assert news.asked == []
    assert archive_left_over() == 0  # the clock ticks while somebody is at it


def test_the_clock_takes_up_a_walk_that_was_never_started(news: Site) -> None:
    order_copies([make.a_source(url=news.at("/paid"))], by=somebody(roles.ANALYST), reason="Now.")
    assert archive_left_over() == 0
    assert states() == ["done"]


# --- Links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [("/paid", "ok"), ("/old", "moved"), ("/gone", "dead"), ("/nowhere", "dead"), ("/wall", "unreachable")],
)
def test_a_link_is_looked_at(path: str, status: str, news: Site) -> None:
    source = make.a_source(url=news.at(path))
    assert check_links() == 1
    source.refresh_from_db()
    assert source.link_status == status
    assert source.link_checked_at is not None
    assert not Event.objects.exists()
    assert check_links() == 0  # not again for a month


def test_a_machine_that_is_not_public_is_never_called() -> None:
    source = make.a_source(url="http://127.0.0.1/")
    check_links()
    source.refresh_from_db()
    assert source.link_status == "unreachable"


def test_one_round_visits_each_machine_once_and_nothing_withdrawn(news: Site) -> None:
    here = [make.a_source(url=news.at(path)) for path in ("/paid", "/gone")]
    make.a_source(url=news.at("/paid", "other.example"))
    make.a_source(url=news.at("/paid", "third.example"), withdrawn_at=timezone.now())
    assert check_links() == 2
    assert Source.objects.filter(pk__in=[source.pk for source in here]).exclude(link_status="").count() == 1
    assert check_links() == 1
    assert check_links() == 0


@pytest.mark.parametrize(
    ("asked", "answered", "same"),
    [
        ("http://a.example/x", "https://www.a.example/x/", True),
        ("http://a.example/x", "https://a.example/", False),
        ("http://a.example/x?p=1", "https://a.example/x?p=2", False),
        ("http://a.example/x", "http://b.example/x", False),
    ],
)
def test_from_http_to_https_is_no_move(asked: str, answered: str, same: bool) -> None:
    assert archiving._same_place(asked, answered) is same


# --- What a page says about itself ------------------------------------------------------------------------------------

RICH = """<!doctype html><html lang="fr-FR"><head><title> Le Quotidien |
 Remboursements </title><meta property="og:title" content="Fictia rembourse &amp; s’explique">
<meta property="og:site_name" content="Le Quotidien"><meta name="author" content="Ada Martin">
<meta property="article:published_time" content="2020-04-13T08:00:00+02:00">
<link rel="canonical" href="/economie/fictia?a=1"><script>document.title = "run"</script></head><body>"""
DATA = """<html><script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2020-04",
"author": [{"name": "Ada Martin"}, {"name": "Bo Li"}], "publisher": {"name": "Daily"}}]}</script>
<script type="application/ld+json">{broken</script><title>Only a title</title></html>"""
SCHOLAR = """<meta name="citation_title" content="Promises"><meta name="citation_author" content="Li, Bo">
<meta name="citation_author" content="Roy, Al"><meta name="citation_publication_date" content="2021/03/09">
<meta name="citation_journal_title" content="Journal of Care"><meta property="og:locale" content="en_GB">"""
HOSTILE = """<html lang="<b>"><title>\u202e&lt;script&gt;alert(1)&lt;/script&gt;\x00Odd</title>
<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="http://127.1/">
<meta name="date" content="03/04/2020"><meta name="author" content="https://somebody.example/">"""


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (
            RICH,
            Details(
                title="Fictia rembourse & s’explique",
                publisher="Le Quotidien",
                author="Ada Martin",
                published_on="2020-04-13",
                language="fr",
                canonical="https://news.example/economie/fictia?a=1",
            ),
        ),
        (DATA, Details("Only a title", "Daily", "Ada Martin, Bo Li", "2020-04")),
        (SCHOLAR, Details("Promises", "Journal of Care", "Li, Bo, Roy, Al", "2021-03-09", "en")),
        (HOSTILE, Details("<script>alert(1)</script>Odd")),
        ("", Details()),
    ],
)
def test_a_page_tells_about_itself_and_nothing_of_it_is_run(page: str, found: Details) -> None:
    assert details_in(page, "https://news.example/a") == found


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_details_are_fetched_in_the_page_s_own_letters(charset: str, news: Site) -> None:
    page = f"<meta charset={charset}><title>Société</title>".encode(charset)
    news.pages["/told"] = sends(page, kind="text/html")
    assert page_details(news.at("/told")).title == "Société"


def test_what_is_no_page_has_no_details(news: Site) -> None:
    for path in ("/gone", "/file"):
        with pytest.raises(Unreachable):
            page_details(news.at(path))
