"""Scorecards as rows: one table each of scorecards, promises, acts, proofs and sources.

The order of the columns does not change as long as the data format keeps its number; new ones are added at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cxalign.exports.tables import Column, Kind, Row, Table, Value, Workbook
from cxalign.pages import arranging, words
from cxalign.pages.exporting.edition import LICENCE
from cxalign.templatetags.cxalign import here, page_language
from scoring.ledger import counts
from scoring.lineage import index
from scoring.scorecards import Scorecard

Document = Mapping[str, Any]
FORMAT = 1
"""Raised when a column goes or changes its meaning."""

Maker = Callable[[Scorecard], Iterator[Row]]
TEXT, NUMBER, DATE, TRUTH = Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.TRUTH
Described = tuple[str, str, str, Kind, int]

_CASE: tuple[Described, ...] = (
    ("brand", gettext_noop("Brand (code)"), gettext_noop("Its slug: part of its address, stable."), TEXT, 18),
    ("crisis", gettext_noop("Crisis (code)"), gettext_noop("Its slug."), TEXT, 12),
    ("version", gettext_noop("Version"), gettext_noop("Of the scorecard; empty for a draft."), NUMBER, 9),
)

SCORECARDS: tuple[Described, ...] = (
    *_CASE,
    ("brand_name", gettext_noop("Brand"), gettext_noop("Its name."), TEXT, 24),
    ("sector", gettext_noop("Sector"), gettext_noop("In the language of the file."), TEXT, 20),
    ("country", gettext_noop("Country (code)"), gettext_noop("ISO 3166-1; ZZ for several countries."), TEXT, 10),
    ("crisis_name", gettext_noop("Crisis"), gettext_noop("Its name, in the language of the file."), TEXT, 14),
    ("state", gettext_noop("State"), gettext_noop("published, superseded or draft."), TEXT, 12),
    ("as_of", gettext_noop("As of"), gettext_noop("The day whose knowledge the verdict rests on."), DATE, 12),
    ("published_on", gettext_noop("Published on"), gettext_noop("When this version was published."), DATE, 12),
    ("method", gettext_noop("Method"), gettext_noop("Version of the method that judged."), TEXT, 9),
    (
        "outcome",
        gettext_noop("Verdict (code)"),
        gettext_noop("One of four archetypes, or why there is none."),
        TEXT,
        20,
    ),
    ("verdict", gettext_noop("Verdict"), gettext_noop("The same in words."), TEXT, 24),
    (
        "breadth",
        gettext_noop("Breadth"),
        gettext_noop("all: with every core group; promised: with those promised something."),
        TEXT,
        10,
    ),
    (
        "reason",
        gettext_noop("Reason (code)"),
        gettext_noop("Why there is too little evidence, where there is."),
        TEXT,
        16,
    ),
    (
        "robustness",
        gettext_noop("Robustness (code)"),
        gettext_noop("How sure we are: robust, probable, fragile, contested."),
        TEXT,
        12,
    ),
    (
        "explanation",
        gettext_noop("Explanation"),
        gettext_noop("The verdict in two sentences; numbers in brackets are sources."),
        TEXT,
        80,
    ),
    ("proofs", gettext_noop("Items of evidence"), gettext_noop("Proofs that count."), NUMBER, 10),
    (
        "independent_sources",
        gettext_noop("Independent sources"),
        gettext_noop("Groups of sources that do not depend on each other."),
        NUMBER,
        12,
    ),
    ("double_coded", gettext_noop("Coded by two"), gettext_noop("Whether two people coded every act."), TRUTH, 10),
    *(
        (
            f"index_{code}",
            title,
            gettext_noop("Index from 0 to 100, delivery from −100; empty where there is none or it cannot be told."),
            NUMBER,
            11,
        )
        for code, title in (
            ("delivery", gettext_noop("Delivery")),
            ("surpassing", gettext_noop("Surpassing")),
            ("breadth", gettext_noop("Breadth (index)")),
            ("proactivity", gettext_noop("Proactivity")),
            ("dna", gettext_noop("DNA")),
            ("harm", gettext_noop("Harm")),
            ("evidence", gettext_noop("Evidence")),
            ("purpose_washing", gettext_noop("Purpose-washing risk")),
        )
    ),
    (
        "signals",
        gettext_noop("Signals"),
        gettext_noop("Codes of the signals that are raised, separated by blanks."),
        TEXT,
        24,
    ),
    ("address", gettext_noop("Address"), gettext_noop("Of this very version, which stays for good."), TEXT, 44),
)

PROMISES: tuple[Described, ...] = (
    *_CASE,
    ("promise", gettext_noop("Promise (code)"), gettext_noop("Its key, stable."), TEXT, 26),
    ("quote", gettext_noop("Quotation"), gettext_noop("The brand’s own words, in their language."), TEXT, 60),
    ("quote_lang", gettext_noop("Language of the quotation"), gettext_noop("ISO 639-1."), TEXT, 10),
    ("statement", gettext_noop("Statement"), gettext_noop("In plain words, in the language of the file."), TEXT, 60),
    ("kind", gettext_noop("Kind (code)"), gettext_noop("Mission, value, commitment, campaign or contract."), TEXT, 14),
    (
        "stakeholders",
        gettext_noop("Stakeholders"),
        gettext_noop("Codes of the groups addressed, separated by blanks."),
        TEXT,
        22,
    ),
    ("since", gettext_noop("Since"), gettext_noop("A day, a month or a year: YYYY, YYYY-MM or YYYY-MM-DD."), DATE, 12),
    ("weight", gettext_noop("Weight (code)"), gettext_noop("central, supporting or context."), TEXT, 12),
    ("statement_level", gettext_noop("Level (code)"), gettext_noop("How binding it is, 0 to 3."), TEXT, 8),
    (
        "testable",
        gettext_noop("Testable"),
        gettext_noop("Whether an act could test it on its own; it counts all the same."),
        TRUTH,
        10,
    ),
    (
        "outside_verdict",
        gettext_noop("Outside the verdict"),
        gettext_noop("Not counted by the rule; context only."),
        TRUTH,
        10,
    ),
    (
        "gap_worst",
        gettext_noop("Gap"),
        gettext_noop("The lowest step from −2, well short, to 2, well beyond; empty where nothing is established."),
        NUMBER,
        8,
    ),
    (
        "gaps",
        gettext_noop("Gaps by group"),
        gettext_noop("group=step, separated by blanks; nothing after = where nothing is established."),
        TEXT,
        26,
    ),
    (
        "sources",
        gettext_noop("Sources"),
        gettext_noop("Numbers in the list of sources, separated by blanks."),
        TEXT,
        12,
    ),
)

ACTS: tuple[Described, ...] = (
    *_CASE,
    ("act", gettext_noop("Act (code)"), gettext_noop("Its key, stable."), TEXT, 26),
    ("statement", gettext_noop("Statement"), gettext_noop("In plain words, in the language of the file."), TEXT, 60),
    (
        "occurred_on",
        gettext_noop("Date"),
        gettext_noop("A day, a month or a year: YYYY, YYYY-MM or YYYY-MM-DD."),
        DATE,
        12,
    ),
    ("ended_on", gettext_noop("Until"), gettext_noop("The same, where it ended."), DATE, 12),
    ("substance", gettext_noop("Substance (code)"), gettext_noop("0 to 3; u for unknown."), TEXT, 8),
    ("reach", gettext_noop("Reach (code)"), gettext_noop("0 to 3; u for unknown."), TEXT, 8),
    (
        "initiative",
        gettext_noop("Initiative (code)"),
        gettext_noop("0 required to 3 unprompted; u for unknown."),
        TEXT,
        8,
    ),
    ("generosity", gettext_noop("Generosity (code)"), gettext_noop("0 to 3; u for unknown."), TEXT, 8),
    ("evidence", gettext_noop("Evidence (code)"), gettext_noop("Grade of what it rests on, 0 to 3."), NUMBER, 8),
    ("counted", gettext_noop("Counted"), gettext_noop("Whether the verdict counts it."), TRUTH, 9),
    ("disputed", gettext_noop("Disputed"), gettext_noop("Whether somebody contradicts it."), TRUTH, 9),
    (
        "appraisal",
        gettext_noop("Overall appraisal"),
        gettext_noop("An opinion on the whole rather than one act."),
        TRUTH,
        9,
    ),
    ("categories", gettext_noop("Categories"), gettext_noop("Codes, separated by blanks."), TEXT, 22),
    ("family", gettext_noop("Family (code)"), gettext_noop("Family of practices."), TEXT, 8),
    ("coding", gettext_noop("Coding (code)"), gettext_noop("How many people coded it, and how they agreed."), TEXT, 14),
    (
        "sources",
        gettext_noop("Sources"),
        gettext_noop("Numbers in the list of sources, separated by blanks."),
        TEXT,
        12,
    ),
)

PROOFS: tuple[Described, ...] = (
    *_CASE,
    ("proof", gettext_noop("Proof (code)"), gettext_noop("Act, group and direction."), TEXT, 34),
    ("act", gettext_noop("Act (code)"), gettext_noop("The act that was read."), TEXT, 26),
    ("act_statement", gettext_noop("Act"), gettext_noop("In plain words, in the language of the file."), TEXT, 60),
    (
        "occurred_on",
        gettext_noop("Date"),
        gettext_noop("A day, a month or a year: YYYY, YYYY-MM or YYYY-MM-DD."),
        DATE,
        12,
    ),
    (
        "yardstick",
        gettext_noop("Yardstick (code)"),
        gettext_noop("promise, or duty: the duty of care that every brand owes."),
        TEXT,
        10,
    ),
    ("promise", gettext_noop("Promise (code)"), gettext_noop("The promise that it was read against."), TEXT, 26),
    (
        "promise_statement",
        gettext_noop("Promise"),
        gettext_noop("Its own words where they are on file, else ours."),
        TEXT,
        60,
    ),
    ("stakeholder", gettext_noop("Stakeholder (code)"), gettext_noop("The group that it concerns."), TEXT, 14),
    ("direction", gettext_noop("Direction (code)"), gettext_noop("helps or harms."), TEXT, 9),
    ("depth", gettext_noop("Depth (code)"), gettext_noop("How far beyond or short; u for unknown."), TEXT, 8),
    ("remedy", gettext_noop("Remedy (code)"), gettext_noop("What was done about a harm."), TEXT, 9),
    ("decisive", gettext_noop("Decisive"), gettext_noop("Whether the verdict hangs on it."), TRUTH, 9),
    ("coding", gettext_noop("Coding (code)"), gettext_noop("How many people coded it, and how they agreed."), TEXT, 14),
    (
        "rationale",
        gettext_noop("Rationale"),
        gettext_noop("Why it was coded so, in the language of the file."),
        TEXT,
        60,
    ),
)

SOURCES: tuple[Described, ...] = (
    *_CASE,
    ("number", gettext_noop("No."), gettext_noop("In the list of sources of this scorecard."), NUMBER, 7),
    ("source", gettext_noop("Source (code)"), gettext_noop("Its key, stable."), TEXT, 22),
    (
        "type",
        gettext_noop("Type (code)"),
        gettext_noop("Brand, press, NGO, regulator, court, academic, social."),
        TEXT,
        12,
    ),
    ("title", gettext_noop("Title"), gettext_noop("As published."), TEXT, 60),
    ("publisher", gettext_noop("Publisher"), gettext_noop("Who published it."), TEXT, 24),
    ("author", gettext_noop("Author"), gettext_noop("Who wrote it."), TEXT, 20),
    (
        "published_on",
        gettext_noop("Date"),
        gettext_noop("A day, a month or a year: YYYY, YYYY-MM or YYYY-MM-DD."),
        DATE,
        12,
    ),
    ("lang", gettext_noop("Language"), gettext_noop("ISO 639-1."), TEXT, 9),
    ("url", gettext_noop("Address"), gettext_noop("Where it was read."), TEXT, 44),
    ("archive_url", gettext_noop("Archived copy"), gettext_noop("Where a copy of that day can be read."), TEXT, 44),
    ("archive_sha256", "SHA-256", gettext_noop("Digest of the archived copy."), TEXT, 16),
    ("passage", gettext_noop("Passage"), gettext_noop("The words relied on."), TEXT, 60),
    (
        "used_in",
        gettext_noop("Used in"),
        gettext_noop("Keys of the promises and acts that rest on it, separated by blanks."),
        TEXT,
        40,
    ),
)


# --- Rows -------------------------------------------------------------------------------------------------------------


def scorecard_rows(card: Scorecard) -> Iterator[Row]:
    document, publication, brand = card.document, card.publication, card.document["brand"]
    yield [
        *_case(card),
        brand["name"],
        here(brand["sector"]["name"]),
        brand["country"],
        here(document["crisis"]["name"]),
        card.state,
        card.snapshot.as_of,
        publication.published_at.date() if publication else None,
        document["method_version"],
        document["outcome"],
        words.word(document["outcome"], "outcome"),
        document["breadth"] or "",
        document["reason"] or "",
        document["robustness"] or "",
        here(document["explanation"]),
        document["evidence"]["proofs"],
        document["evidence"]["independent_groups"],
        document["evidence"]["double_coded"],
        *(index(document, code) for code in arranging.INDICES),
        _codes(signal["code"] for signal in document["signals"]),
        f"{card.base_url}/{page_language()}{card.path}",
    ]


def promise_rows(card: Scorecard) -> Iterator[Row]:
    numbers = _numbers(card.document)
    for promise in card.document["promises"]:
        gaps = promise["gaps"]
        steps = [gap["gap"] for gap in gaps if gap["gap"] is not None]
        yield [
            *_case(card),
            promise["id"],
            promise["quote"],
            promise["quote_lang"] or "",
            here(promise["statement"]),
            promise["kind"],
            _codes(promise["stakeholders"]),
            _day(promise["since"]),
            promise["weight"],
            promise["statement_level"] or "",
            promise["testable"],
            not counts(promise),
            min(steps, default=None),
            _codes(f"{gap['stakeholder']}={'' if gap['gap'] is None else gap['gap']}" for gap in gaps),
            _codes(str(numbers[key]) for key in promise["sources"]),
        ]


def act_rows(card: Scorecard) -> Iterator[Row]:
    for action in card.document["actions"]:
        yield [
            *_case(card),
            action["id"],
            here(action["statement"]),
            _day(action["occurred_on"]),
            _day(action["ended_on"]),
            *(action[name] or "" for name in ("substance", "reach", "initiative", "generosity")),
            action["evidence"],
            *(action[name] for name in ("counted", "disputed", "appraisal")),
            _codes(action["category"]),
            action["family"] or "",
            action["coding"],
            _codes(str(source["n"]) for source in action["sources"]),
        ]


def proof_rows(card: Scorecard) -> Iterator[Row]:
    promises = {promise["id"]: promise for promise in card.document["promises"]}
    for action in card.document["actions"]:
        for proof in action["proofs"]:
            promise = promises.get(proof["promise"]) if proof["promise"] else None
            said = (promise["quote"] or here(promise["statement"])) if promise else ""
            yield [
                *_case(card),
                proof["id"],
                action["id"],
                here(action["statement"]),
                _day(action["occurred_on"]),
                proof["yardstick"],
                proof["promise"] or "",
                said,
                proof["stakeholder"],
                proof["direction"],
                proof["depth"] or "",
                proof["remedy"] or "",
                proof["decisive"],
                proof["coding"],
                here(proof["rationale"]),
            ]


def source_rows(card: Scorecard) -> Iterator[Row]:
    for source in card.document["sources"]:
        archive = source["archive"] or {}
        yield [
            *_case(card),
            source["n"],
            source["id"],
            source["type"],
            source["title"],
            source["publisher"],
            source["author"],
            _day(source["published_on"]),
            source["lang"] or "",
            source["url"],
            archive.get("url") or "",
            archive.get("sha256") or "",
            source["passage"],
            _codes(source["used_in"]),
        ]


def _case(card: Scorecard) -> tuple[Value, ...]:
    document = card.document
    number = card.publication.version if card.publication else None
    return (document["brand"]["slug"], document["crisis"]["slug"], number)


def _codes(codes: Iterable[str]) -> str:
    return " ".join(codes)


def _day(text: str | None) -> Value:
    """A whole day as a date; a month or a year stays what it is."""
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == 10 else text


def _numbers(document: Document) -> dict[str, int]:
    return {source["id"]: source["n"] for source in document["sources"]}


# --- Tables and workbook ----------------------------------------------------------------------------------------------

TABLES: dict[str, tuple[str, tuple[Described, ...], Maker]] = {
    "scorecards": (gettext_noop("Scorecards"), SCORECARDS, scorecard_rows),
    "promises": (gettext_noop("Promises"), PROMISES, promise_rows),
    "acts": (gettext_noop("Acts"), ACTS, act_rows),
    "proofs": (gettext_noop("Proofs"), PROOFS, proof_rows),
    "sources": (gettext_noop("Sources"), SOURCES, source_rows),
}


def titles() -> dict[str, str]:
    return {name: _(title) for name, (title, _columns, _maker) in TABLES.items()}


def table(name: str, cards: Iterable[Scorecard]) -> Table:
    title, described, maker = TABLES[name]
    rows = (row for card in cards for row in maker(card))
    return Table(name, _(title), columns(described), rows)


def columns(described: Sequence[Described]) -> list[Column]:
    return [Column(name, _(title), _(meaning), kind, width) for name, title, meaning, kind, width in described]


def workbook(title: str, about: Sequence[tuple[str, str]], tables: Sequence[Table]) -> Workbook:
    return Workbook(
        title=title,
        about=[*about, *common_remarks()],
        about_title=_("Read me"),
        tables=tables,
        dictionary_title=_("Dictionary"),
        dictionary_header=(_("Sheet"), _("Column"), _("Name for programs"), _("What it holds")),
        subject=title,
    )


def common_remarks() -> list[tuple[str, str]]:
    return [
        (_("Licence"), f"{LICENCE}. {_('Quotations stay their owners’.')}"),
        (
            _("What it is not"),
            _("A verdict is an opinion on sourced facts: no certificate, no rating, no advice to invest."),
        ),
        (_("Empty cells"), _("An empty cell means that nothing is known or defined. It never means zero, no or none.")),
        (
            _("Text cells"),
            _("A text that begins with = + - or @ has an apostrophe before it, so that no program runs it."),
        ),
        (
            _("Format"),
            _("Version %(number)s of these tables: columns keep their order and their meaning.") % {"number": FORMAT},
        ),
    ]
