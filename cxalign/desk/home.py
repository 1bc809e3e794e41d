"""The first page of the desk: what waits for this person, what is theirs, and what they did last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands import trail
from brands.models import Event
from brands.subjects import Subject, subjects_of
from cxalign.desk.access import desk_page
from cxalign.desk.rendering import person, render_desk
from cxalign.desk.standings import standings_for
from scoring import workflow
from scoring.models import Assessment
from scoring.quality import checks, last_counts
from scoring.workflow import OpenWork, Standing

if TYPE_CHECKING:
    from cxalign.accounts.models import User

WAITING_SHOWN = 10
CASES_SHOWN = 8
SAVES_SHOWN = 8
CHECKS_SHOWN = 5

TASKS: tuple[tuple[str, Any, Any, tuple[str, ...]], ...] = (
    (
        "desk-capture",
        _("Capture a source"),
        _("From its address to a coded act or a promise, on one screen."),
        ("brands.add_source",),
    ),
    ("desk-imports", _("Import a sheet"), _("Many rows at once, each one checked first."), ("brands.add_source",)),
    ("desk-coding", _("Code"), _("Your half of a double coding, blind and in your own order."), ("scoring.code",)),
    (
        "desk-adjudication",
        _("Settle disagreements"),
        _("Where two coders differ, with both reasons and no names."),
        ("scoring.adjudicate",),
    ),
    ("desk-queue", _("Work the queue"), _("Every case by its state, with what holds it."), ()),
    ("desk-quality", _("Put the files in order"), _("Dates, copies and reasons that are missing."), ()),
    (
        "desk-replies",
        _("Answer replies"),
        _("What brands and readers ask to have corrected."),
        ("scoring.answer_replies",),
    ),
)
"""Name of the address, verb, one line, and the rights of which one is needed."""

VERBS = {
    "evidence.added": _("added"),
    "evidence.corrected": _("corrected"),
    "evidence.withdrawn": _("withdrawn"),
    "import.undone": _("undoing asked for"),
    "reference.added": _("added"),
    "reference.corrected": _("corrected"),
    "case.assigned": _("assigned"),
    "scorecard.published": _("published"),
    "scorecard.withdrawn": _("withdrawn"),
}


@dataclass(frozen=True)
class Task:
    address: str
    verb: Any
    line: Any


@dataclass(frozen=True)
class OwnCase:
    case: Assessment
    standing: Standing
    is_overdue: bool


@dataclass(frozen=True)
class Saved:
    """One thing that this person saved."""

    event: Event
    subject: Subject
    words: str
    """What was done, to what sort of thing."""


@dataclass(frozen=True)
class Finding:
    address: str
    title: Any
    count: int


@desk_page()
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    cases = list(Assessment.objects.select_related("brand", "crisis", "owner"))
    standings = standings_for(user, cases)
    work = workflow.open_work_for(user, {pk: standing.blockers for pk, standing in standings.items()}, cases)
    mine = own_cases(user, cases, standings)
    context = {
        "work": [for_screen(one) for one in work[:WAITING_SHOWN]],
        "work_total": len(work),
        "cases": mine[:CASES_SHOWN],
        "cases_total": len(mine),
        "overdue": sum(1 for one in mine if one.is_overdue),
        "saved": saved_last(user),
        "findings": findings(),
        "tasks": tasks_of(user),
    }
    return render_desk(request, "desk/home.html", context)


@dataclass(frozen=True)
class Waiting:
    work: OpenWork
    is_overdue: bool


def for_screen(work: OpenWork) -> Waiting:
    return Waiting(work, work.due is not None and work.due < timezone.localdate())


def own_cases(user: User, cases: Iterable[Assessment], standings: Mapping[int, Standing]) -> list[OwnCase]:
    """The overdue and the next due first."""
    mine = [case for case in cases if case.owner_id == user.pk and case.pk in standings]
    mine.sort(key=lambda case: (case.due_on or date.max, case.brand.sort_key, case.crisis.slug))
    return [OwnCase(case, standings[case.pk], workflow.is_overdue(case)) for case in mine]


def saved_last(user: User) -> list[Saved]:
    events = list(Event.objects.filter(actor=user).select_related("brand").order_by("-id")[:SAVES_SHOWN])
    subjects = subjects_of(events)
    return [Saved(event, subjects[event.pk], in_words(event, subjects[event.pk])) for event in events]


def in_words(event: Event, subject: Subject) -> str:
    """The sort of thing and a verb; what the trail calls a kind of line names the thing itself."""
    verb = str(verb_of(event.kind))
    return f"{subject.kind}, {verb}" if event.kind in VERBS else verb


def verb_of(kind: str) -> Any:
    return VERBS.get(kind) or trail.KINDS.get(kind, kind)


def findings() -> list[Finding]:
    """What the checks of the files found when they were last counted, the largest heap first."""
    counted = [(count, code) for code, count in last_counts().items() if count]
    largest = sorted(counted, reverse=True)[:CHECKS_SHOWN]
    return [Finding(reverse("desk-quality-check", args=[code]), checks[code].title, count) for count, code in largest]


def tasks_of(user: User) -> list[Task]:
    """What this person may do, and only what is there."""
    found = []
    for name, verb, line, rights in TASKS:
        if rights and not any(map(user.has_perm, rights)):
            continue
        try:
            found.append(Task(reverse(name), verb, line))
        except NoReverseMatch:
            continue
    return found
