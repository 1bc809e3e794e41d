"""The panel in which an analyst sees the working verdict move."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Crisis, Event
from brands.subjects import Subject, subjects_of
from brands.trail import without_follow_ups
from scoring.blindness import is_blind_to
from scoring.models import MAX_ATTEMPTS, Assessment, Publication, ScoringJob, Snapshot, may_read_drafts
from scoring.scorecards import review_facts

register = template.Library()

INDEX_WORDS = {
    "delivery": _("Delivery"),
    "surpassing": _("Surpassing"),
    "breadth": _("Breadth"),
    "proactivity": _("Proactivity"),
    "dna": _("DNA"),
    "harm": _("Harm"),
    "evidence": _("Evidence"),
    "purpose_washing": _("Purpose-washing risk"),
}
MARKS = {"broken_promise": "broken", "aligned": "aligned", "exceeds_promise": "exceeds", "dna_proactive": "dna"}
LEVELS = {"contested": 1, "fragile": 2, "probable": 3, "robust": 4}
"""Robustness → how many of the four bars are filled."""


RULES: dict[tuple[str, str], Any] = {
    ("no_promise", ""): _("no promise is on file that an act could keep or break"),
    ("broken_promise", ""): _("a breach of a promise, or a harm that needs none, is established"),
    ("aligned", "all"): _("every core group has an established helpful act"),
    ("exceeds_promise", ""): _("an open-ended or unconditional act is established, far beyond the promise"),
    ("dna_proactive", ""): _("purpose or values and customer record were there before, and it helped unprompted"),
    ("aligned", "promised"): _("every group it made a promise to has an established helpful act"),
    ("insufficient_evidence", "harm_to_settle"): _("no archetype: a serious harm is established, short of a breach"),
    ("insufficient_evidence", "partial"): _("no archetype: promises are kept in part only"),
    ("insufficient_evidence", "token"): _("no archetype: help is in words or tokens only"),
    ("insufficient_evidence", "undescribed"): _("no archetype: the acts are not described well enough"),
    ("insufficient_evidence", "unverified"): _("no archetype: no helpful act is verified"),
    ("insufficient_evidence", "no_helpful_act"): _("no archetype: no helpful act is on file"),
    ("insufficient_evidence", "no_action"): _("no archetype: no act that helps or harms is on file"),
}
"""Outcome, and how far it reaches or why there is none → the rule that leads there."""

COUNTING = ("promise", "action", "proof", "actionsource", "brandprofile", "source")
"""Models whose records count in a verdict. What others judged, figures and tags never do."""


@dataclass(frozen=True)
class Moved:
    """An index that differs from the one before, in print."""

    name: Any
    before: str
    after: str


@dataclass(frozen=True)
class CaseVerdict:
    """The working verdict of one case, what it was before, and the change that led from one to the other."""

    assessment: Assessment
    now: Snapshot
    before: Snapshot | None
    moved: list[Moved]
    because: Event | None
    public: Publication | None

    @property
    def outcome_moved(self) -> bool:
        return self.before is not None and self.before.outcome != self.now.outcome

    @property
    def facts_moved(self) -> bool:
        """Whether anything that counts is another than before: words alone make another scorecard, and no verdict."""
        return self.before is None or self.before.facts_digest != self.now.facts_digest

    @property
    def method_moved(self) -> bool:
        return self.before is not None and self.before.method_version != self.now.method_version

    @property
    def rule(self) -> Any:
        """The rule that the facts reach now."""
        return RULES.get((self.now.outcome, self.now.breadth or self.now.reason), "")

    def follows(self, change: Event | None) -> bool:
        """Whether a change counts, and lies between the verdict before and this one."""
        if change is None or not self.facts_moved or not counts(change):
            return False
        return change.at <= self.now.created_at and (self.before is None or change.at > self.before.created_at)

    @property
    def is_public(self) -> bool:
        return self.public is not None and self.public.snapshot_id == self.now.pk


@register.filter
def mark(outcome: str) -> str:
    """The shape and colour of an outcome: one of the four archetypes', or that of "no verdict"."""
    return MARKS.get(outcome, "none")


@register.filter
def bars(robustness: str) -> list[bool]:
    """The robustness meter: four bars of rising height, filled up to the level."""
    return [number <= LEVELS.get(robustness, 0) for number in (1, 2, 3, 4)]


