"""A site as full as the largest cases of the reference data, in real words: what weight and shape are measured on."""

from __future__ import annotations

import csv
from itertools import cycle
from pathlib import Path

from brands.models import Brand, Source
from tests import factories as make

CATALOGUE = Path(__file__).resolve().parents[2] / "brands" / "catalogue"
LONG = "Mutuelle-d’assurance-interprofessionnelle des artisans, commerçants et indépendants"


def rows_of(file: str) -> cycle[dict[str, str]]:
    with (CATALOGUE / file).open(encoding="utf-8", newline="") as stream:
        return cycle(list(csv.DictReader(stream)))


def a_busy_site() -> None:
    """One case with 5 promises, 16 acts and 24 sources or more, in two versions; around it enough for every list."""
    editor = make.an_editor()
    brand = make.a_breach("Fictia", summary_en="An insurer.", summary_fr="Un assureur.")
    make.published(brand, by=editor)
    fill(brand)
    make.published(make.touched(brand), by=editor)
    for number in range(9):
        maker = make.a_kept_promise if number % 3 else make.a_breach
        make.published(maker(f"Marque {number}", parent_group="Holding"), by=editor)
    make.published(make.a_kept_promise(LONG, slug="long"), by=editor)
    make.a_brand("Listed", listed=True)


def fill(brand: Brand) -> None:
    promises, acts, sources = rows_of("promises.csv"), rows_of("actions.csv"), rows_of("sources.csv")
    groups = ("customers", "employees", "partners", "community")
    made = [
        make.a_promise(
            brand, stakeholders=(group,), statement_en=row["statement_en"], statement_fr=row["statement_fr"],
            quote=row["official_quote"],
        )
        for group, row in zip(groups, promises, strict=False)
    ]  # fmt: skip
    for number, row in zip(range(15), acts, strict=False):
        promise = made[number % len(made)]
        act = make.an_action(
            brand, sources=2, started=f"2020-{1 + number % 9:02d}",
            statement_en=row["description_en"], statement_fr=row["description_fr"],
        )  # fmt: skip
        make.a_proof(act, promise, stakeholder=promise.stakeholders[0], depth="1")
    for source, row in zip(Source.objects.order_by("pk"), sources, strict=False):
        source.title, source.publisher = row["title"], row["publisher"]
        source.save()
    make.a_judgement(brand, archetype="aligned")
    make.a_profile(brand, purpose="2", customer_record="3", labels="B Corp")
