"""``manage.py setup_demo``: accounts, catalogue and verdicts for a first look. What is there already stays as it is."""

from __future__ import annotations

import csv
import io
import os
import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from brands.changes import record_decision
from cxalign.accounts import roles
from cxalign.accounts.kinds import MADE
from cxalign.accounts.models import Team, User
from cxalign.plans.sample import make_sample
from cxalign.practices.starting import load_practices
from scoring.models import Assessment, ScoringJob
from scoring.publishing import PublishingRefused, publish
from scoring.rescoring import score_all_due

ACCOUNTS = {
    "analyst": roles.ANALYST,
    "editor": roles.EDITOR,
    "consultant": roles.CONSULTANT,
    "admin": roles.ADMINISTRATOR,
}
CATALOGUE = settings.BASE_DIR / "brands" / "catalogue"
CRISIS = "covid-19"
TEAM = "Demo team"


class Command(BaseCommand):
    help = "Create the demo accounts, load the starter catalogue, judge it and publish it; only what is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.started = time.monotonic()
        self._accounts()
        self._catalogue()
        self._codings()
        self._verdicts()
        self._publications()
        self._plan()

    def _plan(self) -> None:
        """A team for the demo's consultant, with a sample plan in each language; only if they are in no team."""
        consultant = User.objects.filter(username="consultant", is_active=True, teams__isnull=True).first()
        if consultant is None or Team.objects.filter(name=TEAM).exists():
            return
        with transaction.atomic():
            team = Team.objects.create(name=TEAM)
            team.members.add(consultant)
            record_decision("access.team_changed", subject=team, changes={"members": [[], [consultant]]}, reason=MADE)
            for language, _name in settings.LANGUAGES:
                make_sample(consultant, team, language)
        self._say("Sample plans made for the account consultant")

    def _say(self, text: str) -> None:
        self.stdout.write(f"  [{time.monotonic() - self.started:5.1f} s] {text}")

    def _accounts(self) -> None:
        new = [name for name in ACCOUNTS if not User.objects.filter(username=name).exists()]
        if not new:
            return
        book = PasswordBook(settings.DATA_DIR / "accounts.txt")
        for name in new:
            create_account(name, book.password_for(name))
        self._say(f"Accounts created: {', '.join(new)}; their passwords are in {book.path}")

    def _catalogue(self) -> None:
        told = io.StringIO()
        try:
            call_command("load_catalogue", str(CATALOGUE), crisis=CRISIS, stdout=told, stderr=told)
        except (CommandError, SystemExit) as error:
            self.stdout.write(told.getvalue())
            raise CommandError("The starter catalogue could not be loaded: see above.") from error
        self._say("Catalogue loaded")
        if count := load_practices():
            self._say(f"{count} practices loaded")

    def _codings(self) -> None:
        """The two blind codings behind the catalogue, as a finished round, and their agreement in force."""
        if not (CATALOGUE / "codings").is_dir():
            return
        call_command("load_codings", str(CATALOGUE), crisis=CRISIS, adopt=True, stdout=io.StringIO())
        self._say("Codings loaded, their agreement adopted")

    def _verdicts(self) -> None:
        score_all_due(self._progress)
        for job in ScoringJob.objects.exclude(error="").select_related("brand"):
            self.stderr.write(f"{job.brand} could not be judged: {job.error}")

    def _progress(self, done: int, total: int) -> None:
        if done % 5 == 0 or done == total:
            self._say(f"{done} of {total} brands judged")

    def _publications(self) -> None:
        """Publish what never was. A case that an editor published or withdrew since is left alone, and so is
        everything that is not of the catalogue."""
        cases = Assessment.objects.filter(
            brand__slug__in=catalogue_slugs(), crisis__slug=CRISIS, publications__isnull=True, snapshots__isnull=False
        )
        cases = cases.distinct().select_related("brand", "crisis")
        if not cases:
            return
        editor = User.objects.filter(groups__name=roles.EDITOR, is_active=True).order_by("pk").first()
        if editor is None:
            raise CommandError("Nobody here is an editor, so nothing can be published: make somebody one.")
        published = sum(self._publish(case, editor) for case in cases)
        self._say(f"{published} scorecards published")

    def _publish(self, case: Assessment, editor: User) -> bool:
        """A stricter policy than the demo's refuses; the case then waits at the desk, where it says what is missing."""
        try:
            publish(case, by=editor)
        except PublishingRefused as refused:
            self.stderr.write(f"{case} is not published: {refused}")
            return False
        return True


def catalogue_slugs() -> list[str]:
    with (CATALOGUE / "brands.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["brand_slug"] for row in csv.DictReader(file)]


@transaction.atomic
def create_account(name: str, password: str) -> User:
    role = ACCOUNTS[name]
    user = User.objects.create_user(name, password=password, is_staff=role != roles.CONSULTANT)
    group = Group.objects.get(name=role)
    user.groups.add(group)
    changes = {"groups": [[], [str(group.pk)]], "is_active": [None, True]}
    record_decision("access.person_changed", subject=user, changes=changes, reason=MADE)
    return user


class PasswordBook:
    """The file of demo passwords. A password stands in it before its account exists, so none gets lost."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        self.entries = {parts[1]: parts[2] for line in lines if len(parts := line.split("\t")) == 3}

    def password_for(self, name: str) -> str:
        if name not in self.entries:
            self.entries[name] = secrets.token_urlsafe(12)
            self._write()
        return self.entries[name]

    def _write(self) -> None:
        text = "".join(f"{ACCOUNTS.get(name, name).lower()}\t{name}\t{word}\n" for name, word in self.entries.items())
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
