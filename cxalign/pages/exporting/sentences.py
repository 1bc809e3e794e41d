"""The lines that slides and report have in common with the page, word for word."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxalign.exports.slides import Gap, Line, Run, line
from cxalign.pages import words
from cxalign.pages.exporting.edition import Edition, colon
from cxalign.templatetags.cxalign import (
    both,
    full_date,
    here,
    in_a_row,
    in_sentence,
    page_language,
    partial_date,
    quoted,
    safe_address,
    since,
    written_in,
)
from scoring.ledger import ReadAct, Step
from scoring.wording.languages import language_standing_in

Document = Mapping[str, Any]

_BLANKS = re.compile(r"[ \n\t]+")


def shown_by(template: str, **context: Any) -> str:
    """The words of a small template of the page, without its tags: so both say the same."""
    text = html.unescape(strip_tags(render_to_string(template, context)))
    return _BLANKS.sub(" ", text.replace("\u2060", "")).strip()


# --- Texts with raised numbers ----------------------------------------------------------------------------------------

_NUMBER = re.compile(r"\s?\[(\d+)\]")


def with_references(text: str) -> Line:
    """``[3]`` becomes a raised 3, as on the page."""
    parts = _NUMBER.split(text)
    runs: list[Run | str] = []
    for place, part in enumerate(parts):
        runs.append(Run(part, raised=True) if place % 2 else part)
    return line(*_apart(runs))


def _apart(runs: Iterable[Run | str]) -> list[Run | str]:
    """Two raised numbers in a row, with a comma between them."""
    apart: list[Run | str] = []
    for run in runs:
        if not run:
            continue
        if isinstance(run, Run) and apart and isinstance(apart[-1], Run) and apart[-1].raised and run.raised:
            apart.append(Run(",", raised=True))
        apart.append(run)
    return apart


def references(numbers: Sequence[int]) -> list[Run]:
    return [Run(",".join(map(str, numbers)), raised=True)] if numbers else []


def explanation(document: Document) -> Line:
    return with_references(here(document["explanation"]))


# --- The verdict ------------------------------------------------------------------------------------------------------


def breadth(document: Document) -> str:
    if document["breadth"] == "all":
        return _("with every core group of stakeholders")
    return _("with those to whom a promise is on file") if document["breadth"] else ""


def basis(document: Document) -> str:
    return shown_by("scorecard/basis.html", document=document)


def voice(edition: Edition) -> str:
    """The brand's voice in a sentence, as beside the verdict."""
    if edition.voice:
        if edition.voice.spoken:
            return _("Reply received on %(date)s.") % {"date": full_date(edition.voice.last.received_at)}
        return shown_by("scorecard/asked.html", voice=edition.voice)
    if edition.window:
        parts = {"date": full_date(edition.window.sent_at), "until": full_date(edition.window.deadline)}
        return _("Asked on %(date)s; may reply until %(until)s.") % parts
    return _("Not asked yet.")


def change(condition: Document) -> Line:
    tone = words.tone(condition["to"])
    towards = _("To “%(outcome)s”") % {"outcome": words.word(condition["to"], "outcome")}
    return line(Run(f"{towards}{colon()} ", strong=True, tone=tone), f"{here(condition['condition'])}.")


def typed(text: Mapping[str, str], *, in_a_sentence: bool = False) -> Run:
    """A text that people typed; where nobody wrote it in the language of the page, marked with its own."""
    words = in_sentence(here(text)) if in_a_sentence else here(text)
    language = language_standing_in(text)
    return Run(words, lang=language if language != page_language() else "")


def written(record: Any, field: str) -> Run:
    """The same for a text that has a column for each language."""
    language = written_in(record, field)
    return Run(both(record, field), lang=language if language != page_language() else "")


def signal_name(signal: Document) -> str:
    names = {"purpose_washing": _("Purpose-washing signal"), "harm_alert": _("Harm alert")}
    return names.get(signal["code"], _("Divergent stakeholders"))


# --- The ledger -------------------------------------------------------------------------------------------------------


def groups(codes: Iterable[str]) -> str:
    return words.stakeholders(codes)


def promise_said(promise: Document, limit: int = 0) -> Line:
    """Its own words in quotation marks, else ours."""
    if not promise["quote"]:
        return line(typed(promise["statement"]))
    quote = promise["quote"].strip()
    if limit and len(quote) > limit:
        quote = quote[:limit].rpartition(" ")[0].rstrip(" ,;:") + " …"
    language = promise["quote_lang"] or ""
    foreign = language if language != page_language() else ""
    return line(Run(quoted(quote, language), lang=foreign))


