"""The short form in which people write cases: what it stands for, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoring.engine.cases import case_dossier, load_cases
from scoring.engine.jsonio import InputError
from scoring.engine.reading import read
from tests.engine.build import from_table, method

GOOD = """
crisis_start = "2020-03"
as_of = "2020-05-31"

[[case]]
slug = "brand"
name = "Brand"
article_case = "aligned"
promise = { fr = "aider", en = "to help" }
promises = [{ st = 2, groups = ["customers"] }]

[[case.actions]]
what = { fr = "aide", en = "helps" }
evidence = 2
su = 2
proofs = [{ groups = ["customers", "employees"], yardstick = "promise", direction = "helps", depth = 0 }]
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cases.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_case_is_read_with_its_texts_and_its_dossier(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path, GOOD))
    assert (case.slug, case.name, case.article_case) == ("brand", "Brand", "aligned")
    assert case.texts.promise == {"fr": "aider", "en": "to help"}
    assert case.texts.acts == ({"fr": "aide", "en": "helps"},)
    assert [proof.yardstick for proof in case.dossier.actions[0].proofs] == ["p1", "p1"]


@pytest.mark.parametrize("grade", range(4))
def test_an_evidence_grade_becomes_sources_that_make_it(grade: int) -> None:
    facts = from_table({"actions": [{"evidence": grade, "proofs": []}]})
    assert [act.evidence for act in read(facts, method()).actions] == [grade]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "Brand"', "", "brand.name: missing"),
        ('slug = "brand"', "", "case.slug: missing"),
        ("su = 2", "su = 9", "brand: actions[0].su: 9 is not a level"),
        ("evidence = 2", "evidence = 7", "brand.actions[0].evidence: 7 is not an evidence grade"),
        ("evidence = 2", "", "brand.actions[0].evidence: missing"),
        ("evidence = 2", "evidence = 2\ncolour = 3", "brand.actions[0].colour: unknown key"),
        ('en = "helps"', 'de = "hilft"', "brand.actions[0]: needs a text in fr and one in en"),
        ('yardstick = "promise"', 'yardstick = "p7"', 'brand: actions[0].proofs[0].yardstick: "p7" names no promise'),
        ('article_case = "aligned"', 'article_case = "nice"', 'brand.article_case: "nice" is not an outcome'),
        ("[[case]]", "[[case", "cases.toml: cannot be read"),
    ],
)
def test_a_wrong_case_is_refused_naming_it(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load_cases(write(tmp_path, GOOD.replace(old, new, 1)))
    assert str(caught.value).startswith(message)


def test_two_cases_with_one_slug_are_refused(tmp_path: Path) -> None:
    twice = GOOD + GOOD[GOOD.index("[[case]]") :]
    with pytest.raises(InputError, match="two cases have one slug"):
        load_cases(write(tmp_path, twice))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: cannot be read"):
        load_cases(tmp_path / "none.toml")


def test_a_case_needs_nothing_but_its_facts() -> None:
    assert case_dossier({}, "2020-03", "2020-05-31").actions == ()
