"""The codebook beside the codes: what each field asks for, its anchors with examples, and the rules settled so far.

The levels themselves stand in ``codes``. Here is what a coder looks up while choosing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Anchor:
    """One row of the codebook: what the level means, and a case in which it was given."""

    level: Any
    meaning: Any
    example: Any = ""


@dataclass(frozen=True)
class Entry:
    """What the codebook says about one code beyond the words of its levels."""

    rules: tuple[Any, ...] = ()
    anchors: tuple[Anchor, ...] = ()


_GROUPS = (
    _(
        "Employees: front line included, and whoever works under the brand’s orders, whatever the "
        "contract (drivers, shoppers, agency staff)."
    ),
    _("Partners: firms and shopkeepers it trades with – suppliers, contractors, retailers, franchisees."),
    _("Community: residents, citizens, vulnerable people, public services, hospitals; taxpayers and the state too."),
    _("Environment: harms count; it is not needed for “aligned”."),
    _("A gain for the firm alone is no proof."),
)
_HARM_DEPTH = (
    _("Job cuts with notice and pay: 1 if the brand had promised nothing on jobs and says why, else 2."),
    _("Withheld pay, cancelled orders already made, refused refunds that are due: 2."),
    _("Risk to health, or income stopped without a net: 3."),
    _("Withdrawing help while the need lasts: 2 if a promise covers it, else 1."),
    _("Money owed or required (refunds due, legal sick pay) is depth 0 at most."),
)
_DATES = (
    _(
        "A promise known to the year or month only is taken to precede an act of the same year or "
        "month, unless a source shows it came later."
    ),
    _("A statement published together with the act, or about it, is not a yardstick for it."),
)
_SOURCES = (
    _(
        "A page that only repeats the brand’s announcement is “interested” with the brand as its "
        "group, whoever publishes it."
    ),
    _("Unions and campaigners are “interested” on claims against their opponent unless they publish documents."),
    _("“Primary” only for a document that you opened and checked yourself."),
)

CODEBOOK: dict[str, Entry] = {
    "promise.stakeholders": Entry(
        (*_GROUPS, _("“Everyone” or “our ecosystem” means all four core groups.")),
    ),
    "promise.statement_level": Entry(
        (_("A purpose or a label is not a promise until a group and something given to it can be named."),)
    ),
    "promise.since": Entry(_DATES),
    "promise.testable": Entry(
        (_("A purpose or a label is not a promise until a group and something given to it can be named."),)
    ),
    "action.substance": Entry(
        (
            _("Level 3 needs a figure or a fact in the record that shows it is large; otherwise 2."),
            _("Not the kind of gift counts: a service can be major."),
            _(
                "An announced sum with date and recipient is 2 until the deadline passes unpaid; an "
                "announcement without them is 0."
            ),
        )
    ),
    "action.reach": Entry((_("It never moves the outcome of the method in force; it is shown and searched."),)),
    "action.initiative": Entry(
        (_("Undoing a harm is a remedy, not a help: it is not recorded a second time as a helpful act."),)
    ),
    "action.generosity": Entry(
        (
            _("Money owed or required (refunds due, legal sick pay) is 1 at most."),
            _("Sales at cost are 1."),
        )
    ),
    "action.duration": Entry((_("Withdrawing help while the need lasts is a new, harmful act."),)),
    "actionsource.kind": Entry(_SOURCES),
    "actionsource.independence_group": Entry(
        (
            *_SOURCES[:1],
            _(
                "Copies of one dispatch share its group. A list that cites other pages belongs to the group"
                " of the page it cites."
            ),
        )
    ),
    "proof.stakeholder": Entry(
        (*_GROUPS, _("Mixed effects on one group: two acts, or one act with two proofs, help and harm."))
    ),
    "proof.promise": Entry(
        (
            _(
                "Same subject: a promise is the yardstick only if it addresses the group and a customer of "
                "the brand would quote it about this act. Low fares are no yardstick for refunds; “we "
                "protect our staff” is one for masks at work."
            ),
            *_DATES,
        )
    ),
    "proof.direction": Entry((_("An act that serves one group by hurting another has two proofs."),)),
    "proof.depth": Entry(
        (
            _(
                "Read against what a reasonable member of the group would expect from the yardstick at that"
                " date, whatever the small print."
            ),
            *_HARM_DEPTH,
        ),
        (
            Anchor(
                _("helps 0 – keeps"),
                _("does what was to be expected, in crisis conditions"),
                _("acts match commitments (John Lewis)"),
            ),
            Anchor(
                _("helps 1 – beyond"),
                _("gives something that neither contract, law nor sector custom led to expect"),
                _("savings handed back (USAA, MAIF), overdraft fees dropped (RBS)"),
            ),
            Anchor(
                _("helps 2 – far beyond"), _("open-ended or unconditional"), _("any customer, any request (Zappos)")
            ),
            Anchor(_("harms 1 – falls short"), _("late, partial, unannounced conditions")),
            Anchor(
                _("harms 2 – breaks"),
                _("refuses, withholds or does the opposite when it matters"),
                _("business-interruption losses not covered (Axa)"),
            ),
            Anchor(
                _("harms 3 – endangers"),
                _("health, livelihood or dignity put at risk"),
                _("staff put at risk to serve demand (Amazon)"),
            ),
        ),
    ),
    "proof.remedy": Entry(
        (
            _("2 if within days, complete and unforced; 1 if late, partial, or after pressure."),
            _("It needs a source of its own with evidence 2 or more, and reaches the same people for the same harm."),
        )
    ),
    "brandprofile.purpose": Entry(
        (
            _("Only what is dated before the crisis counts."),
            _(
                "3 needs outside control, such as a société à mission: statutory purpose, mission "
                "committee, independent third-party check."
            ),
        )
    ),
    "brandprofile.values_heritage": Entry((_("Only what is dated before the crisis counts."),)),
    "brandprofile.customer_record": Entry((_("Only what is dated before the crisis counts."),)),
    "brandprofile.not_applicable": Entry((_("“Aligned” needs at least three core groups that apply."),)),
}
"""Field → what a coder looks up about it. The key is ``model.field``."""

_PARTIAL = _("As precisely as it is known: 2020, 2020-04 or 2020-04-13.")

HELP: dict[str, Any] = {
    "brand.sector": _("The one in which it meets its customers."),
    "brand.parent_group": _("For readers only: a parent’s acts are not inherited."),
    "brand.website": _("The brand’s own site, beginning with https://."),
    "brand.entity_type": _("A collective is several firms that act under one name."),
    "brand.lei": _("Twenty letters and figures, from the register of legal entities."),
    "brand.siren": _("Nine figures, from the French register."),
    "brand.wikidata": _("Such as Q1234."),
    "brand.summary_en": _("One factual sentence, without judgement."),
    "brand.summary_fr": _("One factual sentence, without judgement."),
    "brand.slug": _("Part of the brand’s address, for good: it cannot be changed later."),
    "source.url": _("As the browser shows it. Each address is on file once."),
    "source.title": _("As published, in its own language."),
    "source.publisher": _("Who answers for it: the paper, the authority, the brand itself."),
    "source.author": _("Named people only for a text they signed."),
    "source.published_on": _PARTIAL,
    "source.source_type": _("Who publishes it. What it is relative to a claim is said beside each act."),
    "promise.sources": _("Where it can be read. Without a source it is shown as undocumented."),
    "promise.kind": _("Where the promise comes from."),
    "promise.value_type": _("Described only: it never moves the outcome."),
    "promise.quote_language": _("Two letters, such as fr or en."),
    "promise.statement_fr": _("The same in French, without judgement."),
    "promise.stated_on": _("The day it was published, as precisely as it is known."),
    "promise.weight": _("Shown and searched: it never moves the outcome."),
    "promise.specificity": _("Described only: it never moves the outcome."),
    "promise.scope": _("Described only: it never moves the outcome."),
    "promise.rationale_en": _("Why these codes: what in the source carries them."),
    "promise.rationale_fr": _("The same in French: readers see both."),
    "action.crisis": _("The crisis because of which it acted."),
    "action.started": _PARTIAL,
    "action.ended": _("Left empty while it lasts, or where it is not known."),
    "action.country": _("Two letters, such as FR; empty where it acted in several."),
    "action.amount": _("Only a published sum, with its currency."),
    "action.amount_currency": _("Three letters, such as EUR."),
    "action.kind": _("What was given. Described only."),
    "action.categories": _("All that fit. Described only."),
    "action.family": _("The one practice it is an example of."),
    "action.duration": _("How long it was kept up. Described only."),
    "action.duplicate_of": _("The act this one repeats: only that one is counted."),
    "action.rationale_en": _("Why these codes: what in the source carries them."),
    "action.rationale_fr": _("The same in French: readers see both."),
    "action.coding": _("How many people arrived at these codes. Changing a code by hand makes it one again."),
    "actionsource.source": _("Search by title, publisher or address; the plus sign adds a new one."),
    "actionsource.kind": _(
        "What the source is relative to this claim: the same page can be independent on one act and"
        " interested on another."
    ),
    "actionsource.locator": _("Where in the document: page, clause, minute."),
    "proof.stakeholder": _("One proof for each group that the act helps or harms."),
    "proof.direction": _("For this group. No bearing on it: no proof."),
    "proof.depth": _("How far from what the yardstick led the group to expect."),
    "proof.rationale_en": _("Why this depth, in a sentence that names what the source says."),
    "proof.rationale_fr": _("The same in French: readers see both."),
    "proof.coding": _("How many people arrived at these codes. Changing a code by hand makes it one again."),
    "proof.settlement": _("Why the coders’ difference was settled as it was."),
    "brandprofile.sources": _("Documents from before the crisis that carry the three codes."),
    "brandprofile.coding": _("How many people arrived at these codes. Changing a code by hand makes it one again."),
    "brandprofile.rationale_en": _("Why these codes: what in the source carries them."),
    "brandprofile.rationale_fr": _("The same in French: readers see both."),
    "judgement.label": _("In the author’s own words, as short as they are."),
    "judgement.polarity": _("As the author means it, not as we see it."),
    "judgement.description_en": _("What the author says, attributed and without our opinion."),
    "judgement.description_fr": _("The same in French: readers see both."),
    "judgement.archetype": _("Only where the author’s words leave no other reading."),
    "judgement.source": _("Where the author published it."),
    "outcomefigure.kind": _("What the series measures; readings of other kinds are never compared with it."),
    "outcomefigure.value": _("As the source prints it; a minus sign where it is below 0."),
    "outcomefigure.source": _("Where the reading is published."),
    "outcomefigure.note_en": _("What a reader has to know about this reading: scope, panel, a break in the series."),
    "outcomefigure.note_fr": _("The same in French: readers see both."),
    "crisis.ends_on": _("Left empty while it lasts."),
    "crisis.starts_on": _("Profiles count only what is dated before this day."),
    "tag.name": _("A word of the team’s own. It counts in no verdict, and readers never see it."),
}
"""Field → the rule for filling it in, where its model does not say. The key is ``model.field``."""


def key_of(db_field: Any) -> str:
    return f"{db_field.model._meta.model_name}.{db_field.name}"


def help_texts(model: Any) -> dict[str, Any]:
    """The rules for the fields of one model, as form factories want them."""
    prefix = f"{model._meta.model_name}."
    return {key.removeprefix(prefix): text for key, text in HELP.items() if key.startswith(prefix)}
