"""What watches hold about a person."""

from __future__ import annotations

from typing import Any

from cxalign.accounts import holdings
from cxalign.accounts.models import User
from cxalign.watches.following import MAIL_KIND, about
from cxalign.watches.models import Subscriber, Told, Watch
from scoring.models import OutgoingMail


def held(user: User) -> dict[str, Any]:
    """What they watch and how, the addresses of their own, and the mails that are still kept."""
    subscriber = Subscriber.objects.filter(user=user).first()
    if subscriber is None:
        return {"watched": [], "mails": []}
    watched = Watch.objects.filter(subscriber=subscriber).select_related("brand", "portfolio")
    mails = OutgoingMail.objects.filter(kind=MAIL_KIND, about=about(subscriber)).order_by("id")
    return {
        "hour": subscriber.hour,
        "weekday": subscriber.weekday,
        "feed_token": subscriber.feed_token,
        "stop_token": subscriber.stop_token,
        "stopped_at": subscriber.stopped_at,
        "watched": [
            {
                "brand": one.brand.slug if one.brand else None,
                "portfolio": one.portfolio.name if one.portfolio else None,
                "family": one.family,
                "rhythm": one.rhythm,
                "created_at": one.created_at,
            }
            for one in watched
        ],
        "mails": list(mails.values("to", "subject", "body", "created_at", "sent_at")),
    }


def forget(user: User) -> None:
    """Everything: nobody else has a use for it."""
    subscriber = Subscriber.objects.filter(user=user).first()
    if subscriber is None:
        return
    OutgoingMail.objects.filter(kind=MAIL_KIND, about=about(subscriber)).delete()
    Told.objects.filter(subscriber=subscriber).delete()
    subscriber.delete()


def register() -> None:
    holdings.register("watches", held, forget)
