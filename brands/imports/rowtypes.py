"""What each file of a catalogue holds, as tables: its columns, its key, and the checks on a whole row.

A new kind of row is a new entry here; reading, checking, planning and saving stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models

from brands import codes
from brands.imports import columns as cells
from brands.imports.columns import Column
from brands.imports.report import say as _
from brands.imports.report import shown
from brands.models import Action, ActionSource, Brand, BrandProfile, Judgement, OutcomeFigure, Promise, Proof, Source

Values = dict[str, Any]


class Flaw(NamedTuple):
    """Something wrong with a row: the column to look at, a stable code, and what to do."""

    column: str
    code: str
    message: str


Check = Callable[[Values], Iterator[Flaw]]
SECTORS = "sectors"
"""Not a file: sectors are reference data, kept in the admin."""
DUTY = codes.DUTY
"""The yardstick of an act that no promise covers: the duty of care."""


# --- Checks on one row: its cells beside one another ------------------------------------------------------------------

PRECISIONS = {0: "unknown", 4: "year", 7: "month", 10: "day"}


def precision_fits(date: str) -> Check:
    column = f"{date}_precision"

    def check(values: Values) -> Iterator[Flaw]:
        fits, said = PRECISIONS[len(values[date])], values[column]
        if said != fits and (values[date] or said):
            message = _("“%(date)s” has the precision “%(fits)s”, but the cell says “%(said)s”: correct one of them.")
            shown_date = {"date": values[date], "fits": fits, "said": said}
            yield Flaw(column, "precision", message % shown_date)

    return check


def says_something(english: str, french: str) -> Check:
    def check(values: Values) -> Iterator[Flaw]:
        if not values[english] and not values[french]:
            yield Flaw(english, "missing_value", _("The statement is empty in both languages: write one of them."))

    return check


def ends_after_it_starts(values: Values) -> Iterator[Flaw]:
    started, ended = values["date"], values["ended"]
    if started and ended and ended < started[: len(ended)]:
        yield Flaw("ended", "ends_before_start", _("It ends before it starts: check both dates."))


def amount_has_currency(values: Values) -> Iterator[Flaw]:
    if (values["amount"] is None) != (not values["amount_currency"]):
        message = _("An amount needs its currency, and a currency its amount: fill in both cells or none.")
        yield Flaw("amount_currency", "amount_and_currency", message)


def depth_fits_direction(values: Values) -> Iterator[Flaw]:
    if values["direction"] == codes.Direction.HELPS and values["depth"] == codes.Depth.ENDANGERS:
        yield Flaw("depth", "depth", _("Depth 3 is for harm only: help goes from 0 to 2."))
    if values["direction"] == codes.Direction.HARMS and values["depth"] == codes.Depth.KEEPS:
        yield Flaw("depth", "depth", _("Depth 0 is for help only: harm goes from 1 to 3."))


def remedy_only_for_harm(values: Values) -> Iterator[Flaw]:
    if values["direction"] == codes.Direction.HELPS and values["remedy"] != codes.Remedy.NONE:
        yield Flaw("remedy", "remedy", _("Only a harm can be remedied: choose 0."))


def key_is_not_duty(values: Values) -> Iterator[Flaw]:
    if values["promise_slug"] == DUTY:
        yield Flaw("promise_slug", "reserved_key", _("“duty” stands for the duty of care: choose another key."))


def not_its_own_duplicate(values: Values) -> Iterator[Flaw]:
    if values["duplicate_of"] and values["duplicate_of"] == values["action_slug"]:
        yield Flaw("duplicate_of", "own_duplicate", _("An act cannot be its own duplicate."))


def not_applicable_has_reason(values: Values) -> Iterator[Flaw]:
    if values.get("not_applicable") and not values.get("not_applicable_reason"):
        yield Flaw("not_applicable_reason", "missing_value", _("Write why these groups do not apply."))


# --- Checks on one row beside the records it names --------------------------------------------------------------------


def promise_of_the_same_brand(fields: Values) -> Iterator[Flaw]:
    promise = fields["promise"]
    if promise and promise.brand.slug != fields["action"].brand.slug:
        yield Flaw("yardstick", "other_brand", _("This promise was made by another brand."))
    elif promise and fields["stakeholder"] not in promise.stakeholders:
        message = _("The promise “%(key)s” does not address that group: write “duty” for the duty of care.")
        yield Flaw("yardstick", "group_not_addressed", message % {"key": shown(promise.key)})


def duplicate_of_the_same_brand(fields: Values) -> Iterator[Flaw]:
    brand = getattr(fields.get("duplicate_of"), "brand", None)  # none as well where the original’s own row names none
    if brand and brand.slug != fields["brand"].slug:
        yield Flaw("duplicate_of", "other_brand", _("A duplicate belongs to the same brand."))


# --- The files --------------------------------------------------------------------------------------------------------

SETTLED = {
    "single": codes.Coding.SINGLE.value,
    "agreed": codes.Coding.AGREED.value,
    "adjudicated": codes.Coding.ADJUDICATED.value,
    "rule_2_7": codes.Coding.READING_RULE.value,
}


@dataclass(frozen=True, eq=False)
class RowType:
    """One file: the records in it, its columns, what makes a row's key, and what must hold for a row."""

    file: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    match: str
    """Where the first part of the key stands in the database."""
    key_of: Callable[[Any], tuple[str, ...]]
    brand_of: Callable[[Any], Brand | None]
    checks: tuple[Check, ...] = ()
    checks_on_records: tuple[Check, ...] = ()
    unique: tuple[str, ...] = ()
    """Columns beside the key in which no two rows hold the same value."""
    fixed: tuple[str, ...] = ()
    """Fields that a record keeps for good; a row that says otherwise means another record."""
    in_crisis: bool = False
    select_related: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    """Fields that hold several records."""
    part: str = ""
    """What the record that the key begins with calls these: they are edited on its screen, and count as its text."""
    derive: Callable[[Any], None] | None = None
    """Works out the ``derived`` fields of a record, as its ``save`` would."""
    derived: tuple[str, ...] = ()
    told_as: str = "evidence"
    """How the lines of the trail about these records begin."""

    @cached_property
    def empty_row(self) -> Values:
        """What the cells say when all of them are empty."""
        return {column.name: column.empty for column in self.columns}

    @property
    def with_revision(self) -> bool:
        return hasattr(self.model, "revision")

    @property
    def refers_to_itself(self) -> Column | None:
        return next((column for column in self.columns if column.refers == self.file), None)


