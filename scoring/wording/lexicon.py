"""The words of each code, in both languages."""

from __future__ import annotations

from scoring.engine.dossier import Group, MeasuredCode
from scoring.engine.verdict import (
    Cap,
    FindingCode,
    HollowReason,
    Outcome,
    Reason,
    Switch,
    WashingLevel,
)
from scoring.wording.grammar import Text, text

OUTCOMES: dict[Outcome, Text] = {
    Outcome.BROKEN_PROMISE: text("broken promise", "promesse rompue"),
    Outcome.ALIGNED: text("aligned", "alignée"),
    Outcome.EXCEEDS_PROMISE: text("exceeds its promise", "promesse dépassée"),
    Outcome.DNA_PROACTIVE: text("in its DNA, proactive", "dans son ADN, proactive"),
    Outcome.INSUFFICIENT_EVIDENCE: text("insufficient evidence", "preuves insuffisantes"),
    Outcome.NO_PROMISE: text("no promise on file", "aucune promesse au dossier"),
}

GROUPS: dict[Group, Text] = {
    Group.CUSTOMERS: text("customers", "clients"),
    Group.EMPLOYEES: text("employees", "collaborateurs"),
    Group.PARTNERS: text("partners", "partenaires"),
    Group.COMMUNITY: text("community", "habitants et citoyens"),
    Group.ENVIRONMENT: text("environment", "environnement"),
}

SWITCHES: dict[Switch, Text] = {
    Switch.DNA_FIRST: text(
        "with “in its DNA” tested before “aligned”", "si « dans son ADN » était examiné avant « alignée »"
    ),
    Switch.REACH_REQUIRED: text(
        "if an act counted only with a wide reach", "si un acte ne comptait que par une large portée"
    ),
    Switch.NO_DUTY_OF_CARE: text(
        "with harm outside any promise left out", "si l'on ne retenait que les torts contraires à une promesse"
    ),
    Switch.ALL_GROUPS_REQUIRED: text(
        "with every core group required for “aligned”", "si « alignée » exigeait un acte envers chaque groupe essentiel"
    ),
    Switch.DNA_EITHER: text(
        "if values or a customer record alone were enough for “in its DNA”",
        "si les valeurs ou l'historique client suffisaient pour « dans son ADN »",
    ),
    Switch.TWO_SOURCES_NEEDED: text(
        "with two independent sources required", "si deux sources indépendantes étaient exigées"
    ),
}

REASONS: dict[Reason, Text] = {
    Reason.HARM_TO_SETTLE: text(
        "a serious harm is on file, but not firmly enough to conclude",
        "un tort grave est au dossier, mais pas assez étayé pour conclure",
    ),
    Reason.PARTIAL: text(
        "an established act helps some of those concerned, but not all of those to whom a promise is on file",
        "un acte établi aide une partie des intéressés, mais pas tous ceux que vise une promesse au dossier",
    ),
    Reason.TOKEN: text(
        "the acts found are words or tokens beside the need",
        "les actes trouvés sont des mots ou des gestes symboliques au regard du besoin",
    ),
    Reason.UNDESCRIBED: text(
        "the acts found are not described well enough to tell what they gave",
        "les actes trouvés ne sont pas assez décrits pour savoir ce qu'ils ont apporté",
    ),
    Reason.UNVERIFIED: text(
        "the acts found are told by interested parties only",
        "les actes trouvés ne sont racontés que par des parties intéressées",
    ),
    Reason.NO_HELPFUL_ACT: text("we found no helpful act", "nous n'avons trouvé aucun acte d'aide"),
    Reason.NO_ACTION: text(  # an act on file that no proof ties to a group is none of these
        "we found no act in this crisis that helps or harms a stakeholder",
        "nous n'avons trouvé dans cette crise aucun acte qui aide une partie prenante ou lui nuise",
    ),
}

