"""A worker that dies in the middle of telling: nothing is lost, and nothing is told twice.

The worker is a process of its own on an installation of its own, with the mails of an installation without a mail
server; it is killed where the file says, and started again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.production

SETUP = """
import json, os
import django
django.setup()
from cxalign.pages.watching import tasks, telling
from cxalign.watches import following
from scoring.voices import mailing
"""
BEGIN = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests import factories as make
from tests.watches.making import a_reader
brand = make.a_breach("Ada")
following.watch(a_reader(language="en"), rhythm="at_once", brand=brand)
make.published(brand)
"""
WORK = "tasks.tell_watchers()\nmailing.send_due()\n"
LATER = """
from datetime import timedelta
from django.utils import timezone
from scoring.models import OutgoingMail
OutgoingMail.objects.update(next_try_at=timezone.now() - timedelta(minutes=1))
"""
TELL = """
from scoring.models import OutgoingMail
from cxalign.watches.models import Told
rows = OutgoingMail.objects.filter(kind="watch")
print(json.dumps([Told.objects.count(), sorted(rows.values_list("state", flat=True))]))
"""
KILLS = {
    "before what it told is kept": """
move = telling._move_on
telling._move_on = lambda *given: os._exit(9)
""",
    "after it is kept, before it is sent": "mailing.send_due = lambda: os._exit(9)\n",
    "after it is sent, before that is noted": """
from django.core.mail import EmailMessage
send = EmailMessage.send
EmailMessage.send = lambda self: (send(self), os._exit(9))
""",
}
"""Where the worker dies → what makes it die there."""


def run(folder: Path, *steps: str, status: int = 0) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BROKER_URL")}
    environment |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "cxalign.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", "".join([SETUP, *steps])],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stderr
    return done.stdout.strip()


def test_wherever_a_worker_is_killed_the_mail_goes_out_once(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    begun.mkdir()
    run(begun, BEGIN)
    for number, death in enumerate(KILLS.values()):
        folder = tmp_path / str(number)
        shutil.copytree(begun, folder)
        run(folder, death, WORK, status=9)
        assert json.loads(run(folder, LATER, WORK, WORK, TELL)) == [1, ["sent"]]
        sent = [message_from_bytes(path.read_bytes()) for path in (folder / "mail").glob("*.eml")]
        assert [str(one["To"]) for one in sent] == ["claire@agency.example"]
        assert "Ada" in str(sent[0]["Subject"])
