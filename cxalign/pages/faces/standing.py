"""What a badge or a framed page says of a case: what is public of it and nothing else, in a few words.

These faces never look at who asks: on another site nobody is signed in here, and one answer serves everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brands.models import Brand, Crisis
from cxalign.pages import cases, words
from cxalign.pages.frame import LANGUAGE_CODES, path_in
from cxalign.templatetags.cxalign import full_date, named, page_language
from scoring.models import Publication

KEPT_FOR = 3600
"""Seconds for which a copy may be kept."""
UNSURE = ("fragile", "contested")
View = Callable[..., HttpResponse]


def are_open() -> bool:
    """Whether this installation gives anything to other sites."""
    return bool(settings.PUBLIC_SITE and settings.EMBEDDING)


def for_other_sites(view: View) -> View:
    """In the language that the address names, kept for an hour; nothing at all where nothing is given out."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not are_open():
            raise Http404
        language = one_of(request, "lang", LANGUAGE_CODES, page_language())
        with translation.override(language):
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Content-Language", language)
        response["X-Robots-Tag"] = "noindex"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        patch_cache_control(response, public=True, max_age=KEPT_FOR)
        return response

    return answer


def one_of(request: HttpRequest, name: str, known: tuple[str, ...], otherwise: str) -> str:
    """A value of the address out of a closed list."""
    value = request.GET.get(name) or otherwise
    if value not in known:
        raise BadRequest(f"{name} is none of {', '.join(known)}")
    return value


@dataclass(frozen=True)
class Face:
    """A case in a few words: what is in force, what was taken back, or that nothing is published."""

    status: int = 404
    brand: Brand | None = None
    crisis: Crisis | None = None
    publication: Publication | None = None
    """The version in force; of what was taken back, that version."""
    state: str = ""
    """Its outcome, or why there is none."""

    @property
    def subject(self) -> str:
        """“AXA – Covid-19”; nothing where it would tell that there is such a case."""
        return f"{self.brand.name} – {named(self.crisis)}" if self.brand and self.crisis else ""

    @property
    def in_force(self) -> Publication | None:
        return self.publication if self.status == 200 else None

    @property
    def tone(self) -> str:
        return words.tone(self.state)

    @property
    def word(self) -> str:
        if self.status == 410:
            return _("Verdict withdrawn")
        return words.word(self.state, "state") if self.state else _("No verdict published")

    @property
    def robustness(self) -> str:
        return self.in_force.snapshot.robustness if self.in_force else ""

    @property
    def is_unsure(self) -> bool:
        return self.robustness in UNSURE or self.in_force is None

    @property
    def as_of(self) -> date | None:
        return self.in_force.snapshot.as_of if self.in_force else None

    @property
    def details(self) -> list[str]:
        """How sure, and as of which month; of what was taken back, when that was."""
        if self.status == 410 and self.publication and self.publication.withdrawn_at:
            return [_("on %(date)s") % {"date": full_date(self.publication.withdrawn_at)}]
        if self.as_of is None:
            return [_("nothing published yet")] if self.state else []
        sure = [words.word(self.robustness, "robustness")] if self.robustness else []
        return [*sure, _("as of %(month)s") % {"month": date_format(self.as_of, "YEAR_MONTH_FORMAT")}]

    @property
    def said(self) -> str:
        return ", ".join([self.word, *(detail[:1].lower() + detail[1:] for detail in self.details)])

    @property
    def told(self) -> str:
        """All of it in a line, for whoever cannot see it."""
        return _("%(case)s: %(what)s") % {"case": self.subject, "what": self.said} if self.subject else self.said

    @property
    def page(self) -> str:
        """The full scorecard, in the language of this face."""
        if self.brand is None or self.crisis is None:
            return ""
        path = path_in(page_language(), reverse("scorecard", args=[self.brand.slug, self.crisis.slug]))
        return f"{settings.BASE_URL}{path}"


NOTHING = Face()
"""One answer for what does not exist and for what nobody may know of."""


def face_of(brand: str, crisis: str) -> Face:
    try:
        publication = cases.current(brand, crisis)
    except cases.Withdrawn as gone:
        case = gone.publication.assessment
        return Face(410, case.brand, case.crisis, gone.publication, "withdrawn")
    except Http404:
        return _without_version(brand, crisis)
    case = publication.assessment
    return Face(200, case.brand, case.crisis, publication, publication.snapshot.outcome)


def _without_version(brand: str, crisis: str) -> Face:
    listed = cases.listed(brand, crisis)
    if listed is None:
        return NOTHING
    return Face(200, listed.brand, listed.crisis, None, "under_review" if listed.under_review else "not_assessed")
