"""What stands on a slide, a page of a report or a screen: a few kinds of blocks, with texts ready-made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import get_language

from scoring.charts import Bar, Timeline


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style."""

    text: str
    strong: bool = False
    muted: bool = False
    raised: bool = False
    tone: str = ""
    """The archetype whose colour it has: broken, aligned, exceeds, dna or none."""
    lang: str = ""
    """Where it is not that of the file: a quotation keeps its own."""
    link: str = ""


Line = tuple[Run, ...]

ENGLISH_TERMS = re.compile("(Do Now|Do Next|Do Later|[Pp]urpose[- ]washing)")
"""What French leaves in English: the horizons of the article and the name of a signal."""


def by_language(of: Line) -> Line:
    """The same words, with the English terms of a French text as runs of their own that say so."""
    if not (get_language() or "").startswith("fr"):
        return of
    return tuple(part for run in of for part in ([run] if run.lang else _parts(run)))


def _parts(run: Run) -> list[Run]:
    parts = enumerate(ENGLISH_TERMS.split(run.text))
    return [replace(run, text=text, lang="en" if place % 2 else "") for place, text in parts if text]


def line(*parts: Run | str) -> Line:
    return tuple(Run(part) if isinstance(part, str) else part for part in parts if part)


def plain(of: Line) -> str:
    """The words without their style; raised numbers in brackets."""
    return "".join(f" [{run.text}]" if run.raised else run.text for run in of)


@dataclass(frozen=True)
class Paragraph:
    """``role``: heading, kicker, lead, body, small, quote, item or verdict."""

    line: Line
    role: str = "body"
    mark: str = ""
    """The tone of a mark before it."""
    meter: int = 0
    """How many of four bars, before it, are filled; 0 for no meter."""


@dataclass(frozen=True)
class Gap:
    """A place on the five-step scale; ``None`` is hatched."""

    value: int | None
    tone: str
    name: str
    """In words, for whoever cannot see it."""


@dataclass(frozen=True)
class Cell:
    lines: Sequence[Line] = field(default_factory=tuple)
    mark: str = ""
    gap: Gap | None = None
    bar: Bar | None = None
    hatched: bool = False
    heads: bool = False
    """Names its row."""
    span: int = 1
    quoted: bool = False
    """Its first line is in the typeface of headlines."""
    line_marks: Sequence[str] = field(default_factory=tuple)
    """The tone of a mark before each line; empty for a line without one, or where no line has any."""


def cell(*lines: Line | Run | str, **more: object) -> Cell:
    """A cell of some lines; empty ones are left out."""
    made = [one if isinstance(one, tuple) else line(one) for one in lines if one]
    return Cell([one for one in made if one], **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Heading:
    title: str
    share: float
    """Of the width of the grid."""


@dataclass(frozen=True)
class Grid:
    caption: str
    columns: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Drawing:
    """A timeline; ``name`` says in words what it shows."""

    timeline: Timeline
    name: str
    verdict: str
    published: str = ""


@dataclass(frozen=True)
class Placed:
    """A brand of a dot plot: where it stands on the five-step scale, and that in a word."""

    name: str
    gap: Gap | None
    """``None`` where nobody looked: then there is not even a scale."""
    word: str


@dataclass(frozen=True)
class Plots:
    """Small dot plots side by side, each under its heading; a row a brand."""

    plots: Sequence[tuple[str, Sequence[Placed]]]


Block = Paragraph | Grid | Drawing | Plots


@dataclass(frozen=True)
class Slide:
    """One message: its title is a full sentence."""

    code: str
    title: str
    main: Sequence[Block]
    aside: Sequence[Block] = field(default_factory=tuple)
    sources: str = ""
    """What it rests on, in a line."""
    notes: Sequence[str] = field(default_factory=tuple)
    """For the speaker: definitions, and the sources in full."""
    part: int = 0
    """Where it goes over several slides, which of them this is."""
    parts: int = 0

    @property
    def numbered_title(self) -> str:
        return f"{self.title} ({self.part}/{self.parts})" if self.parts > 1 else self.title


@dataclass(frozen=True)
class Deck:
    title: str
    language: str
    slides: Sequence[Slide]
    standing: str
    """As of when, which version, which method, which licence."""
    address: str
    sources_word: str
    sticker: str = ""
    """“Draft – not published”, on every slide."""
    subject: str = ""


def chosen(deck: Deck, codes: Iterable[str]) -> Deck:
    """The slides that a reader picked; all of them where none was."""
    wanted = set(codes)
    return replace(deck, slides=[slide for slide in deck.slides if slide.code in wanted]) if wanted else deck
