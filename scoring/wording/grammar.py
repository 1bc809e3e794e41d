"""How words join into sentences: lists, prepositions, and statements that people typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from babel.dates import format_date

from scoring.engine.dossier import Group, PartialDate

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


# --- The words of one case --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActWords:
    """How an act is told: its statement, who reports it, and the number of that source."""

    statement: Text
    publisher: str
    citation: int | None
    date: PartialDate | None = None
    appraisal: bool = False
    """Somebody's overall judgement, without an act described."""


@dataclass(frozen=True)
class PromiseWords:
    """How a promise is told: the brand's own words where they are on file, else ours; the number of its source."""

    statement: Text
    quote: str
    groups: Sequence[Group]
    citation: int | None = None
    quote_language: str = ""
    is_central: bool = False

    def is_quoted(self, language: str) -> bool:
        """Whether a sentence in this language takes the quotation: a short one, that its readers understand."""
        return bool(self.quote) and self.quote_language in ("", language) and not re.search(r"[.!?…]\s", self.quote)


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


def groups_in_short(groups: Iterable[Group], language: str) -> str:
    """“its customers, employees and partners”: the owner is said once, where all of them are the brand's."""
    listed_in_full, own = groups_listed(groups, language), "ses " if language == "fr" else "its "
    if not all(name.startswith(own) for name in re.split(r", | and | et ", listed_in_full)):
        return listed_in_full
    return own + listed_in_full.replace(own, "")


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


# --- Small joints -----------------------------------------------------------------------------------------------------


def in_language(statement: Text, language: str) -> str:
    return statement[language] or statement["fr" if language == "en" else "en"]


def with_number(phrase: str, number: int | None) -> str:
    return f"{phrase} [{number}]" if number else phrase


def on_date(day: PartialDate | None, language: str) -> str:
    """“on 18 April 2020”, “in April 2020”, “in 2020” / « le 18 avril 2020 », « en avril 2020 », « en 2020 »."""
    if day is None:
        return ""
    into = "en" if language == "fr" else "in"
    if day.month is None:
        return f"{into} {day.year}"
    locale = "fr" if language == "fr" else "en_GB"
    if day.day is None:
        return f"{into} {format_date(day.first, 'MMMM y', locale=locale)}"
    spelt = format_date(day.first, "d MMMM y", locale=locale)
    if language == "en":
        return f"on {spelt}"
    return f"le {spelt}" if day.day > 1 else f"le 1er{spelt[1:]}"


def quoted(quote: str, language: str) -> str:
    """Somebody's own words, in the quotation marks of the sentence around them."""
    words = quote.strip().rstrip(".")
    return f"«{NBSP}{words}{NBSP}»" if language == "fr" else f"“{words}”"


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
_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u202f ](?=\d{3}\b)")


def count_words(words: str) -> int:
    """Words as a reader counts them: no numbers of sources, no lone punctuation."""
    in_one = _THOUSANDS.sub("", _CITATION.sub("", words))
    return sum(any(char.isalnum() for char in token) for token in in_one.split())
