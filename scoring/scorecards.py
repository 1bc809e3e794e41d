"""What a reader sees of a snapshot: one document, built once, that page, API and exports read.

The document holds everything that the verdict says and rests on, in both languages. What depends on the installation
or moves later (addresses, version, state, history) is put in front of it when it is shown: see ``Scorecard``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from babel import Locale

from brands import models as facts
from scoring import wording
from scoring.engine.canonical import canonical
from scoring.engine.dossier import DUTY, Dossier, Group, PartialDate
from scoring.engine.method import Method
from scoring.engine.verdict import Coverage, SignalCode, Verdict
from scoring.engine.verdict_json import verdict_to_dict
from scoring.gather import CaseFacts
from scoring.ledger import counts
from scoring.lineage import unknown_codes
from scoring.models import Assessment, Publication, Snapshot

FORMAT = 1
"""Raised when the shape of the document changes, so that old documents can still be told apart."""

FOUNDING_ARTICLES = (
    "https://relationclientmag.fr/Thematique/strategies-1255/Breves/"
    "Tribune-Aligner-promesse-marque-actions-temps-Covid19-Episode-348772.htm",
    "https://blog.experience-client.com/les-meilleurs-exemples-de-pratiques-cx-special-covid19-5-6/",
)
"""The two articles that the method comes from: what they say of a brand stands right beside our verdict."""


def snapshot_of(
    assessment: Assessment, case: CaseFacts, dossier: Dossier, verdict: Verdict, method: Method
) -> Snapshot:
    """A snapshot, not yet saved and not yet numbered, of one judgement."""
    shown = document_of(case, verdict)
    document = dumps(shown)
    signals = {signal.code: signal for signal in verdict.signals}
    washing = signals.get(SignalCode.PURPOSE_WASHING)
    return Snapshot(
        assessment=assessment,
        as_of=dossier.as_of,
        method_version=verdict.method_version,
        facts_digest=verdict.inputs_sha256,
        facts=canonical(dossier),
        verdict=dumps(verdict_to_dict(verdict)),
        document=document,
        document_digest=hashlib.sha256(document.encode()).hexdigest(),
        outcome=verdict.outcome,
        breadth=verdict.breadth or "",
        reason=verdict.reason or "",
        robustness=verdict.robustness or "",
        evidence_items=verdict.proofs_counted,
        independent_groups=verdict.independent_groups,
        harm_alert=bool(verdict.harm_alert),
        washing=(washing.level or "") if washing else "",
        divergent=SignalCode.DIVERGENT_STAKEHOLDERS in signals,
        groups_documented=_piped(item.group for item in verdict.coverage if item.proofs),
        review=review_of(shown),
        position=position_of(shown),
    )


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _piped(codes: Iterable[str]) -> str:
    text = "|".join(codes)
    return f"|{text}|" if text else ""


# --- The document -----------------------------------------------------------------------------------------------------


def document_of(case: CaseFacts, verdict: Verdict) -> dict[str, Any]:
    """The scorecard of one judgement, without anything that depends on when or where it is read."""
    judged = verdict_to_dict(verdict)
    promises = _in_reading_order(case.promises, verdict)
    actions = _weightiest_first(case.actions, verdict)
    numbers = _source_numbers(case, promises, actions)
    words = _words(case, numbers)
    profile = _profile(case.profile, numbers)
    return {
        "format": FORMAT,
        "brand": brand_document(case.brand),
        "crisis": _crisis(case.crisis),
        "method_version": verdict.method_version,
        **{key: judged[key] for key in _TAKEN_AS_JUDGED},
        "index_unknown": {"dna": unknown_codes({**judged, "profile": profile})},
        "evidence": {
            "proofs": verdict.proofs_counted,
            "independent_groups": verdict.independent_groups,
            "sources": len(numbers),
            "double_coded": bool(case.actions) and all(action.is_double_coded for action in case.actions),
            "adjudicated": sum(action.coding in ("adjudicated", "reading_rule") for action in case.actions),
        },
        "provisional": _provisional(verdict),
        "explanation": wording.explanation(verdict, words),
        "would_change": _would_change(verdict, words, judged),
        "signals": [
            {**as_judged, "text": wording.signal(signal)}
            for signal, as_judged in zip(verdict.signals, judged["signals"], strict=True)
        ],
        "method_choices": [
            {"switch": effect.switch, "outcome": effect.outcome, "text": wording.method_choice(effect)}
            for effect in verdict.method_agreement.flips
        ],
        "promises": [_promise(promise, verdict, numbers) for promise in promises],
        "actions": [_action(action, verdict, numbers) for action in actions],
        "profile": profile,
        "coverage": _coverage(case, verdict),
        "judgements": [_judgement(judgement, numbers) for judgement in case.judgements],
        "sources": _sources(case, numbers),
    }


def _provisional(verdict: Verdict) -> dict[str, Any] | None:
    """Whether agreement between coders is too weak for more than a provisional verdict: the codes, and why."""
    words = wording.provisional(verdict.provisional)
    return {"codes": list(verdict.provisional), "text": words} if words else None


_TAKEN_AS_JUDGED = (
    "outcome",
    "archetype",
    "breadth",
    "reason",
    "also_meets",
    "indices",
    "index_basis",
    "probabilities",
    "robustness",
    "caps",
    "more_probable",
    "shadow",
    "harm_alert",
    "weakest_group",
    "decisive_proofs",
    "method_agreement",
    "unmet",
    "gaps",
    "reach",
    "rootedness",
    "findings",
)


def brand_document(brand: facts.Brand) -> dict[str, Any]:
    return {
        "slug": brand.slug,
        "name": brand.name,
        "sector": {"slug": brand.sector.slug, "name": {"en": brand.sector.name_en, "fr": brand.sector.name_fr}},
        "country": brand.country,
        "country_name": country_name(brand.country),
        "parent_group": brand.parent_group,
        "summary": bilingual(brand, "summary"),
        "in_founding_article": brand.in_founding_article,
    }


def country_name(code: str) -> wording.Text:
    """The territory's name in both languages; ``ZZ`` is several countries."""
    if code == "ZZ":
        return wording.text("several countries", "plusieurs pays")
    return {language: Locale(language).territories.get(code, code) for language in wording.LANGUAGES}


