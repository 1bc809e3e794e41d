from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from cxalign.health import brands_waiting


class Command(BaseCommand):
    help = "Exit 0 when the store answers, 1 otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            waiting = brands_waiting()
        except DatabaseError as error:
            raise CommandError(f"The store does not answer: {error}") from error
        self.stdout.write(f"ready, {waiting} brands wait for a verdict")
