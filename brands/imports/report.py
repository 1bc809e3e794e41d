"""What came of a file: counts, and one line for each row that was not taken as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

REFUSED, UNUSABLE = 1, 2
"""Exit codes: rows were rejected; a file or the folder could not be read at all."""

COUNTS = ("created", "updated", "unchanged", "kept", "rejected")

QUOTED_AT_MOST = 60


def shown(value: str) -> str:
    """A cell as a message may repeat it: cut, and without characters that a terminal would obey."""
    cut = value if len(value) <= QUOTED_AT_MOST else f"{value[: QUOTED_AT_MOST - 1]}…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)


# --- Sentences --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """A name that a record has in each language."""

    en: str
    fr: str

    def __str__(self) -> str:
        return self.fr if (get_language() or "").startswith("fr") else self.en


Value = Any
"""What stands in a sentence: a text, a number, a ``Named`` record, or another ``Message``."""


class Message(str):
    """A sentence in the language of the moment, which remembers what it was made of.

    Whoever keeps one keeps its parts (``stored``), so that each reader is told in their own language (``told``).
    """

    text: str
    values: Mapping[str, Value]

    def __new__(cls, text: str, values: Mapping[str, Value] | None = None) -> Message:
        wording = gettext(text) if text else ""
        message = super().__new__(cls, wording % values if values else wording)
        message.text, message.values = text, values or {}
        return message

    def __mod__(self, values: Any) -> Message:
        return Message(self.text, values)

    def __deepcopy__(self, memo: Any) -> Message:
        return self

    def __reduce__(self) -> Any:
        return Message, (self.text, dict(self.values))


def say(text: str) -> Message:
    """To be imported as ``_`` where sentences are kept."""
    return Message(text)


def untranslated(text: Any) -> str:
    """The text behind one that is translated whenever it is shown."""
    with translation.override(None):
        return str(text)


Stored = list[Any]
"""A sentence as JSON: column, code, the text as it stands in the program, and what stands in it."""


def stored(column: str, code: str, message: str) -> Stored:
    if not isinstance(message, Message):
        return [column, code, message, {}]
    return [column, code, message.text, {name: _as_json(value) for name, value in message.values.items()}]


def _as_json(value: Value) -> Any:
    if isinstance(value, Message):
        return {"text": value.text, "values": {name: _as_json(inner) for name, inner in value.values.items()}}
    if isinstance(value, Named):
        return asdict(value)
    return value if isinstance(value, int) else str(value)


def _from_json(value: Any) -> Value:
    if not isinstance(value, dict):
        return value
    if "text" in value:
        return Message(value["text"], {name: _from_json(inner) for name, inner in value["values"].items()})
    return Named(**value)


def told(sentences: Iterable[Sequence[Any]]) -> list[tuple[str, str, Message]]:
    """Column, code and wording of stored sentences, in the language of the moment."""
    return [(column, code, reworded(text, *values)) for column, code, text, *values in sentences]


def reworded(text: str, values: Mapping[str, Any] | None = None) -> Message:
    return Message(text, {name: _from_json(value) for name, value in (values or {}).items()})


# --- Reports ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """Where something stands that was not taken as it is, and what to do about it.

    ``row`` is the number a spreadsheet shows: the header is row 1. It is 0 where the whole file is meant.
    """

    file: str
    row: int
    column: str
    code: str
    message: str

    def __str__(self) -> str:
        where = [self.file]
        if self.row:
            where.append(_("row %(number)s") % {"number": self.row})
        if self.column:
            where.append(_("column %(name)s") % {"name": self.column})
        return f"{', '.join(where)} – {self.message}"


@dataclass(slots=True)
class FileReport:
    """How many rows of one file met which fate. Every row meets exactly one."""

    file: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        return sum(getattr(self, name) for name in COUNTS)

    def count(self, fates: Counter[str]) -> None:
        for name in COUNTS:
            setattr(self, name, fates[name])


@dataclass(slots=True)
class Report:
    """What a load did, or, where nothing was ``written``, what it would have done with the rows that are right."""

    crisis: str
    files: list[FileReport] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    kept: list[Problem] = field(default_factory=list)
    unusable: list[Problem] = field(default_factory=list)
    dry_run: bool = False
    written: bool = False

    @property
    def exit_code(self) -> int:
        if self.unusable:
            return UNUSABLE
        return REFUSED if self.rejected else 0

    def of(self, file: str) -> FileReport:
        return next(report for report in self.files if report.file == file)

    def as_data(self) -> dict[str, Any]:
        """The same for a machine."""
        return {**asdict(self), "exit_code": self.exit_code}
