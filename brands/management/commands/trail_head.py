"""``manage.py trail_head [FILE]``: where the trail of changes ends now, to be kept outside this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from brands import trail


class Command(BaseCommand):
    help = "Print the head of the trail (number, digest, time) as a line of JSON, or add it to FILE."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        head = trail.head()
        if options["file"]:
            trail.keep_head(options["file"], head)
            self.stdout.write(f"Line {head.sequence} added to {options['file']}.")
        else:
            self.stdout.write(head.as_line())
