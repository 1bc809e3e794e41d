"""An item on its way: drafts, handing in, comparing, adjudicating. Each act locks, checks, writes, and logs a step.

Locks are taken in the order that every writer keeps: brand, fact, then the item and its codings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from brands import editing
from scoring.coding.comparing import Apart, Difference, differences, merged, widest
from scoring.coding.digests import text_digest
from scoring.coding.rights import CodingRefused, check_can_adjudicate, check_can_code, check_can_compare
from scoring.coding.settling import settle
from scoring.coding.sheets import YES, Code, Codes, Sheet, sheet_of, stem_of
from scoring.models import CodeDecision, CodingItem, CodingStep, ItemCoding, ItemState, StepKind
from scoring.models.coding import SHORTEST_RATIONALE

if TYPE_CHECKING:
    from cxalign.accounts.models import User


class StaleCoding(CodingRefused):
    """Somebody (often the same person in another tab) saved first. ``stored`` is what is kept."""

    def __init__(self, message: str, stored: ItemCoding) -> None:
        super().__init__(message)
        self.stored = stored


class Incomplete(CodingRefused):
    """Something compulsory is missing; ``problems`` maps a field to what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(_("Something is missing."))
        self.problems = problems


# --- What a coder sends -----------------------------------------------------------------------------------------------


def problems_of(sheet: Sheet, codes: Mapping[str, str], rationale: str) -> dict[str, str]:
    """What keeps a coding from being handed in. “Unknown” is always an answer; no answer is none."""
    found = {
        code.name: _("Choose a level; “unknown” is one too.")
        for code in sheet.own
        if code.decides and not codes.get(code.name)
    }
    for part in sheet.sources:
        found |= {code.name: _("Say what this source is.") for code in part.codes if not codes.get(code.name)}
    for part in sheet.proofs:
        if part.switch and codes.get(part.switch.name) == YES:
            found |= {code.name: _("Choose; “unknown” is one too.") for code in part.codes if not codes.get(code.name)}
    if len(rationale.strip()) < SHORTEST_RATIONALE:
        found["rationale"] = _("Write why in %(count)d characters or more.") % {"count": SHORTEST_RATIONALE}
    return found


def allowed(sheet: Sheet, given: Mapping[str, str]) -> Codes:
    """Of what was sent, the codes that the sheet knows with values that it offers; nothing below a group left out."""
    found: Codes = {}
    for name, code in sheet.all.items():
        value = given.get(name, "")
        if not value or (name.startswith("proof.") and given.get(stem_of(name)) != YES):
            continue
        if code.many:
            chosen = set(value.split("|"))
            value = "|".join(choice for choice, _word in code.choices if choice in chosen)
        if code.free or code.many or value in dict(code.choices):
            found[name] = value
    return found


# --- Coding -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_draft(coding: ItemCoding, *, by: User, codes: Mapping[str, str], rationale: str, revision: int) -> ItemCoding:
    """Keep what a coder has chosen so far, however little."""
    held = _hold(coding)
    check_can_code(by, held)
    _check_revision(held, revision)
    held.codes, held.rationale = allowed(sheet_of(held.item), codes), rationale
    _save(held, "codes", "rationale")
    return held


@transaction.atomic
def hand_in(
    coding: ItemCoding, *, by: User, codes: Mapping[str, str], rationale: str, revision: int, text: str
) -> CodingItem:
    """Take a coding as final. When both are in, the item goes where their distance sends it.

    ``text`` is the digest of what was on the coder's screen: nobody codes a text that has changed under their eyes.
    """
    held = _hold(coding)
    item = held.item
    check_can_code(by, held)
    _check_revision(held, revision)
    if text != text_digest(item):
        raise StaleCoding(_("This record was edited while you were coding it: read it again, then hand in."), held)
    sheet = sheet_of(item)
    held.codes = allowed(sheet, codes)
    if problems := problems_of(sheet, held.codes, rationale):
        raise Incomplete(problems)
    if held.blind_codes is None:  # what is handed in after a reopening was chosen by one who has seen the other's codes
        held.blind_codes = held.codes
    held.rationale, held.submitted_at = rationale, timezone.now()
    _save(held, "codes", "rationale", "blind_codes", "submitted_at")
    _log(item, StepKind.HANDED_IN, held, by)
    both = list(item.codings.order_by("seat__number"))
    if all(one.submitted_at for one in both):
        _move_on(item, sheet, both, by)
    return item


def _move_on(item: CodingItem, sheet: Sheet, both: list[ItemCoding], by: User) -> None:
    """Both are in: agreed, to be compared, or to be adjudicated."""
    apart = widest(differences(sheet, both[0].codes, both[1].codes))
    if apart is Apart.EQUAL:
        _log(item, StepKind.AGREED, None, by)
        settle(item, sheet, merged(sheet, both[0].codes, both[1].codes), by=by, rationale=both[0].rationale)
        return
    item.state = ItemState.CONVERGING if apart is Apart.A_STEP else ItemState.ADJUDICATION
    item.save(update_fields=["state", "changed_at"])


# --- Comparing --------------------------------------------------------------------------------------------------------


def open_differences(item: CodingItem) -> tuple[list[ItemCoding], list[Difference]]:
    """The two codings by seat, and where they differ now."""
    both = list(item.codings.select_related("seat__coder").order_by("seat__number"))
    return both, differences(sheet_of(item), both[0].codes, both[1].codes)


