"""Mails: written with what they tell of, sent after the commit, tried again, and never more than one header a line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from cxalign.checks import settings_are_safe
from scoring.models import MailState, OutgoingMail
from scoring.voices import mailing
from scoring.voices.rules import VoiceRefused
from tests import factories as make
from tests.scoring.voices import making

pytestmark = pytest.mark.django_db


def a_mail(**fields: Any) -> OutgoingMail:
    return OutgoingMail.objects.create(
        **{"kind": "notice", "to": "a@b.example", "subject": "Hello", "body": "Text", "about": "x:1", **fields}
    )


def due_again(row: OutgoingMail) -> None:
    OutgoingMail.objects.filter(pk=row.pk).update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_a_mail_is_sent_once() -> None:
    row = a_mail()
    assert [mailing.send_due(), mailing.send_due()] == [1, 0]
    row.refresh_from_db()
    assert (row.state, row.attempts, len(mail.outbox)) == (MailState.SENT, 1, 1)
    assert row.sent_at


def test_nothing_is_sent_from_inside_a_save_and_nothing_of_what_was_rolled_back(
    django_capture_on_commit_callbacks: Any,
) -> None:
    publication = make.published(make.a_breach("Specimen"))
    with django_capture_on_commit_callbacks() as callbacks:
        making.a_reply(publication)
        assert mail.outbox == []
    assert callbacks
    with transaction.atomic():
        making.a_reply(publication, text="Another.")
        transaction.set_rollback(True)
    assert OutgoingMail.objects.count() == 1


def test_a_mail_that_cannot_go_out_is_tried_again_and_then_parked(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
        raise ConnectionRefusedError("nobody there")

    row = a_mail()
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", away)
        for attempt in range(1, len(mailing.PAUSES) + 2):
            mailing.send_due()
            assert mailing.send_due() == 0, "it waits before it is tried again"
            row.refresh_from_db()
            assert row.attempts == attempt
            due_again(row)
    assert row.state == MailState.FAILED
    assert "nobody there" in row.error
    assert mailing.send_due() == 0
    mailing.try_again(row, by=making.an_answering_editor())
    assert mailing.send_due() == 1
    row.refresh_from_db()
    assert row.state == MailState.SENT


def test_a_mail_whose_sender_died_is_due_again_after_its_claim() -> None:
    row = a_mail()
    assert mailing._claim(row.pk)
    assert mailing._claim(row.pk) is None
    due_again(row)
    assert mailing.send_due() == 1


def test_only_a_parked_mail_is_tried_again_and_only_by_an_editor() -> None:
    row = a_mail()
    with pytest.raises(VoiceRefused, match="not waiting"):
        mailing.try_again(row, by=making.an_answering_editor())
    OutgoingMail.objects.update(state=MailState.FAILED)
    with pytest.raises(VoiceRefused, match="Only an editor"):
        mailing.try_again(row, by=make.an_analyst())
    mailing.try_again(row, by=making.an_answering_editor())


@pytest.mark.parametrize("hostile", ["Specimen\r\nBcc: all@b.example", "Specimen\nX: y", "Speci\u2028men"])
def test_no_name_makes_a_second_header(hostile: str) -> None:
    brand = make.a_breach("Specimen")
    type(brand).objects.filter(pk=brand.pk).update(name=hostile)
    brand.refresh_from_db()
    making.a_notice(brand)
    assert mailing.send_due() == 1
    head = mail.outbox[0].message().as_string().partition("\n\n")[0]
    assert "\nBcc:" not in head
    assert "\nX:" not in head
    assert mail.outbox[0].recipients() == [f"press@{brand.slug}.example"]


@pytest.mark.parametrize("hostile", ["{{ 7|add:7 }}", "{% load x %}", "<b>&</b>", "%(x)s %s", "{0}"])
def test_what_people_typed_is_text_in_a_mail(hostile: str) -> None:
    brand = make.a_breach("Specimen")
    brand.actions.update(statement_en=hostile, statement_fr=hostile)
    making.a_notice(brand)
    assert hostile in OutgoingMail.objects.get().body


def test_an_acknowledgement_repeats_nothing_that_a_stranger_typed() -> None:
    publication = make.published(make.a_breach("Specimen"))
    making.a_reply(publication, text="BUY NOW", name="BUY NOW", organisation="BUY NOW", capacity="BUY NOW")
    making.a_report(publication, what="BUY NOW", place="BUY NOW")
    assert not [row for row in OutgoingMail.objects.all() if "BUY NOW" in row.subject + row.body]


def test_every_mail_exists_in_both_languages_and_french_is_well_set() -> None:
    folder = Path(django_settings.BASE_DIR) / "templates" / "mail"
    assert {file.name for file in folder.glob("*.txt")} == {
        f"{kind}.{language}.txt" for kind in mailing.KINDS for language in ("en", "fr")
    }
    for file in folder.glob("*.fr.txt"):
        text = file.read_text(encoding="utf-8")
        assert "'" not in text, file.name
        assert " :" not in text.replace("\u00a0:", ""), file.name
        assert " ;" not in text, file.name


def test_a_mail_says_that_a_machine_wrote_it_and_in_which_language() -> None:
    a_mail(language="fr")
    mailing.send_due()
    message = mail.outbox[0].message()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert message["Message-ID"].startswith("<mail-")


def test_without_a_server_mails_are_kept_as_files() -> None:
    assert django_settings.MAIL_IS_FILED
    assert str(django_settings.MAIL_FOLDER) == django_settings.EMAIL_FILE_PATH


def test_an_open_installation_without_a_mail_server_is_warned(settings: Any) -> None:
    settings.IS_LOCAL, settings.MAIL_IS_FILED = False, True
    assert "cxalign.W001" in [found.id for found in settings_are_safe(None)]
    settings.MAIL_IS_FILED = False
    assert "cxalign.W001" not in [found.id for found in settings_are_safe(None)]
