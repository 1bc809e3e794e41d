"""How words join into sentences: lists, prepositions, and statements that people typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scoring.engine.dossier import Group

Text = dict[str, str]
"""One text in both languages."""

LANGUAGES = ("en", "fr")
NBSP = "\u00a0"


def text(en: str, fr: str) -> Text:
    return {"en": en, "fr": french(fr)}


def french(sentence: str) -> str:
    """Plain typing → French typography: non-breaking spaces and the curly apostrophe."""
    for mark in (":", ";", "!", "?", "%", "»"):
        sentence = sentence.replace(f" {mark}", f"{NBSP}{mark}")
    return sentence.replace("« ", f"«{NBSP}").replace("'", "’")


_SMALL_FR = """
    au aux avec ce ces cette dans de des du elle elles en est et ils la le les leur leurs mais ne par pas plus pour que
    qui sans sauf se ses son sous sur un une y
"""
_SMALL_EN = """
    after all an and as at but by for from has have in into is it its no not of on or only than that the their them
    then they this to under was were which who with without
"""
_FRENCH_WORDS, _ENGLISH_WORDS = frozenset(_SMALL_FR.split()), frozenset(_SMALL_EN.split())
_WORDS = re.compile(r"[a-zà-öø-ÿœ]+")


def language_of(sentence: str) -> str:
    """Which of our two languages a typed sentence is in, by its small words; empty where they do not tell."""
    words = _WORDS.findall(sentence.lower())
    french = sum(word in _FRENCH_WORDS or not word.isascii() for word in words) + _opens_in_french(sentence)
    english = sum(word in _ENGLISH_WORDS for word in words) + _opens_in_english(sentence)
    return "" if french == english else "fr" if french > english else "en"


def language_standing_in(typed: Mapping[str, str]) -> str:
    """The language of a text that was written in one only, and so stands for both; empty where each has its own."""
    return language_of(typed["en"]) if french(typed["en"]) == typed["fr"] else ""


# --- The words of one case --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActWords:
    """How an act is told: its statement, who reports it, and the number of that source."""

    statement: Text
    publisher: str
    citation: int | None


@dataclass(frozen=True)
class PromiseWords:
    """How a promise is told: the brand's own words where they are on file, else ours; the number of its source."""

    statement: Text
    quote: str
    groups: Sequence[Group]
    citation: int | None = None
    quote_language: str = ""


@dataclass(frozen=True)
class CaseWords:
    """The words of one case, by id: what the sentences are made from."""

    brand: str
    acts: dict[str, ActWords] = field(default_factory=dict)
    promises: dict[str, PromiseWords] = field(default_factory=dict)
    proof_action: dict[str, str] = field(default_factory=dict)
    proof_group: dict[str, Group] = field(default_factory=dict)
    proof_promise: dict[str, str] = field(default_factory=dict)
    profile: Text = field(default_factory=lambda: text("its values", "ses valeurs"))


# --- Lists of groups --------------------------------------------------------------------------------------------------

_GROUP_EN: dict[Group, str] = {
    Group.CUSTOMERS: "its customers",
    Group.EMPLOYEES: "its employees",
    Group.PARTNERS: "its partners",
    Group.COMMUNITY: "the community",
    Group.ENVIRONMENT: "the environment",
}
_GROUP_FR: dict[Group, str] = {
    Group.CUSTOMERS: "ses clients",
    Group.EMPLOYEES: "ses collaborateurs",
    Group.PARTNERS: "ses partenaires",
    Group.COMMUNITY: "les habitants et citoyens",
    Group.ENVIRONMENT: "l'environnement",
}
_CONTRACTED = {"à les ": "aux ", "de les ": "des "}


def listed(parts: Sequence[str], language: str) -> str:
    """“a, b and c” / « a, b et c »; « ainsi que » where the last part already holds an « et »."""
    parts = list(dict.fromkeys(parts))
    if len(parts) < 2:
        return "".join(parts)
    link = "and" if language == "en" else "ainsi que" if " et " in parts[-1] else "et"
    return f"{', '.join(parts[:-1])} {link} {parts[-1]}"


