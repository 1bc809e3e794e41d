"""The publication policies: what each asks before a verdict is made public, in one table.

The screen, the refusal, the queue and the documentation all read ``GATES``. A gate finds nothing to object, or says
what is missing. From the policy it names on, its finding refuses; under the ones before, it is a warning.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models import TextChoices as Choices
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from brands import codes
from scoring import quality, review
from scoring.models import Assessment, OutcomeChoice, Publication, Snapshot, Tie
from scoring.scorecards import review_facts
from scoring.workflow import Blocker, State

if TYPE_CHECKING:
    from cxalign.accounts.models import User


class Policy(Choices):
    """From the most trusting to the strictest; each keeps what the ones before it ask."""

    SOLO = "solo", _("Solo")
    FOUR_EYES = "four_eyes", _("Four eyes")
    STRICT = "strict", _("Strict")

    @property
    def rank(self) -> int:
        return list(Policy).index(self)


def policy_in_force() -> Policy:
    return Policy(settings.PUBLICATION_POLICY)


POSITIVE = (OutcomeChoice.ALIGNED, OutcomeChoice.EXCEEDS_PROMISE, OutcomeChoice.DNA_PROACTIVE)
FIRMEST_EVIDENCE = 3
TWO_SOURCES = 2


@dataclass(frozen=True)
class Situation:
    """Everything that a gate looks at: one working verdict, and who would publish it."""

    case: Assessment
    outcome: str
    reason: str
    independent_groups: int
    facts: Mapping[str, Any]
    """``scorecards.review_of`` the document."""
    person: int | None = None
    """Who would publish; None where nobody in particular is asked for, as in a queue."""
    coders: Mapping[str, Collection[int]] = field(default_factory=dict)
    searched: Collection[review.Cell] = ()
    ties: Mapping[tuple[int, int], list[Tie]] = field(default_factory=dict)
    offer: review.Offer | None = None
    """What the brand was asked in this case, and until when."""
    was_offered: bool = False
    """Whether it was asked about this very verdict."""
    said: Collection[review.Request] = ()
    weak: Callable[[], Collection[str]] = tuple
    """Codes that one coder alone cannot be trusted with, in words, where a deciding proof was coded by one."""
    today: datetime.date = field(default_factory=timezone.localdate)

    @property
    def deciding(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.facts["deciding"]
        return found

    @property
    def coder_ids(self) -> set[int]:
        return set().union(*self.coders.values()) if self.coders else set()

    @property
    def answered(self) -> bool:
        """Whether the brand has replied since it was asked."""
        offer = self.offer
        return offer is not None and any(one.kind == "reply" and one.on >= offer.asked_on for one in self.said)

    def declared(self, person: int) -> list[Tie]:
        return self.ties.get((person, self.case.brand_id), [])

    def is_tied(self, person: int) -> bool:
        return any(tie.in_force(self.today) for tie in self.declared(person))


# --- The gates --------------------------------------------------------------------------------------------------------

Details = list[str]
"""Which proofs, groups or days it is about; empty where the sentence says it all."""
Check = Callable[[Situation], Details | None]
"""None where the gate has nothing to object."""

Place = str
SEARCHES, TIES, EVIDENCE, CODING, REPLIES = "desk-searches", "desk-ties", "evidence", "coding", "replies"


@dataclass(frozen=True)
class Gate:
    """One thing that a policy asks."""

    code: str
    missing: Any
    """What is wrong, as a sentence."""
    met: Any
    """What holds where the gate is met, as a sentence."""
    check: Check
    mended_at: Place
    refuses_from: Policy | None = None
    """None: it only ever warns."""
    state: State | None = None
    """The state of the work that a refused case is in."""
    about_the_person: bool = False
    spares: Callable[[Situation], bool] = lambda _case: False
    """Where it only warns, whatever the policy."""

    def refuses(self, case: Situation, policy: Policy) -> bool:
        return self.refuses_from is not None and policy.rank >= self.refuses_from.rank and not self.spares(case)


def _fails(wrong: bool) -> Details | None:
    return [] if wrong else None


def _which(found: Iterable[str]) -> Details | None:
    return list(found) or None


def _no_sourced_promise(case: Situation) -> Details | None:
    return _fails(not case.facts["sourced_promise"])


def _says_there_is_none(case: Situation) -> bool:
    """That no promise is on file is itself the verdict."""
    return case.outcome == OutcomeChoice.NO_PROMISE


def _no_sourced_action(case: Situation) -> Details | None:
    return _fails(not case.facts["sourced_action"])


def _single_source(case: Situation) -> Details | None:
    return _fails(case.independent_groups < TWO_SOURCES)


def _one_language(case: Situation) -> Details | None:
    return _fails(case.facts["one_language"])


def _own_coding(case: Situation) -> Details | None:
    return _which(named(proof) for proof in case.deciding if case.person in case.coders.get(proof["proof"], ()))


def _own_tie(case: Situation) -> Details | None:
    if case.person is None:
        return None
    return _which(tie_in_words(tie) for tie in case.declared(case.person) if tie.in_force(case.today))


def _own_tie_undeclared(case: Situation) -> Details | None:
    return _fails(case.person is not None and not case.declared(case.person))


def _coded_once(case: Situation) -> Details | None:
    return _which(named(proof) for proof in case.deciding if proof["single"])


def _weakly_agreed(case: Situation) -> Details | None:
    return _which(case.weak() if any(proof["single"] for proof in case.deciding) else ())


def _reply_not_offered(case: Situation) -> Details | None:
    if case.outcome != OutcomeChoice.BROKEN_PROMISE or case.was_offered:
        return None
    return _fails(max((proof["evidence"] for proof in case.deciding), default=0) < FIRMEST_EVIDENCE)


def _reply_window_open(case: Situation) -> Details | None:
    if case.offer is None or case.answered or case.offer.until < case.today:
        return None
    return [date_format(case.offer.until, "DATE_FORMAT")]


def _harm_not_looked_for(case: Situation) -> Details | None:
    if case.outcome not in POSITIVE:
        return None
    missing = (group for group in case.facts["core"] if (group, codes.Direction.HARMS) not in case.searched)
    return _which(str(codes.Stakeholder(group).label) for group in missing)


def _coder_tied(case: Situation) -> Details | None:
    return _which(
        named(proof)
        for proof in case.deciding
        if any(case.is_tied(coder) for coder in case.coders.get(proof["proof"], ()))
    )


GATES: tuple[Gate, ...] = (
    Gate(
        "no_sourced_promise",
        _("No promise on file has a source."),
        _("A promise on file has a source."),
        _no_sourced_promise,
        EVIDENCE,
        Policy.FOUR_EYES,
        spares=_says_there_is_none,
    ),
    Gate(
        "no_sourced_action",
        _("No act on file has a source."),
        _("An act on file has a source."),
        _no_sourced_action,
        EVIDENCE,
        Policy.FOUR_EYES,
    ),
    Gate(
        "own_coding",
        _("You were the last to code a proof that decides the verdict."),
        _("You were not the last to code a proof that decides the verdict."),
        _own_coding,
        EVIDENCE,
        Policy.FOUR_EYES,
        about_the_person=True,
    ),
    Gate(
        "own_tie",
        _("You have declared a tie with this brand that is in force."),
        _("You have declared no tie with this brand that is in force."),
        _own_tie,
        TIES,
        Policy.FOUR_EYES,
        about_the_person=True,
    ),
    Gate(
        "own_tie_undeclared",
        _("You have not declared whether you have a tie with this brand."),
        _("You have declared how you stand to this brand."),
        _own_tie_undeclared,
        TIES,
        Policy.STRICT,
        about_the_person=True,
    ),
    Gate(
        "coded_once",
        _("Proofs that decide the verdict were coded by one person only."),
        _("Every proof that decides the verdict was coded by two people and settled."),
        _coded_once,
        CODING,
        Policy.STRICT,
        State.CODING,
    ),
    Gate(
        "weakly_agreed",
        _("One person alone coded what decides the verdict, and coders agree too little on some of its codes."),
        _("No code on which coders agree too little was left to one person."),
        _weakly_agreed,
        CODING,
    ),
    Gate(
        "reply_not_offered",
        _("A broken promise needs evidence of grade 3, or the brand must have been offered a reply to this verdict."),
        _("No broken promise without evidence of grade 3 or an offer of reply."),
        _reply_not_offered,
        REPLIES,
        Policy.STRICT,
        State.REPLY_WINDOW,
    ),
    Gate(
        "reply_window_open",
        _("The brand still has time to reply."),
        _("No time that the brand was given to reply is still running."),
        _reply_window_open,
        REPLIES,
        Policy.STRICT,
        State.REPLY_WINDOW,
    ),
    Gate(
        "harm_not_looked_for",
        _("Nobody has logged a search for harm to every core group."),
        _("Harm was looked for wherever the verdict says that none was found."),
        _harm_not_looked_for,
        SEARCHES,
        Policy.STRICT,
    ),
    Gate(
        "coder_tied",
        _("Somebody with a declared tie coded a proof that decides the verdict."),
        _("Nobody who coded a deciding proof has a declared tie."),
        _coder_tied,
        CODING,
        Policy.STRICT,
        State.CODING,
    ),
    Gate(
        "single_source",
        _("The evidence rests on fewer than two independent sources."),
        _("The evidence rests on two independent sources or more."),
        _single_source,
        EVIDENCE,
    ),
    Gate(
        "one_language",
        _("A promise or an act is worded in one language only."),
        _("Every promise and act is worded in both languages."),
        _one_language,
        EVIDENCE,
    ),
)

RETIRED = {
    "not_double_coded": _("The codes are those of one person."),
    "text_missing_in_one_language": _("A promise or an act is worded in one language only."),
}
"""Codes that older versions stored as warnings."""


def words_of(code: str) -> str:
    """A stored warning as a sentence; an unknown code is shown as it is, so that nothing vanishes."""
    known = {gate.code: gate.missing for gate in GATES} | RETIRED
    return str(known.get(code, code))


def named(proof: Mapping[str, Any]) -> str:
    """A proof as people know it: what was done, and to whom."""
    language = "fr" if (get_language() or "en").startswith("fr") else "en"
    return f"{proof['statement'][language].rstrip('.')} ({codes.Stakeholder(proof['stakeholder']).label})"


def tie_in_words(tie: Tie) -> str:
    language = "fr" if (get_language() or "en").startswith("fr") else "en"
    first, second = (tie.text_fr, tie.text_en) if language == "fr" else (tie.text_en, tie.text_fr)
    return f"{tie.get_kind_display()} – {(first or second).rstrip('.')}"


# --- What they find ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """What one gate says of one verdict."""

    gate: Gate
    details: Details | None
    refuses: bool
    situation: Situation

    @property
    def address(self) -> str:
        """Where what is missing is mended. Asked for late: lists show few of many."""
        return _place(self.gate, self.situation)

    @property
    def is_met(self) -> bool:
        return self.details is None

    @property
    def state(self) -> str:
        """``met``, ``warns`` or ``refuses``."""
        if self.is_met:
            return "met"
        return "refuses" if self.refuses else "warns"

    @property
    def sentence(self) -> str:
        return str(self.gate.met if self.is_met else self.gate.missing)

    @property
    def whole(self) -> str:
        """The sentence with what it is about."""
        if not self.details:
            return self.sentence
        parts = {"sentence": self.sentence.rstrip("."), "what": ", ".join(self.details)}
        return gettext("%(sentence)s: %(what)s.") % parts


STATES = ("refuses", "warns", "met")


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: STATES.index(finding.state))


def ask(situation: Situation, policy: Policy | None = None) -> list[Finding]:
    """Every gate's answer, in the order of the table."""
    policy = policy or policy_in_force()
    return [_finding(gate, situation, policy) for gate in GATES]


