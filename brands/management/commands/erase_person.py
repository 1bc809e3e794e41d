"""``manage.py erase_person USERNAME``: empty an account; ``--replay`` erases again whom a restore brought back."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from brands.erasing import erase_person, replay_erasures


class Command(BaseCommand):
    help = "Empty an account for good. What the person did stays in the trail, under a pseudonym. Cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?")
        parser.add_argument("--reason", default="", help="kept in the trail; write no name in it")
        parser.add_argument("--replay", action="store_true", help="carry out the list of erasures after a restore")
        parser.add_argument("--noinput", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["replay"]:
            self.stdout.write(f"{replay_erasures()} accounts erased again.")
            return
        user = get_user_model()._default_manager.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("There is no such account: give the user name of one, or --replay.")
        if not options["noinput"] and input("Type the user name again to erase it for good: ") != options["username"]:
            raise CommandError("Nothing was erased.")
        self.stdout.write(f"Erased. The trail knows the person as {erase_person(user, reason=options['reason'])}.")
