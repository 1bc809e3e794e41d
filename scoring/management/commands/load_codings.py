"""``manage.py load_codings DIR``: keep the two codings of a catalogue folder as a finished round, and adopt their
agreement where no measurement is in force yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from brands.models import Crisis
from scoring.coding.catalogue import MEASURED, ORIGIN, CodingsMissing, load_codings
from scoring.coding.measuring import adopt, figures_of, handed_in, report
from scoring.models import Measurement


class Command(BaseCommand):
    help = (
        "Loads the codings of two coders and their settlement from the folder of a catalogue that is loaded already. "
        "Running it again adds what is missing. Exit code 1: the folder holds no codings."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--crisis", default="covid-19", help="slug of the crisis that the codings belong to")
        parser.add_argument("--adopt", action="store_true", help="adopt the agreement if none is in force yet")

    def handle(self, *args: Any, **options: Any) -> None:
        crisis = Crisis.objects.filter(slug=options["crisis"]).first()
        if crisis is None:
            raise CommandError(_("There is no crisis “%(slug)s”.") % {"slug": options["crisis"]})
        try:
            count = load_codings(options["directory"], crisis)
        except CodingsMissing as missing:
            raise CommandError(_("There are no codings to load: %(path)s is missing.") % {"path": missing}) from missing
        self.stdout.write(_("%(count)d coded records loaded.") % {"count": count})
        if options["adopt"] and Measurement.objects.in_force() is None:
            self._adopt(crisis)

    def _adopt(self, crisis: Crisis) -> None:
        figures = figures_of(report(handed_in(round__crisis=crisis, round__origin=ORIGIN)))
        if figures:
            adopt(by=None, scope=f"Catalogue – {crisis}"[:200], figures=figures, reason=MEASURED)
            self.stdout.write(_("Their agreement is in force."))
