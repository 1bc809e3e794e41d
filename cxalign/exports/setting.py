"""The typesetter: pictures and reports from data, without network and without files but typefaces.

It must not run in a process that others are forked from afterwards: it is loaded when first needed.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cxalign.exports.fitting import font_folder

logger = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "typst"


STRICT: dict[str, Any] = {"ignore_system_fonts": True, "pdf_standards": ["ua-1", "a-2a"]}
WAYS: dict[str, list[dict[str, Any]]] = {
    "pdf": [STRICT, {**STRICT, "ignore_system_fonts": False}, {"ignore_system_fonts": False}],
    "png": [{"ignore_system_fonts": True}],
}
"""How a file is tried, in turn. The standards refuse a letter that no typeface of ours has: then those of the machine
are asked, and at last the letter is a box in a file that is tagged and claims nothing."""


def set_(
    template: str,
    data: dict[str, Any],
    *,
    format: Literal["pdf", "png"],
    made_at: datetime | None = None,
    ppi: float | None = None,
) -> bytes:
    import typst  # heavy, and not before a worker was forked

    *others, last = WAYS[format]
    known = {"timestamp": int(made_at.timestamp())} if made_at else {}
    for way in others:
        try:
            return _compiled(template, data, format=format, ppi=ppi, **way, **known)
        except typst.TypstError:  # what it says may quote a draft
            logger.warning("A file of %s does not meet the standards: it is set in another way", template)
    return _compiled(template, data, format=format, ppi=ppi, **last, **known)


def _compiled(template: str, data: dict[str, Any], **how: Any) -> bytes:
    import typst

    made: bytes = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=[*map(font_folder, ("fontpkg_source_sans_3", "fontpkg_source_serif_4"))],
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **how,
    )
    return made
