"""A plan as slides and as a report: one slide a horizon and one of what it does not see, in the words of the board."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxalign.exports import pdf, pptx
from cxalign.exports.pdf import Report, Section
from cxalign.exports.slides import Block, Cell, Deck, Grid, Heading, Paragraph, Run, Slide, cell, line
from cxalign.pages import words
from cxalign.pages.exporting.edition import colon
from cxalign.plans.models import Horizon
from cxalign.plans.reading import BlindSpot, Card, Column, PlanView
from cxalign.plans.telling import in_a_row, label_of, value_of
from cxalign.templatetags.cxalign import both, full_date, page_language, quoted


def as_pptx(view: PlanView) -> bytes:
    target = io.BytesIO()
    pptx.write(target, deck_of(view))
    return target.getvalue()


def deck_of(view: PlanView) -> Deck:
    columns = [column for code in Horizon if (column := view.column(code)).cards or not _is_apart(column)]
    return Deck(
        title=f"{_('Plan')}{colon()} {view.plan.title}",
        language=page_language(),
        slides=[*(_of_horizon(view, column) for column in columns), _of_blind_spots(view)],
        standing=standing(view),
        address=address(view),
        sources_word=_("Sources:"),
        subject=standing(view),
    )


def _is_apart(column: Column) -> bool:
    """What is set aside or done has a slide only where there is something to tell."""
    return column.horizon in (Horizon.ASIDE, Horizon.DONE)


def standing(view: PlanView) -> str:
    plan = view.plan
    private = _("Private to the team %(team)s.") % {"team": plan.team}
    started = capfirst(_("started on %(day)s") % {"day": full_date(plan.starts_on)})
    written = f"{_('Written on')} {full_date(timezone.localdate())}"
    return " · ".join([plan.title, started, written, private])


def address(view: PlanView) -> str:
    return settings.BASE_URL + reverse("plan-board", args=[view.plan.pk])


# --- One horizon ------------------------------------------------------------------------------------------------------


def _of_horizon(view: PlanView, column: Column) -> Slide:
    return Slide(column.horizon, title_of(view, column), _cards(column), notes=[*_mission(view), *_notes(view, column)])


def title_of(view: PlanView, column: Column) -> str:
    count = len(column.cards)
    told = ngettext("“%(horizon)s” holds %(count)d action", "“%(horizon)s” holds %(count)d actions", count)
    if not count:
        told = _("“%(horizon)s” holds no action yet")
    title = told % {"horizon": column.name, "count": count}
    last = _("until %(day)s") % {"day": full_date(column.last_day)} if column.last_day else ""
    days = ", ".join(filter(None, [column.until, last]))
    return " – ".join(filter(None, [title, column.gloss, days]))


def _cards(column: Column) -> list[Block]:
    if not column.cards:
        return [Paragraph(line(_("Nothing is placed here.")), "body")]
    return [_grid(column)]


def _grid(column: Column) -> Grid:
    judged = ", ".join(name.lower() for name, _value in column.cards[0].bars)
    columns = [
        Heading(label_of("title"), 2.9),
        Heading(_("Promise"), 2),
        Heading(label_of("problem"), 2.4),
        Heading(capfirst(judged), 1.8),
        Heading(f"{label_of('owner')}, {label_of('due_on').lower()}", 1.8),
    ]
    return Grid("", columns, [_row(card) for card in column.cards])


def _row(card: Card) -> list[Cell]:
    item = card.item
    question: list[str | Run] = [shortened(str(item.problem))] if item.problem else []
    if card.need_is_assumed:
        question.append(Run(f"({_('assumption')})", muted=True))
    return [
        cell(item.title, *_tags(card), *_asides(card), heads=True),
        _promise(card),
        cell(*question),
        _judged(card),
        cell(item.owner or Run(_("No owner"), muted=True), unbroken(full_date(item.due_on)) if item.due_on else ""),
    ]


LONGEST = 150


def shortened(text: str) -> str:
    """What a cell has room for; the whole of it stands in the notes, and in the table for a spreadsheet."""
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(maxsplit=1)[0] + "…"


def unbroken(day: str) -> str:
    return day.replace(" ", "\u00a0")


def _judged(card: Card) -> Cell:
    """The three judgements with their numbers, no total."""
    if not any(value for _name, value in card.bars):
        return cell(Run(_("not judged"), muted=True))
    return cell(*(f"{name} {value or _('not judged')}" for name, value in card.bars))


def _promise(card: Card) -> Cell:
    if not card.promise:
        return cell(Run("–", muted=True))
    tone = card.gap_tone
    return cell(
        capfirst(card.gap_words), Run(shortened(card.promise.here), muted=True), mark="" if tone == "none" else tone
    )


def _tags(card: Card) -> list[Run]:
    item = card.item
    groups = [words.word(group, "stakeholder") for group in item.stakeholders]
    category = [str(capfirst(value_of("category", item.category)))] if item.category else []
    told = " · ".join([*category, *groups, *([_("to re-check")] if item.recheck else [])])
    return [Run(told, muted=True)] if told else []


def _asides(card: Card) -> list[Run]:
    """What a card says in small."""
    item = card.item
    told = [
        (_("Reason:"), shortened(item.aside_reason) if item.horizon == Horizon.ASIDE else ""),
        (_("waits for:"), in_a_row(one.title for one in card.waits_for)),
        (_("depends on:"), item.dependencies),
        (_("proof to collect:"), item.proof),
        (_("From the practice"), both(card.practice, "title") if card.practice else ""),
    ]
    return [Run(f"{label} {text}", muted=True) for label, text in told if text]


def _mission(view: PlanView) -> list[str]:
    plan = view.plan
    told = [f"{_('Mission:')} {quoted(plan.mission, '')}"] if plan.mission else []
    if view.retained:
        many = ngettext("Retained scenario:", "Retained scenarios:", len(view.retained))
        return [*told, f"{many} {in_a_row(one.text for one in view.retained)}"]
    return [*told, _("No scenario is retained: actions are not held against any.")]


def _notes(view: PlanView, column: Column) -> list[str]:
    """The whole of each card, and why it stands where it stands."""
    told = [(card.item.title, _in_full(card)) for card in column.cards]
    return [*_ours(column), *(f"{title}{colon()} {text}" for title, text in told if text)]


def _ours(column: Column) -> list[str]:
    told = _("Do Next and Do Later are our reading: the articles announce them without defining them.")
    return [told] if column.is_ours else []


def _in_full(card: Card) -> str:
    """What the slide has no room for."""
    item = card.item
    long = [str(item.problem or ""), card.promise.here if card.promise else "", item.aside_reason]
    return " ".join(filter(None, [item.description, *(text for text in long if shortened(text) != text), _why(card)]))


def _why(card: Card) -> str:
    return card.reason.text if card.reason else ""


# --- Blind spots ------------------------------------------------------------------------------------------------------


def _of_blind_spots(view: PlanView) -> Slide:
    count = len(view.blind_spots)
    told = ngettext("This plan has %(count)d blind spot", "This plan has %(count)d blind spots", count)
    title = told % {"count": count}
    if not view.items:
        title = _("The plan holds no action yet: its blind spots show once it does")
    elif not count:
        title = _("This plan has no blind spot that can be seen from here")
    return Slide("blind_spots", title, spots(view), notes=[_("Worked out anew from the cards each time.")])


def spots(view: PlanView) -> list[Block]:
    return [Paragraph(line(spot.text, *_named(spot), *_answers(spot)), "item") for spot in view.blind_spots]


def _named(spot: BlindSpot) -> list[Run]:
    """The actions that it is about, unless its own words name them."""
    titles = [item.title for item in spot.items if item.title not in spot.text]
    return [Run(f" {in_a_row(titles)}.")] if titles else []


def _answers(spot: BlindSpot) -> list[Run]:
    """The practices that answer it, as a link."""
    place = "practices" if spot.practices else "practices-seen"
    told = _("See acts in our evidence")
    if spot.practices:
        many = ngettext(
            "See %(many)s practice that answers it", "See %(many)s practices that answer it", spot.practices
        )
        told = many % {"many": spot.practices}
    link = f"{settings.BASE_URL}{reverse(place)}?{spot.query}"
    return [Run(" "), Run(told, muted=True, link=link)]


# --- The report -------------------------------------------------------------------------------------------------------


def as_pdf(view: PlanView) -> bytes:
    return pdf.write(report_of(view))


def report_of(view: PlanView) -> Report:
    plan = view.plan
    columns = [view.column(code) for code in Horizon]
    sections = [
        Section(title_of(view, column), [*(Paragraph(line(text), "small") for text in _ours(column)), *_cards(column)])
        for column in columns
        if column.cards
    ]
    if view.unplaced:
        unplaced = Column("", _("Not placed yet"), "", "", None, False, view.unplaced)
        sections.append(Section(unplaced.name, [_grid(unplaced)]))
    sections.append(Section(_("Blind spots"), spots(view) or [Paragraph(line(_of_blind_spots(view).title), "body")]))
    return Report(
        title=f"{_('Plan')}{colon()} {plan.title}",
        language=page_language(),
        heading=plan.title,
        under=_under(view),
        opening_title=_("Mission"),
        opening=[Paragraph(line(text), "body") for text in [*_mission(view), *_progress(view)]],
        tone="none",
        sections=sections,
        standing=standing(view),
        address=address(view),
        page_of=_("page {page} of {pages}"),
        sticker=_("Private to the team %(team)s.") % {"team": plan.team},
        made_at=timezone.now(),
        keywords=[plan.title],
    )


def _under(view: PlanView) -> Sequence[str]:
    plan = view.plan
    started = capfirst(_("started on %(day)s") % {"day": full_date(plan.starts_on)})
    return [*([plan.known_brand.name] if plan.known_brand else []), started]


def _progress(view: PlanView) -> list[str]:
    return [f"{step.name}{colon()} {step.told}" for step in view.steps]