def _finding(gate: Gate, situation: Situation, policy: Policy) -> Finding:
    details = gate.check(situation)
    refuses = details is not None and gate.refuses(situation, policy)
    return Finding(gate, details, refuses, situation)


def _place(gate: Gate, situation: Situation) -> str:
    """Where what is missing is mended. A page that this installation does not have gives way to the case."""
    case = situation.case
    if gate.mended_at == TIES:
        return f"{reverse(TIES)}?brand={case.brand.slug}"
    if gate.mended_at == EVIDENCE:
        return reverse("admin:brands_brand_change", args=[case.brand_id])
    if gate.mended_at == SEARCHES:
        return reverse(SEARCHES, args=[case.brand.slug, case.crisis.slug])
    return case_address(case, "coding" if gate.mended_at == CODING else "requests")


def case_address(case: Assessment, part: str = "") -> str:
    address = reverse("desk-case", args=[case.brand.slug, case.crisis.slug])
    return f"{address}#{part}" if part else address


# --- Situations -------------------------------------------------------------------------------------------------------


def situation_of(snapshot: Snapshot, person: User | None = None) -> Situation:
    return next(iter(situations([snapshot], person)))


def situations(
    snapshots: Collection[Snapshot], person: User | None = None, *, searched: bool = True
) -> list[Situation]:
    """What the gates look at, for many verdicts, in a fixed number of queries.

    ``searched`` is whether the gate that looks at searches is asked as well.
    """
    cases = [snapshot.assessment for snapshot in snapshots]
    ids, brands = [case.pk for case in cases], {case.brand_id for case in cases}
    facts = {snapshot.pk: review_facts(snapshot) for snapshot in snapshots}
    coders = review.coders_of({proof["proof"] for found in facts.values() for proof in found["deciding"]})
    ties = review.declarations(brands=brands)
    said = review.requests_of(ids)
    weak = cache(lambda: [word for source in review.weakly_agreed for word in source()])
    cells = review.searches_of(ids) if searched else {}
    return [
        Situation(
            case=snapshot.assessment,
            outcome=snapshot.outcome,
            reason=snapshot.reason,
            independent_groups=snapshot.independent_groups,
            facts=facts[snapshot.pk],
            person=person.pk if person else None,
            coders={proof["proof"]: coders.get(proof["proof"], set()) for proof in facts[snapshot.pk]["deciding"]},
            searched=cells.get(snapshot.assessment_id, set()),
            ties=ties,
            offer=review.offer_among(said[snapshot.assessment_id]),
            was_offered=review.was_offered(snapshot, said[snapshot.assessment_id]),
            said=said[snapshot.assessment_id],
            weak=weak,
        )
        for snapshot in snapshots
    ]


