"""A reported error: decided with reasons, told in the public log, and completed by the version that puts it right."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from brands.models import Event
from scoring.models import Correction, ErrorReport, Publication
from scoring.voices import reports
from scoring.voices.mailing import send_due
from scoring.voices.rules import VoiceRefused
from tests import factories as make
from tests.scoring.voices import making

pytestmark = pytest.mark.django_db

WRONG = {"wrong_en": "The date was wrong.", "wrong_fr": "La date était fausse."}
CHANGED = {"changed_en": "The verdict stays.", "changed_fr": "Le verdict reste."}


@pytest.fixture
def publication() -> Publication:
    return make.published(make.a_breach("Specimen"))


def accepted(report: ErrorReport, **fields: Any) -> Correction:
    return reports.accept(report, **{"by": making.an_answering_editor(), **WRONG, **making.REASONS, **fields})


def test_an_editor_decides_once_and_an_analyst_is_told_to_ask_one(publication: Publication) -> None:
    report = making.a_report(publication)
    with pytest.raises(VoiceRefused, match="Only an editor"):
        accepted(report, by=make.an_analyst())
    assert accepted(report, since=publication).assessment == publication.assessment
    with pytest.raises(VoiceRefused, match="decided already"):
        reports.decline(report, by=making.an_answering_editor(), declined="correct", **making.REASONS)


def test_a_refusal_needs_a_reason_of_the_list_and_is_told(publication: Publication) -> None:
    report = making.a_report(publication)
    editor = making.an_answering_editor()
    with pytest.raises(VoiceRefused, match="from the list"):
        reports.decline(report, by=editor, declined="no", **making.REASONS)
    reports.decline(report, by=editor, declined="unsourced", **making.REASONS)
    send_due()
    assert "We found no source" in mail.outbox[-1].body
    assert not Correction.objects.exists()


def test_without_an_address_nobody_is_written_to(publication: Publication) -> None:
    accepted(making.a_report(publication, email=""))
    send_due()
    assert mail.outbox == []


def test_a_correction_names_versions_of_its_own_case_and_a_later_one(publication: Publication) -> None:
    other = make.published(make.a_breach("Other"))
    report = making.a_report(publication)
    with pytest.raises(VoiceRefused, match="another case"):
        accepted(report, since=other)
    correction = accepted(report, since=publication)
    editor = making.an_answering_editor()
    assert not correction.is_done
    for wrong, why in ((None, "Name the version"), (other, "another case"), (publication, "later one")):
        with pytest.raises(VoiceRefused, match=why):
            reports.complete(correction, by=editor, corrected_in=wrong, **CHANGED)
    publication.assessment.brand.actions.update(statement_en="Changed.")
    second = make.published(publication.assessment.brand)
    assert reports.complete(correction, by=editor, corrected_in=second, **CHANGED).is_done


def test_an_error_of_the_site_is_done_as_soon_as_it_is_logged() -> None:
    assert accepted(making.a_report(None)).is_done


def test_the_database_keeps_no_correction_that_says_nothing(publication: Publication) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(assessment=publication.assessment, wrong_en="Only English.")
    Correction.objects.create(assessment=publication.assessment, **WRONG)


def test_every_step_is_in_the_log_and_none_names_the_reader(publication: Publication) -> None:
    accepted(making.a_report(publication))
    events = Event.objects.filter(kind__regex=r"^(report|correction)\.").order_by("id")
    assert [event.kind for event in events] == ["report.received", "report.accepted", "correction.published"]
    assert "reader@" not in " ".join(f"{event.changes} {event.reason}" for event in events)
