"""What the main pages look like, kept as small pictures: one dot stands for eight by eight pixels of the screen.

So small, they forgive what differs between two versions of a browser (a letter that stands one pixel further on) and
show what a person sees from two steps away: a block that is gone, has moved or has another colour, a page without its
styles. What is too fine for them is measured by ``test_shape.py``.

    WRITE_PICTURES=1 pytest -p no:randomly tests/pages/test_pictures.py

keeps the pages as they look now. Look at the pictures before you commit them.
"""

from __future__ import annotations

import io
import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy
import pytest
from PIL import Image

from tests import factories
from tests.pages.busy import a_busy_site
from tests.practices.making import a_practice

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = Path(__file__).parent / "pictures"
PATHS = {
    "home": "",
    "brands": "brands/",
    "scorecard": "brands/fictia/covid-19/",
    "evidence": "brands/fictia/covid-19/evidence/",
    "landscape": "landscape/covid-19/",
    "heat": "landscape/covid-19/?view=heat",
    "compare": "compare/?b=fictia&b=marque-1&b=marque-2&b=long",
    "practice": "practices/a-practice/",
    "method": "method/",
}
SCALE = 8
TALLEST = 4000
"""Pixels of the screen; what stands lower is more of the same."""
TALLER = 0.03
"""How much a page may grow or shrink: a line of text more or less on a long one."""
FAR = 40
"""Of 255: two dots that differ more are seen as different."""
DIFFERENT = 0.04
"""The part of all dots that may differ so: a paragraph may wrap one word earlier."""


def picture(page: Page) -> Image.Image:
    page.evaluate("Promise.allSettled([...document.fonts].map(face => face.load())).then(() => true)")
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled"))).convert("RGB")
    part = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    return part.resize((part.width // SCALE, part.height // SCALE), Image.Resampling.BOX)


def difference(now: Image.Image, kept: Image.Image) -> str:
    """What a person would say of the two; nothing if they look alike."""
    if now.width != kept.width or abs(now.height - kept.height) > TALLER * kept.height:
        return f"is {now.width} x {now.height} dots, was {kept.width} x {kept.height}"
    height = min(now.height, kept.height)
    dots = [numpy.asarray(one, dtype=int)[:height] for one in (now, kept)]
    far = abs(dots[0] - dots[1]).max(axis=2) > FAR
    if far.mean() <= DIFFERENT:
        return ""
    rows = numpy.flatnonzero(far.any(axis=1)) * SCALE
    return f"differs in {far.mean():.1%} of its dots, between {rows[0]} and {rows[-1]} px from the top"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_look_as_they_did(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: Literal["light", "dark"]
) -> None:
    monkeypatch.setattr(factories, "_numbers", itertools.count(1))  # names, and with them the order, are the same
    a_busy_site()
    a_practice("A practice", key="a-practice")
    language = {"light": "fr", "dark": "en"}[scheme]
    page.emulate_media(color_scheme=scheme)
    complaints = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for name, path in PATHS.items():
            page.goto(f"/{language}/{path}")
            file = f"{name}_{language}_{width}_{scheme}.png"
            now = picture(page)
            if os.environ.get("WRITE_PICTURES"):
                now.quantize(256, Image.Quantize.MAXCOVERAGE).save(KEPT / file, optimize=True)
            if complaint := difference(now, Image.open(KEPT / file).convert("RGB")):
                now.save(tmp_path / file)
                complaints.append(f"{file} {complaint}: {tmp_path / file}")
    assert not complaints, "\n".join(complaints)


def test_every_kept_picture_is_compared() -> None:
    endings = ("fr_1280_light", "fr_390_light", "en_1280_dark", "en_390_dark")
    assert {file.stem for file in KEPT.glob("*.png")} == {f"{name}_{ending}" for name in PATHS for ending in endings}


def test_what_a_person_would_see_is_told() -> None:
    paper = Image.new("RGB", (160, 200), "#FAF8F4")
    assert difference(paper, paper) == ""
    assert "was 160 x 200" in difference(paper.crop((0, 0, 160, 180)), paper)
    block = paper.copy()
    block.paste("#7B2628", (0, 100, 160, 120))
    assert difference(block, paper) == "differs in 10.0% of its dots, between 800 and 952 px from the top"
    assert difference(Image.new("RGB", (160, 200), "#14181F"), paper).startswith("differs in 100.0%")