# --- The queue --------------------------------------------------------------------------------------------------------


def watch(case_ids: Collection[int]) -> dict[int, list[Blocker]]:
    """What the policy in force holds against publishing each case that is not public as it stands."""
    policy = policy_in_force()
    if not any(_can_refuse(gate, policy) for gate in GATES):  # then only an editor is waited for
        return {found.assessment_id: [_to_publish(found)] for found in _newest_unpublished(case_ids)}
    editors = cache(lambda: frozenset(review.active_editors()))
    waiting = _waiting(case_ids)
    return {
        snapshot.assessment_id: _blockers(snapshot, situation, policy, editors)
        for snapshot, situation in zip(waiting, situations(waiting), strict=True)
    }


def watch_states(case_ids: Collection[int]) -> dict[int, list[Blocker]]:
    """Those of ``watch`` in which a case stays in a state; under most policies there are none."""
    policy = policy_in_force()
    if not any(_can_refuse(gate, policy) for gate in GATES if gate.state):
        return {}
    found = situations(_waiting(case_ids), searched=False)
    return {
        one.case.pk: [
            Blocker(gate.code, "", "", gate.state)
            for gate in GATES
            if gate.state and gate.refuses(one, policy) and gate.check(one) is not None
        ]
        for one in found
    }


def _can_refuse(gate: Gate, policy: Policy) -> bool:
    return gate.refuses_from is not None and policy.rank >= gate.refuses_from.rank


