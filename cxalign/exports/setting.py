"""The typesetter: pictures and reports from data, without network, files of the machine or its typefaces.

It must not run in a process that others are forked from afterwards: it is loaded when first needed.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cxalign.exports.fitting import font_folder

TEMPLATES = Path(__file__).parent / "typst"


def set_(
    template: str,
    data: dict[str, Any],
    *,
    format: Literal["pdf", "png"],
    made_at: datetime | None = None,
    ppi: float = 144,
) -> bytes:
    import typst  # heavy, and not before a worker was forked

    known: dict[str, Any] = {"pdf_standards": ["ua-1", "a-2a"]} if format == "pdf" else {"ppi": ppi}
    if made_at:
        known["timestamp"] = int(made_at.timestamp())
    made: bytes = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        format=format,
        font_paths=[*map(font_folder, ("fontpkg_source_sans_3", "fontpkg_source_serif_4"))],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **known,
    )
    return made
