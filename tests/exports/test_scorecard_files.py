"""The files of a scorecard: who gets which, and whether they say what the page says."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from brands.models import Brand
from cxalign.pages.exporting import files
from scoring.models import Publication
from scoring.publishing import withdraw
from tests import factories as make
from tests.accounts.making import a_team
from tests.exports.files import address, fetched, rows_of, slides_of, title_of, words_of, workbook_of

pytestmark = pytest.mark.django_db
EVERY_FORMAT = sorted(files.FORMATS)


@pytest.fixture
def breach() -> Brand:
    brand = make.a_breach("Fictia")
    make.published(brand)
    return brand


def text_of(page: bytes) -> str:
    body = re.sub(r"(?s)<(script|svg|style|head).*?</\1>", " ", page.decode())
    body = re.sub(r"<sup.*?</sup>", "", body)
    for name, sign in (("&#x27;", "'"), ("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("\u2060", "")):
        body = body.replace(name, sign)
    return re.sub(r"[ \n\t]+", " ", re.sub(r"<[^>]+>", " ", body))


# --- Who gets which ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", EVERY_FORMAT)
def test_a_stranger_takes_the_published_version_away_and_no_other(client: Client, format: str) -> None:
    brand = make.a_breach("Fictia")
    make.judged(brand)
    assert client.get(address(brand, format)).status_code == 404
    make.published(make.touched(brand))
    answer = client.get(address(brand, format))
    assert answer.status_code == 200
    assert re.search(
        rf'filename="fictia_covid-19_(proofs_|timeline_)?v1_[0-9-]{{10}}_en\.{format}"', answer["Content-Disposition"]
    )
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("rest", ["", *EVERY_FORMAT])
def test_a_draft_exists_for_those_who_may_read_drafts_only(client: Client, rest: str) -> None:
    brand = make.a_breach("Fictia")
    make.judged(brand)
    place = address(brand, rest, version="draft/")
    assert client.get(place).status_code == 404
    client.force_login(make.a_user())
    assert client.get(place).status_code == 404
    client.force_login(make.an_analyst())
    answer = client.get(place)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, private"


def test_a_draft_carries_its_sticker_on_every_slide_and_says_so_in_the_workbook(client: Client, breach: Brand) -> None:
    client.force_login(make.an_analyst())
    drafts = slides_of(fetched(client, breach, "pptx", version="draft/"))
    assert all("Draft – not published" in words_of(slide) for slide in drafts)
    told = workbook_of(fetched(client, breach, "xlsx", version="draft/"))["Read me"]
    assert "Draft – not published" in [cell.value for cell in told["B"]]
    public = slides_of(fetched(client, breach, "pptx"))
    assert not any("not published" in words_of(slide) for slide in public)


def test_a_draft_taken_by_a_team_says_whose_it_is_and_who_took_it(client: Client) -> None:
    brand = make.a_breach("Fictia")
    snapshot = make.judged(brand)
    reader = make.a_user(username="claire")
    snapshot.assessment.team = a_team(reader, name="Conseil")
    snapshot.assessment.save()
    client.force_login(reader)
    words = words_of(slides_of(fetched(client, brand, "pptx", version="draft/"))[0])
    assert "Conseil" in words
    assert "claire" in words


def test_a_frozen_version_stays_what_it_was(client: Client, breach: Brand) -> None:
    breach.actions.get().proofs.update(depth="1")
    make.published(make.touched(breach), note_en="Read anew.", cause="evidence_corrected")
    first = rows_of(fetched(client, breach, "csv", version="v1/"))
    second = rows_of(fetched(client, breach, "csv"))
    assert (first[0]["version"], first[0]["depth"]) == ("1", "2")
    assert (second[0]["version"], second[0]["depth"]) == ("2", "1")
    assert "immutable" in client.get(address(breach, "pptx", version="v1/"))["Cache-Control"]


def test_what_is_withdrawn_is_gone_as_a_file_too(client: Client, breach: Brand) -> None:
    withdraw(Publication.objects.get(), by=make.an_editor(), reason_en="A source was misread.", reason_fr="")
    for rest in ("", *EVERY_FORMAT):
        assert client.get(address(breach, rest)).status_code == 410, rest
        assert client.get(address(breach, rest, version="v1/")).status_code == 410, rest


@pytest.mark.parametrize("rest", ["docx", "csv?table=people", "csv?dialect=klingon", "pptx?language=de"])
def test_what_does_not_exist_is_not_found(client: Client, breach: Brand, rest: str) -> None:
    assert client.get(address(breach, rest)).status_code == 404
    assert client.get(address(breach, "csv")).status_code == 200


def test_files_that_cost_something_are_counted(client: Client, breach: Brand, settings: Any) -> None:
    cache.clear()
    settings.EXPORTS_PER_HOUR = 1
    assert client.get(address(breach, "xlsx")).status_code == 200
    refused = client.get(address(breach, "xlsx"))
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert client.get(address(breach, "csv")).status_code == 200
    cache.clear()


# --- Whether they say what the page says ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["a_breach", "a_kept_promise", "an_empty_file"])
def test_slides_say_what_the_page_says_in_its_words(client: Client, language: str, kind: str) -> None:
    brand = getattr(make, kind)("Fictia")
    make.published(brand)
    page = text_of(client.get(f"/{language}/brands/fictia/covid-19/").content)
    slides = {title_of(slide): words_of(slide) for slide in slides_of(fetched(client, brand, "pptx", language))}
    everything = " ".join(slides.values())
    document = Publication.objects.get().snapshot
    told = json.loads(document.document)
    assert re.sub(r" ?\[\d+\]", "", told["explanation"][language]) in everything
    for sentence in sentences_of(told, language):
        assert sentence in everything, sentence
        assert sentence in page, sentence


@pytest.mark.parametrize(
    ("language", "verdict", "ledger"),
    [
        (
            "en",
            "no promise on file covers it",
            "Established acts are read against the duty of care: none tests a promise on file",
        ),
        ("fr", "aucune promesse au dossier ne le couvre", "Les actes établis relèvent du devoir de soin"),
    ],
)
def test_the_titles_of_a_verdict_on_the_duty_of_care_claim_no_promise(
    client: Client, language: str, verdict: str, ledger: str
) -> None:
    brand = make.a_brand("Fictia")
    make.a_promise(brand, testable=False)
    make.a_proof(make.an_action(brand, sources=2), direction="harms", depth="3")
    make.published(make.touched(brand))
    titles = [title_of(slide) for slide in slides_of(fetched(client, brand, "pptx", language))]
    assert verdict in titles[0]
    assert titles[1].startswith(ledger)


def sentences_of(document: dict[str, Any], language: str) -> list[str]:
    """What both have to say: statements, conditions, signals, the names of sources."""
    texts = [record["statement"][language].rstrip(".") for record in document["promises"] + document["actions"]]
    texts += [change["condition"][language] for change in document["would_change"][:1]]
    texts += [signal["text"][language] for signal in document["signals"]]
    texts += [choice["text"][language] for choice in document["method_choices"]]
    return [*texts, *(source["title"] for source in document["sources"])]


@pytest.mark.parametrize(
    ("language", "standing"),
    [("en", "As of {} · Version 1 · Method"), ("fr", "Situation au {} · Version 1 · Méthode")],
)
def test_every_slide_tells_when_which_version_and_where(
    client: Client, breach: Brand, language: str, standing: str
) -> None:
    from django.utils import translation

    from cxalign.templatetags.cxalign import full_date

    with translation.override(language):
        day = full_date(Publication.objects.get().snapshot.as_of)
    slides = slides_of(fetched(client, breach, "pptx", language))
    assert len(slides) >= 8
    for slide in slides:
        assert standing.format(day) in words_of(slide)
        assert f"{settings.BASE_URL}/{language}/brands/fictia/covid-19/v1/" in words_of(slide)
        assert len(title_of(slide).split()) >= 2


def test_slides_are_native_titled_and_described(client: Client, breach: Brand) -> None:
    slides = slides_of(fetched(client, breach, "pptx"))
    ledger = next(slide for slide in slides if "fall short" in title_of(slide))
    (table,) = [shape.table for shape in ledger.shapes if getattr(shape, "has_table", False)]
    assert "Refused to pay claims" in table.cell(1, 1).text_frame.text
    groups = [shape for shape in ledger.shapes if shape.shape_type == 6]
    assert [shape._element.xpath(".//p:cNvPr")[0].get("descr") for shape in groups] == ["Well short"]
    french = [shape for slide in slides_of(fetched(client, breach, "pptx", "fr")) for shape in slide.shapes]
    told = {shape._element.xpath(".//p:cNvPr")[0].get("descr") for shape in french if shape.shape_type == 6}
    assert "Promesse rompue" in told
    assert not told & {"broken", "none"}, "a mark says what it stands for, not its code"
    assert not [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13], "no picture"
    notes = ledger.notes_slide.notes_text_frame.text
    assert "https://example.org/" in notes
    assert "duty of care" in notes


def test_a_reader_picks_slides_and_language(client: Client, breach: Brand) -> None:
    content = fetched(client, breach, "pptx?slide=sources&slide=verdict&slide=nonsense&language=fr")
    titles = [title_of(slide) for slide in slides_of(content)]
    assert len(titles) == 2
    assert "Fictia\u00a0:" in titles[0]
    assert "sources" in titles[1]


def test_a_deck_says_its_language_and_that_of_quotations(client: Client) -> None:
    brand = make.a_brand("Fictia")
    promise = make.a_promise(brand, quote="Vous d’abord", quote_language="fr")
    make.a_proof(make.an_action(brand), promise)
    make.published(make.touched(brand))
    content = fetched(client, brand, "pptx?slide=ledger")
    (slide,) = slides_of(content)
    xml = slide.part.blob.decode()
    assert re.search(r'lang="fr-FR"[^>]*>(?:(?!</a:r>).)*Vous d’abord', xml)
    assert 'lang="en-GB"' in xml


def test_the_workbook_holds_every_promise_act_proof_and_source(client: Client, breach: Brand) -> None:
    book = workbook_of(fetched(client, breach, "xlsx"))
    assert book.sheetnames == ["Read me", "Scorecards", "Promises", "Acts", "Proofs", "Sources", "Dictionary"]
    document = json.loads(Publication.objects.get().snapshot.document)
    held = {name: book[name].max_row - 1 for name in ("Scorecards", "Promises", "Acts", "Proofs", "Sources")}
    assert held == {"Scorecards": 1, "Promises": 1, "Acts": 1, "Proofs": 1, "Sources": len(document["sources"])}
    card = {head.value: cell.value for head, cell in zip(book["Scorecards"][1], book["Scorecards"][2], strict=True)}
    assert card["Verdict (code)"] == "broken_promise"
    assert card["Verdict"] == "Broken promise"
    assert card["As of"].date() == Publication.objects.get().snapshot.as_of
    assert card["Delivery"] == document["indices"]["delivery"]
    assert card["Explanation"] == document["explanation"]["en"]
    acts = {head.value: cell for head, cell in zip(book["Acts"][1], book["Acts"][2], strict=True)}
    assert acts["Date"].value.date() == date(2020, 4, 1)
    described = {(row[0].value, row[2].value) for row in book["Dictionary"].iter_rows(min_row=2)}
    assert len(described) == book["Dictionary"].max_row - 1
    assert all(row[3].value for row in book["Dictionary"].iter_rows(min_row=2))


def test_codes_and_columns_are_the_same_in_both_languages(client: Client, breach: Brand) -> None:
    for table in ("scorecards", "promises", "acts", "proofs", "sources"):
        (english, *_), (french, *_) = (
            rows_of(fetched(client, breach, f"csv?table={table}", one)) for one in ("en", "fr")
        )
        assert list(english) == list(french)
        codes = [name for name in english if english[name] != french[name]]
        assert set(codes) <= {"sector", "crisis_name", "verdict", "explanation", "statement", "act_statement",
                              "promise_statement", "rationale", "address"}  # fmt: skip
    assert rows_of(fetched(client, breach, "csv", "fr"))[0]["act_statement"] == "A refusé de payer les sinistres."


def test_columns_keep_their_order() -> None:
    """A program reads them by their place: one may be added at the end, none moved."""
    from cxalign.pages.exporting.sheets import TABLES

    first = {name: [column[0] for column in columns][:5] for name, (_title, columns, _maker) in TABLES.items()}
    assert first == {
        "scorecards": ["brand", "crisis", "version", "brand_name", "sector"],
        "promises": ["brand", "crisis", "version", "promise", "quote"],
        "acts": ["brand", "crisis", "version", "act", "statement"],
        "proofs": ["brand", "crisis", "version", "proof", "act"],
        "sources": ["brand", "crisis", "version", "number", "source"],
    }


def test_the_json_file_is_the_document_of_the_api(client: Client, breach: Brand) -> None:
    file = json.loads(fetched(client, breach, "json"))
    api = client.get("/api/v1/scorecards/fictia:covid-19:v1").json()
    del api["etag"]
    assert file == api


HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "]]>&amp;",
    "{{ 7|add:7 }} {% now 'Y' %}",
    "#set page(); $x$ \\u{41} *b*",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_as_the_text_it_is(client: Client, text: str) -> None:
    brand = make.a_brand(f"Evil {text}"[:60], slug="evil")
    source = make.a_source(title=text, publisher=text, passage=text)
    promise = make.a_promise(
        brand, sourced=False, quote=text, quote_language="en", statement_en=text, statement_fr=text
    )
    promise.sources.add(source)
    action = make.an_action(brand, statement_en=text, statement_fr=text)
    make.a_proof(action, promise, rationale_en=text, rationale_fr=text)
    make.published(make.touched(brand))
    everything = "\n".join(words_of(slide) for slide in slides_of(fetched(client, brand, "pptx")))
    assert text.replace("'", "’") in everything or text in everything
    book = workbook_of(fetched(client, brand, "xlsx"))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert any(text in str(cell.value) for cell in cells)
    (row,) = rows_of(fetched(client, brand, "csv?table=promises"))
    assert row["quote"] == (f"'{text}" if text.startswith("=") else text)


@pytest.mark.parametrize("rest", ["", *EVERY_FORMAT])
def test_a_file_costs_few_queries_whatever_its_length(client: Client, rest: str) -> None:
    short, long = make.a_breach("Short"), make.a_breach("Long")
    promise = long.promises.get()
    for _ in range(12):
        make.a_proof(make.an_action(long), promise)
    for brand in (short, long):
        make.published(make.touched(brand))
    counts = []
    for brand in (short, long):
        with CaptureQueriesContext(connection) as queries:
            fetched(client, brand, rest)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


# --- The page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "v1/", "draft/"])
def test_the_page_offers_the_files_of_its_very_version(client: Client, breach: Brand, version: str) -> None:
    client.force_login(make.an_analyst())
    page = client.get(f"/en/brands/fictia/covid-19/{version}").content.decode()
    offered = set(re.findall(r'href="([^"]*/export/[^"]*)"', page))
    assert {address(breach, rest, version=version) for rest in ("", "pptx", "xlsx", "csv", "json")} <= offered
    for place in offered:
        assert client.get(place.replace("&amp;", "&")).status_code == 200, place


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_form_offers_each_slide_by_its_message(client: Client, breach: Brand, language: str) -> None:
    page = text_of(client.get(address(breach, language=language)).content)
    for slide in slides_of(fetched(client, breach, "pptx", language)):
        assert re.sub(r" \(\d/\d\)$", "", title_of(slide)) in page
