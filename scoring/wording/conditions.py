"""What would change a verdict: an edit of the evidence, told as a noun phrase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoring.engine.dossier import Group
from scoring.engine.verdict import Condition, Counterfactual, EditCode, EditKind, Verdict
from scoring.wording.grammar import (
    LANGUAGES,
    CaseWords,
    Text,
    french,
    groups_listed,
    in_language,
    text,
    to_groups,
)
from scoring.wording.lexicon import CODE_NAMES, level_name
from scoring.wording.statements import promise_words, verb_phrase

# --- Which change to tell ---------------------------------------------------------------------------------------------

_ONE_ACT_EACH = text(
    "a real act for {who}, independently reported", "un acte réel envers {who}, rapporté par une source indépendante"
)


def short_change(verdict: Verdict, proof: str, words: CaseWords, language: str) -> str:
    """The nearest change in a few words, where it is about the act just told or about something new."""
    about = {proof, words.proof_action.get(proof, "")}
    for edit in (EditCode.REMEDY_UP, EditCode.KEPT_PROOF, EditCode.CLAIM_DISPROVED):
        for change in verdict.counterfactuals:
            if change.edit == edit and (change.subject in about or (change.kind == EditKind.NEW and change.group)):
                return french(_SHORT[edit][language].format(who=_who(change, language)))
    return ""


_SHORT: dict[EditCode, Text] = {
    EditCode.REMEDY_UP: text("a fuller repair to the same people", "une réparation plus complète aux mêmes personnes"),
    EditCode.KEPT_PROOF: text("a real act for {who}", "un acte réel envers {who}"),
    EditCode.CLAIM_DISPROVED: text("disproving this act", "la preuve que cet acte n'a pas eu lieu"),
}


# --- The change in words ----------------------------------------------------------------------------------------------


def condition(change: Counterfactual, words: CaseWords) -> Text:
    """The edit as a noun phrase that fits after “towards “aligned”:”. What people typed comes last, after a colon."""
    return text(*(_told(change, words, language) for language in LANGUAGES))


def _told(change: Counterfactual, words: CaseWords, language: str) -> str:
    pattern = _pattern(change)[language]
    return pattern.format(
        act=_act(change, words, language),
        who=_who(change, language),
        to_whom=to_groups([change.group], language) if change.group else "",
        promise=_promise(change, words, language),
        code=CODE_NAMES[change.code][language] if change.code in CODE_NAMES else "",
        before=_level(change, change.level_from, language),
        after=_level(change, change.level_to, language),
    )


def _act(change: Counterfactual, words: CaseWords, language: str) -> str:
    act = words.acts.get(words.proof_action.get(change.subject, change.subject))
    return verb_phrase(in_language(act.statement, language)) if act else ""


def _who(change: Counterfactual, language: str) -> str:
    return groups_listed([change.group], language) if change.group else ""


def _promise(change: Counterfactual, words: CaseWords, language: str) -> str:
    promise = words.promises.get(change.subject)
    return promise_words(promise, language) if promise else ""


def _level(change: Counterfactual, level: int | None, language: str) -> str:
    if level is None or change.code not in CODE_NAMES:
        return ""
    return level_name(change.code, level, change.subject.rpartition(":")[2])[language]


def _pattern(change: Counterfactual) -> Text:
    if change.edit in (EditCode.EVIDENCE_UP, EditCode.EVIDENCE_DOWN):
        return (_MORE_EVIDENCE if change.edit == EditCode.EVIDENCE_UP else _LESS_EVIDENCE)[change.level_to or 0]
    if change.edit == EditCode.FIRST_PROMISE and change.group is None:
        return _FIRST_PROMISE_TO_ANYBODY
    about_profile = change.code in ("pu", "vh", "cc")
    return (_PROFILE if about_profile and change.edit in _PROFILE else _PATTERNS)[change.edit]


_MORE_EVIDENCE: dict[int, Text] = {
    0: text("a source for this act: {act}", "une source pour cet acte : {act}"),
    1: text("a source that can be traced for this act: {act}", "une source identifiable pour cet acte : {act}"),
    2: text("an independent source for this act: {act}", "une source indépendante pour cet acte : {act}"),
    3: text(
        "a second independent source, or an official record, for this act: {act}",
        "une deuxième source indépendante, ou un document officiel, pour cet acte : {act}",
    ),
}
_LESS_EVIDENCE: dict[int, Text] = {
    0: text(
        "no source left that can be traced for this act: {act}",
        "la perte de toute source identifiable pour cet acte : {act}",
    ),
    1: text(
        "no independent source left for this act: {act}", "la perte de toute source indépendante pour cet acte : {act}"
    ),
    2: text(
        "only one independent source left for this act: {act}",
        "une seule source indépendante restante pour cet acte : {act}",
    ),
    3: text("weaker evidence for this act: {act}", "une preuve moins solide pour cet acte : {act}"),
}
_FIRST_PROMISE_TO_ANYBODY = text("a first promise, with its source", "une première promesse, avec sa source")

_PATTERNS: dict[EditCode, Text] = {
    EditCode.CLAIM_DISPROVED: text(
        "proof that this did not take place: {act}", "la preuve que ceci n'a pas eu lieu : {act}"
    ),
    EditCode.PROMISE_WITHDRAWN: text(
        "this promise taken off the file: {promise}", "le retrait du dossier de cette promesse : {promise}"
    ),
    EditCode.LEVEL_UP: text(
        "the {code} of this act read as “{after}” rather than “{before}”: {act}",
        "{code} de cet acte, jugée « {after} » et non « {before} » : {act}",
    ),
    EditCode.LEVEL_DOWN: text(
        "the {code} of this act read as “{after}” rather than “{before}”: {act}",
        "{code} de cet acte, jugée « {after} » et non « {before} » : {act}",
    ),
    EditCode.LEVEL_FOUND: text(
        "the {code} of this act, unknown so far, documented as “{after}”: {act}",
        "{code} de cet acte, inconnue à ce jour, établie comme « {after} » : {act}",
    ),
    EditCode.REMEDY_UP: text(
        "a fuller repair, to the same people, of this harm: {act}",
        "une réparation plus complète, aux mêmes personnes, de ce tort : {act}",
    ),
    EditCode.KEPT_PROOF: _ONE_ACT_EACH,
    EditCode.FIRST_PROMISE: text(
        "a first promise {to_whom}, with its source", "une première promesse {to_whom}, avec sa source"
    ),
}

_PROFILE: dict[EditCode, Text] = {
    EditCode.LEVEL_UP: text(
        "the {code} from before the crisis read as “{after}” rather than “{before}”",
        "{code} d'avant la crise : « {after} » et non « {before} »",
    ),
    EditCode.LEVEL_DOWN: text(
        "the {code} from before the crisis read as “{after}” rather than “{before}”",
        "{code} d'avant la crise : « {after} » et non « {before} »",
    ),
    EditCode.LEVEL_FOUND: text(
        "a fact from before the crisis that shows the {code} to be “{after}”",
        "un fait d'avant la crise sur {code} : « {after} »",
    ),
}

# --- What an archetype still lacks ------------------------------------------------------------------------------------


def unmet_condition(code: str, groups: Sequence[str] = ()) -> Text:
    """One unmet condition of an archetype; the groups are those that it lacks."""
    pattern, who = _CONDITIONS[Condition(code)], [Group(group) for group in groups]
    return text(*(pattern[language].format(who=groups_listed(who, language)) for language in LANGUAGES))


_CONDITIONS: Mapping[Condition, Text] = {
    Condition.PROMISE_ON_FILE: text("a promise on file", "une promesse au dossier"),
    Condition.NO_BREACH: text("no act that breaks a promise", "aucun acte qui rompe une promesse"),
    Condition.NO_SERIOUS_HARM: text("no established serious harm", "aucun tort grave établi"),
    Condition.ESTABLISHED_BREACH_OF_PROMISE: text(
        "an established act that breaks a promise", "un acte établi qui rompt une promesse"
    ),
    Condition.ESTABLISHED_SERIOUS_HARM: text(
        "or an established serious harm against the duty of care",
        "ou un tort grave établi, contraire au devoir de soin",
    ),
    Condition.UNANSWERED_SHORTFALL: text(
        "or a corroborated shortfall on a promise that nothing answers",
        "ou un manquement corroboré à une promesse, auquel rien ne répond",
    ),
    Condition.ENOUGH_APPLICABLE_GROUPS: text(
        "at least three core groups that apply", "au moins trois groupes essentiels concernés"
    ),
    Condition.KEPT_FOR_EVERY_CORE_GROUP: text("an established act for {who}", "un acte établi envers {who}"),
    Condition.FAR_BEYOND_A_PROMISE: text(
        "an established act far beyond a promise, not self-serving",
        "un acte établi, très au-delà d'une promesse et désintéressé",
    ),
    Condition.PURPOSE_OR_VALUES: text(
        "a purpose or values documented before the crisis",
        "une raison d'être ou des valeurs documentées avant la crise",
    ),
    Condition.CUSTOMER_RECORD: text(
        "a customer record documented before the crisis", "un historique client documenté avant la crise"
    ),
    Condition.UNPROMPTED_AT_OWN_COST: text(
        "an established act for its customers, unprompted and at its own cost",
        "un acte établi envers ses clients, de sa propre initiative et à ses frais",
    ),
    Condition.CORE_GROUP_PROMISED: text("a promise to a core group", "une promesse à un groupe essentiel"),
    Condition.KEPT_FOR_EVERY_PROMISED_GROUP: text("an established act for {who}", "un acte établi envers {who}"),
}
