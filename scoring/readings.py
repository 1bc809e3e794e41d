"""What the engine makes of a single act, for the screen on which it is entered; and where the cases of brands stand."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brands import computed
from brands.computed import ActionReading
from brands.models import Action, Promise, Proof
from scoring.engine import reading as engine
from scoring.engine.dossier import SourceKind
from scoring.engine.method import Method, method_in_force
from scoring.gather import CaseFacts, to_dossier
from scoring.models import Assessment
from scoring.remembering import remember, remembering
from scoring.workflow import public_states, public_states_of, state_of


def read_action(action: Action) -> ActionReading:
    """Ask the engine for the evidence grade and the yardsticks of an act, as it is on file."""
    on_file = (
        Action.objects.select_related("brand", "crisis", "duplicate_of")
        .prefetch_related("source_links__source", "proofs__promise")
        .get(pk=action.pk)
    )
    promises = {proof.promise_id: proof.promise for proof in on_file.proofs.all() if proof.promise}
    in_use = [promise for promise in promises.values() if not promise.is_withdrawn]
    on_file.duplicate_of = None  # what it repeats is not in this small dossier, and changes neither answer
    today = timezone.localdate()
    method = method_in_force(today)
    dossier = to_dossier(CaseFacts(on_file.brand, on_file.crisis, in_use, [on_file], None, []), today)
    found = engine.read(dossier, method)
    read = next(iter(found.actions), None)
    if read is None:
        return ActionReading(0, _("It is dated after today, so it does not count yet."))
    why = why_grade(read.action, read.evidence, method)
    by_key = {promise.key: promise for promise in in_use}
    named = {proof.id: proof.promise for proof in read.proofs if proof.promise}
    yardsticks = {
        proof.pk: _yardstick(by_key[named[proof.key]]) if proof.key in named else _why_duty(proof, on_file, method)
        for proof in on_file.proofs.all()
    }
    return ActionReading(read.evidence, why, yardsticks)


def why_grade(action: Any, grade: int, method: Method) -> str:
    """The reason of an evidence grade, in a sentence."""
    kinds = {source.kind for source in action.sources}
    groups = {source.group for source in action.sources if source.kind is SourceKind.INDEPENDENT}
    reason = _reason(kinds, len(groups), method)
    if action.disputed and SourceKind.PRIMARY not in kinds:
        reason += " " + _("A denial is documented and no primary source settles it: %d at most.") % (
            method.disputed_ceiling
        )
    return reason


def _reason(kinds: set[SourceKind], groups: int, method: Method) -> str:
    if SourceKind.PRIMARY in kinds:
        return _("A primary source was opened and checked.")
    if SourceKind.AGAINST_INTEREST in kinds:
        return _("A source admits what harms itself.")
    if groups >= method.corroborating_groups:
        return ngettext("%d independent source.", "%d independent sources.", groups) % groups
    if groups:
        return _("One independent source: a second one, of another group, would make it 3.")
    if SourceKind.INTERESTED in kinds:
        return _("Only sources that gain if the claim is believed.")
    return _("No source that can be traced.")


def _yardstick(promise: Promise) -> str:
    return _("“%s”") % Truncator(str(promise)).chars(90)


def _why_duty(proof: Proof, action: Action, method: Method) -> str:
    """Why a proof is held against the duty of care, also where it names a promise."""
    promise = proof.promise
    if promise is None:
        return _("duty of care")
    level = int(promise.statement_level) if promise.statement_level.isdigit() else 0
    if promise.is_withdrawn:
        return _("duty of care, because the promise was withdrawn")
    if level < method.promise_statement:
        return _("duty of care, because the promise’s statement level is below %d") % method.promise_statement
    if proof.stakeholder not in promise.stakeholders:
        return _("duty of care, because the promise does not address this group")
    return _("duty of care, because the promise (%(since)s) is later than the act (%(started)s)") % {
        "since": promise.since or "–",
        "started": action.started or "–",
    }


# --- Where cases stand ------------------------------------------------------------------------------------------------


def states_of_cases(brand_ids: Collection[int]) -> dict[tuple[int, int], Any]:
    """Brand and crisis → the state of that case, in a number of queries that does not grow with the brands."""
    with remembering():
        cases = public_states_of(Assessment.objects.filter(brand__in=brand_ids))
        ids = [pk for pk, _brand, _crisis, _state in cases]
        remember(public_states, ids, {pk: state for pk, _brand, _crisis, state in cases})
        states = state_of(ids)
    return {(brand, crisis): states[pk].label for pk, brand, crisis, _state in cases}


def register() -> None:
    """Let the screens of the facts ask. Called when the application starts; twice is once."""
    if read_action not in computed.action_readers:
        computed.action_readers.append(read_action)
        computed.case_states.append(states_of_cases)
