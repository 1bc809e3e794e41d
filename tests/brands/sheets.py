"""Small sheets as people send them, and the way through an import."""

from __future__ import annotations

import csv
import io
from typing import Any

import xlsxwriter

from brands.importing import jobs
from brands.importing.kinds import kind_named
from brands.models import ImportJob, ImportRow
from cxalign.accounts import roles
from cxalign.accounts.models import User
from tests import factories as make
from tests.accounts.desk import somebody

ACTION = {"Marque": "Fictia", "Ce qu’elle a fait, en français": "A payé les sinistres.", "Date": "13/04/2020"}
OTHER_ACT = {**ACTION, "Ce qu’elle a fait, en français": "A ouvert un centre d’appel.", "Date": "2021"}


def sheet(*rows: dict[str, str], separator: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file whose header names every column of its rows."""
    header = list(dict.fromkeys(name for row in rows for name in row))
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=separator)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return target.getvalue().encode(encoding)


def workbook(rows: list[list[Any]], **sheets: list[list[Any]]) -> bytes:
    """An Excel file; cells are written as what they are in Python."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for name, lines in {"Sheet": rows, **sheets}.items():
            page = book.add_worksheet(name)
            for place, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    page.write_string(place, column, cell) if isinstance(cell, str) else page.write(place, column, cell)
    return target.getvalue()


def analyst(**fields: Any) -> User:
    return somebody(roles.ANALYST, **fields)


def uploaded(type: str, data: bytes, by: User | None = None, name: str = "file.csv") -> ImportJob:
    crisis = make.a_crisis() if kind_named(type).needs_crisis else None
    return jobs.create_job(type, name, data, crisis, by or analyst())


def checked(type: str, data: bytes, by: User | None = None, name: str = "file.csv", **options: Any) -> ImportJob:
    """An import whose guessed columns were accepted and whose rows were checked."""
    job = uploaded(type, data, by, name)
    mapping = ["" if column is None else column for column in job.mapping]
    jobs.settle_columns(job, mapping, options.pop("dates", {}), **options)
    jobs.check(job)
    return job


def imported(type: str, data: bytes, by: User | None = None, mode: str = jobs.ALL, **options: Any) -> ImportJob:
    """An import that went all the way."""
    job = checked(type, data, by, **options)
    jobs.confirm(job, job.requested_by, mode)
    jobs.work_on(job.pk)
    job.refresh_from_db()
    return job


def outcomes(job: ImportJob) -> list[str]:
    return [str(row.outcome) for row in ImportRow.objects.filter(job=job)]


def said(job: ImportJob) -> list[tuple[int, str, str]]:
    """Row, column and code of all that is said about an import."""
    rows = ImportRow.objects.filter(job=job)
    return [(row.number, column, code) for row in rows for column, code, *_said in row.messages]
