"""Bytes that are no catalogue: refused as a whole, with one line that names the file and what to do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from brands.imports import reading
from brands.imports.reading import UnusableError, read_table
from brands.imports.report import Problem
from brands.models import Brand, Event
from tests.brands.catalogue_files import Folder, csv_text, header, problems

HEADER = ",".join(header("brands.csv")).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).put("brands")


def refusal(data: bytes) -> Problem:
    with pytest.raises(UnusableError) as caught:
        read_table("brands.csv", data)
    return caught.value.problem


def cells(data: bytes) -> list[list[str]]:
    return [row for _, row in read_table("x.csv", data).rows]


# --- What is read -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_any_line_end_is_read(end: str) -> None:
    assert cells(f"a,b{end}1,2{end}3,4".encode()) == [["1", "2"], ["3", "4"]]


def test_a_byte_order_mark_is_not_part_of_the_first_column() -> None:
    assert read_table("x.csv", "\ufeffa,b\n1,2\n".encode()).header == ("a", "b")


def test_quoted_cells_keep_commas_quotes_and_line_ends() -> None:
    assert cells(b'a,b\r\n"x, ""y""\nz",2\r\n') == [['x, "y"\nz', "2"]]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    table = read_table("x.csv", b'a,b\r\n"one\ntwo",2\r\n\r\n,\r\n3,4\r\n')
    assert [number for number, _ in table.rows] == [2, 5]  # a line end in a cell is no row, an empty row is one


def test_blanks_inside_and_around_a_text_are_kept() -> None:
    assert cells("a\n  x\u00a0y \n".encode()) == [["  x\u00a0y "]]


# --- What is refused --------------------------------------------------------------------------------------------------


def test_a_byte_that_is_not_utf8_is_named_with_its_row_and_position() -> None:
    data = HEADER + b'\r\nfirst,"two\nlines",\r\nsecond,Caf\xe9,\r\n'
    problem = refusal(data)
    assert (problem.file, problem.row, problem.code) == ("brands.csv", 3, "not_utf8")
    assert f"Byte {data.index(0xE9) + 1} " in problem.message
    assert "(hexadecimal E9)" in problem.message
    assert "save the file again as “CSV UTF-8”" in problem.message
    assert read_table("brands.csv", data.replace(b"\xe9", "é".encode())).rows


@pytest.mark.parametrize(
    "data",
    [
        "a,b\n1,2\n".encode("utf-16"),
        "a,b\né,2\n".encode("latin-1"),
        b"PK\x03\x04\xff\xfe",
        b"a\n\xed\xa0\x80\n",
        b"a\n\xc0\x80",
    ],
    ids=["utf-16", "latin-1", "a zip file", "a lone surrogate", "an overlong zero"],
)
def test_other_encodings_are_refused(data: bytes) -> None:
    assert refusal(data).code == "not_utf8"


@pytest.mark.parametrize("data", [b'a,b\n"1,2\n3,4\n', b'a,b\n"1"x,2\n'], ids=["never closed", "closed too early"])
def test_quotation_marks_that_do_not_match_are_refused(data: bytes) -> None:
    problem = refusal(data)
    assert (problem.row, problem.code) == (2, "broken_quotes")
    assert cells(b'a,b\n"1",2\n') == [["1", "2"]]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n"])
def test_a_file_without_a_header_is_refused(data: bytes) -> None:
    assert (refusal(data).row, refusal(data).code) == (1, "empty")


def test_a_file_with_a_header_alone_has_no_rows() -> None:
    assert read_table("brands.csv", HEADER).rows == []


@pytest.mark.parametrize("mark", [";", "\t"])
def test_another_separator_is_recognised(mark: str) -> None:
    assert refusal(HEADER.replace(b",", mark.encode())).code == "separator"


def test_a_file_over_ten_megabytes_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    assert refusal(b"a\n" + b"x" * 99).code == "too_large"
    assert cells(b"a\n" + b"x" * 98) == [["x" * 98]]


def test_too_many_rows_are_refused() -> None:
    assert refusal(b"a\n" + b"1\n" * 20_001).code == "too_many_rows"
    assert len(cells(b"a\n" + b"1\n" * 20_000)) == 20_000


def test_too_many_columns_are_refused() -> None:
    problem = refusal(b"a\n" + b"," * 200)
    assert (problem.row, problem.code) == (2, "too_many_columns")
    assert len(cells(b"a\n1" + b"," * 199)[0]) == 200


def test_a_cell_that_is_too_long_is_refused() -> None:
    problem = refusal(b"a,b\n1," + b"x" * 20_001)
    assert (problem.row, problem.code) == (2, "cell_too_long")
    assert problem.message.startswith("Cell 2 has 20001 characters")
    assert cells(b"a\n" + b"x" * 20_000) == [["x" * 20_000]]


MEGABYTES = 10 * 1024 * 1024
HOSTILE = {
    "line ends": b"\n" * MEGABYTES,
    "commas": b"," * MEGABYTES,
    "quotes": b'"' * MEGABYTES,
    "one cell": b'a\n"' + b"x" * (MEGABYTES - 10),
    "a late bad byte": b"a\n" + b"1\n" * (MEGABYTES // 2 - 10) + b"\xff",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_within_five_seconds(data: bytes) -> None:
    start = time.monotonic()
    refusal(data)
    assert time.monotonic() - start < 5


# --- The header and the folder ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_columns_that_are_missing_unknown_or_repeated_make_a_file_unusable(folder: Folder) -> None:
    right = csv_text("brands.csv", {})
    for wrong, column, code in (
        (right.replace("country,", "land,", 1), "country", "missing_column"),
        (right.replace("summary_fr\r\n", "summary_fr,mood\r\n", 1), "mood", "unknown_column"),
        (right.replace("summary_fr\r\n", "summary_fr,name\r\n", 1), "name", "repeated_column"),
        (right.replace("summary_fr\r\n", "summary_fr,\r\n", 1), "", "unknown_column"),
    ):
        report = folder.put_text("brands.csv", wrong).load(valid_rows_only=True)
        assert (problems(report), report.exit_code) == ([("brands.csv", 1, column, code)], 2)
        assert not Brand.objects.exists()
    assert folder.put_text("brands.csv", right).load().written


@pytest.mark.django_db
def test_the_order_of_the_columns_does_not_matter(folder: Folder) -> None:
    lines = [line.split(",") for line in csv_text("brands.csv", {"summary_en": "Insurer"}).splitlines()]
    folder.put_text("brands.csv", "\n".join(",".join(reversed(line)) for line in lines)).load()
    assert (Brand.objects.get().slug, Brand.objects.get().summary_en) == ("fictia", "Insurer")


@pytest.mark.django_db
def test_an_unusable_file_keeps_all_others_out(folder: Folder) -> None:
    report = folder.put_bytes("sources.csv", b"\xff").load(valid_rows_only=True)
    assert problems(report) == [("sources.csv", 1, "", "not_utf8")]
    assert (report.exit_code, report.written) == (2, False)
    assert not Brand.objects.exists()
    assert not Event.objects.exists()
    assert folder.put("sources").load().written


@pytest.mark.django_db
def test_a_misspelt_file_is_refused_rather_than_overlooked(folder: Folder) -> None:
    report = folder.put_text("promise.csv", "").load()
    assert problems(report) == [("promise.csv", 0, "", "unknown_file")]
    (folder.path / "promise.csv").unlink()
    assert folder.put_text("notes.txt", "not a table").load().written


@pytest.mark.django_db
def test_a_folder_that_is_not_there_or_empty_is_refused(tmp_path: Path, folder: Folder) -> None:
    assert problems(Folder(tmp_path / "nowhere").load()) == [(str(tmp_path / "nowhere"), 0, "", "unreadable")]
    (tmp_path / "empty").mkdir()
    assert problems(Folder(tmp_path / "empty").load()) == [(str(tmp_path / "empty"), 0, "", "no_files")]
    assert folder.load().written


@pytest.mark.django_db
def test_a_file_that_cannot_be_opened_is_named(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *args: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        report = folder.load()
    assert problems(report) == [("brands.csv", 0, "", "unreadable")]
    assert folder.load().written
