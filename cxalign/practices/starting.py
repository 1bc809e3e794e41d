"""The practices that the product brings along: the cases named in the two founding articles, each as reported.

Loading them again changes nothing: a practice that is on file, in whatever words or state by now, stays as it is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from brands import editing
from brands.changes import record_decision
from brands.models import Brand, Sector, Source
from cxalign.practices.kinds import BROUGHT
from cxalign.practices.models import Practice

FILE = Path(__file__).parent / "catalogue" / "practices.csv"
TEXTS = ("title", "summary", "problem", "done", "for_whom", "with_whom", "conditions")
Row = dict[str, str]


def load_practices(path: Path = FILE, *, actor: AbstractBaseUser | None = None) -> int:
    """Put on file and publish what is not on file yet; how many those are."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with transaction.atomic():
        named = Practice.objects.filter(key__in=[row["practice_slug"] for row in rows])
        known = set(named.values_list("key", flat=True))
        new = [row for row in rows if row["practice_slug"] not in known]
        made = [practice_of(row) for row in new]
        for practice in made:
            changes = editing.differences({}, editing.state_of(practice))
            record_decision("practice.published", subject=practice, actor=actor, changes=changes, reason=BROUGHT)
    return len(made)


def practice_of(row: Row) -> Practice:
    texts = {f"{name}_{language}": row[f"{name}_{language}"] for name in TEXTS for language in ("en", "fr")}
    given: dict[str, Any] = {"stakeholders": tuple(row["stakeholders"].split("|")), **texts}
    practice = Practice(
        key=row["practice_slug"],
        family=row["family"],
        category=row["category"],
        sector=Sector.objects.filter(slug=row["sector"]).first(),
        country=row["country"],
        started=row["date"],
        attributed_to=row["attributed_to"],
        is_published=True,
        **given,
    )
    practice.full_clean(exclude=["sector"])
    practice.save()
    practice.seen_at.set(Brand.objects.filter(slug__in=names(row["seen_at"])))
    practice.sources.set(Source.objects.filter(key__in=names(row["source_slugs"])))
    return practice


def names(cell: str) -> Iterable[str]:
    return [name for name in cell.split("|") if name]