def bilingual(record: Any, field: str) -> wording.Text:
    """A text that people typed; where one language is missing, the other one stands in.

    What is stored stays as typed; French is set with its non-breaking spaces where it is read.
    """
    en, fr = getattr(record, f"{field}_en"), getattr(record, f"{field}_fr")
    return {"en": en or fr, "fr": wording.french(fr) if fr else en}


def _crisis(crisis: facts.Crisis) -> dict[str, Any]:
    return {
        "slug": crisis.slug,
        "name": {"en": crisis.name_en, "fr": crisis.name_fr},
        "starts_on": crisis.starts_on.isoformat(),
        "ends_on": crisis.ends_on.isoformat() if crisis.ends_on else None,
        "phases": [
            {
                "name": {"en": phase.name_en, "fr": phase.name_fr},
                "starts_on": phase.starts_on.isoformat(),
                "ends_on": phase.ends_on.isoformat(),
            }
            for phase in crisis.phases.all()
        ],
    }


def _in_reading_order(promises: list[facts.Promise], verdict: Verdict) -> list[facts.Promise]:
    """Central promises first; last those that are hard to test on their own and that no act was read against."""
    used = {gap.promise for gap in verdict.gaps if gap.actions}
    weights = {"central": 0, "supporting": 1, "context": 2}

    def place(promise: facts.Promise) -> tuple[bool, int, str]:
        return (not promise.testable and promise.key not in used, weights[promise.weight], promise.key)

    return sorted(promises, key=place)


def _weightiest_first(actions: list[facts.Action], verdict: Verdict) -> list[facts.Action]:
    decisive = {proof.split(":")[0] for proof in verdict.decisive_proofs}
    grades = {grade.action: grade for grade in verdict.grades}

    def place(action: facts.Action) -> tuple[bool, int, str, str]:
        grade = grades.get(action.key)
        return (action.key not in decisive, -(grade.evidence if grade else 0), action.started or "9999", action.key)

    return sorted(actions, key=place)


def _source_numbers(case: CaseFacts, promises: list[facts.Promise], actions: list[facts.Action]) -> dict[str, int]:
    """Numbers in reading order: promises, acts, profile, others' judgements."""
    order: dict[str, None] = {}
    for promise in promises:
        order.update(dict.fromkeys(sorted(source.key for source in promise.sources.all())))
    for action in actions:
        order.update(dict.fromkeys(link.source.key for link in _links(action)))
    if case.profile:
        order.update(dict.fromkeys(sorted(source.key for source in case.profile.sources.all())))
    order.update(dict.fromkeys(judgement.source.key for judgement in case.judgements))
    return {key: number for number, key in enumerate(order, start=1)}


_FIRMEST = {"primary": 0, "against_interest": 1, "independent": 2, "interested": 3, "anonymous": 4}


