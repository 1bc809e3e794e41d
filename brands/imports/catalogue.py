"""A catalogue: a folder of CSV files in the format of ``brands/catalogue``, loaded whole or not at all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from brands.imports.checking import Row, check_table
from brands.imports.planning import Plan, make_plan
from brands.imports.reading import UnusableError, read_file, read_table
from brands.imports.report import FileReport, Problem, Report
from brands.imports.rowtypes import BY_FILE, ROW_TYPES
from brands.imports.saving import save
from brands.models import Crisis


def load_catalogue(
    directory: Path,
    crisis: Crisis,
    actor: AbstractBaseUser | None = None,
    *,
    valid_rows_only: bool = False,
    overwrite: bool = False,
    dry_run: bool = False,
) -> Report:
    """Load the files of a folder into a crisis. Loading them again changes nothing.

    Any rejected row stops the whole load, unless ``valid_rows_only``. What a person changed since the last load stays,
    unless ``overwrite``.
    """
    report = Report(crisis.slug, dry_run=dry_run)
    plan = read_plan(read_folder(directory, report), report)
    if report.unusable:
        return report
    with transaction.atomic():
        Crisis.objects.select_for_update().get(pk=crisis.pk)  # one load of a crisis at a time
        make_plan(plan, crisis, overwrite=overwrite)
        tell(plan, report)
        if not dry_run and (valid_rows_only or not report.rejected):
            save(plan, actor)
            report.written = True
    return report


def read_folder(directory: Path, report: Report) -> dict[str, bytes]:
    """The catalogue's files in a folder. Another CSV file is an error: its name may be a slip of the finger."""
    try:
        paths = sorted(path for path in directory.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    except OSError as error:
        message = _("The folder cannot be read (%(reason)s): check its name and its rights.")
        refuse(report, str(directory), "unreadable", message % {"reason": error.strerror or error})
        return {}
    for path in (path for path in paths if path.name not in BY_FILE):
        message = _("No file of a catalogue has this name: rename it to one of %(files)s, or take it away.")
        refuse(report, path.name, "unknown_file", message % {"files": ", ".join(BY_FILE)})
    if not paths:
        message = _("The folder holds no file of a catalogue: put at least one of %(files)s there.")
        refuse(report, str(directory), "no_files", message % {"files": ", ".join(BY_FILE)})
    return read_each([path for path in paths if path.name in BY_FILE], report)


def read_each(paths: list[Path], report: Report) -> dict[str, bytes]:
    files = {}
    for path in paths:
        try:
            files[path.name] = read_file(path)
        except UnusableError as error:
            report.unusable.append(error.problem)
    return files


def refuse(report: Report, file: str, code: str, message: str) -> None:
    report.unusable.append(Problem(file, 0, "", code, message))


def read_plan(files: dict[str, bytes], report: Report) -> Plan:
    """Every row of every file, checked on its own."""
    plan: Plan = {}
    for row_type in ROW_TYPES:
        if row_type.file in files:
            try:
                plan[row_type] = check_table(row_type, read_table(row_type.file, files[row_type.file]))
            except UnusableError as error:
                report.unusable.append(error.problem)
    return plan


def tell(plan: Plan, report: Report) -> None:
    for row_type, rows in plan.items():
        in_file = FileReport(row_type.file)
        in_file.count(Counter(fate(row) for row in rows))
        report.files.append(in_file)
        report.rejected += [problem for row in rows for problem in row.problems]
        report.kept += [row.kept for row in rows if row.is_right and row.kept]


def fate(row: Row) -> str:
    if not row.is_right:
        return "rejected"
    if row.kept:
        return "kept"
    if not row.changes:
        return "unchanged"
    return "created" if row.is_new else "updated"
