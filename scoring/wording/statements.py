"""What people typed, told inside a sentence: the form of a statement, and the words that it needs around it.

Most statements are verb phrases, as the codebook asks (“Refunded…”, « A remboursé… »); others have a subject of their
own (“Its president…”) or none (“Criticised for…”, “Mission: …”). Each language has its own form. Where none is sure,
the statement stands behind a colon, right whatever it opens with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from scoring.engine.dossier import Group
from scoring.wording.grammar import (
    ActWords,
    PromiseWords,
    Text,
    curled,
    in_language,
    of_name,
    on_date,
    quoted,
    to_groups,
    with_number,
)


class Form(Enum):
    VERB = auto()
    """“Refunded bookings.”: the brand is its subject."""
    PASSIVE = auto()
    """“Criticised for a full flight.”: the brand is its subject, and “was” is missing."""
    AFTER_ADVERB = auto()
    """“In Austria, guaranteed jobs.”: a verb, behind what says when or where."""
    CLAUSE = auto()
    """“Workers said they risked…”: a sentence already."""
    LABEL = auto()
    """“Mission: care.”, and whatever is not surely one of the others."""


# --- Which form a statement has ---------------------------------------------------------------------------------------

_PAST_EN = """
    began brought built bought chose cut did drew found fought froze gave had held kept laid led left lent let lost made
    met overrode paid put ran rose said sent set sold sought spent stood taught told took undertook went withdrew
    won wrote committed declared pledged promised signed
