"""Portfolios for tests."""

from __future__ import annotations

from typing import Any

from brands.models import Brand
from cxalign.accounts.models import User
from cxalign.portfolios import editing
from cxalign.portfolios.models import Holding, Portfolio
from tests.plans.making import a_planner, team_of


def a_portfolio(*brands: Brand, by: User | None = None, name: str = "Insurers", **fields: Any) -> Portfolio:
    by = by or a_planner()
    portfolio = editing.make_portfolio(by, team_of(by), name=name, **fields)
    editing.add_brands(portfolio, by, brands)
    portfolio.refresh_from_db()
    return portfolio


def holding(portfolio: Portfolio, brand: Brand) -> Holding:
    return Holding.objects.select_related("portfolio").get(portfolio=portfolio, brand=brand)


def names(portfolio: Portfolio) -> list[str]:
    return [one.brand.name for one in portfolio.holdings.select_related("brand")]
