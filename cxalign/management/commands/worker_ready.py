from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxalign.health import worker_comes_back


class Command(BaseCommand):
    help = "Exit 0 when a job sent to the workers comes back in time, 1 otherwise. Needs a cache that processes share."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--timeout", type=float, default=15.0, help="seconds to wait (default 15)")

    def handle(self, *args: Any, timeout: float, **options: Any) -> None:
        if not worker_comes_back(timeout):
            raise CommandError(f"No worker brought a job back within {timeout:g} s.")
        self.stdout.write("a worker brought the job back")
