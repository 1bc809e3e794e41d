"""The gate for making verdicts public: who may, what the policy asks, the version number, and taking it back.

A published verdict never changes. A new one stands beside it under the next number; a withdrawn one keeps its
address and says why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from brands.models import Brand
from scoring import policies, review
from scoring.models import Assessment, Publication, Snapshot, Tie
from scoring.policies import Finding
from scoring.publishing.shown_facts import hide_facts_of, show_facts_of
from scoring.quality import CONFIRMED
from scoring.recorded import PUBLISHED, WITHDRAWN, decided, taken_back
from scoring.rescoring import rescore
from scoring.voices.taken import take_into_account
from scoring.workflow import open_jobs

if TYPE_CHECKING:
    from cxalign.accounts.models import User

PUBLISH = "scoring.publish"


class PublishingRefused(Exception):
    """Why this cannot be published or withdrawn; the text is what the screen shows."""

    def __init__(self, text: str, findings: Collection[Finding] = ()) -> None:
        super().__init__(text)
        self.findings = list(findings)
        """The gates of the policy that refused, each with the place where it is mended."""


# --- Who may ----------------------------------------------------------------------------------------------------------


def check_can_publish(user: User, snapshot: Snapshot) -> list[Finding]:
    """Raise ``PublishingRefused`` with the reason unless this person may publish this snapshot now.

    Where they may, what the policy warns about is returned.
    """
    check_may_publish(user)
    check_is_newest(snapshot)
    return check_findings(findings_for(user, snapshot))


def check_findings(findings: Collection[Finding]) -> list[Finding]:
    """Raise ``PublishingRefused`` where the policy in force does; else what it warns about."""
    if refusing := [finding for finding in findings if finding.refuses]:
        raise PublishingRefused(" ".join(finding.whole for finding in refusing), refusing)
    return [finding for finding in findings if not finding.is_met]


def check_may_publish(user: User) -> None:
    if not user.has_perm(PUBLISH):
        raise PublishingRefused(_("Only an editor can publish: ask one to do it."))


def check_is_newest(snapshot: Snapshot, versions: Iterable[Publication] | None = None) -> None:
    """Whether a verdict is still the working one, and not yet public.

    ``versions`` are all of the case, for a page that has read them and its newest verdict together.
    """
    if versions is None:
        own = Publication.objects.filter(snapshot=snapshot).select_related("published_by").first()
        newer = Snapshot.objects.filter(assessment=snapshot.assessment_id, sequence__gt=snapshot.sequence).exists()
    else:
        own, newer = next((one for one in versions if one.snapshot_id == snapshot.pk), None), False
    check_unpublished(own)
    if newer:
        raise PublishingRefused(_("The facts have changed since: reload the page to see the newer verdict."))
    if any(job.is_due for job in open_jobs([snapshot.assessment_id])):
        raise PublishingRefused(
            _("The facts have changed since, and the verdict is being recalculated: reload the page in a moment.")
        )


def check_unpublished(published: Publication | None) -> None:
    """A verdict that was withdrawn may be published again, as a version of its own."""
    if published and not published.withdrawn_at:
        raise PublishingRefused(
            _("This verdict is already published, as version %(version)d by %(person)s.")
            % {"version": published.version, "person": published.published_by or "–"}
        )


def can_publish(user: User, snapshot: Snapshot) -> bool:
    try:
        check_can_publish(user, snapshot)
    except PublishingRefused:
        return False
    return True


def findings_for(user: User, snapshot: Snapshot) -> list[Finding]:
    """What every gate says of this verdict if this person published it, met or not."""
    return policies.ask(policies.situation_of(snapshot, user))


def check_can_withdraw(user: User, publication: Publication) -> None:
    if not user.has_perm(PUBLISH):
        raise PublishingRefused(_("Only an editor can withdraw: ask one to do it."))
    if publication.withdrawn_at:
        raise PublishingRefused(_("This version is already withdrawn."))


# --- Making public, taking back ---------------------------------------------------------------------------------------


@transaction.atomic
def publish(
    assessment: Assessment,
    *,
    by: User,
    snapshot: Snapshot | None = None,
    cause: str | None = None,
    note_en: str = "",
    note_fr: str = "",
    requests: Collection[str] | None = None,
) -> Publication:
    """Make a verdict public under the next version number: ``snapshot``, or the latest one of the case.

    Giving the snapshot that was on screen refuses the act when the facts have moved meanwhile. ``requests`` names what
    the version takes into account (see ``review.Request``); left out, it is everything on file.
    """
    assessment = _locked(assessment)
    snapshot = snapshot or Snapshot.objects.latest_of(assessment)
    if snapshot is None:
        raise PublishingRefused(_("Nothing has been judged yet: record a fact first."))
    if snapshot.assessment_id != assessment.pk:
        raise PublishingRefused(_("The verdict that was on screen belongs to another case: reload the page."))
    snapshot.assessment = assessment
    findings = check_can_publish(by, snapshot)
    if Publication.objects.filter(snapshot=snapshot).exists():
        check_says_why_again(note_en, note_fr)
        snapshot = _judged_anew(assessment, snapshot)
    earlier = assessment.publications.aggregate(Max("version"))["version__max"] or 0
    before = assessment.publications.filter(is_current=True).select_related("snapshot").first()
    assessment.publications.filter(is_current=True).update(is_current=False)
    publication = Publication.objects.create(
        assessment=assessment,
        snapshot=snapshot,
        version=earlier + 1,
        cause=cause or ("evidence_added" if earlier else "first_entry"),
        note_en=note_en,
        note_fr=note_fr,
        policy=policies.policy_in_force(),
        warnings=[finding.gate.code for finding in findings],
        ties=_ties_of_those_who_took_part(assessment, snapshot, by),
        requests=_taken_into_account(assessment, requests),
        published_by=by,
    )
    take_into_account(publication, [entry["reference"] for entry in publication.requests])
    show_facts_of(publication)
    _record(PUBLISHED, publication, by, note_en or note_fr, before=before, after=publication)
    return publication


def check_says_why_again(*notes: str) -> None:
    """Readers were told why the verdict was taken back, and so are told why it stands again."""
    if not any(note.strip() for note in notes):
        raise PublishingRefused(_("This verdict was withdrawn: write a note that says why it is published again."))


def _judged_anew(assessment: Assessment, withdrawn: Snapshot) -> Snapshot:
    """The verdict that was withdrawn, as it is judged today: each version has a snapshot of its own."""
    fresh = rescore(assessment, even_if_the_same=True)
    if fresh is None or not fresh.says_the_same_as(withdrawn):
        raise PublishingRefused(_("The facts have changed since: reload the page to see the newer verdict."))
    fresh.assessment = assessment
    return fresh


def _locked(assessment: Assessment) -> Assessment:
    """The case, held together with its brand: while this goes on, nobody changes the facts it was judged on."""
    Brand.objects.select_for_update().get(pk=assessment.brand_id)
    Assessment.objects.select_for_update().get(pk=assessment.pk)
    return Assessment.objects.select_related("brand", "crisis").get(pk=assessment.pk)


def _ties_of_those_who_took_part(assessment: Assessment, snapshot: Snapshot, by: User) -> list[dict[str, Any]]:
    """What the publisher and those who coded and settled have declared about the brand: no names, each tie once."""
    situation = policies.situation_of(snapshot)
    others = review.took_part_in(assessment, situation.coder_ids)
    roles = {"publisher": {by.pk}, **{role: people - {by.pk} for role, people in others.items()}}
    return [
        tie_document(role, tie)
        for role, people in roles.items()
        for person in sorted(people)
        for tie in reversed(situation.declared(person))
        if tie.is_tie
    ]


def tie_document(role: str, tie: Tie) -> dict[str, Any]:
    return {
        "role": role,
        "kind": tie.kind,
        "text": {"en": tie.text_en or tie.text_fr, "fr": tie.text_fr or tie.text_en},
        "since": tie.since.isoformat() if tie.since else None,
        "until": tie.until.isoformat() if tie.until else None,
    }


def _taken_into_account(assessment: Assessment, chosen: Collection[str] | None) -> list[dict[str, str]]:
    said = review.requests_of([assessment.pk])[assessment.pk]
    unknown = set(chosen or ()) - {entry.reference for entry in said}
    if unknown:
        raise PublishingRefused(_("A request that you ticked is not on file any more: reload the page."))
    return [entry.as_kept() for entry in said if chosen is None or entry.reference in chosen]


@transaction.atomic
def withdraw(publication: Publication, *, by: User, reason_en: str = "", reason_fr: str = "") -> Publication:
    """Take a version back, with a public reason. The version before it does not come back by itself."""
    _locked(publication.assessment)
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
    after = None if was_current else publication.assessment.publications.filter(is_current=True).first()
    before = publication if was_current else after
    _record(WITHDRAWN, publication, by, reason_en or reason_fr, before=before, after=after)
    return publication


@transaction.atomic
def confirm(assessment: Assessment, *, by: User, reason: str) -> None:
    """Say that the verdict was looked at and still stands: a line in the log, from which its review counts anew."""
    if not by.has_perm(PUBLISH):
        raise PublishingRefused(_("Only an editor can say that a verdict still stands: ask one to do it."))
    if not reason.strip():
        raise PublishingRefused(_("Write what you looked at: it is kept for good."))
    assessment = _locked(assessment)
    newest = Snapshot.objects.latest_of(assessment)
    if newest is None:
        raise PublishingRefused(_("Nothing has been judged yet: record a fact first."))
    changes = {"outcome": [None, newest.outcome]}
    review.note(CONFIRMED, assessment.brand, assessment, by=by, changes=changes, reason=reason)


def _record(
    kind: str, publication: Publication, by: User, reason: str, *, before: Publication | None, after: Publication | None
) -> None:
    """A line in the log: which version, and what the public saw before and sees after."""
    changes = {
        "version": [None, publication.version],
        "outcome": [None, publication.snapshot.outcome],
        "crisis": [None, publication.assessment.crisis.slug],
        "public_version": [before.version if before else None, after.version if after else None],
        "public_outcome": [before.snapshot.outcome if before else None, after.snapshot.outcome if after else None],
        "policy": [None, publication.policy],
        "cause": [None, publication.cause],
    }
    if kind == PUBLISHED:
        told = {"warnings": publication.warnings, "requests": [one["reference"] for one in publication.requests]}
        changes |= {name: [None, value] for name, value in told.items() if value}
    changes["digest"] = [None, decided(publication) if kind == PUBLISHED else taken_back(publication)]
    review.note(kind, publication.assessment.brand, publication, by=by, changes=changes, reason=reason)
