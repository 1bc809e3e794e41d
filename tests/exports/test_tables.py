"""Tables as CSV and as sheets: typed, harmless, the same columns in every language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from cxalign.exports import csv, xlsx
from cxalign.exports.naming import file_name
from cxalign.exports.tables import Column, Kind, Table, Workbook, harmless
from tests.exports.files import rows_of, workbook_of

HOSTILE = ["=1+1", "+33 1", "-2", "@SUM(A1)", "\tblank", "\rreturn", '=HYPERLINK("http://x","y")']


def a_table(*rows: list[object]) -> Table:
    columns = [
        Column("name", "Name", "What it is called.", width=40),
        Column("count", "Count", kind=Kind.NUMBER),
        Column("day", "Day", kind=Kind.DATE),
        Column("sure", "Sure", kind=Kind.TRUTH),
    ]
    return Table("things", "Things", columns, rows)  # type: ignore[arg-type]


def a_workbook(*rows: list[object]) -> bytes:
    target = BytesIO()
    book = Workbook(
        "Things", [("What", "=1+1")], "Read me", [a_table(*rows)], "Dictionary", ("Sheet", "Column", "Name", "Holds")
    )
    xlsx.write(target, book)
    return target.getvalue()


def test_a_csv_file_is_what_the_standard_says() -> None:
    table = a_table(["Ça, « va »\nbien", Decimal("1.5"), date(2020, 4, 1), True], [None, 0, "2020-04", None])
    assert b"".join(csv.lines(table)).decode() == (
        "name,count,day,sure\r\n"
        '"Ça, « va »\nbien",1.5,2020-04-01,true\r\n'
        ",0,2020-04,\r\n"
    )  # fmt: skip


def test_the_french_dialect_opens_by_itself_in_a_french_excel() -> None:
    content = b"".join(csv.lines(a_table(["a;b", 1.5, None, False]), "excel-fr"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == 'name;count;day;sure\r\n"a;b";1,5;;false\r\n'


def test_a_long_table_comes_in_pieces() -> None:
    pieces = list(csv.lines(a_table(*[["x" * 1000, 1, None, None] for _ in range(200)])))
    assert len(pieces) > 2
    assert len(rows_of(b"".join(pieces))) == 200


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula(text: str) -> None:
    (row,) = rows_of(b"".join(csv.lines(a_table([text, 1, None, None]))))
    assert row["name"] == harmless(text) == f"'{text}"
    sheet = workbook_of(a_workbook([text, -1, None, None]))["Things"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.startswith("'")
    assert sheet["B2"].value == -1, "a number keeps its sign"


def test_cells_of_a_sheet_are_what_they_are() -> None:
    book = workbook_of(a_workbook(["https://example.org", 3, date(2020, 4, 1), True], ["b", None, "2020-04", None]))
    sheet = book["Things"]
    assert [cell.value for cell in sheet[1]] == ["Name", "Count", "Day", "Sure"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (3, "n")
    assert sheet["C2"].is_date
    assert sheet["C2"].value.date() == date(2020, 4, 1)
    assert sheet["C3"].value == "2020-04", "a month is no day"
    assert sheet["D2"].value is True
    assert sheet["B3"].value is None, "unknown is no zero"
    assert sheet["A2"].hyperlink is None
    assert sheet.freeze_panes == "A2"


def test_a_workbook_says_what_it_is_and_what_its_columns_hold() -> None:
    book = workbook_of(a_workbook(["a", 1, None, None]))
    assert book.sheetnames == ["Read me", "Things", "Dictionary"]
    assert book["Read me"]["B3"].value == "'=1+1"
    assert [cell.value for cell in book["Dictionary"][2]] == ["Things", "Name", "name", "What it is called."]
    assert all(sheet.sheet_state == "visible" for sheet in book.worksheets)


def test_a_row_is_as_high_as_its_longest_text() -> None:
    book = workbook_of(a_workbook(["word " * 30, 1, None, None], ["word", 2, None, None]))
    assert book["Things"].row_dimensions[2].height == 60
    assert book["Things"].row_dimensions[3].height in (None, 15)


def test_progress_is_told_row_by_row() -> None:
    told: list[int] = []
    book = Workbook("T", [], "Read me", [a_table(*[["a", 1, None, None]] * 3)], "D", ("a", "b", "c", "d"))
    xlsx.write(BytesIO(), book, told.append)
    assert told == [1, 2, 3]


def test_a_file_name_holds_nothing_but_plain_signs() -> None:
    assert (
        file_name("fictia", "covid-19", "v4", "2020-06-12", "fr", ending="pptx")
        == "fictia_covid-19_v4_2020-06-12_fr.pptx"
    )
    assert file_name("../a b", "", 'x"y', ending="csv") == "a-b_x-y.csv"
