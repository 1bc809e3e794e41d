"""The gate for making verdicts public: who may, what is missing, the version number, and taking it back.

A published verdict never changes. A new one stands beside it under the next number; a withdrawn one keeps its
address and says why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from brands.models import Event
from scoring import scorecards
from scoring.models import Assessment, Publication, PublishedFacet, PublishedFact, Snapshot

if TYPE_CHECKING:
    from cxalign.accounts.models import User

PUBLISH = "scoring.publish"


class PublishingRefused(Exception):
    """Why this cannot be published or withdrawn; the text is what the screen shows."""


def check_can_publish(user: User, snapshot: Snapshot) -> None:
    """Raise ``PublishingRefused`` with the reason unless this person may publish this snapshot now."""
    if not user.has_perm(PUBLISH):
        raise PublishingRefused(_("Only an editor can publish: ask one to do it."))
    if Publication.objects.filter(snapshot=snapshot).exists():
        raise PublishingRefused(_("This verdict is already published."))
    if Snapshot.objects.filter(assessment=snapshot.assessment, sequence__gt=snapshot.sequence).exists():
        raise PublishingRefused(_("The facts have changed since: reload the page to see the newer verdict."))


def can_publish(user: User, snapshot: Snapshot) -> bool:
    try:
        check_can_publish(user, snapshot)
    except PublishingRefused:
        return False
    return True


def check_can_withdraw(user: User, publication: Publication) -> None:
    if not user.has_perm(PUBLISH):
        raise PublishingRefused(_("Only an editor can withdraw: ask one to do it."))
    if publication.withdrawn_at:
        raise PublishingRefused(_("This version is already withdrawn."))


def warnings_for(snapshot: Snapshot) -> list[str]:
    """What the policy ``solo`` warns about and stricter policies refuse; codes, in a fixed order."""
    document = json.loads(snapshot.document)
    sourced_promise = any(promise["sources"] for promise in document["promises"])
    sourced_action = any(action["sources"] for action in document["actions"])
    found = {
        "no_sourced_promise": not sourced_promise,
        "no_sourced_action": not sourced_action,
        "not_double_coded": not document["evidence"]["double_coded"],
        "single_source": snapshot.independent_groups < 2,
        "text_missing_in_one_language": _text_missing(document),
    }
    return [code for code, applies in found.items() if applies]


def _text_missing(document: dict[str, Any]) -> bool:
    return any(not record["statement"]["fr"] for record in [*document["promises"], *document["actions"]])


@transaction.atomic
def publish(
    assessment: Assessment,
    *,
    by: User,
    snapshot: Snapshot | None = None,
    cause: str | None = None,
    note_en: str = "",
    note_fr: str = "",
) -> Publication:
    """Make a verdict public under the next version number: ``snapshot``, or the latest one of the case.

    Giving the snapshot that was on screen refuses the act when the facts have moved meanwhile.
    """
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    snapshot = snapshot or Snapshot.objects.latest_of(assessment)
    if snapshot is None:
        raise PublishingRefused(_("Nothing has been judged yet: record a fact first."))
    check_can_publish(by, snapshot)
    earlier = assessment.publications.aggregate(Max("version"))["version__max"] or 0
    assessment.publications.filter(is_current=True).update(is_current=False)
    publication = Publication.objects.create(
        assessment=assessment,
        snapshot=snapshot,
        version=earlier + 1,
        cause=cause or ("evidence_added" if earlier else "first_entry"),
        note_en=note_en,
        note_fr=note_fr,
        policy=settings.PUBLICATION_POLICY,
        warnings=warnings_for(snapshot),
        published_by=by,
    )
    show_facts_of(publication)
    _record("scorecard.published", publication, by, note_en or note_fr)
    return publication


@transaction.atomic
def withdraw(publication: Publication, *, by: User, reason_en: str = "", reason_fr: str = "") -> Publication:
    """Take a version back, with a public reason. The version before it does not come back by itself."""
    publication = Publication.objects.select_for_update().get(pk=publication.pk)
    check_can_withdraw(by, publication)
    if not (reason_en.strip() or reason_fr.strip()):
        raise PublishingRefused(_("Write the public reason: it is shown at this address for good."))
    was_current = publication.is_current
    publication.is_current = False
    publication.withdrawn_at = timezone.now()
    publication.withdrawn_reason_en, publication.withdrawn_reason_fr = reason_en.strip(), reason_fr.strip()
    publication.save(update_fields=["is_current", "withdrawn_at", "withdrawn_reason_en", "withdrawn_reason_fr"])
    if was_current:
        hide_facts_of(publication.assessment)
    _record("scorecard.withdrawn", publication, by, reason_en or reason_fr)
    return publication


def _record(kind: str, publication: Publication, by: User, reason: str) -> None:
    """A line in the log. It changes no fact, so nothing becomes due for scoring."""
    Event.objects.create(
        kind=kind,
        brand=publication.assessment.brand,
        subject=f"scoring.publication:{publication.pk}",
        actor=by,
        changes={
            "version": [None, publication.version],
            "outcome": [None, publication.snapshot.outcome],
            "crisis": [None, publication.assessment.crisis.slug],
        },
        reason=reason,
    )


# --- The facts of the current publication, as the public API shows them -----------------------------------------------

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
