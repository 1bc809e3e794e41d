"""Who looks after a case, until when, and which team reads its draft: one act, written down with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from brands.changes import record_decision
from brands.models import Brand
from scoring.models import READ_DRAFTS, Assessment

if TYPE_CHECKING:
    from cxalign.accounts.models import Team, User

ORGANISE = "scoring.organise"
MANAGE_TEAMS = "accounts.change_team"
KEEP: Any = object()
"""Leave it as it is."""


class AssigningRefused(Exception):
    """Why a case cannot be given to somebody. The message is what the screen shows."""


class AssignedMeanwhile(AssigningRefused):
    """Somebody else has given the case away since the page was shown."""


def seen_of(case: Assessment) -> str:
    """Who has the case as a page shows it, for ``assign`` to compare."""
    return f"{case.pk}:{case.owner_id or ''}:{case.due_on or ''}:{case.team_id or ''}"


def check_unchanged(cases: Iterable[Assessment], seen: Collection[str]) -> None:
    if changed := [str(case) for case in cases if seen_of(case) not in seen]:
        message = _("Nothing was saved: somebody else has changed who has this case since you saw it (%(cases)s).")
        raise AssignedMeanwhile(message % {"cases": ", ".join(changed)})


def check_can_organise(user: User) -> None:
    if not user.has_perm(ORGANISE):
        raise AssigningRefused(_("Only an editor assigns cases: ask one to do it."))


def can_organise(user: User) -> bool:
    try:
        check_can_organise(user)
    except AssigningRefused:
        return False
    return True


def check_can_give_to_team(user: User) -> None:
    """Which team reads a draft is the organiser's or the administrator's to say."""
    if not user.has_perm(MANAGE_TEAMS):
        check_can_organise(user)


def can_give_to_team(user: User) -> bool:
    return user.has_perm(MANAGE_TEAMS) or can_organise(user)


def check_can_own(person: User) -> None:
    """A case is looked after by somebody who may read it."""
    if not (person.is_active and person.has_perm(READ_DRAFTS)):
        raise AssigningRefused(_("%(person)s may not read drafts, so cannot own a case.") % {"person": person})


@transaction.atomic
def assign(
    cases: Iterable[Assessment],
    *,
    by: User,
    reason: str = "",
    owner: User | None = KEEP,
    due_on: date | None = KEEP,
    team: Team | None = KEEP,
    seen: Collection[str] | None = None,
) -> int:
    """Give cases an owner, a day and a team, each change a line in the trail; how many cases changed.

    ``seen`` is what the page showed of them (``seen_of``), where a person decided by a page.
    """
    wanted: dict[str, Any] = {"owner": owner, "due_on": due_on, "team": team}
    wanted = {name: value for name, value in wanted.items() if value is not KEEP}
    if {"owner", "due_on"} & wanted.keys():
        check_can_organise(by)
    if "team" in wanted:
        check_can_give_to_team(by)
    if wanted.get("owner"):
        check_can_own(wanted["owner"])
    held = _held(cases)
    if seen is not None:
        check_unchanged(held, seen)
    moved = [(case, changes) for case in held if (changes := _assign_one(case, wanted))]
    for case, changes in moved:  # the trail is the last that a writer holds
        record_decision("case.assigned", subject=case, brand=case.brand, actor=by, changes=changes, reason=reason)
    return len(moved)


def _held(cases: Iterable[Assessment]) -> list[Assessment]:
    """The cases, held in the order that every writer keeps: brands first."""
    ids = [case.pk for case in cases]
    list(Brand.objects.filter(assessments__in=ids).order_by("pk").select_for_update(no_key=True))
    held = Assessment.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    return list(held.select_related("brand", "owner", "team"))


def _assign_one(case: Assessment, wanted: dict[str, Any]) -> dict[str, Any]:
    """What changed about the case."""
    changes = {name: [getattr(case, name), value] for name, value in wanted.items() if getattr(case, name) != value}
    for name, (_before, after) in changes.items():
        setattr(case, name, after)
    if changes:
        case.save(update_fields=list(changes))
    return changes
