"""The gate for watches: each is its owner's alone, and none reaches what its owner may not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brands.models import Brand, Event
from cxalign.plans.models import new_token
from cxalign.portfolios.models import Portfolio
from cxalign.watches.models import BY_MAIL, Rhythm, Subscriber, Told, Watch
from cxalign.watches.timing import last_moment
from scoring.models import OutgoingMail

if TYPE_CHECKING:
    from cxalign.accounts.models import User

MOST_WATCHES = 200
MAIL_KIND = "watch"


class CannotWatch(Exception):
    """Why somebody cannot watch something so; the text is what the screen shows."""


def newest_line() -> int:
    """The number of the last line of the trail. Lines come in the order of their commits, so that none is missed."""
    return Event.objects.aggregate(Max("sequence"))["sequence__max"] or 0


def subscriber_of(user: User) -> Subscriber:
    """Made with the first watch. Its first digests are those after the next moment, not before."""
    now = timezone.now()
    found, _made = Subscriber.objects.get_or_create(
        user=user,
        defaults={
            "daily_done_on": last_moment(user, Rhythm.DAILY, now),
            "weekly_done_on": last_moment(user, Rhythm.WEEKLY, now),
        },
    )
    return found


def watches_of(user: User) -> QuerySet[Watch]:
    """Of things that are still there for this person: a portfolio of another team, or a removed one, is not."""
    rows = Watch.objects.filter(subscriber__user=user).select_related("brand", "portfolio__team", "subscriber")
    found: QuerySet[Watch] = still_there(rows, user)
    return found


def still_there(rows: QuerySet[Watch], user: User) -> QuerySet[Watch]:
    return rows.filter(Q(portfolio__isnull=True) | Q(portfolio__in=Portfolio.objects.visible_to(user).order_by()))


@transaction.atomic
def watch(
    user: User,
    *,
    rhythm: str,
    brand: Brand | None = None,
    portfolio: Portfolio | None = None,
    family: str | None = None,
) -> Watch:
    """Watch something from now on; what is watched already changes its rhythm. The caller has looked up the thing."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber_of(user).pk)
    check_can_be_mailed(user, rhythm)
    _note_language(subscriber)
    thing: dict[str, Any] = {"brand": brand, "portfolio": portfolio, "family": family}
    found: Watch | None = Watch.objects.filter(subscriber=subscriber, **thing).first()
    if found is None:
        if subscriber.watches.count() >= MOST_WATCHES:
            raise CannotWatch(_("You watch %(most)d things already: end one first.") % {"most": MOST_WATCHES})
        made: Watch = Watch.objects.create(subscriber=subscriber, rhythm=rhythm, told_up_to=newest_line(), **thing)
        return made
    return _in_rhythm(found, rhythm)


def _note_language(subscriber: Subscriber) -> None:
    language = "fr" if (get_language() or "").startswith("fr") else "en"
    if subscriber.language != language:
        subscriber.language = language
        subscriber.save(update_fields=["language"])


def check_can_be_mailed(user: User, rhythm: str) -> None:
    if rhythm in BY_MAIL and not user.email:
        raise CannotWatch(_("Your profile has no e-mail address: give one there first, or choose the private feed."))


def _in_rhythm(watch: Watch, rhythm: str) -> Watch:
    """From the feed to mails, only what comes from now on is mailed."""
    if watch.rhythm == Rhythm.FEED and rhythm != Rhythm.FEED:
        watch.told_up_to = newest_line()
    watch.rhythm = rhythm
    watch.save(update_fields=["rhythm", "told_up_to"])
    return watch


@transaction.atomic
def end(watch: Watch) -> None:
    Subscriber.objects.select_for_update().get(pk=watch.subscriber_id)
    Watch.objects.filter(pk=watch.pk).delete()


# --- When and whether -------------------------------------------------------------------------------------------------


@transaction.atomic
def set_times(user: User, *, hour: int, weekday: int) -> None:
    """Another day or hour: the next digest is the one after the next moment by the new clock."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber_of(user).pk)
    subscriber.hour, subscriber.weekday = hour, weekday
    subscriber.full_clean(validate_unique=False, validate_constraints=False, exclude=["user"])
    subscriber.save(update_fields=["hour", "weekday"])


@transaction.atomic
def stop(subscriber: Subscriber) -> None:
    """No mail any more, until the person asks for them again. Asked twice, it is done once."""
    held = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if held.stopped_at is None:
        held.stopped_at = timezone.now()
        held.save(update_fields=["stopped_at"])
    waiting = OutgoingMail.objects.filter(kind=MAIL_KIND, about=about(held), state="queued")
    waiting.delete()


@transaction.atomic
def resume(user: User) -> None:
    """Mails again, of what comes from now on."""
    held = Subscriber.objects.select_for_update().get(pk=subscriber_of(user).pk)
    held.stopped_at = None
    held.save(update_fields=["stopped_at"])
    Watch.objects.filter(subscriber=held, rhythm__in=BY_MAIL).update(told_up_to=newest_line())


def about(subscriber: Subscriber) -> str:
    """How a mail names whom it is for."""
    return f"watches.subscriber:{subscriber.pk}"


def stopping(token: str) -> Subscriber | None:
    return Subscriber.objects.filter(stop_token=token, user__is_active=True).first()


# --- The private feed -------------------------------------------------------------------------------------------------


@transaction.atomic
def open_feed(user: User) -> Subscriber:
    """A new address. One that there was before opens nothing any more."""
    held = Subscriber.objects.select_for_update().get(pk=subscriber_of(user).pk)
    held.feed_token = new_token()
    held.save(update_fields=["feed_token"])
    return held


@transaction.atomic
def close_feed(user: User) -> None:
    held = Subscriber.objects.select_for_update().get(pk=subscriber_of(user).pk)
    held.feed_token = None
    held.save(update_fields=["feed_token"])


def feed_of(token: str) -> Subscriber | None:
    return Subscriber.objects.filter(feed_token=token, user__is_active=True).select_related("user").first()


# --- What is forgotten ------------------------------------------------------------------------------------------------


def forget_old(before: Any) -> int:
    """Mails and lines told before then: what they told of is public and stays, that somebody was told of it does not.

    A line counts as told by the number that its watch has reached; the record of it guards only what is near.
    """
    mails, _kinds = OutgoingMail.objects.filter(kind=MAIL_KIND, created_at__lt=before).delete()
    lines, _kinds = Told.objects.filter(at__lt=before).delete()
    return mails + lines
