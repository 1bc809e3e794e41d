"""Is the process alive, and is it of use? Both answers are cheap, and neither tells a stranger anything else."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

from celery import shared_task
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from brands.models import VerificationRun
from scoring.models import ScoringJob

PROOF_SECONDS = 60


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The store answers, this many brands wait for their verdict, and the nightly checks found nothing."""
    try:
        waiting, checks = brands_waiting(), last_checks()
    except DatabaseError:
        response = JsonResponse({"ready": False, "store": "away"}, status=503)
        response["Retry-After"] = "5"
        return response
    told = {"ready": True, "store": "ok", "brands_waiting_for_a_verdict": waiting, "last_verification": checks}
    return JsonResponse(told)


def brands_waiting() -> int:
    connection.ensure_connection()
    return ScoringJob.objects.due().count()


def last_checks() -> str:
    """What the nightly checks left behind: read, never run here."""
    since = timezone.now() - timedelta(hours=50)  # a night may be missed, two may not
    runs = VerificationRun.objects.filter(at__gt=since).order_by("id").values_list("what", "findings")
    latest = dict(runs)
    if len(latest) < len(VerificationRun.WHAT):
        return "missing"
    return "findings" if any(latest.values()) else "ok"


@shared_task
def leave_proof(token: str) -> None:
    cache.set(f"worker-proof:{token}", True, PROOF_SECONDS)


def worker_comes_back(timeout: float) -> bool:
    """Send a job and wait for its mark. A worker can answer pings and be deaf to its queue; this it cannot fake."""
    token = uuid.uuid4().hex
    leave_proof.apply_async(args=[token], expires=timeout)
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if cache.get(f"worker-proof:{token}"):
            return True
        time.sleep(0.1)
    return False
