"""The gate for changes of plans: each holds the record, refuses what is stale, and leaves a line in the plan's log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cxalign.plans.models import (
    Activity,
    ActivityKind,
    Horizon,
    Item,
    Origin,
    OwnPromise,
    Plan,
    Problem,
    Scenario,
    Share,
)

if TYPE_CHECKING:
    from cxalign.accounts.models import Team, User
    from cxalign.practices.models import Practice

Fields = Mapping[str, Any]
MOST_ITEMS = 500
LONGEST_TITLE = 200
MOST_PASTED = 200
MOST_SCENARIOS = 20
UNDOABLE = (
    ActivityKind.ITEM_DELETED,
    ActivityKind.ITEM_ASIDE,
    ActivityKind.ITEM_MOVED,
    ActivityKind.PROBLEM_DELETED,
)


class StaleError(Exception):
    """Somebody changed the record since it was opened; it comes along as it is on file."""

    def __init__(self, record: Any) -> None:
        super().__init__(str(record))
        self.record = record


class RefusedError(Exception):
    """Why this is not done; the text is what the screen shows."""


# --- Holding and writing down -----------------------------------------------------------------------------------------


def held(model: type[models.Model], pk: int | None, seen: int | None, *, deleted: bool = False) -> Any:
    """The record, held until the end of the transaction; refused if it is no longer the one that was seen."""
    record: Any = model._base_manager.select_for_update().get(pk=pk or 0)
    is_gone = not deleted and getattr(record, "deleted_at", None)
    if is_gone or (seen is not None and record.revision != seen):
        raise StaleError(record)
    return record


def hold_plan(plan: Plan) -> Plan:
    """Hold the whole plan: what adds to it, or touches several of its records, comes one after another."""
    found: Plan = Plan.objects.select_for_update().get(pk=plan.pk)
    return found


def log(
    plan: Plan,
    by: User,
    kind: ActivityKind,
    subject: Item | Problem | None = None,
    changes: dict[str, Any] | None = None,
) -> Activity:
    about = {"problem" if isinstance(subject, Problem) else "item": subject}
    revision = subject.revision if subject else 0
    return Activity.objects.create(plan=plan, by=by, kind=kind, changes=changes or {}, revision=revision, **about)


def told(value: Any) -> Any:
    """A value as the log keeps it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    return value


def apply(record: Any, fields: Fields) -> dict[str, list[Any]]:
    """Set fields; what differs, with its value from before."""
    changes = {}
    for name, value in fields.items():
        before = getattr(record, name)
        if before != value:
            changes[name] = [told(before), told(value)]
            setattr(record, name, value)
    return changes


def checked(record: Any) -> Any:
    """Refuse what no field may hold. What records are related to was held or looked up; the database knows the rest."""
    relations = [field.name for field in record._meta.concrete_fields if field.is_relation]
    record.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
    return record


def save(record: Any) -> None:
    record.revision += 1
    checked(record).save()


# --- Plans ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_plan(by: User, team: Team, **fields: Any) -> Plan:
    plan = Plan(by=by, team=team, **fields)
    checked(plan).save()
    log(plan, by, ActivityKind.PLAN_MADE)
    return plan


@transaction.atomic
def change_plan(plan: Plan, by: User, seen: int, fields: Fields) -> Plan:
    record: Plan = held(Plan, plan.pk, seen)
    if changes := apply(record, fields):
        save(record)
        log(record, by, ActivityKind.PLAN_CHANGED, changes=changes)
    return record


@transaction.atomic
def review(plan: Plan, by: User, then: date | None) -> None:
    record = hold_plan(plan)
    changes = apply(record, {"review_on": then})
    save(record)
    log(record, by, ActivityKind.PLAN_REVIEWED, changes=changes)


@transaction.atomic
def delete_plan(plan: Plan, by: User, seen: int) -> None:
    record: Plan = held(Plan, plan.pk, seen)
    record.deleted_at = timezone.now()
    save(record)
    log(record, by, ActivityKind.PLAN_DELETED)


@transaction.atomic
def bring_back(plan: Plan, by: User) -> Plan:
    """As it was, with its links. Nothing if somebody has brought it back already."""
    record: Plan = held(Plan, plan.pk, None, deleted=True)
    if record.deleted_at is not None:
        record.deleted_at = None
        save(record)
        log(record, by, ActivityKind.UNDONE)
    return record


