"""The gate for changes of portfolios: each holds the portfolio, refuses what is stale, and leaves a line in its log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from brands.models import Brand
from cxalign.plans.editing import Fields, RefusedError, StaleError, apply, checked, held, save
from cxalign.portfolios.models import Holding, Portfolio, Step, StepKind

if TYPE_CHECKING:
    from cxalign.accounts.models import Team, User

MOST_BRANDS, MOST_PORTFOLIOS = 100, 200
UNDOABLE = (StepKind.BRAND_REMOVED, StepKind.ARCHIVED, StepKind.REMOVED)

__all__ = ["RefusedError", "StaleError"]


def log(
    portfolio: Portfolio, by: User, kind: StepKind, brand: Brand | None = None, changes: dict[str, Any] | None = None
) -> Step:
    return Step.objects.create(portfolio=portfolio, by=by, kind=kind, brand=brand, changes=changes or {})


def hold(portfolio: Portfolio) -> Portfolio:
    """The portfolio, held: what changes its brands comes one after another. One that was removed meanwhile is stale."""
    found: Portfolio = held(Portfolio, portfolio.pk, None)
    return found


# --- The set ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_portfolio(by: User, team: Team, *, name: str, note: str = "") -> Portfolio:
    type(team).objects.select_for_update().get(pk=team.pk)
    if Portfolio.objects.filter(team=team, deleted_at__isnull=True).count() >= MOST_PORTFOLIOS:
        raise RefusedError(_("A team keeps %(most)d portfolios at most: remove one first.") % {"most": MOST_PORTFOLIOS})
    portfolio = Portfolio(by=by, team=team, name=name, note=note)
    check_name_is_free(portfolio)
    checked(portfolio).save()
    log(portfolio, by, StepKind.MADE)
    return portfolio


def check_name_is_free(portfolio: Portfolio) -> None:
    others = Portfolio.objects.filter(team=portfolio.team_id, name=portfolio.name, deleted_at__isnull=True)
    if others.exclude(pk=portfolio.pk).exists():
        told = _("Your team has a portfolio called “%(name)s” already: choose another name.")
        raise RefusedError(told % {"name": portfolio.name})


@transaction.atomic
def change_portfolio(portfolio: Portfolio, by: User, seen: int, fields: Fields) -> Portfolio:
    record: Portfolio = held(Portfolio, portfolio.pk, seen)
    if changes := apply(record, fields):
        check_name_is_free(record)
        save(record)
        log(record, by, StepKind.CHANGED, changes=changes)
    return record


@transaction.atomic
def archive(portfolio: Portfolio, by: User) -> Step | None:
    """Out of the way, and still there to read. Nothing if it is archived already."""
    return _mark(hold(portfolio), by, "archived_at", timezone.now(), StepKind.ARCHIVED)


@transaction.atomic
def take_up(portfolio: Portfolio, by: User) -> Step | None:
    return _mark(hold(portfolio), by, "archived_at", None, StepKind.TAKEN_UP)


@transaction.atomic
def remove(portfolio: Portfolio, by: User, seen: int) -> Step | None:
    """Take it away from everybody in the team, by somebody who has just seen it as it is."""
    record: Portfolio = held(Portfolio, portfolio.pk, seen)
    return _mark(record, by, "deleted_at", timezone.now(), StepKind.REMOVED)


def _mark(record: Portfolio, by: User, field: str, at: datetime | None, kind: StepKind) -> Step | None:
    if (getattr(record, field) is None) == (at is None):
        return None
    setattr(record, field, at)
    save(record)
    return log(record, by, kind)


# --- Its brands -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_brands(portfolio: Portfolio, by: User, brands: Iterable[Brand]) -> list[Brand]:
    """Put brands at the end; one that is in already is not put in twice. Which ones came in."""
    record = hold(portfolio)
    present = set(record.holdings.values_list("brand", flat=True))
    wanted = [brand for brand in dict.fromkeys(brands) if brand.pk not in present]
    if len(present) + len(wanted) > MOST_BRANDS:
        raise RefusedError(_("A portfolio holds %(most)d brands at most: make another one.") % {"most": MOST_BRANDS})
    for place, brand in enumerate(wanted, _last_place(record) + 1):
        Holding.objects.create(portfolio=record, brand=brand, position=place)
        log(record, by, StepKind.BRAND_ADDED, brand)
    if wanted:
        save(record)
    return wanted


def _last_place(portfolio: Portfolio) -> int:
    return portfolio.holdings.aggregate(Max("position"))["position__max"] or 0


@transaction.atomic
def note_brand(holding: Holding, by: User, seen: int, note: str) -> Holding:
    portfolio = hold(holding.portfolio)
    record: Holding | None = portfolio.holdings.select_for_update().filter(pk=holding.pk).first()
    if record is None:
        raise StaleError(holding)
    if record.revision != seen:
        raise StaleError(record)
    if changes := apply(record, {"note": note}):
        save(record)
        log(portfolio, by, StepKind.BRAND_NOTED, record.brand, changes)
    return record


@transaction.atomic
def move_brand(holding: Holding, by: User, steps: int) -> None:
    """Up or down among the others, as they are now: two people who move come one after another."""
    portfolio = hold(holding.portfolio)
    order = list(portfolio.holdings.select_for_update())
    before = next((place for place, one in enumerate(order) if one.pk == holding.pk), None)
    if before is None:
        raise StaleError(holding)
    after = min(max(before + steps, 0), len(order) - 1)
    if after == before:
        return
    order.insert(after, order.pop(before))
    for place, one in enumerate(order, 1):
        if one.position != place:
            one.position = place
            one.save(update_fields=["position"])
    save(portfolio)
    log(portfolio, by, StepKind.BRAND_MOVED, holding.brand, {"position": [before + 1, after + 1]})


@transaction.atomic
def remove_brand(holding: Holding, by: User) -> Step:
    """Take a brand out. Its note stays in the log, so that it comes back whole."""
    portfolio = hold(holding.portfolio)
    record = portfolio.holdings.select_for_update().filter(pk=holding.pk).first()
    if record is None:
        raise StaleError(holding)
    step = log(
        portfolio, by, StepKind.BRAND_REMOVED, record.brand, {"note": [record.note, ""], "place": [record.position, 0]}
    )
    _drop(record)
    save(portfolio)
    return step


def _drop(holding: Holding) -> None:
    holding.delete()


# --- The way back -----------------------------------------------------------------------------------------------------


@transaction.atomic
def undo(step: Step, by: User) -> Portfolio:
    """Take a removal or an archiving back, as long as nothing else has taken its place since."""
    record: Portfolio = Portfolio.objects.select_for_update().get(pk=step.portfolio_id)
    if step.kind == StepKind.REMOVED:
        check_name_is_free(record)
        done = _mark(record, by, "deleted_at", None, StepKind.BROUGHT_BACK)
    elif record.deleted_at is not None:
        done = None
    elif step.kind == StepKind.ARCHIVED:
        done = _mark(record, by, "archived_at", None, StepKind.TAKEN_UP)
    else:
        done = _put_back(record, step, by)
    if done is None:
        raise RefusedError(_("This cannot be undone any more: somebody has changed the portfolio since."))
    return record


def _put_back(record: Portfolio, step: Step, by: User) -> Step | None:
    in_already = record.holdings.filter(brand=step.brand_id).exists()
    if step.kind != StepKind.BRAND_REMOVED or step.brand is None or in_already:
        return None
    if record.holdings.count() >= MOST_BRANDS:
        return None
    Holding.objects.create(
        portfolio=record, brand=step.brand, note=step.changes["note"][0], position=step.changes["place"][0]
    )
    save(record)
    return log(record, by, StepKind.BRAND_BROUGHT_BACK, step.brand)
