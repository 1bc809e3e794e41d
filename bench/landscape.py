"""What a landscape of 500 brands costs: milliseconds of processor and queries per request, with the whole middleware.

    python -m bench.landscape [brands]

The brands are copies of the starter catalogue under names of their own, judged and published; the database is thrown
away afterwards. Beside the landscape in its three views stand the same landscape for programs, a comparison of five
brands and the list of brands.
"""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any

from bench.api import caller, milliseconds, publish_the_catalogue

BUDGET = 400
REQUESTS = {
    "landscape, table": "/en/landscape/covid-19/",
    "landscape, by stakeholder": "/en/landscape/covid-19/?view=heat&sort=customers",
    "landscape, by sector": "/en/landscape/covid-19/?view=sectors",
    "landscape, filtered": "/fr/landscape/covid-19/?country=FR&outcome=aligned&outcome=broken_promise",
    "landscape, searched": "/fr/landscape/covid-19/?q=axa",
    "API, whole landscape": "/api/v1/landscapes/covid-19",
    "comparison of five": "/en/compare/?b=axa&b=maif&b=amazon&b=zappos&b=air-france",
    "API, comparison of five": "/api/v1/comparisons?brand=axa&brand=maif&brand=amazon&brand=zappos&brand=air-france",
    "list of brands": "/en/brands/",
}


def multiply(wanted: int) -> None:
    """Published copies of what is there, until there are so many brands in all."""
    from brands.models import Brand
    from scoring.models import Assessment, Publication, Snapshot

    originals = list(Publication.objects.current().select_related("snapshot", "assessment__brand"))
    for number in range(wanted - Brand.objects.count()):
        publication = originals[number % len(originals)]
        brand = Brand.objects.get(pk=publication.assessment.brand_id)
        brand.pk, brand._state.adding = None, True
        brand.name, brand.slug = f"{brand.name} {number}", f"{brand.slug}-{number}"
        brand.save()
        case = Assessment.objects.create(brand=brand, crisis_id=publication.assessment.crisis_id)
        snapshot = Snapshot.objects.get(pk=publication.snapshot_id)
        snapshot.pk, snapshot.assessment, snapshot._state.adding = None, case, True
        snapshot.save()
        Publication.objects.create(assessment=case, snapshot=snapshot, version=1)


def queries_of(call: Any, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call(path)
    return len(captured)


def main(wanted: int) -> None:
    call = caller()
    print(f"{wanted} brands; the budget of a landscape is {BUDGET} ms")
    print("{:<28} {:>7} {:>8} {:>8}".format("request", "kB", "ms", "queries"))
    for name, path in REQUESTS.items():
        size = len(call(path).content) / 1000
        spent = milliseconds(lambda path=path: call(path), rounds=5)  # type: ignore[misc]
        print(f"{name:<28} {size:>7.0f} {spent:>8.1f} {queries_of(call, path):>8}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DATA_DIR=folder, API_RATE="", DJANGO_SETTINGS_MODULE="cxalign.settings")
        import django

        django.setup()
        brands = int(sys.argv[1]) if len(sys.argv) > 1 else 500
        from django.conf import settings

        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}  # no manifest: nothing was collected here
        publish_the_catalogue()
        multiply(brands)
        main(brands)
