"""The addresses of this part of the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from cxalign.desk.publishing import case, publish, searches, ties

CASE = "cases/<slug:brand>/<slug:crisis>/"

urlpatterns: list[URLPattern] = [
    path(CASE, case.case, name="desk-case"),
    path(f"{CASE}assign/", case.assign, name="desk-assign"),
    path(f"{CASE}confirm/", publish.confirm, name="desk-confirm"),
    path(f"{CASE}publish/", publish.publish, name="desk-publish"),
    path(f"{CASE}withdraw/<int:version>/", publish.withdraw, name="desk-withdraw"),
    path(f"{CASE}searches/", searches.searches, name="desk-searches"),
    path(f"{CASE}searches/<int:pk>/take-back/", searches.take_back, name="desk-search-take-back"),
    path("ties/", ties.ties, name="desk-ties"),
    path("ties/none/", ties.no_tie, name="desk-no-tie"),
    path("ties/<int:pk>/end/", ties.end, name="desk-tie-end"),
    path("ties/<int:pk>/take-back/", ties.take_back, name="desk-tie-take-back"),
]
