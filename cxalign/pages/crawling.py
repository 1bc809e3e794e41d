"""What search engines are told: which addresses they may read, and the list of the public pages.

The list holds what is current and may be indexed: no frozen version, no draft, no plan. It starts at the same gates as
the pages themselves, and names them by the address of this installation, whatever host a request claims.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from brands.models import Brand, Crisis
from cxalign.pages.frame import LANGUAGE_CODES
from cxalign.practices.models import Practice
from cxalign.practices.reading import visible_practices
from scoring.landscapes import crises_on_view
from scoring.models import Publication
from scoring.visibility import visible_brands, visible_publications

KEPT_FOR = 3600
PRIVATE = ("account", "desk", "plans", "portfolios", "suggest", "views", "notices", "replies", "reports")
"""Places below each language that are nobody else's; most of them ask who reads, the others have secret addresses."""
HEAVY = ("/*/export/", "/*/present/")
"""Files that are made when they are asked for."""


class Pages(Sitemap):
    """Pages of this site in every language, each naming its twins."""

    i18n = alternates = x_default = True
    limit = 5000

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.BASE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.BASE_URL).netloc


class Fixed(Pages):
    """Pages that are always there."""

    def items(self) -> list[str]:
        return [
            *("home", "brands", "compare", "practices", "practices-seen", "method", "method-changes"),
            *("data", "developers", "changes", "corrections", "legal-notice", "legal-terms", "legal-accessibility"),
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class OfCrises(Pages):
    """What is told of a crisis as a whole."""

    def items(self) -> list[tuple[str, Crisis]]:
        crises = list(crises_on_view())
        return [(page, crisis) for page in ("landscape", "after") for crisis in crises]

    def location(self, item: tuple[str, Crisis]) -> str:
        return reverse(item[0], args=[item[1].slug])


class Brands(Pages):
    def items(self) -> QuerySet[Brand]:
        in_force = Q(assessments__publications__is_current=True)
        published = Max("assessments__publications__published_at", filter=in_force)
        return visible_brands(None).annotate(last_published=published).order_by("pk").only("slug")

    def location(self, item: Brand) -> str:
        return reverse("brand", args=[item.slug])

    def lastmod(self, item: Brand) -> datetime | None:
        moment: datetime | None = item.last_published  # type: ignore[attr-defined]
        return moment

    def get_latest_lastmod(self) -> datetime | None:
        return latest()


class OfCases(Pages):
    """One page of every case with a verdict in force."""

    page: ClassVar[str]

    def items(self) -> QuerySet[Publication]:
        case = ("assessment__brand", "assessment__crisis")
        shown = ("published_at", *(f"{record}__slug" for record in case))
        return visible_publications().select_related(None).defer(None).select_related(*case).only(*shown).order_by("pk")

    def location(self, item: Publication) -> str:
        return reverse(self.page, args=[item.assessment.brand.slug, item.assessment.crisis.slug])

    def lastmod(self, item: Publication) -> datetime:
        return item.published_at

    def get_latest_lastmod(self) -> datetime | None:
        return latest()


class Scorecards(OfCases):
    page = "scorecard"


class Evidence(OfCases):
    page = "evidence"


class Histories(OfCases):
    page = "history"


class Practices(Pages):
    def items(self) -> QuerySet[Practice]:
        return visible_practices(None).order_by("pk").only("key")

    def location(self, item: Practice) -> str:
        return reverse("practice", args=[item.key])


def latest() -> datetime | None:
    moment: datetime | None = Publication.objects.current().aggregate(last=Max("published_at"))["last"]
    return moment


SECTIONS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "pages": Fixed,
    "crises": OfCrises,
    "brands": Brands,
    "scorecards": Scorecards,
    "evidence": Evidence,
    "histories": Histories,
    "practices": Practices,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The parts of the list."""
    _check_is_public()
    made = views.index(request, SECTIONS, sitemap_url_name="sitemap-section")
    parts = (made.context_data or {})["sitemaps"]
    made.context_data = {"sitemaps": [replace(part, location=_ours(part.location)) for part in parts]}
    return _kept(made.render())


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    _check_is_public()
    return _kept(views.sitemap(request, SECTIONS, section=section).render())


def _check_is_public() -> None:
    if not settings.PUBLIC_SITE:
        raise Http404


def _ours(address: str) -> str:
    parts = urlsplit(address)
    return f"{settings.BASE_URL}{parts.path}{f'?{parts.query}' if parts.query else ''}"


def _kept(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=KEPT_FOR)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """A site that asks everybody to sign in asks not to be read at all."""
    closed = ["/admin/", *(f"/{code}/{place}/" for code in LANGUAGE_CODES for place in PRIVATE), *HEAVY]
    rules = [f"Disallow: {path}" for path in (closed if settings.PUBLIC_SITE else ["/"])]
    where = ["", f"Sitemap: {settings.BASE_URL}{reverse('sitemap')}"] if settings.PUBLIC_SITE else []
    lines = ["User-agent: *", *rules, *where, ""]
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))