HOLLOW: dict[HollowReason, Text] = {
    HollowReason.WORDS_ONLY: text("words only", "des mots seulement"),
    HollowReason.SELF_SERVING: text("mainly serves the brand", "sert surtout la marque"),
    HollowReason.COMPELLED: text("under pressure or required", "sous pression ou imposé"),
    HollowReason.UNVERIFIED: text("told by interested parties only", "raconté par des parties intéressées seulement"),
}

WASHING: dict[WashingLevel, Text] = {
    WashingLevel.LOW: text("low", "faible"),
    WashingLevel.MEDIUM: text("medium", "moyen"),
    WashingLevel.HIGH: text("high", "élevé"),
}

CAPS: dict[Cap, Text] = {
    Cap.PROMISE_ONLY_ATTRIBUTED: text(
        "every promise is only attributed to the brand by others",
        "toutes les promesses lui sont seulement attribuées par des tiers",
    ),
    Cap.RESTS_ON_APPRAISALS: text(
        "the verdict rests on overall appraisals, not on a described act",
        "le verdict repose sur des appréciations d'ensemble, non sur un acte décrit",
    ),
    Cap.SINGLE_GROUP: text("only one group has an established act", "un seul groupe a un acte établi"),
}

CODE_NAMES: dict[str, Text] = {
    "su": text("substance", "la substance"),
    "in": text("initiative", "l'initiative"),
    "ge": text("generosity", "la générosité"),
    "depth": text("depth", "la profondeur"),
    "pu": text("purpose", "la raison d'être"),
    "vh": text("values heritage", "l'ancienneté des valeurs"),
    "cc": text("customer record", "l'historique client"),
}

_LEVELS: dict[str, tuple[Text, Text, Text, Text]] = {
    "su": (
        text("words only", "des mots"),
        text("token", "symbolique"),
        text("real", "réelle"),
        text("major", "majeure"),
    ),
    "in": (
        text("required", "imposée"),
        text("pressured", "sous pression"),
        text("asked", "à la demande"),
        text("unprompted", "spontanée"),
    ),
    "ge": (
        text("self-serving", "intéressée"),
        text("shared", "partagée"),
        text("net cost", "à ses frais"),
        text("sacrifice", "sacrifice"),
    ),
    "helps": (
        text("keeps", "tenue"),
        text("beyond", "au-delà"),
        text("far beyond", "très au-delà"),
        text("far beyond", "très au-delà"),
    ),
    "harms": (
        text("falls short", "en deçà"),
        text("falls short", "en deçà"),
        text("breaks", "rupture"),
        text("endangers", "mise en danger"),
    ),
    "pu": (
        text("none", "absente"),
        text("slogan", "slogan"),
        text("published", "publiée"),
        text("binding", "opposable"),
    ),
    "vh": (
        text("none", "absente"),
        text("claimed", "revendiquée"),
        text("documented", "documentée"),
        text("founding", "fondatrice"),
    ),
    "cc": (
        text("none known", "inconnu ou médiocre"),
        text("claimed", "revendiqué"),
        text("one source", "une source"),
        text("repeated", "répété"),
    ),
}


def level_name(code: str, level: int, direction: str = "helps") -> Text:
    """The short word of a level: substance 2 is “real”. Depth means something else for a harm than for a help."""
    return _LEVELS[direction if code == "depth" else code][level]


