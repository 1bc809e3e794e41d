"""What the rows of an import are called, and the records that they name: by what they say, in the reader’s language."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brands.importing.kinds import Kind
from brands.imports.planning import fetch
from brands.models import Brand, Crisis, ImportJob, ImportRow, Outcome, Sector
from brands.subjects import screen
from cxalign.templatetags.cxalign import partial_date

SHOWN_LENGTH = 200


@dataclass(frozen=True)
class Name:
    """What people call a row or a record, and where they find it."""

    text: str
    key: str = ""
    address: str = ""
    number: int = 0
    """Of the row of the file that is meant, where it is none on file."""
    day: str = ""
    """When it was, for what is told from its like by its day."""


def languages() -> tuple[str, str]:
    """The reader’s language, and the other one."""
    return ("fr", "en") if (get_language() or "").startswith("fr") else ("en", "fr")


# --- Rows -------------------------------------------------------------------------------------------------------------


def names_of(kind: Kind, job: ImportJob, rows: Iterable[ImportRow]) -> dict[int, Name]:
    """Id of a row → its name. The number of queries does not grow with the rows."""
    rows = list(rows)
    on_file = records(kind, job, {row.key for row in rows})
    wholes = named_wholes(kind, [row for row in rows if row.key not in on_file])
    return {row.pk: name_of(kind, job, row, on_file.get(row.key), wholes) for row in rows}


def name_of(kind: Kind, job: ImportJob, row: ImportRow, record: Any, wholes: dict[str, str]) -> Name:
    here, there = languages()
    text = said(job, row, here) or (called(record) if record else "") or said(job, row, there)
    return Name((text or in_parts(kind, row, wholes) or row.label)[:SHOWN_LENGTH], row.key, address_of(record))


def said(job: ImportJob, row: ImportRow, language: str) -> str:
    """What the row itself says that it is about."""
    cells = {name: cell for name, cell in zip(job.mapping, row.cells, strict=False) if name}
    names = ("name", "title", "label", f"statement_{language}", f"description_{language}", "official_quote")
    return next((cells[name].strip() for name in names if cells.get(name, "").strip()), "")


def records(kind: Kind, job: ImportJob, keys: Iterable[str]) -> dict[str, Any]:
    row_type = kind.row_type
    first = {key.partition(" ")[0] for key in keys} - {""}
    found = fetch(row_type, first, job.crisis, locking=False) if first else ()
    return {" ".join(map(str, row_type.key_of(record))): record for record in found}


def named_wholes(kind: Kind, rows: list[ImportRow]) -> dict[str, str]:
    """Key → name of the acts, sources and brands whose parts the rows are."""
    columns = [column for column in kind.row_type.columns if column.name in kind.row_type.key and column.refers]
    keys = {part for row in rows for part in row.key.split(" ")} - {""}
    found: dict[str, str] = {}
    for column in columns if keys else ():
        found.update(texts_of(kind.model._meta.get_field(column.field).related_model, keys))
    return found


def in_parts(kind: Kind, row: ImportRow, wholes: dict[str, str]) -> str:
    """A part is called after its whole and what tells it from the others."""
    if not wholes:
        return ""
    parts = zip(kind.row_type.key, row.key.split(" "), strict=False)
    fields = {column.name: column.field for column in kind.row_type.columns}
    return " – ".join(wholes.get(part) or in_words(kind, fields[name], part) for name, part in parts)


# --- Records ----------------------------------------------------------------------------------------------------------


def called(record: Any) -> str:
    """A record by its statement in the reader’s language, or by what it is called in any."""
    here, there = languages()
    if hasattr(record, "action_id"):
        rest = record.source if hasattr(record, "source_id") else record.get_stakeholder_display()
        return f"{called(record.action)} – {called(rest)}"
    names = ("title", "label", f"statement_{here}", f"statement_{there}", "quote", "name")
    return next((text for name in names if (text := getattr(record, name, ""))), "") or str(record)


def address_of(record: Any) -> str:
    """Its screen; that of its act for a part."""
    if record is None:
        return ""
    return screen(record.action if hasattr(record, "action_id") else record)


def texts_of(model: Any, keys: Iterable[str]) -> dict[str, str]:
    by = "slug" if issubclass(model, Brand | Crisis | Sector) else "key"
    return {getattr(record, by): called(record) for record in model._base_manager.filter(**{f"{by}__in": [*keys]})}


def likenesses(kind: Kind, job: ImportJob, rows: Iterable[ImportRow]) -> dict[int, Name]:
    """Id of a row → the record on file, or the earlier row of the file, that it looks like."""
    alike = {row.pk: row.resembles for row in rows if row.resembles}
    if not alike:
        return {}
    on_file = records(kind, job, alike.values())
    found = {key: Name(called(one), key, address_of(one), day=day_of(one)) for key, one in on_file.items()}
    earlier = ImportRow.objects.filter(job=job, key__in=set(alike.values()) - found.keys()).order_by("-number")
    named = names_of(kind, job, earlier)
    found.update((row.key, replace(named[row.pk], number=row.number)) for row in earlier)
    return {pk: found.get(key, Name(key, key)) for pk, key in alike.items()}


def day_of(record: Any) -> str:
    return partial_date(getattr(record, "started", ""))


# --- Values -----------------------------------------------------------------------------------------------------------

Related = Mapping[str, Mapping[str, str]]
"""Field → key → what the record is called."""


def related_names(kind: Kind, rows: Iterable[ImportRow]) -> Related:
    """What the records are called that changes name by their keys."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name, pair in row.changes.items() if row.outcome == Outcome.UPDATE else ():
            if kind.model._meta.get_field(name).is_relation:
                values = [key for value in pair for key in (value if isinstance(value, list) else [value])]
                wanted[name].update(filter(None, values))
    return {
        name: texts_of(kind.model._meta.get_field(name).related_model, keys) for name, keys in wanted.items() if keys
    }


def in_words(kind: Kind, name: str, value: Any, related: Related | None = None) -> str:
    """A value as the trail keeps it, as people say it."""
    if isinstance(value, list):
        return ", ".join(in_words(kind, name, part, related) for part in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return ""
    field: Any = kind.model._meta.get_field(name)
    text = (related or {}).get(name, {}).get(str(value)) or labels(field).get(str(value)) or str(value)
    return text[:SHOWN_LENGTH]


def labels(field: Any) -> dict[str, str]:
    """Code → label without its explanation."""
    choices = field.codes.choices if hasattr(field, "codes") else field.flatchoices or ()
    return {str(code): re.split(r"\s*[:(]", str(label))[0] for code, label in choices if code}