def texts(model: type[models.Model], **fields: str) -> tuple[Column, ...]:
    """Columns of plain text: the name in the file, and the field."""
    return tuple(Column(name, cells.text(model, field), field) for name, field in fields.items())


def rationale(model: type[models.Model]) -> tuple[Column, ...]:
    return texts(model, rationale_en="rationale_en", rationale_fr="rationale_fr")


def settled(model: type[models.Model]) -> Column:
    return Column("settled", cells.translated(SETTLED), "coding", empty=codes.Coding.SINGLE.value)


def levels(model: type[models.Model], **fields: str) -> tuple[Column, ...]:
    """Columns of codes that may be unknown: the name in the file, and the field."""
    return tuple(Column(name, cells.coded(model, field), field) for name, field in fields.items())


def precise_date(name: str, field: str) -> tuple[Column, ...]:
    """A date and, beside it, how precisely it is known."""
    return Column(name, cells.partial_date, field), Column(f"{name}_precision", cells.code(PRECISIONS.values()))


BRANDS = RowType(
    "brands.csv",
    Brand,
    (
        Column("brand_slug", cells.own_key(Brand, "slug"), "slug", required=True),
        Column("name", cells.text(Brand, "name"), "name", required=True),
        *texts(Brand, parent_group="parent_group"),
        Column("entity_type", cells.coded(Brand, "entity_type"), "entity_type", required=True),
        Column("country", cells.country, "country", required=True),
        Column("sector", cells.key(Brand, "slug"), "sector", required=True, refers=SECTORS),
        Column("seed_article", cells.yes_no, "in_founding_article", required=True),
        *texts(Brand, summary_en="summary_en", summary_fr="summary_fr"),
        Column("aliases", cells.lines(Brand, "aliases"), "aliases", optional=True),
        Column("perimeter", cells.text(Brand, "perimeter"), "perimeter", optional=True),
        Column("website", cells.url(Brand, "website"), "website", optional=True),
    ),
    key=("brand_slug",),
    match="slug",
    key_of=lambda brand: (brand.slug,),
    brand_of=lambda brand: brand,
    select_related=("sector",),
    derive=Brand.derive,
    derived=("search_text", "sort_key"),
)

SOURCES = RowType(
    "sources.csv",
    Source,
    (
        Column("source_slug", cells.own_key(Source, "key"), "key", required=True),
        Column("url", cells.url(Source, "url"), "url"),
        Column("title", cells.text(Source, "title"), "title", required=True),
        *texts(Source, publisher="publisher", author="author"),
        *precise_date("published_on", "published_on"),
        Column("source_type", cells.coded(Source, "source_type"), "source_type", required=True),
        Column("language", cells.language, "language"),
        Column("passage", cells.text(Source, "passage"), "passage", optional=True),
    ),
    key=("source_slug",),
    match="key",
    key_of=lambda source: (source.key,),
    brand_of=lambda source: None,
    checks=(precision_fits("published_on"),),
    unique=("url",),
)

