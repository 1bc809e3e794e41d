"""The method page: the codebook, the numbers and the worked cases are those that judge."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from brands import codes
from cxalign.pages import decision_tree
from cxalign.pages.codebook import chapters
from cxalign.pages.method import shown_parameter
from cxalign.pages.method_texts import TEXTS
from cxalign.pages.worked_cases import DECIDING, WorkedCase, worked_cases
from scoring.engine.method import Parameter, available
from scoring.engine.verdict import Outcome
from scoring.wording.grammar import french
from tests.pages.reading import html_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "method.md").read_text()


def page(client: Client, path: str = "/en/method/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(html_of(answer))


def by_slug() -> dict[str, WorkedCase]:
    return {worked.case.slug: worked for worked in worked_cases("1.0.0")}


# --- The founding articles --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "outcome", "probability", "robustness"),
    [
        ("axa", "broken_promise", 0.7500, "probable"),
        ("zappos", "exceeds_promise", 0.6769, "fragile"),
        ("john-lewis", "aligned", 0.5700, "fragile"),
        ("usaa", "dna_proactive", 0.5513, "fragile"),
        ("maif-article-1", "dna_proactive", 0.5513, "fragile"),
        ("rbs", "dna_proactive", 0.5513, "fragile"),
        ("mixt", "insufficient_evidence", 1.0, "robust"),
        ("amazon", "no_promise", None, None),
        ("toms", "no_promise", None, None),
    ],
)
def test_the_articles_brands_are_judged_as_the_method_says(
    slug: str, outcome: str, probability: float | None, robustness: str | None
) -> None:
    worked = by_slug()[slug]
    assert worked.verdict.outcome == outcome
    assert worked.probability == probability
    assert worked.verdict.robustness == robustness


def test_where_the_article_places_a_brand_we_come_to_the_same() -> None:
    placed = [worked for worked in worked_cases("1.0.0") if worked.case.article_case]
    assert len(placed) == 6
    assert all(worked.same for worked in placed)


def test_where_the_article_is_silent_nothing_is_compared() -> None:
    assert by_slug()["amazon"].same is None


def test_every_outcome_has_findings_that_tell_why() -> None:
    assert set(DECIDING) == set(Outcome)
    for worked in worked_cases("1.0.0"):
        assert worked.why, worked.case.slug


def test_cases_are_judged_once_per_process() -> None:
    assert worked_cases("1.0.0") is worked_cases("1.0.0")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_shows_every_case_with_its_reason(client: Client, language: str) -> None:
    shown = page(client, f"/{language}/method/")
    for worked in worked_cases("1.0.0"):
        assert worked.case.name in shown
        for act in worked.case.texts.acts:
            assert (french(act[language]) if language == "fr" else act[language]) in shown
        for reason in worked.why:
            assert reason[language] in shown


def test_indices_that_are_not_defined_are_never_shown_as_zero(client: Client) -> None:
    row = re.search(r'<th scope="row">Axa</th>(.*?)</tr>', page(client), re.S)
    assert row is not None
    assert re.findall(r"<td>(.*?)</td>", row.group(1)) == ["−67", "0", "0", "0", "–", "67", "17", "–"]


# --- The codebook and the numbers -------------------------------------------------------------------------------------


def test_every_level_of_the_codebook_is_on_the_page(client: Client) -> None:
    shown = page(client)
    for chapter in chapters():
        for code in chapter.codes:
            for level, anchor in code.levels:
                assert level in shown
                assert anchor in shown


def test_the_codebook_leaves_out_no_list_of_the_facts() -> None:
    told = {code.choices for chapter in chapters() for code in chapter.codes}
    not_codes = {
        codes.SourceType,
        codes.EntityType,
        codes.Polarity,
        codes.ImpliedArchetype,
        codes.Coding,
        codes.FigureKind,
    }
    lists = {value for value in vars(codes).values() if isinstance(value, type) and value.__module__ == codes.__name__}
    assert told == lists - not_codes


def test_a_level_comes_apart_from_its_anchor() -> None:
    substance = next(code for chapter in chapters() for code in chapter.codes if code.short == "SU")
    assert substance.levels[0] == ("0", "words only: message, thanks, logo, advert, announcement not started")
    assert substance.levels[-1] == ("unknown", "looked at, cannot tell")
    assert not substance.plain


def test_plain_words_stay_whole() -> None:
    stakeholders = next(code for chapter in chapters() for code in chapter.codes if code.choices is codes.Stakeholder)
    assert stakeholders.plain
    assert stakeholders.levels[0] == ("customers", "")


@pytest.mark.parametrize("method", available(), ids=lambda method: method.version)
def test_each_number_stands_there_with_unit_and_reason(client: Client, method: Any) -> None:
    shown = page(client, f"/en/method/{method.version}/")
    for parameter in method.parameters:
        assert f"<code>{parameter.name}</code>" in shown
        assert parameter.unit in shown
        assert parameter.why in shown
    assert method.sha256[:12] in shown


def test_the_texts_of_the_method_files_are_listed_for_translation() -> None:
    for method in available():
        for parameter in method.parameters:
            assert {parameter.unit, parameter.why} <= set(TEXTS), parameter.name


def test_no_text_is_listed_that_no_method_uses() -> None:
    used = {text for method in available() for one in method.parameters for text in (one.unit, one.why)}
    assert set(TEXTS) == used


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2, [("", "2")]),
        ([0.2, 0.95], [("", "0,20"), ("", "0,95")]),
        ({"severity": 2, "probability": 0.6}, [("severity", "2"), ("probability", "0,60")]),
        (["customers"], [("", "customers")]),
    ],
)
def test_values_are_printed_as_the_language_prints_numbers(value: Any, shown: list[tuple[str, str]]) -> None:
    with translation.override("fr"):
        assert shown_parameter(Parameter("name", value, "unit", "why", "docs/method.md#rule")).values == shown


@pytest.mark.parametrize("method", available(), ids=lambda method: method.version)
def test_references_lead_to_a_place_on_the_page_and_in_the_document(client: Client, method: Any) -> None:
    shown = page(client)
    for parameter in method.parameters:
        path, _hash, section = parameter.reference.partition("#")
        assert path == "docs/method.md"
        assert f'id="{section}"' in shown, section
        assert f'<a id="{section}"></a>' in DOCUMENT, section


# --- Rule, tree, versions ---------------------------------------------------------------------------------------------


def test_the_drawing_and_the_list_ask_the_same_questions() -> None:
    drawn = decision_tree.drawing()
    assert [one.step for one in drawn.steps] == decision_tree.steps()
    assert [" ".join(line for _y, line in one.lines) for one in drawn.steps] == [
        step.question for step in decision_tree.steps()
    ]


def test_the_questions_stand_in_the_order_of_the_rule() -> None:
    assert [step.outcome for step in decision_tree.steps()] == [
        "no_promise",
        "broken_promise",
        "insufficient_evidence",
        "aligned",
        "exceeds_promise",
        "dna_proactive",
        "aligned",
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_boxes_and_lines_of_the_drawing_keep_within_it(language: str) -> None:
    with translation.override(language):
        drawn = decision_tree.drawing()
    for one, following in zip(drawn.steps, drawn.steps[1:], strict=False):
        assert one.bottom < following.top
        assert one.next_top == following.top
    for one in drawn.steps:
        assert len(one.lines) <= 3
        assert all(one.top < y < one.bottom for y, _line in one.lines)
    assert drawn.steps[-1].next_top == drawn.end
    assert drawn.end + decision_tree.BOX_HEIGHT < drawn.height


@pytest.mark.parametrize("address", ["1.1.0", "1.1"])
def test_the_version_in_force_has_an_address_of_its_own_that_names_the_page(client: Client, address: str) -> None:
    shown = page(client, f"/en/method/{address}/")
    assert "1.1.0" in shown
    assert re.search(r'<link rel="canonical" href="[^"]+/en/method/">', shown)


@pytest.mark.parametrize("address", ["1.0.0", "1.0"])
def test_an_older_version_stays_at_its_address_and_names_the_one_in_force(client: Client, address: str) -> None:
    shown = page(client, f"/en/method/{address}/")
    assert "This is version 1.0.0." in shown
    assert "Version 1.1.0 is in force." in shown
    assert "knows no measurement of agreement" in shown


@pytest.mark.parametrize("address", ["2.0.0", "..", "1.0.0.0", "x"])
def test_a_version_that_does_not_exist_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/en/method/{address}/").status_code == 404


def test_the_page_needs_no_database(client: Client) -> None:
    """This module has no mark for the database: a query would fail."""
    assert client.get("/fr/method/").status_code == 200


# --- The document -----------------------------------------------------------------------------------------------------


def test_the_document_keeps_the_numbers_of_its_sections() -> None:
    numbers = re.findall(r"^## (\d+) ", DOCUMENT, re.M)
    assert numbers == [str(number) for number in range(1, 17)]


def test_references_from_the_code_to_sections_of_the_document_hold() -> None:
    sources = [path for folder in ("scoring", "brands", "cxalign") for path in (ROOT / folder).rglob("*.py")]
    named = {number for path in sources for number in re.findall(r"method\.md, section (\d+)", path.read_text())}
    assert {int(number) for number in named} <= set(range(1, 17))


@pytest.mark.parametrize("method", available(), ids=lambda method: method.version)
def test_the_document_gives_the_numbers_that_judge(method: Any) -> None:
    for probability in method.credence:
        assert f"{probability:.2f}" in DOCUMENT
    for switch in method.switches:
        assert f"`{switch}`" in DOCUMENT
    for word, bound in method.label_bounds.items():
        assert f"{bound:.2f} `{word}`" in DOCUMENT
