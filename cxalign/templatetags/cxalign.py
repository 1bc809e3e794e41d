"""Template helpers of the house, available in every template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from babel.numbers import format_currency, format_decimal
from django import template
from django.template import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from cxalign.exports.slides import ENGLISH_TERMS
from cxalign.pages import words
from scoring.charts import gap_position
from scoring.models import Publication
from scoring.scorecards import country_name
from scoring.wording.grammar import french, printed
from scoring.wording.grammar import quoted as in_quotation_marks
from scoring.wording.languages import language_of, language_standing_in

register = template.Library()

NBSP = "\u00a0"


def page_language() -> str:
    """The language of the page as texts are keyed: ``en`` or ``fr``."""
    return "fr" if (get_language() or "en").startswith("fr") else "en"


# --- Texts ------------------------------------------------------------------------------------------------------------


@register.filter
def here(text: Mapping[str, str] | None) -> str:
    """A text in the language of the page, set as that asks."""
    if not text:
        return ""
    said = printed(text[page_language()], page_language())
    return french(said) if page_language() == "fr" else said


@register.filter
def named(record: Any) -> str:
    """The name of a sector, crisis or phase in the language of the page."""
    name: str = getattr(record, f"name_{page_language()}")
    return name


@register.filter
def both(record: Any, field: str) -> str:
    """A text that people typed in two columns: in the language of the page, or else in the other one."""
    en, fr = getattr(record, f"{field}_en"), getattr(record, f"{field}_fr")
    return here({"en": en or fr, "fr": fr or en})


@register.filter
def told(text: Mapping[str, str] | None) -> str:
    """A text that people typed, in the language of the page; where nobody wrote it in that, marked with its own."""
    return in_language(here(text), language_standing_in(text)) if text else ""


@register.filter
def told_in_sentence(text: Mapping[str, str]) -> str:
    return in_language(in_sentence(here(text)), language_standing_in(text))


@register.filter
def typed(record: Any, field: str) -> str:
    """As ``both``, marked with its language where that is not the page’s."""
    return in_language(both(record, field), written_in(record, field))


def written_in(record: Any, field: str) -> str:
    """The language in which such a text is shown: the page’s wherever it was written in that."""
    own, other = page_language(), "en" if page_language() == "fr" else "fr"
    return own if getattr(record, f"{field}_{own}") else other


def in_language(text: str, language: str) -> str:
    """The text, in a span that says its language where it is another one than the page’s."""
    if not text or language in ("", page_language()):
        return text
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def with_english_terms(text: str) -> SafeString:
    """The English terms that French keeps, marked as such, so that they are read out in English."""
    return _marked(text, set(_glosses()))


@register.simple_tag(takes_context=True)
def glossed(context: Context, text: str) -> SafeString:
    """The same, with what a term means behind its first use on the page."""
    request: Any = getattr(context, "request", None)
    known: set[str] = getattr(request, "terms_explained", set())
    marked = _marked(text, known)
    if request is not None:
        request.terms_explained = known
    return marked


def _glosses() -> dict[str, str]:
    """Nothing in English: there the terms say what they mean."""
    if page_language() == "en":
        return {}
    return {
        "do now": pgettext("what it means", "Do Now"),
        "do next": pgettext("what it means", "Do Next"),
        "do later": pgettext("what it means", "Do Later"),
        "purpose washing": pgettext("what it means", "purpose washing"),
    }


def _marked(text: str, known: set[str]) -> SafeString:
    """``known``: what needs no explanation any more; what is explained here joins it. Markup stays markup."""
    safe = conditional_escape(text)
    if page_language() == "en":
        return safe
    parts = enumerate(ENGLISH_TERMS.split(str(safe)))
    told = (_as_english(part, known) if place % 2 else mark_safe(part) for place, part in parts)  # noqa: S308
    return format_html_join("", "{}", ((one,) for one in told))


def _as_english(term: str, known: set[str]) -> SafeString:
    tag = "i" if "washing" in term else "span"
    marked = format_html('<{} lang="en">{}</{}>', tag, term, tag)
    if (name := term.lower().replace("-", " ")) in known:
        return marked
    known.add(name)
    return format_html('{} <span class="gloss">({})</span>', marked, _glosses()[name])


_CITATION = re.compile(r"\s?\[(\d+)\]")


@register.filter
def cited(text: Mapping[str, str] | str) -> SafeString:
    """``[3]`` becomes a raised link to source 3; everything else is escaped."""
    plain = here(text) if isinstance(text, Mapping) else text
    return mark_safe(  # noqa: S308 – escaped first; what is put in is made of digits
        _CITATION.sub(lambda found: reference(int(found.group(1))), str(conditional_escape(plain)))
    )


@register.simple_tag
def reference(number: int) -> SafeString:
    """The raised number of a source. A word joiner keeps it on the line of the fact it belongs to."""
    return format_html('\u2060<sup class="ref"><a href="#source-{0}">{0}</a></sup>', number)


@register.filter
def in_sentence(text: str) -> str:
    """A lead that is followed by more: without its full stop."""
    return text.rstrip(".")


@register.simple_tag
def semicolon() -> str:
    """The mark with the space that it takes: before it too in French."""
    return f"{NBSP}; " if page_language() == "fr" else "; "


@register.filter
def in_a_row(texts: Iterable[str]) -> str:
    """Several remarks as one line."""
    return semicolon().join(texts)


# --- Dates ------------------------------------------------------------------------------------------------------------


@register.filter
def territory(code: str) -> str:
    """A country's name in the language of the page."""
    return country_name(code)[page_language()]


