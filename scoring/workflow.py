"""Where a case stands between draft and publication, and what holds it there.

Nothing of this is stored, so it cannot be wrong: each part of the work (coding, replies, publishing …) says what it
knows to be open, and the state of a case follows from that. A part adds its answer to ``watchers`` when the
application starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scoring.models import (
    MAX_ATTEMPTS,
    Assessment,
    OutcomeChoice,
    Publication,
    RobustnessChoice,
    ScoringJob,
    Snapshot,
    may_read_drafts,
)
from scoring.remembering import remembered, remembering

if TYPE_CHECKING:
    from cxalign.accounts.models import User

ORGANISE = "scoring.organise"
PUBLISH = "scoring.publish"


class State(TextChoices):
    """The states of a case, in the order of the work."""

    DRAFT = "draft", _("Draft")
    CODING = "coding", _("Coding")
    ADJUDICATION = "adjudication", _("Adjudication")
    REPLY_WINDOW = "reply_window", _("Reply window")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@dataclass(frozen=True)
class Blocker:
    """One thing that somebody has to do before the case can go on."""

    code: str
    words: Any
    """What is missing, short, in the reader's language: “second coder missing”."""
    address: str
    """Where it is done."""
    state: State | None = None
    """The state in which the case stays until then; None where it only waits beside others."""
    waits_for: frozenset[int] = frozenset()
    """Ids of the people whose turn it is; empty where it is any editor's."""
    since: datetime | None = None
    due: date | None = None
    names_its_day: bool = False
    """Whether the words say already when it is due."""
    unhindered: bool = False
    """Whether it says that nothing is in the way: then it stands only where no step of the work is open."""


Watcher = Callable[[Collection[int]], Mapping[int, list[Blocker]]]
"""Ids of assessments → what is open for each of them, in a number of queries that does not grow with the cases."""

watchers: list[Watcher] = []
for_states: dict[Watcher, Watcher] = {}
"""A watcher → one that tells with less reading those of its blockers in which a case stays in a state."""


def blockers_of(case_ids: Collection[int], asked: Iterable[Watcher] | None = None) -> dict[int, list[Blocker]]:
    """All that is open for each case, as every part of the work tells it."""
    found: dict[int, list[Blocker]] = {pk: [] for pk in case_ids}
    for watcher in watchers if asked is None else asked:
        for pk, blockers in watcher(case_ids).items():
            found[pk] += blockers
    return {pk: without_contradiction(blockers) for pk, blockers in found.items()}


def without_contradiction(blockers: list[Blocker]) -> list[Blocker]:
    """Each part of the work knows its own only: nothing is ready while another part still has a step open."""
    if not any(blocker.state for blocker in blockers):
        return blockers
    return [blocker for blocker in blockers if not blocker.unhindered]


# --- Where a case stands ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicState:
    """What the public sees of a case, and what the working verdict is meanwhile."""

    version: int | None = None
    """The version in force, if there is one."""
    withdrawn: bool = False
    """Whether what was public was taken back and nothing took its place."""
    outcome: str = ""
    robustness: str = ""
    judged_at: datetime | None = None
    differs: bool = False
    """Whether the working verdict is a newer one than the version in force."""

    @property
    def outcome_word(self) -> str:
        return str(OutcomeChoice(self.outcome).label) if self.outcome else ""

    @property
    def robustness_word(self) -> str:
        return str(RobustnessChoice(self.robustness).label) if self.robustness else ""


@dataclass(frozen=True)
class Standing:
    """One case: its state, its verdict, and all that is open for it."""

    state: State
    verdict: PublicState
    blockers: list[Blocker] = field(default_factory=list)


@remembered
def public_states(case_ids: Collection[int]) -> dict[int, PublicState]:
    """Verdict and publication of each case, in one query."""
    return {pk: state for pk, _brand, _crisis, state in public_states_of(Assessment.objects.filter(pk__in=case_ids))}


