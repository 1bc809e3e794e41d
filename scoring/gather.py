"""Database → dossier: a few queries, whatever the number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from brands import models as facts
from scoring.engine import dossier as engine
from scoring.engine.reliability import relevant
from scoring.models import Assessment, Measurement


@dataclass(frozen=True)
class CaseFacts:
    """The records behind one case, as they stand in the database; withdrawn ones are left out."""

    brand: facts.Brand
    crisis: facts.Crisis
    promises: list[facts.Promise]
    actions: list[facts.Action]
    profile: facts.BrandProfile | None
    judgements: list[facts.Judgement]
    measurement: Measurement | None = None
    """How far coders agree, as adopted: it is part of what a verdict is judged on."""


def load_facts(assessment: Assessment) -> CaseFacts:
    brand, crisis = assessment.brand, assessment.crisis
    actions = (
        brand.actions.in_use()
        .filter(crisis=crisis)
        .select_related("duplicate_of")
        .prefetch_related(
            Prefetch("source_links", facts.ActionSource.objects.select_related("source").order_by("id")),
            Prefetch("proofs", facts.Proof.objects.select_related("promise").order_by("stakeholder", "direction")),
        )
        .order_by("key")
    )
    promises = brand.promises.in_use().prefetch_related("sources").order_by("key")
    judgements = brand.judgements.in_use().filter(crisis=crisis).select_related("source").order_by("key")
    profile = brand.profiles.filter(crisis=crisis).prefetch_related("sources").first()
    measurement = Measurement.objects.in_force()
    return CaseFacts(brand, crisis, list(promises), list(actions), profile, list(judgements), measurement)


def to_dossier(case: CaseFacts, as_of: date) -> engine.Dossier:
    whole = engine.Dossier(
        crisis_start=engine.PartialDate.parse(case.crisis.starts_on.isoformat()),
        as_of=as_of,
        promises=tuple(_promise(promise) for promise in case.promises),
        profile=_profile(case.profile),
        actions=tuple(_action(action) for action in case.actions),
        reliability=case.measurement.reliability if case.measurement else (),
    )
    return relevant(whole)


def gather(assessment: Assessment, as_of: date) -> engine.Dossier:
    return to_dossier(load_facts(assessment), as_of)


def level(code: str) -> int | None:
    """``u`` and "not coded yet" are both unknown to the engine."""
    return int(code) if code.isdigit() else None


def partial_date(text: str) -> engine.PartialDate | None:
    return engine.PartialDate.parse(text) if text else None


def _promise(promise: facts.Promise) -> engine.Promise:
    return engine.Promise(
        id=promise.key,
        st=level(promise.statement_level),
        groups=frozenset(engine.Group(code) for code in promise.stakeholders),
        since=partial_date(promise.since),
        weight=engine.Weight(promise.weight),
    )


def _profile(profile: facts.BrandProfile | None) -> engine.Profile:
    if profile is None:
        return engine.Profile()
    return engine.Profile(
        pu=level(profile.purpose),
        vh=level(profile.values_heritage),
        cc=level(profile.customer_record),
        labels=tuple(profile.label_list),
        not_applicable=frozenset(engine.Group(code) for code in profile.not_applicable),
        double_coded=profile.coding != "single",
    )


def _action(action: facts.Action) -> engine.Action:
    return engine.Action(
        id=action.key,
        started=partial_date(action.started),
        su=level(action.substance),
        re=level(action.reach),
        in_=level(action.initiative),
        ge=level(action.generosity),
        appraisal=action.appraisal,
        double_coded=action.is_double_coded,
        disputed=action.disputed,
        duplicate_of=action.duplicate_of.key if action.duplicate_of else None,
        sources=tuple(_source(link) for link in action.source_links.all() if not link.source.is_withdrawn),
        proofs=tuple(_proof(proof, action) for proof in action.proofs.all()),
    )


def _source(link: facts.ActionSource) -> engine.Source:
    return engine.Source(
        id=link.source.key,
        kind=engine.SourceKind(link.kind),
        group=link.independence_group,
        date=partial_date(link.source.published_on),
    )


def _proof(proof: facts.Proof, action: facts.Action) -> engine.Proof:
    promise = proof.promise
    return engine.Proof(
        id=f"{action.key}:{proof.stakeholder}:{proof.direction}",
        group=engine.Group(proof.stakeholder),
        yardstick=promise.key if promise and not promise.is_withdrawn else engine.DUTY,
        direction=engine.Direction(proof.direction),
        depth=level(proof.depth),
        remedy=int(proof.remedy),
    )
