"""What is amiss in the files, one check a kind. Each names the records that it means, and where they are corrected.

A part of the product adds a check of its own with ``register``: a code, its words, and a function that gives queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db.models import CharField, Count, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands import codes
from brands.addresses import comparable
from brands.capture import alike
from brands.models import (
    Action,
    ActionSource,
    Brand,
    BrandProfile,
    Crisis,
    Event,
    Judgement,
    LinkStatus,
    Promise,
    Proof,
    Source,
)
from scoring.models import Assessment, OutcomeChoice, QualityCount, Snapshot

REVIEWED_WITHIN = timedelta(days=365)
"""A verdict whose facts nobody has touched for longer is due for another look."""
TREND_DAYS = 90
NAMED_AT_ONCE = 30_000
"""More records than this cannot be named one by one in a query; by then the number is beside the point."""

Queries = Callable[[], Sequence[QuerySet[Any]]]
Words = Any


@dataclass(frozen=True)
class Check:
    """One kind of thing that is amiss."""

    code: str
    title: Words
    why: Words
    """Why it matters and what to do, in one sentence."""
    queries: Queries
    """One query for each kind of record; together they are what the check finds."""

    def rows(self, *, without: Collection[int] = ()) -> Rows:
        """``without``: ids of brands whose records are left out, because that they are found tells their codes."""
        return Rows(leaving_out(query, without) for query in self.queries())


def leaving_out(query: QuerySet[Any], brands: Collection[int]) -> QuerySet[Any]:
    names = {field.name for field in query.model._meta.concrete_fields}
    way = next((way for name, way in WAYS.items() if name in names), "")
    return query.exclude(**{f"{way}__in": brands}) if brands and way else query


WAYS = {"brand": "brand", "action": "action__brand", "assessment": "assessment__brand", "case": "case__brand"}
"""The field by which a record hangs on its brand, and the way from the record to the brand."""


class Rows(Sequence[Any]):
    """Records of several kinds as one list that is cut into pages without reading it whole."""

    def __init__(self, queries: Iterable[QuerySet[Any]]) -> None:
        self.queries = list(queries)
        self.counts = [query.count() for query in self.queries]

    def __len__(self) -> int:
        return sum(self.counts)

    def __getitem__(self, place: Any) -> Any:
        start, stop, _step = place.indices(len(self))
        return list(islice(self._from(start, stop), stop - start))

    def _from(self, start: int, stop: int) -> Iterator[Any]:
        for query, count in zip(self.queries, self.counts, strict=True):
            if start < count and stop > 0:
                yield from query[max(start, 0) : stop]
            start, stop = start - count, stop - count


checks: dict[str, Check] = {}


def register(check: Check) -> Check:
    """Add a check; it takes its place after those that are there."""
    checks[check.code] = check
    return check


def check(code: str, title: Words, why: Words) -> Callable[[Queries], Queries]:
    def add(queries: Queries) -> Queries:
        register(Check(code, title, why, queries))
        return queries

    return add


# --- Promises ---------------------------------------------------------------------------------------------------------


def _promises() -> QuerySet[Promise]:
    return Promise.objects.in_use().select_related("brand").order_by("brand__sort_key", "key")


def _actions() -> QuerySet[Action]:
    return Action.objects.in_use().select_related("brand", "crisis").order_by("brand__sort_key", "key")


def _proofs() -> QuerySet[Proof]:
    in_use = Proof.objects.filter(action__withdrawn_at=None)
    return in_use.select_related("action__brand").order_by("action__brand__sort_key", "action__key", "stakeholder")


@check(
    "promise_undated",
    _("Testable promise without a date"),
    _("Taken to predate the crisis, and flagged. Find out since when it has been public."),
)
def promises_undated() -> Sequence[QuerySet[Any]]:
    return [_promises().filter(testable=True, since="")]


@check(
    "promise_after_start",
    _("Central promise dated after the crisis began"),
    _("It is no yardstick for what came before it. Check its date, or whether it is central."),
)
def promises_after_start() -> Sequence[QuerySet[Any]]:
    """A promise known to the month only is taken to precede a crisis of the same month."""
    late = Q(pk=None)
    for pk, starts_on in Crisis.objects.values_list("pk", "starts_on"):
        judged = Assessment.objects.filter(brand=OuterRef("brand"), crisis=pk)
        late |= Q(Exists(judged), since__gt=starts_on.isoformat())
    return [_promises().filter(late, weight=codes.Weight.CENTRAL)]


# --- Sources ----------------------------------------------------------------------------------------------------------


def _sources() -> QuerySet[Source]:
    return Source.objects.in_use().order_by("key")


@check(
    "quote_unarchived",
    _("Quotation without an archived copy"),
    _("When the page changes, the words can no longer be shown. Archive it and write down the copy’s address."),
)
def quotes_unarchived() -> Sequence[QuerySet[Any]]:
    """A passage is a quotation; so is what a promise quotes from its source."""
    quoted = Promise.objects.in_use().filter(sources=OuterRef("pk")).exclude(quote="")
    return [_sources().filter(~Q(passage="") | Exists(quoted), archive_url="", archive_type="").exclude(url="")]


@check(
    "link_dead",
    _("Address that no longer answers"),
    _("Put the archived copy in its place, or find where the document stands now."),
)
def links_dead() -> Sequence[QuerySet[Any]]:
    return [_sources().filter(link_status=LinkStatus.DEAD)]


@check(
    "duplicate_source",
    _("Sources at the same address"),
    _("One document counts once. Keep one of them and withdraw the others."),
)
def sources_twice() -> Sequence[QuerySet[Any]]:
    """Addresses are compared letter by letter only where a site has more than one source."""
    by_document: dict[str, list[int]] = defaultdict(list)
    for pk, url in Source.objects.in_use().exclude(url="").values_list("pk", "url").order_by().iterator():
        by_document[comparable(url)].append(pk)
    twice = [pk for pks in by_document.values() if len(pks) > 1 for pk in pks]
    return [_sources().filter(pk__in=twice[:NAMED_AT_ONCE])]


@check(
    "duplicate_quote",
    _("Promises with nearly the same quotation"),
    _("The same words are one promise. Keep one of them and withdraw the others."),
)
def quotes_twice() -> Sequence[QuerySet[Any]]:
    by_brand: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Promise.objects.in_use().exclude(quote="").values_list("brand", "pk", "quote").order_by()
    for brand, pk, quote in rows.iterator():
        by_brand[brand].append((pk, quote))
    twice = {pk for quotes in by_brand.values() for pk in _nearly_the_same(quotes)}
    return [_promises().filter(pk__in=sorted(twice)[:NAMED_AT_ONCE])]


def _nearly_the_same(quotes: list[tuple[int, str]]) -> set[int]:
    found: set[int] = set()
    for place, (pk, quote) in enumerate(quotes):
        for other_pk, other in quotes[place + 1 :]:
            if alike(quote, other):
                found |= {pk, other_pk}
    return found


# --- Acts -------------------------------------------------------------------------------------------------------------


@check(
    "act_without_group",
    _("Act that bears on no stakeholder"),
    _("It counts in no verdict. Add a proof for each group that it helps or harms."),
)
def acts_without_group() -> Sequence[QuerySet[Any]]:
    return [_actions().filter(~Exists(Proof.objects.filter(action=OuterRef("pk"))))]


@check(
    "brand_sources_only",
    _("Act known from the brand alone"),
    _("Its own word is evidence of grade 1 at most. Look for an independent source."),
)
def acts_from_the_brand_alone() -> Sequence[QuerySet[Any]]:
    """An admission against its own interest is a source of another kind."""
    links = ActionSource.objects.filter(action=OuterRef("pk"), source__withdrawn_at=None)
    own = Q(independence_group=F("action__brand__slug")) | Q(source__source_type=codes.SourceType.BRAND_OWNED)
    telling = Q(kind__in=(codes.SourceKind.AGAINST_INTEREST, codes.SourceKind.PRIMARY))
    return [_actions().filter(Exists(links), ~Exists(links.filter(~own | telling)))]


@check(
    "proof_without_reason",
    _("Proof without a rationale"),
    _("A code that nobody explained cannot be defended. Write why, in a sentence."),
)
def proofs_without_reason() -> Sequence[QuerySet[Any]]:
    return [_proofs().filter(rationale_en="", rationale_fr="")]


@check(
    "reason_untranslated",
    _("Rationale in one language only"),
    _("Readers of the other language see a gap. Write it in both."),
)
def reasons_untranslated() -> Sequence[QuerySet[Any]]:
    lacking = Q(rationale_en="") ^ Q(rationale_fr="")
    profiles = BrandProfile.objects.select_related("brand", "crisis").order_by("brand__sort_key", "crisis")
    return [query.filter(lacking) for query in (_proofs(), _actions(), _promises(), profiles)]


# --- Verdicts ---------------------------------------------------------------------------------------------------------

ARCHETYPES = tuple(
    outcome
    for outcome in OutcomeChoice.values
    if outcome not in (OutcomeChoice.INSUFFICIENT_EVIDENCE, OutcomeChoice.NO_PROMISE)
)


def _cases() -> QuerySet[Any]:
    """Cases with what their working verdict says."""
    latest = Snapshot.objects.filter(assessment=OuterRef("pk")).order_by("-sequence")
    cases = Assessment.objects.select_related("brand", "crisis").order_by("brand__sort_key", "crisis")
    return cases.annotate(
        latest_outcome=Subquery(latest.values("outcome")[:1]),
        latest_groups=Subquery(latest.values("independent_groups")[:1]),
        latest_as_of=Subquery(latest.values("as_of")[:1]),
    )


@check(
    "single_source",
    _("Verdict that rests on a single source"),
    _("One denial would undo it. Look for a second, independent source."),
)
def verdicts_on_one_source() -> Sequence[QuerySet[Any]]:
    return [_cases().filter(latest_outcome__in=ARCHETYPES, latest_groups__lt=2)]


@check(
    "verdict_old",
    _("Verdict not reviewed for a year"),
    _("Nothing about it has changed since. Look whether the brand has acted, and confirm or add."),
)
def verdicts_old() -> Sequence[QuerySet[Any]]:
    limit = timezone.localdate() - REVIEWED_WITHIN
    midnight = timezone.make_aware(datetime.combine(limit, time()))
    own = Concat(Value("scoring.assessment:"), Cast(OuterRef("pk"), CharField()))
    confirmed = Event.objects.filter(subject=own, kind=CONFIRMED, at__gte=midnight)
    return [_cases().filter(~Exists(confirmed), latest_as_of__lt=limit)]


CONFIRMED = "case.confirmed"
"""The kind of a line by which an editor says that a verdict still stands."""


def not_reviewed_since(snapshot: Snapshot) -> date | None:
    """The day on which a verdict was last looked at, where that is too long ago.

    Only of a verdict of long ago is it asked whether an editor has said since that it still stands.
    """
    as_of, limit = snapshot.as_of, timezone.localdate() - REVIEWED_WITHIN
    if as_of >= limit:
        return None
    lines = Event.objects.filter(subject=f"scoring.assessment:{snapshot.assessment_id}", kind=CONFIRMED).order_by(
        "-sequence"
    )
    last = lines.values_list("at", flat=True).first()
    seen = max(as_of, timezone.localtime(last).date()) if last else as_of
    return seen if seen < limit else None


# --- Where it is corrected --------------------------------------------------------------------------------------------


def edited_at(record: Model) -> str:
    """The screen on which a record is corrected; that of its action for a proof."""
    whole: Model = record.action if isinstance(record, Proof) else record
    return reverse(f"admin:{whole._meta.app_label}_{whole._meta.model_name}_change", args=[whole.pk])


def brand_of(record: Any) -> Brand | None:
    if isinstance(record, Proof):
        return record.action.brand
    return record.brand if isinstance(record, Promise | Action | BrandProfile | Assessment | Judgement) else None


# --- Counting, day by day ---------------------------------------------------------------------------------------------


def count_all() -> dict[str, int]:
    """What each check finds now, counted in one query, whatever the number of checks."""
    counts = dict.fromkeys(checks, 0)
    parts = [
        query.order_by().annotate(check_code=Value(one.code)).values("check_code").annotate(found=Count("pk"))
        for one in checks.values()
        for query in one.queries()
    ]
    found = [part.values_list("check_code", "found") for part in parts]
    for code, count in found[0].union(*found[1:], all=True) if found else ():
        counts[code] += count
    return counts


def count_today(day: date | None = None) -> dict[str, int]:
    """Note what each check finds today; a second time on the same day corrects the first."""
    day = day or timezone.localdate()
    counts = count_all()
    QualityCount.objects.bulk_create(
        [QualityCount(check_code=code, day=day, count=count) for code, count in counts.items()],
        update_conflicts=True,
        unique_fields=["check_code", "day"],
        update_fields=["count"],
    )
    return counts


def trends(today: date | None = None) -> dict[str, list[tuple[date, int]]]:
    """Check → its counts of the last months, the oldest first."""
    since = (today or timezone.localdate()) - timedelta(days=TREND_DAYS)
    rows = QualityCount.objects.filter(day__gte=since).order_by("check_code", "day")
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for code, day, count in rows.values_list("check_code", "day", "count"):
        found[code].append((day, count))
    return found


def last_counts() -> dict[str, int]:
    """What each check found when it was last counted; counted now where that never happened."""
    counted = {code: days[-1][1] for code, days in trends().items() if code in checks and days}
    return counted or count_all()
