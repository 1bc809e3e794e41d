"""The addresses of the desk, below the language."""

from __future__ import annotations

from django.urls import include, path

from cxalign.desk import home, quality, queue

urlpatterns = [
    path("", home.home, name="desk"),
    path("queue/", queue.queue, name="desk-queue"),
    path("queue/assign/", queue.assign, name="desk-queue-assign"),
    path("quality/", quality.quality, name="desk-quality"),
    path("quality/<slug:code>/", quality.found_by, name="desk-quality-check"),
    path("", include("cxalign.desk.capture.urls")),
    path("", include("cxalign.desk.coding.urls")),
    path("", include("cxalign.desk.imports.urls")),
    path("", include("cxalign.desk.publishing.urls")),
    path("", include("cxalign.desk.replies.urls")),
    path("", include("cxalign.desk.trail.urls")),
    path("", include("cxalign.desk.suggestions.urls")),
]
