"""Files as office programs write them, and files that nobody should have to open."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brands.importing import columns, giving_out, spreadsheets
from brands.importing.files import ENCODINGS, Reading, as_written, read_upload
from brands.importing.kinds import KINDS, kind_named
from brands.imports.reading import UnusableError
from brands.imports.report import Problem
from tests.brands.sheets import sheet, workbook

ACTIONS = kind_named("actions")


def read(name: str, data: bytes, **reading: str) -> Any:
    return read_upload(name, data, lambda header: columns.fitting(ACTIONS, header), Reading(**reading))


def refusal(name: str, data: bytes) -> Problem:
    with pytest.raises(UnusableError) as caught:
        read(name, data)
    return caught.value.problem


# --- Text -------------------------------------------------------------------------------------------------------------

FRENCH = {"Marque": "Fictia", "Description": "L’été, « cœur » à Noël : 1 500 €, où ça ?", "Date": "13/04/2020"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "iso8859-15", "mac_roman", "cp850"]
)
def test_any_usual_encoding_and_separator_is_recognised(encoding: str, separator: str) -> None:
    french = FRENCH
    if encoding in ("iso8859-15", "cp850"):  # without a curly apostrophe, and the second without € and œ
        text = FRENCH["Description"].replace("’", "'")
        french = {**FRENCH, "Description": text if encoding != "cp850" else text.replace("€", "£").replace("œ", "oe")}
    upload = read("file.csv", sheet(french, french, separator=separator, encoding=encoding))
    assert upload.table.rows[0][1] == list(french.values())
    assert upload.reading.separator == separator


@pytest.mark.parametrize("before", ["sep=;\r\n", "SEP=;\n", "\n\n", ";;\r\n", "sep=;\n\n"])
def test_what_stands_before_the_header_is_no_row(before: str) -> None:
    upload = read("file.csv", f"{before}Marque;Description;Date\nFictia;A, b, c;2020\n".encode())
    assert upload.table.header == ("Marque", "Description", "Date")
    assert upload.reading.separator == ";"
    assert upload.table.rows == [(before.count("\n") + 2, ["Fictia", "A, b, c", "2020"])]


def test_a_text_that_we_gave_out_harmless_comes_back_as_it_was() -> None:
    cells = ["-10 % pour tous", "=1+1", "@fictia", "+33 1", "'quoted'", "'"]
    data = giving_out.as_csv([["Marque", "Description", "Date", "d", "e", "f"], cells], ";")
    assert read("refused.csv", data).table.rows == [(2, cells)]


def test_a_person_can_say_otherwise() -> None:
    data = sheet({"Marque": "Café"}, encoding="cp1252")
    assert read("file.csv", data, encoding="mac_roman", separator=",").table.rows[0][1] == ["CafÈ"]
    with pytest.raises(UnusableError) as caught:
        read("file.csv", data, encoding="utf-8", separator=",")
    assert caught.value.problem.code == "wrong_encoding"


def test_a_separator_inside_cells_does_not_mislead() -> None:
    row = {"Marque": "Fictia", "Description": "A, b, c; d", "Date": "2020"}
    upload = read("file.csv", sheet(row, row, separator=";"))
    assert upload.table.header == tuple(row)
    assert upload.table.rows[0][1] == list(row.values())


# --- Workbooks --------------------------------------------------------------------------------------------------------


def test_typed_cells_are_read_as_a_person_would_have_written_them() -> None:
    rows = [
        ["a", "b", "c", "d", "e", "f"],
        ["007", 7, 12.5, True, date(2020, 4, 13), datetime(2020, 4, 13, 8, 30)],
        ["", "", "", "", "", ""],
        ["=1+1", 1e6, 0.1, False, "", "x"],
    ]
    table = read("file.xlsx", workbook(rows)).table
    assert table.rows == [
        (2, ["007", "7", "12.5", "yes", "2020-04-13", "2020-04-13 08:30:00"]),
        (4, ["=1+1", "1000000", "0.1", "no", "", "x"]),
    ]


def test_the_value_of_a_formula_is_read_and_the_formula_is_not_run() -> None:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        page.write_formula(1, 0, '=HYPERLINK("http://example.org")', value="shown")
        page.write_string(1, 1, "b")
    assert read("file.xlsx", target.getvalue()).table.rows == [(2, ["shown", "b"])]


def test_a_formula_without_a_value_is_not_taken_for_an_empty_cell() -> None:
    """In the sheet that is read, which need not be the first part of the workbook."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        hidden, page = book.add_worksheet("Zero"), book.add_worksheet("One")
        page.activate()
        page.set_first_sheet()
        hidden.hide()
        hidden.write_formula("A2", "=1/0", None, "#NUM!")
        page.write_row("A1", ["a", "b", "c", "d"])
        page.write_formula("A2", "=1/0", None, "#DIV/0!")
        page.write_formula("B2", "=A9", None, "")
        page.write_formula("C2", "=1+1", None, 2)
        page.write_string("D2", "x")
    rows = read("file.xlsx", target.getvalue()).table.rows
    assert rows == [(2, ["#DIV/0!", "#CALC!", "2", "x"])]


