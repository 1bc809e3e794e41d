"""What a version keeps about itself: policy, warnings, ties, requests, and the line in the log."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brands.models import Event
from scoring import review
from scoring.models import MAX_ATTEMPTS, ScoringJob
from scoring.publishing import PublishingRefused, publish, withdraw
from scoring.rescoring import score_all_due
from tests import factories as make
from tests.scoring.review import making
from tests.scoring.test_publishing_policies import a_clean_case

pytestmark = pytest.mark.django_db


def test_the_log_tells_what_the_public_saw_before_and_after() -> None:
    brand, editor = make.a_kept_promise(), make.an_editor()
    make.published(brand, editor)
    brand.actions.get().proofs.update(direction="harms", depth="2")
    second = make.published(make.touched(brand), editor, note_fr="Un refus établi.")
    withdraw(second, by=editor, reason_en="A source was misread.")
    first, then, gone = Event.objects.filter(kind__startswith="scorecard.").order_by("id")
    assert [line.changes["public_version"] for line in (first, then, gone)] == [[None, 1], [1, 2], [2, None]]
    assert then.changes["public_outcome"] == ["aligned", "broken_promise"]
    assert gone.changes["public_outcome"] == ["broken_promise", None]
    assert (then.actor, then.reason) == (editor, "Un refus établi.")


def test_withdrawing_an_older_version_changes_nothing_that_the_public_sees() -> None:
    brand, editor = make.a_kept_promise(), make.an_editor()
    first = make.published(brand, editor)
    brand.actions.update(statement_en="Paid every claim.")
    second = make.published(make.touched(brand), editor)
    withdraw(first, by=editor, reason_en="A source was misread.")
    second.refresh_from_db()
    assert second.is_current
    assert Event.objects.filter(kind="scorecard.withdrawn").get().changes["public_version"] == [2, 2]


def test_ties_are_frozen_with_the_version_and_shown_on_page_and_api_without_a_name() -> None:
    brand, editor = make.a_kept_promise("Fictia"), make.an_editor(username="marc-the-editor")
    tie = making.a_tie(editor, brand)
    make.published(brand, editor)
    review.take_back_tie(tie, reason="Wrong brand.")
    shown = Client().get("/api/v1/scorecards/fictia:covid-19").json()["ties_declared"]
    assert shown == [
        {
            "role": "publisher",
            "kind": "client",
            "text": {"en": "Advised the brand.", "fr": "A conseillé la marque."},
            "since": None,
            "until": None,
        }
    ]
    for language, words in (("en", "Advised the brand."), ("fr", "A conseillé la marque.")):
        page = Client().get(f"/{language}/brands/fictia/covid-19/").content.decode()
        assert words in page
        assert "marc-the-editor" not in page


def test_a_scorecard_without_ties_says_nothing_about_them() -> None:
    brand, editor = make.a_kept_promise("Fictia"), make.an_editor()
    making.no_tie(editor, brand)
    make.published(brand, editor)
    assert Client().get("/api/v1/scorecards/fictia:covid-19").json()["ties_declared"] == []
    assert "Declared ties" not in Client().get("/en/brands/fictia/covid-19/").content.decode()


def test_the_ties_of_those_who_coded_stand_on_the_scorecard_too() -> None:
    brand, editor, coder, bystander = make.a_kept_promise(), make.an_editor(), make.an_analyst(), make.an_analyst()
    making.coded_by(coder, brand.actions.get())
    for person in (coder, bystander):
        making.a_tie(person, brand, "family")
    assert [tie["role"] for tie in make.published(brand, editor).ties] == ["coder"]


def test_a_tie_of_somebody_with_two_roles_stands_there_once() -> None:
    brand, editor = make.a_kept_promise(), make.an_editor()
    making.coded_by(editor, brand.actions.get())
    making.a_tie(editor, brand)
    assert [tie["role"] for tie in make.published(brand, editor).ties] == ["publisher"]


def test_a_version_lists_the_requests_it_takes_into_account() -> None:
    brand, editor = make.a_breach("Fictia"), make.an_editor()
    snapshot = make.judged(brand)
    first, second = (making.a_notice(snapshot) for _ in range(2))
    publication = publish(snapshot.assessment, by=editor, requests=[f"notice:{second.pk}"])
    assert [entry["reference"] for entry in publication.requests] == [f"notice:{second.pk}"]
    day = publication.requests[0]["on"]
    versions = Client().get("/api/v1/scorecards/fictia:covid-19/versions").json()["data"]
    assert versions[0]["requests"] == [{"kind": "notice", "on": day}]
    assert "Takes into account" in Client().get("/en/brands/fictia/covid-19/history/").content.decode()
    assert first.pk != second.pk


def test_left_to_itself_a_version_takes_everything_into_account() -> None:
    snapshot = make.judged(make.a_breach())
    notice = making.a_notice(snapshot)
    publication = publish(snapshot.assessment, by=make.an_editor())
    assert [entry["reference"] for entry in publication.requests] == [f"notice:{notice.pk}"]


def test_a_request_that_is_not_on_file_is_refused() -> None:
    snapshot = make.judged(make.a_breach())
    with pytest.raises(PublishingRefused, match="not on file"):
        publish(snapshot.assessment, by=make.an_editor(), requests=["notice:987654"])


def test_a_verdict_is_not_published_while_newer_facts_wait_to_be_judged() -> None:
    brand, editor = make.a_kept_promise(), make.an_editor()
    score_all_due()
    case = brand.assessments.get()
    make.touched(brand)
    with pytest.raises(PublishingRefused, match="being recalculated"):
        publish(case, by=editor)
    score_all_due()
    assert publish(case, by=editor).version == 1


def test_a_brand_that_cannot_be_judged_is_not_published_on_older_facts() -> None:
    brand = make.a_kept_promise()
    score_all_due()
    make.touched(brand)
    ScoringJob.objects.update(attempts=MAX_ATTEMPTS, failed_revision=brand.facts_revision, error="ValueError")
    with pytest.raises(PublishingRefused):
        publish(brand.assessments.get(), by=make.an_editor())


@pytest.mark.parametrize("policy", ["solo", "four_eyes", "strict"])
def test_the_policy_under_which_a_version_was_published_stays_with_it(policy: str, settings: Any) -> None:
    settings.PUBLICATION_POLICY = policy
    stage = a_clean_case()
    publication = publish(stage.snapshot.assessment, by=stage.editor)
    settings.PUBLICATION_POLICY = "solo"
    publication.refresh_from_db()
    assert publication.policy == policy
