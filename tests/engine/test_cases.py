"""The worked cases and golden vectors, from tables that need no Python to be read."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from scoring.engine.cases import Case, load_cases
from scoring.engine.dossier import Dossier
from scoring.engine.evidence import evidence_grade
from scoring.engine.method import FOLDER
from scoring.engine.probability import OUTCOMES
from scoring.engine.verdict import Verdict
from tests.engine.build import from_table, method, source, verdict_of

HERE = Path(__file__).parent / "cases"
ARTICLES = load_cases(FOLDER / "articles.toml")


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


VECTORS = table("vectors.toml")["case"]
STRICTER = table("stricter.toml")["case"]
EXPECTED_OF_ARTICLES = table("articles.toml")


def told(verdict: Verdict) -> dict[str, Any]:
    """A verdict in the words of the tables; what is not defined is left out there, and empty here."""
    indices = {name: value for name, value in asdict(verdict.indices).items() if value is not None}
    return {
        "outcome": verdict.outcome,
        "breadth": verdict.breadth,
        "reason": verdict.reason,
        "shadow": verdict.shadow,
        "harm_alert": list(verdict.harm_alert),
        "also_meets": [[met.outcome, met.breadth] for met in verdict.also_meets],
        "indices": indices,
        "probabilities": verdict.probabilities and [verdict.probabilities[outcome] for outcome in OUTCOMES],
        "robustness": verdict.robustness,
        "caps": list(verdict.caps),
        "flips": [effect.switch for effect in verdict.method_agreement.flips],
    }


NOTHING = {"breadth": None, "reason": None, "shadow": None, "probabilities": None, "robustness": None}
NOTHING_LISTED: dict[str, Any] = {"harm_alert": [], "also_meets": [], "caps": [], "flips": []}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_golden_vector_comes_out_to_the_last_digit(vector: dict[str, Any]) -> None:
    found = told(verdict_of(from_table(vector)))
    exact = {"outcome", "reason", "indices", "probabilities", "robustness"}
    assert {key: found[key] for key in exact} == {key: {**NOTHING, **vector["expected"]}[key] for key in exact}


def test_all_thirty_four_vectors_are_there() -> None:
    assert [vector["name"] for vector in VECTORS] == [f"V{number:02d}" for number in range(1, 35)]


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: case.slug)
def test_an_article_case_comes_out_as_worked_by_hand(case: Case) -> None:
    expected = EXPECTED_OF_ARTICLES[case.slug]
    assert told(verdict_of(case.dossier)) == {**NOTHING, **NOTHING_LISTED, **expected}


def test_every_article_case_has_its_expectation_and_the_other_way_round() -> None:
    assert len(ARTICLES) == 20
    assert {case.slug for case in ARTICLES} == set(EXPECTED_OF_ARTICLES)


@pytest.mark.parametrize("case", [case for case in ARTICLES if case.article_case], ids=lambda case: case.slug)
def test_the_engine_agrees_with_the_article_where_the_article_decides(case: Case) -> None:
    assert verdict_of(case.dossier).outcome is case.article_case


def test_the_article_judges_six_brands_in_seven_codings() -> None:
    judged = {case.slug: case.article_case for case in ARTICLES if case.article_case}
    assert judged == {
        "axa": "broken_promise",
        "zappos": "exceeds_promise",
        "john-lewis": "aligned",
        "usaa": "dna_proactive",
        "maif-article-1": "dna_proactive",
        "rbs": "dna_proactive",
    }


@pytest.mark.parametrize("case", ARTICLES, ids=lambda case: case.slug)
def test_the_texts_of_a_case_are_short_and_in_two_languages(case: Case) -> None:
    texts = [*case.texts.acts, *([case.texts.promise] if case.texts.promise else [])]
    assert len(case.texts.acts) == len(case.dossier.actions)
    assert bool(case.texts.promise) == bool(case.dossier.promises)
    for text in texts:
        assert sorted(text) == ["en", "fr"]
        assert text["fr"] != text["en"]
        assert all(len(words.split()) <= 20 and not words.endswith(".") for words in text.values())


@pytest.mark.parametrize("case", STRICTER, ids=lambda case: case["name"])
def test_a_stricter_coding_leads_where_the_method_says(case: dict[str, Any]) -> None:
    found = told(verdict_of(from_table(case)))
    for key, value in case["expected"].items():
        if key == "indices":
            found[key] = {name: found[key][name] for name in value}
        assert found[key] == value, key


@pytest.mark.parametrize("row", table("evidence.toml")["grade"], ids=lambda row: str(row["sources"]))
def test_the_sources_make_the_evidence_grade(row: dict[str, Any]) -> None:
    sources = [source(*given, id=f"s{number}") for number, given in enumerate(row["sources"])]
    assert evidence_grade(sources, method(), disputed=row.get("disputed", False)) == row["grade"]


def test_an_article_case_names_the_same_author_as_its_only_voice() -> None:
    def voices(dossier: Dossier) -> set[str]:
        return {source.group for action in dossier.actions for source in action.sources}

    assert all(voices(case.dossier) == {"laurence-body"} for case in ARTICLES)
