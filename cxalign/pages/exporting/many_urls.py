"""Many scorecards at once, below ``data/scorecards/``."""

from __future__ import annotations

from django.urls import path

from cxalign.pages.exporting.many_views import choose_many, order, table, workbook

urlpatterns = [
    path("", choose_many, name="scorecards-export"),
    path("csv", table, name="scorecards-csv"),
    path("xlsx", workbook, name="scorecards-xlsx"),
    path("order/", order, name="scorecards-order"),
]
