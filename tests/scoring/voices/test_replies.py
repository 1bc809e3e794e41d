"""A brand's reply: received once, decided by an editor within three days, published unedited or refused in writing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from brands.models import Event
from scoring.models import OutgoingMail, Reply
from scoring.voices import replies
from scoring.voices.mailing import send_due
from scoring.voices.rules import VoiceRefused
from tests import factories as make
from tests.scoring.voices import making

pytestmark = pytest.mark.django_db


def test_a_reply_is_acknowledged_and_has_three_days() -> None:
    reply = making.a_reply(make.published(make.a_breach("Specimen")))
    assert reply.due_at - reply.received_at == timedelta(days=3)
    assert not reply.is_overdue
    send_due()
    [letter] = mail.outbox
    assert reply.reference in letter.subject
    assert f"/en/replies/{reply.token}/confirm/" in letter.body
    assert letter.to == ["ada@elsewhere.example"]


def test_an_undecided_reply_is_overdue_after_three_days() -> None:
    reply = making.a_reply(make.published(make.a_breach("Specimen")))
    Reply.objects.filter(pk=reply.pk).update(received_at=timezone.now() - timedelta(days=3, minutes=1))
    reply.refresh_from_db()
    assert reply.is_overdue
    making.put_out(reply)
    reply.refresh_from_db()
    assert not reply.is_overdue


def test_the_same_form_sent_twice_is_received_once_and_an_edited_one_again() -> None:
    publication = make.published(make.a_breach("Specimen"))
    first = making.a_reply(publication, key="one-and-the-same-form")
    again = making.a_reply(publication, key="one-and-the-same-form")
    assert (again.pk, OutgoingMail.objects.count()) == (first.pk, 1)
    edited = making.a_reply(publication, key="one-and-the-same-form", text="Another text.")
    assert edited.pk != first.pk


def test_an_editor_decides_and_an_analyst_is_told_to_ask_one() -> None:
    reply = making.a_reply(make.published(make.a_breach("Specimen")))
    with pytest.raises(VoiceRefused, match="Only an editor"):
        making.put_out(reply, by=make.an_analyst())
    assert making.put_out(reply).state == "published"
    with pytest.raises(VoiceRefused, match="decided already"):
        making.put_out(reply)


def test_a_reply_of_nobody_known_waits_for_a_check_of_identity() -> None:
    reply = making.a_reply(make.published(make.a_breach("Specimen")))
    with pytest.raises(VoiceRefused, match="speaks for the brand"):
        making.put_out(reply, identity_checked=False)
    assert making.put_out(reply, identity_checked=True).identity_checked


def test_a_confirmed_mailbox_at_the_brands_domain_is_enough() -> None:
    publication = make.published(make.a_breach("Specimen", website="https://www.specimen.example/"))
    reply = making.a_reply(publication, email="ada@mail.specimen.example")
    assert reply.domain_matches
    editor = making.an_answering_editor()
    assert not replies.can_publish_reply(editor, reply)
    replies.confirm_mailbox(reply)
    reply.refresh_from_db()
    assert replies.can_publish_reply(editor, reply)
    assert not making.a_reply(publication, email="ada@notspecimen.example").domain_matches


def test_an_open_mail_provider_is_nobodys_domain() -> None:
    brand = make.a_breach("Specimen", website="")
    making.a_contact(brand, email="specimen.press@gmail.com")
    publication = make.published(brand)
    assert not making.a_reply(publication, email="anybody@gmail.com").domain_matches


def test_a_published_reply_keeps_its_text_to_the_letter() -> None:
    text = "  First line.\r\n\r\n\tSecond <b>line</b>.  "
    reply = making.a_published_reply(make.published(make.a_breach("Specimen")), text=text)
    reply.refresh_from_db()
    assert reply.text == text


def test_a_refusal_needs_a_reason_of_the_list_and_is_sent_in_writing() -> None:
    reply = making.a_reply(make.published(make.a_breach("Specimen")))
    editor = making.an_answering_editor()
    with pytest.raises(VoiceRefused, match="from the list"):
        replies.refuse_reply(reply, by=editor, refusal="we do not like it", **making.REASONS)
    with pytest.raises(VoiceRefused, match="both languages"):
        replies.refuse_reply(reply, by=editor, refusal="unrelated", reason_en="No.", reason_fr=" ")
    replies.refuse_reply(reply, by=editor, refusal="unrelated", **making.REASONS)
    send_due()
    letter = mail.outbox[-1]
    assert "does not answer the passage contested" in letter.body
    assert "We checked each point." in letter.body
    assert Reply.objects.get(pk=reply.pk).text == "That is not what happened."


def test_the_database_keeps_no_refusal_without_a_reason() -> None:
    reply = making.a_reply(make.published(make.a_breach("Specimen")))
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(state="refused", decided_at=timezone.now())
    Reply.objects.filter(pk=reply.pk).update(state="refused", decided_at=timezone.now(), refusal="unrelated")


def test_every_step_is_in_the_log_and_none_names_the_sender() -> None:
    publication = make.published(make.a_breach("Specimen"))
    reply = making.a_published_reply(publication)
    seen = replies.told_of(reply)
    replies.follow_up(reply, by=making.an_answering_editor(), outcome="changed", seen=seen, **making.REASONS)
    with pytest.raises(VoiceRefused, match="Somebody else has told anew"):
        replies.follow_up(reply, by=making.an_answering_editor(), outcome="corrected", seen=seen, **making.REASONS)
    replies.retire_reply(reply, by=making.an_answering_editor(), reason="The passage is gone.")
    log = Event.objects.filter(subject=f"scoring.reply:{reply.reference}").order_by("id")
    assert [event.kind for event in log] == ["reply.received", "reply.published", "reply.followed_up", "reply.retired"]
    told = json.dumps([[event.changes, event.reason, event.subject] for event in log])
    assert "ada" not in told.lower()


def test_a_double_decision_is_refused_where_two_editors_meet() -> None:
    reply = making.a_reply(make.published(make.a_breach("Specimen")))
    stale = Reply.objects.get(pk=reply.pk)
    making.put_out(reply)
    with pytest.raises(VoiceRefused, match="decided already"):
        replies.refuse_reply(stale, by=making.an_answering_editor(), refusal="unrelated", **making.REASONS)
