"""The facts of the current publications, as the public API shows them: rewritten with every version and withdrawal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from brands.models import words_of
from scoring import scorecards
from scoring.models import LONGEST_WORD, Assessment, Publication, PublishedFacet, PublishedFact

Facets = list[tuple[str, str]]


def show_facts_of(publication: Publication) -> None:
    """Replace what the API shows for this case by the facts of this publication."""
    assessment = publication.assessment
    hide_facts_of(assessment)
    document = json.loads(publication.snapshot.document)
    entries = list(_facts_in(document))
    for resource in {resource for resource, _record, _facets in entries}:
        keys = [record["id"] for name, record, _facets in entries if name == resource]
        PublishedFact.objects.filter(resource=resource, key__in=keys, shown=True).update(shown=False)
    rows = [
        PublishedFact(
            assessment=assessment,
            resource=resource,
            key=record["id"],
            brand=assessment.brand,
            document=(text := scorecards.dumps(record)),
            search_text=searchable(record),
            revision=hashlib.sha256(text.encode()).hexdigest()[:16],
        )
        for resource, record, _facets in entries
    ]
    PublishedFact.objects.bulk_create(rows)
    PublishedFacet.objects.bulk_create(
        PublishedFacet(fact=row, name=name, value=value)
        for row, (_resource, _fact, facets) in zip(rows, entries, strict=True)
        for name, value in facets
    )


WORDS = ("statement", "quote", "title", "publisher", "author")


def searchable(record: dict[str, Any]) -> str:
    """The words of a record in both languages, each once, as searching sees them: ``PublishedFact.search_text``."""
    texts = [record[name] for name in WORDS if record.get(name)]
    plain = [part for text in texts for part in (text.values() if isinstance(text, dict) else (text,))]
    return " ".join(dict.fromkeys(word[:LONGEST_WORD] for text in plain for word in words_of(text)))


def hide_facts_of(assessment: Assessment) -> None:
    """Take the facts of a case out of the API; where another case shows the same fact, that text is shown again."""
    gone = PublishedFact.objects.filter(assessment=assessment, shown=True)
    keys = list(gone.values_list("resource", "key"))
    PublishedFact.objects.filter(assessment=assessment).delete()
    names = [key for _resource, key in keys]
    heirs: dict[tuple[str, str], int] = {}
    candidates = PublishedFact.objects.filter(key__in=names, shown=False).order_by("id")
    for pk, resource, key in candidates.values_list("pk", "resource", "key"):
        heirs[resource, key] = pk
    PublishedFact.objects.filter(pk__in=[pk for place, pk in heirs.items() if place in set(keys)]).update(shown=True)


def _facts_in(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Facets]]:
    brand, crisis = document["brand"]["slug"], document["crisis"]["slug"]
    for promise in document["promises"]:
        record = {"brand": brand, **{key: value for key, value in promise.items() if key not in _ABOUT_THE_CASE}}
        yield "promise", record, _promise_facets(record)
    for action in document["actions"]:
        record = {"brand": brand, "crisis": crisis, **action}
        yield "action", record, _action_facets(record)
        for proof in action["proofs"]:
            proof_record = {"brand": brand, "crisis": crisis, "action": action["id"], **proof}
            yield "proof", proof_record, _proof_facets(proof_record)
    for source in document["sources"]:
        record = {key: value for key, value in source.items() if key not in ("n", "used_in")}
        yield "source", record, _source_facets(record)


_ABOUT_THE_CASE = ("gaps", "outside_verdict")


def _promise_facets(record: dict[str, Any]) -> Facets:
    return [
        ("brand", record["brand"]),
        *(("stakeholder", code) for code in record["stakeholders"]),
        ("weight", record["weight"]),
        ("testable", "true" if record["testable"] else "false"),
        ("since", record["since"] or ""),
    ]


def _action_facets(record: dict[str, Any]) -> Facets:
    return [
        ("brand", record["brand"]),
        ("crisis", record["crisis"]),
        *sorted({("stakeholder", proof["stakeholder"]) for proof in record["proofs"]}),
        *sorted({("direction", proof["direction"]) for proof in record["proofs"]}),
        ("initiative", record["initiative"] or ""),
        *(("category", code) for code in record["category"]),
        ("family", record["family"] or ""),
        ("occurred_on", record["occurred_on"] or ""),
    ]


def _proof_facets(record: dict[str, Any]) -> Facets:
    names = ("brand", "crisis", "action", "stakeholder", "yardstick", "direction")
    return [(name, record[name]) for name in names] + [("promise", record["promise"] or "")]


def _source_facets(record: dict[str, Any]) -> Facets:
    return [
        ("type", record["type"]),
        ("publisher", record["publisher"]),
        ("url", record["url"]),
        ("lang", record["lang"]),
    ]
