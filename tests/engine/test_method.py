"""Method files: read whole or refused, and kept as they were published."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import date
from pathlib import Path

import pytest

from scoring.engine.method import (
    ADDED,
    CHECKS,
    FOLDER,
    REGISTER,
    MethodError,
    available,
    check_published,
    get,
    load,
    method_in_force,
)
from scoring.engine.verdict import Switch

FILE = FOLDER / "1.0.toml"
TEXT = FILE.read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str, name: str = "1.0.toml") -> Path:
    assert old in TEXT
    path = tmp_path / name
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_published_method_files_are_as_they_were_published() -> None:
    check_published()


def test_every_number_of_the_method_has_a_unit_a_reason_and_a_reference() -> None:
    assert [parameter.name for parameter in get("1.1.0").parameters] == list(CHECKS)
    assert [parameter.name for parameter in get("1.0.0").parameters] == [key for key in CHECKS if key not in ADDED]
    for parameter in (parameter for method in available() for parameter in method.parameters):
        assert parameter.unit
        assert parameter.why
        assert parameter.reference.startswith("docs/method.md#")


def test_every_parameter_of_the_file_is_a_field_of_the_method() -> None:
    names = {field.name for field in dataclasses.fields(get("1.0.0"))}
    assert names == set(CHECKS) | {"version", "label", "in_force", "rules", "sha256", "parameters"}


def test_the_numbers_are_those_of_the_specification() -> None:
    method = get("1.0.0")
    assert method.credence == (0.20, 0.50, 0.75, 0.95)
    assert (method.credence_appraisal.probability, method.delta_single, method.delta_double) == (0.60, 0.10, 0.05)
    assert list(method.label_bounds.values()) == [0.90, 0.70, 0.50]
    assert (method.washing_bands.medium, method.washing_bands.high) == (25, 50)
    assert method.switches == tuple(Switch)
    assert method.label == {"fr": "Méthode 1.0", "en": "Method 1.0"}


REFUSED = {
    "an unknown parameter": ("[cut_level]", "[cut]\nvalue = 1\n[cut_level]", "1.0.toml: cut: unknown key"),
    "a parameter missing": ("[delta_double]", "[other]", "1.0.toml: other: unknown key"),
    "an unknown part": ("[cut_level]\n", "[cut_level]\nnote = 'x'\n", "1.0.toml: cut_level.note: unknown key"),
    "a reason missing": ('why = "nine in ten', 'because = "nine in ten', "label_bounds.because: unknown key"),
    "an empty reason": (
        'why = "one group well served is a thin ground for an archetype about keeping one\'s word"',
        'why = " "',
        "1.0.toml: cap_groups.why: is not a text",
    ),
    "a text for a number": ("value = 0.10", 'value = "0.10"', "1.0.toml: delta_single.value: '0.10' is not a probab"),
    "a flag for a number": ("value = 0.10", "value = true", "1.0.toml: delta_single.value: True is not a probab"),
    "a probability above one": ("value = 0.05", "value = 1.05", "delta_double.value: 1.05 is not a probability"),
    "not a number": ("value = 0.05", "value = nan", "delta_double.value: nan is not a probability"),
    "a level out of range": ("floor = 67, purpose = 2", "floor = 67, purpose = 4", "washing_contradiction.value: purp"),
    "an inner key missing": (
        "medium = 25, high = 50",
        "medium = 25",
        "washing_bands.value: its keys have to be medium",
    ),
    "credences that fall": ("[0.20, 0.50,", "[0.50, 0.20,", "credence.value: [0.5, 0.2, 0.75, 0.95] is not four"),
    "an unknown group": (
        '["customers", "employees", "p',
        '["clients", "employees", "p',
        "core_groups.value: 'clients'",
    ),
    "groups in another order": (
        '["customers", "employees"',
        '["employees", "customers"',
        "core_groups.value: the groups are not listed once each",
    ),
    "no groups": (
        '["customers", "employees", "partners", "community"]',
        "[]",
        "core_groups.value: the groups are not listed",
    ),
    "an archetype twice": ('["aligned_all", "exc', '["exceeds_promise", "exc', "precedence.value: ["),
    "a switch missing": ('"dna_either", ', "", "switches.value: ["),
    "bounds that rise": ("robust = 0.90", "robust = 0.60", "label_bounds.value: the bounds do not fall"),
    "a list for a table": ("value = { level = 2, initiative = 3 }", "value = [2]", "edit_found.value: [2] is not a ta"),
    "a table for a list": ('value = "customers"', "value = {}", "proactive_group.value: {} is not a stakeholder group"),
    "a number for a list": ("value = [0.20, 0.50, 0.75, 0.95]", "value = 3", "credence.value: 3 is not a list"),
    "a version of another form": ('"1.0.0"', '"1.0"', "version: '1.0' is not a version such as 1.0.0"),
    "one language only": ('fr = "Méthode 1.0", ', "", "label: needs a text in fr and one in en"),
    "a text for a day": ("in_force = 2020-01-01", 'in_force = "2020-01-01"', "in_force: '2020-01-01' is not a date"),
    "a moment for a day": ("= 2020-01-01", "= 2020-01-01T00:00:00", "in_force: datetime"),
    "rules nobody wrote": ('rules = "v1"', 'rules = "v2"', "rules: 'v2' is not one of v1"),
    "no version": ('version = "1.0.0"', "", "1.0.toml: version: missing"),
    "a bare value": ("[cut_level]\nvalue", "cut_level = 2\n[more]\nvalue", "1.0.toml: more: unknown key"),
    "no TOML": ("[cut_level]", "[cut_level", "1.0.toml: is not TOML in UTF-8"),
}


@pytest.mark.parametrize(("old", "new", "message"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_method_file_is_refused_naming_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(MethodError) as caught:
        load(changed(tmp_path, old, new))
    assert message in str(caught.value)
    assert str(caught.value).startswith("1.0.toml: ")


@pytest.mark.parametrize("name", [key for key in CHECKS if key not in ADDED])
def test_no_parameter_may_be_left_out(tmp_path: Path, name: str) -> None:
    start = TEXT.index(f"[{name}]\n")
    end = TEXT.find("\n[", start)
    path = tmp_path / "1.0.toml"
    path.write_text(TEXT[:start] + TEXT[end if end > 0 else len(TEXT) :], encoding="utf-8")
    with pytest.raises(MethodError, match=rf"1\.0\.toml: {name}: missing"):
        load(path)


@pytest.mark.parametrize("part", ["value", "unit", "why", "reference"])
def test_no_part_of_a_parameter_may_be_left_out(tmp_path: Path, part: str) -> None:
    start = TEXT.index(f"\n{part} = ", TEXT.index("[cut_level]"))
    end = TEXT.index("\n", start + 1)
    path = tmp_path / "1.0.toml"
    path.write_text(TEXT[:start] + TEXT[end:], encoding="utf-8")
    with pytest.raises(MethodError, match=rf"cut_level\.{part}: missing"):
        load(path)


def test_a_file_that_is_not_there_or_not_utf8_is_told(tmp_path: Path) -> None:
    with pytest.raises(MethodError, match=r"9\.toml: cannot be read"):
        load(tmp_path / "9.toml")
    (tmp_path / "8.toml").write_bytes(b"\xff")
    with pytest.raises(MethodError, match=r"8\.toml: is not TOML in UTF-8"):
        load(tmp_path / "8.toml")


# ----------------------------------------------------------------------------------------------------- the folder


def folder(tmp_path: Path, **files: str) -> Path:
    """A folder of method versions: name of the file → its version and day, as ``1.1.0 2022-05-01``."""
    for name, given in files.items():
        version, day = given.split()
        text = TEXT.replace('"1.0.0"', f'"{version}"').replace("in_force = 2020-01-01", f"in_force = {day}")
        (tmp_path / f"{name[1:].replace('_', '.')}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_newest_method_in_force_on_the_day_is_taken(tmp_path: Path) -> None:
    here = folder(tmp_path, m1_0="1.0.0 2020-01-01", m1_10="1.10.0 2022-05-01", m1_9="1.9.0 2022-05-01")
    assert [method.version for method in available(here)] == ["1.0.0", "1.9.0", "1.10.0"]
    assert method_in_force(date(2022, 4, 30), here).version == "1.0.0"
    assert method_in_force(date(2022, 5, 1), here).version == "1.10.0"
    assert method_in_force(date(1999, 1, 1), here).version == "1.0.0"


def test_a_version_is_found_by_its_number_and_its_short_number_means_the_newest_patch(tmp_path: Path) -> None:
    here = folder(tmp_path, m1_0="1.0.0 2020-01-01", m1_0_1="1.0.1 2021-01-01")
    assert get("1.0.0", here).version == "1.0.0"
    assert get("1.0", here).version == "1.0.1"
    with pytest.raises(MethodError, match=r"there is no method '2'; there is 1\.0\.0, 1\.0\.1"):
        get("2", here)


def test_an_empty_folder_and_a_version_twice_are_refused(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(MethodError, match="holds no method"):
        available(tmp_path / "none")
    with pytest.raises(MethodError, match="holds one version twice"):
        available(folder(tmp_path, m1="1.0.0 2020-01-01", m2="1.0.0 2021-01-01"))


def test_a_published_file_may_not_change_go_or_stay_unregistered(tmp_path: Path) -> None:
    def copied(name: str) -> Path:
        here = tmp_path / name
        here.mkdir()
        shutil.copy(FILE, here)
        shutil.copy(FOLDER / REGISTER, here)
        return here

    edited = copied("edited")
    (edited / "1.0.toml").write_text(TEXT.replace("0.95]", "0.96]"), encoding="utf-8")
    with pytest.raises(MethodError, match=r"1\.0\.0: the file has changed since it was published"):
        check_published(edited)
    gone = copied("gone")
    (gone / REGISTER).write_text((gone / REGISTER).read_text() + '"0.9.0" = "0"\n')
    with pytest.raises(MethodError, match=r"0\.9\.0: its file is gone"):
        check_published(gone)
    new = copied("new")
    (new / REGISTER).write_text("")
    with pytest.raises(MethodError, match=r"1\.0\.0: is not registered; add its digest [0-9a-f]{64}"):
        check_published(new)
