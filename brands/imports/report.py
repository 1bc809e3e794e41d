"""What came of a file: counts, and one line for each row that was not taken as it stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

REFUSED, UNUSABLE = 1, 2
"""Exit codes: rows were rejected; a file or the folder could not be read at all."""

COUNTS = ("created", "updated", "unchanged", "kept", "rejected")

QUOTED_AT_MOST = 60


def shown(value: str) -> str:
    """A cell as a message may repeat it: cut, and without characters that a terminal would obey."""
    cut = value if len(value) <= QUOTED_AT_MOST else f"{value[: QUOTED_AT_MOST - 1]}…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)


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
