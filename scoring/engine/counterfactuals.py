"""The smallest changes of evidence that would give another outcome: every single edit is tried.

An edit touches one act, one profile code, one promise or one group. The flags of all other acts stay as they are, so
an edit costs the flags of the edited act and one decision, whatever the size of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from scoring.engine.dossier import Group, Profile
from scoring.engine.flags import KEPT, Flagger
from scoring.engine.levels import dna_level
from scoring.engine.method import LEVEL_MAX, Method
from scoring.engine.reading import GROUPS, HARM_DEPTHS, HELP_DEPTHS, INDEX, ReadAction, Reading, ReadProof
from scoring.engine.rule import Choices, Decision, Standing, decide, with_promises_to
from scoring.engine.verdict import Counterfactual, EditCode, EditKind

REMEDY_MAX = 2
PROFILE = "profile"
PROMISES = "promises"

CODE_ORDER = ("ev", "st", "su", "in", "ge", "depth", "pu", "vh", "cc", "remedy")
EDIT_ORDER = {
    EditCode.CLAIM_DISPROVED: 0,
    EditCode.EVIDENCE_UP: 1,
    EditCode.EVIDENCE_DOWN: 1,
    EditCode.PROMISE_WITHDRAWN: 2,
    EditCode.REMEDY_UP: 10,
    EditCode.KEPT_PROOF: 11,
    EditCode.FIRST_PROMISE: 12,
}


class Step(NamedTuple):
    """One level, one step off."""

    edit: EditCode
    before: int | None
    after: int


class Edit(NamedTuple):
    """A single edit, and what the file would show with it."""

    flags: int
    standing: Standing
    kind: EditKind
    edit: EditCode
    subject: str
    code: str | None = None
    before: int | None = None
    after: int | None = None
    group: Group | None = None


def steps(level: int | None, found: int, low: int = 0, high: int = LEVEL_MAX) -> Iterator[Step]:
    """One step up and one down inside the range; an unknown level is tried at the one where it starts to count."""
    if level is None:
        yield Step(EditCode.LEVEL_FOUND, None, found)
        return
    if level < high:
        yield Step(EditCode.LEVEL_UP, level, level + 1)
    if level > low:
        yield Step(EditCode.LEVEL_DOWN, level, level - 1)


def smallest_changes(
    reading: Reading, standing: Standing, decision: Decision, decisive: Iterable[str], flagger: Flagger, method: Method
) -> tuple[Counterfactual, ...]:
    """Every single edit that gives another outcome: what to check, what to read again, what to look for.

    Inside each of these, in the order of the method's list, what the verdict rests on first.
    """
    file = _File(reading, standing, flagger, method)
    choices = Choices(method.precedence)
    found: list[tuple[Edit, Decision]] = []
    for edit in file.edits():
        if edit.flags == file.flags and edit.standing is standing:
            continue
        after = decide(edit.flags, edit.standing, choices)
        if after.outcome is not decision.outcome:
            found.append((edit, after))
    near = _subjects_of(reading, set(decisive))
    found.sort(key=lambda pair: _presentation(pair[0], pair[1], near))
    return tuple(_told(edit, after) for edit, after in _without_repeats(found))


def _presentation(edit: Edit, after: Decision, near: set[str]) -> tuple[int, int, int, bool, bool]:
    kinds = tuple(EditKind)
    return (
        kinds.index(edit.kind),
        EDIT_ORDER.get(edit.edit, 5),
        CODE_ORDER.index(edit.code) if edit.code else 0,
        edit.subject not in near,
        edit.edit is EditCode.FIRST_PROMISE and not after.outcome.is_archetype,
    )


def _subjects_of(reading: Reading, decisive: set[str]) -> set[str]:
    """The decisive proofs and their acts."""
    acts = {action.id for action in reading.actions if any(proof.id in decisive for proof in action.proofs)}
    return decisive | acts


def _without_repeats(found: list[tuple[Edit, Decision]]) -> list[tuple[Edit, Decision]]:
    """A first promise that leads to the same outcome whoever it addresses is one change, not four."""
    first = [pair for pair in found if pair[0].edit is EditCode.FIRST_PROMISE]
    if len(first) < 2 or len({after for _, after in first}) > 1:
        return found
    edit, after = first[0]
    return [pair for pair in found if pair not in first] + [(edit._replace(group=None), after)]


def _told(edit: Edit, after: Decision) -> Counterfactual:
    return Counterfactual(
        kind=edit.kind,
        edit=edit.edit,
        subject=edit.subject,
        to=after.outcome,
        to_breadth=after.breadth,
        code=edit.code,
        level_from=edit.before,
        level_to=edit.after,
        group=edit.group,
    )


class _File:
    """The flags of every act, and of all acts but one."""

    def __init__(self, reading: Reading, standing: Standing, flagger: Flagger, method: Method) -> None:
        self.reading, self.standing, self.flagger, self.method = (reading, standing, flagger, method)
        self.own = [flagger.of(action.action, action.evidence, action.proofs) for action in reading.actions]
        self.flags = 0
        self.twice = 0
        for flags in self.own:
            self.twice |= self.flags & flags
            self.flags |= flags

    def edits(self) -> Iterator[Edit]:
        for action, flags in zip(self.reading.actions, self.own, strict=True):
            if action.proofs:
                yield from self._of_action(action, self.flags & (~flags | self.twice))
        yield from self._of_promises()
        yield from self._of_profile()
        yield from self._of_groups()

    # ------------------------------------------------------------------------------------------------ one act

    def _of_action(self, action: ReadAction, others: int) -> Iterator[Edit]:
        yield Edit(others, self.standing, EditKind.CHECK, EditCode.CLAIM_DISPROVED, action.id)
        for _, before, after in steps(action.evidence, self.method.edit_found.level):
            edit = EditCode.EVIDENCE_UP if after > action.evidence else EditCode.EVIDENCE_DOWN
            flags = others | self.flagger.of(action.action, after, action.proofs)
            yield Edit(flags, self.standing, EditKind.CHECK, edit, action.id, "ev", before, after)
        if action.helps:
            yield from self._of_codes(action, others)
        for index, proof in enumerate(action.proofs):
            yield from self._of_proof(action, others, index, proof)

    def _of_codes(self, action: ReadAction, others: int) -> Iterator[Edit]:
        """Substance, initiative and generosity only tell in an act that helps."""
        facts, found = action.action, self.method.edit_found
        initiative, generosity = facts.in_ or 0, facts.ge or 0
        for code, level, at in (
            ("su", facts.su, found.level),
            ("in", facts.in_, found.initiative),
            ("ge", facts.ge, found.level),
        ):
            for edit, before, after in steps(level, at):
                flags = others | self.flagger.flags(
                    action.evidence,
                    min(action.evidence, after) if code == "su" else action.strength,
                    after if code == "in" else initiative,
                    after if code == "ge" else generosity,
                    action.proofs,
                )
                yield Edit(flags, self.standing, EditKind.CODE, edit, action.id, code, before, after)

    def _of_proof(self, action: ReadAction, others: int, index: int, proof: ReadProof) -> Iterator[Edit]:
        group = GROUPS[proof.group]
        low, high = HELP_DEPTHS if proof.helps else HARM_DEPTHS
        for edit, before, after in steps(proof.depth, self.method.edit_found.level, low, high):
            flags = others | self._with_proof(action, index, proof._replace(depth=after))
            yield Edit(flags, self.standing, EditKind.CODE, edit, proof.id, "depth", before, after, group)
        if not proof.helps and proof.remedy < REMEDY_MAX:
            more = proof.remedy + 1
            flags = others | self._with_proof(action, index, proof._replace(remedy=more))
            yield Edit(
                flags, self.standing, EditKind.NEW, EditCode.REMEDY_UP, proof.id, "remedy", proof.remedy, more, group
            )

    def _with_proof(self, action: ReadAction, index: int, proof: ReadProof) -> int:
        proofs = (*action.proofs[:index], proof, *action.proofs[index + 1 :])
        return self.flagger.of(action.action, action.evidence, proofs)

    # ------------------------------------------------------------------------------- promises, profile, groups

    def _of_promises(self) -> Iterator[Edit]:
        """Without a promise, what was read against it is read against the duty of care."""
        for promise in self.reading.promises:
            left = [other for other in self.reading.promises if other is not promise]
            promised = _bits(group for other in left for group in other.groups)
            standing = with_promises_to(self.standing, promised, has_promise=bool(left))
            flags = 0
            for action, own in zip(self.reading.actions, self.own, strict=True):
                flags |= self._without_promise(action, own, promise.id)
            yield Edit(flags, standing, EditKind.CHECK, EditCode.PROMISE_WITHDRAWN, promise.id)

    def _without_promise(self, action: ReadAction, own: int, promise: str) -> int:
        if all(proof.promise != promise for proof in action.proofs):
            return own
        proofs = [proof._replace(promise=None) if proof.promise == promise else proof for proof in action.proofs]
        return self.flagger.of(action.action, action.evidence, proofs)

    def _of_profile(self) -> Iterator[Edit]:
        profile = self.reading.profile
        for code, level in (("pu", profile.pu), ("vh", profile.vh), ("cc", profile.cc)):
            for edit, before, after in steps(level, self.method.edit_found.level):
                lineage = self._lineage(code, after, profile)
                if lineage is not self.standing.lineage:
                    standing = replace(self.standing, lineage=lineage)
                    yield Edit(self.flags, standing, EditKind.CODE, edit, PROFILE, code, before, after)

    def _lineage(self, code: str, level: int, profile: Profile) -> bool:
        levels = {"pu": profile.pu, "vh": profile.vh, "cc": profile.cc, code: level}
        return dna_level(Profile(levels["pu"], levels["vh"], levels["cc"])) >= self.method.cut_level

    def _of_groups(self) -> Iterator[Edit]:
        kept_flags = self._kept_proof_shows()
        for group in self.reading.core:
            bit = KEPT[INDEX[group]]
            if not self.flags & bit and kept_flags:
                flags = self.flags | bit
                yield Edit(flags, self.standing, EditKind.NEW, EditCode.KEPT_PROOF, group, group=group)
        if self.reading.promises:
            return
        for group in self.reading.core:
            standing = with_promises_to(self.standing, KEPT[INDEX[group]], has_promise=True)
            level = self.method.edit_first_promise
            yield Edit(self.flags, standing, EditKind.NEW, EditCode.FIRST_PROMISE, PROMISES, "st", 0, level, group)

    def _kept_proof_shows(self) -> bool:
        """Whether the plain proof that is tried would be established at all."""
        proof = self.method.edit_kept_proof
        return min(proof.evidence, proof.substance) >= self.method.cut_level


def _bits(groups: Iterable[Group]) -> int:
    bits = 0
    for group in groups:
        bits |= KEPT[INDEX[group]]
    return bits