def promise_origin(promise: Document, sources: Mapping[str, Document]) -> Line:
    """Where and since when, how much it weighs, and to whom it was made."""
    runs: list[Run | str] = []
    for place, key in enumerate(promise["sources"]):
        source = sources[key]
        runs += [", " if place else "", Run(source["publisher"] or source["title"], muted=True)]
        runs.append(Run(str(source["n"]), raised=True, muted=True))
    standing = since(promise["since"]) if promise["since"] else _("undated")
    more = [
        "" if promise["sources"] else _("no source recorded"),
        standing,
        words.short_word(promise["weight"], "weight"),
    ]
    more.append(groups(promise["stakeholders"]))
    if not promise["testable"]:
        more.append(_("too general to test on its own"))
    told = " · ".join(filter(None, more))
    return line(*runs, Run(f" · {told}" if promise["sources"] else told, muted=True))


def act_line(act: ReadAct) -> Line:
    action = act.action
    when = partial_date(action["occurred_on"]) if action["occurred_on"] else _("undated")
    notes = [when, groups(act.stakeholders)]
    if action["initiative"] in ("0", "1"):
        notes.append(words.word(action["initiative"], "initiative_short"))
    if not action["counted"]:
        notes.append(_("not counted"))
    if action["disputed"]:
        notes.append(_("disputed"))
    if action["appraisal"]:
        notes.append(_("overall appraisal"))
    if (action["evidence"] or 0) < 2:
        notes.append(_("not established"))
    numbers = references([source["n"] for source in action["sources"]])
    said = Run(f" {' · '.join(filter(None, notes))}", muted=True)
    return line(Run(f"{act.sign} ", strong=True), typed(action["statement"], in_a_sentence=True), *numbers, said)


def more_acts(count: int) -> Line:
    told = ngettext("%(count)s more act", "%(count)s more acts", count) % {"count": count}
    return line(Run(told, muted=True))


def gap_word(step: Step) -> str:
    if step.gap is None and step.acts_found:
        return _("Nothing established")
    return words.word(step.gap, "gap")


def gap_of(value: int | None, word: str) -> Gap:
    return Gap(value, words.gap_tone(value), word)


def coders(codings: set[str]) -> str:
    if codings & {"adjudicated", "reading_rule"}:
        return _("two coders, settled after disagreement")
    if "single" in codings:
        return _("one coder")
    return _("two coders, agreed") if codings else ""


# --- Sources ----------------------------------------------------------------------------------------------------------


def source_line(source: Document) -> Line:
    """As in the list of the page: title, who, when, type."""
    title = Run(source["title"], lang=source["lang"] or "", link=safe_address(source["url"]))
    return line(title, Run(f" {source_told(source)}", muted=True))


def source_told(source: Document) -> str:
    who = [source["author"]] if source["author"] else []
    if source["publisher"] and source["publisher"] != source["author"]:
        who.append(source["publisher"])
    if source["published_on"]:
        who.append(partial_date(source["published_on"]))
    return f"{', '.join(who)} – {words.word(source['type'], 'source_type')}"


def sources_in_short(document: Document, numbers: Iterable[int]) -> str:
    """“Daily, 2 April 2020 [1]; …”: for a line at the foot of a slide."""
    wanted = set(numbers)
    told = []
    for source in document["sources"]:
        if source["n"] in wanted:
            name = source["publisher"] or source["title"]
            when = f", {partial_date(source['published_on'])}" if source["published_on"] else ""
            told.append(f"{name}{when} [{source['n']}]")
    return in_a_row(told)


def sources_in_full(document: Document, numbers: Iterable[int]) -> list[str]:
    wanted = set(numbers)
    found = []
    for source in document["sources"]:
        if source["n"] in wanted:
            address = f" {source['url']}" if source["url"] else ""
            archive = source["archive"]["url"] if source["archive"] else ""
            copy = f" – {_('archived copy')}{colon()} {archive}" if archive else ""
            found.append(f"[{source['n']}] {source['title']}, {source_told(source)}.{address}{copy}")
    return found


def cited_in(text: str) -> set[int]:
    return {int(number) for number in _NUMBER.findall(text)}
