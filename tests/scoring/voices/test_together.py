"""Two at the same time: a double click from two threads, and a mail that two workers want to send."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from scoring.models import OutgoingMail, Reply
from scoring.voices import mailing
from tests import factories as make
from tests.scoring.voices import making

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(what: Callable[[], Any], count: int = 4) -> list[BaseException]:
    """Do it in several threads that start together; what went wrong in them."""
    start, failed = threading.Barrier(count), []

    def run() -> None:
        start.wait()
        try:
            what()
        except BaseException as error:  # told to the test below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_one_form_sent_by_four_threads_is_one_reply_and_one_mail() -> None:
    publication = make.published(make.a_breach("Specimen"))
    assert at_once(lambda: making.a_reply(publication, key="one-and-the-same-form")) == []
    assert (Reply.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_a_mail_that_four_workers_want_to_send_goes_out_once() -> None:
    OutgoingMail.objects.create(kind="notice", to="a@b.example", subject="Hello", body="Text", about="x:1")
    assert at_once(mailing.send_due) == []
    assert len(mail.outbox) == 1
