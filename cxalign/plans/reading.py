"""A plan as its team sees it: columns, progress, the suggested order with its reason, and the blind spots.

Everything is read at once, in a number of queries that does not grow with the plan. Pages, exports, the shared link
and the API show the same.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from brands import codes
from cxalign.plans.editing import own_ref
from cxalign.plans.models import ACTIVE, NOW_DAYS, Basis, Horizon, Item, Plan, Problem, Scenario
from cxalign.practices.models import Category, Practice
from cxalign.practices.reading import visible_practices
from scoring.models import Publication

GROUPS = dict(codes.Stakeholder.choices)


@dataclass(frozen=True)
class PromiseMade:
    """A promise that a card may touch: published with a verdict, or written down by the team."""

    ref: str
    number: int
    text: Mapping[str, str]
    stakeholders: tuple[str, ...]
    is_published: bool

    @property
    def here(self) -> str:
        return self.text["fr" if (get_language() or "").startswith("fr") else "en"]


@dataclass(frozen=True)
class Reason:
    """Why an action stands where it stands in the suggested order."""

    weakest: int
    point: str
    """What it is held back by."""
    rest: list[str]
    is_whole: bool
    """Whether all three were judged that decide: mission fit, need and the retained scenarios, if there are any."""

    @property
    def text(self) -> str:
        return " ".join([self.point, *self.rest])


@dataclass(frozen=True)
class BlindSpot:
    """Something that the plan does not see, and the practices that answer it."""

    code: str
    text: str
    items: list[Item]
    practices: int
    query: str


@dataclass
class Step:
    code: str
    name: str
    told: str
    is_done: bool
    is_begun: bool


@dataclass
class Column:
    horizon: str
    name: str
    gloss: str
    """What an English name means, for who reads in another language."""
    until: str
    last_day: date | None
    is_ours: bool
    """Whether the horizon is our reading: the articles define Do Now only."""
    cards: list[Card] = field(default_factory=list)
    first_day: date | None = None
    shown_until: date | None = None
    """How far its line of days reaches: to its end, or as far again where it has none."""

    def at(self, day: date) -> int | None:
        """How far along its line a day stands, in percent; nothing where it is not one of its days."""
        if self.first_day is None or self.shown_until is None or not self.first_day <= day <= self.shown_until:
            return None
        return round(100 * (day - self.first_day).days / max((self.shown_until - self.first_day).days, 1))

    @property
    def marks(self) -> list[int]:
        """Where the dates of its cards stand."""
        places = {self.at(card.item.due_on) for card in self.cards if card.item.due_on}
        return sorted(place for place in places if place is not None)

    @property
    def today_at(self) -> int | None:
        return self.at(timezone.localdate())


@dataclass(frozen=True)
class Card:
    item: Item
    promise: PromiseMade | None
    reason: Reason | None
    practice: Practice | None
    """The practice it comes from, as long as everybody may read it."""
    waits_for: list[Item]
    is_outside: bool
    """Its date comes after the horizon in which it lies."""

    @property
    def bars(self) -> list[tuple[str, int | None]]:
        item = self.item
        return [
            (_("Mission fit"), item.mission_fit),
            (_("Attested need"), item.need),
            (_("Feasibility"), item.feasibility),
        ]

    @property
    def gap_words(self) -> str:
        return gap_words(self.item.expected_gap, self.promise.number if self.promise else 0)

    @property
    def gap_tone(self) -> str:
        gap = self.item.expected_gap
        return "none" if gap is None else "broken" if gap < 0 else "exceeds" if gap else "aligned"

    @property
    def need_is_assumed(self) -> bool:
        return bool(self.item.problem and self.item.problem.basis == Basis.ASSUMPTION)

    @property
    def is_late(self) -> bool:
        due = self.item.due_on
        return bool(due and self.item.horizon in ACTIVE and due < timezone.localdate())

    @property
    def waits_in_vain(self) -> list[Item]:
        """What it waits for, and what will not be done before it as the plan stands."""
        if self.item.horizon not in ACTIVE:
            return []
        mine = PLACES.index(self.item.horizon)
        return [one for one in self.waits_for if PLACES.index(one.horizon) > mine]


PLACES = (Horizon.DONE, *ACTIVE, "", Horizon.ASIDE)
"""What is done earlier stands earlier; what nobody has placed, or has set aside, is not to be counted on."""


def column_names() -> dict[str, str]:
    """The headings of the board: those of the article, and those of ours for what is on none of its horizons."""
    names = {code: str(label) for code, label in Horizon.choices}
    return {**names, Horizon.ASIDE: pgettext("heading", "Set aside"), Horizon.DONE: pgettext("heading", "Done")}


def gloss_of(horizon: str) -> str:
    """Nothing where the name says it already."""
    glosses = {
        Horizon.NOW: pgettext("what it means", "Do Now"),
        Horizon.NEXT: pgettext("what it means", "Do Next"),
        Horizon.LATER: pgettext("what it means", "Do Later"),
    }
    gloss = glosses.get(Horizon(horizon), "") if horizon else ""
    return "" if gloss in column_names().values() else gloss


def gap_words(gap: int | None, number: int) -> str:
    if not number:
        return ""
    words = {
        None: _("touches promise %(number)d"),
        -2: _("would break promise %(number)d"),
        -1: _("would fall short of promise %(number)d"),
        0: _("keeps promise %(number)d"),
        1: _("beyond promise %(number)d"),
        2: _("far beyond promise %(number)d"),
    }
    return words[gap] % {"number": number}


class PlanView:
    """One plan, read."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    # --- What is on file ---

    @cached_property
    def items(self) -> list[Item]:
        fits = Prefetch("fits", Scenario.objects.order_by("position", "id"))
        awaited = Prefetch("waits_for", Item.objects.in_use().order_by("id"))
        rows = Item.objects.in_use().filter(plan=self.plan).select_related("problem", "practice")
        return list(rows.prefetch_related(fits, awaited).order_by("id"))

    @cached_property
    def scenarios(self) -> list[Scenario]:
        return list(self.plan.scenarios.all())

    @property
    def retained(self) -> list[Scenario]:
        return [scenario for scenario in self.scenarios if scenario.retained]

    @cached_property
    def problems(self) -> list[Problem]:
        return list(self.plan.problems.in_use())

    @cached_property
    def document(self) -> dict[str, Any] | None:
        """The scorecard of the plan's brand as it is published now, if it is."""
        if self.plan.brand_id is None:
            return None
        verdicts = Publication.objects.current().filter(assessment__brand=self.plan.brand_id)
        if self.plan.crisis_id:
            verdicts = verdicts.filter(assessment__crisis=self.plan.crisis_id)
        newest = verdicts.select_related("snapshot").order_by("-published_at").first()
        return json.loads(newest.snapshot.document) if newest else None

    @cached_property
    def promises(self) -> list[PromiseMade]:
        """Published ones first, then the team's own, numbered through."""
        found = [
            (promise["id"], promise["statement"], tuple(promise["stakeholders"]), True)
            for promise in (self.document or {"promises": []})["promises"]
        ]
        found += [
            (own_ref(promise.pk), {"en": promise.text, "fr": promise.text}, tuple(promise.stakeholders), False)
            for promise in self.plan.own_promises.all()
        ]
        return [PromiseMade(ref, number, *rest) for number, (ref, *rest) in enumerate(found, start=1)]

    @cached_property
    def promise_by_ref(self) -> dict[str, PromiseMade]:
        return {promise.ref: promise for promise in self.promises}

    # --- Cards and columns ---

    @cached_property
    def cards(self) -> list[Card]:
        return [self._card(item) for item in self.items]

    def _card(self, item: Item) -> Card:
        promise = self.promise_by_ref.get(item.promise_ref)
        practice = item.practice if item.practice_id in self.library else None
        awaited = list(item.waits_for.all())
        return Card(item, promise, reason_of(item, self.retained), practice, awaited, self.is_outside(item))

    @property
    def unplaced(self) -> list[Card]:
        return suggested([card for card in self.cards if not card.item.horizon])

    def column(self, horizon: str, cards: Iterable[Card] | None = None) -> Column:
        is_ours = horizon in (Horizon.NEXT, Horizon.LATER)
        told = (column_names()[horizon], gloss_of(horizon), self.until(horizon), self.last_day(horizon))
        found = Column(horizon, *told, is_ours)
        found.first_day, found.shown_until = self.days_of(horizon)
        among = self.cards if cards is None else cards
        found.cards = suggested([card for card in among if card.item.horizon == horizon])
        return found

    def day(self, number: int) -> date:
        return self.plan.starts_on + timedelta(days=number)

    def until(self, horizon: str) -> str:
        plan = self.plan
        if horizon == Horizon.NOW:
            return _("Day 0 to day %(last)d") % {"last": NOW_DAYS}
        if horizon == Horizon.NEXT:
            return _("Day %(first)d to day %(last)d") % {"first": NOW_DAYS + 1, "last": plan.next_until}
        if horizon == Horizon.LATER:
            first = {"first": plan.next_until + 1, "last": plan.later_until or 0}
            return (_("Day %(first)d to day %(last)d") if plan.later_until else _("From day %(first)d on")) % first
        return ""

    def days_of(self, horizon: str) -> tuple[date, date] | tuple[None, None]:
        firsts = {Horizon.NOW: 0, Horizon.NEXT: NOW_DAYS + 1, Horizon.LATER: self.plan.next_until + 1}
        if horizon not in firsts:
            return None, None
        first = firsts[Horizon(horizon)]
        return self.day(first), self.last_day(horizon) or self.day(first + self.plan.next_until)

    def is_outside(self, item: Item) -> bool:
        """Whether its date comes after the horizon in which it lies."""
        last = self.last_day(item.horizon) if item.horizon in ACTIVE else None
        return bool(item.due_on and last and item.due_on > last)

    def last_day(self, horizon: str) -> date | None:
        days = {Horizon.NOW: NOW_DAYS, Horizon.NEXT: self.plan.next_until, Horizon.LATER: self.plan.later_until}
        number = days.get(Horizon(horizon))
        return self.day(number) if number else None

    # --- Progress ---

    @property
    def steps(self) -> list[Step]:
        many = len(self.items)
        sorted_ = sum(bool(item.category and item.stakeholders) for item in self.items)
        questioned = sum(item.problem_id is not None for item in self.items)
        placed = sum(bool(item.horizon) for item in self.items)
        used = len({item.category for item in self.items} - {""})
        categories = ngettext("%(count)d category", "%(count)d categories", used) % {"count": used}
        return [
            Step(
                "inventory",
                _("Inventory"),
                ngettext("%(count)d action listed", "%(count)d actions listed", many) % {"count": many},
                bool(many),
                bool(many),
            ),
            self._step("categories", _("Categorise"), f"{categories}, {_share(sorted_, many)}", sorted_),
            self._step(
                "problems",
                _("Problematise"),
                _("%(share)s with a problem") % {"share": _share(questioned, many)},
                questioned,
            ),
            self._step("board", _("Prioritise"), _("%(share)s placed") % {"share": _share(placed, many)}, placed),
        ]

    def _step(self, code: str, name: str, told: str, count: int) -> Step:
        return Step(code, name, told, bool(self.items) and count == len(self.items), count > 0)

    # --- Blind spots ---

    @cached_property
    def library(self) -> dict[int, tuple[str, tuple[str, ...]]]:
        """Category and groups of every practice that anyone may read."""
        rows: Any = visible_practices(None).order_by().values_list("pk", "category", "stakeholders")
        return {number: (category, groups) for number, category, groups in rows}

    def _practices(self, *, category: str = "", groups: Iterable[str] = ()) -> tuple[int, str]:
        wanted = set(groups)
        fitting = [
            one
            for one, served in self.library.values()
            if (not category or one == category) and (not wanted or wanted & set(served))
        ]
        pairs = [("category", category)] if category else []
        return len(fitting), urlencode([*pairs, *(("stakeholder", group) for group in groups)])

    @cached_property
    def blind_spots(self) -> list[BlindSpot]:
        return self._all_blind_spots() if self.items else []

    def _all_blind_spots(self) -> list[BlindSpot]:
        return [*self._forgotten(), *self._breaking(), *self._unowned(), *self._waiting(), *self._bare()]

    def _forgotten(self) -> list[BlindSpot]:
        """Groups that were promised something, or that the scorecard shows harmed, and that Do Now does nothing for."""
        served = {group for item in self.items if item.horizon == Horizon.NOW for group in item.stakeholders}
        promised = {group for promise in self.promises for group in promise.stakeholders}
        coverage = (self.document or {"coverage": []})["coverage"]
        promised |= {entry["stakeholder"] for entry in coverage if entry["promised"]}
        harmed = {entry["stakeholder"] for entry in coverage if (entry["result"] or 0) < 0}
        spots = []
        for group in (code for code in GROUPS if code in promised | harmed and code not in served):
            words = _("Nothing in Do Now is for: %(group)s. A promise was made to them.")
            if group in harmed:
                words = _("Nothing in Do Now is for: %(group)s. The published scorecard shows that they were harmed.")
            spots.append(
                BlindSpot("forgotten", words % {"group": str(GROUPS[group])}, [], *self._practices(groups=[group]))
            )
        return spots

    def _breaking(self) -> list[BlindSpot]:
        spots = []
        for card in self.cards:
            item, promise = card.item, card.promise
            if promise and item.horizon in ACTIVE and item.expected_gap is not None and item.expected_gap < 0:
                words = _("“%(title)s” %(what)s: “%(promise)s”") % {
                    "title": item.title,
                    "what": card.gap_words,
                    "promise": promise.here,
                }
                spots.append(BlindSpot("breaking", words, [item], *self._practices(groups=promise.stakeholders)))
        return spots

    def _unowned(self) -> list[BlindSpot]:
        bare = [item for item in self.items if item.horizon == Horizon.NOW and not (item.owner and item.due_on)]
        if not bare:
            return []
        words = ngettext(
            "%(count)d action in Do Now has no owner or no date.",
            "%(count)d actions in Do Now have no owner or no date.",
            len(bare),
        )
        groups = [group for group in GROUPS if any(group in item.stakeholders for item in bare)]
        return [BlindSpot("unowned", words % {"count": len(bare)}, bare, *self._practices(groups=groups))]

    def _waiting(self) -> list[BlindSpot]:
        """Actions that wait for what comes after them, for what nobody placed, or for what was set aside."""
        spots = []
        for card in self.cards:
            for awaited in card.waits_in_vain:
                words = _("“%(title)s” waits for an action that does not come before it: “%(awaited)s”.")
                told = words % {"title": card.item.title, "awaited": awaited.title}
                answers = self._practices(category=awaited.category, groups=awaited.stakeholders)
                spots.append(BlindSpot("waiting", told, [card.item, awaited], *answers))
        return spots

    def _bare(self) -> list[BlindSpot]:
        used = {item.category for item in self.items if item.horizon != Horizon.ASIDE}
        return [
            BlindSpot(
                "bare",
                _("No action in the category “%(category)s”.") % {"category": category.label},
                [],
                *self._practices(category=category.value),
            )
            for category in Category
            if category.value not in used
        ]

    @property
    def counts(self) -> Counter[str]:
        return Counter(item.category for item in self.items)

    # --- What numbers stand for ---

    @cached_property
    def names(self) -> dict[str, dict[Any, str]]:
        """What the fields of a card name by number, in words; what is gone has none."""
        return {
            "promise_ref": {promise.ref: f"{promise.number}. {promise.here}" for promise in self.promises},
            "problem": {problem.pk: str(problem) for problem in self.problems},
            "fits": {scenario.pk: scenario.text for scenario in self.scenarios},
            "waits_for": {item.pk: item.title for item in self.items},
            "items": {item.pk: item.title for item in self.items},
        }

    # --- Where the plan stands in time ---

    @property
    def today(self) -> int:
        """The day of the plan that today is."""
        return (timezone.localdate() - self.plan.starts_on).days

    @property
    def to_recheck(self) -> list[Item]:
        return [item for item in self.items if item.recheck]

    @property
    def owners(self) -> list[str]:
        return sorted({item.owner for item in self.items if item.owner})

    @property
    def review_is_due(self) -> bool:
        return bool(self.plan.review_on and self.plan.review_on <= timezone.localdate())


