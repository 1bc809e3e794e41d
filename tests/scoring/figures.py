"""Makers for outcome figures: two readings of a brand, before the crisis and after it."""

from __future__ import annotations

from datetime import date
from typing import Any

from brands.changes import record_change
from brands.models import Brand, Crisis, OutcomeFigure
from cxalign.accounts.models import User
from scoring.outcomes import publish_figure
from tests import factories


def a_figure(brand: Brand, value: str, measured_on: str = "2019-12", **fields: Any) -> OutcomeFigure:
    figure = OutcomeFigure.objects.create(
        **{
            "brand": brand,
            "crisis": factories.a_crisis(),
            "kind": "nps",
            "series": "Daily barometer",
            "value": value,
            "unit": "points",
            "measured_on": measured_on,
            "source": fields.pop("source", None) or factories.a_source(),
            **fields,
        }
    )
    record_change("evidence.added", brand=brand, subject=figure)
    return OutcomeFigure.objects.get(pk=figure.pk)


def a_change(brand: Brand, before: str, after: str, by: User | None = None, **fields: Any) -> list[OutcomeFigure]:
    """Two published readings. The brand’s verdict has to be published already."""
    figures = [a_figure(brand, before, "2019-12", **fields), a_figure(brand, after, "2022-06", **fields)]
    for figure in figures:
        publish_figure(figure, by=by or factories.an_editor())
    return figures


def an_ended_crisis() -> Crisis:
    crisis = factories.a_crisis()
    Crisis.objects.filter(pk=crisis.pk).update(ends_on=date(2021, 6, 30))
    crisis.refresh_from_db()
    return crisis


def a_measured_brand(name: str, change: str, *, broken: bool = False, by: User | None = None, **fields: Any) -> Brand:
    """A brand with a published verdict whose net promoter score went from 10 to 10 and so much."""
    brand = factories.a_breach(name) if broken else factories.a_kept_promise(name)
    factories.published(brand, by=by)
    a_change(brand, "10", str(10 + int(change)), by, **fields)
    return brand
