"""What readers are told of brands and practices: verdicts, replies, corrections, withdrawals – once they are public.

The trail says in which order things happened; what they say is read anew from what is public at the moment of telling.
A line whose subject is not public, or no longer, tells nothing. Watches, their mails and feeds, and portfolios read
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from brands.models import Event
from cxalign.pages import changes, words
from cxalign.practices.models import Practice
from cxalign.practices.reading import visible_practices, withdrawn_practices
from cxalign.templatetags.cxalign import both, named, page_language
from scoring.models import Correction, Publication, Reply
from scoring.visibility import HEAVY
from scoring.voices.showing import visible_corrections, visible_replies

PUBLISHED, WITHDRAWN, REPLY, CORRECTION = (
    "scorecard.published",
    "scorecard.withdrawn",
    "reply.published",
    "correction.published",
)
ABOUT_BRANDS = (PUBLISHED, WITHDRAWN, REPLY, CORRECTION)
ABOUT_PRACTICES = ("practice.published", "evidence.withdrawn")
PRACTICE = "practices.practice:"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that became public, in words."""

    sequence: int
    """Its line in the trail: the newest is the highest."""
    kind: str
    at: datetime
    title: str
    text: str
    path: str
    part: str = ""
    """Sets apart what one line tells of several things."""

    @property
    def code(self) -> str:
        return f"{self.sequence}{self.part}"


# --- Which lines ------------------------------------------------------------------------------------------------------


def about_brands(brands: Iterable[int]) -> Q:
    return Q(kind__in=ABOUT_BRANDS, brand__in=list(brands))


def practices_of(families: Iterable[str]) -> QuerySet[Practice, Any]:
    """Key and family of the practices of these families; drafts among them are sorted out where they are told."""
    return Practice.objects.filter(family__in=list(families)).values_list("key", "family")


def about_practices(keys: Iterable[str]) -> Q:
    return Q(kind__in=ABOUT_PRACTICES, subject__in=[f"{PRACTICE}{key}" for key in keys])


def lines_about(wanted: Q) -> QuerySet[Event]:
    """Lines of the trail, newest first; without what the desk writes into them."""
    return Event.objects.filter(wanted).only("id", "sequence", "kind", "subject", "at", "brand").order_by("-sequence")


# --- What they tell ---------------------------------------------------------------------------------------------------


def told(events: Iterable[Event]) -> list[Happening]:
    """What the lines tell of that is public now, in their order; in five queries at most, however many they are."""
    events = list(events)
    subjects = {
        kind: [key_of(event) for event in events if event.kind == kind] for kind in {one.kind for one in events}
    }
    publications = _publications([*subjects.get(PUBLISHED, ()), *subjects.get(WITHDRAWN, ())])
    replies = _replies(subjects.get(REPLY, ()), [*publications.values()] if PUBLISHED in subjects else [])
    corrections = _by(visible_corrections(), "reference", subjects.get(CORRECTION, ()))
    practices = _practices([key for kind in ABOUT_PRACTICES for key in subjects.get(kind, ())])
    found: list[Happening] = []
    for event in events:
        if event.kind in (PUBLISHED, WITHDRAWN):
            found += _of_a_version(event, publications.get(int(key_of(event))), replies)
        elif event.kind == REPLY:
            found += _of_a_reply(event, replies.get(key_of(event)))
        elif event.kind == CORRECTION:
            found += _of_a_correction(event, corrections.get(key_of(event)))
        else:
            found += _of_a_practice(event, practices.get(key_of(event)))
    return found


def key_of(event: Event) -> str:
    return event.subject.partition(":")[2]


def _by(rows: QuerySet[Any], field: str, keys: Sequence[str]) -> dict[str, Any]:
    return {getattr(row, field): row for row in rows.filter(**{f"{field}__in": keys})} if keys else {}


def _publications(keys: Sequence[str]) -> dict[int, Publication]:
    """Versions, each with the outcome of the one before."""
    if not keys:
        return {}
    before = Publication.objects.filter(
        assessment=OuterRef("assessment"), version=OuterRef("version") - 1, withdrawn_at__isnull=True
    )
    known = Publication.objects.with_case().defer(*HEAVY)
    known = known.annotate(before=Subquery(before.values("snapshot__outcome")[:1]))
    found: dict[int, Any] = known.in_bulk([int(key) for key in keys])
    return found


