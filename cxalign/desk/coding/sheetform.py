"""A sheet as a form: what was sent, what is chosen, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cxalign.desk.coding.codebook import rule_for
from scoring.coding.comparing import folded
from scoring.coding.sheets import SEPARATOR, UNKNOWN, YES, Code, Codes, Part, Sheet, label_of
from scoring.models import CodingItem


@dataclass(frozen=True)
class Option:
    value: str
    words: str
    key: str
    """The key that chooses it."""
    chosen: bool
    field: str

    @property
    def id(self) -> str:
        return f"{self.field}-{self.value}"

    @property
    def level(self) -> str:
        return self.words.partition(" – ")[0] if " – " in self.words else ""

    @property
    def written(self) -> str:
        """The words beside the key, without a number that says the same as the key."""
        return self.words.removeprefix(f"{self.key} – ")

    @property
    def anchor(self) -> str:
        return self.words.partition(" – ")[2] or self.words


@dataclass(frozen=True)
class Field:
    """One code on the screen."""

    code: Code
    value: str
    error: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"c-{slugify(self.code.name.replace('.', '-'))}"

    @property
    def options(self) -> list[Option]:
        chosen = set(self.value.split(SEPARATOR))
        return [
            Option(value, str(words), self._key(place, value), value in chosen, self.id)
            for place, (value, words) in enumerate(self.code.choices, start=1)
        ]

    def _key(self, place: int, value: str) -> str:
        if value == UNKNOWN:
            return "u"
        if self.code.is_ordinal and value.isdigit():
            return value
        return str(place) if place < 10 else ""

    @property
    def rule(self) -> Any:
        return rule_for(self.code)


@dataclass(frozen=True)
class FieldPart:
    title: Any
    fields: list[Field]
    switch: Field | None = None

    @property
    def is_on(self) -> bool:
        return self.switch is not None and self.switch.value == YES

    @property
    def is_wrong(self) -> bool:
        return any(field.error for field in self.fields)


@dataclass(frozen=True)
class SheetForm:
    own: list[Field]
    optional: list[Field]
    sources: list[FieldPart]
    groups: list[tuple[Any, list[FieldPart]]]
    """Stakeholder group → the two ways in which an act can bear on it."""
    rationale: str
    problems: list[tuple[str, str, str]]
    """Id of the field, its label, what is wrong."""
    rationale_error: str

    @property
    def optional_open(self) -> bool:
        return any(field.value or field.error for field in self.optional)


def codes_in(data: QueryDict, sheet: Sheet) -> Codes:
    """What was sent, as a coding; values that were not offered are left out later."""
    found = {}
    for name, code in sheet.all.items():
        sent = data.getlist(name)
        found[name] = SEPARATOR.join(sent) if code.many else (sent[-1].strip() if sent else "")
    return {name: value[:200] for name, value in found.items() if value}


def sheet_form(
    item: CodingItem,
    sheet: Sheet,
    codes: Mapping[str, str],
    rationale: str,
    problems: Mapping[str, str] | None = None,
    voices: Iterable[str] = (),
) -> SheetForm:
    """``voices`` are independence groups that the coder has named before, offered again beside those of this act."""
    problems = problems or {}

    def field(code: Code, suggestions: tuple[str, ...] = ()) -> Field:
        value = codes.get(code.name, "")
        if code.free and not value and suggestions:
            value = suggestions[0]
        return Field(code, value, problems.get(code.name, ""), suggestions)

    def part(one: Part, suggestions: tuple[str, ...] = ()) -> FieldPart:
        fields = [field(code, suggestions if code.free else ()) for code in one.codes]
        return FieldPart(one.title, fields, field(one.switch) if one.switch else None)

    own = [field(code) for code in sheet.own if code.decides]
    optional = [field(code) for code in sheet.own if not code.decides]
    sources = [part(one, heard) for one, heard in zip(sheet.sources, _voices(item, sheet, voices), strict=True)]
    pairs: list[tuple[Any, list[FieldPart]]] = []
    for one in sheet.proofs:
        group, _title = one.title
        if not pairs or str(pairs[-1][0]) != str(group):
            pairs.append((group, []))
        pairs[-1][1].append(part(one))
    told = [
        *own,
        *optional,
        *(f for p in sources for f in p.fields),
        *(f for _g, ps in pairs for p in ps for f in p.fields),
    ]
    listed = [(one.id, str(one.code.label), one.error) for one in told if one.error]
    if "rationale" in problems:
        listed.append(("id_rationale", _("Rationale"), problems["rationale"]))
    return SheetForm(own, optional, sources, pairs, rationale, listed, problems.get("rationale", ""))


def _voices(item: CodingItem, sheet: Sheet, named: Iterable[str]) -> list[tuple[str, ...]]:
    """What an independence group may be called: the publisher's own voice, that of the brand whose words it relays, of
    another source of the act, or one that the coder has named before.

    Made from what the coder reads and wrote, never from the group on file.
    """
    if not sheet.sources:
        return []
    links = [link for link in item.subject.source_links.all() if not link.source.is_withdrawn]
    brand = item.brand.slug
    own = [folded(link.source.publisher or link.source.title) or brand for link in links]
    return [tuple(dict.fromkeys([voice, brand, *own, *sorted(named)])) for voice in own]


def as_rows(sheet: Sheet, codes: Mapping[str, str]) -> list[tuple[str, str]]:
    """A coding in words, in the order of the sheet."""
    return [(title_of(sheet, code), label_of(code, codes[name])) for name, code in sheet.all.items() if name in codes]


def title_of(sheet: Sheet, code: Code) -> str:
    """A code with the source or the group that it belongs to."""
    for part in sheet.sources:
        if code in part.codes:
            return f"{part.title} – {code.label}"
    for part in sheet.proofs:
        if code == part.switch or code in part.codes:
            group, direction = part.title
            return f"{group}, {direction}" if code == part.switch else f"{group}, {direction} – {code.label}"
    return str(code.label)
