"""The review of a case before it is published: who looked for what, who has ties, who coded, what the brand was asked.

Reading works on many cases at once, in a number of queries that does not grow with them. Writing goes through the
functions below, each of which leaves a line in the log.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brands.changes import record_decision
from brands.editing import CODED_FIELDS
from brands.models import Action, Brand, BrandProfile, Event, Promise, Proof
from scoring.models import Assessment, EvidenceSearch, Publication, ReplyNotice, Snapshot, Tie, TieKind
from scoring.remembering import remembered
from scoring.scorecards import review_facts

if TYPE_CHECKING:
    from cxalign.accounts.models import User


class ReviewRefused(Exception):
    """Why something cannot be logged, declared or taken back; the text is what the screen shows."""


# --- Who coded --------------------------------------------------------------------------------------------------------

Coders = Mapping[str, Collection[int]]
"""Key of a proof → ids of those who coded it last: one person, or the two of a round."""

coders_of_proof: list[Callable[[Collection[str]], Coders]] = []
"""Whoever keeps records of coding adds its answer. The event log is always asked as well (``coders_by_hand``)."""

weakly_agreed: list[Callable[[], Collection[str]]] = []
"""Whoever measures agreement names, in words, the codes on which coders agree too little for one of them alone to be
trusted, and which no method switches off."""

People = Callable[[Collection[int]], Mapping[int, Collection[int]]]
assigned_coders: list[People] = []
"""Ids of assessments → ids of those who were given records of them to code, and did."""
participants: list[People] = []
"""Ids of assessments → ids of those who settled what coders disagreed on."""


def coders_of(proofs: Collection[str]) -> dict[str, set[int]]:
    """Everybody whom one of the records names as the last coder of a proof."""
    found: dict[str, set[int]] = defaultdict(set)
    for source in (coders_by_hand, *coders_of_proof):
        for proof, people in source(proofs).items():
            found[proof].update(people)
    return dict(found)


def coders_by_hand(proofs: Collection[str]) -> Coders:
    """Who last changed the codes of each proof or of its act, as the event log tells it. One query."""
    of_action: dict[str, list[str]] = defaultdict(list)
    for proof in proofs:
        of_action[proof.split(":")[0]].append(proof)
    subjects = [*(f"brands.action:{key}" for key in of_action), *(f"brands.proof:{key}" for key in proofs)]
    lines = Event.objects.filter(subject__in=subjects, actor__isnull=False).order_by("id")
    last: dict[str, set[int]] = {}
    for subject, actor, changes in lines.values_list("subject", "actor_id", "changes"):
        for proof in of_action[subject.split(":")[1]]:
            if _codes_changed(proof, subject, changes):
                last[proof] = {actor}
            elif _grading_changed(proof, subject, changes):
                last[proof] = last.get(proof, set()) | {actor}  # who coded the act and its proofs stays its coder
    return last


def _codes_changed(proof: str, subject: str, changes: Mapping[str, Any]) -> bool:
    """Whether a line of the log is about the codes of this proof or of its act."""
    action, _colon, part = proof.partition(":")
    if subject == f"brands.proof:{proof}":
        return bool(CODED_FIELDS[Proof] & changes.keys())
    if subject != f"brands.action:{action}":
        return False
    if CODED_FIELDS[Action] & changes.keys():
        return True
    own = {f"proofs.{part}.{field}" for field in CODED_FIELDS[Proof]}
    return bool(own & changes.keys())


CODES_OF_A_SOURCE = ("kind", "independence_group")
"""What is coded of a source behind an act: it grades the evidence. The page or clause does not."""


def _grading_changed(proof: str, subject: str, changes: Mapping[str, Any]) -> bool:
    """Whether a line of the log is about the codes of the sources behind this proof's act."""
    if subject != f"brands.action:{proof.partition(':')[0]}":
        return False
    names = (name for name in changes if name.startswith("source_links."))
    return any(name.rpartition(".")[2] in CODES_OF_A_SOURCE for name in names)


# --- Ties -------------------------------------------------------------------------------------------------------------

Declared = Mapping[tuple[int, int], list[Tie]]
"""(person, brand) → what stands declared, newest first; no entry where nothing was declared."""


def declarations(*, brands: Collection[int]) -> Declared:
    found: dict[tuple[int, int], list[Tie]] = defaultdict(list)
    for tie in Tie.objects.standing().filter(brand__in=brands).order_by("-id"):
        found[tie.user_id, tie.brand_id].append(tie)
    return dict(found)


def ties_in_force(user_id: int, brand_id: int) -> list[Tie]:
    """The ties that bar this person from coding, settling and publishing this brand's cases today."""
    declared = Tie.objects.standing().filter(user=user_id, brand=brand_id).order_by("-id")
    return [tie for tie in declared if tie.in_force()]


