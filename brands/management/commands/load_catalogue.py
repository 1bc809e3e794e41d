"""``manage.py load_catalogue DIR``: load evidence from CSV files, and say what became of each row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from brands.imports.catalogue import load_catalogue
from brands.imports.report import COUNTS, REFUSED, UNUSABLE, Report
from brands.models import Crisis


class Command(BaseCommand):
    help = (
        "Loads evidence from the CSV files of a folder, in the format that brands/catalogue/README.md describes. "
        "Exit code 0: loaded; 1: rows were rejected; 2: a file or the folder cannot be used."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--crisis", default="covid-19", help="slug of the crisis that the evidence belongs to")
        parser.add_argument("--valid-rows-only", action="store_true", help="load what is right, report the rest")
        parser.add_argument("--overwrite", action="store_true", help="also replace what somebody changed since")
        parser.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")
        parser.add_argument("--json", action="store_true", help="report for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_catalogue(
            options["directory"],
            find_crisis(options["crisis"]),
            valid_rows_only=options["valid_rows_only"],
            overwrite=options["overwrite"],
            dry_run=options["dry_run"],
        )
        self.stdout.write(
            json.dumps(report.as_data(), ensure_ascii=False, indent=2) if options["json"] else told(report)
        )
        if report.exit_code:
            raise CommandError(outcome(report), returncode=report.exit_code)


def find_crisis(slug: str) -> Crisis:
    crisis = Crisis.objects.filter(slug=slug).first()
    if crisis is None:
        known = ", ".join(Crisis.objects.values_list("slug", flat=True)) or "–"
        message = _("There is no crisis “%(slug)s”: choose one of %(known)s, or add it first.")
        raise CommandError(message % {"slug": slug, "known": known}, returncode=UNUSABLE)
    return crisis


def told(report: Report) -> str:
    lines = [*table(report), *map(str, report.kept), *map(str, report.rejected), *map(str, report.unusable)]
    if not report.exit_code:
        lines.append(outcome(report))
    return "\n".join(lines)


def table(report: Report) -> list[str]:
    """One line a file, in columns as wide as their headings."""
    if not report.files:
        return []
    headings = [_("created"), _("updated"), _("unchanged"), _("kept"), _("rejected")]
    width = max(len(in_file.file) for in_file in report.files)
    lines = ["  ".join([" " * width, *headings])]
    for in_file in report.files:
        numbers = (f"{getattr(in_file, name):>{len(heading)}}" for name, heading in zip(COUNTS, headings, strict=True))
        lines.append("  ".join([f"{in_file.file:<{width}}", *numbers]))
    return lines


def outcome(report: Report) -> str:
    """What the load came to, in one line."""
    if report.exit_code == UNUSABLE:
        return _("Nothing was written, because a file or the folder cannot be used: %(problem)s") % {
            "problem": report.unusable[0]
        }
    if report.dry_run:
        return _("Nothing was written: this was a rehearsal.")
    if report.exit_code == REFUSED and not report.written:
        return _(
            "Nothing was written, because rows were rejected. Correct them, or load the others with --valid-rows-only."
        )
    if report.exit_code == REFUSED:
        return _("The rows that are right were loaded; the rejected ones were left out.")
    return _("All rows were loaded.")