def _links(action: facts.Action) -> list[facts.ActionSource]:
    """The firmest source first, then the oldest: the one a sentence quotes."""
    links = [link for link in action.source_links.all() if not link.source.is_withdrawn]
    return sorted(links, key=lambda link: (_FIRMEST[link.kind], link.source.published_on or "9999", link.source.key))


def _words(case: CaseFacts, numbers: Mapping[str, int]) -> wording.CaseWords:
    words = wording.CaseWords(brand=case.brand.name, profile=_profile_words(case.profile))
    for action in case.actions:
        links = _links(action)
        publisher = (links[0].source.publisher or links[0].source.title) if links else case.brand.name
        citation = numbers[links[0].source.key] if links else None
        started = PartialDate.parse(action.started) if action.started else None
        words.acts[action.key] = wording.ActWords(
            bilingual(action, "statement"), publisher, citation, started, action.appraisal
        )
        for proof in action.proofs.all():
            key = f"{action.key}:{proof.stakeholder}:{proof.direction}"
            words.proof_action[key] = action.key
            words.proof_group[key] = Group(proof.stakeholder)
            words.proof_promise[key] = proof.promise.key if proof.promise else DUTY
    for promise in case.promises:
        cited = min((numbers[source.key] for source in promise.sources.all()), default=None)
        words.promises[promise.key] = wording.PromiseWords(
            bilingual(promise, "statement"),
            promise.quote,
            [Group(code) for code in promise.stakeholders],
            cited,
            promise.quote_language,
            promise.weight == "central",
        )
    return words


def _profile_words(profile: facts.BrandProfile | None) -> wording.Text:
    """What the lineage rests on, in words: a binding purpose, or values held for long, and the customer record."""
    rooted_in_purpose = profile is not None and (
        (profile.purpose or "u") in "23" and (profile.values_heritage or "u") not in "23"
    )
    if rooted_in_purpose:
        return wording.text("a stated purpose and a customer record", "sa raison d'être et de son historique client")
    return wording.text("long-held values and a customer record", "valeurs anciennes et d'un historique client")


def _promise(promise: facts.Promise, verdict: Verdict, numbers: Mapping[str, int]) -> dict[str, Any]:
    gaps = [gap for gap in verdict.gaps if gap.promise == promise.key]
    shown = {
        "id": promise.key,
        "kind": promise.kind,
        "statement": bilingual(promise, "statement"),
        "quote": promise.quote,
        "quote_lang": promise.quote_language,
        "stakeholders": list(promise.stakeholders),
        "stated_on": promise.stated_on or None,
        "since": promise.since or None,
        "statement_level": promise.statement_level or None,
        "weight": promise.weight,
        "value_type": promise.value_type or None,
        "specificity": promise.specificity or None,
        "scope": promise.scope or None,
        "testable": promise.testable,
        "rationale": bilingual(promise, "rationale"),
        "sources": sorted((source.key for source in promise.sources.all()), key=lambda key: numbers[key]),
        "gaps": [{"stakeholder": gap.group, "gap": gap.gap, "actions": list(gap.actions)} for gap in gaps],
    }
    return {**shown, "outside_verdict": not counts(shown)}


def _action(action: facts.Action, verdict: Verdict, numbers: Mapping[str, int]) -> dict[str, Any]:
    grade = next((grade for grade in verdict.grades if grade.action == action.key), None)
    return {
        "id": action.key,
        "statement": bilingual(action, "statement"),
        "occurred_on": action.started or None,
        "date_precision": {4: "year", 7: "month", 10: "day"}.get(len(action.started)),
        "ended_on": action.ended or None,
        "country": action.country or None,
        "amount": str(action.amount) if action.amount is not None else None,
        "amount_currency": action.amount_currency or None,
        "substance": action.substance or None,
        "reach": action.reach or None,
        "initiative": action.initiative or None,
        "generosity": action.generosity or None,
        "evidence": grade.evidence if grade else None,
        "counted": grade.counted if grade else False,
        "appraisal": action.appraisal,
        "disputed": action.disputed,
        "kind": action.kind or None,
        "category": list(action.categories),
        "family": action.family or None,
        "duration": action.duration or None,
        "duplicate_of": action.duplicate_of.key if action.duplicate_of else None,
        "coding": action.coding,
        "rationale": bilingual(action, "rationale"),
        "sources": [
            {"id": link.source.key, "n": numbers[link.source.key], "kind": link.kind, "group": link.independence_group}
            for link in _links(action)
        ],
        "proofs": [_proof(proof, action, verdict) for proof in action.proofs.all()],
    }


