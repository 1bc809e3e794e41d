"""What the read API costs: milliseconds of processor per request, in process, with the whole middleware.

    python -m bench.api

Prints, for a list of fifty scorecards and for others, the best of several rounds and two ratios that depend little on
the machine: to a bare view that returns the same bytes, and to parsing and writing those bytes once.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

CATALOGUE = Path(__file__).resolve().parent.parent / "brands" / "catalogue"
BARE: dict[str, bytes] = {}
"""Bytes that the bare view returns, by address."""

REQUESTS = {
    "50 scorecards": "/api/v1/scorecards?limit=50",
    "50 scorecards, 3 fields": "/api/v1/scorecards?limit=50&fields=outcome,indices,robustness",
    "one scorecard": "/api/v1/scorecards/axa:covid-19",
    "one scorecard, French": "/api/v1/scorecards/axa:covid-19?lang=fr",
    "50 brands": "/api/v1/brands?limit=50",
    "50 actions of two groups": "/api/v1/actions?limit=50&stakeholder=customers&stakeholder=employees",
    "200 sources": "/api/v1/sources?limit=200",
}


def milliseconds(work: Callable[[], object], rounds: int = 7) -> float:
    """Best of several rounds, each long enough to be measured."""
    work()
    best = float("inf")
    for _ in range(rounds):
        count, start = 0, time.process_time()
        while (spent := time.process_time() - start) < 0.1:
            work()
            count += 1
        best = min(best, spent / count)
    return 1000 * best


def publish_the_catalogue() -> None:
    """A database of its own with the starter catalogue, judged and published."""
    from django.core.management import call_command

    from brands.models import Brand
    from cxalign.accounts.models import User
    from scoring.publishing import publish
    from scoring.rescoring import score_brand

    call_command("migrate", verbosity=0)
    call_command("load_catalogue", CATALOGUE, stdout=sys.stderr)
    editor = User.objects.create_superuser("bench")
    for brand in Brand.objects.select_related("sector"):
        for snapshot in score_brand(brand):
            publish(snapshot.assessment, by=editor)


def bare(request: Any) -> Any:
    from django.http import HttpResponse

    return HttpResponse(BARE[request.GET["of"]], content_type="application/json")


def caller() -> Callable[..., Any]:
    """The application as a server calls it, without the network."""
    from django.test.client import ClientHandler, RequestFactory

    handler, factory = ClientHandler(enforce_csrf_checks=False), RequestFactory(SERVER_NAME="localhost")
    handler.load_middleware()

    def call(path: str, **headers: str) -> Any:
        response = handler.get_response(factory.get(path, headers=headers))
        assert response.status_code in (200, 304), (path, response.status_code, response.content[:300])
        return response

    return call


def with_a_bare_view() -> None:
    from django.urls import path

    from cxalign import urls

    urls.urlpatterns.insert(0, path("bare", bare))


def main() -> None:
    with_a_bare_view()
    call = caller()
    headings = ("request", "kB", "ms", "304, ms", "bare, ms", "ratio", "parse+write", "ratio")
    print("{:<26} {:>7} {:>7} {:>8} {:>9} {:>6} {:>12} {:>6}".format(*headings))
    for name, path in REQUESTS.items():
        first = call(path)
        BARE[name] = body = first.content
        spent = milliseconds(lambda path=path: call(path))  # type: ignore[misc]
        known = milliseconds(lambda path=path, tag=first["ETag"]: call(path, **{"If-None-Match": tag}))  # type: ignore[misc]
        floor = milliseconds(lambda name=name: call("/bare?of=" + name.replace(" ", "+")))  # type: ignore[misc]
        copied = milliseconds(lambda body=body: orjson.dumps(orjson.loads(body)))  # type: ignore[misc]
        print(
            f"{name:<26} {len(body) / 1000:>7.0f} {spent:>7.2f} {known:>8.2f} {floor:>9.2f} {spent / floor:>6.1f} "
            f"{copied:>12.2f} {spent / copied:>6.2f}"
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DATA_DIR=folder, API_RATE="", DJANGO_SETTINGS_MODULE="cxalign.settings")
        import django

        django.setup()
        publish_the_catalogue()
        main()