@register.filter
def sum_of_money(amount: str, currency: str | None) -> str:
    """“€80,000,000”, « 80 000 000 € »; no cents where there are none, no sign where the currency is unknown."""
    value, language = Decimal(amount), page_language()
    digits = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    if not currency:
        return format_decimal(value, format=digits, locale=language).replace("\u202f", NBSP)
    pattern = f"{digits}{NBSP}¤" if language == "fr" else f"¤{digits}"
    written = format_currency(value, currency, format=pattern, locale=language, currency_digits=False)
    return written.replace("\u202f", NBSP)


@register.filter
def plain_number(value: Any) -> str:
    """“1,234.5”, « 1 234,5 »: no more decimals than there are."""
    return true_minus(str(format_decimal(value, format="#,##0.##", locale=page_language())).replace("\u202f", NBSP))


@register.filter
def signed_change(value: float) -> str:
    """A number on the scale of a change: with its sign, and without decimals that are not there."""
    written = true_minus(str(format_decimal(value, format="0.##", locale=page_language())))
    return f"+{written}" if value > 0 else written


@register.filter
def grouped(number: int) -> str:
    """“1,500”, « 1 500 »."""
    return str(format_decimal(number, locale=page_language())).replace("\u202f", NBSP)


@register.filter
def partial_date(value: str | None) -> str:
    """``2020``, ``2020-04`` or ``2020-04-13`` as a date of that precision."""
    if not value:
        return ""
    parts = [int(part) for part in value.split("-")]
    day = date(*[*parts, 1, 1][:3])
    if len(parts) == 1:
        return str(day.year)
    return date_format(day, "YEAR_MONTH_FORMAT") if len(parts) == 2 else full_date(day)


@register.filter
def first_words(text: str, most: int) -> str:
    """The beginning of a text. Its blanks stay as they are: a template’s own filter would make all of them break."""
    words = list(re.finditer(r"\S+", str(text)))
    return str(text) if len(words) <= most else f"{str(text)[: words[most - 1].end()]}…"


@register.filter
def since(value: str) -> str:
    """“since 2019”, « depuis avril 2020 », « depuis le 13 avril 2020 »: French names a day with its article."""
    told = (
        pgettext("before a full day", "since %(date)s")
        if len(value) == len("2020-04-13")
        else gettext("since %(date)s")
    )
    return told % {"date": partial_date(value)}


@register.filter
def full_date(value: date | datetime | str) -> str:
    """“13 April 2020”, « 1er avril 2020 »."""
    day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    text = date_format(day, "DATE_FORMAT")
    return f"1er{text[1:]}" if day.day == 1 and page_language() == "fr" else text


@register.filter
def short_date(value: datetime) -> str:
    """A day in figures, where room is short: “27/11/2026”."""
    return date_format(timezone.localtime(value), "SHORT_DATE_FORMAT")


# --- Codes ------------------------------------------------------------------------------------------------------------


@register.filter
def word(code: Any, vocabulary: str) -> str:
    return words.word(code, vocabulary)


@register.filter
def stakeholders(codes: Iterable[str]) -> str:
    return words.stakeholders(codes)


@register.filter
def short_word(code: Any, vocabulary: str) -> str:
    return words.short_word(code, vocabulary)


@register.filter
def tone(outcome: str | None) -> str:
    """The name of an outcome's colour and mark: broken, aligned, exceeds, dna or none."""
    return words.tone(outcome)


@register.filter
def gap_tone(gap: int | None) -> str:
    return words.gap_tone(gap)


@register.filter
def signed(value: int | None) -> str:
    """A number with a true minus sign, and a plus where the scale goes both ways."""
    return "" if value is None else f"−{-value}" if value < 0 else f"+{value}" if value else "0"


@register.filter
def true_minus(written: str) -> str:
    """A number that is written already, with a true minus sign."""
    return str(written).replace("-", "−")


@register.filter
def minus(value: int) -> str:
    """A number with a true minus sign."""
    return f"−{-value}" if value < 0 else str(value)


@register.filter
def dots(count: int) -> str:
    """One dot an item of evidence, up to ten; the number stands beside them."""
    return "●" * min(count, 10)


@register.filter
def lookup(mapping: Mapping[Any, Any], key: Any) -> Any:
    return mapping.get(key)


