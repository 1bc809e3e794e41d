"""The trail looked at: is the chain whole, where does it end, and does it meet the ends that were kept elsewhere.

Nothing here changes a line. A head that left the machine (printed, written to a file, mailed) is what finds somebody
who could make the whole chain anew: the chain in the database must still run through it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brands import chain
from brands.models import Brand, Event, Pseudonym, TrailHead

GUARDED = ("brands_event", "scoring_snapshot")
"""Tables whose rows the database itself refuses to change or delete."""


@dataclass(frozen=True)
class Finding:
    """One place where something is not as it was left."""

    subject: str
    what: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"


KINDS: dict[str, Any] = {
    "baseline": _("On file when the trail began"),
    "evidence.added": _("Evidence added"),
    "evidence.corrected": _("Evidence corrected"),
    "evidence.withdrawn": _("Evidence withdrawn"),
    "import.undone": _("Undoing of an import asked for"),
    "evidence.archived": _("Copy archived"),
    "evidence.tagged": _("Tags changed"),
    "reference.added": _("Reference data added"),
    "reference.corrected": _("Reference data corrected"),
    "reference.removed": _("Reference data removed"),
    "person.erased": _("Person erased"),
}
"""The kinds of lines in words. Whoever writes lines of another kind adds its words when the application starts."""

SYSTEM_REASONS: dict[str, Any] = {
    "What was on file when the trail of changes began.": _("What was on file when the trail of changes began."),
    "Erased again after a restore.": _("Erased again after a restore."),
}
"""Reasons that the installation itself gives: sealed in English, read in either language."""

FOLLOW_UPS: set[str] = set()
"""Those of them that stand under what the installation wrote in the wake of somebody's change."""


def without_follow_ups(lines: QuerySet[Event]) -> QuerySet[Event]:
    """Whoever asks who changed something means the person, and not what the installation wrote in their wake."""
    return lines.exclude(actor=None, reason__in=FOLLOW_UPS)