PROMISES = RowType(
    "promises.csv",
    Promise,
    (
        Column("promise_slug", cells.own_key(Promise, "key"), "key", required=True),
        Column("brand_slug", cells.key(Brand, "slug"), "brand", required=True, refers=BRANDS.file),
        Column("promise_type", cells.coded(Promise, "kind"), "kind", required=True),
        *texts(Promise, statement_en="statement_en", statement_fr="statement_fr", official_quote="quote"),
        Column("quote_language", cells.language, "quote_language"),
        Column("stakeholders", cells.code_set(Promise, "stakeholders"), "stakeholders", required=True),
        *precise_date("stated_on", "stated_on"),
        Column("source_slugs", cells.keys(Source, "key"), "sources", empty=(), refers=SOURCES.file),
        *levels(Promise, st="statement_level", value_type="value_type", specificity="specificity", scope="scope"),
        Column("since", cells.partial_date, "since"),
        Column("weight", cells.coded(Promise, "weight"), "weight", required=True),
        Column("testable", cells.yes_no, "testable", required=True),
        *rationale(Promise),
    ),
    key=("promise_slug",),
    match="key",
    key_of=lambda promise: (promise.key,),
    brand_of=lambda promise: promise.brand,
    checks=(precision_fits("stated_on"), says_something("statement_en", "statement_fr"), key_is_not_duty),
    fixed=("brand",),
    select_related=("brand",),
    many=("sources",),
)

ACTIONS = RowType(
    "actions.csv",
    Action,
    (
        Column("action_slug", cells.own_key(Action, "key"), "key", required=True),
        Column("brand_slug", cells.key(Brand, "slug"), "brand", required=True, refers=BRANDS.file),
        *texts(Action, description_en="statement_en", description_fr="statement_fr"),
        *precise_date("date", "started"),
        Column("country", cells.country, "country"),
        Column("amount", cells.amount, "amount", empty=None),
        Column("amount_currency", cells.currency, "amount_currency"),
        Column("seed_article", cells.yes_no, "in_founding_article", required=True),
        *levels(Action, su="substance", re="reach", ge="generosity"),
        Column("in", cells.coded(Action, "initiative"), "initiative"),  # a word that Python keeps for itself
        Column("appraisal", cells.yes_no, "appraisal", required=True),
        *levels(Action, kind="kind", family="family", duration="duration"),
        Column("category", cells.code_set(Action, "categories"), "categories", empty=()),
        Column("ended", cells.partial_date, "ended"),
        Column("duplicate_of", cells.key(Action, "key"), "duplicate_of", refers="actions.csv"),
        *rationale(Action),
        settled(Action),
        Column("disputed", cells.yes_no, "disputed", optional=True, empty=False),
    ),
    key=("action_slug",),
    match="key",
    key_of=lambda action: (action.key,),
    brand_of=lambda action: action.brand,
    checks=(
        precision_fits("date"),
        says_something("description_en", "description_fr"),
        ends_after_it_starts,
        amount_has_currency,
        not_its_own_duplicate,
    ),
    checks_on_records=(duplicate_of_the_same_brand,),
    fixed=("brand", "crisis"),
    in_crisis=True,
    select_related=("brand", "crisis", "duplicate_of__brand"),
)

ACTION_SOURCES = RowType(
    "action_sources.csv",
    ActionSource,
    (
        Column("action_slug", cells.key(Action, "key"), "action", required=True, refers=ACTIONS.file),
        Column("source_slug", cells.key(Source, "key"), "source", required=True, refers=SOURCES.file),
        Column("kind", cells.coded(ActionSource, "kind"), "kind", required=True),
        Column("group", cells.key(ActionSource, "independence_group"), "independence_group", required=True),
        Column("locator", cells.text(ActionSource, "locator"), "locator", optional=True),
    ),
    key=("action_slug", "source_slug"),
    match="action__key",
    part="source_links",
    key_of=lambda link: (link.action.key, link.source.key),
    brand_of=lambda link: link.action.brand,
    select_related=("action__brand", "source"),
)


def yardstick(cell: str) -> str:
    return "" if cell == DUTY else str(cells.key(Promise, "key")(cell))


