"""A picture as PNG, twice as fine as the screen: the same shapes as in its SVG."""

from __future__ import annotations

from cxalign.exports import drawings
from cxalign.exports.setting import set_


def png(picture: drawings.Picture) -> bytes:
    shapes, height = drawings.composed(picture)
    data = {"width": drawings.PAGE, "height": height, "shapes": drawings.as_data(shapes), "language": picture.language}
    return set_("picture.typ", data, format="png", ppi=144)