@transaction.atomic
def compare(coding: ItemCoding, *, by: User, choices: Mapping[str, str], revisions: tuple[int, int]) -> CodingItem:
    """Having seen both rationales, keep one's codes or take the other's. Agreed as soon as nothing differs."""
    held = _hold(coding)
    item = held.item
    check_can_compare(by, held)
    both, differing = open_differences(item)
    if tuple(one.revision for one in both) != revisions:
        raise StaleCoding(_("The other coder has changed a code since you opened this: look again."), held)
    changes = {
        difference.code.name: [held.codes.get(difference.code.name), choice]
        for difference in differing
        if (choice := choices.get(difference.code.name)) in difference.values
        and choice != held.codes.get(difference.code.name)
    }
    held.codes = {**held.codes, **{name: after for name, (_before, after) in changes.items()}}
    held.confirmed_at = timezone.now()
    _save(held, "codes", "confirmed_at")
    _log(item, StepKind.COMPARED, held, by, changes)
    _after_comparing(item, by)
    return item


def _after_comparing(item: CodingItem, by: User) -> None:
    both, differing = open_differences(item)
    if not differing:
        _move_on(item, sheet_of(item), both, by)
    elif all(one.confirmed_at for one in both):
        item.state = ItemState.ADJUDICATION
        item.save(update_fields=["state", "changed_at"])


# --- Adjudicating -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    value: str
    reason: str


def decided_below(sheet: Sheet, switch: str) -> tuple[Code, ...]:
    """What else has to be decided where an act is decided to bear on a group that only one of the coders saw."""
    return next((part.codes for part in sheet.proofs if part.switch and part.switch.name == switch), ())


@transaction.atomic
def adjudicate(item: CodingItem, *, by: User, decisions: Mapping[str, Decision]) -> CodingItem:
    """Decide every code on which the coders differ, each with its reason. The first adjudicator to save wins.

    Where an act is decided to bear on a group that one of them left out, yardstick, depth and remedy are decided too,
    for the same reason unless another one is given: nobody has compared them.
    """
    held = hold_item(item)
    check_still_open(held)
    check_can_adjudicate(by, held)
    both, differing = open_differences(held)
    sheet = sheet_of(held)
    asked = _asked(sheet, differing, decisions)
    if problems := _undecided(sheet, asked):
        raise Incomplete(problems)
    values = merged(sheet, both[0].codes, both[1].codes)
    values |= {name: one.value for name, one in asked.items()}
    reasons = {name: one.reason.strip() for name, one in asked.items()}
    CodeDecision.objects.bulk_create(
        CodeDecision(item=held, code=name, value=one.value, reason=reasons[name], decided_by=by)
        for name, one in asked.items()
    )
    _log(held, StepKind.ADJUDICATED, None, by, {name: [None, values[name]] for name in reasons})
    settle(held, sheet, values, by=by, rationale="", reasons=reasons)
    return held


def _asked(sheet: Sheet, differing: list[Difference], decisions: Mapping[str, Decision]) -> dict[str, Decision]:
    """The decisions that are needed, as far as they were given."""
    asked, nothing = {}, Decision("", "")
    for difference in differing:
        name = difference.code.name
        asked[name] = decisions.get(name, nothing)
        if asked[name].value == YES:
            for code in decided_below(sheet, name):
                given = decisions.get(code.name, nothing)
                asked[code.name] = Decision(given.value, given.reason.strip() or asked[name].reason)
    return asked


def _undecided(sheet: Sheet, asked: Mapping[str, Decision]) -> dict[str, str]:
    problems = {}
    for name, decision in asked.items():
        code = sheet.all[name]
        offered = code.free or code.many or decision.value in dict(code.choices)
        if not offered or (not decision.value and not code.many):
            problems[name] = _("Decide on this code.")
        elif not decision.reason.strip():
            problems[f"{name}-reason"] = _("Write the reason: it is kept with the record.")
    return problems


def check_still_open(item: CodingItem) -> None:
    """Tell who was quicker."""
    if item.state == ItemState.SETTLED and item.settled_by:
        raise CodingRefused(
            _("%(person)s has settled this item meanwhile; your decision was not saved.") % {"person": item.settled_by}
        )


# --- Locks and the log ------------------------------------------------------------------------------------------------


def _hold(coding: ItemCoding) -> ItemCoding:
    """The coding and its item, locked and fresh."""
    item = hold_item(coding.item)
    held = ItemCoding.objects.select_for_update(of=("self",)).select_related("seat__coder").get(pk=coding.pk)
    held.item = item
    return held


def hold_item(item: CodingItem) -> CodingItem:
    editing.lock(item.subject)
    locked = CodingItem.objects.select_for_update(of=("self",)).with_subject().get(pk=item.pk)
    list(locked.codings.select_for_update().order_by("pk"))
    return locked


def _check_revision(held: ItemCoding, revision: int) -> None:
    if held.revision != revision:
        raise StaleCoding(_("You saved this item in another window since you opened it here."), held)


def _save(held: ItemCoding, *fields: str) -> None:
    held.revision += 1
    held.save(update_fields=[*fields, "revision", "updated_at"])


def _log(
    item: CodingItem,
    kind: StepKind,
    coding: ItemCoding | None,
    by: User,
    changes: Mapping[str, object] | None = None,
) -> None:
    CodingStep.objects.create(
        item=item,
        kind=kind,
        seat=coding.seat if coding else None,
        actor=by,
        changes=dict(changes if changes is not None else {}),
        note=coding.rationale if coding else "",
    )
