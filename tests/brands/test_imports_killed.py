"""A worker is killed at a random moment of an import or its undoing and another follows: no row lost, none twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import environ
import psycopg2
import pytest

from tests.conftest import ROOT

ROUNDS = 5
ROWS = 1_000

PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from brands.importing import jobs
from brands.models import Brand, Crisis, Sector
Brand.objects.create(name="Fictia", slug="fictia", sector=Sector.objects.first(), country="FR")
for mode in ("all", "valid"):
    lines = [f"fictia,{mode}-{n},Acte {mode} {n} fait,2020,2" for n in range(ROWS)]
    data = "\\n".join(["Marque,Clé,Description,Date,SU", *lines]).encode()
    job = jobs.create_job("actions", f"{mode}.csv", data, Crisis.objects.get(), None)
    jobs.settle_columns(job, job.mapping, {})
    jobs.AT_ONCE = 10**6
    jobs.check(job)
    jobs.confirm(job, None, mode)
""".replace("ROWS", str(ROWS))

WORK = """
import json
import django
django.setup()
from datetime import timedelta
from brands.importing import jobs
from brands.models import Action, Event, ImportJob, ImportRow
jobs.crew.lease, jobs.PORTION, jobs.crew.attempts = timedelta(0), 100, 99
def tell():
    print(json.dumps({
        "keys": sorted(Action.objects.values_list("key", flat=True)),
        "gone": Event.objects.filter(kind="evidence.withdrawn").count(),
        "undone": ImportRow.objects.filter(undone=True).count(),
        "events": Event.objects.filter(kind="evidence.added").count(),
        "subjects": Event.objects.filter(kind="evidence.added").values("subject").distinct().count(),
        "written": ImportRow.objects.filter(written=True).count(),
        "jobs": {job.file_name: [job.state, job.progress] for job in ImportJob.objects.all()},
    }), flush=True)
tell()
jobs.work_on_all_due()
tell()
"""


ASK = """
import django
django.setup()
from brands.importing import jobs, undoing
from brands.models import ImportJob
jobs.AT_ONCE = 0
for job in ImportJob.objects.all():
    assert undoing.undo(job, None) is None
"""


def start(script: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )


def check_whole(found: dict[str, Any]) -> None:
    """What must hold at every moment: a row counts as written exactly if its record and its line in the log exist."""
    assert len(found["keys"]) == len(set(found["keys"])) == found["events"] == found["subjects"] == found["written"]
    whole = [key for key in found["keys"] if key.startswith("all-")]
    assert len(whole) in (0, ROWS)
    portions = len(found["keys"]) - len(whole)
    assert found["jobs"]["valid.csv"][1] == portions


def check_undoing(found: dict[str, Any]) -> None:
    """What must hold at every moment: a row counts as undone exactly if its record is gone and its line tells it."""
    assert found["gone"] == found["undone"] == 2 * ROWS - len(found["keys"])
    assert found["events"] == found["subjects"] == 2 * ROWS


def database_of_its_own(server: str) -> str:
    """A second database on the server: in the first one the workers of other tests would do the work meanwhile."""
    connection = psycopg2.connect(**connection_of(server))
    connection.autocommit = True
    connection.cursor().execute("CREATE DATABASE killed_imports")
    connection.close()
    before, _slash, rest = server.partition("?")
    address = f"{before.rpartition('/')[0]}/killed_imports"
    return f"{address}?{rest}" if rest else address


def connection_of(url: str) -> dict[str, Any]:
    settings = environ.Env.db_url_config(url)
    host = settings["HOST"] or settings.get("OPTIONS", {}).get("host", "")
    named = {"dbname": settings["NAME"], "user": settings["USER"], "password": settings["PASSWORD"], "host": host}
    return {name: value for name, value in {**named, "port": settings["PORT"]}.items() if value}


@pytest.mark.production
@pytest.mark.parametrize("backend", ["sqlite", "postgres"])
def test_a_killed_import_goes_on_and_no_row_is_lost_or_doubled(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seed = int(os.environ.get("KILL_SEED") or random.randrange(10**6))
    print(f"\nKILL_SEED={seed}")
    chance = random.Random(seed)
    url = f"sqlite:///{tmp_path / 'killed.sqlite3'}"
    if backend == "postgres":
        url = database_of_its_own(request.getfixturevalue("postgres_url"))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cxalign.settings",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": url,
    }
    prepare = start(PREPARE, environment)
    prepare.communicate(timeout=180)
    assert prepare.returncode == 0
    found = kill_and_follow(environment, chance, check_whole)
    assert len(found["keys"]) == 2 * ROWS
    assert found["jobs"] == {"all.csv": ["done", ROWS], "valid.csv": ["done", ROWS]}
    ask = start(ASK, environment)
    ask.communicate(timeout=180)
    assert ask.returncode == 0
    found = kill_and_follow(environment, chance, check_undoing)
    assert (found["keys"], found["gone"]) == ([], 2 * ROWS)
    assert found["jobs"] == {"all.csv": ["undone", ROWS], "valid.csv": ["undone", ROWS]}


def kill_and_follow(
    environment: dict[str, str], chance: random.Random, check: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Kill one worker after the other, and let the last one come to the end; what it found then."""
    kills = 0
    for _round in range(ROUNDS):
        worker = start(WORK, environment)
        assert worker.stdout is not None
        check(json.loads(worker.stdout.readline()))  # what the one before left behind
        time.sleep(chance.uniform(0, 1.5))
        if worker.poll() is None:
            worker.send_signal(signal.SIGKILL)
            kills += 1
        worker.communicate()
    assert kills, "no worker lived long enough to be killed"
    output, _ = start(WORK, environment).communicate(timeout=180)
    left, found = map(json.loads, output.splitlines())
    check(left)
    check(found)
    return found
