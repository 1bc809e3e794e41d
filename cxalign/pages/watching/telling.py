"""Who is told of what: each person once of each line, in the mails that they asked for.

What is told and that it was told are written in one transaction, with the mail beside them: whoever dies before the
commit has told nothing, whoever dies after it has told it. Sending is the business of the queue of mails.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from brands.models import Event
from cxalign.pages import happenings, words
from cxalign.pages.happenings import Happening
from cxalign.portfolios.models import Holding
from cxalign.watches import following
from cxalign.watches.models import BY_MAIL, Rhythm, Subscriber, Told, Watch
from cxalign.watches.timing import rhythms_due, zone_of
from scoring.voices import mailing

logger = logging.getLogger(__name__)

MOST_IN_A_MAIL = 50
MOST_LINES = 1000
IN_FEED = 50
KEPT_FOR = timedelta(days=90)
"""How long a sent mail and the record of what was told are kept."""


# --- What a person watches --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """The brands and practices that some watches reach, each from the line on that is still to be told."""

    brands: Mapping[int, int]
    practices: Mapping[str, int]
    """By their keys, of whole families."""

    @property
    def wanted(self) -> Q:
        return happenings.about_brands(self.brands) | happenings.about_practices(self.practices)

    @property
    def beginning(self) -> int:
        return min([*self.brands.values(), *self.practices.values()], default=0)

    def is_new(self, line: Event) -> bool:
        """Whether one of the watches has not told this line yet."""
        if (known := self.brands.get(line.brand_id or 0)) is not None:
            return line.sequence > known
        return line.sequence > self.practices.get(happenings.key_of(line), line.sequence)


def scope_of(watches: Iterable[Watch]) -> Scope:
    """One query for the brands of all portfolios. What is watched twice counts from the earlier line on."""
    brands: dict[int, int] = {}
    families: dict[str, int] = {}
    portfolios = {watch.portfolio_id: watch.told_up_to for watch in watches if watch.portfolio_id}
    for portfolio, brand in Holding.objects.filter(portfolio__in=portfolios).values_list("portfolio", "brand"):
        _reach(brands, brand, portfolios[portfolio])
    for watch in watches:
        if watch.brand_id:
            _reach(brands, watch.brand_id, watch.told_up_to)
        if watch.family:
            _reach(families, watch.family, watch.told_up_to)
    keys = happenings.practices_of(families) if families else []
    return Scope(brands, {key: families[family] for key, family in keys})


def _reach(reached: dict[Any, int], thing: Any, line: int) -> None:
    reached[thing] = min(line, reached.get(thing, line))


def lines_for(watches: list[Watch], last: int) -> list[Event]:
    """The lines up to ``last`` that these watches have not told yet, newest first."""
    scope = scope_of(watches)
    found = happenings.lines_about(scope.wanted).filter(sequence__gt=scope.beginning, sequence__lte=last)
    return [line for line in found[:MOST_LINES] if scope.is_new(line)]


def thing_of(watch: Watch) -> str:
    """What is watched, by its name."""
    if watch.brand:
        return watch.brand.name
    return watch.portfolio.name if watch.portfolio else words.word(watch.family or "", "family")


# --- Mails ------------------------------------------------------------------------------------------------------------


def tell_due(now: datetime | None = None) -> int:
    """Write the mails that are due; how many. Safe to run twice, and beside itself."""
    at = now or timezone.now()
    told = 0
    for subscriber in with_mails():
        if subscriber.is_behind or rhythms_due(subscriber, at):  # type: ignore[attr-defined]
            try:
                told += tell(subscriber.pk, at)
            except Exception:  # one person's trouble is not everybody's
                logger.exception("Subscriber %s could not be told; it is tried again", subscriber.pk)
    return told


def with_mails() -> QuerySet[Subscriber]:
    """Whoever is mailed about something; and whether something that is mailed at once is behind the trail."""
    by_mail = Watch.objects.filter(subscriber=OuterRef("pk"), rhythm__in=BY_MAIL)
    behind = by_mail.filter(rhythm=Rhythm.AT_ONCE, told_up_to__lt=following.newest_line())
    rows = Subscriber.objects.filter(Exists(by_mail), stopped_at__isnull=True, user__is_active=True)
    return rows.exclude(user__email="").annotate(is_behind=Exists(behind)).select_related("user").order_by("pk")


@transaction.atomic
def tell(pk: int, now: datetime) -> int:
    """Write one person's mail, if there is anything to tell; 1 or 0."""
    subscriber = Subscriber.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)
    if subscriber.stopped_at or not (subscriber.user.is_active and subscriber.user.email):
        return 0
    due = rhythms_due(subscriber, now)
    last = following.newest_line()
    watches = list(_due_watches(subscriber, due))
    news = _news(subscriber, watches, last)
    mail = _write(subscriber, watches, news) if news else None
    if mail:
        lines = {one.sequence for one in news}
        Told.objects.bulk_create(Told(subscriber=subscriber, sequence=line, mail=mail) for line in sorted(lines))
    _move_on(subscriber, watches, last, due)
    return 1 if mail else 0


