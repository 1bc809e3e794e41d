"""Who opens which page of a portfolio: the members of its team. For everybody else it does not exist."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from cxalign.accounts.access import person
from cxalign.pages.plans.access import View, team_page
from cxalign.portfolios.gate import check_can_keep_portfolios, visible_portfolios
from cxalign.portfolios.models import Holding, Portfolio, StepKind
from scoring.visibility import visible_brands

keeping_page = team_page(check_can_keep_portfolios)


def portfolio_page(view: View) -> View:
    """A page of one portfolio, which the view is given; 404 unless it belongs to a team of the reader."""

    @keeping_page
    @wraps(view)
    def found(request: HttpRequest, portfolio: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        record = visible_portfolios(person(request)).select_related("team").filter(pk=portfolio).first()
        if record is None:
            raise Http404
        return view(request, record, *args, **kwargs)

    return found


def holding_of(request: HttpRequest, portfolio: Portfolio, slug: str) -> Holding:
    """A brand of the portfolio that this reader may know of; one that was taken out since comes as a new one."""
    known = visible_brands(person(request)).filter(slug=slug)
    holding = portfolio.holdings.select_related("brand", "portfolio").filter(brand__in=known).first()
    if holding is not None:
        return holding
    taken_out = portfolio.steps.filter(kind=StepKind.BRAND_REMOVED, brand__in=known).select_related("brand").first()
    if taken_out is None:
        raise Http404
    return Holding(portfolio=portfolio, brand=taken_out.brand)
