"""The files that one asked for, below ``account/exports/``."""

from __future__ import annotations

from django.urls import path

from cxalign.pages.exporting.account import cancel, download, exports, job, state

urlpatterns = [
    path("", exports, name="account-exports"),
    path("<uuid:pk>/", job, name="account-export"),
    path("<uuid:pk>/state/", state, name="account-export-state"),
    path("<uuid:pk>/cancel/", cancel, name="account-export-cancel"),
    path("<uuid:pk>/file/", download, name="account-export-file"),
]
