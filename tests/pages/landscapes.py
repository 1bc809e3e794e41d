"""Making the brands of a landscape, many of them at little cost."""

from __future__ import annotations

from brands.models import Brand
from scoring.models import Assessment, Publication, Snapshot
from tests import factories


def five_brands() -> None:
    """Two broke a promise, one kept one, one has too little on file, one is listed and nobody looked at it."""
    factories.published(factories.a_breach("Ada", country="GB"))
    factories.published(factories.a_breach("Abe"))
    factories.published(factories.a_kept_promise("Bea"))
    factories.published(factories.an_empty_file("Cid"))
    factories.a_brand("Dee", listed=True)


def copies_of(first: Publication, count: int, prefix: str = "Copy") -> list[Brand]:
    """As many more published brands with the same verdict: making each by hand would take longer than it is worth."""
    snapshot = Snapshot.objects.get(pk=first.snapshot_id)
    brands = []
    for number in range(count):
        brand = factories.a_brand(f"{prefix} {number:03}")
        case = Assessment.objects.create(brand=brand, crisis=first.assessment.crisis)
        snapshot.pk, snapshot.assessment, snapshot._state.adding = None, case, True
        snapshot.save()
        Publication.objects.create(assessment=case, snapshot=snapshot, version=1)
        brands.append(brand)
    return brands
