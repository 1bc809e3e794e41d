"""The PDF, the pictures and the slides on the screen: whether they open, say what the page says, and run nothing."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from brands.models import Brand
from cxalign.accounts import roles
from cxalign.exports import drawings, palette, pdf
from cxalign.exports.fitting import DRAWING_WIDTH, STYLES, drawing_scale, fitted, rows_of
from cxalign.exports.slides import Deck, Grid, Heading, Paragraph, Slide, cell, chosen, line
from scoring.models import Publication
from tests import factories as make
from tests.accounts.desk import signed_in
from tests.exports.files import address, fetched
from tests.exports.test_scorecard_files import HOSTILE, sentences_of

MARKUP = ('#import "/etc/passwd"', "*bold* _slanted_ @label <label>", "= Heading\n\n+ item")
CHARTS = ("timeline", "ledger", "coverage", "indices")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def breach() -> Brand:
    brand = make.a_breach("Fictia")
    make.published(brand)
    return brand


def words_of(content: bytes) -> str:
    """Without the ends of lines, where a word may have been divided."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return squeezed(text)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f\u00ad-]+", "", text)


# --- The PDF ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["a_breach", "a_kept_promise", "an_empty_file"])
def test_the_report_says_what_the_page_says(client: Client, language: str, kind: str) -> None:
    brand = getattr(make, kind)("Fictia")
    make.published(brand)
    words = words_of(fetched(client, brand, "pdf", language))
    document = json.loads(Publication.objects.get().snapshot.document)
    for sentence in sentences_of(document, language):
        assert squeezed(sentence) in words, sentence
    for part in re.split(r"\[\d+\]", document["explanation"][language]):
        assert squeezed(part) in words, part


@pytest.mark.django_db
def test_the_report_is_tagged_titled_and_in_its_language(client: Client, breach: Brand) -> None:
    reader = PdfReader(io.BytesIO(fetched(client, breach, "pdf", "fr")))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None
    assert "Fictia" in str(reader.metadata.title)
    bookmarks = [str(entry.title) for entry in flat(reader.outline)]
    assert bookmarks[0] == "Fictia"
    assert bookmarks[-1] == "Sources"
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]


def flat(outline: list[object]) -> list[object]:
    return [one for entry in outline for one in (flat(entry) if isinstance(entry, list) else [entry])]


@pytest.mark.django_db
def test_links_of_the_report_lead_to_the_sources(client: Client, breach: Brand) -> None:
    reader = PdfReader(io.BytesIO(fetched(client, breach, "pdf")))
    links = [
        note.get_object()["/A"]["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", ())
        if "/URI" in note.get_object().get("/A", {})
    ]
    document = json.loads(Publication.objects.get().snapshot.document)
    assert {source["url"] for source in document["sources"]} <= set(links)


@pytest.mark.django_db
def test_every_page_of_the_report_tells_its_number_day_and_version(client: Client, breach: Brand) -> None:
    pages = PdfReader(io.BytesIO(fetched(client, breach, "pdf"))).pages
    for number, page in enumerate(pages, start=1):
        words = squeezed(page.extract_text())
        assert squeezed(f"page {number} of {len(pages)}") in words
        assert "Version1·Method" in words


@pytest.mark.django_db
def test_a_draft_report_carries_its_sticker_on_every_page(client: Client, breach: Brand) -> None:
    client.force_login(make.an_analyst())
    for page in PdfReader(io.BytesIO(fetched(client, breach, "pdf", version="draft/"))).pages:
        assert "Draft–notpublished" in squeezed(page.extract_text()).replace("Draftnotpublished", "Draft–notpublished")
    public = words_of(fetched(client, breach, "pdf"))
    assert "notpublished" not in public


@pytest.mark.django_db
@pytest.mark.parametrize("text", [*HOSTILE, *MARKUP])
def test_hostile_text_is_set_as_the_text_it_is(client: Client, text: str) -> None:
    brand = make.a_brand("Evil", slug="evil")
    words = {"statement_en": text, "statement_fr": text}
    promise = make.a_promise(brand, sourced=False, quote=text, quote_language="en", **words)
    promise.sources.add(make.a_source(title=text, publisher=text, url="https://example.org/x"))
    make.a_proof(make.an_action(brand, **words), promise)
    make.published(make.touched(brand))
    assert squeezed(text.replace("'", "’")) in words_of(fetched(client, brand, "pdf")).replace("'", "’")
    drawn = ET.fromstring(fetched(client, brand, "svg?chart=ledger"))  # noqa: S314 – our own file
    assert {element.tag.removeprefix(SVG) for element in drawn.iter()} <= {
        "svg", "title", "desc", "rect", "text", "polyline", "circle"
    }  # fmt: skip
    assert squeezed(text.replace("'", "’")) in squeezed("".join(drawn.itertext())).replace("'", "’")


