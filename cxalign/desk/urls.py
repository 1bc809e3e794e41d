"""The addresses of the desk, below the language."""

from __future__ import annotations

from django.urls import include, path

from cxalign.desk import home

urlpatterns = [
    path("", home.home, name="desk"),
    path("", include("cxalign.desk.capture.urls")),
    path("", include("cxalign.desk.coding.urls")),
    path("", include("cxalign.desk.imports.urls")),
    path("", include("cxalign.desk.publishing.urls")),
    path("", include("cxalign.desk.replies.urls")),
    path("", include("cxalign.desk.trail.urls")),
    path("", include("cxalign.desk.suggestions.urls")),
]
