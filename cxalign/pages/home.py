"""Home: what this is, where to start, and what changed last."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cxalign.pages.archetypes import archetypes
from cxalign.pages.frame import reader_of
from cxalign.plans.gate import can_plan
from scoring.models import Publication
from scoring.visibility import visible_brands, visible_publications

LATEST = 5


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that came into force, and the one it took the place of."""

    publication: Publication
    before: str

    @property
    def moved(self) -> bool:
        return bool(self.before) and self.before != self.publication.snapshot.outcome


def latest_changes() -> list[Change]:
    """The newest versions first, by their place in the log: a clock can be wrong."""
    latest = list(visible_publications().order_by("-pk")[:LATEST])
    before = {
        (publication.assessment_id, publication.version): publication.snapshot.outcome
        for publication in earlier_versions([publication.assessment_id for publication in latest])
    }
    return [Change(one, before.get((one.assessment_id, one.version - 1), "")) for one in latest]


def earlier_versions(assessments: list[int]) -> QuerySet[Publication]:
    """Versions that another one took the place of; a withdrawn one is not told again here."""
    superseded = Publication.objects.filter(assessment__in=assessments, is_current=False, withdrawn_at__isnull=True)
    return superseded.select_related("snapshot").only("assessment_id", "version", "snapshot__outcome")


def home(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    context = {
        "can_plan": can_plan(reader),
        "archetypes": archetypes(),
        "changes": latest_changes(),
        "recorded": visible_brands(reader).count(),
        "assessed": Publication.objects.current().values("assessment__brand").distinct().count(),
        "limits": limits(),
    }
    return render(request, "pages/home.html", context)


def limits() -> list[tuple[str, str]]:
    """What this is and is not."""
    return [
        (
            _("Evidence before verdict"),
            _(
                "Every factual sentence leads to its source, with a date and a type. We say what was "
                "published and what was observed, never what anyone wanted."
            ),
        ),
        (
            _("No evidence is not bad evidence"),
            _(
                "“Not assessed”, “nothing found” and “nothing done” are three different things, and we "
                "never confuse them."
            ),
        ),
        (
            _("No total, no ranking"),
            _(
                "A strong act towards one group never makes up for a serious breach towards another. "
                "There is no score to compare."
            ),
        ),
        (
            _("Dated, and open to change"),
            _(
                "Each verdict carries its date, its version and its method. New evidence or an error of "
                "ours leads to a new version; the old one stays readable."
            ),
        ),
    ]
