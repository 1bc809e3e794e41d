"""The colours of the screen, for files: a test holds them against ``css/base.css``. Files are light but for badges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

INK, INK_2, INK_3 = "#1B1F24", "#4B525B", "#5E6670"
LINE, LINE_STRONG, SUNKEN, PAPER, WHITE = "#DDD7CA", "#8A8478", "#F3F0E9", "#FAF8F4", "#FFFFFF"
WARN_INK, WARN_LINE = "#9A4B00", "#C98A3A"

TONES = {"broken": "#7B2628", "exceeds": "#866F1D", "aligned": "#1F3CA7", "dna": "#08705A", "none": "#6B7280"}
"""Of marks."""
TONE_INKS = {"broken": "#7B2628", "exceeds": "#6A5710", "aligned": "#1F3CA7", "dna": "#08705A", "none": "#4A515C"}
"""Of words."""


@dataclass(frozen=True)
class Theme:
    """The colours of something small that stands on a ground of its own."""

    ink: str
    ink_2: str
    tones: Mapping[str, str]
    inks: Mapping[str, str]
    tints: Mapping[str, str]


LIGHT = Theme(
    INK,
    INK_2,
    TONES,
    TONE_INKS,
    {"broken": "#F8E9E6", "exceeds": "#F6F0DA", "aligned": "#E8ECFA", "dna": "#E0F2EC", "none": "#EEF0F2"},
)
DARK = Theme(
    "#E8EAED",
    "#C3CAD3",
    {"broken": "#E98A7B", "exceeds": "#EBD160", "aligned": "#5E99EC", "dna": "#45DCCD", "none": "#8791A0"},
    {"broken": "#E98A7B", "exceeds": "#EBD160", "aligned": "#7FAEF2", "dna": "#45DCCD", "none": "#AEB6C0"},
    {"broken": "#3A2220", "exceeds": "#332D14", "aligned": "#1A2A47", "dna": "#10332F", "none": "#262C35"},
)