def check_has_no_tie(user: User, brand: Brand) -> None:
    """Raise ``ReviewRefused`` where a declared tie bars this person. For whoever assigns, codes or settles."""
    if ties := ties_in_force(user.pk, brand.pk):
        raise ReviewRefused(
            _("%(person)s has declared a tie with %(brand)s (%(kind)s).")
            % {"person": user, "brand": brand, "kind": ties[0].get_kind_display()}
        )


@transaction.atomic
def declare_tie(
    user: User,
    brand: Brand,
    *,
    kind: str,
    text_en: str = "",
    text_fr: str = "",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Tie:
    """Declare a tie, or with ``TieKind.NONE`` that there is none. Nobody can declare for somebody else."""
    Brand.objects.select_for_update().get(pk=brand.pk)
    standing = list(Tie.objects.standing().filter(user=user, brand=brand))
    if kind == TieKind.NONE and any(tie.in_force() for tie in standing):
        raise ReviewRefused(_("A tie with this brand is still in force: end it or take it back first."))
    if kind == TieKind.NONE and (again := [tie for tie in standing if not tie.is_tie]):
        return again[0]
    tie = Tie(user=user, brand=brand, kind=kind, text_en=text_en, text_fr=text_fr, since=since, until=until)
    tie.full_clean()
    tie.save()
    told = {"kind": kind, "text_en": text_en, "text_fr": text_fr, "since": _day(since), "until": _day(until)}
    note("tie.declared", brand, tie, by=user, changes={name: [None, value] for name, value in told.items() if value})
    return tie


@transaction.atomic
def declare_no_ties(user: User, brands: Collection[Brand]) -> tuple[list[Brand], list[Brand]]:
    """Declare for several brands at once that there is no tie; those that took it, and those where one is in force."""
    taken, refused = [], []
    for brand in sorted(brands, key=lambda one: one.pk):  # brands are locked in one order everywhere
        try:
            declare_tie(user, brand, kind=TieKind.NONE)
        except ReviewRefused:
            refused.append(brand)
        else:
            taken.append(brand)
    return taken, refused


@transaction.atomic
def end_tie(tie: Tie, *, on: datetime.date) -> Tie:
    """Say on which day a tie ended. It stays on record, and bars until that day."""
    tie = _held(tie)
    if not tie.is_tie:
        raise ReviewRefused(_("Only a tie can end."))
    if tie.since and on < tie.since:
        raise ReviewRefused(_("It cannot end before it began."))
    before, tie.until = tie.until, on
    tie.save(update_fields=["until"])
    note("tie.ended", tie.brand, tie, by=tie.user, changes={"until": [_day(before), _day(on)]})
    return tie


@transaction.atomic
def take_back_tie(tie: Tie, *, reason: str) -> Tie:
    """Take back a declaration that was wrong from the start."""
    tie = _held(tie)
    _check_reason(reason)
    tie.take_back(reason)
    note("tie.withdrawn", tie.brand, tie, by=tie.user, changes={"withdrawn": [False, True]}, reason=reason)
    return tie


@dataclass(frozen=True)
class Undeclared:
    """Somebody who took part in judging a case and has declared nothing about its brand."""

    assessment: Assessment
    person: User


Part = tuple[int | None, int, int]
"""A case, its brand, and a person who took part in it; no case where it was in all cases of the brand."""

parts: list[Callable[[], QuerySet[Any, Any]]] = []
"""Each gives rows of three values (``Part``): who published, who coded, who settled. Whoever keeps records of coding
adds its own."""


def ties_undeclared(of: User | None = None) -> list[Undeclared]:
    """Every coder, adjudicator and publisher of a case who has declared nothing about its brand, by case.

    ``of`` is one person, where only theirs are asked for.
    """
    silent = {part for part in silent_parts() if of is None or part[2] == of.pk}
    brands = {brand for _case, brand, _person in silent}
    cases = Assessment.objects.filter(brand__in=brands).select_related("brand", "crisis")
    users = _users({person for _case, _brand, person in silent})
    people = {
        case: sorted({person for pk, brand, person in silent if brand == case.brand_id and pk in (None, case.pk)})
        for case in cases
    }
    return [Undeclared(case, users[pk]) for case, found in people.items() for pk in found if pk in users]


def silent_parts() -> set[Part]:
    """Who took part in judging what, and has not said how they stand to the brand: two queries."""
    first, *others = (of_these() for of_these in parts)
    declared = set(Tie.objects.standing().values_list("user_id", "brand_id").order_by())
    return {(case, brand, person) for case, brand, person in first.union(*others) if (person, brand) not in declared}


def publishers() -> QuerySet[Any, Any]:
    """To publish is to approve."""
    published = Publication.objects.filter(published_by__isnull=False).order_by()
    return published.values_list("assessment_id", "assessment__brand_id", "published_by_id")


def coders_by_hand_of_brands() -> QuerySet[Any, Any]:
    """Who chose a code on a screen of the facts, as the trail tells it. To correct a statement is not to code.

    The names of what a line changes are looked for in its text: no index knows them, and no name of a code is read
    out of a value, where a quotation mark is never bare.
    """
    lines = Event.objects.filter(_about_coded(), actor__isnull=False, brand__isnull=False).order_by()
    lines = lines.annotate(named=Cast("changes", TextField()), no_case=Cast(Value(None), IntegerField()))
    return lines.filter(_names_a_code()).values_list("no_case", "brand_id", "actor_id").distinct()


def _about_coded() -> Q:
    found = Q()
    for model in (Action, Proof, Promise, BrandProfile):
        found |= Q(subject__startswith=f"{model._meta.label_lower}:")
    return found


def _names_a_code() -> Q:
    found = Q(named__contains='"statement_level":')
    for name in CODES_OF_A_SOURCE:
        found |= Q(named__contains='"source_links.') & Q(named__contains=f'.{name}":')
    for name in frozenset[str]().union(*CODED_FIELDS.values()):
        found |= Q(named__contains=f'"{name}":')
    for name in CODED_FIELDS[Proof]:  # in a line about its act
        found |= Q(named__contains=f'.{name}":')
    return found


parts += [publishers, coders_by_hand_of_brands]


def _told_by(sources: list[People], case_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for source in sources:
        for pk, people in source(list(case_ids)).items():
            if pk in case_ids:
                found[pk] |= set(people)
    return found


def took_part_in(case: Assessment, coders: set[int]) -> dict[str, set[int]]:
    """Role → who coded what decides a case, and who else took part in it, for the declared ties of a version."""
    coders = coders | _told_by(assigned_coders, [case.pk]).get(case.pk, set())
    return {"coder": coders, "adjudicator": _told_by(participants, [case.pk]).get(case.pk, set()) - coders}


def _users(ids: Collection[int]) -> dict[int, Any]:
    from django.contrib.auth import get_user_model

    return get_user_model()._default_manager.in_bulk(list(ids))


# --- Searches ---------------------------------------------------------------------------------------------------------

Cell = tuple[str, str]
"""Stakeholder group and what was looked for."""


@dataclass(frozen=True)
class SearchEntry:
    """One search as it is entered."""

    stakeholder: str
    looked_for: str
    queries: str
    engine: str
    searched_on: datetime.date
    hits: int
    note: str = ""


@remembered
def searches_of(case_ids: Collection[int]) -> dict[int, set[Cell]]:
    """Case → for which groups help and harm were looked for."""
    found: dict[int, set[Cell]] = {pk: set() for pk in case_ids}
    rows = EvidenceSearch.objects.standing().filter(assessment__in=case_ids).order_by()
    for pk, group, looked_for in rows.values_list("assessment_id", "stakeholder", "looked_for").distinct():
        found[pk].add((group, looked_for))
    return found


@transaction.atomic
def log_searches(case: Assessment, entries: Iterable[SearchEntry], *, by: User) -> list[EvidenceSearch]:
    """Log several searches at once, all or none."""
    entries, logged = list(entries), []
    for entry in entries:
        search = EvidenceSearch(assessment=case, by=by, **vars(entry))
        search.full_clean()
        search.save()
        logged.append(search)
    for search, entry in zip(logged, entries, strict=True):  # the trail is the last that a writer holds
        told = {"stakeholder": entry.stakeholder, "looked_for": entry.looked_for, "queries": entry.queries}
        told |= {"engine": entry.engine, "searched_on": entry.searched_on.isoformat(), "hits": str(entry.hits)}
        told |= {"note": entry.note} if entry.note else {}
        note("search.logged", case.brand, search, by=by, changes={name: [None, value] for name, value in told.items()})
    return logged


@transaction.atomic
def take_back_search(search: EvidenceSearch, *, by: User, reason: str) -> EvidenceSearch:
    search = _held(search)
    _check_reason(reason)
    search.take_back(reason)
    brand = search.assessment.brand
    note("search.withdrawn", brand, search, by=by, changes={"withdrawn": [False, True]}, reason=reason)
    return search


def _held(record: Any) -> Any:
    """The record as it is now, locked; refused where it was taken back already."""
    held = type(record)._default_manager.select_for_update().get(pk=record.pk)
    if held.is_withdrawn:
        raise ReviewRefused(_("This was taken back already."))
    return held


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReviewRefused(_("Write the reason: it is kept for good."))


# --- What the brand was asked, and what it said -----------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    """Something said to the brand, by the brand or by a reader about a case: a notice, a reply, a reported error."""

    kind: str
    """``notice``, ``reply`` or ``report``."""
    reference: str
    """Stable, such as ``notice:12``."""
    on: datetime.date
    words: Any = ""
    """One line about it for the case page."""
    address: str = ""
    until: datetime.date | None = None
    """The last day for a reply, where this asks for one."""
    draft: Snapshot | None = field(default=None, compare=False)
    """The draft verdict that a notice was about."""

    def as_kept(self) -> dict[str, str]:
        return {"kind": self.kind, "reference": self.reference, "on": self.on.isoformat()}


requests: list[Callable[[Collection[int]], Mapping[int, list[Request]]]] = []
"""Ids of assessments → what brands and readers said about them. Whoever keeps replies adds its answer."""


@dataclass(frozen=True)
class Offer:
    """The brand was asked for its reply: on which day first, and until when at the latest."""

    asked_on: datetime.date
    until: datetime.date


def offer_among(said: Iterable[Request]) -> Offer | None:
    """A notice that was revoked has no last day any more, and offers nothing."""
    notices = [(one.on, one.until) for one in said if one.kind == "notice" and one.until]
    return Offer(min(on for on, _until in notices), max(until for _on, until in notices)) if notices else None


def was_offered(snapshot: Snapshot, said: Iterable[Request]) -> bool:
    """Whether the brand was asked about this verdict: the draft it was sent came to the same outcome, by the same
    proofs or more. One about another verdict is no offer to reply to this one."""
    drafts = [one.draft for one in said if one.kind == "notice" and one.until and one.draft]
    same = [draft for draft in drafts if draft.outcome == snapshot.outcome]
    deciding = _deciding(snapshot) if same else set()
    return any(deciding <= _deciding(draft) for draft in same)


def _deciding(snapshot: Snapshot) -> set[str]:
    return {proof["proof"] for proof in review_facts(snapshot)["deciding"]}


def reply_offered_on(assessment: Assessment) -> datetime.date | None:
    """The day on which the brand was first offered a reply in this case."""
    offer = offer_among(requests_of([assessment.pk])[assessment.pk])
    return offer.asked_on if offer else None


def requests_of(case_ids: Collection[int]) -> dict[int, list[Request]]:
    """Everything said about each case, oldest first; notices to the brand among it."""
    found: dict[int, list[Request]] = {pk: [] for pk in case_ids}
    for source in (_notices, *requests):
        for pk, entries in source(case_ids).items():
            found[pk] += entries
    return {pk: sorted(entries, key=in_order) for pk, entries in found.items()}


def in_order(entry: Request) -> tuple[datetime.date, str, int, str]:
    """By day; of one day, numbers in the order of numbers: 9 before 10."""
    return entry.on, entry.kind, len(entry.reference), entry.reference


LONG_TEXTS = ("snapshot__facts", "snapshot__verdict", "snapshot__document")


@remembered
def notices_of(case_ids: Collection[int]) -> list[ReplyNotice]:
    """Every notice about these cases, and whether the case was published since: ``published_since``."""
    later = Publication.objects.filter(assessment=OuterRef("assessment"), published_at__gte=OuterRef("sent_at"))
    rows = ReplyNotice.objects.filter(assessment__in=case_ids).select_related("snapshot").defer("note", *LONG_TEXTS)
    return list(rows.annotate(published_since=Exists(later)))


def _notices(case_ids: Collection[int]) -> dict[int, list[Request]]:
    found: dict[int, list[Request]] = defaultdict(list)
    for notice in notices_of(case_ids):
        words = _("Reply asked for, until %(day)s") % {"day": date_format(notice.deadline, "DATE_FORMAT")}
        if notice.revoked_at:
            words = _("Reply asked for, and the notice revoked")
        day, until = timezone.localtime(notice.sent_at).date(), None if notice.revoked_at else notice.deadline
        found[notice.assessment_id].append(
            Request("notice", f"notice:{notice.pk}", day, words, until=until, draft=notice.snapshot)
        )
    return found


def _day(value: datetime.date | None) -> str | None:
    return value.isoformat() if value else None


# --- Writing it down --------------------------------------------------------------------------------------------------


def note(
    kind: str, brand: Brand, subject: models.Model, *, by: User, changes: dict[str, Any], reason: str = ""
) -> None:
    """A line in the log that changes no fact, so that nothing becomes due for scoring."""
    record_decision(kind, brand=brand, subject=subject, actor=by, changes=changes, reason=reason)


def active_editors() -> list[int]:
    """Ids of those who may publish."""
    from django.contrib.auth import get_user_model

    backend = "django.contrib.auth.backends.ModelBackend"
    found = get_user_model()._default_manager.with_perm("scoring.publish", backend=backend)
    return list(found.filter(Q(is_active=True)).order_by("pk").values_list("pk", flat=True))
