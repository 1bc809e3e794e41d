"""Practices as rows that people send in: columns, checks, and how a row is recognised as one that is on file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from brands.importing.adding import add_kind
from brands.importing.kinds import Kind
from brands.importing.matching import Face, Known, Matcher, tidy
from brands.imports import columns as cells
from brands.imports.checking import Row
from brands.imports.columns import CellError, Column, Reader
from brands.imports.report import say as _
from brands.imports.rowtypes import BRANDS, SECTORS, SOURCES, Flaw, RowType, Values, texts
from brands.models import Brand, Crisis, Source
from cxalign.practices.models import PUBLISH, SUMMARY_WORDS, EvidenceLevel, Practice

PAIRS = (
    *("problem", "done", "for_whom", "with_whom", "conditions", "pitfalls", "again"),
    *("outcome", "outcome_known", "promise"),
)
"""Texts in both languages, each as long as its field allows."""


# --- Checks -----------------------------------------------------------------------------------------------------------


def summary(name: str) -> Reader:
    read = cells.text(Practice, name)

    def short(cell: str) -> str:
        if (count := len(cell.split())) > SUMMARY_WORDS:
            message = _("The summary has %(count)s words: shorten it to %(limit)s.")
            raise CellError("too_many_words", message % {"count": count, "limit": SUMMARY_WORDS})
        return str(read(cell))

    return short


def is_titled(values: Values) -> Iterator[Flaw]:
    if not values["title_en"] and not values["title_fr"]:
        yield Flaw("title_en", "missing_value", _("The title is empty in both languages: write one of them."))


def record_holds(practice: Any) -> Iterator[Flaw]:
    """What must hold for the practice as a whole, with what the file leaves as it is."""
    if practice.evidence_level == EvidenceLevel.OUTCOME and not (practice.outcome_en or practice.outcome_fr):
        yield Flaw("outcome_en", "missing_value", _("An outcome that is documented has to be told: write it."))
    for name in ("title_en", "title_fr", "summary_en", "summary_fr") if practice.is_published else ():
        if not getattr(practice, name):
            yield Flaw(name, "missing_value", _("A published practice needs this text in both languages."))


def may_change(user: Any, row: Row) -> Flaw | None:
    """What everybody reads is changed by those who may publish."""
    practice: Any = row.record
    if row.is_new or not practice.is_published or user.has_perm(PUBLISH):
        return None
    message = _("This practice is published: only those who publish may change it.")
    return Flaw("practice_slug", "published", message)


# --- The rows ---------------------------------------------------------------------------------------------------------

ROWS = RowType(
    "practices.csv",
    Practice,
    (
        Column("practice_slug", cells.own_key(Practice, "key"), "key", required=True),
        *texts(Practice, title_en="title_en", title_fr="title_fr"),
        Column("summary_en", summary("summary_en"), "summary_en"),
        Column("summary_fr", summary("summary_fr"), "summary_fr"),
        Column("family", cells.coded(Practice, "family"), "family", required=True),
        Column("category", cells.coded(Practice, "category"), "category", required=True),
        Column("stakeholders", cells.code_set(Practice, "stakeholders"), "stakeholders", required=True),
        Column("sector", cells.key(Brand, "slug"), "sector", refers=SECTORS),
        Column("country", cells.country, "country"),
        Column("date", cells.partial_date, "started"),
        *texts(Practice, **{f"{name}_{language}": f"{name}_{language}" for name in PAIRS for language in ("en", "fr")}),
        Column("time", cells.coded(Practice, "time_band"), "time_band"),
        Column("effort", cells.coded(Practice, "effort_band"), "effort_band"),
        Column("evidence_level", cells.coded(Practice, "evidence_level"), "evidence_level", required=True),
        *texts(Practice, attributed_to="attributed_to"),
        Column("seen_at", cells.keys(Brand, "slug"), "seen_at", empty=(), refers=BRANDS.file),
        Column("source_slugs", cells.keys(Source, "key"), "sources", empty=(), refers=SOURCES.file),
    ),
    key=("practice_slug",),
    match="key",
    key_of=lambda practice: (practice.key,),
    brand_of=lambda practice: None,
    checks=(is_titled,),
    select_related=("sector",),
    many=("seen_at", "sources"),
    derive=Practice.derive,
    derived=("search_text",),
    told_as="practice",
)

ALIASES = {
    "practice_slug": ("practice", "practice key", "pratique", "clé de la pratique"),
    "title_en": ("title", "name", "english title"),
    "title_fr": ("titre", "nom", "intitulé"),
    "summary_en": ("summary", "in short", "description"),
    "summary_fr": ("résumé", "en bref"),
    "stakeholders": ("for whom as groups", "pour quels publics", "groups"),
    "problem_en": ("problem", "how might we"),
    "problem_fr": ("problème", "comment pourrions nous"),
    "done_en": ("what was done", "done"),
    "done_fr": ("ce qui a été fait", "fait"),
    "for_whom_en": ("for whom",),
    "for_whom_fr": ("pour qui",),
    "with_whom_en": ("with whom",),
    "with_whom_fr": ("avec qui",),
    "conditions_en": ("conditions", "conditions for transfer"),
    "conditions_fr": ("conditions pour reprendre", "conditions de transfert"),
    "pitfalls_en": ("pitfalls",),
    "pitfalls_fr": ("écueils",),
    "outcome_en": ("outcome", "result"),
    "outcome_fr": ("résultat",),
    "time": ("time band", "durée"),
    "effort": ("effort band",),
    "evidence_level": ("evidence", "niveau de preuve", "preuves"),
    "attributed_to": ("told by", "author", "rapporté par", "auteur"),
    "seen_at": ("brands", "seen at", "marques", "vue chez"),
    "date": ("started", "date de début"),
}

KIND = Kind(
    "practices",
    gettext_lazy("Practices"),
    ROWS,
    {
        "practice_slug": "open-a-shop-without-customers",
        "title_en": "Open a shop without customers",
        "title_fr": "Ouvrir un magasin sans clients",
        "summary_en": "Takes orders by telephone and hands them over at the door.",
        "summary_fr": "Prend les commandes par téléphone et les remet à la porte.",
        "family": "F03",
        "category": ("safety", "sécurité"),
        "stakeholders": ("customers|employees", "clients|collaborateurs"),
        "country": ("France", "France"),
        "date": ("April 2020", "avril 2020"),
        "problem_en": "How might we serve people who must keep their distance?",
        "problem_fr": "Comment pourrions-nous servir des clients qui doivent rester à distance ?",
        "time": ("weeks", "semaines"),
        "effort": ("low", "faible"),
        "evidence_level": "reported",
        "attributed_to": "Daily, 2 April 2020",
        "seen_at": "fictia",
        "source_slugs": "daily-2020-04-02",
    },
    aliases=ALIASES,
    holds_codes=False,
    record_holds=record_holds,
    may_change=may_change,
)


# --- Which practice a row means ---------------------------------------------------------------------------------------


def faces(values: Values) -> list[Face]:
    return [Face((), tuple(tidy(values.get(name, "")) for name in ("title_en", "title_fr")))]


def known(_rows: list[Row], _crisis: Crisis | None) -> Known:
    found = Known()
    for key, *titles in Practice.objects.in_use().values_list("key", "title_en", "title_fr"):
        found.add(Face((), tuple(map(tidy, titles))), key)
    return found


def key_text(values: Values) -> str:
    return str(values.get("title_en") or values.get("title_fr", ""))


def register() -> None:
    add_kind(KIND, Matcher(faces, known, key_text, readable=True), either=("title_en", "title_fr"))
