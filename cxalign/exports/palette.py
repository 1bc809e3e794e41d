"""The colours of the light screen, for files: a test holds them against ``css/base.css``."""

from __future__ import annotations

INK, INK_2, INK_3 = "#1B1F24", "#4B525B", "#5E6670"
LINE, LINE_STRONG, SUNKEN, PAPER, WHITE = "#DDD7CA", "#8A8478", "#F3F0E9", "#FAF8F4", "#FFFFFF"
WARN_INK, WARN_LINE = "#9A4B00", "#C98A3A"

TONES = {"broken": "#7B2628", "exceeds": "#866F1D", "aligned": "#1F3CA7", "dna": "#08705A", "none": "#6B7280"}
"""Of marks."""
TONE_INKS = {"broken": "#7B2628", "exceeds": "#6A5710", "aligned": "#1F3CA7", "dna": "#08705A", "none": "#4A515C"}
"""Of words."""
