"""Making public and taking back: who may, what is refused, what readers and the API are shown."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from brands.models import Event
from scoring.models import Publication, PublishedFacet, PublishedFact
from scoring.publishing import PublishingRefused, can_publish, publish, withdraw
from scoring.verifying import verify_verdicts
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_an_editor_publishes_and_an_analyst_is_told_to_ask_one() -> None:
    snapshot = make.judged(make.a_kept_promise())
    analyst, editor = make.an_analyst(), make.an_editor()
    assert not can_publish(analyst, snapshot)
    with pytest.raises(PublishingRefused, match="editor"):
        publish(snapshot.assessment, by=analyst)
    assert can_publish(editor, snapshot)
    assert publish(snapshot.assessment, by=editor).version == 1


def test_the_same_verdict_is_not_published_twice() -> None:
    publication = make.published(make.a_kept_promise())
    with pytest.raises(PublishingRefused, match="already published"):
        publish(publication.assessment, by=make.an_editor())


def test_what_was_on_screen_is_refused_once_the_facts_have_moved() -> None:
    brand = make.a_kept_promise()
    seen = make.judged(brand)
    brand.actions.update(substance="0")
    newer = make.judged(brand)
    with pytest.raises(PublishingRefused, match="have changed"):
        publish(seen.assessment, by=make.an_editor(), snapshot=seen)
    assert publish(seen.assessment, by=make.an_editor(), snapshot=newer).snapshot == newer


def test_versions_count_up_and_only_the_newest_is_current() -> None:
    brand = make.a_kept_promise()
    first = make.published(brand)
    brand.actions.update(statement_en="Paid every claim.")
    second = make.published(brand)
    first.refresh_from_db()
    assert [(item.version, item.state) for item in (first, second)] == [(1, "superseded"), (2, "published")]


def test_the_database_allows_one_current_publication_a_case() -> None:
    brand = make.a_kept_promise()
    first = make.published(brand)
    brand.actions.update(statement_en="Paid every claim.")
    make.published(brand)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=first.pk).update(is_current=True)


def test_the_solo_policy_warns_and_does_not_refuse() -> None:
    brand = make.a_brand()
    make.a_promise(brand, sourced=False)
    make.a_profile(brand)
    publication = make.published(make.touched(brand))
    assert "no_sourced_promise" in publication.warnings
    assert "no_sourced_action" in publication.warnings
    assert "no_sourced_promise" not in make.published(make.a_kept_promise()).warnings


def test_a_withdrawal_needs_a_public_reason_and_keeps_the_version() -> None:
    publication = make.published(make.a_breach())
    editor = make.an_editor()
    with pytest.raises(PublishingRefused, match="public reason"):
        withdraw(publication, by=editor, reason_en="  ")
    gone = withdraw(publication, by=editor, reason_en="A source was misread.", reason_fr="Une source a été mal lue.")
    assert gone.state == "withdrawn"
    assert Publication.objects.current().count() == 0
    with pytest.raises(PublishingRefused, match="already withdrawn"):
        withdraw(publication, by=editor, reason_en="Again.")


def test_a_withdrawn_verdict_is_published_again_as_a_new_version_with_a_reason() -> None:
    first = make.published(make.a_breach())
    editor = make.an_editor()
    assert not can_publish(editor, first.snapshot)
    withdraw(first, by=editor, reason_en="Its source was in doubt.")
    assert can_publish(editor, first.snapshot)
    with pytest.raises(PublishingRefused, match="why it is published again"):
        publish(first.assessment, by=editor, snapshot=first.snapshot, note_en=" ")
    second = publish(first.assessment, by=editor, snapshot=first.snapshot, note_en="The source was confirmed.")
    first.refresh_from_db()
    assert [(one.version, one.state) for one in (first, second)] == [(1, "withdrawn"), (2, "published")]
    assert second.snapshot.sequence == first.snapshot.sequence + 1
    assert second.snapshot.says_the_same_as(first.snapshot)
    assert PublishedFact.objects.exists()
    assert list(verify_verdicts()) == []
    with pytest.raises(PublishingRefused, match="already published, as version 2"):
        publish(first.assessment, by=editor, note_en="Again.")


def test_an_analyst_cannot_withdraw() -> None:
    publication = make.published(make.a_breach())
    with pytest.raises(PublishingRefused, match="editor"):
        withdraw(publication, by=make.an_analyst(), reason_en="No.")
    publication.refresh_from_db()
    assert publication.is_current


def test_publishing_and_withdrawing_each_leave_one_line_in_the_log() -> None:
    publication = make.published(make.a_breach())
    editor = make.an_editor()
    withdraw(publication, by=editor, reason_en="A source was misread.")
    lines = Event.objects.filter(kind__startswith="scorecard.").order_by("id")
    assert [(line.kind, line.changes["version"][1]) for line in lines] == [
        ("scorecard.published", 1),
        ("scorecard.withdrawn", 1),
    ]
    assert lines[1].actor == editor


def test_the_api_shows_the_facts_of_the_publication_and_no_later_edit() -> None:
    brand = make.a_kept_promise("Fictia")
    make.published(brand)
    action = brand.actions.get()
    shown = PublishedFact.objects.get(resource="action", shown=True)
    action.statement_en = "A draft that must not leak."
    action.save()
    make.judged(brand)
    assert json.loads(PublishedFact.objects.get(pk=shown.pk).document)["statement"]["en"] == "Paid claims at once."
    assert set(PublishedFacet.objects.filter(fact=shown).values_list("name", "value")) >= {
        ("brand", "fictia"),
        ("stakeholder", "customers"),
        ("occurred_on", "2020-04-01"),
    }


def test_withdrawing_takes_the_facts_out_of_the_api() -> None:
    publication = make.published(make.a_kept_promise())
    assert PublishedFact.objects.exists()
    withdraw(publication, by=make.an_editor(), reason_en="A source was misread.")
    assert not PublishedFact.objects.exists()


def test_a_source_that_two_brands_share_is_shown_once_and_survives_the_withdrawal_of_one() -> None:
    shared = make.a_source(key="shared", title="Shared")
    publications = []
    for _ in range(2):
        brand = make.a_brand()
        action = make.an_action(brand, sources=0)
        make.a_link(action, source=shared)
        make.a_proof(action, make.a_promise(brand))
        publications.append(make.published(make.touched(brand)))
    shown = PublishedFact.objects.filter(resource="source", key="shared", shown=True)
    assert shown.get().assessment == publications[1].assessment
    withdraw(publications[1], by=make.an_editor(), reason_en="A source was misread.")
    assert shown.get().assessment == publications[0].assessment
