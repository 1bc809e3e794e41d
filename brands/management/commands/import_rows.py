"""``manage.py import_rows TYPE FILE``: import one sheet, and say what became of each row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from brands.importing import columns
from brands.importing.dates import Order
from brands.importing.examining import Answers, Examined, examine
from brands.importing.files import read_upload
from brands.importing.jobs import counted, lock_crises, row_document
from brands.importing.kinds import KINDS, Kind, kind_named, plain
from brands.imports.planning import IMPORTED
from brands.imports.reading import Table, UnusableError, read_file
from brands.imports.report import REFUSED, UNUSABLE
from brands.imports.saving import save
from brands.management.commands.load_catalogue import find_crisis
from brands.models import Crisis, Outcome
from brands.models.importing import REFUSED_ROWS


class Command(BaseCommand):
    help = (
        "Imports one sheet (CSV or XLSX) of a kind of rows, as the import wizard does, in one transaction. "
        "Exit code 0: imported; 1: rows were rejected or wait for an answer; 2: the file or its columns cannot be used."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("type", choices=[kind.name for kind in KINDS], metavar="TYPE")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--crisis", default="covid-19", help="slug of the crisis that the rows belong to")
        parser.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each row")
        parser.add_argument("--valid-rows-only", action="store_true", help="import what is right, report the rest")
        parser.add_argument("--dates", choices=[*Order], help="what 03/04/2020 means; not said, such a row is asked")
        parser.add_argument("--duplicates", choices=["skip", "update", "create"], help="rows that look like a record")
        parser.add_argument("--overwrite", action="store_true", help="also replace what somebody changed since")
        parser.add_argument("--as", dest="person", metavar="USER", help="the account that chose the codes of the rows")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", help="FIELD left empty: ignore the column"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kind = kind_named(options["type"])
        options["person"] = self.person(kind, options)
        try:
            table = read_table(kind, options["file"])
            answers = answered(kind, table, options)
        except UnusableError as error:
            self.refuse(error, machine=options["json"])
        examined = run(kind, table, answers, find_crisis(options["crisis"]) if kind.needs_crisis else None, options)
        for one in examined:
            if options["json"]:
                self.stdout.write(json.dumps(row_document(one), ensure_ascii=False))
            elif one.outcome in (*REFUSED_ROWS, Outcome.KEPT):
                self.stdout.write(told(one))
        self.conclude(kind, examined, options)

    def person(self, kind: Kind, options: dict[str, Any]) -> AbstractBaseUser | None:
        """Who stands in the trail as the hand that chose the codes. Where four eyes are asked for, somebody has to."""
        name = options["person"]
        if not name:
            if kind.holds_codes and settings.PUBLICATION_POLICY != "solo" and not options["dry_run"]:
                policy = settings.PUBLICATION_POLICY
                message = _("Say with --as USER who chose the codes: the policy in force (%(policy)s) asks who coded.")
                raise CommandError(message % {"policy": policy}, returncode=UNUSABLE)
            return None
        found = get_user_model()._default_manager.filter(username=name, is_active=True).first()
        if found is None:
            message = _("There is no account in use with the name “%(name)s”.")
            raise CommandError(message % {"name": name}, returncode=UNUSABLE)
        return found

    def refuse(self, error: UnusableError, *, machine: bool) -> None:
        problem = error.problem
        if machine:
            document = {"row": problem.row, "state": "rejected", "code": problem.code, "text": problem.message}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        raise CommandError(str(problem), returncode=UNUSABLE) from error

    def conclude(self, kind: Kind, examined: list[Examined], options: dict[str, Any]) -> None:
        counts = ", ".join(f"{Outcome(name).label}: {count}" for name, count in counted(examined).items() if count)
        if not options["json"]:
            self.stdout.write(f"{kind.title} – {counts or 0}")
        if any(one.outcome in REFUSED_ROWS for one in examined):
            message = _("Rows were rejected or wait for an answer; the others were imported.")
            if options["dry_run"] or not options["valid_rows_only"]:
                message = _("Nothing was written: rows were rejected or wait for an answer.")
            raise CommandError(message, returncode=REFUSED)


def read_table(kind: Kind, path: Path) -> Table:
    return read_upload(path.name, read_file(path), lambda header: columns.fitting(kind, header)).table


def answered(kind: Kind, table: Table, options: dict[str, Any]) -> Answers:
    mapping = mapped(kind, table, options["map"])
    lacking = [column.name for column in columns.missing(kind, mapping)]
    if lacking:
        message = _("The file lacks %(missing)s: add it, or say with --map which column holds it.")
        raise UnusableError(table.file, "missing_column", message % {"missing": ", ".join(lacking)}, row=1)
    if unknown := [table.header[place] for place in columns.undecided(mapping)]:
        message = _("The file has unknown columns (%(unknown)s): map them with --map, or ignore one with --map NAME=.")
        raise UnusableError(table.file, "unknown_column", message % {"unknown": ", ".join(unknown)}, row=1)
    if twice := columns.repeated(mapping):
        message = _("Two columns of the file are taken for %(twice)s: map one of them elsewhere, or ignore it.")
        raise UnusableError(table.file, "repeated_column", message % {"twice": ", ".join(twice)}, row=1)
    dates = Order(options["dates"]) if options["dates"] else None
    orders = {name: dates for name in mapping if name and dates}
    return Answers(mapping, orders, options["overwrite"], options["duplicates"] or "")


def mapped(kind: Kind, table: Table, said: list[str]) -> columns.Mapping:
    remembered = {}
    for one in said:
        header, _sign, name = one.rpartition("=")
        if name and name not in kind.names:
            message = _("“%(name)s” is no column of this kind: choose one of %(columns)s.")
            counted_up = {"name": name, "columns": ", ".join(kind.names)}
            raise UnusableError(table.file, "unknown_field", message % counted_up)
        remembered[plain(header)] = name
    return columns.guess(kind, table.header, remembered)


@transaction.atomic
def run(kind: Kind, table: Table, answers: Answers, crisis: Crisis | None, options: dict[str, Any]) -> list[Examined]:
    lock_crises()
    examined = examine(kind, table.rows, answers, crisis, locking=True)
    refused = any(one.outcome in REFUSED_ROWS for one in examined)
    if not options["dry_run"] and (options["valid_rows_only"] or not refused):
        save({kind.row_type: [one.row for one in examined]}, options["person"], f"{IMPORTED}{table.file}")
    return examined


def told(one: Examined) -> str:
    where = _("row %(number)s") % {"number": one.row.number}
    return "\n".join(f"{where}, {column or '–'} – {text}" for column, _code, text in one.messages)
