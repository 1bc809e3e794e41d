"""After the crisis: who was up to it, and what was measured about the brands since. Association, never cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brands.models import Crisis
from cxalign.pages import words
from cxalign.pages.after_chart import Strip, strip
from cxalign.templatetags.cxalign import NBSP, grouped, page_language, true_minus
from scoring.effects import CONFIDENCE, DRAWS, ENOUGH
from scoring.landscapes import crises_on_view
from scoring.models import OutcomeChoice, Publication
from scoring.outcomes import Comparison, OutcomeChange, changes_of, comparisons

ORDER = ("broken_promise", "aligned", "exceeds_promise", "dna_proactive", "insufficient_evidence", "no_promise")
"""Kinds, in the order of all screens; not a ladder."""


@dataclass(frozen=True)
class ToldChange:
    change: OutcomeChange
    told: str


@dataclass(frozen=True)
class Measure:
    """One measure as the page shows it."""

    comparison: Comparison
    title: str
    scope: str
    finding: list[str]
    chart: Strip
    rows: list[ToldChange]


def newest(request: HttpRequest) -> HttpResponse | HttpResponseRedirect:
    """The crisis with the most verdicts in force; without any, what would stand here."""
    crisis = (
        Publication.objects.current()
        .values("assessment__crisis__slug")
        .annotate(verdicts=Count("pk"))
        .order_by("-verdicts", "assessment__crisis__slug")
        .first()
    )
    if crisis is None:
        return render(request, "pages/after.html", {"crisis": None, "measures": [], "tiles": []})
    return redirect("after", crisis["assessment__crisis__slug"])


def after(request: HttpRequest, crisis: str) -> HttpResponse:
    """A crisis that is only being prepared does not exist for readers; the one the product comes with may be named."""
    on_view = crises_on_view()
    found = get_object_or_404(on_view if on_view.exists() else Crisis.objects.all(), slug=crisis)
    context = {
        "crisis": found,
        "tiles": _tiles(found),
        "measures": [measure(one) for one in comparisons(changes_of(found))],
        "enough": ENOUGH,
        "draws": grouped(DRAWS),
    }
    return render(request, "pages/after.html", context)


def _tiles(crisis: Crisis) -> list[tuple[str, int]]:
    counts = dict(
        Publication.objects.current()
        .filter(assessment__crisis=crisis)
        .values_list("snapshot__outcome")
        .annotate(verdicts=Count("pk"))
        .order_by()
    )
    return [(outcome, counts.get(outcome, 0)) for outcome in ORDER if outcome in OutcomeChoice.values]


# --- One measure ------------------------------------------------------------------------------------------------------


def measure(comparison: Comparison) -> Measure:
    return Measure(
        comparison,
        _title(comparison),
        _scope(comparison),
        _finding(comparison),
        strip(_groups(comparison.changes)),
        [ToldChange(one, change_in_words(one.value, comparison.in_per_cent)) for one in comparison.changes],
    )


def _groups(changes: Sequence[OutcomeChange]) -> list[tuple[str, list[tuple[str, float]]]]:
    return [
        (outcome, [(change.name, change.value) for change in changes if change.outcome == outcome])
        for outcome in ORDER
        if any(change.outcome == outcome for change in changes)
    ]


def _title(comparison: Comparison) -> str:
    """What the chart shows, as a sentence; where there is too little, that is the sentence."""
    effect = comparison.effect
    if effect is None:
        return _("Too few brands to say anything about this measure.")
    return _(
        "Brands classed “broken promise” changed by a median of %(broken)s, those with a favourable archetype by "
        "%(others)s."
    ) % {
        "broken": change_in_words(effect.median_first, comparison.in_per_cent),
        "others": change_in_words(effect.median_second, comparison.in_per_cent),
    }


def _scope(comparison: Comparison) -> str:
    count = len(comparison.changes)
    told = ngettext("%(what)s, %(count)d brand", "%(what)s, %(count)d brands", count)
    return told % {"what": words.word(comparison.kind, "figure_kind"), "count": count}


def _finding(comparison: Comparison) -> list[str]:
    effect = comparison.effect
    if effect is None:
        return [
            _(
                "%(broken)d classed “broken promise” and %(others)d with a favourable archetype have a reading before "
                "and after; %(enough)d of each are needed before we compare them."
            )
            % {"broken": comparison.broken, "others": comparison.favourable, "enough": ENOUGH}
        ]
    size = _(
        "%(first)d brands beside %(second)d: Cliff’s delta %(delta)s, %(confidence)s %% interval %(low)s to %(high)s."
    ) % {
        "first": effect.first,
        "second": effect.second,
        "delta": number(effect.delta, 2),
        "confidence": round(CONFIDENCE * 100),
        "low": number(effect.low, 2),
        "high": number(effect.high, 2),
    }
    exact = _("every way was counted") if effect.exact else _("%(draws)s seeded draws") % {"draws": grouped(DRAWS)}
    test = _(
        "With the labels dealt out at random, a gap at least as wide comes up with probability %(p)s (%(exact)s)."
    ) % {"p": number(effect.p, 3) if effect.p >= 0.001 else _("under 0.001"), "exact": exact}
    return [size, test]


def number(value: float, decimals: int) -> str:
    """“−0.42”, « −0,42 »."""
    written = format_decimal(value, format=f"0.{'0' * decimals}" if decimals else "0", locale=page_language())
    return true_minus(written)


def change_in_words(value: float, in_per_cent: bool) -> str:
    """“+3.5 points”, « −12 % »: always with its sign, so that nobody takes a change for a level."""
    written = true_minus(str(format_decimal(round(value, 1), format="0.#", locale=page_language())))
    signed = f"+{written}" if value > 0 else written
    if in_per_cent:
        return f"{signed}{NBSP}%" if page_language() == "fr" else f"{signed}%"
    return _("%(value)s points") % {"value": signed}
