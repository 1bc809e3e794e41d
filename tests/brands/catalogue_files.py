"""Small catalogues for tests: a right row for each file, of which a test changes what matters to it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from brands.imports.catalogue import load_catalogue
from brands.imports.report import COUNTS, Report
from brands.imports.rowtypes import BY_FILE
from brands.models import Crisis
from tests import factories as make

RIGHT: dict[str, dict[str, str]] = {
    "brands.csv": {
        "brand_slug": "fictia",
        "name": "Fictia",
        "entity_type": "brand",
        "country": "FR",
        "sector": "insurance",
        "seed_article": "no",
    },
    "sources.csv": {
        "source_slug": "daily-1",
        "url": "https://example.org/1",
        "title": "Fictia pays",
        "published_on": "2020-04-02",
        "published_on_precision": "day",
        "source_type": "press",
        "language": "en",
    },
    "promises.csv": {
        "promise_slug": "fictia--first",
        "brand_slug": "fictia",
        "promise_type": "mission",
        "statement_en": "Puts its customers first.",
        "stakeholders": "customers|partners",
        "st": "2",
        "weight": "central",
        "testable": "yes",
        "source_slugs": "daily-1",
    },
    "actions.csv": {
        "action_slug": "fictia--paid",
        "brand_slug": "fictia",
        "description_en": "Paid claims at once.",
        "date": "2020-04-01",
        "date_precision": "day",
        "seed_article": "no",
        "su": "2",
        "appraisal": "no",
        "category": "care|safety",
    },
    "action_sources.csv": {
        "action_slug": "fictia--paid",
        "source_slug": "daily-1",
        "kind": "independent",
        "group": "daily",
    },
    "proofs.csv": {
        "action_slug": "fictia--paid",
        "stakeholder": "customers",
        "yardstick": "fictia--first",
        "direction": "helps",
        "depth": "1",
        "remedy": "0",
    },
    "profiles.csv": {"brand_slug": "fictia", "pu": "2", "vh": "u", "source_slugs": "daily-1"},
    "judgements.csv": {
        "verdict_slug": "fictia--daily",
        "brand_slug": "fictia",
        "label": "did the right thing",
        "polarity": "positive",
        "source_slug": "daily-1",
    },
}


def header(file: str, *, optional: bool = False) -> list[str]:
    return [column.name for column in BY_FILE[file].columns if optional or not column.optional]


def csv_text(file: str, *rows: dict[str, str]) -> str:
    """The file with these rows, each a right one but for what is said."""
    extra = {name for row in rows for name in row} - set(header(file))
    names = [name for name in header(file, optional=True) if name in header(file) or name in extra]
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(names)
    for row in rows:
        cells = {**RIGHT[file], **row}
        writer.writerow([cells.get(name, "") for name in names])
    return target.getvalue()


class Folder:
    """A catalogue on disk. ``file`` is named without its ending."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, file: str, *rows: dict[str, str]) -> Folder:
        return self.put_text(f"{file}.csv", csv_text(f"{file}.csv", *(rows or ({},))))

    def put_text(self, name: str, text: str) -> Folder:
        return self.put_bytes(name, text.encode())

    def put_bytes(self, name: str, data: bytes) -> Folder:
        (self.path / name).write_bytes(data)
        return self

    def put_all(self) -> Folder:
        for file in RIGHT:
            self.put(file.removesuffix(".csv"))
        return self

    def load(self, crisis: Crisis | None = None, **options: Any) -> Report:
        make.a_sector()
        return load_catalogue(self.path, crisis or make.a_crisis(), **options)


def fates(report: Report) -> dict[str, dict[str, int]]:
    """File → how many rows met which fate, without the zeros."""
    return {
        one.file.removesuffix(".csv"): {name: getattr(one, name) for name in COUNTS if getattr(one, name)}
        for one in report.files
    }


def problems(report: Report) -> list[tuple[str, int, str, str]]:
    return [(one.file, one.row, one.column, one.code) for one in [*report.unusable, *report.rejected]]
