"""What two coders agreed on, or an adjudicator decided, goes to the facts through their gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_noop

from brands import codes as lists
from brands import editing
from brands.changes import record_decision
from brands.editing import State
from brands.models import Action, ActionSource, Promise, Proof
from scoring.coding.comparing import folded
from scoring.coding.digests import codes_digest, text_digest
from scoring.coding.sheets import FLAGS, LEFT_EMPTY, NO, SEPARATOR, UNKNOWN, YES, Code, Codes, Part, Sheet
from scoring.engine.dossier import DUTY
from scoring.models import CodingItem, ItemState

if TYPE_CHECKING:
    from cxalign.accounts.models import User

AGREED = gettext_noop("Two people coded it, each alone, and agreed.")
"""Sealed in English, like every reason that no person wrote."""


def settle(
    item: CodingItem,
    sheet: Sheet,
    values: Codes,
    *,
    by: User,
    rationale: str,
    reasons: Mapping[str, str] | None = None,
) -> None:
    """Write the settled codes to the record and close the item. ``reasons`` are those of an adjudicator, by code.

    Call it inside the transaction that holds the record and the item.
    """
    reasons = reasons or {}
    how = lists.Coding.ADJUDICATED if reasons else lists.Coding.AGREED
    before = editing.state_of(_on_file(item.subject))
    gone = write_codes(item, sheet, values, how, rationale=rationale, reasons=reasons)
    changes = editing.differences(before, editing.state_of(_on_file(item.subject)))
    if changes:
        editing.raise_revision(item.subject)
    state = item.state
    fresh = CodingItem.objects.with_subject().get(pk=item.pk)
    fresh.state = ItemState.SETTLED
    item.state, item.settled_at, item.settled_by, item.settled_as = ItemState.SETTLED, timezone.now(), by, how.value
    item.text_digest, item.codes_digest = text_digest(fresh), codes_digest(fresh)
    item.save()
    reason = "\n".join(dict.fromkeys(reasons.values()))[:2000] or AGREED
    told = {"state": [state, item.state], "settled_as": [None, item.settled_as]}
    _tell(item, gone, changes, told, by, reason)


def _tell(item: CodingItem, gone: list[Proof], changes: State, told: State, by: User, reason: str) -> None:
    """The change of the facts, and that the item is settled, be it with the codes that stood there before."""
    if changes:
        on_file = _on_file(item.subject)
        editing.record_parts_removed(on_file, gone, actor=by, reason=reason)
        editing.record_by_hand("evidence.corrected", on_file, actor=by, changes=changes, reason=reason)
    record_decision("coding.settled", subject=item, brand=item.case.brand, actor=by, changes=told, reason=reason)


def write_codes(
    item: CodingItem,
    sheet: Sheet,
    values: Codes,
    how: lists.Coding,
    *,
    rationale: str,
    reasons: Mapping[str, str],
) -> list[Proof]:
    """Bring the record to what was settled; the proofs that were taken out."""
    record = item.subject
    for code in sheet.own:
        if _goes_to_the_facts(code, values):
            setattr(record, code.name, _for_field(code, values[code.name]))
    if hasattr(record, "coding"):
        open_codes = [*sheet.own, *(code for part in sheet.sources for code in part.codes)]
        record.coding = _coding(how, open_codes, values)
    record.save()
    if not isinstance(record, Action):
        return []
    _write_sources(record, values)
    return _write_proofs(record, sheet, values, how, rationale, reasons)


def _on_file(record: Any) -> Any:
    """The record as the database has it, without what this process remembers of its parts."""
    return type(record)._base_manager.get(pk=record.pk)


def _goes_to_the_facts(code: Code, values: Mapping[str, str]) -> bool:
    return code.name in values and (code.keeps_unknown or values[code.name] != UNKNOWN)


def _coding(how: lists.Coding, codes: Iterable[Code], values: Mapping[str, str]) -> lists.Coding:
    """Settled by two, unless nobody could tell one of the codes: what stays on file of it is what one person chose."""
    left = any(not code.keeps_unknown and values.get(code.name) == UNKNOWN for code in codes)
    return lists.Coding.SINGLE if left else how


def _for_field(code: Code, value: str) -> Any:
    if value == UNKNOWN and code.name in LEFT_EMPTY:
        return ""
    if code.name in FLAGS:
        return value == YES
    return tuple(filter(None, value.split(SEPARATOR))) if code.many else value


def _write_sources(action: Action, values: Mapping[str, str]) -> None:
    """Kind and independence group of each source. A group that the brand's files know keeps its spelling there."""
    of_brand = ActionSource.objects.filter(action__brand=action.brand_id).order_by("-id")
    known = {folded(group): group for group in of_brand.values_list("independence_group", flat=True)}
    for link in action.source_links.select_related("source"):
        stem = f"source.{link.source.key}"
        kind, group = values.get(f"{stem}.kind", UNKNOWN), values.get(f"{stem}.group", UNKNOWN)
        link.kind = link.kind if kind == UNKNOWN else kind
        if group != UNKNOWN:
            link.independence_group = known.get(folded(group), folded(group))
        link.save(update_fields=["kind", "independence_group"])


def _write_proofs(
    action: Action,
    sheet: Sheet,
    values: Mapping[str, str],
    how: lists.Coding,
    rationale: str,
    reasons: Mapping[str, str],
) -> list[Proof]:
    """Bring the proofs of an action to what was settled; those that were taken out."""
    on_file = {(proof.stakeholder, proof.direction): proof for proof in action.proofs.select_related("promise")}
    gone = []
    for part in sheet.proofs:
        assert part.switch is not None
        _proof, group, direction = part.switch.name.split(".")
        proof = on_file.get((group, direction))
        if values.get(part.switch.name, NO) == YES:
            proof = proof or Proof(action=action, stakeholder=group, direction=direction)
            _write_proof(proof, part, values, rationale, reasons)
        elif proof:
            gone.append(proof)  # its name in the log is its key, which needs no row
            proof.delete()
    return gone


def _write_proof(
    proof: Proof, part: Part, values: Mapping[str, str], rationale: str, reasons: Mapping[str, str]
) -> None:
    assert part.switch is not None
    stem = part.switch.name
    why = [reason for name, reason in reasons.items() if name == stem or name.startswith(f"{stem}.")]
    yardstick = values.get(f"{stem}.yardstick", UNKNOWN)
    if yardstick != UNKNOWN:
        proof.promise = None if yardstick == DUTY else Promise.objects.get(key=yardstick)
    proof.depth = values.get(f"{stem}.depth", proof.depth)
    remedy = values.get(f"{stem}.remedy", UNKNOWN)
    proof.remedy = proof.remedy if remedy == UNKNOWN else remedy
    proof.coding = _coding(lists.Coding.ADJUDICATED if why else lists.Coding.AGREED, part.codes, values)
    reason = "\n".join(dict.fromkeys(why))[:1000]
    proof.settlement = reason if proof.coding == lists.Coding.ADJUDICATED else ""
    if not (proof.rationale_en or proof.rationale_fr):
        language = "fr" if (get_language() or "").startswith("fr") else "en"
        setattr(proof, f"rationale_{language}", reason or rationale)
    proof.save()
