"""A scorecard as slides: one message each, said by the title in a full sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxalign.exports.slides import Block, Cell, Deck, Drawing, Grid, Heading, Line, Paragraph, Run, Slide, cell, line
from cxalign.pages import arranging, words
from cxalign.pages.archetypes import archetypes
from cxalign.pages.exporting import sentences as say
from cxalign.pages.exporting.edition import Edition, colon
from cxalign.templatetags.cxalign import full_date, here, in_a_row, in_sentence, page_language, partial_date, signed
from scoring import wording
from scoring.ledger import Ledger, Row, ledger

Document = Mapping[str, Any]
ESTABLISHED = 2
"""The evidence from which an act is established."""
QUOTE_LENGTH = 240
"""Letters of a promise on a slide; the notes have it whole."""


def deck_of(edition: Edition) -> Deck:
    slides = [make(edition) for make in SLIDES.values()]
    return Deck(
        title=f"{edition.title}{colon()} {_('scorecard')}",
        language=page_language(),
        slides=[slide for slide in slides if slide is not None],
        standing=edition.standing,
        address=edition.address,
        sources_word=_("Sources:"),
        sticker=edition.sticker,
        subject=edition.standing,
    )


def names() -> dict[str, str]:
    """Each slide that there can be, for the reader who picks some."""
    return {
        "verdict": _("Verdict"),
        "ledger": _("From promise to proof"),
        "coverage": _("Stakeholders covered"),
        "timeline": _("Timeline"),
        "indices": _("Eight indices, side by side"),
        "changes": _("What would change this verdict"),
        "reply": _("The brand’s voice"),
        "sources": _("Sources"),
    }


# --- Verdict ----------------------------------------------------------------------------------------------------------


def verdict(edition: Edition) -> Slide:
    document = edition.document
    text = here(document["explanation"])
    main: list[Block] = [Paragraph(say.explanation(document), "lead")]
    if document["also_meets"]:
        also = " · ".join(words.word(outcome, "outcome") for outcome in document["also_meets"])
        main.append(Paragraph(line(f"{_('Also meets the conditions of:')} {also}"), "small"))
    main.append(by_stakeholder(document))
    numbers = say.cited_in(text)
    return Slide(
        "verdict",
        verdict_title(edition),
        main,
        verdict_aside(edition),
        say.sources_in_short(document, numbers),
        [*definitions("verdict", document), *_full(document, numbers)],
    )


def verdict_title(edition: Edition) -> str:
    """What this very verdict rests on; the definition of the archetype is for the notes."""
    document, brand = edition.document, edition.brand
    if told := wording.headline(document):
        return f"{brand}{colon()} {here(told)}"
    if document["outcome"] == "no_promise":
        return _("We found no promise by %(brand)s that its acts could be held against") % {"brand": brand}
    return _("There is not enough evidence yet to place %(brand)s") % {"brand": brand}


def verdict_aside(edition: Edition) -> list[Block]:
    document = edition.document
    tone = words.tone(document["outcome"])
    blocks: list[Block] = [Paragraph(line(words.word(document["outcome"], "outcome")), "verdict", mark=tone)]
    if told := say.breadth(document):
        blocks.append(Paragraph(line(told), "small"))
    blocks.append(Paragraph(line(_("How sure we are")), "heading"))
    if document["robustness"]:
        level, word = words.METER[document["robustness"]], words.word(document["robustness"], "robustness")
        blocks.append(Paragraph(line(Run(word, strong=True)), meter=level))
    else:
        blocks.append(Paragraph(line(_("Without a promise there is nothing to be sure of.")), "small"))
    blocks.append(Paragraph(line(say.basis(document)), "small"))
    blocks += [Paragraph(line(f"{here(document['provisional']['text'])}"), "small")] if document["provisional"] else []
    if caps := arranging.caps(document):
        blocks.append(Paragraph(line(f"{_('Held at “fragile” because:')} {in_a_row(caps)}."), "small"))
    for signal in document["signals"]:
        blocks.append(Paragraph(line(Run(say.signal_name(signal), strong=True)), "small"))
    first, _others = arranging.changes(document)
    if first:
        blocks.append(Paragraph(line(_("What would change this verdict")), "heading"))
        blocks.append(Paragraph(say.change(first[0]), "small"))
    blocks.append(Paragraph(line(_("The brand’s voice")), "heading"))
    blocks.append(Paragraph(line(say.voice(edition)), "small"))
    return blocks


def by_stakeholder(document: Document) -> Grid:
    """Who was promised something, and how far what was done is from it."""
    columns = [
        Heading(_("Stakeholder"), 2),
        Heading(_("Promise"), 1.7),
        Heading(_("Proofs"), 1.1),
        Heading(_("Result"), 3),
    ]
    return Grid("", columns, [_group_row(row, document) for row in document["coverage"]])


def _group_row(row: Document, document: Document) -> list[Cell]:
    name = cell(words.word(row["stakeholder"], "stakeholder"), heads=True)
    if not row["applicable"]:
        return [name, cell(Run(_("Does not apply to this brand"), muted=True), span=3)]
    if row["status"] == "undocumented":
        return [name, cell(Run(undocumented(row), muted=True), hatched=True, span=3)]
    return [name, cell(promised(row)), cell(str(row["evidence_items"])), _result(row)]


def undocumented(row: Document) -> str:
    more = f" – {_('although something was promised')}" if row["promised"] else ""
    return f"{_('Undocumented')}{more}"


def promised(row: Document) -> str:
    if row["central"]:
        return _("Yes, central")
    return _("Yes") if row["promised"] else _("None")


# --- Ledger -----------------------------------------------------------------------------------------------------------


def ledger_slide(edition: Edition) -> Slide:
    document = edition.document
    rows = ledger(document)
    return Slide(
        "ledger",
        ledger_title(rows),
        [ledger_grid(document, rows, QUOTE_LENGTH)],
        sources=say.sources_in_short(document, ledger_numbers(rows, document)),
        notes=[*definitions("ledger", document), *_whole_quotes(document), *_full(document)],
    )


def ledger_title(rows: Ledger) -> str:
    """How many of the promises the acts fall short of; else, that none is."""
    total = len(rows.rows)
    distances = [[step.gap for step in row.steps if step.gap is not None] for row in rows.rows]
    short = sum(any(gap < 0 for gap in gaps) for gaps in distances)
    if not total:
        return _("We found no promise that its acts could be held against")
    if short:
        told = ngettext(
            "Acts fall short of %(short)d of %(total)d promise on file",
            "Acts fall short of %(short)d of %(total)d promises on file",
            total,
        )
        return told % {"short": short, "total": total}
    if not any(distances):
        return _untested(rows)
    told = ngettext(
        "No established act falls short of the promise on file",
        "No established act falls short of the %(total)d promises on file",
        total,
    )
    return told % {"total": total}


def _untested(rows: Ledger) -> str:
    """No act is established against a promise; perhaps some are against the duty of care."""
    if rows.duty and any((act.action["evidence"] or 0) >= ESTABLISHED for act in rows.duty.acts):
        return _("Established acts are read against the duty of care: none tests a promise on file")
    return _("No established act tests a promise on file")


def ledger_grid(document: Document, rows: Ledger, limit: int = 0) -> Grid:
    columns = [
        Heading(f"{_('Promise')} ({rows.promises})", 3.3),
        Heading(f"{_('Acts observed')} ({rows.acts})", 5.3),
        Heading(_("Gap"), 2.2),
    ]
    sources = {source["id"]: source for source in document["sources"]}
    cells = [_promise_row(row, sources, limit) for row in rows.rows]
    if rows.duty:
        cells.append(_duty_row(rows, rows.duty, limit))
    cells += [_promise_row(row, sources, limit) for row in rows.outside]
    return Grid(
        _("Each promise as it was published, then the acts observed. The gap goes from “well short” to “well beyond”."),
        columns,
        cells,
    )


def _promise_row(row: Row, sources: Mapping[str, Document], limit: int) -> list[Cell]:
    promise = row.promise
    assert promise is not None
    said = [say.promise_said(promise, limit)]
    if promise["quote"]:
        said.append(line(say.typed(promise["statement"])))
    first = Cell([*said, say.promise_origin(promise, sources)], heads=False, quoted=True)
    acts = _acts(row, limit) if row.acts else _no_act(row, promise)
    return [first, acts, _gap_cell(row)]


def _no_act(row: Row, promise: Document) -> Cell:
    told = _("No act was read against this promise yet.")
    if row.is_outside:
        told = _(
            "The rule does not count it: nobody’s statement of it is on file, it is addressed to no group, or it came "
            "after this judgement."
        )
    why = here(promise["rationale"]) if not promise["testable"] else ""
    general = f"{_('Too general to test on its own')}{colon()} {why}" if why else ""
    return cell(Run(told, muted=True), Run(general, muted=True) if general else "")


def _duty_row(rows: Ledger, row: Row, limit: int) -> list[Cell]:
    first = cell(
        Run(_("Duty of care"), strong=True),
        Run(_("No promise covers these acts: they are read against the care that every brand owes."), muted=True),
    )
    return [first, _acts(row, limit), cell(*(Run(told, muted=True) for told in _no_gap(rows)))]


def _no_gap(rows: Ledger) -> list[str]:
    """That nothing was promised is said only of those for whom we found no promise."""
    nothing = _("%(groups)s: no gap, as we found no promise to them.")
    otherwise = _("%(groups)s: no gap, as these acts are read against none of the promises to them.")
    told = [(nothing, rows.promised_nothing), (otherwise, rows.promised_otherwise)]
    return [text % {"groups": capfirst(say.groups(codes))} for text, codes in told if codes]


def _acts(row: Row, limit: int) -> Cell:
    """Those that the page shows at once; all of them where there is room for all."""
    shown = row.shown if limit else row.acts
    lines = [say.act_line(act) for act in shown]
    if len(shown) < len(row.acts):
        lines.append(say.more_acts(len(row.acts) - len(shown)))
    return Cell(lines)


def _gap_cell(row: Row) -> Cell:
    """The scale of the first distance; the words of all of them."""
    if row.is_outside:
        return Cell([line(Run(_("Outside the verdict"), strong=True, tone="none"))], mark="none")
    lines = []
    for step in row.steps:
        word = Run(say.gap_word(step), strong=True, tone=words.gap_tone(step.gap))
        lines.append(line(word, Run(f" {say.groups(step.stakeholders)}", muted=True)))
    if told := say.coders(row.codings):
        lines.append(line(Run(told, muted=True)))
    if not row.steps:
        return Cell(lines)
    first = row.steps[0]
    return Cell(lines, gap=say.gap_of(first.gap, say.gap_word(first)))


def ledger_numbers(rows: Ledger, document: Document) -> set[int]:
    by_key = {source["id"]: source["n"] for source in document["sources"]}
    numbers = {by_key[key] for row in [*rows.rows, *rows.outside] if row.promise for key in row.promise["sources"]}
    every = [*rows.rows, *([rows.duty] if rows.duty else [])]
    return numbers | {source["n"] for row in every for act in row.acts for source in act.action["sources"]}


def _whole_quotes(document: Document) -> list[str]:
    long = [promise for promise in document["promises"] if len(promise["quote"]) > QUOTE_LENGTH]
    return [promise["quote"] for promise in long]


# --- Coverage ---------------------------------------------------------------------------------------------------------


def coverage(edition: Edition) -> Slide:
    document = edition.document
    rows = document["coverage"]
    documented = sum(row["evidence_items"] > 0 for row in rows)
    told = ngettext(
        "We found evidence about %(n)d of %(total)d stakeholder groups",
        "We found evidence about %(n)d of %(total)d stakeholder groups",
        documented,
    )
    note = _("“Undocumented” means that we found nothing, not that the brand did nothing.")
    return Slide(
        "coverage",
        told % {"n": documented, "total": len(rows)},
        [coverage_grid(document), Paragraph(line(note), "small")],
        sources=say.sources_in_short(document, _act_numbers(document)),
        notes=[*definitions("coverage", document), *_full(document)],
    )


def coverage_grid(document: Document) -> Grid:
    columns = [
        Heading(_("Stakeholder"), 2),
        Heading(_("Promise"), 2),
        Heading(_("Proofs"), 1.2),
        Heading(_("Value at stake"), 2.4),
        Heading(_("Result"), 3),
    ]
    return Grid("", columns, [_coverage_row(row, document) for row in document["coverage"]])


def _coverage_row(row: Document, document: Document) -> list[Cell]:
    name = cell(words.word(row["stakeholder"], "stakeholder"), heads=True)
    if not row["applicable"]:
        reason = (document["profile"] or {}).get("not_applicable_reason")
        told = _("Does not apply to this brand") + (f"{colon()} {reason}" if reason else "")
        return [name, cell(Run(told, muted=True), span=4)]
    if row["status"] == "undocumented":
        return [name, cell(Run(undocumented(row), muted=True), hatched=True, span=4)]
    values = ", ".join(words.word(value, "value_type") for value in row["value_types"])
    return [name, cell(promised(row)), cell(str(row["evidence_items"])), cell(values or "–"), _result(row)]


def _result(row: Document) -> Cell:
    """The result on the five-step scale, with its word."""
    if row["result"] is None:
        return cell(Run(_("Nothing established yet"), muted=True))
    word = words.word(row["result"], "gap")
    runs = [Run(word, strong=True, tone=words.gap_tone(row["result"]))]
    if not row["promised"]:
        runs.append(Run(f" {_('against the duty of care')}", muted=True))
    return Cell([line(*runs)], gap=say.gap_of(row["result"], word))


# --- Timeline ---------------------------------------------------------------------------------------------------------


def timeline(edition: Edition) -> Slide | None:
    document = edition.document
    drawing = timeline_drawing(edition)
    if drawing is None:
        return None
    return Slide(
        "timeline",
        in_sentence(arranging.turns_on(document, edition.standing_versions)),
        [drawing],
        sources=say.sources_in_short(document, _act_numbers(document)),
        notes=[*definitions("timeline", document), *_dated(document), *_full(document, _act_numbers(document))],
    )


def timeline_drawing(edition: Edition) -> Drawing | None:
    versions = edition.standing_versions
    drawn = arranging.timeline(edition.document, versions, edition.voice)
    if drawn is None:
        return None
    published = _("published from %(date)s") % {"date": full_date(versions[0].published_at)} if versions else ""
    name = _("Timeline of %(brand)s: acts and versions") % {"brand": edition.brand}
    return Drawing(drawn, name, _("Verdict"), published)


def _dated(document: Document) -> list[str]:
    acts = sorted(document["actions"], key=lambda action: action["occurred_on"] or "9999")
    return [f"{partial_date(act['occurred_on']) or _('undated')} – {here(act['statement'])}" for act in acts]


def _act_numbers(document: Document) -> set[int]:
    return {source["n"] for action in document["actions"] for source in action["sources"]}


# --- Indices, changes -------------------------------------------------------------------------------------------------


def indices(edition: Edition) -> Slide:
    document = edition.document
    return Slide(
        "indices",
        in_sentence(_("There is no total: a good index never makes up for a bad one.")),
        [indices_grid(document)],
        indices_aside(document),
        say.sources_in_short(document, _act_numbers(document)),
        [*definitions("indices", document), *_full(document, _act_numbers(document))],
    )


def indices_grid(document: Document) -> Grid:
    columns = [Heading(_("Index"), 2.4), Heading(_("Value"), 2.6), Heading(_("In words"), 2)]
    rows = []
    for index in arranging.indices(document):
        value = "–" if index.value is None else signed(index.value) if index.code == "delivery" else str(index.value)
        drawn = Cell([line(value)], bar=index.bar) if index.bar else Cell([line(value)], hatched=True)
        rows.append([cell(words.word(index.code, "index"), heads=True), drawn, cell(index.word)])
    return Grid("", columns, rows)


def indices_aside(document: Document) -> list[Block]:
    """The signals with what they rest on, and the choices of method that matter here."""
    blocks: list[Block] = []
    for signal in document["signals"]:
        blocks.append(Paragraph(line(say.signal_name(signal)), "heading"))
        blocks.append(Paragraph(line(here(signal["text"])), "small"))
        for act in arranging.hollow_acts(document, signal):
            told = Run(f" – {act.reasons}", muted=True)
            blocks.append(Paragraph(line(say.typed(act.action["statement"], in_a_sentence=True), told), "small"))
    if document["method_choices"]:
        blocks.append(Paragraph(line(_("Choices of method that matter here")), "heading"))
        blocks += [Paragraph(line(here(choice["text"])), "small") for choice in document["method_choices"]]
    return blocks


def changes(edition: Edition) -> Slide:
    document = edition.document
    first, others = arranging.changes(document)
    count = len(first) + len(others)
    if count:
        told = ngettext(
            "%(count)d change of the evidence would move this verdict",
            "%(count)d changes of the evidence would move this verdict",
            count,
        )
        title = told % {"count": count}
        main: list[Block] = [
            Paragraph(say.change(one), "item" if count > 4 else "large", mark=words.tone(one["to"]))
            for one in [*first, *others][:CHANGES_SHOWN]
        ]
    else:
        title = in_sentence(_("No single change of the evidence would move it."))
        main = lacking(document)
    aside = (
        [Paragraph(line(_("What each other archetype still lacks")), "heading"), *lacking(document, "small")]
        if count
        else []
    )
    return Slide("changes", title, main, aside if len(aside) > 1 else [], notes=definitions("changes", document))


CHANGES_SHOWN = 8


def lacking(document: Document, role: str = "large") -> list[Block]:
    """What each other archetype still lacks."""
    blocks: list[Block] = []
    if bars := arranging.bars(document):
        blocks.append(Paragraph(line(f"{_('All favourable ones:')} {in_a_row(bars)}."), role))
    for one in arranging.distances(document):
        name = words.word(one.archetype, "outcome")
        breadth = {"all": _("with every core group"), "promised": _("as promised")}.get(one.breadth or "", "")
        named = f"{name}, {breadth}" if breadth else name
        tone = words.tone(one.archetype)
        told = line(Run(f"{named}{colon()} ", strong=True, tone=tone), in_a_row(one.conditions))
        blocks.append(Paragraph(told, role, mark=tone))
    return blocks


# --- Reply, sources ---------------------------------------------------------------------------------------------------


def reply(edition: Edition) -> Slide:
    blocks: list[Block] = []
    if edition.voice:
        for spoken in edition.voice.spoken:
            blocks += reply_blocks(spoken.reply, spoken.first_words)
            if not spoken.is_whole:
                blocks.append(
                    Paragraph(line(Run(_("Read the whole reply"), link=f"{_case(edition)}replies/")), "small")
                )
    if not blocks:
        text = _("A reply of the brand is published here in full, as visible as the verdict.")
        blocks.append(Paragraph(line(text), "lead"))
    return Slide("reply", in_sentence(say.voice(edition)), blocks, notes=definitions("reply", edition.document))


def reply_blocks(spoken: Any, text: str) -> list[Block]:
    received = _("Received on %(date)s") % {"date": full_date(spoken.received_at)}
    told = _("published in full on %(date)s, under the right of reply") % {"date": full_date(spoken.decided_at)}
    who = f"{spoken.organisation} – {spoken.capacity}" if spoken.capacity else spoken.organisation
    foreign = spoken.language if spoken.language != page_language() else ""
    said = [Paragraph(line(Run(part, lang=foreign)), "body") for part in text.splitlines() if part.strip()]
    return [Paragraph(line(who), "kicker"), Paragraph(line(f"{received} · {told}"), "small"), *said]


def _case(edition: Edition) -> str:
    document = edition.document
    base = edition.card.base_url
    return f"{base}/{page_language()}/brands/{document['brand']['slug']}/{document['crisis']['slug']}/"


def sources(edition: Edition) -> Slide:
    document = edition.document
    told = ngettext(
        "This verdict rests on %(count)d source", "This verdict rests on %(count)d sources", len(document["sources"])
    )
    return Slide(
        "sources",
        told % {"count": len(document["sources"])},
        [sources_grid(document)],
        notes=[
            _("Quotations stay their owners’."),
            *say.sources_in_full(document, range(len(document["sources"]) + 1)),
        ],
    )


def sources_grid(document: Document) -> Grid:
    columns = [
        Heading(_("No."), 0.5),
        Heading(_("Source"), 7),
        Heading(_("Published by, date"), 4),
        Heading(_("Type"), 1.8),
    ]
    rows = []
    for source in document["sources"]:
        title: Line = (say.source_line(source)[0],)
        who = say.source_told(source).rpartition(" – ")[0]
        rows.append([cell(str(source["n"])), Cell([title]), cell(who), cell(words.word(source["type"], "source_type"))])
    return Grid("", columns, rows)


SLIDES: dict[str, Callable[[Edition], Slide | None]] = {
    "verdict": verdict,
    "ledger": ledger_slide,
    "coverage": coverage,
    "timeline": timeline,
    "indices": indices,
    "changes": changes,
    "reply": reply,
    "sources": sources,
}


# --- Notes ------------------------------------------------------------------------------------------------------------


def _full(document: Document, numbers: Iterable[int] | None = None) -> list[str]:
    wanted = set(numbers) if numbers is not None else {source["n"] for source in document["sources"]}
    found = say.sources_in_full(document, sorted(wanted))
    return [_("Sources:"), *found] if found else []


def definitions(code: str, document: Document) -> Sequence[str]:
    """What a speaker may be asked: what the words of this slide mean."""
    told = {
        "verdict": _verdict_defined(document),
        "ledger": [
            _(
                "A promise is what the brand committed itself to, in its own words or as others report it; its "
                "quotation, date and source are shown where they are on file."
            ),
            _("A proof is one act read against one promise, or the duty of care that every brand owes, for one group."),
        ],
        "coverage": [_("“Undocumented” means that we found nothing, not that the brand did nothing.")],
        "timeline": [
            _("A filled mark is an act that harms, an open one an act that helps; a bar is a month or a year.")
        ],
        "indices": [_("There is no total: a good index never makes up for a bad one.")],
        "changes": [_("Found by judging the case again, each time with one piece of evidence changed.")],
        "reply": [_("The brand’s reply is published in full and unedited, under the right of reply.")],
    }
    return told.get(code, [])


def _verdict_defined(document: Document) -> list[str]:
    known = {one.code: one.definition for one in archetypes()}
    name = words.word(document["outcome"], "outcome")
    told = [f"{name}{colon()} {known[document['outcome']]}"] if document["outcome"] in known else []
    same = _("%(same)s of %(all)s variants of the rules give the same verdict.")
    agreement = document["method_agreement"]
    return [
        *told,
        _("A verdict is an opinion on sourced facts: no certificate, no rating, no advice to invest."),
        same % {"same": agreement["same"], "all": agreement["of"]},
    ]
