"""The web fonts that set-up cuts: small, and with every letter and sign of our pages."""

from __future__ import annotations

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from tools.fonts import LIMIT

FOLDER = settings.GENERATED_STATIC / "fonts"
NAMES = ("source-sans-3-var.woff2", "source-serif-4-600.woff2")


def test_both_together_stay_below_their_limit() -> None:
    assert sum((FOLDER / name).stat().st_size for name in NAMES) <= LIMIT


@pytest.mark.parametrize("name", NAMES)
def test_french_and_english_can_be_set(name: str) -> None:
    letters = "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ«»’‘“”–—…→−€%;:!?\u00a0\u202f0123456789"
    assert [letter for letter in letters if ord(letter) not in TTFont(FOLDER / name).getBestCmap()] == []


def test_the_text_font_has_its_weights_and_figures_of_one_width() -> None:
    font = TTFont(FOLDER / NAMES[0])
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 700)]
    widths = {font["hmtx"][font.getBestCmap()[ord(figure)]][0] for figure in "0123456789"}
    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert len(widths) == 1 or "tnum" in features


def test_the_headline_font_has_one_weight() -> None:
    font = TTFont(FOLDER / NAMES[1])
    assert "fvar" not in font
    assert font["OS/2"].usWeightClass == 600
