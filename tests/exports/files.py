"""Reading files that the product gave out, with programs other than those that wrote them."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
from django.test import Client
from pptx import Presentation
from pypdf import PdfReader

from brands.models import Brand


def address(brand: Brand, rest: str = "", language: str = "en", version: str = "") -> str:
    return f"/{language}/brands/{brand.slug}/covid-19/{version}export/{rest}"


def fetched(client: Client, brand: Brand, rest: str, language: str = "en", version: str = "") -> bytes:
    answer = client.get(address(brand, rest, language, version))
    assert answer.status_code == 200, answer.status_code
    return bytes(answer.content)


def rows_of(content: bytes, separator: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator))


def workbook_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def slides_of(content: bytes) -> Any:
    return Presentation(io.BytesIO(content)).slides


def shapes_in(shapes: Any) -> list[Any]:
    """All of them, those of groups too."""
    found = []
    for shape in shapes:
        found.append(shape)
        if shape.shape_type == 6:  # a group
            found += shapes_in(shape.shapes)
    return found


def words_of(slide: Any) -> str:
    """Every word on a slide, in the order of its shapes; raised numbers left out."""
    texts = []
    for shape in shapes_in(slide.shapes):
        if shape.has_text_frame:
            texts += [_without_raised(paragraph) for paragraph in shape.text_frame.paragraphs]
        if getattr(shape, "has_table", False):
            cells = (cell for row in shape.table.rows for cell in row.cells)
            texts += [_without_raised(paragraph) for cell in cells for paragraph in cell.text_frame.paragraphs]
    return "\n".join(texts)


def _without_raised(paragraph: Any) -> str:
    return "".join(run.text for run in paragraph.runs if run.font._element.get("baseline") is None)


def title_of(slide: Any) -> str:
    return str(slide.shapes.title.text_frame.text)


def text_of_pptx(content: bytes) -> str:
    """Slides and their notes."""
    slides = slides_of(content)
    notes = [slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide]
    return "\n".join([*map(words_of, slides), *notes])


def text_of_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