def groups_listed(groups: Iterable[Group], language: str) -> str:
    """“its customers and the community” / « ses clients ainsi que les habitants et citoyens »."""
    names = _GROUP_FR if language == "fr" else _GROUP_EN
    return listed([names[group] for group in in_order(groups)], language)


def in_order(groups: Iterable[Group]) -> list[Group]:
    return sorted(set(groups), key=list(Group).index)


def to_groups(groups: Iterable[Group], language: str) -> str:
    """“to its customers and the community” / « à ses clients ainsi qu’aux habitants et citoyens »."""
    if language == "en":
        return f"to {groups_listed(groups, 'en')}"
    parts = [contracted(f"à {_GROUP_FR[group]}") for group in in_order(groups)]
    return listed(parts, "fr").replace("ainsi que aux", "ainsi qu'aux")


def contracted(phrase: str) -> str:
    """« à les » and « de les » do not exist in French."""
    for apart, joined in _CONTRACTED.items():
        phrase = phrase.replace(apart, joined)
    return phrase


def of_name(name: str) -> str:
    """« de Ford », « d'AXA »."""
    return f"d'{name}" if name[:1].lower() in "aeiouyàâéèêëîïôöùûü" else f"de {name}"


# --- Statements that people typed -------------------------------------------------------------------------------------

_VERB_FIRST_FR = re.compile(
    r"(?:a|n’a|s’est|avait|n’avait|s’était|s’engage|se dit|se présente"
    r"|dit|promet|affirme|présente|revendique|invoque)\s",
    re.IGNORECASE,
)
_IRREGULAR_EN = """
    began brought built bought chose cut did drew found fought froze gave had held kept laid led left lent let lost made
    met overrode paid put ran rose said sent set sold sought spent stood taught told took undertook went withdrew
    won wrote
"""
_PRESENT_EN = "says states commits promises presents claims invokes pledges declares affirms offers"
_KNOWN_VERBS_EN = frozenset(f"{_IRREGULAR_EN} {_PRESENT_EN}".split())
_PASSIVE_EN = ("for ", "by ", "as ", "among ", "guilty ", "to have ")
"""What follows a participle that has no subject: “criticised for…”, “joined by…”."""


def verb_phrase(statement: str) -> str:
    """A statement as it reads inside a sentence: no full stop, no capital, names and acronyms left alone."""
    phrase = curled(statement).strip().rstrip(".")
    first = phrase.split(" ")[0]
    return phrase if len(first) > 1 and first.isupper() else phrase[:1].lower() + phrase[1:]


def opens_with_verb(statement: Text) -> bool:
    """Whether “it …” and « elle … » may stand before the statement.

    Most statements are verb phrases as the codebook asks (“Refunded…”, « A remboursé… »); others have a subject of
    their own (“Its president…”) or none (“Mission: …”, “Criticised for…”). Where it is not certain, the answer is no.
    """
    english, in_french = statement.get("en", ""), statement.get("fr", "")
    if not english or not in_french or english == in_french:  # the other language stands in for a missing one
        only = english or in_french
        return _opens_in_english(only) or _opens_in_french(only)
    return _opens_in_english(english) and _opens_in_french(in_french)


def _opens_in_french(statement: str) -> bool:
    return bool(_VERB_FIRST_FR.match(statement))


def _opens_in_english(statement: str) -> bool:
    first, _, rest = statement.lower().partition(" ")
    if first in _KNOWN_VERBS_EN:
        return not rest.startswith("guilty ")
    return first.endswith("ed") and not rest.startswith(_PASSIVE_EN)


def subject_fr(phrase: str, brand: str) -> str:
    """« elle », unless the participle shows that the writer took the brand for masculine: then its name."""
    reflexive = re.match(r"s’(?:est|était)\s(\w+)", phrase, re.I)
    return brand if reflexive and not reflexive.group(1).endswith("e") else "elle"