def _share(count: int, of: int) -> str:
    return _("%(count)d of %(of)d") % {"count": count, "of": of}


# --- The suggested order ----------------------------------------------------------------------------------------------

SCENARIO_LEVELS = (1, 2, 4, 5)
"""Makes sense in none of the retained scenarios, in some, in most, in all: as a level beside the judgements."""


def scenario_level(item: Item, retained: list[Scenario]) -> int | None:
    """Unknown until somebody has said in which scenarios it makes sense; of no weight where none is retained.

    An action that was judged to make sense only in scenarios that are no longer retained makes sense in none.
    """
    if not retained:
        return None
    chosen = item.fits.all()
    fitting = sum(scenario in retained for scenario in chosen)
    if not fitting:
        return SCENARIO_LEVELS[0] if item.fits_none or chosen else None
    if fitting == len(retained):
        return SCENARIO_LEVELS[3]
    return SCENARIO_LEVELS[2] if 2 * fitting > len(retained) else SCENARIO_LEVELS[1]


def reason_of(item: Item, retained: list[Scenario]) -> Reason | None:
    """The weakest link decides: no judgement makes up for another. Nothing before fit and need are both judged."""
    if item.mission_fit is None or item.need is None:
        return None
    level = scenario_level(item, retained)
    weakest = min(value for value in (item.mission_fit, item.need, level) if value is not None)
    told = []
    if item.mission_fit == weakest:
        told.append(_("mission fit (%(value)d of 5)") % {"value": item.mission_fit})
    if item.need == weakest:
        told.append(_("attested need (%(value)d of 5)") % {"value": item.need})
    if level == weakest:
        fitting = sum(scenario in retained for scenario in item.fits.all())
        told.append(_("scenarios (makes sense in %(count)d of %(of)d)") % {"count": fitting, "of": len(retained)})
    rest = []
    if item.feasibility is not None:
        rest.append(_("Between equals, feasibility decides: %(value)d of 5.") % {"value": item.feasibility})
    if item.problem and item.problem.basis == Basis.ASSUMPTION:
        rest.append(_("The need is an assumption so far."))
    is_whole = not retained or level is not None
    if not is_whole:
        rest.append(_("Not yet judged: in which of the retained scenarios it makes sense."))
    return Reason(weakest, _("Weakest point: %(what)s.") % {"what": ", ".join(told)}, rest, is_whole)


def suggested(cards: Iterable[Card]) -> list[Card]:
    """The strongest weakest point first; between equals the more feasible; what is not wholly judged yet comes last."""

    def place(card: Card) -> tuple[bool, int, int, int]:
        weakest = card.reason.weakest if card.reason else 0
        return (not (card.reason and card.reason.is_whole), -weakest, -(card.item.feasibility or 0), card.item.pk)

    return sorted(cards, key=place)


def in_board_order(cards: Iterable[Card]) -> list[Card]:
    """As on the board, column by column; what nobody has placed yet comes first."""
    columns = ["", *Horizon.values]
    return sorted(suggested(cards), key=lambda card: columns.index(card.item.horizon))
