"""The gate for verdicts: gather → judge → keep a snapshot, only when something differs.

Scoring twice changes nothing, so nobody has to prevent a duplicate wake-up; a missed one heals at the next tick,
because the database says which brands are due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from brands.models import Brand, Crisis
from scoring import scorecards
from scoring.engine.judge import judge
from scoring.engine.method import method_in_force
from scoring.gather import load_facts, to_dossier
from scoring.models import Assessment, ScoringJob, Snapshot

logger = logging.getLogger(__name__)


@transaction.atomic
def rescore(assessment: Assessment, *, even_if_the_same: bool = False) -> Snapshot | None:
    """Judge again; keep the verdict only if something differs from the last one, or if that is asked for."""
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)  # one at a time
    as_of = timezone.localdate()
    method = method_in_force(as_of)
    case = load_facts(assessment)
    dossier = to_dossier(case, as_of)
    latest = Snapshot.objects.latest_of(assessment)
    fresh = scorecards.snapshot_of(assessment, case, dossier, judge(dossier, method), method)
    if fresh.says_the_same_as(latest) and not even_if_the_same:
        return None
    fresh.sequence = latest.sequence + 1 if latest else 1
    fresh.save()
    return fresh


def score_brand(brand: Brand) -> list[Snapshot]:
    """Judge every case of a brand, opening those that its facts call for."""
    for crisis in _crises_of(brand):
        Assessment.objects.get_or_create(brand=brand, crisis=crisis)
    cases = brand.assessments.select_related("brand__sector", "crisis")
    return [snapshot for case in cases if (snapshot := rescore(case))]


def _crises_of(brand: Brand) -> list[Crisis]:
    """Crises in which something about the brand was researched: an act, a profile or somebody's judgement."""
    return list(
        Crisis.objects.filter(pk__in=brand.actions.values("crisis"))
        | Crisis.objects.filter(pk__in=brand.profiles.values("crisis"))
        | Crisis.objects.filter(pk__in=brand.judgements.values("crisis"))
    )


def score_if_due(brand_id: int, *, even_if_not: bool = False) -> None:
    """Score one brand if its facts moved since the last time; a failure is counted and kept where people see it.

    The revision is read before the facts are: a change in between leaves the brand due, and the next tick takes it.
    """
    brand = Brand.objects.select_related("sector").filter(pk=brand_id).first()
    if brand is None:
        return
    job, _ = ScoringJob.objects.get_or_create(brand=brand)
    if even_if_not or brand.facts_revision > job.scored_revision:
        _score_and_note(brand)


def _score_and_note(brand: Brand) -> None:
    seen = brand.facts_revision
    try:
        score_brand(brand)
    except Exception as error:  # whatever it is, the other brands still get their verdict
        logger.exception("Scoring %s failed", brand.slug)
        _note_failure(brand, seen, error)
    else:
        ScoringJob.objects.update_or_create(
            brand=brand,
            defaults={"scored_revision": seen, "attempts": 0, "error": "", "finished_at": timezone.now()},
        )


@transaction.atomic
def _note_failure(brand: Brand, seen: int, error: Exception) -> None:
    job, _ = ScoringJob.objects.select_for_update().get_or_create(brand=brand)
    job.attempts = job.attempts + 1 if job.failed_revision == seen else 1
    job.failed_revision = seen
    job.error = f"{type(error).__name__}: {error}"[:1000]
    job.save()


def score_all_due(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Score every brand that is due; the number of brands taken. ``progress`` is told how many of how many are done."""
    _open_jobs()
    due = list(ScoringJob.objects.due().values_list("brand_id", flat=True))
    for done, brand_id in enumerate(due, start=1):
        score_if_due(brand_id)
        progress(done, len(due))
    return len(due)


def _open_jobs() -> None:
    missing = Brand.objects.filter(scoring_job__isnull=True)
    ScoringJob.objects.bulk_create([ScoringJob(brand=brand) for brand in missing], ignore_conflicts=True)


def score_everything(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Judge every brand, due or not; the number of brands. ``progress`` is told how many of how many are done."""
    brands = list(Brand.objects.select_related("sector").order_by("pk"))
    for done, brand in enumerate(brands, start=1):
        _score_and_note(brand)
        progress(done, len(brands))
    return len(brands)
