"""The charts of a scorecard as pictures that stand alone."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from cxalign.exports.drawings import Picture
from cxalign.exports.slides import Drawing, Grid, Slide
from cxalign.pages.exporting import deck
from cxalign.pages.exporting.edition import Edition
from cxalign.templatetags.cxalign import full_date, here, page_language

CHARTS: dict[str, Callable[[Edition], Slide | None]] = {
    "timeline": deck.timeline,
    "ledger": deck.ledger_slide,
    "coverage": deck.coverage,
    "indices": deck.indices,
}


def picture(edition: Edition, chart: str) -> Picture | None:
    """A chart under the message of its slide; ``None`` where there is nothing to draw."""
    slide = CHARTS[chart](edition)
    if slide is None:
        return None
    body = next(block for block in slide.main if isinstance(block, Grid | Drawing))
    scope = _("%(brand)s, %(crisis)s, as of %(date)s") % {
        "brand": edition.brand,
        "crisis": here(edition.document["crisis"]["name"]),
        "date": full_date(edition.as_of),
    }
    return Picture(
        title=slide.title,
        under=scope,
        body=body,
        sources=slide.sources,
        standing=edition.standing,
        address=edition.address,
        sources_word=_("Sources:"),
        language=page_language(),
        sticker=edition.sticker,
    )


def offered(edition: Edition) -> list[tuple[str, str, str]]:
    """Each chart that can be drawn: code, name, and what it says in words."""
    names, found = deck.names(), []
    for chart in CHARTS:
        drawn = picture(edition, chart)
        if drawn is not None:
            found.append((chart, names[chart], drawn.description))
    return found
