"""One scorecard as somebody is about to take it away: which version, in which language, and who may not see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cxalign.exports.naming import file_name
from cxalign.pages import arranging, cases, citing
from cxalign.pages.frame import reader_of
from cxalign.templatetags.cxalign import full_date, here, page_language
from scoring.blindness import is_blind_to
from scoring.models import Publication
from scoring.scorecards import Scorecard
from scoring.voices.notices import open_notice
from scoring.voices.showing import Voice, voice_of

LICENCE = "CC BY 4.0"


@dataclass(frozen=True)
class Edition:
    card: Scorecard
    kind: str
    """current, frozen or draft: as the page that it is taken from."""
    versions: list[Publication]
    """Newest first, up to this one."""
    voice: Voice | None = None
    window: Any = None
    """Beside a draft: until when the brand may still reply to it."""
    watermark: str = ""
    """On a draft that somebody reads for a team: whose it is, who took it, and when."""
    made_at: datetime | None = None

    @property
    def document(self) -> dict[str, Any]:
        return self.card.document

    @property
    def is_draft(self) -> bool:
        return self.card.publication is None

    @property
    def brand(self) -> str:
        return str(self.document["brand"]["name"])

    @property
    def title(self) -> str:
        return citing.title(self.card)

    @property
    def as_of(self) -> date:
        return self.card.snapshot.as_of

    @property
    def sticker(self) -> str:
        return _("Draft – not published") if self.is_draft else ""

    @property
    def version(self) -> str:
        number = self.card.publication.version if self.card.publication else None
        return _("Version %(version)s") % {"version": number} if number else _("draft")

    @property
    def standing(self) -> str:
        """As of when, which version, which method, and how it may be used."""
        parts = [
            _("As of %(date)s") % {"date": full_date(self.as_of)},
            self.version,
            _("Method %(version)s") % {"version": self.document["method_version"]},
            LICENCE if not self.is_draft else self.watermark,
        ]
        return " · ".join(filter(None, parts))

    @property
    def address(self) -> str:
        return citing.address(self.card, page_language())

    @property
    def standing_versions(self) -> list[Publication]:
        return arranging.standing(self.versions)

    def file(self, ending: str, part: str = "") -> str:
        number = f"v{self.card.publication.version}" if self.card.publication else "draft"
        document = self.document
        names = [document["brand"]["slug"], document["crisis"]["slug"], part, number]
        return file_name(*names, self.as_of.isoformat(), page_language(), ending=ending)


def edition_of(request: HttpRequest, brand: str, crisis: str, number: int | None, *, draft: bool) -> Edition:
    """Through the same gates as the page: what is withdrawn says so, what one may not see does not exist."""
    if draft:
        return _draft(request, brand, crisis)
    publication = cases.version(brand, crisis, number) if number else cases.current(brand, crisis)
    card = Scorecard(publication.snapshot, publication, settings.BASE_URL)
    versions = [one for one in cases.history(brand, crisis) if one.version <= publication.version]
    voice = voice_of(publication, frozen=bool(number))
    return Edition(card, "frozen" if number else "current", versions, voice, made_at=timezone.now())


def _draft(request: HttpRequest, brand: str, crisis: str) -> Edition:
    snapshot = cases.working_verdict(request, brand, crisis)
    if snapshot is None or is_blind_to(request.user, snapshot.assessment.brand):
        raise Http404
    team = cases.team_of_draft(request, snapshot)
    watermark = ""
    if team is not None:
        reader: Any = reader_of(request)
        parts = {"team": team.name, "reader": reader.shown_name, "date": full_date(timezone.localdate())}
        watermark = _("Draft – not published · %(team)s · read by %(reader)s on %(date)s") % parts
    card = Scorecard(snapshot, None, settings.BASE_URL)
    history = cases.history(brand, crisis)
    return Edition(card, "draft", history, None, open_notice(snapshot.assessment), watermark, timezone.now())


def colon() -> str:
    """After a heading inside a line; with the space that French puts before it."""
    return pgettext("after a heading inside a line", ":")


def crisis_name(edition: Edition) -> str:
    return here(edition.document["crisis"]["name"])
