"""Background work: a real broker and workers in production, a worker thread inside the web process by default.

Either way the database says what is due; the broker only makes it sooner. A lost message costs at most one tick.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxalign.settings")

app = Celery("cxalign")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.imports = ("cxalign.health", "cxalign.pages.watching.tasks")

MINUTES = 60.0
TICK_SECONDS = float(os.environ.get("SCORE_TICK_SECONDS", 0.5 * MINUTES))
"""How long a brand whose wake-up was lost waits for its verdict, at most."""

SCHEDULE: dict[str, dict[str, Any]] = {
    "score what is due": {"task": "scoring.tasks.rescore_due", "schedule": TICK_SECONDS},
    "copies that wait": {"task": "brands.tasks.archive_left_over", "schedule": MINUTES},
    "look at links": {"task": "brands.tasks.check_links", "schedule": 10 * MINUTES},
    "go on with imports": {"task": "brands.tasks.work_on_imports", "schedule": TICK_SECONDS},
    "go on with exports": {"task": "cxalign.exports.tasks.work_on_exports", "schedule": TICK_SECONDS},
    "count what is amiss": {"task": "scoring.tasks.count_quality", "schedule": 60 * MINUTES},
    "walk over all brands": {"task": "scoring.tasks.rescore_everything", "schedule": 24 * 60 * MINUTES},
    "keep the head of the trail": {"task": "scoring.tasks.keep_trail_head", "schedule": 60 * MINUTES},  # once a day
    "verify everything": {"task": "scoring.tasks.verify_everything", "schedule": 60 * MINUTES},  # what was not today
    "send the mails that are due": {"task": "scoring.tasks.send_mails", "schedule": 1 * MINUTES},
    "tell those who watch": {"task": "cxalign.pages.watching.tasks.tell_watchers", "schedule": 1 * MINUTES},
    "remind brands, forget old senders": {"task": "scoring.tasks.keep_voices", "schedule": 60 * MINUTES},
    "forget old answers": {"task": "cxalign.accounts.tasks.forget_repeats", "schedule": 60 * MINUTES},
}
app.conf.beat_schedule = SCHEDULE

logger = logging.getLogger(__name__)
_started = threading.Event()


def start_embedded_worker() -> None:
    """Start a worker and its clock as threads of this process; a second call does nothing.

    The clock is a thread of ours and not Celery's own scheduler, because that one forks a child that outlives us.
    """
    if _started.is_set():
        return
    _started.set()
    app.set_default()
    app.finalize()
    threading.Thread(target=_work, name="embedded-worker", daemon=True).start()
    threading.Thread(target=_tick, name="embedded-clock", daemon=True).start()


def _work() -> None:
    worker = app.WorkController(
        pool_cls="threads", concurrency=1, without_heartbeat=True, without_mingle=True, without_gossip=True
    )
    worker.start()


SOON = 1 * MINUTES
HOURLY = 60 * MINUTES


def first_after(schedule: float) -> float:
    """Seconds after a start until a task is sent first.

    What is looked at every hour is not left for an hour more: each of these tasks finds out by itself what is due, and
    an installation that is started anew again and again would never come to it.
    """
    return SOON if SOON < schedule <= HOURLY else schedule


@beat_init.connect
def _begin_with_what_is_hourly(**kwargs: Any) -> None:
    """The scheduler of a real broker counts from its start as well."""
    for entry in SCHEDULE.values():
        if first_after(entry["schedule"]) < entry["schedule"]:
            _send(entry["task"])


def _tick() -> None:
    """Send each scheduled task in its time. What is due is sent at once: a crash may have left work undone."""
    send_at = {name: time.monotonic() + first_after(entry["schedule"]) for name, entry in SCHEDULE.items()}
    _send("scoring.tasks.rescore_due")
    _send("brands.tasks.work_on_imports")
    _send("cxalign.exports.tasks.work_on_exports")
    while True:
        time.sleep(1)
        for name, at in send_at.items():
            if time.monotonic() >= at:
                _send(SCHEDULE[name]["task"])
                send_at[name] = time.monotonic() + SCHEDULE[name]["schedule"]


def _send(task: str) -> None:
    try:
        app.send_task(task)
    except Exception:
        logger.exception("The embedded clock could not send %s; it tries again at the next tick", task)
