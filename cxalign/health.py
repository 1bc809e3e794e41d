"""Is the process alive, and is it of use? Both answers are cheap, and neither tells a stranger anything else."""

from __future__ import annotations

import time
import uuid

from celery import shared_task
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from scoring.models import ScoringJob

PROOF_SECONDS = 60


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The store answers, and this many brands wait for their verdict."""
    try:
        waiting = brands_waiting()
    except DatabaseError:
        response = JsonResponse({"ready": False, "store": "away"}, status=503)
        response["Retry-After"] = "5"
        return response
    return JsonResponse({"ready": True, "store": "ok", "brands_waiting_for_a_verdict": waiting})


def brands_waiting() -> int:
    connection.ensure_connection()
    return ScoringJob.objects.due().count()


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
