"""The addresses of the import wizard."""

from __future__ import annotations

from django.urls import URLPattern, path

from cxalign.desk.imports import checking, mapping, progress, start

urlpatterns: list[URLPattern] = [
    path("imports/", start.imports, name="desk-imports"),
    path("imports/template/<slug:type>.<slug:ending>", start.template, name="desk-imports-template"),
    path("imports/<uuid:pk>/", progress.job, name="desk-imports-job"),
    path("imports/<uuid:pk>/columns/", mapping.columns, name="desk-imports-columns"),
    path("imports/<uuid:pk>/check/", checking.check, name="desk-imports-check"),
    path("imports/<uuid:pk>/duplicates/", checking.duplicates, name="desk-imports-duplicates"),
    path("imports/<uuid:pk>/again/", checking.again, name="desk-imports-again"),
    path("imports/<uuid:pk>/confirm/", checking.confirm, name="desk-imports-confirm"),
    path("imports/<uuid:pk>/refused/", checking.refused, name="desk-imports-refused"),
    path("imports/<uuid:pk>/state/", progress.state, name="desk-imports-state"),
    path("imports/<uuid:pk>/cancel/", progress.cancel, name="desk-imports-cancel"),
    path("imports/<uuid:pk>/undo/", progress.undo, name="desk-imports-undo"),
]
