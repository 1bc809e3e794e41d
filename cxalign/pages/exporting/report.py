"""A scorecard as a report: everything the page says, in the order of the page, the sources last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxalign.exports.pdf import Report, Section
from cxalign.exports.slides import Block, Grid, Heading, Paragraph, Run, cell, line
from cxalign.pages import arranging, citing, words
from cxalign.pages.exporting import deck
from cxalign.pages.exporting import sentences as say
from cxalign.pages.exporting.edition import LICENCE, Edition, colon
from cxalign.templatetags.cxalign import (
    full_date,
    here,
    label_language,
    note,
    page_language,
    partial_date,
    safe_address,
)
from scoring.ledger import ledger
from scoring.models import Publication

Document = Mapping[str, Any]


def report_of(edition: Edition) -> Report:
    document = edition.document
    made = (make(edition) for make in SECTIONS)
    return Report(
        title=edition.title,
        language=page_language(),
        heading=edition.brand,
        under=identity(edition),
        opening_title=_("Verdict on promise and acts"),
        opening=opening(edition),
        tone=words.tone(document["outcome"]),
        sections=[section for section in made if section is not None and section.blocks],
        standing=edition.standing,
        address=edition.address,
        page_of=_("page {page} of {pages}"),
        sticker=edition.watermark or edition.sticker,
        made_at=edition.made_at,
        keywords=[edition.brand, here(document["crisis"]["name"]), _("alignment scorecard")],
    )


def identity(edition: Edition) -> list[str]:
    document, brand = edition.document, edition.document["brand"]
    place = f"{capfirst(here(brand['sector']['name']))} · {here(brand['country_name'])}"
    parts = [place, _("Crisis: %(crisis)s") % {"crisis": here(document["crisis"]["name"])}]
    if brand["parent_group"]:
        parts.insert(1, _("Group: %(group)s") % {"group": brand["parent_group"]})
    lines = [here(brand["summary"]), " · ".join(parts), edition.standing]
    return [text for text in lines if text]


def opening(edition: Edition) -> list[Block]:
    """The verdict as the page has it: name, two sentences, how sure, the brand’s voice."""
    document = edition.document
    name, *aside = deck.verdict_aside(edition)
    blocks: list[Block] = [name, Paragraph(say.explanation(document), "lead")]
    if document["also_meets"]:
        also = " · ".join(words.word(outcome, "outcome") for outcome in document["also_meets"])
        blocks.append(Paragraph(line(f"{_('Also meets the conditions of:')} {also}"), "small"))
    kept = [block for block in aside if not _repeats(block)]
    same = _("%(same)s of %(all)s variants of the rules give the same verdict.")
    agreement = document["method_agreement"]
    told = Paragraph(line(same % {"same": agreement["same"], "all": agreement["of"]}), "small")
    return [*blocks, *kept[:-2], told, *kept[-2:]]


def _repeats(block: Block) -> bool:
    """What has a section of its own further on."""
    return (
        isinstance(block, Paragraph)
        and bool(block.line)
        and block.line[0].text.startswith(_("What would change this verdict"))
    )


def ties(edition: Edition) -> Section | None:
    publication = edition.card.publication
    if publication is None or not publication.ties:
        return None
    lines = []
    for tie in publication.ties:
        role, kind = words.word(tie["role"], "tie_role"), words.word(tie["kind"], "tie_kind")
        lines.append(Paragraph(line(f"{capfirst(role)} – {kind}{colon()} ", say.typed(tie["text"])), "body"))
    return Section(_("Declared ties"), lines)


def changes(edition: Edition) -> Section:
    document = edition.document
    first, others = arranging.changes(document)
    blocks: list[Block] = [Paragraph(say.change(one), "body", mark=words.tone(one["to"])) for one in [*first, *others]]
    if not blocks:
        blocks.append(Paragraph(line(_("No single change of the evidence would move it.")), "body"))
    lacking = deck.lacking(document, "body")
    if lacking:
        blocks += [Paragraph(line(_("What each other archetype still lacks")), "heading"), *lacking]
    return Section(_("What would change this verdict"), blocks)


def signals(edition: Edition) -> Section | None:
    blocks = deck.indices_aside(edition.document)
    return Section(_("Signals and choices of method"), blocks) if blocks else None


def indices(edition: Edition) -> Section:
    note_ = _("There is no total: a good index never makes up for a bad one.")
    return Section(_("Eight indices, side by side"), [deck.indices_grid(edition.document)], note_)


def promises(edition: Edition) -> Section:
    rows = ledger(edition.document)
    grid = deck.ledger_grid(edition.document, rows)
    return Section(_("From promise to proof"), [Grid("", grid.columns, grid.rows)], grid.caption)


def coverage(edition: Edition) -> Section:
    note_ = _("“Undocumented” means that we found nothing, not that the brand did nothing.")
    return Section(_("Stakeholders covered"), [deck.coverage_grid(edition.document)], note_)


def timeline(edition: Edition) -> Section | None:
    drawing = deck.timeline_drawing(edition)
    if drawing is None:
        return None
    return Section(
        _("Timeline"), [drawing, dated(edition)], arranging.turns_on(edition.document, edition.standing_versions)
    )


def dated(edition: Edition) -> Grid:
    """The same as a table."""
    acts = sorted(edition.document["actions"], key=lambda action: action["occurred_on"] or "9999")
    rows = []
    for act in acts:
        when = partial_date(act["occurred_on"]) if act["occurred_on"] else _("undated")
        whom = [
            f"{words.word(proof['stakeholder'], 'stakeholder')}, {words.word(proof['direction'], 'direction')}"
            for proof in act["proofs"]
        ]
        rows.append([cell(when), cell(say.typed(act["statement"])), cell(" · ".join(whom) or "–")])
    return Grid("", [Heading(_("Date"), 2), Heading(_("What"), 6), Heading(_("For whom"), 3)], rows)


def voice(edition: Edition) -> Section:
    blocks: list[Block] = []
    if edition.voice:
        for spoken in edition.voice.spoken:
            reply = spoken.reply
            blocks += deck.reply_blocks(reply, reply.text)
            blocks.append(_told(_("What it led to"), f"{reply.get_outcome_display()}."))
            blocks.append(_told(_("Our reasons"), say.written(reply, "reason")))
    return Section(_("The brand’s voice"), blocks or [Paragraph(line(say.voice(edition)), "body")])


def _told(label: str, text: str | Run) -> Paragraph:
    return Paragraph(line(Run(f"{label}{colon()} ", strong=True), text), "small")


def opinions(edition: Edition) -> Section | None:
    blocks: list[Block] = []
    for opinion in arranging.opinions(edition.document):
        judgement, source = opinion.judgement, opinion.source
        who = source["author"] or source["publisher"]
        if source["author"] and source["publisher"] != source["author"]:
            who = f"{who}, {source['publisher']}"
        when = f", {partial_date(source['published_on'])}" if source["published_on"] else ""
        blocks.append(Paragraph(line(Run(f"{who}{when}", strong=True), Run(str(judgement["n"]), raised=True)), "body"))
        polarity = words.word(judgement["polarity"], "polarity")
        label = Run(f" ({judgement['label']})", muted=True, lang=label_language(judgement["label"]))
        blocks.append(Paragraph(line(f"{polarity}{colon()} ", say.typed(judgement["description"]), label), "body"))
    lead = _("Opinions of their authors, published elsewhere. They are not evidence and do not move our verdict.")
    return Section(_("Others’ judgement beside ours"), blocks, lead) if blocks else None


def history(edition: Edition) -> Section | None:
    columns = [
        Heading(_("Version"), 1),
        Heading(_("Date"), 2),
        Heading(_("Verdict"), 2.4),
        Heading(_("Robustness"), 1.6),
        Heading(_("What changed"), 4),
    ]
    rows = [_version(one) for one in edition.versions]
    return Section(_("History of the verdict"), [Grid("", columns, rows)]) if rows else None


def _version(one: Publication) -> list[Any]:
    number, when = cell(str(one.version)), cell(full_date(one.published_at))
    if one.withdrawn_at:
        gone = _("Withdrawn on %(date)s") % {"date": full_date(one.withdrawn_at)}
        return [number, when, cell(Run(gone, muted=True), span=2), cell(line(say.written(one, "withdrawn_reason")))]
    cause = capfirst(words.word(one.cause, "cause"))
    told = line(f"{cause}{colon()} ", say.written(one, "note")) if note(one) else line(cause)
    robust = words.word(one.snapshot.robustness, "robustness") if one.snapshot.robustness else "–"
    verdict = words.word(one.snapshot.outcome, "outcome")
    return [number, when, cell(verdict, mark=words.tone(one.snapshot.outcome)), cell(robust), cell(told)]


def citation(edition: Edition) -> Section | None:
    if edition.is_draft:
        return None
    text = citing.as_text(edition.card, page_language()).removesuffix(edition.address)
    licence = f"{_('Licence')}{colon()} {LICENCE}. {_('Quotations stay their owners’.')}"
    return Section(
        _("Cite and reuse"),
        [Paragraph(line(text, Run(edition.address, link=edition.address)), "body"), Paragraph(line(licence), "small")],
    )


def sources(edition: Edition) -> Section:
    listed = edition.document["sources"]
    count = ngettext("%(count)d source", "%(count)d sources", len(listed)) % {"count": len(listed)}
    return Section(_("Sources"), [_source(source) for source in listed] or [Paragraph(line(count), "body")])


def _source(source: Document) -> Paragraph:
    runs: list[Run | str] = [Run(f"{source['n']}. ", strong=True), *say.source_line(source)]
    archive = source["archive"]
    if archive and safe_address(archive["url"]):
        runs += [" · ", Run(_("archived copy"), link=archive["url"])]
    return Paragraph(line(*runs), "body")


SECTIONS: Sequence[Any] = (
    ties,
    changes,
    signals,
    indices,
    promises,
    coverage,
    timeline,
    voice,
    opinions,
    history,
    citation,
    sources,
)
