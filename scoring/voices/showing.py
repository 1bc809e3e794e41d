"""What readers are shown of replies and corrections. Every public face starts its queries here.

A reply to a draft is as secret as the draft: it shows once a version at least as new as that draft is in force. That a
brand was asked about a newer draft is not told either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from scoring.models import Correction, Publication, Reply, ReplyNotice, ReplyState
from scoring.voices.documents import public_documents

SHOWN = (ReplyState.PUBLISHED, ReplyState.RETIRED)
FIRST_WORDS = 120


def visible_replies() -> QuerySet[Reply]:
    """Published replies to cases in which a verdict is in force."""
    in_force = Publication.objects.current().filter(assessment=OuterRef("assessment"))
    as_new = in_force.filter(snapshot__sequence__gte=OuterRef("notice__snapshot__sequence"))
    return Reply.objects.filter(
        Exists(in_force), Q(notice__isnull=True) | Exists(as_new), state__in=SHOWN
    ).select_related("assessment__brand", "assessment__crisis", "publication")


def with_documents() -> Prefetch[Any]:
    """The public documents of each reply, as ``shown_documents``: one query, however many replies."""
    return Prefetch("documents", queryset=public_documents(), to_attr="shown_documents")


def visible_corrections() -> QuerySet[Correction]:
    """Those of cases that were ever public, and those of the site itself."""
    ever = Publication.objects.filter(assessment=OuterRef("assessment"))
    return (
        Correction.objects.filter(Q(assessment__isnull=True) | Exists(ever))
        .select_related(
            "assessment__brand", "assessment__crisis", "since__snapshot", "corrected_in__snapshot", "report"
        )
        .defer(*_HEAVY)
    )


_HEAVY = tuple(
    f"{way}__snapshot__{text}" for way in ("since", "corrected_in") for text in ("facts", "verdict", "document")
)


def last_reply_beside() -> Subquery:
    """For lists of versions: when the last reply that stands beside each was received. Old ones know no later reply."""
    stands = Q(assessment__publications=OuterRef("pk"), assessment__publications__is_current=True, state="published")
    stood = Q(decided_at__lte=OuterRef("published_at"), state__in=SHOWN)
    of_this = Q(notice__isnull=True) | Q(notice__snapshot__sequence__lte=OuterRef("snapshot__sequence"))
    beside = Reply.objects.filter(of_this, stands | stood, assessment=OuterRef("assessment"))
    return Subquery(beside.order_by("-received_at").values("received_at")[:1])


@dataclass(frozen=True)
class Spoken:
    """A reply beside the verdict: in full, or its first words."""

    reply: Reply
    first_words: str
    is_whole: bool


@dataclass(frozen=True)
class Voice:
    """The brand's voice as a scorecard shows it."""

    spoken: Sequence[Spoken] = field(default_factory=tuple)
    asked_on: date | None = None
    time_until: date | None = None
    """While the brand's time still runs."""
    answered: bool = False
    """Whether anything came in to that question, published or not: then “no reply” would be untrue."""

    @property
    def status(self) -> str:
        if self.spoken:
            return "reply"
        return "asked" if self.asked_on else "none"

    @property
    def last(self) -> Reply:
        return self.spoken[-1].reply


def voice_of(publication: Publication, *, frozen: bool = False) -> Voice:
    """What stands beside this version: two queries. A frozen page does not speak of what came later."""
    replies = Reply.objects.filter(_about(publication), assessment=publication.assessment_id)
    if frozen:
        replies = replies.filter(state__in=SHOWN, decided_at__lte=publication.published_at)
    else:
        replies = replies.filter(state=ReplyState.PUBLISHED)
    notice = _last_notice(publication)
    spoken = tuple(map(_spoken, replies.prefetch_related(with_documents()).order_by("received_at", "id")))
    if notice is None:
        return Voice(spoken)
    told_on = timezone.localtime(publication.published_at).date() if frozen else timezone.localdate()
    return Voice(
        spoken,
        asked_on=timezone.localtime(notice.sent_at).date(),
        time_until=notice.deadline if notice.deadline >= told_on else None,
        answered=bool(notice.answered),  # type: ignore[attr-defined]
    )


def _about(publication: Publication) -> Q:
    """Not a reply to a draft that is newer than this version."""
    return Q(notice__isnull=True) | Q(notice__snapshot__sequence__lte=publication.snapshot.sequence)


def _last_notice(publication: Publication) -> ReplyNotice | None:
    answers = Reply.objects.filter(notice=OuterRef("pk"), received_at__lte=publication.published_at)
    notices = ReplyNotice.objects.filter(
        assessment=publication.assessment_id,
        revoked_at__isnull=True,
        sent_at__lte=publication.published_at,
        snapshot__sequence__lte=publication.snapshot.sequence,
    )
    return notices.annotate(answered=Exists(answers)).order_by("-id").first()


def _spoken(reply: Reply) -> Spoken:
    words = reply.text.split()
    if len(words) <= FIRST_WORDS:
        return Spoken(reply, reply.text, True)
    return Spoken(reply, _first(reply.text, FIRST_WORDS), False)


def _first(text: str, count: int) -> str:
    """The text up to its so-manieth word, spaces and line ends as they were typed."""
    end, words, inside = len(text), 0, False
    for place, char in enumerate(text):
        if char.isspace():
            if inside and words == count:
                end = place
                break
            inside = False
        elif not inside:
            inside, words = True, words + 1
    return f"{text[:end]} …"
