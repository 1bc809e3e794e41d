"""After the crisis: outcome figures made public, and the change of each brand from before the crisis to after it.

A change is made of two readings of one series in one unit: the last before the crisis began and the last since it
ended. Measures on a scale are compared in points, prices and indices in per cent. What goes with what is told; that
one thing led to another is not, for nothing here could show it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from brands import editing
from brands.changes import record_decision
from brands.codes import FigureKind
from brands.models import Crisis, OutcomeFigure
from scoring.effects import Effect, effect_of
from scoring.engine.dossier import PartialDate
from scoring.models import Publication, PublishedFigure

IN_PER_CENT = frozenset({FigureKind.SHARE_PRICE, FigureKind.SALES_INDEX})
"""Measures without a scale of their own: only their relative change can be compared between brands."""
FAVOURABLE = ("aligned", "exceeds_promise", "dna_proactive")

# --- Publishing -------------------------------------------------------------------------------------------------------


class CannotPublishFigure(PermissionDenied):
    """The message says what is in the way."""


def check_can_publish_figure(user: AbstractBaseUser | AnonymousUser, figure: OutcomeFigure) -> None:
    if not user.has_perm("scoring.publish"):  # type: ignore[union-attr]
        raise CannotPublishFigure(_("Your role does not include publishing."))
    if figure.is_withdrawn or figure.source.is_withdrawn:
        raise CannotPublishFigure(_("This figure, or its source, is withdrawn."))
    if not _verdicts_in_force().filter(assessment__brand=figure.brand_id, assessment__crisis=figure.crisis_id).exists():
        raise CannotPublishFigure(_("No verdict on this brand in this crisis is published yet."))


def can_publish_figure(user: AbstractBaseUser | AnonymousUser, figure: OutcomeFigure) -> bool:
    try:
        check_can_publish_figure(user, figure)
    except CannotPublishFigure:
        return False
    return True


@transaction.atomic
def publish_figure(figure: OutcomeFigure, *, by: Any, reason: str = "") -> PublishedFigure:
    """Show the figure as it now stands. Publishing what is public already changes nothing."""
    editing.lock(figure)
    figure = OutcomeFigure.objects.select_related("brand", "crisis", "source").get(pk=figure.pk)
    check_can_publish_figure(by, figure)
    standing = PublishedFigure.objects.filter(figure=figure, is_current=True).first()
    if standing and standing.revision == figure.revision:
        return standing
    PublishedFigure.objects.filter(figure=figure, is_current=True).update(is_current=False)
    made = PublishedFigure.objects.create(published_by=by, **_shown(figure))
    changes = {"revision": [standing.revision if standing else None, made.revision]}
    record_decision("outcome.published", subject=figure, brand=figure.brand, actor=by, changes=changes, reason=reason)
    return made


def _shown(figure: OutcomeFigure) -> dict[str, Any]:
    same = ("revision", "brand", "crisis", "kind", "series", "value", "unit", "measured_on", "note_en", "note_fr")
    source = figure.source
    return {
        "figure": figure,
        **{name: getattr(figure, name) for name in same},
        "source_title": source.title,
        "source_publisher": source.publisher,
        "source_url": source.url,
    }


def _verdicts_in_force() -> QuerySet[Publication]:
    return Publication.objects.current()


def published_figures(crisis: Crisis) -> QuerySet[PublishedFigure]:
    return visible_figures().filter(crisis=crisis)


def visible_figures() -> QuerySet[PublishedFigure]:
    """What the public may see: current, not withdrawn, nor its source, and of brands whose verdict is in force."""
    judged = _verdicts_in_force().filter(assessment__brand=OuterRef("brand"), assessment__crisis=OuterRef("crisis"))
    return PublishedFigure.objects.filter(
        Exists(judged),
        is_current=True,
        figure__withdrawn_at__isnull=True,
        figure__source__withdrawn_at__isnull=True,
    ).select_related("brand")


# --- Before and after -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """From the last reading before the crisis to the last one since it ended, of one brand in one measure."""

    kind: str
    before: PublishedFigure
    after: PublishedFigure
    outcome: str
    """The verdict in force on the brand."""

    @property
    def value(self) -> float:
        if self.kind in IN_PER_CENT:
            return round(float((self.after.value / self.before.value - 1) * 100), 6)
        return float(self.after.value - self.before.value)

    @property
    def name(self) -> str:
        return self.before.brand.name


def changes_of(crisis: Crisis) -> list[OutcomeChange]:
    """One change a brand and measure, by the name of the brand; in two queries, whatever the number of figures."""
    by_series: dict[tuple[int, str, str, str], list[PublishedFigure]] = {}
    for figure in published_figures(crisis):
        by_series.setdefault((figure.brand_id, figure.kind, figure.series, figure.unit), []).append(figure)
    outcomes = _outcomes_of({brand for brand, *_series in by_series}, crisis)
    found: dict[tuple[int, str], OutcomeChange] = {}
    for (brand, kind, _series, _unit), figures in sorted(by_series.items()):
        change = _change(kind, figures, crisis, outcomes[brand])
        if change and _is_fresher(change, found.get((brand, kind))):
            found[brand, kind] = change
    return sorted(found.values(), key=lambda change: change.before.brand.sort_key)


def _outcomes_of(brands: Collection[int], crisis: Crisis) -> dict[int, str]:
    verdicts = _verdicts_in_force().filter(assessment__crisis=crisis, assessment__brand__in=brands)
    return dict(verdicts.values_list("assessment__brand", "snapshot__outcome"))


def _change(kind: str, figures: Iterable[PublishedFigure], crisis: Crisis, outcome: str) -> OutcomeChange | None:
    dated = sorted(figures, key=lambda figure: (PartialDate.parse(figure.measured_on), figure.pk))
    ended = crisis.ends_on or crisis.starts_on
    before = [figure for figure in dated if _last(figure) < crisis.starts_on]
    after = [figure for figure in dated if _first(figure) > ended]
    if not before or not after or (kind in IN_PER_CENT and before[-1].value <= Decimal(0)):
        return None
    return OutcomeChange(kind, before[-1], after[-1], outcome)


def _is_fresher(change: OutcomeChange, other: OutcomeChange | None) -> bool:
    """Of two series the one that was read last; of two read alike the first by name stays."""
    return other is None or PartialDate.parse(change.after.measured_on) > PartialDate.parse(other.after.measured_on)


def _first(figure: PublishedFigure) -> date:
    return PartialDate.parse(figure.measured_on).first


def _last(figure: PublishedFigure) -> date:
    return PartialDate.parse(figure.measured_on).last


# --- Side by side -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure: its changes, and the brands classed broken promise beside those with a favourable archetype."""

    kind: str
    changes: list[OutcomeChange]
    broken: int
    favourable: int
    effect: Effect | None

    @property
    def in_per_cent(self) -> bool:
        return self.kind in IN_PER_CENT


def comparisons(changes: Sequence[OutcomeChange]) -> list[Comparison]:
    """Measure by measure, in the order of the codebook; a measure without any change is left out."""
    found = []
    for kind in FigureKind.values:
        own = [change for change in changes if change.kind == kind]
        if own:
            broken = [change.value for change in own if change.outcome == "broken_promise"]
            favourable = [change.value for change in own if change.outcome in FAVOURABLE]
            effect = effect_of(broken, favourable)
            found.append(Comparison(kind, own, len(broken), len(favourable), effect))
    return found