FINDINGS: dict[FindingCode, Text] = {
    FindingCode.NO_PROMISE_ON_FILE: text("No promise is on file.", "Aucune promesse n'est au dossier."),
    FindingCode.BREACH_OF_PROMISE: text("An act breaks a stated promise.", "Un acte rompt une promesse énoncée."),
    FindingCode.SERIOUS_HARM_UNDER_DUTY: text(
        "A serious harm goes against the duty of care.", "Un tort grave manque au devoir de soin."
    ),
    FindingCode.UNANSWERED_SHORTFALL: text(
        "A corroborated shortfall on a promise, and nothing that shows it kept to the same people.",
        "Un manquement corroboré à une promesse, et rien qui la montre tenue envers les mêmes personnes.",
    ),
    FindingCode.HARM_BARS_ARCHETYPES: text(
        "An established serious harm bars every favourable archetype.",
        "Un tort grave établi écarte tout archétype favorable.",
    ),
    FindingCode.GROUP_KEPT: text("An established act helps this group.", "Un acte établi aide ce groupe."),
    FindingCode.GROUP_MISSING: text(
        "We found no established act for this group.", "Nous n'avons trouvé aucun acte établi envers ce groupe."
    ),
    FindingCode.WEAKEST_LINK: text("The weakest link of the verdict.", "Le maillon faible du verdict."),
    FindingCode.SURPASSED: text(
        "An open-ended or unconditional act goes far beyond the promise.",
        "Un acte sans limite ni condition va bien au-delà de la promesse.",
    ),
    FindingCode.LINEAGE: text(
        "Values or purpose, and a customer record, from before the crisis.",
        "Des valeurs ou une raison d'être, et un historique client, d'avant la crise.",
    ),
    FindingCode.PROACTIVE_FOR_CUSTOMERS: text(
        "An unprompted act for customers, at the brand’s own cost.",
        "Un acte envers les clients, de sa propre initiative et à ses frais.",
    ),
    FindingCode.REASON_FOR_NONE: text("Too little can be shown.", "Trop peu peut être montré."),
    FindingCode.SHADOW_BROKEN: text(
        "With any promise on file, the verdict would be “broken promise”.",
        "Avec une promesse au dossier, le verdict serait « promesse rompue ».",
    ),
    FindingCode.OTHER_MORE_PROBABLE: text(
        "If the pending claims hold, another outcome is more probable.",
        "Si les faits en attente se confirment, une autre issue est plus probable.",
    ),
    FindingCode.YARDSTICK_DOWNGRADED: text(
        "The promise does not cover this act: it is read against the duty of care.",
        "La promesse ne couvre pas cet acte : il est lu au regard du devoir de soin.",
    ),
    FindingCode.PROMISE_UNDATED: text(
        "The promise is undated and taken to predate the crisis.",
        "La promesse n'est pas datée ; elle est réputée antérieure à la crise.",
    ),
    FindingCode.DUPLICATE_IGNORED: text("A duplicate is counted once.", "Un doublon ne compte qu'une fois."),
    FindingCode.DATED_LATER_IGNORED: text(
        "A record dated after the day of the judgement is left out.",
        "Un élément postérieur à la date du jugement est laissé de côté.",
    ),
    FindingCode.AGREEMENT_WEAK: text(
        "Coders agree too little on a code that one of them read alone: the verdict is provisional.",
        "Les codeurs s'accordent trop peu sur un code que l'un d'eux a lu seul : le verdict est provisoire.",
    ),
    FindingCode.CODES_SWITCHED_OFF: text(
        "Coders agree so little on a code that what one of them read alone counts as unknown.",
        "Les codeurs s'accordent si peu sur un code que ce que l'un d'eux a lu seul compte comme inconnu.",
    ),
}

MEASURED_CODES: dict[MeasuredCode, Text] = {
    MeasuredCode.SUBSTANCE: text("substance", "la substance"),
    MeasuredCode.REACH: text("reach", "la portée"),
    MeasuredCode.INITIATIVE: text("initiative", "l'initiative"),
    MeasuredCode.GENEROSITY: text("generosity", "la générosité"),
    MeasuredCode.DEPTH_OF_HELP: text("depth of help", "la profondeur de l'aide"),
    MeasuredCode.DEPTH_OF_HARM: text("depth of harm", "la profondeur du tort"),
    MeasuredCode.PURPOSE: text("purpose", "la raison d'être"),
    MeasuredCode.VALUES_HERITAGE: text("values heritage", "l'ancienneté des valeurs"),
    MeasuredCode.CUSTOMER_RECORD: text("customer record", "l'historique client"),
}
