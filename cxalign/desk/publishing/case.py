"""The page of a case, where an editor decides: its working verdict, what is public, and what stands between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brands import codes
from cxalign.desk.access import desk_page
from cxalign.desk.publishing.finding import case_at, case_for, working_verdict
from cxalign.desk.publishing.forms import AssignForm, ConfirmForm
from cxalign.desk.rendering import person, render_desk
from cxalign.pages import words
from cxalign.pages.history import Told, told
from scoring import assigning, policies, publishing, review
from scoring.differences import difference
from scoring.models import Assessment, EvidenceSearch, Publication, Snapshot, Tie
from scoring.quality import not_reviewed_since
from scoring.remembering import remember
from scoring.scorecards import Scorecard, review_facts
from scoring.workflow import Blocker, public_state_of, public_states, watchers

if TYPE_CHECKING:
    from cxalign.accounts.models import User


@desk_page()
def case(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    found = case_for(person(request), brand, crisis)
    return render_desk(request, "desk/publishing/case.html", page_of(found, person(request)))


def page_of(found: Assessment, user: User, assign_form: AssignForm | None = None) -> dict[str, Any]:
    snapshot = working_verdict(found)
    versions = list(
        found.publications.with_case().select_related("published_by").defer("snapshot__facts", "snapshot__verdict")
    )
    public = next((version for version in versions if version.is_current), None)
    searches = list(EvidenceSearch.objects.standing().filter(assessment=found).select_related("by"))
    know(found, snapshot, versions, searches)
    situation = policies.situation_of(snapshot, user) if snapshot else None
    findings = policies.ask(situation) if situation else []
    return {
        "case": found,
        "snapshot": snapshot,
        "document": Scorecard(snapshot, None, "").document if snapshot else None,
        "versions": versions,
        "public": public,
        "is_public": bool(public and snapshot and public.snapshot_id == snapshot.pk),
        "newest": versions[0] if versions else None,
        "moved": moved_since(public, snapshot),
        "policy": policies.policy_in_force(),
        "findings": policies.gravest_first(findings),
        "refusal": refusal(user, snapshot, findings, versions),
        "coverage": coverage_of(searches, snapshot),
        "people": people_of(found, situation, user),
        "said": said_of(found, situation, versions),
        "blockers": open_elsewhere(found),
        "assign_form": assign_form or assign_form_for(found, user),
        "may_publish": user.has_perm(publishing.PUBLISH),
        "not_reviewed_since": not_reviewed_since(snapshot) if snapshot else None,
        "confirm_form": ConfirmForm(auto_id="confirm_%s"),
        "may_log": user.has_perm("brands.add_source"),
    }


def know(
    found: Assessment, snapshot: Snapshot | None, versions: list[Publication], searches: list[EvidenceSearch]
) -> None:
    """What this page has read already, for the gates and the other parts of the work to ask for."""
    remember(public_states, [found.pk], {found.pk: public_state_of(snapshot, versions)})
    cells = {(search.stakeholder, search.looked_for) for search in searches}
    remember(review.searches_of, [found.pk], {found.pk: cells})


def open_elsewhere(found: Assessment) -> list[Blocker]:
    """What the other parts of the work know to be open; the gates stand in a list of their own."""
    others = [watcher for watcher in watchers if watcher is not policies.watch]
    return [blocker for watcher in others for blocker in watcher([found.pk]).get(found.pk, [])]


def refusal(
    user: User,
    snapshot: Snapshot | None,
    findings: list[policies.Finding],
    versions: list[Publication] | None = None,
) -> publishing.PublishingRefused | None:
    """Why this person cannot publish this now; None where they can. ``publishing`` asks again when it comes to it."""
    try:
        if snapshot is None:
            raise publishing.PublishingRefused(_("Nothing has been judged yet: record a fact first."))
        publishing.check_may_publish(user)
        publishing.check_is_newest(snapshot, versions)
        publishing.check_findings(findings)
    except publishing.PublishingRefused as refused:
        return refused
    return None


def moved_since(public: Publication | None, snapshot: Snapshot | None) -> Told | None:
    """What moved between what the public sees and the working verdict; None where there is nothing to compare."""
    if public is None or snapshot is None or public.snapshot_id == snapshot.pk:
        return None
    return told(difference(Scorecard(public.snapshot, public, "").document, Scorecard(snapshot, None, "").document))


# --- Searches, people, requests ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Covered:
    """One group: whether help and harm were looked for."""

    group: Any
    applies: bool
    helps: list[EvidenceSearch]
    harms: list[EvidenceSearch]


def coverage_of(searches: list[EvidenceSearch], snapshot: Snapshot | None) -> list[Covered]:
    """Of the searches that stand; which groups apply is for the verdict to say."""
    applicable = set(review_facts(snapshot)["core"]) if snapshot else set(codes.Stakeholder.values)

    def of(group: str, direction: str) -> list[EvidenceSearch]:
        return [one for one in searches if (one.stakeholder, one.looked_for) == (group, direction)]

    return [
        Covered(group.label, group in applicable, of(group, codes.Direction.HELPS), of(group, codes.Direction.HARMS))
        for group in codes.Stakeholder
        if group != codes.Stakeholder.ENVIRONMENT
    ]


@dataclass(frozen=True)
class Participant:
    """Somebody who has a hand in the case, and what they declared about the brand."""

    user: Any
    roles: list[Any]
    ties: list[Tie]
    """Ties proper, not the declaration that there is none."""
    declared: bool
    bars: bool


def people_of(found: Assessment, situation: policies.Situation | None, user: User) -> list[Participant]:
    roles = review.took_part_in(found, situation.coder_ids if situation else set())
    roles["publisher"] = {user.pk} if user.has_perm(publishing.PUBLISH) else set()
    ids = set().union(*roles.values())
    declared = situation.ties if situation else review.declarations(brands=[found.brand_id])
    users = get_user_model()._default_manager.in_bulk(sorted(ids))
    return [
        participant(person, [words.word(role, "tie_role") for role, people in roles.items() if pk in people], standing)
        for pk, person in users.items()
        for standing in [declared.get((pk, found.brand_id), [])]
    ]


def participant(user: Any, roles: list[Any], standing: list[Tie]) -> Participant:
    ties = [tie for tie in standing if tie.is_tie]
    return Participant(user, roles, ties, bool(standing), any(tie.in_force() for tie in ties))


@dataclass(frozen=True)
class Said:
    """A request, and the versions that take it into account."""

    request: review.Request
    versions: list[int]


def said_of(found: Assessment, situation: policies.Situation | None, versions: list[Publication]) -> list[Said]:
    kept = {version.version: {entry["reference"] for entry in version.requests} for version in versions}
    said = situation.said if situation else review.requests_of([found.pk])[found.pk]
    return [
        Said(entry, [number for number, references in kept.items() if entry.reference in references]) for entry in said
    ]


# --- Who has the case -------------------------------------------------------------------------------------------------


def assign_form_for(found: Assessment, user: User, data: Any = None) -> AssignForm | None:
    if not assigning.can_give_to_team(user):
        return None
    return AssignForm(data, instance=found, may_assign=assigning.can_organise(user))


@desk_page("scoring.organise", "accounts.change_team")
@require_POST
def assign(request: HttpRequest, brand: str, crisis: str) -> HttpResponse:
    """Say who has the case, until when, and which team may read the draft."""
    user = person(request)
    found = case_for(user, brand, crisis)
    form = assign_form_for(case_at(brand, crisis), user, request.POST)
    if form is None or not form.is_valid():
        return render_desk(request, "desk/publishing/case.html", page_of(found, user, form), status=422)
    given = {name: form.cleaned_data[name] for name in form.fields}
    try:
        assigning.assign([found], by=user, **{**given, "seen": [given["seen"]] if given["seen"] else None})
    except assigning.AssignedMeanwhile as meanwhile:
        form = assign_form_for(case_at(brand, crisis), user) or form
        messages.error(request, str(meanwhile))
        return render_desk(request, "desk/publishing/case.html", page_of(found, user, form), status=409)
    messages.success(request, _("Saved: who has the case."))
    return redirect("desk-case", brand, crisis)
