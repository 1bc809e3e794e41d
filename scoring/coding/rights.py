"""Who may organise, code and adjudicate, and what a coder must not see while an item is open.

Every rule is a pair: ``check_can_…`` raises with the reason that the screen shows, ``can_…`` answers. Who is blind to
what is kept in ``scoring.blindness`` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brands import hiding
from brands.models import Brand
from scoring.blindness import is_blind_to
from scoring.models import Assessment, CodeDecision, CodingItem, ItemCoding, ItemState
from scoring.models.cases import may_read_drafts

if TYPE_CHECKING:
    from cxalign.accounts.models import User

ORGANISE, CODE, ADJUDICATE = "scoring.organise", "scoring.code", "scoring.adjudicate"

barred_from_case: list[Callable[[Any, Brand], str | None]] = []
"""Whoever knows a reason why a person must not work on a brand (a declared tie, say) adds its answer: the reason, in
the reader's language, or nothing."""


class CodingRefused(Exception):
    """Why this cannot be done; the text is what the screen shows."""


def _answers(check: Callable[..., None], *args: Any) -> bool:
    try:
        check(*args)
    except CodingRefused:
        return False
    return True


def reason_barred(user: User, brand: Brand) -> str | None:
    """Why this person must not work on this brand, as the first rule that bars them says it."""
    return next((reason for rule in barred_from_case if (reason := rule(user, brand))), None)


# --- Organising -------------------------------------------------------------------------------------------------------


def check_can_organise(user: User) -> None:
    if not user.has_perm(ORGANISE):
        raise CodingRefused(_("Only an editor can open a coding round: ask one to do it."))


def can_organise(user: User) -> bool:
    return _answers(check_can_organise, user)


def check_can_be_coder(user: User, case: Assessment) -> None:
    """Whether a person can be given a seat in a round on this case."""
    brand = case.brand
    if not (user.is_active and user.has_perm(CODE) and may_read_drafts(user)):
        raise CodingRefused(_("%(person)s may not code: choose somebody else.") % {"person": user})
    if reason := reason_barred(user, brand):
        raise CodingRefused(
            _("%(person)s cannot code %(brand)s: %(reason)s") % {"person": user, "brand": brand, "reason": reason}
        )
    if CodeDecision.objects.filter(decided_by=user, item__case=case).exists():
        raise CodingRefused(
            _("%(person)s has adjudicated on %(case)s: somebody else has to code it.") % {"person": user, "case": case}
        )


def can_be_coder(user: User, case: Assessment) -> bool:
    return _answers(check_can_be_coder, user, case)


# --- Coding -----------------------------------------------------------------------------------------------------------


def check_can_code(user: User, coding: ItemCoding) -> None:
    """Whether this person may choose the codes of this item now."""
    check_can_see(user, coding)
    if coding.item.state == ItemState.CLOSED:
        raise CodingRefused(_("This round was closed: its open items are no longer coded."))
    if coding.item.state != ItemState.CODING:
        raise CodingRefused(_("Both codings of this item are in: it can no longer be coded."))
    if coding.submitted_at:
        raise CodingRefused(_("You have handed in this item: it waits for the other coder."))


def can_code(user: User, coding: ItemCoding) -> bool:
    return _answers(check_can_code, user, coding)


def check_can_see(user: User, coding: ItemCoding) -> None:
    """A coding belongs to its coder; nobody else looks at it before it is settled."""
    if coding.seat.coder_id != user.pk or not user.has_perm(CODE):
        raise CodingRefused(_("This coding is somebody else’s."))
    if reason := reason_barred(user, coding.item.brand):
        raise CodingRefused(_("You cannot code this brand: %(reason)s") % {"reason": reason})


def can_see(user: User, coding: ItemCoding) -> bool:
    return _answers(check_can_see, user, coding)


def check_can_compare(user: User, coding: ItemCoding) -> None:
    """Whether this person may look at both rationales and change or keep their own codes."""
    check_can_see(user, coding)
    if coding.item.state != ItemState.CONVERGING:
        raise CodingRefused(_("There is nothing to compare here any more."))
    if coding.confirmed_at:
        raise CodingRefused(_("You have said what your codes are: it waits for the other coder."))


def can_compare(user: User, coding: ItemCoding) -> bool:
    return _answers(check_can_compare, user, coding)


# --- Adjudicating -----------------------------------------------------------------------------------------------------


def check_can_adjudicate(user: User, item: CodingItem) -> None:
    if not user.has_perm(ADJUDICATE):
        raise CodingRefused(_("Only an editor can adjudicate: ask one to do it."))
    if has_coded(user, item.case_id):
        raise CodingRefused(_("You are or were a coder of this case: somebody else has to adjudicate."))
    if reason := reason_barred(user, item.brand):
        raise CodingRefused(_("You cannot adjudicate this brand: %(reason)s") % {"reason": reason})
    if item.state != ItemState.ADJUDICATION:
        raise CodingRefused(_("This item is no longer to adjudicate."))


def can_adjudicate(user: User, item: CodingItem) -> bool:
    return _answers(check_can_adjudicate, user, item)


def has_coded(user: User, case_id: int) -> bool:
    """Nobody is both coder and adjudicator of one case, be it in different rounds."""
    return case_id in cases_coded_by(user)


def cases_coded_by(user: User) -> set[int]:
    """Cases of which this person codes an open item or has chosen a code. A seat that was given up unused is none."""
    codings = ItemCoding.objects.filter(seat__coder=user).exclude(codes={}, item__state=ItemState.CLOSED)
    return set(codings.order_by().values_list("item__case_id", flat=True).distinct())


# --- Blindness --------------------------------------------------------------------------------------------------------


def check_can_see_codes(user: User, case: Assessment) -> None:
    """Whether codes, grades and the working verdict of a case may be shown to this person."""
    if is_blind_to(user, case.brand):
        raise CodingRefused(str(hiding.REASON))


def can_see_codes(user: User, case: Assessment) -> bool:
    return _answers(check_can_see_codes, user, case)
