"""Asking a brand before publication: who may, once at a time, ten working days, one reminder, and its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from brands.models import Event
from scoring.models import OutgoingMail, ReplyNotice, Snapshot
from scoring.voices import notices
from scoring.voices.mailing import send_due
from scoring.voices.rules import VoiceRefused, working_days_after
from tests import factories as make
from tests.scoring.voices import making

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2026, 11, 26), date(2026, 12, 10)),  # a Thursday
        (date(2026, 11, 27), date(2026, 12, 11)),  # a Friday
        (date(2026, 11, 28), date(2026, 12, 11)),  # a Saturday
        (date(2026, 12, 24), date(2027, 1, 7)),
    ],
)
def test_ten_working_days_leave_weekends_out(start: date, last: date) -> None:
    assert notices.usual_deadline(start) == last


def test_working_days_never_end_on_a_weekend() -> None:
    days = [working_days_after(date(2026, 1, 1) + timedelta(days=n), count) for n in range(14) for count in (1, 5, 10)]
    assert all(day.weekday() < 5 for day in days)


@pytest.mark.parametrize(("language", "word"), [("en", "Dear Sir or Madam"), ("fr", "Madame, Monsieur")])
def test_the_mail_tells_promises_acts_gaps_and_sources_in_the_brands_language(language: str, word: str) -> None:
    notice = making.a_notice(make.a_breach("Specimen"), language=language)
    send_due()
    [letter] = mail.outbox
    assert letter.to == [notice.sent_to]
    assert word in letter.body
    promise = {"en": "Puts its customers first.", "fr": "Fait passer ses clients d’abord."}
    gap = {"en": "Gap: well short", "fr": "Écart\u00a0: très en deçà"}
    for told in (promise[language], gap[language], "https://example.org/", f"/{language}/notices/{notice.token}/"):
        assert told in letter.body
    assert "Broken promise" not in letter.body
    assert "Promesse rompue" not in letter.body


def test_links_in_mails_use_the_public_address(settings: Any) -> None:
    settings.BASE_URL = "https://public.example"
    making.a_notice(make.a_breach("Specimen"))
    assert "https://public.example/en/notices/" in OutgoingMail.objects.get().body


def test_an_editor_asks_and_an_analyst_is_told_to_ask_one() -> None:
    snapshot = make.judged(brand := make.a_breach("Specimen"))
    contact = making.a_contact(brand)
    deadline = timezone.localdate() + timedelta(days=10)
    with pytest.raises(VoiceRefused, match="Only an editor"):
        notices.send_notice(snapshot, contact, deadline=deadline, by=make.an_analyst())
    assert notices.send_notice(snapshot, contact, deadline=deadline, by=making.an_answering_editor()).pk


def test_a_brand_is_asked_about_what_is_said_against_it_and_about_nothing_else() -> None:
    editor = making.an_answering_editor()
    notices.check_can_send(editor, make.judged(make.a_breach("Against")))
    praise = make.judged(make.a_kept_promise("For"))
    with pytest.raises(VoiceRefused, match="says nothing against the brand"):
        notices.check_can_send(editor, praise)
    assert not Snapshot.objects.unfavourable().filter(pk=praise.pk).exists()
    for said in ({"harm_alert": True}, {"washing": "medium"}):
        other = Snapshot(assessment=praise.assessment, sequence=praise.sequence, outcome="aligned", **said)
        assert other.is_unfavourable
    assert list(Snapshot.objects.unfavourable().values_list("outcome", flat=True)) == ["broken_promise"]


def test_a_brand_is_asked_once_at_a_time_about_the_newest_draft_and_before_publication() -> None:
    brand = make.a_breach("Specimen")
    notice = making.a_notice(brand)
    editor = making.an_answering_editor()
    with pytest.raises(VoiceRefused, match="time still runs"):
        notices.check_can_send(editor, notice.snapshot)
    notices.revoke(notice, by=editor, reason="Wrong draft.")
    assert notices.can_send(editor, notice.snapshot)
    brand.actions.update(statement_en="Changed.")
    newer = make.judged(brand)
    with pytest.raises(VoiceRefused, match="have changed"):
        notices.check_can_send(editor, notice.snapshot)
    make.published(brand)
    with pytest.raises(VoiceRefused, match="published already"):
        notices.check_can_send(editor, newer)


def test_a_contact_of_another_brand_or_a_day_in_the_past_is_refused() -> None:
    brand, other = make.a_breach("Specimen"), make.a_brand("Other")
    snapshot, editor = make.judged(brand), making.an_answering_editor()
    soon = timezone.localdate() + timedelta(days=1)
    with pytest.raises(VoiceRefused, match="contact"):
        notices.send_notice(snapshot, making.a_contact(other), deadline=soon, by=editor)
    contact = making.a_contact(brand)
    with pytest.raises(VoiceRefused, match="future"):
        notices.send_notice(snapshot, contact, deadline=timezone.localdate(), by=editor)
    assert notices.send_notice(snapshot, contact, deadline=soon, by=editor).pk


def aged(notice: ReplyNotice, *, days: int, left: int) -> ReplyNotice:
    """Sent so many days ago, with so many left."""
    ReplyNotice.objects.filter(pk=notice.pk).update(
        sent_at=timezone.now() - timedelta(days=days), deadline=timezone.localdate() + timedelta(days=left)
    )
    notice.refresh_from_db()
    return notice


def test_one_reminder_goes_out_shortly_before_the_end_and_never_a_second() -> None:
    notice = aged(making.a_notice(make.a_breach("Specimen")), days=9, left=5)
    assert notices.remind_due() == 0
    aged(notice, days=11, left=3)
    assert [notices.remind_due(), notices.remind_due()] == [1, 0]
    send_due()
    assert [letter.subject[:8] for letter in mail.outbox] == ["Specimen", "Reminder"]


def test_nobody_is_reminded_who_has_replied_or_whose_notice_is_closed() -> None:
    answered = aged(making.a_notice(make.a_breach("Answered")), days=11, left=2)
    making.a_reply_to(answered)
    revoked = aged(making.a_notice(make.a_breach("Revoked")), days=11, left=2)
    notices.revoke(revoked, by=making.an_answering_editor(), reason="Wrong draft.")
    out = make.a_breach("Out")
    aged(making.a_notice(out), days=11, left=2)
    make.published(out)
    aged(making.a_notice(make.a_breach("Due")), days=11, left=2)
    assert notices.remind_due() == 1


def test_whether_a_brand_was_asked_and_heard() -> None:
    brand = make.a_breach("Specimen")
    case = make.judged(brand).assessment
    assert (notices.offered_on(case), notices.was_heard(case)) == (None, False)
    notice = making.a_notice(brand)
    assert (notices.offered_on(case), notices.was_heard(case)) == (timezone.localdate(), False)
    aged(notice, days=20, left=-1)
    assert notices.was_heard(case)
    aged(notice, days=2, left=8)
    assert not notices.was_heard(case)
    making.a_reply_to(notice)
    assert notices.was_heard(case)


def test_a_deadline_is_moved_and_the_log_keeps_both_days() -> None:
    notice = making.a_notice(make.a_breach("Specimen"))
    later = notice.deadline + timedelta(days=7)
    notices.move_deadline(notice, later, by=making.an_answering_editor())
    event = Event.objects.get(kind="notice.moved")
    assert event.changes == {"deadline": [notice.deadline.isoformat(), later.isoformat()]}


def test_the_log_never_holds_whom_we_wrote_to() -> None:
    notice = making.a_notice(make.a_breach("Specimen"))
    notices.revoke(notice, by=making.an_answering_editor(), reason="Wrong draft.")
    told = " ".join(f"{event.changes} {event.reason} {event.subject}" for event in Event.objects.all())
    assert "press@" not in told
    assert "Press office" not in told


def test_a_contact_no_longer_used_is_emptied() -> None:
    contact = making.a_contact(make.a_brand("Specimen"))
    notices.retire_contact(contact, by=making.an_answering_editor())
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("", "")
    assert contact.retired_at
