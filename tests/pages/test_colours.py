"""The promises of the palette, recomputed from the style sheet: a token that breaks one fails here."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "cxalign" / "static"
STYLES = (STATIC / "css" / "base.css").read_text()
ADMIN = (STATIC / "admin-theme" / "admin.css").read_text()
TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9A-Fa-f]{6});")
ARCHETYPES = ("broken", "exceeds", "aligned", "dna")

Colour = tuple[float, float, float]
Matrix = tuple[Colour, Colour, Colour]

VISION: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Machado, Oliveira and Fernandes 2009, full severity; applied to linear light."""


def tokens(mode: str) -> dict[str, str]:
    """The colours of one mode. Those of the dark one stand in its media block."""
    light, dark = STYLES.split("@media screen and (prefers-color-scheme: dark)", 1)
    part = light if mode == "light" else dark.split("/* ---", 1)[0]
    return dict(TOKEN.findall(part))


def admin_tokens() -> list[tuple[str, dict[str, str]]]:
    """The same colours, written again for the admin, which has a switch: light, dark by the system, dark by choice."""
    light, by_system, by_choice = re.split(
        r"\n@media \(prefers-color-scheme: dark\)|\nhtml\[data-theme=\"dark\"\] \{", ADMIN
    )[:3]
    return [
        ("light", dict(TOKEN.findall(light))),
        *(("dark", dict(TOKEN.findall(one))) for one in (by_system, by_choice)),
    ]


# --- Colour arithmetic ------------------------------------------------------------------------------------------------


def linear(hexadecimal: str) -> Colour:
    red, green, blue = (int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return (_to_linear(red), _to_linear(green), _to_linear(blue))


def _to_linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def times(matrix: Matrix, colour: Colour) -> Colour:
    first, second, third = (sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)
    return (first, second, third)


def luminance(hexadecimal: str) -> float:
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear(hexadecimal), strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lab(hexadecimal: str, vision: str) -> Colour:
    seen = tuple(min(1.0, max(0.0, value)) for value in times(VISION[vision], linear(hexadecimal)))
    x, y, z = times(
        ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041)),
        seen,  # type: ignore[arg-type]
    )
    fx, fy, fz = (_root(value / white) for value, white in ((x, 0.95047), (y, 1.0), (z, 1.08883)))
    return (116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz))


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def ciede2000(one: Colour, other: Colour) -> float:
    """Sharma, Wu and Dalal 2005."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    mean_hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    dl, dc, dh = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    sl = 1 + 0.015 * ((l1 + l2) / 2 - 50) ** 2 / math.sqrt(20 + ((l1 + l2) / 2 - 50) ** 2)
    chroma = (c1 + c2) / 2
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * _hue_weight(mean_hue)
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    rotation *= math.sin(math.radians(60 * math.exp(-(((mean_hue - 275) / 25) ** 2))))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rotation * dc / sc * dh / sh)


def _hue_weight(hue: float) -> float:
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    return 1 + sum(height * math.cos(math.radians(times * hue + shift)) for height, times, shift in waves)


# --- The promises -----------------------------------------------------------------------------------------------------


def test_the_distance_is_the_published_one() -> None:
    """Pairs of the paper's own test data."""
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert ciede2000((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447)) == pytest.approx(1.4441, abs=1e-4)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("mode", "least"), [("light", 15.0), ("dark", 14.9)])
def test_archetypes_stay_apart_in_every_kind_of_vision(mode: str, least: float, vision: str) -> None:
    colours = tokens(mode)
    for one, other in itertools.combinations(ARCHETYPES, 2):
        distance = ciede2000(lab(colours[one], vision), lab(colours[other], vision))
        assert round(distance, 1) >= least, f"{one} and {other}: {distance:.2f}"


def test_two_tones_of_one_colour_would_be_told_apart_by_this_test() -> None:
    near = ciede2000(lab("#1F3CA7", "normal"), lab("#2440AA", "normal"))
    assert near < 15


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("archetype", [*ARCHETYPES, "none"])
def test_marks_stand_out_from_paper_and_surface(mode: str, archetype: str) -> None:
    colours = tokens(mode)
    assert contrast(colours[archetype], colours["paper"]) >= 4.55
    assert contrast(colours[archetype], colours["surface"]) >= 4.55


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("archetype", [*ARCHETYPES, "none", "warn"])
def test_words_can_be_read_on_their_tint(mode: str, archetype: str) -> None:
    colours = tokens(mode)
    assert contrast(colours[f"{archetype}-ink"], colours[f"{archetype}-tint"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3"])
@pytest.mark.parametrize("ground", ["paper", "surface", "sunken"])
def test_text_can_be_read_on_every_ground(mode: str, ink: str, ground: str) -> None:
    colours = tokens(mode)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_button_and_the_border_of_a_field_can_be_seen(mode: str) -> None:
    colours = tokens(mode)
    assert contrast(colours["btn"], colours["btn-ink"]) >= 4.5
    assert contrast(colours["line-strong"], colours["surface"]) >= 3


def test_both_modes_name_the_same_colours() -> None:
    assert set(tokens("light")) == set(tokens("dark"))


def test_the_admin_has_the_colours_of_the_pages() -> None:
    """It has a style sheet of its own, since one more request would break the budget of the pages."""
    for mode, written in admin_tokens():
        shared = {name: colour for name, colour in tokens(mode).items() if name not in ("btn", "btn-ink")}
        found = {name: written.get(name, "").lower() for name in shared}
        assert found == {name: colour.lower() for name, colour in shared.items()}, mode