# --- Heads ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """Where the chain ended at some time."""

    sequence: int
    digest: str
    at: str

    def as_line(self) -> str:
        return json.dumps({"sequence": self.sequence, "digest": self.digest, "at": self.at}, separators=(",", ":"))

    @classmethod
    def from_line(cls, line: str) -> Head:
        """``ValueError`` when the line is not one of ours."""
        try:
            found = json.loads(line)
            return cls(int(found["sequence"]), str(found["digest"]), str(found["at"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not the head of a trail: {line[:80]!r}") from error


def head() -> Head:
    """The end of the chain now."""
    found = TrailHead.objects.filter(pk=1).first() or TrailHead()
    return Head(found.sequence, found.digest, timezone.now().astimezone(UTC).isoformat(timespec="seconds"))


def heads_file() -> Path:
    return Path(settings.DATA_DIR) / "trail-heads" / "heads.jsonl"


def keep_head(path: Path, kept: Head) -> None:
    """Add a head to a file, and be sure that it is on the disk."""
    append_line(path, kept.as_line())


def append_line(path: Path, line: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def last_kept(path: Path) -> Head | None:
    heads = [found for found in kept_heads([path]) if isinstance(found, Head)]
    return heads[-1] if heads else None


def kept_heads(paths: Iterable[Path]) -> Iterator[Head | Finding]:
    """Every head in the files; a finding for a line that nobody can read."""
    for path in paths:
        if not path.exists():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            try:
                yield Head.from_line(line)
            except ValueError as error:
                yield Finding(f"{path.name} line {number}", str(error))


def is_due(path: Path, now: datetime) -> bool:
    """Whether no head of this day stands in the file yet."""
    last = last_kept(path)
    return last is None or last.at[:10] != now.astimezone(UTC).date().isoformat()


def keep_todays_head() -> bool:
    """Let the end of the chain leave the database once a day: into a file, and by mail where somebody asked for it.

    Each of the two has a list of its own, so that a mail that could not be sent is tried again an hour later.
    """
    now, end = timezone.now(), head()
    mailed = heads_file().with_name("mailed.jsonl")
    due_in_file, due_by_mail = is_due(heads_file(), now), settings.TRAIL_HEAD_MAIL and is_due(mailed, now)
    if due_in_file:
        keep_head(heads_file(), end)
    if due_by_mail:
        mail_head(end)
        keep_head(mailed, end)
    return bool(due_in_file or due_by_mail)


def mail_head(end: Head) -> None:
    subject = gettext("%(site)s: the trail of changes ends at line %(number)d") % {
        "site": settings.SITE_NAME,
        "number": end.sequence,
    }
    explanation = gettext(
        "Keep this message: it proves later that nothing before this line was altered. To check it, save the line "
        "below as a file and run “manage.py verify trail --heads FILE” on the server."
    )
    send_mail(subject, f"{explanation}\n\n{end.as_line()}\n", None, settings.TRAIL_HEAD_MAIL)


# --- Is it whole? -----------------------------------------------------------------------------------------------------


def verify_chain(heads: Iterable[Head | Finding] | None = None) -> Iterator[Finding]:
    """Every line of the chain, each way in which one can be altered, removed, moved or put in; then the kept heads."""
    walk = _Walk(heads=list(kept_heads([heads_file()]) if heads is None else heads))
    yield from walk.lines()
    yield from walk.end()
    yield from walk.kept()
    yield from missing_guards()


class _Walk:
    """Once along the chain, in the order of its numbers."""

    def __init__(self, heads: list[Head | Finding]) -> None:
        self.heads = heads
        self.people = dict(Pseudonym.objects.values_list("user", "code"))
        self.brands = dict(Brand.objects.values_list("pk", "slug"))
        self.last, self.digest = 0, chain.BEGINNING
        self.passed: dict[int, str] = {found.sequence: "" for found in heads if isinstance(found, Head)}
        """Numbers of kept heads, and the digest that the line of that number has now."""
        if 0 in self.passed:
            self.passed[0] = chain.BEGINNING

    def lines(self) -> Iterator[Finding]:
        for line in Event.objects.order_by("sequence", "pk").iterator(chunk_size=2000):
            yield from self._line(line)
            self.last, self.digest = line.sequence, line.digest
            if line.sequence in self.passed:
                self.passed[line.sequence] = line.digest

    def _line(self, line: Event) -> Iterator[Finding]:
        name = f"line {line.sequence} ({line})"
        if line.sequence == self.last:
            yield Finding(name, "its number occurs twice: one of the two was put in")
        elif line.sequence != self.last + 1:
            yield Finding(missing_between(self.last, line.sequence), "removed: no line has this number")
        elif line.digest != chain.digest(self.digest, line.content(self.brands.get(line.brand_id or 0, ""))):
            yield Finding(name, "altered, moved or put in: it does not match its digest and the line before it")
        if self.people.get(line.actor_id or 0, "") != line.actor_code:
            yield Finding(name, "altered: the account it names is not the person who was sealed")
        if line.brand_id and line.brand_id not in self.brands:
            yield Finding(name, "its brand is not on file")

    def end(self) -> Iterator[Finding]:
        kept = TrailHead.objects.filter(pk=1).first() or TrailHead()
        if kept.sequence > self.last:
            yield Finding(missing_between(self.last, kept.sequence + 1), "removed: the trail went on to there")
        elif (kept.sequence, kept.digest) != (self.last, self.digest):
            yield Finding(f"line {self.last}", f"the head of the trail is line {kept.sequence} with another digest")

    def kept(self) -> Iterator[Finding]:
        for found in self.heads:
            if isinstance(found, Finding):
                yield found
            elif found.sequence > self.last:
                yield Finding(f"line {found.sequence}", f"removed: it was the end of the trail on {found.at}")
            elif self.passed[found.sequence] != found.digest:
                what = f"this line or one before it was altered since {found.at}, when the head was kept elsewhere"
                yield Finding(f"line {found.sequence}", what)


def missing_between(last: int, following: int) -> str:
    return f"line {last + 1}" if following == last + 2 else f"lines {last + 1} to {following - 1}"


def missing_guards() -> Iterator[Finding]:
    """The triggers that make the database itself refuse a change."""
    catalogue = "pg_trigger WHERE tgname" if connection.vendor == "postgresql" else "sqlite_master WHERE name"
    for name in (f"{table}_no_{act}" for table in GUARDED for act in ("update", "delete")):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {catalogue} = %s", [name])  # noqa: S608  (one of two constants)
            if cursor.fetchone() != (1,):
                yield Finding(name, "this guard of the database is gone: run the migrations that make it")


def intact(lines: Iterable[Event]) -> dict[int, bool]:
    """For some lines, whether each matches its digest and holds on to the line before it: one query for them all."""
    lines = list(lines)
    before = {line.sequence - 1 for line in lines}
    digests = {0: chain.BEGINNING, **dict(Event.objects.filter(sequence__in=before).values_list("sequence", "digest"))}
    return {line.sequence: _holds(line, digests.get(line.sequence - 1, "")) for line in lines}


def _holds(line: Event, previous: str) -> bool:
    return line.digest == chain.digest(previous, line.content(line.brand.slug if line.brand else ""))