def _proof(proof: facts.Proof, action: facts.Action, verdict: Verdict) -> dict[str, Any]:
    key = f"{action.key}:{proof.stakeholder}:{proof.direction}"
    return {
        "id": key,
        "stakeholder": proof.stakeholder,
        "yardstick": "promise" if proof.promise else DUTY,
        "promise": proof.promise.key if proof.promise else None,
        "direction": proof.direction,
        "depth": proof.depth or None,
        "remedy": proof.remedy,
        "rationale": bilingual(proof, "rationale"),
        "coding": proof.coding,
        "decisive": key in verdict.decisive_proofs,
    }


def _profile(profile: facts.BrandProfile | None, numbers: Mapping[str, int]) -> dict[str, Any] | None:
    if profile is None:
        return None
    return {
        "pu": profile.purpose or None,
        "vh": profile.values_heritage or None,
        "cc": profile.customer_record or None,
        "labels": profile.label_list,
        "not_applicable": list(profile.not_applicable),
        "not_applicable_reason": profile.not_applicable_reason,
        "rationale": bilingual(profile, "rationale"),
        "sources": sorted((source.key for source in profile.sources.all()), key=lambda key: numbers[key]),
    }


def _coverage(case: CaseFacts, verdict: Verdict) -> list[dict[str, Any]]:
    """One row a stakeholder group. The result of a group that nobody documented is null, never 0."""
    rows = []
    for item in verdict.coverage:
        about = [promise for promise in case.promises if item.group in promise.stakeholders]
        values = {value for promise in about for value in _value_types(promise.value_type)}
        rows.append(
            {
                "stakeholder": item.group,
                "applicable": item.applicable,
                "promised": item.promised or None,
                "central": any(promise.weight == "central" for promise in about),
                "evidence_items": item.proofs,
                "value_types": [value for value in ("human", "functional") if value in values],
                "result": item.result,
                "status": _coverage_status(item),
            }
        )
    return rows


def _coverage_status(item: Coverage) -> str:
    if not item.proofs:
        return "undocumented"
    return "not_established" if item.result is None else "documented"


def _value_types(value_type: str) -> tuple[str, ...]:
    return ("functional", "human") if value_type == "both" else (value_type,)


def _judgement(judgement: facts.Judgement, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": judgement.key,
        "label": judgement.label,
        "polarity": judgement.polarity,
        "archetype": judgement.archetype or None,
        "description": bilingual(judgement, "description"),
        "founding_article": judgement.source.url in FOUNDING_ARTICLES,
        "source": judgement.source.key,
        "n": numbers[judgement.source.key],
    }


def _would_change(verdict: Verdict, words: wording.CaseWords, judged: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**as_judged, "condition": wording.condition(change, words)}
        for change, as_judged in zip(verdict.counterfactuals, judged["counterfactuals"], strict=True)
    ]


