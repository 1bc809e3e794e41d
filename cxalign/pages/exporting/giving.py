"""What the files of a page have in common: language, quota, the slide that stays one, and where it all comes from."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from cxalign.exports import drawings, fitting, images, limits, pptx
from cxalign.exports.answers import attachment
from cxalign.exports.drawings import Picture
from cxalign.exports.slides import Deck, Grid, Plots, Slide
from cxalign.pages.arranging import as_of
from cxalign.pages.exporting.edition import LICENCE
from cxalign.pages.exporting.files import HEAVY, Made
from cxalign.pages.exporting.views import LANGUAGES, too_many
from cxalign.templatetags.cxalign import page_language

Subject = TypeVar("Subject")
OWN = ("language", "dialect")
"""Parameters of a file that its page does not know."""


def given(
    request: HttpRequest,
    format: str,
    formats: Mapping[str, Callable[[Subject], Made]],
    subject: Callable[[], Subject],
) -> HttpResponse:
    """One file of what the address asks for, in the language of the address unless another one is asked for."""
    make = formats.get(format)
    language = request.GET.get("language") or page_language()
    if make is None or language not in LANGUAGES:
        raise Http404
    with translation.override(language):
        about = subject()
        if format in HEAVY and (wait := limits.seconds_to_wait(request)):
            return too_many(request, wait)
        content, name = make(about)
    return attachment(content, name)


class Told(Protocol):
    """What a file says of itself, whichever page it comes from."""

    @property
    def standing(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def sources(self) -> str: ...
    def file(self, ending: str) -> str: ...


Page = TypeVar("Page", bound=Told)


def pictures(drawn: Callable[[Page], Picture]) -> dict[str, Callable[[Page], Made]]:
    """The formats of a picture."""

    def svg(page: Page) -> Made:
        return drawings.picture_svg(drawn(page)), page.file("svg")

    def png(page: Page) -> Made:
        return images.png(drawn(page)), page.file("png")

    return {"svg": svg, "png": png}


def picture(page: Told, title: str, under: str, body: Grid, above: Plots | None = None) -> Picture:
    return Picture(
        title=title,
        under=under,
        body=body,
        above=above,
        sources=page.sources,
        standing=page.standing,
        address=page.address,
        sources_word=_("Sources:"),
        language=page_language(),
    )


def deck(page: Told, title: str) -> Deck:
    """Without a slide so far."""
    return Deck(
        title=title,
        language=page_language(),
        slides=[],
        standing=page.standing,
        address=page.address,
        sources_word=_("Sources:"),
        subject=page.standing,
    )


def presentation(deck: Deck) -> bytes:
    target = io.BytesIO()
    pptx.write(target, deck)
    return target.getvalue()


def standing(days: Sequence[date], methods: Iterable[str]) -> str:
    """As of when, by which method, and how it may be used: for several scorecards at once."""
    versions = ", ".join(sorted(set(methods)))
    parts = [as_of(days), _("Method %(version)s") % {"version": versions} if versions else "", LICENCE]
    return " · ".join(filter(None, parts))


def published_by_us(which: str) -> str:
    return _("%(site)s, published scorecards: %(which)s") % {"site": settings.SITE_NAME, "which": which}


def fits(slide: Slide, deck: Deck) -> bool:
    """Whether all of it stands on one slide."""
    return len(fitting.fitted(Deck(**{**vars(deck), "slides": [slide]})).slides) == 1
