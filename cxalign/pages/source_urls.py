"""The address of a source. Below the language prefix."""

from __future__ import annotations

from django.urls import path

from cxalign.pages.sources import source

urlpatterns = [path("sources/<slug:key>/", source, name="source")]