@transaction.atomic
def set_scenarios(plan: Plan, by: User, seen: int, wanted: Sequence[tuple[int | None, str, bool]]) -> None:
    """Scenarios as they are to be: number or none, text, retained. A change marks what was judged as to re-check."""
    record: Plan = held(Plan, plan.pk, seen)
    known = {scenario.pk: scenario for scenario in plan.scenarios.all()}
    before = as_told(known.values())
    kept = [number for number, text, _retained in wanted if number in known and text.strip()]
    for number in known.keys() - set(kept):
        known[number].delete()
    for position, (wish, text, retained) in enumerate(wanted):
        if text.strip():
            scenario = known.get(wish or 0) or Scenario(plan=plan, revision=0)
            if apply(scenario, {"text": text, "retained": retained, "position": position}) or not scenario.pk:
                save(scenario)
    _scenarios_changed(record, by, before)


def as_told(scenarios: Iterable[Scenario]) -> list[list[Any]]:
    return [[scenario.text, scenario.retained] for scenario in scenarios]


def _scenarios_changed(plan: Plan, by: User, before: list[list[Any]]) -> None:
    after = as_told(plan.scenarios.all())
    if before != after:
        save(plan)
        log(plan, by, ActivityKind.SCENARIOS_CHANGED, changes={"scenarios": [before, after]})
        _mark_to_recheck(plan)


@transaction.atomic
def save_scenario(plan: Plan, by: User, scenario: Scenario | None, seen: int | None, fields: Fields) -> Scenario:
    """One scenario, added at the end or changed where it stands."""
    whole = hold_plan(plan)
    before = as_told(whole.scenarios.all())
    if scenario is None and len(before) >= MOST_SCENARIOS:
        raise RefusedError(_("A plan holds %(most)d scenarios.") % {"most": MOST_SCENARIOS})
    last = max((one.position for one in whole.scenarios.all()), default=-1)
    new = Scenario(plan=whole, revision=0, position=last + 1)
    record: Scenario = held(Scenario, scenario.pk, seen) if scenario else new
    if apply(record, fields) or not record.pk:
        save(record)
    _scenarios_changed(whole, by, before)
    return record


@transaction.atomic
def delete_scenario(plan: Plan, by: User, scenario: Scenario, seen: int | None) -> None:
    whole = hold_plan(plan)
    before = as_told(whole.scenarios.all())
    held(Scenario, scenario.pk, seen).delete()
    _scenarios_changed(whole, by, before)


def _mark_to_recheck(plan: Plan) -> None:
    """Only what somebody had judged or placed: the rest will be looked at anyway."""
    judged = ~Q(horizon="") | Q(mission_fit__isnull=False) | Q(need__isnull=False)
    items = plan.items.filter(judged, deleted_at__isnull=True, recheck=False).exclude(horizon=Horizon.DONE)
    items.update(recheck=True, revision=F("revision") + 1)


def own_ref(number: int) -> str:
    """How a card names a promise that the team wrote down."""
    return f"own-{number}"


@transaction.atomic
def set_promises(plan: Plan, by: User, seen: int, wanted: Sequence[tuple[int | None, str, tuple[str, ...]]]) -> None:
    """The team's own promises as they are to be. Cards that touched one which is gone touch none."""
    record: Plan = held(Plan, plan.pk, seen)
    known = {promise.pk: promise for promise in plan.own_promises.all()}
    before = [[promise.text, list(promise.stakeholders)] for promise in known.values()]
    kept = {number for number, text, _groups in wanted if number in known and text.strip()}
    gone = known.keys() - kept
    touching = plan.items.filter(promise_ref__in=[own_ref(number) for number in gone])
    touching.update(promise_ref="", expected_gap=None, revision=F("revision") + 1)
    for number in gone:
        known[number].delete()
    for wish, text, groups in wanted:
        if text.strip():
            promise = known.get(wish or 0) or OwnPromise(plan=plan)
            promise.text, promise.stakeholders = text, groups  # type: ignore[assignment]
            checked(promise).save()
    after = [[promise.text, list(promise.stakeholders)] for promise in plan.own_promises.all()]
    if before != after:
        save(record)
        log(plan, by, ActivityKind.PROMISES_CHANGED, changes={"promises": [before, after]})


