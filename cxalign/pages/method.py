"""The method told to readers: in plain words, then whole, with its numbers read from the very file that judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cxalign.pages.archetypes import archetypes
from cxalign.pages.codebook import chapters
from cxalign.pages.decision_tree import drawing, steps
from cxalign.pages.worked_cases import examples, worked_cases
from cxalign.templatetags.cxalign import full_date, here
from scoring import wording
from scoring.engine.method import Method, MethodError, Parameter, available, get, method_in_force


def method(request: HttpRequest) -> HttpResponse:
    return _page(request, method_in_force(timezone.localdate()), frozen=False)


def version(request: HttpRequest, version: str) -> HttpResponse:
    """One version at its own address, which stays when a newer one comes into force."""
    try:
        return _page(request, get(version), frozen=True)
    except MethodError as error:
        raise Http404 from error


def _page(request: HttpRequest, shown: Method, *, frozen: bool) -> HttpResponse:
    cases = worked_cases(shown.version)
    context: dict[str, Any] = {
        "method": shown,
        "frozen": frozen,
        "versions": available(),
        "in_force": method_in_force(timezone.localdate()),
        "archetypes": archetypes(),
        "steps": steps(),
        "tree": drawing(),
        "chapters": chapters(),
        "indices": indices(),
        "examples": examples(),
        "legal": settings.LEGAL,
        "cited": citation(shown),
        "switches": [(switch, wording.SWITCHES[switch]) for switch in shown.switches],
        "reasons": wording.REASONS.values(),
        "told": [case for case in cases if case.case.article_case],
        "untold": [case for case in cases if not case.case.article_case],
        "credence": list(enumerate(shown.credence)),
        "bounds": shown.label_bounds.items(),
        "parameters": [shown_parameter(parameter) for parameter in shown.parameters],
    }
    return render(request, "pages/method.html", context)


@dataclass(frozen=True, slots=True)
class ShownParameter:
    """One number of the method: what it is, why, and the section of this page that uses it."""

    name: str
    values: list[tuple[str, str]]
    unit: str
    why: str
    section: str


def shown_parameter(parameter: Parameter) -> ShownParameter:
    """The texts of the data files are listed for translation in ``method_texts``."""
    return ShownParameter(
        parameter.name,
        _values(parameter.value),
        _(parameter.unit),
        _(parameter.why),
        parameter.reference.partition("#")[2],
    )


def _values(value: Any) -> list[tuple[str, str]]:
    """Pairs of name and value; a plain value has no name."""
    if isinstance(value, Mapping):
        return [(str(name), _shown(one)) for name, one in value.items()]
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [("", " · ".join(f"{name} {shown}" for name, shown in _values(one))) for one in value]
    if isinstance(value, list):
        return [("", _shown(one)) for one in value]
    return [("", _shown(value))]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number_format(value, 2) if isinstance(value, float) else str(value)


def citation(shown: Method) -> str:
    """How a version of the method is cited: its address stays, and its digest says that it is the same."""
    return _("%(site)s, %(label)s (version %(version)s, in force since %(day)s), SHA-256 %(digest)s, %(address)s") % {
        "site": settings.SITE_NAME,
        "label": here(shown.label),
        "version": shown.version,
        "day": full_date(shown.in_force),
        "digest": shown.sha256,
        "address": f"{settings.BASE_URL}{reverse('method-version', args=[shown.version])}",
    }


def indices() -> list[tuple[str, str, str]]:
    """The eight indices: code, how each is computed, and what it can be."""
    return [
        (
            "delivery",
            _(
                "For each group to whom a promise is on file: minus the gravest established breach; without one, "
                "minus one level for a corroborated shortfall that no kept promise answers; else the "
                "strength of the best helpful act. The index is the lowest of these."
            ),
            _("−100 to 100; not defined if nothing was promised"),
        ),
        (
            "surpassing",
            _(
                "The strongest helpful act far beyond a promise, if it is not self-serving; an act merely "
                "beyond it gives one level at most."
            ),
            _("0 to 100"),
        ),
        (
            "breadth",
            _("The share of core groups with an established helpful act and no established serious harm."),
            _("0 to 100"),
        ),
        (
            "proactivity",
            _("The best unprompted act for customers: the lower of its strength and its generosity."),
            _("0 to 100"),
        ),
        (
            "dna",
            _(
                "The higher of purpose and values heritage, but no more than the customer record; all "
                "from before the crisis."
            ),
            _("0 to 100"),
        ),
        (
            "harm",
            _("The gravest harmful act: the lower of its evidence and of its severity after remedy."),
            _("0 to 100"),
        ),
        ("evidence", _("The mean, over the core groups, of the best evidence grade found for each."), _("0 to 100")),
        (
            "purpose_washing",
            _(
                "The share of helpful acts that are hollow; at least 67 if a serious harm is established "
                "beside help, a purpose or a label."
            ),
            _("0 to 100; not defined if too few acts can be assessed"),
        ),
    ]
