"""The two sentences of a verdict: what was promised and observed, then why this outcome and not its neighbour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scoring.engine.dossier import Group
from scoring.engine.verdict import Breadth, FindingCode, Outcome, Reason, Verdict
from scoring.wording.conditions import nearest_change, short_change
from scoring.wording.grammar import (
    LANGUAGES,
    ActWords,
    CaseWords,
    PromiseWords,
    Text,
    count_words,
    french,
    groups_listed,
    of_name,
    opens_with_verb,
    promised,
    sentence,
    to_groups,
    told,
    with_number,
)
from scoring.wording.grounds import Grounds, aligned_grounds
from scoring.wording.lexicon import GROUPS, REASONS

MAX_WORDS = 60
"""The two sentences of a verdict, together."""


def explanation(verdict: Verdict, words: CaseWords) -> Text:
    """The fullest wording that keeps within the limit; what it leaves out stands in the ledger anyway."""
    return {language: _fullest(_EXPLAIN[verdict.outcome](verdict, words, language), language) for language in LANGUAGES}


def _fullest(wordings: Iterator[str], language: str) -> str:
    """Wordings come from the fullest to the barest; the barest is taken whatever its length."""
    chosen = ""
    for wording in wordings:
        chosen = wording
        if count_words(wording) <= MAX_WORDS:
            break
    return french(chosen) if language == "fr" else chosen


def _decisive(verdict: Verdict, words: CaseWords, group: Group | None = None) -> str:
    """The id of the proof to tell: the first decisive one, or the one for a given group."""
    for proof in verdict.decisive_proofs:
        if proof in words.proof_action and group in (None, words.proof_group.get(proof)):
            return proof
    return ""


def _act(proof: str, words: CaseWords) -> ActWords:
    return words.acts[words.proof_action[proof]]


def _with_act(lead: str, act: ActWords, brand: str, language: str) -> str:
    """The lead, then the act that bears it out; a new sentence where the act brings a colon of its own."""
    said = told(act, brand, language)
    if not opens_with_verb(act.statement):
        return f"{lead}. {sentence(said)}."
    return f"{lead} : {said}." if language == "fr" else f"{lead}: {said}."


# --- Broken promise ---------------------------------------------------------------------------------------------------


def _broken(verdict: Verdict, words: CaseWords, language: str) -> Iterator[str]:
    proof = _decisive(verdict, words)
    promise = words.promises.get(words.proof_promise.get(proof, ""))
    group = words.proof_group[proof]
    tails = (short_change(verdict, proof, words, language), "")
    if promise is None:
        act = sentence(told(_act(proof, words), words.brand, language, by_name=True))
        for tail in tails:
            yield f"{act}. {_against_duty(group, language)}{_offset(tail, language)}"
        yield f"{act}. {_duty_in_short(group, language)}"
        return
    act = told(_act(proof, words), words.brand, language)
    for lead in (promised(promise, [group], words.brand, language), _a_promise(promise, group, words.brand, language)):
        for tail in tails:
            yield f"{lead}. {sentence(act)}{_breaks(verdict, proof, language)}{_offset(tail, language)}"


def _a_promise(promise: PromiseWords, group: Group, brand: str, language: str) -> str:
    if language == "fr":
        return with_number(f"Une promesse {of_name(brand)} {to_groups([group], 'fr')} est au dossier", promise.citation)
    return with_number(f"{brand}’s promise {to_groups([group], 'en')} is on file", promise.citation)


def _breaks(verdict: Verdict, proof: str, language: str) -> str:
    shortfall = any(
        finding.code == FindingCode.UNANSWERED_SHORTFALL and proof in finding.proofs for finding in verdict.findings
    )
    if language == "fr":
        return ", ce qui reste en deçà de cette promesse" if shortfall else ", ce qui rompt cette promesse"
    return ", which falls short of that promise" if shortfall else ", which breaks that promise"


def _against_duty(group: Group, language: str) -> str:
    if language == "fr":
        return (
            "Aucune promesse ne couvre cet acte, mais un tort aussi grave manque au devoir de soin que toute marque a"
            f" envers {groups_listed([group], 'fr')}"
        )
    return (
        "No promise covers this act, but so serious a harm goes against the duty of care that every brand owes"
        f" {groups_listed([group], 'en')}"
    )


def _duty_in_short(group: Group, language: str) -> str:
    if language == "fr":
        return f"Un tort aussi grave manque au devoir de soin envers {groups_listed([group], 'fr')}."
    return f"So serious a harm goes against the duty of care to {groups_listed([group], 'en')}."


def _offset(change: str, language: str) -> str:
    """What does not lift the verdict, and what would."""
    if language == "fr":
        return (
            f" ; aucune bonne action ailleurs ne compense{f', mais {change} changerait le verdict' if change else ''}."
        )
    return f"; good deeds elsewhere do not offset it{f', but {change} would change the verdict' if change else ''}."


# --- Aligned ----------------------------------------------------------------------------------------------------------


def _aligned(verdict: Verdict, words: CaseWords, language: str) -> Iterator[str]:
    return (_with_all if verdict.breadth == Breadth.ALL else _as_promised)(verdict, words, language)


def _with_all(verdict: Verdict, words: CaseWords, language: str) -> Iterator[str]:
    core = [item.group for item in verdict.coverage if item.applicable and item.group != Group.ENVIRONMENT]
    names = ", ".join(GROUPS[group][language] for group in core)
    keeps = _towards_everyone(_aligned_grounds(verdict, core), language)
    if language == "fr":
        lead = f"{words.brand} {keeps} : chaque groupe ({names}) a au moins un acte réel et établi"
        lead += ", et aucun tort grave n'est établi."
    else:
        lead = f"{words.brand} {keeps}: each group ({names}) has at least one real, established act"
        lead += ", and no serious harm is established."
    if verdict.weakest_group:
        weakest = groups_listed([verdict.weakest_group], language)
        link = f"Le maillon faible : {weakest}" if language == "fr" else f"The weakest link is {weakest}"
        if proof := _decisive(verdict, words, verdict.weakest_group):
            with_act = f"Pour {weakest}, maillon faible" if language == "fr" else link
            yield f"{lead} {_with_act(with_act, _act(proof, words), words.brand, language)}"
        yield f"{lead} {link}."
    yield lead


def _aligned_grounds(verdict: Verdict, groups: Sequence[Group]) -> Grounds:
    promised_to = [item.group for item in verdict.coverage if item.promised]
    return aligned_grounds(groups, promised_to, [{"group": gap.group, "gap": gap.gap} for gap in verdict.gaps])


def _towards_everyone(grounds: Grounds, language: str) -> str:
    """That a word was kept is said only where an established act tests one."""
    if grounds.promise and not grounds.short:
        return "tient parole avec tous" if language == "fr" else "keeps its word with everyone"
    return "agit pour tous" if language == "fr" else "acts for everyone"


def _as_promised(verdict: Verdict, words: CaseWords, language: str) -> Iterator[str]:
    groups = [
        item.group for item in verdict.coverage if item.promised and item.applicable and item.group != Group.ENVIRONMENT
    ]
    lead, full, short = _stood_by(words.brand, _aligned_grounds(verdict, groups), language)
    lead = _with_act(lead, _act(_decisive(verdict, words), words), words.brand, language)
    nothing = _nothing_about(_undocumented(verdict, groups), language)
    for clauses in ([full, nothing], [full], [short], []):
        yield " ".join([lead, *_as_sentence(clauses, language)])


def _nothing_about(others: Sequence[Group], language: str) -> str:
    if not others:
        return ""
    if language == "fr":
        return f"nous n'avons rien trouvé d'établi envers {groups_listed(others, 'fr')}"
    return f"we found nothing established about {groups_listed(others, 'en')}"


def _as_sentence(clauses: Sequence[str], language: str) -> list[str]:
    said = (" ; " if language == "fr" else "; ").join(filter(None, clauses))
    return [f"{sentence(said)}."] if said else []


def _stood_by(brand: str, grounds: Grounds, language: str) -> tuple[str, str, str]:
    """The lead, and what bears on it, in full and in short; where no act tests a promise, none is said to be kept."""
    kept, duty = groups_listed(grounds.promise, language), groups_listed(grounds.duty, language)
    harmless = "et aucun tort grave n'est établi" if language == "fr" else "and no serious harm is established"
    if grounds.short:
        return _somewhat_short(brand, grounds, harmless, language)
    if not duty:
        word = f"tient parole envers {kept}" if language == "fr" else f"keeps its word to {kept}"
        return f"{brand} {word}, {harmless}", "", ""
    if not kept:
        return _on_duty(brand, duty, harmless, language)
    if language == "fr":
        lead = f"{brand} a tenu parole envers {kept} et agi pour {duty}, {harmless}"
        short = f"Envers {duty}, ses actes relèvent du devoir de soin"
        return lead, f"{short}, faute d'acte établi sur une promesse", short
    lead = f"{brand} kept its word to {kept} and stood by {duty}, {harmless}"
    short = f"Towards {duty}, its acts are read against the duty of care"
    return lead, f"{short}, as no established act tests a promise", short


def _on_duty(brand: str, towards: str, harmless: str, language: str) -> tuple[str, str, str]:
    if language == "fr":
        lead = f"{brand} a agi pour {towards}, que vise une promesse au dossier, {harmless}"
        short = "L'acte relève du devoir de soin"
        return lead, f"{short}, faute d'acte établi sur la promesse elle-même", short
    lead = f"{brand} stood by {towards}, to whom a promise is on file, {harmless}"
    short = "The act is read against the duty of care"
    return lead, f"{short}, as no established act tests the promise", short


def _somewhat_short(brand: str, grounds: Grounds, harmless: str, language: str) -> tuple[str, str, str]:
    towards = groups_listed([*grounds.promise, *grounds.duty, *grounds.short], language)
    if language == "fr":
        lead = f"{brand} a agi pour {towards}, {harmless}"
        short = f"Un acte établi reste un peu en deçà de sa promesse {to_groups(grounds.short, 'fr')}"
    else:
        lead = f"{brand} stood by {towards}, {harmless}"
        short = f"An established act falls somewhat short of its promise {to_groups(grounds.short, 'en')}"
    return lead, short, short


def _undocumented(verdict: Verdict, leave_out: Sequence[Group] = ()) -> list[Group]:
    """Core groups about which nothing established is known."""
    return [
        item.group
        for item in verdict.coverage
        if item.applicable and item.result is None and item.group not in (*leave_out, Group.ENVIRONMENT)
    ]


# --- In its DNA, exceeds ----------------------------------------------------------------------------------------------


def _dna(verdict: Verdict, words: CaseWords, language: str) -> Iterator[str]:
    missing = _undocumented(verdict)
    profile = words.profile[language]
    if language == "fr":
        lead = f"Forte de {profile} d'avant la crise, {words.brand} a agi sans y être poussée et à ses frais"
        tail = f" Des actes établis envers {groups_listed(missing, 'fr')} la rendraient « alignée » avec tous."
    else:
        lead = f"With {profile} from before the crisis, {words.brand} acted unprompted and at its own cost"
        tail = f" Established acts for {groups_listed(missing, 'en')} would make it “aligned” with all."
    lead = _with_act(lead, _act(_decisive(verdict, words), words), words.brand, language)
    if missing:
        yield lead + tail
    yield lead


def _exceeds(verdict: Verdict, words: CaseWords, language: str) -> Iterator[str]:
    proof = _decisive(verdict, words)
    group, missing = [words.proof_group[proof]], _undocumented(verdict)
    if language == "fr":
        lead = f"{words.brand} va bien au-delà de ce que sa promesse laissait attendre {to_groups(group, 'fr')}"
        tail = (
            f" Il lui manque des actes établis envers {groups_listed(missing, 'fr')} pour être « alignée » avec tous."
        )
    else:
        lead = f"{words.brand} goes far beyond what its promise led {groups_listed(group, 'en')} to expect"
        tail = f" It lacks established acts for {groups_listed(missing, 'en')} to be “aligned” with all."
    lead = _with_act(lead, _act(proof, words), words.brand, language)
    if missing:
        yield lead + tail
    yield lead


# --- No archetype -----------------------------------------------------------------------------------------------------


def _insufficient(verdict: Verdict, words: CaseWords, language: str) -> Iterator[str]:
    reason = REASONS[verdict.reason or Reason.NO_ACTION][language]
    change = nearest_change(verdict, words, language)
    if language == "fr":
        lead, tail = f"{words.brand} ne peut pas encore être classée : {reason}.", " Il faudrait d'abord trouver "
    else:
        lead, tail = f"{words.brand} cannot be placed yet: {reason}.", " The first thing to look for is "
    if change:
        yield f"{lead}{tail}{change}."
    yield lead


def _no_promise(verdict: Verdict, words: CaseWords, language: str) -> Iterator[str]:
    if language == "fr":
        lead = f"Aucune promesse {of_name(words.brand)} n'est au dossier : ses actes n'ont pas de référence."
        if not verdict.harm_alert:
            yield f"{lead} La première chose à trouver est une promesse, avec sa source."
        else:
            harmed = groups_listed(verdict.harm_alert, "fr")
            yield f"{lead} Un tort grave envers {harmed} est établi{_shadow(verdict, 'fr')}."
        return
    lead = f"No promise by {words.brand} is on file, so its acts have nothing to be held against."
    if not verdict.harm_alert:
        yield f"{lead} The first thing to look for is a promise, with its source."
    else:
        harmed = groups_listed(verdict.harm_alert, "en")
        yield f"{lead} A serious harm to {harmed} is established{_shadow(verdict, 'en')}."


def _shadow(verdict: Verdict, language: str) -> str:
    if verdict.shadow is None:
        return ""
    if language == "fr":
        return " ; avec une promesse au dossier, le verdict serait « promesse rompue »"
    return "; with any promise on file, the verdict would be “broken promise”"


_EXPLAIN = {
    Outcome.BROKEN_PROMISE: _broken,
    Outcome.ALIGNED: _aligned,
    Outcome.DNA_PROACTIVE: _dna,
    Outcome.EXCEEDS_PROMISE: _exceeds,
    Outcome.INSUFFICIENT_EVIDENCE: _insufficient,
    Outcome.NO_PROMISE: _no_promise,
}
