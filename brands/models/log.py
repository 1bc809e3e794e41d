"""The trail of changes: one line for each, written once, each holding on to the one before it.

There is one way to write a line, ``EventQuerySet.append``; creating an ``Event`` in any other of Django's ways ends
there too. It numbers and seals the lines while it holds the head of the chain, so that writers come one after another
and the numbers have no gap. The head is the last lock of a transaction: whoever wants it must already have all others.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands import chain
from brands.models.base import TextColumn
from brands.models.facts import Brand

BATCH = 500

PERSONAL = frozenset({"username", "first_name", "last_name", "email", "password", "name"})
"""What a line about an account never holds: the chain is for good, a name must be erasable."""
ACCOUNT = "accounts.user:"
WITHHELD = "…"
"""Stands in the trail where the value itself must not: that it changed is kept, what it was is not."""


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete a line of the log."""


# --- Who: a pseudonym in the chain, a name beside it ------------------------------------------------------------------


def new_code() -> str:
    return secrets.token_hex(8)


class PseudonymQuerySet(models.QuerySet["Pseudonym"]):
    def codes_of(self, user_ids: Iterable[int]) -> dict[int, str]:
        """The pseudonym of each person, made where there is none yet."""
        wanted = set(user_ids)
        codes = dict(self.filter(user__in=wanted).values_list("user", "code")) if wanted else {}
        for user_id in sorted(wanted - codes.keys()):
            codes[user_id] = self.get_or_create(user_id=user_id)[0].code
        return codes


class Pseudonym(models.Model):
    """Under which random name the chain knows a person. The account holds the real one, and can be emptied."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="pseudonym", verbose_name=_("person")
    )
    code = models.CharField(_("pseudonym"), max_length=32, unique=True, default=new_code, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = PseudonymQuerySet.as_manager()

    class Meta:
        verbose_name = _("pseudonym")
        verbose_name_plural = _("pseudonyms")
        ordering = ("code",)
        constraints = [models.CheckConstraint(condition=~Q(code=""), name="pseudonym_has_code")]

    def __str__(self) -> str:
        return self.code


# --- The chain --------------------------------------------------------------------------------------------------------


class TrailHead(models.Model):
    """The end of the chain: number and digest of the last line. One row, which every writer of the trail holds."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=chain.BEGINNING)

    class Meta:
        verbose_name = _("head of the trail")
        verbose_name_plural = _("head of the trail")
        ordering = ("id",)
        constraints = [models.CheckConstraint(condition=Q(id=1), name="trail_has_one_head")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest}"

    @classmethod
    def held(cls) -> TrailHead:
        """The head, held until the end of the transaction."""
        return cls.objects.select_for_update().get_or_create(pk=1)[0]


class EventQuerySet(models.QuerySet["Event"]):
    def append(self, lines: Iterable[Event]) -> list[Event]:
        """Write lines at the end of the chain, in the transaction of the change that they tell of."""
        written = list(lines)
        if written:
            with transaction.atomic(savepoint=False):
                self._append(written)
        return written

    def _append(self, lines: list[Event]) -> None:
        brands = _brand_keys({line.brand_id for line in lines if line.brand_id})
        people = Pseudonym.objects.codes_of({line.actor_id for line in lines if line.actor_id})
        _take_other_locks(people)
        head, now = TrailHead.held(), timezone.now()
        for line in lines:
            line.at, line.changes = now, withheld(line.subject, chain.as_stored(line.changes))
            line.actor_code = people.get(line.actor_id or 0, "")
            head.sequence, line.sequence = head.sequence + 1, head.sequence + 1
            head.digest = line.digest = chain.digest(head.digest, line.content(brands.get(line.brand_id or 0, "")))
        super().bulk_create(lines, batch_size=BATCH)  # type: ignore[arg-type]
        head.save()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        return self.append(objs)

    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError("events are written once")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AppendOnlyError("events are written once")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("events are written once")


def withheld(subject: str, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes of a line; those of an account without what says whose it is."""
    if not subject.startswith(ACCOUNT):
        return changes
    return {name: [WITHHELD, WITHHELD] if name in PERSONAL else change for name, change in changes.items()}


def _brand_keys(brand_ids: set[int]) -> dict[int, str]:
    """The key of each brand. On PostgreSQL nobody deletes the rows until the lines that name them are committed."""
    if not brand_ids:
        return {}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, slug FROM brands_brand WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(brand_ids)]
            )
            return dict(cursor.fetchall())
    return dict(Brand.objects.filter(pk__in=brand_ids).order_by("pk").values_list("pk", "slug"))


def _take_other_locks(people: dict[int, str]) -> None:
    """PostgreSQL checks at the commit that what new rows refer to is there, and waits for whoever holds that.

    Whoever waited like that with the head in hand, while the holder waits for the head, would wait for ever. So what
    the commit would ask for is asked for now, before the head is taken.
    """
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(people)]
        ) if people else None
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


class Event(models.Model):
    """One line of the trail: what changed, for which brand, by whom, from what to what, and why."""

    sequence = models.PositiveBigIntegerField(_("number"), unique=True, editable=False)
    """Without a gap. What happened later has the higher number, whatever the clock said."""
    kind = models.CharField(_("kind"), max_length=40)
    brand = models.ForeignKey(
        Brand, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("brand")
    )
    subject = models.CharField(_("subject"), max_length=300)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    actor_code = models.CharField(_("pseudonym"), max_length=32, blank=True, default="", editable=False)
    """What is sealed in the place of the name."""
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    reason = TextColumn(_("reason"), max_length=2000)
    digest = models.CharField(_("digest"), max_length=64, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-sequence",)
        indexes = [models.Index(fields=["subject"], name="event_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(sequence__gt=0), name="event_number_positive"),
            models.CheckConstraint(condition=~Q(digest=""), name="event_is_sealed"),
            models.CheckConstraint(
                condition=Q(actor__isnull=True, actor_code="") | Q(actor__isnull=False) & ~Q(actor_code=""),
                name="event_actor_has_pseudonym",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def content(self, brand_key: str) -> str:
        """What is sealed of it. The brand goes by its key, the person by their pseudonym."""
        return chain.content(
            sequence=self.sequence,
            kind=self.kind,
            brand=brand_key,
            subject=self.subject,
            actor=self.actor_code,
            at=self.at,
            changes=self.changes,
            reason=self.reason,
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("events are written once")
        Event.objects.append([self])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("events are written once")


# --- What the installation found out about itself ---------------------------------------------------------------------


class VerificationRun(models.Model):
    """One run of the checks that the installation makes on itself, and what it found."""

    WHAT = {
        "verdicts": _("verdicts follow the evidence"),
        "trail": _("the trail of changes is whole"),
        "store": _("the store is in order"),
    }
    what = models.CharField(_("what was checked"), max_length=12, choices=WHAT)
    at = models.DateTimeField(_("finished at"), default=timezone.now, editable=False)
    seconds = models.FloatField(_("seconds"), default=0)
    checked = models.PositiveBigIntegerField(_("items checked"), default=0)
    findings = models.PositiveIntegerField(_("findings"), default=0)
    first_findings = models.JSONField(_("first findings"), default=list, blank=True)
    up_to = models.PositiveBigIntegerField(_("last line of the trail then"), default=0)
    counts = models.JSONField(_("counts"), default=dict, blank=True)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=Q(what__in=["verdicts", "trail", "store"]), name="verification_known")
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
