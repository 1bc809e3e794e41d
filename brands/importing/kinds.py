"""What people can send in: the kinds of rows, and what their columns are called in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.db import models
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from brands.imports import columns as cells
from brands.imports import rowtypes
from brands.imports.checking import Row
from brands.imports.columns import Column
from brands.imports.rowtypes import Flaw, RowType
from brands.models import fold

LANGUAGES = ("en", "fr")

Examples = dict[str, str | tuple[str, str]]
"""Column → a cell, or one in English and one in French."""

HIDDEN = frozenset({"settled", "reason"})
"""That two coders agreed is not for a file to say: whoever sends one is one coder."""

ALIASES: dict[str, tuple[str, ...]] = {
    "brand_slug": ("brand", "brand key", "marque", "clé de la marque", "entreprise", "company"),
    "name": ("brand name", "nom", "nom de la marque"),
    "parent_group": ("group", "owner", "groupe", "maison mère"),
    "entity_type": ("entity", "type d’entité"),
    "country": ("country code", "pays"),
    "sector": ("industry", "secteur", "secteur d’activité"),
    "seed_article": ("founding article", "article fondateur"),
    "website": ("site", "site web", "site internet"),
    "source_slug": ("source", "source key", "clé de la source"),
    "source_slugs": ("sources", "source", "source keys", "clés des sources"),
    "url": ("link", "web address", "lien", "adresse web"),
    "title": ("headline", "titre"),
    "publisher": ("media", "newspaper", "éditeur", "média", "journal"),
    "author": ("auteur", "auteurs", "authors"),
    "published_on": ("date", "publication date", "date de publication", "publié le", "published"),
    "source_type": ("type", "type de source"),
    "language": ("lang", "langue"),
    "passage": ("quote", "extrait", "passage exact", "excerpt"),
    "promise_slug": ("promise", "promise key", "promesse", "clé de la promesse"),
    "promise_type": ("kind", "type", "type de promesse", "nature"),
    "statement_en": ("statement", "promise in english", "énoncé en anglais"),
    "statement_fr": ("énoncé", "promise in french", "énoncé en français"),
    "official_quote": ("quote", "citation", "citation officielle"),
    "stakeholders": ("stakeholder", "parties prenantes", "publics", "addressed to"),
    "stakeholder": ("stakeholder group", "partie prenante", "public"),
    "st": ("statement level", "niveau d’énoncé"),
    "since": ("depuis",),
    "weight": ("poids", "importance"),
    "testable": ("vérifiable",),
    "action_slug": ("action", "action key", "act", "acte", "clé de l’acte"),
    "description_en": ("description", "act in english", "description en anglais"),
    "description_fr": ("act in french", "acte en français", "description en français"),
    "date": ("started", "start", "day", "date de l’acte", "date de début", "début", "jour"),
    "ended": ("end", "end date", "fin", "date de fin"),
    "amount": ("sum", "montant", "somme"),
    "amount_currency": ("currency", "devise", "monnaie"),
    "su": ("substance",),
    "re": ("reach", "portée"),
    "in": ("initiative",),
    "ge": ("generosity", "générosité"),
    "category": ("categories", "catégorie", "catégories"),
    "family": ("practice family", "famille", "famille de pratiques"),
    "duration": ("durée",),
    "duplicate_of": ("double de", "doublon de"),
    "disputed": ("contesté", "denied"),
    "group": ("independence group", "groupe d’indépendance"),
    "locator": ("page", "clause"),
    "yardstick": ("promise", "promesse", "étalon", "read against"),
    "direction": ("sens", "helps or harms"),
    "depth": ("profondeur",),
    "remedy": ("réparation",),
    "pu": ("purpose", "raison d’être"),
    "vh": ("values heritage", "héritage de valeurs"),
    "cc": ("customer record", "historique client"),
    "labels": ("certifications", "labels détenus"),
    "verdict_slug": ("judgement", "judgement key", "jugement", "clé du jugement"),
    "label": ("opinion", "libellé"),
    "polarity": ("polarité",),
    "judgement": ("archetype", "archétype"),
    "figure_slug": ("figure", "figure key", "chiffre", "clé du chiffre"),
    "measure": ("kind", "indicator", "mesure", "indicateur"),
    "series": ("série", "panel", "survey", "baromètre"),
    "value": ("valeur", "score"),
    "unit": ("unité",),
    "measured_on": ("date", "mesuré le", "as of"),
    "note_en": ("note",),
    "note_fr": ("note en français", "remarque"),
    "rationale_en": ("reason", "rationale", "why", "raison en anglais"),
    "rationale_fr": ("raison", "justification", "pourquoi", "raison en français"),
}

DEFAULTS: dict[str, str] = {
    "seed_article": "no",
    "entity_type": "brand",
    "appraisal": "no",
    "remedy": "0",
    "weight": "central",
    "evidence_level": "reported",
}
"""What a new row says when the file does not have the column or the cell is empty."""

KEYS_MADE = {"brands", "sources", "promises", "actions", "judgements", "outcomes"}
"""Kinds whose records have a key of their own: a row without one gets one made."""


def plain(header: str) -> str:
    """A header as it is compared: without accents, case, punctuation."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(header)))


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of rows that people send in."""

    name: str
    title: Any
    row_type: RowType
    example: Examples
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Column → what else it may be called, where other kinds do not call it so."""
    holds_codes: bool = True
    """Whether its records tell what somebody has coded about a brand."""
    record_holds: Callable[[Any], Iterator[Flaw]] | None = None
    """What must hold for a record once the row has changed it."""
    may_change: Callable[[Any, Row], Flaw | None] | None = None
    """Why a person may not do what a row says."""

    @property
    def model(self) -> type[models.Model]:
        return self.row_type.model

    @property
    def needs_crisis(self) -> bool:
        return self.row_type.in_crisis

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that a person fills in, in the order of the file."""
        return tuple(column for column in self.row_type.columns if column.name not in HIDDEN)

    @cached_property
    def offered(self) -> tuple[Column, ...]:
        """Those of the templates: how precise a date is shows in the date itself."""
        return tuple(column for column in self.columns if not column.name.endswith("_precision"))

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def is_required(self, column: Column) -> bool:
        made = self.name in KEYS_MADE and column.name == self.row_type.key[0]
        return column.required and not made and column.name not in DEFAULTS

    def label(self, column: Column) -> str:
        """The column in the reader’s language."""
        if column.name == self.row_type.key[0] and self.name in KEYS_MADE:
            return str(capfirst(_("key")))
        if column.name.endswith("_precision"):
            dated = self.column(column.name.removesuffix("_precision"))
            return str(_("Precision of “%(date)s”") % {"date": self.label(dated)})
        return str(capfirst(self.model._meta.get_field(column.field).verbose_name))  # type: ignore[union-attr]

    def hint(self, column: Column) -> str:
        """What the cells hold, for the guide."""
        return " ".join(filter(None, self._hints(column)))

    def _hints(self, column: Column) -> Iterator[str]:
        yield str(_("Required.")) if self.is_required(column) else ""
        if column.name == self.row_type.key[0] and self.name in KEYS_MADE:
            yield str(_("Stable identifier. Left empty, one is made."))
            return
        yield str(getattr(self.model._meta.get_field(column.field), "help_text", "")) if column.field else ""
        yield from format_hints(column)

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """Column → everything it may be called, plain."""
        found = {}
        for column in self.columns:
            known = [column.name, column.field, *self.aliases.get(column.name, ()), *ALIASES.get(column.name, ())]
            for language in LANGUAGES:
                with translation.override(language):
                    known.append(self.label(column))
            found[column.name] = tuple(dict.fromkeys(filter(None, map(plain, known))))
        return found

    def example_cell(self, column: Column, language: str) -> str:
        cell = self.example.get(column.name, "")
        return cell if isinstance(cell, str) else cell[LANGUAGES.index(language)]


def format_hints(column: Column) -> Iterator[str]:
    read = column.read
    if isinstance(read, cells.OneOf) and read.labels:
        yield "; ".join(named(code, label) for code, label in zip(read.known, read.labels, strict=True)) + "."
    elif isinstance(read, cells.SomeOf):
        listed = ", ".join(named(code, label) for code, label in zip(read.one.known, read.one.labels, strict=True))
        yield str(_("Several values are separated by |.")) + f" {listed}."
    elif isinstance(read, cells.Keys | cells.Lines):
        yield str(_("Several values are separated by |."))
    elif isinstance(read, cells.Translated):
        yield str(_("yes or no."))
    elif read is cells.partial_date:
        yield str(_("A day, a month or a year: 13/04/2020, April 2020, 2020."))
    elif read is cells.number:
        yield str(_("Digits with at most two decimals; a minus sign where it is below 0."))
    elif read is cells.amount:
        yield str(_("Digits only, with at most two decimals."))


def named(code: str, label: Any) -> str:
    text = str(label)
    return text if text.startswith(code) or plain(text) == plain(code) else f"{code} = {text}"


KINDS = [
    Kind(
        "brands",
        _("Brands"),
        rowtypes.BRANDS,
        {
            "brand_slug": "fictia",
            "name": "Fictia",
            "entity_type": ("brand", "marque"),
            "country": ("France", "France"),
            "sector": "insurance",
            "seed_article": ("no", "non"),
            "summary_en": "An invented insurer.",
            "summary_fr": "Un assureur inventé.",
            "website": "https://fictia.example",
        },
        holds_codes=False,
    ),
    Kind(
        "sources",
        _("Sources"),
        rowtypes.SOURCES,
        {
            "source_slug": "daily-2020-04-02",
            "url": "https://daily.example/fictia",
            "title": ("Fictia pays at once", "Fictia paie sans attendre"),
            "publisher": "Daily",
            "published_on": ("2 April 2020", "2 avril 2020"),
            "source_type": ("press", "presse"),
            "language": ("English", "français"),
        },
        holds_codes=False,
    ),
    Kind(
        "promises",
        _("Promises"),
        rowtypes.PROMISES,
        {
            "promise_slug": "fictia--care",
            "brand_slug": "fictia",
            "promise_type": "mission",
            "statement_en": "Puts its customers first.",
            "statement_fr": "Fait passer ses clients d’abord.",
            "stakeholders": ("customers|partners", "clients|partenaires"),
            "stated_on": "2018",
            "source_slugs": "daily-2020-04-02",
            "st": "2",
            "since": "2018",
            "weight": ("central", "centrale"),
            "testable": ("yes", "oui"),
        },
    ),
    Kind(
        "actions",
        _("Acts"),
        rowtypes.ACTIONS,
        {
            "action_slug": "fictia--paid",
            "brand_slug": "fictia",
            "description_en": "Paid claims at once.",
            "description_fr": "A payé les sinistres sans attendre.",
            "date": ("13 April 2020", "13 avril 2020"),
            "country": ("France", "France"),
            "amount": ("1500000.00", "1500000,00"),
            "amount_currency": "EUR",
            "seed_article": ("no", "non"),
            "su": "2",
            "re": ("unknown", "inconnu"),
            "in": "3",
            "ge": "1",
            "appraisal": ("no", "non"),
            "category": "financial_relief",
        },
    ),
    Kind(
        "action_sources",
        _("Sources of acts"),
        rowtypes.ACTION_SOURCES,
        {
            "action_slug": "fictia--paid",
            "source_slug": "daily-2020-04-02",
            "kind": ("independent", "indépendante"),
            "group": "daily",
            "locator": "p. 4",
        },
    ),
    Kind(
        "proofs",
        _("Proofs"),
        rowtypes.PROOFS,
        {
            "action_slug": "fictia--paid",
            "stakeholder": ("customers", "clients"),
            "yardstick": "fictia--care",
            "direction": ("helps", "aide"),
            "depth": "1",
            "remedy": "0",
        },
    ),
    Kind(
        "profiles",
        _("Brand profiles"),
        rowtypes.PROFILES,
        {
            "brand_slug": "fictia",
            "pu": "2",
            "vh": ("unknown", "inconnu"),
            "cc": "1",
            "source_slugs": "daily-2020-04-02",
        },
    ),
    Kind(
        "judgements",
        _("Others’ judgements"),
        rowtypes.JUDGEMENTS,
        {
            "verdict_slug": "fictia--daily",
            "brand_slug": "fictia",
            "label": ("did the right thing", "a fait ce qu’il fallait"),
            "polarity": ("favourable", "favorable"),
            "source_slug": "daily-2020-04-02",
        },
    ),
    Kind(
        "outcomes",
        _("Outcome figures"),
        rowtypes.OUTCOMES,
        {
            "figure_slug": "fictia--nps-2019",
            "brand_slug": "fictia",
            "measure": "nps",
            "series": ("Daily barometer", "Baromètre du Daily"),
            "value": ("-3.50", "-3,50"),
            "unit": "points",
            "measured_on": ("December 2019", "décembre 2019"),
            "source_slug": "daily-2020-04-02",
        },
    ),
]
"""Those of the facts; ``adding`` puts others behind them."""


@cache
def by_name() -> dict[str, Kind]:
    return {kind.name: kind for kind in KINDS}


def kind_named(name: str) -> Kind:
    return by_name()[name]
