"""The addresses of the files of a case, below those of its versions."""

from __future__ import annotations

from django.urls import URLPattern, path

from cxalign.pages.exporting.present import present
from cxalign.pages.exporting.views import choose, export

CASE = "brands/<slug:brand>/<slug:crisis>/"


def of(place: str, name: str, **more: bool) -> list[URLPattern]:
    """The same addresses below the current version, a numbered one and the draft."""
    return [
        path(f"{CASE}{place}export/", choose, more, name=f"{name}-exports"),
        path(f"{CASE}{place}export/<slug:format>", export, more, name=f"{name}-export"),
        path(f"{CASE}{place}present/", present, more, name=f"{name}-present"),
    ]


urlpatterns = [
    *of("", "scorecard"),
    *of("v<int:number>/", "frozen"),
    *of("draft/", "draft", draft=True),
]
