"""``manage.py verify``: the checks of an installation on itself. A line per finding, exit status 1 on one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from brands.trail import heads_file, kept_heads
from scoring.verifying import CHECKS, Result, keep, run

WORDS = {"verdicts": "snapshots", "trail": "lines of the trail", "store": "rows kept for good"}


class Command(BaseCommand):
    help = (
        "Verify that verdicts follow the evidence (verdicts), that the trail of changes is whole, meets the heads that "
        "were kept and tells of every fact as it is (trail), and that the store is in order (store). "
        "Changes nothing; names every finding; exits 1 on one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", choices=[*CHECKS, "all"], default="all")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        parser.add_argument(
            "--heads",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="heads of the trail that were kept elsewhere, such as a mailed one; may be given several times",
        )
        parser.add_argument("--keep", action="store_true", help="store the result, as the nightly run does")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["heads"]:
            if not path.is_file():
                raise CommandError(f"{path} is not a file.")
        names = list(CHECKS) if options["what"] == "all" else [options["what"]]
        results = [run(what, list(kept_heads([heads_file(), *options["heads"]]))) for what in names]
        if options["keep"]:
            for result in results:
                keep(result)
        self.tell_as_json(results) if options["json"] else self.tell(results)
        if any(result.findings for result in results):
            sys.exit(1)

    def tell(self, results: list[Result]) -> None:
        for result in results:
            for finding in result.findings:
                self.stderr.write(f"{result.what}: {finding}")
            count = len(result.findings)
            self.stdout.write(
                f"{result.what}: {result.checked} {WORDS[result.what]} verified in {result.seconds:.1f} s, "
                f"{count} {'finding' if count == 1 else 'findings'}."
            )

    def tell_as_json(self, results: list[Result]) -> None:
        told = {
            result.what: {
                "checked": result.checked,
                "seconds": round(result.seconds, 3),
                "counts": result.counts,
                "findings": [{"subject": finding.subject, "what": finding.what} for finding in result.findings],
            }
            for result in results
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
