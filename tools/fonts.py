"""The two typefaces as small files for browsers, cut from the full ones that come as packages.

    python tools/fonts.py FOLDER

Source Sans 3 keeps its weights from 400 to 700 in one variable file; Source Serif 4 is used at one weight and in
large sizes only, so it becomes an ordinary font. Both keep the letters and signs of French, English and our pages;
another letter in a brand's name is drawn in a font of the reader's system.
"""

from __future__ import annotations

import io
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LIMIT = 45_000  # bytes for both together: part of the weight budget of every page
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *map(ord, "ŒœŸ–—‘’“”„…•‹›€−×≈≤≥→←↑↓▾✓✕●\u2009\u202f"),
]
FEATURES = ["kern", "liga", "tnum", "lnum"]


def source(package: str, name: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"The package {package.replace('_', '-')} is not installed.")
    return Path(next(iter(spec.submodule_search_locations))) / "files" / name


def sans() -> bytes:
    font = cut("fontpkg_source_sans_3", "SourceSans3[wght].ttf")
    return woff2(instancer.instantiateVariableFont(font, {"wght": (400, 400, 700)}))


def serif() -> bytes:
    font = cut("fontpkg_source_serif_4", "SourceSerif4[opsz,wght].ttf")
    # 36 points: between text (20) and display (60), as headings are between 20 and 50 pixels high.
    return woff2(instancer.instantiateVariableFont(font, {"wght": 600, "opsz": 36}))


def cut(package: str, name: str) -> TTFont:
    """The font with only our characters. Cutting comes before the choice of weights: far fewer shapes to work on."""
    font = TTFont(source(package, name))
    options = subset.Options(layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=CHARACTERS)
    cutter.subset(font)
    return font


def woff2(font: TTFont) -> bytes:
    font.flavor = "woff2"
    output = io.BytesIO()
    font.save(output)
    return output.getvalue()


def main(folder: Path) -> None:
    files = {"source-sans-3-var.woff2": sans(), "source-serif-4-600.woff2": serif()}
    weight = sum(map(len, files.values()))
    if weight > LIMIT:
        raise SystemExit(f"The web fonts weigh {weight} bytes together; the limit is {LIMIT}.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        fresh = folder / f"{name}.new"
        fresh.write_bytes(content)
        os.replace(fresh, folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