# --- Pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("chart", CHARTS)
def test_a_picture_tells_its_message_its_day_and_its_source(
    client: Client, breach: Brand, chart: str, language: str
) -> None:
    drawn = ET.fromstring(fetched(client, breach, f"svg?chart={chart}", language))  # noqa: S314 – our own file
    words = squeezed("".join(text.text or "" for text in drawn.iter(f"{SVG}text")))
    title = drawn.find(f"{SVG}title")
    assert title is not None
    assert squeezed(title.text or "") in words
    assert squeezed({"en": "as of", "fr": "situation au"}[language]) in words
    assert "/brands/fictia/covid19/v1/" in words
    assert not [name for element in drawn.iter() for name in element.attrib if "href" in name or name == "style"]


@pytest.mark.django_db
@pytest.mark.parametrize("chart", CHARTS)
def test_a_picture_is_twice_as_fine_as_its_drawing(client: Client, breach: Brand, chart: str) -> None:
    drawn = ET.fromstring(fetched(client, breach, f"svg?chart={chart}"))  # noqa: S314 – our own file
    picture = Image.open(io.BytesIO(fetched(client, breach, f"png?chart={chart}")))
    assert picture.size[0] == 2 * drawings.PAGE
    assert abs(picture.size[1] - 2 * float(drawn.attrib["height"])) <= 2
    assert len(picture.convert("L").getcolors(256)) > 20, "something is drawn on it"


@pytest.mark.django_db
def test_a_chart_that_cannot_be_drawn_is_not_offered(client: Client) -> None:
    brand = make.an_empty_file("Fictia")
    make.published(brand)
    assert client.get(address(brand, "png?chart=timeline")).status_code == 404
    assert client.get(address(brand, "png?chart=radar")).status_code == 404
    assert client.get(address(brand, "png?chart=coverage")).status_code == 200
    page = client.get(address(brand)).content.decode()
    assert "chart=timeline" not in page
    assert "export/png" not in client.get("/en/brands/fictia/covid-19/").content.decode()


def test_the_colours_of_files_are_those_of_the_screen() -> None:
    from django.conf import settings

    css = (settings.BASE_DIR / "cxalign/static/css/base.css").read_text()
    light = dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6})", css.partition("@media")[0]))
    assert {tone: light[tone] for tone in palette.TONES} == palette.TONES
    assert {tone: light[f"{tone}-ink"] for tone in palette.TONE_INKS} == palette.TONE_INKS
    assert (light["ink"], light["ink-2"], light["ink-3"]) == (palette.INK, palette.INK_2, palette.INK_3)


# --- Fitting ----------------------------------------------------------------------------------------------------------


def a_deck(*slides: Slide) -> Deck:
    return Deck("Title", "en", slides, "As of", "https://example.org", "Sources:")


def test_a_table_that_is_too_long_goes_on_and_loses_no_row() -> None:
    rows = [[cell(f"row {number}"), cell("words " * 20)] for number in range(60)]
    deck = fitted(a_deck(Slide("s", "A title.", [Grid("", [Heading("A", 1), Heading("B", 3)], rows)])))
    assert len(deck.slides) > 3
    assert [slide.numbered_title for slide in deck.slides][:2] == [
        f"A title. (1/{len(deck.slides)})", f"A title. (2/{len(deck.slides)})"
    ]  # fmt: skip
    told = [row[0].lines[0][0].text for slide in deck.slides for block in slide.main for row in block.rows]  # type: ignore[union-attr]
    assert told == [f"row {number}" for number in range(60)]


def test_a_row_that_is_too_tall_is_cut_between_its_lines() -> None:
    tall = [cell("the promise"), cell(*[f"act {number} " + "words " * 30 for number in range(40)])]
    deck = fitted(a_deck(Slide("s", "A title", [Grid("", [Heading("A", 1), Heading("B", 2)], [tall])])))
    assert len(deck.slides) > 1
    acts = [line[0].text.split(" ")[1] for slide in deck.slides for line in slide.main[0].rows[0][1].lines]  # type: ignore[union-attr]
    assert acts == [str(number) for number in range(40)]
    assert all(slide.main[0].rows[0][0].lines[0][0].text == "the promise" for slide in deck.slides)  # type: ignore[union-attr]


def test_a_slide_that_fits_stays_one() -> None:
    slide = Slide("s", "A title", [Paragraph(line("words"))], [Paragraph(line("more"), "heading")])
    assert fitted(a_deck(slide)).slides == [slide]