@register.inclusion_tag("admin/includes/verdict_panel.html", takes_context=True)
def verdict_panel(context: Any, record: Any, crisis: Crisis | None = None, here: str = "") -> dict[str, Any]:
    """The working verdicts of the brand that a record is about; nothing for those who may not read them now."""
    brand = record if isinstance(record, Brand) else getattr(record, "brand", None)
    reader = context["request"].user
    if brand is None or not may_read_drafts(reader) or is_blind_to(reader, brand):
        return {"brand": None}
    job = ScoringJob.objects.filter(brand=brand).first()
    revision = Brand.objects.values_list("facts_revision", flat=True).get(pk=brand.pk)
    crisis_id = crisis.pk if crisis else getattr(record, "crisis_id", None)
    found = [verdict for case in cases_of(brand, crisis_id) if (verdict := verdict_of(case))]
    last = last_change_of(brand)
    here = here or context["request"].get_full_path()
    return {
        "brand": brand,
        "job": job,
        "is_parked": job is not None and is_parked(job, revision),
        "is_due": revision > (job.scored_revision if job else 0),
        "cases": found,
        "last": last,
        "moved_by_last": any(case.follows(last) for case in found),
        "subjects": subjects_of({event for event in [last, *(case.because for case in found)] if event}),
        "here": here,
        "fragment": fragment_address(brand, crisis.slug if crisis else slug_of(crisis_id), here),
    }


def is_parked(job: ScoringJob, revision: int) -> bool:
    return job.attempts >= MAX_ATTEMPTS and job.failed_revision == revision


def slug_of(crisis_id: int | None) -> str:
    return Crisis.objects.values_list("slug", flat=True).get(pk=crisis_id) if crisis_id else ""


def fragment_address(brand: Brand, crisis: str, here: str) -> str:
    """Where the panel alone is to be had while the verdict is being recalculated."""
    query = QueryDict(mutable=True)
    if crisis:
        query["crisis"] = crisis
    query["here"] = here
    return f"{reverse('desk-verdict', args=[brand.pk])}?{query.urlencode()}"


@register.filter
def subject_of_change(event: Event, subjects: dict[int, Subject]) -> Subject:
    return subjects[event.pk]


def cases_of(brand: Brand, crisis_id: int | None) -> list[Assessment]:
    """The case that a record belongs to; all cases of the brand where it belongs to none in particular."""
    cases = brand.assessments.select_related("brand", "crisis")
    return list(cases.filter(crisis_id=crisis_id) if crisis_id else cases)


def last_change_of(brand: Brand) -> Event | None:
    """The last save that touched the brand's facts."""
    changes = without_follow_ups(Event.objects.filter(brand=brand, kind__startswith="evidence."))
    return changes.select_related("actor").order_by("-id").first()


def verdict_of(case: Assessment) -> CaseVerdict | None:
    latest = list(Snapshot.objects.filter(assessment=case).defer("facts", "document").order_by("-sequence")[:2])
    for snapshot in latest:
        snapshot.assessment = case
    if not latest:
        return None
    now, before = latest[0], latest[1] if len(latest) > 1 else None
    return CaseVerdict(
        assessment=case,
        now=now,
        before=before,
        moved=moved_indices(before, now) if before else [],
        because=cause_of(now, before),
        public=case.publications.filter(is_current=True).first(),
    )


def moved_indices(before: Snapshot, now: Snapshot) -> list[Moved]:
    old, new = json.loads(before.verdict)["indices"], json.loads(now.verdict)["indices"]
    pairs = [(name, old.get(name), new.get(name)) for name in INDEX_WORDS]
    return [Moved(INDEX_WORDS[name], printed(was), printed(is_now)) for name, was, is_now in pairs if was != is_now]


def printed(index: int | None) -> str:
    """A dash for "not defined", which is never zero; a minus that is as wide as a plus."""
    return "–" if index is None else str(index).replace("-", "−")


def cause_of(now: Snapshot, before: Snapshot | None) -> Event | None:
    """The last change that counts between two verdicts: of an act that decides the verdict now, where there is one."""
    if before and before.facts_digest == now.facts_digest:
        return None
    changes = Event.objects.filter(brand=now.assessment.brand_id, kind__startswith="evidence.", at__lte=now.created_at)
    if before:
        changes = changes.filter(at__gt=before.created_at)
    deciding = {proof["proof"] for proof in review_facts(now)["deciding"]}
    subjects = [f"brands.proof:{key}" for key in deciding]
    subjects += [f"brands.action:{key.partition(':')[0]}" for key in deciding]
    first = Case(When(subject__in=subjects, then=Value(0)), default=Value(1), output_field=IntegerField())
    lines = without_follow_ups(changes).filter(of_what_counts()).select_related("actor").order_by(first, "-id")
    return next((line for line in lines[:LOOKED_AT] if counts(line)), None)


LOOKED_AT = 50
"""Lines that are looked at for one that changed more than words."""


def of_what_counts() -> Q:
    found = Q()
    for model in COUNTING:
        found |= Q(subject__startswith=f"brands.{model}:")
    return found


def counts(change: Event) -> bool:
    """Whether a line is about a record that counts, and changed more of it than words, tags or a page number."""
    label = change.subject.partition(":")[0].removeprefix("brands.")
    names = {name.rpartition(".")[2] for name in change.changes}
    return label in COUNTING and not (names and all(is_wording(name) for name in names))


def is_wording(name: str) -> bool:
    return name.endswith(("_en", "_fr")) or name in ("quote", "quote_language", "locator", "tags", "settlement")
