"""The embedded mode for real: a worker thread on the in-memory broker, in a process of its own, nothing stubbed.

It runs apart from the other tests because a worker, once started, would judge what they save as well.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.production

SETUP = """
import time
import django
django.setup()
from django.core.management import call_command
from cxalign.celery import start_embedded_worker
from scoring.models import Snapshot
from tests import factories as make
call_command("migrate", verbosity=0)
"""
SAVE = "make.a_breach()\n"
START = "start_embedded_worker()\nstart_embedded_worker()  # the second call does nothing\n"
WAIT = """
deadline = time.monotonic() + 30
while not Snapshot.objects.exists() and time.monotonic() < deadline:
    time.sleep(0.05)
print(*Snapshot.objects.values_list("outcome", flat=True))
"""


def run(folder: Path, *steps: str) -> str:
    """Run the steps in a process of their own on the installation in this folder; what it printed."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BROKER_URL")}
    environment |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "cxalign.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", "".join([SETUP, *steps])],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_saved_fact_is_judged_by_the_worker_thread_without_anybody_asking(tmp_path: Path) -> None:
    assert run(tmp_path, START, SAVE, WAIT) == "broken_promise"


def test_what_a_stopped_process_left_undone_is_judged_when_it_starts_again(tmp_path: Path) -> None:
    left = "print(Snapshot.objects.count())\n"
    assert run(tmp_path, SAVE, left) == "0"
    assert run(tmp_path, START, WAIT) == "broken_promise"