def _sources(case: CaseFacts, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    records: dict[str, facts.Source] = {}
    used_in: dict[str, list[str]] = {key: [] for key in numbers}
    for promise in case.promises:
        for source in promise.sources.all():
            records[source.key] = source
            used_in[source.key].append(promise.key)
    for action in case.actions:
        for link in _links(action):
            records[link.source.key] = link.source
            used_in[link.source.key].append(action.key)
    for source in case.profile.sources.all() if case.profile else ():
        records[source.key] = source
    for judgement in case.judgements:
        records[judgement.source.key] = judgement.source
    return [source_document(records[key], number, used_in[key]) for key, number in numbers.items()]


def source_document(source: facts.Source, number: int, used_in: list[str]) -> dict[str, Any]:
    return {
        "id": source.key,
        "n": number,
        "type": source.source_type,
        "title": source.title,
        "publisher": source.publisher,
        "author": source.author,
        "published_on": source.published_on or None,
        "url": source.url,
        "lang": source.language,
        "passage": source.passage,
        "archive": _archive(source),
        "used_in": used_in,
    }


def _archive(source: facts.Source) -> dict[str, Any] | None:
    """Where somebody else keeps a copy; and when we made ours, with its digest. The two are never mixed."""
    own = source.own_copy
    if not own and not source.archive_url:
        return None
    captured = source.archived_at.isoformat() if own and source.archived_at else None
    return {"url": source.archive_url, "captured_at": captured, "sha256": own}


# --- Where it stands among others -------------------------------------------------------------------------------------


def position_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The few facts of a document that place it beside others; kept in a column, for landscapes of many."""
    weights = {promise["id"]: promise["weight"] for promise in document["promises"]}
    return {
        "reach": document["reach"],
        "rootedness": document["rootedness"],
        "gaps": [
            {
                "promise": gap["promise"],
                "stakeholder": gap["group"],
                "gap": gap["gap"],
                "weight": weights[gap["promise"]],
            }
            for gap in document["gaps"]
        ],
        "coverage": [{name: row[name] for name in _PLACED} for row in document["coverage"]],
    }


_PLACED = ("stakeholder", "applicable", "promised", "evidence_items", "result", "status")


def position(snapshot: Snapshot) -> dict[str, Any]:
    """``position_of`` a snapshot, also of one that was kept before there was a column for it."""
    if snapshot.position is None:
        return position_of(json.loads(snapshot.document))
    kept: dict[str, Any] = snapshot.position
    return kept


# --- What the publication policies ask of it --------------------------------------------------------------------------


def review_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The few facts of a document that decide whether it may be published; kept in a column, for quick lists."""
    return {
        "sourced_promise": any(promise["sources"] for promise in document["promises"]),
        "sourced_action": any(action["sources"] for action in document["actions"]),
        "one_language": _in_one_language(document),
        "core": [row["stakeholder"] for row in document["coverage"] if row["applicable"] and _is_core(row)],
        "deciding": [
            {
                "proof": proof["id"],
                "statement": action["statement"],
                "stakeholder": proof["stakeholder"],
                "evidence": action["evidence"] or 0,
                "single": "single" in (action["coding"], proof["coding"]),
            }
            for action in document["actions"]
            for proof in action["proofs"]
            if proof["decisive"]
        ],
    }


def _is_core(row: Mapping[str, Any]) -> bool:
    return row["stakeholder"] != Group.ENVIRONMENT


def _in_one_language(document: Mapping[str, Any]) -> bool:
    """Whether a text stands in for the other language (see ``bilingual``): then both read the same."""
    texts = [record["statement"] for record in [*document["promises"], *document["actions"]]]
    return any(text["fr"] in (text["en"], wording.french(text["en"])) for text in texts)


def review_facts(snapshot: Snapshot) -> dict[str, Any]:
    """``review_of`` a snapshot, also of one that was kept before there was a column for it."""
    if snapshot.review is None:
        return review_of(json.loads(snapshot.document))
    kept: dict[str, Any] = snapshot.review
    return kept


# --- Reading it back --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scorecard:
    """A snapshot as a reader gets it: the stored document, and in front of it what moves."""

    snapshot: Snapshot
    publication: Publication | None
    base_url: str
    replied_on: date | None = None
    """When the reply that stands beside it was received; nobody asked where only the document matters."""

    @property
    def state(self) -> str:
        return self.publication.state if self.publication else "draft"

    @property
    def id(self) -> str:
        """Opaque and stable: the case and the version, or the case alone for the working verdict."""
        slug = f"{self.snapshot.assessment.brand.slug}:{self.snapshot.assessment.crisis.slug}"
        return f"{slug}:v{self.publication.version}" if self.publication else f"{slug}:draft"

    @property
    def path(self) -> str:
        """The page's address below the language prefix."""
        case = f"/brands/{self.snapshot.assessment.brand.slug}/{self.snapshot.assessment.crisis.slug}/"
        return f"{case}v{self.publication.version}/" if self.publication else f"{case}draft/"

    @cached_property
    def document(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.snapshot.document)
        return loaded

    def header(self) -> dict[str, Any]:
        publication = self.publication
        return {
            "id": self.id,
            "url": f"{self.base_url}/api/v1/scorecards/{self.id}",
            "html_url": f"{self.base_url}/en{self.path}",
            "version": publication.version if publication else None,
            "as_of": self.snapshot.as_of.isoformat(),
            "published_at": publication.published_at.isoformat() if publication else None,
            "state": self.state,
            "reply": self._reply(),
            "ties_declared": publication.ties if publication else [],
            "licence": "CC-BY-4.0",
        }

    def _reply(self) -> dict[str, Any] | None:
        if self.replied_on is None:
            return None
        case = self.snapshot.assessment
        page = f"{self.base_url}/en/brands/{case.brand.slug}/{case.crisis.slug}/replies/"
        return {"status": "published", "received_on": self.replied_on.isoformat(), "url": page}

    def as_json(self) -> bytes:
        """The whole scorecard as text: the header spliced before the stored document, which nobody parses."""
        return f"{dumps(self.header())[:-1]},{self.snapshot.document[1:]}".encode()
