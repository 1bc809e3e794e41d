"""``manage.py load_catalogue``: what it prints, and its exit codes."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from brands.models import Brand
from tests import factories as make
from tests.brands.catalogue_files import Folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    make.a_sector()
    make.a_crisis()
    return Folder(tmp_path).put_all()


def run(folder: Folder, *arguments: str) -> str:
    out = StringIO()
    call_command("load_catalogue", str(folder.path), *arguments, stdout=out)
    return out.getvalue()


def refused(folder: Folder, *arguments: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and the line on the error stream."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("load_catalogue", str(folder.path), *arguments, stdout=out)
    return caught.value.returncode, out.getvalue(), str(caught.value)


def line(printed: str, file: str) -> list[str]:
    return next(line for line in printed.splitlines() if line.startswith(file)).split()[1:]


def test_it_says_for_each_file_what_became_of_its_rows(folder: Folder) -> None:
    printed = run(folder)
    assert printed.splitlines()[0].split() == ["created", "updated", "unchanged", "kept", "rejected"]
    assert line(printed, "actions.csv") == ["1", "0", "0", "0", "0"]
    assert printed.splitlines()[-1] == "All rows were loaded."
    assert line(run(folder), "actions.csv") == ["0", "0", "1", "0", "0"]


def test_rejected_rows_end_with_one_and_are_all_named(folder: Folder) -> None:
    code, printed, error = refused(folder.put("actions", {"su": "x", "ge": "y"}))
    assert code == 1
    assert line(printed, "actions.csv") == ["0", "0", "0", "0", "1"]
    assert "actions.csv, row 2, column su – “x” is not one of 0, 1, 2, 3, u: correct it." in printed
    assert "actions.csv, row 2, column ge – “y” is not one of 0, 1, 2, 3, u: correct it." in printed
    assert error.startswith("Nothing was written, because rows were rejected")
    assert not Brand.objects.exists()


def test_valid_rows_only_ends_with_one_and_writes_the_rest(folder: Folder) -> None:
    code, printed, error = refused(folder.put("actions", {"su": "x"}), "--valid-rows-only")
    assert (code, line(printed, "brands.csv")) == (1, ["1", "0", "0", "0", "0"])
    assert error == "The rows that are right were loaded; the rejected ones were left out."
    assert Brand.objects.exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: folder.put_bytes("brands.csv", b"a\n\xe9"), "brands.csv, row 2 – Byte 3 of the file"),
        (
            lambda folder: folder.put_text("brands.csv", "a;b\n1;2"),
            "brands.csv, row 1 – The cells are separated by “;”",
        ),
        (lambda folder: folder.put_text("brand.csv", "a"), "brand.csv – No file of a catalogue has this name"),
        (
            lambda folder: Folder(folder.path / "nowhere"),
            "nowhere – The folder cannot be read (No such file or directory)",
        ),
    ],
)
def test_an_unusable_file_or_folder_ends_with_two_and_one_clear_line(folder: Folder, spoil: Any, said: str) -> None:
    code, _, error = refused(spoil(folder))
    assert code == 2
    assert said in error
    assert len(error.splitlines()) == 1
    assert not Brand.objects.exists()


def test_an_unknown_crisis_ends_with_two_and_names_those_there_are(folder: Folder) -> None:
    code, _, error = refused(folder, "--crisis=plague")
    assert (code, error) == (2, "There is no crisis “plague”: choose one of covid-19, or add it first.")
    assert line(run(folder, "--crisis=covid-19"), "brands.csv") == ["1", "0", "0", "0", "0"]


def test_a_rehearsal_writes_nothing(folder: Folder) -> None:
    printed = run(folder, "--dry-run")
    assert line(printed, "brands.csv") == ["1", "0", "0", "0", "0"]
    assert printed.splitlines()[-1] == "Nothing was written: this was a rehearsal."
    assert not Brand.objects.exists()


def test_a_machine_reads_the_same(folder: Folder) -> None:
    data = json.loads(run(folder, "--json"))
    assert (data["crisis"], data["written"], data["exit_code"]) == ("covid-19", True, 0)
    assert data["files"][0] == {
        **{"file": "brands.csv", "created": 1, "updated": 0, "unchanged": 0, "kept": 0, "rejected": 0},
    }
    code, printed, _ = refused(folder.put("actions", {"su": "x"}), "--json")
    rejected = json.loads(printed)["rejected"][0]
    assert code == json.loads(printed)["exit_code"] == 1
    assert {**rejected, "message": ""} == {
        **{"file": "actions.csv", "row": 2, "column": "su", "code": "unknown_code", "message": ""},
    }


def test_overwrite_is_handed_on_and_kept_rows_are_named(folder: Folder) -> None:
    run(folder)
    brand = Brand.objects.get()
    from tests.brands.test_imports_loading import edited

    edited(brand, brand, name="Fictia AG")
    printed = run(folder)
    assert line(printed, "brands.csv") == ["0", "0", "0", "1", "0"]
    assert "brands.csv, row 2, column brand_slug – Somebody changed this record" in printed
    run(folder, "--overwrite")
    assert Brand.objects.get().name == "Fictia"
