"""Rows about a brand that somebody is coding: they neither show what is on file nor change it until that is settled.

What a row would change, and even that it would change nothing, tells the codes on file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from brands import hiding
from brands.importing.examining import Examined
from brands.importing.kinds import Kind, kind_named
from brands.importing.matching import tidy
from brands.imports.report import say, stored, untranslated
from brands.models import Action, Brand, ImportJob, ImportRow, Judgement, Outcome, Promise

CODE = "being_coded"
NAMING = ("brand_slug", "action_slug", "promise_slug", "verdict_slug")
"""Columns that say which brand a row is about, by itself or by a record of it."""
ON_FILE = (Outcome.UPDATE, Outcome.UNCHANGED, Outcome.KEPT)
PARTS = ("action_sources", "proofs")
"""Kinds whose rows are codes of an act, also where they are new."""


class Covered:
    """The names and keys by which rows mean a brand whose codes this person must not see."""

    def __init__(self, user: Any, kind: Kind) -> None:
        self.user_id = user.pk if user else None
        self.brands = hiding.brands_hidden_from(user) if user and kind.holds_codes else frozenset()
        self.said: set[str] = set()
        for brand in Brand.objects.filter(pk__in=self.brands) if self.brands else ():
            self.said |= {brand.slug, *map(tidy, [brand.name, *brand.alias_list])}
        for model in (Action, Promise, Judgement) if self.brands else ():
            self.said |= set(model.objects.filter(brand__in=self.brands).values_list("key", flat=True))

    def means(self, words: Iterable[str]) -> bool:
        """Whether one of these words is a name of such a brand, or the key of a record of it."""
        return bool(self.brands) and any(word in self.said or tidy(word) in self.said for word in words)


def refuse_covered(kind: Kind, examined: Iterable[Examined], user: Any) -> None:
    """Refuse rows that would touch codes of a brand that the sender is coding. New acts may come in."""
    covered = Covered(user, kind)
    for one in examined if covered.brands else ():
        row = one.row
        touches = kind.name in PARTS or one.resembles or not row.is_new
        if touches and covered.means([*row.key, *(str(row.values.get(name) or "") for name in NAMING)]):
            row.problems.clear()
            row.kept, row.changes, one.notes, one.resembles = None, {}, [], ""
            row.reject(kind.row_type.key[0], CODE, say(untranslated(hiding.REASON)))
            one.outcome = one.tell_outcome()


def as_shown(job: ImportJob, rows: Iterable[ImportRow], user: Any) -> list[ImportRow]:
    """Rows as this person may see them."""
    covered = Covered(user, kind_named(job.type))
    return [cover(row) if is_covered(job, row, covered) else row for row in rows]


def is_covered(job: ImportJob, row: ImportRow, covered: Covered) -> bool:
    """Their own rows people know, but for what those say of a record on file."""
    if covered.user_id == job.requested_by_id and row.outcome not in ON_FILE:
        return False
    places = [place for place, name in enumerate(job.mapping) if name in NAMING]
    return covered.means([*row.key.split(" "), *(row.cells[place] for place in places if place < len(row.cells))])


def cover(row: ImportRow) -> ImportRow:
    """The row with nothing of what it says, but why."""
    row.cells, row.changes, row.label, row.key, row.resembles = [], {}, "", "", ""
    row.messages = [stored("", CODE, say(untranslated(hiding.REASON)))]
    return row