def test_the_first_sheet_with_anything_in_it_is_read() -> None:
    upload = read("file.xlsx", workbook([], Data=[["a", "b"], ["1", "2"]], More=[["c"]]))
    assert (upload.reading.sheet, upload.table.header) == ("Data", ("a", "b"))
    assert refusal("file.xlsx", workbook([])).code == "empty"


def repacked(data: bytes, **changes: bytes | None) -> bytes:
    """A workbook with parts replaced, added or, with None, taken out; ``__`` stands for a slash, ``_`` for a point."""
    changed = {name.replace("__", "/").replace("_", "."): part for name, part in changes.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        parts = {name: source.read(name) for name in source.namelist()}
        for name, part in {**parts, **changed}.items():
            if part is not None:
                packed.writestr(name, part)
    return target.getvalue()


SHEET = "xl__worksheets__sheet1_xml"
SIMPLE = workbook([["a", "b"], ["1", "2"]])
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_xml(data: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet {NS}><sheetData>{data}</sheetData></worksheet>'.encode()


def shared(count: int, length: int) -> bytes:
    text = "x" * length
    return f'<?xml version="1.0"?><sst {NS}>{f"<si><t>{text}</t></si>" * count}</sst>'.encode()


def with_cells(data: str, **parts: bytes) -> bytes:
    return repacked(SIMPLE, **{SHEET: sheet_xml(data), **parts})


def lying(data: bytes) -> bytes:
    """The zip says that its largest part is ten bytes long."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        largest = max(info.file_size for info in packed.infolist())
    return data.replace(largest.to_bytes(4, "little"), (10).to_bytes(4, "little"))


HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "a bomb": (repacked(SIMPLE, xl__media__image_png=b"\0" * 60_000_000), {"too_large_unpacked"}),
    "a bomb that lies about its size": (
        lying(repacked(SIMPLE, xl__media__image_png=b"\0" * 60_000_000)),
        {"too_large_unpacked", "broken_workbook"},
    ),
    "many parts": (repacked(SIMPLE, **{f"xl__p{n}_xml": b"<a/>" for n in range(200)}), {"too_many_parts"}),
    "a far corner": (
        repacked(SIMPLE, **{SHEET: sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
        {"too_many_rows"},
    ),
    "a far column": (
        repacked(SIMPLE, **{SHEET: sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>')}),
        {"too_many_columns"},
    ),
    "a place in words": (
        repacked(SIMPLE, **{SHEET: sheet_xml('<row r="1"><c r="A-1"><v>1</v></c></row>')}),
        {"broken_workbook"},
    ),
    "a row in words": (
        repacked(SIMPLE, **{SHEET: sheet_xml('<row r="x"><c r="A1"><v>1</v></c></row>')}),
        {"broken_workbook"},
    ),
    "one text in very many cells": (
        repacked(
            SIMPLE,
            **{
                SHEET: sheet_xml(
                    "<row>" + '<c t="s"><v>0</v></c>' * 150 + "</row>" + '<row><c t="s"><v>0</v></c></row>' * 10_000
                )
            },
            xl__sharedStrings_xml=shared(1, 20_000),
        ),
        {"too_large_unpacked"},
    ),
    "empty cells by the million": (
        repacked(SIMPLE, **{SHEET: sheet_xml("<row>" + "<c/>" * 8_000_000 + "</row>")}),
        {"too_many_cells"},
    ),
    "entities": (
        repacked(
            SIMPLE,
            **{SHEET: b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'},
        ),
        {"entities"},
    ),
    "macros": (repacked(SIMPLE, xl__vbaProject_bin=b"x"), {"macros"}),
    "another workbook": (repacked(SIMPLE, xl__externalLinks__externalLink1_xml=b"<a/>"), {"external_links"}),
    "no workbook in it": (repacked(SIMPLE, xl__workbook_xml=None), {"wrong_content"}),
    "broken XML": (repacked(SIMPLE, **{SHEET: b"<worksheet><sheetData>"}), {"broken_workbook"}),
    "half a file": (SIMPLE[: len(SIMPLE) // 2], {"broken_workbook"}),
    "only a beginning": (b"PK\x03\x04" + b"\0" * 1000, {"broken_workbook"}),
    "a text": (b"a,b\n1,2\n", {"wrong_content"}),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000, {"wrong_content"}),
    "a cell that is too long": (workbook([["a"], ["x" * 20_001]]), {"cell_too_long"}),
    "a zero character": (
        with_cells('<row r="1"><c r="A1" t="inlineStr"><is><t>a_x0000_b</t></is></c></row>'),
        {"control_character"},
    ),
    "too many rows": (workbook([["a"], *[["1"]] * 20_001]), {"too_many_rows"}),
}


@pytest.mark.parametrize("case", HOSTILE, ids=str)
def test_a_hostile_workbook_is_refused_within_five_seconds(case: str) -> None:
    data, codes = HOSTILE[case]
    assert len(data) < 10 * 1024 * 1024
    start = time.monotonic()
    assert refusal("file.xlsx", data).code in codes
    assert time.monotonic() - start < 5
    assert read("file.xlsx", SIMPLE).table.rows == [(2, ["1", "2"])]


def test_a_flipped_byte_never_does_worse_than_a_refusal() -> None:
    for place in range(0, len(SIMPLE), 37):
        data = SIMPLE[:place] + bytes([SIMPLE[place] ^ 0x55]) + SIMPLE[place + 1 :]
        try:
            read("file.xlsx", data)
        except UnusableError:
            continue


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("file.csv", SIMPLE, "wrong_content"),
        ("file.csv", b"\0" * 5000, "wrong_content"),
        ("file.xls", SIMPLE, "unknown_format"),
        ("file.exe", b"a,b\n", "unknown_format"),
        ("file", b"a,b\n", "unknown_format"),
        ("file.csv", b"", "empty"),
        ("file.csv", b"a;b\n" + b"1;2\n" * 20_001, "too_many_rows"),
        ("file.csv", b"a;" * 201 + b"\n", "too_many_columns"),
        ("file.csv", b"a;b\n1;" + b"x" * 20_001, "cell_too_long"),
        ("file.csv", b"x" * (10 * 1024 * 1024 + 1), "too_large"),
        ("file.csv", b'a;b\n"1;2\n', "broken_quotes"),
        ("file.csv", b"a;b\n" + b"1;2\n" * 19_000 + b"\x00;2\n", "wrong_content"),
    ],
)
def test_a_hostile_text_file_is_refused(name: str, data: bytes, code: str) -> None:
    start = time.monotonic()
    assert refusal(name, data).code == code
    assert time.monotonic() - start < 5


def test_the_limits_themselves_are_taken() -> None:
    rows = [["a", "b"], *[["x" * 20, "y"]] * 20_000]
    assert len(read("file.xlsx", workbook(rows)).table.rows) == 20_000
    assert len(read("file.xlsx", workbook([["a"] * 200, ["x"] * 200])).table.header) == 200


def test_the_guard_counts_what_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook([["a"], ["b"]])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        whole = sum(info.file_size for info in packed.infolist())
    monkeypatch.setattr(spreadsheets, "MAX_UNPACKED", whole - 1)
    assert refusal("file.xlsx", data).code == "too_large_unpacked"
    monkeypatch.setattr(spreadsheets, "MAX_UNPACKED", whole)
    assert read("file.xlsx", data).table.header == ("a",)


# --- Round trips ------------------------------------------------------------------------------------------------------

ODD = (
    "=1+1",
    "+1",
    "-1",
    "@x",
    "'x",
    "007",
    "1e5",
    "TRUE",
    "\u202eabc",
    "a\u0301",
    "🦊",
    "<b>&amp;",
    '"',
    "a|b",
    "\u00a0x ",
)
texts = st.one_of(
    st.sampled_from(ODD),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n", exclude_characters="\ufffe\uffff"),
        min_size=1,
        max_size=60,
    ),
)


def needs_x_escape(text: str) -> bool:
    return "_x" in text


def is_as_written(text: str) -> bool:
    """Not one of those that we take the apostrophe from."""
    return as_written(text) == text


@given(st.lists(texts.filter(is_as_written), min_size=1, max_size=5))
@settings(max_examples=200)
def test_any_text_survives_csv(cells: list[str]) -> None:
    row = {f"c{place}": cell for place, cell in enumerate(cells)}
    for encoding in ("utf-8", "utf-16"):
        for separator in (",", ";"):
            data = sheet({"Marque": "x", **row}, separator=separator, encoding=encoding)
            assert read("f.csv", data, encoding=encoding, separator=separator).table.rows[0][1][1:] == cells


@given(st.lists(texts.filter(lambda text: not needs_x_escape(text)), min_size=1, max_size=5))
@settings(max_examples=200)
def test_any_text_survives_a_workbook(cells: list[str]) -> None:
    data = giving_out.as_xlsx({"Rows": [[f"c{n}" for n in range(len(cells))], cells]})
    assert read("f.xlsx", data).table.rows == [(2, cells)]


# --- Templates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_template_maps_itself_and_its_columns_are_guessed(kind: Any, language: str) -> None:
    names = [column.name for column in kind.offered]
    for name, data in (
        ("t.csv", giving_out.template_csv(kind, language)),
        ("t.xlsx", giving_out.template_xlsx(kind, language)),
    ):
        table = read_upload(name, data, lambda header: columns.fitting(kind, header)).table
        assert columns.guess(kind, table.header) == names
        assert len(table.rows) == 1
        assert columns.missing(kind, columns.guess(kind, table.header)) == []


def test_a_formula_in_a_csv_that_we_give_out_is_text() -> None:
    assert giving_out.as_csv([["=1", "+1", "-1", "@a", "\ta", "\ra", "a=1"]], ",").decode("utf-8-sig").strip() == (
        "'=1,'+1,'-1,'@a,'\ta,\"'\ra\",a=1"
    )


def test_every_encoding_offered_is_one_that_python_knows() -> None:
    for encoding in ENCODINGS:
        assert "a".encode(encoding)
