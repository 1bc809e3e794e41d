"""``manage.py import_rows``: the engine of the wizard, for scripts."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from brands.models import Action, Brand, Event
from scoring.review import coders_of
from tests import factories as make
from tests.brands.sheets import ACTION, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def brand() -> Brand:
    make.a_crisis()
    return make.a_brand("Fictia")


def run(path: Path, data: bytes, *options: str, name: str = "actes.csv") -> tuple[int, list[Any]]:
    """The exit code, and the lines that were printed."""
    (path / name).write_bytes(data)
    target, code = io.StringIO(), 0
    try:
        call_command("import_rows", "actions", str(path / name), *options, stdout=target)
    except CommandError as error:
        code = error.returncode
    lines = target.getvalue().splitlines()
    return code, [json.loads(line) for line in lines] if "--json" in options else lines


def test_every_row_is_told_on_a_line_of_its_own(tmp_path: Path) -> None:
    data = sheet(ACTION, {**ACTION, "Date": "03/04/2020"}, {**ACTION, "Date": "2021", "SU": "9"})
    code, lines = run(tmp_path, data, "--json")
    assert code == 1
    assert [(line["row"], line["state"]) for line in lines] == [(2, "accepted"), (3, "asked"), (4, "rejected")]
    assert [line["messages"][0]["code"] for line in lines[1:]] == ["ambiguous_date", "unknown_code"]
    assert not Action.objects.exists()
    code, lines = run(tmp_path, data, "--json", "--valid-rows-only")
    assert (code, lines[0]["outcome"], Action.objects.count()) == (1, "create", 1)


@pytest.mark.parametrize(("order", "day"), [("day-first", "2020-04-03"), ("month-first", "2020-03-04")])
def test_the_order_of_dates_is_answered_on_the_command_line(tmp_path: Path, order: str, day: str) -> None:
    data = sheet({**ACTION, "Date": "03/04/2020"})
    assert run(tmp_path, data)[0] == 1
    assert run(tmp_path, data, "--dates", order) == (0, ["Acts – create: 1"])
    assert Action.objects.get().started == day
    assert Event.objects.get().reason == "import: actes.csv"


def test_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    code, lines = run(tmp_path, sheet(ACTION), "--dry-run", "--json")
    assert (code, lines[0]["outcome"], Action.objects.count()) == (0, "create", 0)
    assert run(tmp_path, sheet(ACTION), "--json")[1][0]["outcome"] == "create"
    assert run(tmp_path, sheet(ACTION), "--json")[1][0]["outcome"] == "unchanged"


def test_columns_are_mapped_or_ignored_and_else_refused(tmp_path: Path) -> None:
    data = sheet({**ACTION, "Humeur": "2"})
    assert run(tmp_path, data)[0] == 2
    assert run(tmp_path, data, "--map", "Humeur=nonsense")[0] == 2
    assert run(tmp_path, data, "--map", "Humeur=date")[0] == 2
    assert run(tmp_path, sheet({"Marque": "Fictia"}))[0] == 2
    assert not Action.objects.exists()
    assert run(tmp_path, data, "--map", "Humeur=su")[0] == 0
    assert Action.objects.get().substance == "2"
    assert run(tmp_path, data, "--map", "Humeur=")[0] == 0


def test_a_file_that_cannot_be_read_is_told_to_machines_too(tmp_path: Path) -> None:
    code, lines = run(tmp_path, b"\0\0\0\0", "--json")
    assert (code, lines[0]["state"], lines[0]["code"]) == (2, "rejected", "wrong_content")


def test_possible_duplicates_are_asked_and_can_be_answered(tmp_path: Path) -> None:
    make.an_action(Brand.objects.get(), statement_fr="A payé les sinistre.", started="2020-04-13", sources=0)
    assert run(tmp_path, sheet(ACTION), "--json")[1][0]["messages"][0]["code"] == "possible_duplicate"
    assert run(tmp_path, sheet(ACTION), "--duplicates", "skip")[0] == 0
    assert Action.objects.count() == 1
    assert run(tmp_path, sheet(ACTION), "--duplicates", "create")[0] == 0
    assert Action.objects.count() == 2


def test_a_loaded_catalogue_leaves_alone_what_somebody_imported(tmp_path: Path) -> None:
    """To a catalogue, a file that somebody sent in is that person's work."""
    from tests.brands.catalogue_files import Folder, fates
    from tests.brands.sheets import imported

    (tmp_path / "c").mkdir()
    folder = Folder(tmp_path / "c").put_all()
    folder.load()
    imported("actions", sheet({**ACTION, "Clé": "fictia--paid", "SU": "3"}))
    assert fates(folder.load())["actions"] == {"kept": 1}
    assert Action.objects.get(key="fictia--paid").substance == "3"


def test_under_four_eyes_somebody_has_to_have_chosen_the_codes(tmp_path: Path, settings: Any) -> None:
    settings.PUBLICATION_POLICY = "four_eyes"
    data, analyst = sheet({**ACTION, "SU": "2"}), make.an_analyst(username="nora")
    assert "--as USER" in refused(tmp_path, data)
    assert "no account in use" in refused(tmp_path, data, "--as", "nobody")
    assert not Action.objects.exists()
    assert run(tmp_path, data, "--dry-run")[0] == 0
    assert run(tmp_path, data, "--as", "nora")[0] == 0
    assert {event.actor for event in Event.objects.filter(subject__startswith="brands.action:")} == {analyst}
    proof = f"{Action.objects.get().key}:customers:helps"
    assert coders_of([proof]) == {proof: {analyst.pk}}


def refused(path: Path, data: bytes, *options: str) -> str:
    (path / "actes.csv").write_bytes(data)
    with pytest.raises(CommandError) as told:
        call_command("import_rows", "actions", str(path / "actes.csv"), *options)
    return str(told.value)