def public_states_of(cases: QuerySet[Assessment]) -> list[tuple[int, int, int, PublicState]]:
    """Id, brand and crisis of each case, with its verdict and publication."""
    latest = Snapshot.objects.filter(assessment=OuterRef("pk")).order_by("-sequence")
    current = Publication.objects.current().filter(assessment=OuterRef("pk"))
    gone = Publication.objects.filter(assessment=OuterRef("pk"), withdrawn_at__isnull=False)
    rows = cases.values_list(
        "pk",
        "brand_id",
        "crisis_id",
        Subquery(current.values("version")[:1]),
        Subquery(current.values("snapshot")[:1]),
        Subquery(gone.values("version")[:1]),
        Subquery(latest.values("pk")[:1]),
        Subquery(latest.values("outcome")[:1]),
        Subquery(latest.values("robustness")[:1]),
        Subquery(latest.values("created_at")[:1]),
    )
    return [(pk, brand, crisis, _public_state(*values)) for pk, brand, crisis, *values in rows.order_by()]


def public_state_of(newest: Snapshot | None, versions: Sequence[Publication]) -> PublicState:
    """The same from the working verdict and the versions of a case, the newest first, for whoever has read them."""
    current = next((one for one in versions if one.is_current), None)
    gone = next((one for one in versions if one.withdrawn_at), None)
    return _public_state(
        current.version if current else None,
        current.snapshot_id if current else None,
        gone.version if gone else None,
        *((newest.pk, newest.outcome, newest.robustness, newest.created_at) if newest else (None, None, None, None)),
    )


def _public_state(
    version: int | None,
    shown: int | None,
    gone: int | None,
    newest: int | None,
    outcome: str | None,
    robustness: str | None,
    judged_at: datetime | None,
) -> PublicState:
    return PublicState(
        version=version,
        withdrawn=version is None and gone is not None,
        outcome=outcome or "",
        robustness=robustness or "",
        judged_at=judged_at,
        differs=version is not None and shown != newest,
    )


def standings_of(case_ids: Collection[int]) -> dict[int, Standing]:
    """Where each case stands: derived anew each time, in a number of queries that does not grow with the cases."""
    with remembering():
        blockers, public = blockers_of(case_ids), public_states(case_ids)
    return {pk: standing(public[pk], blockers[pk]) for pk in case_ids if pk in public}


def standing(public: PublicState, blockers: list[Blocker]) -> Standing:
    return Standing(_state(blockers, public), public, blockers)


def state_of(case_ids: Collection[int]) -> dict[int, State]:
    """Where each case stands, without what holds it there: whoever knows no state is not asked."""
    with remembering():
        blockers = blockers_of(case_ids, [for_states.get(watcher, watcher) for watcher in watchers])
        public = public_states(case_ids)
    return {pk: _state(blockers[pk], public[pk]) for pk in case_ids if pk in public}


def _state(blockers: Iterable[Blocker], public: PublicState) -> State:
    """The first step of the work that is still open; else what the public sees."""
    open_steps = {blocker.state for blocker in blockers}
    for state in (State.CODING, State.ADJUDICATION, State.REPLY_WINDOW):
        if state in open_steps:
            return state
    if public.version is not None:
        return State.PUBLISHED
    return State.WITHDRAWN if public.withdrawn else State.DRAFT


# --- What this module knows to be open --------------------------------------------------------------------------------


def watch_verdicts(case_ids: Collection[int]) -> Mapping[int, list[Blocker]]:
    """Nothing judged yet; a working verdict that is not what the public sees."""
    found = {}
    for pk, public in public_states(case_ids).items():
        if not public.outcome:
            found[pk] = [_not_judged(pk)]
        elif public.differs:
            found[pk] = [_differs(pk, public)]
    return found


def _not_judged(pk: int) -> Blocker:
    return Blocker("not_judged", _("nothing judged yet"), _case_page(pk), State.DRAFT)


def _differs(pk: int, public: PublicState) -> Blocker:
    return Blocker("differs", _("working verdict differs from what is public"), _case_page(pk), since=public.judged_at)


def _case_page(pk: int) -> str:
    return reverse("admin:scoring_assessment_change", args=[pk])


