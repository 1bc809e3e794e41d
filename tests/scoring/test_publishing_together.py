"""Several people at once, with real threads on a real database: one wins, the others are told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from brands.models import Event
from scoring import review
from scoring.models import Publication, Tie
from scoring.publishing import PublishingRefused, publish, withdraw
from scoring.rescoring import score_all_due
from scoring.review import ReviewRefused
from tests import factories as make
from tests.scoring.review import making

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run them together; what each returned, or the refusal it met."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return act()
        except (PublishingRefused, ReviewRefused) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refusals(results: list[Any]) -> list[str]:
    return [str(result) for result in results if isinstance(result, Exception)]


def test_of_two_editors_one_publishes_and_the_other_is_told_by_whom() -> None:
    snapshot = make.judged(make.a_kept_promise())
    editors = [make.an_editor() for _ in range(2)]
    results = at_once(
        *(lambda editor=editor: publish(snapshot.assessment, by=editor, snapshot=snapshot) for editor in editors)
    )
    (told,) = refusals(results)
    publication = Publication.objects.get()
    assert "already published, as version 1" in told
    assert publication.published_by.username in told
    assert Event.objects.filter(kind="scorecard.published").count() == 1


def test_of_four_editors_who_withdraw_one_does() -> None:
    publication = make.published(make.a_breach())
    editors = [make.an_editor() for _ in range(4)]
    results = at_once(
        *(lambda editor=editor: withdraw(publication, by=editor, reason_en="Misread.") for editor in editors)
    )
    assert refusals(results) == ["This version is already withdrawn."] * 3
    assert Event.objects.filter(kind="scorecard.withdrawn").count() == 1


def test_a_fact_that_changes_meanwhile_is_published_before_or_refused_never_lost() -> None:
    brand = make.a_kept_promise()
    score_all_due()
    snapshot = brand.assessments.get().snapshots.get()
    editor = make.an_editor()
    results = at_once(
        lambda: publish(snapshot.assessment, by=editor, snapshot=snapshot),
        lambda: make.touched(brand),
    )
    published = Publication.objects.count()
    assert published + len(refusals(results)) == 1
    assert all("have changed since" in told for told in refusals(results))


def test_a_declaration_made_twice_at_once_is_one() -> None:
    user, brand = make.an_editor(), make.a_brand()
    at_once(*(lambda: making.no_tie(user, brand) for _ in range(3)))
    assert Tie.objects.count() == 1


def test_a_search_taken_back_twice_at_once_is_taken_back_once() -> None:
    search = making.a_search(make.judged(make.a_kept_promise()).assessment)
    editor = make.an_editor()
    results = at_once(*(lambda: review.take_back_search(search, by=editor, reason="Wrong brand.") for _ in range(2)))
    assert refusals(results) == ["This was taken back already."]
    assert Event.objects.filter(kind="search.withdrawn").count() == 1
