"""Who looks after a case: an organiser's act, written down with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from brands.changes import Change, record_changes, subject_of
from brands.models import Brand
from scoring.models import READ_DRAFTS, Assessment

if TYPE_CHECKING:
    from cxalign.accounts.models import User

ORGANISE = "scoring.organise"


class AssigningRefused(Exception):
    """Why a case cannot be given to somebody. The message is what the screen shows."""


def check_can_own(person: User) -> None:
    """A case is looked after by somebody who may read it."""
    if not (person.is_active and person.has_perm(READ_DRAFTS)):
        raise AssigningRefused(_("%(person)s may not read drafts, so cannot own a case.") % {"person": person})


def check_can_assign(user: User) -> None:
    if not user.has_perm(ORGANISE):
        raise AssigningRefused(_("Only an editor can assign cases: ask one to do it."))


@transaction.atomic
def assign(cases: Iterable[Assessment], *, owner: User | None, by: User, reason: str) -> int:
    """Give cases to somebody, or to nobody; how many changed hands. Each is a line in the log of its brand."""
    check_can_assign(by)
    if owner is not None:
        check_can_own(owner)
    ids = [case.pk for case in cases]
    list(Brand.objects.filter(assessments__in=ids).order_by("pk").select_for_update())
    held = list(
        Assessment.objects.filter(pk__in=ids).select_related("owner").order_by("pk").select_for_update(of=("self",))
    )
    moved = [case for case in held if case.owner_id != (owner.pk if owner else None)]
    changes = [_change(case, owner, reason) for case in moved]
    Assessment.objects.filter(pk__in=[case.pk for case in moved]).update(owner=owner)
    record_changes(changes, actor=by)
    return len(moved)


def _change(case: Assessment, owner: User | None, reason: str) -> Change:
    pair = [subject_of(person) if person else None for person in (case.owner, owner)]  # no names: those can be erased
    return Change("assessment.assigned", case, frozenset({case.brand_id}), {"owner": pair}, reason)