def _replies(keys: Sequence[str], publications: Sequence[Publication]) -> dict[str, Reply]:
    """Public replies: those named, and those to a draft, which came out with a version."""
    cases = [one.assessment_id for one in publications]
    if not keys and not cases:
        return {}
    to_drafts = Q(assessment__in=cases, notice__isnull=False)
    as_new = Publication.objects.filter(
        assessment=OuterRef("assessment"), snapshot__sequence__gte=OuterRef("notice__snapshot__sequence")
    ).order_by("version")
    rows = visible_replies().filter(Q(reference__in=keys) | to_drafts)
    rows = rows.annotate(
        facts=F("notice__snapshot__sequence"),
        out_with=Subquery(as_new.values("pk")[:1]),
        out_at=Subquery(as_new.values("published_at")[:1]),
    )
    return {reply.reference: reply for reply in rows}


def _practices(keys: Sequence[str]) -> dict[str, Practice]:
    if not keys:
        return {}
    public = visible_practices(None) | withdrawn_practices()
    return {practice.key: practice for practice in public.filter(key__in=keys)}


def case_of(assessment: Any) -> str:
    return f"{assessment.brand.name} – {named(assessment.crisis)}"


def _of_a_version(event: Event, publication: Any, replies: dict[str, Reply]) -> list[Happening]:
    if publication is None:
        return []
    kind = changes.PUBLISHED if event.kind == PUBLISHED else changes.WITHDRAWN
    change = changes.Change(publication, kind, event.at, publication.before or "")
    version = Happening(
        event.sequence, event.kind, event.at, changes.headline(change), changes.summary(change), change.address
    )
    if change.is_withdrawal:
        return [version]
    return [version, *_replies_that_came_with(event, publication, replies)]


def _replies_that_came_with(event: Event, publication: Any, replies: dict[str, Reply]) -> list[Happening]:
    """A reply to a draft is as secret as the draft: it is told with the first version that is as new."""
    return [
        _reply(event, reply, f"-{reply.reference}")
        for reply in replies.values()
        if reply.assessment_id == publication.assessment_id
        and came_with_a_version(reply)
        and reply.out_with == publication.pk  # type: ignore[attr-defined]
    ]


def _of_a_reply(event: Event, reply: Any) -> list[Happening]:
    """Nothing of a reply that was accepted before a version stood beside it: that version tells of it."""
    if reply is None or came_with_a_version(reply):
        return []
    return [_reply(event, reply)]


def came_with_a_version(reply: Any) -> bool:
    return reply.facts is not None and reply.decided_at <= reply.out_at


def _reply(event: Event, reply: Reply, part: str = "") -> Happening:
    case = reply.assessment
    title = _("%(case)s: reply of the brand published") % {"case": case_of(case)}
    path = reverse("replies", args=[case.brand.slug, case.crisis.slug])
    return Happening(
        event.sequence, REPLY, event.at, title, str(reply.get_outcome_display()), f"{path}#{reply.reference}", part
    )


def _of_a_correction(event: Event, correction: Correction | None) -> list[Happening]:
    if correction is None or correction.assessment is None:
        return []
    title = _("%(case)s: correction logged") % {"case": case_of(correction.assessment)}
    text = getattr(correction, f"wrong_{page_language()}")
    return [Happening(event.sequence, CORRECTION, event.at, title, text, f"{reverse('corrections')}#{correction}")]


def _of_a_practice(event: Event, practice: Practice | None) -> list[Happening]:
    """A draft tells nothing, not even that it is gone."""
    if practice is None or (event.kind == "evidence.withdrawn") != practice.is_withdrawn:
        return []
    names = {"family": words.word(practice.family, "family"), "practice": both(practice, "title")}
    gone = _("%(family)s: the practice “%(practice)s” is withdrawn")
    title = (gone if practice.is_withdrawn else _("%(family)s: new practice “%(practice)s”")) % names
    text = practice.withdrawn_reason if practice.is_withdrawn else both(practice, "summary")
    return [Happening(event.sequence, event.kind, event.at, title, text, reverse("practice", args=[practice.key]))]
