"""What of a brand’s lineage is unknown: then its index cannot be told, and its 0 is no finding.

The engine counts unknown as 0, and so it stands in the numbers of a verdict; readers are told the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.engine.verdict import FindingCode

Document = Mapping[str, Any]
ROOTS, RECORD = ("pu", "vh"), "cc"
CODES = (*ROOTS, RECORD)


def unknown_codes(document: Document) -> list[str]:
    """The codes of the profile that keep the index of lineage from being told; none where what is known settles it."""
    if document["indices"]["dna"]:
        return []
    levels = _levels(document)
    roots = [levels[code] for code in ROOTS]
    if levels[RECORD] == 0 or roots == [0, 0]:
        return []
    rooted = any(level for level in roots)
    return [code for code in CODES if levels[code] is None and not (rooted and code in ROOTS)]


def _levels(document: Document) -> dict[str, int | None]:
    """As the engine read them: what coders agree too little on, and one alone read, is unknown."""
    profile, off = document["profile"] or {}, _switched_off(document)
    found: dict[str, int | None] = {}
    for code in CODES:
        level = str(profile.get(code) or "")
        found[code] = int(level) if level.isdigit() and code not in off else None
    return found


def _switched_off(document: Document) -> set[str]:
    found = document["findings"]
    return {code for one in found if one["code"] == FindingCode.CODES_SWITCHED_OFF for code in one["numbers"]}


def index(document: Document, code: str) -> int | None:
    """The value of an index; ``None`` where the method defines none, or where it cannot be told."""
    if code == "dna" and unknown_codes(document):
        return None
    value: int | None = document["indices"][code]
    return value