PROOFS = RowType(
    "proofs.csv",
    Proof,
    (
        Column("action_slug", cells.key(Action, "key"), "action", required=True, refers=ACTIONS.file),
        Column("stakeholder", cells.coded(Proof, "stakeholder"), "stakeholder", required=True),
        Column("yardstick", yardstick, "promise", required=True, refers=PROMISES.file),
        Column("direction", cells.coded(Proof, "direction"), "direction", required=True),
        Column("depth", cells.coded(Proof, "depth"), "depth"),
        Column("remedy", cells.coded(Proof, "remedy"), "remedy", required=True),
        *rationale(Proof),
        settled(Proof),
        *texts(Proof, reason="settlement"),
    ),
    key=("action_slug", "stakeholder", "direction"),
    match="action__key",
    part="proofs",
    key_of=lambda proof: (proof.action.key, proof.stakeholder, proof.direction),
    brand_of=lambda proof: proof.action.brand,
    checks=(depth_fits_direction, remedy_only_for_harm),
    checks_on_records=(promise_of_the_same_brand,),
    select_related=("action__brand", "promise"),
)

PROFILES = RowType(
    "profiles.csv",
    BrandProfile,
    (
        Column("brand_slug", cells.key(Brand, "slug"), "brand", required=True, refers=BRANDS.file),
        *levels(BrandProfile, pu="purpose", vh="values_heritage", cc="customer_record"),
        Column("labels", cells.lines(BrandProfile, "labels"), "labels"),
        *rationale(BrandProfile),
        Column("source_slugs", cells.keys(Source, "key"), "sources", empty=(), refers=SOURCES.file),
        Column(
            "not_applicable",
            cells.code_set(BrandProfile, "not_applicable"),
            "not_applicable",
            empty=(),
            optional=True,
        ),
        Column(
            "not_applicable_reason",
            cells.text(BrandProfile, "not_applicable_reason"),
            "not_applicable_reason",
            optional=True,
        ),
    ),
    key=("brand_slug",),
    match="brand__slug",
    key_of=lambda profile: (profile.brand.slug,),
    brand_of=lambda profile: profile.brand,
    checks=(not_applicable_has_reason,),
    in_crisis=True,
    select_related=("brand", "crisis"),
    many=("sources",),
)

JUDGEMENTS = RowType(
    "judgements.csv",
    Judgement,
    (
        Column("verdict_slug", cells.own_key(Judgement, "key"), "key", required=True),
        Column("brand_slug", cells.key(Brand, "slug"), "brand", required=True, refers=BRANDS.file),
        Column("label", cells.text(Judgement, "label"), "label", required=True),
        Column("polarity", cells.coded(Judgement, "polarity"), "polarity", required=True),
        *texts(Judgement, description_en="description_en", description_fr="description_fr"),
        Column("source_slug", cells.key(Source, "key"), "source", required=True, refers=SOURCES.file),
        Column("judgement", cells.coded(Judgement, "archetype"), "archetype"),
    ),
    key=("verdict_slug",),
    match="key",
    key_of=lambda judgement: (judgement.key,),
    brand_of=lambda judgement: judgement.brand,
    fixed=("brand", "crisis"),
    in_crisis=True,
    select_related=("brand", "crisis", "source"),
)

OUTCOMES = RowType(
    "outcomes.csv",
    OutcomeFigure,
    (
        Column("figure_slug", cells.own_key(OutcomeFigure, "key"), "key", required=True),
        Column("brand_slug", cells.key(Brand, "slug"), "brand", required=True, refers=BRANDS.file),
        Column("measure", cells.coded(OutcomeFigure, "kind"), "kind", required=True),
        Column("series", cells.text(OutcomeFigure, "series"), "series", required=True),
        Column("value", cells.number, "value", required=True),
        Column("unit", cells.text(OutcomeFigure, "unit"), "unit", required=True),
        Column("measured_on", cells.partial_date, "measured_on", required=True),
        Column("source_slug", cells.key(Source, "key"), "source", required=True, refers=SOURCES.file),
        *texts(OutcomeFigure, note_en="note_en", note_fr="note_fr"),
    ),
    key=("figure_slug",),
    match="key",
    key_of=lambda figure: (figure.key,),
    brand_of=lambda figure: figure.brand,
    fixed=("brand", "crisis"),
    in_crisis=True,
    select_related=("brand", "crisis", "source"),
)

ROW_TYPES = (BRANDS, SOURCES, PROMISES, ACTIONS, ACTION_SOURCES, PROOFS, PROFILES, JUDGEMENTS, OUTCOMES)
"""In the order in which they are planned and saved: what a row names comes before it."""
BY_FILE = {row_type.file: row_type for row_type in ROW_TYPES}


def in_order(plan: Iterable[RowType]) -> list[RowType]:
    """The same, with kinds of rows behind them that a module further up keeps."""
    return [*ROW_TYPES, *(row_type for row_type in plan if row_type not in ROW_TYPES)]