# --- Items ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_items(plan: Plan, by: User, titles: Iterable[str], **fields: Any) -> list[Item]:
    """Put lines into the inventory; one that is there already, word for word, is not put in twice.

    What a line says beyond the length of a title is kept: the whole line is its description then.
    """
    hold_plan(plan)
    present = set(plan.items.in_use().values_list("title", flat=True))
    lines = {headed(line.strip(), {})["title"]: line.strip() for line in titles}
    wanted = [line for title, line in lines.items() if title and title not in present]
    if len(wanted) > MOST_PASTED or len(present) + len(wanted) > MOST_ITEMS:
        raise RefusedError(
            _("A plan holds %(most)d actions, %(pasted)d at a time: shorten the list.")
            % {"most": MOST_ITEMS, "pasted": MOST_PASTED}
        )
    made = Item.objects.bulk_create([checked(Item(plan=plan, **headed(line, fields))) for line in wanted])
    Activity.objects.bulk_create(
        Activity(plan=plan, by=by, kind=ActivityKind.ITEM_ADDED, item=item, revision=item.revision) for item in made
    )
    return made


def headed(line: str, fields: Fields) -> dict[str, Any]:
    """A line as title, cut at a word where it is longer than one."""
    if len(line) <= LONGEST_TITLE:
        return {**fields, "title": line}
    title = line[: LONGEST_TITLE - 1].rsplit(maxsplit=1)[0] + "…"
    return {**fields, "title": title, "description": "\n\n".join(filter(None, [line, fields.get("description", "")]))}


def add_practice(plan: Plan, by: User, practice: Practice, title: str, question: str) -> Item | None:
    """A practice as an action to think about; nothing if the plan has it already."""
    if plan.items.in_use().filter(practice=practice).exists():
        return None
    fields = {"category": practice.category, "stakeholders": practice.stakeholders, "origin": Origin.PRACTICE}
    made = add_items(plan, by, [title], practice=practice, description=question, **fields)
    return made[0] if made else None


def add_peer_act(
    plan: Plan, by: User, title: str, description: str, category: str, stakeholders: Iterable[str]
) -> Item | None:
    """What a peer was seen doing, as an action to think about; nothing if the plan has a card of that title."""
    fields = {"category": category, "stakeholders": tuple(stakeholders), "origin": Origin.PEER}
    made = add_items(plan, by, [title], description=description, **fields)
    return made[0] if made else None


@transaction.atomic
def change_item(
    item: Item,
    by: User,
    seen: int | None,
    fields: Fields,
    fits: Iterable[Scenario] | None = None,
    waits_for: Iterable[Item] | None = None,
) -> Item:
    """Change a card. Whoever judges it again has re-checked it."""
    if waits_for is not None:
        hold_plan(item.plan)
    record: Item = held(Item, item.pk, seen)
    changes = apply(record, fields)
    if fits is not None:
        changes |= _related(record, "fits", fits)
    if waits_for is not None:
        waits_for = list(waits_for)
        _check_no_circle(record, waits_for)
        changes |= _related(record, "waits_for", waits_for)
    if record.recheck and (fits is not None or "horizon" in changes):
        changes["recheck"] = [True, False]
        record.recheck = False
    if changes:
        save(record)
        log(record.plan, by, _kind_of(changes), record, changes)
    return record


def _related(record: Item, name: str, wanted: Iterable[models.Model]) -> dict[str, list[Any]]:
    """Set what a card is related to; what it was before, if that differs."""
    relation = getattr(record, name)
    before, after = sorted(relation.values_list("pk", flat=True)), sorted(one.pk for one in wanted)
    if before == after:
        return {}
    relation.set(after)
    return {name: [before, after]}


def _check_no_circle(item: Item, wanted: Iterable[Item]) -> None:
    """Cards that wait for each other would wait for ever."""
    pairs = Item.waits_for.through.objects.filter(from_item__plan=item.plan_id)
    waiting: dict[int, set[int]] = {}
    for waiter, awaited in pairs.values_list("from_item_id", "to_item_id"):
        waiting.setdefault(waiter, set()).add(awaited)
    for one in wanted:
        seen, ahead = set(), {one.pk}
        while ahead:
            if item.pk in ahead:
                raise RefusedError(_("“%(title)s” waits for this action already.") % {"title": one.title})
            seen |= ahead
            ahead = {following for number in ahead for following in waiting.get(number, ())} - seen


def _kind_of(changes: Mapping[str, Any]) -> ActivityKind:
    if "horizon" not in changes:
        return ActivityKind.ITEM_CHANGED
    return ActivityKind.ITEM_ASIDE if changes["horizon"][1] == Horizon.ASIDE else ActivityKind.ITEM_MOVED


