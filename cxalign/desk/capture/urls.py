"""The addresses of this part of the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from cxalign.desk.capture import fragments, views

urlpatterns: list[URLPattern] = [
    path("capture/", views.capture, name="desk-capture"),
    path("capture/details/", views.details, name="desk-capture-details"),
    path("capture/on-file/", fragments.on_file, name="desk-capture-on-file"),
    path("capture/brands/", fragments.brands, name="desk-capture-brands"),
    path("capture/brand/", fragments.brand, name="desk-capture-brand"),
    path("verdict/<int:brand_id>/", fragments.verdict, name="desk-verdict"),
]