def watch_scoring(case_ids: Collection[int]) -> Mapping[int, list[Blocker]]:
    """A judgement that failed so often that it was given up."""
    found: dict[int, list[Blocker]] = {}
    for job in open_jobs(case_ids):
        if job.is_parked:
            address = reverse("admin:scoring_scoringjob_change", args=[job.pk])
            found.setdefault(job.case, []).append(Blocker("scoring_failed", _("the judgement fails"), address))
    return found


@dataclass(frozen=True, slots=True)
class OpenJob:
    """The judgement of a case that is behind its facts."""

    pk: int
    case: int
    is_parked: bool
    """Whether it failed so often that it was given up."""
    is_due: bool


@remembered
def open_jobs(case_ids: Collection[int]) -> list[OpenJob]:
    behind = Q(brand__facts_revision__gt=F("scored_revision"))
    failed = Q(attempts__gte=MAX_ATTEMPTS, failed_revision=F("brand__facts_revision"))
    jobs = ScoringJob.objects.filter(behind | failed, brand__assessments__in=case_ids)
    jobs = jobs.annotate(
        gave_up=ExpressionWrapper(failed, BooleanField()), is_due=ExpressionWrapper(behind, BooleanField())
    )
    rows = jobs.values_list("pk", "brand__assessments", "gave_up", "is_due").order_by()
    return [OpenJob(*row) for row in rows if row[1] in case_ids]


def nothing(case_ids: Collection[int]) -> Mapping[int, list[Blocker]]:
    """For a watcher whose blockers keep a case in no state."""
    return {}


watchers += [watch_verdicts, watch_scoring]
for_states[watch_scoring] = nothing


# --- Whose turn it is -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenWork:
    """One thing that waits for a person, with the case that it holds."""

    case: Assessment
    blocker: Blocker
    is_mine: bool
    """Whether it waits for this person by name, or is their case; else it is any editor's."""

    @property
    def due(self) -> date | None:
        return self.blocker.due or (self.case.due_on if self.is_mine else None)


def open_work_for(
    user: User,
    open_now: Mapping[int, list[Blocker]] | None = None,
    known: Iterable[Assessment] | None = None,
) -> list[OpenWork]:
    """What waits for this person: by name, as a case’s owner, or as one of the editors. The most pressing first.

    ``open_now`` is what ``blockers_of`` said of all cases, and ``known`` are these, for whoever has asked already.
    """
    if not may_read_drafts(user):
        return []
    every = Assessment.objects.select_related("brand", "crisis", "owner") if known is None else known
    cases = {case.pk: case for case in every}
    is_editor = user.has_perm(ORGANISE) or user.has_perm(PUBLISH)
    work = [
        OpenWork(cases[pk], blocker, is_mine=user.pk in blocker.waits_for or cases[pk].owner_id == user.pk)
        for pk, blockers in (blockers_of(cases) if open_now is None else open_now).items()
        if pk in cases
        for blocker in blockers
        if _is_turn_of(user.pk, blocker, cases[pk], is_editor)
    ]
    return sorted(work, key=_pressing)


def _is_turn_of(user_id: int, blocker: Blocker, case: Assessment, is_editor: bool) -> bool:
    if blocker.waits_for:
        return user_id in blocker.waits_for
    return is_editor or case.owner_id == user_id


def _pressing(work: OpenWork) -> tuple[bool, date, datetime]:
    """Mine before anybody's; then what is due first; then what has waited longest."""
    never = date.max
    now = datetime.combine(date.max, time(), tzinfo=timezone.get_current_timezone())
    return (not work.is_mine, work.due or never, work.blocker.since or now)


def owned_by(user: User) -> QuerySet[Assessment]:
    """The cases that a person owns, the overdue and the next due first."""
    cases = Assessment.objects.filter(owner=user) if may_read_drafts(user) else Assessment.objects.none()
    return cases.select_related("brand", "crisis").order_by(F("due_on").asc(nulls_last=True), "brand", "crisis")


# --- Until when -------------------------------------------------------------------------------------------------------


def is_overdue(case: Assessment, today: date | None = None) -> bool:
    return case.due_on is not None and case.due_on < (today or timezone.localdate())


def overdue(today: date | None = None) -> Q:
    return Q(due_on__lt=today or timezone.localdate())