def test_a_tall_timeline_ends_above_the_footer_and_a_flat_one_fills_the_width() -> None:
    tall, flat = (SimpleNamespace(timeline=SimpleNamespace(height=height)) for height in (700, 200))
    assert drawing_scale(tall, 1168, 500) * 700 == pytest.approx(500)  # type: ignore[arg-type]
    assert drawing_scale(flat, 1168, 500) == pytest.approx(1168 / DRAWING_WIDTH)  # type: ignore[arg-type]


def test_a_row_of_the_report_stays_on_one_page() -> None:
    rows = [[cell(f"row {number} begins " + "word " * 200 + f"row {number} ends")] for number in range(20)]
    long = [pdf.Section("Long", [Grid("", [Heading("What", 1)], rows)])]
    report = pdf.Report("T", "en", "H", [], "V", [], "none", long, "standing", "https://example.org", "{page}")
    made = pdf.write(report)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
    assert len(pages) > 2
    for number in range(20):
        (where,) = [page for page in pages if f"row {number} begins" in page]
        assert f"row {number} ends" in re.sub(r"\s+", " ", where)


def test_long_texts_take_more_lines_and_a_long_word_is_broken() -> None:
    style = STYLES["body"]
    assert rows_of("word", style, 400) == 1
    assert rows_of("word " * 40, style, 400) > rows_of("word " * 20, style, 400) > 1
    assert rows_of("w" * 300, style, 400) > 5


def test_a_reader_who_picks_nothing_gets_everything() -> None:
    deck = a_deck(Slide("a", "A", []), Slide("b", "B", []))
    assert [slide.code for slide in chosen(deck, []).slides] == ["a", "b"]
    assert [slide.code for slide in chosen(deck, ["b"]).slides] == ["b"]


@pytest.mark.parametrize("text", ["a face 😀", "日本", "\ue000", "مرحبا", "zero\u200bwidth"])
def test_a_letter_that_no_typeface_has_spoils_no_report(text: str) -> None:
    words = [Paragraph(line(text))]
    report = pdf.Report("T", "en", text, [text], "V", words, "none", [], "standing", "https://example.org", "{page}")
    reader = PdfReader(io.BytesIO(pdf.write(report)))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True


def test_a_report_without_a_word_too_many_still_is_one() -> None:
    report = pdf.Report(
        "T", "en", "H", [], "V", [], "none", [], "standing", "https://example.org", "page {page} of {pages}"
    )
    assert pdf.write(report).startswith(b"%PDF")


# --- On the screen ----------------------------------------------------------------------------------------------------


def present(brand: Brand, language: str = "en", version: str = "") -> str:
    return f"/{language}/brands/{brand.slug}/covid-19/{version}present/"


@pytest.mark.django_db
def test_presenting_is_for_people_with_an_account(client: Client, breach: Brand) -> None:
    assert "/login/" in client.get(present(breach))["Location"]
    consultant = signed_in(roles.CONSULTANT)
    assert consultant.get(present(breach)).status_code == 200
    assert consultant.get(present(breach, version="v1/")).status_code == 200
    assert consultant.get(present(breach, version="draft/")).status_code == 404
    assert signed_in(roles.ANALYST).get(present(breach, version="draft/")).status_code == 200
    page = client.get("/en/brands/fictia/covid-19/").content.decode()
    assert "present/" not in page
    assert "present/" in consultant.get("/en/brands/fictia/covid-19/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_screen_shows_the_slides_of_the_file(breach: Brand, language: str) -> None:
    from html import unescape

    from tests.exports.files import slides_of, title_of
    from tests.exports.files import words_of as slide_words

    client = signed_in(roles.CONSULTANT)
    page = unescape(client.get(present(breach, language)).content.decode())
    shown = squeezed(re.sub(r"<sup>.*?</sup>|<[^>]+>", "", page))
    for slide in slides_of(fetched(client, breach, "pptx", language)):
        assert squeezed(title_of(slide)) in shown
        if "timeline" not in title_of(slide):
            for sentence in slide_words(slide).split("\n")[:40]:
                if len(sentence) > 30 and not sentence.endswith("…"):
                    assert squeezed(sentence) in shown, sentence


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_on_the_screen_is_text(text: str) -> None:
    brand = make.a_brand("Evil", slug="evil")
    promise = make.a_promise(brand, quote=text, quote_language="en", statement_en=text)
    make.a_proof(make.an_action(brand, statement_en=text), promise)
    make.published(make.touched(brand))
    page = signed_in(roles.CONSULTANT).get(present(brand)).content.decode()
    assert "<script>alert" not in page
    assert page.count("<script") == 1
