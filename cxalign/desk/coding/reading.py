"""What coders and adjudicators read of a record: quotes, act, sources and passages. Never a code of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from brands.models import Source
from scoring.coding.rounds import with_reading
from scoring.models import CodingItem


@dataclass(frozen=True)
class Reading:
    """The texts of one item."""

    kind: str
    record: Any
    promises: list[Any]
    sources: list[tuple[Source, str]]
    """Each with the page or clause, where one is given."""

    @property
    def statement(self) -> str:
        return statement_of(self.record)

    @property
    def said(self) -> list[tuple[Any, str]]:
        """Each promise with what it states, in the reader's language."""
        return [(promise, statement_of(promise)) for promise in self.promises]


def statement_of(record: Any) -> str:
    """What a record states, in the reader's language where it is written in it."""
    en, fr = getattr(record, "statement_en", ""), getattr(record, "statement_fr", "")
    return str((fr or en) if (get_language() or "").startswith("fr") else (en or fr))


def load_reading(item: CodingItem) -> Reading:
    """Give the item its record with all its parts, in a few queries, and list what there is to read."""
    kind = item.kind
    model = type(item.subject)
    record = with_reading(model._base_manager.filter(pk=item.subject.pk), kind).get()
    setattr(item, kind, record)
    if kind == "action":
        links = [link for link in record.source_links.all() if not link.source.is_withdrawn]
        promises = [promise for promise in record.brand.promises.all() if not promise.is_withdrawn]
        return Reading(kind, record, promises, [(link.source, link.locator) for link in links])
    sources = [(source, "") for source in record.sources.all() if not source.is_withdrawn]
    return Reading(kind, record, [record] if kind == "promise" else [], sources)