def in_language(statement: Text, language: str) -> str:
    return statement[language] or statement["fr" if language == "en" else "en"]


def cited(act: ActWords, language: str) -> str:
    return with_number(verb_phrase(in_language(act.statement, language)), act.citation)


def with_number(phrase: str, number: int | None) -> str:
    return f"{phrase} [{number}]" if number else phrase


def quoted(quote: str, language: str) -> str:
    """Somebody's own words, in the quotation marks of the sentence around them."""
    words = quote.strip().rstrip(".")
    return f"«{NBSP}{words}{NBSP}»" if language == "fr" else f"“{words}”"


def told(act: ActWords, brand: str, language: str, *, by_name: bool = False) -> str:
    """The act and who reports it: “according to The Herald, it returned £100m… [1]”; ``by_name`` names the brand.

    A statement with a subject of its own, or with none, stands behind a colon, right whatever it opens with.
    """
    phrase = cited(act, language)
    source = _according(act.publisher, brand, language)
    if not opens_with_verb(act.statement):
        return f"{source}, {_on_record(brand if by_name else '', language)} {phrase}"
    subject = brand if by_name else "it" if language == "en" else subject_fr(phrase, brand)
    return f"{source}, {subject} {phrase}"


def _on_record(brand: str, language: str) -> str:
    if language == "en":
        return f"this is on record about {brand}:" if brand else "this is on record:"
    return f"voici ce qui est relevé chez {brand} :" if brand else "voici ce qui est relevé :"


def _according(publisher: str, brand: str, language: str) -> str:
    if publisher == brand:
        return "by its own account" if language == "en" else "d'après ce qu'elle en dit"
    return f"according to {publisher}" if language == "en" else f"selon {publisher}"


def promised(promise: PromiseWords, groups: Sequence[Group], brand: str, language: str) -> str:
    """What was promised, as one sentence without its full stop, with the number of its source."""
    statement = in_language(promise.statement, language)
    if promise.quote:
        said = quoted(promise.quote, language)
    elif opens_with_verb(promise.statement):
        return with_number(f"{brand} {verb_phrase(statement)}", promise.citation)
    else:
        said = verb_phrase(without_heading(statement))
    return with_number(f"{_what_was_promised(groups, brand, language)} {said}", promise.citation)


def _what_was_promised(groups: Sequence[Group], brand: str, language: str) -> str:
    if language == "en":
        return f"What {brand} promised {groups_listed(groups, 'en')}:"
    return f"Promesse {of_name(brand)} {to_groups(groups, 'fr')} :"


def without_heading(statement: str) -> str:
    """“Mission: a world where…” → “a world where…”: the sentence around it says already that it is a promise."""
    heading, colon, rest = statement.partition(":")
    return rest.strip() if colon and rest.strip() and len(heading.split()) <= MAX_HEADING else statement


MAX_HEADING = 9
"""Words before a colon that still read as a heading (“Purpose of AXA France adopted in 2019: …”)."""


def sentence(phrase: str) -> str:
    return phrase[:1].upper() + phrase[1:]


def curled(words: str) -> str:
    """The apostrophe inside a word and after a plural, as printed: people type the straight one."""
    return re.sub(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)", "’", words)


_TYPED_BLANK = re.compile(r" (?=[:;!?%»€](?:\W|$))|(?<=«) |(?<=\d) (?=\d{3}(?!\d))")


def printed(words: str, language: str) -> str:
    """A text that people typed, as it is printed: French blanks do not break before high marks and inside numbers."""
    curly = curled(words)
    return _TYPED_BLANK.sub(NBSP, curly) if language == "fr" else curly


_CITATION = re.compile(r"\[\d+\]")


def count_words(words: str) -> int:
    """Words as a reader counts them: no numbers of sources, no lone punctuation."""
    return sum(any(char.isalnum() for char in token) for token in _CITATION.sub("", words).split())
