"""The code that puts a scorecard on another page, ready to be copied."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cxalign.pages.faces import badge, oembed
from cxalign.pages.faces.standing import are_open
from cxalign.templatetags.cxalign import page_language


@dataclass(frozen=True)
class Sharing:
    frame: str
    badge: str
    badge_in_markdown: str
    badge_address: str
    endpoint: str
    discovery: str
    portrait: str
    """The picture that messengers and networks show beside a link."""
    portrait_told: str


def sharing_of(brand: str, crisis: str, subject: str) -> Sharing | None:
    """For the version in force, which these codes follow; nothing where nothing is given to other sites."""
    if not are_open():
        return None
    page = f"{settings.BASE_URL}{reverse('scorecard', args=[brand, crisis])}"
    picture = f"{settings.BASE_URL}{reverse('badge', args=[brand, crisis])}?lang={page_language()}"
    words = _("%(site)s: verdict on %(case)s") % {"site": settings.SITE_NAME, "case": subject}
    linked = '<a href="{}"><img src="{}" alt="{}" width="{}" height="{}"></a>'
    return Sharing(
        frame=_shown(oembed.frame((brand, crisis), page_language(), subject, *oembed.size_within(None, None))),
        badge=_shown(format_html(linked, page, picture, words, badge.WIDTH, badge.HEIGHT)),
        badge_in_markdown=f"[![{_plain(words)}]({picture})]({page})",
        badge_address=picture,
        endpoint=f"{settings.BASE_URL}{reverse('badge-endpoint', args=[brand, crisis])}?lang={page_language()}",
        discovery=oembed.discovery(page),
        portrait=f"{settings.BASE_URL}{reverse('portrait', args=[brand, crisis])}?lang={page_language()}",
        portrait_told=words,
    )


def _shown(markup: str) -> str:
    """Markup as text to be read: escaped once more where it is shown."""
    return "".join(markup)


def _plain(text: str) -> str:
    """Inside the brackets of Markdown."""
    return "".join(f"\\{letter}" if letter in r"\[]*_`<>!" else letter for letter in text)
