"""What the rest of the house asks of the voices: blockers of a case, requests a version heeds, forgetting senders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scoring import workflow
from scoring.models import OutgoingMail, Reply
from scoring.voices import erasing, replies, taken
from scoring.voices.rules import VoiceRefused
from scoring.workflow import State
from tests import factories as make
from tests.scoring.voices import making

pytestmark = pytest.mark.django_db


def told(case: Any) -> list[tuple[str, str, State | None]]:
    return [(one.code, str(one.words), one.state) for one in workflow.blockers_of([case.pk])[case.pk]]


def test_an_open_window_holds_a_case_and_an_undecided_reply_waits_beside_it() -> None:
    brand = make.a_breach("Specimen")
    notice = making.a_notice(brand)
    case = notice.assessment
    [(code, words, state)] = [one for one in told(case) if one[0] == "reply_window"]
    assert (code, state) == ("reply_window", State.REPLY_WINDOW)
    assert words.startswith("reply window ends ")
    reply = making.a_reply_to(notice)
    waiting = {code: (words, state) for code, words, state in told(case)}
    assert waiting["reply_to_decide"][1] is None
    assert "reply to decide by" in waiting["reply_to_decide"][0]
    making.put_out(reply)
    make.published(brand)
    assert not {"reply_window", "reply_to_decide"} & {code for code, _words, _state in told(case)}


def test_blockers_cost_the_same_for_many_cases(django_assert_num_queries: Any) -> None:
    cases = [making.a_notice(make.a_breach(f"Brand {n}")).assessment.pk for n in range(4)]
    from scoring.voices.waiting import blockers

    for ids in (cases[:1], cases):
        with django_assert_num_queries(3):
            blockers(ids)


def test_a_version_heeds_requests_of_its_case_once_and_says_so_on_the_page() -> None:
    publication = make.published(make.a_breach("Specimen"))
    other = make.published(make.a_breach("Other"))
    reply, report = making.a_published_reply(publication), making.a_report(publication)
    refused = replies.refuse_reply(
        making.a_reply(publication, text="No."), by=making.an_answering_editor(), refusal="unlawful", **making.REASONS
    )
    foreign = making.a_published_reply(other)
    open_ones = {one.reference for one in taken.requests_open_for(publication.assessment)}
    assert open_ones == {reply.reference, report.reference}
    wanted = [reply.reference, report.reference, refused.reference, foreign.reference, "R-NOBODY"]
    assert [taken.take_into_account(publication, wanted) for _ in range(2)] == [2, 0]
    assert taken.requests_open_for(publication.assessment) == []
    assert {one.reference for one in taken.taken_by([publication])[publication.pk]} == open_ones
    for place in ("", "history/"):
        page = Client().get(f"/en/brands/specimen/covid-19/{place}").content.decode()
        assert "Takes into account" in page
        assert reply.reference in page


def test_a_forgotten_sender_leaves_the_text_and_no_address_anywhere() -> None:
    reply = making.a_published_reply(make.published(make.a_breach("Specimen")))
    with pytest.raises(VoiceRefused, match="Only an editor"):
        erasing.erase_sender(reply, by=make.an_analyst())
    erasing.erase_sender(reply, by=making.an_answering_editor())
    reply.refresh_from_db()
    assert (reply.name, reply.email) == ("", "")
    assert (reply.text, reply.capacity) == ("That is not what happened.", "Head of communication")
    assert not [row for row in OutgoingMail.objects.all() if "ada@" in row.to or row.body]
    page = Client().get("/en/brands/specimen/covid-19/replies/").content.decode()
    assert "That is not what happened." in page


def test_senders_are_forgotten_three_years_after_the_decision() -> None:
    publication = make.published(make.a_breach("Specimen"))
    old, recent = making.a_published_reply(publication), making.a_published_reply(publication, text="Recent.")
    long_ago = timezone.now() - erasing.KEPT_FOR - timedelta(days=1)
    Reply.objects.filter(pk=old.pk).update(decided_at=long_ago)
    assert [erasing.erase_old(), erasing.erase_old()] == [1, 0]
    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.email, recent.email) == ("", "ada@elsewhere.example")