@register.filter
def at(values: Sequence[Any], place: int) -> Any:
    return values[place]


@register.simple_tag
def index_told(document: Mapping[str, Any], code: str) -> str:
    return words.index_told(document, code)


@register.filter
def index_word(value: int | None, code: str) -> str:
    return words.index_word(code, value)


@register.filter
def notices(requests: list[dict[str, str]]) -> list[dict[str, str]]:
    """Of what a version takes into account, what was asked of the brand; the rest is told from rows of its own."""
    return [entry for entry in requests if entry["kind"] == "notice"]


@register.filter
def safe_address(url: str) -> str:
    """An address that may be linked to: http and https only, else nothing."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


# --- Drawings ---------------------------------------------------------------------------------------------------------


@register.filter
def scale_position(gap: int) -> int:
    return gap_position(gap)


@register.filter
def unlocalised(number: float) -> str:
    """A coordinate: with a point in every language, and no decimals that are not there."""
    return f"{number:g}"


@register.filter
def shifted(number: float, by: float) -> float:
    """A coordinate moved by so much; the built-in ``add`` knows whole numbers only."""
    return number + by


@register.filter
def meter_level(robustness: str) -> int:
    """How many of the four bars are filled."""
    return words.METER[robustness]


# --- Versions ---------------------------------------------------------------------------------------------------------


@register.filter
def note(publication: Publication) -> str:
    """What the editor wrote about this version, in the language of the page or else in the other one."""
    return here({"en": publication.note_en or publication.note_fr, "fr": publication.note_fr or publication.note_en})


def withdrawal_reason(publication: Publication) -> str:
    en, fr = publication.withdrawn_reason_en, publication.withdrawn_reason_fr
    return here({"en": en or fr, "fr": fr or en})


@register.inclusion_tag("parts/withdrawal_reason.html")
def why_withdrawn(publication: Publication) -> dict[str, str]:
    """The public reason, marked with its language where it was given in the other one only."""
    given = {"en": publication.withdrawn_reason_en, "fr": publication.withdrawn_reason_fr}
    other = "" if given[page_language()].strip() else next((code for code, text in given.items() if text.strip()), "")
    return {"reason": withdrawal_reason(publication), "other": other}


@register.filter
def citation_name(style: str) -> str:
    return words.word(style, "citation")


# --- Voices -----------------------------------------------------------------------------------------------------------


@register.filter
def voice_event(kind: str) -> str:
    """What a line of the log says happened to a notice, a reply or a report."""
    return words.word(kind, "voice_event")


@register.filter
def what_was_wrong(correction: Any) -> str:
    return here({"en": correction.wrong_en, "fr": correction.wrong_fr})


@register.filter
def what_it_changed(correction: Any) -> str:
    return here({"en": correction.changed_en, "fr": correction.changed_fr})


@register.filter
def days_left(day: date | datetime) -> str:
    """“in 3 days”, “today”, “2 days ago”."""
    last = timezone.localtime(day).date() if isinstance(day, datetime) else day
    left = (last - timezone.localdate()).days
    if left == 0:
        return gettext("today")
    if left > 0:
        return ngettext("in %(count)d day", "in %(count)d days", left) % {"count": left}
    return ngettext("%(count)d day ago", "%(count)d days ago", -left) % {"count": -left}


# --- Marks ------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("parts/mark.html")
def mark(tone: str) -> dict[str, str]:
    """The shape of an outcome alone; the word has to stand beside it."""
    return {"tone": tone}


@register.inclusion_tag("parts/verdict.html")
def verdict(outcome: str, big: bool = False) -> dict[str, Any]:
    """An outcome as mark and word."""
    return {"tone": words.tone(outcome), "word": words.word(outcome, "outcome"), "big": big}


METER_LEVELS = {"robust": 4, "probable": 3, "fragile": 2, "contested": 1}


@register.inclusion_tag("parts/robustness.html")
def robustness(code: str) -> dict[str, Any]:
    """How sure we are: four bars of rising height, filled to the level, and the word."""
    return {"level": METER_LEVELS[code], "word": words.word(code, "robustness")}


# --- Verdicts, in small -----------------------------------------------------------------------------------------------


@register.simple_tag
def index_of(worked: Any, code: str) -> str:
    """An index of a worked case as printed; a dash where there is none to tell, which is not zero."""
    value: int | None = worked.index(code)
    return "–" if value is None else minus(value)


@register.filter
def without_citations(text: str) -> str:
    """The sentence without the numbers of its sources, for pages that do not list them."""
    return _CITATION.sub("", text)


@register.filter
def label_language(label: str) -> str:
    """Short labels of others’ judgements: English, as the codebook has them, unless their words tell otherwise."""
    return language_of(label) or "en"


@register.simple_tag
def quoted(text: str, language: str) -> str:
    """Somebody's words in quotation marks: those of the language they are in, else those of the page."""
    return in_quotation_marks(text, language if language in ("fr", "en") else page_language())
