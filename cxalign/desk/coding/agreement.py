"""The agreement report: figures with their interval, confusion tables, disagreements; and adopting a measurement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands import codes
from brands.models import Crisis, validate_plain_text
from cxalign.desk.access import desk_page
from cxalign.desk.coding.codebook import address_of, rule_of
from cxalign.desk.rendering import person, render_desk
from scoring.agreement import DRAWS, FEWEST, confusion
from scoring.blindness import blind_brands
from scoring.coding.measuring import (
    Row,
    can_adopt,
    effects_of,
    figures_of,
    fingerprint,
    handed_in,
    lowest_alpha,
    preview,
    report,
    too_weak,
)
from scoring.coding.measuring import adopt as adopt_measurement
from scoring.coding.rights import ADJUDICATE, CODE, ORGANISE, CodingRefused
from scoring.engine.method import method_in_force
from scoring.models import CodingItem, CodingRound, Measurement

DISAGREEMENTS_A_PAGE = 50
SHADES = 4


@dataclass(frozen=True)
class Scope:
    """What a report is counted on."""

    words: str
    query: str
    filters: dict[str, Any]

    @property
    def chosen(self) -> Any:
        """The round or the crisis, if it is one."""
        return next(iter(self.filters.values()), None)


def scope_of(request: HttpRequest) -> Scope:
    sent = request.GET  # also of a form that was sent: its address says what it is about
    round_, crisis = sent.get("round", ""), sent.get("crisis", "")
    if round_.isdigit():
        found = CodingRound.objects.filter(pk=int(round_)).first()
        if found is None:
            raise Http404
        return Scope(found.name, f"round={found.pk}", {"round": found})
    if crisis:
        chosen = Crisis.objects.filter(slug=crisis).first()
        if chosen is None:
            raise Http404
        return Scope(str(chosen), f"crisis={chosen.slug}", {"round__crisis": chosen})
    return Scope(_("all rounds"), "", {})


WORDS: dict[str, Any] = {
    **{str(value): words for value, words in (*codes.ActionKind.choices, *codes.SourceKind.choices)},
    **{str(value): words for value, words in (*codes.Weight.choices, *codes.ValueType.choices)},
    **{str(value): words for value, words in (*codes.Direction.choices, *codes.Stakeholder.choices)},
    **{str(value): f"{value} – {words}" for value, words in codes.Family.choices},
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "duty": gettext_lazy("duty of care"),
    "promise": gettext_lazy("a promise"),
}
"""Values that are names, in words. Levels stay figures."""


def in_words(row: Row, value: str) -> str:
    """A value in the reader's language, without the explanation that follows it in the code book."""
    if row.measure.code == "direction" and value == "both":
        return _("both ways")
    if row.measure.code == "stakeholder_set":
        return ", ".join(str(WORDS.get(part, part)) for part in value.split(" + "))
    return str(WORDS.get(value, value)).partition(":")[0]


@dataclass(frozen=True)
class Cell:
    n: int
    shade: int
    agreed: bool


