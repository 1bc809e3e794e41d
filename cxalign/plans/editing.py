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
MOST_PASTED = 200
UNDOABLE = (ActivityKind.ITEM_DELETED, ActivityKind.ITEM_ASIDE, ActivityKind.ITEM_MOVED)


class StaleError(Exception):
    """Somebody changed the record since it was opened; it comes along as it is on file."""

    def __init__(self, record: Any) -> None:
        super().__init__(str(record))
        self.record = record


class RefusedError(Exception):
    """Why this is not done; the text is what the screen shows."""


# --- Holding and writing down -----------------------------------------------------------------------------------------


def held(model: type[models.Model], pk: int, seen: int | None) -> Any:
    """The record, held until the end of the transaction; refused if it is no longer the one that was seen."""
    record: Any = model._base_manager.select_for_update().get(pk=pk)
    if getattr(record, "deleted_at", None) or (seen is not None and record.revision != seen):
        raise StaleError(record)
    return record


def hold_plan(plan: Plan) -> Plan:
    """Hold the whole plan: what adds to it, or touches several of its records, comes one after another."""
    found: Plan = Plan.objects.select_for_update().get(pk=plan.pk)
    return found


def log(
    plan: Plan, by: User, kind: ActivityKind, item: Item | None = None, changes: dict[str, Any] | None = None
) -> Activity:
    revision = item.revision if item else 0
    return Activity.objects.create(plan=plan, by=by, kind=kind, item=item, changes=changes or {}, revision=revision)


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
def set_scenarios(plan: Plan, by: User, seen: int, wanted: Sequence[tuple[int | None, str, bool]]) -> None:
    """Scenarios as they are to be: number or none, text, retained. A change marks what was judged as to re-check."""
    record: Plan = held(Plan, plan.pk, seen)
    known = {scenario.pk: scenario for scenario in plan.scenarios.all()}
    before = [[scenario.text, scenario.retained] for scenario in known.values()]
    kept = [number for number, text, _retained in wanted if number in known and text.strip()]
    for number in known.keys() - set(kept):
        known[number].delete()
    for position, (wish, text, retained) in enumerate(wanted):
        if text.strip():
            found = known.get(wish or 0)
            scenario = found or Scenario(plan=plan)
            scenario.text, scenario.retained, scenario.position = text, retained, position
            checked(scenario).save()
    after = [[scenario.text, scenario.retained] for scenario in plan.scenarios.all()]
    if before != after:
        save(record)
        log(plan, by, ActivityKind.SCENARIOS_CHANGED, changes={"scenarios": [before, after]})
        _mark_to_recheck(plan)


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
    """Put lines into the inventory; one that is there already, word for word, is not put in twice."""
    hold_plan(plan)
    present = set(plan.items.filter(deleted_at__isnull=True).values_list("title", flat=True))
    wanted = [title for title in dict.fromkeys(line.strip() for line in titles) if title and title not in present]
    if len(wanted) > MOST_PASTED or len(present) + len(wanted) > MOST_ITEMS:
        raise RefusedError(
            _("A plan holds %(most)d actions, %(pasted)d at a time: shorten the list.")
            % {"most": MOST_ITEMS, "pasted": MOST_PASTED}
        )
    made = Item.objects.bulk_create([checked(Item(plan=plan, title=title, **fields)) for title in wanted])
    Activity.objects.bulk_create(
        Activity(plan=plan, by=by, kind=ActivityKind.ITEM_ADDED, item=item, revision=item.revision) for item in made
    )
    return made


def add_practice(plan: Plan, by: User, practice: Practice, title: str, question: str) -> Item | None:
    """A practice as an action to think about; nothing if the plan has it already."""
    if plan.items.filter(deleted_at__isnull=True, practice=practice).exists():
        return None
    fields = {"category": practice.category, "stakeholders": practice.stakeholders, "origin": Origin.PRACTICE}
    made = add_items(plan, by, [title], practice=practice, description=question, **fields)
    return made[0] if made else None


@transaction.atomic
def change_item(item: Item, by: User, seen: int | None, fields: Fields, fits: Iterable[Scenario] | None = None) -> Item:
    """Change a card. Whoever judges it again has re-checked it."""
    record: Item = held(Item, item.pk, seen)
    changes = apply(record, fields)
    if fits is not None:
        before, after = sorted(record.fits.values_list("pk", flat=True)), sorted(scenario.pk for scenario in fits)
        if before != after:
            record.fits.set(after)
            changes["fits"] = [before, after]
    if record.recheck and (fits is not None or "horizon" in changes):
        changes["recheck"] = [True, False]
        record.recheck = False
    if changes:
        save(record)
        log(record.plan, by, _kind_of(changes), record, changes)
    return record


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
def undo(activity: Activity, by: User) -> Item:
    """Take the last move, setting aside or deletion of a card back, as long as nobody changed it since."""
    assert activity.item_id is not None
    item: Item = Item._base_manager.select_for_update().get(pk=activity.item_id)
    if activity.kind not in UNDOABLE or item.revision != activity.revision:
        raise RefusedError(_("This cannot be undone any more: somebody has changed the card since."))
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
    log(plan, by, ActivityKind.PROBLEM_SAVED, changes=changes)
    return record


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
