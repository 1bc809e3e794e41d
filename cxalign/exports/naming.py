"""Names of files: what it is, of when, in which language."""

from __future__ import annotations

import re

_OTHER = re.compile(r"[^A-Za-z0-9.-]+")


def file_name(*parts: str, ending: str) -> str:
    """``fictia_covid-19_v4_2020-06-12_fr.pptx``: letters, digits, hyphens, and underscores between the parts."""
    clean = [_OTHER.sub("-", part).strip("-.") for part in parts]
    return f"{'_'.join(filter(None, clean))}.{ending}"