"""
_PRESENT_EN = "says states commits promises presents claims invokes pledges declares affirms offers"
_VERBS_EN = frozenset(f"{_PAST_EN} {_PRESENT_EN}".split())
"""Verbs beyond doubt. Other words in “-ed” are verbs where the French statement opens with one."""
_VERB_FR = re.compile(
    r"(?:a|ont|n’a|n’ont|s’est|se sont|avait|n’avait|s’était|aurait|s’engage|se dit|se présente"
    r"|dit|promet|affirme|présente|revendique|invoque|figure)\s",
    re.IGNORECASE,
)
_DID_FR = re.compile(r"(?:n’)?(?:a|ont|avait)\s|(?:s’est|se sont|s’était)\s", re.IGNORECASE)
"""What shows that “apologised for…” is no passive: the brand did it."""
_PARTICIPLE_EN = re.compile(r"(\w+ed|found guilty) (?:for|by|as|among|to have|of)\s", re.IGNORECASE)
_PARTICIPLE_FR = re.compile(r"\w+(?:é|u|it)e?s? (?:pour|par|comme|parmi|coupable)\s", re.IGNORECASE)
_SUBJECT_EN = re.compile(
    r"(?:an?|the|its|their|one|two|three|another|some|several|many|most|all|each|every|it|they)\s", re.IGNORECASE
)
_SUBJECT_FR = re.compile(r"(?:(?:une?|le|la|les|des|son|sa|ses|leurs?|plusieurs|deux|trois)\s|l’)", re.IGNORECASE)
_FINITE_FR = re.compile(
    r"(?<=\s)(?:(?:n’|s’|l’)?(?:a|ont|est|sont|avait|avaient|était|étaient|aurait)|conclut|dit|disent|accuse|salue"
    r"|affirme|décrit|promet|revendique|privait)\s"
)
_WHEN_OR_WHERE_EN = re.compile(r"(?:in|after|under|following|with|on|at|from|during|within|two|three)\s[^,:]+,\s", re.I)
_WHEN_OR_WHERE_FR = re.compile(r"(?:en|dans|après|sous|à|avec|dès|pendant|face|deux|trois)\s[^,:]+,\s", re.IGNORECASE)


def form_of(statement: Text, language: str) -> Form:
    said = curled(in_language(statement, language))
    if language == "en" and statement["fr"] and statement["fr"] != statement["en"]:
        return _form_en(said, curled(statement["fr"]))
    return _form_en(said, "") if language == "en" else _form_fr(said)


def _form_fr(said: str) -> Form:
    if _VERB_FR.match(said):
        return Form.VERB
    lead, rest = _apart(said, _WHEN_OR_WHERE_FR)
    if _is_clause_fr(rest):
        return Form.CLAUSE
    if _PARTICIPLE_FR.match(said):
        return Form.CLAUSE if _is_clause_fr(said.partition(", ")[2]) else Form.PASSIVE
    return Form.AFTER_ADVERB if lead and _VERB_FR.match(rest) else Form.LABEL


def _is_clause_fr(said: str) -> bool:
    before_colon = said.partition(" :")[0]
    return bool(_SUBJECT_FR.match(before_colon) and _FINITE_FR.search(before_colon))


def _form_en(said: str, in_french: str) -> Form:
    """English needs French beside it: many of its nouns end in “-ed”, and many of its subjects have no article."""
    participle = _PARTICIPLE_EN.match(said)
    if participle and not (participle.group(1).lower() in _VERBS_EN or _DID_FR.match(in_french)):
        return Form.CLAUSE if re.search(r", (?:it|they)\s", said) else Form.PASSIVE
    if _is_verb_en(said, in_french):
        return Form.VERB
    if _form_fr(in_french) == Form.CLAUSE:
        return Form.CLAUSE
    lead, rest = _apart(said, _WHEN_OR_WHERE_EN)
    rest_in_french = _apart(in_french, _WHEN_OR_WHERE_FR)[1]
    return Form.AFTER_ADVERB if lead and _is_verb_en(rest, rest_in_french) else Form.LABEL


def _is_verb_en(said: str, in_french: str) -> bool:
    first = said.partition(" ")[0].lower()
    if first in _VERBS_EN:
        return True
    return first.endswith("ed") and (not in_french or bool(_VERB_FR.match(in_french)))


def _apart(said: str, opening: re.Pattern[str]) -> tuple[str, str]:
    """“In Austria, ” and “guaranteed jobs”."""
    found = opening.match(said)
    return (found.group(), said[found.end() :]) if found else ("", said)


# --- As it reads inside a sentence ------------------------------------------------------------------------------------


def verb_phrase(statement: str) -> str:
    """A statement as it reads inside a sentence: no full stop, no capital, names and acronyms left alone."""
    phrase = curled(statement).strip().rstrip(".")
    first = phrase.split(" ")[0]
    return phrase if len(first) > 1 and first.isupper() else phrase[:1].lower() + phrase[1:]


def without_heading(statement: str) -> str:
    """“Mission: a world where…” → “a world where…”: the sentence around it says already that it is a promise."""
    heading, colon, rest = statement.partition(":")
    is_label = _LABEL.match(heading) or (len(heading.split()) <= MAX_HEADING and not re.search(r"\d", heading))
    return rest.strip() if colon and rest.strip() and is_label else statement


_LABEL = re.compile(r"purpose|mission|raison d.être|promesse de|platform promise", re.IGNORECASE)
"""A heading that says no more than that; any other may hold a number that counts (“A pledge of 60 days: …”)."""


MAX_HEADING = 9
"""Words before a colon that still read as a heading (“Purpose of AXA France adopted in 2019: …”)."""


def said_of(statement: Text, brand: str, language: str, *, by_name: bool) -> str:
    """The statement as a clause: “it refunded…”, “it was criticised…”, “at Tesla, workers said…”."""
    form, phrase = form_of(statement, language), verb_phrase(in_language(statement, language))
    if form == Form.CLAUSE:
        return _with_its_place(statement, phrase, brand if by_name else "", language)
    subject = brand if by_name else _subject(phrase, brand, language)
    if form == Form.AFTER_ADVERB:
        lead, rest = _apart(phrase, _WHEN_OR_WHERE_FR if language == "fr" else _WHEN_OR_WHERE_EN)
        return f"{lead}{subject} {rest}"
    if form == Form.PASSIVE:
        return f"{subject} {_HAS_BEEN[language]} {phrase}"
    return f"{subject} {phrase}"


_HAS_BEEN = {"en": "was", "fr": "a été"}


def _subject(phrase: str, brand: str, language: str) -> str:
    """“it”, « elle »; by name where the participle shows that the writer took the brand for a masculine."""
    if language == "en":
        return "it"
    participle = re.match(r"(?:s’(?:est|était)\s)(\w+)|(\w+(?:é|u|it)e?) (?:pour|par|comme|parmi|coupable)\s", phrase)
    masculine = participle and not (participle.group(1) or participle.group(2)).endswith("e")
    if masculine:
        return brand
    return "elles" if phrase.startswith(("ont ", "n’ont ", "se sont ")) else "elle"


def _with_its_place(statement: Text, phrase: str, brand: str, language: str) -> str:
    """“at Tesla, workers said…”: whose workers they are; English takes the article that French shows."""
    if language == "fr":
        return f"{_AT['fr'].format(brand)}{_the(phrase)}" if brand else phrase
    phrase = _with_article(phrase, curled(statement["fr"]))
    return f"{_AT['en'].format(brand)}{re.sub('^its ', 'the ', phrase)}" if brand else phrase


def _the(phrase: str) -> str:
    """« chez Crédit Mutuel, le président »: the owner is named already."""
    owned = re.match(r"(?:son|sa|ses)\s", phrase)
    if not owned:
        return phrase
    noun = phrase[owned.end() :]
    if owned.group().startswith("ses"):
        return f"les {noun}"
    if noun[:1] in "aeiouyàâéèêëîïôöùûüh":
        return f"l’{noun}"
    return f"{'le' if owned.group().startswith('son') else 'la'} {noun}"


def _with_article(phrase: str, in_french: str) -> str:
    if _SUBJECT_EN.match(phrase) or _WHEN_OR_WHERE_EN.match(phrase) or _WHEN_OR_WHERE_FR.match(in_french):
        return phrase
    opening = in_french.lower()
    if opening.startswith(("son ", "sa ", "ses ", "leur ", "leurs ")):
        return f"its {phrase}"
    if opening.startswith(("le ", "la ", "l’")):
        return f"the {phrase}"
    if opening.startswith(("un ", "une ")):
        return f"{'an' if phrase[:1] in 'aeiou' else 'a'} {phrase}"
    return phrase


# --- An act -----------------------------------------------------------------------------------------------------------

_TOLD_LATER = re.compile(
    r"\b(?:found|alleges?|alleged|said|says|reported|claim(?:s|ed)|accuse[sd]?|criticised|conclut|accuse\w*|disent|dit"
    r"|affirm\w+|critiqu\w+|signal\w+)\b",
    re.IGNORECASE,
)
"""The date of an act is not that of a finding, a complaint or a report about it."""


def told(
    act: ActWords, brand: str, language: str, *, by_name: bool = False, dated: bool = True, sourced: bool = True
) -> str:
    """The act, its date and who reports it: “on 3 May 2020, according to The Herald, it returned £100m… [1]”.

    What the brand says of itself, and what is somebody's overall judgement, always says so.
    """
    is_label = form_of(act.statement, language) == Form.LABEL
    when = on_date(act.date, language) if (dated or is_label) and _is_dated(act) else ""
    voice = according(act.publisher, brand, language) if sourced or act.appraisal or act.publisher == brand else ""
    if is_label:
        said = _labelled([brand if by_name else "", when, voice], act.statement, language)
        return with_number(said, act.citation)
    said = said_of(act.statement, brand, language, by_name=by_name)
    place, _, rest = said.partition(", ") if said.startswith(_AT[language].format(brand)) else ("", "", said)
    return with_number(", ".join(filter(None, [place, when, voice, rest])), act.citation)


_AT = {"en": "at {}, ", "fr": "chez {}, "}


def _is_dated(act: ActWords) -> bool:
    """Alike in both languages: what one of them cannot date, neither does."""
    forms = {form_of(act.statement, language) for language in act.statement}
    if Form.AFTER_ADVERB in forms:
        return False
    reports = any(_TOLD_LATER.search(statement) for statement in act.statement.values())
    return not (reports and forms & {Form.CLAUSE, Form.PASSIVE})


def _labelled(leads: Sequence[str], statement: Text, language: str) -> str:
    """“on 13 March 2020, according to CNBC: …”"""
    lead = ", ".join(filter(None, leads)) or ("observed" if language == "en" else "observé")
    phrase = _with_dash(verb_phrase(in_language(statement, language)))
    return f"{lead} : {phrase}" if language == "fr" else f"{lead}: {phrase}"


def _with_dash(phrase: str) -> str:
    """Behind a colon, another one becomes a dash."""
    return re.sub(r"\s?:\s", " – ", phrase)


def according(publisher: str, brand: str, language: str) -> str:
    if not publisher:
        return ""
    if publisher == brand:
        return "by its own account" if language == "en" else "d'après ce qu'elle en dit"
    return f"according to {curled(publisher)}" if language == "en" else f"selon {publisher}"


# --- A promise --------------------------------------------------------------------------------------------------------


def promised(promise: PromiseWords, groups: Sequence[Group], brand: str, language: str) -> str:
    """What was promised, without its full stop, with the number of its source.

    Nothing is said of the order in time: the promise may be later than the act beside it, or have no date.
    """
    if not promise.is_quoted(language) and form_of(promise.statement, language) != Form.LABEL:
        said = said_of(promise.statement, brand, language, by_name=True)
    else:
        said = f"{_promise_to(groups, brand, language)} {promise_words(promise, language)}"
    return with_number(said, promise.citation)


def promise_words(promise: PromiseWords, language: str) -> str:
    """In the brand's own words where they are on file in this language, else in ours."""
    if promise.is_quoted(language):
        return quoted(promise.quote, language)
    said = verb_phrase(without_heading(in_language(promise.statement, language)))
    return _with_dash(said)


def _promise_to(groups: Sequence[Group], brand: str, language: str) -> str:
    if language == "en":
        owner = f"{brand}’s promise" if brand[-1:].isalnum() else f"Promise by {brand}"
        return f"{owner} {to_groups(groups, 'en')}:"
    return f"Promesse {of_name(brand)} {to_groups(groups, 'fr')} :"


def promise_on_file(promise: PromiseWords, groups: Sequence[Group], brand: str, language: str) -> str:
    """That there is one, where there is no room for what it says."""
    if language == "en":
        return with_number(f"A promise by {brand} {to_groups(groups, 'en')} is on file", promise.citation)
    return with_number(f"Une promesse {of_name(brand)} {to_groups(groups, 'fr')} est au dossier", promise.citation)
