"""The two sentences of a verdict: what was promised and observed, then why this outcome and not its neighbour.

Both languages say the same: what there is no room for in the longer one is left out of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from scoring.engine.dossier import DUTY, Group
from scoring.engine.verdict import (
    Breadth,
    Condition,
    EditCode,
    FindingCode,
    Outcome,
    Reason,
    Verdict,
)
from scoring.wording.conditions import short_change
from scoring.wording.grammar import (
    LANGUAGES,
    ActWords,
    CaseWords,
    PromiseWords,
    Text,
    count_words,
    french,
    groups_in_short,
    groups_listed,
    in_order,
    of_name,
    sentence,
    text,
)
from scoring.wording.lexicon import REASONS
from scoring.wording.statements import promise_on_file, promised, told

MAX_WORDS = 60
"""The two sentences of a verdict, together."""


UNTOLD, OTHERS, NAMED = range(3)
"""Missing groups: nothing of them, that there are others, or their names."""


@dataclass(frozen=True)
class Room:
    """What a wording has room for: both languages keep or drop the same."""

    change: bool = True
    """What would change the verdict; it stands beside the two sentences as well."""
    reasons: bool = True
    """Beside why it is this outcome, what else was looked at."""
    source: bool = True
    """Who reports the act; the number of that source stands in any case."""
    date: bool = True
    missing: int = NAMED
    """Which groups are missing for the neighbour."""
    whole: bool = True
    """All of why, rather than its gist."""
    promise: bool = True
    """What was promised, rather than that something was."""
    act: bool = True


def _rooms() -> Iterator[Room]:
    """From the fullest to the barest."""
    room = Room()
    yield room
    for less in ("change", "reasons"):
        room = replace(room, **{less: False})
        yield room
    room = replace(room, source=False)
    for missing, whole in ((NAMED, True), (OTHERS, True), (NAMED, False), (OTHERS, False), (UNTOLD, True)):
        yield replace(room, missing=missing, whole=whole)
        yield replace(room, missing=missing, whole=whole, date=False)
    room = replace(room, missing=UNTOLD, whole=False)
    yield room
    for less in ("date", "promise", "act"):
        room = replace(room, **{less: False})
        yield room


def explanation(verdict: Verdict, words: CaseWords) -> Text:
    """The fullest wording that keeps within the limit in both languages."""
    told_of = _told_of(verdict, words)
    wording: Text = {}
    for room in _rooms():
        wording = _wording(verdict, words, told_of, room)
        if max(map(count_words, wording.values())) <= MAX_WORDS:
            break
    return wording


def _wording(verdict: Verdict, words: CaseWords, told_of: Told, room: Room) -> Text:
    case = Case(verdict, words, told_of, room)
    said = {language: " ".join(filter(None, _sentences(case, language))) for language in LANGUAGES}
    return {**said, "fr": french(said["fr"])}


# --- What is told -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """The act to tell, the promise to tell beside it, and whether the one is read against the other."""

    proof: str = ""
    promise: str = ""
    on_promise: bool = False


@dataclass(frozen=True)
class Case:
    verdict: Verdict
    words: CaseWords
    told: Told
    room: Room

    @property
    def act(self) -> ActWords | None:
        return self.words.acts.get(self.words.proof_action.get(self.told.proof, ""))

    @property
    def promise(self) -> PromiseWords | None:
        return self.words.promises.get(self.told.promise)

    @property
    def group(self) -> Group | None:
        return self.words.proof_group.get(self.told.proof)


def _told_of(verdict: Verdict, words: CaseWords) -> Told:
    """Of proofs that make the verdict alike, one that is read against a promise: that is what the verdict is about."""
    proofs = [proof for proof in _telling_proofs(verdict, words) if proof in words.proof_action]
    tested = [proof for proof in proofs if _yardstick(proof, verdict, words)]
    first = next(iter([*tested, *proofs]), "")
    if tested:
        return Told(first, words.proof_promise[first], on_promise=True)
    if verdict.outcome == Outcome.BROKEN_PROMISE:
        return Told(first)
    return Told(first, _promise_beside(words.proof_group.get(first), words))


def _telling_proofs(verdict: Verdict, words: CaseWords) -> Sequence[str]:
    """A stated promise that was broken goes before a harm outside any promise; each of them is enough."""
    if verdict.outcome == Outcome.BROKEN_PROMISE:
        return [*_found(verdict, FindingCode.BREACH_OF_PROMISE), *verdict.decisive_proofs]
    return verdict.decisive_proofs or _nearest_proofs(verdict, words)


def _nearest_proofs(verdict: Verdict, words: CaseWords) -> list[str]:
    """What comes nearest to a verdict: what best helps those who were promised something."""
    promised_to = {item.group for item in verdict.coverage if item.promised}
    grades = {grade.action: (grade.strength, grade.evidence) for grade in verdict.grades}

    def nearness(proof: str) -> tuple[bool, int, int]:
        strength, evidence = grades.get(words.proof_action.get(proof, ""), (0, 0))
        return words.proof_group.get(proof) not in promised_to, -strength, -evidence

    return sorted(_found(verdict, FindingCode.REASON_FOR_NONE), key=nearness)


def _found(verdict: Verdict, *codes: FindingCode) -> list[str]:
    return [proof for finding in verdict.findings if finding.code in codes for proof in finding.proofs]


def _yardstick(proof: str, verdict: Verdict, words: CaseWords) -> bool:
    """Whether the act is read against a promise; of breaches, whether it breaks one or is all that there is."""
    if words.proof_promise.get(proof, DUTY) not in words.promises:
        return False
    if proof in _found(verdict, FindingCode.YARDSTICK_DOWNGRADED):
        return False
    graver = _found(verdict, FindingCode.BREACH_OF_PROMISE, FindingCode.SERIOUS_HARM_UNDER_DUTY)
    return verdict.outcome != Outcome.BROKEN_PROMISE or not graver or proof in graver


def _promise_beside(group: Group | None, words: CaseWords) -> str:
    """The promise that says most about what was to be expected: to the same people, and central."""
    order = sorted(words.promises.items(), key=lambda item: (group not in item[1].groups, not item[1].is_central))
    return next((key for key, _ in order), "")


# --- First sentence ---------------------------------------------------------------------------------------------------


def _sentences(case: Case, language: str) -> list[str]:
    if case.verdict.outcome == Outcome.NO_PROMISE:
        return [_no_promise(case.verdict, case.words, language)]
    why = _WHY[case.verdict.outcome](case)[language]
    return [_promised_and_observed(case, language), f"{sentence(why)}."]


def _promised_and_observed(case: Case, language: str) -> str:
    parts = [_promise(case, language), _act(case, language)]
    said = (" ; " if language == "fr" else "; ").join(filter(None, parts))
    return f"{sentence(said)}." if said else ""


def _promise(case: Case, language: str) -> str:
    if case.promise is None:
        return ""
    groups = [case.group] if case.group in case.promise.groups else case.promise.groups
    tell = promised if case.room.promise else promise_on_file
    return tell(case.promise, [group for group in groups if group], case.words.brand, language)


def _act(case: Case, language: str) -> str:
    if case.act is None or not case.room.act:
        return ""
    by_name = case.promise is None
    return told(case.act, case.words.brand, language, by_name=by_name, dated=case.room.date, sourced=case.room.source)


# --- Second sentence: broken promise ----------------------------------------------------------------------------------


def _broken(case: Case) -> Text:
    if not case.told.on_promise:
        return _joined(_against_duty(case), _offset(case), _change(case))
    if case.told.proof in _found(case.verdict, FindingCode.UNANSWERED_SHORTFALL):
        return _joined(_UNANSWERED, _change(case))
    return _joined(_BREACH, _offset(case), _change(case))


_BREACH = text("that breaks the promise", "cela rompt la promesse")
_UNANSWERED = text(
    "that falls short of the promise, and we found no act that keeps it for the same people, which rules out “aligned”",
    "cela reste en deçà de la promesse, et nous n'avons trouvé aucun acte qui la tienne envers les mêmes personnes,"
    " ce qui exclut « alignée »",
)


def _against_duty(case: Case) -> Text:
    whom = _listed([case.group] if case.group else [])
    if not case.room.whole:
        return text(
            f"no promise on file covers it, but it goes against the duty of care owed to {whom['en']}",
            f"aucune promesse au dossier ne le couvre, mais il manque au devoir de soin envers {whom['fr']}",
        )
    return text(
        f"no promise on file covers this act, but so serious a harm goes against the duty of care owed to {whom['en']}",
        "aucune promesse au dossier ne couvre cet acte, mais un tort aussi grave manque au devoir de soin envers"
        f" {whom['fr']}",
    )


def _offset(case: Case) -> Text:
    """Its neighbour is “aligned”, whose conditions other acts may well meet."""
    if not case.room.whole:
        return text("this rules out “aligned”", "cela exclut « alignée »")
    if any(also.outcome == Outcome.ALIGNED for also in case.verdict.also_meets):
        return text(
            "its other acts, enough for “aligned”, do not offset it",
            "ses autres actes, suffisants pour « alignée », ne compensent pas",
        )
    return text(
        "good deeds elsewhere do not offset it, which rules out “aligned”",
        "aucune bonne action ailleurs ne compense, ce qui exclut « alignée »",
    )


def _change(case: Case) -> Text:
    changes = [short_change(case.verdict, case.told.proof, case.words, language) for language in LANGUAGES]
    if not case.room.change or not all(changes):
        return _NOTHING
    english, in_french = changes
    return text(f"{english} would change the verdict", f"{in_french} changerait le verdict")


# --- Second sentence: the other archetypes ----------------------------------------------------------------------------


def _aligned(case: Case) -> Text:
    return _with_all(case) if case.verdict.breadth == Breadth.ALL else _as_promised(case)


def _with_all(case: Case) -> Text:
    weakest = _listed([case.verdict.weakest_group] if case.verdict.weakest_group else [])
    link = text(f" (weakest link: {weakest['en']})", f" (maillon faible : {weakest['fr']})")
    if not case.room.reasons or not weakest["en"]:
        link = _NOTHING
    return text(
        f"each core group has an established act{link['en']}, with no serious harm established: “aligned” with all, not"
        " only as promised",
        f"chaque groupe essentiel a un acte établi{link['fr']}, sans tort grave établi : « alignée » avec tous, pas"
        " seulement selon ses promesses",
    )


def _as_promised(case: Case) -> Text:
    """Where nothing established can be read against the promise itself, it is not said to be kept."""
    kept, stood_by = _kept_and_stood_by(case.verdict)
    harmless = text(", with no serious harm established,", ", sans tort grave établi,")
    harmless = harmless if case.room.reasons else _NOTHING
    if kept:
        lead = _keeps_its_word(_listed(kept), _listed(stood_by))
        lead = text(
            f"{lead['en']}{harmless['en'].rstrip(',')}: “aligned”",
            f"{lead['fr']}{harmless['fr'].rstrip(',')} : « alignée »",
        )
    elif case.room.whole:
        lead = _by_duty_alone(_listed(stood_by), harmless)
    else:
        lead = text(
            "by the duty of care alone, that makes it “aligned”",
            "au seul titre du devoir de soin, cela la rend « alignée »",
        )
    short = _not_with_all(case)
    return text(f"{lead['en']}, {short['en']}", f"{lead['fr']}, {short['fr']}")


def _kept_and_stood_by(verdict: Verdict) -> tuple[list[Group], list[Group]]:
    """Promised groups: those for whom an established act tests a promise, and those for whom none does."""
    tested = {gap.group for gap in verdict.gaps if gap.gap is not None and gap.gap >= 0}
    promised_to = [item.group for item in verdict.coverage if item.promised and item.group in _core(verdict)]
    return [group for group in promised_to if group in tested], [g for g in promised_to if g not in tested]


def _keeps_its_word(kept: Text, stood_by: Text) -> Text:
    if not stood_by["en"]:
        return text(f"it keeps its word to {kept['en']}", f"elle tient parole envers {kept['fr']}")
    return text(
        f"it keeps its word to {kept['en']} and, by its duty of care, helps {stood_by['en']}",
        f"elle tient parole envers {kept['fr']} et, par devoir de soin, aide {stood_by['fr']}",
    )


def _by_duty_alone(whom: Text, harmless: Text) -> Text:
    return text(
        f"by the duty of care alone, its acts for {whom['en']}{harmless['en']} make it “aligned”",
        f"au seul titre du devoir de soin, ses actes envers {whom['fr']}{harmless['fr']} la rendent « alignée »",
    )


def _not_with_all(case: Case) -> Text:
    """The neighbour: “aligned” with all, or, where every core group has its act, what goes far beyond a promise."""
    missing = _missing(case.verdict, Breadth.ALL)
    if not missing:
        return text("but it goes beyond no promise", "mais sans aller au-delà d'une promesse")
    if case.room.missing == UNTOLD:
        return text("but not with all", "mais non avec tous")
    whom = _listed(missing) if case.room.missing == NAMED else text("others", "d'autres")
    return text(
        f"but not with all, for lack of established acts for {whom['en']}",
        f"mais non avec tous, faute d'actes établis envers {whom['fr']}",
    )


def _dna(case: Case) -> Text:
    profile, before = case.words.profile, _BEFORE if case.room.reasons else _NOTHING
    lead = text(
        f"it did so unprompted, at its own cost and with {profile['en']}{before['en']}: more than “aligned” asks",
        f"elle l'a fait d'elle-même, à ses frais et forte de {profile['fr']}{before['fr']} : plus que n'en demande"
        " « alignée »",
    )
    if not case.room.whole:
        lead = text(
            f"unprompted, at its own cost, with {profile['en']}: more than “aligned” asks",
            f"d'elle-même, à ses frais, forte de {profile['fr']} : plus que ne demande « alignée »",
        )
    return _joined(lead, _for_all(case))


_BEFORE = text(" from before the crisis", " d'avant la crise")


def _for_all(case: Case) -> Text:
    missing = _missing(case.verdict, Breadth.ALL)
    if not missing or not case.room.reasons:
        return _NOTHING
    whom = _listed(missing)
    return text(
        f"“aligned” with all takes established acts for {whom['en']} too",
        f"« alignée » avec tous demande aussi des actes établis envers {whom['fr']}",
    )


def _exceeds(case: Case) -> Text:
    whom = _listed([case.group] if case.group else [])
    lead = text(
        f"that goes far beyond what the promise led {whom['en']} to expect: more than “aligned” asks",
        f"cela va bien au-delà de ce que la promesse laissait attendre à {whom['fr']} : plus que n'en demande"
        " « alignée »",
    )
    if not case.room.whole:
        lead = text(
            "that goes far beyond the promise: more than “aligned” asks",
            "cela va bien au-delà de la promesse : plus que n'en demande « alignée »",
        )
    return _joined(lead, _for_all(case))


# --- Second sentence: no archetype ------------------------------------------------------------------------------------


def _insufficient(case: Case) -> Text:
    reason = case.verdict.reason or Reason.NO_ACTION
    why = _harm_to_settle(case) if reason == Reason.HARM_TO_SETTLE else _too_little(case, reason)
    told_before = case.act is not None or case.promise is not None
    if told_before and not case.room.reasons:
        return why
    name = text("it", "elle") if told_before else text(case.words.brand, case.words.brand)
    return text(
        f"{name['en']} cannot be placed yet: {why['en']}",
        f"{name['fr']} ne peut pas encore être classée : {why['fr']}",
    )


def _harm_to_settle(case: Case) -> Text:
    bars = any(finding.code == FindingCode.HARM_BARS_ARCHETYPES for finding in case.verdict.findings)
    lead = text(
        f"that serious harm {'bars “aligned”, but ' if bars else ''}is not established firmly enough for"
        " “broken promise”",
        f"ce tort grave {'exclut « alignée », mais ' if bars else ''}n'est pas assez établi pour « promesse rompue »",
    )
    return _joined(lead, _settling(case) if case.room.missing == NAMED else _NOTHING)


def _settling(case: Case) -> Text:
    action = case.words.proof_action.get(case.told.proof)
    for change in case.verdict.counterfactuals:
        if (change.edit, change.subject, change.to) == (EditCode.EVIDENCE_UP, action, Outcome.BROKEN_PROMISE):
            return _SETTLING if (change.level_to or 0) > 2 else _INDEPENDENT
    return _NOTHING


_SETTLING = text(
    "a second independent source, or an official record, would settle it",
    "une deuxième source indépendante, ou un document officiel, trancherait",
)
_INDEPENDENT = text("an independent source would settle it", "une source indépendante trancherait")


def _too_little(case: Case, reason: Reason) -> Text:
    missing, why = _missing(case.verdict, Breadth.PROMISED), _FALLS_SHORT.get(reason, REASONS[reason])
    if not missing:
        return why
    whom = _listed(missing) if missing != _core(case.verdict) else _EVERY_CORE_GROUP
    if not case.room.whole or (reason == Reason.PARTIAL and case.room.missing != NAMED):
        return _in_short(reason, why, whom)
    if case.room.missing != NAMED:
        return text(f"{why['en']}: too little for “aligned”", f"{why['fr']} : trop peu pour « alignée »")
    if reason == Reason.PARTIAL:
        return text(
            f"too little for “aligned”, as we found no established act for {whom['en']}, to whom a promise is on file"
            " too",
            f"trop peu pour « alignée », car nous n'avons trouvé aucun acte établi envers {whom['fr']}, à qui s'adresse"
            " aussi une promesse",
        )
    wanted = text(
        f"“aligned” takes a real act, independently reported, for {whom['en']}",
        f"« alignée » demande un acte réel, de source indépendante, envers {whom['fr']}",
    )
    return _joined(why, wanted)


def _in_short(reason: Reason, why: Text, whom: Text) -> Text:
    if reason == Reason.PARTIAL:
        return text(
            f"too little for “aligned”: we found nothing established for {whom['en']}",
            f"trop peu pour « alignée » : nous n'avons rien trouvé d'établi envers {whom['fr']}",
        )
    if reason == Reason.UNDESCRIBED:
        return text("too little of that is described for “aligned”", "c'est trop peu décrit pour « alignée »")
    return text(f"{why['en']}: too little for “aligned”", f"{why['fr']} : trop peu pour « alignée »")


_EVERY_CORE_GROUP = text("every core group", "chaque groupe essentiel")

_FALLS_SHORT: dict[Reason, Text] = {
    Reason.TOKEN: text(
        "that is words or a token beside the need", "ce sont des mots ou un geste symbolique au regard du besoin"
    ),
    Reason.UNDESCRIBED: text(
        "what that gave is not described well enough", "ce que cela a apporté n'est pas assez décrit"
    ),
    Reason.UNVERIFIED: text("only interested parties tell of it", "seules des parties intéressées en font état"),
    Reason.NO_HELPFUL_ACT: text(
        "that falls short of an established breach, and we found no separate helpful act",
        "cela ne suffit pas à établir une rupture, et nous n'avons trouvé aucun acte d'aide distinct",
    ),
}


def _no_promise(verdict: Verdict, words: CaseWords, language: str) -> str:
    if language == "fr":
        lead = f"Aucune promesse {of_name(words.brand)} n'est au dossier : ses actes n'ont pas de référence."
        if not verdict.harm_alert:
            return f"{lead} La première chose à trouver est une promesse, avec sa source."
        harmed = groups_listed(verdict.harm_alert, "fr")
        return f"{lead} Un tort grave envers {harmed} est établi{_shadow(verdict, 'fr')}."
    lead = f"No promise by {words.brand} is on file, so its acts have nothing to be held against."
    if not verdict.harm_alert:
        return f"{lead} The first thing to look for is a promise, with its source."
    harmed = groups_listed(verdict.harm_alert, "en")
    return f"{lead} A serious harm to {harmed} is established{_shadow(verdict, 'en')}."


def _shadow(verdict: Verdict, language: str) -> str:
    if verdict.shadow is None:
        return ""
    if language == "fr":
        return " ; avec une promesse au dossier, le verdict serait « promesse rompue »"
    return "; with any promise on file, the verdict would be “broken promise”"


_WHY: dict[Outcome, Callable[[Case], Text]] = {
    Outcome.BROKEN_PROMISE: _broken,
    Outcome.ALIGNED: _aligned,
    Outcome.DNA_PROACTIVE: _dna,
    Outcome.EXCEEDS_PROMISE: _exceeds,
    Outcome.INSUFFICIENT_EVIDENCE: _insufficient,
}

# --- Joints -----------------------------------------------------------------------------------------------------------

_NOTHING: Text = {"en": "", "fr": ""}


def _joined(*clauses: Text) -> Text:
    return text(
        "; ".join(filter(None, (clause["en"] for clause in clauses))),
        " ; ".join(filter(None, (clause["fr"] for clause in clauses))),
    )


def _listed(groups: Iterable[Group]) -> Text:
    found = in_order(groups)
    return {language: groups_in_short(found, language) for language in LANGUAGES}


def _core(verdict: Verdict) -> list[Group]:
    return [item.group for item in verdict.coverage if item.applicable and item.group != Group.ENVIRONMENT]


def _missing(verdict: Verdict, breadth: Breadth) -> list[Group]:
    """Groups for whom no established act is known, of all core groups or of those promised something."""
    lacks_acts = (Condition.KEPT_FOR_EVERY_CORE_GROUP, Condition.KEPT_FOR_EVERY_PROMISED_GROUP)
    return [
        group
        for unmet in verdict.unmet
        if (unmet.archetype, unmet.breadth) == (Outcome.ALIGNED, breadth) and set(lacks_acts) & set(unmet.conditions)
        for group in unmet.groups
    ]