def _waiting(case_ids: Collection[int]) -> list[Snapshot]:
    """The working verdicts that are not public, without their long texts unless they are old."""
    found = list(_newest_unpublished(case_ids))
    old = [snapshot.pk for snapshot in found if snapshot.review is None]
    texts = dict(Snapshot.objects.filter(pk__in=old).values_list("pk", "document")) if old else {}
    for snapshot in found:
        if snapshot.pk in texts:
            snapshot.document = texts[snapshot.pk]
    return found


def _newest_unpublished(case_ids: Collection[int]) -> QuerySet[Snapshot]:
    newer = Snapshot.objects.filter(assessment=OuterRef("assessment"), sequence__gt=OuterRef("sequence"))
    own = Publication.objects.filter(snapshot=OuterRef("pk"))
    public, gone = own.filter(withdrawn_at__isnull=True), own.filter(withdrawn_at__isnull=False)
    waiting = Snapshot.objects.filter(~Exists(newer), ~Exists(public), assessment__in=case_ids)
    waiting = waiting.annotate(was_withdrawn=Exists(gone))
    light = waiting.select_related("assessment__brand", "assessment__crisis")
    return light.defer("facts", "verdict", "document")


def _blockers(
    snapshot: Snapshot, situation: Situation, policy: Policy, editors: Callable[[], frozenset[int]]
) -> list[Blocker]:
    """Gates that only warn hold nothing back. Who the editors are is asked only where something is ready for them."""
    gates = [gate for gate in GATES if gate.refuses(situation, policy)]
    refusing = [finding for gate in gates if (finding := _finding(gate, situation, policy)).refuses]
    if refusing:
        return [Blocker(found.gate.code, found.whole, found.address, found.gate.state) for found in refusing]
    tied = {
        person for person, brand in situation.ties if brand == situation.case.brand_id and situation.is_tied(person)
    }
    concerned = situation.coder_ids | tied
    barred = concerned & editors() if concerned else set()
    return [_to_publish(snapshot, editors() - barred if barred else frozenset())]


def _to_publish(snapshot: Any, waits_for: frozenset[int] = frozenset()) -> Blocker:
    """A verdict that was withdrawn is not simply ready: either the facts are mended, or a note says why it stands."""
    again = snapshot.was_withdrawn
    words = _("Withdrawn: correct the facts, or publish it again with a reason") if again else _("Ready to publish")
    address = case_address(snapshot.assessment)
    return Blocker("to_publish", words, address, waits_for=waits_for, unhindered=True)


# --- What the quality page asks ---------------------------------------------------------------------------------------


@quality.check(
    "tie_undeclared",
    _("Tie undeclared"),
    _("Somebody who coded, settled or published it has not said whether they have a tie with the brand: ask them."),
)
def ties_undeclared() -> list[Any]:
    silent = review.silent_parts()
    named = Q(pk__in={case for case, _brand, _person in silent if case})
    named |= Q(brand__in={brand for case, brand, _person in silent if case is None})
    cases = Assessment.objects.filter(named).select_related("brand", "crisis")
    return [cases.order_by("brand__sort_key", "crisis")]
