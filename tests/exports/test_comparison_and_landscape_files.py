"""The files of a comparison and of a landscape: whether they say what their page says, and to whom."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from PIL import Image
from pptx.enum.shapes import MSO_SHAPE_TYPE

from cxalign.exports import fitting
from cxalign.exports.slides import plain
from cxalign.pages import words
from cxalign.pages.exporting import comparing, placing
from scoring.models import Publication
from tests import factories as make
from tests.exports.files import rows_of, shapes_in, slides_of, title_of, words_of, workbook_of
from tests.pages.landscapes import copies_of, five_brands
from tests.pages.reading import html_of

pytestmark = pytest.mark.django_db
PAIR = "b=ada&b=bea"
COMPARISON, LANDSCAPE = "compare/export/", "landscape/covid-19/export/"
EVERY = [
    *((COMPARISON, format, PAIR) for format in comparing.FORMATS),
    *((LANDSCAPE, format, "") for format in placing.FORMATS),
]


@pytest.fixture(autouse=True)
def five() -> None:
    five_brands()


def fetched(place: str, format: str, query: str = "", language: str = "en") -> bytes:
    answer = Client().get(f"/{language}/{place}{format}?{query}")
    assert answer.status_code == 200, answer.status_code
    return bytes(answer.content)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u2060]+", "", text)


def text_of(language: str, address: str) -> str:
    page = html_of(Client().get(f"/{language}/{address}"))
    return squeezed(re.sub(r"<[^>]+>", " ", page))


def drawn_words(content: bytes) -> str:
    return "".join(ET.fromstring(content).itertext())  # noqa: S314 - ours


def sheet_of(content: bytes, title: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in workbook_of(content)[title].rows]


# --- Both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "format", "query"), EVERY)
def test_every_file_has_its_name_and_needs_few_queries(place: str, format: str, query: str) -> None:
    name = "compare_ada-bea" if place == COMPARISON else "landscape"
    with CaptureQueriesContext(connection) as caught:
        answer = Client().get(f"/fr/{place}{format}?{query}")
    assert answer.status_code == 200
    assert re.search(rf'filename="{name}_covid-19_[0-9-]{{10}}_fr\.{format}"', answer["Content-Disposition"])
    assert answer["X-Robots-Tag"] == "noindex"
    assert len(caught) <= 20


@pytest.mark.parametrize("place", [COMPARISON, LANDSCAPE])
def test_more_brands_cost_no_more_queries(place: str) -> None:
    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            fetched(place, "xlsx", query)
        return len(caught)

    before = cost(PAIR if place == COMPARISON else "")
    copies_of(Publication.objects.get(assessment__brand__slug="ada"), 6)
    assert cost(f"{PAIR}&b=copy-001&b=copy-002" if place == COMPARISON else "") == before


@pytest.mark.parametrize(("place", "query"), [(COMPARISON, PAIR), (LANDSCAPE, "")])
def test_what_nobody_knows_is_no_file(place: str, query: str) -> None:
    assert Client().get(f"/en/{place}docx?{query}").status_code == 404
    assert Client().get(f"/en/{place}svg?{query}&language=de").status_code == 404
    assert Client().get(f"/en/{place}svg?{query}&colour=red").status_code == 400
    assert Client().post(f"/en/{place}svg?{query}").status_code == 405


@pytest.mark.parametrize(("place", "query"), [(COMPARISON, PAIR), (LANDSCAPE, "")])
def test_the_other_language_can_be_asked_for(place: str, query: str) -> None:
    assert fetched(place, "svg", f"{query}&language=fr") == fetched(place, "svg", query, "fr")


@pytest.mark.parametrize(("place", "query"), [(COMPARISON, PAIR), (LANDSCAPE, "")])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_slide_and_picture_say_of_when_they_are_by_what_method_and_where_they_come_from(
    place: str, query: str, language: str
) -> None:
    slides = slides_of(fetched(place, "pptx", query, language))
    assert len(slides) == 1
    drawn = drawn_words(fetched(place, "svg", query, language))
    snapshot = Publication.objects.get(assessment__brand__slug="ada").snapshot
    for said in (squeezed(words_of(slides[0])), squeezed(drawn)):
        assert f"/{language}/{place.removesuffix('export/')}" in said
        assert snapshot.method_version in said
        assert "CCBY4.0" in said
        assert str(snapshot.as_of.year) in said
        assert ("scorecards" if language == "en" else "fiches") in said.lower()


@pytest.mark.parametrize(("place", "query"), [(COMPARISON, PAIR), (LANDSCAPE, "")])
def test_the_picture_is_twice_as_fine_as_the_screen(place: str, query: str) -> None:
    assert Image.open(io.BytesIO(fetched(place, "png", query))).width == 1920


# --- Comparison -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_cell_of_the_comparison_is_a_cell_of_its_page(language: str) -> None:
    page = text_of(language, f"compare/?{PAIR}")
    title = {"en": "Compare", "fr": "Comparer"}[language]
    rows = sheet_of(fetched(COMPARISON, "xlsx", PAIR, language), title)
    assert rows[0][3:] == ["Ada", "Bea"]
    assert len(rows) == page_rows(page_html(language)) + 1
    told = [value for row in rows[1:] for value in (row[1], *row[3:]) if isinstance(value, str)]
    for value in told:
        for part in value.split("\n"):
            assert squeezed(part.replace("(central)", "").replace("(centrale)", "")) in page, part
    drawn = squeezed(drawn_words(fetched(COMPARISON, "svg", PAIR, language)))
    slide = slides_of(fetched(COMPARISON, "pptx", PAIR, language))[0]
    said = squeezed(words_of(slide) + slide.notes_slide.notes_text_frame.text)
    for value in told:
        assert squeezed(value) in drawn, value
        assert all(squeezed(part) in said for part in value.split("\n")), value


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_stakeholder_is_a_dot_plot_on_the_slide_and_in_the_picture(language: str) -> None:
    """One drawn scale a brand that has a result, one hatched a brand of which nothing is on file."""
    slide = slides_of(fetched(COMPARISON, "pptx", PAIR, language))[0]
    named = [shape.name for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.GROUP and ":" in shape.name]
    assert [squeezed(name) for name in named if name.startswith(("Ada", "Bea"))] == {
        "en": ["Ada:Wellshort", "Bea:Meets"],
        "fr": ["Ada:Trèsendeçà", "Bea:Tenue"],
    }[language]
    with translation.override(language):
        groups = [words.word(code, "stakeholder") for code in comparing.STAKEHOLDERS]
        said = words_of(slide)
        drawn = drawn_words(fetched(COMPARISON, "svg", PAIR, language))
        assert all(group in said and drawn.count(group) >= 2 for group in groups)
        assert drawn.count(words.word(None, "gap")) >= 2 * 4


def test_the_longest_names_stop_before_the_scale() -> None:
    room = fitting.room_for_names(880)
    short = fitting.name_that_fits("Tribal Worldwide Singapore and friends", room)
    assert short.endswith("…")
    assert fitting.length(short, fitting.Style(fitting.PLOT_SIZE)) <= room
    assert fitting.name_that_fits("AXA", room) == "AXA"


def page_html(language: str) -> str:
    return html_of(Client().get(f"/{language}/compare/?{PAIR}"))


def page_rows(html: str) -> int:
    return html.count('<th scope="row">')


def test_numbers_are_numbers_and_days_are_days_in_the_sheet() -> None:
    rows = {row[2]: row[3:] for row in sheet_of(fetched(COMPARISON, "xlsx", PAIR), "Compare")}
    snapshot = Publication.objects.get(assessment__brand__slug="ada").snapshot
    assert rows["evidence.proofs"][0] == snapshot.evidence_items
    assert rows["as_of.as_of"][0].date() == snapshot.as_of


def test_only_the_rows_that_differ_are_given_out_where_only_they_are_shown() -> None:
    every, differing = (fetched(COMPARISON, "xlsx", f"{PAIR}{more}") for more in ("", "&only=differences"))
    assert 1 < len(sheet_of(differing, "Compare")) < len(sheet_of(every, "Compare"))
    copies_of(Publication.objects.get(assessment__brand__slug="ada"), 1)
    alike = sheet_of(fetched(COMPARISON, "xlsx", "b=ada&b=copy-000&only=differences"), "Compare")
    assert len(alike) == 1


def test_the_slide_says_in_its_title_whether_the_verdicts_are_the_same() -> None:
    def title(query: str) -> str:
        return title_of(slides_of(fetched(COMPARISON, "pptx", query))[0])

    assert title(PAIR) == "These brands come to different verdicts: Ada, Bea"
    assert title("b=ada&b=abe") == "These brands come to the same verdict, “Broken promise”: Ada, Abe"
    assert title("b=ada&b=dee") == "Not every one of these brands has a verdict: Ada, Dee"


def test_five_brands_stay_on_one_slide_and_what_has_no_room_is_in_its_notes() -> None:
    copies_of(Publication.objects.get(assessment__brand__slug="ada"), 2, prefix="A brand with a rather long name")
    five = "&".join(f"b={slug}" for slug in Publication.objects.values_list("assessment__brand__slug", flat=True)[:5])
    slides = slides_of(fetched(COMPARISON, "pptx", five))
    assert len(slides) == 1
    assert "In the notes of this slide:" in words_of(slides[0])
    assert "Promises by stakeholder, Customers:" in slides[0].notes_slide.notes_text_frame.text


def test_a_missing_verdict_is_an_empty_cell_and_never_a_zero() -> None:
    rows = sheet_of(fetched(COMPARISON, "xlsx", "b=ada&b=dee"), "Compare")[1:]
    assert rows[0][4] == "Not yet assessed"
    assert all(row[4] is None for row in rows[1:])


def test_a_brand_that_is_not_public_does_not_exist_for_a_file_either() -> None:
    make.judged(make.a_breach("Eve"))
    for format in comparing.FORMATS:
        for query in ("b=ada&b=eve", "b=ada&b=nobody", "b=ada", ""):
            answer = Client().get(f"/en/{COMPARISON}{format}?{query}")
            assert answer.status_code == 404, query
    editor = Client()
    editor.force_login(make.an_editor())
    assert editor.get(f"/en/{COMPARISON}svg?b=ada&b=eve").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_offers_every_file_of_what_it_shows(language: str) -> None:
    html = html_of(Client().get(f"/{language}/compare/?{PAIR}&crisis=covid-19&only=differences"))
    for format in comparing.FORMATS:
        assert f'href="/{language}/compare/export/{format}?{PAIR}&crisis=covid-19&only=differences"' in html.replace(
            "&amp;", "&"
        )


# --- Landscape --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_title_grid_and_boxes_of_the_landscape_are_those_of_its_page(language: str) -> None:
    page = text_of(language, "landscape/covid-19/")
    slide = slides_of(fetched(LANDSCAPE, "pptx", "", language))[0]
    assert squeezed(title_of(slide)) in page
    said = squeezed(words_of(slide))
    drawn = squeezed(drawn_words(fetched(LANDSCAPE, "svg", "", language)))
    for code in ("rooted", "shared", "one_off"):
        with translation.override(language):
            word = squeezed(words.word(code, "rootedness"))
        assert word in page
        assert word in said
        assert word in drawn
    for brand in ("Ada", "Abe", "Bea", "Cid", "Dee"):
        assert brand in said
        assert brand in drawn


@pytest.mark.parametrize("tell", [placing.in_words, placing.by_name, placing.by_mark])
def test_no_brand_is_told_from_another_by_colour_alone(tell: placing.Told) -> None:
    screen = Client().get("/en/landscape/covid-19/").context
    squares = [square for _row, squares in screen["grid"] for square in squares if square.count]
    for square in squares:
        said = [(tone, plain(line)) for tone, line in tell(None, square)]  # type: ignore[arg-type]
        for entry in square.chips:
            told = [(tone, text) for tone, text in said if entry.brand.name in text]
            assert [tone for tone, _text in told] == [words.tone(entry.state)]
            assert words.word(entry.state, "outcome") in told[0][1]
            assert (words.word(entry.robustness, "robustness").lower() in told[0][1]) == (tell != placing.by_mark)
    shapes = shapes_in(slides_of(fetched(LANDSCAPE, "pptx"))[0].shapes)
    described = {shape._element.xpath("string(.//p:cNvPr/@descr)") for shape in shapes}
    assert {words.word(outcome, "outcome") for outcome in ("broken_promise", "aligned")} <= described


def test_a_brand_stands_in_the_cell_of_the_page() -> None:
    answer = Client().get("/en/landscape/covid-19/")
    screen = answer.context
    of_page = [[[entry.brand.name for entry in square.chips] for square in row] for _name, row in screen["grid"]]
    table = next(one for one in slides_of(fetched(LANDSCAPE, "pptx"))[0].shapes if getattr(one, "has_table", False))
    cells = [[cell.text_frame.text for cell in row.cells][1:] for row in table.table.rows][1:4]
    for told, names in zip(cells, of_page, strict=True):
        for text, expected in zip(told, names, strict=True):
            assert [name for name in ("Ada", "Abe", "Bea") if name in text] == sorted(expected, key="Ada Abe Bea".find)


def test_the_rows_of_the_landscape_say_what_its_table_says() -> None:
    rows = {row["brand"]: row for row in rows_of(fetched(LANDSCAPE, "csv"))}
    assert set(rows) == {"ada", "abe", "bea", "cid", "dee"}
    page = text_of("en", "landscape/covid-19/")
    for row in rows.values():
        for name in ("brand_name", "verdict", "robustness", "weakest"):
            assert squeezed(row[name]) in page, row[name]
    assert rows["dee"]["evidence"] == ""
    assert rows["dee"]["verdict"] == "Not yet assessed"
    snapshot = Publication.objects.get(assessment__brand__slug="ada").snapshot
    assert rows["ada"]["evidence"] == str(snapshot.evidence_items)
    assert rows["ada"]["as_of"] == snapshot.as_of.isoformat()


def test_filters_and_order_of_the_page_are_those_of_the_file() -> None:
    rows = rows_of(fetched(LANDSCAPE, "csv", "outcome=broken_promise&sort=-brand"))
    assert [row["brand"] for row in rows] == ["ada", "abe"]
    slide = slides_of(fetched(LANDSCAPE, "pptx", "outcome=broken_promise"))[0]
    assert "Broken promise" in words_of(slide)
    assert "Bea" not in words_of(slide)
    about = sheet_of(fetched(LANDSCAPE, "xlsx", "outcome=broken_promise"), "Read me")
    assert any(row[1] and "Broken promise" in row[1] for row in about)


def test_the_french_spreadsheet_gets_its_own_csv() -> None:
    assert fetched(LANDSCAPE, "csv", "dialect=excel-fr").startswith("\ufeffbrand;brand_name".encode())
    assert Client().get(f"/en/{LANDSCAPE}csv?dialect=other").status_code == 404


def test_drafts_are_on_no_file_of_the_landscape() -> None:
    make.judged(make.a_breach("Hush"))
    for format in ("csv", "svg"):
        assert b"Hush" not in fetched(LANDSCAPE, format)
    assert Client().get("/en/landscape/other/export/csv").status_code == 404


def test_many_brands_stay_on_one_slide() -> None:
    copies_of(Publication.objects.get(assessment__brand__slug="ada"), 40, prefix="A brand with a rather long name")
    copies_of(Publication.objects.get(assessment__brand__slug="bea"), 20, prefix="Another of them")
    slides = slides_of(fetched(LANDSCAPE, "pptx"))
    assert len(slides) == 1
    assert "+3" in words_of(slides[0]) or "brands" in words_of(slides[0])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_landscape_offers_every_file_under_its_filters(language: str) -> None:
    query = "outcome=broken_promise"
    html = html_of(Client().get(f"/{language}/landscape/covid-19/?{query}&view=heat"))
    for format in placing.FORMATS:
        assert f'href="/{language}/landscape/covid-19/export/{format}?{query}"' in html