def move(item: Item, by: User, seen: int | None, to: str, reason: str = "") -> Item:
    """Lay a card into another column. What is set aside keeps its reason until it comes back."""
    if to == Horizon.ASIDE and not reason.strip():
        raise RefusedError(_("Say why it is set aside: whoever reads the plan later will ask."))
    return change_item(item, by, seen, {"horizon": to, "aside_reason": reason if to == Horizon.ASIDE else ""})


@transaction.atomic
def delete_item(item: Item, by: User, seen: int | None) -> Activity:
    record: Item = held(Item, item.pk, seen)
    record.deleted_at = timezone.now()
    save(record)
    return log(record.plan, by, ActivityKind.ITEM_DELETED, record)


@transaction.atomic
def undo(activity: Activity, by: User) -> Item | Problem:
    """Take the last move, setting aside or deletion back, as long as nobody changed the card or problem since."""
    if activity.kind not in UNDOABLE:
        raise RefusedError(_("This cannot be undone."))
    return _restore(activity, by) if activity.kind == ActivityKind.PROBLEM_DELETED else _take_back(activity, by)


def _still(record: Any, activity: Activity) -> Any:
    if record.revision != activity.revision:
        raise RefusedError(_("This cannot be undone any more: somebody has changed the card since."))
    return record


def _take_back(activity: Activity, by: User) -> Item:
    item: Item = _still(held(Item, activity.item_id, None, deleted=True), activity)
    before = {
        name: pair[0] for name, pair in activity.changes.items() if name in ("horizon", "aside_reason", "recheck")
    }
    changes = apply(item, {**before, "deleted_at": None})
    save(item)
    log(
        activity.plan,
        by,
        ActivityKind.UNDONE,
        item,
        {name: pair for name, pair in changes.items() if name != "deleted_at"},
    )
    return item


def _restore(activity: Activity, by: User) -> Problem:
    """The problem again, with those of its actions that answer to no other by now."""
    hold_plan(activity.plan)
    problem: Problem = _still(held(Problem, activity.problem_id, None, deleted=True), activity)
    problem.deleted_at = None
    save(problem)
    freed = activity.plan.items.filter(pk__in=activity.changes["items"][0], problem__isnull=True)
    freed.update(problem=problem, revision=F("revision") + 1)
    log(activity.plan, by, ActivityKind.UNDONE, problem)
    return problem


@transaction.atomic
def recheck(item: Item, by: User, seen: int) -> Item:
    """Looked at again, and still right."""
    return change_item(item, by, seen, {"recheck": False})


# --- Problems ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_problem(
    plan: Plan, by: User, problem: Problem | None, seen: int | None, fields: Fields, items: Iterable[Item]
) -> Problem:
    """State a problem, and which actions answer to it."""
    hold_plan(plan)
    record: Problem = held(Problem, problem.pk, seen) if problem else Problem(plan=plan, revision=0)
    changes = apply(record, fields)
    save(record)
    wanted = [item.pk for item in items]
    left = plan.items.filter(problem=record).exclude(pk__in=wanted)
    left.update(problem=None, revision=F("revision") + 1)
    joined = plan.items.filter(pk__in=wanted).exclude(problem=record)
    joined.update(problem=record, revision=F("revision") + 1)
    log(plan, by, ActivityKind.PROBLEM_SAVED, record, changes)
    return record


@transaction.atomic
def delete_problem(plan: Plan, by: User, problem: Problem, seen: int | None) -> Activity:
    """Take a problem out. Its actions stay, and answer to none until it is undone."""
    hold_plan(plan)
    record: Problem = held(Problem, problem.pk, seen)
    record.deleted_at = timezone.now()
    save(record)
    answering = plan.items.filter(problem=record)
    freed = sorted(answering.values_list("pk", flat=True))
    answering.update(problem=None, revision=F("revision") + 1)
    return log(plan, by, ActivityKind.PROBLEM_DELETED, record, {"items": [freed, []]})


# --- Sharing ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def share(plan: Plan, by: User, label: str, expires_at: datetime) -> Share:
    made = Share(plan=plan, by=by, label=label, expires_at=expires_at)
    if expires_at <= timezone.now():
        raise ValidationError(_("Choose a day to come."))
    checked(made).save()
    log(plan, by, ActivityKind.SHARED, changes={"label": [None, label], "ends": [None, told(expires_at)]})
    return made


@transaction.atomic
def revoke(shared: Share, by: User) -> None:
    record = Share.objects.select_for_update().get(pk=shared.pk)
    if record.revoked_at is None:
        record.revoked_at = timezone.now()
        record.save(update_fields=["revoked_at"])
        log(record.plan, by, ActivityKind.UNSHARED, changes={"label": [record.label, None]})