def _due_watches(subscriber: Subscriber, due: Mapping[str, date]) -> QuerySet[Watch]:
    mine = following.watches_of(subscriber.user).filter(rhythm__in=[Rhythm.AT_ONCE, *due])
    return mine.order_by("pk")


def _news(subscriber: Subscriber, watches: list[Watch], last: int) -> list[Happening]:
    """What is public now of the lines that this person has not been told, newest first."""
    lines = lines_for(watches, last)
    known = set(
        subscriber.told.filter(sequence__in=[line.sequence for line in lines]).values_list("sequence", flat=True)
    )
    with as_reader(subscriber):
        return happenings.told(line for line in lines if line.sequence not in known)


def _move_on(subscriber: Subscriber, watches: list[Watch], last: int, due: Mapping[str, date]) -> None:
    Watch.objects.filter(pk__in=[watch.pk for watch in watches]).update(told_up_to=last)
    subscriber.daily_done_on = due.get(Rhythm.DAILY, subscriber.daily_done_on)
    subscriber.weekly_done_on = due.get(Rhythm.WEEKLY, subscriber.weekly_done_on)
    subscriber.save(update_fields=["daily_done_on", "weekly_done_on"])


class as_reader:
    """In the language and on the clock of whoever reads."""

    def __init__(self, subscriber: Subscriber) -> None:
        self.language = language_of(subscriber)
        self._both = translation.override(self.language), timezone.override(zone_of(subscriber.user))

    def __enter__(self) -> str:
        for one in self._both:
            one.__enter__()
        return self.language

    def __exit__(self, *error: Any) -> None:
        for one in reversed(self._both):
            one.__exit__(*error)


def language_of(subscriber: Subscriber) -> str:
    return str(subscriber.user.language or subscriber.language)


def _write(subscriber: Subscriber, watches: list[Watch], news: list[Happening]) -> Any:
    with as_reader(subscriber) as language:
        context = {
            "name": subscriber.user.shown_name,
            "news": news[:MOST_IN_A_MAIL],
            "count": len(news),
            "more": max(len(news) - MOST_IN_A_MAIL, 0),
            "things": [thing_of(watch) for watch in watches],
            "watches": absolute(reverse("account-watches")),
            "stop": stop_address(subscriber),
        }
        return mailing.queue(
            following.MAIL_KIND,
            to=subscriber.user.email,
            language=language,
            about=subscriber,
            context=context,
            unsubscribe=stop_address(subscriber),
        )


def absolute(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def stop_address(subscriber: Subscriber) -> str:
    return absolute(reverse("watch-stop", args=[subscriber.stop_token]))


# --- The feed ---------------------------------------------------------------------------------------------------------


def feed_news(subscriber: Subscriber) -> list[Happening]:
    """The newest of all that a person watches, whatever they are mailed."""
    scope = scope_of(list(following.watches_of(subscriber.user)))
    return happenings.told(happenings.lines_about(scope.wanted)[:IN_FEED])


def forget_old() -> int:
    return following.forget_old(timezone.now() - KEPT_FOR)
