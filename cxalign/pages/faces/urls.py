"""The addresses that other sites load. They have no language at their front: a parameter names it."""

from __future__ import annotations

from django.urls import path

from cxalign.pages.faces.badge import endpoint, picture
from cxalign.pages.faces.embed import embed
from cxalign.pages.faces.oembed import oembed
from cxalign.pages.faces.portrait import portrait

urlpatterns = [
    path("badge/<slug:brand>/<slug:crisis>.svg", picture, name="badge"),
    path("badge/<slug:brand>/<slug:crisis>.json", endpoint, name="badge-endpoint"),
    path("picture/<slug:brand>/<slug:crisis>.png", portrait, name="portrait"),
    path("embed/<slug:brand>/<slug:crisis>/", embed, name="embed"),
    path("oembed", oembed, name="oembed"),
]
