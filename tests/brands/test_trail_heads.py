"""The end of the trail leaves the database every day: into a file, and by mail where somebody asked for it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery.signals import beat_init
from django.core import mail
from django.core.management import call_command

from brands import chain, trail
from cxalign import celery
from scoring import tasks
from tests.brands.trail_makers import alter, lines, make_anew

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def kept() -> list[dict[str, Any]]:
    return [json.loads(line) for line in trail.heads_file().read_text().splitlines()]


def test_the_head_is_printed_or_added_to_a_file(tmp_path: Path) -> None:
    (line,) = lines(1)
    out = StringIO()
    call_command("trail_head", stdout=out)
    assert json.loads(out.getvalue())["digest"] == line.digest
    file = tmp_path / "elsewhere" / "heads"
    call_command("trail_head", str(file), stdout=out)
    lines(1)
    call_command("trail_head", str(file), stdout=out)
    assert [json.loads(row)["sequence"] for row in file.read_text().splitlines()] == [1, 2]


def test_an_empty_trail_has_a_head_too() -> None:
    assert (trail.head().sequence, trail.head().digest) == (0, chain.BEGINNING)
    assert tasks.keep_trail_head() is True
    lines(2)
    assert list(trail.verify_chain()) == []


def test_the_daily_task_keeps_one_head_a_day_however_often_it_runs() -> None:
    lines(2)
    assert [tasks.keep_trail_head(), tasks.keep_trail_head()] == [True, False]
    assert [entry["sequence"] for entry in kept()] == [2]
    assert trail.heads_file().stat().st_mode & 0o777 == 0o600
    yesterday = trail.Head(1, "a" * 64, "2020-01-01T03:00:00+00:00")
    trail.heads_file().write_text(yesterday.as_line() + "\n")
    assert tasks.keep_trail_head() is True
    assert [entry["sequence"] for entry in kept()] == [1, 2]


def test_a_head_is_mailed_only_where_somebody_asked_for_it(settings: Any) -> None:
    lines(3)
    tasks.keep_trail_head()
    assert mail.outbox == []
    settings.TRAIL_HEAD_MAIL = ["notary@example.org"]
    tasks.keep_trail_head()
    tasks.keep_trail_head()
    (message,) = mail.outbox
    assert message.to == ["notary@example.org"]
    assert "line 3" in message.subject
    assert trail.Head.from_line(message.body.strip().splitlines()[-1]).sequence == 3


def test_a_mail_that_could_not_be_sent_is_tried_again(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRAIL_HEAD_MAIL = ["notary@example.org"]
    lines(1)
    with monkeypatch.context() as broken:
        broken.setattr(trail, "send_mail", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.keep_trail_head()
    assert len(kept()) == 1
    assert tasks.keep_trail_head() is True
    assert len(mail.outbox) == 1
    assert len(kept()) == 1


def test_a_chain_made_anew_does_not_meet_the_kept_head() -> None:
    written = lines(3)
    tasks.keep_trail_head()
    assert list(trail.verify_chain()) == []
    alter(written[0], reason="Never happened.")
    make_anew()
    (found,) = trail.verify_chain()
    assert found.subject == "line 3"


def test_a_line_of_the_file_that_nobody_can_read_is_found() -> None:
    lines(1)
    tasks.keep_trail_head()
    with trail.heads_file().open("a") as file:
        file.write("{broken\n")
    assert [found.subject for found in trail.verify_chain()] == ["heads.jsonl line 2"]


def test_what_is_looked_at_every_hour_is_looked_at_soon_after_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    first = {entry["task"]: celery.first_after(entry["schedule"]) for entry in celery.SCHEDULE.values()}
    for task in ("keep_trail_head", "count_quality", "keep_voices", "verify_everything"):
        assert first[f"scoring.tasks.{task}"] == 60
    assert first["scoring.tasks.rescore_everything"] == 24 * 60 * 60
    sent: list[str] = []
    monkeypatch.setattr(celery, "_send", sent.append)
    beat_init.send(sender=None)
    assert "scoring.tasks.keep_trail_head" in sent
    assert "scoring.tasks.rescore_everything" not in sent
