"""``manage.py verify``: recompute every stored verdict from the facts and report any difference."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from scoring.models import Snapshot
from scoring.verifying import verify_verdicts


class Command(BaseCommand):
    help = "Recompute every stored verdict from the facts and report differences. Changes nothing; exits 1 on one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", choices=["verdicts"], default="verdicts")

    def handle(self, *args: Any, **options: Any) -> None:
        differences = 0
        for difference in verify_verdicts():
            differences += 1
            self.stderr.write(str(difference))
        self.stdout.write(f"{Snapshot.objects.count()} snapshots verified, {differences} differences.")
        if differences:
            sys.exit(1)
