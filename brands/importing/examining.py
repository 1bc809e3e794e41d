"""A table of somebody's own → what each row would do, without writing anything.

The cells are turned into what the strict engine takes; from there on checks, comparison and messages are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from brands.codes import Coding
from brands.editing import CODED_FIELDS
from brands.importing import matching
from brands.importing.columns import Mapping
from brands.importing.dates import Evidence, Order, evidence
from brands.importing.kinds import DEFAULTS, KEYS_MADE, KINDS, Kind
from brands.importing.words import Reader, reader_of
from brands.imports import columns as strict
from brands.imports.checking import CONTROL, Row, check_beside_one_another, read_cell, reject_repetitions
from brands.imports.columns import CellError, Column
from brands.imports.planning import IMPORTED, LOADED, in_portions, make_plan
from brands.imports.report import Message, shown, untranslated
from brands.imports.report import say as _
from brands.imports.rowtypes import BRANDS, PRECISIONS, SECTORS, SOURCES
from brands.models import Crisis, Outcome

AMBIGUOUS_DATE, POSSIBLE_DUPLICATE = "ambiguous_date", "possible_duplicate"
CREATE_ANYWAY, LEAVE_OUT, SAME_RECORD = "create", "skip", "update"

FAILED_FORMULAS = frozenset(
    (
        *("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#CALC!", "#SPILL!"),
        *("#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!", "#PROPAGATION!"),
    )
)
"""What spreadsheet programs in English and French write where a formula has no value."""

Rows = Iterable[tuple[int, list[str]]]
Progress = Callable[[int], None]
PROGRESS_EVERY = 1_000


@dataclass(frozen=True)
class Answers:
    """What a person decided about a file."""

    mapping: Mapping
    orders: dict[str, Order] = field(default_factory=dict)
    overwrite: bool = False
    duplicates: str = ""
    """What happens to rows that look like a record on file; empty: it is asked."""
    decisions: dict[int, str] = field(default_factory=dict)
    """The same for single rows."""

    def about(self, number: int) -> str:
        return self.decisions.get(number) or self.duplicates


@dataclass(slots=True, eq=False)
class Examined:
    """A row, and what is to be said about it."""

    row: Row
    cells: list[str]
    resembles: str = ""
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    """Column, code and sentence of what is no objection."""
    given_key: str = ""
    """The key that an earlier examination found or made."""
    outcome: Outcome = Outcome.ERROR
    """What would become of the row. Told once: a row that was written is no longer new."""

    def tell_outcome(self) -> Outcome:
        row = self.row
        if row.problems:
            asked = {problem.code for problem in row.problems}
            if asked == {POSSIBLE_DUPLICATE}:
                return Outcome.DUPLICATE
            return Outcome.ASKED if asked <= {AMBIGUOUS_DATE, POSSIBLE_DUPLICATE} else Outcome.ERROR
        if row.kept:
            return Outcome.KEPT
        if not row.changes:
            return Outcome.UNCHANGED
        return Outcome.CREATE if row.is_new else Outcome.UPDATE

    @property
    def messages(self) -> list[tuple[str, str, str]]:
        said = [*self.row.problems, *([self.row.kept] if self.row.kept else [])]
        return [*((problem.column, problem.code, problem.message) for problem in said), *self.notes]


def examine(
    kind: Kind,
    rows: Rows,
    answers: Answers,
    crisis: Crisis | None,
    *,
    locking: bool = False,
    progress: Progress = lambda done: None,
    keys: dict[int, str] | None = None,
) -> list[Examined]:
    """Every row, checked on its own, beside the others and beside the database.

    ``keys`` are those that an earlier examination of the same rows came to: whoever writes what a person has seen
    passes them, and nothing is matched again.
    """
    given = keys or {}
    examined = read_rows(kind, rows, answers, progress)
    for one in examined:
        one.given_key = given.get(one.row.number, "")
    find_keys(kind, examined, answers, crisis, rematch=keys is None)
    planned = [one.row for one in examined if one.row.kept is None]  # what is left out is not there for the others
    for names in (kind.row_type.key, *((name,) for name in kind.row_type.unique)):
        reject_repetitions(planned, names)
    make_plan(
        {kind.row_type: planned},
        crisis,
        overwrite=answers.overwrite,
        locking=locking,
        files_of=(LOADED, IMPORTED),
    )
    for row in planned:
        check_record(kind, row)
        say_it_to_people(row)
        code_alone(row)
    for one in examined:
        one.outcome = one.tell_outcome()
    return examined


# --- Cells ------------------------------------------------------------------------------------------------------------


def read_rows(kind: Kind, rows: Rows, answers: Answers, progress: Progress) -> list[Examined]:
    columns = readers(kind, answers)
    width = len(answers.mapping)
    otherwise = {name: kind.column(name).read(word) for name, word in DEFAULTS.items() if name in kind.names}
    examined = []
    for done, (number, cells) in enumerate(rows, start=1):
        row = Row(kind.row_type, number)
        examined.append(Examined(row, cells))
        if any(cells[width:]):
            row.reject("", "ragged_row", _("The row has more cells than the header: look for a separator too many."))
        else:
            for column, place, read in columns:
                take_cell(row, column, cells[place] if place < len(cells) else "", read)
            fill_in(kind, row)
            check_beside_one_another(row, otherwise)
        if done % PROGRESS_EVERY == 0:
            progress(done)
    return examined


def readers(kind: Kind, answers: Answers) -> list[tuple[Column, int, Reader | None]]:
    names = {
        BRANDS.file: matching.brand_names(),
        SECTORS: matching.sector_names(),
        SOURCES.file: matching.source_addresses(),
    }
    own = kind.row_type.file
    columns = [(kind.column(name), place) for place, name in enumerate(answers.mapping) if name]
    others = {refers: look_up for refers, look_up in names.items() if refers != own}
    return [(column, place, remembering(reader_of(column, answers.orders, others))) for column, place in columns]


def remembering(read: Reader | None) -> Reader | None:
    """The same words stand in a column again and again. What is refused is read again, for its message."""
    if read is None:
        return None
    known: dict[str, str] = {}

    def once(cell: str) -> str:
        if cell not in known:
            known[cell] = read(cell)
        return known[cell]

    return once


def take_cell(row: Row, column: Column, cell: str, read: Reader | None) -> None:
    if found := CONTROL.search(cell):
        message = _("The text holds a control character (%(name)s): delete it.")
        row.reject(column.name, "control_character", message % {"name": f"U+{ord(found.group()):04X}"})
        return
    if cell in FAILED_FORMULAS:
        message = _(
            "The cell holds “%(value)s”, the error of a formula: correct the formula, or write the value itself."
        )
        row.values[column.name] = column.empty
        row.reject(column.name, "failed_formula", message % {"value": cell})
        return
    try:
        strict = read(cell) if read and cell.strip() else cell if read is None else ""
    except CellError as error:
        row.values[column.name] = column.empty
        row.reject(column.name, error.code, error.message)
        return
    if not strict and (column.name in DEFAULTS or not_asked_for(row, column)):
        return
    read_cell(row, column, strict)


def not_asked_for(row: Row, column: Column) -> bool:
    """An empty key is made later, an empty precision follows from the date."""
    is_key = column.name == row.type.key[0] and row.type.file.removesuffix(".csv") in KEYS_MADE
    return is_key or column.name.endswith("_precision")


def fill_in(kind: Kind, row: Row) -> None:
    """What the row leaves out and follows from the rest. A record on file keeps what the file does not have."""
    for column in kind.row_type.columns:
        dated = column.name.removesuffix("_precision")
        if dated != column.name and dated in row.values and column.name not in row.values:
            row.values[column.name] = PRECISIONS.get(len(row.values[dated]), "unknown") if row.values[dated] else ""


# --- Keys -------------------------------------------------------------------------------------------------------------


def find_keys(kind: Kind, examined: list[Examined], answers: Answers, crisis: Crisis | None, *, rematch: bool) -> None:
    """Give each row without a key the one of the record that it means, or a new one; ask where it looks like one."""
    matcher = matching.MATCHERS.get(kind.name)
    name = kind.row_type.key[0]
    if matcher is None:
        return
    if not rematch:
        for one in examined:
            one.row.values[name] = one.given_key
        return
    on_file = keys_on_file(kind, examined)
    unmatched = [one for one in examined if one.row.is_right and one.row.values.get(name, "") not in on_file]
    known = matcher.known([one.row for one in unmatched], crisis) if unmatched else matching.Known()
    here = matching.Known(likeness=known.likeness)
    for one in unmatched:
        recognise(one, name, matcher, known, here, answers.about(one.row.number))


def keys_on_file(kind: Kind, examined: Iterable[Examined]) -> set[str]:
    row_type = kind.row_type
    wanted = sorted({one.row.values.get(row_type.key[0], "") for one in examined} - {""})
    found: set[str] = set()
    for some in in_portions(wanted):
        found.update(
            row_type.model._default_manager.filter(**{f"{row_type.match}__in": some}).values_list(
                row_type.match, flat=True
            )
        )
    return found


def recognise(
    one: Examined,
    name: str,
    matcher: matching.Matcher,
    known: matching.Known,
    here: matching.Known,
    decision: str,
) -> None:
    """The key that the row gives, or that of the record it is, or a new one."""
    row, said = one.row, one.row.values.get(name, "")
    faces = matcher.faces(row.values)
    same = next(((known.same(face), face.same) for face in faces if known.same(face)), None)
    if same and same[1] and not said:
        row.values[name] = same[0]
        one.notes.append((name, "matched", _("Recognised by what it says as “%(key)s”.") % {"key": same[0]}))
        return
    row.values[name] = said or made_key(matcher, row, known)
    alike = same[0] if same else known.alike(faces[-1])
    within = [face for face in faces if not (said and face.told_apart_by_keys)]
    earlier = next(filter(None, map(here.same, within)), "") or here.alike(within[-1])
    if alike:
        ask(one, name, alike, decision)
    elif earlier and earlier != row.values[name]:  # the same key twice is told by the engine
        ask_within(one, name, earlier, decision)
    for face in within:
        here.add(face, row.values[name])


def made_key(matcher: matching.Matcher, row: Row, known: matching.Known) -> str:
    key = matching.made_key(matcher, row.values)
    return f"{key}-2" if matcher.readable and key in known.keys else key


def ask(one: Examined, name: str, alike: str, decision: str) -> None:
    row = one.row
    one.resembles = alike
    if decision == SAME_RECORD:
        row.values[name] = alike
    elif decision == LEAVE_OUT:
        row.keep("left_out", _("Left out: it looks like “%(key)s”, which is on file.") % {"key": alike})
    elif decision != CREATE_ANYWAY:
        message = _("This looks like “%(key)s”, which is on file: say whether it is the same.")
        row.reject(name, POSSIBLE_DUPLICATE, message % {"key": shown(alike)})


def ask_within(one: Examined, name: str, earlier: str, decision: str) -> None:
    row = one.row
    one.resembles = earlier
    if decision in (LEAVE_OUT, SAME_RECORD):
        row.keep("left_out", _("Left out: it looks like “%(key)s”, an earlier row of the file.") % {"key": earlier})
    elif decision != CREATE_ANYWAY:
        message = _("This looks like “%(key)s”, an earlier row of the file: say whether it is the same.")
        row.reject(name, POSSIBLE_DUPLICATE, message % {"key": shown(earlier)})


def check_record(kind: Kind, row: Row) -> None:
    if kind.record_holds and row.is_right and row.kept is None and row.changes:
        for flaw in list(kind.record_holds(row.record)):
            row.reject(*flaw)


# --- Words ------------------------------------------------------------------------------------------------------------


def say_it_to_people(row: Row) -> None:
    """The strict engine speaks of files and options; whoever sends a sheet knows records and boxes to tick."""
    for place, problem in enumerate(row.problems):
        if problem.code == "unknown_reference":
            row.problems[place] = replace(problem, message=unknown(row, problem.column) or problem.message)
    if row.kept and row.kept.code == "edited":
        row.keep("edited", _("Somebody changed this record since the last import: it stays, unless you say otherwise."))


def unknown(row: Row, name: str) -> str:
    column = next((column for column in row.type.columns if column.name == name), None)
    kind = next((kind for kind in KINDS if column and kind.row_type.file == column.refers), None)
    if kind is None or column is None:
        return ""
    value = row.values.get(name, "")
    said = value if isinstance(value, str) else ", ".join(value or ())
    if not said:
        return ""
    message = _("“%(key)s” is not on file under “%(kind)s”: import or add it first, or correct the cell.")
    return message % {"key": shown(said), "kind": Message(untranslated(kind.title))}


def code_alone(row: Row) -> None:
    """Codes that two people agreed on and one changes are one coder's again."""
    record: Any = row.record
    if row.is_new or not row.changes or getattr(record, "coding", Coding.SINGLE) == Coding.SINGLE:
        return
    if CODED_FIELDS.get(row.type.model, frozenset()) & set(row.changes):
        row.changes["coding"] = [record.coding, Coding.SINGLE.value]
        record.coding = Coding.SINGLE.value
        if getattr(record, "settlement", ""):
            row.changes["settlement"] = [record.settlement, ""]
            record.settlement = ""


# --- Questions --------------------------------------------------------------------------------------------------------


def date_questions(kind: Kind, rows: list[tuple[int, list[str]]], mapping: Mapping) -> dict[str, Evidence]:
    """Columns of dates that could be read in two ways, and what the other cells suggest."""
    found = {}
    for place, name in enumerate(mapping):
        if name and kind.column(name).read is strict.partial_date:
            told = evidence((number, cells[place]) for number, cells in rows if place < len(cells))
            if told.ambiguous:
                found[name] = told
    return found