def table_of(row: Row) -> list[tuple[str, list[Cell]]]:
    """The confusion table: a line for each value of the first coder. The number is the message, the shade a help."""
    counts = confusion([one.pair for one in row.compared], row.scale)
    top = max(1, int(counts.max()))
    return [
        (
            in_words(row, value),
            [
                Cell(int(n), -(-int(n) * SHADES // top), value == other)
                for other, n in zip(row.scale, line, strict=True)
            ],
        )
        for value, line in zip(row.scale, counts, strict=True)
    ]


@desk_page(ORGANISE, ADJUDICATE, CODE)
def agreement(request: HttpRequest) -> HttpResponse:
    user = person(request)
    scope = scope_of(request)
    rows = report(handed_in(**scope.filters))
    chosen = _chosen(rows, request.GET.get("code", ""))
    context: dict[str, Any] = {
        "scope": scope,
        "rows": rows,
        "chosen": chosen,
        "by_rule": _by_rule(rows),
        "table": table_of(chosen) if chosen else [],
        "fewest": FEWEST,
        "draws": DRAWS,
        "rounds": CodingRound.objects.all(),
        "crises": Crisis.objects.all(),
        "measurement": Measurement.objects.in_force(),
        "may_adopt": can_adopt(user),
        "adoptable": figures_of(rows),
    }
    bound = lowest_alpha(method_in_force(timezone.localdate()))
    context["too_low"] = [row.measure.code for row in rows if _is_too_low(row, bound)]
    if measurement := context["measurement"]:
        context |= _worth(measurement.figures)
    if chosen:
        context |= _disagreements(request, chosen)
        context["pager_query"] = f"{scope.query}&code={chosen.measure.code}&".lstrip("&")
    return render_desk(request, "desk/coding/agreement.html", context)


@dataclass(frozen=True)
class RuleRow:
    """One rule of the code book, and how often two people read it in two ways."""

    row: Row
    rule: Any
    address: str

    @property
    def share(self) -> float:
        return 100 * len(self.row.disagreements) / len(self.row.compared)


def _by_rule(rows: list[Row]) -> list[RuleRow]:
    """The rules that coders disagreed on, those first that need better words most."""
    found = [RuleRow(row, rule_of(row.measure.code), address_of(row.measure.code)) for row in rows]
    return sorted((one for one in found if one.share), key=lambda one: (-one.share, one.row.measure.code))


def _is_too_low(row: Row, bound: float | None) -> bool:
    alpha = row.agreement.alpha
    return row.measure.decides and bound is not None and alpha is not None and alpha < bound


def _worth(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What the method in force makes of a measurement, and what of it the method has no answer to."""
    method = method_in_force(timezone.localdate())
    return {
        "effects": effects_of(figures, method),
        "weak": too_weak(figures, method),
        "bound": lowest_alpha(method),
    }


def _chosen(rows: list[Row], code: str) -> Row | None:
    """The code asked for; else, of those that can move a verdict, the one on which coders agree least."""
    asked = next((row for row in rows if row.measure.code == code), None)
    known = [row for row in rows if row.agreement.alpha is not None and row.measure.decides]
    return asked or min(known, key=lambda row: row.agreement.alpha or 0, default=None)


def _disagreements(request: HttpRequest, chosen: Row) -> dict[str, Any]:
    """Where the coders differed, with a way to the item; brands that this person is coding are left out."""
    differing = chosen.disagreements
    blind = blind_brands(person(request))
    hidden = set(
        CodingItem.objects.filter(pk__in={one.item for one in differing}, case__brand__in=blind).values_list(
            "pk", flat=True
        )
    )
    shown = [one for one in differing if one.item not in hidden]
    page = Paginator(shown, DISAGREEMENTS_A_PAGE).get_page(request.GET.get("page"))
    items = CodingItem.objects.with_subject().in_bulk([one.item for one in page.object_list])
    return {
        "page": page,
        "disagreements": [
            (items[one.item], [in_words(chosen, value) for value in one.pair]) for one in page.object_list
        ],
        "hidden": len(differing) - len(shown),
    }


# --- Adopting ---------------------------------------------------------------------------------------------------------


class AdoptionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validate_plain_text],
        help_text=gettext_lazy("Kept for good with the measurement, and shown to whoever asks why a verdict moved."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)


@desk_page(ORGANISE)
def adopt(request: HttpRequest) -> HttpResponse:
    """First what it would do, computed; then the act, with its reason."""
    scope = scope_of(request)
    figures = figures_of(report(handed_in(**scope.filters)))
    seen = fingerprint(figures)
    form = AdoptionForm(request.POST or None, initial={"seen": seen})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] != seen:
            messages.warning(request, _("More was coded since you opened this page: look at the new figures first."))
            return redirect(f"{reverse('desk-agreement-adopt')}?{scope.query}")
        try:
            adopt_measurement(
                by=person(request), scope=scope.words, figures=figures, reason=form.cleaned_data["reason"]
            )
        except CodingRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The measurement is in force. The brands that it touches are judged again."))
            return redirect("desk-agreement")
    context = {
        "scope": scope,
        "form": form,
        **_worth(figures),
        "figures": figures,
        "preview": preview(figures),
    }
    return render_desk(request, "desk/coding/adopt.html", context, 422 if form.errors else 200)
