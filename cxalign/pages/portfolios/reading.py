"""What the page of a portfolio shows: its brands in their order, with their verdicts, notes and latest news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from brands.models import Crisis
from cxalign.accounts.access import person
from cxalign.pages import happenings, landscape
from cxalign.pages.brands import cases_begun
from cxalign.pages.filters import BRAND
from cxalign.pages.frame import PICKED
from cxalign.portfolios.models import Holding, Portfolio
from scoring.landscapes import crises_on_view
from scoring.models import Publication
from scoring.visibility import visible_brands, visible_publications

NEWS = 10


@dataclass(frozen=True, slots=True)
class Row:
    holding: Holding
    publications: Sequence[Publication]
    under_way: bool

    @property
    def brand(self) -> Any:
        return self.holding.brand


@dataclass
class PortfolioView:
    """One portfolio as one reader sees it."""

    request: HttpRequest
    portfolio: Portfolio
    hidden: int = field(default=0, init=False)
    """So many of its brands are not public at present: they are not named, and come back by themselves."""

    @cached_property
    def rows(self) -> list[Row]:
        holdings = list(self.portfolio.holdings.select_related("brand__sector"))
        known = visible_brands(person(self.request)).filter(pk__in=[one.brand_id for one in holdings])
        under_way = dict(known.order_by().annotate(way=Exists(cases_begun())).values_list("pk", "way"))
        verdicts: dict[int, list[Publication]] = defaultdict(list)
        for publication in (
            visible_publications()
            .filter(assessment__brand__in=list(under_way))
            .order_by("-assessment__crisis__starts_on")
        ):
            verdicts[publication.assessment.brand_id].append(publication)
        self.hidden = len(holdings) - len(under_way)
        return [
            Row(one, verdicts[one.brand_id], under_way[one.brand_id]) for one in holdings if one.brand_id in under_way
        ]

    @property
    def slugs(self) -> list[str]:
        return [row.brand.slug for row in self.rows]

    def address(self, name: str, *args: str, parameter: str = BRAND) -> str:
        """A public page with this set asked for."""
        return f"{reverse(name, args=args)}?{urlencode([(parameter, slug) for slug in self.slugs])}"

    @property
    def export_address(self) -> str:
        return self.address("scorecards-export")

    @property
    def list_address(self) -> str:
        return self.address("brands")

    @property
    def compare_address(self) -> str:
        """The comparison, for a set that fits into it."""
        fits = 2 <= len(self.rows) <= 5
        return self.address("compare", parameter=PICKED) if fits else ""

    @cached_property
    def crisis(self) -> Crisis | None:
        """The newest crisis in which a brand of the set has a verdict, else the newest of all."""
        judged = [one.assessment.crisis for row in self.rows for one in row.publications]
        newest = max(judged, key=lambda crisis: crisis.starts_on, default=None)
        return newest or crises_on_view().first()

    @property
    def landscape_address(self) -> str:
        return self.address("landscape", self.crisis.slug) if self.crisis and self.rows else ""

    def landscape(self) -> dict[str, Any]:
        """The landscape of the set: what its own page shows, under the same names."""
        if self.crisis is None or not self.rows:
            return {}
        parameters = QueryDict(urlencode([(BRAND, slug) for slug in self.slugs]), mutable=True)
        screen = landscape.screen_of(self.crisis, parameters, reverse("landscape", args=[self.crisis.slug]))
        return screen.context()

    def news(self) -> list[happenings.Happening]:
        lines = happenings.lines_about(happenings.about_brands(row.brand.pk for row in self.rows))
        return happenings.told(lines[:NEWS])[:NEWS] if self.rows else []
